/* page_about.c - who the report is for, what judges, how to read it; and what was purged */
#include "web/page.h"

#include "base/clock.h"
#include "base/limits.h"
#include "web/html.h"

enum { NAME = 120 };

/* ---- this report ---- */

/* What its audience may see, or may not, as a list in words. */
static void put_seen(struct buf *out, const struct page_manner *m, bool seen)
{
	static const struct {
		enum audience_sees what;
		enum word word;
	} kinds[] = {
		{ SEES_TEXTS, WORD_SHOWS_TEXTS },     { SEES_SAMPLES, WORD_SHOWS_SAMPLES },
		{ SEES_AUTHORS, WORD_SHOWS_AUTHORS }, { SEES_ADDRESSES, WORD_SHOWS_ADDRESSES },
		{ SEES_SOURCES, WORD_SHOWS_SOURCES }, { SEES_OPERATORS, WORD_SHOWS_OPERATORS },
		{ SEES_CUSTODY, WORD_SHOWS_CUSTODY }, { SEES_LETTERS, WORD_SHOWS_LETTERS },
	};
	const char *between = "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (audience_sees(m->audience, kinds[i].what) != seen)
			continue;
		buf_add(out, str_of(between));
		say(out, m->words, kinds[i].word);
		between = ", ";
	}
	if (!*between)
		say(out, m->words, WORD_NONE);
}

static void put_audience(struct buf *out, const struct page_manner *m)
{
	page_fact_open(out, word_of(m->words, WORD_AUDIENCE));
	html_hostile(out, m->audience->name, NAME);
	buf_printf(out, ", %s", tlp_labels[m->audience->tlp]);
	page_fact_close(out);
	page_fact_open(out, word_of(m->words, WORD_SHOWS));
	put_seen(out, m, true);
	page_fact_close(out);
	page_fact_open(out, word_of(m->words, WORD_LEAVES_OUT));
	put_seen(out, m, false);
	page_fact_close(out);
}

static void put_facts(struct buf *out, const struct about_page *p)
{
	const struct page_manner *m = &p->manner;

	page_section(out, "report", word_of(m->words, WORD_ABOUT_FACTS), 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	page_fact_text(out, word_of(m->words, WORD_ORGANISATION), m->organisation);
	page_fact_time(out, word_of(m->words, WORD_MADE_AT), p->now);
	page_fact_text(out, word_of(m->words, WORD_PROGRAM), STR("watchdesk " WATCHDESK_VERSION));
	put_audience(out, m);
	buf_add(out, STR("</dl>\n</section>\n"));
}

/* A copy of it outside shows later whether the chain was cut or written anew. */
static void put_head(struct buf *out, const struct about_page *p)
{
	const struct page_manner *m = &p->manner;

	if (!p->anchor.n || !audience_sees(m->audience, SEES_CUSTODY))
		return;
	page_section(out, "head", word_of(m->words, WORD_HEAD), 0);
	buf_add(out, STR("<p><code>"));
	html_text(out, p->anchor);
	buf_add(out, STR("</code></p>\n<p class=\"quiet\">"));
	say_x(out, m->words, WORD_HEAD_WHY, STR("<code>anchor.txt</code>"));
	buf_add(out, STR("</p>\n<p><code>watchdesk verify --anchor anchor.txt</code></p>\n<p><a href=\"purged.html\">"));
	say(out, m->words, WORD_PURGED_LINK);
	buf_add(out, STR("</a></p>\n</section>\n"));
}

/* ---- what judges, and how to read it ---- */

static void put_version(struct buf *out, const struct page_manner *m, const struct version_row *v)
{
	char digest[DIGEST_HEX] = "";

	if (v->digest.n == DIGEST_BYTES)
		digest_hex((const unsigned char *)v->digest.p, DIGEST_BYTES, digest);
	page_row(out);
	html_hostile(out, v->name, NAME);
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_KIND, NULL);
	page_name(out, m, NAMES_JUDGE, v->kind);
	page_cell_end(out);
	page_cell_time(out, m, WORD_USED_SINCE, v->first_used_at);
	page_cell(out, m, WORD_DIGEST, NULL);
	buf_printf(out, "<code>%s</code>", digest);
	page_cell_end(out);
	page_row_end(out);
}

/* Which rules there are tells what is looked for: they are of those who may see how the watch is done. */
static void put_versions(struct buf *out, const struct about_page *p)
{
	static const enum word columns[] = { WORD_PART, WORD_KIND, WORD_USED_SINCE, WORD_DIGEST, WORDS };
	const struct page_manner *m = &p->manner;

	if (!p->n_versions || !audience_sees(m->audience, SEES_CUSTODY))
		return;
	page_section(out, "judges", word_of(m->words, WORD_JUDGES), p->n_versions);
	page_table(out, m, "judges", WORD_JUDGES_CAPTION, columns);
	for (size_t i = 0; i < p->n_versions; i++)
		put_version(out, m, &p->versions[i]);
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

static void put_reading(struct buf *out, const struct about_page *p)
{
	static const enum word columns[] = { WORD_SEVERITY, WORD_MEANS, WORDS };
	static const struct {
		int from;
		enum word means;
	} levels[] = {
		{ 90, WORD_MEANS_CRITICAL }, { 70, WORD_MEANS_HIGH }, { 40, WORD_MEANS_MEDIUM }, { 20, WORD_MEANS_LOW }
	};
	const struct page_manner *m = &p->manner;

	page_section(out, "reading", word_of(m->words, WORD_READING), 0);
	page_table(out, m, "reading", WORD_READING_CAPTION, columns);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		page_row(out);
		page_severity(out, m, levels[i].from);
		buf_printf(out, " \xe2\x80\x93 %d</th>", i ? levels[i - 1].from - 1 : 100);
		page_cell(out, m, WORD_MEANS, NULL);
		say(out, m->words, levels[i].means);
		page_cell_end(out);
		page_row_end(out);
	}
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

void page_about(struct buf *out, const struct about_page *p)
{
	const struct page_manner *m = &p->manner;
	struct html_frame frame = {
		.title = m->words->text[WORD_ABOUT_TITLE], .manner = m, .now = p->now, .home = "index.html", .has_feeds = true
	};

	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say(out, m->words, WORD_ABOUT_TITLE);
	buf_add(out, STR("</h1>\n<div class=\"columns\">\n<div class=\"wide\">\n"));
	put_reading(out, p);
	put_head(out, p);
	put_versions(out, p);
	buf_add(out, STR("</div>\n<div class=\"narrow\">\n"));
	put_facts(out, p);
	page_feeds(out, m);
	buf_add(out, STR("</div>\n</div>\n"));
	html_close(out, m);
}

/* ---- what was purged ---- */

static void put_day(struct buf *out, int64_t day)
{
	char at[CLOCK_TEXT];

	clock_rfc3339(day, at);
	buf_printf(out, "<time datetime=\"%.10s\">%.10s</time>", at, at);
}

static void put_purged(struct buf *out, const struct page_manner *m, const struct purged_row *r)
{
	page_row(out);
	put_day(out, r->day);
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_RULE, NULL);
	if (r->rule.n)
		html_hostile(out, r->rule, NAME);
	else
		say(out, m->words, WORD_NO_RULE);
	page_cell_end(out);
	page_cell_number(out, m, WORD_FINDINGS, r->findings);
	page_cell_number(out, m, WORD_PURGED_TEXTS, r->texts);
	page_cell_number(out, m, WORD_PURGED_EVIDENCE, r->evidence);
	page_cell_number(out, m, WORD_PURGED_POSTS, r->posts);
	page_row_end(out);
}

void page_purged(struct buf *out, const struct purged_page *p)
{
	static const enum word columns[] = {
		WORD_DAY, WORD_RULE, WORD_FINDINGS, WORD_PURGED_TEXTS, WORD_PURGED_EVIDENCE, WORD_PURGED_POSTS, WORDS
	};
	const struct page_manner *m = &p->manner;
	struct html_frame frame = { .title = m->words->text[WORD_PURGED], .manner = m, .now = p->now, .home = "index.html" };

	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say(out, m->words, WORD_PURGED);
	buf_add(out, STR("</h1>\n<p class=\"lead\">"));
	if (p->n)
		say_x(out, m->words, WORD_PURGED_WHAT, STR("<code>watchdesk verify</code>"));
	else
		say(out, m->words, WORD_PURGED_NONE);
	buf_add(out, STR("</p>\n"));
	if (p->n) {
		page_table(out, m, "purged figures", WORD_PURGED_CAPTION, columns);
		for (size_t i = 0; i < p->n; i++)
			put_purged(out, m, &p->rows[i]);
		page_table_end(out);
	}
	if (p->more) {
		buf_add(out, STR("<p class=\"gap\">"));
		say(out, m->words, WORD_PURGED_MORE);
		buf_add(out, STR("</p>\n"));
	}
	html_close(out, m);
}
