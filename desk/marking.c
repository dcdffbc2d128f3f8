/* marking.c - an operator says what a finding is */
#include "desk/marking.h"

#include "base/limits.h"
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
					    .confidence = (enum confidence)h->confidence,
					    .gravity = (enum gravity)h->gravity };
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

/* Keep a verdict on a finding, with the severity that follows from it, which is returned. */
static int apply_one(const struct marking *m, const struct finding_detail *d, enum verdict verdict, struct finding_mark *mark,
		     int64_t now, struct arena *a, struct err *err)
{
	const struct assessment assessment = assessment_of(d, a);
	struct severity severity;
	int64_t source;

	if (store_source(m->store, d->finding.source, &source, err) < 0 ||
	    counted_severity(m->store, &assessment, source, verdict, a, &severity, err) < 0)
		return err->code;
	mark->id = d->finding.id;
	mark->verdict = str_of(verdict_names[verdict]);
	mark->severity = severity.value;
	mark->terms = severity.terms;
	mark->n_terms = severity.n_terms;
	return finding_mark(m->store, mark, now, err) < 0 ? err->code : severity.value;
}

static enum verdict verdict_named(struct str name)
{
	for (int i = VERDICT_NONE; i <= VERDICT_DUPLICATE; i++)
		if (str_eq(name, str_of(verdict_names[i])))
			return (enum verdict)i;
	return VERDICT_NONE;
}

/* What holds of a repeat now: 1 when that is another verdict than it had, and it has that. */
static int carry_to(const struct marking *m, const struct finding_detail *from, struct str public_id, int64_t now,
		    struct arena *a, struct err *err)
{
	struct finding_mark mark = { .operator_name = STR(FINDING_CARRIER), .carried = true };
	struct str verdict = { 0 }, why = { 0 };
	struct finding_detail d;
	int known;

	if (finding_load(m->store, public_id, a, &d, err) < 0)
		return err->code;
	known = store_known_verdict(m->store, d.text, d.said.hits, d.said.n_hits, a, &verdict, &why, err);
	if (known < 0)
		return known;
	if (!known) {
		verdict = STR("none");
		why = arena_printf(a, "%.*s took it back of finding %.8s", STR_ARG(m->operator_name),
				   from->finding.public_id.p);
	}
	if (str_eq(verdict, d.finding.verdict))
		return 0;
	mark.note = why;
	return apply_one(m, &d, verdict_named(verdict), &mark, now, a, err) < 0 ? err->code : 1;
}

static int carry(const struct marking *m, const struct finding_detail *from, int64_t now, struct arena *a, struct err *err)
{
	AUTO_FREE(arena) each = arena_new(LIMIT_ARENA);
	struct marking_carried carried = { 0 };
	struct finding_kin *kin;
	size_t n;

	if (finding_kin(m->store, from->finding.id, LIMIT_CARRIED, a, &kin, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		int done = kin[i].own ? 0 : carry_to(m, from, kin[i].public_id, now, each, err);

		if (done < 0)
			return done;
		carried.n += (size_t)done;
		carried.own += kin[i].own;
		arena_clear(each);
	}
	if (m->carried) {
		m->carried->n += carried.n;
		m->carried->own += carried.own;
	}
	return 0;
}

int marking_apply(const struct marking *m, const struct finding_detail *d, enum verdict verdict, int64_t now, struct arena *a,
		  struct err *err)
{
	struct finding_mark mark = { .operator_name = m->operator_name, .note = m->note, .key = m->key };
	int severity = apply_one(m, d, verdict, &mark, now, a, err);

	if (severity < 0 ||
	    tell_finding(m->teller, &(struct tell_event){ .finding_id = mark.id, .by_verdict = true }, now, err) < 0 ||
	    carry(m, d, now, a, err) < 0)
		return err->code;
	return severity;
}
