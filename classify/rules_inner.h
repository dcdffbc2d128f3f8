/* rules_inner.h - what the files that make and use a set of rules share. Inside classify/ only. */
/* Runs in: supervisor and verbs (building); worker and verbs (scanning). */
#ifndef WATCHDESK_CLASSIFY_RULES_INNER_H
#define WATCHDESK_CLASSIFY_RULES_INNER_H

#include "classify/rarity.h"
#include "classify/rule.h"
#include "classify/rules.h"

/* Places in rules.keywords. */
struct keyword_list {
	uint32_t *items;
	size_t n;
};

/* A file of rules. */
struct rule_pack {
	const char *file;
	struct str content;
	bool shipped;
};

struct rules {
	struct arena *arena;
	struct rule *items;
	size_t n;
	struct match *match; /* patterns of rules, then keywords */
	uint32_t *patterns;  /* of each pattern of the database: its rule */
	size_t n_patterns;
	struct str *keywords;
	size_t n_keywords;
	struct keyword_list *gates; /* of each rule: one of these must stand in the text; none for always */
	struct {
		uint32_t *items; /* rules */
		size_t n;
	} by_run[RUN_KINDS];
	struct rarity *rarity;
	struct rule_pack *packs;
	size_t n_packs;
	struct classifier_packs files;
	unsigned char digest[DIGEST_BYTES];
};

/* What is said of a match: its confidence, and why, clause by clause. */
struct opinion {
	int confidence;
	double share; /* of its weight that counts */
	bool example;
	struct str why;
	const char *refusal; /* when it is no hit */
};

/* A context word as it is written: "<nip>" stands for itself alone, not for a part of "snippet"; its signs are no part of it.
 */
static inline struct str rule_word(struct str written)
{
	bool alone = written.n > 2 && written.p[0] == '<' && written.p[written.n - 1] == '>';

	return alone ? str_slice(written, 1, written.n - 1) : written;
}

/* The confidence of an opinion, within the scale. */
enum confidence opinion_confidence(const struct opinion *o);

/* Does each rule hit its examples and leave its look-alikes alone? E_USAGE names the first that does not, by its line. */
int rules_check_examples(const struct rules *r, struct err *err);
/* Is this match of a rule a hit, and how sure? Its place is in `m`. False when it is none at all. */
bool rule_judge(const struct rules *r, const struct rule *rule, struct found *f, const struct confirm_found *m,
		struct opinion *out);

#endif
