/* tick.h - which steps of a playbook were done for a finding, by whom and when */
/* Runs in: verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_TICK_H
#define WATCHDESK_STORE_TICK_H

#include "store/store.h"

struct tick {
	struct str playbook, step;
	bool done; /* false: it was ticked, and taken back */
	struct str operator_name, note;
	int64_t at;
};

/* A step was done, or taken back: in custody. Needs a transaction. 1; 0 when it is so already, and nothing is written. */
int tick_set(struct store *s, int64_t finding_id, const struct tick *t, int64_t now, struct err *err);
/* How each step that was ever ticked stands; in the order in which they were first ticked. */
int tick_list(struct store *s, int64_t finding_id, struct arena *a, struct tick **rows, size_t *n, struct err *err);

#endif
