/* test_net_mail.c - mail to a relay that lies, stumbles and hangs: each gives its own answer, and nothing secret is shown */
#include "tests/relay.h"
#include "tests/support.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/net.h"

/* A relay, and what writes to it. */
struct bench {
	struct relay relay;
	struct net *net;
	struct buf trust;
	struct err err;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	char path[128];

	relay_init(&b->relay);
	relay_certificates(&b->relay);
	b->trust = (struct buf)BUF_INIT(LIMIT_TRUST);
	snprintf(path, sizeof(path), "%s/ca.pem", b->relay.folder);
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
	relay_release(&b->relay);
	free(b);
	return 0;
}

static void fault(struct bench *b, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/fault", b->relay.folder);
	assert_int_equal(file_replace(path, str_of(text), 0600, &b->err), 0);
}

static struct net_mail mail_for(struct bench *b)
{
	return (struct net_mail){
		.relay = str_of(b->relay.url),
		.greeting = STR("desk.example.com"),
		.trust = buf_str(&b->trust),
		.headers = { .from = STR("watchdesk@example.com"),
			     .to = STR("desk@example.com"),
			     .from_name = STR("watchdesk"),
			     .subject = STR("[watchdesk] high leak"),
			     .domain = STR("example.com"),
			     .message_id = STR("0123"),
			     .auto_submitted = true },
		.text = STR("first\n.\n..two dots\nlast \xc3\xa9\n"),
		.html = STR("<p>first</p>\n"),
		.timeout_ms = 20000,
	};
}

static struct capture *send_mail(struct bench *b, const struct net_mail *m)
{
	struct capture *c = NULL;

	if (net_mail(b->net, m, &b->err) < 0)
		fail_msg("%s", b->err.text);
	while (!(c = net_next(b->net)))
		net_wait(b->net, NULL, 0, 1000);
	return c;
}

static int count(const struct buf *text, const char *word)
{
	struct str rest = buf_str(text);
	ssize_t at;
	int n = 0;

	for (; (at = str_find(rest, str_of(word))) >= 0; n++)
		rest = str_slice(rest, (size_t)at + 1, rest.n);
	return n;
}

static void log_read(struct bench *b, struct buf *out)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/log", b->relay.folder);
	assert_int_equal(file_read(path, out, &b->err), 0);
}

static void a_mail_goes_with_tls_and_the_next_by_the_same_connection(void **state)
{
	struct bench *b = *state;

	relay_start(&b->relay, "starttls", "good", NULL, NULL);
	for (int i = 1; i <= 3; i++) {
		struct net_mail m = mail_for(b);
		AUTO_FREE(capture) c = send_mail(b, &m);
		AUTO(buf) got = BUF_INIT(MIB(1));

		if (!c->sent)
			fail_msg("%s\n%s", c->failure_text, c->request.p);
		assert_int_equal(c->status, 250);
		assert_int_equal(c->reused, i > 1);
		assert_non_null(strstr(c->body.p, "queued as"));
		assert_non_null(strstr(c->tls, "TLSv1"));
		relay_mail(&b->relay, i, &got);
		assert_non_null(strstr(got.p, "Message-ID: <0123@example.com>\r\n"));
		assert_non_null(strstr(got.p, "\r\n.\r\n..two dots\r\nlast =C3=A9\r\n"));
	}
	{
		AUTO(buf) said = BUF_INIT(MIB(1));

		log_read(b, &said);
		assert_int_equal(count(&said, "(connection)"), 1);
		assert_int_equal(count(&said, "MAIL FROM:<watchdesk@example.com>"), 3);
		assert_int_equal(count(&said, "EHLO desk.example.com"), 2); /* before STARTTLS and behind it */
	}
}

static void each_fault_of_a_relay_has_its_own_answer(void **state)
{
	static const struct {
		const char *why, *fault;
		int code;
		bool refused;
		enum net_failure failure;
		const char *text;
	} rows[] = {
		{ "too busy to talk", "connect 421 4.3.2 Too busy\n", 421, false, NET_MAIL,
		  "to the connection: 421 4.3.2 Too busy" },
		{ "nobody may talk to it", "connect 554 5.7.1 No\n", 554, false, NET_MAIL, "to the connection: 554" },
		{ "a sender that it does not know: ours to mend", "mail 550 5.7.1 Not you\n", 550, false, NET_MAIL,
		  "to the sender" },
		{ "a mail too large", "mail 552 5.3.4 Too big\n", 552, true, NET_MAIL, "552" },
		{ "greylisting", "rcpt 450 4.7.1 Greylisted\n", 450, false, NET_MAIL,
		  "to the recipient: 450 4.7.1 Greylisted" },
		{ "no room now", "rcpt 452 4.2.2 Full\n", 452, false, NET_MAIL, "452 4.2.2 Full" },
		{ "nobody of this name", "rcpt 550 5.1.1 No such user\n", 550, true, NET_MAIL, "550 5.1.1 No such user" },
		{ "no text wanted", "data 554 5.5.1 None\n", 554, true, NET_MAIL, "the wish to send the text" },
		{ "a text that it does not like", "end 552 5.2.3 Too long\n", 552, true, NET_MAIL, "to the text: 552" },
		{ "a text that it cannot keep now", "end 451 4.3.0 Later\n", 451, false, NET_MAIL, "to the text: 451" },
		{ "gone after the text", "end drop\n", 0, false, NET_MAIL, "hung up instead of an answer to the text" },
		{ "gone at once", "connect drop\n", 0, false, NET_MAIL, "hung up instead of an answer to the connection" },
		{ "several lines", "rcpt 550-5.1.1 No\n", 0, false, NET_TIMEOUT, "too long for an answer to the recipient" },
		{ "an answer that is none", "rcpt hello\n", 0, false, NET_TIMEOUT, "" },
		{ "no STARTTLS, or somebody has taken it out", "starttls absent\n", 0, false, NET_TLS, "no STARTTLS" },
		{ "STARTTLS that fails", "starttls 454 4.7.0 Not now\n", 454, false, NET_MAIL, "to STARTTLS: 454" },
		{ "a banner that never comes", "connect sleep 30\n", 0, false, NET_TIMEOUT, "" },
	};
	struct bench *b = *state;

	relay_start(&b->relay, "starttls", "good", NULL, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_mail m = mail_for(b);
		AUTO_FREE(capture) c = NULL;

		fault(b, rows[i].fault);
		m.fresh = true;
		m.timeout_ms = rows[i].failure == NET_TIMEOUT ? 900 : 20000;
		c = send_mail(b, &m);
		if (c->sent || c->failure != rows[i].failure || c->status != rows[i].code || c->refused != rows[i].refused ||
		    !strstr(c->failure_text, rows[i].text) || c->failure_text[0] == '\0')
			fail_msg("%s: %s, %d, %s\n%s", rows[i].why, net_failure_names[c->failure], c->status, c->failure_text,
				 c->request.n ? c->request.p : "");
	}
	fault(b, "connect sleep 1\n"); /* slow is not dead */
	{
		struct net_mail m = mail_for(b);
		AUTO_FREE(capture) c = send_mail(b, &m);

		assert_true(c->sent);
	}
}

static void a_relay_that_cannot_show_who_it_is_gets_nothing(void **state)
{
	static const struct {
		const char *certificate, *tls, *text;
	} rows[] = {
		{ "expired", "starttls", "expired" },
		{ "other", "starttls", "another host" },
		{ "self", "starttls", "nobody but itself" },
		{ "other", "smtps", "another host" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) said = BUF_INIT(MIB(1));
		struct net_mail m;
		AUTO_FREE(capture) c = NULL;

		relay_start(&b->relay, rows[i].tls, rows[i].certificate, "--auth", "me:word");
		m = mail_for(b);
		m.user = STR("me");
		m.password = STR("word");
		c = send_mail(b, &m);
		if (c->sent || c->failure != NET_TLS || !strstr(c->failure_text, rows[i].text))
			fail_msg("%s: %s, %s", rows[i].certificate, net_failure_names[c->failure], c->failure_text);
		log_read(b, &said);
		assert_int_equal(count(&said, "AUTH") + count(&said, "MAIL"), 0);
	}
}

static void a_name_and_a_password_go_by_tls_only_and_are_not_shown(void **state)
{
	struct bench *b = *state;

	relay_start(&b->relay, "starttls", "good", "--auth", "me:a long word");
	for (int right = 1; right >= 0; right--) {
		struct net_mail m = mail_for(b);
		AUTO_FREE(capture) c = NULL;

		m.user = STR("me");
		m.password = right ? STR("a long word") : STR("another");
		m.fresh = true;
		c = send_mail(b, &m);
		assert_int_equal(c->sent, right);
		assert_int_equal(c->refused, false);
		assert_non_null(strstr(c->request.p, "> AUTH PLAIN (hidden)\n"));
		assert_non_null(strstr(c->request.p, right ? "< 235 Welcome" : "< 535 5.7.8"));
		assert_null(strstr(c->request.p, "bWUAYSBsb25n"));
		assert_null(strstr(c->request.p, "AG1l"));
		if (!right)
			assert_non_null(strstr(c->failure_text, "to our name and password: 535"));
	}
}

static void a_certificate_of_ours_is_shown_to_who_asks(void **state)
{
	struct bench *b = *state;
	AUTO(buf) pem = BUF_INIT(LIMIT_TRUST);
	AUTO(buf) key = BUF_INIT(LIMIT_KEY);
	char path[128];

	snprintf(path, sizeof(path), "%s/ca.pem", b->relay.folder);
	relay_start(&b->relay, "smtps", "good", "--client-ca", path);
	snprintf(path, sizeof(path), "%s/good.pem", b->relay.folder);
	assert_int_equal(file_read(path, &pem, &b->err), 0);
	snprintf(path, sizeof(path), "%s/good.key", b->relay.folder);
	assert_int_equal(file_read(path, &key, &b->err), 0);
	for (int with = 0; with <= 1; with++) {
		struct net_mail m = mail_for(b);
		AUTO_FREE(capture) c = NULL;

		m.certificate = with ? buf_str(&pem) : (struct str){ 0 };
		m.key = with ? buf_str(&key) : (struct str){ 0 };
		c = send_mail(b, &m);
		if (c->sent != (bool)with)
			fail_msg("%s", c->failure_text);
	}
}

static void a_connection_that_has_died_is_named_as_one_that_was_there(void **state)
{
	struct bench *b = *state;
	struct net_mail m;

	relay_start(&b->relay, "none", "good", NULL, NULL);
	m = mail_for(b);
	m.plain = true;
	{
		AUTO_FREE(capture) c = send_mail(b, &m);

		assert_true(c->sent);
	}
	fault(b, "mail 421 4.4.2 Idle for too long\n");
	{
		AUTO_FREE(capture) c = send_mail(b, &m);

		assert_false(c->sent);
		assert_true(c->reused);
		assert_int_equal(c->status, 421);
	}
	fault(b, "");
	m.fresh = true;
	{
		AUTO_FREE(capture) c = send_mail(b, &m);

		assert_true(c->sent);
		assert_false(c->reused);
	}
}

static void files_go_with_a_mail(void **state)
{
	struct bench *b = *state;
	const struct net_mail_file file = { STR("finding.json"), STR("application/json"), STR("{\"a\":1}\n") };
	AUTO(buf) got = BUF_INIT(MIB(1));
	struct net_mail m;

	relay_start(&b->relay, "none", "good", NULL, NULL);
	m = mail_for(b);
	m.plain = true;
	m.files = &file;
	m.n_files = 1;
	{
		AUTO_FREE(capture) c = send_mail(b, &m);

		assert_true(c->sent);
	}
	relay_mail(&b->relay, 1, &got);
	assert_non_null(strstr(got.p, "filename=\"finding.json\""));
	assert_non_null(strstr(got.p, "eyJhIjoxfQo="));
	assert_non_null(strstr(got.p, "Content-Type: multipart/mixed"));
	assert_non_null(strstr(got.p, "Content-Type: multipart/alternative"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_mail_goes_with_tls_and_the_next_by_the_same_connection, set_up, tear_down),
		cmocka_unit_test_setup_teardown(each_fault_of_a_relay_has_its_own_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_relay_that_cannot_show_who_it_is_gets_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_name_and_a_password_go_by_tls_only_and_are_not_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_certificate_of_ours_is_shown_to_who_asks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_connection_that_has_died_is_named_as_one_that_was_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_go_with_a_mail, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
