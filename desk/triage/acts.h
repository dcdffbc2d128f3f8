/* acts.h - what an operator does to a finding, each act a transaction of its own, and how it is taken back */
/* Runs in: verbs. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_TRIAGE_ACTS_H
#define WATCHDESK_DESK_TRIAGE_ACTS_H

#include "desk/alert/tell.h"
#include "desk/triage/model.h"
#include "store/mute.h"

/* Who acts, and where. */
struct acting {
	struct store *store;
	struct teller *teller;
	struct str operator_name;
};

/* An act that was done, with what it takes to take it back. */
struct done {
	enum triage_act_kind kind; /* ACT_NOTHING: there is nothing to take back */
	int64_t finding_id, takedown_id;
	char finding[FINDING_ID], rule[LIMIT_FIELD];
	int64_t source_id;
	enum verdict before;		 /* the verdict */
	char holder[LIMIT_FIELD];	 /* who had it; "" for nobody */
	bool had_duty, was_answered;	 /* somebody had to answer it; somebody had */
	struct queue_state stood, after; /* how the finding stood before and after: numbers only */
};

/* What became of an act, besides E_*. */
enum {
	ACTS_NOTHING, /* nothing was to be done */
	ACTS_DONE,
	ACTS_CHANGED, /* somebody was there first: nothing is done */
};

/*
 * Do it to the finding, in one transaction, if it stands as the operator has `seen` it. Fills `done` when it was done, and says
 * what became of it.
 */
int acts_do(const struct acting *w, const struct triage_act *act, struct str finding, const struct queue_state *seen,
	    struct done *done, struct buf *said, struct err *err);
/* Take it back, by a new act, if nobody has done anything to the finding since. done->after is how it stands then. */
int acts_undo(const struct acting *w, struct done *done, struct buf *said, struct err *err);
/* What is different, in words: "eve marked it known at 03:14 UTC"; empty when nothing is. */
struct str acts_difference(const struct queue_state *before, const struct queue_state *now, struct arena *a);

#endif
