/* quotation.h - which stretches of a text are somebody else's words */
/* Runs in: worker (quotation_join), writer. Pure. */
#ifndef WATCHDESK_DESK_QUOTATION_H
#define WATCHDESK_DESK_QUOTATION_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	QUOTATION_STRETCHES = 16,
	QUOTATION_LEAST = 12,	   /* bytes: six words of the tersest script */
	QUOTATION_MOST = 16 << 10, /* a mark that is still open behind so many bytes was none */
};

/* Bytes [start, end) of the text, without the marks around them. */
struct stretch {
	size_t start, end;
};

/*
 * The longest stretches between quotation marks of any kind, or in lines that begin with ">", the longest first; how many. A
 * stretch ends where it says that something is left out. Marks that are not closed quote nothing. One pass over the text.
 */
size_t quotation_find(struct str text, struct stretch out[QUOTATION_STRETCHES]);

/*
 * One text of what others said, in lines that begin with "> ", and the author's own words behind it, at most `most` bytes: what
 * is written as a quotation is read too, whoever wrote it, but not taken for the author's. Lives in `a`.
 */
struct str quotation_join(struct arena *a, struct str said, struct str own, size_t most);

#endif
