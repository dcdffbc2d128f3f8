/* test_verdicts.c - what somebody says of a finding holds for all with its text or secrets, and is taken back from them too */
#include "tests/stored.h"

#include "desk/config.h"
#include "desk/marking.h"
#include "store/precision.h"

/* A finding with one hit that is a secret, known by `secret`. */
static struct str found(struct stored *b, const char *key, const char *text, const char *secret)
{
	unsigned char digest[DIGEST_BYTES];
	struct stored_hit hit = { .rule = STR("aws-key"), .label = STR("a key"), .end = 4, .confidence = 2 };
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .text = str_of(text),
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("leak"),
						 .leak = 0.9,
						 .severity = 60,
						 .hits = &hit,
						 .n_hits = 1 } };
	struct stored_result result;
	char id[FINDING_ID];

	store_secret_digest(b->store, str_of(secret), digest);
	hit.secret_digest = (struct str){ (const char *)digest, DIGEST_BYTES };
	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &p, 10, &result, &b->err));
	OK(finding_name(b->store, result.finding_id, id, &b->err));
	OK(store_commit(b->store, &b->err));
	return arena_copy(b->a, str_of(id));
}

static struct finding_detail finding(struct stored *b, struct str id)
{
	struct finding_detail d;

	assert_int_equal(finding_load(b->store, id, b->a, &d, &b->err), 1);
	return d;
}

static struct marking_carried mark(struct stored *b, struct str id, enum verdict verdict)
{
	static const struct config config = { 0 };
	struct teller *teller = teller_new(&config, b->store);
	struct marking_carried carried = { 0 };
	const struct marking m = { .store = b->store, .teller = teller, .operator_name = STR("analyst"), .carried = &carried };
	const struct finding_detail d = finding(b, id);

	OK(store_begin(b->store, &b->err));
	OK(marking_apply(&m, &d, verdict, 20, b->a, &b->err));
	OK(store_commit(b->store, &b->err));
	teller_free(teller);
	return carried;
}

static bool is(struct stored *b, struct str id, const char *verdict)
{
	return str_eq(finding(b, id).finding.verdict, str_of(verdict));
}

static void a_verdict_reaches_stored_repeats_and_is_taken_back_from_them(void **state)
{
	struct stored *b = *state;
	struct str first = found(b, "1", "pay or else", "a"), same = found(b, "2", "Pay  or ELSE", "b"),
		   secret = found(b, "3", "quite another text", "a"), other = found(b, "4", "something else", "c");
	struct marking_carried carried = mark(b, first, VERDICT_FALSE_POSITIVE);
	struct custody_row *rows;
	size_t n;

	assert_int_equal(carried.n, 2);
	assert_true(is(b, same, "false-positive") && is(b, secret, "false-positive") && is(b, other, "none"));
	assert_int_equal(finding(b, same).finding.severity, 0);
	OK(custody_list(b->store,
			&(struct custody_filter){ .subject = arena_printf(b->a, "finding %.*s", STR_ARG(secret)),
						  .act = STR("verdict") },
			b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_true(str_find(rows[0].entry.detail, arena_printf(b->a, "analyst said so of finding %.8s", first.p)) >= 0);
	carried = mark(b, first, VERDICT_NONE);
	assert_int_equal(carried.n, 2);
	assert_true(is(b, same, "none") && is(b, secret, "none"));
	assert_true(finding(b, same).finding.severity >= 20);
}

static void what_somebody_judged_by_itself_stays(void **state)
{
	struct stored *b = *state;
	struct str first = found(b, "1", "pay or else", "a"), same = found(b, "2", "pay or else", "b"),
		   third = found(b, "3", "pay or else!", "a");
	struct marking_carried carried;

	mark(b, same, VERDICT_CONFIRMED);
	carried = mark(b, first, VERDICT_KNOWN);
	assert_int_equal(carried.own, 1);
	assert_int_equal(carried.n, 1);
	assert_true(is(b, same, "confirmed") && is(b, first, "known") && is(b, third, "known"));
}

static void two_secrets_of_which_one_was_judged_are_not_judged(void **state)
{
	struct stored *b = *state;
	unsigned char digests[2][DIGEST_BYTES];
	struct stored_hit hits[2] = { { .rule = STR("aws-key"), .end = 4 }, { .rule = STR("aws-key"), .start = 5, .end = 9 } };
	struct stored_post p = { .source_id = b->source,
				 .key = STR("two"),
				 .text = STR("both of them"),
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("leak"),
						 .severity = 60,
						 .hits = hits,
						 .n_hits = 2 } };
	struct str one = found(b, "1", "pay or else", "a");
	struct stored_result result;
	char id[FINDING_ID];

	for (int i = 0; i < 2; i++) {
		store_secret_digest(b->store, i ? STR("b") : STR("a"), digests[i]);
		hits[i].secret_digest = (struct str){ (const char *)digests[i], DIGEST_BYTES };
	}
	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &p, 10, &result, &b->err));
	OK(finding_name(b->store, result.finding_id, id, &b->err));
	OK(store_commit(b->store, &b->err));
	assert_int_equal(mark(b, one, VERDICT_KNOWN).n, 0);
	assert_true(is(b, str_of(id), "none"));
}

static void precision_counts_what_was_judged_and_a_text_once(void **state)
{
	struct stored *b = *state;
	struct precision *rows;
	size_t n;

	OK(precision_list(b->store, PRECISION_OF_RULE, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	assert_true(precision_value(precision_find(rows, n, STR("aws-key"))) < 0);
	mark(b, found(b, "1", "one", "a"), VERDICT_CONFIRMED);
	mark(b, found(b, "2", "two", "b"), VERDICT_FALSE_POSITIVE);
	found(b, "3", "two ", "b");
	mark(b, found(b, "4", "three", "c"), VERDICT_CONFIRMED);
	mark(b, found(b, "5", "four", "d"), VERDICT_KNOWN);
	found(b, "6", "five", "e");
	for (int of = 0; of < PRECISION_OF; of++) {
		static const char *const names[PRECISION_OF] = { "aws-key", "pastes", "leak" };
		const struct precision *p;

		OK(precision_list(b->store, (enum precision_of)of, b->a, &rows, &n, &b->err));
		p = precision_find(rows, n, str_of(names[of]));
		assert_non_null(p);
		assert_int_equal(p->confirmed, 2);
		assert_int_equal(p->wrong, 1);
		assert_int_equal(p->others, 1);
		assert_true(precision_value(p) > 0.66 && precision_value(p) < 0.67);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verdict_reaches_stored_repeats_and_is_taken_back_from_them),
		cmocka_unit_test(what_somebody_judged_by_itself_stays),
		cmocka_unit_test(two_secrets_of_which_one_was_judged_are_not_judged),
		cmocka_unit_test(precision_counts_what_was_judged_and_a_text_once),
	};

	return stored_run("verdicts", tests, sizeof(tests) / sizeof(tests[0]));
}
