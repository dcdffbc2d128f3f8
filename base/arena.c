/* arena.c - everything one page yields, in one place */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"

enum {
	BLOCK = 256 * 1024,	/* bytes; an ordinary page fits in one */
	KEPT = 4 * 1024 * 1024, /* bytes that stay mapped after a clear */
	ALIGN = 16,
};

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(ALIGN) char bytes[];
};

struct arena {
	struct block *first, *now;
	size_t used, max;
	jmp_buf *full;
};

struct arena *arena_new(size_t max_bytes)
{
	struct arena *a = must_alloc(1, sizeof(*a));

	a->max = max_bytes;
	return a;
}

static void blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	blocks_free(a->first);
	free(a);
}

void arena_clear(struct arena *a)
{
	size_t kept = 0;
	struct block **link = &a->first;

	while (*link && kept + (*link)->size <= KEPT) {
		kept += (*link)->size;
		(*link)->used = 0;
		link = &(*link)->next;
	}
	blocks_free(*link);
	*link = NULL;
	a->now = a->first;
	a->used = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

jmp_buf *arena_on_full(struct arena *a, jmp_buf *full)
{
	jmp_buf *before = a->full;

	a->full = full;
	return before;
}

static _Noreturn void arena_is_full(struct arena *a)
{
	static const char text[] = "error page-too-large\n";
	ssize_t ignored;

	if (a->full)
		longjmp(*a->full, 1);
	ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)ignored;
	_exit(70);
}

static struct block *block_with_room(struct arena *a, size_t n)
{
	struct block *b = a->now;

	while (b && b->size - b->used < n && b->next) {
		b = b->next;
		a->now = b;
	}
	if (!b || b->size - b->used < n) {
		size_t size = n > BLOCK ? n : BLOCK;
		struct block *fresh = must_realloc(NULL, sizeof(*fresh) + size);

		fresh->next = NULL;
		fresh->size = size;
		fresh->used = 0;
		if (b)
			b->next = fresh;
		else
			a->first = fresh;
		a->now = b = fresh;
	}
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct block *b;
	void *p;

	if (n > a->max || a->used > a->max - n)
		arena_is_full(a);
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	b = block_with_room(a, n);
	p = b->bytes + b->used;
	b->used += n;
	a->used += n;
	return memset(p, 0, n);
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list arguments;
	char *p;
	int n;

	va_start(arguments, format);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	MUST(n >= 0);
	p = arena_alloc(a, (size_t)n + 1);
	va_start(arguments, format);
	vsnprintf(p, (size_t)n + 1, format, arguments);
	va_end(arguments);
	return (struct str){ p, (size_t)n };
}

void *arena_push(struct arena *a, void *items, size_t *n, size_t size)
{
	size_t count = *n;
	char *array;

	memcpy(&array, items, sizeof(array)); /* a pointer to any type of element */
	if ((count & (count - 1)) == 0) {     /* 0, 1, 2, 4, 8 ...: full */
		char *larger = arena_alloc(a, (count ? count * 2 : 1) * size);

		if (count)
			memcpy(larger, array, count * size);
		array = larger;
		memcpy(items, &array, sizeof(array));
	}
	*n = count + 1;
	return array + count * size;
}
