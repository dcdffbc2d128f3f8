/* census.h - what tests of pages share: a hostile text, in which manner a page is written, and a page as a browser reads it */
#ifndef WATCHDESK_TESTS_CENSUS_H
#define WATCHDESK_TESTS_CENSUS_H

#include "tests/support.h"

#include <gumbo.h>

#include "web/page.h"

/* 2026-11-23T09:38:36Z */
#define NOW INT64_C(1795426716000000)

#define DAY_US INT64_C(86400000000)
#define MANNER                                                         \
	{                                                              \
		&words_english, &audiences[0], STR("Example Pictures") \
	}
#define HOSTILE                                                                                                 \
	"</title></style></bdi></pre></td></table></main><script>alert(1)</script><img src=x onerror=alert(2)>" \
	"\"><svg onload=alert(3)>' onfocus=alert(4) autofocus <!-- --> ]]> &lt;b&gt; &#0; <base href=//evil.example>\x1b[31m"

struct census {
	size_t elements; /* but for the marks of hidden characters */
	size_t links, mistakes;
	size_t by_tag[GUMBO_TAG_LAST];
};

/* The node behind this one, in the order of the page; NULL behind the last. */
const GumboNode *census_next(const GumboNode *n);
/* Parse a page, count its elements, and check what holds for every page: no mistake, nothing but elements, attributes and
 * links of ours. */
void take_census(const struct buf *page, struct census *c);

#endif
