/* frontier.h - every address we know: which comes next, who holds it, what it answered last */
/* Runs in: writer. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_FRONTIER_H
#define WATCHDESK_STORE_FRONTIER_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

/* An address as it is leased. */
struct frontier_job {
	int64_t id, source_id;
	int kind, depth, tries, calm;
	bool start;   /* one of the source's own addresses, not found on a page */
	int64_t root; /* of a further page of a thread: its first page; else 0 */
	int64_t wait; /* how long it was left alone before this visit, us; 0 at the first */
	struct str url, title, etag, last_modified;
	struct str body_digest; /* of the last body read; empty for none */
};

/* A new address. */
struct frontier_entry {
	int64_t source_id, due_at;
	int kind, depth;
	bool start;
	struct str key, url; /* the key makes it one address: url.h */
	struct str title;    /* the words of the link that led to it, masked */
	struct str activity; /* of a thread: what changes with each new post of it; empty when its list does not tell */
	int64_t root;	     /* of a further page of a thread: its first page; else 0 */
};

/* What becomes of an address after a visit. */
struct frontier_outcome {
	int64_t due_at;				     /* the next visit; 0 for never again */
	int64_t wait;				     /* what that was reckoned from, us; 0 leaves it */
	int tries;				     /* failures in a row */
	int calm;				     /* visits without news in a row */
	struct str etag, last_modified, body_digest; /* empty forgets ... */
	bool keeps;				     /* ... unless they stay what they are */
};

/* Add an address: 1 new, 0 known already (nothing changes then). */
int frontier_add(struct store *s, const struct frontier_entry *e, struct err *err);
/*
 * Something has changed at a known address: it is due at `now`, unless somebody has it in hand. *id is its row. 1 it is due, 0
 * it is in hand or not known (then *id is 0).
 */
int frontier_wake(struct store *s, int64_t source_id, struct str key, int64_t now, int64_t *id, struct err *err);
/*
 * A known address of this depth is due at `due_at` if it was to be visited later or never again. Of another depth it is no
 * further page: a list that leads back to its beginning would go round for ever.
 */
int frontier_call(struct store *s, const struct frontier_entry *e, struct err *err);
/*
 * A known thread is seen in a list: when its activity is another than last time, the last page of it that is known becomes due,
 * for new posts stand there. 1 it moved, 0 it did not.
 */
int frontier_moved(struct store *s, const struct frontier_entry *e, struct err *err);
/* Make the start addresses due, unless they wait after a failure or their host asked for silence. */
int frontier_start_round(struct store *s, int64_t now, struct err *err);
/* Which leases to take: at most `max` of the addresses of a source that are due now. */
struct frontier_wish {
	int64_t source_id, now, lease_until;
	size_t max;
};
/* Take leases; the jobs live in `a`. Returns how many, the longest due first. */
int frontier_lease(struct store *s, const struct frontier_wish *wish, struct arena *a, struct frontier_job **jobs,
		   struct err *err);
/* Write down what a visit gave and end the lease. */
int frontier_done(struct store *s, int64_t id, const struct frontier_outcome *o, struct err *err);
/* A 304: only the next visit changes; what else `o` says is left as it was. */
int frontier_again(struct store *s, int64_t id, const struct frontier_outcome *o, struct err *err);
/* End leases without a visit; with id 0 all of them, as when a monitor starts: nobody else holds one. */
int frontier_release(struct store *s, int64_t id, int64_t now, struct err *err);
/*
 * Nothing of ours is ever put off for longer than `at_most`: what is due later than that, and a silence that ends later, was
 * written by a clock that has gone back since. It is due now. Returns how many addresses were.
 */
int frontier_not_later(struct store *s, int64_t now, int64_t at_most, struct err *err);
/* When the next address of a source is due: 1 and the time, 0 when none ever is. */
int frontier_next_due(struct store *s, int64_t source_id, int64_t *due_at, struct err *err);
/* Keep silent towards an origin until then; the silences still in force, each an origin and its end. */
int frontier_silence(struct store *s, struct str origin, int64_t until, struct err *err);
struct frontier_silence {
	struct str origin;
	int64_t until;
};
int frontier_silences(struct store *s, int64_t now, struct arena *a, struct frontier_silence **silences, size_t *n,
		      struct err *err);
/* The addresses of a small store in the order in which they were found, at most `limit`; for a look at them. */
struct frontier_glance {
	struct str source, url;
	int kind, depth;
	bool start, read, failed; /* neither: it waits */
};
int frontier_glances(struct store *s, size_t limit, struct arena *a, struct frontier_glance **rows, size_t *n, struct err *err);
/* How many addresses of a source are known and how many of them are due. */
int frontier_count(struct store *s, int64_t source_id, int64_t now, int64_t *known, int64_t *due, struct err *err);

#endif
