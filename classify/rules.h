/* rules.h - rule packs: patterns of leaked data, confirmed and validated */
/* Runs in: zygote (building), worker and verbs (scanning). */
#ifndef WATCHDESK_CLASSIFY_RULES_H
#define WATCHDESK_CLASSIFY_RULES_H

#include "classify/pack.h"
#include "classify/confirm.h"
#include "classify/found.h"
#include "classify/match.h"

/* All rules, compiled into one database. */
struct rules;
struct rule;

/* A place of the text that rules name as a part of a threat (a wallet, an onion address). */
struct rule_part {
	struct str part;
	struct span span;
};
struct rule_parts {
	struct rule_part *items;
	size_t n;
};

/*
 * The shipped packs, then those of `folder` (NULL for none), whose rules replace shipped ones of the same id. Compiled patterns
 * are kept in the folder `cache` (NULL: nowhere).
 */
struct rules *rules_new(const char *folder, const char *cache, struct err *err);
/* One pack from memory instead: for tests and `rule test`. `file` names it in errors. */
struct rules *rules_from_text(struct str yaml, const char *file, struct err *err);
void rules_free(struct rules *r);
AUTO_FREES(rules)
size_t rules_count(const struct rules *r);
/* The i-th rule, and that of an id (NULL for none); see classify/rule.h. */
const struct rule *rules_at(const struct rules *r, size_t i);
const struct rule *rules_find(const struct rules *r, struct str id);
/* The files that it was read from. */
const struct classifier_packs *rules_packs(const struct rules *r);
const unsigned char *rules_digest(const struct rules *r);

/* What one process needs to scan. */
struct rules_scratch;
struct rules_scratch *rules_scratch_new(const struct rules *r, struct err *err);
void rules_scratch_free(struct rules_scratch *s);
AUTO_FREES(rules_scratch)
/* Scan the text of `found`; hits, weights and reasons go there, parts to `parts`. */
void rules_scan(const struct rules *r, struct rules_scratch *s, struct found *found, struct rule_parts *parts);
/* Why a rule hits a text or does not, step by step. */
struct rule_story {
	struct str *lines;
	size_t n;
	size_t hits;
};
int rules_explain(const struct rules *r, const struct rule *rule, struct arena *a, struct str text, struct rule_story *story,
		  struct err *err);
/* What a rule has cost since its scratch was made: ends that libhs told of, and bytes that PCRE2 was given. */
struct rule_cost {
	uint64_t ends, bytes;
};
struct rule_cost rules_cost(const struct rules_scratch *s, size_t i);
/* One pass of the matcher alone, for benchmarks: how many matches it tells of. */
size_t rules_scan_bare(const struct rules *r, struct rules_scratch *s, struct str text);
/*
 * Put every example of every rule into `rounds` different paddings: what PCRE2 finds there, the whole must find too. E_FAULT
 * names the first match that was lost. *tried counts the texts.
 */
int rules_prove(const struct rules *r, unsigned rounds, size_t *tried, struct err *err);
/* The place where rule `i` is first confirmed in `text`, without any validation: for differential tests. 1 or 0. */
int rules_confirm(const struct rules *r, size_t i, struct rules_scratch *s, struct str text, struct span *out);

#endif
