/* snippet.h - the piece of a text that a search is answered with, its words marked, and how much they are its subject */
/* Runs in: verbs. Pure; masked text only. Inside store/ only. */
#ifndef WATCHDESK_STORE_SNIPPET_H
#define WATCHDESK_STORE_SNIPPET_H

#include "store/search_engine.h"

/* Fill excerpt, marks and relevance of `row`. The excerpt lives in `a`; `scratch` is used up. */
void snippet_make(struct words *words, const struct search_query *q, struct str title, struct str text, struct arena *a,
		  struct arena *scratch, struct search_row *row);

#endif
