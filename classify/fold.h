/* fold.h - undo what hides words from a search: lookalikes, invisible characters, l33t, s p a c e d letters */
/* Runs in: worker and verbs; the scratch is made before they are confined. Standard: UTS 39 skeletons, NFKC_Casefold. */
#ifndef WATCHDESK_CLASSIFY_FOLD_H
#define WATCHDESK_CLASSIFY_FOLD_H

#include "base/arena.h"
#include "base/err.h"

/* The engines of ICU and a cache of single characters. */
struct fold_scratch;

/* Open what is needed and load it into memory. The caller frees it. */
struct fold_scratch *fold_scratch_new(struct err *err);
void fold_scratch_free(struct fold_scratch *s);
AUTO_FREES(fold_scratch)

struct folded {
	struct str text;      /* lower case, UTF-8 */
	const uint32_t *back; /* text.n + 1 places: byte i of the folded text came from the character at back[i] */
	struct str *steps;    /* what had to be undone: "invisible", "bidi", "marks", "compatibility", "lookalikes" ... */
	size_t n_steps;
};

/* Fold `text`, which must be clean UTF-8 shorter than 4 GiB. Time and memory grow with its length only. All lives in `a`. */
void fold(struct fold_scratch *s, struct arena *a, struct str text, struct folded *out);
/* The bytes of the original behind [*start, *end) of the folded text, whole characters. */
void fold_back(const struct folded *f, size_t *start, size_t *end);

#endif
