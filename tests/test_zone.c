/* test_zone.c - the clock on a site's wall */
#include "tests/support.h"

#include <stdlib.h>

#include "base/clock.h"
#include "crawler/zone.h"

static void offsets_and_names_are_known_nothing_else(void **state)
{
	static const struct {
		const char *why, *zone;
		bool known;
	} rows[] = {
		{ "ahead", "+02:00", true },
		{ "half an hour", "-09:30", true },
		{ "the farthest", "+14:00", true },
		{ "farther", "+14:01", false },
		{ "a name", "Europe/Berlin", true },
		{ "an old name", "US/Eastern", true },
		{ "UTC", "UTC", true },
		{ "no such city", "Europe/Gotham", false },
		{ "no sign", "02:00", false },
		{ "no colon", "+0200", false },
		{ "letters", "+0a:00", false },
		{ "nothing", "", false },
		{ "ICU's own form, no zone of the database", "GMT+25:00", false },
		{ "not ASCII", "Europe/Z\xc3\xbcrich", false },
		{ "as long as it gets",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str copy = exact_copy(str_of(rows[i].zone));

		if (zone_is_known(copy) != rows[i].known)
			fail_msg("%s: %s", rows[i].why, rows[i].zone);
		free((char *)copy.p);
	}
}

static void the_wall_is_read_with_its_summers(void **state)
{
	static const struct {
		const char *why, *zone;
		int month, day, hour, minute; /* on the wall, 2026 */
		const char *utc;
	} rows[] = {
		{ "an offset", "+05:30", 11, 23, 10, 0, "2026-11-23T04:30:00Z" },
		{ "winter", "Europe/Berlin", 11, 23, 10, 0, "2026-11-23T09:00:00Z" },
		{ "summer", "Europe/Berlin", 7, 23, 10, 0, "2026-07-23T08:00:00Z" },
		{ "an hour before it is set forward", "Europe/Berlin", 3, 29, 1, 30, "2026-03-29T00:30:00Z" },
		{ "skipped: as if it were not set", "Europe/Berlin", 3, 29, 2, 30, "2026-03-29T01:30:00Z" },
		{ "an hour behind", "Europe/Berlin", 3, 29, 3, 30, "2026-03-29T01:30:00Z" },
		{ "shown twice: the first", "Europe/Berlin", 10, 25, 2, 30, "2026-10-25T00:30:00Z" },
		{ "behind it", "Europe/Berlin", 10, 25, 3, 30, "2026-10-25T02:30:00Z" },
		{ "west", "America/New_York", 11, 1, 3, 0, "2026-11-01T08:00:00Z" },
		{ "none given", "", 11, 23, 10, 0, "2026-11-23T10:00:00Z" },
		{ "unknown", "Nowhere", 11, 23, 10, 0, "2026-11-23T10:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str zone = str_of(rows[i].zone);
		int64_t wall = clock_from_civil(2026, rows[i].month, rows[i].day, rows[i].hour, rows[i].minute, 0);
		int64_t utc = zone_utc_us(zone, wall), again = zone_wall_us(zone, utc);
		char text[CLOCK_TEXT];

		if (strcmp(clock_rfc3339(utc, text), rows[i].utc) != 0)
			fail_msg("%s: %s", rows[i].why, text);
		if (again != wall && again != wall + INT64_C(3600000000))
			fail_msg("%s: not the same on the way back", rows[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_and_names_are_known_nothing_else),
		cmocka_unit_test(the_wall_is_read_with_its_summers),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
