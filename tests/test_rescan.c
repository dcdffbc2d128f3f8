/* test_rescan.c - what is said anew of a text whose secrets are masked, beside what was said when they were not */
#include "tests/stored.h"

#include "desk/judge.h"
#include "store/rescan.h"

#define TEXT "boss@example.com:**********\nquokka\n"

enum { LINE = 27 }; /* bytes of its first line */

static const unsigned char digest[DIGEST_BYTES] = { 7 };

/* What was said before: a line whose password is masked by now, and a word that is not. */
static struct stored_hit before[] = {
	{ .rule = STR("credential-line"),
	  .label = STR("mail address with password"),
	  .masked = STR("b***@example.com:**********"),
	  .why = STR("then"),
	  .end = LINE,
	  .confidence = 1,
	  .gravity = GRAVITY_MEDIUM,
	  .secret_digest = { (const char *)digest, DIGEST_BYTES } },
	{ .rule = STR("quokka"), .label = STR("a word"), .start = LINE + 1, .end = LINE + 7, .confidence = 1 },
};

static bool is_retired(const void *owner, struct str rule)
{
	return owner && str_eq(rule, str_of(owner));
}

/* What is said of TEXT when the rules of today give `found`. */
static struct stored_assessment judged(struct stored *b, struct assessment found, const char *retired)
{
	static struct stored_assessment said = { .leak = 0.9, .hits = before, .n_hits = 2 };
	const struct judge_before was = { &said, { 0 }, b->classifier, is_retired, retired };
	struct read_post read = { .post.text = exact_copy(STR(TEXT)), .assessment = found };
	struct stored_post out = { .source_id = b->source, .key = STR("k") };

	OK(store_begin(b->store, &b->err));
	OK(judge_again(&read, b->store, &was, b->a, &out, &b->err));
	store_rollback(b->store);
	assert_true(str_eq(out.text, STR(TEXT)));
	free((char *)(uintptr_t)read.post.text.p);
	return out.assessment;
}

static void a_hit_whose_secret_is_masked_stays_and_one_that_can_be_seen_has_to_be_found(void **state)
{
	struct stored *b = *state;
	struct stored_assessment is = judged(b, (struct assessment){ .category = { [CATEGORY_LEAK] = 0.2 } }, NULL);

	assert_int_equal(is.n_hits, 1);
	assert_true(str_eq(is.hits[0].rule, STR("credential-line")));
	assert_memory_equal(is.hits[0].secret_digest.p, digest, DIGEST_BYTES);
	assert_true(is.leak > 0.89);
	assert_true(is.n_reasons == 1 && str_find(is.reasons[0], STR("masked in what is stored")) > 0);
}

static void a_rule_that_is_gone_takes_its_hits_along(void **state)
{
	struct stored *b = *state;
	struct stored_assessment is = judged(b, (struct assessment){ .category = { [CATEGORY_LEAK] = 0.2 } },
					     "credential-line");

	assert_int_equal(is.n_hits, 0);
	assert_true(is.leak < 0.3);
	assert_int_equal(is.n_reasons, 0);
}

static void what_is_found_in_masked_bytes_says_whose_it_is_and_nothing_of_the_secret(void **state)
{
	struct stored *b = *state;
	struct hit hits[] = {
		{ .rule = STR("credential-line"),
		  .masked = STR("now"),
		  .why = STR("now"),
		  .asset = STR("Example Pictures"),
		  .span = { 0, 0, LINE },
		  .secret = { 0, 17, LINE },
		  .confidence = CONFIDENCE_HIGH,
		  .gravity = GRAVITY_MEDIUM },
		{ .rule = STR("another"),
		  .masked = STR("x"),
		  .span = { 0, 5, LINE },
		  .secret = { 0, 17, LINE },
		  .confidence = CONFIDENCE_LOW },
		{ .rule = STR("quokka"), .masked = STR("quokka"), .span = { 0, LINE + 1, LINE + 7 } },
	};
	struct stored_assessment is = judged(b, (struct assessment){ .hits = hits, .n_hits = 3 }, NULL);

	assert_int_equal(is.n_hits, 3);
	assert_true(str_eq(is.hits[0].masked, before[0].masked));
	assert_true(str_eq(is.hits[0].asset, STR("Example Pictures")));
	assert_true(str_eq(is.hits[0].why, STR("now")));
	for (int i = 0; i < 2; i++)
		assert_memory_equal(is.hits[i].secret_digest.p, digest, DIGEST_BYTES);
	assert_true(str_eq(is.hits[1].rule, STR("another")));
	assert_true(str_eq(is.hits[2].rule, STR("quokka")));
	assert_int_equal(is.hits[2].secret_digest.n, 0);
	assert_true(str_eq(is.asset, STR("Example Pictures")));
	assert_true(is.severity >= 74); /* a medium gravity concerns an asset */
}

static void a_finding_of_a_text_before_an_edit_stays_what_it_was(void **state)
{
	struct stored *b = *state;
	struct str id = stored_finding(b, "k", "a text with a secret", 10);
	struct stored_post edited = { .source_id = b->source,
				      .key = STR("k"),
				      .text = STR("nothing to see"),
				      .assessment = { .classifier_id = b->classifier } };
	struct rescan r = { .classifier_id = b->classifier + 1, .last_post = 100 };
	struct stored_post is = edited;
	struct stored_result stored;
	struct rescan_result result;
	struct rescan_post *posts;
	struct finding_detail d;
	size_t n;

	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &edited, 20, &stored, &b->err));
	OK(rescan_next(b->store, &r, 10, 1000, b->a, &posts, &n, &b->err));
	assert_int_equal(n, 1);
	assert_true(posts[0].was_edited && !posts[0].is_judged);
	assert_true(str_eq(posts[0].text, edited.text));
	OK(rescan_put(b->store, &posts[0], &is, 30, &result, &b->err));
	assert_false(result.new_assessment || result.changed);
	OK(store_commit(b->store, &b->err));
	assert_int_equal(finding_load(b->store, id, b->a, &d, &b->err), 1);
	assert_int_equal(d.finding.severity, 75);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hit_whose_secret_is_masked_stays_and_one_that_can_be_seen_has_to_be_found),
		cmocka_unit_test(a_rule_that_is_gone_takes_its_hits_along),
		cmocka_unit_test(what_is_found_in_masked_bytes_says_whose_it_is_and_nothing_of_the_secret),
		cmocka_unit_test(a_finding_of_a_text_before_an_edit_stays_what_it_was),
	};

	return stored_run("rescan", tests, sizeof(tests) / sizeof(tests[0]));
}
