/* report_days.c - how much was found on which day: a page for each year, counted while the findings are gone through */
#include <string.h>

#include "web/page.h"
#include "web/report_parts.h"

#define DAY_US INT64_C(86400000000)

/* Findings come nearly in the order of their days, so the search begins at the end. */
static struct day_line *line_of(struct report *r, int64_t at)
{
	size_t i = r->n_days;

	while (i > 0 && r->days[i - 1].at > at)
		i--;
	if (i > 0 && r->days[i - 1].at == at)
		return &r->days[i - 1];
	arena_push(r->a, &r->days, &r->n_days, sizeof(*r->days));
	memmove(&r->days[i + 1], &r->days[i], (r->n_days - 1 - i) * sizeof(*r->days));
	r->days[i] = (struct day_line){ .at = at };
	return &r->days[i];
}

void report_note_day(struct report *r, const struct finding_stamp *s, int64_t list)
{
	struct day_line *line = line_of(r, s->found_at / DAY_US * DAY_US);

	line->list = list;
	for (int i = 0; i < OVERVIEW_LEVELS; i++)
		if (s->severity >= overview_levels[i]) {
			line->n[i]++;
			break;
		}
}

static bool same_year(int64_t one, int64_t two)
{
	char a[PAGE_DAYS_NAME], b[PAGE_DAYS_NAME];

	return strcmp(page_days_name(one, a), page_days_name(two, b)) == 0;
}

int report_days(struct report *r, struct err *err)
{
	const struct day_line *days = r->days;
	char name[PAGE_DAYS_NAME];

	for (size_t first = 0, end; first < r->n_days; first = end) {
		struct days_page p = { .manner = report_manner(r), .days = &days[first] };

		for (end = first + 1; end < r->n_days && same_year(days[end].at, days[first].at);)
			end++;
		p.n = end - first;
		p.older = first ? days[first - 1].at : 0;
		p.newer = end < r->n_days ? days[end].at : 0;
		buf_clear(&r->page);
		page_days(&r->page, &p);
		if (report_put(r, page_days_name(days[first].at, name), err) < 0)
			return err->code;
	}
	return 0;
}
