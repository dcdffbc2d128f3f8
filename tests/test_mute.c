/* test_mute.c - hits of muted rules do not count, which is said, and they count again when that is taken back */
#include "tests/stored.h"

#include "classify/muted.h"
#include "desk/counted.h"
#include "store/mute.h"

static bool is_noisy(void *whose, struct str rule)
{
	(void)whose;
	return str_starts(rule, STR("noisy"));
}

static void what_is_left_makes_the_score(void **state)
{
	static const struct {
		const char *reason, *rules[3];
		enum confidence confidence[3];
		bool words; /* a part of a threat stands there: words speak too */
		double leak, left;
	} rows[] = {
		{ "nothing is left", { "noisy" }, { CONFIDENCE_HIGH }, false, 0.9, 0 },
		{ "another hit is left", { "noisy", "sure" }, { CONFIDENCE_HIGH, CONFIDENCE_MEDIUM }, false, 0.96, 0.6 },
		{ "no hit is muted", { "sure" }, { CONFIDENCE_MEDIUM }, false, 0.6, 0.6 },
		{ "words said as much", { "noisy" }, { CONFIDENCE_HIGH }, true, 0.99, 0.9 },
		{ "a rule that weighed less: it never rises", { "noisy", "sure" }, { 2, 2 }, false, 0.5, 0.5 },
		{ "words, and a rule that weighed less", { "noisy" }, { CONFIDENCE_HIGH }, true, 0.3, 0 },
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hit hits[3] = { 0 };
		struct part part = { .part = STR("announce") };
		struct assessment x = { .hits = hits, .parts = &part, .n_parts = rows[i].words }, left;
		size_t muted = 0;

		for (; x.n_hits < 3 && rows[i].rules[x.n_hits]; x.n_hits++) {
			hits[x.n_hits].rule = str_of(rows[i].rules[x.n_hits]);
			hits[x.n_hits].confidence = rows[i].confidence[x.n_hits];
			muted += is_noisy(NULL, hits[x.n_hits].rule);
		}
		x.category[CATEGORY_LEAK] = rows[i].leak;
		x.category[CATEGORY_EXTORTION] = 0.8;
		assert_int_equal(muted_assessment(&x, is_noisy, NULL, a, &left), muted);
		assert_int_equal(left.n_hits, x.n_hits - muted);
		if (left.category[CATEGORY_LEAK] < rows[i].left - 1e-9 || left.category[CATEGORY_LEAK] > rows[i].left + 1e-9)
			fail_msg("%s: %f", rows[i].reason, left.category[CATEGORY_LEAK]);
		assert_true(left.category[CATEGORY_EXTORTION] == 0.8);
	}
}

/* The severity of one sure hit on what is ours. */
static struct severity severity(struct stored *b, int64_t source)
{
	struct hit hit = {
		.rule = STR("noisy"), .label = STR("a key"), .confidence = 2, .gravity = GRAVITY_HIGH, .asset = STR("Us")
	};
	struct assessment x = { .category[CATEGORY_LEAK] = 0.9, .hits = &hit, .n_hits = 1 };
	struct severity out;

	OK(counted_severity(b->store, &x, source, VERDICT_NONE, b->a, &out, &b->err));
	return out;
}

static int change(struct stored *b, bool mutes, int64_t source, int64_t until)
{
	const struct mute m = { .rule = STR("noisy"), .source_id = source, .until = until, .operator_name = STR("analyst") };
	int changed;

	OK(store_begin(b->store, &b->err));
	OK(changed = (mutes ? mute_add : mute_remove)(b->store, &m, 100, &b->err));
	OK(store_commit(b->store, &b->err));
	return changed;
}

static void a_muted_rule_does_not_count_until_it_is_taken_back(void **state)
{
	struct stored *b = *state;
	int64_t other;

	OK(store_begin(b->store, &b->err));
	OK(store_source(b->store, STR("forum"), &other, &b->err));
	OK(store_commit(b->store, &b->err));
	assert_int_equal(severity(b, b->source).value, 80);
	assert_int_equal(change(b, true, b->source, 0), 1);
	assert_int_equal(change(b, true, b->source, 0), 0); /* once is enough */
	assert_int_equal(severity(b, b->source).value, 0);
	assert_int_equal(severity(b, b->source).n_terms, 1);
	assert_str(severity(b, b->source).terms[0], "rule noisy is muted for source pastes by analyst: does not count");
	assert_int_equal(severity(b, other).value, 80); /* elsewhere it counts */
	assert_int_equal(change(b, true, 0, 0), 1);
	assert_str(severity(b, other).terms[0], "rule noisy is muted for all sources by analyst: does not count");
	assert_int_equal(change(b, false, 0, 0), 1);
	assert_int_equal(change(b, false, b->source, 0), 1);
	assert_int_equal(change(b, false, b->source, 0), 0);
	assert_int_equal(severity(b, b->source).value, 80);
	assert_int_equal(severity(b, b->source).n_terms, 2);
}

static void a_mute_ends_in_its_time(void **state)
{
	struct stored *b = *state;
	struct mute *rows;
	size_t n;

	assert_int_equal(change(b, true, b->source, 200), 1);
	OK(mute_list(b->store, 199, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(rows[0].source, "pastes");
	OK(mute_list(b->store, 200, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	assert_int_equal(severity(b, b->source).value, 80);
}

static void each_change_is_in_custody(void **state)
{
	struct stored *b = *state;
	struct custody_row *rows;
	size_t n;

	change(b, true, b->source, 0);
	change(b, false, b->source, 0);
	OK(custody_list(b->store, &(struct custody_filter){ .subject = STR("rule noisy") }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[0].entry.act, "mute");
	assert_str(rows[0].entry.detail, "{\"did\":\"mute\",\"source\":\"pastes\"}");
	assert_str(rows[1].entry.detail, "{\"did\":\"unmute\",\"source\":\"pastes\"}");
}

int main(void)
{
	const struct CMUnitTest pure[] = { cmocka_unit_test(what_is_left_makes_the_score) };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_muted_rule_does_not_count_until_it_is_taken_back),
		cmocka_unit_test(a_mute_ends_in_its_time),
		cmocka_unit_test(each_change_is_in_custody),
	};

	return cmocka_run_group_tests(pure, NULL, NULL) + stored_run("mute", tests, sizeof(tests) / sizeof(tests[0]));
}
