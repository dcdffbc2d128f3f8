/* test_mail_header.c - whatever a title holds, a header stays one header, in ASCII, and comes back whole where it was honest */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mail_header.h"
#include "base/utf8.h"

static void a_line_of_text_is_one_line_without_tricks(void **state)
{
	static const struct {
		const char *why;
		struct str value;
		size_t most;
		const char *line;
	} rows[] = {
		{ "as it is", STR("a leak of 5 logins"), 100, "a leak of 5 logins" },
		{ "a second header", STR("x\r\nBcc: all@example.com"), 100, "x Bcc: all@example.com" },
		{ "a NUL", STR("a\0b"), 100,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "text that turns round",
		  STR("exe.\xe2\x80\xae"
		      "fdp"),
		  100, "exe.fdp" },
		{ "isolates, marks, joiners, a byte order mark",
		  STR("\xef\xbb\xbf"
		      "a\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8f\xe2\x80\x8b"
		      "b"),
		  100, "ab" },
		{ "tags that nobody sees",
		  STR("a\xf3\xa0\x81\xa1"
		      "b"),
		  100, "ab" },
		{ "ends of line of Unicode",
		  STR("a\xe2\x80\xa8\xe2\x80\xa9"
		      "b\xc2\x85"
		      "c"),
		  100, "a b c" },
		{ "blanks at both ends and many between", STR(" \t a \n\n b  "), 100, "a b" },
		{ "wrong bytes",
		  STR("a\xff"
		      "b\xc3"),
		  100,
		  "a\xef\xbf\xbd"
		  "b\xef\xbf\xbd" },
		{ "too long", STR("abcdef"), 5, "abcd\xe2\x80\xa6" },
		{ "just not too long", STR("abcde"), 5, "abcde" },
		{ "too long, of wide characters", STR("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"), 2, "\xe6\x97\xa5\xe2\x80\xa6" },
		{ "nothing", STR(""), 5, "" },
		{ "nothing but controls", STR("\x01\x02\x7f"), 5, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct str value = exact_copy(rows[i].value), line = mail_line(a, value, rows[i].most);

		if (!str_eq(line, str_of(rows[i].line)))
			fail_msg("%s: \"%.*s\"", rows[i].why, STR_ARG(line));
		free((void *)(uintptr_t)value.p);
	}
}

/* The text of a header in our two forms, put together again. */
static struct str text_of(struct arena *a, struct str header)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf out = BUF_INIT(MIB(1));
	struct str line = { 0 }, copy;

	while (str_split(&header, '\n', &line)) {
		unsigned bits = 0, n = 0;

		line = str_trim(line);
		if (!str_starts(line, STR("=?UTF-8?B?"))) {
			buf_printf(&out, "%s%.*s", out.n ? " " : "", STR_ARG(line));
			continue;
		}
		for (size_t i = 10; i + 2 < line.n && line.p[i] != '='; i++) {
			bits = bits << 6 | (unsigned)(strchr(digits, line.p[i]) - digits);
			n += 6;
			if (n >= 8)
				buf_add_char(&out, (char)(bits >> (n -= 8)));
		}
		if (!utf8_is_clean(buf_str(&out))) /* each word by itself has whole characters only */
			fail_msg("a character is split");
	}
	copy = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return copy;
}

static void a_header_is_ascii_of_76_columns_and_says_the_same(void **state)
{
	static const char *const pieces[] = { "a",
					      "word ",
					      "\xc3\xa9",
					      "\xe6\x97\xa5",
					      "\xf0\x9f\x98\x80",
					      "=?UTF-8?B?eA==?=",
					      " x",
					      "\"quoted\"",
					      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		for (size_t n = 1; n <= 150; n++) {
			AUTO_FREE(arena) a = arena_new(MIB(2));
			AUTO(buf) value = BUF_INIT(MIB(1));
			AUTO(buf) out = BUF_INIT(MIB(1));
			struct str line, rest, wanted;

			for (size_t k = 0; k < n; k++)
				buf_add(&value, str_of(pieces[(k % 7 == 6) ? (i + k) % 5 : i]));
			wanted = mail_line(a, buf_str(&value), 10000);
			mail_header_put(&out, "Subject", wanted);
			for (rest = buf_str(&out); str_split(&rest, '\n', &line);) {
				if (str_ends(line, STR("\r")))
					line.n--;
				if (line.n > 76 || (line.p != out.p && line.p[0] != ' '))
					fail_msg("a line of %zu: %.*s", line.n, STR_ARG(line));
				for (size_t k = 0; k < line.n; k++)
					if (line.p[k] < ' ' || line.p[k] > '~')
						fail_msg("byte %d in a header", line.p[k]);
			}
			rest = text_of(a, str_slice(buf_str(&out), strlen("Subject: "), out.n));
			if (!str_eq(rest, wanted))
				fail_msg("\"%.*s\" became \"%.*s\"", STR_ARG(wanted), STR_ARG(rest));
		}
}

static struct mail_headers headers(void)
{
	return (struct mail_headers){
		.from = STR("watchdesk@example.com"),
		.from_name = STR("watchdesk"),
		.to = STR("desk@example.com"),
		.subject = STR("s"),
		.domain = STR("example.com"),
		.message_id = STR("4f"),
		.date = INT64_C(1416735516000000),
	};
}

static void the_headers_of_a_mail_stand_once_each(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(1));
	struct mail_headers h = headers();
	struct err err = { 0 };

	(void)state;
	h.references = STR("campaign.77");
	h.reply_to = STR("answers@example.com");
	h.list_id = STR("all.example.com");
	h.unsubscribe = STR("https://desk.example.com/u/1");
	h.auto_submitted = true;
	assert_int_equal(mail_headers_put(&out, &h, &err), 0);
	assert_str(buf_str(&out), "Date: Sun, 23 Nov 2014 09:38:36 +0000\r\n"
				  "From: watchdesk <watchdesk@example.com>\r\n"
				  "To: <desk@example.com>\r\n"
				  "Reply-To: <answers@example.com>\r\n"
				  "Subject: s\r\n"
				  "Message-ID: <4f@example.com>\r\n"
				  "References: <campaign.77@example.com>\r\n"
				  "In-Reply-To: <campaign.77@example.com>\r\n"
				  "List-Id: <all.example.com>\r\n"
				  "List-Unsubscribe: <https://desk.example.com/u/1>\r\n"
				  "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
				  "Auto-Submitted: auto-generated\r\n"
				  "X-Auto-Response-Suppress: OOF, AutoReply");
}

static void who_leaves_has_several_ways_and_one_click_with_https_alone(void **state)
{
	static const struct {
		const char *uris, *wanted;
	} rows[] = {
		{ "mailto:a@example.com?subject=x", "\r\nList-Unsubscribe: <mailto:a@example.com?subject=x>" },
		{ "https://w.example.com/l/1 mailto:a@example.com?subject=x",
		  "\r\nList-Unsubscribe: <https://w.example.com/l/1>,\r\n <mailto:a@example.com?subject=x>"
		  "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click" },
		{ "http://w.example.com/l/1", "" },
		{ "a@example.com", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(MIB(1));
		struct mail_headers h = headers();
		struct err err = { 0 };

		h.unsubscribe = str_of(rows[i].uris);
		assert_int_equal(mail_headers_put(&out, &h, &err), 0);
		assert_string_equal(strstr(out.p, "<4f@example.com>") + strlen("<4f@example.com>"), rows[i].wanted);
	}
}

static void an_address_that_is_none_ends_a_mail(void **state)
{
	struct mail_headers h = headers();
	AUTO(buf) out = BUF_INIT(MIB(1));
	struct err err = { 0 };

	(void)state;
	h.to = STR("a@example.com,b@example.com");
	assert_int_equal(mail_headers_put(&out, &h, &err), E_BAD);
	assert_non_null(strstr(err.text, "the recipient a@example.com,b@example.com is no plain mail address"));
	h = headers();
	h.unsubscribe = STR("mailto:x@example.com>\r\nBcc: y@example.com");
	buf_clear(&out);
	assert_int_equal(mail_headers_put(&out, &h, &err), 0);
	assert_null(strstr(out.p, "Bcc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_of_text_is_one_line_without_tricks),
		cmocka_unit_test(a_header_is_ascii_of_76_columns_and_says_the_same),
		cmocka_unit_test(the_headers_of_a_mail_stand_once_each),
		cmocka_unit_test(who_leaves_has_several_ways_and_one_click_with_https_alone),
		cmocka_unit_test(an_address_that_is_none_ends_a_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
