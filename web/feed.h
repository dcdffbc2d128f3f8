/* feed.h - findings for programs: Atom, JSON Feed, a JSON file and a table */
/* Runs in: verbs (`report`), supervisor. Pure. Standards: Atom (RFC 4287), JSON Feed 1.1, RFC 8259, RFC 4180. They hold what
 * the audience may see, and addresses that nothing opens; no time of making, so that the same rows give the same bytes. */
#ifndef WATCHDESK_WEB_FEED_H
#define WATCHDESK_WEB_FEED_H

#include "base/buf.h"
#include "store/finding.h"
#include "web/page.h"

/* What all of one report's feeds have in common. */
struct feed_facts {
	const struct page_manner *manner;
	struct str address; /* where the folder is published, with its slash; empty when it is not known */
	bool complete;	    /* none was left out for its age */
};

/* One way to write them. */
struct feed_form {
	const char *name; /* of its file */
	size_t most;	  /* findings that it holds, the newest */
	void (*add)(const struct feed_facts *facts, struct buf *body, const struct finding *f);
	/* The whole file, around what was added; `newest` is the last change of all added, 0 for none. */
	void (*finish)(const struct feed_facts *facts, struct str body, int64_t newest, struct buf *out);
};

enum { FEED_FORMS = 4 };
extern const struct feed_form feed_forms[FEED_FORMS];

/* A file on its way. */
struct feed_writer {
	const struct feed_form *form;
	const struct feed_facts *facts;
	struct buf body;
	size_t n;
	int64_t newest;
};

/* Begin one; release it with feed_release(). */
void feed_init(struct feed_writer *feed, const struct feed_form *form, const struct feed_facts *facts);
/* Add a finding, the newest first; true while there is room for more. */
bool feed_add(struct feed_writer *feed, const struct finding *f);
/* Append the whole file. */
void feed_finish(const struct feed_writer *feed, struct buf *out);
/* What was added goes; `facts` are the caller's. */
void feed_release(struct feed_writer *feed);

#endif
