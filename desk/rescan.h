/* rescan.h - new rules, assets or model over all that is stored */
/* Runs in: verbs; the texts are read in processes of their own (readers.h). */
#ifndef WATCHDESK_DESK_RESCAN_H
#define WATCHDESK_DESK_RESCAN_H

#include "desk/alert/tell.h"
#include "desk/readers.h"
#include "store/rescan.h"

struct rescan_options {
	struct rescan_wish wish;
	struct str operator_name;
	bool anew;	       /* do not go on with a run that was interrupted */
	struct teller *teller; /* tells of new findings; NULL: nobody is told */
	int duty_from;	       /* with a teller: somebody has to answer from this severity on; 0: nobody */
	void (*went)(void *owner, const struct rescan *r); /* now and then; NULL for nobody */
	void *owner;
};

/*
 * Go over the posts, in the order in which they were stored: a transaction for each few hundred, in which also stands how far
 * it came. A run that was interrupted, with this classifier and this wish, goes on. `out` says what was done, strings in `a`.
 */
int rescan_run(struct store *s, const struct classifier *c, struct readers *r, const struct rescan_options *o, struct arena *a,
	       struct rescan *out, struct err *err);

#endif
