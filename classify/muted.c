/* muted.c - an assessment without the hits of some rules */
#include "classify/muted.h"

#include "classify/found.h"

/* The chance that hits miss, all together. */
static double miss_of(const struct hit *hits, size_t n)
{
	double miss = 1;

	for (size_t i = 0; i < n; i++)
		miss *= 1 - found_weight_of(hits[i].confidence);
	return miss;
}

/*
 * Scores are 1 minus the product of what each finding misses. Where nothing but hits speaks, those that are left make the
 * score; else those that went are divided out, and when they were so many that this cannot be told, the score stays.
 */
static double score_without(const struct assessment *x, const struct assessment *left, double score, double gone)
{
	const double miss = x->n_parts ? (gone > 1e-9 ? (1 - score) / gone : 1 - score) : miss_of(left->hits, left->n_hits);
	const double now = miss < 1 ? 1 - miss : 0;

	return now < score ? now : score;
}

size_t muted_assessment(const struct assessment *x, muted_rule *is_muted, void *whose, struct arena *a, struct assessment *out)
{
	double gone = 1;
	size_t n = 0;

	*out = *x;
	out->hits = arena_alloc(a, (x->n_hits + 1) * sizeof(*out->hits));
	for (size_t i = 0; i < x->n_hits; i++) {
		if (is_muted(whose, x->hits[i].rule))
			gone *= miss_of(&x->hits[i], 1);
		else
			out->hits[n++] = x->hits[i];
	}
	out->n_hits = n;
	for (int c = CATEGORY_LEAK; n < x->n_hits && c <= CATEGORY_DOX; c++)
		out->category[c] = score_without(x, out, x->category[c], gone);
	return x->n_hits - n;
}
