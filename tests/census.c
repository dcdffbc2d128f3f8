/* census.c - a page as a browser reads it */
#include "tests/census.h"

#include <string.h>

static const char *const allowed_attributes[] = {
	"class",
	"id",
	"lang",
	"charset",
	"name",
	"content",
	"http-equiv",
	"scope",
	"href",
	"rx",
	"datetime",
	"data-label",
	"tabindex",
	"aria-labelledby",
	"aria-label",
	"aria-hidden",
	"width",
	"height",
	"x",
	"viewBox",
	"preserveAspectRatio",
	"role",
	"aria-describedby",
	"y",
	"x1",
	"x2",
	"y1",
	"y2",
	"cx",
	"cy",
	"r",
	"text-anchor",
	"rel",
	"type",
};
/* Of pictures, which gumbo does not name. */
static const char *const allowed_shapes[] = { "rect", "line", "circle", "text", "g" };

static bool is_allowed(const char *name)
{
	for (size_t i = 0; i < sizeof(allowed_attributes) / sizeof(allowed_attributes[0]); i++)
		if (strcasecmp(name, allowed_attributes[i]) == 0)
			return true;
	return false;
}

static bool is_shape(GumboStringPiece original)
{
	gumbo_tag_from_original_text(&original);
	for (size_t i = 0; i < sizeof(allowed_shapes) / sizeof(allowed_shapes[0]); i++)
		if (str_eq((struct str){ original.data, original.length }, str_of(allowed_shapes[i])))
			return true;
	return false;
}

static bool is_page_of_ours(struct str href)
{
	static const char *const pages[] = { "findings.html",  "assets.html",  "campaigns.html", "sources.html",
					     "takedowns.html", "about.html",   "feed.atom.xml",	 "feed.json",
					     "findings.json",  "findings.csv", "purged.html",	 "../index.html",
					     "index.html",     "#main",	       "#new",		 "#open",
					     "#watch",	       "#legal" };

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (str_eq(href, str_of(pages[i])))
			return true;
	return str_starts(href, STR("by-")) || str_starts(href, STR("asset/")) || str_starts(href, STR("takedown/")) ||
	       str_starts(href, STR("../takedown/")) || str_starts(href, STR("../campaign/")) ||
	       str_starts(href, STR("campaign/")) || str_starts(href, STR("source/"));
}

static bool is_own_link(struct str href)
{
	if (str_starts(href, STR("../")) && !str_eq(href, STR("../index.html")))
		href = str_slice(href, 3, href.n);
	return is_page_of_ours(href) || str_eq(href, STR("#main")) || str_eq(href, STR("../index.html")) ||
	       ((str_starts(href, STR("finding/")) || str_starts(href, STR("findings/"))) && str_ends(href, STR(".html")) &&
		str_find(href, STR("..")) < 0);
}

static bool is_hidden_mark(const GumboElement *e)
{
	const GumboAttribute *c = gumbo_get_attribute(&e->attributes, "class");

	return e->tag == GUMBO_TAG_CODE && c && strcmp(c->value, "hidden-char") == 0;
}

static void count_element(const GumboElement *e, struct census *c)
{
	const GumboAttribute *href = gumbo_get_attribute(&e->attributes, "href");

	for (unsigned i = 0; i < e->attributes.length; i++) {
		const GumboAttribute *a = e->attributes.data[i];

		if (!is_allowed(a->name))
			fail_msg("an attribute %s of <%s>", a->name, gumbo_normalized_tagname(e->tag));
	}
	if (e->tag == GUMBO_TAG_UNKNOWN && !is_shape(e->original_tag))
		fail_msg("an element %.*s", (int)e->original_tag.length, e->original_tag.data);
	if (href && !is_own_link(str_of(href->value)))
		fail_msg("a link to %s", href->value);
	c->links += href != NULL;
	c->elements += !is_hidden_mark(e);
	c->by_tag[e->tag]++;
}

const GumboNode *census_next(const GumboNode *n)
{
	if (n->type == GUMBO_NODE_ELEMENT && n->v.element.children.length)
		return n->v.element.children.data[0];
	while (n->parent && n->parent->type == GUMBO_NODE_ELEMENT) {
		const GumboVector *siblings = &n->parent->v.element.children;

		if (n->index_within_parent + 1 < siblings->length)
			return siblings->data[n->index_within_parent + 1];
		n = n->parent;
	}
	return NULL;
}

void take_census(const struct buf *page, struct census *c)
{
	GumboOutput *o = gumbo_parse_with_options(&kGumboDefaultOptions, page->p, page->n);

	*c = (struct census){ 0 };
	for (const GumboNode *n = o->root; n; n = census_next(n))
		if (n->type == GUMBO_NODE_ELEMENT)
			count_element(&n->v.element, c);
	c->mistakes = o->errors.length;
	gumbo_destroy_output(&kGumboDefaultOptions, o);
	assert_false(page->full);
	assert_int_equal(c->mistakes, 0);
	assert_int_equal(c->by_tag[GUMBO_TAG_H1], 1);
	assert_int_equal(c->by_tag[GUMBO_TAG_MAIN], 1);
	assert_in_range(c->by_tag[GUMBO_TAG_SCRIPT], 0, 1); /* ours: the_policy_is_the_first_meta_and_fits_style_and_script */
	assert_int_equal(c->by_tag[GUMBO_TAG_IMG], 0);
	assert_int_equal(c->by_tag[GUMBO_TAG_BASE], 0);
	assert_int_equal(c->by_tag[GUMBO_TAG_STYLE], 1);
}
