/* test_config.c - what a person gets to read whose watchdesk.yaml is wrong: the place, what is there, what was expected */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/audiences.h"
#include "desk/config.h"

/* A folder with a configuration. */
struct bench {
	char folder[64], path[96];
	struct err err;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	snprintf(b->folder, sizeof(b->folder), "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	snprintf(b->path, sizeof(b->path), "%s/watchdesk.yaml", b->folder);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	file_remove_folder(b->folder, NULL);
	free(b);
	return 0;
}

static struct config *load(struct bench *b, struct str text)
{
	struct err err = { 0 };

	assert_int_equal(file_replace(b->path, text, 0600, &err), 0);
	b->err = err;
	return config_load(b->path, &b->err);
}

/* Three lines that are right; a row's own lines come after them. */
#define HEAD	    "organisation: Example Pictures\ncontact: watchdesk@example.com\nstore: s\n"
#define MAIL(relay) HEAD "alerts: {from: a@example.com, smtp: '" relay "'}\n"
#define SOURCE	    "- name: a\n  feed: https://example.com/f\n"

static void what_is_wrong_is_said_with_its_place_and_what_was_expected(void **state)
{
	static const struct {
		const char *why, *text, *wanted; /* wanted: the beginning, after the folder */
	} rows[] = {
		{ "an empty file", "", "watchdesk.yaml:1: the file is empty, expected `key: value` lines" },
		{ "a zone that nobody has", HEAD "zone: Atlantis/Sunken\n",
		  "watchdesk.yaml:4: zone is \"Atlantis/Sunken\", expected a name" },
		{ "an audience that sees what there is not", HEAD "audiences: {board: {sees: [everything]}}\n",
		  "watchdesk.yaml:4: sees names everything, expected some of texts, samples, authors" },
		{ "a label that TLP has not", HEAD "audiences: {board: {tlp: white}}\n",
		  "watchdesk.yaml:4: tlp is \"white\", expected one of: clear, green" },
		{ "an audience with a path for a name", HEAD "audiences: {../x: {}}\n",
		  "watchdesk.yaml:4: an audience is called ../x, expected letters" },
		{ "two reports in one folder", HEAD "audiences: {management: {report: report/}}\n",
		  "watchdesk.yaml:4: the reports of desk and management stand in one folder" },
		{ "a report within a report", HEAD "audiences: {management: {report: report/for/management}}\n",
		  "watchdesk.yaml:4: the reports of desk and management stand in one folder" },
		{ "findings that are none", HEAD "audiences: {board: {severity: 5}}\n",
		  "watchdesk.yaml:4: severity is 5, expected" },
		{ "words that do not ship", HEAD "audiences: {board: {words: tlh}}\n",
		  "watchdesk.yaml:4: words: no translation to tlh ships, expected de, or the path of a file" },
		{ "words that are not there", HEAD "audiences: {board: {words: nowhere.yaml}}\n", "watchdesk.yaml:4: words: " },
		{ "an address that is a script", HEAD "audiences: {board: {address: 'javascript:alert(1)'}}\n",
		  "watchdesk.yaml:4: address is \"javascript:alert(1)\", expected where" },
		{ "an address with a quote", HEAD "audiences: {board: {address: 'https://a.example/\"x'}}\n",
		  "watchdesk.yaml:4: address is \"https://a.example/\"x\", expected where" },
		{ "more approvals than people", HEAD "takedowns: {approvals: 9}\n",
		  "watchdesk.yaml:4: approvals is 9, expected" },
		{ "answers to nobody", HEAD "takedowns: {answers: legal}\n",
		  "watchdesk.yaml:4: answers is \"legal\", expected one mail address" },
		{ "a claimant without a name", HEAD "takedowns: {claimant: {mail: a@example.com}}\n", "watchdesk.yaml:4: " },
		{ "a signatory with two addresses",
		  HEAD "takedowns: {signatory: {name: A, mail: 'a@example.com, b@example.com'}}\n",
		  "watchdesk.yaml:4: mail of signatory is \"a@example.com, b@example.com\", expected one mail address" },
		{ "a letter that is not there", HEAD "takedowns: {authorisation: letter.pdf}\n",
		  "watchdesk.yaml:4: authorisation is " },
		{ "cards that are not there", HEAD "takedowns: {hosts: cards}\n", "watchdesk.yaml:4: hosts is " },
		{ "looks every second", HEAD "takedowns: {recheck: 1s}\n",
		  "watchdesk.yaml:4: recheck is 1s, expected 10m to 30d" },
		{ "a duty that nobody can be told of", HEAD "duty: {roster: [{name: a, to: a@example.com}]}\n",
		  "watchdesk.yaml:4: to is a mail address, expected the relay for it too" },
		{ "a channel that there is not", HEAD "duty: {roster: [{name: a, to: channel pager}]}\n",
		  "watchdesk.yaml:4: to is \"channel pager\", expected one mail address, or channel and a name" },
		{ "a channel with two faces",
		  HEAD "channels: [{name: a, type: slack, url: 'https://a.example', token: 'env:T'}]\n",
		  "watchdesk.yaml:4: channel a: a slack with token, expected none" },
		{ "a duty that nobody has", MAIL("smtp://mail.example.com") "duty: {roster: []}\n",
		  "watchdesk.yaml:5: the roster has 0 entries" },
		{ "only a comment", "# nothing yet\n", "watchdesk.yaml:1: the file is empty, expected" },
		{ "a list", "- a\n", "watchdesk.yaml:1: this is not a mapping, expected `key: value` lines" },
		{ "a tab", HEAD "assets:\n\t- name: x\n", "watchdesk.yaml:5: " },
		{ "a quote that is not closed", HEAD "report: \"x\n", "watchdesk.yaml:" },
		{ "no organisation", "contact: a@b\n",
		  "watchdesk.yaml:1: organisation is missing, expected it here, such as `organisation: Example Pictures`" },
		{ "no contact", "organisation: x\nstore: s\n", "watchdesk.yaml:1: contact is missing, expected it" },
		{ "a contact without a value", "organisation: x\ncontact:\n",
		  "watchdesk.yaml:2: contact has no value, expected a text" },
		{ "a contact nobody can write to", "organisation: x\ncontact: the desk\n",
		  "watchdesk.yaml:2: contact is \"the desk\", expected a mail address that site owners can write to" },
		{ "a contact that ends too soon", "organisation: x\ncontact: desk@\n",
		  "watchdesk.yaml:2: contact is \"desk@\", expected" },
		{ "a contact of two lines", "organisation: x\ncontact: \"a@b\\nX: y\"\n",
		  "watchdesk.yaml:2: contact is \"a@b" },
		{ "an unknown key", HEAD "stoer: x\n",
		  "watchdesk.yaml:4: unknown key stoer, expected one of: organisation, contact, store, evidence, report" },
		{ "a key given twice", HEAD "store: t\n",
		  "watchdesk.yaml:4: store is given twice, expected once (first in line 3)" },
		{ "a wrong type", HEAD "report: [a, b]\n", "watchdesk.yaml:4: report is a list, expected a text" },
		{ "a word for a number", HEAD "workers: many\n",
		  "watchdesk.yaml:4: workers is \"many\", expected a whole number" },
		{ "too many workers", HEAD "workers: 65\n", "watchdesk.yaml:4: workers is 65, expected 1 to 64" },
		{ "no worker", HEAD "workers: 0\n", "watchdesk.yaml:4: workers is 0, expected 1 to 64" },
		{ "rules that are not there", HEAD "rules: nowhere\n", "watchdesk.yaml:4: rules is " },
		{ "assets that are no list", HEAD "assets: all\n",
		  "watchdesk.yaml:4: assets is not a list, expected lines that begin with `- `" },
		{ "an asset without a name", HEAD "assets:\n  - terms: [a]\n", "watchdesk.yaml:5: name is missing, expected" },
		{ "an asset that names nothing", HEAD "assets:\n  - name: The Interlude\n",
		  "watchdesk.yaml:5: the asset The Interlude names nothing, expected terms, domains or people" },
		{ "a key no asset has", HEAD "assets:\n  - name: x\n    words: [a]\n",
		  "watchdesk.yaml:6: unknown key words, expected one of: name, terms, terms_file, domains, domains_file, "
		  "look_alikes, harmless, people, packages, hosts, ranges, bins" },
		{ "terms that are a mapping", HEAD "assets:\n  - name: x\n    terms: {a: b}\n",
		  "watchdesk.yaml:6: terms is a mapping, expected a list of texts" },
		{ "two sources of one name", HEAD "sources:\n" SOURCE SOURCE,
		  "watchdesk.yaml:7: two sources are called a, expected a name of its own for each (the first is in line 5)" },
		{ "an expression that is none", HEAD "sources:\n" SOURCE "  links: //a[\n  raw: https://example.com/{key}\n",
		  "watchdesk.yaml:7: links: \"//a[\" is no XPath 1.0" },
		{ "Tor by a scheme that looks names up here", HEAD "tor: socks5://127.0.0.1:9050\nsources:\n" SOURCE,
		  "watchdesk.yaml:4: tor would look names up here, where others see which sites are watched, expected "
		  "socks5h://" },
		{ "a proxy with a password", HEAD "sources:\n" SOURCE "  proxy: http://me:secret@p:1\n",
		  "watchdesk.yaml:7: proxy is no proxy, expected socks5h://HOST:PORT" },
		{ "an onion without Tor", HEAD "sources:\n- name: a\n  feed: http://abcdef.onion/f\n",
		  "watchdesk.yaml:5: a has an .onion address, which only Tor reaches, expected proxy" },
		{ "certificates that are not there", HEAD "sources:\n" SOURCE "  ca: no-such.pem\n", "watchdesk.yaml:7: ca: " },
		{ "certificates that are none", HEAD "sources:\n" SOURCE "  ca: watchdesk.yaml\n", "watchdesk.yaml:7: ca: " },
		{ "a source that does not ship", HEAD "sources:\n- use: nonesuch\n",
		  "watchdesk.yaml:5: no source is called nonesuch, expected one that " },
		{ "no duration", HEAD "sources:\n" SOURCE "  every: 5 minutes\n",
		  "watchdesk.yaml:7: every is \"5 minutes\", expected a duration such as 30s or 5m, or the shortest and the "
		  "longest: 1m to 30m" },
		{ "neither true nor false", HEAD "sources:\n" SOURCE "  allow_private: maybe\n",
		  "watchdesk.yaml:7: allow_private is \"maybe\", expected true or false" },
		{ "a source without a robots operator", HEAD "sources:\n" SOURCE "  ignore_robots: we may\n",
		  "watchdesk.yaml:7: robots.txt is overridden by nobody, expected operator" },
		{ "an authority that nobody vouches for", HEAD "evidence: {authority: 'https://tsa.example.net/'}\n",
		  "watchdesk.yaml:4: authority without authority_ca, expected the file" },
		{ "an authority that is no address", HEAD "evidence: {authority: tsa, authority_ca: ca.pem}\n",
		  "watchdesk.yaml:4: authority is \"tsa\", expected the http(s) address" },
		{ "a folder beside the store's", HEAD "evidence: {folder: elsewhere}\n",
		  "watchdesk.yaml:4: evidence has a folder, expected none" },
		{ "a severity that none has", HEAD "evidence: {from: 101}\n", "watchdesk.yaml:4: from is" },
		{ "alerts without a relay", HEAD "alerts: {from: a@example.com}\n",
		  "watchdesk.yaml:4: smtp is missing, expected" },
		{ "a web page for a relay", MAIL("https://mail.example.com"),
		  "watchdesk.yaml:4: smtp is \"https://mail.example.com\", expected smtp://HOST:PORT" },
		{ "a relay with a password before it", MAIL("smtp://me:word@mail.example.com"),
		  "watchdesk.yaml:4: smtp is \"" },
		{ "a relay with a greeting behind it", MAIL("smtp://mail.example.com/x"), "watchdesk.yaml:4: smtp is \"" },
		{ "a sender with a second header", HEAD "alerts: {smtp: 'smtp://m', from: \"a@b\\nBcc: c@d\"}\n",
		  "watchdesk.yaml:4: from is \"a@b\nBcc: c@d\", expected a mail address" },
		{ "two senders", HEAD "alerts: {smtp: 'smtp://m', from: 'a@example.com,b@example.com'}\n",
		  "watchdesk.yaml:4: from is \"" },
		{ "a password in the open", MAIL("smtp://m', user: me, password: 'word"),
		  "watchdesk.yaml:4: password stands in the configuration, expected env:NAME or file:PATH" },
		{ "a password that could be read on its way", MAIL("smtp://m', user: me, password: 'env:P', tls: 'none"),
		  "watchdesk.yaml:4: a password with `tls: none`, expected TLS" },
		{ "a name without a password", MAIL("smtp://m', user: 'me"),
		  "watchdesk.yaml:4: alerts has one of user and password, expected both" },
		{ "TLS from the start and none", MAIL("smtps://m', tls: 'none"), "watchdesk.yaml:4: smtps:// with" },
		{ "a certificate without its key", MAIL("smtp://m', certificate: 'c.pem"),
		  "watchdesk.yaml:4: alerts has one of certificate and key, expected both" },
		{ "a ca that is not there", MAIL("smtp://m', ca: 'no-such.pem"), "watchdesk.yaml:4: ca: " },
		{ "an endpoint that anybody reads on its way", MAIL("smtp://m', endpoint: 'http://watch.example.com/leave"),
		  "watchdesk.yaml:4: endpoint is \"http://watch.example.com/leave\", expected an https:// address" },
		{ "an inbox that is no Maildir", MAIL("smtp://m', inbox: 'no-such"), "watchdesk.yaml:4: inbox is " },
		{ "a mailbox without a folder", MAIL("smtp://m', inbox: 'imaps://mail.example.com"),
		  "watchdesk.yaml:4: inbox is \"imaps://mail.example.com\", expected imaps://HOST/FOLDER" },
		{ "a mailbox with a name in its host", MAIL("smtp://m', inbox: 'imaps://a:b@mail.example.com/INBOX"),
		  "watchdesk.yaml:4: inbox is " },
		{ "a folder that ends the command", MAIL("smtp://m', inbox: 'imaps://mail.example.com/IN\"BOX"),
		  "watchdesk.yaml:4: inbox is " },
		{ "a mailbox without a name", MAIL("smtp://m', inbox: 'imaps://mail.example.com/INBOX"),
		  "watchdesk.yaml:4: a mailbox without inbox_user and inbox_password" },
		{ "its password for everybody to read",
		  MAIL("smtp://m', inbox: 'imaps://mail.example.com/INBOX', inbox_user: 'a', inbox_password: 'b"),
		  "watchdesk.yaml:4: inbox_password stands in the configuration" },
		{ "its password in the clear",
		  MAIL("smtp://m', inbox: 'imap://mail.example.com/INBOX', inbox_tls: 'none', inbox_user: 'a', inbox_password: "
		       "'env:B"),
		  "watchdesk.yaml:4: a mailbox with `inbox_tls: none`" },
		{ "no mails at all", MAIL("smtp://m', ceiling: '0"), "watchdesk.yaml:4: ceiling is" },
		{ "subscriptions that nothing carries", HEAD "subscriptions: [{to: a@example.com}]\n",
		  "watchdesk.yaml:4: to is a mail address, expected the relay for it too" },
		{ "a list for one subscriber", MAIL("smtp://m") "subscriptions:\n- to: 'a@example.com,b@example.com'\n",
		  "watchdesk.yaml:6: to: a@example.com,b@example.com is no mail address" },
		{ "an asset that nobody protects",
		  MAIL("smtp://m") "subscriptions:\n- to: a@example.com\n  assets: [Nothing]\n",
		  "watchdesk.yaml:7: no asset is called Nothing" },
		{ "Latin-1", HEAD "report: caf\xe9\n", "watchdesk.yaml:" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(config) c = load(b, str_of(rows[i].text));
		struct str text = str_of(b->err.text), place = str_of(b->folder);

		if (c || b->err.code != E_USAGE)
			fail_msg("%s: it was taken", rows[i].why);
		if (!str_starts(text, place) || !str_starts(str_slice(text, place.n + 1, text.n), str_of(rows[i].wanted)) ||
		    str_find(text, STR("expected")) < 0)
			fail_msg("%s: %s", rows[i].why, b->err.text);
	}
}

static void a_file_that_is_not_there_is_the_users_to_name(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(config_load("/nonexistent/watchdesk.yaml", &err));
	assert_int_equal(err.code, E_USAGE);
	assert_non_null(strstr(err.text, "/nonexistent/watchdesk.yaml"));
	assert_non_null(strstr(err.text, "watchdesk init"));
}

static void a_file_larger_than_the_ceiling_is_refused(void **state)
{
	struct bench *b = *state;
	AUTO(buf) text = BUF_INIT(2 * LIMIT_CONFIG);

	buf_add(&text, STR(HEAD));
	while (text.n <= LIMIT_CONFIG)
		buf_add(&text, STR("# a comment that goes on and on and on\n"));
	assert_null(load(b, buf_str(&text)));
	assert_int_equal(b->err.code, E_USAGE);
	assert_non_null(strstr(b->err.text, "watchdesk.yaml"));
}

static void aliases_that_multiply_are_refused_before_they_fill_the_memory(void **state)
{
	struct bench *b = *state;
	AUTO(buf) text = BUF_INIT(4096);

	buf_add(&text, STR("organisation: &a [x, x, x, x, x, x, x, x, x]\n"));
	for (char c = 'b'; c < 'k'; c++) /* each has nine of the one before: 9^10 values */
		buf_printf(&text, "%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c - 1, c - 1, c - 1, c - 1,
			   c - 1, c - 1, c - 1, c - 1, c - 1);
	assert_null(load(b, buf_str(&text)));
	assert_int_equal(b->err.code, E_USAGE);
	assert_non_null(strstr(b->err.text, "too deep or too large"));
}

static void depth_without_end_is_refused_at_once(void **state)
{
	struct bench *b = *state;
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);

	buf_add(&text, STR("organisation: "));
	while (text.n < LIMIT_CONFIG - 100)
		buf_add_char(&text, '[');
	assert_null(load(b, buf_str(&text)));
	assert_int_equal(b->err.code, E_USAGE);
	assert_non_null(strstr(b->err.text, "watchdesk.yaml:1: nested too deep, expected at most"));
}

static void the_configuration_that_init_writes_is_right(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(config) c = load(b, config_example());

	if (!c)
		fail_msg("%s", b->err.text);
	assert_true(c->n_assets > 0 && c->n_sources > 0);
	assert_str(str_slice(str_of(c->store.folder), 0, strlen(b->folder)), b->folder);
}

static void a_store_in_postgresql_still_has_a_folder(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(config)
	c = load(b, STR("organisation: x\ncontact: a@b\nstore: postgresql:///watch?host=/run/postgresql\n"
			"evidence: {folder: kept, from: 70}\n"));
	char wanted[96];

	if (!c)
		fail_msg("%s", b->err.text);
	snprintf(wanted, sizeof(wanted), "%s/kept", b->folder);
	assert_string_equal(c->store.folder, wanted);
	assert_string_equal(c->store.database, "postgresql:///watch?host=/run/postgresql");
	assert_int_equal(c->evidence_from, 70);
}

static void paths_are_relative_to_the_file_and_absolute_ones_stay(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(config) c = load(b, STR("organisation: x\ncontact: a@b\nstore: /var/lib/x\nreport: pages\n"));
	char wanted[96];

	assert_non_null(c);
	snprintf(wanted, sizeof(wanted), "%s/pages", b->folder);
	assert_string_equal(c->store.folder, "/var/lib/x");
	assert_string_equal(c->audiences->items[0].folder, wanted);
	assert_null(c->store.database);
	assert_int_equal(c->n_sources, 0);
}

static void a_source_says_who_we_are_unless_it_is_to_be_quiet(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(config)
	c = load(b, STR(HEAD "sources:\n"
			     "- {name: a, feed: https://example.com/f}\n"
			     "- {name: b, feed: https://example.com/g, identity: quiet}\n"
			     "- {name: c, feed: https://example.com/h, user_agent: Other/1}\n"));
	struct str agent;

	if (!c)
		fail_msg("%s", b->err.text);
	agent = config_user_agent(c, &c->sources[0], c->a);
	assert_true(str_starts(agent, STR("watchdesk/")) && str_find(agent, STR("watchdesk@example.com")) > 0);
	agent = config_user_agent(c, &c->sources[1], c->a);
	assert_true(str_find_nocase(agent, STR("watchdesk")) < 0 && str_find(agent, STR("example.com")) < 0);
	assert_str(config_user_agent(c, &c->sources[2], c->a), "Other/1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void a_model_lies_beside_the_configuration_and_is_watched(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(config) c = load(b, STR(HEAD "model: m/own.bin\n"));
	char wanted[128];
	bool watched = false;

	assert_non_null(c);
	snprintf(wanted, sizeof(wanted), "%s/m/own.bin", b->folder);
	assert_string_equal(c->model, wanted); /* `train` may not have written it yet */
	for (size_t i = 0; c->watched[i]; i++)
		watched |= strcmp(c->watched[i], wanted) == 0;
	assert_true(watched);
}

static void a_sign_in_knows_where_its_secrets_are_and_when_they_change(void **state)
{
	static const char text[] = HEAD
		"sources:\n"
		"- name: a\n  feed: https://example.com/f\n  login: {url: 'https://example.com/in', user: 'env:A_USER', "
		"password: 'file:a.secret', signed_in: //a}\n"
		"- name: b\n  feed: https://example.com/f\n  login: {url: 'https://example.com/in', user: me, password: "
		"'env:B_WORD', signed_in: //a}\n";
	struct bench *b = *state;
	AUTO_FREE(config) before = NULL;
	AUTO_FREE(config) same = NULL;
	AUTO_FREE(config) after = NULL;
	char path[128];

	before = load(b, str_of(text));
	assert_string_equal(before->variables[0], "A_USER");
	assert_string_equal(before->variables[1], "B_WORD");
	assert_null(before->variables[2]);
	assert_null(before->sources[0].login.user_path);
	assert_true(str_ends(str_of(before->sources[0].login.password_path), STR("/a.secret")));
	same = load(b, str_of(text));
	assert_memory_equal(same->sources[0].login.version, before->sources[0].login.version, DIGEST_BYTES);
	snprintf(path, sizeof(path), "%s", before->sources[0].login.password_path);
	assert_int_equal(file_replace(path, STR("new"), 0600, &b->err), 0);
	after = load(b, str_of(text));
	assert_memory_not_equal(after->sources[0].login.version, before->sources[0].login.version, DIGEST_BYTES);
	assert_memory_equal(after->sources[1].login.version, before->sources[1].login.version, DIGEST_BYTES);
}

static void an_audience_of_ones_own_begins_as_who_sees_least(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(config)
	c = load(b,
		 STR(HEAD
		     "audiences:\n  board: {tlp: red, sees: [sources, texts], severity: 70, address: 'https://a.example/b'}\n"
		     "  desk: {sees: []}\n  guests: {report: guests}\n"));
	const struct audience_report *board, *guests;
	struct err err = { 0 };

	if (!c)
		fail_msg("%s", b->err.text);
	board = audience_named(c->audiences, "board", &err);
	guests = audience_named(c->audiences, "guests", &err);
	assert_int_equal(board->audience.tlp, TLP_RED);
	assert_int_equal(board->audience.sees, SEES_SOURCES | SEES_TEXTS);
	assert_int_equal(board->audience.least_severity, 70);
	assert_str(board->address, "https://a.example/b/");
	assert_null(board->folder);
	assert_int_equal(guests->audience.sees, 0);
	assert_true(str_ends(str_of(guests->folder), STR("/guests")));
	assert_int_equal(c->audiences->items[0].audience.sees, 0);
	assert_int_equal(c->audiences->n, AUDIENCES + 2);
	assert_null(audience_named(c->audiences, "nobody", &err));
	assert_str(str_of(err.text), "no audience is called nobody, expected one of desk, legal, management, board, guests");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_audience_of_ones_own_begins_as_who_sees_least, set_up, tear_down),
		TEST(what_is_wrong_is_said_with_its_place_and_what_was_expected),
		TEST(a_file_that_is_not_there_is_the_users_to_name),
		TEST(a_file_larger_than_the_ceiling_is_refused),
		TEST(aliases_that_multiply_are_refused_before_they_fill_the_memory),
		TEST(depth_without_end_is_refused_at_once),
		TEST(the_configuration_that_init_writes_is_right),
		TEST(a_store_in_postgresql_still_has_a_folder),
		TEST(paths_are_relative_to_the_file_and_absolute_ones_stay),
		TEST(a_model_lies_beside_the_configuration_and_is_watched),
		TEST(a_sign_in_knows_where_its_secrets_are_and_when_they_change),
		TEST(a_source_says_who_we_are_unless_it_is_to_be_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
