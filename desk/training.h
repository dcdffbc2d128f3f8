/* training.h - labelled texts on their way into a fit of the model of threat language */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_TRAINING_H
#define WATCHDESK_DESK_TRAINING_H

#include "base/buf.h"
#include "classify/classify.h"
#include "classify/language_fit.h"
#include "desk/rows.h"

/* A row of the fit; its text is not kept. */
struct trained {
	struct str source, lang, kind; /* those of texts written by hand and of verdicts have a kind */
	int8_t heads[LANGUAGE_HEADS];
	bool ordinary;
};

struct training {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *a, *text; /* all of it; one text */
	struct fit *fit;
	struct trained *rows;
	size_t n;
	struct buf joined; /* short texts of nobody's concern on their way into a longer one */
	size_t n_short, in_joined, n_joined;
};

/* Begin. The caller releases it in any case. */
int training_init(struct training *t, const struct fit_options *options, struct err *err);
void training_release(struct training *t);
/* Add a text; of type rows_each. */
int training_add(void *training, const struct labelled *row, struct err *err);
/* Hand each text that ships inside the program to `each`. */
int own_texts_read(rows_each *each, void *whose, struct err *err);
/* Is a text one of those on which a re-fit is compared? A quarter of the kinds of the own texts, always the same. */
bool is_put_aside(const struct labelled *row);

#endif
