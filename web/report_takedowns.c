/* report_takedowns.c - a page for each takedown, lists of all, and one of what is due */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "store/takedown_pages.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { OPEN_LISTED = 200, CLOSED_LISTED = 50, HOSTS_LISTED = 200, COPIED = 1000, STRINGS = MIB(2) };

/* The first lines of a list that is never held as a whole. */
struct top {
	size_t most, n;
	int (*order)(const void *one, const void *two);
	struct case_line *lines;
	struct arena *strings; /* what they point to, and what those pointed to that were pushed out */
	int64_t count, late;   /* of all that came by */
};

/* What is read on the way to the lists. */
struct top_cases {
	struct top open, closed;
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

/* ---- the first lines ---- */

static int by_closing(const void *one, const void *two)
{
	const struct case_line *a = one, *b = two;

	if (a->row.closed_at != b->row.closed_at)
		return a->row.closed_at > b->row.closed_at ? -1 : 1;
	return a->row.id > b->row.id ? -1 : a->row.id < b->row.id;
}

static struct case_line line_copy(struct arena *a, const struct case_line *line)
{
	struct finding *f = arena_alloc(a, sizeof(*f));
	struct case_line out = *line;

	*f = (struct finding){ .public_id = arena_copy(a, line->finding->public_id),
			       .title = arena_copy(a, str_slice(line->finding->title, 0, COPIED)),
			       .url = arena_copy(a, str_slice(line->finding->url, 0, COPIED)),
			       .asset = arena_copy(a, line->finding->asset),
			       .severity = line->finding->severity };
	out.finding = f;
	out.row.public_id = arena_copy(a, line->row.public_id);
	out.row.grounds = arena_copy(a, line->row.grounds);
	out.row.state = arena_copy(a, line->row.state);
	out.due.host = arena_copy(a, line->due.host);
	return out;
}

/* What was pushed out leaves its strings behind: now and then those that stay move. */
static void tidy(struct top *t)
{
	struct arena *fresh;

	if (arena_used(t->strings) < STRINGS)
		return;
	fresh = arena_new(LIMIT_ARENA);
	for (size_t i = 0; i < t->n; i++)
		t->lines[i] = line_copy(fresh, &t->lines[i]);
	arena_free(t->strings);
	t->strings = fresh;
}

static void top_add(struct top *t, const struct case_line *line)
{
	size_t at = t->n;

	t->count++;
	t->late += line->late != CASE_IN_TIME || line->due.over;
	while (at > 0 && t->order(line, &t->lines[at - 1]) < 0)
		at--;
	if (at == t->most)
		return;
	t->n += t->n < t->most;
	memmove(&t->lines[at + 1], &t->lines[at], (t->n - at - 1) * sizeof(*line));
	t->lines[at] = line_copy(t->strings, line);
	tidy(t);
}

/* ---- pages ---- */

static struct case_line line_of(const struct takedown_stamp *s)
{
	return (struct case_line){
		.row = s->row, .finding = &s->finding, .places = (size_t)s->places, .gone = (size_t)s->gone
	};
}

static int read_links(struct report *r, const struct takedown_row *row, struct takedown_page *p, struct err *err)
{
	if (p->finding->finding.severity >= report_least(r) && report_is_id(row->finding))
		p->finding_page = arena_printf(r->each, "../finding/%.*s.html", STR_ARG(row->finding));
	return row->campaign_id ? report_campaign_page(r, row->campaign_id, &p->campaign_page, err) : 0;
}

static int make_case(struct report *r, const struct takedown_row *row, struct case_line *line, struct err *err)
{
	const struct report_options *o = r->options;
	struct takedown_page p;

	if (o->read_case(o->desk, r->store, row, o->now, r->each, &p, err) < 0)
		return err->code;
	p.manner = report_manner(r);
	p.home = "../index.html";
	if (read_links(r, row, &p, err) < 0)
		return err->code;
	line->late = p.late;
	line->due = due_of(&p);
	buf_clear(&r->page);
	page_takedown(&r->page, &p);
	return 0;
}

/* What a closed case leads to may go or come without it. */
static int stamp_of(struct report *r, const struct takedown_stamp *s, uint64_t *out, struct err *err)
{
	struct str campaign = { 0 };

	if (s->row.campaign_id && report_campaign_page(r, s->row.campaign_id, &campaign, err) < 0)
		return err->code;
	buf_clear(&r->page);
	buf_printf(&r->page, "%.*s", STR_ARG(campaign));
	buf_add(&r->page, (struct str){ (const char *)s->stamp, sizeof(s->stamp) });
	*out = edition_stamp(buf_str(&r->page));
	return 0;
}

/* It stays as it is. */
static int need_closed(struct report *r, const struct takedown_stamp *s, const char *name, struct top *closed, struct err *err)
{
	struct case_line line = line_of(s);
	uint64_t stamp = 0;

	top_add(closed, &line);
	if (stamp_of(r, s, &stamp, err) < 0)
		return err->code;
	if (edition_keeps(r->edition, name, stamp))
		return 0;
	return make_case(r, &s->row, &line, err) < 0 ? err->code : edition_put(r->edition, name, stamp, &r->page, err);
}

/* Its clocks run, so that it is made each time. */
static int put_open(struct report *r, const struct takedown_stamp *s, const char *name, struct top *open, struct err *err)
{
	struct case_line line = line_of(s);

	if (make_case(r, &s->row, &line, err) < 0)
		return err->code;
	top_add(open, &line);
	return report_put(r, name, err);
}

static int need_case(struct report *r, const struct takedown_stamp *s, struct top_cases *top, struct err *err)
{
	char name[FINDING_ID + 16];

	if (!report_is_id(s->row.public_id))
		return err_set(err, E_STORE, "the store holds a takedown whose id is not one; run watchdesk verify");
	arena_clear(r->each);
	snprintf(name, sizeof(name), "takedown/%.*s.html", STR_ARG(s->row.public_id));
	return s->row.closed_at ? need_closed(r, s, name, &top->closed, err) : put_open(r, s, name, &top->open, err);
}

/* A case about what is not severe enough has a page for the desk alone, whose findings begin at that. */
static int least_of(const struct report *r)
{
	return report_least(r) > FINDING_SEVERITY ? report_least(r) : 0;
}

static int put_pages(struct report *r, const struct report_span *span, struct buf *stamps, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct takedown_stamp *rows;
	size_t n;

	if (takedown_stamps(r->store, span->first, span->last, least_of(r), a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (need_case(r, &rows[i], span->context, err) < 0)
			return err->code;
		buf_add(stamps, (struct str){ (const char *)rows[i].stamp, sizeof(rows[i].stamp) });
	}
	return 0;
}

static int make_list(struct report *r, const struct report_span *span, const struct list_place *place, struct err *err)
{
	struct takedown_list_page p = { .manner = report_manner(r), .place = *place };
	struct takedown_stamp *rows;
	struct case_line *lines;

	if (takedown_stamps(r->store, span->first, span->last, least_of(r), r->each, &rows, &p.n, err) < 0)
		return err->code;
	lines = arena_alloc(r->each, (p.n + 1) * sizeof(*lines));
	for (size_t i = 0; i < p.n; i++)
		lines[p.n - 1 - i] = line_of(&rows[i]);
	p.lines = lines;
	page_takedown_list(&r->page, &p);
	return 0;
}

/* ---- what is due, and how hosts do ---- */

static struct top top_new(struct arena *a, size_t most, int (*order)(const void *, const void *))
{
	return (struct top){ .most = most,
			     .order = order,
			     .lines = arena_alloc(a, (most + 1) * sizeof(struct case_line)),
			     .strings = arena_new(LIMIT_ARENA) };
}

static int put_due(struct report *r, const struct top_cases *top, int64_t newest, struct err *err)
{
	struct takedowns_page p = { .manner = report_manner(r), .now = r->options->now, .newest = newest };
	struct takedown_number *hosts, all;

	arena_clear(r->each);
	if (takedown_numbers(r->store, report_least(r) > FINDING_SEVERITY ? report_least(r) : 0, r->each, &hosts, &p.n_hosts,
			     &all, err) < 0)
		return err->code;
	p.open = top->open.lines;
	p.n_open = top->open.n;
	p.open_count = top->open.count;
	p.late_count = top->open.late;
	p.closed = top->closed.lines;
	p.n_closed = top->closed.n;
	p.closed_count = top->closed.count;
	p.hosts = hosts;
	p.n_hosts = p.n_hosts < HOSTS_LISTED ? p.n_hosts : HOSTS_LISTED;
	p.all = &all;
	buf_clear(&r->page);
	page_takedowns(&r->page, &p);
	return report_put(r, "takedowns.html", err);
}

/* The first page shows some of them. */
static void keep_for_index(struct report *r, const struct top *open)
{
	struct case_line *lines = arena_alloc(r->a, (open->n + 1) * sizeof(*lines));

	for (size_t i = 0; i < open->n; i++)
		lines[i] = line_copy(r->a, &open->lines[i]);
	r->cases = lines;
	r->n_cases = open->n;
	r->open_cases = open->count;
	r->late_cases = open->late;
}

int report_takedowns(struct report *r, struct err *err)
{
	struct top_cases top = { top_new(r->a, OPEN_LISTED, page_takedowns_order), top_new(r->a, CLOSED_LISTED, by_closing) };
	struct report_lists lists = { .folder = "takedowns", .pages = put_pages, .list = make_list, .context = &top };
	int64_t newest;
	int result = 0;

	if (r->options->read_case) {
		result = takedown_last(r->store, &lists.last, err);
		result = result < 0 ? result : report_lists(r, &lists, &newest, err);
		result = result < 0 ? result : put_due(r, &top, newest, err);
		keep_for_index(r, &top.open);
	}
	arena_free(top.open.strings);
	arena_free(top.closed.strings);
	return result;
}
