/* explain.h - what the whole classifier makes of a text, and why: for a person, or in JSON */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_EXPLAIN_H
#define WATCHDESK_DESK_EXPLAIN_H

#include "desk/assess.h"

/* Print it, no wider than 80 columns but for words that are: scores, sentences, parts and hits with where they stand. */
void explain_print(const char *path, struct assessor *x, const struct assessed *found);
/* The same as one JSON object. */
void explain_json(const char *path, struct assessor *x, const struct assessed *found);
/* Is there anything in it: a category that is decided, or a hit? */
bool explain_says_something(const struct assessed *found);

#endif
