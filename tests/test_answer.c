/* test_answer.c - what comes back by mail: a person's answer, a report of a mail that did not arrive, what a program said */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "crawler/extract/answer.h"
#include "crawler/extract/mail.h"

#define ID "0123456789abcdef0123456789abcdef"
#define DSN(status)                                                                                             \
	"From: MAILER-DAEMON@mx.example.net\r\nReturn-Path: <>\r\nMessage-ID: <report@mx.example.net>\r\n"      \
	"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"                                                 \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n"                   \
	"--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n\r\n"                                \
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n" status \
	"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: watchdesk@example.com\r\nMessage-ID:\r\n <" ID    \
	"@example.com>\r\nSubject: x\r\n\r\ntext\r\n--b--\r\n"

static void read_one(struct arena *a, struct arena *scratch, const char *text, struct answer *out)
{
	size_t n = strlen(text);
	char *exact = malloc(n ? n : 1);
	struct mail m;

	memcpy(exact, text, n);
	mail_read(a, scratch, (struct str){ exact, n }, &m);
	answer_of(a, &m, (struct str){ exact, n }, out);
	out->text = arena_copy(a, out->text);
	out->message = arena_copy(a, out->message);
	out->address = arena_copy(a, out->address);
	out->status = arena_copy(a, out->status);
	out->about = arena_copy(a, out->about);
	out->id = arena_copy(a, out->id);
	free(exact);
}

static void each_kind_is_told_from_the_others(void **state)
{
	static const struct {
		const char *why, *mail;
		enum answer_kind kind;
		const char *address, *status, *message;
	} rows[] = {
		{ "a person", "From: Ada <ada@example.com>\r\nSubject: Re: x\r\n\r\nI have it\r\n", ANSWER_REPLY,
		  "ada@example.com", "", "" },
		{ "RFC 3834 2: a person's program says no", "From: a@example.com\r\nAuto-Submitted: no\r\n\r\nx\r\n",
		  ANSWER_REPLY, "a@example.com", "", "" },
		{ "out of office", "From: a@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n", ANSWER_AUTOMATIC,
		  "a@example.com", "", "" },
		{ "with a parameter", "From: a@example.com\r\nAuto-Submitted: auto-generated; x=y\r\n\r\nx\r\n",
		  ANSWER_AUTOMATIC, "a@example.com", "", "" },
		{ "an older program", "From: a@example.com\r\nPrecedence: Bulk\r\n\r\nx\r\n", ANSWER_AUTOMATIC, "a@example.com",
		  "", "" },
		{ "a null return path", "From: a@example.com\r\nReturn-Path: <>\r\n\r\nx\r\n", ANSWER_AUTOMATIC,
		  "a@example.com", "", "" },
		{ "no such user",
		  DSN("Final-Recipient: rfc822; dead@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
		      "Diagnostic-Code: smtp; 550 no\r\n"),
		  ANSWER_FAILED, "dead@example.net", "5.1.1", ID },
		{ "not yet", DSN("Final-Recipient: rfc822; slow@example.net\r\nAction: delayed\r\nStatus: 4.4.1\r\n"),
		  ANSWER_DELAYED, "slow@example.net", "4.4.1", ID },
		{ "the address that we wrote to, not the one behind it",
		  DSN("Original-Recipient: rfc822;<desk@example.com>\r\nFinal-Recipient: rfc822; x@example.org\r\n"
		      "Action: FAILED\r\nStatus: 5.2.2\r\n"),
		  ANSWER_FAILED, "desk@example.com", "5.2.2", ID },
		{ "the one of two that was not reached",
		  DSN("Final-Recipient: rfc822; good@example.net\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n"
		      "Final-Recipient: rfc822; dead@example.net\r\nAction: failed\r\nStatus: 5.0.0\r\n"),
		  ANSWER_FAILED, "dead@example.net", "5.0.0", ID },
		{ "a receipt is no failure",
		  DSN("Final-Recipient: rfc822; good@example.net\r\nAction: delivered\r\nStatus: 2.0.0\r\n"), ANSWER_AUTOMATIC,
		  "MAILER-DAEMON@mx.example.net", "", "" },
		{ "a report without an action", DSN("Final-Recipient: rfc822; x@example.net\r\n"), ANSWER_AUTOMATIC,
		  "MAILER-DAEMON@mx.example.net", "", "" },
		{ "nothing", "", ANSWER_REPLY, "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 24);
		AUTO_FREE(arena) scratch = arena_new(1 << 24);
		struct answer x;

		read_one(a, scratch, rows[i].mail, &x);
		if (x.kind != rows[i].kind || !str_eq(x.address, str_of(rows[i].address)) ||
		    !str_eq(x.status, str_of(rows[i].status)) || !str_eq(x.message, str_of(rows[i].message)))
			fail_msg("%s: kind %d, address \"%.*s\", status \"%.*s\", message \"%.*s\"", rows[i].why, x.kind,
				 STR_ARG(x.address), STR_ARG(x.status), STR_ARG(x.message));
	}
}

static void what_it_may_be_about_is_taken_from_where_programs_say_so(void **state)
{
	static const struct {
		const char *why, *headers, *about;
	} rows[] = {
		{ "an answer to a mail of ours", "In-Reply-To: <" ID "@example.com>\r\n", ID },
		{ "a program's answer", "Auto-Submitted: auto-replied\r\nIn-Reply-To: <" ID "@example.com>\r\n", ID },
		{ "only the thread is named, folded", "References: <x@example.net>\r\n <" ID "@example.com>\r\n", ID },
		{ "only the address says it", "To: Legal <legal-desk+" ID "@example.com>\r\n", ID },
		{ "a relay has put the address elsewhere", "Delivered-To: legal-desk+" ID "@example.com\r\n", ID },
		{ "both name it, and it is said once",
		  "To: legal-desk+" ID "@example.com\r\nIn-Reply-To: <" ID "@example.com>\r\n", ID },
		{ "a program that writes in capitals", "To: LEGAL-DESK+0123456789ABCDEF0123456789ABCDEF@EXAMPLE.COM\r\n", ID },
		{ "two of ours",
		  "In-Reply-To: <" ID "@example.com>\r\nReferences: <00" ID "@x>\r\n <f"
		  "123456789abcdef0123456789abcdef@x>\r\n",
		  ID " f123456789abcdef0123456789abcdef" },
		{ "one digit short", "In-Reply-To: <123456789abcdef0123456789abcdef@example.com>\r\n", "" },
		{ "one digit more", "In-Reply-To: <0" ID "@example.com>\r\n", "" },
		{ "no digit", "In-Reply-To: <g123456789abcdef0123456789abcdef@example.com>\r\n", "" },
		{ "the end is missing", "In-Reply-To: <" ID "\r\n", "" },
		{ "in the text it is nobody's word", "\r\n<" ID "@example.com>\r\n", "" },
		{ "somebody else's mail", "In-Reply-To: <x@example.net>\r\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 24);
		AUTO_FREE(arena) scratch = arena_new(1 << 24);
		struct answer x;

		read_one(a, scratch,
			 arena_printf(a, "From: abuse@example.net\r\nMessage-ID: <r%zu@example.net>\r\n%s\r\nWe have it.\r\n",
				      i, rows[i].headers)
				 .p,
			 &x);
		if (!str_eq(x.about, str_of(rows[i].about)))
			fail_msg("%s: \"%.*s\"", rows[i].why, STR_ARG(x.about));
		assert_str(x.id, arena_printf(a, "r%zu@example.net", i).p);
	}
}

static void one_that_names_hundreds_is_taken_for_the_first_eight(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 24);
	AUTO_FREE(arena) scratch = arena_new(1 << 24);
	AUTO(buf) text = BUF_INIT(1 << 20);
	struct answer x;

	(void)state;
	buf_add(&text, STR("References:"));
	for (int i = 0; i < 500; i++)
		buf_printf(&text, " <%032x@example.com>\r\n", i);
	buf_add_char(&text, '\0');
	read_one(a, scratch, text.p, &x);
	assert_int_equal(x.about.n, 8 * 33 - 1);
	assert_true(str_starts(x.about, STR("00000000000000000000000000000000 00000000000000000000000000000001 ")));
}

static void what_breaks_off_anywhere_is_read_as_far_as_it_goes(void **state)
{
	const char *whole = DSN("Final-Recipient: rfc822; dead@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n");
	char *cut = strdup(whole);

	(void)state;
	for (size_t n = strlen(whole); n-- > 0;) {
		AUTO_FREE(arena) a = arena_new(1 << 24);
		AUTO_FREE(arena) scratch = arena_new(1 << 24);
		struct answer x;

		cut[n] = '\0';
		read_one(a, scratch, cut, &x);
		assert_true(x.kind != ANSWER_DELAYED);
		if (x.kind == ANSWER_FAILED)
			assert_true(x.address.n > 0 && x.status.n <= 5);
	}
	free(cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_told_from_the_others),
		cmocka_unit_test(what_it_may_be_about_is_taken_from_where_programs_say_so),
		cmocka_unit_test(one_that_names_hundreds_is_taken_for_the_first_eight),
		cmocka_unit_test(what_breaks_off_anywhere_is_read_as_far_as_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
