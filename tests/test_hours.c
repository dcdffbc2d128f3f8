/* test_hours.c - the words for hours and digests, and what they mean when clocks are set forth and back */
#include "tests/support.h"

#include <stdlib.h>

#include "base/clock.h"
#include "desk/alert/hours.h"

static int64_t at(const char *text)
{
	int64_t us = 0;

	assert_int_equal(clock_read_rfc3339(str_of(text), &us), 1);
	return us;
}

static void assert_time(int64_t got, const char *wanted, const char *why)
{
	char text[CLOCK_TEXT];

	if (got != at(wanted))
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
		struct hours h;

		if (hours_read(text, &h) != rows[i].read)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(text));
		free((void *)(uintptr_t)text.p);
	}
}

static void quiet_hours_hold_from_their_first_minute_to_before_their_last(void **state)
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
		struct hours h;

		assert_int_equal(hours_read(str_of(rows[i].hours), &h), 1);
		if (hours_hold(&h, at(rows[i].now)) != (rows[i].end != NULL))
			fail_msg("%s", rows[i].why);
		if (rows[i].end)
			assert_time(hours_end(&h, at(rows[i].now)), rows[i].end, rows[i].why);
	}
	assert_false(hours_hold(&(struct hours){ 0 }, at("2026-01-10T00:00:00Z"))); /* none never hold */
}

static void digests_go_at_the_next_time_after_now(void **state)
{
	static const struct {
		const char *why, *when, *now, *next; /* next NULL: not such words */
	} rows[] = {
		{ "now", "at once", "2026-01-10T07:10:00Z", "2026-01-10T07:10:00Z" },
		{ "the next full hour", "hourly", "2026-01-10T07:10:00Z", "2026-01-10T08:00:00Z" },
		{ "never the hour that is", "hourly", "2026-01-10T08:00:00Z", "2026-01-10T09:00:00Z" },
		{ "today still", "daily 07:00 Europe/Berlin", "2026-01-10T05:59:59Z", "2026-01-10T06:00:00Z" },
		{ "tomorrow", "daily 07:00 Europe/Berlin", "2026-01-10T06:00:00Z", "2026-01-11T06:00:00Z" },
		{ "over the night that the clock is set forth", "daily 07:00 Europe/Berlin", "2026-03-28T06:00:00Z",
		  "2026-03-29T05:00:00Z" },
		{ "a time that is skipped, an hour later", "daily 02:30 Europe/Berlin", "2026-03-28T12:00:00Z",
		  "2026-03-29T01:30:00Z" },
		{ "a time that is shown twice, once", "daily 02:30 Europe/Berlin", "2026-10-25T00:30:00Z",
		  "2026-10-26T01:30:00Z" },
		{ "on Monday", "weekly mon 07:00 Europe/Berlin", "2026-11-26T12:00:00Z", "2026-11-30T06:00:00Z" },
		{ "the same day a week later", "weekly Thu 07:00 UTC", "2026-11-26T07:00:00Z", "2026-12-03T07:00:00Z" },
		{ "later the same day", "weekly thu 07:00", "2026-11-26T06:00:00Z", "2026-11-26T07:00:00Z" },
		{ "no time", "daily", NULL, NULL },
		{ "no day", "weekly 07:00", NULL, NULL },
		{ "no such day", "weekly mo 07:00", NULL, NULL },
		{ "no such time", "daily 24:00", NULL, NULL },
		{ "no such zone", "daily 07:00 Mars/Base", NULL, NULL },
		{ "no such word", "monthly", NULL, NULL },
		{ "nothing", "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str text = exact_copy(str_of(rows[i].when));
		struct when w;

		if (when_read(text, &w) != (rows[i].next != NULL))
			fail_msg("%s: %s", rows[i].why, rows[i].when);
		if (rows[i].next)
			assert_time(when_next(&w, at(rows[i].now)), rows[i].next, rows[i].why);
		free((void *)(uintptr_t)text.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_are_read_or_refused),
		cmocka_unit_test(quiet_hours_hold_from_their_first_minute_to_before_their_last),
		cmocka_unit_test(digests_go_at_the_next_time_after_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
