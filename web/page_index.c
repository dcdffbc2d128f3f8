/* page_index.c - the first page: what is new, what is dangerous, what concerns us, is the watch whole, what is legal doing */
#include "web/page_case.h"

#include <stdio.h>

#include "base/limits.h"
#include "web/html.h"

enum { NAME = 60, DETAIL = 160, CASES = 6, ILL = 6, NEW = 8, SEVERE = 2 }; /* SEVERE: of the levels, critical and high */

static int64_t sum_of(const int64_t *n, int count)
{
	int64_t sum = 0;

	for (int i = 0; i < count; i++)
		sum += n[i];
	return sum;
}

static size_t ill(const struct index_page *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_sources; i++)
		n += !health_is_well(&p->sources[i]);
	return n;
}

/* ---- four answers, each leads to what it is about ---- */

/* The number, and one line that says more of it; red when somebody has to get up. */
struct answer {
	const char *href;
	enum word name;
	int64_t n;
	bool bad;
};

static void open_answer(struct buf *out, const struct page_manner *m, const struct answer *x)
{
	buf_printf(out, "<li class=\"answer%s\"><a href=\"%s\">", x->bad ? " bad" : "", x->href);
	say(out, m->words, x->name);
	buf_add(out, STR("</a><b>"));
	html_number(out, x->n);
	buf_add(out, STR("</b><span>"));
}

static void close_answer(struct buf *out)
{
	buf_add(out, STR("</span></li>\n"));
}

static void answer_new(struct buf *out, const struct index_page *p)
{
	const struct words *w = p->manner.words;
	int64_t severe = sum_of(p->day->n, SEVERE);

	open_answer(out, &p->manner,
		    &(struct answer){ "#new", WORD_ANSWER_NEW, sum_of(p->day->n, OVERVIEW_LEVELS), severe > 0 });
	if (severe)
		say_n(out, w, WORD_ANSWER_SEVERE, severe);
	else
		say(out, w, WORD_ANSWER_SEVERE_NONE);
	close_answer(out);
}

static void answer_open(struct buf *out, const struct index_page *p)
{
	const struct words *w = p->manner.words;
	int64_t nobody = p->open_count - p->held;

	open_answer(out, &p->manner, &(struct answer){ "#open", WORD_ANSWER_OPEN, p->open_count, nobody > 0 });
	if (nobody)
		say_n(out, w, WORD_ANSWER_NOBODY, nobody);
	else
		say(out, w, p->open_count ? WORD_ANSWER_HELD : WORD_ANSWER_JUDGED);
	close_answer(out);
}

static void answer_watch(struct buf *out, const struct index_page *p)
{
	const struct words *w = p->manner.words;
	size_t broken = ill(p);

	open_answer(out, &p->manner,
		    &(struct answer){ "#watch", WORD_ANSWER_ILL, (int64_t)broken, broken > 0 || p->dead_letters > 0 });
	if (p->dead_letters)
		page_count_say(out, &p->manner, p->dead_letters, WORD_ANSWER_DEAD_ONE, WORD_ANSWER_DEAD_MANY);
	else if (p->n_sources)
		say_n(out, w, WORD_ANSWER_SOURCES, (int64_t)p->n_sources);
	else
		say(out, w, WORD_SOURCES_UNREAD);
	close_answer(out);
}

static void answer_legal(struct buf *out, const struct index_page *p)
{
	const struct words *w = p->manner.words;

	open_answer(out, &p->manner, &(struct answer){ "#legal", WORD_ANSWER_CASES, p->open_cases, p->late_cases > 0 });
	if (p->late_cases)
		page_count_say(out, &p->manner, p->late_cases, WORD_ANSWER_LATE_ONE, WORD_ANSWER_LATE_MANY);
	else
		say(out, w, p->open_cases ? WORD_ANSWER_IN_TIME : WORD_ANSWER_CASES_NONE);
	close_answer(out);
}

static void put_answers(struct buf *out, const struct index_page *p)
{
	buf_add(out, STR("<ul class=\"answers\">\n"));
	answer_new(out, p);
	answer_open(out, p);
	if (audience_sees(p->manner.audience, SEES_SOURCES))
		answer_watch(out, p);
	answer_legal(out, p);
	buf_add(out, STR("</ul>\n"));
}

/* ---- findings ---- */

static void put_chip(struct buf *out, const struct page_manner *m, enum word word)
{
	buf_add(out, STR(" <span class=\"chip verdict\">"));
	say(out, m->words, word);
	buf_add(out, STR("</span>"));
}

static void put_row(struct buf *out, const struct index_page *p, const struct finding *f, bool say_new)
{
	page_row(out);
	page_finding_link(out, &p->manner, f, "");
	if (say_new)
		put_chip(out, &p->manner, WORD_IS_NEW);
	if (f->reports)
		put_chip(out, &p->manner, WORD_TOLD);
	buf_add(out, STR("<span class=\"by\">"));
	page_name(out, &p->manner, NAMES_CATEGORY, f->category);
	if (f->asset.n) {
		buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		html_hostile(out, f->asset, NAME);
	}
	if (f->source.n && audience_sees(p->manner.audience, SEES_SOURCES)) {
		buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		page_source_link(out, &p->manner, f->source, "");
	}
	buf_add(out, STR("</span></th>"));
}

static bool is_new(const struct index_page *p, const struct finding *f)
{
	return f->found_at >= p->since;
}

static void put_held(struct buf *out, const struct page_manner *m, const struct overview_open *o)
{
	page_cell(out, m, WORD_HELD_BY, NULL);
	if (!o->holder.n)
		say(out, m->words, WORD_NOBODY);
	else if (audience_sees(m->audience, SEES_OPERATORS))
		html_hostile(out, o->holder, NAME);
	else
		say(out, m->words, WORD_SOMEBODY);
	page_cell_end(out);
}

static void put_open(struct buf *out, const struct index_page *p)
{
	static const enum word columns[] = { WORD_FINDING, WORD_HELD_BY, WORD_FOUND, WORDS };

	page_section(out, "open", word_of(p->manner.words, WORD_OPEN), (size_t)p->open_count);
	if (p->n_open) {
		page_table(out, &p->manner, "brief", WORD_OPEN_CAPTION, columns);
		for (size_t i = 0; i < p->n_open; i++) {
			put_row(out, p, &p->open[i].finding, is_new(p, &p->open[i].finding));
			put_held(out, &p->manner, &p->open[i]);
			page_cell_time(out, &p->manner, WORD_FOUND, p->open[i].finding.found_at);
			page_row_end(out);
		}
		page_table_end(out);
	} else {
		page_empty(out, &p->manner, WORD_OPEN_NONE);
	}
	if (p->open_count > (int64_t)p->n_open)
		page_more(out, &p->manner, "by-severity-high.html", WORD_OPEN_MORE);
	buf_add(out, STR("</section>\n"));
}

static bool is_above(const struct index_page *p, const struct finding *f)
{
	for (size_t i = 0; i < p->n_open; i++)
		if (p->open[i].finding.id == f->id)
			return true;
	return false;
}

/* What stands above says itself that it is new. */
static void put_new_rows(struct buf *out, const struct index_page *p)
{
	static const enum word columns[] = { WORD_FINDING, WORD_FOUND, WORDS };
	size_t shown = 0;

	for (size_t i = 0; i < p->n_fresh && shown < NEW; i++) {
		if (is_above(p, &p->fresh[i]))
			continue;
		if (shown++ == 0)
			page_table(out, &p->manner, "brief", WORD_NEW_CAPTION, columns);
		put_row(out, p, &p->fresh[i], false);
		page_cell_time(out, &p->manner, WORD_FOUND, p->fresh[i].found_at);
		page_row_end(out);
	}
	if (shown)
		page_table_end(out);
	else
		page_empty(out, &p->manner, p->n_fresh ? WORD_NEW_ABOVE : p->any ? WORD_NEW_NONE : WORD_FOUND_NONE);
}

static void put_new(struct buf *out, const struct index_page *p)
{
	page_section(out, "new", word_of(p->manner.words, WORD_NEW), (size_t)sum_of(p->day->n, OVERVIEW_LEVELS));
	put_new_rows(out, p);
	if (p->links.lists) {
		char href[48];

		snprintf(href, sizeof(href), "findings/%lld.html", (long long)p->links.lists);
		page_more(out, &p->manner, href, WORD_ALL_FINDINGS);
	}
	buf_add(out, STR("</section>\n"));
}

/* ---- is the watch whole ---- */

static void put_round(struct buf *out, const struct index_page *p)
{
	const struct words *w = p->manner.words;
	const struct round *r = &p->last_round;
	AUTO(buf) at = BUF_INIT(KIB(1));

	buf_add(out, STR("<p class=\"quiet\">"));
	if (p->has_round) {
		html_time(&at, r->ended_at);
		say_x(out, w, WORD_ROUND, buf_str(&at));
		buf_add_char(out, ' ');
		page_count_say(out, &p->manner, r->fetched, WORD_ROUND_PAGES_ONE, WORD_ROUND_PAGES_MANY);
		if (r->failed) {
			buf_add_char(out, ' ');
			say_n(out, w, WORD_ROUND_FAILED, r->failed);
		}
		buf_add_char(out, ' ');
		page_count_say(out, &p->manner, r->posts, WORD_ROUND_POSTS_ONE, WORD_ROUND_POSTS_MANY);
	} else {
		say(out, w, WORD_ROUND_NONE);
	}
	buf_add(out, STR("</p>\n"));
}

/* Somebody was to be told, and was not. */
static void put_dead_letters(struct buf *out, const struct index_page *p)
{
	if (p->dead_letters == 0)
		return;
	buf_add(out, STR("<p><strong>"));
	page_count_say(out, &p->manner, p->dead_letters, WORD_DEAD_ONE, WORD_DEAD_MANY);
	buf_add(out, STR("</strong> "));
	say_x(out, p->manner.words, WORD_DEAD_WHY, STR("<code>watchdesk alert log --state dead</code>"));
	buf_add(out, STR("</p>\n"));
}

static void put_ill(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	buf_add(out, STR("<li><b>"));
	page_source_link(out, m, s->source, "");
	buf_add(out, STR("</b> "));
	page_source_state(out, m, s);
	if (s->failure.n) {
		buf_add(out, STR("<span class=\"by\">"));
		page_name(out, m, NAMES_FAILURE, s->failure);
		if (s->detail.n) {
			buf_add(out, STR(": "));
			html_hostile(out, s->detail, DETAIL);
		}
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</li>\n"));
}

static void put_sources(struct buf *out, const struct index_page *p)
{
	size_t broken = ill(p), shown = 0;

	if (!p->n_sources)
		page_empty(out, &p->manner, WORD_SOURCES_UNREAD);
	else if (!broken)
		buf_printf(out, "<p><span class=\"chip fine\">%s</span></p>\n", word_of(p->manner.words, WORD_WATCH_WELL));
	if (broken)
		buf_add(out, STR("<ul class=\"plain\">\n"));
	for (size_t i = 0; i < p->n_sources && shown < ILL; i++)
		if (!health_is_well(&p->sources[i]) && ++shown)
			put_ill(out, &p->manner, &p->sources[i]);
	if (broken)
		buf_add(out, STR("</ul>\n"));
}

static void put_watch(struct buf *out, const struct index_page *p)
{
	if (!audience_sees(p->manner.audience, SEES_SOURCES))
		return;
	page_section(out, "watch", word_of(p->manner.words, WORD_WATCH), 0);
	put_sources(out, p);
	put_dead_letters(out, p);
	put_round(out, p);
	if (p->links.sources)
		page_more(out, &p->manner, "sources.html", WORD_WATCH_MORE);
	buf_add(out, STR("</section>\n"));
}

/* ---- what is legal doing ---- */

static void put_case(struct buf *out, const struct page_manner *m, const struct case_line *l)
{
	buf_add(out, STR("<li><a href=\"takedown/"));
	html_plain(out, l->row.public_id);
	buf_add(out, STR(".html\">"));
	page_title(out, m, l->finding, NAME);
	buf_add(out, STR("</a><span class=\"by\">"));
	page_grounds(out, m, l->row.grounds);
	buf_add(out, STR("</span>"));
	if (l->due.at) {
		buf_printf(out, "<span class=\"by%s\">", l->due.over ? " over" : "");
		page_clock(out, m, &l->due);
		buf_add(out, STR(": "));
		html_time(out, l->due.at);
		if (l->due.over) {
			buf_add_char(out, ' ');
			say(out, m->words, WORD_CLOCK_OVER);
		}
		buf_add(out, STR("</span>"));
	}
	if (l->late != CASE_IN_TIME)
		page_late(out, m, l->late);
	buf_add(out, STR("</li>\n"));
}

static void put_legal(struct buf *out, const struct index_page *p)
{
	page_section(out, "legal", word_of(p->manner.words, WORD_TAKEDOWNS), (size_t)p->open_cases);
	if (p->n_cases)
		buf_add(out, STR("<ul class=\"plain\">\n"));
	else
		page_empty(out, &p->manner, WORD_TAKEDOWNS_OPEN_NONE);
	for (size_t i = 0; i < p->n_cases && i < CASES; i++)
		put_case(out, &p->manner, &p->cases[i]);
	if (p->n_cases)
		buf_add(out, STR("</ul>\n"));
	if (p->links.takedowns)
		page_more(out, &p->manner, "takedowns.html", WORD_LEGAL_MORE);
	buf_add(out, STR("</section>\n"));
}

/* ---- where else to look ---- */

static void put_link(struct buf *out, const struct page_manner *m, const char *href, enum word word, bool is_there)
{
	if (!is_there)
		return;
	buf_printf(out, "<li><a href=\"%s\">", href);
	say(out, m->words, word);
	buf_add(out, STR("</a></li>"));
}

static void put_links(struct buf *out, const struct index_page *p)
{
	const struct page_manner *m = &p->manner;

	buf_printf(out, "<nav aria-label=\"%s\">\n<ul class=\"links\">", word_of(m->words, WORD_PAGES));
	put_link(out, m, "findings.html", WORD_FINDINGS, p->links.findings);
	put_link(out, m, "assets.html", WORD_ASSETS, p->links.assets);
	put_link(out, m, "campaigns.html", WORD_CAMPAIGNS, p->links.campaigns);
	put_link(out, m, "sources.html", WORD_SOURCES, p->links.sources);
	put_link(out, m, "takedowns.html", WORD_TAKEDOWNS, p->links.takedowns);
	put_link(out, m, "about.html", WORD_ABOUT, p->links.about);
	buf_add(out, STR("</ul>\n</nav>\n"));
}

/* A copy of it outside shows later whether the chain was cut or written anew. */
static void put_anchor(struct buf *out, const struct index_page *p)
{
	const struct words *w = p->manner.words;

	if (!p->anchor.n || !audience_sees(p->manner.audience, SEES_CUSTODY))
		return;
	page_section(out, "custody", word_of(w, WORD_CUSTODY), 0);
	buf_add(out, STR("<p>"));
	say(out, w, WORD_ANCHOR);
	buf_add(out, STR(" <code>"));
	html_text(out, p->anchor);
	buf_add(out, STR("</code></p>\n<p class=\"quiet\">"));
	say_x(out, w, WORD_ANCHOR_WHY, STR("<code>watchdesk verify --anchor anchor.txt</code>"));
	buf_add(out, STR("</p>\n</section>\n"));
}

void page_index(struct buf *out, const struct index_page *p)
{
	AUTO(buf) title = BUF_INIT(LIMIT_PAGE), name = BUF_INIT(LIMIT_PAGE);
	const struct words *w = p->manner.words;
	struct html_frame frame = {
		.manner = &p->manner, .now = p->now, .home = "index.html", .is_home = true, .has_feeds = true
	};

	words_put_x(&title, w, WORD_INDEX_TITLE, p->manner.organisation);
	frame.title = buf_str(&title);
	html_hostile(&name, p->manner.organisation, NAME);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say_x(out, w, WORD_INDEX_TITLE, buf_str(&name));
	buf_add(out, STR("</h1>\n"));
	put_links(out, p);
	put_answers(out, p);
	buf_add(out, STR("<div class=\"columns\">\n<div class=\"wide\">\n"));
	put_open(out, p);
	put_new(out, p);
	buf_add(out, STR("</div>\n<div class=\"narrow\">\n"));
	put_watch(out, p);
	put_legal(out, p);
	page_pictures_assets(out, p);
	buf_add(out, STR("</div>\n</div>\n"));
	page_pictures(out, p);
	page_feeds(out, &p->manner);
	put_anchor(out, p);
	html_close(out, &p->manner);
}
