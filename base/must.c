/* must.c - stop at our own faults, and only at those */
#include "base/must.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void must_failed(const char *expression, const char *file, int line)
{
	fprintf(stderr, "error our-fault at=%s:%d must=\"%s\"\n", file, line, expression);
	abort();
}

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "error out-of-memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored;
	_exit(70);
}

void *must_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *must_realloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);

	if (!q)
		out_of_memory();
	return q;
}
