/* rules_watch.h - have the desk's own rule packs changed, its files of names or its documents? */
/* Runs in: supervisor. */
#ifndef WATCHDESK_DESK_RULES_WATCH_H
#define WATCHDESK_DESK_RULES_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/* The folder as it was when its packs were read, and as it looked last. */
struct rules_watch {
	const char *folder;	  /* NULL: none */
	const char *const *files; /* up to a NULL; they need not be there */
	uint64_t read, seen;
	int64_t next_at; /* microseconds of the steady clock */
};

/* Take the folder and the files as they are now; both are kept. */
void rules_watch_begin(struct rules_watch *w, const char *folder, const char *const *files);
/*
 * True when the packs changed since they were taken and have been at rest for a moment, so that a file which is being written
 * is not read in half. They count as taken then. Looks at most every other second.
 */
bool rules_watch_changed(struct rules_watch *w, int64_t now_us);

#endif
