/* report_ways.c - ways to the findings: how many there are of each kind and day, counted while they are gone through */
#include <string.h>

#include "web/page.h"
#include "web/report_parts.h"

#define DAY_US INT64_C(86400000000)

/* Findings come nearly in the order of their days, so the search begins at the end. */
static struct day_line *line_of(struct report *r, int64_t at)
{
	struct finding_sums *sums = &r->sums;
	size_t i = sums->n_days;

	while (i > 0 && sums->days[i - 1].at > at)
		i--;
	if (i > 0 && sums->days[i - 1].at == at)
		return &sums->days[i - 1];
	arena_push(r->a, &sums->days, &sums->n_days, sizeof(*sums->days));
	memmove(&sums->days[i + 1], &sums->days[i], (sums->n_days - 1 - i) * sizeof(*sums->days));
	sums->days[i] = (struct day_line){ .at = at };
	return &sums->days[i];
}

void report_sum_up(struct report *r, const struct finding_stamp *s, int64_t list)
{
	struct day_line *day;
	int level = 0;

	while (level < OVERVIEW_LEVELS && s->severity < overview_levels[level])
		level++;
	if (!s->matters || level == OVERVIEW_LEVELS)
		return;
	day = line_of(r, s->found_at / DAY_US * DAY_US);
	day->list = list;
	day->n[level]++;
	r->sums.levels[level]++;
	for (int i = 0; i < CATEGORIES; i++)
		r->sums.categories[i] += str_eq(s->category, str_of(category_names[i]));
}

static bool same_year(int64_t one, int64_t two)
{
	char a[PAGE_DAYS_NAME], b[PAGE_DAYS_NAME];

	return strcmp(page_days_name(one, a), page_days_name(two, b)) == 0;
}

static int put_years(struct report *r, struct err *err)
{
	const struct day_line *days = r->sums.days;
	const size_t n = r->sums.n_days;
	char name[PAGE_DAYS_NAME];

	for (size_t first = 0, end; first < n; first = end) {
		struct days_page p = { .manner = report_manner(r), .days = &days[first] };

		for (end = first + 1; end < n && same_year(days[end].at, days[first].at);)
			end++;
		p.n = end - first;
		p.older = first ? days[first - 1].at : 0;
		p.newer = end < n ? days[end].at : 0;
		buf_clear(&r->page);
		page_days(&r->page, &p);
		if (report_put(r, page_days_name(days[first].at, name), err) < 0)
			return err->code;
	}
	return 0;
}

int report_ways(struct report *r, struct err *err)
{
	const struct ways_page p = { .manner = report_manner(r),
				     .sums = &r->sums,
				     .lists = r->lists,
				     .by_source = r->by_source,
				     .n_by_source = r->n_by_source };

	if (put_years(r, err) < 0)
		return err->code;
	buf_clear(&r->page);
	page_ways(&r->page, &p);
	return report_put(r, "findings.html", err);
}
