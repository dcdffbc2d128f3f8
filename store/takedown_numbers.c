/* takedown_numbers.c - what became of what was asked for, host by host */
#include "store/takedown_numbers.h"

#include <stdlib.h>

#include "store/internal.h"
#include "store/takedown.h"

#define AWAY TAKEDOWN_AWAY("takedown_target")

/* How long it took, each time. */
struct durations {
	int64_t *items;
	size_t n;
};

static int by_length(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

/* The middle one, of an even number the mean of both in the middle. */
static int64_t median(struct durations *d)
{
	if (d->n == 0)
		return -1;
	qsort(d->items, d->n, sizeof(*d->items), by_length);
	return d->n % 2 ? d->items[d->n / 2] : d->items[d->n / 2 - 1] + (d->items[d->n / 2] - d->items[d->n / 2 - 1]) / 2;
}

static void count(struct takedown_number *n, struct durations *d, struct query *q, struct arena *a)
{
	int64_t sent_at = db_int(q, 1), gone_at = db_int(q, 2), away = db_int(q, 4);

	n->targets++;
	n->asked += sent_at != 0;
	n->gone += gone_at != 0;
	n->away += away;
	n->waiting += sent_at != 0 && !away;
	n->returned += gone_at != 0 && db_int(q, 3) > 0;
	if (sent_at == 0 || gone_at < sent_at)
		return;
	n->removed++;
	*(int64_t *)arena_push(a, &d->items, &d->n, sizeof(*d->items)) = gone_at - sent_at;
}

int takedown_numbers(struct store *s, int least_severity, struct arena *a, struct takedown_number **rows, size_t *n,
		     struct takedown_number *all, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT host, coalesce(sent_at, 0), coalesce(gone_at, 0), returns, " AWAY
				 " FROM takedown_target"
				 " JOIN takedown ON takedown.id = takedown_id JOIN finding ON finding.id = takedown.finding_id"
				 " WHERE severity >= :least ORDER BY host, takedown_target.id",
				 ARGS(arg_int(":least", least_severity)), err);
	struct durations of_host = { 0 }, of_all = { 0 };
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	*all = (struct takedown_number){ .host = STR("all") };
	while (q && (more = db_step(q, err)) > 0) {
		if (*n == 0 || !str_eq((*rows)[*n - 1].host, db_text(q, 0))) {
			if (*n)
				(*rows)[*n - 1].median = median(&of_host);
			of_host = (struct durations){ 0 };
			*(struct takedown_number *)arena_push(
				a, rows, n, sizeof(**rows)) = (struct takedown_number){ .host = arena_copy(a, db_text(q, 0)) };
		}
		count(&(*rows)[*n - 1], &of_host, q, a);
		count(all, &of_all, q, a);
	}
	if (*n)
		(*rows)[*n - 1].median = median(&of_host);
	all->median = median(&of_all);
	return more;
}
