/* print.h - what a verb says on standard output */
/* Runs in: the process that was started. */
#ifndef WATCHDESK_DESK_PRINT_H
#define WATCHDESK_DESK_PRINT_H

#include "base/buf.h"
#include "base/err.h"

/* Write to standard output; nothing from outside is written without print_text(). */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Bytes from outside, fit for a terminal; `lines` keeps line breaks. At most `width` characters, 0 for all. */
void print_text(struct str s, bool lines, size_t width);
/* One JSON document or line. */
void print_json(const struct buf *json);
/* A file of `n` lines, each as `line` puts it into `out`; without a path nothing. E_IO with the path. */
int print_lines(const char *path, void (*line)(const void *whose, size_t i, struct buf *out), const void *whose, size_t n,
		struct err *err);
/* "2026-11-23 09:38" in UTC. */
const char *print_time(int64_t at_us, char out[32]);
/* Bold or a colour on a terminal: "1", "31" ...; nothing elsewhere. "" ends it. */
const char *style(const char *code);

#endif
