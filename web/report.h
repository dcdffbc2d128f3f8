/* report.h - the static report: a page of all findings and sources, and a page for each finding */
/* Runs in: verbs (`report`). */
#ifndef WATCHDESK_WEB_REPORT_H
#define WATCHDESK_WEB_REPORT_H

#include "base/err.h"
#include "store/store.h"

struct report_options {
	const char *folder;	 /* where the report stands afterwards */
	struct str organisation; /* who runs the desk */
	int64_t now;		 /* microseconds UTC: when it is made */
};

/*
 * Write index.html and finding/ID.html into a fresh folder beside `folder`, then put it in its place in one step: a reader
 * sees the old report or the new one. On failure the old one stands. E_USAGE when `folder` holds anything that is of no report:
 * what stands there is thrown away.
 */
int report_write(struct store *s, const struct report_options *o, struct err *err);

#endif
