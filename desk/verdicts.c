/* verdicts.c - what analysts said of findings, as labelled texts */
#include "desk/verdicts.h"

#include "base/digest.h"
#include "base/limits.h"
#include "classify/classify.h"
#include "classify/severity.h"
#include "store/finding.h"

/* Texts are known by the beginning of their digest: repeats take over a verdict, and would outweigh all others. */
struct marked {
	struct store *store;
	struct arena *a; /* for one page of findings */
	uint64_t *seen;
	size_t n_seen;
	int count;
};

static bool is_repeat(struct marked *m, struct str text)
{
	unsigned char digest[DIGEST_BYTES];
	uint64_t name;

	digest_sha256(text, digest);
	memcpy(&name, digest, sizeof(name));
	for (size_t i = 0; i < m->n_seen; i++)
		if (m->seen[i] == name)
			return true;
	*(uint64_t *)arena_push(m->a, &m->seen, &m->n_seen, sizeof(name)) = name;
	return false;
}

static void label(struct labelled *row, struct str category, bool confirmed)
{
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		row->heads[h] = h < CATEGORIES && !confirmed ? 0 : -1;
	for (int c = 0; c < CATEGORIES; c++)
		if (confirmed && str_eq(category, str_of(category_names[c])))
			row->heads[c] = 1;
}

static int take_finding(struct marked *m, const struct finding *f, rows_each *each, void *whose, struct err *err)
{
	const bool confirmed = str_eq(f->verdict, str_of(verdict_names[VERDICT_CONFIRMED]));
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct finding_detail detail;
	struct labelled row = { .kind = STR("verdict") };
	int found;

	if (!confirmed && !str_eq(f->verdict, str_of(verdict_names[VERDICT_FALSE_POSITIVE])))
		return 0;
	found = finding_load(m->store, f->public_id, a, &detail, err);
	if (found <= 0 || detail.text.n == 0 || is_repeat(m, detail.text))
		return found < 0 ? found : 0;
	row.text = detail.text;
	row.source = arena_printf(a, "verdict/%.*s", STR_ARG(f->source));
	label(&row, f->category, confirmed);
	m->count++;
	return each(whose, &row, err) < 0 ? err_at(err, "finding %.8s", f->public_id.p) : 0;
}

static int take_all(struct marked *m, rows_each *each, void *whose, struct err *err)
{
	struct finding_filter filter = { .with_dismissed = true, .limit = LIMIT_REPORT_FINDINGS };
	struct finding *rows;
	size_t n = LIMIT_REPORT_FINDINGS;

	while (n == LIMIT_REPORT_FINDINGS) {
		AUTO_FREE(arena) page = arena_new(LIMIT_ARENA);

		if (finding_list(m->store, &filter, page, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			if (take_finding(m, &rows[i], each, whose, err) < 0)
				return err->code;
		filter.after_severity = n ? rows[n - 1].severity : 0;
		filter.after_id = n ? rows[n - 1].id : 0;
	}
	return m->count;
}

int verdicts_read(const struct store_place *place, rows_each *each, void *whose, struct err *err)
{
	AUTO_FREE(store) store = store_open(place, STORE_READ, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct marked m = { .store = store, .a = a };

	return store ? take_all(&m, each, whose, err) : err->code;
}
