/* json_tree.h - a JSON document from outside as a tree in an arena */
/* Runs in: worker; writer and net (letters); verbs (`stage`). Standard: RFC 8259. base/json.h reads our own lines; this reads
 * what strangers send: nothing hangs outside the arena, and no post can make its page unreadable by half a surrogate or a
 * number beyond 64 bits. */
#ifndef WATCHDESK_BASE_JSON_TREE_H
#define WATCHDESK_BASE_JSON_TREE_H

#include "base/arena.h"
#include "base/err.h"

enum json_kind { JSON_IS_NULL, JSON_IS_BOOL, JSON_IS_NUMBER, JSON_IS_TEXT, JSON_IS_ARRAY, JSON_IS_OBJECT };

struct json_node {
	enum json_kind kind;
	uint32_t n;		/* items or members */
	struct str name;	/* of a member of an object; else empty */
	struct json_node *next; /* the parent's next item or member */
	union {
		struct str text; /* of a text without its escapes, of a number as it was written; "true", "false" */
		struct {
			struct json_node *first, *last;
		};
	};
};

/*
 * Read one value, and nothing behind it. `text` is clean UTF-8 and stays borrowed; so are all texts of the tree. Half a
 * surrogate and U+0000 become U+FFFD; control characters inside texts are let pass. E_BAD with the byte that is wrong;
 * E_LIMIT beyond LIMIT_DEPTH.
 */
int json_tree_read(struct arena *a, struct str text, struct json_node **out, struct err *err);
/* The member called `name`, of several the last; NULL when there is none, or `object` is none or NULL. */
struct json_node *json_tree_member(const struct json_node *object, struct str name);
/* The item of that number, from the end when it is below 0; NULL beyond the last, or when `array` is none or
 * NULL. */
struct json_node *json_tree_item(const struct json_node *array, int64_t number);
/* A text, a number or a bool as text; else, and of NULL, empty. */
struct str json_tree_text(const struct json_node *node);
/* Has it items or members to walk, from node->first by ->next? */
static inline bool json_tree_is_full(const struct json_node *node)
{
	return node->kind >= JSON_IS_ARRAY && node->n > 0;
}

#endif
