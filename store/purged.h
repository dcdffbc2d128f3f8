/* purged.h - what was purged: when, by which rule, and how much, from the custody chain */
/* Runs in: verbs and supervisor (report). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_PURGED_H
#define WATCHDESK_STORE_PURGED_H

#include "store/store.h"

/* What went on one day by one rule. */
struct purged_row {
	int64_t day;				  /* when it begins */
	struct str rule;			  /* empty: by no rule */
	int64_t findings, texts, evidence, posts; /* posts: that were no finding; evidence: keys that were forgotten */
};

/* The newest first, at most `most`; more are left out, and told in `*more`. */
int purged_list(struct store *s, size_t most, struct arena *a, struct purged_row **rows, size_t *n, bool *more,
		struct err *err);

#endif
