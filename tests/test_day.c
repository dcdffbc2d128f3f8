/* test_day.c - hours of the day on a zone's wall, also on the days on which it changes its clock */
#include "tests/support.h"

#include <stdlib.h>

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

static int64_t time_of(const char *text)
{
	int64_t us = 0;

	assert_int_equal(clock_read_rfc3339(str_of(text), &us), 1);
	return us;
}

static void assert_time(int64_t got, const char *wanted, const char *why)
{
	char text[CLOCK_TEXT];

	if (got != time_of(wanted))
		fail_msg("%s: %s, expected %s", why, clock_rfc3339(got, text), wanted);
}

static void hours_are_read_or_refused(void **state)
{
	static const struct {
		const char *why;
		struct str text;
		bool read;
	} rows[] = {
		{ "over midnight", STR("22:00-06:00 Europe/Berlin"), true },
		{ "in UTC when no zone is named", STR("08:00-20:00"), true },
		{ "in UTC when it is", STR("08:00-20:00 UTC"), true },
		{ "an offset", STR("08:00-20:00 +05:30"), true },
		{ "until the end of the day", STR("20:00-24:00"), true },
		{ "nothing", STR(""), false },
		{ "one time", STR("22:00"), false },
		{ "no length: the whole day or nothing", STR("06:00-06:00"), false },
		{ "the whole day, as somebody on call has it", STR("00:00-24:00"), true },
		{ "an hour that is none", STR("25:00-06:00"), false },
		{ "a minute that is none", STR("22:60-06:00"), false },
		{ "beyond the day", STR("22:00-24:01"), false },
		{ "spaces around the dash", STR("22:00 - 06:00"), false },
		{ "one digit", STR("8:00-20:00"), false },
		{ "a zone that nobody knows", STR("22:00-06:00 Europe/Nowhere"), false },
		{ "words behind", STR("22:00-06:00 Europe/Berlin daily"), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str text = exact_copy(rows[i].text);
		struct day_hours h;

		if (day_hours_read(text, (struct str){ 0 }, &h) != rows[i].read)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(text));
		free((void *)(uintptr_t)text.p);
	}
}

static void hours_that_hold_end(void **state)
{
	static const struct {
		const char *why, *hours, *now, *end; /* end NULL: they do not hold */
	} rows[] = {
		{ "in the evening", "22:00-06:00 Europe/Berlin", "2026-01-10T21:00:00Z", "2026-01-11T05:00:00Z" },
		{ "a second before", "22:00-06:00 Europe/Berlin", "2026-01-10T20:59:59Z", NULL },
		{ "after midnight", "22:00-06:00 Europe/Berlin", "2026-01-11T04:59:59Z", "2026-01-11T05:00:00Z" },
		{ "at their end", "22:00-06:00 Europe/Berlin", "2026-01-11T05:00:00Z", NULL },
		{ "in summer an hour earlier", "22:00-06:00 Europe/Berlin", "2026-07-10T20:00:00Z", "2026-07-11T04:00:00Z" },
		{ "in the night that the clock is set forth", "22:00-06:00 Europe/Berlin", "2026-03-28T22:00:00Z",
		  "2026-03-29T04:00:00Z" },
		{ "in the night that it is set back", "22:00-06:00 Europe/Berlin", "2026-10-24T22:00:00Z",
		  "2026-10-25T05:00:00Z" },
		{ "an end that the clock skips", "22:00-02:30 Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z" },
		{ "an end that it shows twice, after the first", "22:00-02:30 Europe/Berlin", "2026-10-25T01:15:00Z",
		  "2026-10-25T01:30:00Z" },
		{ "within a day", "12:00-13:00", "2026-01-10T12:30:00Z", "2026-01-10T13:00:00Z" },
		{ "within a day, later", "12:00-13:00", "2026-01-10T13:00:00Z", NULL },
		{ "until the end of the day", "20:00-24:00", "2026-01-10T23:59:59Z", "2026-01-11T00:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct day_hours h;

		assert_int_equal(day_hours_read(str_of(rows[i].hours), (struct str){ 0 }, &h), 1);
		if (day_hours_hold(&h, time_of(rows[i].now)) != (rows[i].end != NULL))
			fail_msg("%s", rows[i].why);
		if (rows[i].end)
			assert_time(day_hours_end(&h, time_of(rows[i].now)), rows[i].end, rows[i].why);
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
		cmocka_unit_test(hours_are_read_or_refused),
		cmocka_unit_test(hours_that_hold_end),
		cmocka_unit_test(hours_hold_on_their_zones_wall),
		cmocka_unit_test(a_time_of_the_day_comes_once_each_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
