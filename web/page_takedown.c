/* page_takedown.c - the page of one takedown: why, where, what was written, what came of it; as an exhibit with a statement */
#include "web/page.h"

#include "base/limits.h"
#include "web/html.h"

enum { TITLE = 300, NAME = 120, SENTENCE = 400, LOOKS_SHOWN = 10 };

static const char *const state_words[] = { "draft", "approved", "sent", "did not go" };

static void open_table(struct buf *out, const char *caption, const char *const *columns)
{
	buf_printf(out, "<table class=\"cards\">\n<caption>%s</caption>\n<thead><tr>", caption);
	for (; *columns; columns++)
		buf_printf(out, "<th scope=\"col\">%s</th>", *columns);
	buf_add(out, STR("</tr></thead>\n<tbody>\n"));
}

static void close_table(struct buf *out)
{
	buf_add(out, STR("</tbody>\n</table>\n</section>\n"));
}

static void open_cell(struct buf *out, const char *label)
{
	buf_printf(out, "<td data-label=\"%s\">", label);
}

static void close_cell(struct buf *out)
{
	buf_add(out, STR("</td>"));
}

static void put_time_cell(struct buf *out, const char *label, int64_t at)
{
	buf_printf(out, "<td data-label=\"%s\" class=\"when\">", label);
	if (at)
		html_time(out, at);
	else
		buf_add(out, STR("<span class=\"quiet\">not yet</span>"));
	close_cell(out);
}

/* A place as it was found where that is what a court needs, else so that nothing makes a link of it. */
static void put_place(struct buf *out, const struct takedown_page *p, struct str url)
{
	if (p->exhibit)
		html_hostile(out, url, LIMIT_URL);
	else
		html_url(out, url);
}

/* ---- places ---- */

static void put_look(struct buf *out, const struct takedown_look *l)
{
	buf_printf(out, "%s", look_results[l->result]);
	buf_add(out, STR(" <span class=\"quiet\">"));
	html_time(out, l->at);
	buf_add(out, STR(", "));
	html_hostile(out, l->how, SENTENCE);
	if (l->looks > 1)
		buf_printf(out, ", %lld looks", (long long)l->looks);
	buf_add(out, STR("</span>"));
}

static void put_looks(struct buf *out, const struct case_target *t)
{
	if (t->n_looks == 0) {
		buf_add(out, STR("<span class=\"quiet\">not looked at yet</span>"));
		return;
	}
	buf_add(out, STR("<ul class=\"troubles\">"));
	for (size_t i = 0; i < t->n_looks && i < LOOKS_SHOWN; i++) {
		buf_add(out, STR("<li>"));
		put_look(out, &t->looks[i]);
		buf_add(out, STR("</li>"));
	}
	buf_add(out, STR("</ul>"));
}

static void put_target(struct buf *out, const struct takedown_page *p, const struct case_target *t)
{
	buf_add(out, STR("<tr><th scope=\"row\">"));
	put_place(out, p, t->target->url);
	buf_add(out, STR("</th>"));
	open_cell(out, "State");
	html_text(out, t->target->state);
	if (t->target->returns)
		buf_printf(out, "<span class=\"by\">came back %lld times</span>", (long long)t->target->returns);
	close_cell(out);
	put_time_cell(out, "Asked for", t->target->sent_at);
	put_time_cell(out, "Gone", t->target->gone_at);
	open_cell(out, "Looks, the last first");
	put_looks(out, t);
	buf_add(out, STR("</td></tr>\n"));
}

static void put_targets(struct buf *out, const struct takedown_page *p)
{
	static const char *const columns[] = { "Place", "State", "Asked for", "Gone", "Looks, the last first", NULL };

	page_section(out, "places", "Where it stands, or stood", p->n_targets);
	open_table(out, "Each address at which the text was found.", columns);
	for (size_t i = 0; i < p->n_targets; i++)
		put_target(out, p, &p->targets[i]);
	close_table(out);
}

/* ---- notices ---- */

static void put_approvals(struct buf *out, const struct case_notice *n)
{
	for (size_t i = 0; i < n->n_approvals; i++) {
		page_fact_open(out, "Approved");
		html_time(out, n->approvals[i].at);
		buf_add(out, STR(" by "));
		html_hostile(out, n->approvals[i].operator_name, NAME);
		if (n->approvals[i].public_key.n)
			buf_add(out, STR(", with a signature in the custody chain"));
		page_fact_close(out);
	}
}

static void put_answers(struct buf *out, const struct takedown_page *p, const struct case_notice *n)
{
	for (size_t i = 0; i < n->n_answers; i++) {
		const struct notice_answer *x = &n->answers[i];

		page_fact_open(out, "Answered");
		html_time(out, x->at);
		buf_add(out, STR(", "));
		html_text(out, x->kind);
		buf_add(out, STR(", "));
		html_hostile(out, x->sender, NAME);
		if (p->exhibit && x->content.n) {
			buf_add(out, STR("<pre class=\"text\">"));
			html_lines(out, x->content);
			buf_add(out, STR("</pre>"));
		}
		page_fact_close(out);
	}
}

static void put_notice(struct buf *out, const struct takedown_page *p, const struct case_notice *n)
{
	const struct notice_row *r = n->notice;

	buf_add(out, STR("<h3>"));
	html_hostile(out, r->subject, TITLE);
	buf_add(out, STR("</h3>\n<dl class=\"facts\">\n"));
	page_fact_text(out, "To", r->recipient);
	page_fact_text(out, "Template", r->template_name);
	page_fact_open(out, "State");
	buf_add(out, str_of(state_words[r->state]));
	page_fact_close(out);
	page_fact_time(out, "Written", r->made_at);
	put_approvals(out, n);
	if (r->sent_at)
		page_fact_time(out, "Sent", r->sent_at);
	put_answers(out, p, n);
	buf_add(out, STR("</dl>\n"));
	if (!p->exhibit)
		return;
	buf_add(out, STR("<pre class=\"text\">"));
	html_lines(out, r->content);
	buf_add(out, STR("</pre>\n"));
}

static void put_notices(struct buf *out, const struct takedown_page *p)
{
	page_section(out, "notices", "What was written", p->n_notices);
	for (size_t i = 0; i < p->n_notices; i++)
		put_notice(out, p, &p->notices[i]);
	if (p->n_notices == 0)
		buf_add(out, STR("<p class=\"empty\">Nothing yet.</p>\n"));
	buf_add(out, STR("</section>\n"));
}

/* ---- the case ---- */

static void put_clocks(struct buf *out, const struct takedown_page *p)
{
	if (p->n_clocks == 0)
		return;
	page_section(out, "clocks", "Clocks", 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	for (size_t i = 0; i < p->n_clocks; i++) {
		buf_add(out, STR("<div><dt>"));
		html_text(out, p->clocks[i].name);
		buf_add(out, STR("</dt><dd>"));
		html_time(out, p->clocks[i].at);
		if (p->clocks[i].over)
			buf_add(out, STR(" <span class=\"chip failing\">over</span>"));
		page_fact_close(out);
	}
	buf_add(out, STR("</dl>\n</section>\n"));
}

static void put_facts(struct buf *out, const struct takedown_page *p)
{
	const struct finding *f = &p->finding->finding;

	page_section(out, "case", "The case", 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	page_fact_text(out, "Grounds", p->grounds);
	page_fact_text(out, "State", p->row->state);
	page_fact_text(out, "Asset", f->asset);
	page_fact_text(out, "Source", f->source);
	page_fact_text(out, "Author", f->author);
	page_fact_open(out, "Posted");
	page_posted(out, f);
	page_fact_close(out);
	page_fact_time(out, "Known to us since", p->row->first_aware_at);
	page_fact_time(out, "Opened", p->row->opened_at);
	page_fact_text(out, "Opened by", p->row->operator_name);
	if (p->row->closed_at)
		page_fact_time(out, "Closed", p->row->closed_at);
	page_fact_open(out, "Case id");
	buf_add(out, STR("<code>"));
	html_text(out, p->row->public_id);
	buf_add(out, STR("</code>"));
	page_fact_close(out);
	buf_add(out, STR("</dl>\n</section>\n"));
}

static void put_text(struct buf *out, const struct takedown_page *p)
{
	page_section(out, "text", "The text", 0);
	if (p->finding_page.n) {
		buf_add(out, STR("<p><a href=\""));
		html_plain(out, p->finding_page);
		buf_add(out, STR("\">The finding</a>, with what was recognised and why.</p>\n"));
	}
	if (p->exhibit) {
		buf_add(out,
			STR("<p class=\"quiet\">Secrets are masked here; the sealed capture holds the text as it was.</p>\n"));
		page_text(out, p->finding);
	}
	buf_add(out, STR("</section>\n"));
}

/* What whoever ran the watch says, to be signed by hand; blanks are for what no program knows. */
static void put_statement(struct buf *out)
{
	static const char *const lines[] = {
		"My name, function and employer:",
		"I am authorised to make this statement, and make it from my own knowledge, except where it says otherwise.",
		"The text above was found at the addresses above by the program watchdesk, which the organisation named above "
		"runs. "
		"It asks public addresses for what they serve to everybody, records each exchange with time, address and "
		"certificate, "
		"and seals the record before anything is made of it.",
		"I have compared the record with this page. The digests of the files in SHA256SUMS are those of the files that "
		"I was "
		"given, and the checks of README.txt gave no error when I ran them on:",
		"Nothing was altered or left out but what is said to be masked or purged.",
		"What I know besides:",
		"Place, date, signature:",
	};

	page_section(out, "statement", "Statement of the operator", 0);
	buf_add(out, STR("<p class=\"quiet\">For the person who hands this over: read it, fill it in, strike out what is not "
			 "so, and "
			 "sign.</p>\n<ol class=\"statement\">\n"));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		buf_printf(out, "<li>%s%s</li>\n", lines[i],
			   str_ends(str_of(lines[i]), STR(":")) ? "<span class=\"blank\"></span>" : "");
	buf_add(out, STR("</ol>\n</section>\n"));
}

void page_takedown(struct buf *out, const struct takedown_page *p)
{
	const struct finding *f = &p->finding->finding;
	AUTO(buf) title = BUF_INIT(LIMIT_PAGE);
	struct html_frame frame = { .manner = &p->manner, .now = p->now, .home = p->home };

	buf_printf(&title, "Takedown %.8s", p->row->public_id.p);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<p class=\"chips\">"));
	page_severity(out, f->severity);
	buf_add(out, STR(" <span class=\"chip verdict\">"));
	html_text(out, p->grounds);
	buf_add(out, STR("</span></p>\n<h1>Takedown: "));
	page_title(out, f, TITLE);
	buf_add(out, STR("</h1>\n<div class=\"columns\">\n<div class=\"wide\">\n"));
	put_targets(out, p);
	put_text(out, p);
	put_notices(out, p);
	page_custody(out, p->custody, p->n_custody);
	if (p->exhibit)
		put_statement(out);
	buf_add(out, STR("</div>\n<div class=\"narrow\">\n"));
	put_facts(out, p);
	put_clocks(out, p);
	buf_add(out, STR("</div>\n</div>\n"));
	html_close(out, &p->manner);
}
