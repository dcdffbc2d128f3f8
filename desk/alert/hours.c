/* hours.c - the words for hours of a day and for when digests go */
#include "desk/alert/hours.h"

#include "crawler/zone.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US	  (60 * MINUTE_US)
#define DAY_US	  (24 * HOUR_US)

enum { THURSDAY = 3 }; /* 1970-01-01 was one */

const char hours_words[] = "HH:MM-HH:MM and a zone, such as \"22:00-06:00 Europe/Berlin\"";
const char when_words[] = "\"at once\", hourly, \"daily 07:00 Europe/Berlin\" or \"weekly mon 07:00 Europe/Berlin\"";

static const char weekdays[7][4] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* The next word. */
static struct str word(struct str *rest)
{
	struct str w = { 0 };

	*rest = str_trim(*rest);
	str_split(rest, ' ', &w);
	return w;
}

/* "07:00"; "24:00" is the end of a day. */
static bool read_minute(struct str s, int *out)
{
	uint64_t hour, minute;

	if (s.n != 5 || s.p[2] != ':' || !str_number(str_slice(s, 0, 2), 24, &hour) ||
	    !str_number(str_slice(s, 3, 5), 59, &minute) || hour * 60 + minute > HOURS_DAY)
		return false;
	*out = (int)(hour * 60 + minute);
	return true;
}

/* A zone that ends the words, or nothing for UTC. */
static bool read_zone(struct str rest, struct str *zone)
{
	*zone = str_trim(rest);
	if (str_eq(*zone, STR("UTC")))
		zone->n = 0;
	return zone->n == 0 || zone_is_known(*zone);
}

int hours_read(struct str text, struct hours *out)
{
	struct str rest = text, both = word(&rest), from = { 0 };
	struct hours h = { 0 };

	if (!str_split(&both, '-', &from) || !read_minute(from, &h.from) || !read_minute(both, &h.to) ||
	    !read_zone(rest, &h.zone))
		return 0;
	h.from %= HOURS_DAY;
	if (h.from == h.to)
		return 0;
	*out = h;
	return 1;
}

/* The day of a time on the wall, and the time in it. */
static int64_t day_of(int64_t wall, int64_t *in_day)
{
	int64_t day = wall / DAY_US - (wall % DAY_US < 0);

	*in_day = wall - day * DAY_US;
	return day;
}

bool hours_hold(const struct hours *h, int64_t now)
{
	int64_t in_day, from = h->from * MINUTE_US, to = h->to * MINUTE_US;

	day_of(zone_wall_us(h->zone, now), &in_day);
	return from < to ? in_day >= from && in_day < to : from > to && (in_day >= from || in_day < to);
}

int64_t hours_end(const struct hours *h, int64_t now)
{
	int64_t in_day, day = day_of(zone_wall_us(h->zone, now), &in_day);
	int64_t at = zone_utc_us(h->zone, (day + (in_day >= h->to * MINUTE_US)) * DAY_US + h->to * MINUTE_US);

	while (at <= now) /* the clock was set back and shows that time twice */
		at += HOUR_US;
	return at;
}

static bool read_day(struct str name, int *out)
{
	for (int i = 0; i < 7; i++)
		if (str_eq_nocase(name, str_of(weekdays[i]))) {
			*out = i;
			return true;
		}
	return false;
}

int when_read(struct str text, struct when *out)
{
	struct str rest = str_trim(text), kind;
	struct when w = { 0 };

	if (str_eq(rest, STR("at once")) || str_eq(rest, STR("hourly"))) {
		*out = (struct when){ .kind = str_eq(rest, STR("hourly")) ? WHEN_HOURLY : WHEN_AT_ONCE };
		return 1;
	}
	kind = word(&rest);
	if (str_eq(kind, STR("weekly"))) {
		w.kind = WHEN_WEEKLY;
		if (!read_day(word(&rest), &w.weekday))
			return 0;
	} else if (str_eq(kind, STR("daily"))) {
		w.kind = WHEN_DAILY;
	} else {
		return 0;
	}
	if (!read_minute(word(&rest), &w.minute) || w.minute == HOURS_DAY || !read_zone(rest, &w.zone))
		return 0;
	*out = w;
	return 1;
}

int64_t when_next(const struct when *w, int64_t now)
{
	int64_t in_day, day = day_of(zone_wall_us(w->zone, now), &in_day), at = now;

	if (w->kind == WHEN_AT_ONCE)
		return now;
	if (w->kind == WHEN_HOURLY)
		return (now / HOUR_US + 1) * HOUR_US;
	for (int i = 0; i <= 8 && at <= now; i++, day++)
		if (w->kind == WHEN_DAILY || ((day + THURSDAY) % 7 + 7) % 7 == w->weekday)
			at = zone_utc_us(w->zone, day * DAY_US + w->minute * MINUTE_US);
	return at > now ? at : now + DAY_US;
}
