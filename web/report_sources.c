/* report_sources.c - a page for each source, and pages of all of them */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "store/coverage.h"
#include "store/health.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { FOUND_LISTED = 200, ON_PAGE = 100, ON_INDEX = 12 };

static int put_source(struct report *r, const struct source_line *line, struct err *err)
{
	struct source_page p = { .manner = report_manner(r), .line = *line };
	char name[PAGE_NAME], path[PAGE_NAME + 8];
	struct finding *findings;

	arena_clear(r->each);
	if (overview_of_source(r->store, line->health->source, report_least(r), FOUND_LISTED + 1, r->each, &findings, &p.n,
			       err) < 0)
		return err->code;
	p.findings = findings;
	p.more = p.n > FOUND_LISTED;
	p.n = p.more ? FOUND_LISTED : p.n;
	buf_clear(&r->page);
	page_source(&r->page, &p);
	snprintf(path, sizeof(path), "source/%s", page_file(&p.manner, "source", line->health->source, name));
	return report_put(r, path, err);
}

/* The health of a source; one that was never tried has done nothing wrong. */
static const struct source_health *health_of(struct arena *a, const struct source_health *rows, size_t n, struct str name)
{
	struct source_health *untried;

	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].source, name))
			return &rows[i];
	untried = arena_alloc(a, sizeof(*untried));
	untried->source = name;
	untried->state = "ok";
	return untried;
}

static int read_lines(struct report *r, struct arena *a, struct source_line **out, size_t *n, struct err *err)
{
	const int64_t now = r->options->now, since = now - COVERAGE_CELLS * COVERAGE_CELL;
	struct source_health *health;
	struct overview_source *sources;
	size_t n_health;

	if (health_list(r->store, now, a, &health, &n_health, err) < 0 ||
	    overview_sources(r->store, since, report_least(r), a, &sources, n, err) < 0)
		return err->code;
	*out = arena_alloc(a, (*n + 1) * sizeof(**out));
	for (size_t i = 0; i < *n; i++) {
		struct coverage *coverage = arena_alloc(a, sizeof(*coverage));

		if (coverage_of(r->store, sources[i].name, now, coverage, err) < 0)
			return err->code;
		(*out)[i] = (struct source_line){ health_of(a, health, n_health, sources[i].name), coverage, sources[i].n };
	}
	if (*n)
		qsort(*out, *n, sizeof(**out), page_sources_order);
	return 0;
}

/* All of them, which each page says how they are. */
struct all_sources {
	const struct source_line *lines;
	size_t n, ill;
};

static void make_list(struct report *r, const struct list_place *place, size_t first, size_t n, const void *rows)
{
	const struct all_sources *all = rows;

	page_sources(&r->page, &(struct sources_page){ .manner = report_manner(r),
						       .now = r->options->now,
						       .place = *place,
						       .lines = n ? all->lines + first : NULL,
						       .n = n,
						       .all = all->n,
						       .ill = all->ill,
						       .seen = page_share_seen(all->lines, all->n) });
}

static int put_lists(struct report *r, const struct source_line *lines, size_t n, struct err *err)
{
	struct all_sources all = { lines, n, 0 };

	for (size_t i = 0; i < n; i++)
		all.ill += !health_is_well(lines[i].health);
	return report_turns(r, &(struct report_turns){ "sources", n, ON_PAGE, make_list, &all }, err);
}

/* Those with most findings first. */
static int by_found(const void *one, const void *two)
{
	const struct source_line *a = one, *b = two;

	return a->found != b->found ? (a->found > b->found ? -1 : 1) : str_cmp(a->health->source, b->health->source);
}

/* The first page leads to those of which there is most to read. */
static void keep_for_index(struct report *r, struct source_line *lines, size_t n)
{
	struct overview_source *kept = arena_alloc(r->a, ON_INDEX * sizeof(*kept));

	if (n)
		qsort(lines, n, sizeof(*lines), by_found);
	for (size_t i = 0; i < n && i < ON_INDEX && lines[i].found; i++)
		kept[r->n_by_source++] = (struct overview_source){ arena_copy(r->a, lines[i].health->source), lines[i].found };
	r->by_source = kept;
}

int report_sources(struct report *r, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct source_line *lines = NULL;
	size_t n = 0;

	if (!audience_sees(report_manner(r).audience, SEES_SOURCES))
		return 0;
	if (read_lines(r, a, &lines, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (put_source(r, &lines[i], err) < 0)
			return err->code;
	if (put_lists(r, lines, n, err) < 0)
		return err->code;
	keep_for_index(r, lines, n);
	return 0;
}
