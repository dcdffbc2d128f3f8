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

/* A line of a digest: a campaign, by its most severe finding. */
struct letter_line {
	const struct finding_detail *detail;
	int64_t repeats; /* findings of it that nothing was said of before, besides this one */
	bool known;	 /* told before: only its repeats are new */
};

/* As outbox.content, and the subject. */
struct written {
	struct str subject, content;
};

/* One campaign; `step` counts its mails, `repeats` what came since the last. */
int letter_of_finding(const struct letter_for *f, const struct finding_detail *d, int64_t step, int64_t repeats,
		      struct written *out, struct err *err);
/* Several, and why they come together: "digest", "quiet", "ceiling". `more` lines do not stand in it. */
int letter_of_digest(const struct letter_for *f, const struct letter_line *lines, size_t n, size_t more, struct str why,
		     struct written *out, struct err *err);
/* Whoever has this address is asked whether the subscription is wanted. */
int letter_of_question(const struct letter_for *f, struct written *out, struct err *err);

#endif
