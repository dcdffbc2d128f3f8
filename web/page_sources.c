/* page_sources.c - the sources: which of them are well, when each was seen, and what was found there */
#include "web/page.h"

#include <string.h>

#include "base/limits.h"
#include "web/chart.h"
#include "web/html.h"

enum { NAME = 60, TITLE = 160, DETAIL = 200, BRIEF = 80 }; /* characters shown of a text from outside */

/* How a state of health is called and looks. */
static const struct state {
	const char *name, *class_name;
	enum word word;
} states[] = {
	{ "ok", "fine", WORD_HEALTH_OK },
	{ "failing", "failing", WORD_HEALTH_FAILING },
	{ "silent", "medium", WORD_HEALTH_SILENT },
	{ "thin", "medium", WORD_HEALTH_THIN },
	{ "no canary", "high", WORD_HEALTH_NO_CANARY },
	{ "gaps", "medium", WORD_HEALTH_GAPS },
};

static void put_chip(struct buf *out, const struct page_manner *m, const char *class_name, enum word word)
{
	buf_printf(out, "<span class=\"chip %s\">", class_name);
	say(out, m->words, word);
	buf_add(out, STR("</span>"));
}

void page_source_state(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	if (health_is_well(s) && !s->last_success_at) {
		put_chip(out, m, "verdict", WORD_HEALTH_UNREAD);
		return;
	}
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].name, s->state) == 0)
			put_chip(out, m, states[i].class_name, states[i].word);
}

/* ---- when it was seen ---- */

/* Was anything of it seen in such a piece? */
static bool is_seen(enum coverage_kind kind)
{
	return kind == COVERAGE_WELL || kind == COVERAGE_PARTLY || kind == COVERAGE_MISSED;
}

int64_t page_share_seen(const struct source_line *lines, size_t n)
{
	size_t seen = 0;

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < COVERAGE_KINDS; k++)
			seen += is_seen((enum coverage_kind)k) ? lines[i].coverage->of[k] : 0;
	return n ? (int64_t)(seen * 100 / (n * COVERAGE_CELLS)) : 0;
}

static void fill_kinds(const struct page_manner *m, struct chart_series kinds[COVERAGE_KINDS])
{
	static const struct {
		const char *class_name;
		enum word word;
	} of[COVERAGE_KINDS] = {
		[COVERAGE_UNSEEN] = { "unseen", WORD_SEEN_UNSEEN }, [COVERAGE_WELL] = { "well", WORD_SEEN_WELL },
		[COVERAGE_PARTLY] = { "partly", WORD_SEEN_PARTLY }, [COVERAGE_MISSED] = { "high", WORD_SEEN_MISSED },
		[COVERAGE_WRONG] = { "wrong", WORD_SEEN_WRONG },
	};

	for (int i = 0; i < COVERAGE_KINDS; i++)
		kinds[i] = (struct chart_series){ of[i].class_name, m->words->text[of[i].word] };
}

static struct chart_spans spans_of(const struct coverage *c, const struct chart_series *kinds)
{
	return (struct chart_spans){ kinds, COVERAGE_KINDS, c->cells, COVERAGE_CELLS, c->from, COVERAGE_CELL };
}

static void put_strip(struct buf *out, const struct page_manner *m, const struct source_line *l)
{
	AUTO(buf) title = BUF_INIT(KIB(16));
	AUTO(buf) desc = BUF_INIT(KIB(4));
	struct chart_series kinds[COVERAGE_KINDS];
	const struct chart_spans spans = spans_of(l->coverage, kinds);
	struct chart chart = { .words = m->words, .id = "seen", .rows = m->words->text[WORD_STRIP_FROM] };

	fill_kinds(m, kinds);
	words_put_x(&title, m->words, WORD_STRIP, str_slice(l->health->source, 0, DETAIL));
	words_put_n(&desc, m->words, WORD_STRIP_DESC, page_share_seen(l, 1));
	chart.title = buf_str(&title);
	chart.desc = buf_str(&desc);
	chart_legend(out, kinds, COVERAGE_KINDS);
	chart_strip(out, &chart, &spans);
}

/* ---- one source ---- */

static void put_failure(struct buf *out, const struct page_manner *m, struct str class_name, struct str detail, size_t most)
{
	buf_add(out, STR("<b>"));
	page_name(out, m, NAMES_FAILURE, class_name);
	buf_add(out, STR("</b>"));
	if (!detail.n)
		return;
	buf_add(out, STR(": "));
	html_hostile(out, detail, most);
}

static void put_trouble(struct buf *out, const struct page_manner *m, const struct trouble *t)
{
	AUTO(buf) last = BUF_INIT(KIB(1));

	buf_add(out, STR("<li>"));
	put_failure(out, m, t->class_name, t->detail, DETAIL);
	buf_add(out, STR(" <span class=\"quiet\">"));
	page_count_say(out, m, t->pages, WORD_READ_ONE, WORD_READ_MANY);
	buf_add(out, STR(", "));
	html_time(&last, t->last_at);
	say_x(out, m->words, WORD_TROUBLE_LAST, buf_str(&last));
	if (t->url.n && audience_sees(m->audience, SEES_ADDRESSES)) {
		buf_add(out, STR(", "));
		html_url(out, t->url);
	}
	buf_add(out, STR("</span></li>\n"));
}

static void put_troubles(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	if (!s->n_troubles && !s->failure.n)
		return;
	buf_add(out, STR("<h2>"));
	say(out, m->words, WORD_TROUBLES);
	buf_add(out, STR("</h2>\n<ul class=\"troubles\">\n"));
	for (size_t i = 0; i < s->n_troubles; i++)
		put_trouble(out, m, &s->troubles[i]);
	if (!s->n_troubles) {
		buf_add(out, STR("<li>"));
		put_failure(out, m, s->failure, s->detail, DETAIL);
		buf_add(out, STR("</li>\n"));
	}
	buf_add(out, STR("</ul>\n"));
}

/* What it shows against its own past, and what went by unseen. */
static void put_pulse(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	const struct pulse *p = &s->pulse;

	page_fact_open(out, word_of(m->words, WORD_LISTS));
	if (p->polls) {
		html_number(out, p->items);
		buf_add(out, STR(", "));
		say_n(out, m->words, WORD_LISTS_USUALLY, p->usual);
	} else {
		say(out, m->words, WORD_LISTS_NOTHING);
	}
	page_fact_close(out);
	if (p->news_at)
		page_fact_time(out, word_of(m->words, WORD_LAST_NEW), p->news_at);
	if (!p->gaps)
		return;
	page_fact_open(out, word_of(m->words, WORD_GAPS));
	html_number(out, p->gaps);
	if (p->missed) {
		buf_add(out, STR(", "));
		say_n(out, m->words, WORD_GAPS_MISSED, p->missed);
	}
	page_fact_close(out);
}

static void put_count(struct buf *out, const struct page_manner *m, int64_t n, enum word word)
{
	if (n == 0)
		return;
	buf_add(out, STR(", "));
	say_n(out, m->words, word, n);
}

/* "65 pages, 3 unchanged, 15 failed, 72 posts"; none of what there is none of. */
static void put_read(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	page_fact_open(out, word_of(m->words, WORD_READ));
	page_count_say(out, m, s->fetched, WORD_READ_ONE, WORD_READ_MANY);
	put_count(out, m, s->not_modified, WORD_READ_SAME);
	put_count(out, m, s->failed, WORD_READ_FAILED);
	put_count(out, m, s->posts, s->posts == 1 ? WORD_READ_POSTS_ONE : WORD_READ_POSTS);
	page_fact_close(out);
}

static void put_facts(struct buf *out, const struct page_manner *m, const struct source_line *l)
{
	const struct source_health *s = l->health;

	buf_add(out, STR("<dl class=\"facts across\">\n"));
	page_fact_open(out, word_of(m->words, WORD_SOURCE_FOUND));
	html_number(out, l->found);
	page_fact_close(out);
	page_fact_last(out, m, WORD_LAST_ANSWER, s->last_success_at);
	if (s->last_attempt_at != s->last_success_at)
		page_fact_time(out, word_of(m->words, WORD_LAST_TRY), s->last_attempt_at);
	put_pulse(out, m, s);
	put_read(out, m, s);
	if (s->withheld.n) {
		page_fact_open(out, word_of(m->words, WORD_WITHHELD));
		html_number(out, s->withheld.n);
		page_fact_close(out);
	}
	if (s->canary_due_at)
		page_fact_last(out, m, WORD_CANARY, s->canary_at);
	buf_add(out, STR("</dl>\n"));
}

/* Since when it fails. */
static void put_since(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	AUTO(buf) at = BUF_INIT(KIB(1));

	if (!s->failure.n)
		return;
	html_time(&at, s->failing_since);
	buf_add(out, STR(" <span class=\"quiet\">"));
	say_x(out, m->words, WORD_SINCE, buf_str(&at));
	buf_add(out, STR("</span>"));
}

static void put_findings(struct buf *out, const struct source_page *p)
{
	const struct page_manner *m = &p->manner;

	page_section(out, "newest", word_of(m->words, WORD_PICKED_NEWEST), 0);
	if (p->n)
		page_findings(out, m, p->more ? WORD_PICKED_FIRST : WORD_PICKED_ALL, p->findings, p->n, "../");
	else
		page_empty(out, m, WORD_SOURCE_EMPTY);
	buf_add(out, STR("</section>\n"));
}

void page_source(struct buf *out, const struct source_page *p)
{
	const struct page_manner *m = &p->manner;
	const struct source_health *s = p->line.health;
	struct html_frame frame = { .title = s->source, .manner = m, .home = "../index.html" };

	html_open(out, &frame);
	buf_add(out, STR("<p class=\"chips\">"));
	page_source_state(out, m, s);
	put_since(out, m, s);
	buf_add(out, STR("</p>\n<h1>"));
	html_hostile(out, s->source, TITLE);
	buf_add(out, STR("</h1>\n<section aria-labelledby=\"coverage\">\n<h2 id=\"coverage\" class=\"ear\">"));
	say(out, m->words, WORD_COVERAGE);
	buf_add(out, STR("</h2>\n"));
	put_strip(out, m, &p->line);
	put_facts(out, m, &p->line);
	put_troubles(out, m, s);
	buf_add(out, STR("</section>\n"));
	put_findings(out, p);
	html_close(out, m);
}

void page_source_link(struct buf *out, const struct page_manner *m, struct str source, const char *below)
{
	char name[PAGE_NAME];

	buf_printf(out, "<a href=\"%ssource/%s\">", below, page_file(m, "source", source, name));
	html_hostile(out, source, NAME);
	buf_add(out, STR("</a>"));
}

/* ---- all of them ---- */

int page_sources_order(const void *one, const void *two)
{
	const struct source_health *a = ((const struct source_line *)one)->health,
				   *b = ((const struct source_line *)two)->health;

	if (health_is_well(a) != health_is_well(b))
		return health_is_well(a) ? 1 : -1;
	return str_cmp(a->source, b->source);
}

static void put_lead(struct buf *out, const struct sources_page *p)
{
	const struct page_manner *m = &p->manner;

	buf_add(out, STR("<p class=\"lead\">"));
	if (p->all == 0)
		say_x(out, m->words, WORD_SOURCES_NONE, STR("<code>watchdesk run</code>"));
	else if (p->ill)
		page_count_say(out, m, (int64_t)p->ill, WORD_SOURCES_ILL_ONE, WORD_SOURCES_ILL_MANY);
	else
		page_count_say(out, m, (int64_t)p->all, WORD_SOURCES_WELL_ONE, WORD_SOURCES_WELL);
	if (p->all) {
		buf_add_char(out, ' ');
		say_n(out, m->words, WORD_SOURCES_SEEN, p->seen);
	}
	buf_add(out, STR("</p>\n"));
}

/* The strip is for the eye; what can be read and sorted by is the number beside it. */
static void put_seen(struct buf *out, const struct page_manner *m, const struct source_line *l,
		     const struct chart_series *kinds)
{
	const struct chart_spans spans = spans_of(l->coverage, kinds);

	page_cell(out, m, WORD_SOURCE_SEEN, "seen");
	buf_add(out, STR("<span>"));
	chart_strip_bare(out, &spans);
	buf_add(out, STR("<span class=\"number\">"));
	html_number(out, page_share_seen(l, 1));
	buf_add(out, STR("</span></span>"));
	page_cell_end(out);
}

static void put_line(struct buf *out, const struct sources_page *p, const struct source_line *l,
		     const struct chart_series *kinds)
{
	const struct page_manner *m = &p->manner;
	const struct source_health *s = l->health;

	page_row(out);
	page_source_link(out, m, s->source, page_place_below(&p->place));
	if (s->failure.n) {
		buf_add(out, STR("<span class=\"by\">"));
		put_failure(out, m, s->failure, s->detail, BRIEF);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_STATE, NULL);
	page_source_state(out, m, s);
	page_cell_end(out);
	put_seen(out, m, l, kinds);
	page_cell_time(out, m, WORD_LAST_ANSWER, s->last_success_at);
	page_cell_number(out, m, WORD_SOURCE_FOUND, l->found);
	page_row_end(out);
}

static void put_lines(struct buf *out, const struct sources_page *p)
{
	static const enum word columns[] = { WORD_SOURCE,      WORD_STATE,	  WORD_SOURCE_SEEN,
					     WORD_LAST_ANSWER, WORD_SOURCE_FOUND, WORDS };
	struct chart_series kinds[COVERAGE_KINDS];

	fill_kinds(&p->manner, kinds);
	chart_legend(out, kinds, COVERAGE_KINDS);
	page_table(out, &p->manner, "sources sorts", WORD_SOURCES_CAPTION, columns);
	for (size_t i = 0; i < p->n; i++)
		put_line(out, p, &p->lines[i], kinds);
	page_table_end(out);
}

void page_sources(struct buf *out, const struct sources_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1));
	struct html_frame frame = { .manner = &p->manner, .now = p->now, .home = page_place_home(&p->place) };

	page_place_title(&title, &p->manner, &p->place, WORD_SOURCES);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	html_text(out, buf_str(&title));
	buf_add(out, STR("</h1>\n"));
	put_lead(out, p);
	if (p->n)
		put_lines(out, p);
	page_turn(out, &p->manner, &p->place);
	html_close(out, &p->manner);
}
