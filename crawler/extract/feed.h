/* feed.h - RSS 0.9x to 2.0, RDF (RSS 1.0) and Atom 0.3 and 1.0 */
/* Runs in: worker; verbs (`stage feed`). No network, no document types, no entities but HTML's own. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_FEED_H
#define WATCHDESK_CRAWLER_EXTRACT_FEED_H

#include "base/arena.h"
#include "base/err.h"

/* As the feed says it: summary and content may hold HTML, dates are as written. */
struct feed_entry {
	struct str id, link, title, author, published, updated, summary, content;
};

struct feed {
	struct str kind; /* "rss", "rdf", "atom" */
	struct str title;
	struct feed_entry *entries; /* in the feed's order, at most LIMIT_POSTS */
	size_t n;
};

/* Read a feed in clean UTF-8; `base` resolves relative links. E_BAD for HTML and for what is no feed. Lives in `a`. */
int feed_read(struct str utf8, struct str base, struct arena *a, struct feed *out, struct err *err);

#endif
