/* digest.c - digests, keyed digests and random ids (libcrypto for SHA-256, libsodium for the rest) */
#include "base/digest.h"

/*
 * libcrypto's SHA-256 uses the processor's own instructions and is ten times as fast as libsodium's where there are any. These
 * calls, deprecated in favour of EVP, need no memory and read no configuration: a confined process could do neither.
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include <endian.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

#include "base/must.h"

_Static_assert(DIGEST_BYTES == SHA256_DIGEST_LENGTH, "a digest is as long as SHA-256");

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)(s.n ? s.p : "");
}

void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES])
{
	SHA256_CTX state;

	SHA256_Init(&state);
	SHA256_Update(&state, bytes_of(s), s.n);
	SHA256_Final(out, &state);
}

void digest_keyed(struct str s, const unsigned char key[DIGEST_KEY_BYTES], unsigned char out[DIGEST_BYTES])
{
	MUST(crypto_generichash(out, DIGEST_BYTES, bytes_of(s), s.n, key, DIGEST_KEY_BYTES) == 0);
}

void digest_hmac(struct str key, struct str s, unsigned char out[DIGEST_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)s.p, s.n);
	crypto_auth_hmacsha256_final(&state, out);
	explicit_bzero(&state, sizeof(state));
}

uint64_t digest_short(uint64_t x, const unsigned char key[DIGEST_KEY_BYTES])
{
	unsigned char in[sizeof(x)], out[crypto_shorthash_BYTES];

	x = htole64(x);
	memcpy(in, &x, sizeof(x));
	crypto_shorthash(out, in, sizeof(in), key);
	memcpy(&x, out, sizeof(x));
	return le64toh(x);
}

void digest_pieces(const struct str *pieces, size_t n, unsigned char out[DIGEST_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
	for (size_t i = 0; i < n; i++) {
		unsigned char length[8];

		for (int byte = 0; byte < 8; byte++)
			length[byte] = (unsigned char)((uint64_t)pieces[i].n >> (8 * byte));
		crypto_generichash_update(&state, length, sizeof(length));
		crypto_generichash_update(&state, bytes_of(pieces[i]), pieces[i].n);
	}
	crypto_generichash_final(&state, out, DIGEST_BYTES);
}

void digest_random(void *out, size_t n)
{
	MUST(sodium_init() >= 0);
	randombytes_buf(out, n);
}

char *digest_hex(const unsigned char *bytes, size_t n, char *out)
{
	return sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

bool digest_unhex(struct str hex, unsigned char *out, size_t n)
{
	if (hex.n != 2 * n)
		return false;
	for (size_t i = 0; i < hex.n; i++)
		if (ascii_hex(hex.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)(ascii_hex(hex.p[2 * i]) << 4 | ascii_hex(hex.p[2 * i + 1]));
	return true;
}
