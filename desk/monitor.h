/* monitor.h - what `run` and `crawl` share: a configuration, its classifier, the supervisor */
/* Runs in: supervisor. */
#ifndef WATCHDESK_DESK_MONITOR_H
#define WATCHDESK_DESK_MONITOR_H

#include "desk/verb.h"
#include "store/store.h"

/* Watch: one round, or until stopped. Prints what was done. */
int monitor(const struct invocation *i, bool once, struct err *err);
/* Write the report of a configuration's store; also what `watchdesk report` does. */
int monitor_report(const struct config *config, struct store *store, struct err *err);

#endif
