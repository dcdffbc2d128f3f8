/* page_takedown.c - the page of one takedown: why, where, what was written, what came of it; as an exhibit with a statement */
#include "web/page_case.h"

#include "base/limits.h"
#include "web/html.h"

enum { TITLE = 300, NAME = 120, SENTENCE = 400, LOOKS_SHOWN = 10, ENTRIES_SHOWN = 25, ID_SHOWN = 8 };

static const char *name_of(const struct takedown_page *p, enum word which)
{
	return word_of(p->manner.words, which);
}

static bool sees(const struct takedown_page *p, enum audience_sees what)
{
	return audience_sees(p->manner.audience, what);
}

/* A place as it was found where that is what a court needs, else so that nothing makes a link of it; by its number for whoever
 * may not see it. */
static void put_place(struct buf *out, const struct takedown_page *p, struct str url, size_t number)
{
	if (!sees(p, SEES_ADDRESSES))
		say_n(out, p->manner.words, WORD_PLACE_CALLED, (int64_t)number);
	else if (p->exhibit)
		html_hostile(out, url, LIMIT_URL);
	else
		html_url(out, url);
}

/* ---- places ---- */

static void put_look(struct buf *out, const struct takedown_page *p, const struct takedown_look *l)
{
	say(out, p->manner.words, WORD_LOOK_THERE + (enum word)l->result);
	buf_add(out, STR(" <span class=\"quiet\">"));
	html_time(out, l->at);
	if (sees(p, SEES_ADDRESSES)) {
		buf_add(out, STR(", "));
		html_hostile(out, l->how, SENTENCE);
	}
	if (l->looks > 1) {
		buf_add(out, STR(", "));
		say_n(out, p->manner.words, WORD_LOOKS_MANY, l->looks);
	}
	buf_add(out, STR("</span>"));
}

static void put_looks(struct buf *out, const struct takedown_page *p, const struct case_target *t)
{
	if (t->n_looks == 0) {
		buf_add(out, STR("<span class=\"quiet\">"));
		say(out, p->manner.words, WORD_LOOKS_NONE);
		buf_add(out, STR("</span>"));
		return;
	}
	buf_add(out, STR("<ul class=\"troubles\">"));
	for (size_t i = 0; i < t->n_looks && i < LOOKS_SHOWN; i++) {
		buf_add(out, STR("<li>"));
		put_look(out, p, &t->looks[i]);
		buf_add(out, STR("</li>"));
	}
	buf_add(out, STR("</ul>"));
}

static void put_target(struct buf *out, const struct takedown_page *p, const struct case_target *t, size_t number)
{
	const struct page_manner *m = &p->manner;

	page_row(out);
	put_place(out, p, t->target->url, number);
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_STATE, NULL);
	page_state(out, m, t->target->state);
	if (t->target->returns) {
		buf_add(out, STR("<span class=\"by\">"));
		page_count_say(out, m, t->target->returns, WORD_CAME_BACK_ONCE, WORD_CAME_BACK_MANY);
		buf_add(out, STR("</span>"));
	}
	page_cell_end(out);
	page_cell_time(out, m, WORD_ASKED_FOR, t->target->sent_at);
	page_cell_time(out, m, WORD_GONE, t->target->gone_at);
	page_cell(out, m, WORD_LOOKS, NULL);
	put_looks(out, p, t);
	page_cell_end(out);
	page_row_end(out);
}

static void put_targets(struct buf *out, const struct takedown_page *p)
{
	static const enum word columns[] = { WORD_PLACE, WORD_STATE, WORD_ASKED_FOR, WORD_GONE, WORD_LOOKS, WORDS };

	page_section(out, "places", name_of(p, WORD_PLACES), p->n_targets);
	page_table(out, &p->manner, "places", WORD_PLACES_CAPTION, columns);
	for (size_t i = 0; i < p->n_targets; i++)
		put_target(out, p, &p->targets[i], i + 1);
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

/* ---- notices ---- */

static void put_approvals(struct buf *out, const struct takedown_page *p, const struct case_notice *n)
{
	for (size_t i = 0; i < n->n_approvals; i++) {
		AUTO(buf) who = BUF_INIT(KIB(4));

		page_fact_open(out, name_of(p, WORD_APPROVED));
		html_time(out, n->approvals[i].at);
		if (sees(p, SEES_OPERATORS)) {
			html_hostile(&who, n->approvals[i].operator_name, NAME);
			buf_add_char(out, ' ');
			say_x(out, p->manner.words, WORD_APPROVED_BY, buf_str(&who));
		}
		if (n->approvals[i].public_key.n) {
			buf_add(out, STR(", "));
			say(out, p->manner.words, WORD_APPROVED_SIGNED);
		}
		page_fact_close(out);
	}
}

static void put_answers(struct buf *out, const struct takedown_page *p, const struct case_notice *n)
{
	for (size_t i = 0; i < n->n_answers; i++) {
		const struct notice_answer *x = &n->answers[i];

		page_fact_open(out, name_of(p, WORD_ANSWERED));
		html_time(out, x->at);
		buf_add(out, STR(", "));
		page_name(out, &p->manner, NAMES_ANSWER, x->kind);
		if (sees(p, SEES_LETTERS)) {
			buf_add(out, STR(", "));
			html_hostile(out, x->sender, NAME);
		}
		if (p->exhibit && x->content.n && sees(p, SEES_LETTERS)) {
			buf_add(out, STR("<pre class=\"text\">"));
			html_lines(out, x->content);
			buf_add(out, STR("</pre>"));
		}
		page_fact_close(out);
	}
}

static void put_notice(struct buf *out, const struct takedown_page *p, const struct case_notice *n, size_t number)
{
	const struct notice_row *r = n->notice;

	buf_add(out, STR("<h3>"));
	if (sees(p, SEES_LETTERS) && r->subject.n)
		html_hostile(out, r->subject, TITLE);
	else
		say_n(out, p->manner.words, WORD_NOTICE_CALLED, (int64_t)number);
	buf_add(out, STR("</h3>\n<dl class=\"facts across\">\n"));
	if (sees(p, SEES_LETTERS)) {
		page_fact_text(out, name_of(p, WORD_TO), r->recipient);
		page_fact_text(out, name_of(p, WORD_TEMPLATE), r->template_name);
	}
	page_fact_open(out, name_of(p, WORD_STATE));
	say(out, p->manner.words, WORD_NOTICE_DRAFT + (enum word)r->state);
	page_fact_close(out);
	page_fact_time(out, name_of(p, WORD_WRITTEN), r->made_at);
	put_approvals(out, p, n);
	if (r->sent_at)
		page_fact_time(out, name_of(p, WORD_SENT), r->sent_at);
	put_answers(out, p, n);
	buf_add(out, STR("</dl>\n"));
	if (!p->exhibit || !sees(p, SEES_LETTERS))
		return;
	buf_add(out, STR("<pre class=\"text\">"));
	html_lines(out, r->content);
	buf_add(out, STR("</pre>\n"));
}

static void put_notices(struct buf *out, const struct takedown_page *p)
{
	page_section(out, "notices", name_of(p, WORD_NOTICES), p->n_notices);
	for (size_t i = 0; i < p->n_notices; i++)
		put_notice(out, p, &p->notices[i], i + 1);
	if (p->n_notices == 0) {
		buf_add(out, STR("<p class=\"empty\">"));
		say(out, p->manner.words, WORD_NOTICES_NONE);
		buf_add(out, STR("</p>\n"));
	}
	buf_add(out, STR("</section>\n"));
}

/* ---- the case ---- */

static void put_clocks(struct buf *out, const struct takedown_page *p)
{
	if (p->n_clocks == 0)
		return;
	page_section(out, "clocks", name_of(p, WORD_CLOCKS), 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	for (size_t i = 0; i < p->n_clocks; i++) {
		buf_add(out, STR("<div><dt>"));
		page_clock(out, &p->manner, &p->clocks[i]);
		buf_add(out, STR("</dt><dd>"));
		html_time(out, p->clocks[i].at);
		if (p->clocks[i].over) {
			buf_add(out, STR(" <span class=\"chip failing\">"));
			say(out, p->manner.words, WORD_CLOCK_OVER);
			buf_add(out, STR("</span>"));
		}
		page_fact_close(out);
	}
	buf_add(out, STR("</dl>\n</section>\n"));
}

static void put_link(struct buf *out, const struct takedown_page *p, struct str href, enum word text)
{
	buf_add(out, STR("<a href=\""));
	html_plain(out, href);
	buf_add(out, STR("\">"));
	say(out, p->manner.words, text);
	buf_add(out, STR("</a>"));
}

/* What the post says of itself. */
static void put_post(struct buf *out, const struct takedown_page *p)
{
	const struct finding *f = &p->finding->finding;

	page_fact_text(out, name_of(p, WORD_ASSET), f->asset);
	if (sees(p, SEES_SOURCES))
		page_fact_text(out, name_of(p, WORD_SOURCE), f->source);
	if (sees(p, SEES_AUTHORS))
		page_fact_text(out, name_of(p, WORD_AUTHOR), f->author);
	page_fact_open(out, name_of(p, WORD_POSTED));
	page_posted(out, &p->manner, f);
	page_fact_close(out);
}

static void put_facts(struct buf *out, const struct takedown_page *p)
{
	page_section(out, "case", name_of(p, WORD_CASE), 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	page_fact_open(out, name_of(p, WORD_GROUNDS));
	page_grounds(out, &p->manner, p->row->grounds);
	page_fact_close(out);
	put_post(out, p);
	page_fact_time(out, name_of(p, WORD_KNOWN_SINCE), p->row->first_aware_at);
	page_fact_time(out, name_of(p, WORD_OPENED), p->row->opened_at);
	if (sees(p, SEES_OPERATORS))
		page_fact_text(out, name_of(p, WORD_OPENED_BY), p->row->operator_name);
	if (p->row->closed_at)
		page_fact_time(out, name_of(p, WORD_CLOSED), p->row->closed_at);
	if (p->campaign_page.n) {
		page_fact_open(out, name_of(p, WORD_CAMPAIGN));
		put_link(out, p, p->campaign_page, WORD_CAMPAIGN_SPREAD);
		page_fact_close(out);
	}
	page_fact_open(out, name_of(p, WORD_CASE_ID));
	buf_add(out, STR("<code>"));
	html_text(out, p->row->public_id);
	buf_add(out, STR("</code>"));
	page_fact_close(out);
	if (!p->exhibit) {
		page_fact_open(out, name_of(p, WORD_TERMINAL));
		buf_add(out, STR("<code>watchdesk takedown show "));
		html_text(out, str_slice(p->row->public_id, 0, ID_SHOWN));
		buf_add(out, STR("</code>"));
		page_fact_close(out);
	}
	buf_add(out, STR("</dl>\n</section>\n"));
}

static void put_text(struct buf *out, const struct takedown_page *p)
{
	bool whole = p->exhibit && sees(p, SEES_TEXTS);

	if (!p->finding_page.n && !whole)
		return;
	page_section(out, "text", name_of(p, WORD_THE_TEXT), 0);
	if (p->finding_page.n) {
		buf_add(out, STR("<p>"));
		put_link(out, p, p->finding_page, WORD_THE_FINDING);
		buf_add(out, STR("</p>\n"));
	}
	if (whole) {
		buf_add(out, STR("<p class=\"quiet\">"));
		say(out, p->manner.words, WORD_TEXT_MASKED);
		buf_add(out, STR("</p>\n"));
		page_text(out, &p->manner, p->finding);
	}
	buf_add(out, STR("</section>\n"));
}

/* What whoever ran the watch says, to be signed by hand; blanks are for what no program knows. */
static void put_statement(struct buf *out, const struct takedown_page *p)
{
	static const struct {
		enum word word;
		bool blank;
	} lines[] = {
		{ WORD_STATEMENT_WHO, true },	   { WORD_STATEMENT_RIGHT, false }, { WORD_STATEMENT_FOUND, false },
		{ WORD_STATEMENT_COMPARED, true }, { WORD_STATEMENT_WHOLE, false }, { WORD_STATEMENT_BESIDES, true },
		{ WORD_STATEMENT_SIGNED, true },
	};

	page_section(out, "statement", name_of(p, WORD_STATEMENT), 0);
	buf_add(out, STR("<p class=\"quiet\">"));
	say(out, p->manner.words, WORD_STATEMENT_HOW);
	buf_add(out, STR("</p>\n<ol class=\"statement\">\n"));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		buf_add(out, STR("<li>"));
		say(out, p->manner.words, lines[i].word);
		buf_printf(out, "%s</li>\n", lines[i].blank ? "<span class=\"blank\"></span>" : "");
	}
	buf_add(out, STR("</ol>\n</section>\n"));
}

static void put_top(struct buf *out, const struct takedown_page *p)
{
	const struct finding *f = &p->finding->finding;
	AUTO(buf) title = BUF_INIT(LIMIT_PAGE);

	buf_add(out, STR("<p class=\"chips\">"));
	page_severity(out, &p->manner, f->severity);
	buf_add(out, STR(" <span class=\"chip verdict\">"));
	page_grounds(out, &p->manner, p->row->grounds);
	buf_add(out, STR("</span> <span class=\"chip verdict\">"));
	page_state(out, &p->manner, p->row->state);
	buf_add(out, STR("</span>"));
	page_late(out, &p->manner, p->late);
	page_title(&title, &p->manner, f, TITLE);
	buf_add(out, STR("</p>\n<h1>"));
	say_x(out, p->manner.words, WORD_TAKEDOWN_OF, buf_str(&title));
	buf_add(out, STR("</h1>\n"));
}

/* The page says when it was made where that is a fact of the case; else it would be another one each time. */
void page_takedown(struct buf *out, const struct takedown_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1));
	struct html_frame frame = { .manner = &p->manner, .now = p->exhibit ? p->now : 0, .home = p->home };

	words_put_x(&title, p->manner.words, WORD_TAKEDOWN_CALLED, str_slice(p->row->public_id, 0, ID_SHOWN));
	frame.title = buf_str(&title);
	html_open(out, &frame);
	put_top(out, p);
	buf_add(out, STR("<div class=\"columns\">\n<div class=\"wide\">\n"));
	put_targets(out, p);
	put_text(out, p);
	put_notices(out, p);
	page_custody(out, &p->manner, p->custody, p->n_custody, p->exhibit ? p->n_custody : ENTRIES_SHOWN);
	if (p->exhibit)
		put_statement(out, p);
	buf_add(out, STR("</div>\n<div class=\"narrow\">\n"));
	put_clocks(out, p);
	put_facts(out, p);
	buf_add(out, STR("</div>\n</div>\n"));
	html_close(out, &p->manner);
}
