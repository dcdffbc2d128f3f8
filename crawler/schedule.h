/* schedule.h - when an address is visited again */
/* Runs in: writer. Pure; times are microseconds UTC. */
#ifndef WATCHDESK_CRAWLER_SCHEDULE_H
#define WATCHDESK_CRAWLER_SCHEDULE_H

#include "crawler/source.h"

/*
 * After a visit that went well: as often as the source says; a thread that stayed the same `calm` times in a row is left alone
 * twice as long each time, up to a day. 0 for never again: a raw post is read once.
 */
int64_t schedule_next_visit(const struct source *s, enum page_kind kind, int calm, int64_t now);
/*
 * After a visit that failed, the one after `tries` other failures: later each time, up to a day. 0 for never again: a page
 * that is not one of the source's own addresses is given up in the end.
 */
int64_t schedule_next_try(const struct source *s, bool start, int tries, int64_t now);

#endif
