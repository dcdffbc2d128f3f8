/* evidence.h - captures, and those that are sealed: kept with the writer's transaction, listed, opened, forgotten, verified */
/* Runs in: writer (keeping), verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_EVIDENCE_H
#define WATCHDESK_STORE_EVIDENCE_H

#include "base/arena.h"
#include "base/seal.h"
#include "store/store.h"
#include "store/warc.h"

/* What is known of a capture without its bytes. */
struct capture_facts {
	int64_t source_id;
	struct str asked_url, url, address; /* what was leased, where the redirects led, numeric */
	struct str tls_leaf;		    /* SHA-256 of the leaf's DER; empty without TLS */
	struct str body_digest;		    /* SHA-256 of the body as on the wire */
	int hops, status;
	int64_t started_at, ended_at;
};

/* Keep what is known of a capture, sealed or not. Needs a transaction. */
int capture_keep_facts(struct store *s, const struct capture_facts *f, int64_t *id, struct err *err);
/* The same, of its bytes. */
int capture_keep(struct store *s, int64_t source_id, const struct trail *t, int64_t *id, struct err *err);
/* Nothing new was in it: forget it, before anything refers to it. */
int capture_drop(struct store *s, int64_t id, struct err *err);

/* The text of a finding as it was before masking. */
struct evidence_text {
	int64_t finding_id;
	struct str text;
};

/* A capture to be sealed: its exchanges, what else is to be known of it, and the texts of the findings on it. */
struct evidence_item {
	int64_t capture_id;
	const struct trail *trail;
	const struct warc_field *facts;
	size_t n_facts;
	const struct evidence_text *texts;
	size_t n_texts;
};

/*
 * Seal it for the evidence key of the store's folder and append it to a segment, inside a transaction: on the disk before the
 * commit says so, gone with a rollback. E_STORE without the key's public half, E_FULL, E_IO, E_BUSY, E_LIMIT.
 */
int evidence_keep(struct store *s, const struct evidence_item *item, int64_t now, int64_t *id, struct err *err);
/* The same for a rendering of a captured page. */
int evidence_keep_exhibit(struct store *s, int64_t capture_id, const struct warc_exhibit *e, int64_t now, int64_t *id,
			  struct err *err);

/* A capture and an item sealed of it. */
struct evidence_row {
	int64_t id; /* 0 when the capture was not sealed: then the second line of fields is empty */
	struct str public_id, kind, digest, content_digest; /* kind: "capture", "exhibit" */
	int64_t segment, start, length, sealed_at, forgotten_at;
	int64_t capture_id, started_at, ended_at;
	struct str capture, node, asked_url, url, address, tls_leaf, body_digest;
	int hops, status;
};

struct evidence_filter {
	int64_t finding_id; /* captures that gave its post's revisions, or showed that its text is gone; 0 for all sealed items
			     */
	struct str kind;    /* empty for all */
	int64_t after_id;   /* the page behind this item */
	int64_t limit;	    /* 0 for 500 */
};

/* In the order in which they were kept. */
int evidence_list(struct store *s, const struct evidence_filter *f, struct arena *a, struct evidence_row **rows, size_t *n,
		  struct err *err);
/*
 * Append the WARC records of an item to `out`. E_VERIFY when it was altered; E_STORE when it was forgotten, was sealed for
 * another key or lies in another node's folder.
 */
int evidence_open(struct store *s, int64_t id, const struct seal_private *key, struct buf *out, struct err *err);
/* Forget an item's key: nobody can read it any more, and it still verifies. In a transaction. 1, or 0 when it was before. */
int evidence_forget(struct store *s, int64_t id, int64_t now, struct err *err);

/* What evidence_verify() is to know and whom it tells. */
struct evidence_check {
	const struct seal_private *key; /* open each item too; NULL: compare the sealed bytes only */
	void (*found)(void *owner, const char *problem);
	void (*went)(void *owner, int64_t items, int64_t bytes); /* now and then, for progress; NULL for nobody */
	void *owner;
	int64_t items, bytes, problems; /* counted */
	int64_t elsewhere;		/* items of other nodes, which verify their own */
};

/* Compare every item and every byte of this node's segments with the rows; tell each problem and go on. 0, or below 0 when the
 * rows cannot be read. */
int evidence_verify(struct store *s, struct evidence_check *c, struct err *err);
/* Can evidence be kept, and does the newest segment reach as far as the rows say? 0, or E_STORE, E_VERIFY with a sentence. */
int evidence_ready(struct store *s, struct err *err);
/* What of an item's row never changes, as lines: the SHA-256 of this text stands in custody, so that sha256sum can check it. */
int evidence_text(struct store *s, int64_t id, struct buf *out, struct err *err);
/* That SHA-256; and the SHA-256 of its wrapped key, zeros once forgotten. */
int evidence_digest(struct store *s, int64_t id, unsigned char row[DIGEST_BYTES], unsigned char key[DIGEST_BYTES],
		    struct err *err);

#endif
