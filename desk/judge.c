/* judge.c - the writer's side of an assessment */
#include "desk/judge.h"

#include "classify/severity.h"

static struct str strongest_category(const struct assessment *found)
{
	int strongest = 0;

	for (int i = 1; i < CATEGORIES; i++)
		if (found->category[i] > found->category[strongest])
			strongest = i;
	return str_of(category_names[strongest]);
}

/* The asset most concerned: the first that is named, else the first whose secret is there. */
static struct str asset_of(const struct assessment *found)
{
	if (found->n_mentions)
		return found->mentions[0].asset;
	for (size_t i = 0; i < found->n_hits; i++)
		if (found->hits[i].asset.n)
			return found->hits[i].asset;
	return (struct str){ 0 };
}

static struct stored_hit stored_hit(const struct hit *h, struct str text, const struct store *store, struct arena *a)
{
	struct stored_hit kept = {
		.rule = h->rule,
		.label = h->label,
		.masked = h->masked,
		.why = h->why,
		.asset = h->asset,
		.layer = h->span.layer,
		.confidence = (int)h->confidence,
		.start = (int64_t)h->span.start,
		.end = (int64_t)h->span.end,
	};

	if (h->secret.layer == 0 && h->secret.end > h->secret.start) {
		unsigned char *digest = arena_alloc(a, DIGEST_BYTES);

		store_secret_digest(store, str_slice(text, h->secret.start, h->secret.end), digest);
		kept.secret_digest = (struct str){ (const char *)digest, DIGEST_BYTES };
	}
	return kept;
}

static struct str masked(struct str text, const struct assessment *found, struct arena *a)
{
	struct str copy = arena_copy(a, text);

	classify_mask((char *)(uintptr_t)copy.p, copy.n, found);
	return copy;
}

void judge(const struct read_post *r, const struct store *store, int64_t classifier_id, struct arena *a,
	   struct stored_post *out)
{
	const struct assessment *found = &r->assessment;
	struct severity severity;
	struct stored_hit *hits = arena_alloc(a, found->n_hits * sizeof(*hits));
	struct stored_part *parts = arena_alloc(a, found->n_parts * sizeof(*parts));

	severity_of(found, VERDICT_NONE, a, &severity);
	for (size_t i = 0; i < found->n_hits; i++)
		hits[i] = stored_hit(&found->hits[i], r->post.text, store, a);
	for (size_t i = 0; i < found->n_parts; i++)
		parts[i] = (struct stored_part){ found->parts[i].part, found->parts[i].span.layer,
						 (int64_t)found->parts[i].span.start, (int64_t)found->parts[i].span.end };
	out->text = masked(r->post.text, found, a);
	out->assessment = (struct stored_assessment){
		.classifier_id = classifier_id,
		.violence = found->category[CATEGORY_VIOLENCE],
		.extortion = found->category[CATEGORY_EXTORTION],
		.leak = found->category[CATEGORY_LEAK],
		.dox = found->category[CATEGORY_DOX],
		.hits = hits,
		.n_hits = found->n_hits,
		.parts = parts,
		.n_parts = found->n_parts,
		.reasons = found->reasons,
		.n_reasons = found->n_reasons,
		.severity = severity.value,
		.category = strongest_category(found),
		.asset = asset_of(found),
		.terms = severity.terms,
		.n_terms = severity.n_terms,
	};
}
