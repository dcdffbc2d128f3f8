/* sketch.c - how alike two texts are */
#include "store/sketch.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"

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

/* The hashes of the last words; with the next one a row. */
struct window {
	uint64_t last[ROW];
};

static uint64_t window_row(struct window *v, struct str word)
{
	for (int i = 0; i + 1 < ROW; i++)
		v->last[i] = v->last[i + 1];
	v->last[ROW - 1] = hash_of(word);
	return mix(v->last[0] ^ mix(v->last[1] ^ mix(v->last[2])));
}

int sketch_of(struct words *w, struct str text, unsigned char out[SKETCH_BYTES])
{
	AUTO(buf) words = BUF_INIT(2 * LIMIT_TEXT);
	uint32_t slots[SKETCH_SLOTS];
	uint64_t factors[SKETCH_SLOTS];
	struct window window = { 0 };
	struct str rest, word;
	size_t n = 0;

	if (words_of(w, text, &words) < SKETCH_WORDS)
		return 0;
	memset(slots, 0xff, sizeof(slots));
	for (uint64_t i = 0; i < SKETCH_SLOTS; i++)
		factors[i] = mix(i + 1) | 1;
	rest = buf_str(&words);
	while (str_split(&rest, ' ', &word)) {
		uint64_t row = window_row(&window, word);

		if (++n >= ROW)
			take_row(slots, factors, row);
	}
	memcpy(out, slots, SKETCH_BYTES);
	return 1;
}

/* Rows in ascending order, each once. */
struct rows {
	uint64_t *items;
	size_t n;
};

static int compare_rows(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The rows of words that have a space between them: the caller frees the items. */
static struct rows rows_of(struct str words, size_t n_words)
{
	struct rows rows = { must_alloc(n_words + 1, sizeof(*rows.items)), 0 };
	struct window window = { 0 };
	size_t n = 0, all = 0;
	struct str word;

	while (str_split(&words, ' ', &word) && n < n_words) {
		uint64_t row = window_row(&window, word);

		if (++n >= ROW)
			rows.items[all++] = row;
	}
	qsort(rows.items, all, sizeof(*rows.items), compare_rows);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || rows.items[i] != rows.items[i - 1])
			rows.items[rows.n++] = rows.items[i];
	return rows;
}

struct sketch_whole {
	struct buf words; /* a space before and behind each */
	size_t n_words;
	struct rows rows;
};

/* The words of a text with a space before and behind each, after a first byte; how many. */
static size_t spaced_words(struct words *w, struct str text, struct buf *out)
{
	size_t n;

	buf_add(out, STR("\n")); /* so that the first gets its space too */
	n = words_of(w, text, out);
	buf_add(out, STR(" "));
	return n;
}

static struct str without_first(const struct buf *b)
{
	return str_slice(buf_str(b), 1, b->n);
}

struct sketch_whole *sketch_whole_new(struct words *w, struct str text)
{
	struct sketch_whole *s = must_alloc(1, sizeof(*s));

	s->words = (struct buf)BUF_INIT(2 * LIMIT_TEXT);
	s->n_words = spaced_words(w, text, &s->words);
	s->rows = rows_of(str_trim(buf_str(&s->words)), s->n_words);
	return s;
}

void sketch_whole_free(struct sketch_whole *s)
{
	if (!s)
		return;
	buf_release(&s->words);
	free(s->rows.items);
	free(s);
}

size_t sketch_whole_words(const struct sketch_whole *s)
{
	return s->n_words;
}

/* How many of the one are among the other. */
static size_t shared(const struct rows *a, const struct rows *b)
{
	size_t n = 0;

	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		const uint64_t mine = a->items[i], its = b->items[k];

		n += mine == its;
		i += mine <= its;
		k += its <= mine;
	}
	return n;
}

double sketch_contained(const struct sketch_whole *in, struct words *w, struct str text)
{
	AUTO(buf) words = BUF_INIT(2 * LIMIT_TEXT);
	const size_t n = spaced_words(w, text, &words);
	struct rows rows;
	double share;

	if (n == 0)
		return -1;
	if (n < SKETCH_WORDS)
		return str_find(buf_str(&in->words), without_first(&words)) >= 0;
	rows = rows_of(str_trim(buf_str(&words)), n);
	share = (double)shared(&rows, &in->rows) / (double)rows.n;
	free(rows.items);
	return share;
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
