/* fingerprint.h - private documents as keyed hashes of their words: registered once, recognised in a post, never kept */
/* Runs in: supervisor (loading) and verbs. */
#ifndef WATCHDESK_CLASSIFY_FINGERPRINT_H
#define WATCHDESK_CLASSIFY_FINGERPRINT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

/*
 * Winnowing (Schleimer, Wilkerson, Aiken 2003): of each FINGERPRINT_WINDOW rows of words in turn the one with the smallest
 * hash is kept. So of any FINGERPRINT_WINDOW + SHINGLE_WORDS - 1 = 10 words that a post shares one row at least is known.
 */
enum { FINGERPRINT_WINDOW = 6, FINGERPRINT_LEAST_WORDS = 40 };

/* A registered document. */
struct fingerprint_document {
	struct str label, asset; /* asset: empty for none */
	uint32_t words, rows;	 /* of the document; kept of it */
	uint32_t family;	 /* documents that are mostly the same have the same: drafts of one text */
	int64_t added_at;	 /* seconds */
	bool gone;		 /* forgotten, until fingerprints_settle() */
};

/* A row of words that was kept. */
struct fingerprint_row {
	uint64_t hash; /* SipHash under the key */
	uint32_t document, word;
};

/* The documents of a desk. */
struct fingerprints {
	struct arena *arena;
	struct fingerprint_document *documents;
	size_t n_documents;
	struct fingerprint_row *rows; /* by hash, then document and word */
	size_t n_rows, rows_room;
	unsigned char key[DIGEST_KEY_BYTES];
};

/* No documents yet, under a key that is copied; the caller frees it. */
struct fingerprints *fingerprints_new(const unsigned char key[DIGEST_KEY_BYTES]);
void fingerprints_free(struct fingerprints *f);
AUTO_FREES(fingerprints)
/* Read what fingerprints_write() wrote. E_BAD when these are other bytes, or were written under another key. */
int fingerprints_read(struct fingerprints *f, struct str bytes, struct err *err);
void fingerprints_write(const struct fingerprints *f, struct buf *out);
/* The hash of a row of words under the key. */
uint64_t fingerprints_hash(const struct fingerprints *f, uint64_t shingle);
/*
 * Register a folded text; a document of the same label goes. E_BAD when it has fewer than FINGERPRINT_LEAST_WORDS words,
 * E_LIMIT when there are too many. Call fingerprints_settle() after the last.
 */
int fingerprints_add(struct fingerprints *f, struct str label, struct str asset, struct str folded, int64_t now,
		     struct err *err);
/* Forget a document: true when there was one of that label. */
bool fingerprints_forget(struct fingerprints *f, struct str label);
/* Put all in order, after documents were added or forgotten and before anything else is asked or written. */
void fingerprints_settle(struct fingerprints *f);

#endif
