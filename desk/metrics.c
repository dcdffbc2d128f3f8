/* metrics.c - how well scores tell what is so from what is not */
#include "desk/metrics.h"

#include <math.h>
#include <stdlib.h>

enum { BINS = 10 };

static int by_score(const void *a, const void *b)
{
	double x = ((const struct judged *)a)->score, y = ((const struct judged *)b)->score;

	return (x < y) - (x > y);
}

void metrics_sort(struct judged *rows, size_t n)
{
	if (n > 1)
		qsort(rows, n, sizeof(*rows), by_score);
}

size_t metrics_reach(const struct judged *rows, size_t n, bool is_so, double threshold)
{
	size_t count = 0;

	for (size_t i = 0; i < n && rows[i].score >= threshold; i++)
		count += rows[i].is_so == is_so;
	return count;
}

static double share_at(const struct judged *rows, size_t n, bool is_so, double threshold)
{
	size_t all = metrics_reach(rows, n, is_so, -INFINITY);

	if (all == 0 || isnan(threshold))
		return NAN;
	return (double)metrics_reach(rows, n, is_so, threshold) / (double)all;
}

double metrics_recall_at(const struct judged *rows, size_t n, double threshold)
{
	return share_at(rows, n, true, threshold);
}

double metrics_false_alarms_at(const struct judged *rows, size_t n, double threshold)
{
	return share_at(rows, n, false, threshold);
}

/* The rows of one score that begin at `i`, counted by kind; returns where the next score begins. */
static size_t take_tie(const struct judged *rows, size_t n, size_t i, size_t count[2])
{
	double score = rows[i].score;

	count[0] = count[1] = 0;
	for (; i < n && rows[i].score == score; i++)
		count[rows[i].is_so]++;
	return i;
}

double metrics_roc_auc(const struct judged *rows, size_t n)
{
	double so = 0, others = 0, won = 0; /* pairs in which the row that is so came earlier */
	size_t tie[2];

	for (size_t i = 0; i < n;) {
		i = take_tie(rows, n, i, tie);
		won += (double)tie[0] * (so + (double)tie[1] / 2);
		so += (double)tie[1];
		others += (double)tie[0];
	}
	return so > 0 && others > 0 ? won / (so * others) : NAN;
}

double metrics_average_precision(const struct judged *rows, size_t n)
{
	double so = 0, sum = 0;
	size_t tie[2];

	for (size_t i = 0; i < n;) {
		i = take_tie(rows, n, i, tie);
		so += (double)tie[1];
		sum += (double)tie[1] * so / (double)i;
	}
	return so > 0 ? sum / so : NAN;
}

double metrics_threshold_for(const struct judged *rows, size_t n, double share)
{
	size_t all = metrics_reach(rows, n, false, -INFINITY), passed = 0;
	size_t allowed = (size_t)(share * (double)all + 1e-9); /* 0.07 * 100 is 7.000000000000001, 0.29 * 100 less than 29 */

	for (size_t i = 0; i < n; i++)
		if (!rows[i].is_so && passed++ == allowed)
			return nextafter(rows[i].score, INFINITY);
	return all ? 0 : NAN;
}

double metrics_truth_at(double share_of_so, double share_of_others, double prior)
{
	double so = share_of_so * prior, others = share_of_others * (1 - prior);

	return so + others > 0 ? so / (so + others) : NAN;
}

double metrics_calibration_error(const struct judged *rows, size_t n, double prior)
{
	double all[2] = { (double)metrics_reach(rows, n, false, -INFINITY), (double)metrics_reach(rows, n, true, -INFINITY) };
	double gap[BINS] = { 0 }, sum = 0;

	if (all[0] == 0 || all[1] == 0)
		return NAN;
	for (size_t i = 0; i < n; i++) {
		int bin = (int)(rows[i].score * BINS);
		double weight = rows[i].is_so ? prior / all[1] : (1 - prior) / all[0];

		bin = bin < 0 ? 0 : bin < BINS ? bin : BINS - 1;
		gap[bin] += weight * (rows[i].score - rows[i].is_so);
	}
	for (int i = 0; i < BINS; i++)
		sum += fabs(gap[i]);
	return sum;
}
