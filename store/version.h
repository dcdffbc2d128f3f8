/* version.h - what judges now: rules, lexicons, model, assets and program, each by its digest */
/* Runs in: verbs and supervisor (report). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_VERSION_H
#define WATCHDESK_STORE_VERSION_H

#include "store/store.h"

struct version_row {
	struct str kind, name;
	struct str digest; /* DIGEST_BYTES */
	int64_t first_used_at;
};

/* The parts of what made the newest assessment, by kind and name; none while there is no assessment. */
int version_list(struct store *s, struct arena *a, struct version_row **rows, size_t *n, struct err *err);

#endif
