/* test_coverage.c - when a source was seen and when it was not */
#include "tests/stored.h"

#include "store/coverage.h"
#include "store/health.h"

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)
#define NOW  (INT64_C(20000) * DAY + 7 * HOUR) /* in the second cell of a day */

static struct coverage coverage(struct stored *b, const char *source, int64_t now)
{
	struct coverage c;

	OK(coverage_of(b->store, str_of(source), now, &c, &b->err));
	return c;
}

static void visit(struct stored *b, int64_t at, bool answered, bool start)
{
	const struct health_failure failure = {
		.source_id = b->source, .start = start, .class_name = "timeout", .url = STR("u"), .detail = STR("d")
	};

	OK(store_begin(b->store, &b->err));
	if (answered)
		OK(health_success(b->store, b->source, start, false, 0, at, &b->err));
	else
		OK(health_failed(b->store, &failure, at, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void a_cell_says_the_worst_that_is_true_of_it(void **state)
{
	/* Hours before NOW; the first cell of a row is what the visits alone make of it. */
	static const struct {
		const char *why;
		int hours[3];
		bool answered[3], start;
		enum coverage_kind kind;
	} rows[] = {
		{ "nobody asked", { 0 }, { false }, true, COVERAGE_UNSEEN },
		{ "all were answered", { 1, 1, 1 }, { true, true, true }, true, COVERAGE_WELL },
		{ "none was", { 1, 1, 1 }, { false, false, false }, true, COVERAGE_WRONG },
		{ "one was not", { 1, 1, 1 }, { true, false, true }, true, COVERAGE_PARTLY },
		{ "a post of it that failed is not the source", { 1, 1, 1 }, { false, false, false }, false, COVERAGE_UNSEEN },
	};
	struct stored *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t now = NOW + (int64_t)i * 20 * DAY;

		for (int k = 0; k < 3 && rows[i].hours[k]; k++)
			visit(b, now - rows[i].hours[k] * HOUR, rows[i].answered[k], rows[i].start);
		if (coverage(b, "pastes", now).cells[COVERAGE_CELLS - 1] != rows[i].kind)
			fail_msg("%s", rows[i].why);
	}
}

static void cells_begin_with_the_hours_of_a_day_and_end_with_now(void **state)
{
	struct stored *b = *state;
	struct coverage c;

	visit(b, NOW - 14 * DAY, true, true);		 /* just before the first cell that is shown: 7 o'clock */
	visit(b, NOW - 14 * DAY + 5 * HOUR, true, true); /* the first */
	visit(b, NOW, true, true);
	c = coverage(b, "pastes", NOW);
	assert_int_equal(c.from % DAY, 12 * HOUR);
	assert_int_equal(c.from + COVERAGE_CELLS * COVERAGE_CELL - NOW, 5 * HOUR);
	assert_int_equal(c.cells[0], COVERAGE_WELL);
	assert_int_equal(c.cells[1], COVERAGE_UNSEEN);
	assert_int_equal(c.cells[COVERAGE_CELLS - 1], COVERAGE_WELL);
	assert_int_equal(c.of[COVERAGE_WELL], 2);
	assert_int_equal(c.of[COVERAGE_UNSEEN], COVERAGE_CELLS - 2);
	assert_int_equal(coverage(b, "no such source", NOW).of[COVERAGE_UNSEEN], COVERAGE_CELLS);
}

static void a_gap_is_seen_in_each_cell_that_it_touches_and_was_asked(void **state)
{
	struct stored *b = *state;
	struct coverage c;

	for (int i = 0; i < 5; i++)
		visit(b, NOW - i * COVERAGE_CELL, i != 2, true);
	stored_sql(b,
		   arena_printf(b->a,
				"INSERT INTO frontier (source_id, kind, depth, start, key, url, title) VALUES (%lld, 0, 0, 1,"
				" 'u', 'u', '');"
				"INSERT INTO gap (source_id, frontier_id, since, until, missed) SELECT %lld, id, %lld, %lld, 3"
				" FROM frontier WHERE key = 'u'",
				(long long)b->source, (long long)b->source, (long long)(NOW - 3 * COVERAGE_CELL),
				(long long)(NOW - COVERAGE_CELL))
			   .p);
	c = coverage(b, "pastes", NOW);
	assert_int_equal(c.cells[COVERAGE_CELLS - 1], COVERAGE_WELL);
	assert_int_equal(c.cells[COVERAGE_CELLS - 2], COVERAGE_MISSED);
	assert_int_equal(c.cells[COVERAGE_CELLS - 3], COVERAGE_WRONG);
	assert_int_equal(c.cells[COVERAGE_CELLS - 4], COVERAGE_MISSED);
	assert_int_equal(c.cells[COVERAGE_CELLS - 5], COVERAGE_WELL);
}

static void old_cells_are_forgotten(void **state)
{
	struct stored *b = *state;

	visit(b, NOW, true, true);
	visit(b, NOW + 80 * DAY, true, true);
	assert_int_equal(coverage(b, "pastes", NOW).of[COVERAGE_WELL], 1);
	visit(b, NOW + 100 * DAY, true, true);
	assert_int_equal(coverage(b, "pastes", NOW).of[COVERAGE_WELL], 0);
	assert_int_equal(coverage(b, "pastes", NOW + 80 * DAY).of[COVERAGE_WELL], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_says_the_worst_that_is_true_of_it),
		cmocka_unit_test(cells_begin_with_the_hours_of_a_day_and_end_with_now),
		cmocka_unit_test(a_gap_is_seen_in_each_cell_that_it_touches_and_was_asked),
		cmocka_unit_test(old_cells_are_forgotten),
	};

	return stored_run("coverage", tests, sizeof(tests) / sizeof(tests[0]));
}
