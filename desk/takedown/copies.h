/* copies.h - where copies of a page may outlive it: archives and search engines, for a person to look */
/* Runs in: verbs. Pure. None of these addresses is ever fetched by the program: whoever asks tells what is watched. */
#ifndef WATCHDESK_DESK_TAKEDOWN_COPIES_H
#define WATCHDESK_DESK_TAKEDOWN_COPIES_H

#include "base/arena.h"

struct takedown_copy {
	struct str name, url;
	struct str card; /* the host card of who keeps it (host.h); empty for none */
	bool search;	 /* an index, with excerpts; else whole pages */
};

/* All places, archives first, each with the address that shows what it has of `url`. They live in `a`. */
void takedown_copies(struct str url, struct arena *a, struct takedown_copy **rows, size_t *n);

#endif
