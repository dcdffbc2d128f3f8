/* scrub.h - make a feed as servers send it into XML that a parser accepts */
/* Runs in: worker; verbs (`stage feed`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_SCRUB_H
#define WATCHDESK_CRAWLER_EXTRACT_SCRUB_H

#include "base/arena.h"

/*
 * A copy of `xml` without declaration, document type (and so without entities to expand) and control characters; HTML's
 * named characters are written out, and an & that begins nothing is escaped.
 */
struct str scrub_xml(struct arena *a, struct str xml);

#endif
