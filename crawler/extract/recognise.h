/* recognise.h - what software a page is of, and what robots.txt says, as a post that tells it */
/* Runs in: worker (telling); supervisor and verbs (checking an engine, and reading what was told). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_RECOGNISE_H
#define WATCHDESK_CRAWLER_EXTRACT_RECOGNISE_H

#include "base/arena.h"
#include "base/err.h"

/*
 * A page of kind PAGE_UNKNOWN becomes one post. Its author is "page" or "robots.txt", and each line of its text is a key, a
 * colon, a space and a value. Of a page:
 *
 *   by: engine, link, guess or nothing: an engine's signs, a feed that the page names, a guess at its list of links
 *   sign: the first that held; of a guess how many links are alike
 *   also: further engines that have signs there
 *   engine, url, listing, links, next, raw: what a source has to say
 *
 * Of a robots.txt: `rule` (allowed or not, the line, the rule), once for each address
 * that was asked about and in their order, and `delay` in seconds. It comes from a stranger's page, through a process that may
 * have been taken over: what is done with a value is for who reads it.
 */

/*
 * Can it be looked for? A sign is an XPath over HTML, or over a feed or a sitemap read as if it were HTML; or a JSON path that
 * finds something, with "~ TEXT" behind it something that holds the text. E_USAGE with what is wrong.
 */
int recognise_check(struct arena *a, struct str sign, struct err *err);

#endif
