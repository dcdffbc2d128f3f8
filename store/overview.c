/* overview.c - findings counted for who looks once a day */
#include "store/overview.h"

#include <stdlib.h>
#include <string.h>

#include "store/finding_row.h"

#define DAY_US "86400000000"
/* What counts: findings that nobody has dismissed. */
#define MATTERS " AND verdict IN ('none', 'confirmed')"

/* When it happened: as the site says, where it is as exact as that and within the span; else when it was found. */
#define HAPPENED(precision)                                                                                         \
	"CASE WHEN posted_precision >= " precision " AND posted_at >= :since AND posted_at < :until THEN posted_at" \
	" ELSE found_at END"
#define OF_SPAN                                                                                       \
	" FROM finding JOIN post ON post.id = post_id WHERE found_at >= :since AND found_at < :until" \
	" AND severity >= :least" MATTERS

const int overview_levels[OVERVIEW_LEVELS] = { 90, 70, 40, 20 };

/* Count `n` findings of a severity; one below all levels is not counted. */
static void add(int64_t levels[OVERVIEW_LEVELS], int64_t severity, int64_t n)
{
	for (int i = 0; i < OVERVIEW_LEVELS; i++)
		if (severity >= overview_levels[i]) {
			levels[i] += n;
			return;
		}
}

#define SPAN_ARGS(span) \
	ARGS(arg_int(":since", (span)->since), arg_int(":until", (span)->until), arg_int(":least", (span)->least))

int overview_days(struct store *s, const struct overview_span *span, struct arena *a, struct overview_day **rows, size_t *n,
		  struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT (" HAPPENED("2") ") / " DAY_US " AS day, severity, count(*)" OF_SPAN
							  " GROUP BY day, severity ORDER BY day",
				 SPAN_ARGS(span), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		int64_t at = db_int(q, 0) * INT64_C(86400000000);

		if (*n == 0 || (*rows)[*n - 1].at != at)
			((struct overview_day *)arena_push(a, rows, n, sizeof(**rows)))->at = at;
		add((*rows)[*n - 1].n, db_int(q, 1), db_int(q, 2));
	}
	return more;
}

/* 1970 began on a Thursday: 72 hours after a Monday. */
int overview_hours(struct store *s, const struct overview_span *span, int64_t hours[OVERVIEW_HOURS], struct err *err)
{
	struct query *q = db_ask(
		s->db, "SELECT ((" HAPPENED("3") ") / 3600000000 + 72) % 168 AS hour, count(*)" OF_SPAN " GROUP BY hour",
		SPAN_ARGS(span), err);
	int more = q ? 0 : err->code;

	memset(hours, 0, sizeof(*hours) * OVERVIEW_HOURS);
	while (q && (more = db_step(q, err)) > 0)
		if (db_int(q, 0) >= 0 && db_int(q, 0) < OVERVIEW_HOURS)
			hours[db_int(q, 0)] += db_int(q, 1);
	return more;
}

int overview_kinds(struct store *s, const struct overview_span *span, struct arena *a, struct overview_count **rows, size_t *n,
		   struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT asset, category, count(*) FROM finding"
				 " WHERE found_at >= :since AND found_at < :until AND severity >= :least" MATTERS
				 " GROUP BY asset, category ORDER BY asset, category",
				 SPAN_ARGS(span), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct overview_count *)arena_push(a, rows, n, sizeof(**rows)) = (struct overview_count){
			arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)), db_int(q, 2)
		};
	return more;
}

/* Both kinds of rows begin with their name. */
static int by_name(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

int overview_assets(struct store *s, int least, struct arena *a, struct overview_asset **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT asset, severity, count(*), max(found_at) FROM finding"
				 " WHERE asset <> '' AND severity >= :least" MATTERS " GROUP BY asset, severity ORDER BY asset",
				 ARGS(arg_int(":least", least)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct overview_asset *last = *n ? &(*rows)[*n - 1] : NULL;

		if (!last || !str_eq(last->name, db_text(q, 0))) {
			last = arena_push(a, rows, n, sizeof(**rows));
			last->name = arena_copy(a, db_text(q, 0));
		}
		add(last->n, db_int(q, 1), db_int(q, 2));
		last->found_at = db_int(q, 3) > last->found_at ? db_int(q, 3) : last->found_at;
	}
	if (*n) /* engines sort texts differently */
		qsort(*rows, *n, sizeof(**rows), by_name);
	return more;
}

int overview_sources(struct store *s, int64_t since, int least, struct arena *a, struct overview_source **rows, size_t *n,
		     struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT name, (SELECT count(*) FROM finding WHERE source_id = source.id AND found_at >= :since"
				 " AND severity >= :least" MATTERS ") FROM source WHERE EXISTS (SELECT 1 FROM health WHERE"
				 " source_id = source.id) OR EXISTS (SELECT 1 FROM finding WHERE source_id = source.id)",
				 ARGS(arg_int(":since", since), arg_int(":least", least)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct overview_source *)arena_push(
			a, rows, n, sizeof(**rows)) = (struct overview_source){ arena_copy(a, db_text(q, 0)), db_int(q, 1) };
	if (*n)
		qsort(*rows, *n, sizeof(**rows), by_name);
	return more;
}

/* ---- lists ---- */

int overview_of_asset(struct store *s, struct str asset, int least, int64_t limit, struct arena *a, struct finding **rows,
		      size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE asset = :asset AND severity >= :least" MATTERS
						 " ORDER BY finding.id DESC LIMIT :limit",
				 ARGS(arg_text(":asset", asset), arg_int(":least", least), arg_int(":limit", limit)), err);

	return finding_rows(q, a, rows, n, err);
}

int overview_of_source(struct store *s, struct str source, int least, int64_t limit, struct arena *a, struct finding **rows,
		       size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE finding.source_id = (SELECT id FROM source WHERE name = :source)"
						 " AND severity >= :least" MATTERS
						 " ORDER BY found_at DESC, finding.id DESC LIMIT :limit",
				 ARGS(arg_text(":source", source), arg_int(":least", least), arg_int(":limit", limit)), err);

	return finding_rows(q, a, rows, n, err);
}

int overview_of_category(struct store *s, struct str category, int least, int64_t limit, struct arena *a, struct finding **rows,
			 size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE category = :category AND severity >= :least" MATTERS
						 " ORDER BY finding.id DESC LIMIT :limit",
				 ARGS(arg_text(":category", category), arg_int(":least", least), arg_int(":limit", limit)),
				 err);

	return finding_rows(q, a, rows, n, err);
}

int overview_of_level(struct store *s, int least, int most, int64_t limit, struct arena *a, struct finding **rows, size_t *n,
		      struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE severity >= :least AND severity <= :most" MATTERS
						 " ORDER BY finding.id DESC LIMIT :limit",
				 ARGS(arg_int(":least", least), arg_int(":most", most), arg_int(":limit", limit)), err);

	return finding_rows(q, a, rows, n, err);
}

int overview_of_span(struct store *s, const struct overview_span *span, int64_t limit, struct arena *a, struct finding **rows,
		     size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE found_at >= :since AND found_at < :until AND severity >= :least" MATTERS
						 " ORDER BY severity DESC, finding.id DESC LIMIT :limit",
				 ARGS(arg_int(":since", span->since), arg_int(":until", span->until),
				      arg_int(":least", span->least), arg_int(":limit", limit)),
				 err);

	return finding_rows(q, a, rows, n, err);
}

/* ---- what is open ---- */

/* Who has it: its duty is that of its campaign's first. */
static int read_holder(struct store *s, struct overview_open *o, struct arena *a, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT holder FROM duty WHERE finding_id = :id", ARGS(arg_int(":id", o->finding.id)),
			   NULL, err);

	if (found <= 0)
		return found;
	o->holder = arena_copy(a, db_text(q, 0));
	db_end(q);
	return 0;
}

int overview_open(struct store *s, int least, int64_t limit, struct arena *a, struct overview_open **rows, size_t *n,
		  struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE verdict = 'none' AND severity >= :least"
						 " ORDER BY severity DESC, finding.id LIMIT :limit",
				 ARGS(arg_int(":least", least), arg_int(":limit", limit)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		finding_read(q, a, &((struct overview_open *)arena_push(a, rows, n, sizeof(**rows)))->finding);
	for (size_t i = 0; more >= 0 && i < *n; i++)
		more = read_holder(s, &(*rows)[i], a, err);
	return more < 0 ? more : 0;
}

int overview_open_count(struct store *s, int least, int64_t *n, int64_t *held, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT count(*), coalesce(sum(CASE WHEN holder <> '' THEN 1 ELSE 0 END), 0) FROM finding"
		   " LEFT JOIN duty ON duty.finding_id = finding.id WHERE verdict = 'none' AND finding.severity >= :least",
		   ARGS(arg_int(":least", least)), "the findings that are open", err) < 0)
		return err->code;
	*n = db_int(q, 0);
	*held = db_int(q, 1);
	db_end(q);
	return 0;
}
