/* takedown_numbers.h - what became of what was asked for, host by host */
/* Runs in: verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_TAKEDOWN_NUMBERS_H
#define WATCHDESK_STORE_TAKEDOWN_NUMBERS_H

#include "store/store.h"

struct takedown_number {
	struct str host;
	int64_t targets;
	int64_t asked;	  /* of these, those that a notice went about */
	int64_t removed;  /* of those, that were gone afterwards */
	int64_t returned; /* of those that were gone, asked for or not: came back at least once */
	int64_t gone;	  /* at some time, asked for or not */
	int64_t away;	  /* of those, that did not come back */
	int64_t waiting;  /* asked for, and not away */
	int64_t median;	  /* from the first notice to gone, us; below 0 for none */
};

/* A row for each host by name, and one for all of them in `all`: of cases about findings of a severity and more. */
int takedown_numbers(struct store *s, int least_severity, struct arena *a, struct takedown_number **rows, size_t *n,
		     struct takedown_number *all, struct err *err);

#endif
