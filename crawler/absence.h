/* absence.h - which of a thread's posts were deleted, and which may only have moved to another page of it */
/* Runs in: writer. Pure; times are microseconds UTC. */
#ifndef WATCHDESK_CRAWLER_ABSENCE_H
#define WATCHDESK_CRAWLER_ABSENCE_H

#include "base/str.h"

#define ABSENCE_PATIENCE INT64_C(172800000000) /* us: two days, in which each page of a thread is read at least once */

enum absence {
	ABSENCE_NONE,	 /* it is there */
	ABSENCE_UNKNOWN, /* it may have moved: look again */
	ABSENCE_DELETED,
};

/* A post that was read at a page before. */
struct absence_post {
	struct str key;
	int64_t posted_at; /* meaningful when it is dated */
	bool dated;
	int64_t last_seen;    /* on any page */
	enum absence absence; /* the answer */
};

/*
 * Judge the posts of a page by the keys that it holds now. On a page that is all of its thread whatever is missing was
 * deleted. Else posts move between pages as others are added or taken out, at the page's ends only: one that is missing
 * between an older and a newer one was deleted, and any other was when it has been nowhere for
 * ABSENCE_PATIENCE. Returns how many are ABSENCE_UNKNOWN.
 */
size_t absence_judge(struct absence_post *posts, size_t n, const struct str *there, size_t n_there, bool whole, int64_t now);

#endif
