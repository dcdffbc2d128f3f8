/* report_index.c - the first page: from the store, and last of all */
#include "base/limits.h"
#include "store/custody.h"
#include "store/outbox.h"
#include "web/page.h"
#include "web/report_parts.h"

/* The head of the custody chain, for whoever keeps a copy. */
static int put_anchor(struct report *r, struct str *anchor, struct err *err)
{
	AUTO(buf) text = BUF_INIT(256);
	int there = anchor_text(r->store, &text, err);

	if (there < 0)
		return there;
	*anchor = arena_copy(r->a, buf_str(&text));
	buf_clear(&r->page);
	if (there)
		buf_printf(&r->page, "%.*s\n", STR_ARG(*anchor));
	return report_put(r, "anchor.txt", err);
}

int report_index(struct report *r, struct err *err)
{
	struct finding_filter all = { .least_severity = FINDING_SEVERITY };
	struct index_page p = { .manner = report_manner(r), .now = r->options->now };
	struct finding *findings;
	struct source_health *sources;
	int has_round = store_round_last(r->store, &p.last_round, err);

	if (has_round < 0 || finding_list(r->store, &all, r->a, &findings, &p.n_findings, err) < 0 ||
	    health_list(r->store, r->options->now, r->a, &sources, &p.n_sources, err) < 0 ||
	    put_anchor(r, &p.anchor, err) < 0 || finding_count(r->store, &p.counts, err) < 0 ||
	    outbox_count(r->store, "dead", &p.dead_letters, err) < 0)
		return err->code;
	p.has_round = has_round > 0;
	p.findings = findings;
	p.sources = sources;
	p.lists = r->lists;
	buf_clear(&r->page);
	page_index(&r->page, &p);
	return edition_close(r->edition, "index.html", &r->page, err);
}
