/* test_classify.c - whole texts: what they are said to be */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/severity.h"

struct bench {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *arena;
};

static struct bench bench;

static int make_bench(void **state)
{
	static struct yaml_text domain = { { "example.com", 11 }, "test", 1 };
	static struct yaml_text term = { { "The Interlude", 13 }, "test", 2 };
	static const struct asset assets[] = {
		{ .name = { { "Example Pictures", 16 }, "test", 1 }, .domains = { &domain, 1 } },
		{ .name = { { "The Interlude", 13 }, "test", 2 }, .terms = { &term, 1 } },
	};
	const struct classifier_options options = { .assets = assets, .n_assets = 2 };
	struct err err = { 0 };

	(void)state;
	bench.arena = arena_new(LIMIT_ARENA);
	bench.classifier = classifier_new(&options, &err);
	if (bench.classifier)
		bench.scratch = classify_scratch_new(bench.classifier, &err);
	if (!bench.scratch)
		print_error("%s\n", err.text);
	return bench.scratch ? 0 : -1;
}

static int free_bench(void **state)
{
	(void)state;
	classify_scratch_free(bench.scratch);
	classifier_free(bench.classifier);
	arena_free(bench.arena);
	return 0;
}

/* Assess a copy of exact size, and check what must hold of every assessment. The assessment lives until the next call. */
static struct assessment assess(struct str text)
{
	struct str copy = exact_copy(text);
	struct assessment x;

	arena_clear(bench.arena);
	classify(bench.classifier, bench.scratch, bench.arena, copy, &x);
	for (size_t i = 0; i < x.n_hits; i++) {
		assert_true(x.hits[i].span.start <= x.hits[i].span.end && x.hits[i].span.end <= text.n);
		assert_true(x.hits[i].secret.end <= text.n);
		assert_true(utf8_is_clean(x.hits[i].masked));
	}
	for (size_t i = 0; i < x.n_parts; i++) {
		struct span s = x.parts[i].span;

		assert_true(s.start < s.end && s.end <= text.n);
		assert_true(utf8_is_clean(str_slice(copy, s.start, s.end)));
	}
	for (size_t i = 0; i < x.n_reasons; i++)
		assert_true(utf8_is_clean(x.reasons[i]));
	free((char *)copy.p);
	return x;
}

static const char seed[] =
	"Remember the 11th of September 2001. We recommend you keep yourself distant from the places at that time";

static void the_message_it_was_built_for_is_a_threat(void **state)
{
	struct assessment x = assess(str_of(seed));
	struct severity severity;

	(void)state;
	assert_true(x.category[CATEGORY_VIOLENCE] >= 0.5);
	severity_of(&x, VERDICT_NONE, bench.arena, &severity);
	assert_true(severity.value >= 70);
}

static void one_line_with_our_domain_is_high(void **state)
{
	struct assessment x = assess(STR("someone@mail.example.com:Tr0ubad0ur\n"));
	struct severity severity;

	(void)state;
	assert_int_equal(x.n_hits, 1);
	assert_str(x.hits[0].asset, "Example Pictures");
	severity_of(&x, VERDICT_NONE, bench.arena, &severity);
	assert_true(severity.value >= 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_message_it_was_built_for_is_a_threat),
		cmocka_unit_test(one_line_with_our_domain_is_high),
	};

	return cmocka_run_group_tests(tests, make_bench, free_bench);
}
