/* arena.h - everything one page yields, in one place, gone at once when the page goes */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_ARENA_H
#define WATCHDESK_BASE_ARENA_H

#include <setjmp.h>

#include "base/auto.h"
#include "base/str.h"

struct arena;

/* An arena of at most `max_bytes`; memory is taken as it is needed and kept mapped between pages. */
struct arena *arena_new(size_t max_bytes);
/* Give all of it back. */
void arena_free(struct arena *a);
AUTO_FREES(arena)
/* Forget everything in it, keep a modest part of the memory for the next page. */
void arena_clear(struct arena *a);
/* Bytes handed out since the last clear. */
size_t arena_used(const struct arena *a);
/*
 * Zeroed, 16-byte aligned memory. When the ceiling is met it does not return: it jumps to `full` if that is set, else it
 * stops the process, which in a worker costs one page.
 */
void *arena_alloc(struct arena *a, size_t n);
/* Where to go when the ceiling is met; NULL for nowhere. Returns what was set before. */
jmp_buf *arena_on_full(struct arena *a, jmp_buf *full);
/* A copy of `s` with a NUL behind it. */
struct str arena_copy(struct arena *a, struct str s);
/* A formatted string with a NUL behind it. */
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * Room for one more element of `size` bytes in an array that lives in the arena: *items may move, *n grows by one. Returns
 * the new, zeroed element. The capacity is the next power of two, so `n` alone says when to grow.
 */
void *arena_push(struct arena *a, void *items, size_t *n, size_t size);

#endif
