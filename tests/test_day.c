/* test_day.c - hours of the day on a zone's wall, also on the days on which it changes its clock */
#include "tests/support.h"

#include "base/clock.h"
#include "crawler/day.h"

#define HOUR INT64_C(3600000000)

static int64_t utc(int year, int month, int day, int hour, int minute)
{
	return clock_from_civil(year, month, day, hour, minute, 0);
}

static struct day_hours hours_of(const char *text)
{
	struct day_hours h = { 0 };

	if (*text)
		assert_int_equal(day_hours_read(str_of(text), (struct str){ 0 }, &h), 1);
	return h;
}

static void hours_hold_on_their_zones_wall(void **state)
{
	static const struct {
		const char *why, *hours;
		int year, month, day, hour, minute;
		bool hold;
	} rows[] = {
		{ "no hours are all", "", 2026, 1, 1, 3, 0, true },
		{ "the first minute is in", "08:00-20:00", 2026, 1, 1, 8, 0, true },
		{ "the last is out", "08:00-20:00", 2026, 1, 1, 20, 0, false },
		{ "past midnight, before it", "20:00-08:00", 2026, 1, 1, 23, 59, true },
		{ "past midnight, after it", "20:00-08:00", 2026, 1, 1, 7, 59, true },
		{ "past midnight, by day", "20:00-08:00", 2026, 1, 1, 12, 0, false },
		{ "Berlin's winter is an hour ahead", "08:00-20:00 Europe/Berlin", 2026, 1, 1, 7, 0, true },
		{ "... and its summer two", "08:00-20:00 Europe/Berlin", 2026, 7, 1, 6, 0, true },
		{ "... so that 18:00Z is too late then", "08:00-20:00 Europe/Berlin", 2026, 7, 1, 18, 0, false },
		{ "an offset", "08:00-20:00 +05:30", 2026, 1, 1, 2, 30, true },
		{ "the hour that is skipped: 00:59Z is 01:59", "02:00-03:00 Europe/Berlin", 2026, 3, 29, 0, 59, false },
		{ "... and 01:00Z is 03:00", "02:00-03:00 Europe/Berlin", 2026, 3, 29, 1, 0, false },
		{ "the hour that comes twice, first", "02:00-03:00 Europe/Berlin", 2026, 10, 25, 0, 30, true },
		{ "... and again", "02:00-03:00 Europe/Berlin", 2026, 10, 25, 1, 30, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct day_hours h = hours_of(rows[i].hours);
		int64_t at = utc(rows[i].year, rows[i].month, rows[i].day, rows[i].hour, rows[i].minute);

		if (day_hours_hold(&h, at) != rows[i].hold)
			fail_msg("%s: %s", rows[i].hours, rows[i].why);
	}
}

static void a_time_of_the_day_comes_once_each_day(void **state)
{
	static const struct {
		const char *why, *time;
		int64_t at, began, after;
	} rows[] = {
		{ "before it", "07:00", 6 * HOUR, -17 * HOUR, 7 * HOUR },
		{ "at it", "07:00", 7 * HOUR, 7 * HOUR, 31 * HOUR },
		{ "after it", "07:00", 8 * HOUR, 7 * HOUR, 31 * HOUR },
		{ "elsewhere", "07:00 +07:00", 1 * HOUR, 0, 24 * HOUR },
	};
	struct day_hours h;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(day_time_read(str_of(rows[i].time), &h), 1);
		if (day_hours_began(&h, rows[i].at) != rows[i].began || day_hours_begin_after(&h, rows[i].at) != rows[i].after)
			fail_msg("%s", rows[i].why);
	}
	/* 02:30 is skipped on the last Sunday of March: it comes an hour later, and once */
	assert_int_equal(day_time_read(STR("02:30 Europe/Berlin"), &h), 1);
	assert_int_equal(day_hours_begin_after(&h, utc(2026, 3, 28, 12, 0)), utc(2026, 3, 29, 1, 30));
	assert_int_equal(day_hours_begin_after(&h, utc(2026, 3, 29, 1, 30)), utc(2026, 3, 30, 0, 30));
	assert_int_equal(day_hours_began(&h, utc(2026, 3, 29, 2, 0)), utc(2026, 3, 29, 1, 30));
	/* ... and twice in October, of which the first counts */
	assert_int_equal(day_hours_begin_after(&h, utc(2026, 10, 24, 12, 0)), utc(2026, 10, 25, 0, 30));
	assert_int_equal(day_hours_begin_after(&h, utc(2026, 10, 25, 0, 30)), utc(2026, 10, 26, 1, 30));
	assert_int_equal(day_time_read(STR("7:00"), &h), 0);
	assert_int_equal(day_time_read(STR("07:00 Nowhere/Such"), &h), 0);
	assert_int_equal(day_time_read(STR("24:00"), &h), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_hold_on_their_zones_wall),
		cmocka_unit_test(a_time_of_the_day_comes_once_each_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
