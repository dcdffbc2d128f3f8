/* language_features.c - a text as features: the part of the model that both reading and fitting use */
/* Hot: a few dozen hashes for each word. Whoever changes a hash here changes LANGUAGE_VERSION. */
#include "classify/language_inner.h"

#include <math.h>

const char *const language_head_names[LANGUAGE_HEADS] = { "violence", "extortion", "leak", "dox", "report" };
const char *const language_group_names[LANGUAGE_GROUPS] = { "words", "pieces", "senses", "facts" };
const float language_group_values[LANGUAGE_GROUPS] = { 1.0f, 0.5f, 1.4f, 1.0f };

enum {
	PIECE = 4,	   /* bytes of a piece of a word; more where a character takes more than one */
	PIECE_WIDE = 6,
	LONG_WORD = 24,	   /* bytes of a word that are cut into pieces */
	REACH = 14,	   /* words between senses that are seen together */
	BACK = 6,	   /* senses before one that are paired with it */
	BACK_TRIPLES = 4,
	SMOOTH = 24,	   /* a lone word is no window full of them */
};

static inline uint32_t mix(uint32_t h, uint32_t x)
{
	h = (h ^ x) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static inline void put(struct feature_list *out, uint32_t h, enum language_group group, uint8_t kind, uint32_t with)
{
	if (out->n >= LANGUAGE_FEATURES)
		return;
	h = mix(h, kind * 0x51ed27u + 7);
	out->rows[out->n] = (h * 0x85ebca6bu) >> (32 - LANGUAGE_ROWS_LOG);
	out->groups[out->n] = (uint8_t)group;
	if (out->about) {
		out->about[out->n].kind = kind;
		out->about[out->n].with = with;
	}
	out->n++;
}

static void put_words(const struct language_text *x, size_t t, struct feature_list *out)
{
	const struct token *k = x->tokens->items;
	uint32_t h = mix(k[t].hash, 1);

	put(out, h, GROUP_WORDS, FEATURE_WORD, (uint32_t)t);
	if (t < 1)
		return;
	h = mix(h, k[t - 1].hash);
	put(out, h, GROUP_WORDS, FEATURE_WORDS, (uint32_t)t - 1);
	if (t >= 2)
		put(out, mix(h, k[t - 2].hash), GROUP_WORDS, FEATURE_WORDS, (uint32_t)t - 2);
}

static void put_pieces(const struct language_text *x, size_t t, struct feature_list *out)
{
	const struct token *k = &x->tokens->items[t];
	const unsigned char *p = (const unsigned char *)x->folded.p + k->start;
	size_t n = k->end - k->start, piece = p[0] & 0x80 ? PIECE_WIDE : PIECE;

	n = n < LONG_WORD ? n : LONG_WORD;
	for (size_t i = 0; i + piece <= n + 2; i++) { /* a blank before and behind */
		uint32_t h = 3;

		for (size_t b = i; b < i + piece; b++)
			h = (h ^ (b == 0 || b == n + 1 ? ' ' : p[b - 1])) * 16777619u;
		put(out, h, GROUP_PIECES, FEATURE_PIECE, (uint32_t)i);
	}
}

/* The senses before word t, the nearest first, at most BACK of them. */
struct senses_before {
	uint8_t sense[BACK];
	uint32_t token[BACK];
	size_t n;
};

static void push_front(struct senses_before *b, uint8_t sense, uint32_t token)
{
	for (size_t i = BACK - 1; i > 0; i--) {
		b->sense[i] = b->sense[i - 1];
		b->token[i] = b->token[i - 1];
	}
	b->sense[0] = sense;
	b->token[0] = token;
	b->n += b->n < BACK;
}

static struct senses_before senses_before(const struct language_text *x, size_t t)
{
	size_t first = t > REACH ? t - REACH : 0;
	struct senses_before b = { .n = 0 };

	for (size_t i = t; i-- > first && b.n < BACK;) {
		const struct lexicon_senses *s = lexicon_senses_of(x->lexicon, &x->tokens->items[i]);

		for (size_t k = s->n; k-- > 0 && b.n < BACK;) {
			b.sense[b.n] = s->items[k];
			b.token[b.n++] = (uint32_t)i;
		}
	}
	return b;
}

static uint32_t together(uint32_t a, uint32_t b)
{
	return a < b ? mix(mix(11, a), b) : mix(mix(11, b), a);
}

static uint32_t three_together(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	if (c < low)
		return mix(mix(mix(13, c), low), high);
	return c < high ? mix(mix(mix(13, low), c), high) : mix(mix(mix(13, low), high), c);
}

static void put_sense(const struct senses_before *b, uint8_t sense, struct feature_list *out)
{
	put(out, mix(17, sense), GROUP_SENSES, FEATURE_SENSE, sense);
	if (b->n > 0)
		put(out, mix(mix(19, sense), b->sense[0]), GROUP_SENSES, FEATURE_SENSES, b->token[0]);
	if (b->n > 1)
		put(out, mix(mix(mix(23, sense), b->sense[0]), b->sense[1]), GROUP_SENSES, FEATURE_SENSES, b->token[1]);
	for (size_t i = 0; i < b->n; i++)
		put(out, together(sense, b->sense[i]), GROUP_SENSES, FEATURE_SENSES, b->token[i]);
	for (size_t i = 0; i < b->n && i < BACK_TRIPLES; i++)
		for (size_t k = i + 1; k < b->n && k < BACK_TRIPLES; k++)
			put(out, three_together(sense, b->sense[i], b->sense[k]), GROUP_SENSES, FEATURE_SENSES, b->token[k]);
}

static void put_senses(const struct language_text *x, size_t t, struct feature_list *out)
{
	const struct lexicon_senses *s = lexicon_senses_of(x->lexicon, &x->tokens->items[t]);
	struct senses_before before;

	if (s->n == 0)
		return;
	before = senses_before(x, t);
	for (size_t i = 0; i < s->n; i++) {
		put_sense(&before, s->items[i], out);
		push_front(&before, s->items[i], (uint32_t)t);
	}
}

void language_list(const struct language_text *x, size_t t, struct feature_list *out)
{
	out->n = 0;
	put_words(x, t, out);
	put_senses(x, t, out);
	put_pieces(x, t, out);
}

size_t language_features(const struct language_text *text, size_t t, uint32_t rows[LANGUAGE_FEATURES],
			 uint8_t groups[LANGUAGE_FEATURES])
{
	struct feature_list list = { .rows = rows, .groups = groups };

	language_list(text, t, &list);
	return list.n;
}

uint32_t language_fact_row(const struct fact *f)
{
	uint32_t h = lexicon_hash_of(f->kind) * 31 + lexicon_hash_of(f->name);

	return (mix(h, 29) * 0x85ebca6bu) >> (32 - LANGUAGE_FACTS_LOG);
}

/* All short windows, then all wide ones; each kind covers the text, half of every window lies in the next. */
bool language_window(size_t n, size_t i, size_t *first, size_t *end)
{
	static const size_t sizes[] = { LANGUAGE_SHORT, LANGUAGE_WIDE };

	for (int k = 0; k < 2; k++) {
		size_t size = sizes[k], step = size / 2, count = n <= size ? 1 : (n - size + step - 1) / step + 1;

		if (k > 0 && n <= sizes[k - 1])
			return false;
		if (i < count) {
			*first = i * step;
			*end = *first + size < n ? *first + size : n;
			return true;
		}
		i -= count;
	}
	return false;
}

double language_length(double squares)
{
	return sqrt(squares + SMOOTH);
}
