/* report_takedowns.c - a page for each takedown, and one of all */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { OPEN_LISTED = 500, CLOSED_LISTED = 100, HOSTS_LISTED = 200 };

/* What is read on the way to the list. */
struct lines {
	struct case_line *open, *closed;
	size_t n_open, n_closed;
	bool more;
};

/* The clock that somebody has to look at first: the next look is the program's business, unless nothing else runs. */
static struct case_clock due_of(const struct takedown_page *p)
{
	struct case_clock due = { 0 };

	for (int looks = 0; looks < 2 && !due.at; looks++)
		for (size_t i = 0; i < p->n_clocks; i++)
			if ((p->clocks[i].kind == CASE_CLOCK_LOOK) == looks && (!due.at || p->clocks[i].at < due.at))
				due = p->clocks[i];
	return due;
}

/* Room for one more line, in the list that it belongs to; NULL when that is full. */
static struct case_line *line_of(struct report *r, struct lines *l, bool is_closed)
{
	if (is_closed ? l->n_closed >= CLOSED_LISTED : l->n_open >= OPEN_LISTED) {
		l->more = true;
		return NULL;
	}
	return is_closed ? arena_push(r->a, &l->closed, &l->n_closed, sizeof(*l->closed))
			 : arena_push(r->a, &l->open, &l->n_open, sizeof(*l->open));
}

static struct finding *finding_copy(struct arena *a, const struct finding *f)
{
	struct finding *out = arena_alloc(a, sizeof(*out));

	*out = (struct finding){ .public_id = arena_copy(a, f->public_id),
				 .title = arena_copy(a, f->title),
				 .url = arena_copy(a, f->url),
				 .asset = arena_copy(a, f->asset),
				 .severity = f->severity };
	return out;
}

static void note_line(struct report *r, struct lines *l, const struct takedown_page *p)
{
	struct case_line *line = line_of(r, l, p->row->closed_at != 0);

	if (!line)
		return;
	*line = (struct case_line){ .row = *p->row,
				    .finding = finding_copy(r->a, &p->finding->finding),
				    .places = p->n_targets,
				    .late = p->late,
				    .due = due_of(p) };
	line->row.public_id = arena_copy(r->a, p->row->public_id);
	line->row.grounds = arena_copy(r->a, p->row->grounds);
	line->due.host = arena_copy(r->a, line->due.host);
	for (size_t i = 0; i < p->n_targets; i++)
		line->gone += p->targets[i].target->gone_at != 0 && !str_eq(p->targets[i].target->state, STR("back"));
}

static int put_case(struct report *r, const struct takedown_row *row, struct lines *l, struct err *err)
{
	const struct report_options *o = r->options;
	struct takedown_page p;
	char name[FINDING_ID + 16];

	if (!report_is_id(row->public_id))
		return err_set(err, E_STORE, "the store holds a takedown whose id is not one; run watchdesk verify");
	if (o->read_case(o->desk, r->store, row, o->now, r->each, &p, err) < 0)
		return err->code;
	if (p.finding->finding.severity < report_manner(r).audience->least_severity && report_least(r) > FINDING_SEVERITY)
		return 0;
	p.manner = report_manner(r);
	p.home = "../index.html";
	if (p.finding->finding.severity >= report_least(r) && report_is_id(row->finding))
		p.finding_page = arena_printf(r->each, "../finding/%.*s.html", STR_ARG(row->finding));
	if (row->campaign_id && report_campaign_page(r, row->campaign_id, &p.campaign_page, err) < 0)
		return err->code;
	note_line(r, l, &p);
	buf_clear(&r->page);
	page_takedown(&r->page, &p);
	snprintf(name, sizeof(name), "takedown/%.*s.html", STR_ARG(row->public_id));
	return report_put(r, name, err);
}

/* Page by page, so that a thousand cases take the memory of one. */
static int put_cases(struct report *r, struct lines *l, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct takedown_row *rows;
	int64_t before = 0;
	size_t n;

	do {
		arena_clear(a);
		if (takedown_list(r->store, 0, before, a, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++) {
			arena_clear(r->each);
			if (put_case(r, &rows[i], l, err) < 0)
				return err->code;
			before = rows[i].id;
		}
	} while (n);
	return 0;
}

int report_takedowns(struct report *r, struct err *err)
{
	struct takedowns_page p = { .manner = report_manner(r), .now = r->options->now };
	struct takedown_number *hosts, all;
	struct lines l = { 0 };

	if (!r->options->read_case)
		return 0;
	if (put_cases(r, &l, err) < 0)
		return err->code;
	arena_clear(r->each);
	if (takedown_numbers(r->store, report_least(r) > FINDING_SEVERITY ? report_least(r) : 0, r->each, &hosts, &p.n_hosts,
			     &all, err) < 0)
		return err->code;
	if (l.n_open)
		qsort(l.open, l.n_open, sizeof(*l.open), page_takedowns_order);
	p.open = r->cases = l.open;
	p.n_open = r->n_cases = l.n_open;
	p.closed = l.closed;
	p.n_closed = l.n_closed;
	p.more = l.more;
	p.hosts = hosts;
	p.n_hosts = p.n_hosts < HOSTS_LISTED ? p.n_hosts : HOSTS_LISTED;
	p.all = &all;
	buf_clear(&r->page);
	page_takedowns(&r->page, &p);
	return report_put(r, "takedowns.html", err);
}
