/* match.h - many patterns at once, in one pass (libhs) */
/* Runs in: zygote (compiling), worker and verbs (scanning). It says which pattern ended where, not where it began. */
#ifndef WATCHDESK_CLASSIFY_MATCH_H
#define WATCHDESK_CLASSIFY_MATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* A database of patterns. */
struct match;
/* What one process needs to scan with some of them. */
struct match_scratch;

enum match_kind {
	MATCH_EXPRESSION,
	MATCH_WORD, /* a text, small and capital letters alike; its first end is told, no other. "<x>": x as a word of its own
		     */
	MATCH_EXACT /* a text as it is; all patterns of a database are of this kind or none */
};

/* What is looked for. `text` must end with a NUL that is not counted. */
struct match_pattern {
	struct str text;
	enum match_kind kind;
};

/* Compile patterns into one database. On failure *wrong is the index of the one at fault, or n. */
struct match *match_new(const struct match_pattern *patterns, size_t n, size_t *wrong, struct err *err);
void match_free(struct match *m);
AUTO_FREES(match)
struct match_scratch *match_scratch_new(const struct match *const *databases, size_t n, struct err *err);
void match_scratch_free(struct match_scratch *s);
AUTO_FREES(match_scratch)

/* Called for each end of a match, in no order within one place; false stops the scan. */
struct match_listener {
	bool (*ended)(void *whose, unsigned index, size_t end);
	void *whose;
};

/* Scan `text`, at most 4 GiB. 0 done, 1 stopped by the listener. */
int match_scan(const struct match *m, struct match_scratch *s, struct str text, const struct match_listener *listener);
/* What a compiled database depends on beside its patterns: the library's version and this machine's kind, in words. */
struct str match_machine(struct arena *a);
/* A compiled database as bytes, and back. Empty when there is nothing to keep; NULL when these are none of this library. */
struct str match_freeze(const struct match *m, struct arena *a);
struct match *match_thaw(struct str bytes);
/* Compare libhs with PCRE2 on a fixed set of texts: Debian's Vectorscan loses matches on AVX-512. E_FAULT when it does.
 * `cache` as for match_cached(). */
int match_self_test(const char *cache, struct err *err);

#endif
