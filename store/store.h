/* store.h - the memory of the desk: one folder with the database, the full-text index and the digest key */
/* Runs in: writer, indexer, verbs. */
#ifndef WATCHDESK_STORE_STORE_H
#define WATCHDESK_STORE_STORE_H

#include "base/auto.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

/* An open store. */
struct store;

enum store_mode {
	STORE_READ,   /* verbs that only look */
	STORE_WRITE,  /* one that changes: short transactions beside the monitor */
	STORE_CREATE, /* made when absent, brought to the newest schema */
};

/* Open the store in `folder`. Errors: E_IO, E_FULL, E_BUSY, E_STORE, each with a sentence. */
struct store *store_open(const char *folder, enum store_mode mode, struct err *err);
void store_free(struct store *s);
AUTO_FREES(store)
/* A transaction of the writer; a failed commit leaves nothing half written. */
int store_begin(struct store *s, struct err *err);
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);
/* The id of a source, made when the name is new. Needs a transaction for a new one. */
int store_source(struct store *s, struct str name, int64_t *id, struct err *err);
/* The id of what classifies: digests of rules and assets, and the program's version. */
int store_classifier(struct store *s, const unsigned char rules[DIGEST_BYTES], const unsigned char assets[DIGEST_BYTES],
		     struct str program, int64_t now, int64_t *id, struct err *err);
/* The keyed digest of a secret: "seen before" without the secret. */
void store_secret_digest(const struct store *s, struct str secret, unsigned char out[DIGEST_BYTES]);
/* Check the database file: 0, or E_STORE naming the damage. */
int store_check(struct store *s, struct err *err);

/* What a round did. */
struct round {
	int64_t started_at, ended_at;
	int64_t fetched, not_modified, failed, posts, revisions, findings;
};

/* Keep the figures of a round; the newest one. 1 found, 0 none yet. */
int store_round_add(struct store *s, const struct round *r, struct err *err);
int store_round_last(struct store *s, struct round *r, struct err *err);

#endif
