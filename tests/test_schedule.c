/* test_schedule.c - when an address is visited again */
#include "tests/support.h"

#include "crawler/schedule.h"

#define MINUTE INT64_C(60000000)
#define DAY    (24 * 60 * MINUTE)

static const struct source five_minutes = { .every_ms = 300000 }, seconds = { .every_ms = 1000 },
			   a_week = { .every_ms = 604800000 };

static void what_went_well_is_read_again_as_often_as_the_source_says(void **state)
{
	static const struct {
		const char *why;
		const struct source *s;
		enum page_kind kind;
		int calm;
		int64_t wait; /* 0: never */
		int severity;
	} rows[] = {
		{ "a listing", &five_minutes, PAGE_LISTING, 0, 5 * MINUTE },
		{ "a listing keeps its pace however calm it is", &five_minutes, PAGE_LISTING, 9, 5 * MINUTE },
		{ "a feed too", &five_minutes, PAGE_FEED, 3, 5 * MINUTE },
		{ "a thread with news", &five_minutes, PAGE_THREAD, 0, 5 * MINUTE },
		{ "a calm one waits longer", &five_minutes, PAGE_THREAD, 2, 20 * MINUTE },
		{ "but never more than a day", &five_minutes, PAGE_THREAD, 1000, DAY },
		{ "nor does anything else", &a_week, PAGE_FILE, 0, DAY },
		{ "a raw post is read once", &five_minutes, PAGE_RAW, 0, 0 },
		{ "also when it matters a little", &five_minutes, PAGE_RAW, 0, 0, 39 },
		{ "one that matters is looked at again", &five_minutes, PAGE_RAW, 0, 5 * MINUTE, 40 },
		{ "later each time", &five_minutes, PAGE_RAW, 1, 10 * MINUTE, 40 },
		{ "and later", &five_minutes, PAGE_RAW, 3, 40 * MINUTE, 95 },
		{ "but every day at least", &five_minutes, PAGE_RAW, 100, DAY, 95 },
		{ "a file is read when its folder tells of it", &five_minutes, PAGE_LOCAL, 0, 0 },
		{ "a folder keeps its pace", &five_minutes, PAGE_FOLDER, 7, 5 * MINUTE },
		{ "a severe post makes a listing no more frequent", &five_minutes, PAGE_LISTING, 0, 5 * MINUTE, 95 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t expect = rows[i].wait ? 1000 + rows[i].wait : 0;

		const struct schedule_visit visit = { rows[i].kind, rows[i].calm, rows[i].severity };

		if (schedule_next_visit(rows[i].s, &visit, 1000) != expect)
			fail_msg("%s", rows[i].why);
	}
}

static void what_failed_is_tried_later_each_time_and_given_up_in_the_end(void **state)
{
	(void)state;
	assert_int_equal(schedule_next_try(&seconds, false, 0, 0), MINUTE); /* never at once */
	assert_int_equal(schedule_next_try(&five_minutes, false, 0, 0), 5 * MINUTE);
	assert_int_equal(schedule_next_try(&five_minutes, false, 3, 0), 40 * MINUTE);
	assert_int_equal(schedule_next_try(&five_minutes, false, 7, 0), 0);
	assert_int_equal(schedule_next_try(&five_minutes, true, 7, 0), 640 * MINUTE);
	assert_int_equal(schedule_next_try(&five_minutes, true, 1000000, 0),
			 DAY); /* a source's own address is never given up */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_went_well_is_read_again_as_often_as_the_source_says),
		cmocka_unit_test(what_failed_is_tried_later_each_time_and_given_up_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
