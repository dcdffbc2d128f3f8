/* json_page.c - what a source's JSON paths make of a document */
#include "crawler/extract/json_page.h"

#include <string.h>

#include "base/limits.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/html.h"
#include "crawler/extract/json_template.h"
#include "crawler/extract/text.h"
#include "crawler/extract/xpath.h"
#include "crawler/url.h"

/* The selectors of a source, compiled. */
struct selectors {
	struct json_path item;
	struct json_template key, url, author, author_id, title, date, text, next, activity, edited;
	struct json_rules links;
	struct json_path *soft_404;
};

/* A document while it is read. What is not in the arena hangs on `xpath`. */
struct reading {
	const struct source *s;
	struct selectors selectors;
	struct str text, address;
	struct json_page *out;
	struct json_scope scope;
	size_t effort;
	struct str quoted;   /* of the post that is being read */
	struct xpath *xpath; /* over the HTML of the text that is being read */
	struct arena *a;
	struct err *err;
};

static const struct text_options of_posts = { .links = true };

static int compile(const struct source *s, struct arena *a, struct selectors *out, struct yaml_text *at, struct err *err)
{
	const struct {
		const char *key;
		struct yaml_text text;
		struct json_template *into;
	} rows[] = {
		{ "next", s->next, &out->next },
		{ "activity", s->activity, &out->activity },
		{ "post.key", s->post.key, &out->key },
		{ "post.url", s->post.url, &out->url },
		{ "post.author", s->post.author, &out->author },
		{ "post.author_id", s->post.author_id, &out->author_id },
		{ "post.title", s->post.title, &out->title },
		{ "post.date", s->post.date, &out->date },
		{ "post.text", s->post.text, &out->text },
		{ "post.edited", s->post.edited, &out->edited },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*at = rows[i].text;
		if (json_template_compile(a, at->text, rows[i].into, err) < 0)
			return err_at(err, "%s", rows[i].key);
	}
	*at = s->links;
	if (json_rules_compile(a, at->text, &out->links, err) < 0)
		return err_at(err, "links");
	*at = s->post.item;
	if (at->text.n && json_path_compile(a, at->text, &out->item, err) < 0)
		return err_at(err, "post.item");
	out->soft_404 = arena_alloc(a, s->soft_404.n * sizeof(*out->soft_404) + 1);
	for (size_t i = 0; i < s->soft_404.n; i++) {
		*at = s->soft_404.items[i];
		if (json_path_compile(a, at->text, &out->soft_404[i], err) < 0)
			return err_at(err, "soft_404");
	}
	return 0;
}

int json_page_check(const struct source *s, struct arena *a, struct yaml_text *wrong, struct err *err)
{
	struct selectors selectors = { 0 };

	return compile(s, a, &selectors, wrong, err);
}

/* Does it hold something that looks like a tag? */
static bool has_tags(struct str s)
{
	for (size_t i = 0; i + 2 < s.n; i++)
		if (s.p[i] == '<' && (ascii_is_alpha(s.p[i + 1]) || s.p[i + 1] == '/' || s.p[i + 1] == '!'))
			return true;
	return false;
}

/* Does it hold what a browser shows nothing of, so that a reader of HTML would pass over a leak behind it? Sites let none of
 * these into a post: it is a text about them, or one that wants to be missed. */
static bool hides_text(struct str s)
{
	static const char *const beginnings[] = { "<script", "<style",	 "<template", "<noscript", "<title", "<iframe",
						  "<head",   "<noembed", "<noframes", "<object",   "<!--",   "<!doctype" };

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (str_find_nocase(s, str_of(beginnings[i])) >= 0)
			return true;
	return false;
}

static bool is_html(const struct reading *r, struct str value)
{
	switch (r->s->post.format) {
	case FORMAT_GUESSED:
		return has_tags(value) && !hides_text(value);
	case FORMAT_HTML:
		return memchr(value.p, '<', value.n) || memchr(value.p, '&', value.n);
	case FORMAT_TEXT:
	case FORMAT_MARKDOWN:
		break;
	}
	return false;
}

/* The quotations in a text are told apart from it. */
static int find_quotes(struct reading *r, struct _xmlDoc *doc, struct text_apart *apart)
{
	struct xpath_nodes nodes = { 0 };
	int result;

	if (r->s->post.quotes.text.n == 0)
		return 0;
	xpath_free(r->xpath);
	r->xpath = xpath_new(doc);
	result = xpath_find(r->xpath, r->s->post.quotes.text, NULL, LIMIT_QUOTES, r->a, &nodes, r->err);
	for (size_t i = 0; i < nodes.n; i++)
		if (tree_is_element(nodes.items[i]))
			nodes.items[apart->n++] = nodes.items[i];
	apart->items = nodes.items;
	return result;
}

/* A value of post.text as text. */
static int turn_text(void *arg, struct str value, struct str *out)
{
	struct reading *r = arg;
	struct text_apart apart = { 0 };
	struct _xmlDoc *doc = NULL;
	const struct _xmlNode *root;
	int result;

	*out = text_cut(value, LIMIT_TEXT);
	if (!is_html(r, value))
		return 0;
	result = html_parse(r->a, value, &doc, r->err);
	result = result < 0 ? result : find_quotes(r, doc, &apart);
	if (result < 0)
		return result;
	root = tree_root(doc);
	*out = root ? text_without(r->a, root, LIMIT_TEXT, of_posts, &apart) : (struct str){ 0 };
	if (r->quoted.n == 0)
		r->quoted = apart.said;
	return 0;
}

/* A value of another field: HTML only where the source says that its posts are. */
static int turn_field(void *arg, struct str value, struct str *out)
{
	struct reading *r = arg;
	struct _xmlDoc *doc = NULL;
	const struct _xmlNode *root;
	int result;

	*out = value;
	if (r->s->post.format != FORMAT_HTML || !is_html(r, value))
		return 0;
	result = html_parse(r->a, text_cut(value, LIMIT_FIELD), &doc, r->err);
	if (result < 0)
		return result;
	root = tree_root(doc);
	*out = root ? text_line(r->a, root, LIMIT_FIELD) : (struct str){ 0 };
	return 0;
}

static int as_it_is(void *arg, struct str value, struct str *out)
{
	(void)arg;
	*out = value;
	return 0;
}

/* Fill one field of the item that `scope` stands at, on one line. */
static int fill(struct reading *r, const struct json_template *t, int (*turn)(void *, struct str, struct str *),
		struct str *out)
{
	int result;

	r->scope.address = false;
	r->scope.turn = turn;
	result = json_template_fill(t, &r->scope, out);
	if (result >= 0)
		*out = text_squeezed(r->a, *out, LIMIT_FIELD);
	return result;
}

/* An address is one only when nothing is missing in it. */
static int fill_address(struct reading *r, const struct json_template *t, struct str *out)
{
	int result;

	r->scope.address = true;
	r->scope.turn = NULL;
	result = json_template_fill(t, &r->scope, out);
	if (result == 0)
		*out = (struct str){ 0 };
	return result;
}

/* "1732614000.0" as some write the seconds. */
static struct str whole_seconds(struct str date)
{
	ssize_t point = str_find(date, STR("."));
	uint64_t seconds;

	if (point > 0 && str_number(str_slice(date, 0, (size_t)point), INT64_MAX, &seconds))
		return str_slice(date, 0, (size_t)point);
	return date;
}

static int read_entry(struct reading *r, struct json_node *item)
{
	const struct selectors *of = &r->selectors;
	struct json_entry e = { 0 };
	int result;

	r->scope.item = item;
	r->quoted = (struct str){ 0 };
	r->scope.address = false;
	r->scope.turn = turn_text;
	result = json_template_fill(&of->text, &r->scope, &e.text);
	result = result < 0 ? result : fill(r, &of->key, as_it_is, &e.key);
	result = result < 0 ? result : fill(r, &of->author, turn_field, &e.author);
	result = result < 0 ? result : fill(r, &of->author_id, as_it_is, &e.author_id);
	result = result < 0 ? result : fill(r, &of->title, turn_field, &e.title);
	result = result < 0 ? result : fill(r, &of->date, as_it_is, &e.date);
	result = result < 0 ? result : fill(r, &of->edited, as_it_is, &e.edited);
	result = result < 0 ? result : fill_address(r, &of->url, &e.url);
	if (result < 0)
		return result;
	e.text = str_trim(e.text);
	e.date = whole_seconds(e.date);
	e.quoted = r->quoted;
	if (e.text.n || e.quoted.n)
		*(struct json_entry *)arena_push(r->a, &r->out->entries, &r->out->n, sizeof(e)) = e;
	return 0;
}

static int read_entries(struct reading *r)
{
	struct json_nodes items = { 0 };
	int result = 0;

	if (r->s->post.item.text.n)
		result = json_path_find(&r->selectors.item, r->scope.root, LIMIT_POSTS, &r->effort, r->a, &items, r->err);
	r->out->cut |= items.more;
	r->out->n_items = items.n;
	for (size_t i = 0; result == 0 && i < items.n; i++)
		result = read_entry(r, items.items[i]);
	return result;
}

/* What one item leads to, and what says that something is new there. */
static int read_link(struct reading *r, const struct json_rule *rule, struct json_node *item)
{
	struct json_link link = { 0 };
	int result;

	r->scope.item = item;
	result = fill_address(r, &rule->address, &link.url);
	if (result < 0 || link.url.n == 0)
		return result < 0 ? result : 0;
	if (r->out->n_links >= LIMIT_LINKS) {
		r->out->cut = true;
		return 0;
	}
	r->scope.address = false;
	r->scope.turn = NULL;
	result = json_template_fill(&r->selectors.activity, &r->scope, &link.activity);
	*(struct json_link *)arena_push(r->a, &r->out->links, &r->out->n_links, sizeof(link)) = link;
	return result < 0 ? result : 0;
}

static int read_links(struct reading *r, const struct json_rule *rule)
{
	struct json_nodes items;
	int result = json_path_find(&rule->each, r->scope.root, LIMIT_LINKS, &r->effort, r->a, &items, r->err);

	r->out->cut |= result == 0 && items.more;
	for (size_t i = 0; result == 0 && i < items.n; i++)
		result = read_link(r, rule, items.items[i]);
	return result;
}

/* Does one of the source's signs of a failure hold? */
static int look_for_failure(struct reading *r)
{
	for (size_t i = 0; i < r->s->soft_404.n; i++) {
		struct json_nodes nodes;
		int result = json_path_find(&r->selectors.soft_404[i], r->scope.root, 1, &r->effort, r->a, &nodes, r->err);
		struct str text = { 0 };

		if (result < 0)
			return result;
		if (nodes.n)
			text = json_tree_text(nodes.items[0]);
		r->out->gone |= nodes.n && (json_tree_is_full(nodes.items[0]) ||
					    (text.n && !str_eq(text, STR("false")) && !str_eq(text, STR("0"))));
	}
	return 0;
}

static int read_document(void *arg)
{
	struct reading *r = arg;
	struct yaml_text at;
	struct url url;
	int result = compile(r->s, r->a, &r->selectors, &at, r->err);

	result = result < 0 ? result : json_tree_read(r->a, r->text, &r->scope.root, r->err);
	if (result < 0)
		return result;
	if (url_parse(r->a, r->address, (struct str){ 0 }, &url, NULL) == 0)
		r->scope.page = url.path;
	r->scope.item = r->scope.root;
	result = look_for_failure(r);
	if (result < 0 || r->out->gone)
		return result;
	result = read_entries(r);
	for (size_t i = 0; result == 0 && i < r->selectors.links.n; i++)
		result = read_links(r, &r->selectors.links.items[i]);
	r->scope.item = r->scope.root;
	if (result == 0 && r->selectors.next.n)
		result = fill_address(r, &r->selectors.next, &r->out->next);
	return result < 0 ? result : 0;
}

int json_page_read(const struct source *s, struct str utf8, struct str address, struct arena *a, struct json_page *out,
		   struct err *err)
{
	struct json_page page = { 0 };
	struct reading r = {
		.s = s, .text = utf8, .address = address, .out = &page, .effort = LIMIT_JSON_STEPS, .a = a, .err = err
	};
	int result;

	r.scope = (struct json_scope){ .site = s->url.text, .effort = &r.effort, .arg = &r, .a = a, .err = err };
	result = guarded(a, read_document, &r, err);
	xpath_free(r.xpath);
	if (result == 0)
		*out = page;
	return result;
}
