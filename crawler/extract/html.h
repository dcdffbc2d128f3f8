/* html.h - HTML5 into a tree that XPath can walk */
/* Runs in: worker; verbs (`stage text`). Standard: WHATWG HTML parsing, as gumbo does it; the only user of gumbo. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_HTML_H
#define WATCHDESK_CRAWLER_EXTRACT_HTML_H

#include "base/err.h"
#include "crawler/extract/tree.h"

/*
 * Parse clean UTF-8. The tree lives in `a`; elements nested deeper than LIMIT_DEPTH are lifted up to that depth, so their
 * text is kept. E_LIMIT when the arena is too small for the page.
 */
int html_parse(struct arena *a, struct str utf8, struct _xmlDoc **out, struct err *err);

struct html_link {
	struct str href, rel, text; /* href resolved, in WHATWG form */
};

/* What a reader sees of a page, and where it leads. */
struct html_text {
	struct str title, text;
	struct html_link *links; /* <a> and <link> with http or https addresses, in order, at most LIMIT_LINKS */
	size_t n_links;
};

/* Parse and read a whole page. `base` is its address; a <base href> in the page replaces it. */
int html_read(struct str utf8, struct str base, struct arena *a, struct html_text *out, struct err *err);
/* What relative addresses in the page are resolved against. */
struct str html_base(const struct _xmlDoc *doc, struct str address, struct arena *a);

#endif
