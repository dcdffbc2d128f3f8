/* guess.c - which links of a page are its list? */
#include "crawler/extract/guess.h"

#include <string.h>

#include "base/limits.h"
#include "crawler/url.h"

enum { AROUND = 3 }; /* elements around a link that have to be the same */

/* Links that stand and lead alike. */
struct group {
	struct str around, form; /* "ul/li/h3"; "/show.php?id", with a star for what differs */
	struct str prefix;	 /* what the addresses, as they are written, begin with */
	struct str first, last;	 /* resolved; `last`: two links to one address stand side by side */
	size_t n;
	bool listed; /* in a list or a table */
};

struct guessing {
	struct arena *a;
	struct str base, host;
	struct group *groups;
	size_t n;
};

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

/* A step of an XPath: pages invent elements whose names cannot stand there. */
static struct str step_of(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_alnum(name.p[i]) || ascii_is_digit(name.p[0]))
			return STR("*");
	return name;
}

/* The names of the elements around a link, the outermost first. False where pages keep their menus. */
static bool look_around(struct guessing *g, const struct _xmlNode *link, struct str *around, bool *listed)
{
	static const char *const menus[] = { "nav", "header", "footer", "aside", NULL };
	static const char *const lists[] = { "li", "td", "th", "dt", "dd", "article", NULL };
	const struct _xmlNode *node = tree_parent(link);
	struct str names = { 0 };

	*listed = false;
	for (int i = 0; node; i++, node = tree_parent(node)) {
		struct str name = tree_name(node);

		if (is_one_of(name, menus))
			return false;
		if (i >= AROUND)
			continue;
		*listed |= is_one_of(name, lists);
		names = names.n ? arena_printf(g->a, "%.*s/%.*s", STR_ARG(step_of(name)), STR_ARG(names)) : step_of(name);
	}
	*around = names;
	return names.n > 0;
}

/* The first segment of a path and a star for each further one; of a script with a query its path and its parameters. */
static struct str form_of(struct arena *a, struct str path)
{
	ssize_t query = str_find(path, STR("?"));
	struct str rest = query < 0 ? path : str_slice(path, (size_t)query + 1, path.n), piece = { 0 };
	struct str form = query < 0 ? (struct str){ 0 } : str_slice(path, 0, (size_t)query);

	while (form.n < LIMIT_FIELD && str_split(&rest, query < 0 ? '/' : '&', &piece)) {
		ssize_t equals = str_find(piece, STR("="));

		if (query >= 0)
			form = arena_printf(a, "%.*s?%.*s", STR_ARG(form), (int)(equals < 0 ? (ssize_t)piece.n : equals),
					    piece.p);
		else if (piece.n)
			form = arena_printf(a, "%.*s/%.*s", STR_ARG(form), form.n || !rest.n ? 1 : (int)piece.n,
					    form.n || !rest.n ? "*" : piece.p);
	}
	return form;
}

static struct group *group_of(struct guessing *g, struct str around, struct str form)
{
	struct group *fresh;

	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->groups[i].form, form) && str_eq(g->groups[i].around, around))
			return &g->groups[i];
	if (g->n >= LIMIT_FORMS)
		return NULL;
	fresh = arena_push(g->a, &g->groups, &g->n, sizeof(*fresh));
	fresh->around = around;
	fresh->form = form;
	return fresh;
}

static struct str common(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return str_slice(a, 0, n);
}

static void take_link(struct guessing *g, const struct _xmlNode *link)
{
	struct str href, around, form;
	struct group *group;
	struct url url;
	bool listed;

	if (!str_eq(tree_name(link), STR("a")) || !tree_get(link, "href", &href) || href.n > LIMIT_FIELD ||
	    url_parse(g->a, href, g->base, &url, NULL) < 0 || !str_eq(url.host, g->host) ||
	    !look_around(g, link, &around, &listed))
		return;
	form = form_of(g->a, url.path);
	group = group_of(g, around, form);
	if (!group || str_eq(group->last, url.key))
		return;
	group->listed = listed;
	group->prefix = group->n ? common(group->prefix, href) : href;
	group->first = group->n ? group->first : url.href;
	group->last = url.key;
	group->n++;
}

static size_t weight(const struct group *group)
{
	return group->n * (group->listed ? 2 : 1);
}

/* A text in an XPath 1.0, which knows no escape. */
static struct str quoted(struct arena *a, struct str s)
{
	char quote = memchr(s.p, '\'', s.n) ? '"' : '\'';

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == quote || (unsigned char)s.p[i] < 0x20)
			s.n = i;
	return arena_printf(a, "%c%.*s%c", quote, STR_ARG(s), quote);
}

void guess_links(const struct _xmlDoc *doc, struct str base, struct arena *a, struct guess *out)
{
	struct guessing g = { .a = a, .base = base };
	const struct _xmlNode *root = tree_root(doc);
	const struct group *best = NULL;
	struct url own;
	size_t links = 0;

	*out = (struct guess){ 0 };
	if (url_parse(a, base, (struct str){ 0 }, &own, NULL) < 0)
		return;
	g.host = own.host;
	for (const struct _xmlNode *node = root; node && links < LIMIT_LINKS; node = tree_next(node, root)) {
		links += str_eq(tree_name(node), STR("a"));
		take_link(&g, node);
	}
	for (size_t i = 0; i < g.n; i++)
		if (g.groups[i].n >= LIMIT_ALIKE && (!best || weight(&g.groups[i]) > weight(best)))
			best = &g.groups[i];
	if (!best)
		return;
	out->n = best->n;
	out->first = best->first;
	out->links = arena_printf(a, "//%.*s/a[starts-with(@href, %.*s)]/@href", STR_ARG(best->around),
				  STR_ARG(quoted(a, best->prefix)));
}
