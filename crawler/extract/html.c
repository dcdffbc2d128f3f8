/* html.c - HTML5 into a tree that XPath can walk. Hot: fast comes second here. */
#include "crawler/extract/html.h"

#include <string.h>

#include <gumbo.h>

#include "base/limits.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/shallow.h"
#include "crawler/extract/text.h"
#include "crawler/url.h"

struct parsing {
	struct arena *a;
	struct str text;
	struct _xmlDoc *doc;
};

static void *page_alloc(void *a, size_t n)
{
	return arena_alloc(a, n);
}

static void page_free(void *a, void *p)
{
	(void)a;
	(void)p;
}

/* Elements that HTML does not know keep the name they were written with. */
static const char *name_of(struct arena *a, const GumboElement *e)
{
	GumboStringPiece piece = e->original_tag;
	char *name;

	if (e->tag != GUMBO_TAG_UNKNOWN)
		return gumbo_normalized_tagname(e->tag);
	gumbo_tag_from_original_text(&piece);
	if (piece.length == 0)
		return "unknown";
	name = arena_alloc(a, piece.length + 1);
	for (size_t i = 0; i < piece.length; i++)
		name[i] = ascii_lower(piece.data[i]);
	return name;
}

static struct _xmlNode *copy_element(struct parsing *p, const GumboElement *e, struct _xmlNode *parent, long number)
{
	struct _xmlNode *node = tree_element(p->a, p->doc, parent, name_of(p->a, e), number);
	void *last = NULL;

	for (unsigned i = 0; i < e->attributes.length; i++) {
		const GumboAttribute *attribute = e->attributes.data[i];

		tree_attribute(p->a, node, &last, attribute->name, attribute->value);
	}
	return node;
}

static bool is_element(const GumboNode *node)
{
	return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

/* The node behind `node` once all that is in it is done; *depth follows. */
static const GumboNode *after(const GumboNode *node, const GumboNode *top, size_t *depth)
{
	while (node != top) {
		const GumboNode *parent = node->parent;
		const GumboVector *siblings = &parent->v.element.children;
		size_t next = node->index_within_parent + 1;

		if (next < siblings->length)
			return siblings->data[next];
		node = parent;
		--*depth;
	}
	return NULL;
}

/* Without recursion: at[d] is the element that now takes children at depth d. */
static void copy_tree(struct parsing *p, const GumboNode *root)
{
	struct _xmlNode *at[LIMIT_DEPTH + 1] = { NULL };
	const GumboNode *node = root;
	size_t depth = 0;
	long number = 0;

	while (node) {
		size_t d = depth < LIMIT_DEPTH ? depth : LIMIT_DEPTH;

		if (is_element(node)) {
			at[d] = copy_element(p, &node->v.element, d ? at[d - 1] : NULL, ++number);
			if (node->v.element.children.length) {
				node = node->v.element.children.data[0];
				depth++;
				continue;
			}
		} else if (node->type != GUMBO_NODE_COMMENT && d > 0) {
			tree_text(p->a, p->doc, at[d - 1], node->v.text.text);
		}
		node = after(node, root, &depth);
	}
}

static int parse(void *arg)
{
	struct parsing *p = arg;
	GumboOptions options = kGumboDefaultOptions;
	struct str text = shallow_html(p->a, p->text);
	GumboOutput *output;

	options.allocator = page_alloc;
	options.deallocator = page_free;
	options.userdata = p->a;
	options.max_errors = 0;
	output = gumbo_parse_with_options(&options, text.n ? text.p : "", text.n);
	p->doc = tree_new(p->a);
	copy_tree(p, output->root);
	return 0;
}

int html_parse(struct arena *a, struct str utf8, struct _xmlDoc **out, struct err *err)
{
	struct parsing p = { .a = a, .text = utf8 };
	int result = guarded(a, parse, &p, err);

	if (result == 0)
		*out = p.doc;
	return result;
}

struct str html_base(const struct _xmlDoc *doc, struct str address, struct arena *a)
{
	const struct _xmlNode *root = tree_root(doc);
	struct url url;
	struct str href;

	for (const struct _xmlNode *node = root; node; node = tree_next(node, root)) {
		if (str_eq(tree_name(node), STR("body")))
			break;
		if (str_eq(tree_name(node), STR("base")) && tree_get(node, "href", &href))
			return url_parse(a, href, address, &url, NULL) == 0 ? url.href : address;
	}
	return address;
}

/* The page's parse and reading together, so that both are under one guard. */
struct page_reading {
	struct str utf8, base;
	struct arena *a;
	struct html_text *out;
	struct err *err;
};

static void read_link(struct page_reading *r, const struct _xmlNode *node)
{
	struct html_link *link;
	struct str href, rel = { 0 };
	struct url url;

	if (!tree_get(node, "href", &href) || url_parse(r->a, href, r->base, &url, NULL) < 0)
		return;
	tree_get(node, "rel", &rel);
	link = arena_push(r->a, &r->out->links, &r->out->n_links, sizeof(*link));
	link->href = url.href;
	link->rel = rel;
	link->text = text_line(r->a, node, LIMIT_FIELD);
}

static int read_page(void *arg)
{
	struct page_reading *r = arg;
	struct _xmlDoc *doc = NULL;
	const struct _xmlNode *root;
	int result = html_parse(r->a, r->utf8, &doc, r->err);

	if (result < 0)
		return result;
	root = tree_root(doc);
	r->base = html_base(doc, r->base, r->a);
	for (const struct _xmlNode *node = root; node; node = tree_next(node, root)) {
		struct str name = tree_name(node);

		if (str_eq(name, STR("title")) && r->out->title.n == 0)
			r->out->title = text_line(r->a, node, LIMIT_FIELD);
		else if ((str_eq(name, STR("a")) || str_eq(name, STR("link")) || str_eq(name, STR("area"))) &&
			 r->out->n_links < LIMIT_LINKS)
			read_link(r, node);
	}
	r->out->text = root ? text_of_element(r->a, root, LIMIT_TEXT, (struct text_options){ 0 }) : (struct str){ 0 };
	return 0;
}

int html_read(struct str utf8, struct str base, struct arena *a, struct html_text *out, struct err *err)
{
	struct html_text page = { 0 };
	struct page_reading r = { .utf8 = utf8, .base = base, .a = a, .out = &page, .err = err };
	int result = guarded(a, read_page, &r, err);

	if (result == 0)
		*out = page;
	return result;
}
