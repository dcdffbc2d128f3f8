/* page_takedowns.c - all takedowns: what is due, what waits too long, what was closed, what hosts do */
#include "web/page_case.h"

#include <stdio.h>

#include "base/limits.h"
#include "web/chart.h"
#include "web/html.h"

enum { TITLE = 160, NAME = 120, HOSTS_DRAWN = 12 }; /* characters shown of a text from outside */

static bool waits(const struct case_line *l)
{
	return l->late != CASE_IN_TIME || l->due.over;
}

int page_takedowns_order(const void *one, const void *two)
{
	const struct case_line *a = one, *b = two;

	if (waits(a) != waits(b))
		return waits(a) ? -1 : 1;
	if (!a->due.at != !b->due.at)
		return a->due.at ? -1 : 1;
	if (a->due.at != b->due.at)
		return a->due.at < b->due.at ? -1 : 1;
	return a->row.id < b->row.id ? 1 : -1;
}

/* ---- cases ---- */

static void put_name(struct buf *out, const struct page_manner *m, const struct case_line *l, const char *below)
{
	page_row(out);
	buf_printf(out, "<a href=\"%stakedown/", below);
	html_plain(out, l->row.public_id);
	buf_add(out, STR(".html\">"));
	page_title(out, m, l->finding, TITLE);
	buf_add(out, STR("</a><span class=\"by\">"));
	page_grounds(out, m, l->row.grounds);
	if (l->finding->asset.n) {
		buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		html_hostile(out, l->finding->asset, NAME);
	}
	buf_add(out, STR("</span></th>"));
	page_cell(out, m, WORD_SEVERITY, NULL);
	page_severity(out, m, l->finding->severity);
	page_cell_end(out);
}

static void put_places(struct buf *out, const struct page_manner *m, const struct case_line *l)
{
	page_cell(out, m, WORD_PLACES_GONE, "when");
	html_number(out, (int64_t)l->gone);
	buf_add(out, STR(" / "));
	html_number(out, (int64_t)l->places);
	page_cell_end(out);
}

/* The clock that ends first, and what is wrong. */
static void put_due(struct buf *out, const struct page_manner *m, const struct case_line *l)
{
	page_cell(out, m, WORD_DUE, NULL);
	buf_add(out, STR("<span>"));
	if (l->due.at)
		html_time(out, l->due.at);
	else
		say(out, m->words, WORD_NO_CLOCK);
	if (l->due.over) {
		buf_add(out, STR(" <span class=\"chip failing\">"));
		say(out, m->words, WORD_CLOCK_OVER);
		buf_add(out, STR("</span>"));
	}
	page_late(out, m, l->late);
	if (l->due.at) {
		buf_add(out, STR("<span class=\"by\">"));
		page_clock(out, m, &l->due);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</span>"));
	page_cell_end(out);
}

static void put_open(struct buf *out, const struct page_manner *m, const struct case_line *l)
{
	put_name(out, m, l, "");
	put_due(out, m, l);
	put_places(out, m, l);
	page_cell_time(out, m, WORD_OPENED, l->row.opened_at);
	page_row_end(out);
}

static void put_closed(struct buf *out, const struct page_manner *m, const struct case_line *l)
{
	put_name(out, m, l, "");
	put_places(out, m, l);
	page_cell_time(out, m, WORD_OPENED, l->row.opened_at);
	page_cell_time(out, m, WORD_CLOSED, l->row.closed_at);
	page_row_end(out);
}

/* One of both lists. */
struct list {
	const char *id;
	enum word name, caption;
	const enum word *columns;
	void (*put)(struct buf *out, const struct page_manner *m, const struct case_line *l);
	const struct case_line *lines;
	size_t n;
	int64_t count; /* of all; when they are more than are listed, the caption says so */
	enum word first;
};

static void put_list(struct buf *out, const struct page_manner *m, const struct list *l)
{
	if (l->n == 0)
		return;
	page_section(out, l->id, word_of(m->words, l->name), (size_t)l->count);
	page_table(out, m, "cases sorts", (size_t)l->count > l->n ? l->first : l->caption, l->columns);
	for (size_t i = 0; i < l->n; i++)
		l->put(out, m, &l->lines[i]);
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

static void put_cases(struct buf *out, const struct takedowns_page *p)
{
	static const enum word open_columns[] = { WORD_CASE, WORD_SEVERITY, WORD_DUE, WORD_PLACES_GONE, WORD_OPENED, WORDS },
			       closed_columns[] = {
				       WORD_CASE, WORD_SEVERITY, WORD_PLACES_GONE, WORD_OPENED, WORD_CLOSED, WORDS
			       };
	const struct list lists[] = { { "open", WORD_OPEN_CASES, WORD_OPEN_CASES_CAPTION, open_columns, put_open, p->open,
					p->n_open, p->open_count, WORD_OPEN_CASES_FIRST },
				      { "closed", WORD_CLOSED_CASES, WORD_CLOSED_CASES_CAPTION, closed_columns, put_closed,
					p->closed, p->n_closed, p->closed_count, WORD_CLOSED_CASES_LAST } };
	char href[48];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		put_list(out, &p->manner, &lists[i]);
	if (!p->newest)
		return;
	snprintf(href, sizeof(href), "takedowns/%lld.html", (long long)p->newest);
	page_more(out, &p->manner, href, WORD_CASES_ALL);
}

/* ---- hosts ---- */

static void put_host(struct buf *out, const struct page_manner *m, const struct takedown_number *n, bool is_sum)
{
	page_row(out);
	if (is_sum)
		say(out, m->words, WORD_HOSTS_ALL);
	else
		html_hostile(out, n->host, NAME);
	buf_add(out, STR("</th>"));
	page_cell_number(out, m, WORD_HOST_PLACES, n->targets);
	page_cell_number(out, m, WORD_HOST_ASKED, n->asked);
	page_cell_number(out, m, WORD_HOST_REMOVED, n->removed);
	page_cell_number(out, m, WORD_HOST_RETURNED, n->returned);
	page_cell(out, m, WORD_HOST_MEDIAN, "number");
	if (n->median >= 0)
		page_duration(out, m, n->median);
	page_cell_end(out);
	page_row_end(out);
}

/* The first of them as a picture: what is gone, what is not, what nobody asked for. */
static void put_hosts_picture(struct buf *out, const struct page_manner *m, const struct takedown_number *hosts, size_t n)
{
	const struct str *say_it = m->words->text;
	const struct chart_series series[] = { { "well", say_it[WORD_HOST_GONE] },
					       { "partly", say_it[WORD_HOST_THERE] },
					       { "other", say_it[WORD_HOST_UNASKED] } };
	const struct chart chart = {
		m->words,	   "hosts-picture",  say_it[WORD_HOSTS_PICTURE], say_it[WORD_HOSTS_PICTURE_DESC],
		say_it[WORD_HOST], say_it[WORD_NONE]
	};
	struct chart_bar bars[HOSTS_DRAWN] = { 0 };
	const struct chart_bars all = { series, 3, bars, n < HOSTS_DRAWN ? n : HOSTS_DRAWN, .shares = true };

	for (size_t i = 0; i < all.n; i++) {
		const struct takedown_number *h = &hosts[i];

		bars[i] = (struct chart_bar){ .label = h->host,
					      .n = { h->away, h->waiting, h->targets - h->away - h->waiting } };
	}
	chart_rows(out, &chart, &all);
}

/* Which hosts there are says where things stand. */
static void put_hosts(struct buf *out, const struct takedowns_page *p)
{
	static const enum word columns[] = {
		WORD_HOST, WORD_HOST_PLACES, WORD_HOST_ASKED, WORD_HOST_REMOVED, WORD_HOST_RETURNED, WORD_HOST_MEDIAN, WORDS
	};
	const struct page_manner *m = &p->manner;
	const size_t shown = audience_sees(m->audience, SEES_ADDRESSES) ? p->n_hosts : 0;

	if (!p->all || p->all->targets == 0)
		return;
	page_section(out, "hosts", word_of(m->words, WORD_HOSTS), shown);
	if (shown > 1)
		put_hosts_picture(out, m, p->hosts, shown);
	page_table(out, m, "hosts figures", WORD_HOSTS_CAPTION, columns);
	for (size_t i = 0; i < shown; i++)
		put_host(out, m, &p->hosts[i], false);
	if (shown != 1)
		put_host(out, m, p->all, true);
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

static void put_lead(struct buf *out, const struct takedowns_page *p)
{
	const struct words *w = p->manner.words;

	buf_add(out, STR("<p class=\"lead\">"));
	if (p->open_count + p->closed_count == 0)
		say_x(out, w, WORD_TAKEDOWNS_NONE, STR("<code>watchdesk takedown open</code>"));
	else if (p->open_count == 0)
		say(out, w, WORD_TAKEDOWNS_OPEN_NONE);
	else
		page_count_say(out, &p->manner, p->open_count, WORD_TAKEDOWNS_OPEN_ONE, WORD_TAKEDOWNS_OPEN_MANY);
	if (p->open_count) {
		buf_add_char(out, ' ');
		if (p->late_count)
			page_count_say(out, &p->manner, p->late_count, WORD_TAKEDOWNS_LATE_ONE, WORD_TAKEDOWNS_LATE_MANY);
		else
			say(out, w, WORD_TAKEDOWNS_LATE_NONE);
	}
	buf_add(out, STR("</p>\n"));
}

void page_takedowns(struct buf *out, const struct takedowns_page *p)
{
	struct html_frame frame = {
		.title = p->manner.words->text[WORD_TAKEDOWNS], .manner = &p->manner, .now = p->now, .home = "index.html"
	};

	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say(out, p->manner.words, WORD_TAKEDOWNS);
	buf_add(out, STR("</h1>\n"));
	put_lead(out, p);
	put_cases(out, p);
	put_hosts(out, p);
	html_close(out, &p->manner);
}

/* ---- all cases ---- */

static void put_line(struct buf *out, const struct page_manner *m, const struct case_line *l)
{
	put_name(out, m, l, "../");
	page_cell(out, m, WORD_STATE, NULL);
	page_state(out, m, l->row.state);
	page_cell_end(out);
	put_places(out, m, l);
	page_cell_time(out, m, WORD_OPENED, l->row.opened_at);
	page_cell_time(out, m, WORD_CLOSED, l->row.closed_at);
	page_row_end(out);
}

void page_takedown_list(struct buf *out, const struct takedown_list_page *p)
{
	static const enum word columns[] = { WORD_CASE,	  WORD_SEVERITY, WORD_STATE, WORD_PLACES_GONE,
					     WORD_OPENED, WORD_CLOSED,	 WORDS };
	AUTO(buf) title = BUF_INIT(KIB(1));
	const struct words *w = p->manner.words;
	struct html_frame frame = { .manner = &p->manner, .home = "../index.html" };

	words_put_n(&title, w, WORD_CASES_LIST, p->place.number);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say_n(out, w, WORD_CASES_LIST, p->place.number);
	buf_add(out, STR("</h1>\n"));
	page_table(out, &p->manner, "cases sorts", WORD_CASES_LIST_CAPTION, columns);
	for (size_t i = 0; i < p->n; i++)
		put_line(out, &p->manner, &p->lines[i]);
	page_table_end(out);
	page_turn(out, &p->manner, &p->place);
	html_close(out, &p->manner);
}
