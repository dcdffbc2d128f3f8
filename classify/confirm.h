/* confirm.h - does a pattern match here, and where does it begin? (PCRE2 with JIT) */
/* Runs in: zygote (compiling), worker and verbs (matching). Patterns see bytes, not characters. */
#ifndef WATCHDESK_CLASSIFY_CONFIRM_H
#define WATCHDESK_CLASSIFY_CONFIRM_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

/* A compiled pattern. */
struct confirm;
/* What one process needs to match. */
struct confirm_scratch;

enum { CONFIRM_GROUPS = 8 };

/* Where the whole match (0) and its groups stand; a group that took no part has start == end == 0. */
struct confirm_found {
	struct {
		size_t start, end;
	} group[CONFIRM_GROUPS];
};

/* Compile. E_BAD with the cause, for people, when the pattern is wrong. The caller frees it. */
struct confirm *confirm_new(struct str pattern, struct err *err);
void confirm_free(struct confirm *c);
AUTO_FREES(confirm)
/* How many groups it captures. */
size_t confirm_groups(const struct confirm *c);
struct confirm_scratch *confirm_scratch_new(void);
void confirm_scratch_free(struct confirm_scratch *s);
AUTO_FREES(confirm_scratch)
/* The first match in `text` that begins at `from` or later: 1 found, 0 none, E_LIMIT after LIMIT_PCRE_STEPS. */
int confirm_find(const struct confirm *c, struct confirm_scratch *s, struct str text, size_t from, struct confirm_found *out);
/* The same for a match that also begins at `last` or before it. */
int confirm_find_before(const struct confirm *c, struct confirm_scratch *s, struct str text, size_t from, size_t last,
			struct confirm_found *out);

#endif
