/* report_index.c - the first page: from the store, and last of all */
#include "base/limits.h"
#include "store/custody.h"
#include "store/outbox.h"
#include "web/page.h"
#include "web/report_parts.h"

#define DAY_US INT64_C(86400000000)
enum { NEW_SHOWN = 40, OPEN_SHOWN = 12, HIGHEST = 100 };

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

/* What was found since yesterday, and the worst of it. */
static int read_new(struct report *r, struct index_page *p, struct err *err)
{
	const struct overview_span span = { p->since, p->now + 1, report_least(r) };
	struct overview_day *days, *sum = arena_alloc(r->a, sizeof(*sum));
	struct finding *findings, *any;
	size_t n, n_any;

	if (overview_of_level(r->store, report_least(r), HIGHEST, 1, r->a, &any, &n_any, err) < 0 ||
	    overview_days(r->store, &span, r->a, &days, &n, err) < 0 ||
	    overview_of_span(r->store, &span, NEW_SHOWN, r->a, &findings, &p->n_fresh, err) < 0)
		return err->code;
	*sum = (struct overview_day){ 0 };
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < OVERVIEW_LEVELS; k++)
			sum->n[k] += days[i].n[k];
	p->any = n_any > 0;
	p->day = sum;
	p->fresh = findings;
	return 0;
}

static int read_open(struct report *r, struct index_page *p, struct err *err)
{
	int least = report_least(r) > overview_levels[1] ? report_least(r) : overview_levels[1];
	struct overview_open *open;

	if (overview_open(r->store, least, OPEN_SHOWN, r->a, &open, &p->n_open, err) < 0)
		return err->code;
	p->open = open;
	return overview_open_count(r->store, least, &p->open_count, &p->held, err);
}

static int read_pictures(struct report *r, struct index_page *p, struct err *err)
{
	const struct overview_span month = { (p->now / DAY_US - PAGE_DAYS + 1) * DAY_US, p->now + 1, report_least(r) };
	int64_t *hours = arena_alloc(r->a, OVERVIEW_HOURS * sizeof(*hours));
	struct overview_day *days;
	struct overview_count *kinds;
	struct precision *rules = NULL;

	if (overview_days(r->store, &month, r->a, &days, &p->n_days, err) < 0 ||
	    overview_hours(r->store, &month, hours, err) < 0 ||
	    overview_kinds(r->store, &month, r->a, &kinds, &p->n_kinds, err) < 0)
		return err->code;
	if (page_shows_precision(&p->manner) && precision_list(r->store, PRECISION_OF_RULE, r->a, &rules, &p->n_rules, err) < 0)
		return err->code;
	p->days = days;
	p->hours = hours;
	p->kinds = kinds;
	p->rules = rules;
	return 0;
}

static int read_watch(struct report *r, struct index_page *p, struct err *err)
{
	struct source_health *sources;
	int has_round = store_round_last(r->store, &p->last_round, err);

	if (has_round < 0 || health_list(r->store, p->now, r->a, &sources, &p->n_sources, err) < 0 ||
	    outbox_count(r->store, "dead", &p->dead_letters, err) < 0)
		return err->code;
	p->has_round = has_round > 0;
	p->sources = sources;
	return 0;
}

int report_index(struct report *r, struct err *err)
{
	struct index_page p = { .manner = report_manner(r), .now = r->options->now, .since = r->options->now - DAY_US };

	if ((audience_sees(p.manner.audience, SEES_CUSTODY) && put_anchor(r, &p.anchor, err) < 0) || read_new(r, &p, err) < 0 ||
	    read_open(r, &p, err) < 0 || read_watch(r, &p, err) < 0 || read_pictures(r, &p, err) < 0)
		return err->code;
	p.cases = r->cases;
	p.n_cases = r->n_cases;
	p.open_cases = r->open_cases;
	p.late_cases = r->late_cases;
	p.links = (struct page_links){
		.assets = edition_has(r->edition, "assets.html"),
		.campaigns = edition_has(r->edition, "campaigns.html"),
		.sources = edition_has(r->edition, "sources.html"),
		.takedowns = edition_has(r->edition, "takedowns.html"),
		.about = edition_has(r->edition, "about.html"),
		.lists = r->lists,
		.findings = edition_has(r->edition, "findings.html"),
	};
	buf_clear(&r->page);
	page_index(&r->page, &p);
	return edition_close(r->edition, "index.html", &r->page, err);
}
