/* xpath.h - XPath 1.0 over a page, with a ceiling on its work */
/* Runs in: worker; supervisor and verbs (checking a configuration). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_XPATH_H
#define WATCHDESK_CRAWLER_EXTRACT_XPATH_H

#include "base/err.h"
#include "crawler/extract/tree.h"

/* XPath 1.0 has no word for a word of a class: has-class('post') is true at an element whose class has it. */

/* Is this an expression? E_USAGE with what is wrong with it. */
int xpath_check(struct str expression, struct err *err);

/* An evaluator over one page: what libxml2 allocates hangs on it. */
struct xpath;

/* The caller frees it, also when the arena was full meanwhile. */
struct xpath *xpath_new(struct _xmlDoc *doc);
void xpath_free(struct xpath *x);
AUTO_FREES(xpath)

struct xpath_nodes {
	struct _xmlNode **items; /* elements, attributes and texts, in the page's order */
	size_t n;
	struct str text; /* the value of an expression that yields no nodes */
};

/* Evaluate at `from` (NULL: at the root); at most `max` nodes. E_BAD when the page makes its expressions too costly together.
 */
int xpath_find(struct xpath *x, struct str expression, struct _xmlNode *from, size_t max, struct arena *a,
	       struct xpath_nodes *out, struct err *err);
/* Does the expression find something, or say true? */
bool xpath_holds(struct xpath *x, struct str expression, struct arena *a);
/* Load what libxml2 makes on first use. */
void xpath_warm_up(void);

#endif
