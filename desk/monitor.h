/* monitor.h - what `run` and `crawl` share: a configuration, its classifier, the supervisor */
/* Runs in: supervisor. */
#ifndef WATCHDESK_DESK_MONITOR_H
#define WATCHDESK_DESK_MONITOR_H

#include "desk/audiences.h"
#include "desk/verb.h"
#include "store/store.h"

/* Watch: one round, or until stopped. Prints what was done. */
int monitor(const struct invocation *i, bool once, struct err *err);
/* Write the reports of a configuration's store that have a folder. */
int monitor_report(const struct config *config, struct store *store, struct err *err);
/* Write one into a folder, as it is at a time. */
int monitor_report_for(const struct config *config, struct store *store, const struct audience_report *who, const char *folder,
		       int64_t at, struct err *err);

#endif
