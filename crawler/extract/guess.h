/* guess.h - which links of a page are its list? a guess, for pages of software that nobody described */
/* Runs in: worker; verbs (`stage`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_GUESS_H
#define WATCHDESK_CRAWLER_EXTRACT_GUESS_H

#include "crawler/extract/tree.h"

/* The largest group of links that stand alike (the same three elements around each) and lead alike (the same form of path). */
struct guess {
	struct str links; /* an XPath that finds them; empty when no group has LIMIT_ALIKE addresses */
	size_t n;	  /* different addresses among them */
	struct str first; /* one of them, resolved */
};

/* Look at the links of `doc` to the host of `base`, the address it came from; a group in a list or table weighs twice. */
void guess_links(const struct _xmlDoc *doc, struct str base, struct arena *a, struct guess *out);

#endif
