/* tell.h - a finding is made known: whom it concerns is decided, and what they get goes into the outbox, in the same
 * transaction */
/* Runs in: writer, verbs. Changes need a transaction. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_ALERT_TELL_H
#define WATCHDESK_DESK_ALERT_TELL_H

#include "desk/alert/subscription.h"
#include "desk/config.h"
#include "store/store.h"

/* The subscriptions, as they were read when they had changed last. */
struct teller;

/* One for a configuration and its store, both of which outlive it. */
struct teller *teller_new(const struct config *config, struct store *store);
void teller_free(struct teller *t);
AUTO_FREES(teller)
/* Is anything ever sent: is there a relay? */
bool teller_speaks(const struct teller *t);

/* What became of a post, or of a finding by a verdict. */
struct tell_event {
	int64_t finding_id;
	bool fresh;		  /* the finding is new */
	bool by_verdict;	  /* it is as it was but for what somebody said: who never heard of it does not now */
	const struct str *assets; /* that it names besides the one most concerned */
	size_t n_assets;
};

/* Tell of it whoever asked: how many messages that made. */
int tell_finding(struct teller *t, const struct tell_event *e, int64_t now, struct err *err);
/* When something that was held is due: 1 and the time, 0 when nothing waits. */
int tell_next(struct teller *t, int64_t *at, struct err *err);
/* Tell what is due by now, one message for each subscription: how many. */
int tell_due(struct teller *t, int64_t now, struct err *err);

#endif
