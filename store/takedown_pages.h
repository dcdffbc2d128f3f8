/* takedown_pages.h - takedowns in the order in which they were opened, each with a digest that changes when its page would */
/* Runs in: verbs and supervisor (report). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_TAKEDOWN_PAGES_H
#define WATCHDESK_STORE_TAKEDOWN_PAGES_H

#include "store/finding.h"
#include "store/takedown.h"

struct takedown_stamp {
	struct takedown_row row;
	struct finding finding;		   /* what a list says of it: its id, title, address, asset, severity */
	int64_t places, gone;		   /* gone: and not back */
	unsigned char stamp[DIGEST_BYTES]; /* over all that the store may change about it; what time alone changes, as the
					      clocks of an open one do, is not in it */
};

/* Those with ids from `first` to `last` whose finding has this severity or more, in the order of their ids. */
int takedown_stamps(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a,
		    struct takedown_stamp **rows, size_t *n, struct err *err);
/* The id of the last takedown; 0 while there is none. */
int takedown_last(struct store *s, int64_t *id, struct err *err);

#endif
