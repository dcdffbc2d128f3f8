/* page_campaigns.c - findings that belong together: all such campaigns, and one with its spread over sites in time */
#include "web/page.h"

#include <stdio.h>

#include "base/limits.h"
#include "classify/severity.h"
#include "web/chart.h"
#include "web/html.h"

enum { TITLE = 160, NAME = 60, ID_SHOWN = 8, LANES = 12, DOTS = 500 };
#define HOUR INT64_C(3600000000)

static bool sees(const struct page_manner *m, enum audience_sees what)
{
	return audience_sees(m->audience, what);
}

/* ---- names ---- */

/* A word of the report with a text, or a number, in its place. */
static struct str word_x(struct arena *a, const struct page_manner *m, enum word word, struct str x)
{
	AUTO(buf) out = BUF_INIT(KIB(64));

	words_put_x(&out, m->words, word, x);
	return arena_copy(a, buf_str(&out));
}

/* What a campaign is called, as plain text: by the title of its first finding, or by its id. */
static struct str name_campaign(struct arena *a, const struct page_manner *m, const struct campaign_row *c)
{
	if (sees(m, SEES_TEXTS) && str_trim(c->name).n)
		return c->name;
	return word_x(a, m, WORD_CAMPAIGN_CALLED, str_slice(c->public_id, 0, ID_SHOWN));
}

/* The same of a finding. */
static struct str name_finding(struct arena *a, const struct page_manner *m, const struct campaign_finding *f)
{
	if (sees(m, SEES_TEXTS) && str_trim(f->title).n)
		return f->title;
	return word_x(a, m, WORD_FINDING_CALLED, str_slice(f->public_id, 0, ID_SHOWN));
}

/* As a finding whose name stands on other pages too. */
static struct finding finding_of(const struct campaign_finding *f)
{
	return (struct finding){ .public_id = f->public_id, .title = f->title, .url = f->url, .severity = f->severity };
}

/* ---- pictures ---- */

/* What a picture of dots is made of. */
struct dots {
	struct arena *a;
	struct chart_event events[DOTS];
	size_t n;
	struct str lanes[LANES];
	size_t n_lanes;
	int64_t from, until;
};

static void add_dot(struct dots *d, const struct page_manner *m, const char *folder, const struct campaign_finding *f,
		    size_t lane)
{
	if (d->n == DOTS)
		return;
	d->events[d->n] = (struct chart_event){
		.at = f->at,
		.row = lane,
		.class_name = severity_name(f->severity),
		.what = name_finding(d->a, m, f),
		.kind = m->words->text[page_severity_word(f->severity)],
		.href = arena_printf(d->a, "%s%.*s.html", folder, STR_ARG(f->public_id)),
	};
	d->from = d->n == 0 || f->at < d->from ? f->at : d->from;
	d->until = d->n == 0 || f->at > d->until ? f->at : d->until;
	d->n++;
}

/* A moment alone has an hour before and behind it. */
static void draw(struct buf *out, const struct page_manner *m, const struct chart *chart, const struct dots *d)
{
	const bool is_moment = d->until - d->from < HOUR;
	const struct chart_time time = { .from = is_moment ? d->from - HOUR : d->from,
					 .until = is_moment ? d->until + HOUR : d->until,
					 .rows = d->lanes,
					 .n_rows = d->n_lanes,
					 .events = d->events,
					 .n = d->n };
	static const int levels[] = { 90, 70, 40, 20 };
	struct chart_series legend[sizeof(levels) / sizeof(levels[0])];

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		legend[i] = (struct chart_series){ severity_name(levels[i]), m->words->text[page_severity_word(levels[i])] };
	chart_legend(out, legend, sizeof(levels) / sizeof(levels[0]));
	chart_timeline(out, chart, &time);
}

/* ---- one campaign ---- */

/* What a source is called in the picture; the last lane is that of all others. */
static struct str name_lane(struct arena *a, const struct page_manner *m, struct str source, size_t lane)
{
	AUTO(buf) numbered = BUF_INIT(KIB(4));

	if (lane == LANES - 1)
		return m->words->text[WORD_SPREAD_OTHERS];
	if (sees(m, SEES_SOURCES))
		return source;
	words_put_n(&numbered, m->words, WORD_SOURCE_CALLED, (int64_t)lane + 1);
	return arena_copy(a, buf_str(&numbered));
}

/* The lane of a source, in the order in which they appear. */
static size_t lane_of(struct dots *d, struct str sources[LANES], const struct page_manner *m, struct str source)
{
	size_t i = 0;

	while (i < d->n_lanes && !str_eq(sources[i], source))
		i++;
	if (i == LANES)
		return LANES - 1;
	if (i == d->n_lanes) {
		sources[i] = source;
		d->lanes[d->n_lanes++] = name_lane(d->a, m, source, i);
	}
	return i;
}

static void put_spread(struct buf *out, const struct campaign_page *p)
{
	const struct page_manner *m = &p->manner;
	const struct str *text = m->words->text;
	const struct chart chart = { m->words,	      "spread-picture", text[WORD_SPREAD_PICTURE], text[WORD_SPREAD_DESC],
				     text[WORD_WHEN], text[WORD_NONE] };
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct str sources[LANES];
	struct dots d = { .a = a };

	for (size_t i = 0; i < p->n; i++)
		add_dot(&d, m, "../finding/", &p->findings[i], lane_of(&d, sources, m, p->findings[i].source));
	page_section(out, "spread", word_of(m->words, WORD_SPREAD), 0);
	draw(out, m, &chart, &d);
	buf_add(out, STR("</section>\n"));
}

/* Its number among the texts, in the order in which they appear. */
static int64_t text_number(const struct campaign_page *p, size_t i)
{
	int64_t number = 1;

	for (size_t k = 0; k < p->n; k++) {
		bool is_new = true;

		if (p->findings[k].text == p->findings[i].text)
			return number;
		for (size_t l = 0; l < k && is_new; l++)
			is_new = p->findings[l].text != p->findings[k].text;
		number += is_new;
	}
	return number;
}

static void put_when(struct buf *out, const struct page_manner *m, const struct campaign_finding *f)
{
	buf_add(out, STR("<span>"));
	html_time(out, f->at);
	if (!f->is_posted) {
		buf_add(out, STR(" <span class=\"quiet\">"));
		say(out, m->words, WORD_TIME_SEEN);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</span>"));
}

static void put_finding(struct buf *out, const struct campaign_page *p, size_t i)
{
	const struct page_manner *m = &p->manner;
	const struct campaign_finding *f = &p->findings[i];
	const struct finding as_finding = finding_of(f);

	page_row(out);
	buf_add(out, STR("<a href=\"../finding/"));
	html_plain(out, f->public_id);
	buf_add(out, STR(".html\">"));
	page_title(out, m, &as_finding, TITLE);
	buf_add(out, STR("</a>"));
	if (i == 0) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		say(out, m->words, WORD_FIRST);
		buf_add(out, STR("</span>"));
	}
	if (f->author.n && sees(m, SEES_AUTHORS)) {
		buf_add(out, STR("<span class=\"by\">"));
		html_hostile(out, f->author, NAME);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_WHEN, "when");
	put_when(out, m, f);
	page_cell_end(out);
	if (sees(m, SEES_SOURCES)) {
		page_cell(out, m, WORD_SOURCE, NULL);
		page_source_link(out, m, f->source, "../");
		page_cell_end(out);
	}
	page_cell(out, m, WORD_SEVERITY, NULL);
	page_severity(out, m, f->severity);
	page_cell_end(out);
	page_cell(out, m, WORD_TEXT, NULL);
	say_n(out, m->words, WORD_TEXT_CALLED, text_number(p, i));
	page_cell_end(out);
	page_row_end(out);
}

static void put_findings(struct buf *out, const struct campaign_page *p)
{
	static const enum word all[] = { WORD_FINDING, WORD_WHEN, WORD_SOURCE, WORD_SEVERITY, WORD_TEXT, WORDS },
			       unnamed[] = { WORD_FINDING, WORD_WHEN, WORD_SEVERITY, WORD_TEXT, WORDS };
	const struct page_manner *m = &p->manner;

	page_section(out, "findings", word_of(m->words, WORD_IN_ORDER), (size_t)p->row->findings);
	page_table(out, m, "cases", WORD_IN_ORDER_CAPTION, sees(m, SEES_SOURCES) ? all : unnamed);
	for (size_t i = 0; i < p->n; i++)
		put_finding(out, p, i);
	page_table_end(out);
	if (p->n < (size_t)p->row->findings) {
		buf_add(out, STR("<p class=\"gap\">"));
		say_n(out, m->words, WORD_IN_ORDER_FIRST, (int64_t)p->n);
		buf_add(out, STR("</p>\n"));
	}
	buf_add(out, STR("</section>\n"));
}

static void put_contacts(struct buf *out, const struct campaign_page *p)
{
	static const enum word columns[] = { WORD_CONTACT, WORD_KIND, WORD_FINDINGS, WORDS };
	const struct page_manner *m = &p->manner;

	if (p->n_contacts == 0 || !sees(m, SEES_SAMPLES))
		return;
	page_section(out, "contacts", word_of(m->words, WORD_CONTACTS), p->n_contacts);
	page_table(out, m, "contacts", WORD_CONTACTS_CAPTION, columns);
	for (size_t i = 0; i < p->n_contacts; i++) {
		page_row(out);
		buf_add(out, STR("<code>"));
		html_hostile(out, p->contacts[i].value, TITLE);
		buf_add(out, STR("</code></th>"));
		page_cell(out, m, WORD_KIND, NULL);
		page_name(out, m, NAMES_CONTACT, p->contacts[i].kind);
		page_cell_end(out);
		page_cell_number(out, m, WORD_FINDINGS, p->contacts[i].findings);
		page_row_end(out);
	}
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

/* Without links: what they are does not change this page, so that it would not know when one has no page any more. */
static void put_related(struct buf *out, const struct campaign_page *p)
{
	const struct page_manner *m = &p->manner;
	AUTO_FREE(arena) a = arena_new(MIB(1));

	if (p->n_related == 0 || !sees(m, SEES_SAMPLES))
		return;
	page_section(out, "related", word_of(m->words, WORD_RELATED), p->n_related);
	buf_add(out, STR("<ul class=\"troubles\">\n"));
	for (size_t i = 0; i < p->n_related; i++) {
		buf_add(out, STR("<li>"));
		html_hostile(out, name_campaign(a, m, &p->related[i]), TITLE);
		buf_add(out, STR(" <code class=\"quiet\">"));
		html_text(out, str_slice(p->related[i].public_id, 0, ID_SHOWN));
		buf_add(out, STR("</code></li>\n"));
	}
	buf_add(out, STR("</ul>\n</section>\n"));
}

static void put_facts(struct buf *out, const struct campaign_page *p)
{
	const struct page_manner *m = &p->manner;
	const struct {
		enum word word;
		int64_t n;
	} counts[] = { { WORD_FINDINGS, p->row->findings }, { WORD_TEXTS, p->row->texts }, { WORD_SOURCES, p->row->sources } };
	AUTO(buf) command = BUF_INIT(KIB(1));

	buf_add(out, STR("<dl class=\"facts across\">\n"));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		page_fact_open(out, word_of(m->words, counts[i].word));
		html_number(out, counts[i].n);
		page_fact_close(out);
	}
	page_fact_text(out, word_of(m->words, WORD_ASSET), p->row->asset);
	if (p->n)
		page_fact_time(out, word_of(m->words, WORD_FIRST_SEEN), p->findings[0].at);
	buf_add(out, STR("</dl>\n<p class=\"quiet\">"));
	buf_add(&command, STR("<code>watchdesk campaign show "));
	html_plain(&command, str_slice(p->row->public_id, 0, ID_SHOWN));
	buf_add(&command, STR("</code>"));
	say_x(out, m->words, WORD_CAMPAIGN_COMMAND, buf_str(&command));
	buf_add(out, STR("</p>\n"));
}

void page_campaign(struct buf *out, const struct campaign_page *p)
{
	const struct page_manner *m = &p->manner;
	AUTO_FREE(arena) a = arena_new(MIB(1));
	const struct str name = name_campaign(a, m, p->row);
	struct html_frame frame = { .title = name, .manner = m, .home = "../index.html" };

	html_open(out, &frame);
	buf_add(out, STR("<p class=\"chips\">"));
	page_severity(out, m, p->row->severity);
	buf_add(out, STR(" <span class=\"chip verdict\">"));
	page_name(out, m, NAMES_CATEGORY, p->row->category);
	buf_add(out, STR("</span></p>\n<h1>"));
	html_hostile(out, name, TITLE);
	buf_add(out, STR("</h1>\n"));
	put_facts(out, p);
	put_spread(out, p);
	put_findings(out, p);
	put_contacts(out, p);
	put_related(out, p);
	html_close(out, m);
}

/* ---- all of them ---- */

static void put_picture(struct buf *out, const struct campaigns_page *p)
{
	const struct page_manner *m = &p->manner;
	const struct str *text = m->words->text;
	const struct chart chart = {
		m->words,	 "campaigns-picture", text[WORD_CAMPAIGNS_PICTURE], text[WORD_CAMPAIGNS_PICTURE_DESC],
		text[WORD_WHEN], text[WORD_NONE]
	};
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct dots d = { .a = a };

	for (size_t i = 0; i < p->n_drawn && i < LANES; i++)
		d.lanes[d.n_lanes++] = name_campaign(a, m, &p->rows[i]);
	for (size_t i = 0; i < p->n_dots; i++)
		add_dot(&d, m, "finding/", &p->dots[i].finding, p->dots[i].row);
	draw(out, m, &chart, &d);
}

static void put_row(struct buf *out, const struct page_manner *m, const struct campaign_row *c, const char *below)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));

	page_row(out);
	buf_printf(out, "<a href=\"%scampaign/", below);
	html_plain(out, c->public_id);
	buf_add(out, STR(".html\">"));
	html_hostile(out, name_campaign(a, m, c), TITLE);
	buf_add(out, STR("</a><span class=\"by\">"));
	page_name(out, m, NAMES_CATEGORY, c->category);
	if (c->asset.n) {
		buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		html_hostile(out, c->asset, NAME);
	}
	buf_add(out, STR("</span></th>"));
	page_cell(out, m, WORD_SEVERITY, NULL);
	page_severity(out, m, c->severity);
	page_cell_end(out);
	page_cell_number(out, m, WORD_FINDINGS, c->findings);
	page_cell_number(out, m, WORD_TEXTS, c->texts);
	page_cell_number(out, m, WORD_SOURCES, c->sources);
	page_cell_time(out, m, WORD_FIRST_SEEN, c->first_seen);
	page_cell_time(out, m, WORD_LAST_SEEN, c->last_seen);
	page_row_end(out);
}

/* `below` leads to the folder of their pages. */
static void put_rows(struct buf *out, const struct page_manner *m, enum word caption, const struct campaign_row *rows, size_t n,
		     const char *below)
{
	static const enum word columns[] = { WORD_CAMPAIGN, WORD_SEVERITY,   WORD_FINDINGS,  WORD_TEXTS,
					     WORD_SOURCES,  WORD_FIRST_SEEN, WORD_LAST_SEEN, WORDS };

	page_table(out, m, "cases counted sorts", caption, columns);
	for (size_t i = 0; i < n; i++)
		put_row(out, m, &rows[i], below);
	page_table_end(out);
}

void page_campaigns(struct buf *out, const struct campaigns_page *p)
{
	const struct page_manner *m = &p->manner;
	struct html_frame frame = { .title = m->words->text[WORD_CAMPAIGNS], .manner = m, .now = p->now, .home = "index.html" };
	char href[48];

	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say(out, m->words, WORD_CAMPAIGNS);
	buf_add(out, STR("</h1>\n<p class=\"lead\">"));
	say(out, m->words, p->n ? WORD_CAMPAIGNS_WHAT : WORD_CAMPAIGNS_NONE);
	buf_add(out, STR("</p>\n"));
	if (p->n) {
		put_picture(out, p);
		put_rows(out, m, p->more ? WORD_CAMPAIGNS_LAST : WORD_CAMPAIGNS_CAPTION, p->rows, p->n, "");
	}
	if (p->newest) {
		snprintf(href, sizeof(href), "campaigns/%lld.html", (long long)p->newest);
		page_more(out, m, href, WORD_CAMPAIGNS_ALL);
	}
	html_close(out, m);
}

void page_campaign_list(struct buf *out, const struct campaign_list_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1));
	const struct words *w = p->manner.words;
	struct html_frame frame = { .manner = &p->manner, .home = "../index.html" };

	words_put_n(&title, w, WORD_CAMPAIGNS_LIST, p->place.number);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say_n(out, w, WORD_CAMPAIGNS_LIST, p->place.number);
	buf_add(out, STR("</h1>\n"));
	put_rows(out, &p->manner, WORD_CAMPAIGNS_LIST_CAPTION, p->rows, p->n, "../");
	page_turn(out, &p->manner, &p->place);
	html_close(out, &p->manner);
}
