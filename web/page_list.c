/* page_list.c - findings as a table, and the lists of all of them */
#include "base/limits.h"
#include "store/quoted.h"
#include "web/html.h"
#include "web/page.h"

enum { TITLE = 160, NAME = 60 }; /* characters shown of a text from outside */

static void put_name(struct buf *out, const char *column, struct str name, const char *absent)
{
	buf_printf(out, "<td data-label=\"%s\">", column);
	if (name.n)
		html_hostile(out, name, NAME);
	else
		buf_printf(out, "<span class=\"quiet\">%s</span>", absent);
	buf_add(out, STR("</td>"));
}

static void put_title(struct buf *out, const struct page_manner *m, const struct finding *f, const char *below)
{
	buf_printf(out, "<th scope=\"row\"><a href=\"%sfinding/", below);
	html_plain(out, f->public_id);
	buf_add(out, STR(".html\">"));
	page_title(out, m, f, TITLE);
	buf_add(out, STR("</a>"));
	if (f->reports)
		buf_add(out, STR(" <span class=\"chip verdict\">" QUOTED_TOLD "</span>"));
	if (f->verdict.n && !str_eq(f->verdict, STR("none"))) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		html_text(out, f->verdict);
		buf_add(out, STR("</span>"));
	}
	if (f->author.n) {
		buf_add(out, STR("<span class=\"by\">by "));
		html_hostile(out, f->author, NAME);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</th>"));
}

static void put_finding(struct buf *out, const struct page_manner *m, const struct finding *its, const char *below)
{
	const struct finding seen = audience_finding(m->audience, its), *f = &seen;

	buf_add(out, STR("<tr><td data-label=\"Severity\">"));
	page_severity(out, m, f->severity);
	buf_add(out, STR("</td>"));
	put_title(out, m, f, below);
	put_name(out, "Category", f->category, "none");
	put_name(out, "Asset", f->asset, "none named");
	if (audience_sees(m->audience, SEES_SOURCES))
		put_name(out, "Source", f->source, "unknown");
	buf_add(out, STR("<td data-label=\"Posted\" class=\"when\">"));
	page_posted(out, m, f);
	buf_add(out, STR("</td><td data-label=\"Found\" class=\"when\">"));
	html_time(out, f->found_at);
	buf_add(out, STR("</td></tr>\n"));
}

void page_findings(struct buf *out, const struct page_manner *m, const char *caption, const struct finding *findings, size_t n,
		   const char *below)
{
	buf_printf(out,
		   "<table class=\"cards findings sorts\">\n<caption>%s</caption>\n<thead><tr><th scope=\"col\">Severity</th>"
		   "<th scope=\"col\">Finding</th><th scope=\"col\">Category</th><th scope=\"col\">Asset</th>"
		   "%s<th scope=\"col\">Posted</th><th scope=\"col\">Found</th></tr></thead>\n"
		   "<tbody>\n",
		   caption, audience_sees(m->audience, SEES_SOURCES) ? "<th scope=\"col\">Source</th>" : "");
	for (size_t i = 0; i < n; i++)
		put_finding(out, m, &findings[i], below);
	buf_add(out, STR("</tbody>\n</table>\n"));
}

static void put_link(struct buf *out, const struct list_page *p, int64_t number, const char *rel, enum word word)
{
	if (number < 1 || number > p->place.lists)
		return;
	buf_printf(out, "<a rel=\"%s\" href=\"%lld.html\">", rel, (long long)number);
	say(out, p->manner.words, word);
	buf_add(out, STR("</a> "));
}

void page_list(struct buf *out, const struct list_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1)), order = BUF_INIT(KIB(1));
	const struct words *w = p->manner.words;
	struct html_frame frame = { .manner = &p->manner, .home = "../index.html" };

	words_put_n(&title, w, WORD_LIST_TITLE, p->place.number);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say_n(out, w, WORD_LIST_TITLE, p->place.number);
	buf_add(out, STR("</h1>\n"));
	say(&order, w, WORD_LIST_ORDER);
	buf_add_char(&order, '\0');
	if (p->n) {
		page_findings(out, &p->manner, order.p, p->findings, p->n, "../");
	} else {
		buf_add(out, STR("<p class=\"empty\">"));
		say(out, w, WORD_LIST_EMPTY);
		buf_add(out, STR("</p>\n"));
	}
	buf_add(out, STR("<nav aria-label=\"Lists\"><p>"));
	put_link(out, p, p->place.number + 1, "prev", WORD_LIST_NEWER);
	put_link(out, p, p->place.number - 1, "next", WORD_LIST_OLDER);
	buf_add(out, STR("</p></nav>\n"));
	html_close(out, &p->manner);
}
