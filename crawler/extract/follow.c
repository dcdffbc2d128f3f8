/* follow.c - the texts elsewhere that a post links to */
#include "crawler/extract/follow.h"

#include <string.h>

#include "crawler/extract/extract_inner.h"
#include "crawler/url.h"

enum { SEGMENTS = 3 }; /* of a path to a text; more lead to something else */

/* "https://" and "paste.example.net:8080" of the address of a source's texts. */
struct place {
	struct str scheme, authority;
};

static struct place place_of(const struct source *s)
{
	struct str raw = s->raw.text, rest;
	ssize_t at = str_find(raw, STR("://"));
	struct place p = { 0 };

	if (at < 0)
		return p;
	p.scheme = str_slice(raw, 0, (size_t)at + 3);
	rest = str_slice(raw, (size_t)at + 3, raw.n);
	str_split(&rest, '/', &p.authority);
	if (str_starts(p.authority, STR("www.")))
		p.authority = str_slice(p.authority, 4, p.authority.n);
	return p;
}

static bool is_of_a_name(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '_' || c == '.' || c == '@';
}

/* Is the place at `at` a host of its own, perhaps with "www.", and not the end of another's name? */
static bool stands_alone(struct str text, size_t at)
{
	if (at >= 4 && str_eq_nocase(str_slice(text, at - 4, at), STR("www.")))
		at -= 4;
	return at == 0 || !is_of_a_name(text.p[at - 1]);
}

/* The path that begins at `start` with '/': up to where an address ends in running text. */
static struct str path_at(struct str text, size_t start)
{
	size_t end = start;

	while (end < text.n && (unsigned char)text.p[end] > ' ' && !strchr("<>\"'`)]}|,;\\^{", text.p[end]))
		end++;
	while (end > start && strchr(".!?:/", text.p[end - 1]))
		end--;
	return str_slice(text, start, end);
}

static size_t segments(struct str path)
{
	size_t n = 0;

	for (size_t i = 0; i < path.n; i++)
		n += path.p[i] == '/';
	return n;
}

static bool has(const struct followed *all, size_t n, const struct followed *one)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].source == one->source && str_eq(all[i].key, one->key))
			return true;
	return false;
}

/* What is linked at `path` of a place, as the source reads it: false when that is no address. */
static bool target_of(const struct source *s, const struct place *place, struct str path, struct arena *a, struct followed *out)
{
	struct str link = arena_printf(a, "%.*s%.*s%.*s", STR_ARG(place->scheme), STR_ARG(place->authority), STR_ARG(path));
	struct url url;

	if (path.n < 2 || segments(path) > SEGMENTS || url_parse(a, link, (struct str){ 0 }, &url, NULL) < 0 ||
	    url_parse(a, extract_raw_address(a, s, &url), (struct str){ 0 }, &url, NULL) < 0)
		return false;
	out->url = url.href;
	out->key = url.key;
	return true;
}

size_t follow_links(const struct source *sources, size_t n, struct str text, struct arena *a, struct followed *out, size_t max)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		struct place place = sources[i].followed ? place_of(&sources[i]) : (struct place){ 0 };
		ssize_t at = 0;

		for (size_t from = 0; place.authority.n && found < max; from += (size_t)at + place.authority.n) {
			struct followed one = { .source = (int64_t)i };
			size_t behind;

			at = str_find_nocase(str_slice(text, from, text.n), place.authority);
			if (at < 0)
				break;
			behind = from + (size_t)at + place.authority.n;
			if (behind < text.n && text.p[behind] == '/' && stands_alone(text, from + (size_t)at) &&
			    target_of(&sources[i], &place, path_at(text, behind), a, &one) && !has(out, found, &one))
				out[found++] = one;
		}
	}
	return found;
}
