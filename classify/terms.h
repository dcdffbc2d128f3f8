/* terms.h - an index of names: up to a million of them, looked up at each word of a text */
/* Runs in: supervisor (building), worker and verbs (use); read-only after terms_seal(). Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_TERMS_H
#define WATCHDESK_CLASSIFY_TERMS_H

#include "classify/fold.h"

struct terms;

enum terms_kind {
	TERMS_NAME,  /* any blanks and hyphens between its words, or none */
	TERMS_TOKEN, /* byte for byte, as packages and hosts are written */
};

/* One name that was put in. */
struct term {
	struct str written;
	uint32_t owner;
};

/* An empty index; the caller frees it. */
struct terms *terms_new(void);
void terms_free(struct terms *t);
AUTO_FREES(terms)
/*
 * Add a name: `written` is what is shown, `folded` the same as it stands in the texts; ASCII letters of any case are one. One
 * that `owner` has already is dropped. E_USAGE when it is too short or too long to be looked for; the sentence says which,
 * without the name.
 */
int terms_add(struct terms *t, struct str written, struct str folded, enum terms_kind kind, uint32_t owner, struct err *err);
/* Nothing more will be added: make the filter. */
void terms_seal(struct terms *t);
size_t terms_count(const struct terms *t);
/* Bytes of memory that it holds. */
size_t terms_memory(const struct terms *t);

/* Called for each name found at [start, end) of the text; false ends the search. */
struct terms_listener {
	bool (*found)(void *whose, struct term term, size_t start, size_t end);
	void *whose;
};

/* Find every name in a text, folded as the names are. Time grows with the text, not with the number of names. */
void terms_scan(const struct terms *t, struct str text, const struct terms_listener *listener);

#endif
