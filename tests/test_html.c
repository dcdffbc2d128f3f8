/* test_html.c - HTML into a tree, text and links; XPath over it */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/html.h"
#include "crawler/extract/shallow.h"
#include "crawler/extract/text.h"
#include "crawler/extract/xpath.h"

static int read_html(struct arena *a, struct str html, struct html_text *out, struct err *err)
{
	struct str copy = exact_copy(html);
	int result = html_read(copy, STR("https://example.com/dir/page"), a, out, err);

	if (result == 0)
		out->text = arena_copy(a, out->text);
	free((char *)copy.p);
	return result;
}

static void text_keeps_its_layout(void **state)
{
	static const struct {
		const char *why, *html, *text;
	} rows[] = {
		{ "white space is one space", "  a \n\t b  ", "a b" },
		{ "inline elements do not part words", "a<b>b</b>c", "abc" },
		{ "paragraphs are a blank line apart", "<p>a<p>b", "a\n\nb" },
		{ "blocks are lines", "<div>a</div><div>b</div>c", "a\nb\nc" },
		{ "nested blocks are one break", "<div><div><div>a</div></div></div><div>b</div>", "a\nb" },
		{ "breaks", "a<br>b<br><br>c", "a\nb\n\nc" },
		{ "space around a break goes", "a <br> b", "a\nb" },
		{ "a list", "x<ul><li>a<li>b</ul>y", "x\n\n- a\n- b\n\ny" },
		{ "a numbered list", "<ol><li>a<li>b</ol>", "1. a\n2. b" },
		{ "a list in a list", "<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n- b\n- c" },
		{ "a quotation", "<blockquote><p>a<br>b<p>c</blockquote>d", "> a\n> b\n\n> c\n\nd" },
		{ "preformatted", "<pre>a  b\n\n  c</pre>", "a  b\n\n  c" },
		{ "code in a line", "run <code>ls</code>.", "run ls." },
		{ "a table", "<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a\tb\nc\td" },
		{ "no scripts, styles, titles", "<title>t</title><script>x</script><style>y</style>a<template>z</template>",
		  "a" },
		{ "references", "&lt;&eacute;&#x20ac;&amp;", "<\xc3\xa9\xe2\x82\xac&" },
		{ "hard spaces look like spaces", "a&nbsp;&nbsp;b", "a  b" },
		{ "no end tags at all", "<table><td>a<div>b", "a\nb" },
		{ "a form's text", "<textarea>a\n b</textarea>", "a\n b" },
		{ "nothing", "", "" },
		{ "a NUL is not text", "a&#0;b", "a" UTF8_REPLACEMENT "b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct html_text page;

		assert_int_equal(read_html(a, str_of(rows[i].html), &page, NULL), 0);
		if (!str_eq(page.text, str_of(rows[i].text)))
			fail_msg("%s: \"%.*s\"", rows[i].why, STR_ARG(page.text));
	}
}

static void links_are_resolved_and_told_with_their_text(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct html_text page;

	(void)state;
	assert_int_equal(
		read_html(
			a,
			STR("<title> A\n page </title><link rel=next href='?p=2'><a href='../x' rel=nofollow>to\n <b>x</b></a>"
			    "<a href='mailto:a@example.com'>mail</a><a name=here>no</a><a href='HTTP://Example.org'>y</a>"),
			&page, NULL),
		0);
	assert_str(page.title, "A page");
	assert_int_equal(page.n_links, 3);
	assert_str(page.links[0].href, "https://example.com/dir/page?p=2");
	assert_str(page.links[0].rel, "next");
	assert_str(page.links[1].href, "https://example.com/x");
	assert_str(page.links[1].rel, "nofollow");
	assert_str(page.links[1].text, "to x");
	assert_str(page.links[2].href, "http://example.org/");
	assert_int_equal(read_html(a, STR("<base href='https://example.net/b/'><a href=c>c</a>"), &page, NULL), 0);
	assert_str(page.links[0].href, "https://example.net/b/c");
}

static void outside_links_of_a_post_are_written_out(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct _xmlDoc *doc;

	(void)state;
	assert_int_equal(html_parse(a,
				    STR("see <a href='https://example.net/f'>mirror</a>, <a href='/x'>here</a> and "
					"<a href='https://example.org/'>https://example.org/</a>"),
				    &doc, NULL),
			 0);
	assert_str(text_of_element(a, tree_root(doc), 1000, (struct text_options){ .links = true }),
		   "see mirror <https://example.net/f>, here and https://example.org/");
}

static void text_is_cut_between_characters(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct _xmlDoc *doc;

	(void)state;
	assert_int_equal(html_parse(a, STR("abc\xe2\x82\xac\xe2\x82\xac"), &doc, NULL), 0);
	for (size_t max = 0; max < 12; max++) {
		struct str text = text_of_element(a, tree_root(doc), max, (struct text_options){ 0 });

		assert_true(text.n <= max && utf8_is_clean(text));
	}
	assert_str(text_cut(STR("a\xf0\x9f\x98\x80"), 4), "a");
	assert_str(text_line(a, tree_root(doc), 4), "abc");
}

static struct str found(struct xpath *x, struct arena *a, const char *expression)
{
	struct xpath_nodes nodes;

	assert_int_equal(xpath_find(x, str_of(expression), NULL, 10, a, &nodes, NULL), 0);
	return nodes.n ? text_line(a, nodes.items[0], 1000) : nodes.text;
}

static void xpath_finds_elements_attributes_and_values(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct _xmlDoc *doc;
	struct xpath_nodes nodes;

	(void)state;
	assert_int_equal(
		html_parse(a, STR("<ul class=l><li id=x>one<li id=y>two</ul><x-y z=1>odd</x-y><svg><a href=q>s</a></svg>"),
			   &doc, NULL),
		0);
	{
		AUTO_FREE(xpath) x = xpath_new(doc);

		assert_str(found(x, a, "//li[2]"), "two");
		assert_str(found(x, a, "//ul[@class='l']/li/@id"), "x");
		assert_str(found(x, a, "concat(//li[1], '-', count(//li))"), "one-2");
		assert_str(found(x, a, "//li[last()]/preceding-sibling::li"), "one");
		assert_str(found(x, a, "//x-y"), "odd");
		assert_str(found(x, a, "//svg/a/@href"), "q");
		assert_str(found(x, a, "//li[2] | //li[1]"), "one"); /* in the page's order */
		assert_str(found(x, a, "//nothing"), "");
		assert_str(found(x, a, "id('x')"), "");
		assert_true(xpath_holds(x, STR("//li"), a));
		assert_true(xpath_holds(x, STR("count(//li) = 2"), a));
		assert_false(xpath_holds(x, STR("count(//li) = 3"), a));
		assert_false(xpath_holds(x, STR("//nothing"), a));
		assert_int_equal(xpath_find(x, STR("//li"), NULL, 1, a, &nodes, NULL), 0);
		assert_int_equal(nodes.n, 1);
		assert_int_equal(xpath_find(x, STR("."), nodes.items[0], 9, a, &nodes, NULL), 0);
		assert_str(text_line(a, nodes.items[0], 100), "one");
		assert_int_equal(xpath_find(x, STR("nofunction(1)"), NULL, 1, a, &nodes, NULL), E_BAD);
	}
}

static void has_class_knows_words_of_a_class(void **state)
{
	static const struct {
		const char *class, *expression;
		bool holds;
	} rows[] = {
		{ "post", "//p[has-class('post')]", true },
		{ "a post b", "//p[has-class('post')]", true },
		{ "a\npost", "//p[has-class('post')]", true },
		{ "posts", "//p[has-class('post')]", false },
		{ "a-post", "//p[has-class('post')]", false },
		{ "posted post", "//p[has-class('post')]", true },
		{ "Post", "//p[has-class('post')]", false },
		{ "", "//p[has-class('post')]", false },
		{ "post", "//p[has-class('')]", false },
		{ "post", "//p/@class[has-class('post')]", false }, /* of elements only */
		{ "post", "//p[not(has-class('x')) and has-class('post')]", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct _xmlDoc *doc;

		assert_int_equal(html_parse(a, arena_printf(a, "<p id=x class='%s'>x", rows[i].class), &doc, NULL), 0);
		{
			AUTO_FREE(xpath) x = xpath_new(doc);

			if (xpath_holds(x, str_of(rows[i].expression), a) != rows[i].holds)
				fail_msg("%s in \"%s\"", rows[i].expression, rows[i].class);
			assert_false(xpath_holds(x, STR("//p[has-class()]"), a));
			assert_false(xpath_holds(x, STR("//p[has-class(@class)]"), a));
		}
	}
}

static void more_expressions_than_are_kept_are_evaluated_too(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct _xmlDoc *doc;

	(void)state;
	assert_int_equal(html_parse(a, STR("<p>x"), &doc, NULL), 0);
	{
		AUTO_FREE(xpath) x = xpath_new(doc);

		for (int i = 0; i < 200; i++) {
			struct str expression = arena_printf(a, "concat(//p, '%d')", i % 60);

			assert_str(found(x, a, expression.p), arena_printf(a, "x%d", i % 60).p);
		}
	}
}

static void an_expression_is_checked_before_it_is_used(void **state)
{
	AUTO(buf) deep = BUF_INIT(4000);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(xpath_check(STR("//a[@b='c']/@href"), &err), 0);
	assert_int_equal(xpath_check(STR("//a["), &err), E_USAGE);
	assert_non_null(strstr(err.text, "is no XPath 1.0"));
	assert_int_equal(xpath_check(STR(""), &err), E_USAGE);
	assert_int_equal(xpath_check(STR("//a[contain(@href, 'x')]"), &err), E_USAGE);
	assert_string_equal(err.text, "XPath 1.0 has no function contain()");
	assert_int_equal(xpath_check(STR("//a[not (@b) and (1 or(2)) and . = 'f(x)' and child::text()]"), &err), 0);
	assert_int_equal(xpath_check((struct str){ "a\0b", 3 }, &err), E_USAGE);
	for (int i = 0; i < 2000; i++)
		buf_add_char(&deep, '(');
	assert_int_equal(xpath_check(buf_str(&deep), &err), E_USAGE);
	for (int i = 0; i < 1000; i++)
		buf_add_char(&deep, '(');
	assert_int_equal(xpath_check(buf_str(&deep), &err), E_USAGE);
}

static void costly_expressions_are_stopped(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_BODY);
	struct _xmlDoc *doc;
	struct xpath_nodes nodes;
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_add(&html, STR("<i>a</i>"));
	assert_int_equal(html_parse(a, buf_str(&html), &doc, NULL), 0);
	{
		AUTO_FREE(xpath) x = xpath_new(doc);

		assert_int_equal(xpath_find(x, STR("//i[count(//i[. = 'a']) > 0]"), NULL, 10, a, &nodes, &err), E_BAD);
		assert_int_equal(xpath_find(x, STR("//i"), NULL, 10, a, &nodes, &err), E_BAD); /* the page had its share */
	}
	{
		AUTO_FREE(xpath) x = xpath_new(doc);

		assert_int_equal(xpath_find(x, STR("//i"), NULL, 10, a, &nodes, &err), 0);
		assert_int_equal(nodes.n, 10);
	}
}

static void repeat(struct buf *b, const char *s, int n)
{
	for (int i = 0; i < n; i++)
		buf_add(b, str_of(s));
}

static void nesting_is_cut_and_its_text_kept(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	struct html_text page;

	(void)state;
	repeat(&html, "<div>", 1000000);
	buf_add(&html, STR("deep"));
	repeat(&html, "</div>", 1000000);
	buf_add(&html, STR("<p>behind"));
	assert_int_equal(read_html(a, buf_str(&html), &page, NULL), 0);
	assert_str(page.text, "deep\n\nbehind");
}

static void open_formatting_does_not_multiply(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	struct html_text page;
	struct err err = { 0 };
	int result;

	(void)state;
	repeat(&html, "<b>", 20000);
	repeat(&html, "<p>", 20000);
	result = read_html(a, buf_str(&html), &page, &err);
	assert_true(result == 0 || result == E_LIMIT);
	arena_clear(a);
	html.n = 0;
	for (int i = 0; i < 5000; i++)
		buf_printf(&html, "<b id=%d>", i); /* three alike would be one */
	repeat(&html, "<p>x", 20000);
	result = read_html(a, buf_str(&html), &page, &err);
	assert_true(result == 0 || result == E_LIMIT);
}

static void attributes_do_not_multiply(void **state)
{
	static const char *const separators[] = { " ", "/", "=''", "='' ", "\n" };

	(void)state;
	for (size_t s = 0; s < sizeof(separators) / sizeof(separators[0]); s++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
		struct html_text page;

		buf_add(&html, STR("<i class=first "));
		for (int i = 0; i < 100000; i++)
			buf_printf(&html, "a%d%s", i, separators[s]);
		buf_add(&html, STR(">text</i>"));
		assert_int_equal(read_html(a, buf_str(&html), &page, NULL), 0);
		assert_str(page.text, "text");
		html.n -= strlen(">text</i>"); /* a tag without an end */
		assert_int_equal(read_html(a, buf_str(&html), &page, NULL), 0);
		assert_str(page.text, "");
	}
}

static void a_page_beyond_the_arena_is_an_error_and_not_an_end(void **state)
{
	AUTO_FREE(arena) a = arena_new(KIB(300));
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	struct html_text page;
	struct err err = { 0 };

	(void)state;
	repeat(&html, "<i>a</i>", 10000);
	assert_int_equal(read_html(a, buf_str(&html), &page, &err), E_LIMIT);
	assert_non_null(strstr(err.text, "memory"));
	arena_clear(a);
	assert_int_equal(read_html(a, STR("a"), &page, &err), 0);
}

static void a_hundred_thousand_links_are_cut(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	struct html_text page;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_printf(&html, "<a href=/%d>l</a>", i);
	assert_int_equal(read_html(a, buf_str(&html), &page, NULL), 0);
	assert_int_equal(page.n_links, LIMIT_LINKS);
}

static void ordinary_pages_are_not_touched_before_parsing(void **state)
{
	static const char *const pages[] = {
		"<html><body><p>a<p>b<ul><li>c<li>d</ul><br><img src=x></body></html>",
		"<script>'<div><div>'</script><!-- <div> --><textarea><div></textarea>",
		"<a title = '>'>x</a>",
		"< a <b",
		"",
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct str copy = exact_copy(str_of(pages[i]));

		assert_ptr_equal(shallow_html(a, copy).p, copy.p);
		free((char *)copy.p);
	}
	repeat(&html, "<p><li><br><img src=x><td><option>", 10000);
	assert_ptr_equal(shallow_html(a, buf_str(&html)).p, html.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_keeps_its_layout),
		cmocka_unit_test(links_are_resolved_and_told_with_their_text),
		cmocka_unit_test(outside_links_of_a_post_are_written_out),
		cmocka_unit_test(text_is_cut_between_characters),
		cmocka_unit_test(xpath_finds_elements_attributes_and_values),
		cmocka_unit_test(has_class_knows_words_of_a_class),
		cmocka_unit_test(more_expressions_than_are_kept_are_evaluated_too),
		cmocka_unit_test(an_expression_is_checked_before_it_is_used),
		cmocka_unit_test(costly_expressions_are_stopped),
		cmocka_unit_test(nesting_is_cut_and_its_text_kept),
		cmocka_unit_test(open_formatting_does_not_multiply),
		cmocka_unit_test(attributes_do_not_multiply),
		cmocka_unit_test(a_page_beyond_the_arena_is_an_error_and_not_an_end),
		cmocka_unit_test(a_hundred_thousand_links_are_cut),
		cmocka_unit_test(ordinary_pages_are_not_touched_before_parsing),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
