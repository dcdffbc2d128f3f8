/* extract_inner.h - between the files that read a page: what is in hand meanwhile */
/* Runs in: worker; verbs (`stage`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_EXTRACT_INNER_H
#define WATCHDESK_CRAWLER_EXTRACT_EXTRACT_INNER_H

#include "crawler/extract/extract.h"
#include "crawler/extract/text.h"
#include "crawler/extract/xpath.h"

struct url;

/* One page while it is read. What is not in the arena hangs on `xpath`. */
struct work {
	const struct source *s;
	const struct reply *r;
	struct arena *a;
	struct page *out;
	struct err *err;
	struct str text; /* the body in clean UTF-8 */
	struct str base; /* what links are resolved against */
	struct _xmlDoc *doc;
	struct xpath *xpath;
	struct arena *scratch; /* of one record of a file; NULL for other pages */
	int failed;	       /* the first answer below 0 of a selector */
	struct str *keys;      /* of the addresses in out->next: a hash table */
	size_t n_keys;
};

/* extract.c: a new post at the end of the page; a key for what has none; the time that `words` tell, unless it has one. */
struct post *extract_post_new(struct work *w);
struct str extract_digest(struct arena *a, struct str one, struct str two);
void extract_date(struct work *w, struct str words, int64_t now_us, struct post *post);

/* A link as a page has it; what is not there is empty. */
struct found_link {
	struct str href, title, activity;
};

/* extract_links.c: add an address to follow; false when it is none, was there, or the page has had its share. */
bool extract_follow(struct work *w, enum page_kind kind, struct found_link link);
/* The same for a link from a listing or a feed: to what the source reads posts from. */
bool extract_follow_post(struct work *w, struct found_link link);
/* Where a source has the text behind a link. */
struct str extract_raw_address(struct arena *a, const struct source *s, const struct url *link);
/* A page does not lead to itself. */
void extract_see_self(struct work *w);
/* The key of a raw text or a file. */
struct str extract_raw_key(struct work *w);

/* extract_html.c: make w->text a tree that XPaths walk. */
int extract_parse(struct work *w);
/* What came with a status that says that it is none: the page of a gate, or no more than that status. */
int extract_refusal(struct work *w);
/* It is no page; and the same for one whose selectors match nothing, which may be another page in its place (soft.h). */
void extract_problem(struct work *w, enum problem problem, struct str name);
void extract_nothing(struct work *w, struct str otherwise);
/* The author's own words in an element, and apart from them what post.quotes finds at `from`. */
void extract_words(struct work *w, const struct _xmlNode *element, struct _xmlNode *from, struct post *post);

/* extract_sitemap.c: where the page is an index of sitemaps, follow those that changed last. */
int extract_sitemaps(struct work *w);

/* Read the page of a kind: extract_html.c, extract_feed.c, extract_json.c. */
int extract_listing(struct work *w);
int extract_thread(struct work *w);
int extract_raw(struct work *w);
int extract_target(struct work *w);
int extract_feed(struct work *w);
int extract_json(struct work *w);
/* recognise.c: what a page is that no source describes. */
int extract_unknown(struct work *w);

#endif
