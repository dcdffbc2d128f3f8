/* shallow.c - keep HTML from nesting without end */
#include "crawler/extract/shallow.h"

#include <string.h>

#include "base/limits.h"

enum { ATTRIBUTES = 256 }; /* of one tag; pages have under twenty */

struct walk {
	struct arena *a;
	struct str html;
	char *copy; /* NULL until something is blanked */
	size_t depth, dropped;
	bool foreign; /* inside SVG or MathML everything nests */
};

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_eq_nocase(name, str_of(*names)))
			return true;
	return false;
}

/* Never open, or closed by the next of their kind. */
static bool never_nests(struct str name)
{
	static const char *const names[] = { "a",	 "area",     "base",  "br",	"col",	 "dd",	 "dt",	 "embed",
					     "hr",	 "img",	     "input", "keygen", "li",	 "link", "meta", "option",
					     "optgroup", "p",	     "param", "source", "track", "wbr",	 "tr",	 "td",
					     "th",	 "tbody",    "thead", "tfoot",	"html",	 "head", "body", "rp",
					     "rt",	 "colgroup", "frame", NULL };

	return is_one_of(name, names);
}

/* Elements whose content is text until their own end tag. */
static bool is_raw(struct str name)
{
	static const char *const names[] = { "script", "style",	  "textarea", "title", "xmp",
					     "iframe", "noembed", "noframes", NULL };

	return is_one_of(name, names);
}

static void blank(struct walk *w, size_t start, size_t end)
{
	if (start >= end)
		return;
	if (!w->copy)
		w->copy = (char *)(uintptr_t)arena_copy(w->a, w->html).p;
	memset(w->copy + start, ' ', end - start);
}

/*
 * Where a tag ends: behind the next > outside quotes, but a quote left open counts for nothing. Attributes beyond a share
 * are blanked: each is compared with all before it.
 */
static size_t tag_end(struct walk *w, size_t i)
{
	struct str html = w->html;
	const char *close = i < html.n ? memchr(html.p + i, '>', html.n - i) : NULL;
	size_t separators = 0, surplus = html.n, end;
	char quote = 0, before = 0; /* the last character that is no white space */

	if (!close) { /* a tag that the page's end cuts off is none */
		blank(w, i, html.n);
		return html.n;
	}
	end = (size_t)(close - html.p) + 1;
	for (size_t j = i; j < html.n; j++) {
		char c = html.p[j];

		if (!quote && c == '>') {
			end = j + 1;
			break;
		}
		if (quote ? c == quote : ascii_is_space(c) || c == '/')
			separators++;
		if (separators > ATTRIBUTES && surplus == html.n)
			surplus = j + 1;
		if (quote)
			quote = c == quote ? 0 : quote;
		else if ((c == '"' || c == '\'') && before == '=')
			quote = c;
		before = ascii_is_space(c) ? before : c;
	}
	if (surplus < end - 1)
		blank(w, surplus, end - 1);
	return end;
}

/* Behind the text of a raw element: at its end tag, or at the end of the page. */
static size_t raw_end(struct str html, size_t i, struct str name)
{
	while (i < html.n) {
		const char *at = memchr(html.p + i, '<', html.n - i);

		if (!at)
			return html.n;
		i = (size_t)(at - html.p);
		if (i + 1 < html.n && html.p[i + 1] == '/' && str_eq_nocase(str_slice(html, i + 2, i + 2 + name.n), name))
			return i;
		i++;
	}
	return i;
}

static size_t start_tag(struct walk *w, size_t start, struct str name)
{
	size_t end = tag_end(w, start + 1 + name.n);

	if (is_raw(name) && !w->foreign)
		return raw_end(w->html, end, name);
	if (str_eq_nocase(name, STR("svg")) || str_eq_nocase(name, STR("math")))
		w->foreign = true;
	else if (!w->foreign && never_nests(name))
		return end;
	if (end >= 2 && w->html.p[end - 2] == '/' && w->foreign)
		return end;
	if (w->depth < LIMIT_DEPTH) {
		w->depth++;
	} else {
		w->dropped++;
		blank(w, start, end);
	}
	return end;
}

static size_t end_tag(struct walk *w, size_t start, struct str name)
{
	size_t end = tag_end(w, start + 2 + name.n);

	if ((!w->foreign && never_nests(name)) || is_raw(name))
		return end;
	if (w->dropped > 0) {
		w->dropped--;
		blank(w, start, end);
	} else if (w->depth > 0) {
		w->depth--;
	}
	return end;
}

static size_t comment_end(struct str html, size_t start)
{
	ssize_t at = str_find(str_slice(html, start + 4, html.n), STR("-->"));

	return at >= 0 ? start + 4 + (size_t)at + 3 : html.n;
}

static struct str name_at(struct str html, size_t i)
{
	size_t n = i;

	while (n < html.n && !ascii_is_space(html.p[n]) && html.p[n] != '>' && html.p[n] != '/')
		n++;
	return str_slice(html, i, n);
}

/* One tag or comment at `i`; where to go on. */
static size_t markup(struct walk *w, size_t i)
{
	struct str rest = str_slice(w->html, i, w->html.n);

	if (str_starts(rest, STR("<!--")))
		return comment_end(w->html, i);
	if (rest.n > 2 && rest.p[1] == '/' && ascii_is_alpha(rest.p[2]))
		return end_tag(w, i, name_at(w->html, i + 2));
	if (rest.n > 1 && ascii_is_alpha(rest.p[1]))
		return start_tag(w, i, name_at(w->html, i + 1));
	return i + 1;
}

struct str shallow_html(struct arena *a, struct str html)
{
	struct walk w = { .a = a, .html = html };
	size_t i = 0;

	while (i < html.n) {
		const char *at = memchr(html.p + i, '<', html.n - i);

		if (!at)
			break;
		i = markup(&w, (size_t)(at - html.p));
	}
	return w.copy ? (struct str){ w.copy, html.n } : html;
}
