/* test_takedown.c - notices of a case: whom they go to, what they are filled with, what comes next when a text is back */
#include "tests/stored.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "desk/takedown/clocks.h"
#include "desk/takedown/draft.h"
#include "desk/takedown/post.h"
#include "store/takedown_fact.h"

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)
#define T(n)   (INT64_C(1764129600000000) + (n)*SECOND)

#define IN_ONE(call)                                 \
	do {                                         \
		OK(store_begin(b->store, &b->err));  \
		OK(call);                            \
		OK(store_commit(b->store, &b->err)); \
	} while (0)

/* Cards and notices as they ship, with a host of the test's own, and a case with a target there. */
struct desk {
	struct takedowns takedowns;
	struct host_cards cards;
	struct notice_templates notices;
	struct takedown_row its;
	struct takedown_target *targets;
	size_t n;
};

static struct host_card *own_card(struct stored *b, struct desk *d, const char *domain, const char *contact)
{
	struct host_card *card = arena_push(b->a, &d->cards.items, &d->cards.n, sizeof(*card));
	struct yaml_text *name = arena_alloc(b->a, sizeof(*name));

	*name = (struct yaml_text){ .text = str_of(domain) };
	*card = (struct host_card){ .name = str_of(domain), .domains = { name, 1 }, .contact.text = str_of(contact) };
	return card;
}

static void add_target(struct stored *b, struct desk *d, const char *url)
{
	int64_t id;

	IN_ONE(takedown_target_add(b->store, d->its.id, str_of(url), STR("o"), T(2), &id, &b->err));
	OK(takedown_targets(b->store, d->its.id, b->a, &d->targets, &d->n, &b->err));
}

static void set_up(struct stored *b, struct desk *d, const char *grounds)
{
	struct finding_detail finding;
	struct str id;
	int64_t case_id;

	*d = (struct desk){ 0 };
	if (notice_templates_read(NULL, b->a, &d->notices, &b->err) < 0)
		fail_msg("%s", b->err.text);
	own_card(b, d, "paste.example.net", "abuse@paste.example.net");
	d->takedowns = (struct takedowns){ .claimant = { .name = { .text = STR("Example Pictures") },
							 .mail = { .text = STR("legal@example.com") } },
					   .signatory = { .name = { .text = STR("Counsel") } },
					   .approvals = 1,
					   .recheck_us = 12 * HOUR,
					   .hosts = &d->cards,
					   .notices = &d->notices,
					   .organisation = STR("Example Pictures"),
					   .contact = STR("watchdesk@example.com") };
	b->unsealed = true;
	assert_int_equal(finding_load(b->store, stored_finding(b, "k", "the team has ada@example.com:******** here", T(1)),
				      b->a, &finding, &b->err),
			 1);
	IN_ONE(takedown_open(b->store,
			     &(struct takedown_case){
				     .finding_id = finding.finding.id, .grounds = str_of(grounds), .operator_name = STR("o") },
			     T(2), b->a, &case_id, &id, &b->err));
	assert_int_equal(takedown_get(b->store, case_id, b->a, &d->its, &b->err), 1);
	add_target(b, d, "https://paste.example.net/1");
}

static int draft(struct stored *b, struct desk *d, const char *name, const char *recipient, struct notice_row *out)
{
	struct draft_wish w = { .its = &d->its,
				.targets = d->targets,
				.n = d->n,
				.notice = notice_template_of(&d->notices, str_of(name), STR("en")),
				.recipient = str_of(recipient),
				.operator_name = STR("writer") };
	struct str id;
	int result;

	assert_non_null(w.notice);
	OK(store_begin(b->store, &b->err));
	result = draft_make(b->store, &d->takedowns, &w, T(3), b->a, &id, &b->err);
	if (result < 0) {
		store_rollback(b->store);
		return result;
	}
	OK(store_commit(b->store, &b->err));
	assert_int_equal(notice_load(b->store, id, b->a, out, &b->err), 1);
	return 0;
}

static void send(struct stored *b, struct desk *d, struct notice_row *n)
{
	IN_ONE(notice_approve(b->store, &(struct notice_approval_wish){ n, STR("lawyer"), NULL, 1 }, T(4), &b->err));
	assert_int_equal(notice_load(b->store, n->public_id, b->a, n, &b->err), 1);
	IN_ONE(notice_send(b->store, n, 1, STR("{}"), STR("writer"), T(5), &b->err));
	IN_ONE(takedown_sent(b->store, &d->takedowns, n, STR("watchdesk"), T(6), b->a, &b->err));
}

static bool says(struct str text, const char *words)
{
	return str_find(text, str_of(words)) >= 0;
}

static void a_notice_says_what_is_known_and_lacks_what_is_not(void **state)
{
	struct stored *b = *state;
	struct desk d;
	struct notice_row n;
	struct missing *missing;
	size_t count;

	set_up(b, &d, "credentials");
	assert_int_equal(draft(b, &d, "host-terms", "abuse@paste.example.net", &n), 0);
	assert_true(says(n.content, "https://paste.example.net/1"));
	assert_true(says(n.content, "Example Pictures"));
	assert_true(says(n.basis, "\"assessment\":\""));
	OK(draft_missing(b->store, &d.takedowns, &n, b->a, &missing, &count, &b->err));
	assert_int_equal(count, 0);
	n.content = STR("Please remove it.");
	OK(draft_missing(b->store, &d.takedowns, &n, b->a, &missing, &count, &b->err));
	assert_true(count >= 3);
}

static void what_people_have_set_stands_over_what_the_desk_knows(void **state)
{
	struct stored *b = *state;
	struct takedown_fact facts[] = { { .name = STR("claimant"), .value = STR("Example Holdings") },
					 { .name = STR("sample"), .value = STR("three lines of a table") } };
	struct gathered g;
	struct desk d;
	struct gather_wish w;

	set_up(b, &d, "credentials");
	w = (struct gather_wish){ &d.its, d.targets, d.n, STR("en"), T(3) };
	OK(takedown_gather(b->store, &d.takedowns, &w, b->a, &g, &b->err));
	assert_true(says(fact_value(g.facts, g.n, STR("sample")), "ada@example.com:********"));
	assert_str(fact_value(g.facts, g.n, STR("today")), "2025-11-26");
	assert_str(fact_value(g.facts, g.n, STR("signature")), "/s/ Counsel");
	IN_ONE(takedown_facts_set(b->store, d.its.id, facts, 2, STR("o"), T(3), &b->err));
	OK(takedown_gather(b->store, &d.takedowns, &w, b->a, &g, &b->err));
	assert_str(fact_value(g.facts, g.n, STR("claimant")), "Example Holdings");
	assert_str(fact_value(g.facts, g.n, STR("sample")), "three lines of a table");
	assert_str(fact_value(g.facts, g.n, STR("urls")), "https://paste.example.net/1");
}

/* Never more of the leak than shows what it is, and no character cut. */
static void a_sample_has_three_hundred_characters_around_the_first_hit(void **state)
{
	struct stored *b = *state;
	AUTO(buf) text = BUF_INIT(MIB(1));
	struct stored_hit hits[] = { { .layer = 1, .start = 7 }, { .layer = 0, .start = 3001 }, { .layer = 0, .start = 4001 } };
	struct finding_detail d = { .said = { .hits = hits, .n_hits = 3 } };
	struct str sample;
	size_t characters = 0;

	for (int i = 0; i < 5000; i++)
		buf_add(&text, STR("\xc3\xa9"));
	d.text = buf_str(&text);
	sample = takedown_sample(&d, b->a);
	for (size_t i = 0; i < sample.n; i++)
		characters += ((unsigned char)sample.p[i] & 0xc0) != 0x80;
	assert_int_equal(characters, SAMPLE_CHARACTERS);
	assert_true(utf8_is_clean(sample));
	d.text = STR("");
	assert_int_equal(takedown_sample(&d, b->a).n, 0);
	d.text = STR("short");
	d.said.n_hits = 0;
	assert_str(takedown_sample(&d, b->a), "short");
}

static void a_card_says_who_is_written_to_and_how(void **state)
{
	struct stored *b = *state;
	const struct {
		const char *why;
		struct host_card card;
		enum notice_to to;
		const char *grounds, *recipient;
		enum notice_way way;
	} rows[] = {
		{ "mail", { .contact = { .text = STR("a@x") } }, NOTICE_TO_HOST, "threat", "a@x", NOTICE_MAIL },
		{ "mail before a form",
		  { .contact = { .text = STR("a@x") }, .form = { .text = STR("https://f") } },
		  NOTICE_TO_HOST,
		  "threat",
		  "a@x",
		  NOTICE_MAIL },
		{ "mail is not answered",
		  { .contact = { .text = STR("a@x") }, .form = { .text = STR("https://f") }, .form_only = true },
		  NOTICE_TO_HOST,
		  "threat",
		  "https://f",
		  NOTICE_FORM },
		{ "nothing but a form",
		  { .form = { .text = STR("https://f") } },
		  NOTICE_TO_HOST,
		  "threat",
		  "https://f",
		  NOTICE_FORM },
		{ "the agent for copyright",
		  { .contact = { .text = STR("a@x") }, .agent = { .text = STR("dmca@x") } },
		  NOTICE_TO_HOST,
		  "copyright",
		  "dmca@x",
		  NOTICE_MAIL },
		{ "... is for copyright",
		  { .contact = { .text = STR("a@x") }, .agent = { .text = STR("dmca@x") } },
		  NOTICE_TO_HOST,
		  "credentials",
		  "a@x",
		  NOTICE_MAIL },
		{ "a court is no host", { .contact = { .text = STR("a@x") } }, NOTICE_TO_OTHER, "threat", NULL, NOTICE_MAIL },
		{ "a search engine's own form",
		  { .form = { .text = STR("https://f") }, .delisting = { .text = STR("https://d") } },
		  NOTICE_TO_SEARCH,
		  "threat",
		  "https://d",
		  NOTICE_FORM },
		{ "nobody", { .verified = true }, NOTICE_TO_HOST, "threat", NULL, NOTICE_MAIL },
	};

	(void)b;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct notice_template t = { .to = rows[i].to };
		enum notice_way way = NOTICE_POST;
		struct str recipient = STR("");
		int found = draft_recipient(&rows[i].card, &t, str_of(rows[i].grounds), &way, &recipient);

		if (found != (rows[i].recipient != NULL) ||
		    (found && (way != rows[i].way || !str_eq(recipient, str_of(rows[i].recipient)))))
			fail_msg("%s: %d, by %s to %.*s", rows[i].why, found, notice_ways[way], STR_ARG(recipient));
	}
	assert_int_equal(draft_recipient(NULL, &(struct notice_template){ 0 }, STR("threat"), NULL, NULL), 0);
}

static void nothing_that_is_no_recipient_subject_or_text_is_kept(void **state)
{
	static const struct {
		const char *why;
		enum notice_way way;
		const char *recipient, *subject, *text;
		int wanted;
		const char *subject_kept, *text_kept;
	} rows[] = {
		{ "as it should be", NOTICE_MAIL, "a@x.example", "s", "t\n", 0, "s", "t\n" },
		{ "two recipients", NOTICE_MAIL, "a@x.example, b@x.example", "s", "t", E_USAGE, NULL, NULL },
		{ "a header in it", NOTICE_MAIL, "a@x.example\r\nBcc: b@x.example", "s", "t", E_USAGE, NULL, NULL },
		{ "a header in the subject", NOTICE_MAIL, "a@x.example", "s\r\nBcc: b@x.example", "t", 0, "s Bcc: b@x.example",
		  "t" },
		{ "a form without TLS", NOTICE_FORM, "http://x.example/", "s", "t", E_USAGE, NULL, NULL },
		{ "a form that is a script", NOTICE_FORM, "javascript:alert(1)", "s", "t", E_USAGE, NULL, NULL },
		{ "a letter to nobody", NOTICE_POST, " ", "s", "t", E_USAGE, NULL, NULL },
		{ "no subject", NOTICE_MAIL, "a@x.example", " \n", "t", E_USAGE, NULL, NULL },
		{ "no text", NOTICE_MAIL, "a@x.example", "s", " \n", E_USAGE, NULL, NULL },
		{ "what commands a terminal", NOTICE_MAIL, "a@x.example", "s", "a\x1b[2J\tb\r\n\x7f", 0, "s", "a[2J\tb\n " },
		{ "no UTF-8", NOTICE_MAIL, "a@x.example", "s", "\xff", 0, "s", "\xef\xbf\xbd" },
	};
	struct stored *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str recipient = exact_copy(str_of(rows[i].recipient)), subject = exact_copy(str_of(rows[i].subject)),
			   text = exact_copy(str_of(rows[i].text)), r = recipient, s = subject, t = text;
		int got = draft_clean(rows[i].way, &r, &s, &t, b->a, &b->err);

		if (got != rows[i].wanted ||
		    (got == 0 && (!str_eq(s, str_of(rows[i].subject_kept)) || !str_eq(t, str_of(rows[i].text_kept)))))
			fail_msg("%s: %d, \"%.*s\", \"%.*s\"", rows[i].why, got, STR_ARG(s), STR_ARG(t));
		free((void *)(uintptr_t)recipient.p);
		free((void *)(uintptr_t)subject.p);
		free((void *)(uintptr_t)text.p);
	}
}

static int redraft(struct stored *b, struct desk *d, int64_t target_id)
{
	int result;

	OK(store_begin(b->store, &b->err));
	result = takedown_redraft(b->store, &d->takedowns, d->its.id, target_id, T(50), b->a, &b->err);
	OK(result);
	OK(store_commit(b->store, &b->err));
	return result;
}

static void a_text_that_is_back_has_its_next_notice_drafted_once(void **state)
{
	struct stored *b = *state;
	struct notice_row n, *all;
	struct takedown_target *targets;
	size_t count;
	struct desk d;

	set_up(b, &d, "credentials");
	assert_int_equal(redraft(b, &d, d.targets[0].id), 0); /* nothing was ever sent */
	draft(b, &d, "host-terms", "trust@paste.example.net", &n);
	send(b, &d, &n);
	for (int i = 0; i < 2; i++)
		IN_ONE(takedown_change(
			b->store,
			&(struct takedown_change){ d.targets[0].id, i ? TAKEDOWN_BACK : TAKEDOWN_GONE, STR("o"), STR(""), 0 },
			T(40), &b->err));
	assert_int_equal(redraft(b, &d, d.targets[0].id), 1);
	assert_int_equal(redraft(b, &d, d.targets[0].id), 0); /* it is drafted */
	OK(notice_list(b->store, d.its.id, b->a, &all, &count, &b->err));
	assert_int_equal(count, 2);
	assert_str(all[1].recipient, "trust@paste.example.net");
	assert_str(all[1].template_name, "host-terms");
	assert_int_equal(all[1].state, NOTICE_DRAFT);
	assert_str(all[1].operator_name, FINDING_CARRIER);
	OK(takedown_targets(b->store, d.its.id, b->a, &targets, &count, &b->err));
	assert_str(targets[0].state, "drafted");
	assert_int_equal(targets[0].returns, 1);
}

static void one_that_is_back_at_another_host_is_written_to_that_host(void **state)
{
	struct stored *b = *state;
	struct notice_row n, *all;
	size_t count;
	struct desk d;

	set_up(b, &d, "credentials");
	own_card(b, &d, "other.example.org", "abuse@other.example.org");
	draft(b, &d, "host-terms", "abuse@paste.example.net", &n);
	send(b, &d, &n);
	add_target(b, &d, "https://www.other.example.org/x");
	assert_int_equal(redraft(b, &d, d.targets[1].id), 1);
	OK(notice_list(b->store, d.its.id, b->a, &all, &count, &b->err));
	assert_str(all[1].recipient, "abuse@other.example.org");
	assert_true(says(all[1].content, "https://www.other.example.org/x"));
	assert_false(says(all[1].content, "https://paste.example.net/1"));
}

static void nobody_is_written_to_about_another_host_that_no_card_names(void **state)
{
	struct stored *b = *state;
	struct notice_row n, *all;
	size_t count;
	struct desk d;

	set_up(b, &d, "credentials");
	draft(b, &d, "host-terms", "abuse@paste.example.net", &n);
	send(b, &d, &n);
	add_target(b, &d, "https://www.unknown.example.org/x");
	OK(store_begin(b->store, &b->err));
	assert_int_equal(takedown_redraft(b->store, &d.takedowns, d.its.id, d.targets[1].id, T(50), b->a, &b->err), E_USAGE);
	store_rollback(b->store);
	assert_non_null(strstr(b->err.text, "www.unknown.example.org"));
	OK(notice_list(b->store, d.its.id, b->a, &all, &count, &b->err));
	assert_int_equal(count, 1);
}

static void clocks_tell_what_waits_too_long(void **state)
{
	static const struct {
		const char *why, *state;
		int64_t after_h;
		bool closed, overdue;
	} rows[] = {
		{ "just found", "open", 23, false, false },
		{ "nothing was sent for a day", "open", 25, false, true },
		{ "nor of what is drafted", "drafted", 25, false, true },
		{ "the host has time", "sent", 47, false, false },
		{ "the host has had time", "sent", 49, false, true },
		{ "a receipt is no removal", "receipt", 49, false, true },
		{ "refused: a person has to go on", "refused", 1, false, true },
		{ "gone", "gone", 1000, false, false },
		{ "closed", "sent", 1000, true, false },
	};
	struct stored *b = *state;
	struct desk d;
	struct host_card *card;

	set_up(b, &d, "threat");
	assert_false(clocks_report(&d.its));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct takedown_target t = { .url = STR("https://paste.example.net/1"),
					     .state = str_of(rows[i].state),
					     .changed_at = T(0) };

		d.its.state = rows[i].closed ? STR("closed") : STR("open");
		if (!clocks_overdue(&d.takedowns, &d.its, &t, T(0) + rows[i].after_h * HOUR) == rows[i].overdue)
			fail_msg("%s", rows[i].why);
	}
	card = &d.cards.items[0];
	card->reply_us = 100 * HOUR;
	card->recheck_us = 3 * HOUR;
	assert_int_equal(clocks_reply(&d.takedowns, &(struct takedown_target){ .url = STR("https://paste.example.net/1"),
									       .state = STR("sent"),
									       .changed_at = T(0) }),
			 T(0) + 100 * HOUR);
	assert_int_equal(takedowns_recheck(&d.takedowns, STR("https://paste.example.net/1")), 3 * HOUR);
	assert_int_equal(takedowns_recheck(&d.takedowns, STR("https://elsewhere.example/")), 12 * HOUR);
}

static void hosts_answer_to_the_address_of_their_notice(void **state)
{
	struct stored *b = *state;
	struct takedowns t = { .answers = { .text = STR("legal-desk@example.com") }, .plus = true };
	struct config c = { .takedowns = &t, .alerts.from = { .text = STR("watchdesk@example.com") } };
	const struct notice_row n = { .public_id = STR("0123456789abcdef0123456789abcdef") };

	assert_str(takedown_reply_to(&c, &n, b->a), "legal-desk+0123456789abcdef0123456789abcdef@example.com");
	t.plus = false;
	assert_str(takedown_reply_to(&c, &n, b->a), "legal-desk@example.com");
	t.answers = (struct yaml_text){ 0 };
	assert_str(takedown_reply_to(&c, &n, b->a), "watchdesk@example.com");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notice_says_what_is_known_and_lacks_what_is_not),
		cmocka_unit_test(what_people_have_set_stands_over_what_the_desk_knows),
		cmocka_unit_test(a_sample_has_three_hundred_characters_around_the_first_hit),
		cmocka_unit_test(a_card_says_who_is_written_to_and_how),
		cmocka_unit_test(nothing_that_is_no_recipient_subject_or_text_is_kept),
		cmocka_unit_test(a_text_that_is_back_has_its_next_notice_drafted_once),
		cmocka_unit_test(one_that_is_back_at_another_host_is_written_to_that_host),
		cmocka_unit_test(nobody_is_written_to_about_another_host_that_no_card_names),
		cmocka_unit_test(clocks_tell_what_waits_too_long),
		cmocka_unit_test(hosts_answer_to_the_address_of_their_notice),
	};

	return stored_run("takedowns", tests, sizeof(tests) / sizeof(tests[0]));
}
