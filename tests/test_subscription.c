/* test_subscription.c - subscriptions, what their subscribers were told, and what may not be sent or used again, on both
 * engines */
#include "tests/stored.h"

#include "store/outbox.h"
#include "store/custody.h"
#include "store/subscription.h"
#include "store/told.h"

#define SECOND INT64_C(1000000)
#define T(n)   (INT64_C(1764129600000000) + (n)*SECOND)

#define IN_ONE(call)                                 \
	do {                                         \
		OK(store_begin(b->store, &b->err));  \
		OK(call);                            \
		OK(store_commit(b->store, &b->err)); \
	} while (0)

static struct subscription_row subscribe(struct stored *b, const char *recipient, enum subscription_state state)
{
	struct subscription_row r = { .recipient = str_of(recipient),
				      .terms = STR("{\"severity\":40}"),
				      .operator_name = STR("analyst"),
				      .state = state };

	IN_ONE(subscription_add(b->store, &r, T(0), b->a, &b->err));
	return r;
}

static int64_t changes(struct stored *b)
{
	int64_t n;

	OK(subscription_changes(b->store, &n, &b->err));
	return n;
}

static int moved(struct stored *b, int64_t id, enum subscription_state from, enum subscription_state to)
{
	int result;

	OK(store_begin(b->store, &b->err));
	result = subscription_move(b->store, id, from, to, STR("by mail"), T(1), &b->err);
	OK(store_commit(b->store, &b->err));
	return result;
}

static void a_subscription_is_confirmed_once_and_every_change_is_noticed(void **state)
{
	struct stored *b = *state;
	struct subscription_row r = subscribe(b, "x@example.com", SUBSCRIPTION_ASKED), *rows;
	int64_t before = changes(b);
	size_t n;

	assert_int_equal(r.public_id.n, 32);
	assert_int_equal(moved(b, r.id, SUBSCRIPTION_ASKED, SUBSCRIPTION_ACTIVE), 1);
	assert_true(changes(b) > before);
	before = changes(b);
	assert_int_equal(moved(b, r.id, SUBSCRIPTION_ASKED, SUBSCRIPTION_ACTIVE), 0);
	assert_int_equal(changes(b), before);
	assert_int_equal(moved(b, r.id, SUBSCRIPTION_ACTIVE, SUBSCRIPTION_LEFT), 1);
	assert_int_equal(moved(b, r.id, SUBSCRIPTION_ASKED, SUBSCRIPTION_ACTIVE), 0); /* a late answer changes nothing */
	IN_ONE(subscription_reword(b->store, r.id, STR("{}"), STR("analyst"), T(2), &b->err));
	assert_true(changes(b) > before + 1);
	OK(subscription_rows(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(rows[0].terms, "{}");
	assert_int_equal(rows[0].state, SUBSCRIPTION_LEFT);
	{ /* made, confirmed, left, reworded: by whom is in custody */
		const struct custody_filter subscriptions = { .act = STR("subscription") };
		struct custody_row *acts;

		OK(custody_list(b->store, &subscriptions, b->a, &acts, &n, &b->err));
		assert_int_equal(n, 4);
		assert_str(acts[0].entry.operator_name, "analyst");
		assert_str(acts[2].entry.operator_name, "by mail");
		assert_true(str_find(acts[2].entry.detail, STR("\"left\"")) > 0);
	}
	assert_false(rows[0].of_file);
}

static void an_address_is_suspended_until_it_is_let_again(void **state)
{
	struct stored *b = *state;
	struct str reason;

	OK(store_begin(b->store, &b->err));
	assert_int_equal(recipient_is_suspended(b->store, STR("x@example.com"), b->a, &reason, &b->err), 0);
	assert_int_equal(recipient_suspend(b->store, STR("x@example.com"), STR("550 no such user"), T(0), &b->err), 1);
	assert_int_equal(recipient_suspend(b->store, STR("x@example.com"), STR("another"), T(1), &b->err), 0);
	assert_int_equal(recipient_is_suspended(b->store, STR("x@example.com"), b->a, &reason, &b->err), 1);
	assert_str(reason, "550 no such user");
	assert_int_equal(recipient_resume(b->store, STR("x@example.com"), &b->err), 1);
	assert_int_equal(recipient_resume(b->store, STR("x@example.com"), &b->err), 0);
	OK(store_commit(b->store, &b->err));
}

static void a_token_is_used_up_by_its_first_use(void **state)
{
	struct stored *b = *state;

	OK(store_begin(b->store, &b->err));
	assert_int_equal(token_spend(b->store, STR("one"), T(0), &b->err), 1);
	assert_int_equal(token_spend(b->store, STR("one"), T(1), &b->err), 0);
	assert_int_equal(token_spend(b->store, STR("two"), T(1), &b->err), 1);
	OK(store_commit(b->store, &b->err));
}

/* A finding of a campaign of its own, as alerts see it. */
static struct told_finding finding(struct stored *b, const char *key)
{
	struct finding_detail detail;
	struct told_finding f;

	b->unsealed = true;
	assert_int_equal(finding_load(b->store, stored_finding(b, key, key, T(0)), b->a, &detail, &b->err), 1);
	assert_int_equal(told_finding(b->store, detail.finding.id, b->a, &f, &b->err), 1);
	return f;
}

static void tell(struct stored *b, int64_t subscription, const struct told_finding *f, int severity, int64_t until,
		 const char *why)
{
	const struct told t = { .subscription_id = subscription,
				.campaign_id = f->campaign_id,
				.finding_id = f->id,
				.severity = severity,
				.step = 1,
				.repeats = until ? 0 : 2,
				.at = T(0),
				.held_until = until,
				.held_why = str_of(why) };

	IN_ONE(told_put(b->store, &t, &b->err));
}

static void what_waits_comes_for_one_subscriber_at_a_time_the_most_severe_first(void **state)
{
	struct stored *b = *state;
	const int64_t first = subscribe(b, "x@example.com", SUBSCRIPTION_ACTIVE).id,
		      second = subscribe(b, "y@example.com", SUBSCRIPTION_ACTIVE).id;
	const struct told_finding one = finding(b, "one text"), two = finding(b, "two text"), three = finding(b, "three text");
	struct told *rows, t;
	int64_t at = 0;
	size_t n;

	assert_int_equal(told_next_due(b->store, &at, &b->err), 0);
	tell(b, first, &one, 50, T(20), "digest");
	tell(b, first, &two, 80, T(20), "ceiling");
	tell(b, second, &one, 50, T(10), "quiet");
	tell(b, second, &three, 50, 0, "");
	assert_int_equal(told_next_due(b->store, &at, &b->err), 1);
	assert_int_equal(at, T(10));
	OK(told_due(b->store, T(9), b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	OK(told_due(b->store, T(30), b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].subscription_id, second);
	OK(told_repeats(b->store, second, 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].campaign_id, three.campaign_id);
	assert_int_equal(told_ceiling(b->store, first, &at, &b->err), 1);
	assert_int_equal(at, T(20));
	assert_int_equal(told_ceiling(b->store, second, &at, &b->err), 0);
	IN_ONE(told_drop(b->store, second, T(31), &b->err));
	OK(told_due(b->store, T(30), b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].severity, 80);
	assert_int_equal(told_get(b->store, first, one.campaign_id, b->a, &t, &b->err), 1);
	assert_str(t.held_why, "digest");
	assert_int_equal(told_get(b->store, first, three.campaign_id, b->a, &t, &b->err), 0);
}

static struct str state_of(struct stored *b, int64_t outbox_id)
{
	struct outbox_row *rows;
	size_t n;

	OK(outbox_list(b->store, &(struct outbox_filter){ 0 }, b->a, &rows, &n, &b->err));
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == outbox_id)
			return rows[i].state;
	return STR("absent");
}

static int64_t mail(struct stored *b, int64_t subscription, const struct told_finding *f)
{
	const struct outbox_message m = { .kind = STR("alert"),
					  .recipient = STR("x@example.com"),
					  .subject = STR("a threat"),
					  .topic = f->campaign,
					  .step = 1,
					  .subscription_id = subscription,
					  .campaign_id = f->campaign_id,
					  .finding_id = f->id };
	int64_t id = 0;

	IN_ONE(outbox_add(b->store, &m, T(0), &id, &b->err));
	return id;
}

static void a_verdict_silences_what_waits_of_the_same_text_and_nothing_else(void **state)
{
	static const struct {
		const char *verdict, *same, *other;
		int told;
	} rows[] = {
		{ "confirmed", "waiting", "waiting", 75 }, /* it matters all the more */
		{ "false-positive", "silenced", "waiting", 0 },
	};
	struct stored *b = *state;
	const int64_t who = subscribe(b, "x@example.com", SUBSCRIPTION_ACTIVE).id;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char key[2][32];
		struct told_finding one, alike, other;
		struct told t;
		int64_t mails[2];

		snprintf(key[0], sizeof(key[0]), "a Text %zu", i);
		snprintf(key[1], sizeof(key[1]), "A text %zu ", i);
		one = finding(b, key[0]);
		alike = finding(b, key[1]);
		assert_int_equal(one.campaign_id, alike.campaign_id);
		snprintf(key[0], sizeof(key[0]), "something else %zu", i);
		other = finding(b, key[0]);
		tell(b, who, &one, 75, 0, "");
		mails[0] = mail(b, who, &one);
		mails[1] = mail(b, who, &other);
		stored_mark(b, alike.public_id, rows[i].verdict, NULL, T(5));
		assert_str(state_of(b, mails[0]), rows[i].same);
		assert_str(state_of(b, mails[1]), rows[i].other);
		OK(told_finding(b->store, one.id, b->a, &one, &b->err));
		assert_int_equal(one.silent, rows[i].told == 0);
		OK(told_get(b->store, who, one.campaign_id, b->a, &t, &b->err));
		assert_int_equal(t.severity, rows[i].told);
		if (rows[i].told)
			continue;
		IN_ONE(outbox_sent(b->store, mails[0], STR("250 it was on its way"), T(6), &b->err));
		assert_str(state_of(b, mails[0]), "sent");
	}
}

/* Tables that grow, none of which is read as a whole to find a few rows. */
static void hold_to_its_index(void *context, const char *sql, struct str plan)
{
	static const char *const large[] = { "told", "outbox", "finding", "suspended", "spent_token", "cluster", "verdict" };
	char sqlite[64], postgresql[64];
	struct str line, rest = plan;

	(*(int *)context)++;
	if (strstr(sql, "VALUES"))
		return;
	while (str_split(&rest, '\n', &line))
		for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
			snprintf(sqlite, sizeof(sqlite), "SCAN %s", large[i]);
			snprintf(postgresql, sizeof(postgresql), "Seq Scan on %s ", large[i]);
			if (str_find(line, str_of(postgresql)) >= 0 ||
			    (str_find(line, str_of(sqlite)) >= 0 && str_find(line, STR("USING")) < 0))
				fail_msg("%s\nreads all of %s:\n%.*s", sql, large[i], STR_ARG(plan));
		}
}

static void each_query_has_its_index(void **state)
{
	struct stored *b = *state;
	int plans = 0;
	int64_t mails;

	what_waits_comes_for_one_subscriber_at_a_time_the_most_severe_first(state);
	a_verdict_silences_what_waits_of_the_same_text_and_nothing_else(state);
	an_address_is_suspended_until_it_is_let_again(state);
	a_token_is_used_up_by_its_first_use(state);
	OK(outbox_rate(b->store, STR("x@example.com"), T(0), &mails, &b->err));
	OK(db_plans(b->store->db, hold_to_its_index, &plans, &b->err));
	assert_true(plans > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_subscription_is_confirmed_once_and_every_change_is_noticed),
		cmocka_unit_test(an_address_is_suspended_until_it_is_let_again),
		cmocka_unit_test(a_token_is_used_up_by_its_first_use),
		cmocka_unit_test(what_waits_comes_for_one_subscriber_at_a_time_the_most_severe_first),
		cmocka_unit_test(a_verdict_silences_what_waits_of_the_same_text_and_nothing_else),
		cmocka_unit_test(each_query_has_its_index),
	};

	return stored_run("subscriptions", tests, sizeof(tests) / sizeof(tests[0]));
}
