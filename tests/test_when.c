/* test_when.c - the words for when digests go, and what they mean when clocks are set forth and back */
#include "tests/support.h"

#include <stdlib.h>

#include "base/clock.h"
#include "desk/alert/when.h"

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
		cmocka_unit_test(digests_go_at_the_next_time_after_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
