/* test_around.c - an asset that a text does not name, but what stands around it */
#include "tests/support.h"

#include <string.h>

#include "base/limits.h"
#include "classify/severity.h"
#include "desk/around.h"

static struct {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *a;
} bench;

static int set_up(void **state)
{
	struct yaml_text names[] = { { .text = STR("Example Pictures") }, { .text = STR("The Interlude") } };
	const struct asset assets[] = {
		{ .name = names[0], .terms = { .items = &names[0], .n = 1 } },
		{ .name = names[1], .terms = { .items = &names[1], .n = 1 } },
	};
	const struct classifier_options options = { .assets = assets, .n_assets = 2 };
	struct err err = { 0 };

	(void)state;
	bench.classifier = classifier_new(&options, &err);
	bench.scratch = bench.classifier ? classify_scratch_new(bench.classifier, &err) : NULL;
	bench.a = arena_new(LIMIT_ARENA);
	return bench.scratch ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	classify_scratch_free(bench.scratch);
	classifier_free(bench.classifier);
	arena_free(bench.a);
	return 0;
}

static const struct {
	const char *why;
	double violence;
	bool named;
	struct around around;
	const char *asset, *reason; /* "" for none */
} rows[] = {
	{ "the title names it",
	  0.7,
	  false,
	  { .title = STR("to Example Pictures") },
	  "Example Pictures",
	  "the asset Example Pictures is inferred from the title \"to Example Pictures\"" },
	{ "the thread's own title",
	  0.7,
	  false,
	  { .title = STR("to Example Pictures"), .is_of_thread = true },
	  "Example Pictures",
	  "the asset Example Pictures is inferred from the thread's title \"to Example Pictures\"" },
	{ "the title before the thread",
	  0.7,
	  false,
	  { .title = STR("The Interlude"), .thread = STR("Example Pictures") },
	  "The Interlude",
	  "the asset The Interlude is inferred from the title \"The Interlude\"" },
	{ "the link that led to it",
	  0.7,
	  false,
	  { .title = STR("a note"), .thread = STR("at Example Pictures") },
	  "Example Pictures",
	  "the asset Example Pictures is inferred from the thread's title \"at Example Pictures\"" },
	{ "the source",
	  0.7,
	  false,
	  { .title = STR("a note"), .source = STR("Example Pictures board") },
	  "Example Pictures",
	  "the asset Example Pictures is inferred from the source's name \"Example Pictures board\"" },
	{ "the text names one itself", 0.7, true, { .title = STR("to Example Pictures") }, "", "" },
	{ "nothing is decided", 0.49, false, { .title = STR("to Example Pictures") }, "", "" },
	{ "nobody names one", 0.7, false, { .title = STR("a note"), .source = STR("board") }, "", "" },
	{ "nothing stands around it", 0.7, false, { .is_of_thread = false }, "", "" },
};

static void an_asset_is_inferred_from_what_stands_around_the_text(void **state)
{
	const struct around_reader reader = { bench.classifier, bench.scratch, bench.a };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mention mention = { .asset = STR("The Interlude") };
		struct assessment x = { .category = { rows[i].violence }, .mentions = &mention, .n_mentions = rows[i].named };
		struct str reason;

		around_infer(&reader, &rows[i].around, &x);
		reason = x.n_reasons ? x.reasons[0] : STR("");
		if (!str_eq(x.inferred, str_of(rows[i].asset)) || !str_eq(reason, str_of(rows[i].reason)))
			fail_msg("%s: \"%.*s\", %.*s", rows[i].why, STR_ARG(x.inferred), STR_ARG(reason));
		assert_int_equal(around_was_inferred(x.reasons, x.n_reasons), x.inferred.n > 0);
	}
}

static void a_list_of_reasons_keeps_its_ceiling(void **state)
{
	const struct around_reader reader = { bench.classifier, bench.scratch, bench.a };
	const struct around around = { .title = STR("to Example Pictures") };
	struct str reasons[LIMIT_PARTS];
	struct assessment x = { .category = { 0.7 }, .reasons = reasons, .n_reasons = LIMIT_PARTS };

	(void)state;
	for (size_t i = 0; i < LIMIT_PARTS; i++)
		reasons[i] = STR("a reason");
	around_infer(&reader, &around, &x);
	assert_int_equal(x.n_reasons, LIMIT_PARTS);
	assert_true(around_was_inferred(x.reasons, x.n_reasons));
}

static void an_inferred_asset_weighs_less_than_a_named_one(void **state)
{
	struct mention mention = { .asset = STR("Example Pictures") };
	struct assessment x = { .category = { 0.9 } };
	struct severity none, inferred, named;

	(void)state;
	severity_of(&x, VERDICT_NONE, bench.a, &none);
	x.inferred = STR("Example Pictures");
	severity_of(&x, VERDICT_NONE, bench.a, &inferred);
	x.mentions = &mention;
	x.n_mentions = 1;
	severity_of(&x, VERDICT_NONE, bench.a, &named);
	assert_int_equal(inferred.value, none.value + 10);
	assert_true(named.value > inferred.value);
	x.n_mentions = 0;
	x.category[0] = 0.4;
	severity_of(&x, VERDICT_NONE, bench.a, &inferred);
	assert_int_equal(inferred.n_terms, 1); /* noise under a title that names us stays noise */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_asset_is_inferred_from_what_stands_around_the_text),
		cmocka_unit_test(a_list_of_reasons_keeps_its_ceiling),
		cmocka_unit_test(an_inferred_asset_weighs_less_than_a_named_one),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
