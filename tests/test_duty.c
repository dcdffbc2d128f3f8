/* test_duty.c - who was asked about a finding, who has it, how long it took; each answer is one, and is in custody */
#include "tests/stored.h"

#include "store/duty.h"
#include "store/outbox.h"
#include "store/verify.h"
#include "store/watch.h"

#define SECOND INT64_C(1000000)
#define T(n)   (INT64_C(1764129600000000) + (n)*SECOND)

#define IN_ONE(call)                                 \
	do {                                         \
		OK(store_begin(b->store, &b->err));  \
		OK(call);                            \
		OK(store_commit(b->store, &b->err)); \
	} while (0)

static int64_t finding(struct stored *b, const char *key, const char *text, int64_t now)
{
	struct finding_detail d;

	assert_int_equal(finding_load(b->store, stored_finding(b, key, text, now), b->a, &d, &b->err), 1);
	return d.finding.id;
}

static int opened(struct stored *b, int64_t id, int severity, int64_t now)
{
	int result;

	OK(store_begin(b->store, &b->err));
	result = duty_open(b->store, id, severity, now, &b->err);
	OK(result);
	OK(store_commit(b->store, &b->err));
	return result;
}

static size_t due(struct stored *b, int64_t now)
{
	struct duty_row *rows;
	size_t n;

	OK(duty_due(b->store, now, 10, b->a, &rows, &n, &b->err));
	return n;
}

static int64_t ask(struct stored *b, int64_t id, const char *name, int64_t now, int64_t next)
{
	const struct outbox_message m = { .kind = STR("duty"),
					  .recipient = str_of(name),
					  .subject = STR("s"),
					  .content = STR("c"),
					  .finding_id = id,
					  .topic = arena_printf(b->a, "duty %lld", (long long)id),
					  .step = now };
	struct duty_asked asked = { .name = str_of(name), .at = now };

	OK(store_begin(b->store, &b->err));
	OK(outbox_add(b->store, &m, now, &asked.outbox_id, &b->err));
	OK(duty_ask(b->store, id, &asked, next, &b->err));
	OK(store_commit(b->store, &b->err));
	return asked.outbox_id;
}

static int answer(struct stored *b, int64_t id, const char *name, int64_t now)
{
	const struct duty_answer d = {
		.finding_id = id, .name = str_of(name), .operator_name = STR("analyst"), .how = STR("command")
	};
	int result;

	OK(store_begin(b->store, &b->err));
	result = duty_acknowledge(b->store, &d, now, &b->err);
	if (result < 0)
		store_rollback(b->store);
	else
		OK(store_commit(b->store, &b->err));
	return result;
}

static struct duty_row row_of(struct stored *b, int64_t id)
{
	struct duty_row row = { 0 };

	assert_int_equal(duty_of(b->store, id, b->a, &row, &b->err), 1);
	return row;
}

static size_t acts(struct stored *b, const char *act)
{
	struct custody_row *rows;
	size_t n;

	OK(custody_list(b->store, &(struct custody_filter){ .act = str_of(act) }, b->a, &rows, &n, &b->err));
	return n;
}

static void a_finding_is_asked_about_until_somebody_has_it(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "k", "a text", T(1)), next;
	struct duty_asked *asked;
	size_t n;

	assert_int_equal(duty_next(b->store, &next, &b->err), 0);
	assert_int_equal(opened(b, id, 75, T(1)), 1);
	assert_int_equal(opened(b, id, 75, T(2)), 0); /* read again, it is the same */
	assert_int_equal(due(b, T(0)), 0);
	assert_int_equal(due(b, T(1)), 1);
	ask(b, id, "desk", T(1), T(600));
	assert_int_equal(due(b, T(599)), 0);
	assert_int_equal(duty_next(b->store, &next, &b->err), 1);
	assert_int_equal(next, T(600));
	ask(b, id, "on call", T(600), T(1200));
	OK(duty_asked(b->store, id, b->a, &asked, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(asked[0].name, "desk");
	assert_str(asked[1].name, "on call");
	assert_int_equal(asked[1].at, T(600));
	assert_int_equal(answer(b, id, "on call", T(700)), 1);
	assert_int_equal(due(b, T(10000)), 0);
	assert_str(row_of(b, id).holder, "on call");
	assert_int_equal(row_of(b, id).acknowledged_at, T(700));
	assert_int_equal(row_of(b, id).steps, 2);
	assert_int_equal(acts(b, "acknowledge"), 1);
}

static int64_t in_state(struct stored *b, const char *state)
{
	int64_t n;

	OK(outbox_count(b->store, state, &n, &b->err));
	return n;
}

static void a_letter_that_has_not_gone_wakes_nobody_once_somebody_has_it(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "k", "a text", T(1)), other = finding(b, "k2", "quite another text", T(1)), gone;

	opened(b, id, 75, T(1));
	opened(b, other, 75, T(1));
	gone = ask(b, id, "desk", T(1), T(600));
	ask(b, id, "on call", T(600), T(1200));
	ask(b, other, "desk", T(2), T(600));
	IN_ONE(outbox_sent(b->store, gone, STR("250"), T(2), &b->err));
	assert_int_equal(answer(b, id, "desk", T(700)), 1);
	assert_int_equal(in_state(b, "silenced"), 1);
	assert_int_equal(in_state(b, "waiting"), 1); /* of the other */
	assert_int_equal(in_state(b, "sent"), 1);
}

static void the_first_answer_stays(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "k", "a text", T(1));

	opened(b, id, 75, T(1));
	assert_int_equal(answer(b, id, "first", T(2)), 1);
	assert_int_equal(answer(b, id, "second", T(3)), 0);
	assert_str(row_of(b, id).holder, "first");
	assert_int_equal(acts(b, "acknowledge"), 1);
	assert_int_equal(answer(b, finding(b, "other", "another text", T(4)), "first", T(5)), E_USAGE);
}

static void a_campaign_has_one_answer(void **state)
{
	struct stored *b = *state;
	int64_t first = finding(b, "1", "the same text", T(1)), second = finding(b, "2", "The  same text", T(2)),
		third = finding(b, "3", "THE SAME TEXT", T(3)), other = finding(b, "4", "some other text", T(3));

	assert_int_equal(opened(b, first, 75, T(1)), 1);
	assert_int_equal(opened(b, second, 75, T(2)), 0);
	assert_int_equal(opened(b, other, 75, T(2)), 1);
	assert_int_equal(due(b, T(10)), 2);
	assert_int_equal(answer(b, second, "desk", T(20)), 1); /* whichever of them is named */
	assert_int_equal(due(b, T(30)), 1);
	assert_str(row_of(b, first).how, "command");
	assert_str(row_of(b, second).how, "campaign");
	assert_str(row_of(b, second).holder, "desk");
	assert_int_equal(opened(b, third, 75, T(40)), 0); /* what comes later has it already */
	assert_str(row_of(b, third).holder, "desk");
	assert_int_equal(due(b, T(50)), 1);
	assert_int_equal(row_of(b, other).acknowledged_at, 0);
}

static void what_is_worse_or_comes_back_late_is_asked_about_anew(void **state)
{
	static const struct {
		const char *why;
		int severity;
		int64_t later;
		int asked;
	} rows[] = {
		{ "the same word", 89, 60, 0 },
		{ "less", 70, 60, 0 },
		{ "critical after high", 90, 60, 1 },
		{ "after a week", 75, 8 * 86400, 1 },
	};
	struct stored *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = arena_printf(b->a, "text number %zu", i).p;
		int64_t id = finding(b, arena_printf(b->a, "a%zu", i).p, text, T(1));

		opened(b, id, 75, T(1));
		answer(b, id, "desk", T(2));
		id = finding(b, arena_printf(b->a, "b%zu", i).p, text, T(rows[i].later));
		if (opened(b, id, rows[i].severity, T(rows[i].later)) != rows[i].asked)
			fail_msg("%s", rows[i].why);
	}
}

static void a_verdict_is_an_answer(void **state)
{
	struct stored *b = *state;
	struct str id = stored_finding(b, "k", "a text", T(1));
	struct finding_detail d;

	assert_int_equal(finding_load(b->store, id, b->a, &d, &b->err), 1);
	opened(b, d.finding.id, 75, T(1));
	stored_mark(b, id, "false-positive", NULL, T(5));
	assert_int_equal(due(b, T(10)), 0);
	assert_str(row_of(b, d.finding.id).holder, "analyst");
	assert_str(row_of(b, d.finding.id).how, "verdict");
	assert_int_equal(acts(b, "acknowledge"), 0);
	assert_int_equal(acts(b, "verdict"), 1);
}

static void what_was_not_delivered_asks_the_next_at_once_and_no_more_often_than_there_are_people(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "undelivered", "a text of its own", T(1)), message;

	opened(b, id, 75, T(1));
	message = ask(b, id, "desk", T(1), T(600));
	IN_ONE(duty_undelivered(b->store, message, 2, T(3), &b->err));
	assert_int_equal(due(b, T(3)), 1);
	message = ask(b, id, "on call", T(3), T(603));
	IN_ONE(duty_undelivered(b->store, message, 2, T(4), &b->err));
	assert_int_equal(due(b, T(602)), 0);
	assert_int_equal(due(b, T(603)), 1);
	answer(b, id, "desk", T(700));
	IN_ONE(duty_undelivered(b->store, message, 9, T(701), &b->err));
	assert_int_equal(due(b, T(800)), 0);
}

static void a_clock_that_went_back_makes_nobody_wait_longer(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "k", "a text", T(1)), other = finding(b, "2", "another text", T(1));

	opened(b, id, 75, T(5000));
	opened(b, other, 75, T(5000));
	ask(b, id, "desk", T(5000), T(5600));
	ask(b, other, "desk", T(5000), T(1500));
	IN_ONE(duty_not_later(b->store, T(1000), 600 * SECOND, &b->err));
	assert_int_equal(due(b, T(1000)), 1);
	assert_int_equal(due(b, T(1500)), 2);
}

static void anything_can_be_given_to_somebody(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "given", "a text that is given", T(1));
	const struct duty_answer d = {
		.finding_id = id, .name = STR("night desk"), .operator_name = STR("analyst"), .how = STR("command")
	};

	IN_ONE(duty_assign(b->store, &d, T(2), &b->err));
	assert_str(row_of(b, id).holder, "night desk");
	assert_int_equal(row_of(b, id).acknowledged_at, T(2));
	IN_ONE(duty_assign(b->store,
			   &(struct duty_answer){ .finding_id = id, .name = STR("day desk"), .operator_name = STR("x") }, T(3),
			   &b->err));
	assert_str(row_of(b, id).holder, "day desk");
	assert_int_equal(row_of(b, id).acknowledged_at, T(2)); /* the clock does not start anew */
	assert_int_equal(row_of(b, id).held_since, T(3));
	assert_int_equal(acts(b, "assign"), 2);
}

static void clocks_have_medians(void **state)
{
	static const int64_t sent[] = { 2, 4, 9 }, acknowledged[] = { 12, 104, 29 };
	struct stored *b = *state;
	struct duty_clocks clocks;
	struct duty_times times;
	int64_t id = 0;

	for (int i = 0; i < 3; i++) {
		int64_t message;

		id = finding(b, arena_printf(b->a, "clock %d", i).p, arena_printf(b->a, "text number %d", i).p, T(0));
		opened(b, id, 75, T(0));
		message = ask(b, id, "desk", T(1), T(600));
		IN_ONE(outbox_sent(b->store, message, STR("250 ok"), T(sent[i]), &b->err));
		answer(b, id, "desk", T(acknowledged[i]));
	}
	OK(duty_clocks(b->store, 0, &clocks, &b->err));
	assert_int_equal(clocks.n[CLOCK_POSTED_SEEN], 0); /* the posts of this test have no time */
	assert_int_equal(clocks.n[CLOCK_SEEN_SENT], 3);
	assert_int_equal(clocks.median[CLOCK_SEEN_SENT], 4 * SECOND);
	assert_int_equal(clocks.median[CLOCK_SENT_ACKNOWLEDGED], 20 * SECOND);
	assert_int_equal(clocks.longest[CLOCK_SENT_ACKNOWLEDGED], 100 * SECOND);
	OK(duty_clocks(b->store, T(1), &clocks, &b->err));
	assert_int_equal(clocks.n[CLOCK_SEEN_SENT], 0);
	assert_int_equal(duty_times(b->store, id, &times, &b->err), 1);
	assert_int_equal(times.sent_at, T(9));
	assert_int_equal(times.acknowledged_at, T(29));
	assert_int_equal(times.posted_at, 0);
}

static void a_message_leads_back_to_what_it_asked(void **state)
{
	struct stored *b = *state;
	int64_t id = finding(b, "k", "a text", T(1)), asked_of = 0;
	struct outbox_row *rows;
	struct str name;
	size_t n;

	opened(b, id, 75, T(1));
	ask(b, id, "desk", T(1), T(600));
	OK(outbox_list(b->store, &(struct outbox_filter){ 0 }, b->a, &rows, &n, &b->err));
	assert_int_equal(duty_of_message(b->store, rows[0].public_id, b->a, &asked_of, &name, &b->err), 1);
	assert_int_equal(asked_of, id);
	assert_str(name, "desk");
	assert_int_equal(duty_of_message(b->store, STR("00"), b->a, &asked_of, &name, &b->err), 0);
}

static void a_hand_over_is_remembered_and_lists_the_open_ones_by_severity(void **state)
{
	struct stored *b = *state;
	int64_t low = finding(b, "1", "a text", T(1)), high = finding(b, "2", "another text", T(1)), at;
	struct duty_row *rows;
	struct str name;
	size_t n;

	assert_int_equal(handover_last(b->store, b->a, &at, &name, &b->err), 0);
	opened(b, low, 75, T(1));
	opened(b, high, 95, T(2));
	OK(duty_list(b->store, &(struct duty_filter){ .waiting = true }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].finding_id, high);
	answer(b, high, "desk", T(3));
	OK(duty_list(b->store, &(struct duty_filter){ .waiting = true }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	OK(duty_list(b->store, &(struct duty_filter){ .since = T(2) }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].finding_id, high);
	IN_ONE(handover_add(b->store, STR("analyst"), T(9), &b->err));
	assert_int_equal(handover_last(b->store, b->a, &at, &name, &b->err), 1);
	assert_int_equal(at, T(9));
	assert_str(name, "analyst");
	assert_int_equal(acts(b, "handover"), 1);
}

static size_t settled(struct stored *b, const char *names, int64_t now, struct concern_news **news)
{
	struct concern all[8];
	struct str rest = str_of(names), name;
	size_t n = 0, n_news;

	while (str_split(&rest, ' ', &name))
		if (name.n)
			all[n++] = (struct concern){ name, STR("it is not well") };
	IN_ONE(concern_settle(b->store, all, n, now, b->a, news, &n_news, &b->err));
	return n_news;
}

static void what_is_not_well_is_told_once_then_daily_and_when_it_is_over(void **state)
{
	static const struct {
		const char *why, *not_well;
		int64_t at;
		size_t told;
		enum concern_news_kind kind;
	} rows[] = {
		{ "all is well", "", 0, 0, 0 },
		{ "something is new", "disk", 10, 1, CONCERN_NEW },
		{ "it lasts", "disk", 20, 0, 0 },
		{ "another is new", "disk clock", 30, 1, CONCERN_NEW },
		{ "the first is told again after a day", "disk clock", 86410, 1, CONCERN_LASTS },
		{ "both", "disk clock", 86400 * 3, 2, CONCERN_LASTS },
		{ "one is over", "clock", 86400 * 3 + 1, 1, CONCERN_OVER },
		{ "and the other", "", 86400 * 3 + 2, 1, CONCERN_OVER },
		{ "and that was it", "", 86400 * 3 + 3, 0, 0 },
		{ "it comes back", "disk", 86400 * 3 + 4, 1, CONCERN_NEW },
	};
	struct stored *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct concern_news *news;
		size_t n = settled(b, rows[i].not_well, T(rows[i].at), &news);

		if (n != rows[i].told || (n && news[0].kind != rows[i].kind))
			fail_msg("%s: %zu told", rows[i].why, n);
	}
}

static void a_heartbeat_has_its_figures(void **state)
{
	struct stored *b = *state;
	struct watch_figures f;
	int64_t id = finding(b, "k", "a text", T(1)), dead;

	opened(b, id, 75, T(1));
	ask(b, id, "desk", T(50), T(600));
	dead = ask(b, id, "on call", T(60), T(600));
	IN_ONE(outbox_failed(b->store, dead, STR("550"), true, T(70), &b->err));
	IN_ONE(store_round_add(b->store, &(struct round){ .started_at = T(1), .ended_at = T(5), .posts = 7, .findings = 1 },
			       &b->err));
	IN_ONE(store_round_add(b->store, &(struct round){ .started_at = T(6), .ended_at = T(9), .posts = 5, .findings = 2 },
			       &b->err));
	OK(watch_figures(b->store, T(6), T(55), &f, &b->err));
	assert_int_equal(f.posts, 5);
	assert_int_equal(f.findings, 2);
	assert_int_equal(f.waiting, 1);
	assert_int_equal(f.dead, 1);
	assert_int_equal(f.oldest_at, T(50));
	OK(watch_figures(b->store, T(71), T(49), &f, &b->err));
	assert_int_equal(f.posts + f.dead + f.oldest_at, 0);
}

static void answers_that_did_nothing_are_counted(void **state)
{
	struct stored *b = *state;
	struct answers_refused *rows;
	size_t n;

	IN_ONE(answer_refused(b->store, STR("forged"), T(1), &b->err));
	IN_ONE(answer_refused(b->store, STR("forged"), T(2), &b->err));
	IN_ONE(answer_refused(b->store, STR("used"), T(3), &b->err));
	OK(answers_refused(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].n, 2);
	assert_int_equal(rows[0].last_at, T(2));
	assert_str(rows[1].why, "used");
}

/* Told once, when its question went and was answered, and only to who wants to hear it. */
static void who_was_asked_through_a_channel_hears_of_the_answer_once(void **state)
{
	static const char pager[] = "|channel a|channel pager|";
	struct stored *b = *state;
	int64_t id = finding(b, "heard", "another text of its own", T(1)), asked, other;
	struct outbox_message m = {
		.kind = STR("answered"), .recipient = STR("channel pager"), .subject = STR("s"), .content = STR("c")
	};
	struct duty_unheard *rows;
	size_t n;

	assert_int_equal(opened(b, id, 75, T(1)), 1);
	asked = ask(b, id, "channel pager", T(1), T(600));
	other = ask(b, id, "channel room", T(600), T(1200));
	IN_ONE(outbox_sent(b->store, asked, STR("202"), T(2), &b->err));
	IN_ONE(outbox_sent(b->store, other, STR("200"), T(601), &b->err));
	OK(duty_unheard(b->store, str_of(pager), T(0), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0); /* nobody has it yet */
	assert_int_equal(answer(b, id, "night desk", T(700)), 1);
	OK(duty_unheard(b->store, STR("|"), T(0), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	OK(duty_unheard(b->store, str_of(pager), T(1), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0); /* too old */
	OK(duty_unheard(b->store, str_of(pager), T(0), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(rows[0].recipient, "channel pager");
	assert_str(rows[0].name, "night desk");
	m.topic = arena_printf(b->a, "answered %.*s", STR_ARG(rows[0].message));
	IN_ONE(outbox_add(b->store, &m, T(701), &other, &b->err));
	OK(duty_unheard(b->store, str_of(pager), T(0), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
}

/* Tables that grow, none of which is read as a whole to find a few rows. */
static void hold_to_its_index(void *context, const char *sql, struct str plan)
{
	static const char *const large[] = { "duty", "duty_step", "outbox" };
	char sqlite[64], postgresql[64];
	struct str line, rest = plan;

	(*(int *)context)++;
	if (strstr(sql, "VALUES"))
		return;
	while (str_split(&rest, '\n', &line))
		for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
			snprintf(sqlite, sizeof(sqlite), "SCAN %s ", large[i]);
			snprintf(postgresql, sizeof(postgresql), "Seq Scan on %s ", large[i]);
			if (str_find(line, str_of(postgresql)) >= 0 ||
			    (str_starts(str_trim(line), str_of(sqlite)) && str_find(line, STR("USING")) < 0))
				fail_msg("%s\nreads all of %s:\n%.*s", sql, large[i], STR_ARG(plan));
		}
}

static void each_query_has_its_index(void **state)
{
	struct stored *b = *state;
	int plans = 0;

	a_finding_is_asked_about_until_somebody_has_it(state);
	what_was_not_delivered_asks_the_next_at_once_and_no_more_often_than_there_are_people(state);
	clocks_have_medians(state);
	anything_can_be_given_to_somebody(state);
	who_was_asked_through_a_channel_hears_of_the_answer_once(state);
	OK(db_plans(b->store->db, hold_to_its_index, &plans, &b->err));
	assert_true(plans > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_asked_about_until_somebody_has_it),
		cmocka_unit_test(a_letter_that_has_not_gone_wakes_nobody_once_somebody_has_it),
		cmocka_unit_test(the_first_answer_stays),
		cmocka_unit_test(a_campaign_has_one_answer),
		cmocka_unit_test(what_is_worse_or_comes_back_late_is_asked_about_anew),
		cmocka_unit_test(a_verdict_is_an_answer),
		cmocka_unit_test(what_was_not_delivered_asks_the_next_at_once_and_no_more_often_than_there_are_people),
		cmocka_unit_test(a_clock_that_went_back_makes_nobody_wait_longer),
		cmocka_unit_test(anything_can_be_given_to_somebody),
		cmocka_unit_test(clocks_have_medians),
		cmocka_unit_test(a_message_leads_back_to_what_it_asked),
		cmocka_unit_test(what_is_not_well_is_told_once_then_daily_and_when_it_is_over),
		cmocka_unit_test(a_heartbeat_has_its_figures),
		cmocka_unit_test(answers_that_did_nothing_are_counted),
		cmocka_unit_test(who_was_asked_through_a_channel_hears_of_the_answer_once),
		cmocka_unit_test(each_query_has_its_index),
		cmocka_unit_test(a_hand_over_is_remembered_and_lists_the_open_ones_by_severity),
	};

	return stored_run("duty", tests, sizeof(tests) / sizeof(tests[0]));
}
