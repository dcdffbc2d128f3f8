/* shingle.h - a text as rows of words: what stays of a passage when it is wrapped, quoted and punctuated anew */
/* Runs in: every process. Inside classify/, and for the verb that registers documents. */
#ifndef WATCHDESK_CLASSIFY_SHINGLE_H
#define WATCHDESK_CLASSIFY_SHINGLE_H

#include "base/str.h"

enum { SHINGLE_WORDS = 5 };

/* A walk over a folded text. Start with { .text = ... }. */
struct shingles {
	struct str text;
	size_t at;
	size_t words; /* read so far */
	uint64_t hashes[SHINGLE_WORDS];
	size_t starts[SHINGLE_WORDS];
	uint64_t rolling;
};

/* SHINGLE_WORDS words in a row: their hash, which word is the first, and where they stand in the text. */
struct shingle {
	uint64_t hash;
	size_t word, start, end;
};

/* The next one, a word further; false at the end. */
bool shingle_next(struct shingles *s, struct shingle *out);

#endif
