/* keccak.c - Keccak-f[1600], FIPS 202; small, for one block at a time */
#include "classify/keccak.h"

#include <string.h>

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

void keccak256(struct str message, unsigned char pad, unsigned char out[KECCAK_BYTES])
{
	uint64_t s[25] = { 0 };
	unsigned char block[KECCAK_MOST + 1] = { 0 };
	size_t n = message.n < KECCAK_MOST ? message.n : KECCAK_MOST;

	if (n)
		memcpy(block, message.p, n);
	block[n] = pad;
	block[KECCAK_MOST] |= 0x80;
	for (size_t i = 0; i < sizeof(block); i++)
		s[i / 8] ^= (uint64_t)block[i] << 8 * (i % 8);
	keccak(s);
	for (size_t i = 0; i < KECCAK_BYTES; i++)
		out[i] = (unsigned char)(s[i / 8] >> 8 * (i % 8) & 255);
}
