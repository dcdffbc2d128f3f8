/* test_notice_store.c - notices: nothing leaves that people do not stand for as it is; what comes back is kept once; on both
 * engines */
#include "tests/stored.h"

#include "base/limits.h"
#include "store/notice.h"
#include "store/purge.h"
#include "store/takedown_fact.h"

#define SECOND INT64_C(1000000)
#define T(n)   (INT64_C(1764129600000000) + (n)*SECOND)
#define DAY    INT64_C(86400000000)

#define IN_ONE(call)                                 \
	do {                                         \
		OK(store_begin(b->store, &b->err));  \
		OK(call);                            \
		OK(store_commit(b->store, &b->err)); \
	} while (0)

/* A call in a transaction that is rolled back when it is refused. */
#define TRY(result, call)                                    \
	do {                                                 \
		OK(store_begin(b->store, &b->err));          \
		(result) = (call);                           \
		if ((result) < 0)                            \
			store_rollback(b->store);            \
		else                                         \
			OK(store_commit(b->store, &b->err)); \
	} while (0)

static int64_t number(struct stored *b, const char *sql)
{
	struct query *q;
	int64_t n;

	assert_int_equal(db_get(b->store->db, &q, sql, NULL, "a number", &b->err), 1);
	n = db_int(q, 0);
	db_end(q);
	return n;
}

/* A case with two targets, and a notice about the first. */
struct begun {
	int64_t id, targets[2], finding_id;
	struct notice_row notice;
};

static void reload(struct stored *b, struct begun *x)
{
	const struct str id = x->notice.public_id;

	assert_int_equal(notice_load(b->store, id, b->a, &x->notice, &b->err), 1);
}

static struct notice_wish wish_of(const struct begun *x)
{
	return (struct notice_wish){ .takedown_id = x->id,
				     .template_name = STR("host-terms"),
				     .language = STR("en"),
				     .recipient = STR("abuse@paste.example.net"),
				     .subject = STR("Please remove it"),
				     .content = STR("It stands at\nhttps://paste.example.net/1\n"),
				     .basis = STR("{}"),
				     .operator_name = STR("writer"),
				     .target_ids = x->targets,
				     .n_targets = 1 };
}

static void begin(struct stored *b, struct begun *x)
{
	struct finding_detail d;
	struct notice_wish w;
	struct str id;
	int64_t notice_id;

	b->unsealed = true;
	assert_int_equal(finding_load(b->store, stored_finding(b, "k", "a text", T(1)), b->a, &d, &b->err), 1);
	x->finding_id = d.finding.id;
	IN_ONE(takedown_open(b->store,
			     &(struct takedown_case){ .finding_id = d.finding.id,
						      .grounds = STR("credentials"),
						      .operator_name = STR("writer") },
			     T(2), b->a, &x->id, &id, &b->err));
	IN_ONE(takedown_target_add(b->store, x->id, STR("https://u:p@Paste.Example.NET:8443/1"), STR("writer"), T(2),
				   &x->targets[0], &b->err));
	IN_ONE(takedown_target_add(b->store, x->id, STR("http://[2001:db8::1]/2"), STR("writer"), T(2), &x->targets[1],
				   &b->err));
	w = wish_of(x);
	IN_ONE(notice_add(b->store, &w, T(3), b->a, &notice_id, &id, &b->err));
	assert_int_equal(notice_load(b->store, str_slice(id, 0, 8), b->a, &x->notice, &b->err), 1);
}

static int approve(struct stored *b, struct begun *x, const char *who, const struct sign_key *key, int64_t needed)
{
	int result;

	TRY(result,
	    notice_approve(b->store, &(struct notice_approval_wish){ &x->notice, str_of(who), key, needed }, T(5), &b->err));
	reload(b, x);
	return result;
}

static int send(struct stored *b, struct begun *x, int64_t needed)
{
	int result;

	TRY(result, notice_send(b->store, &x->notice, needed, STR("{\"text\":\"x\"}"), STR("writer"), T(6), &b->err));
	reload(b, x);
	return result;
}

static int edit(struct stored *b, struct begun *x, const char *recipient, const char *content)
{
	int result;

	TRY(result, notice_edit(b->store, &x->notice, str_of(recipient), x->notice.subject, str_of(content), STR("writer"),
				T(4), &b->err));
	reload(b, x);
	return result;
}

static const char *state(struct stored *b, const struct begun *x, int i)
{
	struct takedown_target *rows;
	size_t n;

	OK(takedown_targets(b->store, x->id, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	return rows[i].state.p;
}

static void a_notice_goes_from_draft_to_answered_and_custody_knows_each_step(void **unused)
{
	static const char *const did[] = { "open",   "target", "target", "change", "draft",  "approve",
					   "change", "send",   "change", "sent",   "change", "receipt" };
	struct stored *b = *unused;
	struct begun x = { 0 };
	struct custody_row *entries;
	struct takedown_target *rows;
	size_t n;

	begin(b, &x);
	assert_string_equal(state(b, &x, 0), "drafted");
	assert_string_equal(state(b, &x, 1), "open");
	OK(takedown_targets(b->store, x.id, b->a, &rows, &n, &b->err));
	assert_str(rows[0].host, "paste.example.net");
	assert_str(rows[1].host, "[2001:db8::1]");
	assert_int_equal(approve(b, &x, "lawyer", NULL, 1), 1);
	assert_string_equal(state(b, &x, 0), "approved");
	assert_int_equal(send(b, &x, 1), 0);
	assert_string_equal(state(b, &x, 0), "approved"); /* the relay has not taken it yet */
	assert_int_equal(number(b, "SELECT count(*) FROM outbox WHERE kind = 'notice' AND takedown_id IS NOT NULL"), 1);
	IN_ONE(notice_sent(b->store, &x.notice, STR("watchdesk"), T(7), &b->err));
	reload(b, &x);
	assert_int_equal(x.notice.state, NOTICE_SENT);
	assert_int_equal(x.notice.sent_at, T(7));
	OK(takedown_targets(b->store, x.id, b->a, &rows, &n, &b->err));
	assert_str(rows[0].state, "sent");
	assert_int_equal(rows[0].sent_at, T(7));
	IN_ONE(notice_answer_add(b->store, &x.notice,
				 &(struct notice_answer){ STR("receipt"), STR("abuse@x"), STR("m1"), STR("we have it"), 0 },
				 STR("watchdesk"), T(8), &b->err));
	assert_string_equal(state(b, &x, 0), "receipt");
	OK(custody_list(b->store, &(struct custody_filter){ .act = STR("notice") }, b->a, &entries, &n, &b->err));
	assert_int_equal(n, sizeof(did) / sizeof(did[0]));
	for (size_t i = 0; i < n; i++)
		if (str_find(entries[i].entry.detail, arena_printf(b->a, "\"did\":\"%s\"", did[i])) < 0)
			fail_msg("entry %zu is no %s: %.*s", i, did[i], STR_ARG(entries[i].entry.detail));
}

static void nothing_is_sent_that_people_do_not_stand_for_as_it_is(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 };

	begin(b, &x);
	assert_int_equal(send(b, &x, 1), E_USAGE); /* a draft */
	assert_int_equal(approve(b, &x, "lawyer", NULL, 1), 1);
	assert_int_equal(send(b, &x, 2), E_USAGE); /* the configuration asks for two by now */
	assert_non_null(strstr(b->err.text, "1 of 2 stand for it"));
	assert_int_equal(edit(b, &x, "abuse@paste.example.net", "another text"), 1);
	assert_string_equal(state(b, &x, 0), "drafted");
	assert_int_equal(send(b, &x, 1), E_USAGE); /* edited */
	stored_sql(b, "UPDATE notice SET state = 'approved'");
	reload(b, &x);
	assert_int_equal(send(b, &x, 1), E_USAGE); /* somebody wrote into the database that it is */
	assert_int_equal(approve(b, &x, "lawyer", NULL, 1), 1);
	stored_sql(b, "UPDATE notice SET recipient = 'other@example.net'");
	reload(b, &x);
	assert_int_equal(send(b, &x, 1), E_VERIFY); /* ... or to whom it goes */
	stored_sql(b, "UPDATE notice SET recipient = 'abuse@paste.example.net'");
	reload(b, &x);
	OK(store_begin(b->store, &b->err));
	OK(notice_send(b->store, &x.notice, 1, STR("{}"), STR("writer"), T(6), &b->err));
	store_rollback(b->store); /* killed before the commit */
	assert_int_equal(number(b, "SELECT count(*) FROM outbox"), 0);
	reload(b, &x);
	assert_int_equal(send(b, &x, 1), 0);
	assert_int_equal(send(b, &x, 1), E_USAGE);
	assert_non_null(strstr(b->err.text, "waits for the relay already"));
	assert_int_equal(edit(b, &x, "abuse@paste.example.net", "third text"), E_USAGE);
	assert_int_equal(approve(b, &x, "another", NULL, 1), E_USAGE);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox"), 1);
}

/* Two that read it at the same time. */
static void who_read_an_older_text_neither_approves_nor_edits_nor_sends_the_newer_one(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 }, old;
	int result;

	begin(b, &x);
	old = x;
	assert_int_equal(edit(b, &x, "abuse@paste.example.net", "another text"), 1);
	TRY(result,
	    notice_approve(b->store, &(struct notice_approval_wish){ &old.notice, STR("lawyer"), NULL, 1 }, T(5), &b->err));
	assert_int_equal(result, E_USAGE);
	assert_non_null(strstr(b->err.text, "read it again"));
	TRY(result, notice_edit(b->store, &old.notice, STR("a@b.example"), STR("s"), STR("t"), STR("o"), T(5), &b->err));
	assert_int_equal(result, E_USAGE);
	assert_int_equal(approve(b, &x, "lawyer", NULL, 1), 1);
	old.notice.state = NOTICE_APPROVED;
	TRY(result, notice_send(b->store, &old.notice, 1, STR("{}"), STR("o"), T(6), &b->err));
	assert_int_equal(result, E_USAGE);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox"), 0);
}

static void two_people_are_two_users_and_two_keys(void **unused)
{
	struct stored *b = *unused;
	AUTO_FREE(sign_key) one = stored_key(b, "one.pem");
	AUTO_FREE(sign_key) two = stored_key(b, "two.pem");
	const struct {
		const char *why, *who;
		const struct sign_key *key;
		int wanted;
	} rows[] = {
		{ "the first of two", "lawyer", one, 0 },
		{ "the same user", "lawyer", NULL, E_USAGE },
		{ "the same user with another key", "lawyer", two, E_USAGE },
		{ "another user with the first one's key", "counsel", one, E_USAGE },
		{ "another user with another key", "counsel", two, 1 },
	};
	struct begun x = { 0 };
	struct notice_approval *approvals;
	size_t n;

	begin(b, &x);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = approve(b, &x, rows[i].who, rows[i].key, 2);

		if (got != rows[i].wanted)
			fail_msg("%s: %d, %s", rows[i].why, got, b->err.text);
		assert_int_equal(x.notice.state, i < 4 ? NOTICE_DRAFT : NOTICE_APPROVED);
	}
	OK(notice_approvals(b->store, &x.notice, b->a, &approvals, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(approvals[0].operator_name, "lawyer");
	assert_int_equal(approvals[1].public_key.n, SIGN_PUBLIC_BYTES);
	assert_int_equal(send(b, &x, 2), 0);
	assert_int_equal(
		number(b, "SELECT count(*) FROM custody WHERE detail LIKE '%\"did\":\"approve\"%' AND signature IS NOT NULL"),
		2);
}

static void an_edit_voids_what_people_stood_for_and_one_that_changes_nothing_does_not(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 };

	begin(b, &x);
	approve(b, &x, "lawyer", NULL, 1);
	assert_int_equal(edit(b, &x, "abuse@paste.example.net", "It stands at\nhttps://paste.example.net/1\n"), 0);
	assert_int_equal(x.notice.state, NOTICE_APPROVED);
	assert_int_equal(edit(b, &x, "abuse@paste.example.net", "x"), 1);
	assert_int_equal(edit(b, &x, "abuse@paste.example.net", "It stands at\nhttps://paste.example.net/1\n"), 1);
	assert_int_equal(x.notice.state, NOTICE_DRAFT); /* what it was before, but nobody stands for it now */
	assert_int_equal(send(b, &x, 1), E_USAGE);
	assert_int_equal(approve(b, &x, "lawyer", NULL, 1), 1);
}

static void what_did_not_arrive_is_dead_until_it_is_edited_and_approved_anew(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 };
	struct notice_answer *answers;
	size_t n;

	begin(b, &x);
	approve(b, &x, "lawyer", NULL, 1);
	send(b, &x, 1);
	IN_ONE(outbox_failed(b->store, x.notice.outbox_id, STR("550 no"), true, T(7), &b->err));
	IN_ONE(notice_dead(b->store, &x.notice, STR("550 no"), STR("watchdesk"), T(7), &b->err));
	reload(b, &x);
	assert_int_equal(x.notice.state, NOTICE_DEAD);
	assert_string_equal(state(b, &x, 0), "drafted");
	OK(notice_answers(b->store, x.notice.id, b->a, &answers, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(answers[0].kind, "failed");
	assert_str(answers[0].content, "550 no");
	assert_int_equal(send(b, &x, 1), E_USAGE);
	assert_int_equal(edit(b, &x, "trust@paste.example.net", x.notice.content.p), 1);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox WHERE state = 'silenced'"),
			 1); /* `alert resend` would send it */
	assert_int_equal(send(b, &x, 1), E_USAGE);
	approve(b, &x, "lawyer", NULL, 1);
	assert_int_equal(send(b, &x, 1), 0);
	assert_int_equal(
		number(b, "SELECT count(*) FROM outbox WHERE state = 'waiting' AND recipient = 'trust@paste.example.net'"), 1);
}

static int answer(struct stored *b, struct begun *x, const char *kind, const char *message)
{
	int result;

	TRY(result, notice_answer_add(b->store, &x->notice,
				      &(struct notice_answer){ str_of(kind), STR("abuse@x"), str_of(message), STR("text"), 0 },
				      STR("watchdesk"), T(9), &b->err));
	return result;
}

static void an_answer_is_kept_once_and_moves_what_may_follow(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 };

	begin(b, &x);
	approve(b, &x, "lawyer", NULL, 1);
	send(b, &x, 1);
	IN_ONE(notice_sent(b->store, &x.notice, STR("watchdesk"), T(7), &b->err));
	assert_int_equal(answer(b, &x, "nonsense", "m0"), E_USAGE);
	assert_int_equal(answer(b, &x, "receipt", "m1"), 1);
	assert_int_equal(answer(b, &x, "receipt", "m1"), 0);
	assert_int_equal(answer(b, &x, "refused", "m2"), 1);
	assert_string_equal(state(b, &x, 0), "refused");
	IN_ONE(takedown_change(b->store, &(struct takedown_change){ x.targets[0], TAKEDOWN_GONE, STR("o"), STR(""), 0 }, T(10),
			       &b->err));
	assert_int_equal(answer(b, &x, "receipt", "m3"), 1); /* late */
	assert_string_equal(state(b, &x, 0), "gone");
	for (int i = 0; i < LIMIT_ANSWERS + 5; i++)
		answer(b, &x, "receipt", arena_printf(b->a, "n%d", i).p);
	assert_int_equal(number(b, "SELECT count(*) FROM notice_answer"), LIMIT_ANSWERS);
}

static void a_second_notice_about_the_same_target_goes_its_own_way(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 }, second;
	struct notice_wish w;
	struct str id;
	int64_t notice_id;

	begin(b, &x);
	approve(b, &x, "lawyer", NULL, 1);
	send(b, &x, 1);
	w = wish_of(&x);
	w.recipient = STR("abuse@cdn.example.net");
	IN_ONE(notice_add(b->store, &w, T(6), b->a, &notice_id, &id, &b->err));
	second = x;
	second.notice.public_id = id;
	reload(b, &second);
	assert_string_equal(state(b, &x, 0), "drafted");
	IN_ONE(notice_sent(b->store, &x.notice, STR("watchdesk"), T(7), &b->err));
	assert_string_equal(state(b, &x, 0), "sent");
	assert_int_equal(send(b, &second, 1), E_USAGE);
	assert_int_equal(approve(b, &second, "lawyer", NULL, 1), 1);
	assert_int_equal(send(b, &second, 1), 0);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox"), 2);
	assert_int_equal(notice_last(b->store, x.id, x.targets[0], false, b->a, &second.notice, &b->err), 1);
	assert_true(str_eq(second.notice.public_id, id));
	assert_int_equal(notice_last(b->store, x.id, x.targets[0], true, b->a, &second.notice, &b->err), 1);
	assert_true(str_eq(second.notice.public_id, x.notice.public_id));
	assert_int_equal(notice_last(b->store, x.id, x.targets[1], false, b->a, &second.notice, &b->err), 0);
}

static void a_closed_case_sends_nothing_that_still_waits(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 };
	int64_t id;
	struct str public_id;
	struct notice_wish w;
	int result;

	begin(b, &x);
	approve(b, &x, "lawyer", NULL, 1);
	send(b, &x, 1);
	IN_ONE(takedown_close(b->store, x.id, STR("o"), STR("it is gone"), T(8), &b->err));
	assert_int_equal(number(b, "SELECT count(*) FROM outbox WHERE state = 'waiting'"), 0);
	w = wish_of(&x);
	TRY(result, notice_add(b->store, &w, T(9), b->a, &id, &public_id, &b->err));
	assert_int_equal(result, E_USAGE);
	TRY(result, takedown_facts_set(b->store, x.id, &(struct takedown_fact){ .name = STR("work"), .value = STR("x") }, 1,
				       STR("o"), T(9), &b->err));
	assert_int_equal(result, E_USAGE);
	IN_ONE(takedown_note_add(b->store, x.id, STR("a note of a closed one"), STR("o"), T(9), &b->err));
}

static void a_notice_is_about_targets_of_its_own_case(void **unused)
{
	struct stored *b = *unused;
	struct begun x = { 0 };
	int64_t other, target, id;
	struct notice_wish w;
	struct str public_id;
	int result;

	begin(b, &x);
	IN_ONE(takedown_open(
		b->store,
		&(struct takedown_case){ .finding_id = x.finding_id, .grounds = STR("threat"), .operator_name = STR("o") },
		T(4), b->a, &other, &public_id, &b->err));
	IN_ONE(takedown_target_add(b->store, other, STR("https://x.example/"), STR("o"), T(4), &target, &b->err));
	w = wish_of(&x);
	w.target_ids = &target;
	TRY(result, notice_add(b->store, &w, T(5), b->a, &id, &public_id, &b->err));
	assert_int_equal(result, E_USAGE);
}

static void facts_are_set_changed_and_forgotten(void **unused)
{
	struct stored *b = *unused;
	struct takedown_fact *rows, facts[] = { { .name = STR("work"), .value = STR("The Interlude") },
						{ .name = STR("police"), .value = STR("state police") } };
	struct begun x = { 0 };
	size_t n;

	begin(b, &x);
	IN_ONE(takedown_facts_set(b->store, x.id, facts, 2, STR("o"), T(4), &b->err));
	facts[0].value = STR("The Interlude, 2014");
	facts[1].value = STR("");
	IN_ONE(takedown_facts_set(b->store, x.id, facts, 2, STR("other"), T(5), &b->err));
	OK(takedown_facts(b->store, x.id, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(rows[0].value, "The Interlude, 2014");
	assert_str(rows[0].operator_name, "other");
	IN_ONE(takedown_note_add(b->store, x.id, STR("first"), STR("o"), T(6), &b->err));
	IN_ONE(takedown_note_add(b->store, x.id, STR("second"), STR("o"), T(7), &b->err));
	OK(takedown_notes(b->store, x.id, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[1].value, "second");
}

static void what_was_written_of_a_finding_goes_with_it_once_its_case_is_closed(void **unused)
{
	struct stored *b = *unused;
	const struct purge_rule rule = { .keep = DAY };
	struct purge_count counts = { 0 };
	const struct purge_order order = { .rules = &rule, .n = 1, .operator_name = STR("o"), .now = T(0) + 100 * DAY };
	struct purge_result result = { .counts = &counts };
	struct begun x = { 0 };

	begin(b, &x);
	approve(b, &x, "lawyer", NULL, 1);
	send(b, &x, 1);
	IN_ONE(notice_sent(b->store, &x.notice, STR("watchdesk"), T(7), &b->err));
	answer(b, &x, "answer", "m1");
	OK(purge_run(b->store, &order, &result, &b->err));
	assert_int_equal(counts.findings, 0); /* open */
	IN_ONE(takedown_close(b->store, x.id, STR("o"), STR("done"), T(9), &b->err));
	OK(purge_run(b->store, &order, &result, &b->err));
	assert_int_equal(counts.findings, 1);
	reload(b, &x);
	assert_int_equal(x.notice.content.n + x.notice.subject.n + x.notice.basis.n, 0);
	assert_str(x.notice.recipient, "abuse@paste.example.net");
	assert_int_equal(number(b, "SELECT count(*) FROM notice_answer WHERE content <> ''"), 0);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox WHERE subject <> ''"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notice_goes_from_draft_to_answered_and_custody_knows_each_step),
		cmocka_unit_test(nothing_is_sent_that_people_do_not_stand_for_as_it_is),
		cmocka_unit_test(who_read_an_older_text_neither_approves_nor_edits_nor_sends_the_newer_one),
		cmocka_unit_test(two_people_are_two_users_and_two_keys),
		cmocka_unit_test(an_edit_voids_what_people_stood_for_and_one_that_changes_nothing_does_not),
		cmocka_unit_test(what_did_not_arrive_is_dead_until_it_is_edited_and_approved_anew),
		cmocka_unit_test(an_answer_is_kept_once_and_moves_what_may_follow),
		cmocka_unit_test(a_second_notice_about_the_same_target_goes_its_own_way),
		cmocka_unit_test(a_closed_case_sends_nothing_that_still_waits),
		cmocka_unit_test(a_notice_is_about_targets_of_its_own_case),
		cmocka_unit_test(facts_are_set_changed_and_forgotten),
		cmocka_unit_test(what_was_written_of_a_finding_goes_with_it_once_its_case_is_closed),
	};

	return stored_run("notices", tests, sizeof(tests) / sizeof(tests[0]));
}
