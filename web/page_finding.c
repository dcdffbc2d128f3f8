/* page_finding.c - the page of one finding: how severe and why, where and when, the text, what people made of it */
#include "web/page_case.h"

#include <stdio.h>

#include "base/limits.h"
#include "classify/classify.h"
#include "store/quoted.h"
#include "web/html.h"

enum { TITLE = 300, NAME = 120, SENTENCE = 400, ID_SHOWN = 12 }; /* characters shown of a text from outside */
/* Rows: a page of a finding takes 60 kB beside its text, whatever there is to say. */
enum { SENTENCES_SHOWN = 10, EVIDENCE_SHOWN = 6, ENTRIES_SHOWN = 12, TICKS_SHOWN = 7, CASES_SHOWN = 4 };

static bool sees(const struct finding_page *p, enum audience_sees what)
{
	return audience_sees(p->manner.audience, what);
}

static const char *word(const struct finding_page *p, enum word which)
{
	return word_of(p->manner.words, which);
}

/* ---- why ---- */

/* A sentence about the finding that it quotes, for an audience that sees only the severe ones, of which that is none. */
static bool names_unseen(const struct finding_page *p, const struct str *sentence)
{
	return p->manner.audience->least_severity > FINDING_SEVERITY && !p->original.n && quoted_finding(sentence, 1).n;
}

static void put_sentences(struct buf *out, const struct finding_page *p, enum word heading, const struct str *items, size_t n)
{
	if (!n)
		return;
	buf_add(out, STR("<h3>"));
	say(out, p->manner.words, heading);
	buf_add(out, STR("</h3>\n<ul class=\"reasons\">\n"));
	for (size_t i = 0; i < n && i < SENTENCES_SHOWN; i++) {
		if (names_unseen(p, &items[i]))
			continue;
		buf_add(out, STR("<li>"));
		html_hostile(out, items[i], SENTENCE);
		buf_add(out, STR("</li>\n"));
	}
	buf_add(out, STR("</ul>\n"));
	page_further(out, &p->manner, n > SENTENCES_SHOWN ? n - SENTENCES_SHOWN : 0);
}

static void put_original(struct buf *out, const struct finding_page *p)
{
	AUTO(buf) link = BUF_INIT(KIB(1));

	if (!p->original.n) /* hexadecimal digits only */
		return;
	buf_printf(&link, "<a href=\"%.*s.html\">%.8s</a>", STR_ARG(p->original), p->original.p);
	buf_add(out, STR("<p>"));
	say_x(out, p->manner.words, WORD_QUOTES, buf_str(&link));
	buf_add(out, STR("</p>\n"));
}

static void put_why(struct buf *out, const struct finding_page *p)
{
	const struct finding_detail *d = p->detail;

	if (!sees(p, SEES_SAMPLES) && !p->original.n)
		return;
	page_section(out, "why", word(p, WORD_WHY_HERE), 0);
	put_sentences(out, p, WORD_WHY_TERMS, d->terms, d->n_terms);
	put_sentences(out, p, WORD_WHY_REASONS, d->said.reasons, d->said.n_reasons);
	put_original(out, p);
	if (!d->n_terms && !d->said.n_reasons && sees(p, SEES_SAMPLES))
		page_empty(out, &p->manner, WORD_WHY_NONE);
	buf_add(out, STR("</section>\n"));
}

/* ---- categories ---- */

/* A bar of 100 units with a tick at the decision; the number beside it says the same. */
static void put_score(struct buf *out, const struct page_manner *m, enum word name, double score)
{
	double shown = score > 0 && score < 1 ? score : score >= 1;

	buf_printf(out, "<div class=\"score%s\"><dt>", shown >= 0.5 ? " decided" : "");
	say(out, m->words, name);
	buf_printf(
		out,
		"</dt><dd><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"ground\" "
		"width=\"100\" height=\"8\" rx=\"2\"/><rect class=\"bar\" width=\"%.0f\" height=\"8\" rx=\"2\"/><rect "
		"class=\"tick\" x=\"49.5\" width=\"1\" height=\"8\"/></svg> <span class=\"value\">%.2f</span> <span "
		"class=\"%s\">",
		shown * 100, shown, shown >= 0.5 ? "yes" : "quiet");
	say(out, m->words, shown >= 0.5 ? WORD_YES : WORD_NO);
	buf_add(out, STR("</span></dd></div>\n"));
}

static void put_scores(struct buf *out, const struct finding_page *p)
{
	const struct finding *f = &p->detail->finding;

	page_section(out, "categories", word(p, WORD_CATEGORIES), 0);
	buf_add(out, STR("<dl class=\"scores\">\n"));
	put_score(out, &p->manner, WORD_CATEGORY_VIOLENCE, f->violence);
	put_score(out, &p->manner, WORD_CATEGORY_EXTORTION, f->extortion);
	put_score(out, &p->manner, WORD_CATEGORY_LEAK, f->leak);
	put_score(out, &p->manner, WORD_CATEGORY_DOX, f->dox);
	buf_add(out, STR("</dl>\n<p class=\"quiet\">"));
	say(out, p->manner.words, WORD_DECIDES);
	buf_add(out, STR("</p>\n</section>\n"));
}

/* ---- what people made of it ---- */

static void put_verdict(struct buf *out, const struct finding_page *p)
{
	const struct queue_state *s = &p->state;

	page_fact_open(out, word(p, WORD_VERDICT));
	if (s->judged_at) {
		page_name(out, &p->manner, NAMES_VERDICT, s->verdict);
		buf_add(out, STR("<span class=\"by\">"));
		if (sees(p, SEES_OPERATORS)) {
			html_hostile(out, s->judged_by, NAME);
			buf_add(out, STR(", "));
		}
		html_time(out, s->judged_at);
		buf_add(out, STR("</span>"));
	} else {
		say(out, p->manner.words, WORD_VERDICT_NONE);
	}
	page_fact_close(out);
}

/* Since when, and by which act of his. */
static void put_holding(struct buf *out, const struct finding_page *p, const struct duty_standing *d)
{
	AUTO(buf) at = BUF_INIT(KIB(1));

	html_time(&at, d->held_since);
	say_x(out, p->manner.words, WORD_SINCE, buf_str(&at));
	if (!d->how.n)
		return;
	buf_add(out, STR(", "));
	page_name(out, &p->manner, NAMES_HOW, d->how);
}

static void put_asked(struct buf *out, const struct finding_page *p, const struct duty_standing *d)
{
	AUTO(buf) name = BUF_INIT(KIB(4));

	if (!d->n_asked) {
		say(out, p->manner.words, WORD_ASKED_NOBODY);
		return;
	}
	page_count_say(out, &p->manner, (int64_t)d->n_asked, WORD_ASKED_ONE, WORD_ASKED_MANY);
	buf_add(out, STR(", "));
	html_hostile(&name, d->asked, NAME);
	say_x(out, p->manner.words, WORD_ASKED_LAST, buf_str(&name));
	buf_add(out, STR(", "));
	html_time(out, d->asked_at);
}

static void put_duty(struct buf *out, const struct finding_page *p)
{
	const struct duty_standing *d = &p->duty;

	if (!p->state.has_duty && !d->has_duty)
		return;
	page_fact_open(out, word(p, WORD_DUTY));
	if (!d->holder.n)
		say(out, p->manner.words, WORD_NOBODY);
	else if (sees(p, SEES_OPERATORS))
		html_hostile(out, d->holder, NAME);
	else
		say(out, p->manner.words, WORD_SOMEBODY);
	if (sees(p, SEES_OPERATORS)) {
		buf_add(out, STR("<span class=\"by\">"));
		if (d->holder.n)
			put_holding(out, p, d);
		else
			put_asked(out, p, d);
		buf_add(out, STR("</span>"));
	}
	page_fact_close(out);
}

static void put_cases(struct buf *out, const struct finding_page *p)
{
	for (size_t i = 0; i < p->n_cases && i < CASES_SHOWN; i++) {
		page_fact_open(out, word(p, WORD_TAKEDOWN));
		if (p->has_cases)
			buf_printf(out, "<a href=\"../takedown/%.*s.html\">", STR_ARG(p->cases[i].public_id));
		page_grounds(out, &p->manner, p->cases[i].grounds);
		if (p->has_cases)
			buf_add(out, STR("</a>"));
		buf_add(out, STR("<span class=\"by\">"));
		page_state(out, &p->manner, p->cases[i].state);
		buf_add(out, STR("</span>"));
		page_fact_close(out);
	}
}

static void put_campaign(struct buf *out, const struct finding_page *p)
{
	if (!p->campaign_page.n)
		return;
	page_fact_open(out, word(p, WORD_CAMPAIGN));
	buf_printf(out, "<a href=\"%.*s\">", STR_ARG(p->campaign_page));
	say(out, p->manner.words, WORD_CAMPAIGN_SPREAD);
	buf_add(out, STR("</a>"));
	page_fact_close(out);
}

/* What people did, by name: steps are theirs. */
static void put_ticks(struct buf *out, const struct finding_page *p)
{
	size_t done = 0, shown = 0;

	for (size_t i = 0; i < p->n_ticks; i++)
		done += p->ticks[i].done;
	if (!done || !sees(p, SEES_OPERATORS))
		return;
	page_fact_open(out, word(p, WORD_DONE));
	buf_add(out, STR("<ul class=\"troubles\">"));
	for (size_t i = 0; i < p->n_ticks && shown < TICKS_SHOWN; i++) {
		const struct tick *t = &p->ticks[i];

		if (!t->done)
			continue;
		shown++;
		buf_add(out, STR("<li>"));
		html_hostile(out, t->step, SENTENCE);
		buf_add(out, STR("<span class=\"by\">"));
		html_hostile(out, t->playbook, NAME);
		buf_add(out, STR(", "));
		html_hostile(out, t->operator_name, NAME);
		buf_add(out, STR(", "));
		html_time(out, t->at);
		buf_add(out, STR("</span></li>"));
	}
	buf_add(out, STR("</ul>"));
	page_further(out, &p->manner, done - shown);
	page_fact_close(out);
}

static void put_state(struct buf *out, const struct finding_page *p)
{
	page_section(out, "state", word(p, WORD_STANDS), 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	put_verdict(out, p);
	put_duty(out, p);
	put_campaign(out, p);
	put_cases(out, p);
	put_ticks(out, p);
	buf_add(out, STR("</dl>\n</section>\n"));
}

/* ---- where and when ---- */

static void put_posted_fact(struct buf *out, const struct finding_page *p)
{
	const struct finding *f = &p->detail->finding;

	page_fact_open(out, word(p, WORD_POSTED));
	page_posted(out, &p->manner, f);
	if (f->posted_raw.n && sees(p, SEES_TEXTS)) {
		AUTO(buf) raw = BUF_INIT(LIMIT_PAGE);

		html_hostile(&raw, f->posted_raw, NAME);
		buf_add(out, STR(" <span class=\"quiet\">"));
		say_x(out, p->manner.words, WORD_POSTED_RAW, buf_str(&raw));
		buf_add(out, STR("</span>"));
	}
	page_fact_close(out);
}

static void put_source(struct buf *out, const struct finding_page *p)
{
	const struct str source = p->detail->finding.source;

	if (!sees(p, SEES_SOURCES))
		return;
	page_fact_open(out, word(p, WORD_SOURCE));
	if (p->has_sources)
		page_source_link(out, &p->manner, source, "../");
	else
		html_hostile(out, source, NAME);
	page_fact_close(out);
}

static void put_who_and_where(struct buf *out, const struct finding_page *p)
{
	const struct finding_detail *d = p->detail;

	put_source(out, p);
	if (sees(p, SEES_AUTHORS)) {
		page_fact_text(out, word(p, WORD_AUTHOR), d->finding.author);
		page_fact_text(out, word(p, WORD_AUTHOR_ID), d->author_id);
	}
	if (!sees(p, SEES_ADDRESSES))
		return;
	page_fact_open(out, word(p, WORD_ADDRESS));
	html_url(out, d->finding.url);
	page_fact_close(out);
	page_fact_text(out, word(p, WORD_SITE_KEY), d->key);
}

static void put_where(struct buf *out, const struct finding_page *p)
{
	const struct finding_detail *d = p->detail;
	const struct finding *f = &d->finding;

	page_section(out, "where", word(p, WORD_WHERE), 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	page_fact_text(out, word(p, WORD_ASSET), f->asset);
	put_who_and_where(out, p);
	page_fact_text(out, word(p, WORD_LANGUAGE_OF), f->language);
	put_posted_fact(out, p);
	if (sees(p, SEES_TEXTS))
		page_fact_text(out, word(p, WORD_EDITED), d->edited);
	page_fact_time(out, word(p, WORD_FIRST_SEEN), f->first_seen);
	page_fact_open(out, word(p, WORD_LAST_SEEN)); /* to the day: each visit sees it, and its page would change with each */
	html_day(out, f->last_seen);
	page_fact_close(out);
	if (f->deleted_at)
		page_fact_time(out, word(p, WORD_GONE_SINCE), f->deleted_at);
	page_fact_time(out, word(p, WORD_FOUND), f->found_at);
	if (f->changed_at && f->changed_at != f->found_at)
		page_fact_time(out, word(p, WORD_CHANGED), f->changed_at);
	page_fact_open(out, word(p, WORD_VERSIONS));
	html_number(out, d->revisions);
	page_fact_close(out);
	page_fact_open(out, word(p, WORD_FINDING_ID));
	buf_add(out, STR("<code>"));
	html_text(out, f->public_id);
	buf_add(out, STR("</code>"));
	page_fact_close(out);
	buf_add(out, STR("</dl>\n</section>\n"));
}

/* ---- what is kept of it ---- */

static void put_evidence_row(struct buf *out, const struct page_manner *m, const struct evidence_row *e)
{
	char digest[DIGEST_HEX] = "";

	if (e->digest.n == DIGEST_BYTES)
		digest_hex((const unsigned char *)e->digest.p, DIGEST_BYTES, digest);
	page_row(out);
	page_name(out, m, NAMES_EVIDENCE, e->kind);
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_SEALED, "when");
	html_time(out, e->sealed_at);
	if (e->forgotten_at) {
		AUTO(buf) at = BUF_INIT(KIB(1));

		html_time(&at, e->forgotten_at);
		buf_add(out, STR("<span class=\"quiet\">"));
		say_x(out, m->words, WORD_WAS_PURGED, buf_str(&at));
		buf_add(out, STR("</span>"));
	}
	page_cell_end(out);
	page_cell(out, m, WORD_SEALED_DIGEST, NULL);
	buf_add(out, STR("<code>"));
	html_text(out, str_of(digest));
	buf_add(out, STR("</code>"));
	page_cell_end(out);
	page_row_end(out);
}

static void put_evidence(struct buf *out, const struct finding_page *p)
{
	static const enum word columns[] = { WORD_CHART_KIND, WORD_SEALED, WORD_SEALED_DIGEST, WORDS };
	size_t sealed = 0, shown = 0;

	for (size_t i = 0; i < p->n_evidence; i++)
		sealed += p->evidence[i].id != 0;
	if (!sealed || !sees(p, SEES_CUSTODY))
		return;
	page_section(out, "evidence", word(p, WORD_EVIDENCE), sealed);
	page_table(out, &p->manner, "evidence", WORD_EVIDENCE_CAPTION, columns);
	for (size_t i = 0; i < p->n_evidence && shown < EVIDENCE_SHOWN; i++)
		if (p->evidence[i].id && ++shown)
			put_evidence_row(out, &p->manner, &p->evidence[i]);
	page_table_end(out);
	page_further(out, &p->manner, sealed - shown);
	buf_add(out, STR("</section>\n"));
}

/* An id is hexadecimal digits: whoever copies a line gets what he reads. Its first digits are enough, and fit. */
static void put_command(struct buf *out, const struct finding_page *p, enum word what, const char *before, const char *behind)
{
	page_fact_open(out, word(p, what));
	buf_printf(out, "<code class=\"command\">watchdesk %s ", before);
	html_plain(out, str_slice(p->detail->finding.public_id, 0, ID_SHOWN));
	buf_printf(out, "%s</code>", behind);
	page_fact_close(out);
}

/* What a host is asked on, most of the time. */
static const char *grounds_of(const struct finding *f)
{
	if (str_eq(f->category, STR("dox")))
		return " --grounds personal-data";
	return str_eq(f->category, STR("leak")) ? " --grounds credentials" : " --grounds threat";
}

static void put_commands(struct buf *out, const struct finding_page *p)
{
	if (!sees(p, SEES_CUSTODY))
		return;
	page_section(out, "commands", word(p, WORD_COMMANDS), 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	put_command(out, p, WORD_COMMAND_OPEN, "evidence export", " -o pack");
	put_command(out, p, WORD_COMMAND_UNMASK, "show", " --unmask");
	put_command(out, p, WORD_COMMAND_JUDGE, "mark", " confirmed");
	put_command(out, p, WORD_COMMAND_TAKEDOWN, "takedown open", grounds_of(&p->detail->finding));
	buf_add(out, STR("</dl>\n</section>\n"));
}

/* ---- the text ---- */

static void put_key(struct buf *out, const struct finding_page *p, const char *class_name, enum word what)
{
	buf_printf(out, " <mark class=\"%s\">", class_name);
	say(out, p->manner.words, what);
	buf_add(out, STR("</mark>"));
}

/* What is marked, and how: a line under data, dots under words; the colour says which category it speaks for. */
static void put_legend(struct buf *out, const struct finding_page *p)
{
	static const char *const kinds[] = { "violence", "extortion", "leak", "dox", "against" };
	const struct stored_assessment *said = &p->detail->said;

	buf_add(out, STR("<p class=\"quiet\">"));
	page_count_say(out, &p->manner, (int64_t)p->detail->text.n, WORD_BYTES_ONE, WORD_BYTES_MASKED);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		bool hit = false, part = false;
		char class_name[32];

		for (size_t i = 0; i < said->n_hits; i++)
			hit = hit ||
			      (said->hits[i].layer == 0 && str_eq(str_of(kinds[k]), str_of(page_hit_kind(&said->hits[i]))));
		for (size_t i = 0; i < said->n_parts; i++)
			part = part || (said->parts[i].layer == 0 && !str_eq(said->parts[i].part, STR(QUOTED_PART)) &&
					str_eq(str_of(kinds[k]), str_of(page_part_kind(said->parts[i].part))));
		snprintf(class_name, sizeof(class_name), "%s %s", hit ? "hit" : "part", kinds[k]);
		if (hit || part)
			put_key(out, p, class_name, (enum word)(WORD_CATEGORY_VIOLENCE + k));
	}
	buf_add(out, STR("</p>\n"));
}

static void put_text(struct buf *out, const struct finding_page *p)
{
	if (!sees(p, SEES_TEXTS))
		return;
	page_section(out, "text", word(p, WORD_TEXT), 0);
	put_legend(out, p);
	page_text(out, &p->manner, p->detail);
	buf_add(out, STR("</section>\n"));
}

/* ---- the page ---- */

static void put_chip(struct buf *out, const struct finding_page *p, enum page_names of, struct str name)
{
	buf_add(out, STR(" <span class=\"chip verdict\">"));
	page_name(out, &p->manner, of, name);
	buf_add(out, STR("</span>"));
}

static void put_top(struct buf *out, const struct finding_page *p)
{
	const struct finding *f = &p->detail->finding;

	buf_add(out, STR("<p class=\"chips\">"));
	page_severity(out, &p->manner, f->severity);
	if (f->category.n)
		put_chip(out, p, NAMES_CATEGORY, f->category);
	if (f->verdict.n && !str_eq(f->verdict, STR("none")))
		put_chip(out, p, NAMES_VERDICT, f->verdict);
	if (f->reports) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		say(out, p->manner.words, WORD_TOLD);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</p>\n<h1>"));
	page_title(out, &p->manner, f, TITLE);
	buf_add(out, STR("</h1>\n"));
}

static void put_document_title(struct buf *out, const struct finding_page *p)
{
	const struct finding *f = &p->detail->finding;

	if (sees(p, SEES_TEXTS) && str_trim(f->title).n)
		buf_add(out, str_slice(f->title, 0, TITLE));
	else
		words_put_x(out, p->manner.words, WORD_FINDING_CALLED, str_slice(f->public_id, 0, 8));
	buf_add(out, STR(" - watchdesk"));
}

static void put_page(struct buf *out, const struct finding_page *p)
{
	AUTO(buf) title = BUF_INIT(LIMIT_PAGE);
	struct html_frame frame = { .manner = &p->manner, .home = p->home };

	put_document_title(&title, p);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	put_top(out, p);
	buf_add(out, STR("<div class=\"columns\">\n<div class=\"wide\">\n"));
	put_why(out, p);
	put_text(out, p);
	page_recognised(out, &p->manner, p->detail);
	put_evidence(out, p);
	page_custody(out, &p->manner, p->custody, p->n_custody, ENTRIES_SHOWN);
	buf_add(out, STR("</div>\n<div class=\"narrow\">\n"));
	put_state(out, p);
	put_where(out, p);
	put_scores(out, p);
	put_commands(out, p);
	buf_add(out, STR("</div>\n</div>\n"));
	html_close(out, &p->manner);
}

void page_finding(struct buf *out, const struct finding_page *p)
{
	const struct finding_detail detail = audience_detail(p->manner.audience, p->detail);
	struct finding_page seen = *p;

	seen.detail = &detail;
	put_page(out, &seen);
}
