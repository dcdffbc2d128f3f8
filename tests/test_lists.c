/* test_lists.c - long lists in pieces: every page is reached from the first, none is large, an old one is not written again */
#include "tests/stored.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/takedown.h"
#include "web/page.h"
#include "web/report.h"

/* 2026-11-23T09:38:36Z */
#define NOW INT64_C(1795426716000000)

enum { SOURCES = 250, CASES = 450, CAMPAIGNS = 450, FINDINGS = 901, PAGES = 8192 };

/* A desk with as many of each, and a report of it. */
struct desk {
	struct stored b;
	const char *report;
	struct report_options options;
	int reads; /* cases read as a whole */
};

/* What the desk would make of a case, without its clocks. */
static int read_case(const void *desk, struct store *s, const struct takedown_row *row, int64_t now, struct arena *a,
		     struct takedown_page *out, struct err *err)
{
	struct finding_detail *detail = arena_alloc(a, sizeof(*detail));

	++*(int *)(uintptr_t)desk;
	*out = (struct takedown_page){ .row = row, .finding = detail, .now = now };
	if (row->id % 2) { /* an odd one is late */
		struct case_clock *clock = arena_alloc(a, sizeof(*clock));

		*clock = (struct case_clock){ CASE_CLOCK_REPORT, STR(""), NOW - row->id, true };
		out->clocks = clock;
		out->n_clocks = 1;
	}
	return finding_load(s, row->finding, a, detail, err) > 0 ? 0 : E_STORE;
}

/* All rows but the first of each table are copies of it. */
static void fill(struct desk *d)
{
	static const char *const sql[] = {
		("CREATE TEMP TABLE k AS WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 1000)"
		 " SELECT n FROM k"),
		"INSERT INTO source (name) SELECT 'source ' || n FROM k WHERE n < 250",
		("INSERT INTO health (source_id, last_attempt_at, last_success_at) SELECT id, 1795426000000000,"
		 " 1795426000000000 FROM source"),
		("INSERT INTO campaign (public_id, name, first_seen, last_seen) SELECT printf('ca%030x', n), 'campaign ' || n,"
		 " found_at, found_at + n FROM k, finding WHERE n <= 450"),
		("INSERT INTO post (source_id, key, url, author, title, posted_precision, posted_zone_known, posted_raw,"
		 " first_seen, last_seen) SELECT 1 + n % 250, 'k' || n, url, author, title, 0, 0, '', first_seen, last_seen"
		 " FROM k, post WHERE n <= 900"),
		("INSERT INTO finding (public_id, post_id, source_id, assessment_id, severity, category, asset, found_at,"
		 " changed_at, campaign_id) SELECT printf('f%031x', post.id), post.id, post.source_id, 1, 20 + post.id % 80,"
		 " 'leak', 'asset ' || (post.id % 250), 1795426000000000 - post.id, 1795426000000000,"
		 " (SELECT id FROM campaign WHERE public_id = printf('ca%030x', 1 + post.id % 450)) FROM post WHERE id > 1"),
		"INSERT INTO operator (public_id, name, first_seen) VALUES ('0123', 'o', 1)",
		("INSERT INTO takedown (public_id, finding_id, grounds, state, operator_id, first_aware_at, opened_at, "
		 "closed_at)"
		 " SELECT printf('7a%030x', n), 1 + n, 'threat', CASE WHEN n > 225 THEN 'closed' ELSE 'open' END, 1, 1,"
		 " 1795426000000000, CASE WHEN n > 225 THEN 1795426000000000 + n END FROM k WHERE n <= 450"),
	};

	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		stored_sql(&d->b, sql[i]);
}

static int open_desk(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	stored_open(&d->b, DB_SQLITE);
	d->b.unsealed = true;
	stored_finding(&d->b, "first", "a text", NOW);
	fill(d);
	d->report = arena_printf(d->b.a, "%s/report", d->b.folder).p;
	d->options = (struct report_options){ .folder = d->report,
					      .organisation = STR("Example Pictures"),
					      .now = NOW,
					      .read_case = read_case,
					      .desk = &d->reads };
	*state = d;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *d = *state;

	stored_close(&d->b);
	free(d);
	return 0;
}

static void write_report(struct desk *d)
{
	struct err err = { 0 };

	d->reads = 0;
	if (report_write(d->b.store, &d->options, &err) < 0)
		fail_msg("%s", err.text);
}

/* ---- a walk along all links ---- */

struct walk {
	struct desk *desk;
	const char *pages[PAGES]; /* below the folder of the report, in the order in which they were found */
	size_t n;
};

/* The address of a link on a page, below the folder of the report. */
static const char *resolve(struct walk *w, const char *page, struct str href)
{
	const char *slash = strrchr(page, '/');

	if (!slash)
		return arena_copy(w->desk->b.a, href).p;
	if (str_starts(href, STR("../")))
		return arena_copy(w->desk->b.a, str_slice(href, 3, href.n)).p;
	return arena_printf(w->desk->b.a, "%.*s/%.*s", (int)(slash - page), page, STR_ARG(href)).p;
}

static bool is_found(const struct walk *w, const char *page)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->pages[i], page) == 0)
			return true;
	return false;
}

static void visit(struct walk *w, const char *page, const char *from)
{
	if (is_found(w, page))
		return;
	if (access(arena_printf(w->desk->b.a, "%s/%s", w->desk->report, page).p, R_OK) != 0)
		fail_msg("%s leads to %s, which is not there", from, page);
	assert_true(w->n < PAGES);
	w->pages[w->n++] = page;
}

static void follow(struct walk *w, const char *page)
{
	AUTO(buf) content = BUF_INIT(LIMIT_PAGE);
	struct err err = { 0 };
	struct str rest;

	assert_true(file_read(arena_printf(w->desk->b.a, "%s/%s", w->desk->report, page).p, &content, &err) >= 0);
	rest = buf_str(&content);
	for (ssize_t at; (at = str_find(rest, STR("href=\""))) >= 0;) {
		struct str href;

		rest = str_slice(rest, (size_t)at + 6, rest.n);
		href = str_slice(rest, 0, (size_t)str_find(rest, STR("\"")));
		if (href.p[0] != '#')
			visit(w, resolve(w, page, href), page);
	}
}

static size_t count(const struct buf *page, const char *what)
{
	struct str rest = buf_str(page);
	size_t n = 0;

	for (ssize_t at; (at = str_find(rest, str_of(what))) >= 0; n++)
		rest = str_slice(rest, (size_t)at + 1, rest.n);
	return n;
}

static bool is_page(const char *name)
{
	return str_ends(str_of(name), STR(".html"));
}

/* Pages of the report's folder, and of those below it, are among those that were found. */
static void find_all(struct walk *w, const char *below)
{
	AUTO(buf) names = BUF_INIT(MIB(4));
	struct arena *a = w->desk->b.a;
	struct err err = { 0 };

	assert_true(file_names(arena_printf(a, "%s/%s", w->desk->report, below).p, &names, &err) >= 0);
	for (const char *name = names.p; name < names.p + names.n; name += strlen(name) + 1) {
		if (!below[0] && !strchr(name, '.'))
			find_all(w, arena_printf(a, "%s/", name).p);
		else if (is_page(name) && !is_found(w, arena_printf(a, "%s%s", below, name).p))
			fail_msg("no link leads to %s%s", below, name);
	}
}

static void every_page_is_reached_from_the_first_and_no_link_is_broken(void **state)
{
	struct desk *d = *state;
	struct walk w = { d };
	size_t pages = 0;

	write_report(d);
	visit(&w, "index.html", "nobody");
	for (size_t i = 0; i < w.n; i++) {
		pages += is_page(w.pages[i]);
		if (is_page(w.pages[i]))
			follow(&w, w.pages[i]);
	}
	find_all(&w, "");
	assert_true(pages > FINDINGS + CASES + CAMPAIGNS);
}

/* ---- what is written again ---- */

/* The report as if nothing had changed since; then, after `sql`, the names of the pages that were written. */
static struct str written_after(struct desk *d, const char *sql)
{
	AUTO(buf) names = BUF_INIT(MIB(1));
	struct stored *b = &d->b;

	write_report(d);
	assert_int_equal(stored_shell(b, "find report -name '*.html' -printf '%P %i\\n' | sort >before.txt"), 0);
	stored_sql(b, sql);
	write_report(d);
	assert_int_equal(stored_shell(b, "find report -name '*.html' -printf '%P %i\\n' | sort | comm -13 before.txt - |"
					 " cut -d' ' -f1"),
			 0);
	OK(file_read(stored_path(b, "out.txt"), &names, &b->err));
	return arena_copy(b->a, buf_str(&names));
}

static void a_case_that_is_closed_writes_its_page_a_list_and_those_of_all(void **state)
{
	struct desk *d = *state;

	assert_str(written_after(d, "INSERT INTO takedown (public_id, finding_id, grounds, state, operator_id, first_aware_at,"
				    " opened_at, closed_at) VALUES ('7b000000000000000000000000000000', 5, 'threat', 'closed',"
				    " 1, 1, 2, 1795426000000000)"),
		   "takedown/7b000000000000000000000000000000.html\ntakedowns.html\ntakedowns/3.html\n");
	assert_int_equal(d->reads, CASES / 2 + 1); /* the open ones, and this */
}

static void open_and_late_cases_are_counted_where_they_are_not_listed(void **state)
{
	AUTO(buf) index = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) cases = BUF_INIT(LIMIT_PAGE);
	struct desk *d = *state;
	struct stored *b = &d->b;

	write_report(d);
	OK(file_read(stored_path(b, "report/index.html"), &index, &b->err));
	OK(file_read(stored_path(b, "report/takedowns.html"), &cases, &b->err));
	assert_true(str_find(buf_str(&index), STR("Takedowns open</a><b>225</b><span>113 wait too long</span>")) > 0);
	assert_true(str_find(buf_str(&cases), STR("225 cases are open. 113 wait too long.")) > 0);
	assert_int_equal(count(&cases, "href=\"takedown/"), 200 + 50);
	/* the longest over first; what was closed last first */
	assert_true(str_find(buf_str(&cases), STR("takedown/7a0000000000000000000000000000e1.html")) <
		    str_find(buf_str(&cases), STR("takedown/7a0000000000000000000000000000df.html")));
	assert_true(str_find(buf_str(&cases), STR("takedown/7a0000000000000000000000000001c2.html")) <
		    str_find(buf_str(&cases), STR("takedown/7a0000000000000000000000000001c1.html")));
	assert_int_equal(str_find(buf_str(&cases), STR("takedown/7a00000000000000000000000000018f.html")), -1);
}

static void read_page(struct desk *d, const char *name, struct buf *out)
{
	struct stored *b = &d->b;

	buf_clear(out);
	OK(file_read(arena_printf(b->a, "%s/%s", d->report, name).p, out, &b->err));
}

static void sources_that_are_not_well_stand_first_and_a_hundred_on_a_page(void **state)
{
	const struct page_manner m = { &words_english, &audiences[0], STR("Example Pictures"), { 0 } };
	AUTO(buf) page = BUF_INIT(LIMIT_PAGE);
	struct desk *d = *state;
	char ill[PAGE_NAME];
	struct str rest;

	stored_sql(&d->b, "UPDATE health SET failure = 'http', failing_since = 1, detail = '502' WHERE source_id ="
			  " (SELECT id FROM source WHERE name = 'source 200')");
	write_report(d);
	page_file(&m, "source", STR("source 200"), ill);
	read_page(d, "sources.html", &page);
	assert_int_equal(count(&page, "<tr><th scope=\"row\">"), 100);
	assert_true(str_find(buf_str(&page), STR("One source is not well.")) > 0);
	assert_true(str_find(buf_str(&page), STR("Page 1 of 3 <a rel=\"next\" href=\"sources/2.html\">")) > 0);
	rest = str_slice(buf_str(&page), (size_t)str_find(buf_str(&page), STR("href=\"source/")) + 13, page.n);
	assert_true(str_starts(rest, str_of(ill)));
	read_page(d, "sources/2.html", &page);
	assert_true(str_find(buf_str(&page), STR("<h1>Sources, page 2</h1>")) > 0);
	assert_true(str_find(buf_str(&page), STR("Page 2 of 3 <a rel=\"prev\" href=\"../sources.html\">Page before</a>"
						 " <a rel=\"next\" href=\"3.html\">")) > 0);
	read_page(d, "sources/3.html", &page);
	assert_int_equal(count(&page, "<tr><th scope=\"row\">"), 50);
	assert_true(str_find(buf_str(&page), STR("Page 3 of 3 <a rel=\"prev\" href=\"2.html\">")) > 0);
	assert_int_equal(str_find(buf_str(&page), STR("rel=\"next\"")), -1);
}

static void a_source_has_a_page_with_what_was_found_there(void **state)
{
	const struct page_manner m = { &words_english, &audiences[0], STR("Example Pictures"), { 0 } };
	AUTO(buf) page = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) finding = BUF_INIT(LIMIT_PAGE);
	struct desk *d = *state;
	char name[PAGE_NAME];

	write_report(d);
	page_file(&m, "source", STR("source 7"), name);
	read_page(d, arena_printf(d->b.a, "source/%s", name).p, &page);
	assert_true(str_find(buf_str(&page), STR("<h1><bdi>source 7</bdi></h1>")) > 0);
	assert_true(str_find(buf_str(&page), STR("<dt>Findings in 14 days</dt><dd>4</dd>")) > 0);
	assert_int_equal(count(&page, "href=\"../finding/"), 4);
	assert_int_equal(count(&page, "<details>"), 1); /* the strip has its table here */
	read_page(d, "finding/f0000000000000000000000000000009.html", &finding);
	assert_int_equal(count(&finding, "href=\"../source/"), 1);
}

static void no_page_grows_with_what_there_is(void **state)
{
	static const struct {
		const char *page;
		size_t most; /* bytes, half again of what it had */
	} rows[] = {
		{ "index.html", KIB(150) },	{ "takedowns.html", KIB(200) },	  { "takedowns/1.html", KIB(200) },
		{ "campaigns.html", KIB(250) }, { "campaigns/1.html", KIB(200) }, { "sources.html", KIB(200) },
		{ "assets.html", KIB(150) },
	};
	struct desk *d = *state;
	struct stat st;

	write_report(d);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(stat(stored_path(&d->b, arena_printf(d->b.a, "report/%s", rows[i].page).p), &st), 0);
		if ((size_t)st.st_size > rows[i].most)
			fail_msg("%s: %lld bytes", rows[i].page, (long long)st.st_size);
	}
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)
	const struct CMUnitTest tests[] = {
		EACH(every_page_is_reached_from_the_first_and_no_link_is_broken),
		EACH(a_case_that_is_closed_writes_its_page_a_list_and_those_of_all),
		EACH(open_and_late_cases_are_counted_where_they_are_not_listed),
		EACH(sources_that_are_not_well_stand_first_and_a_hundred_on_a_page),
		EACH(a_source_has_a_page_with_what_was_found_there),
		EACH(no_page_grows_with_what_there_is),
	};

	return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
