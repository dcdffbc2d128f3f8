/* marking.c - an operator says what a finding is */
#include "desk/marking.h"

#include "desk/around.h"
#include "desk/counted.h"

int marking_verdict(struct str name, enum verdict *out, struct err *err)
{
	for (int i = VERDICT_NONE; i <= VERDICT_DUPLICATE; i++)
		if (str_eq(name, str_of(verdict_names[i]))) {
			*out = (enum verdict)i;
			return 0;
		}
	return err_set(err, E_USAGE,
		       "%.*s: no such verdict, expected confirmed, false-positive, known, duplicate or none behind the ids",
		       STR_ARG(str_slice(name, 0, 100)));
}

/* The assessment as it was stored: the severity follows from it and the verdict. */
static struct assessment assessment_of(const struct finding_detail *d, struct arena *a)
{
	struct assessment out = { .category = { d->finding.violence, d->finding.extortion, d->finding.leak, d->finding.dox } };

	out.n_hits = d->said.n_hits;
	out.hits = arena_alloc(a, d->said.n_hits * sizeof(*out.hits));
	for (size_t i = 0; i < d->said.n_hits; i++) {
		const struct stored_hit *h = &d->said.hits[i];

		out.hits[i] = (struct hit){ .rule = h->rule,
					    .label = h->label,
					    .masked = h->masked,
					    .why = h->why,
					    .asset = h->asset,
					    .confidence = (enum confidence)h->confidence };
	}
	out.n_parts = d->said.n_parts;
	out.parts = arena_alloc(a, d->said.n_parts * sizeof(*out.parts));
	for (size_t i = 0; i < d->said.n_parts; i++)
		out.parts[i].part = d->said.parts[i].part;
	if (around_was_inferred(d->said.reasons, d->said.n_reasons)) {
		out.inferred = d->finding.asset;
	} else if (d->finding.asset.n) {
		out.mentions = arena_alloc(a, sizeof(*out.mentions));
		out.mentions[0].asset = d->finding.asset;
		out.n_mentions = 1;
	}
	out.reasons = d->said.reasons;
	out.n_reasons = d->said.n_reasons;
	return out;
}

int marking_apply(const struct marking *m, const struct finding_detail *d, enum verdict verdict, int64_t now, struct arena *a,
		  struct err *err)
{
	const struct assessment assessment = assessment_of(d, a);
	struct finding_mark mark = { .id = d->finding.id,
				     .verdict = str_of(verdict_names[verdict]),
				     .operator_name = m->operator_name,
				     .note = m->note,
				     .key = m->key };
	struct severity severity;
	int64_t source;

	if (store_source(m->store, d->finding.source, &source, err) < 0 ||
	    counted_severity(m->store, &assessment, source, verdict, a, &severity, err) < 0)
		return err->code;
	mark.severity = severity.value;
	mark.terms = severity.terms;
	mark.n_terms = severity.n_terms;
	if (finding_mark(m->store, &mark, now, err) < 0 ||
	    tell_finding(m->teller, &(struct tell_event){ .finding_id = mark.id, .by_verdict = true }, now, err) < 0)
		return err->code;
	return severity.value;
}
