/* render.h - a captured page as PDF or PNG, by headless Chromium, from the captured bytes alone */
/* Runs in: verbs; Chromium runs in a child with a folder of its own, without network and scripts, under a deadline. */
#ifndef WATCHDESK_DESK_RENDER_H
#define WATCHDESK_DESK_RENDER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct render_page {
	struct str url;	 /* where it was captured: relative addresses in it are resolved against that, and not fetched */
	struct str body; /* decoded */
	struct str content_type; /* of its response; empty for none */
	bool png;		 /* else PDF */
	int64_t patience_ms;	 /* 0 for 60 seconds */
};

/* What can be said of how it was made, for custody. Lives in the arena. */
struct render_facts {
	struct str program; /* "Chromium 150.0 ..." */
	struct str network, sandbox, encoding;
};

/*
 * Append the rendering to `out`. E_USAGE when there is no Chromium (it says what to install), E_BAD when the page is nothing
 * that is rendered, E_IO when Chromium fails, E_BUSY when it is not done in time.
 */
int render_page(const struct render_page *p, struct arena *a, struct buf *out, struct render_facts *facts, struct err *err);
/* The page as a web archive (MHTML, RFC 2557) of one part, in UTF-8: what Chromium is given. Scripts do not run in one. */
int render_archive(const struct render_page *p, struct arena *a, struct buf *out, struct render_facts *facts, struct err *err);

#endif
