/* follow.h - the texts elsewhere that a post links to, where a source reads what others link to (`followed: true`) */
/* Runs in: worker; verbs; its type is every role's. Pure. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_FOLLOW_H
#define WATCHDESK_CRAWLER_EXTRACT_FOLLOW_H

#include "crawler/source.h"

/* A text elsewhere: the index of the source that reads it, its raw address and the key of that (url.h). */
struct followed {
	int64_t source;
	struct str url, key;
};

/*
 * Find in `text` the addresses that lead to a followed source, with or without "https://", each once, at most `max` of them.
 * Returns how many; they live in `a`.
 */
size_t follow_links(const struct source *sources, size_t n, struct str text, struct arena *a, struct followed *out, size_t max);

#endif
