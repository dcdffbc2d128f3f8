/* test_ways.c - findings by day: each is counted on its day, a year has a page, and a day leads to the list that has it */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/store.h"
#include "tests/stores.h"
#include "web/page.h"
#include "web/report.h"

#define DAY_US INT64_C(86400000000)
/* 2025-12-31T00:00:00Z */
#define EVE INT64_C(1767139200000000)

struct desk {
	struct test_place at;
	struct arena *a;
	struct store *store;
};

static int set_up(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));
	struct err err = { 0 };

	test_place_make(&d->at, DB_SQLITE);
	d->a = arena_new(MIB(16));
	d->store = store_open(&d->at.place, STORE_CREATE, &err);
	*state = d;
	return d->store ? 0 : -1;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	store_free(d->store);
	arena_free(d->a);
	test_place_remove(&d->at);
	free(d);
	return 0;
}

static void find(struct desk *d, int number, int severity, int64_t at)
{
	const unsigned char none[DIGEST_BYTES] = { 0 };
	struct stored_post p = { .key = arena_printf(d->a, "%d", number),
				 .url = STR("https://paste.example/x"),
				 .text = arena_printf(d->a, "text %d", number) };
	struct stored_result result;
	struct err err = { 0 };

	p.assessment = (struct stored_assessment){ .leak = 0.9, .severity = severity, .category = STR("leak") };
	assert_int_equal(store_begin(d->store, &err), 0);
	assert_true(store_source(d->store, STR("smallpaste"), &p.source_id, &err) >= 0);
	assert_true(store_classifier(d->store, &(struct stored_classifier){ none, none, STR("test") }, EVE,
				     &p.assessment.classifier_id, &err) >= 0);
	assert_true(store_post(d->store, &p, at, &result, &err) >= 0);
	assert_int_equal(store_commit(d->store, &err), 0);
}

static struct str page_of(struct desk *d, const char *name)
{
	struct err err = { 0 };
	AUTO(buf) page = BUF_INIT(LIMIT_PAGE);

	assert_true(file_read(arena_printf(d->a, "%s/report/%s", d->at.folder, name).p, &page, &err) >= 0);
	return arena_copy(d->a, buf_str(&page));
}

static void make_report(struct desk *d)
{
	const struct report_options o = { .folder = arena_printf(d->a, "%s/report", d->at.folder).p, .now = EVE + 3 * DAY_US };
	struct err err = { 0 };

	assert_int_equal(report_write(d->store, &o, &err), 0);
}

/* What the row of a day says, without its markup. */
static struct str row_of(struct desk *d, struct str page, const char *date)
{
	ssize_t at = str_find(page, arena_printf(d->a, "%s</time></a></th>", date));
	AUTO(buf) out = BUF_INIT(KIB(4));
	bool within = false;
	struct str row;

	assert_true(at >= 0);
	row = str_slice(page, (size_t)at, page.n);
	row = str_slice(row, 0, (size_t)str_find(row, STR("</tr>")));
	for (size_t i = 0; i < row.n; i++) {
		within = row.p[i] == '<' || (within && row.p[i] != '>');
		if (!within)
			buf_add_char(&out, row.p[i] == '>' ? ' ' : row.p[i]);
	}
	return arena_copy(d->a, str_trim(buf_str(&out)));
}

static void each_is_counted_on_its_day_whatever_the_order(void **state)
{
	static const struct {
		const char *why;
		int severity, day;
	} rows[] = {
		{ "the last day of a year", 95, 0 },
		{ "the first of the next", 75, 1 },
		{ "an import from before both", 45, -40 },
		{ "the last day again", 25, 0 },
		{ "and again", 25, 0 },
		{ "too little to be shown", 5, 2 },
	};
	struct desk *d = *state;
	struct str page;

	for (int i = 0; i < (int)(sizeof(rows) / sizeof(rows[0])); i++)
		find(d, i, rows[i].severity, EVE + rows[i].day * DAY_US + DAY_US - 1);
	make_report(d);
	page = page_of(d, "by-day-2025.html");
	assert_str(row_of(d, page, "2025-12-31"), "2025-12-31    1  0  0  2  3");
	assert_str(row_of(d, page, "2025-11-21"), "2025-11-21    0  0  1  0  1");
	assert_true(str_find(page, STR("2026-")) < 0);
	assert_true(str_find(page, STR("<a rel=\"prev\" href=\"by-day-2026.html\">2026</a>")) > 0);
	page = page_of(d, "by-day-2026.html");
	assert_str(row_of(d, page, "2026-01-01"), "2026-01-01    0  1  0  0  1");
	assert_true(str_find(page, STR("2026-01-02")) < 0);
	assert_true(str_find(page, STR("<a rel=\"next\" href=\"by-day-2025.html\">2025</a>")) > 0);
	page = page_of(d, "findings.html");
	assert_true(str_find(page, STR("href=\"by-day-2026.html\">2026")) > 0);
	assert_true(str_find(page, STR("href=\"by-day-2025.html\">2025")) > 0);
	assert_true(str_find(page, STR("href=\"by-severity-low.html\">low</a> <span class=\"of\">2<")) > 0);
	assert_true(str_find(page, STR("href=\"by-category-leak.html\">leak</a> <span class=\"of\">5<")) > 0);
}

static void a_day_leads_to_the_list_of_its_last_finding(void **state)
{
	struct desk *d = *state;
	struct str page;

	for (int i = 0; i < 401; i++)
		find(d, i, 50, EVE + (i > 150) * DAY_US);
	make_report(d);
	page = page_of(d, "by-day-2025.html");
	assert_true(str_find(page, STR("<a href=\"findings/1.html\"><time datetime=\"2025-12-31\">")) > 0);
	page = page_of(d, "by-day-2026.html");
	assert_true(str_find(page, STR("<a href=\"findings/3.html\"><time datetime=\"2026-01-01\">")) > 0);
	assert_str(row_of(d, page, "2026-01-01"), "2026-01-01    0  0  250  0  250");
}

static void an_empty_store_has_no_page_of_days(void **state)
{
	struct desk *d = *state;

	make_report(d);
	assert_true(str_find(page_of(d, "findings.html"), STR("by-day-")) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_is_counted_on_its_day_whatever_the_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_day_leads_to_the_list_of_its_last_finding, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_empty_store_has_no_page_of_days, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
