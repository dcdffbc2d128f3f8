/* report_findings.c - a page for each finding, and lists of all of them */
#include <stdio.h>

#include "base/limits.h"
#include "store/custody.h"
#include "store/duty.h"
#include "store/evidence.h"
#include "store/finding_pages.h"
#include "store/queue.h"
#include "store/quoted.h"
#include "store/tick.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { MOST_READ = 1000 }; /* entries and sealed items of one finding */

/* The finding that this one quotes, when it has a page. */
static int original_of(struct report *r, const struct finding_stamp *s, struct str *out, struct err *err)
{
	struct finding_detail d, original;
	struct str id;
	int found = s->quotes ? finding_load(r->store, s->public_id, r->each, &d, err) : 0;

	*out = (struct str){ 0 };
	if (found <= 0)
		return found;
	id = quoted_finding(d.said.reasons, d.said.n_reasons);
	found = report_is_id(id) ? finding_load(r->store, id, r->each, &original, err) : 0;
	if (found > 0 && original.finding.severity >= report_least(r))
		*out = id;
	return found < 0 ? found : 0;
}

static int say_steps(struct report *r, const struct finding_page *page, struct tick *ticks, struct err *err)
{
	const struct report_options *o = r->options;
	const struct finding_detail seen = audience_detail(page->manner.audience, page->detail);

	for (size_t i = 0; o->say_step && i < page->n_ticks; i++)
		if (o->say_step(o->playbooks, r->store, &seen, r->each, &ticks[i], err) < 0)
			return err->code;
	return 0;
}

/* What people made of it. */
static int read_state(struct report *r, const struct finding_stamp *s, struct finding_page *page, struct err *err)
{
	struct takedown_row *cases;
	struct tick *ticks;

	if (duty_standing(r->store, s->id, r->each, &page->duty, err) < 0 ||
	    queue_state(r->store, s->id, r->each, &page->state, err) < 0 ||
	    tick_list(r->store, s->id, r->each, &ticks, &page->n_ticks, err) < 0 || say_steps(r, page, ticks, err) < 0 ||
	    takedown_list(r->store, s->id, 0, r->each, &cases, &page->n_cases, err) < 0)
		return err->code;
	for (size_t i = 0; i < page->n_cases; i++)
		if (!report_is_id(cases[i].public_id))
			return err_set(err, E_STORE, "the store holds a takedown whose id is not one; run watchdesk verify");
	page->ticks = ticks;
	page->cases = cases;
	page->has_cases = r->options->read_case != NULL;
	page->has_sources = true;
	return 0;
}

/* Which pages it leads to that may be there or not. */
struct finding_links {
	struct str original, campaign;
};

static int put_finding(struct report *r, const struct finding_stamp *s, const struct finding_links *links, const char *name,
		       uint64_t stamp, struct err *err)
{
	struct finding_detail detail;
	struct finding_page page = { .manner = report_manner(r),
				     .home = "../index.html",
				     .detail = &detail,
				     .original = links->original,
				     .campaign_page = links->campaign };
	struct custody_filter about = { .subject = arena_printf(r->each, "finding %.*s", STR_ARG(s->public_id)),
					.limit = MOST_READ };
	struct evidence_filter its = { .finding_id = s->id, .limit = MOST_READ };
	struct custody_row *custody;
	struct evidence_row *evidence;
	int found = finding_load(r->store, s->public_id, r->each, &detail, err);

	if (found <= 0)
		return found;
	if (custody_list(r->store, &about, r->each, &custody, &page.n_custody, err) < 0 ||
	    evidence_list(r->store, &its, r->each, &evidence, &page.n_evidence, err) < 0 || read_state(r, s, &page, err) < 0)
		return err->code;
	page.custody = custody;
	page.evidence = evidence;
	buf_clear(&r->page);
	page_finding(&r->page, &page);
	return edition_put(r->edition, name, stamp, &r->page, err);
}

static int need_finding(struct report *r, const struct finding_stamp *s, struct err *err)
{
	char name[FINDING_ID + 16];
	struct finding_links links;
	uint64_t stamp;

	if (!report_is_id(s->public_id))
		return err_set(err, E_STORE, "the store holds a finding whose id is not one; run watchdesk verify");
	arena_clear(r->each);
	if (original_of(r, s, &links.original, err) < 0 || report_campaign_page(r, s->campaign_id, &links.campaign, err) < 0)
		return err->code;
	buf_clear(&r->page);
	buf_printf(&r->page, "%.*s %.*s", STR_ARG(links.original), STR_ARG(links.campaign));
	buf_add(&r->page, (struct str){ (const char *)s->stamp, sizeof(s->stamp) });
	stamp = edition_stamp(buf_str(&r->page));
	snprintf(name, sizeof(name), "finding/%.*s.html", STR_ARG(s->public_id));
	return edition_keeps(r->edition, name, stamp) ? 0 : put_finding(r, s, &links, name, stamp, err);
}

static int put_pages(struct report *r, const struct report_span *span, struct buf *stamps, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct finding_stamp *rows;
	size_t n;

	if (finding_stamps(r->store, span->first, span->last, report_least(r), a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (need_finding(r, &rows[i], err) < 0)
			return err->code;
		report_sum_up(r, &rows[i], (span->last - 1) / REPORT_LIST + 1);
		buf_add(stamps, (struct str){ (const char *)rows[i].stamp, sizeof(rows[i].stamp) });
	}
	return 0;
}

static int make_list(struct report *r, const struct report_span *span, const struct list_place *place, struct err *err)
{
	struct list_page page = { .manner = report_manner(r), .place = *place };
	struct finding *findings;

	if (finding_between(r->store, span->first, span->last, report_least(r), r->each, &findings, &page.n, err) < 0)
		return err->code;
	page.findings = findings;
	page_list(&r->page, &page);
	return 0;
}

/* A list holds findings by their ids, so that one that is not shown any more leaves a gap and moves no other. */
int report_findings(struct report *r, struct err *err)
{
	struct report_lists lists = { .folder = "findings", .pages = put_pages, .list = make_list };

	if (finding_last(r->store, &lists.last, err) < 0)
		return err->code;
	return report_lists(r, &lists, &r->lists, err);
}
