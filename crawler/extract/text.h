/* text.h - what a reader sees of an element */
/* Runs in: worker; verbs (`stage text`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_TEXT_H
#define WATCHDESK_CRAWLER_EXTRACT_TEXT_H

#include "crawler/extract/tree.h"

struct text_options {
	bool preformatted; /* white space stays, as in <pre>: pages that a style sheet lays out so */
	bool links;	   /* write the address of an outside link behind its text, where the text does not say it */
};

/*
 * The text of an element as it is laid out: paragraphs a blank line apart, line breaks, list items with "- " or their
 * number, table cells a TAB apart, "> " before quotations, white space kept in <pre>. No scripts, styles or templates.
 * Clean UTF-8, at most `max` bytes, cut between characters.
 */
struct str text_of_element(struct arena *a, const struct _xmlNode *element, size_t max, struct text_options options);
/* Elements that are told apart from the text around them: quotations of others. */
struct text_apart {
	struct _xmlNode *const *items; /* in the page's order; those outside the element and inside one another do not matter */
	size_t n;
	struct str said; /* out: what they say, a blank line apart, at most `max` bytes */
};
/* The same without the elements of `apart`. */
struct str text_without(struct arena *a, const struct _xmlNode *element, size_t max, struct text_options options,
			struct text_apart *apart);
/* The same on one line, each run of white space one space. Of an attribute its value. */
struct str text_line(struct arena *a, const struct _xmlNode *node, size_t max);
/* `s` on one line, at most `max` bytes, cut between characters. */
struct str text_squeezed(struct arena *a, struct str s, size_t max);
/* `s` cut between characters to at most `max` bytes. */
struct str text_cut(struct str s, size_t max);

#endif
