/* auto.h - a local that owns, released when it leaves its block */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_AUTO_H
#define WATCHDESK_BASE_AUTO_H

/*
 * AUTO(buf) b = BUF_INIT(LIMIT_MAIL);   struct buf, buf_release() at the end of the block
 * AUTO_FREE(arena) a = arena_new(...);  struct arena *, arena_free() at the end of the block
 *
 * Initialise on the same line; then no path needs a goto. A module opts in with AUTO_RELEASES or AUTO_FREES in its header.
 */
#define AUTO(type)	__attribute__((cleanup(type##_release))) struct type
#define AUTO_FREE(type) __attribute__((cleanup(type##_auto_free))) struct type *
#define AUTO_FREES(type)                                         \
	static inline void type##_auto_free(struct type **owned) \
	{                                                        \
		type##_free(*owned);                             \
	}

#endif
