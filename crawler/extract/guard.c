/* guard.c - come back when the arena is full */
#include "crawler/extract/guard.h"

int guarded(struct arena *a, int (*work)(void *arg), void *arg, struct err *err)
{
	jmp_buf full;
	jmp_buf *volatile before = arena_on_full(a, &full);
	int result;

	if (setjmp(full)) {
		arena_on_full(a, before);
		return err_set(err, E_LIMIT, "the page needs more memory than a page may have, after %zu bytes", arena_used(a));
	}
	result = work(arg);
	arena_on_full(a, before);
	return result;
}
