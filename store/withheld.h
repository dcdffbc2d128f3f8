/* withheld.h - what a rule keeps out of the store: that it was there, and nothing of what it said */
/* Runs in: writer (writing); verbs and report (reading). Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_WITHHELD_H
#define WATCHDESK_STORE_WITHHELD_H

#include "base/err.h"
#include "store/store.h"

/* A post seen at `url` that a rule withholds. */
struct withheld {
	int64_t source_id;
	struct str url, rule;
};

/* Note it: 1 seen for the first time, 0 known. */
int withheld_note(struct store *s, const struct withheld *w, int64_t now, struct err *err);

/* All of a source's. */
struct withheld_count {
	int64_t n, last_at; /* 0 for none */
};
int withheld_count(struct store *s, int64_t source_id, struct withheld_count *out, struct err *err);

#endif
