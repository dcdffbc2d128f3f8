/* test_chart.c - pictures: what each is called, that its table says the same, that hostile labels stay text */
#include "tests/census.h"

#include <string.h>

#include "base/limits.h"
#include "web/chart.h"

#define HOSTILE_LABEL "</text></title></svg></td></table><script>alert(1)</script>\"><svg onload=alert(2)>\xe2\x80\xae&lt;"
#define DAY	      (INT64_C(86400) * 1000000)
/* 2026-11-23T00:00:00Z */
#define MONDAY INT64_C(1795392000000000)

static struct chart chart_named(struct str s)
{
	return (struct chart){ .words = &words_english, .id = "days", .title = s, .desc = s, .rows = s, .note = s };
}

static const struct chart_series severities[] = { { "critical", STR("critical") }, { "low", STR("low") } };

static void draw_bars(struct str s, struct buf *out,
		      void (*draw)(struct buf *, const struct chart *, const struct chart_bars *))
{
	struct chart_series series[] = { { "critical", s }, { "low", s } };
	struct chart_bar bars[] = { { .label = s, .tick = s, .note = s, .href = STR("x.html"), .n = { 3, 1 } },
				    { .label = s, .n = { 0, 12345 } } };
	struct chart c = chart_named(s);

	draw(out, &c, &(struct chart_bars){ .series = series, .n_series = 2, .bars = bars, .n = 2 });
}

static void draw_stacks(struct str s, struct buf *out)
{
	draw_bars(s, out, chart_stacks);
}

static void draw_rows(struct str s, struct buf *out)
{
	draw_bars(s, out, chart_rows);
}

static void draw_heat(struct str s, struct buf *out)
{
	struct str names[] = { s, s };
	int64_t n[] = { 0, 1, 2, 40 };
	struct chart c = chart_named(s);

	chart_heat(out, &c, &(struct chart_field){ .rows = names, .columns = names, .n_rows = 2, .n_columns = 2, .n = n });
}

static void draw_timeline(struct str s, struct buf *out)
{
	struct chart_event events[] = { { MONDAY, 0, "high", s, s, STR("x.html") },
					{ MONDAY + DAY, 1, "low", s, s, { 0 } },
					{ MONDAY + DAY, 2, "low", s, s, { 0 } } }; /* a place that there is not */
	struct str rows[] = { s, s };
	struct chart c = chart_named(s);

	chart_timeline(
		out, &c,
		&(struct chart_time){
			.from = MONDAY, .until = MONDAY + 5 * DAY, .rows = rows, .n_rows = 2, .events = events, .n = 3 });
}

static void draw_strip(struct str s, struct buf *out)
{
	struct chart_series kinds[] = { { "well", s }, { "wrong", s } };
	static const unsigned char cells[] = { 0, 0, 1, 9, 0 };
	struct chart c = chart_named(s);

	chart_strip(out, &c,
		    &(struct chart_spans){ .kinds = kinds, .n_kinds = 2, .cells = cells, .n = 5, .from = MONDAY, .each = DAY });
}

static void (*const drawings[])(struct str, struct buf *) = { draw_stacks, draw_rows, draw_heat, draw_timeline, draw_strip };

/* How many elements a browser reads, and how many mistakes. */
struct count {
	size_t elements, mistakes, titles, rows;
};

static void count_node(const GumboNode *n, struct count *c)
{
	if (n->type != GUMBO_NODE_ELEMENT)
		return;
	c->elements += !(n->v.element.tag == GUMBO_TAG_CODE);
	c->titles += n->v.element.tag == GUMBO_TAG_TITLE;
	c->rows += n->v.element.tag == GUMBO_TAG_TR;
	for (unsigned i = 0; i < n->v.element.attributes.length; i++)
		if (strncasecmp(((GumboAttribute *)n->v.element.attributes.data[i])->name, "on", 2) == 0)
			c->mistakes++;
}

static struct count count_of(const struct buf *drawn)
{
	AUTO(buf) page = BUF_INIT(MIB(1));
	struct count c = { 0 };
	GumboOutput *o;

	buf_printf(&page, "<!DOCTYPE html><html><head><title>x</title></head><body>%.*s</body></html>",
		   STR_ARG(buf_str(drawn)));
	o = gumbo_parse_with_options(&kGumboDefaultOptions, page.p, page.n);
	for (const GumboNode *n = o->root; n; n = census_next(n))
		count_node(n, &c);
	c.mistakes += o->errors.length;
	gumbo_destroy_output(&kGumboDefaultOptions, o);
	return c;
}

static void hostile_labels_stay_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(drawings) / sizeof(drawings[0]); i++) {
		AUTO(buf) plain = BUF_INIT(MIB(1));
		AUTO(buf) hostile = BUF_INIT(MIB(1));
		struct count a, b;

		drawings[i](STR("an ordinary word"), &plain);
		drawings[i](STR(HOSTILE_LABEL), &hostile);
		a = count_of(&plain);
		b = count_of(&hostile);
		assert_int_equal(a.mistakes, 0);
		assert_int_equal(b.mistakes, 0);
		assert_int_equal(a.elements, b.elements);
		assert_int_equal(str_find(buf_str(&hostile), STR("<script")), -1);
		assert_int_equal(str_find(buf_str(&hostile), STR("\xe2\x80\xae")), -1);
	}
}

static void each_has_a_title_a_description_and_a_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(drawings) / sizeof(drawings[0]); i++) {
		AUTO(buf) out = BUF_INIT(MIB(1));

		drawings[i](STR("Word"), &out);
		assert_true(str_find(buf_str(&out), STR("role=\"img\"")) > 0);
		assert_true(str_find(buf_str(&out), STR("aria-labelledby=\"days-title\" aria-describedby=\"days-desc\"><title "
							"id=\"days-title\">Word</title><desc id=\"days-desc\">Word</desc>")) >
			    0);
		assert_true(str_find(buf_str(&out), STR("<details><summary>As a table<span class=\"ear\">: Word")) > 0);
		assert_true(str_find(buf_str(&out), STR("</table>\n</details>\n")) > 0);
	}
}

static void the_table_says_what_the_picture_shows(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(1));

	(void)state;
	draw_stacks(STR("Monday"), &out);
	assert_true(str_find(buf_str(&out),
			     STR("<tr><th scope=\"row\"><a href=\"x.html\"><bdi>Monday</bdi></a></th><td "
				 "class=\"number\">3</td><td class=\"number\">1</td><td class=\"number\">4</td>")) > 0);
	assert_true(str_find(buf_str(&out), STR("<td class=\"number\">12,345</td>")) > 0);
	assert_true(str_find(buf_str(&out), STR("<title>Monday: 3 Monday, 1 Monday</title>")) > 0);
}

static void a_scale_ends_at_a_round_number(void **state)
{
	static const struct {
		const char *why;
		int64_t n;
		const char *scale;
	} rows[] = {
		{ "nothing at all", 0, ">1</text>" },
		{ "one", 1, ">1</text>" },
		{ "as it is", 6, ">6</text>" },
		{ "the next of 1, 2, 3, 4, 6, 8", 5, ">6</text>" },
		{ "between two powers", 11, ">20</text>" },
		{ "large", 2000001, ">3,000,000</text>" },
		{ "beyond any", INT64_MAX / 4, "</text>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct chart_bar bar = { .label = STR("x"), .n = { rows[i].n } };
		struct chart c = chart_named(STR("x"));
		AUTO(buf) out = BUF_INIT(KIB(64));

		chart_stacks(&out, &c, &(struct chart_bars){ .series = severities, .n_series = 1, .bars = &bar, .n = 1 });
		if (str_find(buf_str(&out), str_of(rows[i].scale)) < 0)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
	}
}

static void what_is_there_at_all_is_seen(void **state)
{
	struct chart_bar bars[] = { { .label = STR("a"), .n = { 1, 0 } }, { .label = STR("b"), .n = { 0, 100000 } } };
	struct chart c = chart_named(STR("x"));
	AUTO(buf) out = BUF_INIT(KIB(64));

	(void)state;
	chart_stacks(&out, &c, &(struct chart_bars){ .series = severities, .n_series = 2, .bars = bars, .n = 2 });
	assert_true(str_find(buf_str(&out), STR("y=\"166.00\" height=\"2.00\"")) > 0);
	assert_true(str_find(buf_str(&out), STR("y=\"18.00\" height=\"150.00\"")) > 0);
}

static void a_run_of_one_kind_is_one_row(void **state)
{
	AUTO(buf) out = BUF_INIT(KIB(64));
	struct count c;

	(void)state;
	draw_strip(STR("x"), &out);
	c = count_of(&out);
	assert_int_equal(c.rows, 1 + 4); /* the head; 0-1, 2, 3, 4 */
	assert_true(str_find(buf_str(&out), STR("<title>2026-11-23 00:00 \xe2\x80\x93 2026-11-25 00:00: x</title>")) > 0);
}

static void long_labels_are_cut_in_the_picture_only(void **state)
{
	static const char label[] = "\xd0\xb6ooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo";
	struct chart_bar bar = { .label = { label, sizeof(label) - 1 }, .n = { 1 } };
	struct chart c = chart_named(STR("x"));
	AUTO(buf) out = BUF_INIT(KIB(64));

	(void)state;
	c.note = (struct str){ 0 };
	chart_rows(&out, &c, &(struct chart_bars){ .series = severities, .n_series = 1, .bars = &bar, .n = 1 });
	assert_true(str_find(buf_str(&out), STR("oooooo\xe2\x80\xa6</text>")) > 0);
	assert_true(str_find(buf_str(&out),
			     STR("<bdi>\xd0\xb6ooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo</bdi>")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_labels_stay_text),
		cmocka_unit_test(each_has_a_title_a_description_and_a_table),
		cmocka_unit_test(the_table_says_what_the_picture_shows),
		cmocka_unit_test(a_scale_ends_at_a_round_number),
		cmocka_unit_test(what_is_there_at_all_is_seen),
		cmocka_unit_test(a_run_of_one_kind_is_one_row),
		cmocka_unit_test(long_labels_are_cut_in_the_picture_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
