/* extract.h - bytes in, posts out: charset, HTML, feeds and plain text */
/* Runs in: worker; verbs (`stage`); its types are every role's. Pure, without recursion over input; warm up before the filter.
 */
#ifndef WATCHDESK_CRAWLER_EXTRACT_EXTRACT_H
#define WATCHDESK_CRAWLER_EXTRACT_EXTRACT_H

#include "crawler/source.h"

/* A response as it came. */
struct reply {
	struct str url;		 /* where it was found in the end */
	struct str content_type; /* header values, empty when absent */
	struct str content_encoding;
	struct str etag; /* of a piece of a file its place (local.h) */
	struct str body; /* as coded on the wire */
	enum page_kind kind;
	int status;    /* from 400 on it is no page, and the question is what it is instead; 0 when not known */
	int64_t at_us; /* when it came, for "5 minutes ago"; 0 when not known */
};

enum precision { PRECISION_NONE, PRECISION_YEAR, PRECISION_DAY, PRECISION_MINUTE, PRECISION_SECOND };

/* One message by one author at one place. Texts are clean UTF-8. */
struct post {
	/*
	 * The site's own, unique within the source: post.key, the id of a feed's entry, what stood for {key} in the address of
	 * a raw text; else its address, or a digest. Of a file its address.
	 */
	struct str key;
	struct str url, author, title;
	struct str author_id;  /* the site's own, which stays when the name changes; empty when it shows none */
	struct str text;       /* canonical: spans count in it */
	struct str quoted;     /* what others said, kept apart from it by post.quotes */
	struct str edited;     /* when it was edited last, or that it was, in the site's words; empty when it does not say so */
	struct str posted_raw; /* the site's own words for the time */
	int64_t posted_at;     /* us UTC; meaningful unless precision is NONE */
	enum precision precision;
	bool zone_known; /* else UTC was assumed */
};

/* A further address to fetch. */
struct next_page {
	enum page_kind kind;
	struct str url;
	struct str title; /* the words of the link; empty when it has none */
	/*
	 * What the source's `activity` finds beside the link, on one line, at most LIMIT_FIELD bytes (a digest of what is
	 * longer): another value tells of a new post behind the link. Empty when nothing is found, and for a feed's links.
	 */
	struct str activity;
};

struct page {
	struct post *posts;
	size_t n_posts;
	struct next_page *next; /* links to follow, in the page's order, each once */
	size_t n_next;
	struct str encoding;	  /* "windows-1251" */
	struct str encoding_from; /* "bom", "http", "meta", "detected" */
	/*
	 * Why this is no page: "soft 404", "empty listing", "empty thread", "empty feed", "empty page", "login page", the name
	 * of a sign ("Cloudflare challenge"), "status 503"; else empty. Then there are no posts; but the target of a takedown
	 * has one, all that the page says, and this is what it seems to be in case that the text that is looked for is not
	 * there.
	 */
	struct str problem;
	enum problem problem_class;
	/* Of files only: something in it was passed over, as this says; where to go on; there is more to read at once. */
	struct str trouble, etag;
	bool more;
	struct answer *answers; /* of a source of answers only */
	size_t n_answers;
	bool cut; /* JSON only: it held more posts or links than LIMIT_POSTS or LIMIT_LINKS, and these are the first */
};

/* Load tables that the libraries read on first use; call before the process is confined. */
void extract_warm_up(void);
/* Read a response into a page. `out` lives in `a`. E_BAD or E_LIMIT: the reply cannot be read, `err` says why. */
int extract_page(const struct source *s, const struct reply *r, struct arena *a, struct page *out, struct err *err);

#endif
