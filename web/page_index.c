/* page_index.c - the first page: how things stand, the findings, the health of the sources */
#include "web/page.h"

#include "base/limits.h"
#include "web/html.h"

enum { NAME = 60, DETAIL = 200 }; /* characters shown of a text from outside */

static size_t failing(const struct index_page *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_sources; i++)
		n += !health_is_well(&p->sources[i]);
	return n;
}

/* One sentence that says whether somebody has to get up. */
static void put_lead(struct buf *out, const struct index_page *p)
{
	int64_t urgent = p->counts.critical + p->counts.high;
	size_t broken = failing(p);

	buf_add(out, STR("<p class=\"lead\">"));
	if (urgent) {
		page_count(out, urgent, "finding is", "findings are");
		buf_add(out, STR(" high or critical. "));
	} else {
		buf_add(out, STR("No finding is high or critical. "));
	}
	if (!p->n_sources)
		buf_add(out, STR("No source has been read yet."));
	else if (broken)
		buf_printf(out, "%zu of %zu sources %s not well.", broken, p->n_sources, broken == 1 ? "is" : "are");
	else
		buf_printf(out, "%s", p->n_sources == 1 ? "The source is well." : "All sources are well.");
	buf_add(out, STR("</p>\n"));
}

static void put_tile(struct buf *out, const char *class_name, const char *name, int64_t n)
{
	buf_printf(out, "<div class=\"tile %s%s\"><dt>%s</dt><dd>", class_name, n ? "" : " none", name);
	html_number(out, n);
	buf_add(out, STR("</dd></div>\n"));
}

static void put_round(struct buf *out, const struct index_page *p)
{
	const struct round *r = &p->last_round;

	if (!p->has_round) {
		buf_add(out, STR("<p class=\"round\">No round has been made yet.</p>\n"));
		return;
	}
	buf_add(out, STR("<p class=\"round\">Last round ended "));
	html_time(out, r->ended_at);
	buf_add(out, STR(": "));
	page_count(out, r->fetched, "page", "pages");
	buf_add(out, STR(" read, "));
	html_number(out, r->not_modified);
	buf_add(out, STR(" unchanged, "));
	html_number(out, r->failed);
	buf_add(out, STR(" failed; "));
	page_count(out, r->posts, "new post", "new posts");
	buf_add(out, STR(", "));
	page_count(out, r->findings, "new finding", "new findings");
	buf_add(out, STR(".</p>\n"));
}

/* Somebody was to be told, and was not. */
static void put_dead_letters(struct buf *out, const struct index_page *p)
{
	if (p->dead_letters == 0)
		return;
	buf_add(out, STR("<p class=\"round\"><strong>"));
	page_count(out, p->dead_letters, "letter will", "letters will");
	buf_add(out, STR(" not go:</strong> <code>watchdesk alert log --state dead</code> says why.</p>\n"));
}

static void put_summary(struct buf *out, const struct index_page *p)
{
	const struct finding_counts *c = &p->counts;

	buf_add(out, STR("<section aria-labelledby=\"summary\">\n<h2 id=\"summary\" class=\"ear\">Summary</h2>\n"
			 "<dl class=\"tiles severities\">\n"));
	put_tile(out, "critical", "critical", c->critical);
	put_tile(out, "high", "high", c->high);
	put_tile(out, "medium", "medium", c->medium);
	put_tile(out, "low", "low", c->low);
	buf_add(out, STR("</dl>\n<dl class=\"tiles categories\">\n"));
	put_tile(out, "plain", "violence", c->violence);
	put_tile(out, "plain", "extortion", c->extortion);
	put_tile(out, "plain", "leak", c->leak);
	put_tile(out, "plain", "dox", c->dox);
	put_tile(out, "plain", "posts read", c->posts);
	buf_add(out, STR("</dl>\n"));
	put_round(out, p);
	put_dead_letters(out, p);
	buf_add(out, STR("</section>\n"));
}

static void put_findings(struct buf *out, const struct index_page *p)
{
	AUTO(buf) caption = BUF_INIT(KIB(1));

	buf_add(out, STR("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n"));
	buf_add(&caption, STR("The most severe first, then the newest"));
	if (p->n_findings >= LIMIT_REPORT_FINDINGS)
		buf_printf(&caption, "; the first %d are shown", LIMIT_REPORT_FINDINGS);
	buf_printf(&caption, ".%c", 0);
	if (p->n_findings)
		page_findings(out, &p->manner, caption.p, p->findings, p->n_findings, "");
	else
		buf_add(out, STR("<p class=\"empty\">Nothing has been found. That is worth something only while the sources "
				 "below answer.</p>\n"));
	if (p->lists)
		buf_printf(out, "<p><a href=\"findings/%lld.html\">All findings, as they were found</a></p>\n",
			   (long long)p->lists);
	buf_add(out, STR("</section>\n"));
}

/* The health of the sources. */

static void put_state(struct buf *out, const struct source_health *s)
{
	if (s->failure.n) {
		buf_add(out, STR("<span class=\"chip failing\">failing</span> <span class=\"since\">since "));
		html_time(out, s->failing_since);
		buf_add(out, STR("</span>"));
	} else if (!health_is_well(s)) {
		buf_printf(out, "<span class=\"chip medium\">%s</span>", s->state);
	} else if (s->last_success_at) {
		buf_add(out, STR("<span class=\"chip fine\">answers</span>"));
	} else {
		buf_add(out, STR("<span class=\"chip verdict\">not read yet</span>"));
	}
}

static void put_failure(struct buf *out, struct str class_name, struct str detail)
{
	buf_add(out, STR("<b>"));
	html_hostile(out, class_name, NAME);
	buf_add(out, STR("</b>"));
	if (!detail.n)
		return;
	buf_add(out, STR(": "));
	html_hostile(out, detail, DETAIL);
}

static void put_trouble(struct buf *out, const struct trouble *t)
{
	buf_add(out, STR("<li>"));
	put_failure(out, t->class_name, t->detail);
	buf_add(out, STR("<span class=\"trouble\">"));
	page_count(out, t->pages, "page", "pages");
	buf_add(out, STR(", last "));
	html_time(out, t->last_at);
	if (t->url.n) {
		buf_add(out, STR(" at "));
		html_url(out, t->url);
	}
	buf_add(out, STR("</span></li>\n"));
}

static void put_troubles(struct buf *out, const struct source_health *s)
{
	if (!s->n_troubles && s->failure.n) {
		put_failure(out, s->failure, s->detail);
		return;
	}
	if (!s->n_troubles) {
		buf_add(out, STR("<span class=\"quiet\">nothing</span>"));
		return;
	}
	buf_add(out, STR("<ul class=\"troubles\">\n"));
	for (size_t i = 0; i < s->n_troubles; i++)
		put_trouble(out, &s->troubles[i]);
	buf_add(out, STR("</ul>"));
}

/* What it shows against its own past, and what went by unseen. */
static void put_pulse(struct buf *out, const struct source_health *s)
{
	const struct pulse *p = &s->pulse;

	if (!p->polls) {
		buf_add(out, STR("<span class=\"quiet\">nothing yet</span>"));
		return;
	}
	html_number(out, p->items);
	buf_add(out, STR(", usually "));
	html_number(out, p->usual);
	if (s->withheld.n) {
		buf_add(out, STR("<span class=\"trouble\">"));
		html_number(out, s->withheld.n);
		buf_add(out, STR(" withheld by rules</span>"));
	}
	if (p->gaps) {
		buf_add(out, STR("<span class=\"trouble\">"));
		page_count(out, p->gaps, "gap", "gaps");
		if (p->missed) {
			buf_add(out, STR(", about "));
			html_number(out, p->missed);
			buf_add(out, STR(" unseen"));
		}
		buf_add(out, STR("</span>"));
	}
}

/* "65 pages, 3 unchanged, 15 failed; 72 posts" */
static void put_read(struct buf *out, const struct source_health *s)
{
	page_count(out, s->fetched, "page", "pages");
	buf_add(out, STR("<span class=\"trouble\">"));
	html_number(out, s->not_modified);
	buf_add(out, STR(" unchanged, "));
	html_number(out, s->failed);
	buf_add(out, STR(" failed, "));
	page_count(out, s->posts, "post", "posts");
	buf_add(out, STR("</span>"));
}

static void put_source(struct buf *out, const struct source_health *s)
{
	buf_add(out, STR("<tr><th scope=\"row\">"));
	html_hostile(out, s->source, NAME);
	buf_add(out, STR("</th><td data-label=\"State\">"));
	put_state(out, s);
	buf_add(out, STR("</td><td data-label=\"Last answer\" class=\"when\">"));
	html_time(out, s->last_success_at);
	buf_add(out, STR("<span class=\"trouble\">last try "));
	html_time(out, s->last_attempt_at);
	buf_add(out, STR("</span></td><td data-label=\"Lists\">"));
	put_pulse(out, s);
	buf_add(out, STR("</td><td data-label=\"What failed\">"));
	put_troubles(out, s);
	buf_add(out, STR("</td><td data-label=\"Read\">"));
	put_read(out, s);
	buf_add(out, STR("</td></tr>\n"));
}

/* Those that are not well come first; within each kind the order is that of the names. */
static void put_sources(struct buf *out, const struct index_page *p)
{
	buf_add(out, STR("<section aria-labelledby=\"sources\">\n<h2 id=\"sources\">Sources</h2>\n"));
	if (!p->n_sources) {
		buf_add(out, STR("<p class=\"empty\">No source has been read yet: run <code>watchdesk "
				 "crawl</code>.</p>\n</section>\n"));
		return;
	}
	buf_add(out,
		STR("<table class=\"cards sources\">\n<caption>Those that are not well first. What failed is every kind of "
		    "failure so far, with its latest case; gaps are those of the last seven days.</caption>\n<thead><tr><th "
		    "scope=\"col\">Source</th><th "
		    "scope=\"col\">State</th>"
		    "<th scope=\"col\">Last answer</th><th scope=\"col\">Lists</th><th scope=\"col\">What failed</th>"
		    "<th scope=\"col\">Read</th></tr></thead>\n"
		    "<tbody>\n"));
	for (int fine = 0; fine < 2; fine++)
		for (size_t i = 0; i < p->n_sources; i++)
			if (health_is_well(&p->sources[i]) == fine)
				put_source(out, &p->sources[i]);
	buf_add(out, STR("</tbody>\n</table>\n</section>\n"));
}

/* A copy of it outside shows later whether the chain was cut or written anew. */
static void put_anchor(struct buf *out, struct str anchor)
{
	if (!anchor.n)
		return;
	buf_add(out, STR("<section aria-labelledby=\"custody\">\n<h2 id=\"custody\">Custody</h2>\n<p>Node, number and hash of "
			 "the last "
			 "entry of the custody chain:</p>\n<p><code>"));
	html_text(out, anchor);
	buf_add(out,
		STR("</code></p>\n<p class=\"quiet\">A copy of this page, or of <code>anchor.txt</code> beside it, kept where "
		    "the desk "
		    "cannot change it proves later that nothing was removed or written anew: <code>watchdesk verify --anchor "
		    "anchor.txt</code>.</p>\n</section>\n"));
}

void page_index(struct buf *out, const struct index_page *p)
{
	AUTO(buf) title = BUF_INIT(LIMIT_PAGE);
	struct html_frame frame = { .manner = &p->manner, .now = p->now, .home = "index.html", .is_home = true };

	buf_printf(&title, "Findings - %.*s - watchdesk", STR_ARG(p->manner.organisation));
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>Findings at <span class=\"of\">"));
	html_hostile(out, p->manner.organisation, 80);
	buf_add(out, STR("</span></h1>\n"));
	put_lead(out, p);
	put_summary(out, p);
	put_findings(out, p);
	put_sources(out, p);
	put_anchor(out, p->anchor);
	html_close(out, &p->manner);
}
