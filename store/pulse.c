/* pulse.c - what a source usually shows, and whether it still does */
#include "store/pulse.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "store/internal.h"

enum {
	ENOUGH = 10,	 /* visits before anything is called usual */
	FEW = 3,	 /* items; a list of fewer may be empty on any day */
	SPREADS = 5,	 /* below the median is no ordinary day */
	QUIET_TIMES = 4, /* the longest quiet that is known */
	STRETCHES = 5,	 /* of quiet that have to be known */
};

#define HOUR INT64_C(3600000000)
#define WEEK (7 * 24 * HOUR)

int pulse_poll(struct store *s, int64_t source_id, int64_t frontier_id, const struct poll *p, struct err *err)
{
	if (db_do(s->db,
		  "INSERT INTO poll (source_id, frontier_id, at, items, fresh) VALUES (:source, :frontier, :at, :items, "
		  ":fresh)",
		  ARGS(arg_int(":source", source_id), arg_int(":frontier", frontier_id), arg_int(":at", p->at),
		       arg_int(":items", p->items), arg_int(":fresh", p->fresh)),
		  err) < 0)
		return err->code;
	return db_do(
		s->db,
		"DELETE FROM poll WHERE frontier_id = :frontier AND id <= (SELECT id FROM poll WHERE frontier_id = :frontier"
		" ORDER BY id DESC LIMIT 1 OFFSET :most)",
		ARGS(arg_int(":frontier", frontier_id), arg_int(":most", PULSE_POLLS)), err);
}

/* Visits in the order of a query of at, items, fresh and frontier. */
static int polls_read(struct query *q, struct arena *a, struct poll **polls, int64_t **frontiers, size_t *n, struct err *err)
{
	size_t n_frontiers = 0;
	int more = q ? 0 : err->code;

	*polls = NULL;
	*frontiers = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct poll *p = arena_push(a, polls, n, sizeof(*p));
		int64_t *frontier = arena_push(a, frontiers, &n_frontiers, sizeof(*frontier));

		*p = (struct poll){ db_int(q, 0), db_int(q, 1), db_int(q, 2) };
		*frontier = db_int(q, 3);
	}
	return more;
}

int pulse_same(struct store *s, int64_t source_id, int64_t frontier_id, int64_t now, struct err *err)
{
	struct poll same = { .at = now };
	struct query *q;
	int found = db_get(s->db, &q, "SELECT items FROM poll WHERE frontier_id = :frontier ORDER BY id DESC LIMIT 1",
			   ARGS(arg_int(":frontier", frontier_id)), NULL, err);

	if (found <= 0)
		return found;
	same.items = db_int(q, 0);
	db_end(q);
	return pulse_poll(s, source_id, frontier_id, &same, err);
}

static int by_value(const void *one, const void *two)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)two;

	return (a > b) - (a < b);
}

static int64_t median(int64_t *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_value);
	return n ? values[n / 2] : 0;
}

/* Items in `elapsed` at the median rate of the visits that missed nothing; 0 when there are too few to tell. */
static int64_t expected(const struct poll *polls, size_t n, int64_t elapsed)
{
	int64_t counts[PULSE_POLLS];
	size_t m = 0;

	for (size_t i = 0; i + 1 < n && m < PULSE_POLLS; i++) {
		int64_t between = polls[i].at - polls[i + 1].at;

		if (between > 0 && polls[i].fresh < polls[i].items)
			counts[m++] = (int64_t)((double)polls[i].fresh * (double)elapsed / (double)between);
	}
	return m < ENOUGH / 2 ? 0 : median(counts, m);
}

int pulse_gap(struct store *s, const struct list_gap *g, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct poll *polls;
	int64_t *frontiers, missed;
	size_t n;
	struct query *q = db_ask(
		s->db, "SELECT at, items, fresh, frontier_id FROM poll WHERE frontier_id = :frontier ORDER BY id DESC",
		ARGS(arg_int(":frontier", g->frontier_id)), err);

	if (polls_read(q, a, &polls, &frontiers, &n, err) < 0)
		return err->code;
	if (n <= g->noted)
		return 0;
	polls += g->noted;
	n -= g->noted;
	missed = expected(polls, n, now - polls[0].at) - g->items;
	if (db_do(s->db,
		  "INSERT INTO gap (source_id, frontier_id, since, until, missed) VALUES (:source, :frontier, :since, :until,"
		  " :missed)",
		  ARGS(arg_int(":source", g->source_id), arg_int(":frontier", g->frontier_id), arg_int(":since", polls[0].at),
		       arg_int(":until", now), arg_int(":missed", missed > 0 ? missed : 0)),
		  err) < 0)
		return err->code;
	return 1;
}

/* What was usual before the last visit, and is it far below that? */
static void reckon_items(const struct poll *polls, size_t n, struct pulse *out)
{
	int64_t values[PULSE_POLLS] = { 0 };
	size_t m = n - 1 < PULSE_POLLS ? n - 1 : PULSE_POLLS;

	out->items = polls[0].items;
	for (size_t i = 0; i < m; i++)
		values[i] = polls[i + 1].items;
	out->usual = m ? median(values, m) : out->items;
	for (size_t i = 0; i < m; i++)
		values[i] = llabs(polls[i + 1].items - out->usual);
	out->spread = median(values, m);
	out->thin = m >= ENOUGH && out->usual >= FEW && 2 * out->items < out->usual &&
		    out->items < out->usual - SPREADS * out->spread;
}

/* How long it was quiet at the most, and is it quiet for far longer now? */
static void reckon_quiet(const struct poll *polls, size_t n, int64_t now, struct pulse *out)
{
	int64_t later = 0;
	size_t stretches = 0;

	for (size_t i = 0; i < n; i++) {
		if (polls[i].fresh == 0)
			continue;
		if (!later)
			out->news_at = polls[i].at;
		else if (later - polls[i].at > out->longest_quiet)
			out->longest_quiet = later - polls[i].at;
		stretches += later != 0;
		later = polls[i].at;
	}
	out->silent = stretches >= STRETCHES && now - out->news_at > QUIET_TIMES * out->longest_quiet &&
		      now - out->news_at > HOUR;
}

void pulse_reckon(const struct poll *polls, size_t n, int64_t now, struct pulse *out)
{
	*out = (struct pulse){ .polls = n };
	if (n == 0)
		return;
	reckon_items(polls, n, out);
	reckon_quiet(polls, n, now, out);
}

/* One address more. */
static void add(struct pulse *all, const struct pulse *one)
{
	all->silent = one->silent && (all->polls == 0 || all->silent);
	all->thin |= one->thin;
	all->polls += one->polls;
	all->items += one->items;
	all->usual += one->usual;
	all->spread += one->spread;
	all->news_at = one->news_at > all->news_at ? one->news_at : all->news_at;
	all->longest_quiet = one->longest_quiet > all->longest_quiet ? one->longest_quiet : all->longest_quiet;
}

static int gaps_of(struct store *s, int64_t source_id, int64_t now, struct pulse *out, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT count(*), CAST(coalesce(sum(missed), 0) AS BIGINT), coalesce(max(until), 0) FROM gap WHERE "
		   "source_id = :source"
		   " AND until > :since",
		   ARGS(arg_int(":source", source_id), arg_int(":since", now - WEEK)), "a count", err) < 0)
		return err->code;
	out->gaps = db_int(q, 0);
	out->missed = db_int(q, 1);
	out->gap_at = db_int(q, 2);
	db_end(q);
	return 0;
}

int pulse_of(struct store *s, int64_t source_id, int64_t now, struct arena *a, struct pulse *out, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT at, items, fresh, frontier_id FROM poll WHERE source_id = :source"
				 " ORDER BY frontier_id, id DESC",
				 ARGS(arg_int(":source", source_id)), err);
	struct pulse all = { 0 }, one;
	struct poll *polls;
	int64_t *frontiers;
	size_t n;

	if (polls_read(q, a, &polls, &frontiers, &n, err) < 0)
		return err->code;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && frontiers[end] == frontiers[i];)
			end++;
		pulse_reckon(polls + i, end - i, now, &one);
		add(&all, &one);
	}
	if (gaps_of(s, source_id, now, &all, err) < 0)
		return err->code;
	*out = all;
	return 0;
}
