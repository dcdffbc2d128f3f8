/* sketch.h - how alike two texts are, told by a few hundred bytes of each: MinHash over rows of three words */
/* Runs in: writer, verbs. Pure. Reference: Broder, "On the resemblance and containment of documents", 1997. */
#ifndef WATCHDESK_STORE_SKETCH_H
#define WATCHDESK_STORE_SKETCH_H

#include "store/words.h"

enum {
	SKETCH_SLOTS = 96,
	SKETCH_BYTES = 4 * SKETCH_SLOTS,
	SKETCH_BANDS = 16, /* of SKETCH_SLOTS / SKETCH_BANDS numbers each: of texts 0.8 alike 99 in 100 have one in common */
	SKETCH_WORDS = 8,  /* a text of fewer has no sketch: it is alike by chance */
};

/* From here on two texts are one campaign: of 30 words one or two are others, of 100 about six. */
#define SKETCH_ALIKE 0.7

/*
 * The sketch of a text, whatever its case, accents, punctuation and line breaks: 1, or 0 when it has too few words. `w` finds
 * the words.
 */
int sketch_of(struct words *w, struct str text, unsigned char out[SKETCH_BYTES]);
/* The share of rows of three words that two texts have in common of all that either has (Jaccard), give or take 0.05. */
double sketch_alike(const unsigned char a[SKETCH_BYTES], const unsigned char b[SKETCH_BYTES]);
/*
 * A text in which others are looked for: what it says is much more, as a page says more than the post on it. The caller frees
 * it.
 */
struct sketch_whole;
struct sketch_whole *sketch_whole_new(struct words *w, struct str text);
void sketch_whole_free(struct sketch_whole *s);
AUTO_FREES(sketch_whole)
/* How many words it has. */
size_t sketch_whole_words(const struct sketch_whole *s);
/*
 * The share of the rows of three words of `text` that stand in it (containment), each counted once. Of a text of fewer than
 * SKETCH_WORDS words 1 when they stand there side by side, else 0. Below 0 for a text without words.
 */
double sketch_contained(const struct sketch_whole *in, struct words *w, struct str text);
/* Its bands. */
void sketch_bands(const unsigned char sketch[SKETCH_BYTES], int64_t out[SKETCH_BANDS]);

#endif
