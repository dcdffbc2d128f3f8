/* takedown_fact.h - what people say of a case: facts for its notices that no finding knows, and notes */
/* Runs in: verbs, writer (reading). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_TAKEDOWN_FACT_H
#define WATCHDESK_STORE_TAKEDOWN_FACT_H

#include "store/store.h"

/* A fact by its name in templates, such as "work"; a note has no name. */
struct takedown_fact {
	struct str name, value, operator_name;
	int64_t at;
};

/* Set facts of an open case, or with an empty value forget them. In custody. Needs a transaction; `operator_name` and `at` are
 * not read. */
int takedown_facts_set(struct store *s, int64_t takedown_id, const struct takedown_fact *facts, size_t n,
		       struct str operator_name, int64_t now, struct err *err);
/* Those of a case, by name. */
int takedown_facts(struct store *s, int64_t takedown_id, struct arena *a, struct takedown_fact **rows, size_t *n,
		   struct err *err);
/* Write down what somebody has to say of a case, also of a closed one. In custody. Needs a transaction. */
int takedown_note_add(struct store *s, int64_t takedown_id, struct str note, struct str operator_name, int64_t now,
		      struct err *err);
/* The notes, the oldest first. */
int takedown_notes(struct store *s, int64_t takedown_id, struct arena *a, struct takedown_fact **rows, size_t *n,
		   struct err *err);

#endif
