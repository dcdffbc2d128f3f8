/* test_metrics.c - numbers worked out by hand: what ties, empty sets and sets of one kind do to them */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "desk/metrics.h"

enum { MOST = 16 };

/* Rows as a row of a table has them: scores of those that are so, and of those that are not; ends with a negative one. */
struct set {
	double so[MOST], others[MOST];
};
#define NONE       \
	{          \
		-1 \
	}

/* In a heap block of their exact size, sorted; free it. */
static struct judged *judged_of(const struct set *set, size_t *n)
{
	struct judged *rows;
	size_t so = 0, others = 0;

	while (set->so[so] >= 0)
		so++;
	while (set->others[others] >= 0)
		others++;
	*n = so + others;
	rows = *n ? must_alloc(*n, sizeof(*rows)) : NULL;
	for (size_t i = 0; i < others; i++)
		rows[i] = (struct judged){ set->others[i], false };
	for (size_t i = 0; i < so; i++)
		rows[others + i] = (struct judged){ set->so[i], true };
	metrics_sort(rows, *n);
	return rows;
}

static void assert_number(const char *why, double wanted, double got)
{
	if (isnan(wanted) ? isnan(got) : fabs(wanted - got) < 1e-9)
		return;
	print_error("%s: expected %.12g, got %.12g\n", why, wanted, got);
	assert_true(false);
}

static void curves_are_as_worked_out_by_hand(void **state)
{
	static const struct {
		const char *why;
		struct set set;
		double roc, precision;
	} rows[] = {
		{ "all in order", { { 0.9, 0.8, -1 }, { 0.2, 0.1, -1 } }, 1, 1 },
		{ "all the wrong way", { { 0.1, 0.2, -1 }, { 0.8, 0.9, -1 } }, 0, (1.0 / 3 + 2.0 / 4) / 2 },
		{ "one pair of four is wrong", { { 0.9, 0.4, -1 }, { 0.6, 0.1, -1 } }, 0.75, (1 + 2.0 / 3) / 2 },
		{ "equal scores count half, whichever came first", { { 0.5, -1 }, { 0.5, -1 } }, 0.5, 0.5 },
		{ "all are equal: precision is the share that is so", { { 0, 0, -1 }, { 0, 0, 0, 0, 0, 0, -1 } }, 0.5, 0.25 },
		{ "a tie in the middle: 1 + 1/2 of two, 2 of two",
		  { { 0.9, 0.5, -1 }, { 0.5, 0.1, -1 } },
		  3.5 / 4,
		  (1 + 2.0 / 3) / 2 },
		{ "one that is found, and the rest at nothing", { { 0.7, 0, -1 }, { 0, 0, -1 } }, 0.75, (1 + 0.5) / 2 },
		{ "none is so", { NONE, { 0.5, 0.1, -1 } }, NAN, NAN },
		{ "all are so", { { 0.5, 0.1, -1 }, NONE }, NAN, 1 },
		{ "nothing at all", { NONE, NONE }, NAN, NAN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n;
		struct judged *judged = judged_of(&rows[i].set, &n);

		assert_number(rows[i].why, rows[i].roc, metrics_roc_auc(judged, n));
		assert_number(rows[i].why, rows[i].precision, metrics_average_precision(judged, n));
		free(judged);
	}
}

static void a_threshold_lets_no_more_pass_than_allowed(void **state)
{
	static const struct {
		const char *why;
		double others[MOST], share;
		size_t passed;
		double above, up_to; /* where the threshold lies: (above, up_to] */
	} rows[] = {
		{ "one of four", { 0.8, 0.6, 0.4, 0.2, -1 }, 0.25, 1, 0.6, 0.8 },
		{ "half of four", { 0.8, 0.6, 0.4, 0.2, -1 }, 0.5, 2, 0.4, 0.6 },
		{ "a share that is no whole row is rounded down", { 0.8, 0.6, 0.4, 0.2, -1 }, 0.49, 1, 0.6, 0.8 },
		{ "too few rows for the share: none", { 0.8, 0.6, 0.4, 0.2, -1 }, 0.01, 0, 0.8, 1 },
		{ "the two highest tie and one may pass: none", { 0.8, 0.8, 0.4, 0.2, -1 }, 0.25, 0, 0.8, 1 },
		{ "the second and third tie and two may pass: one", { 0.8, 0.4, 0.4, 0.2, -1 }, 0.5, 1, 0.4, 0.8 },
		{ "most score nothing: all that score anything", { 0.3, 0, 0, 0, -1 }, 0.5, 1, 0, 0.3 },
		{ "all score nothing", { 0, 0, 0, 0, -1 }, 0.5, 0, 0, 0.1 },
		{ "all score 1: a threshold that nothing reaches", { 1, 1, 1, 1, -1 }, 0.5, 0, 1, 1.1 },
		{ "all may pass", { 0.8, 0.6, -1 }, 1, 2, -1, 0 },
		{ "0.3 of ten is three, though 0.3 is a binary fraction below",
		  { 1, .9, .8, .7, .6, .5, .4, .3, .2, .1, -1 },
		  0.3,
		  3,
		  0.7,
		  0.8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct set set = { { 0.95, 0.05, -1 } };
		struct judged *judged;
		double threshold;
		size_t n;

		memcpy(set.others, rows[i].others, sizeof(set.others));
		judged = judged_of(&set, &n);
		threshold = metrics_threshold_for(judged, n, rows[i].share);
		if (!(threshold > rows[i].above && threshold <= rows[i].up_to))
			assert_number(rows[i].why, rows[i].up_to, threshold);
		assert_number(rows[i].why, (double)rows[i].passed, (double)metrics_reach(judged, n, false, threshold));
		free(judged);
	}
}

static void a_threshold_keeps_to_every_share_of_a_thousand(void **state)
{
	enum { N = 1000 };
	struct judged *judged = must_alloc(N, sizeof(*judged));

	(void)state;
	for (size_t i = 0; i < N; i++)
		judged[i].score = (double)i / N;
	metrics_sort(judged, N);
	for (size_t allowed = 0; allowed <= N; allowed++) {
		double threshold = metrics_threshold_for(judged, N, (double)allowed / N);

		assert_int_equal(metrics_reach(judged, N, false, threshold), allowed);
	}
	free(judged);
}

static void a_threshold_without_others_is_unknown_and_so_is_all_that_follows(void **state)
{
	const struct set set = { { 0.9, -1 }, NONE };
	size_t n;
	struct judged *judged = judged_of(&set, &n);
	double threshold = metrics_threshold_for(judged, n, 0.01);

	(void)state;
	assert_number("threshold", NAN, threshold);
	assert_number("recall at it", NAN, metrics_recall_at(judged, n, threshold));
	assert_number("no others", NAN, metrics_false_alarms_at(judged, n, 0.5));
	free(judged);
}

static void a_score_on_the_line_passes(void **state)
{
	const struct set set = { { 0.9, 0.5, 0.49, 0.1, -1 }, { 0.5, 0.2, 0, -1 } };
	size_t n;
	struct judged *judged = judged_of(&set, &n);

	(void)state;
	assert_number("recall", 0.5, metrics_recall_at(judged, n, 0.5));
	assert_number("false alarms", 1.0 / 3, metrics_false_alarms_at(judged, n, 0.5));
	assert_number("recall of all", 1, metrics_recall_at(judged, n, 0));
	assert_number("recall of none", 0, metrics_recall_at(judged, n, 0.91));
	assert_number("nothing to find", NAN, metrics_recall_at(NULL, 0, 0.5));
	free(judged);
}

static void truth_falls_with_the_prior(void **state)
{
	static const struct {
		const char *why;
		double so, others, prior, truth;
	} rows[] = {
		{ "what tells nothing leaves the prior", 0.3, 0.3, 0.01, 0.01 },
		{ "half of those that are so, one in a hundred of the others, at one in 101", 0.5, 0.01, 1.0 / 101, 1.0 / 3 },
		{ "no false alarm", 0.01, 0, 0.001, 1 },
		{ "no hit", 0, 0.01, 0.5, 0 },
		{ "no post of such a score", 0, 0, 0.5, NAN },
		{ "share of nothing", NAN, 0.1, 0.5, NAN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_number(rows[i].why, rows[i].truth, metrics_truth_at(rows[i].so, rows[i].others, rows[i].prior));
}

static void calibration_weighs_rows_by_the_prior(void **state)
{
	static const struct {
		const char *why;
		struct set set;
		double prior, error;
	} rows[] = {
		{ "certain and right", { { 1, 1, -1 }, { 0, 0, 0, -1 } }, 0.01, 0 },
		{ "certain and wrong", { { 0, -1 }, { 1, -1 } }, 0.01, 1 },
		{ "always the prior: right on the whole", { { 0.25, -1 }, { 0.25, 0.25, -1 } }, 0.25, 0 },
		{ "the same scores at another prior: off by the difference", { { 0.25, -1 }, { 0.25, 0.25, -1 } }, 0.01, 0.24 },
		{ "two bins: 0.1 * (1 - 0.9) above, 0.9 * 0.2 below", { { 0.9, -1 }, { 0.2, 0.2, -1 } }, 0.1, 0.01 + 0.18 },
		{ "in one bin faults of both signs meet: 0.5 * 0.95 - 0.5 * 0.05", { { 0.95, -1 }, { 0.95, -1 } }, 0.5, 0.45 },
		{ "1 lies in the last bin", { { 1, -1 }, { 0.95, -1 } }, 0.5, 0.475 },
		{ "none is so", { NONE, { 0.5, -1 } }, 0.01, NAN },
		{ "all are so", { { 0.5, -1 }, NONE }, 0.01, NAN },
		{ "nothing at all", { NONE, NONE }, 0.01, NAN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n;
		struct judged *judged = judged_of(&rows[i].set, &n);

		assert_number(rows[i].why, rows[i].error, metrics_calibration_error(judged, n, rows[i].prior));
		free(judged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(curves_are_as_worked_out_by_hand),
		cmocka_unit_test(a_threshold_lets_no_more_pass_than_allowed),
		cmocka_unit_test(a_threshold_keeps_to_every_share_of_a_thousand),
		cmocka_unit_test(a_threshold_without_others_is_unknown_and_so_is_all_that_follows),
		cmocka_unit_test(a_score_on_the_line_passes),
		cmocka_unit_test(truth_falls_with_the_prior),
		cmocka_unit_test(calibration_weighs_rows_by_the_prior),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
