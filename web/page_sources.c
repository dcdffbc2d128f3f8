/* page_sources.c - the sources: which of them are well, and when each was seen */
#include "web/page.h"

#include <string.h>

#include "base/limits.h"
#include "web/chart.h"
#include "web/html.h"

enum { NAME = 60, DETAIL = 200 }; /* characters shown of a text from outside */

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

static int64_t share_seen(const struct coverage *c, size_t n)
{
	size_t seen = 0;

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < COVERAGE_KINDS; k++)
			seen += is_seen((enum coverage_kind)k) ? c[i].of[k] : 0;
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

static void put_strip(struct buf *out, const struct page_manner *m, const struct source_health *s, const struct coverage *c,
		      size_t number)
{
	AUTO(buf) title = BUF_INIT(KIB(16));
	AUTO(buf) desc = BUF_INIT(KIB(4));
	AUTO(buf) id = BUF_INIT(64);
	struct chart_series kinds[COVERAGE_KINDS];
	const struct chart_spans spans = { kinds, COVERAGE_KINDS, c->cells, COVERAGE_CELLS, c->from, COVERAGE_CELL };
	struct chart chart = { .words = m->words, .rows = m->words->text[WORD_STRIP_FROM] };

	fill_kinds(m, kinds);
	words_put_x(&title, m->words, WORD_STRIP, str_slice(s->source, 0, DETAIL));
	words_put_n(&desc, m->words, WORD_STRIP_DESC, share_seen(c, 1));
	buf_printf(&id, "seen-%zu%c", number, 0);
	chart.id = id.p;
	chart.title = buf_str(&title);
	chart.desc = buf_str(&desc);
	chart_strip(out, &chart, &spans);
}

/* ---- one source ---- */

static void put_failure(struct buf *out, const struct page_manner *m, struct str class_name, struct str detail)
{
	buf_add(out, STR("<b>"));
	page_name(out, m, NAMES_FAILURE, class_name);
	buf_add(out, STR("</b>"));
	if (!detail.n)
		return;
	buf_add(out, STR(": "));
	html_hostile(out, detail, DETAIL);
}

static void put_trouble(struct buf *out, const struct page_manner *m, const struct trouble *t)
{
	AUTO(buf) last = BUF_INIT(KIB(1));

	buf_add(out, STR("<li>"));
	put_failure(out, m, t->class_name, t->detail);
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
	buf_add(out, STR("<h3>"));
	say(out, m->words, WORD_TROUBLES);
	buf_add(out, STR("</h3>\n<ul class=\"troubles\">\n"));
	for (size_t i = 0; i < s->n_troubles; i++)
		put_trouble(out, m, &s->troubles[i]);
	if (!s->n_troubles) {
		buf_add(out, STR("<li>"));
		put_failure(out, m, s->failure, s->detail);
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

static void put_facts(struct buf *out, const struct page_manner *m, const struct source_health *s)
{
	buf_add(out, STR("<dl class=\"facts across\">\n"));
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

static void put_source(struct buf *out, const struct sources_page *p, size_t i)
{
	const struct page_manner *m = &p->manner;
	const struct source_health *s = &p->sources[i];

	buf_printf(out, "<section class=\"source\" aria-labelledby=\"source-%zu\">\n<h2 id=\"source-%zu\">", i + 1, i + 1);
	html_hostile(out, s->source, NAME);
	buf_add(out, STR("</h2>\n<p class=\"chips\">"));
	page_source_state(out, m, s);
	if (s->failure.n) {
		AUTO(buf) at = BUF_INIT(KIB(1));

		html_time(&at, s->failing_since);
		buf_add(out, STR(" <span class=\"quiet\">"));
		say_x(out, m->words, WORD_SINCE, buf_str(&at));
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</p>\n<div>\n"));
	put_strip(out, m, s, &p->coverage[i], i + 1);
	put_facts(out, m, s);
	put_troubles(out, m, s);
	buf_add(out, STR("</div>\n</section>\n"));
}

/* ---- all of them ---- */

static void put_lead(struct buf *out, const struct sources_page *p)
{
	const struct page_manner *m = &p->manner;
	size_t ill = 0;

	for (size_t i = 0; i < p->n; i++)
		ill += !health_is_well(&p->sources[i]);
	buf_add(out, STR("<p class=\"lead\">"));
	if (p->n == 0)
		say_x(out, m->words, WORD_SOURCES_NONE, STR("<code>watchdesk run</code>"));
	else if (ill)
		page_count_say(out, m, (int64_t)ill, WORD_SOURCES_ILL_ONE, WORD_SOURCES_ILL_MANY);
	else
		page_count_say(out, m, (int64_t)p->n, WORD_SOURCES_WELL_ONE, WORD_SOURCES_WELL);
	if (p->n) {
		buf_add_char(out, ' ');
		say_n(out, m->words, WORD_SOURCES_SEEN, share_seen(p->coverage, p->n));
	}
	buf_add(out, STR("</p>\n"));
}

/* Those that are not well come first; within each kind the order is that of the names. */
void page_sources(struct buf *out, const struct sources_page *p)
{
	struct chart_series kinds[COVERAGE_KINDS];
	struct html_frame frame = {
		.title = p->manner.words->text[WORD_SOURCES], .manner = &p->manner, .now = p->now, .home = "index.html"
	};

	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say(out, p->manner.words, WORD_SOURCES);
	buf_add(out, STR("</h1>\n"));
	put_lead(out, p);
	fill_kinds(&p->manner, kinds);
	if (p->n)
		chart_legend(out, kinds, COVERAGE_KINDS);
	for (int well = 0; well < 2; well++)
		for (size_t i = 0; i < p->n; i++)
			if (health_is_well(&p->sources[i]) == well)
				put_source(out, p, i);
	html_close(out, &p->manner);
}
