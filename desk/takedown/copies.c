/* copies.c - where copies of a page may outlive it */
#include "desk/takedown/copies.h"

#include "base/buf.h"
#include "base/limits.h"

/*
 * {url} is the address as it is, {query} the same escaped for a query. Of these archives some only keep what somebody asked
 * them to. Search engines have no cached pages any more (Google since February, Bing since December 2024), but excerpts.
 */
static const struct {
	const char *name, *url, *card;
	bool search;
} places[] = {
	{ "Wayback Machine", "https://web.archive.org/web/*/{url}", "internet-archive", false },
	{ "archive.today", "https://archive.ph/{url}", "", false },
	{ "Arquivo.pt", "https://arquivo.pt/wayback/timemap/link/{url}", "", false },
	{ "Ghostarchive", "https://ghostarchive.org/search?term={query}", "", false },
	{ "Megalodon", "https://megalodon.jp/?url={query}", "", false },
	{ "Google", "https://www.google.com/search?q=%22{query}%22", "google-search", true },
	{ "Bing", "https://www.bing.com/search?q=%22{query}%22", "bing", true },
	{ "DuckDuckGo", "https://duckduckgo.com/?q=%22{query}%22", "duckduckgo", true },
	{ "Yandex", "https://yandex.com/search/?text=%22{query}%22", "", true },
};

/* RFC 3986 2.3: all but unreserved characters. */
static struct str escaped(struct arena *a, struct str s)
{
	AUTO(buf) out = BUF_INIT(3 * LIMIT_URL);

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '.' || s.p[i] == '_' || s.p[i] == '~')
			buf_add_char(&out, s.p[i]);
		else
			buf_printf(&out, "%%%02X", (unsigned char)s.p[i]);
	return arena_copy(a, buf_str(&out));
}

static struct str filled(struct arena *a, struct str template, struct str mark, struct str value)
{
	ssize_t at = str_find(template, mark);

	if (at < 0)
		return template;
	return arena_printf(a, "%.*s%.*s%.*s", (int)at, template.p, STR_ARG(value),
			    STR_ARG(str_slice(template, (size_t)at + mark.n, template.n)));
}

void takedown_copies(struct str url, struct arena *a, struct takedown_copy **rows, size_t *n)
{
	const struct str query = escaped(a, url);

	*n = sizeof(places) / sizeof(places[0]);
	*rows = arena_alloc(a, *n * sizeof(**rows));
	for (size_t i = 0; i < *n; i++)
		(*rows)[i] = (struct takedown_copy){
			.name = str_of(places[i].name),
			.url = filled(a, filled(a, str_of(places[i].url), STR("{query}"), query), STR("{url}"), url),
			.card = str_of(places[i].card),
			.search = places[i].search,
		};
}
