/* hold.h - what nobody may purge, and why: a finding, a campaign, or all of a source */
/* Runs in: verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_HOLD_H
#define WATCHDESK_STORE_HOLD_H

#include "store/store.h"

struct hold_row {
	int64_t id, at;
	struct str kind, subject; /* kind: finding, campaign, source; subject: public id, or the source's name */
	struct str reason, operator_name;
};

/*
 * Hold a subject, by its id or the beginning of it (6 digits at least), or a source by its name. In custody. Needs a
 * transaction. Fills `out`. 1; 0 when it is held already, which stays as it is. E_USAGE when there is no such subject or
 * `kind`.
 */
int hold_add(struct store *s, const struct hold_row *wish, int64_t now, struct arena *a, struct hold_row *out, struct err *err);
/* Let it go, by kind and subject; `wish->reason` says why. In custody. Needs a transaction. 1, or 0 when it is not held. */
int hold_remove(struct store *s, const struct hold_row *wish, int64_t now, struct arena *a, struct hold_row *out,
		struct err *err);
/* All of them, the oldest first. */
int hold_list(struct store *s, struct arena *a, struct hold_row **rows, size_t *n, struct err *err);

#endif
