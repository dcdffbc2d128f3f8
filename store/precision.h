/* precision.h - how often what was found was right, by what people said of it */
/* Runs in: verbs. Strings live in the arena. */
#ifndef WATCHDESK_STORE_PRECISION_H
#define WATCHDESK_STORE_PRECISION_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

enum precision_of { PRECISION_OF_RULE, PRECISION_OF_SOURCE, PRECISION_OF_CATEGORY, PRECISION_OF };
/* "rule", "source", "category". */
extern const char *const precision_names[PRECISION_OF];

/*
 * Findings that were judged, repeats of the same text once, the newest 20,000 of each verdict. Of those that are `known` or
 * `duplicate` neither is said: what was found is true, and nobody needs it.
 */
struct precision {
	struct str name; /* "aws-key" */
	int64_t confirmed, wrong, others;
};

/* By name; those of which nothing was judged are not there. A finding counts for each rule that hit it. */
int precision_list(struct store *s, enum precision_of of, struct arena *a, struct precision **rows, size_t *n, struct err *err);
/* That of a name: NULL when nothing was judged. */
const struct precision *precision_find(const struct precision *rows, size_t n, struct str name);
/* confirmed / (confirmed + wrong), or below 0 when there are none. */
double precision_value(const struct precision *p);
/* "0.92 of 12 judged", "none judged"; at most `room` bytes with its NUL. Returns `out`. */
char *precision_text(const struct precision *p, char *out, size_t room);

#endif
