/* found.h - what the detectors of one text have found so far, while it is being assessed */
/* Runs in: worker and verbs. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_FOUND_H
#define WATCHDESK_CLASSIFY_FOUND_H

#include "classify/decode.h"

struct found {
	struct arena *a;
	struct str text; /* of the layer at hand */
	int layer;
	struct layers layers; /* the post's text, and what was decoded from it */
	uint64_t *seen;	      /* of each hit kept: rule and bytes, hashed */
	size_t n_seen;
	struct assessment *out;
	double miss[CATEGORIES]; /* product of (1 - weight) over what speaks for a category */
	bool hits_full;
	struct span *hidden; /* secrets, each in its own layer: no sentence may quote them */
	size_t n_hidden;
};

/* [start, end) of the layer at hand, widened to whole characters: detectors see bytes. */
struct span found_span(const struct found *f, size_t start, size_t end);
/* Count `weight` (0 to 1) for a category: together they make 1 - product of (1 - weight). */
void found_weigh(struct found *f, enum category category, double weight);
/*
 * Keep a hit, at most LIMIT_HITS; its secret is kept for masking in any case. In a deeper layer one that an outer layer
 * showed already is dropped, and the secret becomes the bytes of layer 0 that it came from.
 */
void found_hit(struct found *f, const struct hit *hit);
/* What must not be stored and belongs to no hit. */
void found_secret(struct found *f, struct span span);
/* Overwrite what is secret of `n` bytes of the layer at hand, which `bytes` is a copy of, from `start` on. */
void found_hide(const struct found *f, size_t start, char *bytes, size_t n);
/* Add a sentence to the reasons. */
void found_reason(struct found *f, struct str sentence);
/* How much a hit of this confidence says by itself. */
double found_weight_of(enum confidence confidence);
/* A sample of [start, end) fit for a report: the secret's middle replaced, control characters shown as '.', at most 100 bytes.
 */
struct str found_sample(struct found *f, struct span whole, struct span secret);

#endif
