/* custody.h - who did what with findings and evidence: a chain of entries for each node, and its heads known outside */
/* Runs in: writer (captures), verbs. Times are microseconds UTC. What an entry is made of stands in chain.h. */
#ifndef WATCHDESK_STORE_CUSTODY_H
#define WATCHDESK_STORE_CUSTODY_H

#include "base/json.h"
#include "base/sign.h"
#include "store/chain.h"
#include "store/store.h"

enum custody_kind {
	CUSTODY_CAPTURE,
	CUSTODY_UNMASK,
	CUSTODY_VERDICT,
	CUSTODY_OVERRIDE,
	CUSTODY_EXPORT,
	CUSTODY_NOTICE,
	CUSTODY_PURGE,
	CUSTODY_RESTORE,
	CUSTODY_STAMP,
	CUSTODY_WITHHOLD,
	CUSTODY_ACKNOWLEDGE,
	CUSTODY_ASSIGN,
	CUSTODY_HANDOVER,
	CUSTODY_SUBSCRIPTION,
	CUSTODY_CAMPAIGN,
	CUSTODY_MUTE,
	CUSTODY_RESCAN,
	CUSTODY_SEARCH,
	CUSTODY_HOLD,
	CUSTODY_PLAYBOOK,
	CUSTODY_KINDS,
};
/* "capture", "unmask" ... */
extern const char *const custody_acts[CUSTODY_KINDS];

struct custody_act {
	enum custody_kind kind;
	struct str subject;	    /* "finding ID", "evidence ID" (public ids), "store" ... */
	struct str operator_name;   /* the system user */
	struct str detail;	    /* an object of JSON on one line; empty for {} */
	const struct sign_key *key; /* signs the entry; NULL for no signature */
};

/*
 * Add an entry to this node's chain, in the transaction that is open: the writer's lock of the node holds until it commits,
 * so nobody comes in between. Control characters are replaced.
 */
int custody_add(struct store *s, const struct custody_act *act, int64_t now, struct err *err);

/*
 * A finding was captured: the digests of its rows (finding.h, finding_digest), of what it is held to be, and of the evidence
 * sealed with it go into the chain. After all of these are written.
 */
struct custody_capture {
	struct str finding;		    /* public id */
	int64_t assessment_id, evidence_id; /* evidence_id 0 for none */
	struct str operator_name;
};
int custody_capture(struct store *s, const struct custody_capture *c, int64_t now, struct err *err);
/*
 * Into the detail of any other act: which item of evidence it is about, with the digests of its row. `verify` compares them
 * in acts on a finding or on the item ("evidence ID"); a key that was forgotten needs a purge on the item.
 */
int custody_item(struct store *s, int64_t evidence_id, struct json_writer *detail, struct err *err);

/* An operator judged a finding, all of whose rows are written; `verdict_id` is the public id of the verdict's row. */
struct custody_verdict {
	struct str finding, verdict_id, verdict, note, operator_name;
	const struct sign_key *key;
};
int custody_verdict(struct store *s, const struct custody_verdict *v, int64_t now, struct err *err);
/* One digest over what a finding is held to be: severity, category, asset, verdict, and why. */
int custody_state(struct store *s, int64_t finding_id, unsigned char out[DIGEST_BYTES], struct err *err);

struct custody_head {
	int64_t sequence;
	unsigned char hash[DIGEST_BYTES];
};
/* The last entry of this node's chain: 1, 0 when it is empty. */
int custody_head(struct store *s, struct custody_head *out, struct err *err);

struct custody_filter {
	struct str subject, act;	    /* empty for all */
	int64_t after_node, after_sequence; /* the page behind this row: of the last one of the page before; 0 for the first */
	int64_t limit;			    /* 0 for 500 */
};
struct custody_row {
	int64_t node_id;
	struct entry entry;
};
/* Entries by node and sequence; they live in `a`. */
int custody_list(struct store *s, const struct custody_filter *f, struct arena *a, struct custody_row **rows, size_t *n,
		 struct err *err);

/* A head that somebody outside knows. */
struct anchor {
	int64_t sequence, at;
	struct str node; /* public id; empty for this node */
	struct str hash; /* DIGEST_BYTES */
	struct str kind; /* "report", "mail", "rfc3161" */
	struct str place, token;
};
/* Remember one of this node's. Needs a transaction. */
int anchor_add(struct store *s, const struct anchor *n, struct err *err);
/* Those of a kind (empty for all) by node and sequence; they live in `a`. */
int anchor_list(struct store *s, struct str kind, struct arena *a, struct anchor **rows, size_t *n, struct err *err);
/* The heads written in a text, "SEQUENCE:HASH" with or without "NODE " before it, as reports and mails show them. */
void anchor_read(struct str text, struct str place, struct arena *a, struct anchor **rows, size_t *n);
/* That form of this node's head: "NODE SEQUENCE:HASH"; 0 and nothing while the chain is empty, 1 otherwise. */
int anchor_text(struct store *s, struct buf *out, struct err *err);

/* What custody_walk() is to know and whom it tells. */
struct custody_check {
	const struct anchor *anchors; /* besides those of the store */
	size_t n_anchors;
	const struct str *keys; /* public keys (DER) vouched for; none: any key that verifies is good */
	size_t n_keys;
	void (*found)(void *owner, struct str node, const struct chain_problem *p);
	void (*went)(void *owner, int64_t entries); /* now and then, for progress; NULL for nobody */
	void *owner;
	int64_t entries, signatures; /* counted */
};
/* Go along the chain of every node and tell each problem; it goes on behind one. Below 0 only when the rows cannot be read. */
int custody_walk(struct store *s, struct custody_check *c, struct err *err);

/*
 * Write what proves the custody of a subject into `folder`/custody: the texts of its entries and of those of its evidence (or
 * finding), the chain from the first of them to the head, signatures, time-stamps, and VERIFY.txt with the commands that
 * verify it all with sha256sum and openssl. Returns the number of entries.
 */
int custody_export(struct store *s, struct str subject, const char *folder, struct err *err);

#endif
