/* words.h - a text as the words that full text knows it by: the same for each engine, and for texts and queries */
/* Runs in: indexer, writer, verbs. Pure. Standards: UAX #29 word boundaries, NFKC_Casefold (Unicode 3.13). */
#ifndef WATCHDESK_STORE_WORDS_H
#define WATCHDESK_STORE_WORDS_H

#include "base/buf.h"

/* What it takes to find words; one for each user. */
struct words;

/* The caller frees it. */
struct words *words_new(void);
void words_free(struct words *w);
AUTO_FREES(words)
/*
 * Append the words of `text` to `out`, each behind one space or at the beginning: letters, digits and marks only, case folded,
 * without accents, dictionary words in scripts that have no spaces. Stops when `out` is full. Returns how many.
 */
size_t words_of(struct words *w, struct str text, struct buf *out);

#endif
