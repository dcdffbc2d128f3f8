/* purged.c - what was purged, from the custody chain */
#include "store/purged.h"

#include <stdlib.h>

#include "base/json.h"
#include "store/internal.h"

#define DAY INT64_C(86400000000) /* us */

struct list {
	struct arena *a;
	struct purged_row *rows;
	size_t n, most;
	bool more;
};

/* The row of a day and a rule, made when it is new; NULL when there are enough. */
static struct purged_row *row_of(struct list *l, int64_t day, struct str rule)
{
	struct purged_row *row;

	for (size_t i = l->n; i-- > 0;)
		if (l->rows[i].day == day && str_eq(l->rows[i].rule, rule))
			return &l->rows[i];
	if (l->n == l->most) {
		l->more = true;
		return NULL;
	}
	row = arena_push(l->a, &l->rows, &l->n, sizeof(*row));
	*row = (struct purged_row){ .day = day, .rule = arena_copy(l->a, rule) };
	return row;
}

static int64_t number_of(const struct json *detail, const char *key)
{
	struct err ignored = { 0 };
	double number = 0;

	return detail && json_get_real(detail, key, &number, &ignored) > 0 ? (int64_t)number : 0;
}

/* A detail that says no rule is an act of a person's own. */
static void add(struct list *l, int64_t at, struct str subject, struct str text)
{
	struct err ignored = { 0 };
	AUTO_FREE(json) detail = json_parse(text, &ignored);
	struct str rule = STR("");
	struct purged_row *row;

	if (detail && json_get_text(detail, "rule", &rule, &ignored) <= 0)
		rule = STR("");
	row = row_of(l, at - at % DAY, rule);
	if (!row)
		return;
	row->findings += str_starts(subject, STR("finding "));
	row->evidence += str_starts(subject, STR("evidence "));
	row->texts += number_of(detail, "texts");
	row->posts += number_of(detail, "posts");
}

static int newest_first(const void *one, const void *two)
{
	const struct purged_row *a = one, *b = two;

	if (a->day != b->day)
		return a->day < b->day ? 1 : -1;
	return str_cmp(a->rule, b->rule);
}

int purged_list(struct store *s, size_t most, struct arena *a, struct purged_row **rows, size_t *n, bool *more_rows,
		struct err *err)
{
	struct list l = { .a = a, .most = most };
	struct query *q = db_query(s->db,
				   "SELECT at, subject, detail FROM custody WHERE act = 'purge'"
				   " ORDER BY node_id DESC, sequence DESC",
				   err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		add(&l, db_int(q, 0), db_text(q, 1), db_text(q, 2));
	if (l.n)
		qsort(l.rows, l.n, sizeof(*l.rows), newest_first);
	*rows = l.rows;
	*n = l.n;
	*more_rows = l.more;
	return more;
}
