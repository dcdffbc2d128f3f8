/* sketch.c - how alike two texts are */
#include "store/sketch.h"

#include <string.h>

#include "base/limits.h"

enum { ROW = 3, BAND = SKETCH_SLOTS / SKETCH_BANDS };

/* A permutation of 64 bits (the finaliser of MurmurHash3). */
static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

static uint64_t hash_of(struct str word)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < word.n; i++)
		h = (h ^ (unsigned char)word.p[i]) * UINT64_C(0x100000001b3);
	return mix(h);
}

/* The least of all rows in each slot's own order: the upper half of the slot's odd multiple of a row's hash. */
static void take_row(uint32_t slots[SKETCH_SLOTS], const uint64_t factors[SKETCH_SLOTS], uint64_t row)
{
	for (int i = 0; i < SKETCH_SLOTS; i++) {
		uint32_t value = (uint32_t)(row * factors[i] >> 32);

		slots[i] = value < slots[i] ? value : slots[i];
	}
}

int sketch_of(struct words *w, struct str text, unsigned char out[SKETCH_BYTES])
{
	AUTO(buf) words = BUF_INIT(2 * LIMIT_TEXT);
	uint32_t slots[SKETCH_SLOTS];
	uint64_t factors[SKETCH_SLOTS], last[ROW] = { 0 };
	struct str rest, word;
	size_t n = 0;

	if (words_of(w, text, &words) < SKETCH_WORDS)
		return 0;
	memset(slots, 0xff, sizeof(slots));
	for (uint64_t i = 0; i < SKETCH_SLOTS; i++)
		factors[i] = mix(i + 1) | 1;
	rest = buf_str(&words);
	while (str_split(&rest, ' ', &word)) {
		for (int i = 0; i + 1 < ROW; i++)
			last[i] = last[i + 1];
		last[ROW - 1] = hash_of(word);
		if (++n >= ROW)
			take_row(slots, factors, mix(last[0] ^ mix(last[1] ^ mix(last[2]))));
	}
	memcpy(out, slots, SKETCH_BYTES);
	return 1;
}

double sketch_alike(const unsigned char a[SKETCH_BYTES], const unsigned char b[SKETCH_BYTES])
{
	int same = 0;

	for (size_t i = 0; i < SKETCH_BYTES; i += 4)
		same += memcmp(a + i, b + i, 4) == 0;
	return (double)same / SKETCH_SLOTS;
}

void sketch_bands(const unsigned char sketch[SKETCH_BYTES], int64_t out[SKETCH_BANDS])
{
	uint32_t slots[SKETCH_SLOTS];

	memcpy(slots, sketch, SKETCH_BYTES);
	for (uint64_t band = 0; band < SKETCH_BANDS; band++) {
		uint64_t h = band;

		for (int i = 0; i < BAND; i++)
			h = mix(h ^ slots[band * BAND + (uint64_t)i]);
		out[band] = (int64_t)h;
	}
}
