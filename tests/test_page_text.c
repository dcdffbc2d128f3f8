/* test_page_text.c - the text of a finding: what was found is marked, long texts are cut */
#include "tests/census.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static void render_text(struct str text, struct stored_hit *hits, size_t n, struct buf *out)
{
	struct finding_detail d = { .text = text, .said.hits = hits, .said.n_hits = n };

	const struct page_manner m = MANNER;

	page_text(out, &m, &d);
}

static void hits_are_marked_where_they_stand(void **state)
{
	struct stored_hit hits[] = {
		{ .label = STR("second"), .start = 6, .end = 9 },
		{ .label = STR("first"), .start = 0, .end = 3 },
		{ .label = STR("overlaps"), .start = 2, .end = 5 },
		{ .label = STR("inside"), .start = 7, .end = 8 },
		{ .label = STR("decoded"), .layer = 1, .start = 0, .end = 9 },
		{ .label = STR("beyond"), .start = 5, .end = 99 },
		{ .label = STR("backwards"), .start = 5, .end = 4 },
		{ .label = STR("negative"), .start = -1, .end = 4 },
	};
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	render_text(STR("abc<e\nghi"), hits, sizeof(hits) / sizeof(hits[0]), &out);
#define MARK(label, text)                                                                                                   \
	"<mark class=\"hit leak\"><span class=\"label\"><bdi>" label "</bdi><span class=\"ear\">: </span></span>" text "</" \
	"mark>"
	assert_str(buf_str(&out), "<pre class=\"text\"><bdi>" MARK("first", "abc")
					  MARK("overlaps", "&lt;e") "\n" MARK("second", "ghi") "</bdi></pre>\n");
#undef MARK
}

static void a_label_is_not_repeated_before_each_of_its_kind(void **state)
{
	struct stored_hit hits[] = { { .label = STR("login"), .start = 0, .end = 1 },
				     { .label = STR("login"), .start = 2, .end = 3 } };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	struct str rest;

	(void)state;
	render_text(STR("a b"), hits, 2, &out);
	rest = buf_str(&out);
	assert_true(str_find(rest, STR("<span class=\"label\"><bdi>login")) >= 0);
	assert_true(str_find(rest, STR("<span class=\"label ear\"><bdi>login")) > 0);
}

static void marks_do_not_cut_characters(void **state)
{
	struct stored_hit hits[] = { { .label = STR("x"), .start = 1, .end = 3 } };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	render_text(STR("\xd0\xb6\xd0\xb6"), hits, 1, &out);
	assert_int_equal(str_find(buf_str(&out), STR("\xef\xbf\xbd")), -1);
}

/* 4 MiB of text with a hit near each end. */
static void a_long_text_is_shown_around_its_hits(void **state)
{
	size_t n = MIB(4);
	char *text = malloc(n);
	struct stored_hit hits[] = { { .label = STR("early"), .start = 100, .end = 110 },
				     { .label = STR("late"), .start = (int64_t)n - 20, .end = (int64_t)n } };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	assert_non_null(text);
	memset(text, '.', n);
	render_text((struct str){ text, n }, hits, 2, &out);
	free(text);
	assert_in_range(out.n, 1000, 10000);
	assert_true(str_find(buf_str(&out), STR("early")) > 0);
	assert_true(str_find(buf_str(&out), STR("late")) > 0);
	assert_true(str_find(buf_str(&out), STR("4,192,974 bytes are not shown here.")) > 0);
}

/* A dump of strangers with one line of ours in the middle. */
static void a_long_text_is_shown_around_what_concerns_an_asset(void **state)
{
	size_t n = MIB(1);
	char *text = malloc(n);
	struct stored_hit hits[] = {
		{ .label = STR("login"), .start = 10, .end = 20 },
		{ .label = STR("login"), .start = 500000, .end = 500010 },
		{ .label = STR("login"), .asset = STR("Example Pictures"), .start = 500010, .end = 500020 },
		{ .label = STR("login"), .start = 900000, .end = 900010 }
	};
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	assert_non_null(text);
	memset(text, '.', n);
	render_text((struct str){ text, n }, hits, 4, &out);
	free(text);
	assert_true(str_starts(buf_str(&out), STR("<p class=\"gap\">499,410 bytes are not shown here.</p>")));
	assert_true(str_find(buf_str(&out), STR("<bdi>login</bdi> of <bdi>Example Pictures</bdi>")) > 0);
	assert_true(str_find(buf_str(&out), STR("547,956 bytes are not shown here.")) > 0);
}

static void a_long_mark_and_many_marks_stay_bounded(void **state)
{
	enum { N = LIMIT_HITS };
	size_t n = MIB(4);
	char *text = malloc(n);
	struct stored_hit hits[N];
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	assert_non_null(text);
	memset(text, '<', n);
	for (size_t i = 0; i < N; i++)
		hits[i] = (struct stored_hit){ .label = STR("x"),
					       .start = (int64_t)(i * (n / N)),
					       .end = (int64_t)((i + 1) * (n / N)) };
	render_text((struct str){ text, n }, hits, N, &out);
	free(text);
	assert_false(out.full);
	assert_true(out.n < MIB(1));
}

static void a_long_text_without_a_hit_shows_its_beginning(void **state)
{
	size_t n = 100000;
	char *text = malloc(n);
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	assert_non_null(text);
	memset(text, 'z', n);
	render_text((struct str){ text, n }, NULL, 0, &out);
	free(text);
	assert_true(str_starts(buf_str(&out), STR("<pre class=\"text\"><bdi>zzz")));
	assert_true(str_find(buf_str(&out), STR("95,904 bytes are not shown here.")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_are_marked_where_they_stand),
		cmocka_unit_test(a_label_is_not_repeated_before_each_of_its_kind),
		cmocka_unit_test(marks_do_not_cut_characters),
		cmocka_unit_test(a_long_text_is_shown_around_its_hits),
		cmocka_unit_test(a_long_text_is_shown_around_what_concerns_an_asset),
		cmocka_unit_test(a_long_mark_and_many_marks_stay_bounded),
		cmocka_unit_test(a_long_text_without_a_hit_shows_its_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
