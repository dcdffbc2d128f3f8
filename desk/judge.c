/* judge.c - the writer's side of an assessment */
#include "desk/judge.h"

#include <string.h>

#include "desk/counted.h"
#include "desk/quotation.h"
#include "store/quoted.h"

static struct str strongest_category(const struct assessment *found)
{
	int strongest = 0;

	for (int i = 1; i < CATEGORIES; i++)
		if (found->category[i] > found->category[strongest])
			strongest = i;
	return str_of(category_names[strongest]);
}

/* The asset most concerned: the first that is named, else the first whose secret is there, else what is inferred. */
static struct str asset_of(const struct assessment *found)
{
	if (found->n_mentions)
		return found->mentions[0].asset;
	for (size_t i = 0; i < found->n_hits; i++)
		if (found->hits[i].asset.n)
			return found->hits[i].asset;
	return found->inferred;
}

static struct stored_hit stored_hit(const struct hit *h, struct str text, const struct store *store, struct arena *a)
{
	struct stored_hit kept = {
		.rule = h->rule,
		.label = h->label,
		.kind = h->kind,
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

static enum verdict verdict_named(struct str name)
{
	for (int i = VERDICT_NONE; i <= VERDICT_DUPLICATE; i++)
		if (str_eq(name, str_of(verdict_names[i])))
			return (enum verdict)i;
	return VERDICT_NONE;
}

/* The severity, after what was decided of a repeat; the reason is then the first of its terms. */
static int severity_with_verdict(const struct assessment *found, struct store *store, struct arena *a, struct stored_post *out,
				 struct severity *severity, struct err *err)
{
	struct str *terms, why;
	int known;

	if (counted_severity(store, found, out->source_id, VERDICT_NONE, a, severity, err) < 0)
		return err->code;
	if (severity->value < FINDING_SEVERITY)
		return 0;
	known = store_known_verdict(store, out->text, out->assessment.hits, out->assessment.n_hits, a, &out->assessment.verdict,
				    &why, err);
	if (known <= 0)
		return known;
	if (counted_severity(store, found, out->source_id, verdict_named(out->assessment.verdict), a, severity, err) < 0)
		return err->code;
	terms = arena_alloc(a, (severity->n_terms + 1) * sizeof(*terms));
	terms[0] = why;
	for (size_t i = 0; i < severity->n_terms; i++)
		terms[i + 1] = severity->terms[i];
	severity->terms = terms;
	severity->n_terms++;
	out->assessment.verdict_why = why;
	return 0;
}

/* Parts of a threat within a stretch. */
static size_t parts_within(const struct assessment *found, const struct stretch *s)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n_parts; i++) {
		const struct span *its = &found->parts[i].span;

		n += its->layer == 0 && its->start >= s->start && its->end <= s->end;
	}
	return n;
}

/* What a post quotes, out of its masked text: where most parts stand first, the longest first among equals. */
static size_t quoted_stretches(const struct assessment *found, struct str text, struct str out[QUOTATION_STRETCHES])
{
	struct stretch all[QUOTATION_STRETCHES];
	size_t parts[QUOTATION_STRETCHES], n = quotation_find(text, all);

	for (size_t i = 0; i < n; i++) {
		size_t its = parts_within(found, &all[i]), k = i;

		for (; k > 0 && parts[k - 1] < its; k--) {
			parts[k] = parts[k - 1];
			out[k] = out[k - 1];
		}
		parts[k] = its;
		out[k] = str_slice(text, all[i].start, all[i].end);
	}
	return n;
}

static void add_mark(struct stored_post *out)
{
	struct stored_assessment *said = &out->assessment;

	for (size_t i = 0; i < said->n_parts; i++)
		if (str_eq(said->parts[i].part, STR(QUOTED_PART)))
			return;
	said->parts[said->n_parts++] = (struct stored_part){ STR(QUOTED_PART), 0, 0, (int64_t)out->text.n };
}

static void name_original(const struct original *original, struct arena *a, struct stored_assessment *said)
{
	struct str *reasons = arena_alloc(a, (said->n_reasons + 1) * sizeof(*reasons));

	reasons[0] = quoted_sentence(original, a);
	for (size_t i = 0; i < said->n_reasons; i++)
		reasons[i + 1] = said->reasons[i];
	said->reasons = reasons;
	said->n_reasons++;
}

/* A post that tells of a threat is marked so, and one that has a finding's words in quotation marks; that is named then. */
static int mark_report(const struct assessment *found, struct store *store, struct arena *a, struct stored_post *out,
		       struct err *err)
{
	struct str stretches[QUOTATION_STRETCHES];
	const struct quoting quoting = { out->source_id, out->key, out->text, stretches,
					 quoted_stretches(found, out->text, stretches) };
	const bool reports = found->reports >= 0.5;
	struct original original;
	int quotes = quoted_find(store, &quoting, a, &original, err);

	if (quotes < 0)
		return quotes;
	if (reports || (quotes && original.finding.n))
		add_mark(out);
	if (quotes && (reports || original.finding.n))
		name_original(&original, a, &out->assessment);
	return 0;
}

int judge(const struct read_post *r, struct store *store, int64_t classifier_id, struct arena *a, struct stored_post *out,
	  struct err *err)
{
	const struct assessment *found = &r->assessment;
	struct severity severity;
	struct stored_hit *hits = arena_alloc(a, found->n_hits * sizeof(*hits));
	struct stored_part *parts = arena_alloc(a, (found->n_parts + 1) * sizeof(*parts));

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
		.category = strongest_category(found),
		.asset = asset_of(found),
		.language = r->language,
	};
	if (severity_with_verdict(found, store, a, out, &severity, err) < 0)
		return err->code;
	out->assessment.severity = severity.value;
	out->assessment.terms = severity.terms;
	out->assessment.n_terms = severity.n_terms;
	return stored_says_something(&out->assessment) ? mark_report(found, store, a, out, err) : 0;
}

int judge_classifier(const struct classifier *c, struct store *store, struct arena *a, int64_t now, int64_t *id,
		     struct err *err)
{
	const struct classifier_packs files = classifier_files(c, a);
	struct version *versions = arena_alloc(a, (files.n + 2) * sizeof(*versions));
	unsigned char rules[DIGEST_BYTES], assets[DIGEST_BYTES];
	const struct stored_classifier it = { rules, assets, STR(WATCHDESK_VERSION), versions, files.n + 2 };

	classifier_digests(c, rules, assets);
	for (size_t i = 0; i < files.n; i++) {
		versions[i] = (struct version){ files.items[i].kind, files.items[i].name, { 0 } };
		memcpy(versions[i].digest, files.items[i].digest, DIGEST_BYTES);
	}
	versions[files.n] = (struct version){ "assets", STR("assets"), { 0 } };
	memcpy(versions[files.n].digest, assets, DIGEST_BYTES);
	versions[files.n + 1] = (struct version){ "program", STR(WATCHDESK_VERSION), { 0 } };
	digest_sha256(STR(WATCHDESK_VERSION), versions[files.n + 1].digest);
	return store_classifier(store, &it, now, id, err);
}
