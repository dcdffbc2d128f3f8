/* tree.h - a page as libxml2's nodes, built in an arena so that nothing has to be freed */
/* Runs in: worker; verbs (`stage`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_TREE_H
#define WATCHDESK_CRAWLER_EXTRACT_TREE_H

#include "base/arena.h"

struct _xmlDoc; /* libxml2's own names: its header stays in the .c files */
struct _xmlNode;

/* An empty document; its nodes are numbered in their order, so that XPath sorts fast. */
struct _xmlDoc *tree_new(struct arena *a);
/* Add an element or a text behind the last child of `parent`; names and texts are kept, not copied, and end with NUL. */
struct _xmlNode *tree_element(struct arena *a, struct _xmlDoc *doc, struct _xmlNode *parent, const char *name, long number);
void tree_text(struct arena *a, struct _xmlDoc *doc, struct _xmlNode *parent, const char *text);
/* Add an attribute behind the others of `element`; *last is the last so far, NULL at first. */
void tree_attribute(struct arena *a, struct _xmlNode *element, void **last, const char *name, const char *value);

/* The element that holds all others; NULL in an empty document. */
struct _xmlNode *tree_root(const struct _xmlDoc *doc);
/* The next element after `node` in the order of the page, inside `top`; NULL at the end. */
struct _xmlNode *tree_next(const struct _xmlNode *node, const struct _xmlNode *top);
bool tree_is_element(const struct _xmlNode *node);
/* Its place among the elements of the page: greater for those that begin later. */
long tree_place(const struct _xmlNode *element);
/* The element around an element; NULL around the root. */
const struct _xmlNode *tree_parent(const struct _xmlNode *element);
/* The element that a node or an attribute belongs to; of an element it is the element itself. */
const struct _xmlNode *tree_owner(const struct _xmlNode *node);
/* Local name of an element or attribute. */
struct str tree_name(const struct _xmlNode *node);
/* Value of an attribute of an element: 1 found, 0 absent. */
int tree_get(const struct _xmlNode *element, const char *name, struct str *value);
/* All text in it, in one piece and in order, white space as it stands; of an attribute its value. At most `max` bytes. */
struct str tree_value(struct arena *a, const struct _xmlNode *node, size_t max);

#endif
