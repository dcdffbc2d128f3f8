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

enum { SEARCH_MARKS = 8, SEARCH_RANKED = 500, SEARCH_LOOKED_AT = 20000 };

/* [start, end) of an excerpt: words that were looked for. */
struct search_mark {
	size_t start, end;
};

struct search_row {
	struct str source, title, author, url, excerpt; /* about 200 bytes around the first match, masked */
	struct search_mark marks[SEARCH_MARKS];
	size_t n_marks;
	struct str finding; /* public id, empty when the post is none */
	struct str asset, category, language, campaign, verdict;
	int severity; /* of the finding; 0 without one */
	int64_t first_seen;
	double relevance; /* how often the words stand there, of ranked rows */
};

struct search_wish {
	struct str query; /* as store/wanted.h reads it */
	size_t limit;
	bool newest; /* the newest first, not the most severe */
};
/* What is known of the whole. */
struct search_answer {
	struct search_row *rows;
	size_t n;
	bool ranked; /* all that fit were ranked; otherwise the newest stand first */
	bool cut;    /* SEARCH_LOOKED_AT posts were looked at, and there are more */
};
/*
 * Posts that fit: up to SEARCH_RANKED of them by severity, then by how much the words are their subject, then by time; of more
 * the newest, because ranking a large set takes longer than anybody waits. A query of fields alone looks at the newest
 * revisions of findings, or of all posts. E_USAGE when there is nothing to look for.
 */
int search_look(struct search *x, const struct search_wish *w, struct arena *a, struct search_answer *out, struct err *err);
/* The same, the newest first. */
int search_find(struct search *x, struct str query, size_t limit, struct arena *a, struct search_row **rows, size_t *n,
		struct err *err);
/*
 * Revisions that hold these words, as words_of() gives them, one behind the other: their ids, at most `limit`, from the newest
 * months only. Those that wait for the index are not among them.
 */
int search_holding(struct search *x, struct str words, size_t limit, struct arena *a, int64_t **ids, size_t *n,
		   struct err *err);

#endif
