/* feed.c - RSS, RDF and Atom */
#include "crawler/extract/feed.h"

#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/scrub.h"
#include "crawler/extract/text.h"
#include "crawler/extract/tree.h"
#include "crawler/url.h"

/* Where a name comes from. Undeclared prefixes count as what they are commonly bound to. */
enum space { CORE, ATOM, CONTENT, DC, RDF, XHTML, OTHER };

struct reading {
	struct str text, base;
	struct arena *a;
	struct feed *out;
	struct err *err;
	xmlDoc *doc; /* libxml2's own memory, freed at the end */
	xmlBuffer *markup;
};

/* The member of an entry that an element fills; a lower rank wins, among equals the first. */
struct rule {
	enum space space;
	const char *name;
	size_t member;
	int rank;
};

#define MEMBER(m) offsetof(struct feed_entry, m)

static const struct rule rules[] = {
	{ CORE, "guid", MEMBER(id), 0 },
	{ CORE, "id", MEMBER(id), 1 },
	{ ATOM, "id", MEMBER(id), 1 },
	{ DC, "identifier", MEMBER(id), 3 },
	{ CORE, "title", MEMBER(title), 0 },
	{ ATOM, "title", MEMBER(title), 1 },
	{ DC, "title", MEMBER(title), 2 },
	{ CORE, "author", MEMBER(author), 0 },
	{ ATOM, "author", MEMBER(author), 1 },
	{ DC, "creator", MEMBER(author), 2 },
	{ DC, "author", MEMBER(author), 3 },
	{ CORE, "pubDate", MEMBER(published), 0 },
	{ CORE, "published", MEMBER(published), 0 },
	{ CORE, "issued", MEMBER(published), 1 },
	{ CORE, "created", MEMBER(published), 2 },
	{ ATOM, "published", MEMBER(published), 3 },
	{ DC, "date", MEMBER(published), 4 },
	{ CORE, "pubdate", MEMBER(published), 5 },
	{ CORE, "updated", MEMBER(updated), 0 },
	{ CORE, "modified", MEMBER(updated), 1 },
	{ ATOM, "updated", MEMBER(updated), 2 },
	{ DC, "modified", MEMBER(updated), 3 },
	{ CORE, "description", MEMBER(summary), 0 },
	{ CORE, "summary", MEMBER(summary), 1 },
	{ DC, "description", MEMBER(summary), 2 },
	{ ATOM, "summary", MEMBER(summary), 3 },
	{ CONTENT, "encoded", MEMBER(content), 0 },
	{ CORE, "content", MEMBER(content), 1 },
	{ ATOM, "content", MEMBER(content), 2 },
	{ CORE, "encoded", MEMBER(content), 3 },
	{ XHTML, "body", MEMBER(content), 4 },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static enum space space_of_uri(const char *uri)
{
	static const struct {
		const char *uri;
		enum space space;
	} rows[] = {
		{ "http://www.w3.org/2005/Atom", ATOM },
		{ "http://purl.org/atom/ns", ATOM },
		{ "http://purl.org/rss/1.0/modules/content", CONTENT },
		{ "http://purl.org/dc/", DC },
		{ "http://www.w3.org/1999/02/22-rdf-syntax-ns", RDF },
		{ "http://www.w3.org/1999/xhtml", XHTML },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_starts(str_trim(str_of(uri)), str_of(rows[i].uri)))
			return rows[i].space;
	return OTHER;
}

static enum space space_of_prefix(struct str prefix)
{
	static const struct {
		const char *prefix;
		enum space space;
	} rows[] = {
		{ "content", CONTENT }, { "dc", DC },	{ "dcterms", DC }, { "atom", ATOM },
		{ "atom10", ATOM },	{ "rdf", RDF }, { "rss", CORE },   { "xhtml", XHTML },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_eq_nocase(prefix, str_of(rows[i].prefix)))
			return rows[i].space;
	return OTHER;
}

/* The name behind a prefix that nobody declared, and the space of the whole. */
static struct str name_of(const xmlNode *node, bool atom, enum space *space)
{
	struct str name = str_of((const char *)node->name);
	ssize_t colon = str_find(name, STR(":"));

	if (colon >= 0) {
		*space = space_of_prefix(str_slice(name, 0, (size_t)colon));
		return str_slice(name, (size_t)colon + 1, name.n);
	}
	if (!node->ns || !node->ns->href)
		*space = CORE;
	else
		*space = space_of_uri((const char *)node->ns->href);
	if (*space == OTHER && node->ns)
		*space = node->ns->prefix ? space_of_prefix(str_of((const char *)node->ns->prefix)) : CORE;
	if (*space == ATOM && atom)
		*space = CORE;
	return name;
}

static bool is_core(const xmlNode *node, bool atom, const char *name)
{
	enum space space;

	return node->type == XML_ELEMENT_NODE && str_eq(name_of(node, atom, &space), str_of(name)) &&
	       (space == CORE || space == ATOM);
}

static xmlNode *child_named(const xmlNode *parent, bool atom, const char *name)
{
	for (xmlNode *child = parent->children; child; child = child->next)
		if (is_core(child, atom, name))
			return child;
	return NULL;
}

static bool has_elements(const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			return true;
	return false;
}

/* The inside of an element as markup, for XHTML and for HTML that nobody escaped. */
static struct str inner_markup(struct reading *r, const xmlNode *node)
{
	struct str copy;

	if (!r->markup)
		r->markup = xmlBufferCreate();
	xmlBufferEmpty(r->markup);
	for (xmlNode *child = node->children; child; child = child->next)
		xmlNodeDump(r->markup, r->doc, child, 0, 0);
	copy = (struct str){ (const char *)xmlBufferContent(r->markup), (size_t)xmlBufferLength(r->markup) };
	return arena_copy(r->a, str_trim(copy));
}

/* The <div> that Atom's XHTML stands in, which is no part of it (RFC 4287 3.1.1.3); else the node itself. */
static const xmlNode *without_wrapper(const xmlNode *node)
{
	const xmlNode *wrapper = NULL;

	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE && !wrapper && str_eq_nocase(tree_name(child), STR("div")))
			wrapper = child;
		else if (child->type == XML_ELEMENT_NODE || (child->type == XML_TEXT_NODE && !xmlIsBlankNode(child)))
			return node;
	}
	return wrapper ? wrapper : node;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Atom 0.3 has mode="base64", Atom 1.0 means it where the type is neither text nor XML (RFC 4287 4.1.3.3). */
static bool is_base64(const xmlNode *node)
{
	struct str type = { 0 }, mode = { 0 };

	tree_get(node, "mode", &mode);
	tree_get(node, "type", &type);
	return str_eq_nocase(mode, STR("base64")) ||
	       (mode.n == 0 && str_find(type, STR("/")) > 0 && !str_eq_nocase(str_slice(type, 0, 5), STR("text/")) &&
		str_find_nocase(type, STR("xml")) < 0 && str_find_nocase(type, STR("html")) < 0);
}

/* White space between the digits is skipped; what is not base64, or no text, stays as it is. */
static struct str base64_decoded(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		int digit = base64_digit(text.p[i]);

		if (digit < 0 && !ascii_is_space(text.p[i]))
			return text;
		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have);
		}
	}
	return utf8_is_clean((struct str){ out, n }) ? str_trim((struct str){ out, n }) : text;
}

static struct str value_of(struct reading *r, const xmlNode *node)
{
	const xmlNode *inner = without_wrapper(node);
	struct str text;

	if (has_elements(inner))
		return inner_markup(r, inner);
	if (inner != node) /* markup without an element in it is still markup: its & and < are escaped */
		return inner_markup(r, inner);
	text = str_trim(tree_value(r->a, node, LIMIT_TEXT));
	return is_base64(node) ? base64_decoded(r->a, text) : text;
}

/* xml:base of the element and those around it (XML Base 4.3). The depth of a feed is libxml2's 256. */
static struct str base_of(struct reading *r, const xmlNode *node)
{
	const xmlNode *around[256];
	struct str base = r->base;
	size_t n = 0;

	for (; node && node->type == XML_ELEMENT_NODE && n < 256; node = node->parent)
		around[n++] = node;
	while (n > 0) {
		struct url url;

		for (const xmlAttr *attribute = around[--n]->properties; attribute; attribute = attribute->next) {
			struct str value = attribute->children ? str_of((const char *)attribute->children->content)
							       : (struct str){ 0 };

			if (attribute->ns && strcmp((const char *)attribute->name, "base") == 0 &&
			    url_parse(r->a, value, base, &url, NULL) == 0)
				base = url.href;
		}
	}
	return base;
}

/* Atom's <author> holds name, mail and page; RSS has "mail (name)". */
static struct str author_of(struct reading *r, const xmlNode *node, bool atom)
{
	static const char *const parts[] = { "name", "email", "uri", "url" };
	struct str text;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		xmlNode *part = child_named(node, atom, parts[i]);

		if (part && (text = text_line(r->a, part, LIMIT_FIELD)).n)
			return text;
	}
	return text_line(r->a, node, LIMIT_FIELD);
}

static bool attribute(const xmlNode *node, const char *name, struct str *value)
{
	return tree_get(node, name, value) && value->n > 0;
}

/* As written when it is an address; what is relative is resolved. */
static struct str link_resolved(struct reading *r, const xmlNode *node, struct str link)
{
	struct url url;

	link = arena_copy(r->a, str_trim(link));
	if (str_find(link, STR("://")) >= 0 || url_parse(r->a, link, base_of(r, node), &url, NULL) < 0)
		return link;
	return url.href;
}

/* rel="alternate" or none of Atom's links, the text of RSS's. */
static void take_link(struct reading *r, const xmlNode *node, struct feed_entry *e)
{
	struct str href, rel = STR("alternate");
	bool has_href = attribute(node, "href", &href);

	attribute(node, "rel", &rel);
	if (has_href && !str_eq_nocase(rel, STR("alternate")))
		return;
	if (!has_href)
		href = text_line(r->a, node, LIMIT_URL);
	if (href.n && (e->link.n == 0 || !has_href)) /* the last of RSS's, the first of Atom's */
		e->link = link_resolved(r, node, href);
}

static const struct rule *rule_for(enum space space, struct str name)
{
	for (size_t i = 0; i < RULES; i++)
		if (rules[i].space == space && str_eq(name, str_of(rules[i].name)))
			return &rules[i];
	return NULL;
}

static void take_element(struct reading *r, const xmlNode *node, bool atom, struct feed_entry *e, int ranks[RULES])
{
	enum space space;
	struct str name = name_of(node, atom, &space);
	const struct rule *rule = rule_for(space, name);
	size_t column;
	struct str *member;
	struct str value;

	if (str_eq(name, STR("link")) && (space == CORE || space == ATOM)) {
		take_link(r, node, e);
		return;
	}
	if (!rule)
		return;
	column = rule->member / sizeof(struct str);
	member = (struct str *)(void *)((char *)e + rule->member);
	if (member->n && ranks[column] <= rule->rank)
		return;
	value = rule->member == MEMBER(author) ? author_of(r, node, atom) : value_of(r, node);
	if (value.n == 0)
		return;
	*member = value;
	ranks[column] = rule->rank;
}

static void read_entry(struct reading *r, const xmlNode *item, bool atom)
{
	struct feed_entry *e = arena_push(r->a, &r->out->entries, &r->out->n, sizeof(*e));
	int ranks[RULES] = { 0 };
	const xmlNode *guid;
	struct str permanent, about;

	for (const xmlNode *child = item->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			take_element(r, child, atom, e, ranks);
	if (e->id.n == 0 && (attribute(item, "about", &about) || attribute(item, "rdf:about", &about)))
		e->id = arena_copy(r->a, about);
	guid = child_named(item, atom, "guid");
	if (e->link.n == 0 && guid && !(attribute(guid, "isPermaLink", &permanent) && str_eq_nocase(permanent, STR("false"))) &&
	    str_find(e->id, STR("://")) >= 0)
		e->link = e->id;
}

static int kind_of(struct reading *r, const xmlNode *root)
{
	static const char *const kinds[][2] = { { "rss", "rss" }, { "RDF", "rdf" }, { "feed", "atom" } };
	enum space space;
	struct str name = name_of(root, true, &space);

	for (size_t i = 0; i < 3; i++)
		if (str_eq_nocase(name, str_of(kinds[i][0]))) {
			r->out->kind = str_of(kinds[i][1]);
			return 0;
		}
	if (str_eq_nocase(name, STR("html")))
		return err_set(r->err, E_BAD, "an HTML page where a feed was expected");
	return err_set(r->err, E_BAD, "the root element is <%.*s>, expected a feed: <rss>, <rdf:RDF> or <feed>",
		       (int)(name.n < 60 ? name.n : 60), name.p);
}

/* Titles stand in <channel> or <feed>, entries there or beside; none inside another. */
static void walk(struct reading *r, xmlNode *root)
{
	bool atom = str_eq(r->out->kind, STR("atom"));
	xmlNode *channel = atom ? root : child_named(root, false, "channel");
	xmlNode *title = channel ? child_named(channel, atom, "title") : NULL;

	if (title)
		r->out->title = value_of(r, title);
	for (xmlNode *node = tree_next(root, root); node && r->out->n < LIMIT_POSTS;) {
		if (is_core(node, atom, atom ? "entry" : "item")) {
			read_entry(r, node, atom);
			while (node && node != root && !node->next)
				node = node->parent;
			node = node && node != root ? node->next : NULL;
			if (node && node->type != XML_ELEMENT_NODE)
				node = tree_next(node, root);
		} else {
			node = tree_next(node, root);
		}
	}
}

static void stay_silent(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

static xmlDoc *parse(struct str xml)
{
	xmlParserCtxt *context = xmlNewParserCtxt();
	xmlDoc *doc;

	if (!context)
		return NULL;
	xmlSetStructuredErrorFunc(NULL, NULL);
	context->sax->serror = stay_silent;
	doc = xmlCtxtReadMemory(context, xml.p, (int)xml.n, NULL, "UTF-8",
				XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET |
					XML_PARSE_COMPACT);
	xmlFreeParserCtxt(context);
	return doc;
}

static bool is_html(struct str s)
{
	s = str_slice(str_trim(s), 0, 15);
	return str_eq_nocase(s, STR("<!doctype html>")) || str_eq_nocase(str_slice(s, 0, 14), STR("<!doctype html")) ||
	       str_eq_nocase(str_slice(s, 0, 5), STR("<html"));
}

static int read_feed(void *arg)
{
	struct reading *r = arg;
	xmlNode *root;
	int result;

	if (r->text.n > LIMIT_FEED)
		return err_set(r->err, E_LIMIT, "the feed has %zu bytes, more than %zu", r->text.n, LIMIT_FEED);
	if (is_html(r->text))
		return err_set(r->err, E_BAD, "an HTML page where a feed was expected");
	r->doc = parse(scrub_xml(r->a, r->text));
	root = r->doc ? xmlDocGetRootElement(r->doc) : NULL;
	if (!root)
		return err_set(r->err, E_BAD, "no XML where a feed was expected (%zu bytes)", r->text.n);
	result = kind_of(r, root);
	if (result == 0)
		walk(r, root);
	return result;
}

int feed_read(struct str utf8, struct str base, struct arena *a, struct feed *out, struct err *err)
{
	struct feed feed = { 0 };
	struct reading r = { .text = utf8, .base = base, .a = a, .out = &feed, .err = err };
	int result = guarded(a, read_feed, &r, err);

	xmlFreeDoc(r.doc);
	xmlBufferFree(r.markup);
	if (result == 0)
		*out = feed;
	return result;
}
