/* page_case.h - how takedowns are spoken of on all pages that name them */
/* Runs in: verbs (`report`). Pure. */
#ifndef WATCHDESK_WEB_PAGE_CASE_H
#define WATCHDESK_WEB_PAGE_CASE_H

#include "web/page.h"

/* "a threat of violence" ... */
void page_grounds(struct buf *out, const struct page_manner *m, struct str grounds);
/* The state of a case or a target. */
void page_state(struct buf *out, const struct page_manner *m, struct str state);
/* What a clock counts; the host's name for an audience that may see addresses. */
void page_clock(struct buf *out, const struct page_manner *m, const struct case_clock *c);
/* A chip that says why it waits too long; nothing when it does not. */
void page_late(struct buf *out, const struct page_manner *m, enum case_late late);

#endif
