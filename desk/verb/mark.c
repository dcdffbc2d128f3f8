/* mark.c - `watchdesk mark`: what an analyst says of a finding */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/severity.h"
#include "desk/alert/tell.h"
#include "desk/around.h"
#include "desk/verb.h"
#include "store/finding.h"

static int verdict_of(const char *name, enum verdict *out, struct err *err)
{
	for (int i = VERDICT_NONE; i <= VERDICT_DUPLICATE; i++)
		if (strcmp(verdict_names[i], name) == 0) {
			*out = (enum verdict)i;
			return 0;
		}
	return err_set(err, E_USAGE, "%s: no such verdict, expected confirmed, false-positive, known, duplicate or none", name);
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

static int mark_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(sign_key) key = store && option_of(i, "sign") ? sign_key_load(option_of(i, "sign"), err) : NULL;
	AUTO_FREE(teller) teller = store ? teller_new(config, store) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const int64_t now = clock_now_us();
	struct finding_detail detail;
	struct finding_mark mark = { 0 };
	struct severity severity;
	struct assessment assessment;
	enum verdict verdict = VERDICT_NONE;
	size_t replaced;
	int found;

	if (!store || verdict_of(i->arguments[1], &verdict, err) < 0 || (option_of(i, "sign") && !key))
		return err->code;
	found = finding_load(store, str_of(i->arguments[0]), a, &detail, err);
	if (found < 0)
		return found;
	if (found == 0)
		return err_set(err, E_USAGE, "no finding has the id %s; `watchdesk list` shows them", i->arguments[0]);
	assessment = assessment_of(&detail, a);
	severity_of(&assessment, verdict, a, &severity);
	mark = (struct finding_mark){ .id = detail.finding.id,
				      .verdict = str_of(verdict_names[verdict]),
				      .operator_name = user_name(a),
				      .note = utf8_clean(a, str_of(option_of(i, "note")), &replaced),
				      .severity = severity.value,
				      .terms = severity.terms,
				      .n_terms = severity.n_terms,
				      .key = key };
	if (store_begin(store, err) < 0)
		return err->code;
	if (finding_mark(store, &mark, now, err) < 0 ||
	    tell_finding(teller, &(struct tell_event){ .finding_id = mark.id, .by_verdict = true }, now, err) < 0) {
		store_rollback(store);
		return err->code;
	}
	if (store_commit(store, err) < 0)
		return err->code;
	print("%.8s is marked %s; its severity is %d (%s)\n", detail.finding.public_id.p, verdict_names[verdict],
	      severity.value, severity_name(severity.value));
	return 0;
}

static const struct option_row options[] = {
	{ "note", "TEXT", "why, for those who read it later" },
	{ "sign", "FILE", "sign the entry in custody with this Ed25519 key (PEM)" },
	{ 0 },
};

const struct verb verb_mark = {
	.name = "mark",
	.arguments = "ID VERDICT",
	.summary = "say what a finding is",
	.text = "VERDICT is confirmed, false-positive, known or duplicate; none takes it back. It is kept with your user name "
		"and the time, also in\n"
		"the custody chain, and the severity is computed anew. Dismissed findings leave the report; `list --all` shows "
		"them.",
	.options = options,
	.least = 2,
	.most = 2,
	.run = mark_run,
};
