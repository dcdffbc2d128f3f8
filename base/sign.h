/* sign.h - Ed25519 signatures (RFC 8032) with the keys that `openssl genpkey -algorithm ed25519` writes (libcrypto) */
/* Runs in: writer, verbs. */
#ifndef WATCHDESK_BASE_SIGN_H
#define WATCHDESK_BASE_SIGN_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	SIGN_BYTES = 64,	/* a signature */
	SIGN_PUBLIC_BYTES = 44, /* a public key: SubjectPublicKeyInfo, DER (RFC 8410) */
};

/* A private key, or the public half of one. */
struct sign_key;

/* Read a private key from a PEM file (PKCS#8, without passphrase). E_USAGE says what the file is instead. */
struct sign_key *sign_key_load(const char *path, struct err *err);
/* Read a public key from a PEM file; that of a private key file is taken too. */
struct sign_key *sign_public_load(const char *path, struct err *err);
/* Read a public key from its DER bytes. E_BAD. */
struct sign_key *sign_public_read(struct str der, struct err *err);
void sign_key_free(struct sign_key *k);
AUTO_FREES(sign_key)
/* Sign bytes with a private key. */
int sign_bytes(const struct sign_key *k, struct str s, unsigned char out[SIGN_BYTES], struct err *err);
/* Did the other half of this key sign these bytes? */
bool sign_verifies(const struct sign_key *k, struct str s, struct str signature);
/* The public half as DER, and as PEM for `openssl pkeyutl -verify -pubin`. */
void sign_public_der(const struct sign_key *k, unsigned char out[SIGN_PUBLIC_BYTES]);
int sign_public_pem(const struct sign_key *k, struct buf *out);

#endif
