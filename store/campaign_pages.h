/* campaign_pages.h - the campaigns of several findings, each with a digest that changes when its page would */
/* Runs in: verbs and supervisor (report). Strings read live in the arena. */
#ifndef WATCHDESK_STORE_CAMPAIGN_PAGES_H
#define WATCHDESK_STORE_CAMPAIGN_PAGES_H

#include "base/digest.h"
#include "store/store.h"

struct campaign_stamp {
	int64_t id;
	struct str public_id;
	unsigned char stamp[DIGEST_BYTES]; /* over all that the store may change about it */
};

/* Those with ids from `first` to `last` that are no part of another and have two findings of this severity or more, in the
 * order of their ids. */
int campaign_stamps(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a,
		    struct campaign_stamp **rows, size_t *n, struct err *err);
/* The id of the last campaign; 0 while there is none. */
int campaign_last(struct store *s, int64_t *id, struct err *err);

#endif
