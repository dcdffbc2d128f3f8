/* precision.c - how often what was found was right */
#include "store/precision.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/internal.h"

const char *const precision_names[PRECISION_OF] = { "rule", "source", "category" };

/* The names that a finding counts for. */
static const char *const statements[PRECISION_OF] = {
	[PRECISION_OF_RULE] = "SELECT DISTINCT hit.rule FROM finding JOIN hit ON hit.assessment_id = finding.assessment_id"
			      " WHERE finding.id = :id",
	[PRECISION_OF_SOURCE] = "SELECT source.name FROM finding JOIN post ON post.id = finding.post_id"
				" JOIN source ON source.id = post.source_id WHERE finding.id = :id",
	[PRECISION_OF_CATEGORY] = "SELECT category FROM finding WHERE id = :id",
};

static const struct {
	const char *verdict;
	size_t at; /* what it counts */
} verdicts[] = {
	{ "confirmed", offsetof(struct precision, confirmed) },
	{ "false-positive", offsetof(struct precision, wrong) },
	{ "known", offsetof(struct precision, others) },
	{ "duplicate", offsetof(struct precision, others) },
};

enum { JUDGED = 20000 }; /* the newest of each verdict: rules and sources change */

struct counting {
	struct arena *a;
	struct precision *rows;
	size_t n;
};

static struct precision *row_of(struct counting *c, struct str name)
{
	struct precision *p;

	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->rows[i].name, name))
			return &c->rows[i];
	p = arena_push(c->a, &c->rows, &c->n, sizeof(*p));
	p->name = arena_copy(c->a, name);
	return p;
}

static int count_one(struct store *s, enum precision_of of, int64_t id, size_t at, struct counting *c, struct err *err)
{
	struct query *q = db_ask(s->db, statements[of], ARGS(arg_int(":id", id)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		++*(int64_t *)(void *)((char *)row_of(c, db_text(q, 0)) + at);
	return more;
}

/* One finding of each cluster that has this verdict. */
static int judged(struct store *s, const char *verdict, struct arena *a, int64_t **ids, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT max(id) AS newest FROM finding WHERE verdict = :verdict"
				 " GROUP BY coalesce(cluster_id, -id) ORDER BY newest DESC LIMIT :limit",
				 ARGS(arg_text(":verdict", str_of(verdict)), arg_int(":limit", JUDGED)), err);
	int more = q ? 0 : err->code;

	*ids = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(int64_t *)arena_push(a, ids, n, sizeof(**ids)) = db_int(q, 0);
	return more;
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(((const struct precision *)x)->name, ((const struct precision *)y)->name);
}

int precision_list(struct store *s, enum precision_of of, struct arena *a, struct precision **rows, size_t *n, struct err *err)
{
	struct counting c = { .a = a };

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		int64_t *ids;
		size_t n_ids;

		if (judged(s, verdicts[i].verdict, a, &ids, &n_ids, err) < 0)
			return err->code;
		for (size_t k = 0; k < n_ids; k++)
			if (count_one(s, of, ids[k], verdicts[i].at, &c, err) < 0)
				return err->code;
	}
	if (c.n)
		qsort(c.rows, c.n, sizeof(*c.rows), by_name);
	*rows = c.rows;
	*n = c.n;
	return 0;
}

const struct precision *precision_find(const struct precision *rows, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].name, name))
			return &rows[i];
	return NULL;
}

double precision_value(const struct precision *p)
{
	return p && p->confirmed + p->wrong ? (double)p->confirmed / (double)(p->confirmed + p->wrong) : -1;
}

char *precision_text(const struct precision *p, char *out, size_t room)
{
	if (precision_value(p) < 0)
		snprintf(out, room, "none judged");
	else
		snprintf(out, room, "%.2f of %lld judged", precision_value(p), (long long)(p->confirmed + p->wrong));
	return out;
}
