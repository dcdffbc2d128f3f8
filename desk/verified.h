/* verified.h - a verification as the verbs show it */
/* Runs in: the process that was started. */
#ifndef WATCHDESK_DESK_VERIFIED_H
#define WATCHDESK_DESK_VERIFIED_H

#include "store/verify.h"

/* verify_store(), each problem a line on standard output and what was looked at the last; progress on a terminal. */
int verify_and_show(struct store *s, const struct verify_options *options, bool json, struct err *err);

#endif
