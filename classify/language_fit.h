/* language_fit.h - logistic regression for the model of language: the same rows and seed give the same bytes */
/* Runs in: verbs. */
#ifndef WATCHDESK_CLASSIFY_LANGUAGE_FIT_H
#define WATCHDESK_CLASSIFY_LANGUAGE_FIT_H

#include "classify/language.h"

/* What is known of one text: 1 and 0; UNKNOWN is neither learned from nor counted. */
enum { FIT_UNKNOWN = -1 };

struct fit_options {
	uint64_t seed;
	unsigned without;		   /* bits of enum language_group that are left out */
	const struct language_file *start; /* begin with these weights, and stay near them; NULL: with none */
};

struct fit_label {
	int8_t heads[LANGUAGE_HEADS];
	struct str source; /* whose positives weigh about as much as those of another */
	struct str kind; /* what was learned from one kind alone is shrunk; rows of a kind are left out together when scores are
			    judged */
	bool ordinary;	 /* one of the texts by which the scores are set: as posts come */
};

/* Texts as features, in memory. */
struct fit;

/* The caller frees it. */
struct fit *fit_new(const struct fit_options *options);
void fit_free(struct fit *f);
AUTO_FREES(fit)
/*
 * Add a text. Positives of all sources of a head weigh about the same together, however many one has; what is learned from a
 * single kind of text is shrunk.
 */
void fit_add(struct fit *f, const struct language_text *text, const struct fit_label *label);
size_t fit_rows(const struct fit *f);
/* How many rows have this label of a head. */
size_t fit_count(const struct fit *f, enum language_head head, int label);

/*
 * Fit on all rows; where the scores stand is set by what models say of folds that they have not seen. E_USAGE with a sentence
 * when a category has no positives and there is no start. The model goes to `out`.
 */
int fit_run(struct fit *f, struct language_file *out, struct err *err);
/* After fit_run: the log odds that a row got from the model that had not seen its fold. */
double fit_unseen(const struct fit *f, size_t row, enum language_head head);
/* ... and the score for it. */
double fit_unseen_score(const struct fit *f, size_t row, enum language_head head);

#endif
