/* page_pieces.c - what the pages have in common */
#include "web/page.h"

#include "base/clock.h"
#include "classify/severity.h"
#include "web/html.h"

enum { NAME = 120 }; /* characters shown of a text from outside */

void page_severity(struct buf *out, int severity)
{
	const char *name = severity_name(severity);

	buf_printf(out, "<span class=\"chip %s\">%s <b>%d</b></span>", name, name, severity);
}

/* Characters of an RFC 3339 time that a precision vouches for. */
static int shown_of(int precision)
{
	static const int shown[] = { 0, 4, 10, 16, 19 };

	return precision > 0 && precision < 5 ? shown[precision] : 0;
}

void page_posted(struct buf *out, const struct finding *f)
{
	int shown = shown_of(f->posted_precision);
	char at[CLOCK_TEXT];

	if (!shown) {
		buf_add(out, STR("<span class=\"quiet\">not given</span>"));
		return;
	}
	clock_rfc3339(f->posted_at, at);
	buf_printf(out, "<time datetime=\"%.*s%s\">%.*s", shown, at, shown > 10 ? "Z" : "", shown < 10 ? shown : 10, at);
	if (shown > 10)
		buf_printf(out, "&nbsp;%.*s", shown - 11, at + 11);
	buf_add(out, STR("</time>"));
	if (shown > 10 && !f->posted_zone_known)
		buf_add(out, STR(" <span class=\"quiet\">zone assumed</span>"));
}

void page_title(struct buf *out, const struct finding *f, size_t most)
{
	if (str_trim(f->title).n)
		html_hostile(out, f->title, most);
	else if (f->url.n)
		html_url(out, str_slice(f->url, 0, most));
	else
		buf_add(out, STR("Untitled post"));
}

void page_count(struct buf *out, int64_t n, const char *one, const char *many)
{
	html_number(out, n);
	buf_printf(out, " %s", n == 1 ? one : many);
}

/* A heading, and how many it stands over; 0 for no number. */
static void put_heading(struct buf *out, const char *id, const char *text, size_t n)
{
	buf_printf(out, "<h2 id=\"%s\">%s", id, text);
	if (n) {
		buf_add(out, STR(" <span class=\"of\">"));
		html_number(out, (int64_t)n);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</h2>\n"));
}

void page_section(struct buf *out, const char *id, const char *text, size_t n)
{
	buf_printf(out, "<section aria-labelledby=\"%s\">\n", id);
	put_heading(out, id, text, n);
}

void page_fact_open(struct buf *out, const char *name)
{
	buf_printf(out, "<div><dt>%s</dt><dd>", name);
}

void page_fact_close(struct buf *out)
{
	buf_add(out, STR("</dd></div>\n"));
}

void page_fact_text(struct buf *out, const char *name, struct str value)
{
	if (!value.n)
		return;
	page_fact_open(out, name);
	html_hostile(out, value, NAME);
	page_fact_close(out);
}

void page_fact_time(struct buf *out, const char *name, int64_t at)
{
	page_fact_open(out, name);
	html_time(out, at);
	page_fact_close(out);
}

void page_custody(struct buf *out, const struct custody_row *rows, size_t n)
{
	if (!n)
		return;
	page_section(out, "custody", "Custody", n);
	buf_add(out, STR("<table class=\"cards\">\n<caption>Entries of the custody chain about this "
			 "finding.</caption>\n<thead><tr><th "
			 "scope=\"col\">Entry</th><th scope=\"col\">Act</th><th scope=\"col\">Operator</th><th "
			 "scope=\"col\">When</th>"
			 "</tr></thead>\n<tbody>\n"));
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &rows[i].entry;

		buf_printf(out, "<tr><th scope=\"row\">%lld</th><td data-label=\"Act\">", (long long)e->sequence);
		html_text(out, e->act);
		buf_add(out, STR("</td><td data-label=\"Operator\">"));
		html_hostile(out, e->operator_name, NAME);
		buf_add(out, STR("</td><td data-label=\"When\" class=\"when\">"));
		html_time(out, e->at);
		buf_add(out, STR("</td></tr>\n"));
	}
	buf_add(out, STR("</tbody>\n</table>\n</section>\n"));
}
