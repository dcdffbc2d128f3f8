/* validate_coin.c - wallets and hidden services: their checksums */
#include "classify/validate_tables.h"

#include <string.h>

#include "base/digest.h"

static int base58_digit(char c)
{
	static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* The last four of the decoded bytes are the start of the double SHA-256 of those before. */
static enum validity check_base58(struct str secret)
{
	unsigned char bytes[64] = { 0 }, digest[DIGEST_BYTES];
	size_t n = 0, zeros = 0;

	while (zeros < secret.n && secret.p[zeros] == '1')
		zeros++;
	for (size_t i = 0; i < secret.n; i++) {
		int carry = base58_digit(secret.p[i]);

		if (carry < 0)
			return VALID_NO;
		for (size_t k = 0; k < n || carry; k++) {
			if (k == sizeof(bytes))
				return VALID_NO;
			n = k < n ? n : k + 1;
			carry += 58 * bytes[sizeof(bytes) - 1 - k];
			bytes[sizeof(bytes) - 1 - k] = (unsigned char)(carry & 255);
			carry >>= 8;
		}
	}
	n += zeros;
	if (n < 25 || n > sizeof(bytes))
		return VALID_NO;
	digest_sha256((struct str){ (char *)bytes + sizeof(bytes) - n, n - 4 }, digest);
	digest_sha256((struct str){ (char *)digest, DIGEST_BYTES }, digest);
	return memcmp(digest, bytes + sizeof(bytes) - 4, 4) == 0 ? VALID_SURE : VALID_NO;
}

static int bech32_digit(char c)
{
	static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	const char *p = c ? strchr(digits, ascii_lower(c)) : NULL;

	return p ? (int)(p - digits) : -1;
}

static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t generator[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		sum ^= top >> i & 1 ? generator[i] : 0;
	return sum;
}

/* BIP 173 and BIP 350. */
static enum validity check_bech32(struct str secret)
{
	size_t one = secret.n;
	uint32_t sum = 1;

	while (one > 0 && secret.p[one - 1] != '1')
		one--;
	if (one < 2 || secret.n - one < 6 || secret.n > 120)
		return VALID_NO;
	for (size_t i = 0; i + 1 < one; i++)
		sum = bech32_step(sum, (uint32_t)(ascii_lower(secret.p[i]) >> 5));
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i + 1 < one; i++)
		sum = bech32_step(sum, (uint32_t)(ascii_lower(secret.p[i]) & 31));
	for (size_t i = one; i < secret.n; i++) {
		int digit = bech32_digit(secret.p[i]);

		if (digit < 0)
			return VALID_NO;
		sum = bech32_step(sum, (uint32_t)digit);
	}
	return sum == 1 || sum == 0x2bc830a3 ? VALID_SURE : VALID_NO;
}

/* Keccak-f[1600], FIPS 202; small, for one block at a time. */
static void keccak(uint64_t s[25])
{
	static const unsigned char turns[24] = { 1,  3,	 6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
						 27, 41, 56, 8,	 25, 43, 62, 18, 39, 61, 20, 44 };
	static const unsigned char lanes[24] = { 10, 7,	 11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
						 15, 23, 19, 13, 12, 2, 20, 14, 22, 9,	6,  1 };
	uint64_t column[5], held;
	unsigned char lfsr = 1;

	for (int round = 0; round < 24; round++) {
		for (int x = 0; x < 5; x++)
			column[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
		for (int i = 0; i < 25; i++) {
			uint64_t right = column[(i + 1) % 5];

			s[i] ^= column[(i + 4) % 5] ^ (right << 1 | right >> 63);
		}
		held = s[1];
		for (int i = 0; i < 24; i++) {
			uint64_t next = s[lanes[i]];

			s[lanes[i]] = held << turns[i] | held >> (64 - turns[i]);
			held = next;
		}
		for (int y = 0; y < 25; y += 5) {
			memcpy(column, s + y, sizeof(column));
			for (int x = 0; x < 5; x++)
				s[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
		}
		for (int bit = 0; bit < 7; bit++) {
			if (lfsr & 1)
				s[0] ^= 1ULL << ((1 << bit) - 1);
			lfsr = (unsigned char)(lfsr << 1 ^ (lfsr & 0x80 ? 0x71 : 0));
		}
	}
}

/* The first two bytes of SHA3-256 of a message shorter than one block of 136 bytes. */
static void sha3_start(const unsigned char *message, size_t n, unsigned char out[2])
{
	uint64_t s[25] = { 0 };
	unsigned char block[136] = { 0 };

	memcpy(block, message, n);
	block[n] = 6;
	block[135] |= 0x80;
	for (size_t i = 0; i < sizeof(block); i++)
		s[i / 8] ^= (uint64_t)block[i] << 8 * (i % 8);
	keccak(s);
	out[0] = (unsigned char)(s[0] & 255);
	out[1] = (unsigned char)(s[0] >> 8 & 255);
}

/* Tor rend-spec-v3: base32 of key (32) | checksum (2) | version 3. */
static enum validity check_onion(struct str secret)
{
	unsigned char bytes[35], message[48], sum[2];
	uint32_t bits = 0;
	size_t n = 0;
	int held = 0;

	if (secret.n < 56)
		return VALID_NO;
	for (size_t i = 0; i < 56; i++) {
		char c = ascii_lower(secret.p[i]);
		int value = c >= 'a' && c <= 'z' ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;

		if (value < 0)
			return VALID_NO;
		bits = bits << 5 | (uint32_t)value;
		held += 5;
		if (held >= 8) {
			held -= 8;
			bytes[n++] = (unsigned char)(bits >> held);
		}
	}
	memcpy(message, ".onion checksum", 15);
	memcpy(message + 15, bytes, 32);
	message[47] = 3;
	sha3_start(message, sizeof(message), sum);
	return bytes[34] == 3 && memcmp(sum, bytes + 32, 2) == 0 ? VALID_SURE : VALID_NO;
}

const struct validator validators_coin[] = {
	{ "base58check", check_base58, "its checksum is right", "" },
	{ "bech32", check_bech32, "its checksum is right", "" },
	{ "onion", check_onion, "its checksum is right", "" },
	{ 0 },
};
