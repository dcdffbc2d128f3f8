/* queue.h - what a shift works through, and how each finding stands, so that nobody overwrites what he has not seen */
/* Runs in: verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_QUEUE_H
#define WATCHDESK_STORE_QUEUE_H

#include "store/store.h"

/* What people have made of a finding so far, and what it is. */
struct queue_state {
	int64_t assessment_id;
	int severity;
	struct str verdict, judged_by; /* judged_by: empty while nobody has */
	int64_t verdict_id, judged_at; /* of the last verdict; 0 for none */
	bool has_duty;		       /* somebody has to answer it, or it was given to somebody */
	struct str holder;	       /* empty for nobody */
	int64_t held_since, acknowledged_at;
};

struct queue_filter {
	int least_severity;
	struct str category, asset, source; /* empty for all */
	struct str verdict;		    /* "none" ...; empty for any */
	bool unanswered;		    /* only what somebody has to answer and nobody has */
	int64_t limit;
};

struct queue_row {
	int64_t id, found_at;
	struct str public_id, category, asset, source, title; /* title: the address where there is none */
	struct queue_state state;
};

/* The most severe first, then the oldest; of any verdict the newest. */
int queue_list(struct store *s, const struct queue_filter *f, struct arena *a, struct queue_row **rows, size_t *n,
	       struct err *err);
/* How a finding stands now. */
int queue_state(struct store *s, int64_t finding_id, struct arena *a, struct queue_state *out, struct err *err);
/* Has nobody done anything to it in between, and is it the same? */
bool queue_same(const struct queue_state *a, const struct queue_state *b);

#endif
