/* log.h - one line an event on standard error: `level what key=value` */
/* Runs in: the loops that own a process (desk/); modules return what happened instead of logging it. */
#ifndef WATCHDESK_BASE_LOG_H
#define WATCHDESK_BASE_LOG_H

#include "base/buf.h"

/* error: a person must act; warn: we went on without; info: done; debug: why. */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Show events up to `level`; the one mutable global of the program. */
void log_show(enum log_level level);
/* Is an event of `level` shown? */
bool log_shows(enum log_level level);
/*
 * Write one event. `what` is one word of ours; the formatted rest is key=value pairs, texts from outside in quotes:
 * why=\"%.*s\". Bytes outside printable ASCII are written as \xNN, and so are quotes and backslashes of strings, so that
 * nothing that was read from outside can move the cursor, forge a line or another key. Conversions: s with a precision, and
 * numbers; widths of strings are not looked at.
 */
void log_event(enum log_level level, const char *what, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* May this character reach a terminal: is it no control, no bidi control, not invisible? */
bool log_is_printable(uint32_t c);
/*
 * Append `s` fit for a terminal: printable characters of valid UTF-8 stay, every control, bidi or invalid byte becomes
 * U+FFFD, and line breaks become spaces unless `lines`.
 */
int log_printable(struct buf *out, struct str s, bool lines);

#endif
