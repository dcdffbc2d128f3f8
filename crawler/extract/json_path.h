/* json_path.h - JSON paths over a document, with a ceiling on their work */
/* Runs in: worker; supervisor and verbs (checking a configuration). Standard: RFC 9535, of it the segments .name, ['name'],
 * [n],
 * [-n], [*], .*, the filters [?@.name], [?@.name == 'text'] and != (numbers are the same when they are written the same), and
 * each of them behind `..`; no slices, lists of selectors or functions. A path begins with $ (the document) or @ (the item). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_JSON_PATH_H
#define WATCHDESK_CRAWLER_EXTRACT_JSON_PATH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json_tree.h"

struct json_path {
	bool relative; /* begins with @ */
	struct json_step *steps;
	size_t n;
};

/* Compile `text`; all lives in `a`, names may be borrowed from `text`. E_USAGE says what is wrong, and at which byte. */
int json_path_compile(struct arena *a, struct str text, struct json_path *out, struct err *err);

struct json_nodes {
	struct json_node **items; /* in the order of RFC 9535, a node as often as the path reaches it */
	size_t n;
	bool more; /* there were more than were asked for */
};

/*
 * Find at most `max` nodes from `start`, the document or the item. Each node looked at takes one off *effort, which all paths
 * over one page share (LIMIT_JSON_STEPS); E_BAD when it is used up.
 */
int json_path_find(const struct json_path *p, struct json_node *start, size_t max, size_t *effort, struct arena *a,
		   struct json_nodes *out, struct err *err);

#endif
