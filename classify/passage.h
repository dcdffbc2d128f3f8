/* passage.h - does a text share a passage with a private document? */
/* Runs in: supervisor (building), worker and verbs (use); read-only. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_PASSAGE_H
#define WATCHDESK_CLASSIFY_PASSAGE_H

#include "classify/fingerprint.h"
#include "classify/fold.h"
#include "classify/found.h"

struct passages;

/*
 * Index the documents in `bytes` (fingerprint.h), none when they are empty. NULL: `err` says what is wrong with them. What more
 * than a few documents share that are otherwise different is boilerplate and does not count. The caller frees it.
 */
struct passages *passages_new(struct str bytes, const unsigned char key[DIGEST_KEY_BYTES], struct err *err);
void passages_free(struct passages *p);
AUTO_FREES(passages)
/* Add a hit for each document, at most a few, of which the text has a passage, also wrapped anew and reworded in part. */
void passages_scan(const struct passages *p, const struct folded *folded, struct found *found);
/* A digest of the documents; zeros for none. */
void passages_digest(const struct passages *p, unsigned char out[DIGEST_BYTES]);
size_t passages_memory(const struct passages *p);

#endif
