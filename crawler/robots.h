/* robots.h - may we fetch this path? (RFC 9309) */
/* Runs in: net, worker; verbs (`stage robots`). */
#ifndef WATCHDESK_CRAWLER_ROBOTS_H
#define WATCHDESK_CRAWLER_ROBOTS_H

#include "base/arena.h"

/* The rules of one robots.txt that concern one agent. */
struct robots;

/* The rule that decided. */
struct robots_answer {
	bool allowed;
	int line;	 /* in robots.txt, from 1; 0 when no rule spoke */
	struct str rule; /* "disallow: /private" as written; empty when no rule spoke */
};

/*
 * Read the rules for `agent` (a product token) out of `text`, keeping them in `a`; skip what is not understood. Of a hostile
 * file of LIMIT_ROBOTS bytes they take up to 32 MiB.
 */
struct robots *robots_parse(struct arena *a, struct str text, struct str agent);
/* True unless the longest rule matching the address's path and query forbids it; /robots.txt itself is always allowed. */
bool robots_allows(const struct robots *r, struct str url, struct robots_answer *answer);
/* Crawl-delay in milliseconds, 0 when none was given. Not in the RFC but honoured. */
int64_t robots_delay_ms(const struct robots *r);

#endif
