/* buf.h - bytes we own, growing up to a ceiling given at birth */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_BUF_H
#define WATCHDESK_BASE_BUF_H

#include <stdarg.h>

#include "base/auto.h"
#include "base/str.h"

/*
 * After the ceiling is met the buffer keeps what it holds, takes no more and stays `full`: a writer of many small pieces
 * may ignore the answers and ask once, at the end. When p is not NULL, p[n] is NUL.
 */
struct buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max; /* bytes */
	bool full;
};

#define BUF_INIT(ceiling)        \
	{                        \
		.max = (ceiling) \
	}

/* Give the memory back; the buffer is empty and may be used again. */
void buf_release(struct buf *b);
/* Empty it, keep the memory. */
void buf_clear(struct buf *b);
/* Append: 0, or E_LIMIT when that would pass the ceiling (nothing is appended then). */
int buf_add(struct buf *b, struct str s);
int buf_add_char(struct buf *b, char c);
int buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
int buf_vprintf(struct buf *b, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
/* Make room for `n` more bytes and return where they go, NULL past the ceiling; then add to `n` what was written. */
char *buf_room(struct buf *b, size_t n);
/* Drop the first `n` bytes. */
void buf_drop(struct buf *b, size_t n);
/* What it holds, borrowed until the next change. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

#endif
