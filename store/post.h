/* post.h - what a page gave: posts, their revisions, what was said of them, and the findings that follow */
/* Runs in: writer. Times are microseconds UTC. All calls need a transaction. */
#ifndef WATCHDESK_STORE_POST_H
#define WATCHDESK_STORE_POST_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

enum { FINDING_SEVERITY = 20 }; /* from this severity on a post is a finding */

struct stored_hit {
	struct str rule, label, kind, masked, why, asset; /* kind: of data, empty when it is not known */
	int layer, confidence;				  /* 0 low, 1 medium, 2 high */
	int gravity;					  /* 0 info, 1 low, 2 medium, 3 high */
	int64_t start, end;				  /* bytes of the revision's text when layer is 0 */
	struct str secret_digest;			  /* keyed; empty for none */
};

struct stored_part {
	struct str part;
	int layer;
	int64_t start, end;
};

/* What the classifier said, and what it means to us. */
struct stored_assessment {
	int64_t classifier_id;
	double violence, extortion, leak, dox;
	struct stored_hit *hits;
	size_t n_hits;
	struct stored_part *parts;
	size_t n_parts;
	struct str *reasons;
	size_t n_reasons;
	int severity;
	struct str verdict, verdict_why; /* carried over from a repeat (store_known_verdict()); empty for none */
	struct str category, asset;	 /* the strongest category; the asset most concerned, empty for none */
	struct str language;		 /* ISO 639-1; empty when it is not known */
	struct str *terms;		 /* of the severity */
	size_t n_terms;
};

/* Is it worth a row: does anything stand in the post, be it only the mark that it tells of others' threats? */
bool stored_says_something(const struct stored_assessment *a);

/* A post as a page gave it, its text masked. */
struct stored_post {
	int64_t source_id;
	int64_t page_id;    /* the address in the frontier that it was read at; 0 for none */
	int64_t capture_id; /* the exchange that gave it; 0 for none */
	int64_t seen_at;    /* when it was seen last, where that is not now; 0 for now */
	struct str key, url, author, author_id, title, text, posted_raw, edited;
	int64_t posted_at;
	int posted_precision; /* 0 none, 1 year, 2 day, 3 minute, 4 second */
	bool posted_zone_known;
	struct str posted_zone; /* "+02:00" as it was written, or what was assumed; empty when there is no time */
	struct stored_assessment assessment;
};

struct stored_result {
	int64_t post_id, revision_id, assessment_id, finding_id; /* the last two 0 for none */
	bool new_post, new_revision, new_finding;
};

/*
 * Store a post. A known key with the same text only moves last_seen; another text, or one that had been deleted, makes a
 * revision. Idempotent: the same page twice stores nothing twice.
 */
int store_post(struct store *s, const struct stored_post *p, int64_t now, struct stored_result *out, struct err *err);
/*
 * The posts that were last read at an address and whose keys are not among `keys` are gone: their newest revision ends now.
 * With n 0 the address itself is gone. Returns how many went.
 */
int store_posts_missing(struct store *s, int64_t page_id, const struct str *keys, size_t n, int64_t now, struct err *err);
/* The posts that were last read at an address and were not found to be gone. */
struct stored_place {
	struct str key;
	int64_t posted_at, last_seen;
	bool dated; /* posted_at is known */
};
int store_posts_at(struct store *s, int64_t page_id, struct arena *a, struct stored_place **posts, size_t *n, struct err *err);
/* The address is as it was, so they all were seen now. */
int store_posts_seen(struct store *s, int64_t page_id, int64_t now, struct err *err);
/* Posts as they are stored, the newest first; for a look at a small store. Strings live in `a`. */
struct stored_glance {
	struct str source, url, author, title, posted_raw, edited, text;
	int64_t posted_at; /* meaningful when `dated` */
	bool dated, zoned; /* it says its time, and in which zone */
};
int store_posts_newest(struct store *s, size_t limit, struct arena *a, struct stored_glance **posts, size_t *n,
		       struct err *err);
/*
 * What was decided before of the same text, or of the same secrets: the verdict of its cluster; else the one that all of its
 * secrets share. 1 and the verdict with its reason in words, 0 none.
 */
int store_known_verdict(struct store *s, struct str text, const struct stored_hit *hits, size_t n_hits, struct arena *a,
			struct str *verdict, struct str *why, struct err *err);

#endif
