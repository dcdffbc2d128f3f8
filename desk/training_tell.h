/* training_tell.h - what a fit was made of, and what it says of texts that it did not see */
/* Runs in: verbs, after fit_run(). */
#ifndef WATCHDESK_DESK_TRAINING_TELL_H
#define WATCHDESK_DESK_TRAINING_TELL_H

#include "desk/training.h"

/*
 * Print for each head how many texts are so, and which share of them is found by models that did not see their fold where 1 %
 * and 0.1 % of the ordinary texts pass, or of all others when there are no ordinary ones. `started`: the fit began with a
 * model.
 */
void training_tell_heads(const struct training *t, bool json, bool started);
/* Print the sources, LIMIT_EVAL_NAMES at most, with how many texts they gave. */
void training_tell_sources(struct training *t, bool json);
/* Write a JSON line for each text with what models say that did not see it, and never the text. NULL writes nothing. */
int training_write_unseen(const struct training *t, const char *path, struct err *err);

#endif
