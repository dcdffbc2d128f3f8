/* lexicon_find.c - which phrases stand in a text */
/* Hot where a post holds words of threats: phrases run as bit sets, a word costs a few operations for each that may begin. */
#include "classify/lexicon_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"

struct lexicon_seen lexicon_seen_new(const struct lexicon *l)
{
	struct lexicon_seen seen = { 0 };
	size_t begins = 0;

	for (size_t i = 0; i < l->n_words; i++)
		begins += l->words[i].n_phrases;
	seen.atoms = must_alloc(l->atom_words + 1, 8);
	seen.phrases = must_alloc(l->n_phrases / 64 + 1, 8);
	seen.words = must_alloc(l->n_words / 64 + 1, 8);
	seen.staged = must_alloc(l->n_phrases / 64 + 1, 8);
	seen.begins = must_alloc(l->n_words, sizeof(*seen.begins));
	seen.pool = must_alloc(begins + 1, sizeof(*seen.pool));
	return seen;
}

void lexicon_seen_release(struct lexicon_seen *seen)
{
	free(seen->atoms);
	free(seen->phrases);
	free(seen->words);
	free(seen->staged);
	free(seen->begins);
	free(seen->pool);
	*seen = (struct lexicon_seen){ 0 };
}

static bool is_possible(const struct lexicon_seen *seen, const struct phrase *p)
{
	for (size_t i = 0; i < p->n_needs; i++)
		if (!(seen->atoms[p->needs[i] / 64] >> p->needs[i] % 64 & 1))
			return false;
	return true;
}

static void see_word(const struct lexicon *l, struct lexicon_seen *seen, uint16_t word)
{
	if (l->words[word].atoms == l->no_atoms || seen->words[word / 64] >> word % 64 & 1)
		return;
	seen->words[word / 64] |= 1ULL << word % 64;
	for (size_t i = 0; i < l->atom_words; i++)
		seen->atoms[i] |= l->words[word].atoms[i];
}

static void note_possible(const struct lexicon *l, struct lexicon_seen *seen, const uint32_t *phrases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_possible(seen, &l->phrases[phrases[i]]))
			seen->phrases[phrases[i] / 64] |= 1ULL << phrases[i] % 64;
}

void lexicon_see(const struct lexicon *l, struct lexicon_seen *seen, const struct tokens *tokens)
{
	memset(seen->atoms, 0, l->atom_words * 8);
	memset(seen->words, 0, (l->n_words / 64 + 1) * 8);
	memset(seen->phrases, 0, (l->n_phrases / 64 + 1) * 8);
	for (size_t i = 0; i < tokens->n; i++)
		if (tokens->items[i].word)
			see_word(l, seen, tokens->items[i].word);
	note_possible(l, seen, l->needless, l->n_needless);
	for (size_t w = 0; w < l->atom_words; w++)
		for (uint64_t left = seen->atoms[w]; left; left &= left - 1) {
			const struct atom *atom = &l->atoms[w * 64 + (size_t)__builtin_ctzll(left)];

			note_possible(l, seen, atom->phrases, atom->n_phrases);
		}
}

static bool fulfils(const struct lexicon *l, const struct token *t, uint16_t atom)
{
	return l->words[t->word].atoms[atom / 64] >> atom % 64 & 1;
}

/* States reachable without reading a word; `t` is the next one, NULL at the end of the sentence. */
static uint64_t closure(const struct lexicon *l, const struct phrase *p, uint64_t states, const struct token *t)
{
	uint64_t empty = p->empty;

	for (uint64_t left = p->nots; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		if (!t || !fulfils(l, t, p->elements[i].atom))
			empty |= 1ULL << i;
	}
	/* The sum carries each state through the run of empty ones above it. */
	return states | (((states & empty) + empty) ^ empty);
}

static uint64_t step(const struct lexicon *l, const struct phrase *p, uint64_t states, const struct token *t)
{
	uint64_t next = states & p->skips, reads = ((1ULL << p->n) - 1) & ~p->skips & ~p->nots;

	for (uint64_t left = states & reads; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		if (fulfils(l, t, p->elements[i].atom))
			next |= 1ULL << i;
	}
	return next << 1;
}

/* The longest end of the phrase when it begins at `at`; `at` itself when it does not. */
static size_t phrase_end(const struct lexicon *l, const struct phrase *p, const struct tokens *tokens, size_t at)
{
	uint32_t sentence = tokens->items[at].sentence;
	uint64_t states = 1;
	size_t longest = at;

	for (size_t i = at; states; i++) {
		const struct token *t = i < tokens->n && tokens->items[i].sentence == sentence ? &tokens->items[i] : NULL;

		states = closure(l, p, states, t);
		if (states >> p->n & 1)
			longest = i;
		if (!t)
			break;
		states = step(l, p, states, t);
	}
	return longest;
}

void lexicon_stage_clear(const struct lexicon *l, struct lexicon_seen *seen)
{
	memset(seen->staged, 0, (l->n_phrases / 64 + 1) * 8);
	seen->pool_n = 0;
	if (++seen->stage == 0) { /* after 4 thousand million texts: no old entry may look new */
		memset(seen->begins, 0, l->n_words * sizeof(*seen->begins));
		seen->stage = 1;
	}
}

/* The staged phrases that may begin with a word: listed once a stage, for words come again and again. */
static const struct lexicon_begins *begins_with(const struct lexicon *l, struct lexicon_seen *seen, uint16_t word)
{
	struct lexicon_begins *b = &seen->begins[word];
	const struct word *w = &l->words[word];

	if (b->stage == seen->stage)
		return b;
	*b = (struct lexicon_begins){ seen->stage, seen->pool_n, 0 };
	for (size_t i = 0; i < w->n_phrases; i++)
		if (seen->staged[w->phrases[i] / 64] >> w->phrases[i] % 64 & 1)
			seen->pool[b->first + b->n++] = w->phrases[i];
	seen->pool_n += b->n;
	return b;
}

void lexicon_phrases_at(const struct lexicon *l, struct lexicon_seen *seen, const struct tokens *tokens, size_t at,
			const struct lexicon_listener *listener)
{
	const struct token *t = &tokens->items[at];
	const struct token *next = at + 1 < tokens->n && t[1].sentence == t->sentence ? t + 1 : NULL;
	const struct lexicon_begins *b = begins_with(l, seen, t->word);

	for (size_t i = 0; i < b->n; i++) {
		size_t phrase = seen->pool[b->first + i], end;
		const struct phrase *p = &l->phrases[phrase];

		if (p->n > 1 && p->elements[1].kind == ONE && !(next && fulfils(l, next, p->elements[1].atom)))
			continue;
		end = p->n > 1 ? phrase_end(l, p, tokens, at) : at + 1;
		if (end > at)
			listener->found(listener->whose, phrase, at, end);
	}
}
