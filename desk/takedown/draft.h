/* draft.h - a notice from a template: the facts of its case, what is missing in it, and the next one when a text is back */
/* Runs in: writer (takedown_redraft), verbs. Times are microseconds UTC; strings made live in the arena. */
#ifndef WATCHDESK_DESK_TAKEDOWN_DRAFT_H
#define WATCHDESK_DESK_TAKEDOWN_DRAFT_H

#include "desk/takedown/takedowns.h"
#include "store/store.h"

/*
 * Write the next notice about a target whose text is back: to the same recipient, with the same template and language as the
 * last one that was sent about a target of this case. The target has to be open or back, and is drafted afterwards; nothing is
 * sent. Needs a transaction. 1; 0 when none was sent before, or one that is not sent yet is about this target already.
 */
int takedown_redraft(struct store *s, const struct takedowns *t, int64_t case_id, int64_t target_id, int64_t now,
		     struct arena *a, struct err *err);

#endif
