/* judge.h - the writer's side of an assessment: what it means to us, what of it may be kept, and the store's form of it */
/* Runs in: writer, verbs. */
#ifndef WATCHDESK_DESK_JUDGE_H
#define WATCHDESK_DESK_JUDGE_H

#include "desk/protocol.h"
#include "store/post.h"

/*
 * Fill the text and the assessment of `out` from what a worker read: severity with its terms, each secret as its keyed digest,
 * the text masked; what was decided before of the same text or secrets holds here too. A post that reports or quotes a threat
 * is marked, and names the post that it quotes. Lives in `a` or is borrowed from `r`.
 */
int judge(const struct read_post *r, struct store *store, int64_t classifier_id, struct arena *a, struct stored_post *out,
	  struct err *err);
/* What is known of a text that is stored: the assessment that holds (NULL for none), and the verdict on its finding. */
struct judge_before {
	const struct stored_assessment *said;
	struct str verdict; /* empty for none */
	int64_t classifier_id;
	bool (*is_retired)(const void *owner, struct str rule); /* a rule that is there no more; NULL: none is */
	const void *owner;
};
/*
 * The same for a text that was stored, whose secrets are masked: what the assessment before says of masked bytes holds still,
 * unless its rule is gone, and the score of its leak does not fall. The text stays as it is.
 */
int judge_again(const struct read_post *r, struct store *store, const struct judge_before *before, struct arena *a,
		struct stored_post *out, struct err *err);
/* Make the classifier known to the store, with all that it is made of: its id. Needs a transaction. */
int judge_classifier(const struct classifier *c, struct store *store, struct arena *a, int64_t now, int64_t *id,
		     struct err *err);

#endif
