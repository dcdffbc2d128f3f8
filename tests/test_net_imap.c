/* test_net_imap.c - a mailbox that lies, stumbles, floods and hangs: each gives its own sentence, and no mail is marked too
 * early */
#include "tests/relay.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/net_imap.h"

/* A mailbox, and what reads it. */
struct bench {
	struct relay server;
	struct net *net;
	struct buf trust;
	struct err err;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	char path[128];

	relay_init(&b->server);
	b->server.program = "tests/mailbox";
	relay_certificates(&b->server);
	b->trust = (struct buf)BUF_INIT(LIMIT_TRUST);
	snprintf(path, sizeof(path), "%s/ca.pem", b->server.folder);
	assert_int_equal(file_read(path, &b->trust, &b->err), 0);
	b->net = net_new(&b->err);
	assert_non_null(b->net);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	net_free(b->net);
	buf_release(&b->trust);
	relay_release(&b->server);
	free(b);
	return 0;
}

static void put(struct bench *b, const char *name, struct str content)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", b->server.folder, name);
	assert_int_equal(file_replace(path, content, 0600, &b->err), 0);
}

static bool has(struct bench *b, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", b->server.folder, name);
	return access(path, F_OK) == 0;
}

static int count(struct bench *b, const char *word)
{
	AUTO(buf) text = BUF_INIT(MIB(1));
	struct str rest;
	char path[128];
	ssize_t at;
	int n = 0;

	snprintf(path, sizeof(path), "%s/log", b->server.folder);
	assert_int_equal(file_read(path, &text, &b->err), 0);
	for (rest = buf_str(&text); (at = str_find(rest, str_of(word))) >= 0; n++)
		rest = str_slice(rest, (size_t)at + 1, rest.n);
	return n;
}

static struct net_mailbox mailbox(struct bench *b)
{
	return (struct net_mailbox){
		.server = str_of(b->server.url),
		.folder = STR("INBOX"),
		.user = STR("watchdesk"),
		.password = STR("secret"),
		.trust = buf_str(&b->trust),
		.timeout_ms = 20000,
	};
}

static struct capture *collect(struct bench *b, const struct net_mailbox *m)
{
	struct capture *c = NULL;

	if (net_collect(b->net, m, &b->err) < 0)
		fail_msg("%s", b->err.text);
	while (!(c = net_next(b->net)))
		net_wait(b->net, NULL, 0, 100);
	assert_int_equal(net_active(b->net), 0);
	return c;
}

static void mail_comes_oldest_first_and_is_marked_once_it_was_dealt_with(void **state)
{
	struct bench *b = *state;
	const struct str first = STR("Subject: one\r\n\r\n* 1 FETCH (UID 9 BODY[]<0> {3}\r\n)\r\nA001 OK\r\n* BYE\r\n");
	const char *const tls[] = { "imaps", "starttls", "none" };

	for (size_t i = 0; i < 3; i++) {
		struct net_mailbox m;
		char tag[32];

		put(b, "2.mail", first);
		put(b, "10.mail", STR("Subject: two\r\n\r\n"));
		put(b, "log", STR(""));
		relay_start(&b->server, tls[i], i < 2 ? "good" : NULL, NULL, NULL);
		m = mailbox(b);
		m.plain = i == 2;
		for (int k = 0; k < 2; k++) { /* not marked, it comes again */
			AUTO_FREE(capture) c = collect(b, &m);

			assert_string_equal(c->failure_text, "");
			assert_int_equal(c->status, 200);
			assert_str(buf_str(&c->body), first.p);
			assert_str(capture_header(c, "ETag"), "\"77.2\"");
			assert_int_equal(count(b, "STARTTLS"), i == 1);
			assert_false(has(b, "2.seen"));
		}
		m.read = STR("\"76.2\""); /* of another mailbox that stood here before */
		capture_free(collect(b, &m));
		assert_false(has(b, "2.seen"));
		m.read = STR("\"77.2\"");
		{
			AUTO_FREE(capture) c = collect(b, &m);

			assert_true(has(b, "2.seen"));
			assert_str(capture_header(c, "ETag"), "\"77.10\"");
			snprintf(tag, sizeof(tag), "%.*s", STR_ARG(capture_header(c, "ETag")));
		}
		m.read = str_of(tag);
		{
			AUTO_FREE(capture) c = collect(b, &m);

			assert_int_equal(c->status, 304);
			assert_int_equal(c->body.n, 0);
		}
		assert_int_equal(count(b, "(connection)"), 1);
		for (int k = 0; k < 2; k++) {
			char path[128];

			snprintf(path, sizeof(path), "%s/%s", b->server.folder, k ? "2.seen" : "10.seen");
			assert_int_equal(unlink(path), 0);
		}
	}
}

static void of_a_huge_mail_the_beginning_is_read(void **state)
{
	struct bench *b = *state;
	struct net_mailbox m;
	char path[128];

	snprintf(path, sizeof(path), "%s/1.mail", b->server.folder);
	put(b, "1.mail", STR("Subject: huge\r\n\r\n"));
	assert_int_equal(truncate(path, 100 * MIB(1)), 0);
	relay_start(&b->server, "imaps", "good", NULL, NULL);
	m = mailbox(b);
	{
		AUTO_FREE(capture) c = collect(b, &m);

		assert_string_equal(c->failure_text, "");
		assert_int_equal(c->body.n, LIMIT_MAILBOX_MAIL);
		assert_str(capture_header(c, "Content-Range"), "bytes 0-1048575/104857600");
	}
}

static void a_connection_that_died_is_made_anew(void **state)
{
	struct bench *b = *state;
	struct net_mailbox m;

	put(b, "1.mail", STR("Subject: x\r\n\r\n"));
	put(b, "fault", STR(""));
	relay_start(&b->server, "imaps", "good", NULL, NULL);
	m = mailbox(b);
	capture_free(collect(b, &m));
	put(b, "fault", STR("select x1 drop\n"));
	{
		AUTO_FREE(capture) c = collect(b, &m);

		assert_string_equal(c->failure_text, "");
		assert_int_equal(c->status, 200);
	}
	assert_int_equal(count(b, "(connection)"), 2);
	put(b, "fault", STR(""));
	relay_start(&b->server, "imaps", "good", NULL, NULL); /* another process, elsewhere */
	m = mailbox(b);
	{
		AUTO_FREE(capture) c = collect(b, &m);

		assert_int_equal(c->status, 200);
	}
}

static void what_a_mailbox_does_wrong_is_named(void **state)
{
	static const struct {
		const char *why, *fault;
		enum net_failure failure;
		const char *words;
		int64_t timeout_ms;
	} rows[] = {
		{ "it hangs up at once", "connect drop\n", NET_MAIL, "broke off before", 0 },
		{ "it is no IMAP", "connect say 220 mail.example.net ESMTP\\r\\n\n", NET_TIMEOUT,
		  "the last that it said: 220 mail", 700 },
		{ "it never greets", "connect hang\n", NET_TIMEOUT, "", 700 },
		{ "a greeting without end", "connect flood\n", NET_MAIL, "let us in", 700 },
		{ "greetings without end", "capability babble\nconnect say * OK hello\\r\\n\n", NET_MAIL, "let us in", 5000 },
		{ "it refuses the password", "login say {tag} NO [AUTHENTICATIONFAILED] Who?\\r\\n\n", NET_MAIL,
		  "name and password", 0 },
		{ "there is no such folder", "select say {tag} NO no such mailbox\\r\\n\n", NET_MAIL,
		  "to open the folder: NO no such", 0 },
		{ "it may only be looked at", "select say * OK [UIDVALIDITY 7] x\\r\\n{tag} OK [READ-ONLY] x\\r\\n\n", NET_MAIL,
		  "marked as read", 0 },
		{ "mails have no lasting number", "select say {tag} OK x\\r\\n\n", NET_MAIL, "UIDVALIDITY", 0 },
		{ "a line without end", "search flood\n", NET_LIMIT, "without end", 0 },
		{ "lines without end", "search babble\n", NET_LIMIT, "without end", 0 },
		{ "it hangs", "search hang\n", NET_TIMEOUT, "too long for an answer to the question what is unread", 700 },
		{ "it hangs up", "search drop\n", NET_MAIL, "hung up instead of an answer to the question", 0 },
		{ "it says that it ends", "search say * BYE enough\\r\\n\n", NET_MAIL, "ends the conversation:  enough", 0 },
		{ "control characters in what it says", "search say {tag} NO a\\x07\\x1b[b\\r\\n\n", NET_MAIL, "NO a??[b", 0 },
		{ "the mail is larger than was asked for", "fetch say * 1 FETCH (UID 1 BODY[]<0> {1048577}\\r\\n\n", NET_LIMIT,
		  "more of a mail than", 0 },
		{ "a size that is none", "fetch say * 1 FETCH (UID 1 BODY[]<0> {99999999999999999999}\\r\\n{tag} OK\\r\\n\n",
		  NET_MAIL, "does not give it", 0 },
		{ "the size is too small",
		  "fetch say * 1 FETCH (UID 1 BODY[]<0> {3}\\r\\nSubject: x\\r\\n\\r\\nabc)\\r\\n{tag} OK\\r\\n\n", NET_MAIL,
		  "wrong size", 0 },
		{ "the size is too large", "fetch say * 1 FETCH (UID 1 BODY[]<0> {300}\\r\\nabc)\\r\\n{tag} OK\\r\\n\n",
		  NET_TIMEOUT, "too long for an answer to the wish to read a mail", 700 },
		{ "it lists a mail and does not give it", "fetch say {tag} OK done\\r\\n\n", NET_MAIL, "does not give it", 0 },
		{ "the mail is no string", "fetch say * 1 FETCH (UID 1 BODY[]<0> NIL)\\r\\n{tag} OK\\r\\n\n", NET_MAIL,
		  "does not give it", 0 },
		{ "it does not let a mail be marked", "store say {tag} NO [NOPERM] no\\r\\n\n", NET_MAIL,
		  "that a mail was read: NO", 0 },
		{ "it forgets the mark", "store say {tag} OK done\\r\\n\n", NET_MAIL, "does not keep the mark", 0 },
	};
	struct bench *b = *state;

	put(b, "1.mail", STR("Subject: x\r\n\r\n"));
	relay_start(&b->server, "imaps", "good", NULL, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_mailbox m = mailbox(b);
		AUTO_FREE(capture) c = NULL;

		put(b, "fault", str_of(rows[i].fault));
		m.timeout_ms = rows[i].timeout_ms ? rows[i].timeout_ms : m.timeout_ms;
		if (str_starts(str_of(rows[i].fault), STR("store")))
			m.read = STR("\"77.1\"");
		c = collect(b, &m);
		if (c->failure != rows[i].failure || !strstr(c->failure_text, rows[i].words))
			fail_msg("%s: %s: %s", rows[i].why, net_failure_names[c->failure], c->failure_text);
		assert_null(strstr(c->failure_text, "secret"));
		assert_int_equal(c->body.n, 0);
	}
}

static void what_is_odd_and_right_is_read(void **state)
{
	static const struct {
		const char *why, *fault, *body;
	} rows[] = {
		{ "words between",
		  "fetch say * 2 EXISTS\\r\\n* 1 FETCH (FLAGS ())\\r\\n* 1 FETCH (UID 1 BODY[]<0> {3}\\r\\nabc)\\r\\n{tag} "
		  "OK\\r\\n\n",
		  "abc" },
		{ "small letters", "fetch say * 1 fetch (body[]<0> {3}\\r\\nabc UID 1)\\r\\n{tag} OK\\r\\n\n", "abc" },
		{ "an empty mail", "fetch say * 1 FETCH (UID 1 BODY[]<0> {0}\\r\\n)\\r\\n{tag} OK\\r\\n\n", "" },
		{ "a second mail that nobody asked for",
		  "fetch say * 1 FETCH (UID 1 BODY[] {3}\\r\\nabc)\\r\\n* 2 FETCH (UID 2 BODY[] {3}\\r\\ndef)\\r\\n{tag} "
		  "OK\\r\\n\n",
		  "abc" },
		{ "a literal elsewhere",
		  "size say * 1 FETCH (UID 1 X {21}\\r\\n{tag} OK\\r\\n RFC822.SIZE 9)\\r\\n{tag} OK\\r\\n\n",
		  "Subject: x\r\n\r\n" },
	};
	struct bench *b = *state;

	put(b, "1.mail", STR("Subject: x\r\n\r\n"));
	relay_start(&b->server, "imaps", "good", NULL, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_mailbox m = mailbox(b);
		AUTO_FREE(capture) c = NULL;

		put(b, "fault", str_of(rows[i].fault));
		c = collect(b, &m);
		if (c->failure != NET_OK || !str_eq(buf_str(&c->body), str_of(rows[i].body)))
			fail_msg("%s: %s", rows[i].why, c->failure_text);
	}
}

static void of_very_many_unread_mails_the_oldest_that_is_named_is_read(void **state)
{
	struct bench *b = *state;
	AUTO(buf) fault = BUF_INIT(MIB(1));
	struct net_mailbox m;

	buf_add(&fault, STR("search say * SEARCH"));
	for (int i = 20000; i > 0; i--)
		buf_printf(&fault, " %d", i + 1000000);
	buf_add(&fault, STR("\\r\\n* SEARCH 3\\r\\n{tag} OK\\r\\n\n"));
	put(b, "3.mail", STR("Subject: three\r\n\r\n"));
	put(b, "fault", buf_str(&fault));
	relay_start(&b->server, "imaps", "good", NULL, NULL);
	m = mailbox(b);
	{
		AUTO_FREE(capture) c = collect(b, &m);

		assert_string_equal(c->failure_text, "");
		assert_str(capture_header(c, "ETag"), "\"77.3\"");
	}
}

static void nobody_signs_in_without_the_right_tls(void **state)
{
	static const struct {
		const char *why, *tls, *certificate, *words, *pin;
	} rows[] = {
		{ "signed by itself", "imaps", "self", "certificate" },
		{ "out of date", "imaps", "expired", "expired" },
		{ "another's name", "imaps", "other", "for another host" },
		{ "the same by STARTTLS", "starttls", "self", "certificate" },
		{ "another key than the one that is pinned", "imaps", "good", "pin", "other.pin" },
		{ "no STARTTLS", "none", NULL, "offers no STARTTLS" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) pin = BUF_INIT(KIB(1));
		struct net_mailbox m;
		AUTO_FREE(capture) c = NULL;
		char path[128];

		put(b, "log", STR(""));
		relay_start(&b->server, rows[i].tls, rows[i].certificate, NULL, NULL);
		m = mailbox(b);
		snprintf(path, sizeof(path), "%s/%s", b->server.folder, rows[i].pin ? rows[i].pin : "");
		if (rows[i].pin)
			assert_int_equal(file_read(path, &pin, &b->err), 0);
		m.pin = str_trim(buf_str(&pin));
		c = collect(b, &m);
		if (c->failure != NET_TLS || !strstr(c->failure_text, rows[i].words))
			fail_msg("%s: %s: %s", rows[i].why, net_failure_names[c->failure], c->failure_text);
		assert_int_equal(count(b, "AUTHENTICATE") + count(b, "LOGIN"), 0);
	}
}

static void a_greeting_reads_nothing_and_a_folder_with_quotes_is_none(void **state)
{
	struct bench *b = *state;
	struct net_mailbox m;

	put(b, "1.mail", STR("Subject: x\r\n\r\n"));
	relay_start(&b->server, "imaps", "good", NULL, NULL);
	m = mailbox(b);
	m.greet = true;
	{
		AUTO_FREE(capture) c = collect(b, &m);

		assert_int_equal(c->failure, NET_OK);
		assert_int_equal(count(b, "SEARCH"), 0);
	}
	m.folder = STR("INBOX\"\r\nx");
	assert_int_equal(net_collect(b->net, &m, &b->err), E_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(mail_comes_oldest_first_and_is_marked_once_it_was_dealt_with, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(of_a_huge_mail_the_beginning_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_connection_that_died_is_made_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_a_mailbox_does_wrong_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_odd_and_right_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_very_many_unread_mails_the_oldest_that_is_named_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_signs_in_without_the_right_tls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_greeting_reads_nothing_and_a_folder_with_quotes_is_none, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
