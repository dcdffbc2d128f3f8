/* judge.h - the writer's side of an assessment: what it means to us, what of it may be kept, and the store's form of it */
/* Runs in: writer. */
#ifndef WATCHDESK_DESK_JUDGE_H
#define WATCHDESK_DESK_JUDGE_H

#include "desk/protocol.h"
#include "store/finding.h"

/*
 * Fill the text and the assessment of `out` from what a worker read: severity with its terms, each secret as its keyed digest,
 * the text masked. Lives in `a` or is borrowed from `r`.
 */
void judge(const struct read_post *r, const struct store *store, int64_t classifier_id, struct arena *a,
	   struct stored_post *out);

#endif
