/* source_health.h - how each source fares: `watchdesk source health` */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_SOURCE_HEALTH_H
#define WATCHDESK_DESK_SOURCE_HEALTH_H

#include "desk/verb.h"

/* Show all of them. E_BAD names those that are not well. */
int source_health_show(const struct invocation *i, const struct config *config, struct err *err);

#endif
