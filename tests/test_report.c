/* test_report.c - the report as files: a page for each finding, folders are swapped, a full disk leaves the old one */
#include "tests/census.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"
#include "web/report.h"

struct desk {
	struct arena *a;
	struct store *store;
	const char *folder, *report;
};

static int open_desk(void **state)
{
	static struct desk d;
	char name[] = "/tmp/watchdesk-report-XXXXXX";
	struct err err = { 0 };

	d.a = arena_new(MIB(16));
	d.folder = arena_copy(d.a, str_of(mkdtemp(name))).p;
	d.report = arena_printf(d.a, "%s/report", d.folder).p;
	d.store = store_open(&(struct store_place){ .folder = arena_printf(d.a, "%s/store", d.folder).p }, STORE_CREATE, &err);
	*state = &d;
	return d.store ? 0 : -1;
}

static int close_desk(void **state)
{
	struct desk *d = *state;

	store_free(d->store);
	file_remove_folder(d->folder, NULL);
	arena_free(d->a);
	return 0;
}
static void store_one(struct desk *d, const char *key, int severity)
{
	const unsigned char none[DIGEST_BYTES] = { 0 };
	struct stored_post p = {
		.key = str_of(key), .url = STR("https://paste.example/x"), .title = STR(HOSTILE), .text = STR("a text")
	};
	struct stored_result result;
	struct err err = { 0 };

	p.assessment = (struct stored_assessment){ .leak = 0.9, .severity = severity, .category = STR("leak") };
	assert_int_equal(store_begin(d->store, &err), 0);
	assert_true(store_source(d->store, STR("smallpaste"), &p.source_id, &err) >= 0);
	assert_true(store_classifier(d->store, &(struct stored_classifier){ none, none, STR("test") }, NOW,
				     &p.assessment.classifier_id, &err) >= 0);
	assert_true(store_post(d->store, &p, NOW, &result, &err) >= 0);
	assert_int_equal(store_commit(d->store, &err), 0);
}

static size_t pages_in(struct desk *d)
{
	AUTO(buf) names = BUF_INIT(MIB(1));
	size_t n = 0;

	assert_true(file_names(arena_printf(d->a, "%s/finding", d->report).p, &names, NULL) >= 0);
	for (size_t i = 0; i < names.n; i++)
		n += names.p[i] == '\0';
	return n;
}

/* Each address of a page of the report's first folder leads to a file of it. The links to findings. */
static size_t follow_links(struct desk *d, struct str page)
{
	size_t findings = 0;

	for (ssize_t at; (at = str_find(page, STR("href=\""))) >= 0;) {
		struct str href;

		page = str_slice(page, (size_t)at + 6, page.n);
		href = str_slice(page, 0, (size_t)str_find(page, STR("\"")));
		findings += str_starts(href, STR("finding/"));
		if (href.p[0] != '#' && access(arena_printf(d->a, "%s/%.*s", d->report, STR_ARG(href)).p, R_OK) != 0)
			fail_msg("a link leads to %.*s", STR_ARG(href));
	}
	return findings;
}

static void each_finding_has_a_page_that_the_index_links_to(void **state)
{
	struct desk *d = *state;
	struct report_options o = { .folder = d->report, .organisation = STR("Example Pictures"), .now = NOW };
	struct err err = { 0 };
	AUTO(buf) index = BUF_INIT(LIMIT_PAGE);
	struct census c;

	store_one(d, "a", 80);
	store_one(d, "b", 30);
	store_one(d, "noise", 5);
	assert_int_equal(report_write(d->store, &o, &err), 0);
	assert_int_equal(pages_in(d), 2);
	assert_true(file_read(arena_printf(d->a, "%s/index.html", d->report).p, &index, &err) >= 0);
	take_census(&index, &c);
	assert_int_equal(follow_links(d, buf_str(&index)), 2);
	assert_int_equal(access(arena_printf(d->a, "%s/by-severity-high.html", d->report).p, R_OK), 0);
}

static void what_an_audience_may_not_see_has_no_page(void **state)
{
	static const struct {
		size_t audience;
		const char *page;
		bool there;
	} rows[] = {
		{ 0, "sources.html", true },   { 0, "purged.html", true },   { 1, "sources.html", false },
		{ 1, "purged.html", true },    { 2, "sources.html", false }, { 2, "purged.html", false },
		{ 2, "campaigns.html", true }, { 2, "about.html", true },
	};
	struct desk *d = *state;
	struct err err = { 0 };

	store_one(d, "a", 80);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *folder = arena_printf(d->a, "%s/of-%zu", d->folder, rows[i].audience).p;
		const struct report_options o = { .folder = folder, .now = NOW, .audience = &audiences[rows[i].audience] };

		assert_int_equal(report_write(d->store, &o, &err), 0);
		if ((access(arena_printf(d->a, "%s/%s", folder, rows[i].page).p, F_OK) == 0) != rows[i].there)
			fail_msg("%s of audience %zu", rows[i].page, rows[i].audience);
	}
}

static void a_second_report_takes_the_place_of_the_first(void **state)
{
	struct desk *d = *state;
	struct report_options o = { .folder = d->report, .now = NOW };
	struct err err = { 0 };

	store_one(d, "a", 80);
	assert_int_equal(report_write(d->store, &o, &err), 0);
	store_one(d, "b", 80);
	assert_int_equal(report_write(d->store, &o, &err), 0);
	assert_int_equal(pages_in(d), 2);
}

static void a_folder_with_other_files_is_left_alone(void **state)
{
	struct desk *d = *state;
	struct report_options o = { .folder = d->folder, .now = NOW }; /* `report: .`: the store lies in it */
	struct err err = { 0 };

	store_one(d, "a", 80);
	assert_int_equal(report_write(d->store, &o, &err), E_USAGE);
	assert_true(str_find(str_of(err.text), STR("holds store")) > 0);
	assert_int_equal(access(arena_printf(d->a, "%s/store", d->folder).p, F_OK), 0);
}

static void a_slash_at_the_end_changes_nothing(void **state)
{
	struct desk *d = *state;
	struct report_options o = { .folder = arena_printf(d->a, "%s/", d->report).p, .now = NOW };
	struct err err = { 0 };

	store_one(d, "a", 80);
	assert_int_equal(report_write(d->store, &o, &err), 0);
	assert_int_equal(report_write(d->store, &o, &err), 0);
	assert_int_equal(pages_in(d), 1);
}

/* Files may not grow beyond a kilobyte, as on a disk that is full. */
static int write_on_a_full_disk(struct desk *d, const struct report_options *o, struct err *err)
{
	struct rlimit old, small;
	int code;

	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 1024, old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	code = report_write(d->store, o, err);
	setrlimit(RLIMIT_FSIZE, &old);
	return code;
}

static void a_report_that_cannot_be_written_leaves_the_old_one(void **state)
{
	struct desk *d = *state;
	struct report_options o = { .folder = d->report, .now = NOW };
	struct err err = { 0 };

	store_one(d, "a", 80);
	assert_int_equal(report_write(d->store, &o, &err), 0);
	store_one(d, "b", 80);
	assert_int_equal(write_on_a_full_disk(d, &o, &err), E_IO);
	assert_true(str_find(str_of(err.text), STR("cannot write")) >= 0);
	assert_int_equal(pages_in(d), 1);
	assert_int_equal(access(arena_printf(d->a, "%s.fresh", d->report).p, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_finding_has_a_page_that_the_index_links_to, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(what_an_audience_may_not_see_has_no_page, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_second_report_takes_the_place_of_the_first, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_folder_with_other_files_is_left_alone, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_slash_at_the_end_changes_nothing, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_report_that_cannot_be_written_leaves_the_old_one, open_desk, close_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
