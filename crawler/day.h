/* day.h - hours of the day on a zone's wall: "22:00-06:00 Europe/Berlin", and one time of it: "07:00 Europe/Berlin" */
/* Runs in: every process. Pure; times are microseconds UTC. */
#ifndef WATCHDESK_CRAWLER_DAY_H
#define WATCHDESK_CRAWLER_DAY_H

#include <stdbool.h>

#include "base/str.h"

/* Minutes of the day, from before until, which may be past midnight; both 0 for all of it. */
struct day_hours {
	int from, until;
	struct str zone; /* as zone.h reads it; empty for UTC */
};

/* Read hours, in `zone` unless they name one: 1 read, 0 they are none. */
int day_hours_read(struct str text, struct str zone, struct day_hours *out);
/* Read one time of the day into `from`, until the same: 1 read, 0 it is none. */
int day_time_read(struct str text, struct day_hours *out);
/* Are these the hours? */
bool day_hours_hold(const struct day_hours *h, int64_t at);
/* `at` when they hold, else when they begin next. */
int64_t day_hours_next(const struct day_hours *h, int64_t at);
/* When they began last, or begin now; when they begin for the first time after `at`. */
int64_t day_hours_began(const struct day_hours *h, int64_t at);
int64_t day_hours_begin_after(const struct day_hours *h, int64_t at);

#endif
