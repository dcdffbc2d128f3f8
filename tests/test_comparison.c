/* test_comparison.c - two models over the same texts: what counts as a fall, and what is too little to tell */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "desk/comparison.h"
#include "desk/model.h"
#include "desk/training.h"

static struct str shipped(void)
{
	struct model_file m;
	struct err err = { 0 };

	assert_int_equal(model_file_read(NULL, &m, &err), 0);
	return model_file_bytes(&m);
}

/* The shipped model, deaf for one head: no word weighs anything. */
static struct language_file *deaf(int head)
{
	struct language_file *f = must_alloc(1, sizeof(*f));

	memcpy(f, shipped().p, sizeof(*f));
	for (size_t i = 0; i < (size_t)1 << LANGUAGE_ROWS_LOG; i++)
		f->rows[i][head] = 0;
	for (size_t i = 0; i < (size_t)1 << LANGUAGE_FACTS_LOG; i++)
		f->facts[i][head] = 0;
	digest_sha256((struct str){ (const char *)&f->version, sizeof(*f) - offsetof(struct language_file, version) },
		      f->digest);
	return f;
}

static void add(struct comparison *c, int threats, int harmless)
{
	struct labelled row = { .source = STR("x"), .heads = { 1, 0, -1, 0, -1 } };
	struct err err = { 0 };

	row.text = STR("I will shoot everybody at the school tomorrow and you cannot stop me");
	for (int i = 0; i < threats; i++)
		assert_int_equal(comparison_add(c, &row, &err), 0);
	row.text = STR("The soup needs another twenty minutes");
	row.heads[CATEGORY_VIOLENCE] = 0;
	for (int i = 0; i < harmless; i++)
		assert_int_equal(comparison_add(c, &row, &err), 0);
}

static void a_model_is_as_good_as_itself(void **state)
{
	struct err err = { 0 };
	AUTO_FREE(comparison) c = comparison_new(shipped(), shipped(), &err);
	struct fared f;

	(void)state;
	assert_non_null(c);
	add(c, 30, 30);
	comparison_of(c, CATEGORY_VIOLENCE, &f);
	assert_int_equal(f.n, 60);
	assert_int_equal(f.positives, 30);
	assert_float_equal(f.average_precision[SIDE_OLD], 1, 1e-9);
	assert_float_equal(f.average_precision[SIDE_NEW], 1, 1e-9);
	assert_float_equal(f.recall[SIDE_NEW], 1, 1e-9);
	assert_false(f.fell);
	comparison_of(c, CATEGORY_LEAK, &f); /* unknown everywhere */
	assert_int_equal(f.n, 0);
	assert_true(isnan(f.average_precision[SIDE_NEW]));
	assert_false(f.fell);
}

static void a_head_that_went_deaf_fell_with_enough_positives_only(void **state)
{
	struct language_file *worse = deaf(LANGUAGE_VIOLENCE);
	struct err err = { 0 };
	AUTO_FREE(comparison) c = comparison_new(shipped(), (struct str){ (const char *)worse, sizeof(*worse) }, &err);
	struct fared f;

	(void)state;
	free(worse); /* it was copied */
	assert_non_null(c);
	add(c, COMPARISON_ENOUGH - 1, 40);
	comparison_of(c, CATEGORY_VIOLENCE, &f);
	assert_true(f.average_precision[SIDE_NEW] < f.average_precision[SIDE_OLD] - 0.1);
	assert_false(f.fell);
	add(c, 1, 0);
	comparison_of(c, CATEGORY_VIOLENCE, &f);
	assert_true(f.fell);
}

static void a_model_that_is_none_is_refused(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(comparison_new(shipped(), STR("WDLANG1\n"), &err));
	assert_int_equal(err.code, E_USAGE);
	assert_non_null(strstr(err.text, "no model of language"));
}

/* What is put aside of the own texts holds enough of each category to judge by, and most stays to learn from. */
static int count_aside(void *counts, const struct labelled *row, struct err *err)
{
	size_t(*n)[LANGUAGE_HEADS + 1] = counts;

	(void)err;
	n[is_put_aside(row)][LANGUAGE_HEADS]++;
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		n[is_put_aside(row)][h] += row->heads[h] == 1;
	return 0;
}

static void a_part_of_the_own_texts_is_put_aside(void **state)
{
	size_t n[2][LANGUAGE_HEADS + 1] = { 0 };
	const struct labelled public_row = { .source = STR("news") };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(own_texts_read(count_aside, n, &err), 0);
	assert_true(n[0][LANGUAGE_HEADS] > 2 * n[1][LANGUAGE_HEADS]);
	for (int h = 0; h < CATEGORIES; h++)
		assert_true(n[1][h] >= COMPARISON_ENOUGH && n[0][h] > n[1][h]);
	assert_false(is_put_aside(&public_row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_model_is_as_good_as_itself),
		cmocka_unit_test(a_head_that_went_deaf_fell_with_enough_positives_only),
		cmocka_unit_test(a_model_that_is_none_is_refused),
		cmocka_unit_test(a_part_of_the_own_texts_is_put_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
