/* json_template.h - texts with holes that JSON paths fill, and rules that make addresses of a document's items */
/* Runs in: worker; supervisor and verbs (checking a configuration). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_JSON_TEMPLATE_H
#define WATCHDESK_CRAWLER_EXTRACT_JSON_TEMPLATE_H

#include "crawler/extract/json_path.h"

/*
 * A path alone ("@.post.id"), or text with holes; "A || B" is B where a hole of A stays empty. Holes: {@.path}, {$.path},
 * {$.page+1} for the next number, {url} for the source's address without the / at its end, {/2} for the second segment of the
 * page's own path. {@.relationships.user.data => @.path} looks for the resource that a JSON:API document ($.included,
 * JSON:API 1.1 7.4) has under that type and id.
 */
struct json_template {
	struct json_variant *variants;
	size_t n;
};

/* Compile; all lives in `a`, literals are borrowed from `text`. E_USAGE says what is wrong, and where. */
int json_template_compile(struct arena *a, struct str text, struct json_template *out, struct err *err);

/* "PATH -> TEMPLATE": the template for each item that the path finds; a template or path alone makes one address, or more. */
struct json_rule {
	struct json_path each;
	struct json_template address;
};

struct json_rules {
	struct json_rule *items;
	size_t n;
};

/* Compile rules, one a line. */
int json_rules_compile(struct arena *a, struct str text, struct json_rules *out, struct err *err);

/* What fills the holes. */
struct json_scope {
	struct json_node *root, *item; /* of $ and @ */
	struct str site, page;	       /* the source's address, the page's path */
	size_t *effort;		       /* of json_path_find() */
	bool address;		       /* the values become part of an address: # + and space are escaped */
	/* What becomes of each value; NULL takes it as it is. */
	int (*turn)(void *arg, struct str value, struct str *out);
	void *arg;
	struct arena *a;
	struct err *err;
};

/*
 * Fill a template; a hole takes the first value that its path finds. 1 when each hole had a text, 0 when one had none (the
 * others stand in `out`), E_BAD of json_path_find(), or what `turn` answers. At most LIMIT_TEXT bytes, cut between characters.
 */
int json_template_fill(const struct json_template *t, const struct json_scope *s, struct str *out);

#endif
