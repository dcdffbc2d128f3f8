/* lexicon_inner.h - how words, classes, senses and phrases are kept */
/* Runs in: zygote (building), worker and verbs (reading). For classify/lexicon*.c only. */
#ifndef WATCHDESK_CLASSIFY_LEXICON_INNER_H
#define WATCHDESK_CLASSIFY_LEXICON_INNER_H

#include "classify/lexicon.h"

/* Words that stand for numbers as people write them. */
enum number_word { NUMBER = 1, YEAR, ORDINAL, CLOCK, DATE, MONEY, NUMBER_WORDS };

struct word {
	struct str text;
	uint32_t hash;
	bool common;
	bool currency;		/* makes money of a number before it */
	bool scale;		/* "thousand": may stand between the two */
	uint16_t senses;	/* index of a row of senses; 0 for none */
	uint16_t stands_for[2]; /* of a contraction */
	uint64_t *atoms;	/* those that this word fulfils */
	uint32_t *phrases;	/* that may begin with it */
	size_t n_phrases;
};

struct class
{
	struct str name;
	uint16_t *words;
	size_t n;
};

/* One way to say an element: a set of words. */
struct atom {
	struct str text;
	uint16_t *words;
	size_t n;
	bool common;	   /* holds a common word, so it counts as seen */
	uint32_t *phrases; /* that need it first */
	size_t n_phrases;
};

enum element_kind { ONE, OPTIONAL, SKIP, NOT };

struct element {
	enum element_kind kind;
	uint16_t atom;
};

struct phrase {
	struct element *elements;
	size_t n;
	uint64_t empty; /* states that may be left without reading a word: skips and options */
	uint64_t skips, nots;
	uint16_t *needs; /* atoms without which it cannot occur, but for those of common words */
	size_t n_needs;
};

/* Words by their bytes: open addressing; 0 is no word. */
struct word_slot {
	uint32_t hash;
	uint16_t word;
};
struct word_table {
	struct word_slot *slots;
	size_t mask;
};

enum {
	LEAST_PREFIX = 3, /* bytes */
	PREFIX_STARTS = 1 << 14,
};

struct lexicon {
	struct arena *a;
	struct word *words;
	size_t n_words;
	struct word_table whole, prefixes; /* a prefix stands for every word that begins so */
	uint8_t *reach;			   /* how long a prefix may be, by the hash of its first LEAST_PREFIX bytes */
	struct class *classes;
	size_t n_classes;
	struct str *senses; /* names; 0 is none */
	size_t n_senses;
	struct lexicon_senses *rows; /* 0 is empty */
	size_t n_rows;
	struct atom *atoms;
	size_t n_atoms;
	struct phrase *phrases;
	size_t n_phrases;
	uint32_t *needless; /* phrases of common words only */
	size_t n_needless;
	size_t atom_words;  /* 64-bit words of a set of atoms */
	uint64_t *no_atoms; /* the set of the words that are in no phrase */
};

/* FNV-1a, one byte more. */
#define LEXICON_HASH 2166136261u
static inline uint32_t lexicon_hash_step(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * 16777619u;
}
static inline uint32_t lexicon_hash(struct str s)
{
	uint32_t h = LEXICON_HASH;

	for (size_t i = 0; i < s.n; i++)
		h = lexicon_hash_step(h, s.p[i]);
	return h;
}

static inline size_t lexicon_start(uint32_t h)
{
	return (h ^ h >> 15) % PREFIX_STARTS;
}

/* The word of these bytes, whose hash is `h`; 0 for none. */
static inline uint16_t lexicon_word(const struct lexicon *l, const struct word_table *t, struct str text, uint32_t h)
{
	size_t i = (h ^ h >> 15) & t->mask;

	while (t->slots[i].word && !(t->slots[i].hash == h && str_eq(l->words[t->slots[i].word].text, text)))
		i = (i + 1) & t->mask;
	return t->slots[i].word;
}

/* The kind of number that these digits and what is written to them are. */
uint16_t lexicon_number(struct str digits, struct str ending);

#endif
