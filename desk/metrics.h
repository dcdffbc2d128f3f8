/* metrics.h - how well scores tell what is so from what is not */
/* Runs in: verbs. Pure: numbers in, a number out. */
#ifndef WATCHDESK_DESK_METRICS_H
#define WATCHDESK_DESK_METRICS_H

#include <stdbool.h>
#include <stddef.h>

/* One text as a judge sees it. */
struct judged {
	double score; /* 0 to 1 */
	bool is_so;
};

/* All calls below want the highest score first: sort once. What cannot be told, as a share of nothing, is NAN. */
void metrics_sort(struct judged *rows, size_t n);
/* How many rows that are so, or that are not, score `threshold` or more. */
size_t metrics_reach(const struct judged *rows, size_t n, bool is_so, double threshold);
/* The same as a share of all such rows: recall, and false alarms. */
double metrics_recall_at(const struct judged *rows, size_t n, double threshold);
double metrics_false_alarms_at(const struct judged *rows, size_t n, double threshold);
/* The chance that a row that is so scores higher than one that is not; equal scores count half. */
double metrics_roc_auc(const struct judged *rows, size_t n);
/* Precision at each score that occurs, weighed by the recall it adds: rows of one score come in together. */
double metrics_average_precision(const struct judged *rows, size_t n);
/*
 * The lowest threshold that no more than `share` of the rows that are not so reach. Where scores tie it stays above the
 * tie, so that fewer pass rather than more; it may then lie above 1.
 */
double metrics_threshold_for(const struct judged *rows, size_t n, double share);
/* Of posts of which the share `prior` is so: the share that is so among those of which these shares were picked out. */
double metrics_truth_at(double share_of_so, double share_of_others, double prior);
/*
 * Expected calibration error: how far the mean score lies from the share that is so, in ten bins of equal width, each with
 * the posts it stands for: rows are weighed such that the share `prior` is so.
 */
double metrics_calibration_error(const struct judged *rows, size_t n, double prior);

#endif
