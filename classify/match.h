/* match.h - many patterns at once, in one pass (libhs) */
/* Runs in: zygote (compiling), worker and verbs (scanning). It says which pattern ended where, not where it began. */
#ifndef WATCHDESK_CLASSIFY_MATCH_H
#define WATCHDESK_CLASSIFY_MATCH_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

/* A database of patterns. */
struct match;
/* What one process needs to scan with some of them. */
struct match_scratch;

/* What is looked for. `text` must end with a NUL that is not counted. */
struct match_pattern {
	struct str text;
	bool literal; /* a text, small and capital letters alike, not an expression */
	bool once;    /* say only once that it is there */
};

/* Compile patterns into one database. On failure *wrong is the index of the one at fault, or n. */
struct match *match_new(const struct match_pattern *patterns, size_t n, size_t *wrong, struct err *err);
/* The same of many literals, all exactly as written. */
struct match *match_new_literals(const struct str *literals, size_t n, struct err *err);
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
/* Compare libhs with PCRE2 on a fixed set of texts: Debian's Vectorscan loses matches on AVX-512. E_FAULT when it does. */
int match_self_test(struct err *err);

#endif
