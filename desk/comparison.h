/* comparison.h - is a new model of threat language as good as the one in force? */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_COMPARISON_H
#define WATCHDESK_DESK_COMPARISON_H

#include "classify/classify.h"
#include "desk/metrics.h"
#include "desk/rows.h"

enum side { SIDE_OLD, SIDE_NEW, SIDES };

/* The same texts, read end to end with each of two models. */
struct comparison;

/* Of two models, each the bytes of a file that is sound; they are copied. The caller frees it; NULL with `err`. */
struct comparison *comparison_new(struct str old_model, struct str new_model, struct err *err);
void comparison_free(struct comparison *c);
AUTO_FREES(comparison)
/* Read a text; of type rows_each. E_LIMIT beyond LIMIT_EVAL_TEXTS. */
int comparison_add(void *comparison, const struct labelled *row, struct err *err);

/* How one head fares; NAN where it cannot be told. */
struct fared {
	size_t n, positives;
	double average_precision[SIDES];
	double recall[SIDES]; /* where 1 % of the texts that are not so pass */
	bool fell;	      /* with COMPARISON_ENOUGH positives, by more than `comparison_slack` in average precision */
};
enum { COMPARISON_ENOUGH = 20 };
extern const double comparison_slack;
void comparison_of(struct comparison *c, enum category head, struct fared *out);

#endif
