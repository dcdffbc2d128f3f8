/* test_web_html.c - text, numbers and bytes as HTML: what hides is shown, what is hostile is isolated */
#include "tests/support.h"

#include <stdlib.h>

#include "web/html.h"

static void characters_that_hide_are_shown(void **state)
{
	static const struct {
		const char *why, *in, *out;
	} rows[] = {
		{ "markup", "<a href=\"x\">&'", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;" },
		{ "escape", "\x1b[2J", "\xe2\x90\x9b[2J" },
		{ "line end in one line", "a\nb\tc\rd",
		  "a\xe2\x90\x8a"
		  "b\xe2\x90\x89"
		  "c\xe2\x90\x8d"
		  "d" },
		{ "delete", "\x7f", "\xe2\x90\xa1" },
		{ "C1: CSI", "\xc2\x9b", "<code class=\"hidden-char\">U+009B</code>" },
		{ "right to left override", "a\xe2\x80\xae", "a<code class=\"hidden-char\">U+202E</code>" },
		{ "isolate", "\xe2\x81\xa7", "<code class=\"hidden-char\">U+2067</code>" },
		{ "Arabic letter mark", "\xd8\x9c", "<code class=\"hidden-char\">U+061C</code>" },
		{ "zero width space", "\xe2\x80\x8b", "<code class=\"hidden-char\">U+200B</code>" },
		{ "byte order mark", "\xef\xbb\xbf", "<code class=\"hidden-char\">U+FEFF</code>" },
		{ "tag character", "\xf3\xa0\x81\x81", "<code class=\"hidden-char\">U+E0041</code>" },
		{ "joiner within an emoji", "\xe2\x80\x8d", "\xe2\x80\x8d" },
		{ "Cyrillic", "\xd0\xb6", "\xd0\xb6" },
		{ "not UTF-8", "\xc0\xafz", "\xef\xbf\xbd\xef\xbf\xbdz" },
		{ "cut short", "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "no character, and none of XML", "\xef\xbf\xbf", "<code class=\"hidden-char\">U+FFFF</code>" },
		{ "a surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(1000);
		struct str in = exact_copy(str_of(rows[i].in));

		html_text(&out, in);
		if (!str_eq(buf_str(&out), str_of(rows[i].out)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
		free((char *)in.p);
	}
}

static void a_nul_is_shown(void **state)
{
	AUTO(buf) out = BUF_INIT(100);

	(void)state;
	html_lines(&out, (struct str){ "a\0b\n", 4 });
	assert_str(buf_str(&out), "a\xe2\x90\x80"
				  "b\n");
}

static void plain_text_holds_no_element(void **state)
{
	AUTO(buf) out = BUF_INIT(100);

	(void)state;
	html_plain(&out, STR("a\xe2\x80\xae\"<"));
	assert_str(buf_str(&out), "a[U+202E]&quot;&lt;");
}

static void hostile_text_is_isolated_and_cut_by_characters(void **state)
{
	AUTO(buf) out = BUF_INIT(200);

	(void)state;
	html_hostile(&out, STR("\xd0\xb6\xd0\xb6\xd0\xb6"), 2);
	html_hostile(&out, STR("ab"), 2);
	html_hostile(&out, STR(""), 2);
	assert_str(buf_str(&out), "<bdi>\xd0\xb6\xd0\xb6\xe2\x80\xa6</bdi><bdi>ab</bdi><bdi></bdi>");
}

static void addresses_open_nothing(void **state)
{
	static const struct {
		const char *why, *in, *out;
	} rows[] = {
		{ "usual", "https://paste.example/raw/a.b?c=d.e", "hxxps://paste[.]example/raw/a.b?c=d.e" },
		{ "port", "http://a.b.example:80", "hxxp://a[.]b[.]example:80" },
		{ "address", "http://192.0.2.1/", "hxxp://192[.]0[.]2[.]1/" },
		{ "another scheme", "ftp://f.example/x.y", "ftp[:]//f[.]example/x.y" },
		{ "sockets", "wss://w.example/", "wss[:]//w[.]example/" },
		{ "large letters", "HTTP://A.example/", "hxxp://A[.]example/" },
		{ "letters of both kinds", "hTTpS://a.example/", "hxxpS://a[.]example/" },
		{ "no host", "javascript:alert(a.b)", "javascript[:]alert(a[.]b)" },
		{ "large letters of no host", "JavaScript:x", "JavaScript[:]x" },
		{ "what it shows is in it", "data:text/html,x.y", "data[:]text/html,x.y" },
		{ "a mailbox", "mailto:a@b.example", "mailto[:]a[@]b[.]example" },
		{ "IPv6", "http://[2001:db8::1]:80/x", "hxxp://[2001:db8::1]:80/x" },
		{ "a name before the host", "https://user:word@a.example/", "hxxps://user:word[@]a[.]example/" },
		{ "a host alone", "a.example:8080/x.y", "a[.]example[:]8080/x.y" },
		{ "without a scheme nothing makes a link of it", "//a.example/x", "//a.example/x" },
		{ "one in another", "http://a.example/?u=https://b.example/c.d",
		  "hxxp://a[.]example/?u=hxxps://b[.]example/c.d" },
		{ "another in one", "http://a.example/#ftp://b.example", "hxxp://a[.]example/#ftp[:]//b[.]example" },
		{ "behind a blank", " https://a.example", " hxxps://a[.]example" },
		{ "dots of other scripts",
		  "http://a\xe3\x80\x82"
		  "b\xef\xbc\x8e"
		  "c\xef\xbd\xa1"
		  "d/",
		  "hxxp://a[\xe3\x80\x82]b[\xef\xbc\x8e]c[\xef\xbd\xa1]d/" },
		{ "slashes the other way are none of a link", "https:\\\\a.example\\x", "https[:]\\\\a.example\\x" },
		{ "a dot at the end", "http://a.example./", "hxxp://a[.]example[.]/" },
		{ "a tag", "tag:x", "tag[:]x" },
		{ "http without a host", "http:x", "http[:]x" },
		{ "markup", "http://a.example/\"><script>", "hxxp://a[.]example/&quot;&gt;&lt;script&gt;" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(1000);
		AUTO(buf) wanted = BUF_INIT(1000);
		struct str in = exact_copy(str_of(rows[i].in));

		html_url(&out, in);
		buf_printf(&wanted, "<bdi class=\"url\">%s</bdi>", rows[i].out);
		if (!str_eq(buf_str(&out), buf_str(&wanted)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
		free((char *)in.p);
	}
}

static void numbers_are_grouped(void **state)
{
	static const struct {
		int64_t n;
		const char *out;
	} rows[] = { { 0, "0" },     { 999, "999" },	 { 1000, "1,000" }, { 1234567, "1,234,567" },
		     { -12, "-12" }, { -1234, "-1,234" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(100);

		html_number(&out, rows[i].n);
		assert_str(buf_str(&out), rows[i].out);
	}
}

static void base64_is_that_of_the_standard(void **state)
{
	static const char *const rows[][2] = { /* RFC 4648 10 */
					       { "", "" },
					       { "f", "Zg==" },
					       { "fo", "Zm8=" },
					       { "foo", "Zm9v" },
					       { "foob", "Zm9vYg==" },
					       { "fooba", "Zm9vYmE=" },
					       { "foobar", "Zm9vYmFy" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(100);

		html_base64(&out, (const unsigned char *)rows[i][0], strlen(rows[i][0]));
		assert_str(buf_str(&out), rows[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_that_hide_are_shown),
		cmocka_unit_test(a_nul_is_shown),
		cmocka_unit_test(plain_text_holds_no_element),
		cmocka_unit_test(hostile_text_is_isolated_and_cut_by_characters),
		cmocka_unit_test(addresses_open_nothing),
		cmocka_unit_test(numbers_are_grouped),
		cmocka_unit_test(base64_is_that_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
