/* shallow.h - keep HTML from nesting without end, before a parser sees it */
/* Runs in: worker; verbs (`stage`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_SHALLOW_H
#define WATCHDESK_CRAWLER_EXTRACT_SHALLOW_H

#include "base/arena.h"

/*
 * `html` itself, or a copy of the same length in which tags that would nest deeper than LIMIT_DEPTH are blanked: HTML's
 * rules walk the open elements at every tag, so the parser's time grows with length times depth. Counted roughly, from the
 * tags as written; elements whose end may be left out do not count. The same for attributes beyond the 256th of a tag.
 */
struct str shallow_html(struct arena *a, struct str html);

#endif
