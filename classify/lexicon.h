/* lexicon.h - words, the classes and senses they belong to, and phrases made of classes */
/* Runs in: zygote (building), worker and verbs (reading). Inside classify/ only; the data is classify/frames/. */
#ifndef WATCHDESK_CLASSIFY_LEXICON_H
#define WATCHDESK_CLASSIFY_LEXICON_H

#include "base/arena.h"
#include "base/yaml.h"

/*
 * A class file line "harm: [kill+ shoot shooting stab++ bomb*]": + adds the forms of a verb, ++ those with a doubled
 * consonant, * the plural; "öldür-" is every word that begins so. <number> <year> <ordinal> <clock> <date> <money> are words
 * that stand for numbers as written. Words of the class `common` are too frequent to say anything alone. A number before a
 * word of the class `currency`, or of the class `scale` and then one of `currency`, is <money>.
 *
 * A sense is what a word does, in any language: a line "i will harm: [mataré]" gives one word several, in this order. The
 * first line that claims a word has it. "@class" stands for the words of a class.
 *
 * A phrase "@stay|keep away|clear ~2 from !drugs @place?": elements that follow each other in one sentence, each a word,
 * a class or several; ? makes it optional, ~n skips up to n words, !x wants the next word not to be x.
 */
struct lexicon;

enum {
	LEXICON_SENSES = 4,	   /* of one word at most */
	LEXICON_MOST_SENSES = 128, /* 0 is none */
	LEXICON_RECENT = 8192,	   /* words kept at hand */
};

struct lexicon_senses {
	uint8_t n, items[LEXICON_SENSES];
};

/* A word of a text. Clitics are words of their own: "don't" is "do" and "not". */
struct token {
	uint32_t start, end; /* in the folded text */
	uint32_t sentence;
	uint32_t hash;	 /* of its bytes, or of the word it stands for */
	uint16_t word;	 /* 0 when the lexicon does not know it */
	uint16_t senses; /* for lexicon_senses_of() */
	uint16_t place;	 /* among the words met lately ... */
	uint32_t met;	 /* ... and the number of that meeting; 0 for a word that is not kept there */
	bool quoted;	 /* between quotation marks, or in a line that quotes */
	bool asked;	 /* in a sentence that ends with a question mark */
};

struct tokens {
	struct token *items;
	size_t n;
	bool cut; /* the text was longer than is read */
};

/* An empty lexicon that lives in `a`. */
struct lexicon *lexicon_new(struct arena *a);
/* Add the classes of one mapping. A class may be extended by later ones. */
int lexicon_add_classes(struct lexicon *l, const struct yaml *map, struct err *err);
/* Add the senses of one mapping, after all classes. */
int lexicon_add_senses(struct lexicon *l, const struct yaml *map, struct err *err);
/* Compile a phrase and get its number, which counts from 0. */
int lexicon_add_phrase(struct lexicon *l, struct yaml_text phrase, size_t *number, struct err *err);
/* No more phrases will come: build the tables. */
int lexicon_finish(struct lexicon *l, struct err *err);
/* How many phrases were added. */
size_t lexicon_phrases(const struct lexicon *l);
/* How many senses there are, and their names; number 0 is none. */
size_t lexicon_n_senses(const struct lexicon *l);
struct str lexicon_sense(const struct lexicon *l, size_t i);
/* What a word of a text does. */
const struct lexicon_senses *lexicon_senses_of(const struct lexicon *l, const struct token *t);

/* The hash of a word as tokens have it. */
uint32_t lexicon_hash_of(struct str word);
/* Words met lately, so that the frequent ones need not be looked up: one for each reader. */
struct lexicon_recent;
struct lexicon_recent *lexicon_recent_new(void);
void lexicon_recent_free(struct lexicon_recent *recent);
AUTO_FREES(lexicon_recent)
/* Split a folded text into words. `recent` was used with this lexicon only. */
void lexicon_read(const struct lexicon *l, struct lexicon_recent *recent, struct arena *a, struct str text, struct tokens *out);

/* Which phrases may occur in a text, by the words that do. */
struct lexicon_seen {
	uint64_t *atoms;
	uint64_t *phrases;
	uint64_t *words; /* that were counted */
	/* What is looked for at the moment, and, filled on demand, which of it begins with a word. */
	uint64_t *staged;
	struct lexicon_begins {
		uint32_t stage, first, n; /* of which stage; in `pool` */
	} * begins;
	uint32_t *pool;
	uint32_t pool_n, stage;
};
struct lexicon_seen lexicon_seen_new(const struct lexicon *l);
void lexicon_seen_release(struct lexicon_seen *seen);
/* From the words of a text, the phrases that are possible in it. */
void lexicon_see(const struct lexicon *l, struct lexicon_seen *seen, const struct tokens *tokens);
/* Look for nothing, then for what is staged. */
void lexicon_stage_clear(const struct lexicon *l, struct lexicon_seen *seen);
static inline void lexicon_stage(struct lexicon_seen *seen, size_t phrase)
{
	seen->staged[phrase / 64] |= 1ULL << phrase % 64;
}
static inline bool lexicon_possible(const struct lexicon_seen *seen, size_t phrase)
{
	return seen->phrases[phrase / 64] >> phrase % 64 & 1;
}

/* Call `found` with each staged phrase that begins at token `at`, and the token behind its end. */
struct lexicon_listener {
	void (*found)(void *whose, size_t phrase, size_t start, size_t end);
	void *whose;
};
void lexicon_phrases_at(const struct lexicon *l, struct lexicon_seen *seen, const struct tokens *tokens, size_t at,
			const struct lexicon_listener *listener);

#endif
