/* clocks.h - until when what has to be done about a case: the law's 72 hours, a host's usual reply, the next look */
/* Runs in: verbs, report. Pure. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_TAKEDOWN_CLOCKS_H
#define WATCHDESK_DESK_TAKEDOWN_CLOCKS_H

#include "desk/takedown/takedowns.h"
#include "store/takedown.h"
#include "web/page.h"

/* GDPR Art. 33 (1): when a breach has to be reported, after it is known. */
#define CLOCK_REPORT_US INT64_C(259200000000)
/* A host whose card says nothing is given so long to reply; a case so long until something is sent. */
#define CLOCK_REPLY_US (INT64_C(48) * 3600 * 1000000)
#define CLOCK_BEGIN_US (INT64_C(24) * 3600 * 1000000)

/* Are the 72 hours of a case worth a word: are data of people in it? */
bool clocks_report(const struct takedown_row *its);
/* By when the host of a target usually has replied to what was sent; 0 while nothing was. */
int64_t clocks_reply(const struct takedowns *t, const struct takedown_target *target);
/* Why a target waits too long; the same in words, NULL when it does not. */
enum case_late clocks_late(const struct takedowns *t, const struct takedown_row *its, const struct takedown_target *target,
			   int64_t now);
const char *clocks_overdue(const struct takedowns *t, const struct takedown_row *its, const struct takedown_target *target,
			   int64_t now);

#endif
