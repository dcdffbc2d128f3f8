/* seal.h - the evidence key: what is sealed with its public half opens with the private half alone (libsodium) */
/* Runs in: writer (sealing), verbs. XChaCha20-Poly1305 under a fresh key for each item; that key in a sealed box (X25519). */
#ifndef WATCHDESK_BASE_SEAL_H
#define WATCHDESK_BASE_SEAL_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

enum {
	SEAL_KEY = 32,
	SEAL_WRAPPED = 80,  /* an item's key, sealed */
	SEAL_OVERHEAD = 40, /* bytes that sealing adds: nonce and tag */
};

/* The half that seals; `id` is its SHA-256. */
struct seal_public {
	unsigned char key[SEAL_KEY], id[DIGEST_BYTES];
};

/* The half that opens. */
struct seal_private {
	unsigned char key[SEAL_KEY];
	struct seal_public public_half;
};

/* The names of the two files in a store's folder. */
extern const char seal_public_name[], seal_private_name[];

/*
 * Make the pair in `folder`: evidence.key (0600), then evidence.pub (0644). A public half that is there is left alone; a
 * private half alone, of a run that was cut off, gets its public half back. E_IO, E_FULL.
 */
int seal_make(const char *folder, struct err *err);
/* Read the public half in `folder`: E_STORE when it is absent or no such key. */
int seal_public_read(const char *folder, struct seal_public *out, struct err *err);
/*
 * Read the private half from `file`, or from its place in `folder` when `file` is NULL. E_STORE when it is absent, no such key,
 * or (with a folder) not the one that belongs to the public half there.
 */
int seal_private_read(const char *folder, const char *file, struct seal_private *out, struct err *err);
/* Wipe it. */
void seal_private_release(struct seal_private *key);

/*
 * Seal `plain` for `key`, bound to the words `about`: append to `sealed`, and fill the item's wrapped key. E_LIMIT when
 * `sealed` is full.
 */
int seal_put(struct str plain, struct str about, const struct seal_public *key, struct buf *sealed,
	     unsigned char wrapped[SEAL_WRAPPED], struct err *err);
/* Open what was sealed for `key` about the same words: append to `plain`. E_VERIFY when anything was altered. */
int seal_open(struct str sealed, struct str about, struct str wrapped, const struct seal_private *key, struct buf *plain,
	      struct err *err);

#endif
