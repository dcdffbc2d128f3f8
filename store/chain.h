/* chain.h - the custody chain as bytes: what an entry says, how one hangs on the other, what is wrong with a chain */
/* Runs in: writer, verbs. Pure: it knows no database. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_CHAIN_H
#define WATCHDESK_STORE_CHAIN_H

#include "base/buf.h"
#include "base/digest.h"

/*
 * An entry is a text of lines, in this order: "watchdesk custody 1", "node: ", "sequence: ", "at: ", "act: ", "subject: ",
 * "operator: ", "detail: ". Its digest is the SHA-256 of that text. The hash of the chain after it is the SHA-256 of the line
 * "HASH-BEFORE SEQUENCE DIGEST\n", both in hexadecimal; before the first entry stand 64 zeros. sha256sum can do both.
 */
struct entry {
	struct str node; /* public id */
	int64_t sequence, at;
	struct str act, subject, operator_name, detail; /* without control characters */
	struct str digest, hash;			/* DIGEST_BYTES each, as they were stored */
	struct str public_key, signature;		/* DER and Ed25519 over the text; empty for none */
};

/* How the detail of a signed entry begins, before the SHA-256 of the public key: a signature cannot be taken away unseen. */
#define CHAIN_SIGNER "{\"signer\":\""

/* Append the text of an entry. */
void entry_text(const struct entry *e, struct buf *out);
/* The hash after an entry, given the one before it. */
void chain_link(const unsigned char before[DIGEST_BYTES], int64_t sequence, const unsigned char digest[DIGEST_BYTES],
		unsigned char out[DIGEST_BYTES]);

enum chain_fault {
	CHAIN_ALTERED,	 /* what an entry says is not what was written */
	CHAIN_BROKEN,	 /* a hash does not follow from the one before */
	CHAIN_REMOVED,	 /* entries are not there */
	CHAIN_INSERTED,	 /* entries stand where none was */
	CHAIN_REORDERED, /* an entry stands in another place than it was written for */
	CHAIN_SIGNATURE, /* a signature does not verify, or is of a key that nobody vouches for */
	CHAIN_CUT,	 /* it ends before a head that is known outside */
	CHAIN_REWRITTEN, /* it is sound in itself, but not the one that is known outside */
};
/* "altered", "broken" ... */
extern const char *const chain_fault_names[8];

struct chain_problem {
	enum chain_fault fault;
	int64_t first, last; /* the entries concerned, by their places */
	char text[400];	     /* a sentence */
};

/* A head of the chain that is known outside. */
struct chain_anchor {
	int64_t sequence;
	unsigned char hash[DIGEST_BYTES];
	struct str place; /* "a report of 2026-11-23"; borrowed */
};

/* Going along a chain; fill the first part, give the entries in the order of their sequences, then chain_end(). */
struct chain_walk {
	const struct chain_anchor *anchors; /* sorted by sequence */
	size_t n_anchors;
	const struct str *keys; /* public keys (DER) that are vouched for; none: a signature's own key is taken */
	size_t n_keys;
	void (*found)(void *owner, const struct chain_problem *p);
	void *owner;

	int64_t entries, signatures, problems; /* counted on the way */
	int64_t last;			       /* the furthest place reached ... */
	unsigned char hash[DIGEST_BYTES];      /* ... the hash there as it is stored ... */
	unsigned char computed[DIGEST_BYTES];  /* ... and as it should be */
	bool adrift;			       /* after a gap: no hash to go on from */
	int64_t shift, tries;
	int64_t odd_first, odd_last, odd_n; /* entries that say nothing we know, not judged yet */
	unsigned char odd_hash[DIGEST_BYTES];
	int64_t broken_first, broken_last;
	struct chain_gap {
		int64_t first, last;
	} gaps[64];
	size_t n_gaps;
	int64_t anchored; /* the last anchor that agreed */
	int64_t foreign_n;
	struct chain_anchor foreign; /* the first that did not */
};

/* Take the next entry: what is wrong with it is told at once, or when those behind it show what was done. */
void chain_next(struct chain_walk *w, const struct entry *e);
/* There are no more: tell what is still open. */
void chain_end(struct chain_walk *w);

#endif
