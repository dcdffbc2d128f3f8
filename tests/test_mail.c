/* test_mail.c - mails taken apart: headers, parts, charsets, what is quoted; and what strangers may do to them */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/mail.h"

static struct mail read_within(struct arena *a, struct str message, size_t scratch_bytes)
{
	AUTO_FREE(arena) scratch = arena_new(scratch_bytes);
	struct str copy = exact_copy(message), kept;
	struct mail m;

	mail_read(a, scratch, copy, &m);
	m.text = arena_copy(a, m.text);
	m.quoted = arena_copy(a, m.quoted);
	kept = arena_copy(a, m.headers);
	free((char *)copy.p);
	m.headers = kept;
	return m;
}

static struct mail read_mail(struct arena *a, struct str message)
{
	return read_within(a, message, MIB(32));
}

static void headers_are_read_as_text(void **state)
{
	static const struct {
		const char *why, *headers, *text;
	} rows[] = {
		{ "a plain one", "Subject: hello\n\n", "hello" },
		{ "names know no case", "sUBJECT:hello\r\n\r\n", "hello" },
		{ "a folded one", "Subject: two\r\n lines\r\nX: y\r\n\r\n", "two lines" },
		{ "the first counts", "Subject: one\nSubject: two\n\n", "one" },
		{ "another that begins so", "Subject-X: no\nSubject: yes\n\n", "yes" },
		{ "RFC 2047 8: Q", "Subject: =?ISO-8859-1?Q?a?=\n\n", "a" },
		{ "a space between words is none", "Subject: =?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=\n\n", "ab" },
		{ "nor is a fold", "Subject: =?ISO-8859-1?Q?a?=\n    =?ISO-8859-1?Q?b?=\n\n", "ab" },
		{ "one inside a word is", "Subject: =?ISO-8859-1?Q?a_b?=\n\n", "a b" },
		{ "beside plain words spaces stay", "Subject: x =?utf-8?q?=C3=A4?= y\n\n", "x \xc3\xa4 y" },
		{ "base64", "Subject: =?utf-8?B?w6TDtg==?=\n\n", "\xc3\xa4\xc3\xb6" },
		{ "a character split between words", "Subject: =?utf-8?B?ww==?= =?utf-8?B?pA==?=\n\n", "\xc3\xa4" },
		{ "KOI8-R", "Subject: =?koi8-r?B?8NLJ18XU?=\n\n", "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
		{ "a language behind the charset", "Subject: =?us-ascii*en?Q?hi?=\n\n", "hi" },
		{ "what is no word stays", "Subject: =?utf-8?X?hi?= =? =?=\n\n", "=?utf-8?X?hi?= =? =?=" },
		{ "UTF-8 as it is", "Subject: \xc3\xa4\n\n", "\xc3\xa4" },
		{ "absent", "To: x\n\n", "" },
		{ "without an end", "Subject: x", "x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct str copy = exact_copy(str_of(rows[i].headers));
		struct str text = mail_header_text(a, copy, "Subject");

		if (!str_eq(text, str_of(rows[i].text)))
			fail_msg("%s: \"%.*s\" is not \"%s\"", rows[i].why, STR_ARG(text), rows[i].text);
		free((char *)copy.p);
	}
}

static void parameters_are_found(void **state)
{
	static const struct {
		const char *why, *value, *name, *expect;
	} rows[] = {
		{ "plain", "text/plain; charset=utf-8", "charset", "utf-8" },
		{ "quoted", "multipart/mixed; x=1; boundary=\"a;b\"", "boundary", "a;b" },
		{ "escaped", "a/b; name=\"a\\\"b\"", "name", "a\"b" },
		{ "a mark that stays open", "a/b; name=\"ab", "name", "ab" },
		{ "spaces", "a/b ;\tCHARSET = x ", "charset", "x" },
		{ "the kind is none", "charset=x; y=z", "charset", "" },
		{ "absent", "a/b; c", "charset", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct str copy = exact_copy(str_of(rows[i].value));

		if (!str_eq(mail_parameter(a, copy, rows[i].name), str_of(rows[i].expect)))
			fail_msg("%s", rows[i].why);
		free((char *)copy.p);
	}
	assert_str(mail_address(STR("A <a@example.com>")), "a@example.com");
	assert_str(mail_address(STR(" a@example.com ")), "a@example.com");
	assert_str(mail_address(STR("A <a@example.com")), "A <a@example.com");
}

static void the_text_of_a_mail_is_what_its_author_wrote(void **state)
{
	static const struct {
		const char *why, *mail, *text, *quoted;
	} rows[] = {
		{ "no headers but From", "From: x\n\nhello\n", "hello", "" },
		{ "lines of another", "From: x\n\n> yours\n>> older\nmine\n", "mine", "yours\n> older" },
		{ "quoted-printable with a soft break", "Content-Transfer-Encoding: quoted-printable\n\na=\nb=3D=C3=A4\n",
		  "ab=\xc3\xa4", "" },
		{ "base64, with what does not belong there", "Content-Transfer-Encoding: BASE64\n\naGVs\n!bG8=\n", "hello",
		  "" },
		{ "base64 that was cut", "Content-Transfer-Encoding: base64\n\naGVsb", "hel", "" },
		{ "the charset that it says", "Content-Type: text/plain; charset=windows-1251\n\n\xcf\xf0\xe8\xe2\xe5\xf2\n",
		  "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", "" },
		{ "HTML alone", "Content-Type: text/html\n\n<p>one<blockquote>said</blockquote><p>two\n", "one\n\n\ntwo",
		  "said" },
		{ "plain comes before its alternative",
		  "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: "
		  "text/html\n\n<p>html\n--b--\n",
		  "plain", "" },
		{ "unless it is empty",
		  "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n\n--b\nContent-Type: "
		  "text/html\n\n<p>html\n--b--\n",
		  "html", "" },
		{ "a list's footer is no alternative",
		  "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
		  "text/html\n\n<p>html\n--b\n\nfooter\n--b--\n",
		  "html\n\nfooter", "" },
		{ "preamble and epilogue are not read",
		  "Content-Type: multipart/mixed; boundary=b\n\nno\n--b\n\nyes\n--b--\nno\n", "yes", "" },
		{ "multiparts in each other",
		  "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; "
		  "boundary=ab\n\n--ab\n\none\n--ab--\n"
		  "--a\n\ntwo\n--a--\n",
		  "one\n\ntwo", "" },
		{ "an inner one that is not closed",
		  "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; "
		  "boundary=b\n\n--b\n\none\n--a\n\ntwo\n",
		  "one\n\ntwo", "" },
		{ "a mail that is carried is read too",
		  "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nsee\n--a\nContent-Type: message/rfc822\n\nSubject: "
		  "x\n\ninner\n--a--\n",
		  "see\n\ninner", "" },
		{ "a text that is attached", "Content-Disposition: attachment\n\ndump\n", "dump", "" },
		{ "a page that is attached is not", "Content-Disposition: attachment\nContent-Type: text/html\n\n<p>x\n", "",
		  "" },
		{ "pictures say nothing", "Content-Type: image/png\n\nx\n", "", "" },
		{ "an attachment's name in a charset nobody has loaded",
		  "Content-Type: text/plain; name*=ibm037''%81%82\n\nhello\n", "hello", "" },
		{ "a multipart without a boundary", "Content-Type: multipart/mixed\n\nx\n", "", "" },
		{ "nothing", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(16));
		struct mail m = read_mail(a, str_of(rows[i].mail));

		if (!str_eq(m.text, str_of(rows[i].text)) || !str_eq(m.quoted, str_of(rows[i].quoted)))
			fail_msg("%s: \"%.*s\", quoted \"%.*s\"", rows[i].why, STR_ARG(m.text), STR_ARG(m.quoted));
	}
}

static void parts_are_known_one_by_one(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	/* A bounce as Postfix writes it: RFC 3464. */
	struct mail m = read_mail(
		a, STR("Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\n"
		       "I'm sorry\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
		       "Status: 5.1.1\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <7@example.com>\n\nours\n--b--\n"));

	(void)state;
	assert_int_equal(m.n_parts, 3);
	assert_str(m.parts[1].type, "message/delivery-status");
	assert_false(m.parts[1].nested);
	assert_true(m.parts[2].nested);
	assert_str(mail_parameter(a, mail_header(a, m.headers, "Content-Type"), "report-type"), "delivery-status");
}

/* Levels of multiparts, or of mails in mails. */
static void nest(struct buf *out, const char *level, int n)
{
	for (int i = 0; i < n; i++)
		buf_printf(out, "Content-Type: %s; boundary=b%d\n\n%s%d\n", level, i, level[1] == 'u' ? "--b" : "X: ", i);
	buf_add(out, STR("\nhello\n"));
}

static void what_has_no_end_ends(void **state)
{
	static const char *const levels[] = { "multipart/mixed", "message/rfc822" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		AUTO_FREE(arena) a = arena_new(MIB(64));
		AUTO(buf) out = BUF_INIT(MIB(16));
		struct mail m;

		nest(&out, levels[i], 100000);
		m = read_mail(a, buf_str(&out));
		assert_true(m.n_parts <= LIMIT_MAIL_PARTS);
		assert_int_equal(m.cut, i == 0);
	}
	{
		AUTO_FREE(arena) a = arena_new(MIB(64));
		AUTO(buf) out = BUF_INIT(MIB(16));
		struct mail m;

		buf_add(&out, STR("Content-Type: multipart/mixed; boundary=b\n\n"));
		for (int i = 0; i < 100000; i++)
			buf_add(&out, STR("--b\n\nx\n"));
		m = read_mail(a, buf_str(&out));
		assert_int_equal(m.n_parts, LIMIT_MAIL_PARTS);
		assert_true(m.cut);
	}
}

static void html_that_needs_too_much_memory_is_left_out(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	AUTO(buf) out = BUF_INIT(MIB(16));
	struct mail m;

	(void)state;
	buf_add(&out, STR("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/html\n\n"));
	for (int i = 0; i < 20000; i++)
		buf_add(&out, STR("<p><b>x"));
	m = read_within(a, buf_str(&out), MIB(1));
	assert_true(m.cut);
	assert_str(m.text, "plain");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_read_as_text),
		cmocka_unit_test(parameters_are_found),
		cmocka_unit_test(the_text_of_a_mail_is_what_its_author_wrote),
		cmocka_unit_test(parts_are_known_one_by_one),
		cmocka_unit_test(what_has_no_end_ends),
		cmocka_unit_test(html_that_needs_too_much_memory_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
