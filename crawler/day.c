/* day.c - hours of the day on a zone's wall */
#include "crawler/day.h"

#include "crawler/zone.h"

#define MINUTE INT64_C(60000000)
#define DAY    (1440 * MINUTE)

/* "hh:mm" as minutes of a day; 24:00 is its end. */
static bool minutes_read(struct str s, int *minutes)
{
	uint64_t hour, minute;

	if (s.n != 5 || s.p[2] != ':' || !str_number(str_slice(s, 0, 2), 24, &hour) ||
	    !str_number(str_slice(s, 3, 5), 59, &minute) || 60 * hour + minute > 24 * 60)
		return false;
	*minutes = (int)(60 * hour + minute);
	return true;
}

int day_hours_read(struct str text, struct str zone, struct day_hours *out)
{
	struct str rest = text, span = { 0 };
	struct day_hours h;

	str_split(&rest, ' ', &span);
	h.zone = rest.n ? str_trim(rest) : zone;
	if (span.n != 11 || span.p[5] != '-' || !minutes_read(str_slice(span, 0, 5), &h.from) ||
	    !minutes_read(str_slice(span, 6, 11), &h.until) || h.from == h.until || h.from == 24 * 60 ||
	    (h.zone.n && !zone_is_known(h.zone)))
		return 0;
	*out = h;
	return 1;
}

int day_time_read(struct str text, struct day_hours *out)
{
	struct str rest = text, time = { 0 };
	struct day_hours h;

	str_split(&rest, ' ', &time);
	h.zone = str_trim(rest);
	if (!minutes_read(time, &h.from) || h.from == 24 * 60 || (h.zone.n && !zone_is_known(h.zone)))
		return 0;
	h.until = h.from;
	*out = h;
	return 1;
}

/* The wall's midnight before `wall`, or at it. */
static int64_t midnight(int64_t wall)
{
	return wall - ((wall % DAY) + DAY) % DAY;
}

bool day_hours_hold(const struct day_hours *h, int64_t at)
{
	int64_t wall = zone_wall_us(h->zone, at), minute = (wall - midnight(wall)) / MINUTE;

	if (h->from == h->until)
		return true;
	return h->from < h->until ? minute >= h->from && minute < h->until : minute >= h->from || minute < h->until;
}

int64_t day_hours_next(const struct day_hours *h, int64_t at)
{
	return day_hours_hold(h, at) ? at : day_hours_begin_after(h, at);
}

/* When they begin on the day that is so many days from that of `at`. */
static int64_t begin_on(const struct day_hours *h, int64_t at, int days)
{
	return zone_utc_us(h->zone, midnight(zone_wall_us(h->zone, at)) + days * DAY + h->from * MINUTE);
}

int64_t day_hours_end(const struct day_hours *h, int64_t at)
{
	const struct day_hours end = { h->until, h->until, h->zone };
	int64_t wall = zone_wall_us(h->zone, at), ends = begin_on(&end, at, (wall - midnight(wall)) / MINUTE >= h->until);

	while (ends <= at) /* the clock was set back, and shows that time twice */
		ends += 60 * MINUTE;
	return ends;
}

int64_t day_hours_began(const struct day_hours *h, int64_t at)
{
	int64_t today = begin_on(h, at, 0);

	return today <= at ? today : begin_on(h, at, -1);
}

int64_t day_hours_begin_after(const struct day_hours *h, int64_t at)
{
	int64_t today = begin_on(h, at, 0);

	return today > at ? today : begin_on(h, at, 1);
}
