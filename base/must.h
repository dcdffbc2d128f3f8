/* must.h - stop at our own faults, and only at those */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_MUST_H
#define WATCHDESK_BASE_MUST_H

#include <stddef.h>

/* Say where we are wrong, then abort. */
_Noreturn void must_failed(const char *expression, const char *file, int line);

/* Stop the process unless `x` holds. No input may ever reach it: what hostile bytes can cause is an error, not a MUST. */
#define MUST(x) ((x) ? (void)0 : must_failed(#x, __FILE__, __LINE__))

/* Memory, zeroed, that is never NULL: out of memory stops the process with exit 70, which in a worker costs one page. */
void *must_alloc(size_t n, size_t size);
/* Grow `p` to `n` bytes; the new bytes are not cleared. */
void *must_realloc(void *p, size_t n);

#endif
