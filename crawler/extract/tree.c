/* tree.c - a page as libxml2's nodes, built in an arena */
#include "crawler/extract/tree.h"

#include <string.h>

#include <libxml/parserInternals.h>
#include <libxml/tree.h>

struct _xmlDoc *tree_new(struct arena *a)
{
	xmlDoc *doc = arena_alloc(a, sizeof(*doc));

	doc->type = XML_HTML_DOCUMENT_NODE;
	doc->doc = doc;
	return doc;
}

static void append(xmlNode *parent, xmlNode *child)
{
	child->parent = parent;
	child->prev = parent->last;
	if (parent->last)
		parent->last->next = child;
	else
		parent->children = child;
	parent->last = child;
}

struct _xmlNode *tree_element(struct arena *a, struct _xmlDoc *doc, struct _xmlNode *parent, const char *name, long number)
{
	xmlNode *node = arena_alloc(a, sizeof(*node));

	node->type = XML_ELEMENT_NODE;
	node->name = (const xmlChar *)name;
	node->doc = doc;
	node->content = (xmlChar *)(intptr_t)-number; /* as xmlXPathOrderDocElems() numbers them */
	append(parent ? parent : (xmlNode *)doc, node);
	return node;
}

static xmlNode *text_node(struct arena *a, struct _xmlDoc *doc, const char *text)
{
	xmlNode *node = arena_alloc(a, sizeof(*node));

	node->type = XML_TEXT_NODE;
	node->name = xmlStringText;
	node->doc = doc;
	node->content = (xmlChar *)(uintptr_t)text;
	return node;
}

void tree_text(struct arena *a, struct _xmlDoc *doc, struct _xmlNode *parent, const char *text)
{
	append(parent, text_node(a, doc, text));
}

void tree_attribute(struct arena *a, struct _xmlNode *element, void **last, const char *name, const char *value)
{
	xmlAttr *attribute = arena_alloc(a, sizeof(*attribute)), *before = *last;

	attribute->type = XML_ATTRIBUTE_NODE;
	attribute->name = (const xmlChar *)name;
	attribute->doc = element->doc;
	attribute->parent = element;
	attribute->prev = before;
	attribute->children = attribute->last = text_node(a, element->doc, value);
	attribute->children->parent = (xmlNode *)attribute;
	if (before)
		before->next = attribute;
	else
		element->properties = attribute;
	*last = attribute;
}

long tree_place(const struct _xmlNode *element)
{
	return -(long)(intptr_t)element->content;
}

struct _xmlNode *tree_root(const struct _xmlDoc *doc)
{
	xmlNode *node = doc->children;

	while (node && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

/* The next node of any type in the page's order. */
static xmlNode *step(const xmlNode *node, const xmlNode *top)
{
	if (node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	while (node && node != top && !node->next)
		node = node->parent;
	return node && node != top ? node->next : NULL;
}

struct _xmlNode *tree_next(const struct _xmlNode *node, const struct _xmlNode *top)
{
	xmlNode *next = step(node, top);

	while (next && next->type != XML_ELEMENT_NODE)
		next = step(next, top);
	return next;
}

const struct _xmlNode *tree_owner(const struct _xmlNode *node)
{
	return tree_is_element(node) || !node->parent ? node : node->parent; /* an attribute has its parent at the same place */
}

const struct _xmlNode *tree_parent(const struct _xmlNode *element)
{
	return element->parent && tree_is_element(element->parent) ? element->parent : NULL;
}

bool tree_is_element(const struct _xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE;
}

struct str tree_name(const struct _xmlNode *node)
{
	return str_of((const char *)node->name);
}

int tree_get(const struct _xmlNode *element, const char *name, struct str *value)
{
	if (element->type != XML_ELEMENT_NODE)
		return 0;
	for (const xmlAttr *a = element->properties; a; a = a->next) {
		if (strcmp((const char *)a->name, name) != 0)
			continue;
		*value = str_of(a->children ? (const char *)a->children->content : NULL);
		return 1;
	}
	return 0;
}

static bool has_text(const xmlNode *node)
{
	return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content;
}

struct str tree_value(struct arena *a, const struct _xmlNode *node, size_t max)
{
	size_t n = 0, room = 0;
	const xmlNode *at;
	char *out;

	if (node->type == XML_ATTRIBUTE_NODE)
		node = node->children;
	if (!node)
		return (struct str){ 0 };
	for (at = node; at && room < max; at = step(at, node))
		room += has_text(at) ? strlen((const char *)at->content) : 0;
	room = room < max ? room : max;
	out = arena_alloc(a, room + 1);
	for (at = node; at && n < room; at = step(at, node)) {
		struct str text = has_text(at) ? str_slice(str_of((const char *)at->content), 0, room - n) : (struct str){ 0 };

		if (text.n)
			memcpy(out + n, text.p, text.n);
		n += text.n;
	}
	return (struct str){ out, n };
}
