/* finding_pages.h - the findings in the order in which they were found, each with a digest that changes when its page would */
/* Runs in: verbs and supervisor (report). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_FINDING_PAGES_H
#define WATCHDESK_STORE_FINDING_PAGES_H

#include "store/finding.h"

struct finding_stamp {
	int64_t id, campaign_id; /* campaign_id: 0 for none */
	int64_t found_at;
	struct str category;
	int severity;
	bool matters; /* nobody has dismissed it */
	struct str public_id;
	unsigned char stamp[DIGEST_BYTES]; /* over all that the store may change about it */
	bool quotes;			   /* it may quote another finding, whose page it leads to while that has one */
};

/* Those with ids from `first` to `last`, of this severity or more, dismissed ones too, in the order of their ids. */
int finding_stamps(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a,
		   struct finding_stamp **rows, size_t *n, struct err *err);
/* The id of the last finding; 0 while there is none. */
int finding_last(struct store *s, int64_t *id, struct err *err);

#endif
