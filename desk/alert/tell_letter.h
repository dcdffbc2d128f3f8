/* tell_letter.h - what subscribers get to read, as the outbox keeps it */
/* Runs in: writer, verbs. */
#ifndef WATCHDESK_DESK_ALERT_TELL_LETTER_H
#define WATCHDESK_DESK_ALERT_TELL_LETTER_H

#include "desk/alert/subscription.h"
#include "desk/config.h"
#include "store/finding.h"

struct letter_for {
	const struct config *config;
	struct store *store;
	const struct subscription *to;
	int64_t now;
	struct arena *a; /* what is written lives there */
};

/* As outbox.content, and the subject. */
struct written {
	struct str subject, content;
};

/* One campaign: what its severity was when it was told before, 0 for never; how many findings of it came since. */
int letter_of_finding(const struct letter_for *f, const struct finding_detail *d, int raised_from, int64_t repeats,
		      struct written *out, struct err *err);

/* Several campaigns, each by a finding, the most severe first; behind them those that were told before. */
struct letter_digest {
	const struct finding *findings;
	const int64_t *repeats; /* of each: findings that nothing was said of, besides that one */
	size_t n, n_known;
	int64_t more;	/* new ones that do not stand in it */
	struct str why; /* why they come together: "digest", "quiet", "ceiling" */
	int64_t from;	/* when the first of them came */
};
int letter_of_digest(const struct letter_for *f, const struct letter_digest *d, struct written *out, struct err *err);
/* Whoever has this address is asked whether the subscription is wanted. */
int letter_of_question(const struct letter_for *f, struct written *out, struct err *err);

#endif
