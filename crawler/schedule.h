/* schedule.h - when an address is visited again */
/* Runs in: writer. Pure; times are microseconds UTC, chance is handed in. */
#ifndef WATCHDESK_CRAWLER_SCHEDULE_H
#define WATCHDESK_CRAWLER_SCHEDULE_H

#include "crawler/source.h"

enum { SCHEDULE_WATCHED = 40 }; /* a raw post of this severity is visited again, so that its edit or deletion is seen */

/* A visit that went well. */
struct schedule_visit {
	enum page_kind kind;
	bool onwards; /* a further page of a list: visited when the page before it has nothing but news */
	int calm;     /* visits in a row that found nothing new, this one among them */
	int severity; /* of its most severe post */
	/* Of a page that lists (listing, feed, JSON, file): */
	int64_t wait;	      /* how long it was left alone before this visit, us; 0 at the first */
	int64_t items, fresh; /* what it shows, and how much of that was new */
};

/*
 * How long it is left alone, us; 0 for ever. What lists is read again before half of what it shows has gone by, and later when
 * it is quiet, between the bounds that the source says. A thread or a raw post that stayed the same is left alone twice as long
 * each time, up to a day. A raw post is read once, unless it has to be watched; a further page of a list only when it is asked
 * for, and a file when its folder tells that it has changed.
 */
int64_t schedule_wait(const struct source *s, const struct schedule_visit *v);
/* After a visit that failed and `tries` other failures: longer each time, up to a day. 0: it is given up, being no start. */
int64_t schedule_retry(const struct source *s, bool start, int tries);
/*
 * When that is: `wait` from now, and up to a tenth later by `chance` (0 to 1), so that visits keep no beat; then the next of
 * the hours in which the source may be visited.
 */
int64_t schedule_due(const struct source *s, int64_t now, int64_t wait, double chance);

#endif
