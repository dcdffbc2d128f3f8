/* schedule.c - when an address is visited again */
#include "crawler/schedule.h"

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

int64_t schedule_next_visit(const struct source *s, const struct schedule_visit *v, int64_t now)
{
	if (v->kind == PAGE_LOCAL || (v->kind == PAGE_RAW && v->severity < SCHEDULE_WATCHED))
		return 0;
	return now + doubled(s->every_ms * 1000, v->kind == PAGE_THREAD || v->kind == PAGE_RAW ? v->calm : 0);
}

int64_t schedule_next_try(const struct source *s, bool start, int tries, int64_t now)
{
	int64_t every = s->every_ms * 1000;

	if (!start && tries + 1 >= TRIES)
		return 0;
	return now + doubled(every > MINUTE ? every : MINUTE, tries);
}
