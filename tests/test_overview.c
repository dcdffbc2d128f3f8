/* test_overview.c - findings counted by day, hour and asset; those that were dismissed are left out */
#include "tests/stored.h"

#include "store/health.h"
#include "store/overview.h"

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)
/* 2026-11-23T00:00:00Z, a Monday */
#define MONDAY INT64_C(1795392000000000)

/* A finding as it is in the store after some time, by its own key. */
static void put(struct stored *b, const char *key, int64_t at, int severity, const char *asset, const char *category,
		const char *verdict)
{
	struct str id;

	b->unsealed = b->untold = true;
	id = stored_finding(b, key, key, at);
	stored_sql(b, arena_printf(b->a,
				   "UPDATE finding SET severity = %d, asset = '%s', category = '%s', verdict = '%s'"
				   " WHERE public_id = '%.*s'",
				   severity, asset, category, verdict, STR_ARG(id))
			      .p);
}

/* A week of a desk. */
static void put_some(struct stored *b)
{
	put(b, "a", MONDAY, 95, "The Interlude", "violence", "none");
	put(b, "b", MONDAY + DAY - 1, 70, "Example Pictures", "leak", "confirmed");
	put(b, "c", MONDAY + DAY, 69, "Example Pictures", "leak", "none");
	put(b, "d", MONDAY + DAY, 99, "Example Pictures", "leak", "false-positive");
	put(b, "e", MONDAY + 6 * DAY + 23 * HOUR, 20, "", "dox", "none");
	put(b, "f", MONDAY + 6 * DAY + 23 * HOUR, 19, "Example Pictures", "dox", "none");
}

static const struct overview_span week = { MONDAY, MONDAY + 7 * DAY, 20 };

static void a_day_ends_before_the_next_midnight(void **state)
{
	struct stored *b = *state;
	struct overview_day *days;
	size_t n;

	put_some(b);
	OK(overview_days(b->store, &week, b->a, &days, &n, &b->err));
	assert_int_equal(n, 3);
	assert_int_equal(days[0].at, MONDAY);
	assert_int_equal(days[0].n[0], 1);
	assert_int_equal(days[0].n[1], 1);
	assert_int_equal(days[1].at, MONDAY + DAY);
	assert_int_equal(days[1].n[0], 0); /* it was dismissed */
	assert_int_equal(days[1].n[2], 1);
	assert_int_equal(days[2].n[3], 1); /* and one is noise */
	OK(overview_days(b->store, &(struct overview_span){ MONDAY + DAY, MONDAY + 2 * DAY, 70 }, b->a, &days, &n, &b->err));
	assert_int_equal(n, 0);
}

static void the_week_begins_on_monday(void **state)
{
	struct stored *b = *state;
	int64_t hours[OVERVIEW_HOURS], sum = 0;

	put_some(b);
	OK(overview_hours(b->store, &week, hours, &b->err));
	for (int i = 0; i < OVERVIEW_HOURS; i++)
		sum += hours[i];
	assert_int_equal(sum, 4);
	assert_int_equal(hours[0], 1);
	assert_int_equal(hours[23], 1);
	assert_int_equal(hours[24], 1);
	assert_int_equal(hours[6 * 24 + 23], 1);
}

static void each_category_of_an_asset_is_counted(void **state)
{
	struct stored *b = *state;
	struct overview_count *rows;
	size_t n;

	put_some(b);
	OK(overview_kinds(b->store, &week, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].asset, STR("Example Pictures"))) {
			assert_str(rows[i].category, "leak");
			assert_int_equal(rows[i].n, 2);
		}
}

static void an_asset_knows_its_levels_and_its_newest(void **state)
{
	struct stored *b = *state;
	struct overview_asset *rows;
	struct finding *findings;
	size_t n;

	put_some(b);
	OK(overview_assets(b->store, 20, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2); /* that of no asset is not one of them */
	assert_str(rows[0].name, "Example Pictures");
	assert_int_equal(rows[0].n[1], 1);
	assert_int_equal(rows[0].n[2], 1);
	assert_int_equal(rows[0].n[3], 0);
	assert_int_equal(rows[0].found_at, MONDAY + DAY);
	OK(overview_of_asset(b->store, STR("Example Pictures"), 20, 10, b->a, &findings, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(findings[0].severity, 69);
	OK(overview_of_asset(b->store, STR("Example Pictures"), 20, 1, b->a, &findings, &n, &b->err));
	assert_int_equal(n, 1);
}

static void a_source_knows_what_was_found_there_since(void **state)
{
	struct stored *b = *state;
	struct overview_source *rows;
	struct finding *findings;
	int64_t other, untried;
	size_t n;

	put_some(b);
	OK(store_source(b->store, STR("another"), &other, &b->err));
	OK(store_source(b->store, STR("never tried"), &untried, &b->err));
	OK(health_success(b->store, other, true, false, 0, MONDAY, &b->err));
	OK(overview_sources(b->store, MONDAY + DAY, 20, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[0].name, "another");
	assert_int_equal(rows[0].n, 0);
	assert_str(rows[1].name, "pastes");
	assert_int_equal(rows[1].n, 2); /* one was dismissed, and one is noise */
	OK(overview_of_source(b->store, STR("pastes"), 20, 10, b->a, &findings, &n, &b->err));
	assert_int_equal(n, 4);
	assert_int_equal(findings[0].severity, 20);
	OK(overview_of_source(b->store, STR("pastes"), 20, 1, b->a, &findings, &n, &b->err));
	assert_int_equal(n, 1);
	OK(overview_of_source(b->store, STR("another"), 20, 10, b->a, &findings, &n, &b->err));
	assert_int_equal(n, 0);
}

static void lists_hold_what_they_say(void **state)
{
	struct stored *b = *state;
	struct finding *rows;
	size_t n;

	put_some(b);
	OK(overview_of_level(b->store, 40, 69, 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	OK(overview_of_category(b->store, STR("leak"), 20, 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_true(rows[0].id > rows[1].id);
	OK(overview_of_span(b->store, &(struct overview_span){ MONDAY, MONDAY + DAY, 20 }, 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].severity, 95);
}

static void what_is_open_is_what_nobody_judged(void **state)
{
	struct stored *b = *state;
	struct overview_open *rows;
	int64_t open, held;
	size_t n;

	put_some(b);
	put(b, "g", MONDAY, 71, "", "leak", "none");
	stored_sql(b, "INSERT INTO duty (finding_id, lead_id, severity, opened_at, holder, held_since, acknowledged_by, how)"
		      " SELECT id, id, 71, 1, 'day desk', 1, '', '' FROM finding WHERE severity = 71");
	OK(overview_open(b->store, 70, 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].finding.severity, 95);
	assert_int_equal(rows[0].holder.n, 0);
	assert_str(rows[1].holder, "day desk");
	OK(overview_open_count(b->store, 70, &open, &held, &b->err));
	assert_int_equal(open, 2);
	assert_int_equal(held, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_ends_before_the_next_midnight),
		cmocka_unit_test(the_week_begins_on_monday),
		cmocka_unit_test(each_category_of_an_asset_is_counted),
		cmocka_unit_test(an_asset_knows_its_levels_and_its_newest),
		cmocka_unit_test(a_source_knows_what_was_found_there_since),
		cmocka_unit_test(lists_hold_what_they_say),
		cmocka_unit_test(what_is_open_is_what_nobody_judged),
	};

	return stored_run("overview", tests, sizeof(tests) / sizeof(tests[0]));
}
