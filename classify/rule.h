/* rule.h - one rule of a pack: as its file has it, and compiled. Inside classify/ only. */
/* Runs in: supervisor and verbs (building); read-only in every role afterwards. */
#ifndef WATCHDESK_CLASSIFY_RULE_H
#define WATCHDESK_CLASSIFY_RULE_H

#include "base/yaml.h"
#include "classify/classify.h"
#include "classify/confirm.h"
#include "classify/runs.h"
#include "classify/validate.h"

enum { RULE_CHECKS = 4 };

/* As the pack has it. Borrowed from the arena it was read into. */
struct rule_source {
	struct yaml_text id, title, family, label, pattern, run, confirm, part;
	struct yaml_texts validators, context, anti_context, keywords, stop, allow, not_named, references, examples,
		counter_examples;
	int confidence, gravity, category;
	int64_t secret, window, reach, distance, list;
	double weight, entropy, rarity;
	bool needs_context, generic, withhold;
};

struct rule {
	struct rule_source source;
	bool shipped;
	struct confirm *confirm;
	struct run_wanted run; /* when source.run is given */
	const struct validator *checks[RULE_CHECKS];
	size_t n_checks;
};

/* Read and compile a rule. E_USAGE: `err` says "file:line: what, expected what". rule_release() frees what it holds. */
int rule_read(struct rule *rule, const struct yaml *y, bool shipped, struct confirm_scratch *scratch, struct arena *a,
	      struct err *err);
void rule_release(struct rule *rule);

#endif
