/* verify.h - is everything in the store what was written? */
/* Runs in: verbs. */
#ifndef WATCHDESK_STORE_VERIFY_H
#define WATCHDESK_STORE_VERIFY_H

#include "base/seal.h"
#include "store/custody.h"

/* What is wrong, and where. */
struct verify_problem {
	const char *kind;  /* "database", "body", "revision", "assessment", "finding", "verdict", "custody", "time-stamp",
			      "evidence" */
	const char *where; /* "body 17", "finding 0123...", "node 0123..., entry 5" */
	const char *text;  /* a sentence; may quote what is stored */
};

struct verify_options {
	const struct anchor *anchors; /* heads that are known outside */
	size_t n_anchors;
	const struct str *keys; /* public keys (DER) that may sign; none: any that verifies */
	size_t n_keys;
	const struct seal_private *evidence_key; /* open each item of evidence too; NULL: compare its sealed bytes */
	const char *authority_ca; /* PEM file, for time-stamps; NULL: only compared with what custody says of them */
	void (*found)(void *owner, const struct verify_problem *p);
	void (*went)(void *owner, const char *what, int64_t done); /* now and then; NULL for nobody */
	void *owner;
};

/* What was looked at. */
struct verify_result {
	int64_t bodies, revisions, assessments, findings, verdicts, entries, signatures, stamps, items, bytes;
	int64_t purged;	   /* revisions whose text was purged, as custody says: their digest is all there is */
	int64_t unsealed;  /* assessments of a store from before digests were kept: nothing to compare with */
	int64_t unchecked; /* time-stamps without a CA to check them under */
	int64_t elsewhere; /* items of evidence that lie with other nodes */
	int64_t problems;
};

/*
 * Go through all of it and tell each problem; what cannot be read is one, and it goes on with the rest. Beside a running
 * monitor: nothing is locked. Returns 0 when nothing is wrong, E_VERIFY otherwise.
 */
int verify_store(struct store *s, const struct verify_options *o, struct verify_result *out, struct err *err);

#endif
