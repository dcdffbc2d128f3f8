/* counted.c - what of an assessment counts for severity */
#include "desk/counted.h"

#include "base/clock.h"
#include "classify/muted.h"
#include "store/mute.h"

/* What is muted for one source. */
struct muting {
	int64_t source_id;
	struct mute *rows;
	bool *hit; /* which of them had a hit */
	size_t n;
};

static bool is_muted(void *whose, struct str rule)
{
	struct muting *m = whose;

	for (size_t i = 0; i < m->n; i++)
		if (mute_holds(&m->rows[i], rule, m->source_id))
			return m->hit[i] = true;
	return false;
}

static struct str sentence(const struct mute *m, struct arena *a)
{
	if (m->source_id == 0)
		return arena_printf(a, "rule %.*s is muted for all sources by %.*s: does not count", STR_ARG(m->rule),
				    STR_ARG(m->operator_name));
	return arena_printf(a, "rule %.*s is muted for source %.*s by %.*s: does not count", STR_ARG(m->rule),
			    STR_ARG(m->source), STR_ARG(m->operator_name));
}

/* Say first what did not count. */
static void explain(const struct muting *m, struct arena *a, struct severity *out)
{
	struct str *terms = arena_alloc(a, (m->n + out->n_terms) * sizeof(*terms));
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->hit[i])
			terms[n++] = sentence(&m->rows[i], a);
	for (size_t i = 0; i < out->n_terms; i++)
		terms[n++] = out->terms[i];
	out->terms = terms;
	out->n_terms = n;
}

int counted_severity(struct store *s, const struct assessment *x, int64_t source_id, enum verdict verdict, struct arena *a,
		     struct severity *out, struct err *err)
{
	struct muting m = { .source_id = source_id };
	struct assessment counts;

	if (x->n_hits && mute_list(s, clock_now_us(), a, &m.rows, &m.n, err) < 0)
		return err->code;
	m.hit = arena_alloc(a, (m.n + 1) * sizeof(*m.hit));
	if (m.n == 0 || muted_assessment(x, is_muted, &m, a, &counts) == 0) {
		severity_of(x, verdict, a, out);
		return 0;
	}
	severity_of(&counts, verdict, a, out);
	explain(&m, a, out);
	return 0;
}
