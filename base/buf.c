/* buf.c - bytes we own, growing up to a ceiling given at birth */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/must.h"

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->full = false;
	if (b->p)
		b->p[0] = '\0';
}

char *buf_room(struct buf *b, size_t n)
{
	size_t want;

	if (b->full || n > b->max || b->n > b->max - n) {
		b->full = true;
		return NULL;
	}
	want = b->n + n + 1;
	if (want > b->cap) {
		b->cap = want < 64 ? 64 : want + want / 2;
		b->p = must_realloc(b->p, b->cap);
	}
	return b->p + b->n;
}

int buf_add(struct buf *b, struct str s)
{
	char *room = buf_room(b, s.n);

	if (!room)
		return E_LIMIT;
	if (s.n)
		memcpy(room, s.p, s.n);
	room[s.n] = '\0';
	b->n += s.n;
	return 0;
}

int buf_add_char(struct buf *b, char c)
{
	return buf_add(b, (struct str){ &c, 1 });
}

int buf_vprintf(struct buf *b, const char *format, va_list arguments)
{
	va_list again;
	char *room;
	int n;

	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	MUST(n >= 0);
	room = buf_room(b, (size_t)n);
	if (!room)
		return E_LIMIT;
	vsnprintf(room, (size_t)n + 1, format, arguments);
	b->n += (size_t)n;
	return 0;
}

int buf_printf(struct buf *b, const char *format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = buf_vprintf(b, format, arguments);
	va_end(arguments);
	return result;
}

void buf_drop(struct buf *b, size_t n)
{
	MUST(n <= b->n);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
	b->p[b->n] = '\0';
}
