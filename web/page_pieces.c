/* page_pieces.c - what the pages have in common */
#include "web/page.h"

#include "base/clock.h"
#include "classify/severity.h"
#include "web/html.h"

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
