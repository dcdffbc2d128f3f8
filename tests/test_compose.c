/* test_compose.c - letters of the watch: the reason first, nothing that opens, nothing of the text for who may not see it,
 * valid mail for every title in the world */
#include "tests/relay.h"
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/net.h"
#include "base/utf8.h"
#include "desk/alert/compose.h"
#include "desk/alert/sheet.h"

/* A finding about which everything is known. */
struct bench {
	struct arena *a;
	struct str terms[3], reasons[1];
	struct stored_hit hits[1];
	struct finding_detail detail;
	struct compose_facts facts;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->a = arena_new(MIB(64));
	b->terms[0] = STR("violence 0.99: +69");
	b->terms[1] = STR("a veiled warning of mass violence: +12");
	b->terms[2] = STR("the threat names our asset Example Pictures: +20");
	b->reasons[0] = STR("veiled warning of mass violence: \"Remember the 11th of September\" (a past atrocity)");
	b->hits[0] = (struct stored_hit){ .label = STR("e-mail address"), .masked = STR("a***@mail.example.net") };
	b->detail = (struct finding_detail){
		.finding = { .id = 1,
			     .public_id = STR("ba3e701760730185a48e5a7e5bb6f429"),
			     .category = STR("violence"),
			     .asset = STR("Example Pictures"),
			     .source = STR("smallpaste"),
			     .title = STR("WARNING"),
			     .author = STR("gop"),
			     .url = STR("https://paste.example.net/raw/warning?a=1&b=2"),
			     .severity = 99,
			     .campaign = STR("77aa"),
			     .found_at = INT64_C(1416735516000000) },
		.text = STR("Remember the 11th of September 2001.\n\nSee http://evil.example.org/x and write to "
			    "gop@mail.example.org\n"),
		.terms = b->terms,
		.n_terms = 3,
		.said = { .reasons = b->reasons, .n_reasons = 1, .hits = b->hits, .n_hits = 1 },
	};
	b->facts = (struct compose_facts){ .manner = { .format = COMPOSE_HTML, .organisation = STR("Example Pictures") },
					   .detail = &b->detail,
					   .acknowledge = true };
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	arena_free(b->a);
	free(b);
	return 0;
}

static bool holds(struct str text, const char *part)
{
	return str_find(text, str_of(part)) >= 0;
}

static void a_letter_says_why_where_and_what_to_do(void **state)
{
	struct bench *b = *state;
	struct letter l;

	compose_finding(b->a, &b->facts, &l);
	assert_str(l.subject, "[watchdesk] critical violence: Example Pictures on smallpaste: WARNING");
	assert_str(l.references, "campaign.77aa");
	assert_true(l.auto_submitted);
	assert_str(l.text, "Critical violence about Example Pictures: veiled warning of mass violence:\n"
			   "\"Remember the 11th of September\" (a past atrocity)\n"
			   "\n"
			   "Severity   99 of 100, critical\n"
			   "Title      WARNING\n"
			   "Address    hxxps://paste[.]example[.]net/raw/warning?a=1&b=2\n"
			   "Author     gop\n"
			   "Site       smallpaste\n"
			   "Found      2014-11-23 09:38 UTC\n"
			   "\n"
			   "Why this severity\n"
			   "- violence 0.99: +69\n"
			   "- a veiled warning of mass violence: +12\n"
			   "- the threat names our asset Example Pictures: +20\n"
			   "\n"
			   "What was found\n"
			   "- veiled warning of mass violence: \"Remember the 11th of September\" (a past\n"
			   "  atrocity)\n"
			   "\n"
			   "Values (masked)\n"
			   "- e-mail address: a***@mail[.]example[.]net\n"
			   "\n"
			   "What it says (masked)\n"
			   "> Remember the 11th of September 2001.\n"
			   "> See hxxp://evil[.]example[.]org/x and write to gop@mail[.]example[.]org\n"
			   "\n"
			   "What to do next\n"
			   "watchdesk alert ack ba3e7017       you have it: nobody else is called\n"
			   "watchdesk show ba3e7017            all there is to know\n"
			   "watchdesk mark ba3e7017 confirmed  or false-positive, known, duplicate\n"
			   "\n"
			   "Sent by the watch of Example Pictures. Addresses are written so that nothing\n"
			   "opens them.\n");
}

static void html_says_the_same_and_asks_nobody(void **state)
{
	static const char *const parts[] = { "veiled warning of mass violence",
					     "raw/warning?a=1&amp;b=2",
					     "a***@mail[.]example[.]net",
					     "watchdesk alert ack ba3e7017",
					     "nobody else is called",
					     "Why this severity",
					     "critical 99" };
	struct bench *b = *state;
	struct letter l;

	compose_finding(b->a, &b->facts, &l);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!holds(l.html, parts[i]))
			fail_msg("it does not say %s", parts[i]);
	assert_false(holds(l.html, "http"));
	assert_false(holds(l.html, "<a "));
	assert_false(holds(l.html, "src="));
	assert_false(holds(l.html, "url("));
}

static void management_sees_no_text_and_no_values(void **state)
{
	static const char *const parts[] = { "11th", "WARNING", "a***", "paste", "gop", "evil" };
	struct bench *b = *state;
	struct letter l;

	b->detail.finding.source = STR("board");
	for (int format = COMPOSE_TEXT; format <= COMPOSE_JSON; format++) {
		b->facts.manner.for_management = true;
		b->facts.manner.format = (enum compose_format)format;
		compose_finding(b->a, &b->facts, &l);
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (holds(l.text, parts[i]) || holds(l.html, parts[i]) || holds(l.subject, parts[i]) ||
			    (l.n_attachments && holds(l.attachments[0].content, parts[i])))
				fail_msg("it shows %s", parts[i]);
		assert_true(holds(l.text, "Critical violence about Example Pictures: a veiled warning of mass violence\n"));
	}
	assert_int_equal(l.n_attachments, 1);
}

static void nothing_is_a_link_any_more(void **state)
{
	static const struct {
		const char *line, *wanted;
	} rows[] = {
		{ "http://a.example/", "hxxp://a[.]example/" },
		{ "HTTPS://a.example/", "Hxxps://a[.]example/" },
		{ "see www.example.com.", "see www[.]example[.]com." },
		{ "x@y.example", "x@y[.]example" },
		{ "ftp://a.example tg://x", "ftp[:]//a[.]example tg[:]//x" },
		{ "://", "[:]//" },
		{ "version 1.2, 192.0.2.1", "version 1.2, 192.0.2.1" },
		{ "http://192.0.2.1:80/a 1.2", "hxxp://192[.]0[.]2[.]1:80/a 1.2" },
		{ "b\xc3\xbc"
		  "cher.example",
		  "b\xc3\xbc"
		  "cher[.]example" },
		{ "end. Then", "end. Then" },
		{ "...", "..." },
		{ "", "" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str line = exact_copy(str_of(rows[i].line)), got = sheet_defang(b->a, line);

		if (rows[i].line[0] == 'H') /* whatever the case of the rest */
			assert_false(holds(got, "http"));
		if (!str_eq(got, str_of(rows[i].wanted)) && rows[i].line[0] != 'H')
			fail_msg("%s became %.*s", rows[i].line, STR_ARG(got));
		free((void *)(uintptr_t)line.p);
	}
}

static void lines_are_short_enough_for_every_screen(void **state)
{
	struct bench *b = *state;
	AUTO(buf) text = BUF_INIT(MIB(2));
	struct str rest, line = { 0 };
	struct letter l;

	for (int i = 0; i < 3000; i++)
		buf_printf(&text, "word%d %s", i, i % 50 == 49 ? "\n" : "");
	b->detail.text = buf_str(&text);
	compose_finding(b->a, &b->facts, &l);
	for (rest = l.text; str_split(&rest, '\n', &line);)
		if (line.n > 78)
			fail_msg("%zu columns: %.*s", line.n, STR_ARG(line));
	assert_true(holds(l.text, "> \xe2\x80\xa6\n"));
	assert_true(l.text.n < 8000);
}

static void a_text_of_50_megabytes_makes_a_bounded_letter(void **state)
{
	struct bench *b = *state;
	struct str huge = { malloc(50000000), 50000000 };
	struct letter l;

	memset((char *)(uintptr_t)huge.p, 'a', huge.n);
	b->detail.text = b->detail.finding.title = b->detail.finding.author = b->detail.finding.url = huge;
	b->hits[0].masked = b->reasons[0] = b->terms[0] = b->terms[1] = huge;
	compose_finding(b->a, &b->facts, &l);
	assert_true(l.text.n < 8000 && l.html.n < 16000 && l.subject.n < 1000);
	free((void *)(uintptr_t)huge.p);
}

/* Whether a host's program takes it is seen in tests/real/xarf.t. */
static void a_leak_goes_as_a_report_of_xarf_and_a_threat_does_not(void **state)
{
	static const struct {
		const char *why, *member, *value;
	} rows[] = {
		{ "a UUID of version 4, the finding's for ever", "report_id", "ba3e7017-6073-4185-a48e-5a7e5bb6f429" },
		{ "what it is", "type", "exposed_data" },
		{ "where it is, as it was found", "url", "https://paste.example.net/raw/warning?a=1&b=2" },
		{ "without its port", "source_identifier", "paste.example.net" },
		{ "who says so", "reporter.contact", "watch@example.com" },
		{ "whose domain", "sender.domain", "example.com" },
		{ "who is concerned", "affected_organization", "Example Pictures" },
		{ "how it got out", "exposure_method", "paste_site" },
	};
	struct bench *b = *state;
	struct err err = { 0 };
	struct letter l;

	b->facts.manner.format = COMPOSE_XARF;
	b->facts.contact = STR("watch@example.com");
	b->facts.exposure = "paste_site";
	b->hits[0].kind = STR("credential");
	compose_finding(b->a, &b->facts, &l);
	assert_int_equal(l.n_attachments, 1);
	assert_str(l.attachments[0].name, "xarf.json");
	assert_true(holds(l.attachments[0].content, "\"data_types\":[\"credentials\"]"));
	assert_true(holds(l.attachments[0].content, "\"redacted_sample\":\"a***@mail.example.net\""));
	assert_false(holds(l.attachments[0].content, "2001")); /* nothing of the text */
	{
		AUTO_FREE(json) j = json_parse(l.attachments[0].content, &err);

		assert_non_null(j);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct str got = { 0 };

			if (json_get_text(j, rows[i].member, &got, &err) != 1 || !str_eq(got, str_of(rows[i].value)))
				fail_msg("%s: %.*s", rows[i].why, STR_ARG(got));
		}
	}
	b->detail.said.n_hits = 0;
	b->detail.finding.violence = 0.99;
	compose_finding(b->a, &b->facts, &l);
	assert_str(l.attachments[0].name, "finding.json");
}

static void other_letters_say_what_they_are(void **state)
{
	struct bench *b = *state;
	const struct str silent[] = { STR("leakforum: nothing new for 9 h (usually 20 m)") };
	const struct str sentences[] = { STR("The source leakforum is silent."), STR("Look at it: watchdesk source health") };
	struct letter l;

	compose_digest(b->a,
		       &(struct compose_digest){ .manner = b->facts.manner,
						 .findings = &b->detail.finding,
						 .n = 1,
						 .total = 3,
						 .why = STR("daily digest"),
						 .from = INT64_C(1416735516000000),
						 .to = INT64_C(1416821916000000) },
		       &l);
	assert_str(l.subject, "[watchdesk] 3 findings: daily digest");
	assert_true(holds(l.text, "3 findings, daily digest\n"));
	assert_true(holds(l.text,
			  "- 99 critical violence: Example Pictures on smallpaste: WARNING (watchdesk\n  show ba3e7017)\n"));
	assert_true(holds(l.text, "2 more, repeats among them"));
	compose_heartbeat(b->a,
			  &(struct compose_heartbeat){ .manner = b->facts.manner,
						       .posts = 812,
						       .findings = 3,
						       .sources = 9,
						       .silent = silent,
						       .n_silent = 1,
						       .custody_head = STR("00ff") },
			  &l);
	assert_str(l.subject, "[watchdesk] the watch needs a look: 812 posts, 3 findings, 1 sources silent");
	assert_true(holds(l.text, "Custody    00ff\n"));
	assert_true(holds(l.text, "- leakforum: nothing new for 9 h (usually 20 m)\n"));
	compose_note(b->a, &b->facts.manner, STR("a source is silent"), sentences, 2, &l);
	assert_str(l.subject, "[watchdesk] a source is silent");
	assert_true(str_starts(l.text, STR("The source leakforum is silent.\n\nLook at it")));
	compose_note(b->a, &b->facts.manner, STR(""), NULL, 0, &l);
	assert_true(l.text.n > 0);
}

static void a_digest_counts_what_came_again_and_keeps_what_was_told_apart(void **state)
{
	struct bench *b = *state;
	const struct finding short_one = { .severity = 99, .category = STR("leak"), .source = STR("smallpaste") };
	const struct finding findings[] = { short_one, short_one, short_one };
	const int64_t repeats[] = { 0, 4, 7 };
	struct letter l;
	ssize_t new_one, heading, known;

	compose_digest(b->a,
		       &(struct compose_digest){ .manner = b->facts.manner,
						 .findings = findings,
						 .repeats = repeats,
						 .n = 3,
						 .n_known = 1,
						 .total = 13,
						 .why = STR("daily digest") },
		       &l);
	new_one = str_find(l.text, STR("and 4 more of it"));
	heading = str_find(l.text, STR("Told before, and seen again"));
	known = str_find(l.text, STR("and 7 more of it"));
	assert_true(0 < new_one && new_one < heading && heading < known);
	assert_true(str_find(l.text, STR("0 more of it")) < 0);
}

/* Whatever stands in a title also stands in the text. */
static const struct str titles[] = {
	{ "", 0 },
	{ "x\r\nBcc: all@example.com", 24 },
	{ "x\n\nbody", 7 },
	{ "a\0b", 3 },
	{ "\xe2\x80\xae"
	  "gnp.exe\xe2\x80\xac",
	  13 },
	{ "=?UTF-8?B?Qmxh?= =?x?Q?y?=", 26 },
	{ "\xff\xfe\xc3", 3 },
	{ "\xf0\x9f\x98\x80\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 15 },
	{ "\xd8\xa7\xd9\x84\xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a\xd8\xa9 \xd7\xa2\xd7\x91\xd7\xa8\xd7\x99\xd7\xaa", 23 },
	{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe9\x95\xb7\xe3\x81\x84\xe9\xa1\x8c\xe5\x90\x8d", 24 },
	{ "a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86", 13 },
	{ "\"; ', <b>&amp; </title><script>alert(1)</script>", 48 },
	{ "Subject: Subject: From: x@example.com", 37 },
	{ ".", 1 },
	{ "   ", 3 },
	{ "\x1b[31mred\x07\x08", 10 },
	{ "a\xe2\x80\xa8"
	  "b\xc2\x85"
	  "c",
	  8 },
};

static void send_one(struct bench *b, struct net *net, const struct relay *relay, size_t n)
{
	AUTO(buf) id = BUF_INIT(64);
	struct letter l;
	struct err err = { 0 };
	struct capture *c = NULL;
	struct net_mail_file file = { 0 };

	b->facts.manner.format = (enum compose_format)(n % 3);
	compose_finding(b->a, &b->facts, &l);
	if (!utf8_is_clean(l.subject) || !utf8_is_clean(l.text) || !utf8_is_clean(l.html))
		fail_msg("letter %zu is not clean", n);
	if (l.n_attachments)
		file = (struct net_mail_file){ l.attachments[0].name, l.attachments[0].type, l.attachments[0].content };
	buf_printf(&id, "id%zu", n);
	if (net_mail(net,
		     &(struct net_mail){ .relay = str_of(relay->url),
					 .greeting = STR("example.com"),
					 .plain = true,
					 .headers = { .from = STR("watchdesk@example.com"),
						      .from_name = STR("watchdesk"),
						      .to = STR("desk@example.com"),
						      .subject = l.subject,
						      .domain = STR("example.com"),
						      .message_id = buf_str(&id),
						      .references = l.references,
						      .unsubscribe = STR("mailto:answers@example.com?subject=unsubscribe"),
						      .list_id = STR("all.example.com"),
						      .date = INT64_C(1416735516000000),
						      .auto_submitted = true },
					 .text = l.text,
					 .html = l.html,
					 .files = &file,
					 .n_files = l.n_attachments },
		     &err) < 0)
		fail_msg("%s", err.text);
	while (!(c = net_next(net)))
		net_wait(net, NULL, 0, 1000);
	if (!c->sent)
		fail_msg("letter %zu: %s", n, c->failure_text);
	capture_free(c);
	arena_clear(b->a);
}

/* A post of the invented site, as a finding. */
static void post_read(const char *name, struct buf *text)
{
	char path[512];

	snprintf(path, sizeof(path), "tests/site/posts/%s", name);
	buf_clear(text);
	read_fixture(path, text);
}

static void every_letter_is_valid_mail(void **state)
{
	const char *lint = getenv("MAIL_LINT") ? getenv("MAIL_LINT") : "../shared/harness/mail_lint.py";
	struct bench *b = *state;
	AUTO_FREE(net) net = net_new(NULL);
	AUTO(buf) text = BUF_INIT(MIB(4));
	AUTO(buf) command = BUF_INIT(1024);
	struct relay relay;
	struct dirent *entry;
	size_t n = 0;
	DIR *folder;

	if (access(lint, R_OK) < 0) {
		print_message("skipped: %s is not beside this checkout\n", lint);
		skip();
	}
	relay_init(&relay);
	relay_start(&relay, "none", NULL, NULL, NULL);
	for (size_t i = 0; i < 3 * sizeof(titles) / sizeof(titles[0]); i++) { /* in each format */
		b->detail.finding.title = b->detail.text = b->detail.finding.author = titles[i / 3];
		b->reasons[0] = b->detail.finding.asset = titles[i / 3];
		send_one(b, net, &relay, n++);
	}
	for (size_t i = 1; i < 200; i += 7) { /* a title of each length, of wide characters */
		buf_clear(&text);
		for (size_t k = 0; k < i; k++)
			buf_add(&text, STR("\xe6\x97\xa5"));
		b->detail.finding.title = buf_str(&text);
		send_one(b, net, &relay, n++);
	}
	folder = opendir("tests/site/posts");
	assert_non_null(folder);
	while ((entry = readdir(folder)))
		if (strstr(entry->d_name, ".txt")) {
			post_read(entry->d_name, &text);
			b->detail.finding.title = str_slice(buf_str(&text), 0, 300);
			b->detail.text = b->reasons[0] = buf_str(&text);
			send_one(b, net, &relay, n++);
		}
	closedir(folder);
	/* The first line is curl's Content-Type with its boundary: 86 columns, where 78 are a wish (RFC 5322 2.1.1). */
	buf_printf(
		&command,
		"python3 %s %s/*.eml >%s/lint; grep -q OK %s/lint && ! grep -aEm 5 'FAIL|header line ([2-9]|1[0-9])' %s/lint",
		lint, relay.folder, relay.folder, relay.folder, relay.folder);
	if (system(command.p) != 0)
		fail_msg("of %zu letters some are no valid mail", n);
	print_message("%zu letters pass the lint\n", n);
	relay_release(&relay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_letter_says_why_where_and_what_to_do, set_up, tear_down),
		cmocka_unit_test_setup_teardown(html_says_the_same_and_asks_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(management_sees_no_text_and_no_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_a_link_any_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_are_short_enough_for_every_screen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_text_of_50_megabytes_makes_a_bounded_letter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_digest_counts_what_came_again_and_keeps_what_was_told_apart, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_leak_goes_as_a_report_of_xarf_and_a_threat_does_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_letters_say_what_they_are, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_letter_is_valid_mail, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
