/* judge.h - the writer's side of an assessment: what it means to us, what of it may be kept, and the store's form of it */
/* Runs in: writer. */
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
/* Make the classifier known to the store, with all that it is made of: its id. Needs a transaction. */
int judge_classifier(const struct classifier *c, struct store *store, struct arena *a, int64_t now, int64_t *id,
		     struct err *err);

#endif
