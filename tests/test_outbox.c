/* test_outbox.c - messages wait until they went or cannot go; takedowns move only as they may, and custody knows of it */
#include "tests/stored.h"

#include "store/outbox.h"
#include "store/takedown.h"

#define SECOND INT64_C(1000000)
#define T(n)   (INT64_C(1764129600000000) + (n)*SECOND)

#define IN_ONE(call)                                 \
	do {                                         \
		OK(store_begin(b->store, &b->err));  \
		OK(call);                            \
		OK(store_commit(b->store, &b->err)); \
	} while (0)

static int64_t add(struct stored *b, const char *recipient, int64_t due_at, int64_t now)
{
	const struct outbox_message m = { .kind = STR("alert"),
					  .recipient = str_of(recipient),
					  .subject = STR("a threat"),
					  .content = { "a\0b", 3 },
					  .due_at = due_at };
	int64_t id = 0;

	IN_ONE(outbox_add(b->store, &m, now, &id, &b->err));
	return id;
}

static size_t due(struct stored *b, int64_t now, struct outbox_row **rows)
{
	size_t n;

	OK(outbox_due(b->store, &(struct outbox_way){ 0 }, now, 10, b->a, rows, &n, &b->err));
	return n;
}

static void messages_go_in_the_order_in_which_they_are_due(void **state)
{
	struct stored *b = *state;
	struct outbox_row *rows;
	int64_t next;

	assert_int_equal(outbox_next_due(b->store, &next, &b->err), 0);
	add(b, "later@example.com", T(100), T(0));
	add(b, "first@example.com", 0, T(10));
	add(b, "second@example.com", T(20), T(10));
	assert_int_equal(due(b, T(5), &rows), 0);
	assert_int_equal(due(b, T(50), &rows), 2);
	assert_str(rows[0].recipient, "first@example.com");
	assert_int_equal(rows[0].content.n, 3);
	assert_int_equal(rows[0].public_id.n, 32);
	assert_str(rows[1].recipient, "second@example.com");
	assert_int_equal(outbox_next_due(b->store, &next, &b->err), 1);
	assert_int_equal(next, T(10));
}

static void what_was_sent_is_not_sent_again(void **state)
{
	struct stored *b = *state;
	struct outbox_row *rows;
	int64_t id = add(b, "x@example.com", 0, T(0));
	size_t n;

	OK(store_begin(b->store, &b->err));
	assert_int_equal(outbox_sent(b->store, id, STR("250 ok"), T(1), &b->err), 1);
	assert_int_equal(outbox_sent(b->store, id, STR("250 ok"), T(1), &b->err), 0);
	assert_int_equal(outbox_failed(b->store, id, STR("450 later"), false, T(1), &b->err), 0);
	OK(store_commit(b->store, &b->err));
	assert_int_equal(due(b, T(1000), &rows), 0);
	OK(outbox_list(b->store, &(struct outbox_filter){ .state = STR("sent") }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(rows[0].answer, "250 ok");
	assert_int_equal(rows[0].tries, 1);
	assert_int_equal(rows[0].ended_at, T(1));
}

static void a_message_that_does_not_go_waits_longer_each_time_and_dies(void **state)
{
	struct stored *b = *state;
	struct outbox_row *rows;
	int64_t id = add(b, "x@example.com", 0, T(0)), now = T(0), waited = 0, before = 0;
	int tries = 0, waits = 1;

	while (waits) {
		OK(store_begin(b->store, &b->err));
		waits = outbox_failed(b->store, id, STR("450 later"), false, now, &b->err);
		assert_true(waits >= 0);
		OK(store_commit(b->store, &b->err));
		tries++;
		if (!waits)
			break;
		assert_int_equal(outbox_next_due(b->store, &now, &b->err), 1);
		assert_int_equal(due(b, now - 1, &rows), 0);
		waited = now - before;
		assert_true(waited >= 60 * SECOND || before == 0);
		assert_true(now - before <= 6 * 3600 * SECOND || before == 0);
		before = now;
	}
	assert_int_equal(tries, OUTBOX_TRIES);
	assert_int_equal(waited, 6 * 3600 * SECOND);
	assert_int_equal(outbox_next_due(b->store, &now, &b->err), 0);
}

/* A hundred that wait for one recipient hide nobody else's; what goes to a channel that is no more is with the mail. */
static void each_way_has_its_own_messages(void **state)
{
	static const struct {
		const char *to, *others;
		size_t wanted;
	} rows[] = {
		{ "", "", 10 },
		{ "channel hung", "", 10 },
		{ "channel b", "", 1 },
		{ "channel", "", 0 },
		{ "", "|channel hung|channel b|", 3 },
		{ "", "|channel hung|", 4 },
		{ "", "|channel|", 10 },
	};
	struct stored *b = *state;
	struct outbox_row *due_rows;
	size_t n;

	for (int i = 0; i < 100; i++)
		add(b, "channel hung", 0, T(0));
	add(b, "channel b", 0, T(1));
	add(b, "channel gone", 0, T(1));
	add(b, "x@example.com", 0, T(1));
	add(b, "100%_a\\b@example.com", 0, T(1));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct outbox_way way = { str_of(rows[i].to), str_of(rows[i].others) };

		OK(outbox_due(b->store, &way, T(2), 10, b->a, &due_rows, &n, &b->err));
		if (n != rows[i].wanted)
			fail_msg("to \"%s\", not \"%s\": %zu", rows[i].to, rows[i].others, n);
	}
}

/* Sooner than we would try ourselves, and later; from the fourth time on only later. */
static void who_names_a_time_is_believed_three_times(void **state)
{
	struct stored *b = *state;
	int64_t id = add(b, "channel busy", 0, T(0)), now = T(0), next = 0;

	for (int i = 0; i < 5; i++) {
		OK(store_begin(b->store, &b->err));
		assert_int_equal(outbox_failed(b->store, id, STR("429"), false, now, &b->err), 1);
		OK(outbox_asked_for(b->store, id, now + 2 * SECOND, &b->err));
		OK(store_commit(b->store, &b->err));
		assert_int_equal(outbox_next_due(b->store, &next, &b->err), 1);
		if (i < OUTBOX_BELIEVED)
			assert_int_equal(next, now + 2 * SECOND);
		else
			assert_true(next >= now + 60 * SECOND);
		now = next;
	}
	OK(store_begin(b->store, &b->err));
	OK(outbox_asked_for(b->store, id, now + INT64_C(86400) * SECOND, &b->err));
	OK(store_commit(b->store, &b->err));
	OK(outbox_next_due(b->store, &next, &b->err));
	assert_int_equal(next, now + INT64_C(86400) * SECOND);
}

static void a_message_refused_for_good_is_dead_at_once(void **state)
{
	struct stored *b = *state;
	int64_t id = add(b, "x@example.com", 0, T(0));
	struct outbox_row *rows;
	size_t n;

	OK(store_begin(b->store, &b->err));
	assert_int_equal(outbox_failed(b->store, id, STR("550 no such user"), true, T(1), &b->err), 0);
	OK(store_commit(b->store, &b->err));
	OK(outbox_list(b->store, &(struct outbox_filter){ .state = STR("dead") }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(rows[0].answer, "550 no such user");
}

static void a_message_of_a_transaction_that_failed_is_never_sent(void **state)
{
	struct stored *b = *state;
	const struct outbox_message m = {
		.kind = STR("alert"), .recipient = STR("x"), .subject = STR("s"), .content = STR("c")
	};
	struct outbox_row *rows;
	int64_t id;

	OK(store_begin(b->store, &b->err));
	OK(outbox_add(b->store, &m, T(0), &id, &b->err));
	store_rollback(b->store);
	assert_int_equal(due(b, T(10), &rows), 0);
}

static int64_t add_for(struct stored *b, const char *recipient, const char *topic, int64_t step)
{
	const struct outbox_message m = { .kind = STR("alert"),
					  .recipient = str_of(recipient),
					  .subject = STR("a threat"),
					  .topic = str_of(topic),
					  .step = step };
	int64_t id = -1;

	IN_ONE(outbox_add(b->store, &m, T(0), &id, &b->err));
	return id;
}

static void a_message_about_the_same_step_is_kept_once_for_each_recipient(void **state)
{
	struct stored *b = *state;
	struct outbox_row *rows;
	int64_t n;

	assert_true(add_for(b, "x@example.com", "campaign 1", 1) > 0);
	assert_int_equal(add_for(b, "x@example.com", "campaign 1", 1), 0);
	assert_true(add_for(b, "x@example.com", "campaign 1", 2) > 0);
	assert_true(add_for(b, "y@example.com", "campaign 1", 1) > 0);
	assert_true(add_for(b, "x@example.com", "", 1) > 0);
	assert_true(add_for(b, "x@example.com", "", 1) > 0);
	assert_int_equal(due(b, T(1), &rows), 5);
	assert_str(rows[0].topic, "campaign 1");
	assert_int_equal(rows[1].step, 2);
	OK(outbox_rate(b->store, STR("x@example.com"), T(-1), &n, &b->err));
	assert_int_equal(n, 4);
	OK(outbox_rate(b->store, STR("x@example.com"), T(0), &n, &b->err));
	assert_int_equal(n, 0);
}

static void pages_of_messages_go_on_where_the_last_ended(void **state)
{
	struct stored *b = *state;
	struct outbox_filter f = { .limit = 2 };
	struct outbox_row *rows;
	size_t n, all = 0;

	for (int i = 0; i < 5; i++)
		add(b, "x@example.com", 0, T(i));
	do {
		OK(outbox_list(b->store, &f, b->a, &rows, &n, &b->err));
		all += n;
		if (n)
			f.before_id = rows[n - 1].id;
	} while (n);
	assert_int_equal(all, 5);
}

static int64_t open_case(struct stored *b, const char *grounds, struct str *public_id)
{
	struct finding_detail d;
	struct str finding = stored_finding(b, "k", "a text", T(1));
	int64_t id = 0;

	assert_int_equal(finding_load(b->store, finding, b->a, &d, &b->err), 1);
	IN_ONE(takedown_open(b->store,
			     &(struct takedown_case){
				     .finding_id = d.finding.id, .grounds = str_of(grounds), .operator_name = STR("analyst") },
			     T(2), b->a, &id, public_id, &b->err));
	return id;
}

static int64_t target(struct stored *b, int64_t id, const char *url)
{
	int64_t target_id = 0;

	IN_ONE(takedown_target_add(b->store, id, str_of(url), STR("analyst"), T(3), &target_id, &b->err));
	return target_id;
}

static int change(struct stored *b, int64_t target_id, enum takedown_state state, const char *operator_name, int64_t recheck_at)
{
	const struct takedown_change c = { target_id, state, str_of(operator_name), STR("a note"), recheck_at };
	int result;

	OK(store_begin(b->store, &b->err));
	result = takedown_change(b->store, &c, T(4), &b->err);
	if (result < 0)
		store_rollback(b->store);
	else
		OK(store_commit(b->store, &b->err));
	return result;
}

static void a_takedown_goes_from_open_to_gone_and_custody_knows_each_step(void **state)
{
	static const enum takedown_state steps[] = { TAKEDOWN_DRAFTED, TAKEDOWN_APPROVED, TAKEDOWN_SENT, TAKEDOWN_RECEIPT,
						     TAKEDOWN_GONE,    TAKEDOWN_BACK,	  TAKEDOWN_GONE };
	struct stored *b = *state;
	struct takedown_target *targets;
	struct takedown_row *cases;
	struct custody_row *entries;
	struct str public_id;
	int64_t id = open_case(b, "threat", &public_id), one = target(b, id, "https://paste.example.net/1");
	size_t n;

	assert_int_equal(target(b, id, "https://paste.example.net/1"), one);
	target(b, id, "https://mirror.example.net/1");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (change(b, one, steps[i], "lawyer", T(100)) < 0)
			fail_msg("%s", b->err.text);
	OK(takedown_targets(b->store, id, b->a, &targets, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(targets[0].state, "gone");
	assert_str(targets[0].operator_name, "lawyer");
	assert_str(targets[1].state, "open");
	OK(takedown_list(b->store, 0, 0, b->a, &cases, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(cases[0].first_aware_at, T(1));
	assert_true(str_eq(cases[0].public_id, public_id));
	OK(custody_list(b->store, &(struct custody_filter){ .act = STR("notice") }, b->a, &entries, &n, &b->err));
	assert_int_equal(n, 1 + 2 + 7);
	assert_true(str_find(entries[5].entry.detail, STR("\"from\":\"approved\",\"to\":\"sent\",\"note\":\"a note\"")) > 0);
	assert_str(entries[5].entry.operator_name, "lawyer");
}

static void what_does_not_follow_is_refused_and_changes_nothing(void **state)
{
	static const struct {
		enum takedown_state from, to;
		const char *why;
	} rows[] = {
		{ TAKEDOWN_OPEN, TAKEDOWN_SENT, "nothing is written" },
		{ TAKEDOWN_OPEN, TAKEDOWN_APPROVED, "nothing is written" },
		{ TAKEDOWN_DRAFTED, TAKEDOWN_SENT, "nobody stands for it" },
		{ TAKEDOWN_DRAFTED, TAKEDOWN_RECEIPT, "it was not sent" },
		{ TAKEDOWN_GONE, TAKEDOWN_SENT, "there is nothing to ask for" },
		{ TAKEDOWN_SENT, TAKEDOWN_BACK, "it was never gone" },
		{ TAKEDOWN_CLOSED, TAKEDOWN_DRAFTED, "it is closed" },
	};
	struct stored *b = *state;
	struct str public_id;
	int64_t id = open_case(b, "impersonation", &public_id), one = target(b, id, "https://paste.example.net/1");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct takedown_target *targets;
		size_t n;
		char sql[128];

		snprintf(sql, sizeof(sql), "UPDATE takedown_target SET state = '%s'", takedown_states[rows[i].from]);
		stored_sql(b, sql);
		if (change(b, one, rows[i].to, "analyst", 0) != E_USAGE)
			fail_msg("from %s to %s: %s", takedown_states[rows[i].from], takedown_states[rows[i].to], rows[i].why);
		OK(takedown_targets(b->store, id, b->a, &targets, &n, &b->err));
		assert_str(targets[0].state, takedown_states[rows[i].from]);
	}
}

static void targets_are_looked_at_again_when_they_are_due(void **state)
{
	struct stored *b = *state;
	struct takedown_target *rows;
	struct str public_id;
	int64_t id = open_case(b, "personal-data", &public_id), one = target(b, id, "https://paste.example.net/1"),
		two = target(b, id, "https://paste.example.net/2");
	size_t n;

	change(b, one, TAKEDOWN_GONE, "analyst", T(200));
	change(b, two, TAKEDOWN_GONE, "analyst", T(100));
	OK(takedown_rechecks(b->store, T(50), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	OK(takedown_rechecks(b->store, T(300), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, two);
	change(b, two, TAKEDOWN_GONE, "analyst", 0);
	OK(takedown_rechecks(b->store, T(300), 10, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
}

static void a_closed_case_takes_nothing_more_and_another_can_be_opened(void **state)
{
	struct stored *b = *state;
	struct str public_id;
	int64_t id = open_case(b, "copyright", &public_id), one = target(b, id, "https://paste.example.net/1"), other;
	struct takedown_case again = { .grounds = STR("copyright"), .operator_name = STR("analyst"), .first_aware_at = T(0) };
	struct takedown_row *rows;
	size_t n;

	OK(takedown_list(b->store, 0, 0, b->a, &rows, &n, &b->err));
	again.finding_id = rows[0].finding_id;
	OK(store_begin(b->store, &b->err));
	assert_int_equal(takedown_open(b->store, &again, T(5), b->a, &other, &public_id, &b->err), E_USAGE);
	store_rollback(b->store);
	OK(store_begin(b->store, &b->err));
	assert_int_equal(takedown_close(b->store, id, STR("analyst"), STR("why"), T(5), &b->err), 1);
	assert_int_equal(takedown_close(b->store, id, STR("analyst"), STR("why"), T(5), &b->err), 0);
	OK(store_commit(b->store, &b->err));
	assert_int_equal(change(b, one, TAKEDOWN_DRAFTED, "analyst", 0), E_USAGE);
	OK(store_begin(b->store, &b->err));
	assert_int_equal(takedown_target_add(b->store, id, STR("https://x.example/"), STR("analyst"), T(6), &other, &b->err),
			 E_USAGE);
	store_rollback(b->store);
	IN_ONE(takedown_open(b->store, &again, T(7), b->a, &other, &public_id, &b->err));
	OK(takedown_list(b->store, again.finding_id, 0, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[0].state, "open");
	assert_int_equal(rows[0].first_aware_at, T(0));
	assert_str(rows[1].state, "closed");
}

/* Tables that grow, none of which is read as a whole to find a few rows. */
static void hold_to_its_index(void *context, const char *sql, struct str plan)
{
	static const char *const large[] = { "custody",	     "outbox",	 "takedown", "takedown_target", "operator",
					     "operator_key", "evidence", "capture",  "finding",		"revision",
					     "verdict",	     "post",	 "anchor",   "assessment" };
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
			    (str_ends(line, str_of(sqlite)) && str_find(line, STR("USING")) < 0))
				fail_msg("%s\nreads all of %s:\n%.*s", sql, large[i], STR_ARG(plan));
		}
}

static void each_query_has_its_index(void **state)
{
	struct stored *b = *state;
	struct takedown_target *targets;
	struct takedown_row *cases;
	struct custody_row *entries;
	struct outbox_row *rows;
	struct str public_id, name;
	int64_t id = open_case(b, "threat", &public_id), one = target(b, id, "https://paste.example.net/1"), next;
	struct custody_filter filters[] = { { 0 }, { .subject = STR("x") }, { .act = STR("notice") } };
	struct custody_head head;
	int plans = 0;
	size_t n;

	change(b, one, TAKEDOWN_GONE, "analyst", T(9));
	OK(takedown_list(b->store, 0, 0, b->a, &cases, &n, &b->err));
	OK(takedown_list(b->store, cases[0].finding_id, 0, b->a, &cases, &n, &b->err));
	OK(takedown_targets(b->store, id, b->a, &targets, &n, &b->err));
	OK(takedown_rechecks(b->store, T(9), 5, b->a, &targets, &n, &b->err));
	IN_ONE(takedown_close(b->store, id, STR("analyst"), STR("why"), T(9), &b->err));
	id = add(b, "x", 0, T(1));
	OK(outbox_due(b->store, &(struct outbox_way){ 0 }, T(2), 5, b->a, &rows, &n, &b->err));
	OK(outbox_next_due(b->store, &next, &b->err));
	OK(outbox_list(b->store, &(struct outbox_filter){ .state = STR("dead") }, b->a, &rows, &n, &b->err));
	IN_ONE(outbox_failed(b->store, id, STR("450"), false, T(2), &b->err));
	IN_ONE(outbox_sent(b->store, id, STR("250"), T(2), &b->err));
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		OK(custody_list(b->store, &filters[i], b->a, &entries, &n, &b->err));
	OK(custody_head(b->store, &head, &b->err));
	OK(custody_export(b->store, entries[0].entry.subject, stored_path(b, "pack"), &b->err));
	OK(custody_export(b->store, STR("evidence 00"), stored_path(b, "pack"), &b->err));
	OK(operator_of_key(b->store, STR("no key"), b->a, &name, &b->err));
	OK(db_plans(b->store->db, hold_to_its_index, &plans, &b->err));
	assert_true(plans > 30);
}

static void a_letter_that_is_dead_can_be_sent_again(void **state)
{
	struct stored *b = *state;
	int64_t id = add(b, "x@example.com", 0, T(0)), n;
	struct outbox_row *rows, row;

	IN_ONE(outbox_failed(b->store, id, STR("550 no"), true, T(1), &b->err));
	OK(outbox_count(b->store, "dead", &n, &b->err));
	assert_int_equal(n, 1);
	OK(outbox_list(b->store, &(struct outbox_filter){ .state = STR("dead") }, b->a, &rows, (size_t *)&n, &b->err));
	assert_int_equal(outbox_load(b->store, str_slice(rows[0].public_id, 0, 8), b->a, &row, &b->err), 1);
	assert_int_equal(row.id, id);
	IN_ONE(outbox_again(b->store, id, T(5), &b->err));
	assert_int_equal(due(b, T(5), &rows), 1);
	assert_int_equal(rows[0].tries, 0);
	assert_str(rows[0].public_id, row.public_id.p);
	IN_ONE(outbox_sent(b->store, id, STR("250"), T(6), &b->err));
	OK(store_begin(b->store, &b->err));
	assert_int_equal(outbox_again(b->store, id, T(7), &b->err), 0); /* it has gone */
	OK(store_commit(b->store, &b->err));
	assert_int_equal(outbox_load(b->store, STR("ffffff00"), b->a, &row, &b->err), 0);
	assert_int_equal(outbox_load(b->store, STR("ff"), b->a, &row, &b->err), E_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_go_in_the_order_in_which_they_are_due),
		cmocka_unit_test(what_was_sent_is_not_sent_again),
		cmocka_unit_test(a_message_that_does_not_go_waits_longer_each_time_and_dies),
		cmocka_unit_test(a_letter_that_is_dead_can_be_sent_again),
		cmocka_unit_test(each_way_has_its_own_messages),
		cmocka_unit_test(who_names_a_time_is_believed_three_times),
		cmocka_unit_test(a_message_refused_for_good_is_dead_at_once),
		cmocka_unit_test(a_message_of_a_transaction_that_failed_is_never_sent),
		cmocka_unit_test(a_message_about_the_same_step_is_kept_once_for_each_recipient),
		cmocka_unit_test(pages_of_messages_go_on_where_the_last_ended),
		cmocka_unit_test(a_takedown_goes_from_open_to_gone_and_custody_knows_each_step),
		cmocka_unit_test(what_does_not_follow_is_refused_and_changes_nothing),
		cmocka_unit_test(targets_are_looked_at_again_when_they_are_due),
		cmocka_unit_test(each_query_has_its_index),
		cmocka_unit_test(a_closed_case_takes_nothing_more_and_another_can_be_opened),
	};

	return stored_run("outbox and takedowns", tests, sizeof(tests) / sizeof(tests[0]));
}
