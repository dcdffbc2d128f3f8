/* test_tell.c - who is told of what, and in how many mails, with a clock handed in and a store on both engines */
#include "tests/stored.h"

#include "base/clock.h"
#include "base/limits.h"
#include "desk/alert/letter.h"
#include "desk/alert/subscribers.h"
#include "desk/alert/tell.h"
#include "store/outbox.h"

#define MINUTE INT64_C(60000000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct subscription_names any = { 0 };

/* 2026-01-12 was a Monday; ten in the morning. */
static int64_t morning(void)
{
	return clock_from_civil(2026, 1, 12, 10, 0, 0);
}

static struct config *configured(struct stored *b, int64_t ceiling)
{
	struct config *c = arena_alloc(b->a, sizeof(*c));

	c->organisation.text = STR("Example Pictures");
	c->alerts = (struct alerts){ .smtp = { .text = STR("smtp://127.0.0.1:25") },
				     .from = { .text = STR("watchdesk@example.com") },
				     .domain = STR("example.com"),
				     .ceiling = ceiling };
	return c;
}

/* The list of the file, in its words. */
static void file_says(struct stored *b, const char *words, int64_t now)
{
	const struct yaml *y = yaml_parse(b->a, arena_copy(b->a, str_of(words)), "test.yaml", &b->err);
	struct subscription *entries;
	size_t n;

	if (!y)
		fail_msg("%s", b->err.text);
	OK(subscriptions_read(y, &any, b->a, &entries, &n, &b->err));
	OK(store_begin(b->store, &b->err));
	OK(subscribers_sync(b->store, entries, n, now, &b->err));
	OK(store_commit(b->store, &b->err));
}

/* A post is kept and told in one transaction, which is committed or not. Its finding. */
static int64_t post(struct stored *b, struct teller *t, const char *key, const char *text, int severity, int64_t now,
		    bool commit)
{
	struct str reason = STR("a reason");
	struct stored_part part = { STR("target"), 0, 0, 1 };
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .url = STR("https://paste.example.net/1"),
				 .title = STR("a title"),
				 .text = str_of(text),
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("violence"),
						 .asset = STR("Example Pictures"),
						 .violence = 0.9,
						 .severity = severity,
						 .parts = &part,
						 .n_parts = 1,
						 .reasons = &reason,
						 .n_reasons = 1,
						 .terms = &reason,
						 .n_terms = 1 } };
	struct tell_event e = { 0 };
	struct stored_result result;
	struct str verdict, why;
	int known;

	OK(store_begin(b->store, &b->err));
	known = store_known_verdict(b->store, p.text, NULL, 0, b->a, &verdict, &why, &b->err);
	OK(known);
	if (known) { /* as judge() does */
		p.assessment.verdict = verdict;
		p.assessment.verdict_why = why;
	}
	OK(store_post(b->store, &p, now, &result, &b->err));
	e.finding_id = result.finding_id;
	e.fresh = result.new_finding;
	if (result.finding_id)
		OK(tell_finding(t, &e, now, &b->err));
	if (commit)
		OK(store_commit(b->store, &b->err));
	else
		store_rollback(b->store);
	return result.finding_id;
}

static int due(struct stored *b, struct teller *t, int64_t now)
{
	int sent;

	OK(store_begin(b->store, &b->err));
	sent = tell_due(t, now, &b->err);
	OK(sent);
	OK(store_commit(b->store, &b->err));
	return sent;
}

static size_t mails(struct stored *b, struct outbox_row **rows)
{
	size_t n;

	OK(outbox_list(b->store, &(struct outbox_filter){ .limit = 100000 }, b->a, rows, &n, &b->err));
	return n;
}

/* How many mails were made for a recipient, of this kind or any. */
static int mails_for(struct stored *b, const char *recipient, const char *kind)
{
	struct outbox_row *rows;
	struct arena *kept = b->a;
	int its = 0;
	size_t n;

	b->a = arena_new(64 << 20);
	n = mails(b, &rows);
	for (size_t i = 0; i < n; i++)
		its += str_eq(rows[i].recipient, str_of(recipient)) && (!kind || str_eq(rows[i].kind, str_of(kind)));
	arena_free(b->a);
	b->a = kept;
	return its;
}

static struct letter newest_for(struct stored *b, const char *recipient)
{
	struct outbox_row *rows;
	size_t n = mails(b, &rows);
	struct letter l = { 0 };

	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].recipient, str_of(recipient))) {
			OK(letter_take(b->a, rows[i].content, &l, &b->err));
			return l;
		}
	fail_msg("no mail for %s", recipient);
	return l;
}

static void says(struct letter l, const char *words)
{
	if (str_find(l.text, str_of(words)) < 0)
		fail_msg("no \"%s\" in:\n%.*s", words, STR_ARG(l.text));
}

static void a_campaign_is_one_mail_and_another_when_it_is_worse(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	const int64_t now = morning();
	struct letter first;

	file_says(b, "[{to: x@example.com}]", now);
	post(b, t, "k1", "the same text", 45, now, true);
	first = newest_for(b, "x@example.com");
	for (int i = 2; i < 7; i++) {
		char key[8];

		snprintf(key, sizeof(key), "k%d", i);
		post(b, t, key, i % 2 ? "The Same  Text" : "the same text", 45, now + i, true);
	}
	assert_int_equal(mails_for(b, "x@example.com", "alert"), 1);
	post(b, t, "k7", "the same text", 95, now + 10, true);
	assert_int_equal(mails_for(b, "x@example.com", "alert"), 2);
	says(newest_for(b, "x@example.com"), "5 more of the same");
	assert_true(first.references.n && str_eq(first.references, newest_for(b, "x@example.com").references));
	post(b, t, "k8", "the same text", 95, now + 11, true);
	post(b, t, "k9", "something else", 30, now + 11, true); /* below what was asked for */
	assert_int_equal(mails_for(b, "x@example.com", NULL), 2);
}

static void what_a_crash_takes_back_is_told_when_it_comes_again(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);

	file_says(b, "[{to: x@example.com}]", morning());
	post(b, t, "k1", "a text", 80, morning(), false);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 0);
	post(b, t, "k1", "a text", 80, morning(), true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 1);
	post(b, t, "k1", "a text", 80, morning(), true); /* the page once more */
	assert_int_equal(mails_for(b, "x@example.com", NULL), 1);
}

static void quiet_hours_hold_all_but_what_breaks_them(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	const int64_t evening = morning() + 12 * HOUR, end = morning() + 19 * HOUR; /* 22:00 and 05:00 UTC */
	int64_t at;

	file_says(b, "[{to: x@example.com, quiet: \"22:00-06:00 Europe/Berlin\"}, {to: y@example.com, quiet: \"22:00-05:00\"}]",
		  morning());
	post(b, t, "k1", "one", 80, evening, true);
	post(b, t, "k2", "two", 50, evening + 1, true);
	post(b, t, "k3", "two", 50, evening + 2, true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 0);
	post(b, t, "k4", "three", 90, evening + 3, true);
	assert_int_equal(mails_for(b, "x@example.com", "alert"), 1);
	assert_int_equal(tell_next(t, &at, &b->err), 1);
	assert_int_equal(at, end);
	assert_int_equal(due(b, t, end - 1), 0);
	assert_int_equal(due(b, t, end), 2);
	assert_int_equal(due(b, t, end + DAY), 0);
	assert_int_equal(mails_for(b, "x@example.com", "digest"), 1);
	says(newest_for(b, "x@example.com"), "quiet hours");
	says(newest_for(b, "x@example.com"), "1 more of it");
	post(b, t, "k5", "one", 80, end + 1, true); /* told, if late */
	assert_int_equal(mails_for(b, "x@example.com", NULL), 2);
}

static void one_thing_that_waited_is_an_alert_like_any_other(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);

	file_says(b, "[{to: x@example.com, quiet: \"22:00-06:00\"}]", morning());
	post(b, t, "k1", "one", 80, morning() + 13 * HOUR, true);
	assert_int_equal(due(b, t, morning() + 20 * HOUR), 1);
	assert_int_equal(mails_for(b, "x@example.com", "alert"), 1);
}

static void digests_tell_what_came_and_what_came_again(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	struct letter l;

	file_says(b, "[{to: x@example.com, when: hourly}]", morning());
	post(b, t, "k1", "one", 80, morning() + 1, true);
	post(b, t, "k2", "two", 50, morning() + 2, true);
	assert_int_equal(due(b, t, morning() + HOUR), 1);
	l = newest_for(b, "x@example.com");
	assert_true(str_find(l.text, STR("high violence")) < str_find(l.text, STR("medium violence")));
	post(b, t, "k3", "one", 80, morning() + HOUR + 1, true);
	assert_int_equal(due(b, t, morning() + 2 * HOUR), 0); /* nothing new */
	post(b, t, "k4", "three", 80, morning() + 2 * HOUR + 1, true);
	assert_int_equal(due(b, t, morning() + 3 * HOUR), 1);
	says(newest_for(b, "x@example.com"), "Told before, and seen again");
	post(b, t, "k5", "four", 80, morning() + 3 * HOUR + 1, true);
	assert_int_equal(due(b, t, morning() + 4 * HOUR), 1);
	assert_true(str_find(newest_for(b, "x@example.com").text, STR("Told before")) < 0); /* said once */
	assert_int_equal(mails_for(b, "x@example.com", NULL), 3);
}

static void a_verdict_silences_what_waits_and_what_comes(void **state)
{
	static const char *const verdicts[] = { "known", "false-positive", "duplicate" };
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	struct outbox_row *rows;
	char name[FINDING_ID];

	file_says(b, "[{to: x@example.com}, {to: y@example.com, when: hourly}]", morning());
	for (int i = 0; i < 3; i++) {
		char key[2][8], text[32];
		int64_t id;

		snprintf(key[0], sizeof(key[0]), "a%d", i);
		snprintf(key[1], sizeof(key[1]), "b%d", i);
		snprintf(text, sizeof(text), "text %d", i);
		id = post(b, t, key[0], text, 80, morning() + i, true);
		OK(finding_name(b->store, id, name, &b->err));
		stored_mark(b, arena_copy(b->a, str_of(name)), verdicts[i], NULL, morning() + 10);
		post(b, t, key[1], text, 80, morning() + 20, true);
	}
	assert_int_equal(mails(b, &rows), 3);
	for (int i = 0; i < 3; i++)
		assert_str(rows[i].state, "silenced");
	assert_int_equal(due(b, t, morning() + HOUR), 0);
	/* taken back before anybody had heard of it: told when it comes again */
	stored_mark(b, arena_copy(b->a, str_of(name)), "none", NULL, morning() + HOUR);
	post(b, t, "c2", "text 2", 80, morning() + HOUR + 1, true);
	assert_int_equal(mails(b, &rows), 4);
	assert_str(rows[0].state, "waiting");
	assert_int_equal(due(b, t, morning() + 2 * HOUR), 1);
}

static void beyond_the_ceiling_comes_one_summary_and_what_counts_gets_through(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 5), b->store);
	char text[32];

	file_says(b, "[{to: x@example.com}]", morning());
	for (int i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		post(b, t, text, text, 60, morning() + i, true);
	}
	assert_int_equal(mails_for(b, "x@example.com", "alert"), 5);
	post(b, t, "k", "what counts", 95, morning() + 300, true);
	assert_int_equal(mails_for(b, "x@example.com", "alert"), 6);
	assert_int_equal(due(b, t, morning() + HOUR), 0);
	assert_int_equal(due(b, t, morning() + HOUR + 5), 1);
	says(newest_for(b, "x@example.com"), "more than 5 mails an hour");
	says(newest_for(b, "x@example.com"), "95 more, repeats among them");
	assert_int_equal(due(b, t, morning() + 9 * HOUR), 0);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 7);
}

static void an_address_gets_one_mail_however_many_of_its_subscriptions_it_concerns(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);

	file_says(b, "[{to: x@example.com}, {to: x@example.com, severity: 70}, {to: y@example.com}]", morning());
	post(b, t, "k1", "one", 80, morning(), true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 1);
	assert_int_equal(mails_for(b, "y@example.com", NULL), 1);
	post(b, t, "k2", "one", 95, morning(), true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 2);
}

/* As `mark` does it, in another process. */
static void judged(struct stored *b, struct teller *t, int64_t id, const char *verdict, int severity, int64_t now)
{
	const struct finding_mark m = {
		.id = id, .verdict = str_of(verdict), .operator_name = STR("analyst"), .note = STR(""), .severity = severity
	};

	OK(store_begin(b->store, &b->err));
	OK(finding_mark(b->store, &m, now, &b->err));
	OK(tell_finding(t, &(struct tell_event){ .finding_id = id, .by_verdict = true }, now, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void a_verdict_that_makes_it_worse_is_told_to_who_knew_of_it(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	int64_t id;

	file_says(b, "[{to: x@example.com}]", morning());
	id = post(b, t, "k1", "one", 65, morning(), true);
	file_says(b, "[{to: x@example.com}, {to: late@example.com}]", morning());
	judged(b, t, id, "confirmed", 69, morning());
	assert_int_equal(mails_for(b, "x@example.com", NULL), 1);
	judged(b, t, id, "confirmed", 75, morning());
	assert_int_equal(mails_for(b, "x@example.com", NULL), 2);
	assert_int_equal(mails_for(b, "late@example.com", NULL), 0); /* who was not there then */
	judged(b, t, id, "known", 5, morning());
	judged(b, t, id, "none", 75, morning()); /* the mail had not gone: it is made anew */
	assert_int_equal(mails_for(b, "x@example.com", NULL), 3);
}

static void a_dead_address_gets_nothing_until_it_is_let_again(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	struct outbox_row *rows;

	file_says(b, "[{to: x@example.com}, {to: y@example.com}]", morning());
	post(b, t, "k1", "one", 80, morning(), true);
	OK(store_begin(b->store, &b->err));
	OK(recipient_suspend(b->store, STR("x@example.com"), STR("550 no such user"), morning(), &b->err));
	OK(store_commit(b->store, &b->err));
	mails(b, &rows);
	assert_str(rows[1].state, "dead");
	assert_str(rows[0].state, "waiting");
	post(b, t, "k2", "two", 80, morning(), true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 1);
	assert_int_equal(mails_for(b, "y@example.com", NULL), 2);
	OK(store_begin(b->store, &b->err));
	OK(recipient_resume(b->store, STR("x@example.com"), &b->err));
	OK(store_commit(b->store, &b->err));
	post(b, t, "k3", "two", 80, morning(), true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 2);
}

static void without_a_relay_nothing_piles_up(void **state)
{
	struct stored *b = *state;
	struct config *c = configured(b, 30);
	AUTO_FREE(teller) t = teller_new(c, b->store);

	c->alerts = (struct alerts){ .ceiling = 30 };
	file_says(b, "[{to: x@example.com}]", morning());
	post(b, t, "k1", "one", 80, morning(), true);
	assert_int_equal(mails_for(b, "x@example.com", NULL), 0);
}

/* ---- subscribers come and go ---- */

static struct subscription_row row(struct stored *b, size_t i, size_t of)
{
	struct subscription_row *rows;
	size_t n;

	OK(subscription_rows(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, of);
	return rows[i];
}

static void the_file_is_followed_and_who_left_stays_away(void **state)
{
	struct stored *b = *state;
	struct subscription_row r;

	file_says(b, "[{to: x@example.com, severity: 40}, {to: x@example.com, severity: 70}, {to: y@example.com}]", morning());
	r = row(b, 1, 3);
	file_says(b, "[{to: x@example.com, severity: 40}, {to: x@example.com, severity: 90}, {to: y@example.com}]", morning());
	assert_str(row(b, 1, 3).public_id, arena_copy(b->a, r.public_id).p); /* the same, in other words */
	assert_true(str_find(row(b, 1, 3).terms, STR("90")) > 0);
	OK(store_begin(b->store, &b->err));
	r = row(b, 1, 3);
	assert_int_equal(subscribers_leave(b->store, &r, STR("analyst"), morning(), &b->err), 1);
	OK(store_commit(b->store, &b->err));
	file_says(b, "[{to: x@example.com, severity: 40}, {to: x@example.com, severity: 90}]", morning());
	assert_int_equal(row(b, 1, 3).state, SUBSCRIPTION_LEFT);
	assert_int_equal(row(b, 2, 3).state, SUBSCRIPTION_WITHDRAWN);
	file_says(b, "[{to: x@example.com}, {to: y@example.com}]", morning());
	assert_int_equal(row(b, 1, 3).state, SUBSCRIPTION_WITHDRAWN);
	assert_int_equal(row(b, 2, 3).state, SUBSCRIPTION_ACTIVE);
}

static int answer(struct stored *b, const char *token, int64_t now)
{
	struct subscription_row r;
	int result;

	OK(store_begin(b->store, &b->err));
	result = subscribers_answer(b->store, str_of(token), STR("by mail"), now, b->a, &r, &b->err);
	if (result < 0)
		store_rollback(b->store);
	else
		OK(store_commit(b->store, &b->err));
	return result;
}

static struct subscription_row asked(struct stored *b)
{
	struct subscription_row r = { .recipient = STR("new@example.com"),
				      .terms = STR("{\"to\":\"new@example.com\",\"severity\":40}"),
				      .operator_name = STR("analyst") };

	OK(store_begin(b->store, &b->err));
	OK(subscription_add(b->store, &r, morning(), b->a, &b->err));
	OK(store_commit(b->store, &b->err));
	return r;
}

static void nobody_is_told_before_the_answer_and_no_token_works_twice(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	char confirm[TOKEN_TEXT], leave[TOKEN_TEXT], forged[TOKEN_TEXT], late[TOKEN_TEXT];
	const struct subscription_row r = asked(b);

	subscribers_token(b->store, r.public_id, TOKEN_CONFIRM, morning(), confirm);
	subscribers_token(b->store, r.public_id, TOKEN_CONFIRM, morning() - 15 * DAY, late);
	subscribers_token(b->store, r.public_id, TOKEN_LEAVE, morning(), leave);
	memcpy(forged, confirm, sizeof(forged));
	forged[TOKEN_TEXT - 2] = forged[TOKEN_TEXT - 2] == 'a' ? 'b' : 'a';
	post(b, t, "k1", "one", 80, morning(), true);
	assert_int_equal(mails_for(b, "new@example.com", NULL), 0);
	assert_int_equal(answer(b, forged, morning()), 0);
	assert_int_equal(answer(b, late, morning()), 0);
	assert_int_equal(row(b, 0, 1).state, SUBSCRIPTION_ASKED);
	assert_int_equal(answer(b, confirm, morning() + DAY), 1);
	assert_int_equal(row(b, 0, 1).state, SUBSCRIPTION_ACTIVE);
	post(b, t, "k2", "one", 80, morning() + DAY, true);
	assert_int_equal(mails_for(b, "new@example.com", NULL), 1);
	file_says(b, "[{to: desk@example.com, severity: 20}]", morning());
	assert_int_equal(answer(b, leave, morning() + DAY), 1);
	assert_int_equal(answer(b, confirm, morning() + DAY), 0);
	assert_int_equal(answer(b, leave, morning() + DAY), 0);
	assert_int_equal(row(b, 0, 2).state, SUBSCRIPTION_LEFT);
	post(b, t, "k3", "two", 80, morning() + DAY, true);
	assert_int_equal(mails_for(b, "new@example.com", NULL), 1);
}

static void the_last_of_a_class_stays_until_another_is_named(void **state)
{
	struct stored *b = *state;
	char leave[TOKEN_TEXT];

	file_says(b, "[{to: x@example.com, severity: 40}, {to: y@example.com, severity: 90}]", morning());
	subscribers_token(b->store, row(b, 0, 2).public_id, TOKEN_LEAVE, morning(), leave);
	assert_int_equal(answer(b, leave, morning()), E_USAGE);
	assert_non_null(strstr(b->err.text, "last that hears of high findings"));
	assert_int_equal(row(b, 0, 2).state, SUBSCRIPTION_ACTIVE);
	file_says(b, "[{to: x@example.com, severity: 40}, {to: y@example.com, severity: 90}, {to: z@example.com}]", morning());
	OK(store_begin(b->store, &b->err)); /* whom mail does not reach does not stand in */
	OK(recipient_suspend(b->store, STR("z@example.com"), STR("550"), morning(), &b->err));
	OK(store_commit(b->store, &b->err));
	assert_int_equal(answer(b, leave, morning()), E_USAGE);
	OK(store_begin(b->store, &b->err));
	OK(recipient_resume(b->store, STR("z@example.com"), &b->err));
	OK(store_commit(b->store, &b->err));
	assert_int_equal(answer(b, leave, morning()), 1); /* the same token: it had done nothing */
	assert_int_equal(row(b, 0, 3).state, SUBSCRIPTION_LEFT);
}

static void who_left_gets_nothing_of_what_was_on_its_way(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	struct outbox_row *rows;
	char leave[TOKEN_TEXT];

	file_says(b, "[{to: x@example.com}, {to: y@example.com}, {to: x@example.com, when: hourly, severity: 20}]", morning());
	post(b, t, "k1", "one", 80, morning(), true);
	for (size_t i = 0; i < 3; i += 2) {
		subscribers_token(b->store, row(b, i, 3).public_id, TOKEN_LEAVE, morning(), leave);
		assert_int_equal(answer(b, leave, morning()), i == 0 ? 1 : E_USAGE); /* low ones are nobody else's */
	}
	file_says(b,
		  "[{to: x@example.com}, {to: y@example.com, severity: 20}, {to: x@example.com, when: hourly, severity: 20}]",
		  morning());
	assert_int_equal(answer(b, leave, morning()), 1);
	assert_int_equal(mails(b, &rows), 2);
	for (size_t i = 0; i < 2; i++)
		assert_str(rows[i].state, str_eq(rows[i].recipient, STR("y@example.com")) ? "waiting" : "silenced");
	assert_int_equal(due(b, t, morning() + HOUR), 0);
}

static void every_mail_says_how_to_leave_and_by_a_click_only_where_that_is_taken(void **state)
{
	struct stored *b = *state;
	struct config *c = configured(b, 30);
	AUTO_FREE(teller) t = teller_new(c, b->store);
	struct str ways, token, rest;

	file_says(b, "[{to: x@example.com}, {to: y@example.com}]", morning());
	post(b, t, "k1", "one", 80, morning(), true);
	ways = newest_for(b, "x@example.com").unsubscribe;
	assert_true(str_starts(ways, STR("mailto:watchdesk@example.com?subject=unsubscribe%20wd-")));
	assert_true(str_find(ways, STR("https:")) < 0);
	c->alerts.endpoint.text = STR("https://watch.example.com/leave");
	post(b, t, "k2", "two", 80, morning(), true);
	rest = ways = newest_for(b, "x@example.com").unsubscribe;
	assert_true(str_starts(ways, STR("https://watch.example.com/leave/wd-")));
	assert_true(str_find(ways, STR(" mailto:watchdesk@example.com?subject=unsubscribe%20wd-")) > 0);
	assert_true(token_find(&rest, &token));
	assert_int_equal(answer(b, arena_copy(b->a, token).p, morning()), 1);
	assert_int_equal(row(b, 0, 2).state, SUBSCRIPTION_LEFT);
	assert_int_equal(row(b, 1, 2).state, SUBSCRIPTION_ACTIVE);
}

static void five_hundred_findings_of_forty_campaigns_are_few_mails(void **state)
{
	static const struct {
		const char *kind, *words;
		int most; /* mails to each, in a day */
	} kinds[] = {
		{ "once", "", 31 }, /* the ceiling, and its summary */
		{ "quiet", ", quiet: \"09:00-12:00\"", 1 },
		{ "hourly", ", when: hourly", 1 },
		{ "daily", ", when: \"daily 18:00\"", 1 },
		{ "weekly", ", when: \"weekly mon 18:00\"", 1 },
	};
	enum { EACH = 10, KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	struct stored *b = *state;
	AUTO_FREE(teller) t = teller_new(configured(b, 30), b->store);
	AUTO(buf) words = BUF_INIT(1 << 16);
	struct outbox_row *rows;

	buf_add(&words, STR("["));
	for (int i = 0; i < KINDS * EACH; i++)
		buf_printf(&words, "%s{to: %s%d@example.com%s}", i ? ", " : "", kinds[i / EACH].kind, i % EACH,
			   kinds[i / EACH].words);
	buf_add(&words, STR("]"));
	file_says(b, words.p, morning());
	for (int i = 0; i < 500; i++) {
		char key[16], text[32];

		snprintf(key, sizeof(key), "k%d", i);
		snprintf(text, sizeof(text), "campaign %d", i % 40);
		post(b, t, key, text, 75, morning() + i * 7 * INT64_C(1000000), true);
	}
	due(b, t, morning() + DAY);
	for (int i = 0; i < KINDS * EACH; i++) {
		char recipient[32];

		snprintf(recipient, sizeof(recipient), "%s%d@example.com", kinds[i / EACH].kind, i % EACH);
		assert_int_equal(mails_for(b, recipient, NULL), kinds[i / EACH].most);
	}
	print_message("500 findings, 50 subscribers: %zu mails, where one of each hit to each address is %d\n", mails(b, &rows),
		      500 * KINDS * EACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_campaign_is_one_mail_and_another_when_it_is_worse),
		cmocka_unit_test(what_a_crash_takes_back_is_told_when_it_comes_again),
		cmocka_unit_test(quiet_hours_hold_all_but_what_breaks_them),
		cmocka_unit_test(one_thing_that_waited_is_an_alert_like_any_other),
		cmocka_unit_test(digests_tell_what_came_and_what_came_again),
		cmocka_unit_test(a_verdict_silences_what_waits_and_what_comes),
		cmocka_unit_test(beyond_the_ceiling_comes_one_summary_and_what_counts_gets_through),
		cmocka_unit_test(an_address_gets_one_mail_however_many_of_its_subscriptions_it_concerns),
		cmocka_unit_test(a_verdict_that_makes_it_worse_is_told_to_who_knew_of_it),
		cmocka_unit_test(a_dead_address_gets_nothing_until_it_is_let_again),
		cmocka_unit_test(without_a_relay_nothing_piles_up),
		cmocka_unit_test(the_file_is_followed_and_who_left_stays_away),
		cmocka_unit_test(nobody_is_told_before_the_answer_and_no_token_works_twice),
		cmocka_unit_test(the_last_of_a_class_stays_until_another_is_named),
		cmocka_unit_test(who_left_gets_nothing_of_what_was_on_its_way),
		cmocka_unit_test(every_mail_says_how_to_leave_and_by_a_click_only_where_that_is_taken),
		cmocka_unit_test(five_hundred_findings_of_forty_campaigns_are_few_mails),
	};

	return stored_run("who is told", tests, sizeof(tests) / sizeof(tests[0]));
}
