/* extract_links.c - the addresses that a page leads to: which were there before, and what they make of a source's templates */
#include "crawler/extract/extract_inner.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "crawler/url.h"

enum { KEYS = 16384 }; /* slots, more than twice LIMIT_LINKS and a power of two */

/* The value of the first parameter of a query. */
static struct str first_value(struct str query)
{
	struct str pair = { 0 };
	ssize_t equals;

	str_split(&query, '&', &pair);
	equals = str_find(pair, STR("="));
	return equals >= 0 ? str_slice(pair, (size_t)equals + 1, pair.n) : pair;
}

/* The last segment of a path; where that is a script with a query ("show.php?id=7"), the first parameter's value. */
static struct str last_segment(struct str path)
{
	ssize_t at = str_find(path, STR("?"));
	struct str query = at >= 0 ? str_slice(path, (size_t)at + 1, path.n) : (struct str){ 0 };
	size_t start;

	path = at >= 0 ? str_slice(path, 0, (size_t)at) : path;
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	for (start = path.n; start > 0 && path.p[start - 1] != '/';)
		start--;
	path = str_slice(path, start, path.n);
	if (query.n && (path.n == 0 || str_find(path, STR(".")) >= 0) && first_value(query).n)
		return first_value(query);
	return path;
}

/* Put `by` wherever the template says `what`. */
static struct str filled(struct arena *a, struct str template, struct str what, struct str by)
{
	ssize_t at = str_find(template, what);

	if (at < 0)
		return template;
	return arena_printf(a, "%.*s%.*s%.*s", (int)at, template.p, STR_ARG(by),
			    STR_ARG(str_slice(template, (size_t)at + what.n, template.n)));
}

struct str extract_raw_address(struct arena *a, const struct source *s, const struct url *link)
{
	struct str address = filled(a, s->raw.text, STR("{href}"), link->href);

	return filled(a, address, STR("{key}"), last_segment(link->path));
}

/* The other way round: what stood for {key} or {href} in the address of a raw text. Empty when it does not fit. */
static struct str template_key(struct arena *a, struct str template, struct str address)
{
	ssize_t at = str_find(template, STR("{key}"));
	bool href = at < 0;
	struct str before, behind;
	struct url url;

	if (href)
		at = str_find(template, STR("{href}"));
	if (at < 0)
		return (struct str){ 0 };
	before = str_slice(template, 0, (size_t)at);
	behind = str_slice(template, (size_t)at + (href ? 6 : 5), template.n);
	if (address.n <= before.n + behind.n || !str_starts(address, before) || !str_ends(address, behind))
		return (struct str){ 0 };
	address = str_slice(address, before.n, address.n - behind.n);
	if (!href)
		return str_find(address, STR("/")) < 0 ? address : (struct str){ 0 };
	return url_parse(a, address, (struct str){ 0 }, &url, NULL) == 0 ? last_segment(url.path) : (struct str){ 0 };
}

/* Of a file the whole address, since a source may list two of one name. */
struct str extract_raw_key(struct work *w)
{
	bool file = w->r->kind == PAGE_FILE;
	struct str key = file ? (struct str){ 0 } : template_key(w->a, w->s->raw.text, w->r->url);
	struct url url;

	if (key.n == 0 && url_parse(w->a, w->r->url, (struct str){ 0 }, &url, NULL) == 0)
		key = file ? url.key : last_segment(url.path);
	key = text_squeezed(w->a, key, LIMIT_FIELD);
	return key.n ? key : extract_digest(w->a, w->r->url, (struct str){ 0 });
}

/* Was this address taken before? It is from now on. */
static bool seen(struct work *w, struct str key)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	size_t slot;

	if (!w->keys)
		w->keys = arena_alloc(w->a, KEYS * sizeof(*w->keys));
	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	for (slot = hash >> 20 & (KEYS - 1); w->keys[slot].p; slot = (slot + 1) & (KEYS - 1))
		if (str_eq(w->keys[slot], key))
			return true;
	w->keys[slot] = key;
	return false;
}

/* A page does not lead to itself. */
void extract_see_self(struct work *w)
{
	struct url self;

	if (url_parse(w->a, w->r->url, (struct str){ 0 }, &self, NULL) == 0)
		seen(w, self.key);
}

/* On one line; what is longer than it needs to be only has to differ. */
static struct str activity_of(struct work *w, struct str value)
{
	struct str line = text_squeezed(w->a, value, LIMIT_TEXT);

	return line.n <= LIMIT_FIELD ? line : extract_digest(w->a, line, (struct str){ 0 });
}

/* Add an address to follow; false when it is none, was there, or the page has had its share. */
bool extract_follow(struct work *w, enum page_kind kind, struct found_link link)
{
	struct next_page *next;
	struct url url;

	if (w->out->n_next >= LIMIT_LINKS || url_parse(w->a, link.href, w->base, &url, NULL) < 0 || seen(w, url.key))
		return false;
	next = arena_push(w->a, &w->out->next, &w->out->n_next, sizeof(*next));
	*next = (struct next_page){ kind, url.href, link.title, activity_of(w, link.activity) };
	return true;
}

/* A link from a listing or a feed to what the source reads posts from. */
bool extract_follow_post(struct work *w, struct found_link link)
{
	struct url url;

	if (w->s->post.item.text.n)
		return extract_follow(w, PAGE_THREAD, link);
	if (url_parse(w->a, link.href, w->base, &url, NULL) < 0)
		return false;
	link.href = extract_raw_address(w->a, w->s, &url);
	return extract_follow(w, PAGE_RAW, link);
}
