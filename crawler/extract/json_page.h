/* json_page.h - what a source's JSON paths make of a document: posts, addresses, the next page */
/* Runs in: worker; verbs (`stage posts`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_JSON_PAGE_H
#define WATCHDESK_CRAWLER_EXTRACT_JSON_PAGE_H

#include "crawler/source.h"

/* As the document says it, but for HTML, which is text by now; dates are as written, addresses not resolved. */
struct json_entry {
	struct str key, url, author, author_id, title, date, text, quoted, edited;
};

/* An address of an item, and what the source's `activity` makes of the item. */
struct json_link {
	struct str url, activity;
};

struct json_page {
	struct json_entry *entries; /* in the document's order, at most LIMIT_POSTS; those without a text are left out */
	size_t n;
	size_t n_items;		 /* ... counted with those */
	struct json_link *links; /* in the document's order, at most LIMIT_LINKS */
	size_t n_links;
	struct str next; /* empty when there is none */
	bool gone;	 /* one of the source's soft_404 finds something other than null, false, 0 or "" */
	bool cut;	 /* there were more items or links than are kept */
};

/* Are the selectors of a source right for JSON? E_USAGE with the key in front; *wrong is the one that is not. */
int json_page_check(const struct source *s, struct arena *a, struct yaml_text *wrong, struct err *err);
/* Read a document in clean UTF-8 that came from `address`. E_BAD when it is no JSON, or looked at too often. Lives in `a`. */
int json_page_read(const struct source *s, struct str utf8, struct str address, struct arena *a, struct json_page *out,
		   struct err *err);

#endif
