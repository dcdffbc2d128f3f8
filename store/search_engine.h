/* search_engine.h - what search.c asks of an index: FTS5 in a file of its own, or tsvector tables in the same database */
/* Runs in: indexer, verbs. Only the files of search include it. */
#ifndef WATCHDESK_STORE_SEARCH_ENGINE_H
#define WATCHDESK_STORE_SEARCH_ENGINE_H

#include "store/internal.h"
#include "store/search.h"
#include "store/words.h"

enum { SEARCH_FIELDS = 3 }; /* title, author, text */

/* A month's table: "post_202611". */
struct month {
	char name[16];
};

/* Words that follow each other; of the last one only the beginning when it is a prefix. */
struct search_phrase {
	struct str words; /* as words_of() gives them */
	bool minus, prefix;
};

struct search_query {
	struct search_phrase *phrases;
	size_t n;
};

struct search_engine;

struct search {
	struct store *store;
	struct db *db; /* the index's own connection */
	struct words *words;
	const struct search_engine *engine;
	struct month month; /* of the statement that inserts; empty for none */
	struct query *insert;
};

struct search_engine {
	/* Open x->db; with `make` create what is missing, and queue everything when that is all of it. */
	int (*open)(struct search *x, bool make, struct err *err);
	/* In a transaction of x->db: is a revision indexed already, make a month's table and x->insert, run that; and commit,
	 */
	/* which takes the batch off the queue. */
	int (*known)(struct search *x, int64_t id, struct err *err);
	int (*month_open)(struct search *x, const struct month *m, struct err *err);
	int (*insert)(struct search *x, int64_t id, const struct buf words[SEARCH_FIELDS], struct err *err);
	int (*commit)(struct search *x, const int64_t *ids, size_t n, struct err *err);
	/* Forget the texts of a month that left the store; `to` is exclusive. */
	int (*forget)(struct search *x, const struct month *m, int64_t from, int64_t to, struct err *err);
	/* The query in the engine's language. */
	void (*say)(const struct search_query *q, struct buf *out);
	/* The tables, the newest first; what matches in one, the newest first. */
	int (*months)(struct search *x, struct arena *a, struct str **months, size_t *n, struct err *err);
	int (*find)(struct search *x, struct str month, struct str match, size_t limit, struct arena *a, int64_t **ids,
		    size_t *n, struct err *err);
};

extern const struct search_engine search_sqlite, search_postgresql;

/* All revisions into the queue again. */
int search_queue_all(struct store *s, struct err *err);
/* Those of a month that were not purged; what left the store in that time has left the index too. */
int search_queue_month(struct store *s, int64_t from, int64_t to, struct err *err);
int search_forgot(struct db *d, int64_t from, int64_t to, struct err *err);
/* Take revisions off the queue, in the transaction of `d`. */
int search_leave_queue(struct db *d, const int64_t *ids, size_t n, struct err *err);
/* The names of the months' tables, by a statement that lists them; the ids that a statement with :match and :limit gives. */
int search_months(struct search *x, const char *sql, struct arena *a, struct str **months, size_t *n, struct err *err);
int search_ids(struct search *x, const char *sql, struct str match, size_t limit, struct arena *a, int64_t **ids, size_t *n,
	       struct err *err);
/* Each word of a phrase in quotes, with `between` between them. */
void search_say_phrase(struct str words, const char *quote, const char *between, struct buf *out);

#endif
