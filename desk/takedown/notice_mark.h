/* notice_mark.h - what stands in braces and angle brackets in the text of a notice: {fact}, <element>its sentence</element> */
/* Runs in: supervisor, verbs, writer. Pure. Shared by notice_read.c and notice.c; everybody else knows notice.h. */
#ifndef WATCHDESK_DESK_TAKEDOWN_NOTICE_MARK_H
#define WATCHDESK_DESK_TAKEDOWN_NOTICE_MARK_H

#include "desk/takedown/notice.h"

enum mark { MARK_FACT, MARK_OPEN, MARK_CLOSE, MARK_END };

/* The next mark of the text: what stands before it, and which; MARK_END when there is none, `before` is then all. */
enum mark mark_next(struct str *rest, struct str *before, struct str *name);
/* The sentence that is marked with the element's name, marks of facts in it; empty when there is none. */
struct str mark_sentence(struct str text, struct str element);
/* The element with this name; NULL. */
const struct notice_element *mark_element(const struct notice_template *t, struct str name);
/* Does an element ask for the fact, with what is known? */
bool mark_is_required(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str fact);

#endif
