/* test_schedule.c - when an address is visited again */
#include "tests/support.h"

#include "crawler/schedule.h"

#define MINUTE INT64_C(60000000)
#define DAY    (24 * 60 * MINUTE)

static const struct source five_minutes = { .every_ms = 300000, .slowest_ms = 300000 },
			   seconds = { .every_ms = 1000, .slowest_ms = 1000 },
			   a_week = { .every_ms = 604800000, .slowest_ms = 604800000 },
			   adaptive = { .every_ms = 60000, .slowest_ms = 1800000 };

static void what_went_well_is_read_again_as_often_as_the_source_says(void **state)
{
	static const struct {
		const char *why;
		const struct source *s;
		struct schedule_visit visit;
		int64_t wait; /* 0: never */
	} rows[] = {
		{ "a listing", &five_minutes, { PAGE_LISTING }, 5 * MINUTE },
		{ "a listing keeps its pace however calm it is", &five_minutes, { PAGE_LISTING, .calm = 9 }, 5 * MINUTE },
		{ "and however busy", &five_minutes, { PAGE_LISTING, .items = 50, .fresh = 50 }, 5 * MINUTE },
		{ "a feed too", &five_minutes, { PAGE_FEED, .calm = 3 }, 5 * MINUTE },
		{ "a thread with news", &five_minutes, { PAGE_THREAD }, 5 * MINUTE },
		{ "a calm one waits longer", &five_minutes, { PAGE_THREAD, .calm = 2 }, 20 * MINUTE },
		{ "but never more than a day", &five_minutes, { PAGE_THREAD, .calm = 1000 }, DAY },
		{ "nor does anything else", &a_week, { PAGE_FILE }, DAY },
		{ "a raw post is read once", &five_minutes, { PAGE_RAW }, 0 },
		{ "also when it matters a little", &five_minutes, { PAGE_RAW, .severity = 39 }, 0 },
		{ "one that matters is looked at again", &five_minutes, { PAGE_RAW, .severity = 40 }, 5 * MINUTE },
		{ "later each time", &five_minutes, { PAGE_RAW, .calm = 1, .severity = 40 }, 10 * MINUTE },
		{ "and later", &five_minutes, { PAGE_RAW, .calm = 3, .severity = 95 }, 40 * MINUTE },
		{ "but every day at least", &five_minutes, { PAGE_RAW, .calm = 100, .severity = 95 }, DAY },
		{ "a severe post makes a listing no more frequent",
		  &five_minutes,
		  { PAGE_LISTING, .severity = 95 },
		  5 * MINUTE },
		{ "a file is read when its folder tells of it", &five_minutes, { PAGE_LOCAL }, 0 },
		{ "a folder keeps its pace", &five_minutes, { PAGE_FOLDER, .calm = 7 }, 5 * MINUTE },
		{ "a further page of a list comes by itself never", &five_minutes, { PAGE_LISTING, .onwards = true }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (schedule_wait(rows[i].s, &rows[i].visit) != rows[i].wait)
			fail_msg("%s", rows[i].why);
}

static void a_busy_list_is_read_before_half_of_it_has_gone_by_and_a_quiet_one_later(void **state)
{
	static const struct {
		const char *why;
		int64_t before, items, fresh, wait; /* minutes */
	} rows[] = {
		{ "all of it was new: half the time", 8, 50, 50, 4 },
		{ "half of it was new: the time is right", 8, 50, 25, 8 },
		{ "a third of it: half as long again", 8, 48, 16, 12 },
		{ "more than that at once never", 8, 50, 1, 12 },
		{ "nothing at all", 8, 50, 0, 12 },
		{ "an unchanged page, of which nothing is known", 8, 0, 0, 12 },
		{ "no sooner than the source allows", 1, 50, 50, 1 },
		{ "no later than the source allows", 29, 50, 0, 30 },
		{ "the first visit is followed by a soon second", 0, 50, 50, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct schedule_visit visit = {
			.kind = PAGE_LISTING, .wait = rows[i].before * MINUTE, .items = rows[i].items, .fresh = rows[i].fresh
		};

		if (schedule_wait(&adaptive, &visit) != rows[i].wait * MINUTE)
			fail_msg("%s: %lld", rows[i].why, (long long)schedule_wait(&adaptive, &visit));
	}
}

static void what_failed_is_tried_later_each_time_and_given_up_in_the_end(void **state)
{
	(void)state;
	assert_int_equal(schedule_retry(&seconds, false, 0), MINUTE); /* never at once */
	assert_int_equal(schedule_retry(&five_minutes, false, 0), 5 * MINUTE);
	assert_int_equal(schedule_retry(&five_minutes, false, 3), 40 * MINUTE);
	assert_int_equal(schedule_retry(&five_minutes, false, 7), 0);
	assert_int_equal(schedule_retry(&five_minutes, true, 7), 640 * MINUTE);
	assert_int_equal(schedule_retry(&five_minutes, true, 1000000), DAY); /* a source's own address is never given up */
}

static void visits_keep_no_beat(void **state)
{
	(void)state;
	assert_int_equal(schedule_due(&five_minutes, 1000, 10 * MINUTE, 0), 1000 + 10 * MINUTE);
	assert_int_equal(schedule_due(&five_minutes, 1000, 10 * MINUTE, 0.5), 1000 + 10 * MINUTE + MINUTE / 2);
}

static void a_source_is_visited_in_its_hours(void **state)
{
	static const struct {
		const char *why;
		int from, until;
		const char *zone;
		int64_t at, due; /* minutes since 1970-01-01, a Thursday */
	} rows[] = {
		{ "no hours", 0, 0, "", 3 * 60, 3 * 60 },
		{ "within", 120, 240, "", 3 * 60, 3 * 60 },
		{ "the first minute", 120, 240, "", 120, 120 },
		{ "the last is not within", 120, 240, "", 240, 24 * 60 + 120 },
		{ "before", 120, 240, "", 60, 120 },
		{ "after: tomorrow", 120, 240, "", 300, 24 * 60 + 120 },
		{ "past midnight, late", 22 * 60, 6 * 60, "", 23 * 60, 23 * 60 },
		{ "past midnight, early", 22 * 60, 6 * 60, "", 5 * 60, 5 * 60 },
		{ "past midnight, by day", 22 * 60, 6 * 60, "", 12 * 60, 22 * 60 },
		{ "on the site's own wall", 120, 240, "+02:00", 60, 60 },
		{ "on a wall that is a day ahead", 0, 60, "+14:00", 11 * 60, 34 * 60 },
		{ "in a zone with a name", 120, 240, "Asia/Tokyo", 18 * 60, 18 * 60 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct source s = { .hours = { rows[i].from, rows[i].until, str_of(rows[i].zone) } };

		if (schedule_due(&s, rows[i].at * MINUTE, 0, 0) != rows[i].due * MINUTE)
			fail_msg("%s: %lld", rows[i].why, (long long)(schedule_due(&s, rows[i].at * MINUTE, 0, 0) / MINUTE));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_went_well_is_read_again_as_often_as_the_source_says),
		cmocka_unit_test(a_busy_list_is_read_before_half_of_it_has_gone_by_and_a_quiet_one_later),
		cmocka_unit_test(what_failed_is_tried_later_each_time_and_given_up_in_the_end),
		cmocka_unit_test(visits_keep_no_beat),
		cmocka_unit_test(a_source_is_visited_in_its_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
