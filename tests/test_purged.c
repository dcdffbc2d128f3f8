/* test_purged.c - what was purged, from the custody chain; what judges now */
#include "tests/stored.h"

#include "store/purged.h"
#include "store/version.h"

#define DAY INT64_C(86400000000)

static void act(struct stored *b, const char *subject, const char *detail, int64_t at)
{
	const struct custody_act act = {
		.kind = CUSTODY_PURGE, .subject = str_of(subject), .operator_name = STR("o"), .detail = str_of(detail)
	};

	OK(store_begin(b->store, &b->err));
	OK(custody_add(b->store, &act, at, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void acts_are_summed_by_day_and_rule_the_newest_first(void **state)
{
	struct stored *b = *state;
	struct purged_row *rows;
	bool more;
	size_t n;

	OK(purged_list(b->store, 10, b->a, &rows, &n, &more, &b->err));
	assert_int_equal(n, 0);
	stored_act(b, CUSTODY_UNMASK, "finding x", NULL, 5 * DAY); /* another act */
	act(b, "finding a", "{\"rule\":\"old\",\"texts\":2,\"digests\":[]}", 5 * DAY + 1);
	act(b, "evidence e", "{\"rule\":\"old\"}", 5 * DAY + 2);
	act(b, "finding b", "{\"rule\":\"personal\",\"texts\":1}", 5 * DAY + 3);
	act(b, "finding c", "{\"rule\":\"old\",\"texts\":3}", 6 * DAY - 1);
	act(b, "store", "{\"rule\":\"old\",\"posts\":70}", 6 * DAY);
	act(b, "evidence f", "{}", 6 * DAY);
	OK(purged_list(b->store, 10, b->a, &rows, &n, &more, &b->err));
	assert_int_equal(n, 4);
	assert_false(more);
	assert_int_equal(rows[0].day, 6 * DAY);
	assert_str(rows[0].rule, "");
	assert_int_equal(rows[0].evidence, 1);
	assert_int_equal(rows[1].posts, 70);
	assert_int_equal(rows[1].findings, 0);
	assert_int_equal(rows[2].day, 5 * DAY);
	assert_str(rows[2].rule, "old");
	assert_int_equal(rows[2].findings, 2);
	assert_int_equal(rows[2].texts, 5);
	assert_int_equal(rows[2].evidence, 1);
	assert_str(rows[3].rule, "personal");
	OK(purged_list(b->store, 2, b->a, &rows, &n, &more, &b->err));
	assert_int_equal(n, 2);
	assert_true(more);
	assert_int_equal(rows[1].day, 6 * DAY);
}

static void what_judges_is_what_made_the_newest_assessment(void **state)
{
	const unsigned char rules[DIGEST_BYTES] = { 7 }, assets[DIGEST_BYTES] = { 8 };
	const struct version parts[2] = { { "rules", STR("cloud.yaml"), { 3 } }, { "model", STR("language"), { 4 } } };
	struct stored *b = *state;
	struct version_row *rows;
	int64_t first = b->classifier;
	size_t n;

	OK(version_list(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	OK(store_begin(b->store, &b->err));
	OK(store_classifier(b->store, &(struct stored_classifier){ rules, assets, STR("2"), parts, 2 }, 9, &b->classifier,
			    &b->err));
	OK(store_commit(b->store, &b->err));
	stored_finding(b, "k", "a text", 10);
	OK(version_list(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[0].kind, "model");
	assert_str(rows[1].name, "cloud.yaml");
	assert_int_equal(rows[1].digest.n, DIGEST_BYTES);
	assert_int_equal(rows[1].digest.p[0], 3);
	assert_int_equal(rows[1].first_used_at, 9);
	b->classifier = first; /* the configuration was taken back: it judges by the older parts, of which there were none */
	stored_finding(b, "k2", "another text", 11);
	OK(version_list(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acts_are_summed_by_day_and_rule_the_newest_first),
		cmocka_unit_test(what_judges_is_what_made_the_newest_assessment),
	};

	return stored_run("purged", tests, sizeof(tests) / sizeof(tests[0]));
}
