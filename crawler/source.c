/* source.c - a site definition, read from configuration and from what ships */
#include "crawler/source.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "crawler/extract/xpath.h"
#include "crawler/url.h"

const char *const page_kind_names[PAGE_KINDS] = { "listing", "raw", "thread", "feed", "file" };

enum { NAME = 64 }; /* bytes of a source's name; it stands in file names and links */

static const char *const identities[] = { "open", "quiet", NULL };

/* A source while it is read: what is not a member of it. */
struct entry {
	struct source s;
	struct yaml_text use;
	const struct yaml *post;
	struct yaml_text place; /* where the entry begins */
};

#define FIELD(k, t, member)                                                   \
	{                                                                     \
		.key = k, .type = t, .offset = offsetof(struct entry, member) \
	}

static const struct yaml_field entry_fields[] = {
	FIELD("name", YAML_TEXT, s.name),
	FIELD("use", YAML_TEXT, use),
	FIELD("url", YAML_TEXT, s.url),
	FIELD("listing", YAML_TEXT, s.listing),
	FIELD("feed", YAML_TEXT, s.feed),
	FIELD("files", YAML_TEXTS, s.files),
	FIELD("links", YAML_TEXT, s.links),
	FIELD("next", YAML_TEXT, s.next),
	FIELD("raw", YAML_TEXT, s.raw),
	FIELD("post", YAML_MAP, post),
	FIELD("soft_404", YAML_TEXTS, s.soft_404),
	FIELD("every", YAML_DURATION, s.every_ms),
	FIELD("pace", YAML_DURATION, s.pace_ms),
	{ .key = "pages", .type = YAML_INT, .offset = offsetof(struct entry, s.pages), .least = 1, .most = 1000 },
	{ .key = "identity", .type = YAML_CHOICE, .offset = offsetof(struct entry, s.identity), .choices = identities },
	FIELD("user_agent", YAML_TEXT, s.user_agent),
	FIELD("allow_private", YAML_BOOL, s.allow_private),
	FIELD("ignore_robots", YAML_TEXT, s.ignore_robots),
	FIELD("operator", YAML_TEXT, s.operator_name),
	FIELD("enabled", YAML_BOOL, s.enabled),
	{ .key = NULL },
};

#define POST_FIELD(k, member)                                                               \
	{                                                                                   \
		.key = k, .type = YAML_TEXT, .offset = offsetof(struct source_post, member) \
	}

static const struct yaml_field post_fields[] = {
	POST_FIELD("item", item), POST_FIELD("key", key),   POST_FIELD("author", author), POST_FIELD("title", title),
	POST_FIELD("date", date), POST_FIELD("text", text), POST_FIELD("url", url),	  { .key = NULL },
};

/* What all entries of a list share. */
struct reading {
	const char *folder;
	struct arena *a;
	struct err *err;
};

static bool given(struct yaml_text t)
{
	return t.text.n > 0;
}

static int map_read(struct reading *r, const struct yaml *map, struct entry *e)
{
	int result = yaml_read(map, entry_fields, e, r->a, r->err);

	if (result == 0 && e->post)
		result = yaml_read(e->post, post_fields, &e->s.post, r->a, r->err);
	e->post = NULL;
	return result;
}

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'z') && !strchr("._-", name.p[i]))
			return false;
	return name.n > 0 && name.n <= NAME && name.p[0] != '.';
}

static int name_check(struct reading *r, struct yaml_text name, const char *key)
{
	if (is_name(name.text))
		return 0;
	return yaml_wrong(r->err, name, "%s is \"%.*s\", expected 1 to %d of a-z, 0-9, dot, underscore and hyphen", key,
			  (int)(name.text.n < 80 ? name.text.n : 80), name.text.p, NAME);
}

/* The text of NAME.yaml: from the folder when it is there, else what ships. 1 found, 0 unknown. */
static int definition_find(struct reading *r, struct str name, struct str *text, const char **file)
{
	struct str path = arena_printf(r->a, "crawler/sources/%.*s.yaml", STR_ARG(name));
	const struct embed *shipped = embed_find(path.p);
	AUTO(buf) own = BUF_INIT(LIMIT_CONFIG);

	if (r->folder) {
		struct str own_path = arena_printf(r->a, "%s/%.*s.yaml", r->folder, STR_ARG(name));

		if (file_read(own_path.p, &own, NULL) == 0) {
			*text = arena_copy(r->a, buf_str(&own));
			*file = own_path.p;
			return 1;
		}
	}
	if (!shipped)
		return 0;
	*text = shipped->content;
	*file = path.p;
	return 1;
}

static int use_unknown(struct reading *r, struct yaml_text use)
{
	AUTO(buf) known = BUF_INIT(200);
	const struct embed *shipped;

	for (size_t i = 0; (shipped = embed_below("crawler/sources/", i)); i++) {
		const char *name = strrchr(shipped->path, '/') + 1;

		buf_printf(&known, "%s%.*s", i ? ", " : "", (int)strcspn(name, "."), name);
	}
	return yaml_wrong(r->err, use, "no source is called %.*s, expected one of: %s%s", STR_ARG(use.text),
			  known.p ? known.p : "none", r->folder ? ", or one of your own folder" : "");
}

/* Begin `e` from the definition that the entry names. */
static int use_read(struct reading *r, struct yaml_text use, struct entry *e)
{
	const struct yaml *map;
	const char *file;
	struct str text;
	int result = name_check(r, use, "use");

	if (result < 0)
		return result;
	if (!definition_find(r, use.text, &text, &file))
		return use_unknown(r, use);
	map = yaml_parse(r->a, text, file, r->err);
	if (!map)
		return E_USAGE;
	result = map_read(r, map, e);
	if (result == 0 && given(e->use))
		return yaml_wrong(r->err, e->use, "a definition uses another, expected one that stands alone");
	e->s.name = use;
	return result;
}

static struct str replaced(struct arena *a, struct str s, struct str what, struct str by)
{
	ssize_t at = str_find(s, what);

	if (at < 0)
		return s;
	return arena_printf(a, "%.*s%.*s%.*s", (int)at, s.p, STR_ARG(by), STR_ARG(str_slice(s, (size_t)at + what.n, s.n)));
}

/* Put the source's url where an address says {url}. */
static int address_expand(struct reading *r, const struct entry *e, struct yaml_text *address)
{
	struct str base = e->s.url.text;

	if (str_find(address->text, STR("{url}")) < 0)
		return 0;
	if (base.n == 0)
		return yaml_wrong(r->err, e->place, "url is missing, expected the address of the site (%.*s asks for it)",
				  STR_ARG(address->text));
	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	address->text = replaced(r->a, address->text, STR("{url}"), base);
	return 0;
}

static int address_check(struct reading *r, const struct entry *e, const char *key, struct yaml_text *address)
{
	struct str filled;
	struct err why = { 0 };
	struct url url;

	if (!given(*address))
		return 0;
	if (address_expand(r, e, address) < 0)
		return E_USAGE;
	filled = replaced(r->a, address->text, STR("{href}"), STR("https://example.com/x"));
	filled = replaced(r->a, filled, STR("{key}"), STR("x"));
	if (url_parse(r->a, filled, (struct str){ 0 }, &url, &why) < 0)
		return yaml_wrong(r->err, *address, "%s is no address (%.150s), expected http:// or https://", key, why.text);
	return 0;
}

static int xpath_field(struct reading *r, const char *key, struct yaml_text expression)
{
	struct err why = { 0 };

	if (!given(expression) || xpath_check(expression.text, &why) == 0)
		return 0;
	return yaml_wrong(r->err, expression, "%s: %.250s, expected an XPath 1.0", key, why.text);
}

static int addresses_check(struct reading *r, struct entry *e)
{
	int result = address_check(r, e, "url", &e->s.url);

	result = result < 0 ? result : address_check(r, e, "listing", &e->s.listing);
	result = result < 0 ? result : address_check(r, e, "feed", &e->s.feed);
	result = result < 0 ? result : address_check(r, e, "raw", &e->s.raw);
	for (size_t i = 0; result == 0 && i < e->s.files.n; i++)
		result = address_check(r, e, "files", &e->s.files.items[i]);
	return result;
}

static int xpaths_check(struct reading *r, const struct source *s)
{
	const struct {
		const char *key;
		struct yaml_text expression;
	} rows[] = {
		{ "links", s->links },
		{ "next", s->next },
		{ "post.item", s->post.item },
		{ "post.key", s->post.key },
		{ "post.author", s->post.author },
		{ "post.title", s->post.title },
		{ "post.date", s->post.date },
		{ "post.text", s->post.text },
		{ "post.url", s->post.url },
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		result = xpath_field(r, rows[i].key, rows[i].expression);
	for (size_t i = 0; result == 0 && i < s->soft_404.n; i++)
		result = xpath_field(r, "soft_404", s->soft_404.items[i]);
	return result;
}

/* What one field asks of another. */
static int whole_check(struct reading *r, const struct entry *e)
{
	const struct source *s = &e->s;

	if (!given(s->name))
		return yaml_wrong(r->err, e->place, "name is missing, expected a name for this source");
	if (!given(s->listing) && !given(s->feed) && s->files.n == 0)
		return yaml_wrong(r->err, e->place, "%.*s has no address to start from, expected listing, feed or files",
				  STR_ARG(s->name.text));
	if (given(s->listing) && !given(s->links))
		return yaml_wrong(r->err, s->listing, "a listing without links, expected an XPath to the posts' addresses");
	if (given(s->links) && !given(s->raw) && !given(s->post.item))
		return yaml_wrong(r->err, s->links,
				  "links lead nowhere, expected raw (the address of a text) or post (with item) beside them");
	if (given(s->post.text) && !given(s->post.item))
		return yaml_wrong(r->err, s->post.text, "post has no item, expected an XPath to each post's element");
	if (given(s->raw) && str_find(s->raw.text, STR("{key}")) < 0 && str_find(s->raw.text, STR("{href}")) < 0)
		return yaml_wrong(r->err, s->raw, "raw is the same for every post, expected {key} or {href} in it");
	if (given(s->ignore_robots) && !given(s->operator_name))
		return yaml_wrong(r->err, s->ignore_robots,
				  "robots.txt is overridden by nobody, expected operator: WHO DECIDED IT");
	if (s->every_ms <= 0)
		return yaml_wrong(r->err, e->place, "every is 0, expected a duration such as 30s or 5m");
	return name_check(r, s->name, "name");
}

static int entry_read(struct reading *r, const struct yaml *map, struct source *out)
{
	struct entry own = { 0 }, e = { .s = { .every_ms = 5 * 60 * 1000, .pace_ms = 1000, .pages = 1, .enabled = true } };
	int result = map_read(r, map, &own); /* first alone, for `use` */

	if (result == 0 && given(own.use))
		result = use_read(r, own.use, &e);
	if (result == 0)
		result = map_read(r, map, &e);
	e.place = yaml_place(map);
	result = result < 0 ? result : addresses_check(r, &e);
	result = result < 0 ? result : xpaths_check(r, &e.s);
	result = result < 0 ? result : whole_check(r, &e);
	if (result == 0)
		*out = e.s;
	return result;
}

int sources_read(const struct yaml *list, const char *folder, struct arena *a, struct source **sources, size_t *n,
		 struct err *err)
{
	struct reading r = { .folder = folder, .a = a, .err = err };
	size_t count = yaml_count(list);
	struct source *all = arena_alloc(a, count * sizeof(*all) + 1);

	if (!yaml_is_list(list))
		return yaml_wrong(err, yaml_place(list), "sources is not a list, expected lines that begin with `- `");
	for (size_t i = 0; i < count; i++) {
		if (entry_read(&r, yaml_item(list, i), &all[i]) < 0)
			return E_USAGE;
		for (size_t j = 0; j < i; j++)
			if (str_eq(all[j].name.text, all[i].name.text))
				return yaml_wrong(err, all[i].name,
						  "two sources are called %.*s, expected a name of its own for each "
						  "(the first is in line %d)",
						  STR_ARG(all[i].name.text), all[j].name.line);
	}
	*sources = all;
	*n = count;
	return 0;
}

int source_start(const struct source *s, size_t i, struct arena *a, struct source_start *out)
{
	struct source_start starts[2] = { 0 };
	size_t n = 0;

	if (given(s->listing))
		starts[n++] = (struct source_start){ PAGE_LISTING, s->listing.text };
	if (given(s->feed))
		starts[n++] = (struct source_start){ PAGE_FEED, s->feed.text };
	if (i >= n + s->files.n)
		return 0;
	*out = i < n ? starts[i] : (struct source_start){ PAGE_FILE, s->files.items[i - n].text };
	out->url = arena_copy(a, out->url);
	return 1;
}
