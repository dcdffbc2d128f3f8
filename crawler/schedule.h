/* schedule.h - when an address is visited again */
/* Runs in: writer. Pure; times are microseconds UTC. */
#ifndef WATCHDESK_CRAWLER_SCHEDULE_H
#define WATCHDESK_CRAWLER_SCHEDULE_H

#include "crawler/source.h"

enum { SCHEDULE_WATCHED = 40 }; /* a raw post of this severity is visited again, so that its edit or deletion is seen */

/* A visit that went well. */
struct schedule_visit {
	enum page_kind kind;
	int calm;     /* visits in a row that found nothing new, this one among them */
	int severity; /* of its most severe post */
};

/*
 * When the next one is: as often as the source says; a thread or a raw post that stayed the same is left alone twice as long
 * each time, up to a day. 0 for never again: a raw post is read once, unless it has to be watched, and a file
 * when its folder tells that it has changed.
 */
int64_t schedule_next_visit(const struct source *s, const struct schedule_visit *v, int64_t now);
/*
 * After a visit that failed, the one after `tries` other failures: later each time, up to a day. 0 for never again: a page
 * that is not one of the source's own addresses is given up in the end.
 */
int64_t schedule_next_try(const struct source *s, bool start, int tries, int64_t now);

#endif
