/* search.h - full text in a file of its own, which can lag behind the store and can be rebuilt from it */
/* Runs in: indexer (search_index), verbs (search_find), writer (search_holding). Masked text only. */
#ifndef WATCHDESK_STORE_SEARCH_H
#define WATCHDESK_STORE_SEARCH_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

/* The index beside the store. */
struct search;

/*
 * Open it; `make` creates it, or makes it anew when it is damaged: all revisions are then queued again. Without it, to look
 * only, a confined process needs no connection that it has not got.
 */
struct search *search_open(struct store *s, bool make, struct err *err);
void search_free(struct search *x);
AUTO_FREES(search)
/*
 * Index up to `max` revisions from the queue: how many were, 0 when none wait. They are committed to the index before they
 * leave the queue, and indexing one twice is harmless, so a crash in between loses and doubles nothing.
 */
int search_index(struct search *x, size_t max, struct err *err);
/* Revisions that wait. */
int search_lag(struct search *x, int64_t *waiting, struct err *err);

/*
 * Forget what left the store (the table unindex): where an index cannot forget a text alone, its month is made anew, by what is
 * queued for it. Opens and shrinks it itself, as db_shrink() does.
 */
int search_forget(struct store *s, bool whole, bool *left, struct err *err);

struct search_row {
	struct str source, title, author, url, excerpt; /* about 200 bytes around the first match, masked */
	struct str finding;				/* public id, empty when the post is none */
	int64_t first_seen;
};

/*
 * Posts that hold all words of `query`, the newest first. "several words" in quotes is a phrase, -word excludes, word* is a
 * beginning. E_USAGE when there is nothing to look for.
 */
int search_find(struct search *x, struct str query, size_t limit, struct arena *a, struct search_row **rows, size_t *n,
		struct err *err);
/*
 * Revisions that hold these words, as words_of() gives them, one behind the other: their ids, at most `limit`, from the newest
 * months only. Those that wait for the index are not among them.
 */
int search_holding(struct search *x, struct str words, size_t limit, struct arena *a, int64_t **ids, size_t *n,
		   struct err *err);

#endif
