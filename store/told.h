/* told.h - what each subscriber was told of each campaign, and what waits to be told */
/* Runs in: writer, verbs. Times are microseconds UTC. Changes need a transaction. */
#ifndef WATCHDESK_STORE_TOLD_H
#define WATCHDESK_STORE_TOLD_H

#include "store/store.h"

/* A finding as alerts see it. */
struct told_finding {
	int64_t id, campaign_id;
	struct str public_id, campaign; /* public ids; campaign empty for none */
	struct str category, asset, source, language;
	int severity;
	bool silent;	  /* it, or its text, was judged known, false-positive or duplicate */
	double scores[4]; /* violence, extortion, leak, dox */
};

/* What a subscriber was told of a campaign. */
struct told {
	int64_t subscription_id, campaign_id;
	int64_t finding_id; /* the finding that it was told by, or will be */
	int severity;	    /* of that; 0 for never told */
	int64_t step;	    /* mails made of it */
	int64_t repeats;    /* findings since then that nothing was said of */
	int64_t at;
	int64_t held_until;  /* when it is told; 0 when nothing waits */
	struct str held_why; /* "digest", "quiet", "ceiling"; empty when nothing waits */
};

/* The finding: 1, 0 when there is none. Lives in `a`. */
int told_finding(struct store *s, int64_t finding_id, struct arena *a, struct told_finding *out, struct err *err);
/* What was told: 1; 0 when nothing ever was. */
int told_get(struct store *s, int64_t subscription_id, int64_t campaign_id, struct arena *a, struct told *out, struct err *err);
int told_put(struct store *s, const struct told *t, struct err *err);
/* When the next is due to be told: 1 and the time, 0 when nothing waits. */
int told_next_due(struct store *s, int64_t *due_at, struct err *err);
/* All that is due to one subscriber, whoever waits longest, the most severe first. None: nothing is due to anybody. */
int told_due(struct store *s, int64_t now, struct arena *a, struct told **rows, size_t *n, struct err *err);
/* What nothing was said of yet although it came again, and does not wait to be told, the most first; at most `max`. */
int told_repeats(struct store *s, int64_t subscription_id, size_t max, struct arena *a, struct told **rows, size_t *n,
		 struct err *err);
/* Until when something waits that the ceiling holds, for this subscription: 1, 0 when nothing does. */
int told_ceiling(struct store *s, int64_t subscription_id, int64_t *until, struct err *err);
/* Somebody who left is told nothing more: neither what is held, nor what waits in the outbox. */
int told_drop(struct store *s, int64_t subscription_id, int64_t now, struct err *err);

#endif
