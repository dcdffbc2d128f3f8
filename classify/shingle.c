/* shingle.c - a text as rows of words */
/* Hot when documents are registered: every word of every text passes here. */
#include "classify/shingle.h"

#include "classify/script.h"

#define FACTOR	 0x9e3779b97f4a7c15u
#define FACTOR_4 (FACTOR * FACTOR * FACTOR * FACTOR)

_Static_assert(SHINGLE_WORDS == 5, "the first word of five weighs FACTOR to the fourth");

static uint64_t mixed(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

static bool is_small(char c)
{
	return (c >= 'a' && c <= 'z') || ascii_is_digit(c);
}

/* "don't" and "well-known" are one word each, and so is one that was cut at a line end; where it goes on, or 0. */
static size_t goes_on(struct str text, size_t at)
{
	size_t next = at + 1, length;
	bool broken = false;

	if (at >= text.n || (text.p[at] != '\'' && text.p[at] != '-'))
		return 0;
	for (size_t seen = 0; text.p[at] == '-' && next < text.n && seen < 32; seen++) {
		if (text.p[next] == '\n')
			broken = true;
		else if (text.p[next] != '\r' &&
			 !(broken && (text.p[next] == ' ' || text.p[next] == '\t' || text.p[next] == '>')))
			break;
		next++;
	}
	return next < text.n && script_at(text, next, &length) == SCRIPT_SPACED ? next : 0;
}

/* The hash of the word that begins at `at`; *end is behind it. */
static uint64_t read_word(struct str text, size_t at, size_t *end)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t next = at;

	do {
		size_t stop;

		at = next;
		while (at < text.n && is_small(text.p[at]))
			h = (h ^ (unsigned char)text.p[at++]) * 0x100000001b3u;
		stop = at < text.n && (text.p[at] & 0x80) ? script_word_end(text, at) : at;
		while (at < stop)
			h = (h ^ (unsigned char)text.p[at++]) * 0x100000001b3u;
		next = goes_on(text, at);
	} while (next);
	*end = at;
	return mixed(h);
}

/* The next word: its hash and place. */
static bool next_word(struct shingles *s, uint64_t *hash, size_t *start, size_t *end)
{
	while (s->at < s->text.n) {
		size_t length = 1;
		enum script script = SCRIPT_SPACED;

		if (!is_small(s->text.p[s->at]))
			script = script_at(s->text, s->at, &length);
		*start = s->at;
		if (script == SCRIPT_NONE || script == SCRIPT_UNSEEN) {
			s->at += length;
			continue;
		}
		if (script == SCRIPT_SPACED) {
			*hash = read_word(s->text, s->at, end);
		} else { /* where no blanks are set each character counts as a word */
			*hash = 0;
			for (size_t i = 0; i < length; i++)
				*hash = *hash << 8 | (unsigned char)s->text.p[s->at + i];
			*hash = mixed(*hash * FACTOR);
			*end = s->at + length;
		}
		s->at = *end > s->at ? *end : s->at + 1;
		return true;
	}
	return false;
}

bool shingle_next(struct shingles *s, struct shingle *out)
{
	uint64_t hash;
	size_t start, end;

	while (next_word(s, &hash, &start, &end)) {
		size_t slot = s->words % SHINGLE_WORDS;

		s->rolling = (s->rolling - s->hashes[slot] * FACTOR_4) * FACTOR + hash;
		s->hashes[slot] = hash;
		s->starts[slot] = start;
		s->words++;
		if (s->words < SHINGLE_WORDS)
			continue;
		out->hash = mixed(s->rolling);
		out->word = s->words - SHINGLE_WORDS;
		out->start = s->starts[s->words % SHINGLE_WORDS];
		out->end = end;
		return true;
	}
	return false;
}
