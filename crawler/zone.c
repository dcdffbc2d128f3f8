/* zone.c - a site's time zone, through ICU */
#include "crawler/zone.h"

#include <unicode/ucal.h>

#define MINUTE_US INT64_C(60000000)

enum { NAME = 64, MOST_MINUTES = 14 * 60 };

/* "+02:00". */
static bool read_offset(struct str zone, int64_t *minutes)
{
	uint64_t hours, rest;

	if (zone.n != 6 || (zone.p[0] != '+' && zone.p[0] != '-') || zone.p[3] != ':' ||
	    !str_number(str_slice(zone, 1, 3), 14, &hours) || !str_number(str_slice(zone, 4, 6), 59, &rest))
		return false;
	*minutes = (int64_t)(hours * 60 + rest) * (zone.p[0] == '-' ? -1 : 1);
	return hours * 60 + rest <= MOST_MINUTES;
}

/* In ICU's form; names are ASCII. */
static bool read_name(struct str zone, UChar out[NAME])
{
	if (zone.n == 0 || zone.n >= NAME || !ascii_is_alpha(zone.p[0]))
		return false;
	for (size_t i = 0; i < zone.n; i++) {
		if ((unsigned char)zone.p[i] <= ' ' || (unsigned char)zone.p[i] > '~')
			return false;
		out[i] = (UChar)zone.p[i];
	}
	out[zone.n] = 0;
	return true;
}

bool zone_is_known(struct str zone)
{
	UErrorCode status = U_ZERO_ERROR;
	UBool system_id = 0;
	UChar name[NAME], canonical[2 * NAME];
	int64_t minutes;

	if (read_offset(zone, &minutes))
		return true;
	if (!read_name(zone, name))
		return false;
	ucal_getCanonicalTimeZoneID(name, -1, canonical, 2 * NAME, &system_id, &status);
	return U_SUCCESS(status) && system_id;
}

/* How far the zone is ahead of UTC at a time. */
static int64_t ahead_us(const UChar *name, int64_t utc_us)
{
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar = ucal_open(name, -1, "en", UCAL_GREGORIAN, &status);
	int64_t ms = 0;

	if (U_FAILURE(status))
		return 0;
	ucal_setMillis(calendar, (double)(utc_us / 1000), &status);
	ms = (int64_t)ucal_get(calendar, UCAL_ZONE_OFFSET, &status) + ucal_get(calendar, UCAL_DST_OFFSET, &status);
	ucal_close(calendar);
	return U_SUCCESS(status) ? ms * 1000 : 0;
}

int64_t zone_wall_us(struct str zone, int64_t utc_us)
{
	UChar name[NAME];
	int64_t minutes;

	if (read_offset(zone, &minutes))
		return utc_us + minutes * MINUTE_US;
	return read_name(zone, name) ? utc_us + ahead_us(name, utc_us) : utc_us;
}

int64_t zone_utc_us(struct str zone, int64_t wall_us)
{
	UChar name[NAME];
	int64_t minutes, before, after;

	if (read_offset(zone, &minutes))
		return wall_us - minutes * MINUTE_US;
	if (!read_name(zone, name))
		return wall_us;
	before = ahead_us(name, wall_us - 24 * 60 * MINUTE_US);
	after = ahead_us(name, wall_us + 24 * 60 * MINUTE_US);
	if (ahead_us(name, wall_us - before) == before)
		return wall_us - before;
	return ahead_us(name, wall_us - after) == after ? wall_us - after : wall_us - before;
}

void zone_warm_up(void)
{
	zone_utc_us(STR("Europe/Berlin"), 0);
	zone_is_known(STR("Nowhere/None"));
}
