/* language_features.c - a text as features: the part of the model that both reading and fitting use */
/* Hot: a dozen rows for each word. Whoever changes a row here changes LANGUAGE_VERSION. */
#include "classify/language.h"

#include <math.h>
#include <string.h>

const char *const language_head_names[LANGUAGE_HEADS] = { "violence", "extortion", "leak", "dox", "report" };
const char *const language_group_names[LANGUAGE_GROUPS] = { "words", "pieces", "senses", "facts" };
const float language_group_values[LANGUAGE_GROUPS] = { 1.0f, 0.5f, 1.4f, 1.0f };

enum {
	PAIR_ROWS = 2 * LEXICON_MOST_SENSES * LEXICON_MOST_SENSES,
	PIECE = 4, /* bytes of a piece of a word; more where a character takes more than one */
	PIECE_WIDE = 6,
	LONG_WORD = 24, /* bytes of a word that are cut into pieces */
	REACH = 14,	/* words between senses that are seen together */
	CROWD = 16,	/* windows, beyond which more of them cost no more: a line must count in a book too */
	SMOOTH = 24,	/* a lone word is no window full of them */
};

static inline uint32_t mix(uint32_t h, uint32_t x)
{
	h = (h ^ x) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static inline void put_row(struct feature_list *out, uint32_t row, enum language_group group, uint8_t kind, uint32_t with)
{
	if (out->n >= LANGUAGE_FEATURES)
		return;
	out->rows[out->n] = row;
	out->groups[out->n] = (uint8_t)group;
	if (out->about) {
		out->about[out->n].kind = kind;
		out->about[out->n].with = with;
	}
	out->n++;
}

/* Hashed, behind the rows of pairs. */
static inline void put(struct feature_list *out, uint32_t h, enum language_group group, uint8_t kind, uint32_t with)
{
	enum { HASHED = (1 << LANGUAGE_ROWS_LOG) - PAIR_ROWS };

	h = mix(h, kind * 0x51ed27u + 7) * 0x85ebca6bu;
	put_row(out, PAIR_ROWS + (uint32_t)((uint64_t)h * HASHED >> 32), group, kind, with);
}

/* Each two senses have a row of their own, where the frequent ones lie near each other; 0, no sense, is before a lone one. */
static inline uint32_t ordered_pair(uint32_t a, uint32_t b)
{
	return LEXICON_MOST_SENSES * LEXICON_MOST_SENSES + a * LEXICON_MOST_SENSES + b;
}
static inline uint32_t pair(uint32_t a, uint32_t b)
{
	return a < b ? a * LEXICON_MOST_SENSES + b : b * LEXICON_MOST_SENSES + a;
}

/* A word and the one before it. */
static void put_two_words(const struct language_text *x, size_t t, struct feature_list *out)
{
	const struct token *k = x->tokens->items;

	if (t > 0)
		put(out, mix(mix(k[t].hash, 1), k[t - 1].hash), GROUP_WORDS, FEATURE_WORDS, (uint32_t)t - 1);
}

/* Each piece of a word with a blank before and behind: its bytes, read as one number. */
static void put_pieces(const struct language_text *x, size_t t, struct feature_list *out)
{
	const struct token *k = &x->tokens->items[t];
	size_t n = k->end - k->start < LONG_WORD ? k->end - k->start : LONG_WORD;
	bool wide = x->folded.p[k->start] & 0x80;
	uint64_t mask = wide ? 0xffffffffffff : 0xffffffff;
	char word[LONG_WORD + 10] = { ' ' };

	memcpy(word + 1, x->folded.p + k->start, n);
	word[n + 1] = ' ';
	for (size_t i = 0; i + (wide ? PIECE_WIDE : PIECE) <= n + 2; i++) {
		uint64_t piece;

		memcpy(&piece, word + i, sizeof(piece));
		piece = (piece & mask) * 0x9e3779b97f4a7c15u;
		put(out, (uint32_t)(piece >> 32), GROUP_PIECES, FEATURE_PIECE, (uint32_t)i);
	}
}

static void remember(struct language_walk *w, uint8_t sense, size_t t)
{
	memmove(w->sense + 1, w->sense, (LANGUAGE_BACK - 1) * sizeof(*w->sense));
	memmove(w->token + 1, w->token, (LANGUAGE_BACK - 1) * sizeof(*w->token));
	w->sense[0] = sense;
	w->token[0] = (uint32_t)t;
	w->n += w->n < LANGUAGE_BACK;
}

static void put_sense(const struct language_walk *b, size_t n, uint8_t sense, struct feature_list *out)
{
	put_row(out, ordered_pair(sense, 0), GROUP_SENSES, FEATURE_SENSE, sense);
	if (n > 0)
		put_row(out, ordered_pair(sense, b->sense[0]), GROUP_SENSES, FEATURE_SENSES, b->token[0]);
	for (size_t i = 0; i < n; i++)
		put_row(out, pair(sense, b->sense[i]), GROUP_SENSES, FEATURE_SENSES, b->token[i]);
}

static void put_senses(struct language_walk *w, struct feature_list *out)
{
	const struct lexicon_senses *s = lexicon_senses_of(w->text->lexicon, &w->text->tokens->items[w->t]);

	for (size_t i = 0; i < s->n; i++) {
		size_t n = 0;

		while (n < w->n && w->t - w->token[n] <= REACH)
			n++;
		put_sense(w, n, s->items[i], out);
		remember(w, s->items[i], w->t);
	}
}

void language_own(const struct language_text *x, size_t t, struct feature_list *out)
{
	out->n = 0;
	put(out, mix(x->tokens->items[t].hash, 1), GROUP_WORDS, FEATURE_WORD, (uint32_t)t);
	put_pieces(x, t, out);
}

static void put_together(struct language_walk *w, struct feature_list *out)
{
	put_two_words(w->text, w->t, out);
	put_senses(w, out);
	w->t++;
}

bool language_next_together(struct language_walk *w, struct feature_list *out)
{
	out->n = 0;
	if (w->t >= w->text->tokens->n)
		return false;
	put_together(w, out);
	return true;
}

bool language_next(struct language_walk *w, struct feature_list *out)
{
	out->n = 0;
	if (w->t >= w->text->tokens->n)
		return false;
	language_own(w->text, w->t, out);
	put_together(w, out);
	return true;
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

double language_crowd(size_t n)
{
	return n > 1 ? 0.3 * log((double)(n < CROWD ? n : CROWD)) : 0;
}

double language_length(double squares)
{
	return sqrt(squares + SMOOTH);
}

void language_lower(double odds[LANGUAGE_HEADS], double from, double slope)
{
	double over = odds[LANGUAGE_REPORT] - from;

	for (int h = 0; over > 0 && h < LANGUAGE_REPORT; h++)
		odds[h] -= slope * over;
}
