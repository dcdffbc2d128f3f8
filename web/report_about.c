/* report_about.c - what this report is, and what was purged */
#include "base/limits.h"
#include "store/custody.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { PURGED_LISTED = 400 };

static int put_purged(struct report *r, struct err *err)
{
	struct purged_page p = { .manner = report_manner(r), .now = r->options->now };
	struct purged_row *rows;

	if (!audience_sees(p.manner.audience, SEES_CUSTODY))
		return 0;
	arena_clear(r->each);
	if (purged_list(r->store, PURGED_LISTED, r->each, &rows, &p.n, &p.more, err) < 0)
		return err->code;
	p.rows = rows;
	buf_clear(&r->page);
	page_purged(&r->page, &p);
	return report_put(r, "purged.html", err);
}

int report_about(struct report *r, struct err *err)
{
	struct about_page p = { .manner = report_manner(r), .now = r->options->now };
	AUTO(buf) anchor = BUF_INIT(256);
	struct version_row *versions;

	if (put_purged(r, err) < 0)
		return err->code;
	arena_clear(r->each);
	if (version_list(r->store, r->each, &versions, &p.n_versions, err) < 0 || anchor_text(r->store, &anchor, err) < 0)
		return err->code;
	p.versions = versions;
	p.anchor = buf_str(&anchor);
	buf_clear(&r->page);
	page_about(&r->page, &p);
	return report_put(r, "about.html", err);
}
