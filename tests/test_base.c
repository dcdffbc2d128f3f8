/* test_base.c - strings, buffers, arenas, errors, dates, YAML and JSON */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/yaml.h"

static void a_full_buffer_keeps_what_it_holds(void **state)
{
	AUTO(buf) b = BUF_INIT(5);

	(void)state;
	assert_int_equal(buf_add(&b, STR("abc")), 0);
	assert_int_equal(buf_add(&b, STR("def")), E_LIMIT);
	assert_true(b.full);
	assert_int_equal(buf_add(&b, STR("d")), E_LIMIT); /* once full, always full: pieces must not be skipped */
	assert_str(buf_str(&b), "abc");
}

static void numbers_are_whole_or_not_numbers(void **state)
{
	static const struct {
		const char *text, *why;
		uint64_t max;
		int result;
	} rows[] = {
		{ "0", "zero", 9, 1 },
		{ "18446744073709551615", "the largest", UINT64_MAX, 1 },
		{ "18446744073709551616", "one more", UINT64_MAX, 0 },
		{ "", "nothing", 9, 0 },
		{ "1x", "a letter", 9, 0 },
		{ "-1", "a sign", 9, 0 },
		{ "10", "beyond the maximum", 9, 0 },
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str s = exact_copy(str_of(rows[i].text));

		if (str_number(s, rows[i].max, &value) != rows[i].result)
			fail_msg("%s", rows[i].why);
		free((char *)s.p);
	}
}

static void an_arena_leaves_when_it_is_full(void **state)
{
	AUTO_FREE(arena) a = arena_new(100000);
	jmp_buf full;

	(void)state;
	arena_on_full(a, &full);
	if (setjmp(full) == 0) {
		for (int i = 0; i < 1000; i++)
			memset(arena_alloc(a, 1000), 'x', 1000);
		fail();
	}
	assert_true(arena_used(a) <= 100000 + 16);
	arena_clear(a);
	assert_int_equal(((char *)arena_alloc(a, 10))[9], 0); /* cleared again */
}

static void an_array_in_an_arena_grows(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	int *items = NULL;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		*(int *)arena_push(a, &items, &n, sizeof(*items)) = i;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
}

static void an_error_says_where(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, E_LIMIT, "more than %d bytes", 7), E_LIMIT);
	assert_int_equal(err_at(&err, "message %s", "7f"), E_LIMIT);
	assert_string_equal(err.text, "message 7f: more than 7 bytes");
	assert_int_equal(err_exit_code(E_USAGE), 2);
	assert_int_equal(err_exit_code(E_FULL), 3);
	assert_int_equal(err_exit_code(0), 0);
	assert_int_equal(err_exit_code(-1000), 70);
}

static void dates_are_read_in_every_form_that_servers_send(void **state)
{
	static const struct {
		const char *text, *expect;
	} rows[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" }, /* RFC 9110 5.6.7, its own examples */
		{ "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z" },
		{ "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z" },
		{ "6 Nov 1994 08:49:37 -0500", "1994-11-06T13:49:37Z" }, /* RFC 822 without a weekday */
		{ "Sat, 29 Feb 2020 00:00:00 GMT", "2020-02-29T00:00:00Z" },
		{ "Sat, 29 Feb 2019 00:00:00 GMT", NULL }, /* no leap year */
		{ "Sun, 06 Nov 1994 28:49:37 GMT", NULL },
		{ "soon", NULL },
		{ "", NULL },
	};
	char text[CLOCK_TEXT];
	int64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str s = exact_copy(str_of(rows[i].text));

		assert_int_equal(clock_read_http(s, &at), rows[i].expect != NULL);
		if (rows[i].expect)
			assert_string_equal(clock_rfc3339(at, text), rows[i].expect);
		free((char *)s.p);
	}
	assert_int_equal(clock_read_rfc3339(STR("2026-11-23T09:38:36.5+01:00"), &at), 1);
	assert_string_equal(clock_rfc3339(at, text), "2026-11-23T08:38:36Z");
	assert_string_equal(clock_http_date(INT64_C(784111777) * 1000000, text), "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_string_equal(clock_rfc3339(INT64_MIN, text), "0001-01-01T00:00:00Z");
	assert_string_equal(clock_rfc3339(-1, text), "1969-12-31T23:59:59Z");
}

static void canonical_text_is_utf8_without_nul(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	struct str bad = exact_copy((struct str){ "ok\0\xc3(\xed\xa0\x80 plain ascii \xf0\x9f\x98\x80\xff", 26 });
	size_t replaced;
	struct str clean = utf8_clean(a, bad, &replaced);

	(void)state;
	assert_true(utf8_is_clean(clean));
	assert_int_equal(replaced, 6); /* NUL, C3, three bytes of a surrogate, FF */
	free((char *)bad.p);
}

static void nothing_moves_the_cursor_of_a_terminal(void **state)
{
	AUTO(buf) out = BUF_INIT(1000);

	(void)state;
	log_printable(&out,
		      STR("a\x1b[2Jb\xe2\x80\xae"
			  "c\xc2\x9b\n"),
		      false);
	assert_str(buf_str(&out), "a\xef\xbf\xbd[2Jb\xef\xbf\xbd"
				  "c\xef\xbf\xbd ");
}

struct shape {
	struct yaml_text name;
	struct yaml_texts terms;
	int64_t every_ms, count;
	bool on;
	const struct yaml *below;
};

static const struct yaml_field shape_fields[] = {
	{ "name", YAML_TEXT, offsetof(struct shape, name), .required = true },
	{ "terms", YAML_TEXTS, offsetof(struct shape, terms) },
	{ "every", YAML_DURATION, offsetof(struct shape, every_ms) },
	{ "count", YAML_INT, offsetof(struct shape, count), .least = 1, .most = 9 },
	{ "on", YAML_BOOL, offsetof(struct shape, on) },
	{ "below", YAML_LIST, offsetof(struct shape, below) },
	{ 0 },
};

/* What an event writes. */
static struct str logged(struct arena *a, void (*say)(void))
{
	char *text = arena_alloc(a, 1 << 16);
	int ends[2], before = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	say();
	dup2(before, STDERR_FILENO);
	close(ends[1]);
	n = read(ends[0], text, 1 << 16);
	close(ends[0]);
	close(before);
	assert_true(n > 0);
	return (struct str){ text, (size_t)n };
}

static void say_hostile(void)
{
	log_event(LOG_WARN, "mail-dead", "why=\"%.*s\" code=%d n=%lld of=%zu part=%.2f id=%.3s 100%%", 24,
		  "no\" code=250 x=\"\\\n\x1b[2J\xe2\x80\xae", 550, -7LL, (size_t)9, 0.5, "abcdef");
}

static void say_long(void)
{
	static char value[5000];

	memset(value, 0x1b, sizeof(value) - 1);
	for (int i = 0; i < 2; i++)
		log_event(LOG_WARN, "x", "why=\"%s\"%s", value, "");
}

static void a_log_line_has_the_keys_that_we_wrote_and_no_others(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	struct str line = logged(a, say_hostile);

	(void)state;
	assert_str(line, "warn mail-dead why=\"no\\x22 code=250 x=\\x22\\x5c\\x0a\\x1b[2J\\xe2\\x80\" code=550 n=-7 of=9 "
			 "part=0.50 id=abc 100%\n");
	line = logged(a, say_long);
	assert_true(line.n > 20000 && line.p[line.n - 1] == '\n'); /* cut between bytes, whole in its quotes */
}

static void yaml_fills_a_struct(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	struct shape shape = { .count = 5 };
	struct err err = { 0 };
	const struct yaml *y = yaml_parse(a, STR("name: x\nterms: [a, b]\nevery: 5m\non: true\nbelow:\n- 1\n"), "f", &err);

	(void)state;
	assert_non_null(y);
	assert_int_equal(yaml_read(y, shape_fields, &shape, a, &err), 0);
	assert_str(shape.name.text, "x");
	assert_int_equal(shape.terms.n, 2);
	assert_str(shape.terms.items[1].text, "b");
	assert_int_equal(shape.every_ms, 300000);
	assert_int_equal(shape.count, 5); /* absent: as it was */
	assert_true(shape.on);
	assert_int_equal(yaml_count(shape.below), 1);
}

static void yaml_errors_name_file_line_and_what_was_expected(void **state)
{
	static const struct {
		const char *text, *expect;
	} rows[] = {
		{ "name: x\nnmae: y\n", "f.yaml:2: unknown key nmae, expected one of: name, terms" },
		{ "name: x\nevery: soon\n", "f.yaml:2: every is \"soon\", expected a duration such as 500ms" },
		{ "name: x\ncount: 10\n", "f.yaml:2: count is 10, expected 1 to 9" },
		{ "name: x\n\nname: y\n", "f.yaml:3: name is given twice, expected once (first in line 1)" },
		{ "terms: [a]\n", "f.yaml:1: name is missing" },
		{ "name: [x]\n", "f.yaml:1: name is a list, expected a text" },
		{ "name: x\non: yes\n", "f.yaml:2: on is \"yes\", expected true or false" },
		{ "", "f.yaml:1: the file is empty" },
		{ "name: x\n  bad: - y\n", "f.yaml:2: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 20);
		struct err err = { 0 };
		struct shape shape = { 0 };
		const struct yaml *y = yaml_parse(a, str_of(rows[i].text), "f.yaml", &err);

		if (y)
			assert_int_equal(yaml_read(y, shape_fields, &shape, a, &err), E_USAGE);
		if (!str_starts(str_of(err.text), str_of(rows[i].expect)))
			fail_msg("%s, expected %s", err.text, rows[i].expect);
	}
}

static void yaml_that_multiplies_itself_is_refused(void **state)
{
	static const char laughs[] =
		"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
		"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n";
	AUTO_FREE(arena) a = arena_new(100 << 20);
	struct err err = { 0 };

	(void)state;
	assert_null(yaml_parse(a, str_of(laughs), "f", &err));
	assert_int_equal(err.code, E_USAGE);
}

static void json_escapes_what_json_must(void **state)
{
	AUTO(buf) out = BUF_INIT(1000);
	struct json_writer w = { .out = &out };

	(void)state;
	json_open(&w, NULL, '{');
	json_put_text(&w, "t", (struct str){ "\"\\\n\x01\xff\0", 6 });
	json_open(&w, "list", '[');
	json_put_int(&w, NULL, -5);
	json_put_real(&w, NULL, 0.5);
	json_put_bool(&w, NULL, true);
	json_put_null(&w, NULL);
	json_close(&w, ']');
	json_put_time(&w, "at", INT64_C(1795000000000000));
	json_put_time(&w, "never", 0);
	json_close(&w, '}');
	assert_str(buf_str(&out), "{\"t\":\"\\\"\\\\\\n\\u0001\xef\xbf\xbd\\u0000\",\"list\":[-5,0.5,true,null],"
				  "\"at\":\"2026-11-18T11:06:40Z\",\"never\":null}");
}

static void json_reads_by_key_and_says_what_is_wrong(void **state)
{
	struct err err = { 0 };
	struct str s = { 0 };
	AUTO_FREE(json) j = json_parse(STR("{\"a\":\"x\\u0000y\",\"b\":1,\"c\":null}"), &err);

	(void)state;
	assert_non_null(j);
	assert_int_equal(json_get_text(j, "a", &s, &err), 1);
	assert_int_equal(s.n, 3);
	assert_int_equal(json_get_text(j, "b", &s, &err), E_BAD);
	assert_int_equal(json_get_text(j, "c", &s, &err), 0);
	assert_null(json_parse(STR("{\"a\":"), &err));
	assert_int_equal(err.code, E_BAD);
}

static void digests_are_those_of_the_standard(void **state)
{
	unsigned char d[DIGEST_BYTES], e[DIGEST_BYTES];
	char hex[DIGEST_HEX];
	struct str one[] = { STR("ab"), STR("c") }, two[] = { STR("a"), STR("bc") };

	(void)state;
	digest_sha256(STR("abc"), d); /* FIPS 180-4, example B.1 */
	assert_string_equal(digest_hex(d, sizeof(d), hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_pieces(one, 2, d);
	digest_pieces(two, 2, e);
	assert_memory_not_equal(d, e, sizeof(d));
}

static void digits_become_the_bytes_they_were_and_nothing_else_does(void **state)
{
	static const struct {
		const char *why, *hex;
		bool read;
	} rows[] = {
		{ "both cases", "00fFa7", true },
		{ "a digit short", "00fFa", false },
		{ "a digit more", "00fFa70", false },
		{ "no digit", "00fFg7", false },
		{ "nothing", "", false },
	};
	unsigned char out[3];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str exact = exact_copy(str_of(rows[i].hex));

		if (digest_unhex(exact, out, sizeof(out)) != rows[i].read)
			fail_msg("%s", rows[i].why);
		free((char *)(uintptr_t)exact.p);
	}
	assert_true(digest_unhex(STR("00fFa7"), out, sizeof(out)) && out[0] == 0 && out[1] == 0xff && out[2] == 0xa7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_become_the_bytes_they_were_and_nothing_else_does),
		cmocka_unit_test(a_full_buffer_keeps_what_it_holds),
		cmocka_unit_test(numbers_are_whole_or_not_numbers),
		cmocka_unit_test(an_arena_leaves_when_it_is_full),
		cmocka_unit_test(an_array_in_an_arena_grows),
		cmocka_unit_test(an_error_says_where),
		cmocka_unit_test(dates_are_read_in_every_form_that_servers_send),
		cmocka_unit_test(canonical_text_is_utf8_without_nul),
		cmocka_unit_test(nothing_moves_the_cursor_of_a_terminal),
		cmocka_unit_test(a_log_line_has_the_keys_that_we_wrote_and_no_others),
		cmocka_unit_test(yaml_fills_a_struct),
		cmocka_unit_test(yaml_errors_name_file_line_and_what_was_expected),
		cmocka_unit_test(yaml_that_multiplies_itself_is_refused),
		cmocka_unit_test(json_escapes_what_json_must),
		cmocka_unit_test(json_reads_by_key_and_says_what_is_wrong),
		cmocka_unit_test(digests_are_those_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
