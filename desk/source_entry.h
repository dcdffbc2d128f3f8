/* source_entry.h - a source as lines of watchdesk.yaml, put at the end of its list with all else left byte for byte */
/* Runs in: verbs. Pure. */
#ifndef WATCHDESK_DESK_SOURCE_ENTRY_H
#define WATCHDESK_DESK_SOURCE_ENTRY_H

#include "base/buf.h"
#include "base/err.h"

/* A key and a scalar, as it is. */
struct entry_line {
	const char *key;
	struct str value;
};

/* Put the lines that have a value as an item of a list, indented by `indent` spaces; `end` ends a line. Quotes where YAML asks.
 */
void entry_put(struct buf *out, const struct entry_line *lines, size_t n, size_t indent, const char *end);
/*
 * Put the text of a configuration with the entry behind the last of its `sources:`, which are added when it has none. Comments
 * that are indented there stay before it. E_USAGE with the line when the list is written in brackets; `file` names it.
 */
int entry_append(struct str text, const char *file, const struct entry_line *lines, size_t n, struct buf *out, struct err *err);

#endif
