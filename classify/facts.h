/* facts.h - what is known of a whole text besides its words: numbers with names, for the model of language */
/* Runs in: worker and verbs. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_FACTS_H
#define WATCHDESK_CLASSIFY_FACTS_H

#include "base/arena.h"

struct fact {
	struct str kind, name; /* "frame", "plain-threat" */
	float value;
};

struct facts {
	struct arena *a;
	struct fact *items;
	size_t n;
};

/* Add one; both texts are kept as they are. */
static inline void facts_add(struct facts *f, struct str kind, struct str name, double value)
{
	struct fact *kept = arena_push(f->a, &f->items, &f->n, sizeof(*kept));

	*kept = (struct fact){ kind, name, (float)value };
}

#endif
