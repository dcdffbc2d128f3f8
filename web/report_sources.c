/* report_sources.c - the page of sources */
#include "store/coverage.h"
#include "store/health.h"
#include "web/page.h"
#include "web/report_parts.h"

int report_sources(struct report *r, struct err *err)
{
	struct sources_page p = { .manner = report_manner(r), .now = r->options->now };
	struct source_health *sources;
	struct coverage *coverage;

	if (!audience_sees(p.manner.audience, SEES_SOURCES))
		return 0;
	arena_clear(r->each);
	if (health_list(r->store, p.now, r->each, &sources, &p.n, err) < 0)
		return err->code;
	coverage = arena_alloc(r->each, (p.n + 1) * sizeof(*coverage));
	for (size_t i = 0; i < p.n; i++)
		if (coverage_of(r->store, sources[i].source, p.now, &coverage[i], err) < 0)
			return err->code;
	p.sources = sources;
	p.coverage = coverage;
	buf_clear(&r->page);
	page_sources(&r->page, &p);
	return report_put(r, "sources.html", err);
}
