/* test_url.c - addresses in WHATWG form and as keys */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/limits.h"
#include "crawler/url.h"

static int parse(struct arena *a, const char *input, const char *base, struct url *out, struct err *err)
{
	struct str copy = exact_copy(str_of(input));
	struct str base_copy = exact_copy(str_of(base));
	int result = url_parse(a, copy, base_copy, out, err);

	free((char *)copy.p);
	free((char *)base_copy.p);
	return result;
}

static void addresses_are_written_one_way(void **state)
{
	static const struct {
		const char *why, *input, *base, *href;
	} rows[] = {
		{ "as it is", "https://example.com/a?b#c", "", "https://example.com/a?b#c" },
		{ "a path is never empty", "https://example.com", "", "https://example.com/" },
		{ "case of scheme and host", "HTTPS://EXAMPLE.com/A", "", "https://example.com/A" },
		{ "the usual port goes", "http://example.com:80/", "", "http://example.com/" },
		{ "another port stays", "http://example.com:443/", "", "http://example.com:443/" },
		{ "backslashes", "http:\\\\example.com\\a", "", "http://example.com/a" },
		{ "line breaks inside", "http://exa\nmple.com/\ta", "", "http://example.com/a" },
		{ "dot segments", "/a/./b/%2E%2e/c/..", "http://example.com/x", "http://example.com/a/" },
		{ "above the root", "../../..", "http://example.com/x/y", "http://example.com/" },
		{ "relative", "b?q", "http://example.com/x/y?z#f", "http://example.com/x/b?q" },
		{ "nothing", "", "http://example.com/x/y?z#f", "http://example.com/x/y?z" },
		{ "only a fragment", "#g", "http://example.com/x?z#f", "http://example.com/x?z#g" },
		{ "another host", "//example.org/y", "https://example.com/x", "https://example.org/y" },
		{ "a scheme without slashes is relative to its own kind", "https:b", "https://example.com/x/y",
		  "https://example.com/x/b" },
		{ "a hexadecimal address", "http://0x7f.1/", "", "http://127.0.0.1/" },
		{ "an address as one number", "http://2130706433/", "", "http://127.0.0.1/" },
		{ "octal", "http://0300.0250.01.01", "", "http://192.168.1.1/" },
		{ "version 6, shortened", "http://[2001:DB8:0:0:1:0:0:1]/", "", "http://[2001:db8::1:0:0:1]/" },
		{ "version 4 inside version 6", "http://[::ffff:192.0.2.1]/", "", "http://[::ffff:c000:201]/" },
		{ "an international name",
		  "http://B\xc3\xbc"
		  "cher.example/",
		  "", "http://xn--bcher-kva.example/" },
		{ "a name in full width", "http://\xef\xbc\xa5xample.com/", "", "http://example.com/" },
		{ "spaces and quotes", "http://example.com/a b?c d'\"#e f`", "",
		  "http://example.com/a%20b?c%20d%27%22#e%20f%60" },
		{ "not UTF-8", "http://example.com/\xff", "", "http://example.com/%EF%BF%BD" },
		{ "names and passwords", "http://us:p@w@example.com/", "", "http://us:p%40w@example.com/" },
		{ "a base of another kind is not used", "http://example.com/", "mailto:x", "http://example.com/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct err err = { 0 };
		struct url u;

		if (parse(a, rows[i].input, rows[i].base, &u, &err) < 0)
			fail_msg("%s: %s", rows[i].why, err.text);
		if (!str_eq(u.href, str_of(rows[i].href)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(u.href));
	}
}

static void what_is_no_address_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *why, *input, *base;
		int code;
	} rows[] = {
		{ "nothing at all", "", "", E_BAD },
		{ "another scheme", "ftp://example.com/", "", E_BAD },
		{ "a script", "javascript:alert(1)", "http://example.com/", E_BAD },
		{ "mail", "mailto:desk@example.com", "http://example.com/", E_BAD },
		{ "no host", "http://", "", E_BAD },
		{ "a relative one without a base", "/a", "", E_BAD },
		{ "too large a port", "http://example.com:65536/", "", E_BAD },
		{ "too large a number", "http://256.256.256.256/", "", E_BAD },
		{ "five numbers", "http://1.2.3.4.5/", "", E_BAD },
		{ "a broken version 6 address", "http://[::1/", "", E_BAD },
		{ "two gaps", "http://[1::2::3]/", "", E_BAD },
		{ "a space in the host", "http://exa mple.com/", "", E_BAD },
		{ "an escaped NUL in the host", "http://exa%00mple.com/", "", E_BAD },
		{ "a soft hyphen alone", "http://\xc2\xad/", "", E_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct err err = { 0 };
		struct url u;

		if (parse(a, rows[i].input, rows[i].base, &u, &err) != rows[i].code || err.text[0] == '\0')
			fail_msg("%s: %s", rows[i].why, err.text);
	}
}

static void an_address_has_a_ceiling(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) b = BUF_INIT(2 * LIMIT_URL);
	struct err err = { 0 };
	struct url u;

	(void)state;
	buf_add(&b, STR("http://example.com/"));
	while (b.n < LIMIT_URL)
		buf_add_char(&b, 'a');
	assert_int_equal(url_parse(a, buf_str(&b), STR(""), &u, &err), 0);
	buf_add_char(&b, 'a');
	assert_int_equal(url_parse(a, buf_str(&b), STR(""), &u, &err), E_LIMIT);
	memset(b.p + 19, ' ', 3000); /* short enough, but not once encoded */
	assert_int_equal(url_parse(a, str_slice(buf_str(&b), 0, LIMIT_URL), STR(""), &u, &err), E_LIMIT);
}

static void one_page_has_one_key(void **state)
{
	static const struct {
		const char *input, *key, *surt;
	} rows[] = {
		{ "https://www.example.com/a?b=1#c", "https://www.example.com/a?b=1", "(com,example,www,)/a?b=1" },
		{ "https://example.com/a?PHPSESSID=12&b=1", "https://example.com/a?b=1", "(com,example,)/a?b=1" },
		{ "https://example.com/a?sid=0123456789abcdef0123456789ABCDEF", "https://example.com/a", "(com,example,)/a" },
		{ "https://example.com/a?sid=12&s=3", "https://example.com/a?sid=12&s=3", "(com,example,)/a?sid=12&s=3" },
		{ "https://example.com/a;jsessionid=AB12?x", "https://example.com/a?x", "(com,example,)/a?x" },
		{ "https://example.com/a;jsessionid=1;b;JSESSIONID=2/c/", "https://example.com/a;b/c/",
		  "(com,example,)/a;b/c/" },
		{ "https://example.com/.;jsessionid=1/c;;JSESSIONID=2", "https://example.com/.;jsessionid=1/c",
		  "(com,example,)/.;jsessionid=1/c" },
		{ "https://example.com/?z=1&utm_source=y&a=2", "https://example.com/?z=1&a=2", "(com,example,)/?z=1&a=2" },
		{ "http://example.com/?&a&&b&&", "http://example.com/?a&b", "(com,example,)/?a&b" },
		{ "http://example.com:8080/", "http://example.com:8080/", "(com,example,:8080)/" },
		{ "http://192.0.2.7/x", "http://192.0.2.7/x", "(192.0.2.7,)/x" },
		{ "http://u:p@example.com./x", "http://u:p@example.com./x", "(com,example,)/x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct url u;

		assert_int_equal(parse(a, rows[i].input, "", &u, NULL), 0);
		assert_str(u.key, rows[i].key);
		assert_str(u.surt, rows[i].surt);
	}
}

static void the_parts_are_slices_of_the_whole(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct url u;

	(void)state;
	assert_int_equal(parse(a, "https://u:p@[2001:db8::1]:8443/a/b?c#d", "", &u, NULL), 0);
	assert_str(u.scheme, "https");
	assert_str(u.host, "[2001:db8::1]");
	assert_str(u.path, "/a/b?c");
	assert_int_equal(u.port, 8443);
	assert_str(url_origin(a, &u), "https://[2001:db8::1]:8443");
	assert_int_equal(parse(a, "http://example.com", "", &u, NULL), 0);
	assert_int_equal(u.port, 80);
	assert_str(url_origin(a, &u), "http://example.com:80");
}

static struct str text_of(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) } : (struct str){ 0 };
}

/* Only what concerns http and https: a result of that kind, or a failure with such an input. 1 right, 0 wrong, -1 not ours. */
static int suite_row(const json_t *row)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str input = text_of(row, "input"), base = text_of(row, "base"), href = text_of(row, "href");
	bool failure = json_is_true(json_object_get(row, "failure"));
	struct err err = { 0 };
	struct url u = { 0 };
	int result;

	if (!str_starts(href, STR("http:")) && !str_starts(href, STR("https:")) &&
	    !(failure && (str_starts(str_trim(input), STR("http")) || str_starts(base, STR("http")))))
		return -1;
	result = url_parse(a, input, base, &u, &err);
	if (failure ? result < 0 : result == 0 && str_eq(u.href, href))
		return 1;
	print_message("\"%.*s\" against \"%.*s\": \"%.*s\", expected \"%.*s\" %s\n", STR_ARG(input), STR_ARG(base),
		      STR_ARG(u.href), STR_ARG(href), err.text);
	return 0;
}

static void the_public_suite_passes(void **state)
{
	int right = 0, rows = 0;
	char path[256];
	json_t *suite, *row;
	size_t i;

	(void)state;
	if (!shared_data("url/urltestdata.json", path, sizeof(path)))
		skip();
	suite = json_load_file(path, JSON_ALLOW_NUL, NULL);
	assert_non_null(suite);
	json_array_foreach(suite, i, row)
	{
		int result = json_is_object(row) ? suite_row(row) : -1;

		rows += result >= 0;
		right += result > 0;
	}
	json_decref(suite);
	print_message("url: %d of %d http(s) cases\n", right, rows);
	assert_true(right * 100 >= rows * 98);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_written_one_way),
		cmocka_unit_test(what_is_no_address_is_refused_with_a_reason),
		cmocka_unit_test(an_address_has_a_ceiling),
		cmocka_unit_test(one_page_has_one_key),
		cmocka_unit_test(the_parts_are_slices_of_the_whole),
		cmocka_unit_test(the_public_suite_passes),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
