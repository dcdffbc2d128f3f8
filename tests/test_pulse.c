/* test_pulse.c - what a source usually shows, and whether it still does */
#include "tests/support.h"

#include <stdlib.h>

#include "store/pulse.h"

#define HOUR INT64_C(3600000000)

enum { POLLS = 40 };

/* Visits an hour apart, the newest first at `HOUR * POLLS`; each lists so many and has so much that is new. */
static void fill(struct poll polls[POLLS], int64_t items, int64_t fresh)
{
	for (int i = 0; i < POLLS; i++)
		polls[i] = (struct poll){ (POLLS - i) * HOUR, items, fresh };
}

static struct pulse reckon(const struct poll *polls, size_t n, int64_t now)
{
	struct pulse p;
	struct poll *copy = (struct poll *)(uintptr_t)exact_copy((struct str){ (const char *)polls, n * sizeof(*polls) }).p;

	pulse_reckon(copy, n, now, &p);
	free(copy);
	return p;
}

static void nothing_is_unusual_before_there_is_a_past(void **state)
{
	struct poll polls[POLLS];

	(void)state;
	fill(polls, 50, 3);
	polls[0].items = 1;
	assert_false(reckon(polls, 0, HOUR).thin);
	assert_false(reckon(polls, 1, HOUR).thin);
	assert_false(reckon(polls, 9, 100000 * HOUR).thin);
	assert_true(reckon(polls, 12, (POLLS + 1) * HOUR).thin);
	assert_false(reckon(polls, 5, 100000 * HOUR).silent);
	assert_true(reckon(polls, 12, 100000 * HOUR).silent);
}

static void a_list_is_thin_against_its_own_past(void **state)
{
	static const struct {
		const char *why;
		int64_t usual, swing, now;
		bool thin;
	} rows[] = {
		{ "as always", 50, 0, 50, false },
		{ "a little less", 50, 0, 40, false },
		{ "far less", 50, 0, 24, true },
		{ "nothing", 50, 0, 0, true },
		{ "more", 50, 0, 500, false },
		{ "a list that swings may swing", 50, 40, 20, false },
		{ "a short list says nothing", 2, 0, 0, false },
	};
	struct poll polls[POLLS];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fill(polls, rows[i].usual, 1);
		for (int k = 1; k < POLLS; k++)
			polls[k].items += k % 3 == 0 ? 0 : k % 3 == 1 ? rows[i].swing : -rows[i].swing;
		polls[0].items = rows[i].now;
		if (reckon(polls, POLLS, POLLS * HOUR).thin != rows[i].thin)
			fail_msg("%s", rows[i].why);
	}
}

static void a_source_is_silent_when_it_is_quiet_for_far_longer_than_ever(void **state)
{
	struct poll polls[POLLS];
	struct pulse p;

	(void)state;
	fill(polls, 50, 0);
	for (int k = 3; k < POLLS; k += 3)
		polls[k].fresh = 2; /* every three hours */
	p = reckon(polls, POLLS, POLLS * HOUR);
	assert_int_equal(p.longest_quiet, 3 * HOUR);
	assert_int_equal(p.news_at, (POLLS - 3) * HOUR);
	assert_false(p.silent);
	assert_false(reckon(polls, POLLS, (POLLS - 3 + 12) * HOUR).silent);
	assert_true(reckon(polls, POLLS, (POLLS - 3 + 13) * HOUR).silent);
}

static void a_busy_source_is_not_called_silent_within_the_hour(void **state)
{
	struct poll polls[POLLS];

	(void)state;
	for (int i = 0; i < POLLS; i++)
		polls[i] = (struct poll){ (POLLS - i) * HOUR / 60, 50, 5 };
	assert_false(reckon(polls, POLLS, POLLS * HOUR / 60 + HOUR / 2).silent);
	assert_true(reckon(polls, POLLS, POLLS * HOUR / 60 + 2 * HOUR).silent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_unusual_before_there_is_a_past),
		cmocka_unit_test(a_list_is_thin_against_its_own_past),
		cmocka_unit_test(a_source_is_silent_when_it_is_quiet_for_far_longer_than_ever),
		cmocka_unit_test(a_busy_source_is_not_called_silent_within_the_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
