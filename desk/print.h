/* print.h - what a verb says on standard output */
/* Runs in: the process that was started. */
#ifndef WATCHDESK_DESK_PRINT_H
#define WATCHDESK_DESK_PRINT_H

#include "base/buf.h"

/* Write to standard output; nothing from outside is written without print_text(). */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Bytes from outside, fit for a terminal; `lines` keeps line breaks. At most `width` characters, 0 for all. */
void print_text(struct str s, bool lines, size_t width);
/* One JSON document or line. */
void print_json(const struct buf *json);
/* "2026-11-23 09:38" in UTC. */
const char *print_time(int64_t at_us, char out[32]);
/* Bold or a colour on a terminal: "1", "31" ...; nothing elsewhere. "" ends it. */
const char *style(const char *code);

#endif
