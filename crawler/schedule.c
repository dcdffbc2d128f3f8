/* schedule.c - when an address is visited again */
#include "crawler/schedule.h"

#include "crawler/day.h"

#define MINUTE INT64_C(60000000)
#define DAY    (24 * 60 * MINUTE)

enum {
	TRIES = 8, /* visits to a page that fails before it is given up: about four hours when tried again after a minute */
	DOUBLINGS = 10, /* of a wait; a minute has become a day by then */
};

/* `wait`, doubled so many times, a day at most. */
static int64_t doubled(int64_t wait, int times)
{
	for (int i = 0; i < times && i < DOUBLINGS && wait < DAY; i++)
		wait *= 2;
	return wait < DAY ? wait : DAY;
}

static int64_t between(int64_t wait, int64_t least, int64_t most)
{
	return wait < least ? least : wait > most ? most : wait;
}

/* Half of what it shows goes by in that time, at the rate of the wait before; but never much longer than that one was. */
static int64_t wait_for_list(const struct source *s, const struct schedule_visit *v)
{
	int64_t least = s->every_ms * 1000, most = s->slowest_ms > s->every_ms ? s->slowest_ms * 1000 : least;
	int64_t before = v->wait ? v->wait : least, wait = before + before / 2;

	if (v->fresh > 0 && v->items / (2 * v->fresh) < 2) /* else it is quiet enough for the longer one */
		wait = before * v->items / (2 * v->fresh);
	return between(between(wait, least, most), 0, DAY);
}

int64_t schedule_wait(const struct source *s, const struct schedule_visit *v)
{
	if ((v->kind == PAGE_RAW && v->severity < SCHEDULE_WATCHED) || v->kind == PAGE_LOCAL || v->onwards)
		return 0;
	if (v->kind == PAGE_THREAD || v->kind == PAGE_RAW)
		return doubled(s->every_ms * 1000, v->calm);
	return wait_for_list(s, v);
}

int64_t schedule_retry(const struct source *s, bool start, int tries)
{
	int64_t every = s->every_ms * 1000;

	if (!start && tries + 1 >= TRIES)
		return 0;
	return doubled(every > MINUTE ? every : MINUTE, tries);
}

int64_t schedule_due(const struct source *s, int64_t now, int64_t wait, double chance)
{
	return day_hours_next(&s->hours, now + wait + (int64_t)((double)wait * chance / 10));
}
