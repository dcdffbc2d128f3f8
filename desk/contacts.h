/* contacts.h - `watchdesk takedown contacts`: who may be written to about a host, found out and kept for a person to choose */
/* Runs in: the process that was started. */
#ifndef WATCHDESK_DESK_CONTACTS_H
#define WATCHDESK_DESK_CONTACTS_H

#include "desk/verb.h"

/* contacts URL|HOST [--address ADDRESS], or contacts --refresh [FROM]. */
int contacts_run(const struct invocation *i, const struct config *config, struct err *err);

#endif
