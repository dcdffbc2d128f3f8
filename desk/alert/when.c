/* when.c - when a subscriber is told */
#include "desk/alert/when.h"

#include "crawler/zone.h"

#define HOUR_US INT64_C(3600000000)
#define DAY_US	(24 * HOUR_US)

enum { THURSDAY = 3 }; /* 1970-01-01 was one */

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

static bool read_weekday(struct str name, int *out)
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
		if (!read_weekday(word(&rest), &w.weekday))
			return 0;
	} else if (str_eq(kind, STR("daily"))) {
		w.kind = WHEN_DAILY;
	} else {
		return 0;
	}
	if (!day_time_read(str_trim(rest), &w.at))
		return 0;
	*out = w;
	return 1;
}

/* The day of the week on the zone's wall, 0 Monday. */
static int weekday_of(struct str zone, int64_t at)
{
	int64_t wall = zone_wall_us(zone, at), day = wall / DAY_US - (wall % DAY_US < 0);

	return (int)(((day + THURSDAY) % 7 + 7) % 7);
}

int64_t when_next(const struct when *w, int64_t now)
{
	int64_t at = now;

	if (w->kind == WHEN_AT_ONCE)
		return now;
	if (w->kind == WHEN_HOURLY)
		return (now / HOUR_US + 1) * HOUR_US;
	do
		at = day_hours_begin_after(&w->at, at);
	while (w->kind == WHEN_WEEKLY && weekday_of(w->at.zone, at) != w->weekday);
	return at;
}
