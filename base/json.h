/* json.h - JSON lines in and out (RFC 8259) */
/* Runs in: worker, verbs. */
#ifndef WATCHDESK_BASE_JSON_H
#define WATCHDESK_BASE_JSON_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

/* A parsed document. Values are read by path; what is read is borrowed from it. */
struct json;

/* Parse one value, strings with U+0000 allowed. The caller frees it. NULL with the place and cause in `err`. */
struct json *json_parse(struct str text, struct err *err);
void json_free(struct json *j);
AUTO_FREES(json)
/* The string at `key` of the top object ("a.b": b in its object a): 1 found, 0 absent or null, E_BAD when it is of another
 * type. */
int json_get_text(const struct json *j, const char *key, struct str *out, struct err *err);
/* The same for a number or a boolean. */
int json_get_real(const struct json *j, const char *key, double *out, struct err *err);
int json_get_bool(const struct json *j, const char *key, bool *out, struct err *err);
/* Is there an object at `key`? */
int json_get_object(const struct json *j, const char *key, struct err *err);
/* The first key of the object at `key` that is none of these; NULL when there is none, or no such object. */
const char *json_stranger(const struct json *j, const char *key, const char *const *known, int n);

/*
 * Writing: values in the order they are called; commas and escapes are its business. Strings that are not UTF-8 have their
 * wrong bytes replaced. Keys are NULL inside arrays. `out` borrowed; ask its `full` at the end.
 */
struct json_writer {
	struct buf *out;
	bool comma;
};

/* Begin and end an object or an array: '{' '}', '[' ']'. */
void json_open(struct json_writer *w, const char *key, char bracket);
void json_close(struct json_writer *w, char bracket);
/* A value; of a number at most four decimals. */
void json_put_text(struct json_writer *w, const char *key, struct str text);
void json_put_int(struct json_writer *w, const char *key, int64_t number);
void json_put_real(struct json_writer *w, const char *key, double number);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);
/* A time in microseconds UTC as RFC 3339 has it; null for 0. */
void json_put_time(struct json_writer *w, const char *key, int64_t at_us);

#endif
