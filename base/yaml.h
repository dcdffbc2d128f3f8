/* yaml.h - configuration as data: YAML with positions, checked against a table and read into structs */
/* Runs in: supervisor and verbs, before any process is confined; its texts are read-only in every role. Standard: YAML 1.1 as
 * libyaml reads it; no anchors merged. */
#ifndef WATCHDESK_BASE_YAML_H
#define WATCHDESK_BASE_YAML_H

#include "base/arena.h"
#include "base/err.h"

/* A node of a document; all of it lives in the arena it was parsed into. */
struct yaml;

/* A scalar and where it stands, so that whoever later finds it wrong can say where. `text.p` is NULL when absent. */
struct yaml_text {
	struct str text;
	const char *file;
	int line;
};

struct yaml_texts {
	struct yaml_text *items;
	size_t n;
};

enum yaml_type {
	YAML_TEXT,     /* struct yaml_text: any scalar */
	YAML_TEXTS,    /* struct yaml_texts: a list of scalars, or one alone */
	YAML_INT,      /* int64_t, between `least` and `most` when these differ */
	YAML_REAL,     /* double, the same */
	YAML_BOOL,     /* bool: true or false */
	YAML_DURATION, /* int64_t milliseconds: 250ms 30s 5m 2h 1d, or 0 */
	YAML_CHOICE,   /* int: the index of the scalar in `choices` */
	YAML_MAP,      /* const struct yaml *: a mapping, to be read with its own table */
	YAML_LIST,     /* const struct yaml *: a list, to be walked with yaml_item() */
	YAML_ANY,      /* const struct yaml *: whatever stands there */
};

/* A row of a schema table; the table ends with a row without a key. */
struct yaml_field {
	const char *key;
	enum yaml_type type;
	size_t offset; /* in the struct that yaml_read() fills: offsetof() */
	bool required;
	int64_t least, most;
	const char *const *choices; /* NULL-terminated */
	const char *like;	    /* a value as an example, said where a required one is missing; NULL for none */
};

/* Read a document. `file` names it in errors and is kept. Errors read "file:line: what, expected what". */
const struct yaml *yaml_parse(struct arena *a, struct str text, const char *file, struct err *err);
/*
 * Fill `out` from a mapping. Keys that are absent leave their member as it is, so a second document can override a first.
 * An unknown key (the allowed ones are listed), one given twice, a wrong type or a missing required key is E_USAGE.
 */
int yaml_read(const struct yaml *map, const struct yaml_field *fields, void *out, struct arena *a, struct err *err);
/* The i-th item of a list or value of a mapping, in the document's order; NULL beyond the last. */
const struct yaml *yaml_item(const struct yaml *y, size_t i);
/* The i-th key of a mapping. */
struct yaml_text yaml_key(const struct yaml *map, size_t i);
/* How many items. */
size_t yaml_count(const struct yaml *y);
/* A mapping, a list or a scalar? */
bool yaml_is_map(const struct yaml *y);
bool yaml_is_list(const struct yaml *y);
/* The scalar; its text is empty for a mapping or a list. */
struct yaml_text yaml_scalar(const struct yaml *y);
/* Set "file:line: " and the sentence in `err`, and return E_USAGE. */
int yaml_wrong(struct err *err, struct yaml_text at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same for a node. */
struct yaml_text yaml_place(const struct yaml *y);

#endif
