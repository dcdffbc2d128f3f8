/* digest.h - digests, keyed digests and random ids (libcrypto, libsodium) */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_DIGEST_H
#define WATCHDESK_BASE_DIGEST_H

#include "base/str.h"

enum {
	DIGEST_BYTES = 32, /* SHA-256, and BLAKE2b at this size */
	DIGEST_KEY_BYTES = 32,
	DIGEST_ID_BYTES = 16, /* a public id: 128 random bits */
	DIGEST_HEX = 2 * DIGEST_BYTES + 1,
};

/* SHA-256 (FIPS 180-4) of `s`. */
void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES]);
/* BLAKE2b (RFC 7693) of `s` under a key: the same secret gives the same digest, and without the key it cannot be tried. */
void digest_keyed(struct str s, const unsigned char key[DIGEST_KEY_BYTES], unsigned char out[DIGEST_BYTES]);
/* HMAC-SHA256 (RFC 2104, FIPS 198-1) of `s` under a key of any length: what receivers of webhooks check. */
void digest_hmac(struct str key, struct str s, unsigned char out[DIGEST_BYTES]);
/* SipHash-2-4 of a number under the first 16 bytes of a key: for millions of them. */
uint64_t digest_short(uint64_t x, const unsigned char key[DIGEST_KEY_BYTES]);
/* BLAKE2b of several pieces, each preceded by its length, so that no two lists of pieces give the same bytes. */
void digest_pieces(const struct str *pieces, size_t n, unsigned char out[DIGEST_BYTES]);
/* Fill with random bytes from the system. */
void digest_random(void *out, size_t n);
/* Lower-case hexadecimal of `n` bytes into `out` (2 n + 1 bytes of room). Returns `out`. */
char *digest_hex(const unsigned char *bytes, size_t n, char *out);
/* The way back: true when `hex` is 2 n hexadecimal digits; `out` is then filled. */
bool digest_unhex(struct str hex, unsigned char *out, size_t n);

#endif
