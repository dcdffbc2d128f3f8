/* test_rows.c - labelled texts: what a line may hold, and what a person reads of one that is wrong */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/rows.h"

/* The last row that was handed on, and how many. */
struct taken {
	size_t n, stop_at;
	int8_t heads[LANGUAGE_HEADS];
	char text[80], source[80], kind[80], lang[80];
};

static void keep(char out[80], struct str s)
{
	snprintf(out, 80, "%.*s", STR_ARG(s));
}

static int take(void *whose, const struct labelled *row, struct err *err)
{
	struct taken *t = whose;

	memcpy(t->heads, row->heads, sizeof(t->heads));
	keep(t->text, row->text);
	keep(t->source, row->source);
	keep(t->kind, row->kind);
	keep(t->lang, row->lang);
	t->n++;
	return t->n == t->stop_at ? err_set(err, E_LIMIT, "enough") : 0;
}

/* From a heap block of the exact size. */
static int read_text(const char *text, struct taken *out, struct err *err)
{
	struct str copy = exact_copy(str_of(text));
	int answer;

	*out = (struct taken){ .stop_at = out->stop_at };
	*err = (struct err){ 0 };
	answer = rows_read_text(copy, "f", take, out, err);
	free((char *)(uintptr_t)copy.p);
	return answer;
}

static void labels_are_yes_no_or_unknown(void **state)
{
	static const struct {
		const char *why, *line;
		int8_t heads[LANGUAGE_HEADS];
	} rows[] = {
		{ "public data says nothing of reports",
		  "{\"text\": \"a\", \"labels\": {\"violence\": 1, \"leak\": 0}, \"source\": \"x\"}",
		  { 1, -1, 0, -1, -1 } },
		{ "what was written by hand is a report or none",
		  "{\"text\": \"a\", \"labels\": {\"dox\": 1}, \"kind\": \"x\"}",
		  { -1, -1, -1, 1, 0 } },
		{ "a report",
		  "{\"text\": \"a\", \"labels\": {\"extortion\": 0}, \"kind\": \"x\", \"reports\": true}",
		  { -1, 0, -1, -1, 1 } },
		{ "null is absent",
		  "{\"text\": \"a\", \"labels\": {\"extortion\": null}, \"source\": \"x\"}",
		  { -1, -1, -1, -1, -1 } },
		{ "no labels at all", "{\"text\": \"a\", \"source\": \"x\"}", { -1, -1, -1, -1, -1 } },
	};
	struct taken t = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].line, &t, &err), 0);
		if (t.n != 1 || memcmp(t.heads, rows[i].heads, sizeof(t.heads)) != 0)
			fail_msg("%s", rows[i].why);
	}
}

static void texts_written_by_hand_have_their_kind_as_source(void **state)
{
	struct taken t = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(read_text("{\"text\": \"a\", \"kind\": \"ransom-note\", \"lang\": \"de\"}", &t, &err), 0);
	assert_string_equal(t.source, "own/ransom-note");
	assert_string_equal(t.kind, "ransom-note");
	assert_string_equal(t.lang, "de");
	assert_int_equal(read_text("{\"text\": \"a\", \"kind\": \"k\", \"source\": \"s\"}", &t, &err), 0);
	assert_string_equal(t.source, "s");
}

static void what_is_wrong_is_named_by_line(void **state)
{
	static const struct {
		const char *text, *expected;
		size_t before; /* rows that were handed on */
	} rows[] = {
		{ "{\"text\": \"a\", \"source\": \"x\"}\n\n{\"text\": ", "f:3: ", 1 },
		{ "[]", "f:1: ", 0 },
		{ "{\"source\": \"x\"}", "f:1: \"text\" is missing, expected the text of a post", 0 },
		{ "{\"text\": \"\", \"source\": \"x\"}", "f:1: \"text\" is missing, expected the text of a post", 0 },
		{ "{\"text\": 7, \"source\": \"x\"}", "f:1: \"text\" is not a string", 0 },
		{ "{\"text\": \"a\"}", "f:1: \"source\" is missing, expected where the text comes from, or a \"kind\"", 0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"labels\": {\"leak\": 2}}", "f:1: labels.leak is 2, expected 0 or 1",
		  0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"labels\": {\"leak\": true}}", "f:1: \"labels.leak\" is not a number",
		  0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"labels\": {\"leek\": 1}}",
		  "f:1: there is no label \"leek\", expected violence, extortion, leak or dox", 0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"labels\": {\"report\": 1}}", "f:1: there is no label \"report\"", 0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"labels\": [\"leak\"]}", "f:1: \"labels\" is not an object", 0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"labels\": \"leak\"}", "f:1: \"labels\" is not an object", 0 },
		{ "{\"text\": \"a\", \"source\": \"x\", \"reports\": 1}", "f:1: \"reports\" is not true or false", 0 },
	};
	struct taken t = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &t, &err), E_BAD);
		if (strncmp(err.text, rows[i].expected, strlen(rows[i].expected)) != 0)
			fail_msg("%s: \"%s\", expected \"%s\"", rows[i].text, err.text, rows[i].expected);
		assert_int_equal(t.n, rows[i].before);
	}
}

static void who_takes_rows_can_end_it_and_the_line_is_named(void **state)
{
	struct taken t = { .stop_at = 2 };
	struct err err;

	(void)state;
	assert_int_equal(read_text("{\"text\": \"a\", \"source\": \"x\"}\n{\"text\": \"b\", \"source\": \"x\"}\n"
				   "{\"text\": \"c\", \"source\": \"x\"}\n",
				   &t, &err),
			 E_LIMIT);
	assert_string_equal(err.text, "f:2: enough");
	assert_string_equal(t.text, "b");
}

static void empty_text_has_no_rows(void **state)
{
	struct taken t = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(read_text("", &t, &err), 0);
	assert_int_equal(read_text(" \n\r\n", &t, &err), 0);
	assert_int_equal(t.n, 0);
}

/* Lines longer than what is read at once, the last without an end; the same plain and from memory. */
static void files_are_read_in_pieces(void **state)
{
	AUTO(buf) text = BUF_INIT((size_t)4 << 20);
	char path[] = "/tmp/watchdesk-test-XXXXXX";
	struct taken t = { 0 };
	struct err err = { 0 };
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	for (int i = 0; i < 9; i++) {
		buf_printf(&text, "{\"source\": \"x\", \"lang\": \"%d\", \"text\": \"", i);
		for (int k = 0; k < 30011 * (i % 4); k++)
			buf_add_char(&text, 'a');
		buf_printf(&text, "end\"}%s", i < 8 ? "\n" : "");
	}
	assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
	close(fd);
	assert_int_equal(rows_read(path, take, &t, &err), 0);
	assert_int_equal(t.n, 9);
	assert_string_equal(t.lang, "8");
	assert_string_equal(t.text, "end");
	unlink(path);
	assert_int_equal(rows_read(path, take, &t, &err), E_IO);
	assert_non_null(strstr(err.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_yes_no_or_unknown),
		cmocka_unit_test(texts_written_by_hand_have_their_kind_as_source),
		cmocka_unit_test(what_is_wrong_is_named_by_line),
		cmocka_unit_test(who_takes_rows_can_end_it_and_the_line_is_named),
		cmocka_unit_test(empty_text_has_no_rows),
		cmocka_unit_test(files_are_read_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
