/* source_check.c - is what a source definition says whole and sound? */
#include <string.h>

#include "crawler/extract/json_page.h"
#include "crawler/extract/xpath.h"
#include "crawler/local.h"
#include "crawler/source_inner.h"
#include "crawler/url.h"
#include "crawler/zone.h"

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'z') && !strchr("._-", name.p[i]))
			return false;
	return name.n > 0 && name.n <= SOURCE_NAME && name.p[0] != '.';
}

int source_name_check(struct reading *r, struct yaml_text name, const char *key)
{
	if (is_name(name.text))
		return 0;
	return yaml_wrong(r->err, name, "%s is \"%.*s\", expected 1 to %d of a-z, 0-9, dot, underscore and hyphen", key,
			  (int)(name.text.n < 80 ? name.text.n : 80), name.text.p, SOURCE_NAME);
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
	for (size_t i = 0; result == 0 && i < e->s.json.n; i++)
		result = address_check(r, e, "json", &e->s.json.items[i]);
	for (size_t i = 0; result == 0 && i < e->s.files.n; i++)
		result = address_check(r, e, "files", &e->s.files.items[i]);
	return result;
}

static int json_paths_check(struct reading *r, const struct source *s)
{
	struct yaml_text wrong = { 0 };
	struct err why = { 0 };

	if (s->json.n && (given(s->listing) || given(s->feed)))
		return yaml_wrong(r->err, s->json.items[0], "json stands beside listing or feed, expected a source for each");
	if (json_page_check(s, r->a, &wrong, &why) < 0)
		return yaml_wrong(r->err, wrong, "%.300s", why.text);
	return xpath_field(r, "post.quotes", s->post.quotes);
}

static int xpaths_check(struct reading *r, const struct source *s)
{
	const struct {
		const char *key;
		struct yaml_text expression;
	} rows[] = {
		{ "links", s->links },
		{ "activity", s->activity },
		{ "next", s->next },
		{ "post.item", s->post.item },
		{ "post.key", s->post.key },
		{ "post.author", s->post.author },
		{ "post.author_id", s->post.author_id },
		{ "post.title", s->post.title },
		{ "post.date", s->post.date },
		{ "post.text", s->post.text },
		{ "post.quotes", s->post.quotes },
		{ "post.url", s->post.url },
	};
	int result = 0;

	if (s->json.n || s->local_format == LOCAL_JSONL)
		return json_paths_check(r, s);
	for (size_t i = 0; result == 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		result = xpath_field(r, rows[i].key, rows[i].expression);
	for (size_t i = 0; result == 0 && i < s->soft_404.n; i++)
		result = xpath_field(r, "soft_404", s->soft_404.items[i]);
	return result;
}

/* A source that reads files of this machine reads nothing else, and knows where they are whatever folder it is started in. */
static int local_check(struct reading *r, const struct source *s)
{
	struct yaml_text path = given(s->folder) ? s->folder : s->file;
	struct str ignored;

	if (!source_is_local(s))
		return 0;
	if (given(s->folder) && given(s->file))
		return yaml_wrong(r->err, s->file, "file stands beside folder, expected a source for each");
	if (given(s->listing) || given(s->feed) || s->json.n || s->files.n)
		return yaml_wrong(r->err, path, "a site's address stands beside %s, expected a source for each",
				  given(s->folder) ? "folder" : "file");
	if (local_path(r->a, local_url(r->a, path.text), &ignored, NULL) < 0)
		return yaml_wrong(r->err, path,
				  "\"%.*s\" is not an absolute path without . and .., expected one such as /var/spool/x",
				  (int)(path.text.n < 80 ? path.text.n : 80), path.text.p);
	return 0;
}

/* What one field asks of another. */
static int whole_check(struct reading *r, const struct entry *e)
{
	const struct source *s = &e->s;

	if (!given(s->name))
		return yaml_wrong(r->err, e->place, "name is missing, expected a name for this source");
	if (!given(s->listing) && !given(s->feed) && s->json.n == 0 && s->files.n == 0 && !source_is_local(s) &&
	    (s->enabled || !given(s->off)))
		return yaml_wrong(r->err, e->place,
				  "%.*s has no address to start from, expected listing, feed, json, files, folder or file",
				  STR_ARG(s->name.text));
	if (given(s->listing) && !given(s->links))
		return yaml_wrong(r->err, s->listing, "a listing without links, expected an XPath to the posts' addresses");
	if (s->json.n && !given(s->links) && !given(s->post.item))
		return yaml_wrong(r->err, s->json.items[0],
				  "nothing is read from the JSON, expected post (with item) or links");
	if (given(s->links) && !given(s->raw) && !given(s->post.item))
		return yaml_wrong(r->err, s->links,
				  "links lead nowhere, expected raw (the address of a text) or post (with item) beside them");
	if (given(s->activity) && !given(s->links))
		return yaml_wrong(r->err, s->activity, "activity stands beside no link, expected links with it");
	if (local_check(r, s) < 0)
		return E_USAGE;
	if (given(s->post.text) && !given(s->post.item))
		return yaml_wrong(r->err, s->post.text, "post has no item, expected an XPath to each post's element");
	if (given(s->raw) && str_find(s->raw.text, STR("{key}")) < 0 && str_find(s->raw.text, STR("{href}")) < 0)
		return yaml_wrong(r->err, s->raw, "raw is the same for every post, expected {key} or {href} in it");
	if (given(s->ignore_robots) && !given(s->operator_name))
		return yaml_wrong(r->err, s->ignore_robots,
				  "robots.txt is overridden by nobody, expected operator: WHO DECIDED IT");
	if (given(s->zone) && !zone_is_known(s->zone.text))
		return yaml_wrong(r->err, s->zone, "zone is \"%.*s\", expected +hh:mm, -hh:mm or a name such as Europe/Berlin",
				  (int)(s->zone.text.n < 80 ? s->zone.text.n : 80), s->zone.text.p);
	if (s->every_ms <= 0)
		return yaml_wrong(r->err, e->place, "every is 0, expected a duration such as 30s or 5m");
	return source_name_check(r, s->name, "name");
}

int source_check(struct reading *r, struct entry *e)
{
	int result = addresses_check(r, e);

	result = result < 0 ? result : xpaths_check(r, &e->s);
	return result < 0 ? result : whole_check(r, e);
}
