/* rows.h - labelled texts, one JSON object a line, plain or gzip */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_ROWS_H
#define WATCHDESK_DESK_ROWS_H

#include "base/err.h"
#include "base/str.h"
#include "classify/language.h"

/*
 * {"text", "labels": {"violence": 0|1, "extortion", "leak", "dox"}, "lang", "source" or "kind", "reports": true}. A label that
 * is absent is unknown. Texts written by hand have a `kind` instead of a `source`; their source is "own/KIND".
 */
struct labelled {
	struct str text, source, lang, kind; /* borrowed for the call; kind is empty where there is none */
	int8_t heads[LANGUAGE_HEADS];	     /* 1, 0, -1 unknown */
};

typedef int rows_each(void *whose, const struct labelled *row, struct err *err);

/* Hand each row of a file to `each` until it fails. E_USAGE and E_BAD say "file:line: what is wrong". */
int rows_read(const char *path, rows_each *each, void *whose, struct err *err);
/* The same from memory. */
int rows_read_text(struct str text, const char *name, rows_each *each, void *whose, struct err *err);

#endif
