/* mute.h - rules whose hits do not count for severity, of one source or of all */
/* Runs in: writer, verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_MUTE_H
#define WATCHDESK_STORE_MUTE_H

#include "store/store.h"

struct mute {
	struct str rule, source; /* source: its name; empty for all */
	int64_t source_id;	 /* 0 for all */
	struct str operator_name;
	int64_t at, until; /* until 0: for good */
};

/*
 * An operator mutes a rule: `rule`, `source_id`, `operator_name` and `until` say what. In custody. Needs a transaction. 1, or 0
 * when it is muted so already, which stays as it is.
 */
int mute_add(struct store *s, const struct mute *m, int64_t now, struct err *err);
/* ... and takes it back: 1, 0 it was not muted there. In custody. Needs a transaction. */
int mute_remove(struct store *s, const struct mute *m, int64_t now, struct err *err);
/* Those that hold now, by rule and source. */
int mute_list(struct store *s, int64_t now, struct arena *a, struct mute **rows, size_t *n, struct err *err);
/* Does it hold for hits of this rule of this source? */
static inline bool mute_holds(const struct mute *m, struct str rule, int64_t source_id)
{
	return (m->source_id == 0 || m->source_id == source_id) && str_eq(m->rule, rule);
}

#endif
