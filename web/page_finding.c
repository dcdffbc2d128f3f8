/* page_finding.c - the page of one finding: how severe and why, where and when, what was recognised, the text */
#include "web/page.h"

#include "base/limits.h"
#include "classify/classify.h"
#include "store/quoted.h"
#include "web/html.h"

enum {
	TITLE = 300, /* characters shown of a text from outside */
	NAME = 120,
	SENTENCE = 400,
	WORDS_SHOWN = 20, /* of one kind of part */
	HITS_SHOWN = 40,  /* rows; a dump of logins has hundreds of the same kind */
};

static void put_sentences(struct buf *out, const char *class_name, const struct str *items, size_t n)
{
	buf_printf(out, "<ul class=\"%s\">\n", class_name);
	for (size_t i = 0; i < n; i++) {
		buf_add(out, STR("<li>"));
		html_hostile(out, items[i], SENTENCE);
		buf_add(out, STR("</li>\n"));
	}
	buf_add(out, STR("</ul>\n"));
}

static void put_why(struct buf *out, const struct finding_page *p)
{
	const struct finding_detail *d = p->detail;

	if (!audience_sees(p->manner.audience, SEES_SAMPLES) && !p->original.n)
		return;
	page_section(out, "why", "Why it is here", 0);
	if (d->n_terms) {
		buf_add(out, STR("<h3>What makes the severity</h3>\n"));
		put_sentences(out, "terms", d->terms, d->n_terms);
	}
	if (d->said.n_reasons) {
		buf_add(out, STR("<h3>What the text says</h3>\n"));
		put_sentences(out, "reasons", d->said.reasons, d->said.n_reasons);
	}
	if (p->original.n) { /* hexadecimal digits only */
		buf_add(out, STR("<p>It quotes <a href=\""));
		html_plain(out, p->original);
		buf_add(out, STR(".html\">the finding "));
		html_plain(out, str_slice(p->original, 0, 8));
		buf_add(out, STR("</a>.</p>\n"));
	}
	if (!d->n_terms && !d->said.n_reasons && audience_sees(p->manner.audience, SEES_SAMPLES))
		buf_add(out, STR("<p class=\"empty\">No reasons were kept.</p>\n"));
	buf_add(out, STR("</section>\n"));
}

/* A bar of 100 units with a tick at the decision; the number beside it says the same. */
static void put_score(struct buf *out, const char *name, double score)
{
	double shown = score > 0 && score < 1 ? score : score >= 1;

	buf_printf(out,
		   "<div class=\"score%s\"><dt>%s</dt><dd><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
		   "aria-hidden=\"true\"><rect class=\"ground\" width=\"100\" height=\"8\" rx=\"2\"/><rect class=\"bar\" "
		   "width=\"%.0f\" height=\"8\" rx=\"2\"/><rect class=\"tick\" x=\"49.5\" width=\"1\" height=\"8\"/></svg> "
		   "<span class=\"value\">%.2f</span>%s</dd></div>\n",
		   shown >= 0.5 ? " decided" : "", name, shown * 100, shown,
		   shown >= 0.5 ? " <span class=\"yes\">yes</span>" : " <span class=\"quiet\">no</span>");
}

static void put_scores(struct buf *out, const struct finding *f)
{
	page_section(out, "categories", "Categories", 0);
	buf_add(out, STR("<dl class=\"scores\">\n"));
	put_score(out, category_names[CATEGORY_VIOLENCE], f->violence);
	put_score(out, category_names[CATEGORY_EXTORTION], f->extortion);
	put_score(out, category_names[CATEGORY_LEAK], f->leak);
	put_score(out, category_names[CATEGORY_DOX], f->dox);
	buf_add(out, STR("</dl>\n<p class=\"quiet\">0.5 decides.</p>\n</section>\n"));
}

/* Where and when. */

static void put_posted_fact(struct buf *out, const struct page_manner *m, const struct finding *f)
{
	page_fact_open(out, "Posted");
	page_posted(out, m, f);
	if (f->posted_raw.n) {
		buf_add(out, STR(" <span class=\"quiet\">as the site has it: "));
		html_hostile(out, f->posted_raw, NAME);
		buf_add(out, STR("</span>"));
	}
	page_fact_close(out);
}

static void put_where(struct buf *out, const struct page_manner *m, const struct finding_detail *d)
{
	const struct finding *f = &d->finding;

	page_section(out, "where", "Where and when", 0);
	buf_add(out, STR("<dl class=\"facts\">\n"));
	page_fact_text(out, "Asset", f->asset);
	page_fact_text(out, "Source", f->source);
	page_fact_text(out, "Author", f->author);
	if (d->author_id.n)
		page_fact_text(out, "Author's number there", d->author_id);
	if (f->url.n) {
		page_fact_open(out, "Address");
		html_url(out, f->url);
		page_fact_close(out);
	}
	put_posted_fact(out, m, f);
	if (d->edited.n)
		page_fact_text(out, "Edited, it says", d->edited);
	page_fact_time(out, "First seen", f->first_seen);
	page_fact_time(out, "Last seen", f->last_seen);
	if (f->deleted_at)
		page_fact_time(out, "Gone since", f->deleted_at);
	page_fact_time(out, "Found", f->found_at);
	if (f->changed_at && f->changed_at != f->found_at)
		page_fact_time(out, "Changed", f->changed_at);
	page_fact_open(out, "Versions seen");
	html_number(out, d->revisions);
	page_fact_close(out);
	page_fact_text(out, "Site\xe2\x80\x99s key", d->key);
	page_fact_open(out, "Finding id");
	buf_add(out, STR("<code>"));
	html_text(out, f->public_id);
	buf_add(out, STR("</code>"));
	page_fact_close(out);
	buf_add(out, STR("</dl>\n</section>\n"));
}

/* What is kept of it, and who did what with it. */

static void put_evidence_row(struct buf *out, const struct evidence_row *e)
{
	char digest[DIGEST_HEX] = "";

	if (e->digest.n == DIGEST_BYTES)
		digest_hex((const unsigned char *)e->digest.p, DIGEST_BYTES, digest);
	buf_add(out, STR("<tr><th scope=\"row\">"));
	html_text(out, e->kind);
	buf_add(out, STR("</th><td data-label=\"Sealed\" class=\"when\">"));
	html_time(out, e->sealed_at);
	if (e->forgotten_at) {
		buf_add(out, STR("<span class=\"quiet\">purged "));
		html_time(out, e->forgotten_at);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</td><td data-label=\"SHA-256 of the sealed bytes\"><code>"));
	html_text(out, str_of(digest));
	buf_add(out, STR("</code></td></tr>\n"));
}

static void put_evidence(struct buf *out, const struct finding_page *p)
{
	size_t sealed = 0;

	for (size_t i = 0; i < p->n_evidence; i++)
		sealed += p->evidence[i].id != 0;
	if (!sealed)
		return;
	page_section(out, "evidence", "Evidence", sealed);
	buf_add(out, STR("<table class=\"cards\">\n<caption>Sealed captures; <code>watchdesk evidence export</code> opens them "
			 "with the "
			 "evidence key.</caption>\n<thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">Sealed</th><th "
			 "scope=\"col\">SHA-256 of the sealed bytes</th></tr></thead>\n<tbody>\n"));
	for (size_t i = 0; i < p->n_evidence; i++)
		if (p->evidence[i].id)
			put_evidence_row(out, &p->evidence[i]);
	buf_add(out, STR("</tbody>\n</table>\n</section>\n"));
}

/* What was recognised. */

static const char *confidence_word(int confidence)
{
	return confidence >= 0 && confidence < 3 ? confidence_names[confidence] : "unknown";
}

static void put_hit(struct buf *out, const struct stored_hit *h, bool samples)
{
	buf_add(out, STR("<tr><th scope=\"row\">"));
	html_hostile(out, h->label, NAME);
	buf_add(out, STR("<span class=\"rule\">"));
	html_hostile(out, h->rule, NAME);
	if (h->layer > 0)
		buf_printf(out, ", decoded text, layer %d", h->layer);
	buf_add(out, STR("</span></th>"));
	if (samples) {
		buf_add(out, STR("<td data-label=\"Sample, masked\"><code>"));
		html_hostile(out, h->masked, NAME);
		buf_add(out, STR("</code></td>"));
	}
	buf_add(out, STR("<td data-label=\"Asset\">"));
	if (h->asset.n)
		html_hostile(out, h->asset, NAME);
	else
		buf_add(out, STR("<span class=\"quiet\">none</span>"));
	buf_printf(out, "</td><td data-label=\"Confidence\">%s</td>", confidence_word(h->confidence));
	if (samples) {
		buf_add(out, STR("<td data-label=\"Why\">"));
		html_hostile(out, h->why, SENTENCE);
		buf_add(out, STR("</td>"));
	}
	buf_add(out, STR("</tr>\n"));
}

/* Those that concern an asset come first: they are why somebody reads this. */
static void put_hits(struct buf *out, const struct finding_detail *d, bool samples)
{
	size_t shown = 0;

	if (!d->said.n_hits)
		return;
	page_section(out, "hits", "Recognised data", d->said.n_hits);
	buf_add(out, STR("<table class=\"cards hits\">\n<caption>Those that concern an asset first"));
	if (d->said.n_hits > HITS_SHOWN)
		buf_printf(out, "; the first %d are shown", HITS_SHOWN);
	buf_printf(out,
		   ".</caption>\n<thead><tr><th scope=\"col\">What</th>%s<th scope=\"col\">Asset</th><th "
		   "scope=\"col\">Confidence</th>%s</tr></thead>\n<tbody>\n",
		   samples ? "<th scope=\"col\">Sample, masked</th>" : "", samples ? "<th scope=\"col\">Why</th>" : "");
	for (int strange = 0; strange < 2; strange++)
		for (size_t i = 0; i < d->said.n_hits && shown < HITS_SHOWN; i++)
			if ((d->said.hits[i].asset.n == 0) == strange && ++shown)
				put_hit(out, &d->said.hits[i], samples);
	buf_add(out, STR("</tbody>\n</table>\n</section>\n"));
}

static struct str part_text(const struct finding_detail *d, const struct stored_part *p)
{
	if (p->layer != 0 || p->start < 0 || p->end < p->start)
		return (struct str){ 0 };
	return str_slice(d->text, (size_t)p->start, (size_t)p->end);
}

/* Is there an earlier part of the same kind, over the same words unless any will do? */
static bool came_before(const struct finding_detail *d, size_t i, bool any_words)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(d->said.parts[k].part, d->said.parts[i].part) &&
		    (any_words || str_eq_nocase(part_text(d, &d->said.parts[k]), part_text(d, &d->said.parts[i]))))
			return true;
	return false;
}

/* On one line: a line break in a table of words is nothing to be warned of. */
static void put_line(struct buf *out, struct str words)
{
	AUTO(buf) line = BUF_INIT(LIMIT_TEXT);

	words = str_slice(words, 0, (size_t)4 * NAME + 4); /* the rest is not shown */
	for (size_t i = 0; i < words.n; i++)
		buf_add_char(&line, words.p[i] == '\n' ? ' ' : words.p[i]);
	html_hostile(out, buf_str(&line), NAME);
}

/* All words of the kind of part `first`, each once. */
static void put_words(struct buf *out, const struct finding_detail *d, size_t first)
{
	size_t n = 0;

	for (size_t i = first; i < d->said.n_parts; i++) {
		if (!str_eq(d->said.parts[i].part, d->said.parts[first].part) || came_before(d, i, false))
			continue;
		if (n++ > 0)
			buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		if (d->said.parts[i].layer > 0)
			buf_add(out, STR("<span class=\"quiet\">in decoded text</span>"));
		else
			put_line(out, part_text(d, &d->said.parts[i]));
		if (n == WORDS_SHOWN) {
			buf_add(out, STR(" \xe2\x80\xa6"));
			return;
		}
	}
}

static void put_parts(struct buf *out, const struct finding_detail *d)
{
	if (!d->said.n_parts)
		return;
	page_section(out, "parts", "Words that were weighed", 0);
	buf_add(out,
		STR("<table class=\"cards parts\">\n<caption>Parts of a threat, and signs that it is none, in the order of the "
		    "text.</caption>\n<thead><tr><th scope=\"col\">Part</th><th scope=\"col\">Words</th></tr></thead>\n"
		    "<tbody>\n"));
	for (size_t i = 0; i < d->said.n_parts; i++) {
		if (came_before(d, i, true) || str_eq(d->said.parts[i].part, STR(QUOTED_PART))) /* that is the whole text */
			continue;
		buf_add(out, STR("<tr><th scope=\"row\">"));
		html_hostile(out, d->said.parts[i].part, NAME);
		buf_add(out, STR("</th><td data-label=\"Words\"><span>"));
		put_words(out, d, i);
		buf_add(out, STR("</span></td></tr>\n"));
	}
	buf_add(out, STR("</tbody>\n</table>\n</section>\n"));
}

static void put_text(struct buf *out, const struct finding_detail *d)
{
	if (!d->text.n)
		return;
	page_section(out, "text", "Text", 0);
	buf_add(out, STR("<p class=\"quiet\">"));
	page_count(out, (int64_t)d->text.n, "byte", "bytes");
	buf_add(out, STR(", secrets masked."));
	if (d->said.n_hits)
		buf_add(out, STR(" <mark class=\"hit\">Recognised data</mark> is underlined."));
	if (d->said.n_parts)
		buf_add(out, STR(" <mark class=\"part\">Words that were weighed</mark> are underlined with dots."));
	buf_add(out, STR("</p>\n"));
	page_text(out, d);
	buf_add(out, STR("</section>\n"));
}

static void put_top(struct buf *out, const struct page_manner *m, const struct finding *f, struct str duty)
{
	buf_add(out, STR("<p class=\"chips\">"));
	page_severity(out, m, f->severity);
	if (f->category.n) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		html_text(out, f->category);
		buf_add(out, STR("</span>"));
	}
	if (duty.n) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		html_text(out, duty);
		buf_add(out, STR("</span>"));
	}
	if (f->verdict.n && !str_eq(f->verdict, STR("none"))) {
		buf_add(out, STR(" <span class=\"chip verdict\">verdict: "));
		html_text(out, f->verdict);
		buf_add(out, STR("</span>"));
	}
	if (f->reports)
		buf_add(out, STR(" <span class=\"chip verdict\">" QUOTED_TOLD "</span>"));
	buf_add(out, STR("</p>\n<h1>"));
	page_title(out, m, f, TITLE);
	buf_add(out, STR("</h1>\n"));
}

static void put_page(struct buf *out, const struct finding_page *p)
{
	const struct finding_detail *d = p->detail;
	const struct finding *f = &d->finding;
	AUTO(buf) title = BUF_INIT(LIMIT_PAGE);
	struct html_frame frame = { .manner = &p->manner, .home = p->home };

	buf_add(&title, str_slice(str_trim(f->title).n ? f->title : d->key.n ? d->key : f->public_id, 0, TITLE));
	buf_add(&title, STR(" - watchdesk"));
	frame.title = buf_str(&title);
	html_open(out, &frame);
	put_top(out, &p->manner, &d->finding, p->duty);
	buf_add(out, STR("<div class=\"columns\">\n<div class=\"wide\">\n"));
	put_why(out, p);
	put_text(out, d);
	put_hits(out, d, audience_sees(p->manner.audience, SEES_SAMPLES));
	put_parts(out, d);
	put_evidence(out, p);
	page_custody(out, &p->manner, p->custody, p->n_custody);
	buf_add(out, STR("</div>\n<div class=\"narrow\">\n"));
	put_where(out, &p->manner, d);
	put_scores(out, &d->finding);
	buf_add(out, STR("</div>\n</div>\n"));
	html_close(out, &p->manner);
}

void page_finding(struct buf *out, const struct finding_page *p)
{
	const struct audience *who = p->manner.audience;
	const struct finding_detail detail = audience_detail(who, p->detail);
	struct finding_page seen = *p;

	seen.detail = &detail;
	if (!audience_sees(who, SEES_CUSTODY))
		seen.n_evidence = 0;
	if (!audience_sees(who, SEES_OPERATORS))
		seen.duty = (struct str){ 0 };
	put_page(out, &seen);
}
