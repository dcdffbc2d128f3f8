/* store.h - the memory of the desk: a database, and a folder with keys, evidence and, for SQLite, the database too */
/* Runs in: writer, indexer, verbs. */
#ifndef WATCHDESK_STORE_STORE_H
#define WATCHDESK_STORE_STORE_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/digest.h"
#include "base/err.h"
#include "store/place.h"

/* An open store. */
struct store;

enum store_mode {
	STORE_READ,   /* verbs that only look */
	STORE_WRITE,  /* one that changes: short transactions beside the monitor */
	STORE_CREATE, /* made when absent, brought to the newest schema */
	STORE_COPY,   /* the same, for a copy that may be unfinished (copy.h) */
};

/* Open the store. Errors: E_IO, E_FULL, E_BUSY, E_NET, E_STORE, each with a sentence. */
struct store *store_open(const struct store_place *place, enum store_mode mode, struct err *err);
void store_free(struct store *s);
AUTO_FREES(store)
/* A transaction; a failed commit leaves nothing half written. Evidence is on the disk before a commit says so. */
int store_begin(struct store *s, struct err *err);
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);
/* This host in the store: its row, and its public id, 32 hexadecimal digits. */
int64_t store_node(const struct store *s);
struct str store_node_id(const struct store *s);
/* The folder of the place. */
const char *store_folder(const struct store *s);
/* The id of a source, made when the name is new. Needs a transaction for a new one. */
int store_source(struct store *s, struct str name, int64_t *id, struct err *err);

/* One of the things that judged: a rule pack, a lexicon, a model, the assets, the program. */
struct version {
	const char *kind; /* "rules", "frames", "model", "assets", "program" */
	struct str name;
	unsigned char digest[DIGEST_BYTES];
};

/* The id of what classifies: digests of all that ships and of the assets, the program's version, and the parts it is made of.
 */
struct stored_classifier {
	const unsigned char *rules, *assets; /* DIGEST_BYTES each */
	struct str program;
	const struct version *versions;
	size_t n_versions;
};
int store_classifier(struct store *s, const struct stored_classifier *c, int64_t now, int64_t *id, struct err *err);
/* The keyed digest of a secret: "seen before" without the secret. */
void store_secret_digest(const struct store *s, struct str secret, unsigned char out[DIGEST_BYTES]);
/* Check the database itself: 0, or E_STORE naming the damage. */
int store_check(struct store *s, struct err *err);

/*
 * Be the one monitor of this store until it is closed: E_BUSY when another one watches with the same database. Two monitors
 * with one SQLite store are kept apart by their folder.
 */
int store_watch(struct store *s, struct err *err);
/* The newest time that was written down, us UTC; 0 for none: a clock that is behind it has gone back. */
int store_newest(struct store *s, int64_t *at, struct err *err);

/* What a round did. */
struct round {
	int64_t started_at, ended_at;
	int64_t fetched, not_modified, failed, posts, revisions, findings;
};

/* Keep the figures of a round; the newest one. 1 found, 0 none yet. */
int store_round_add(struct store *s, const struct round *r, struct err *err);
int store_round_last(struct store *s, struct round *r, struct err *err);

#endif
