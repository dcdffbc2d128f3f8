/* report_campaigns.c - a page for each campaign of two findings or more, and one of all */
#include <stdio.h>

#include "base/limits.h"
#include "store/campaign_pages.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { SHOWN = 100, LISTED = 200, DRAWN = 12, DOTS = 40 };

int report_campaign_page(struct report *r, int64_t campaign_id, struct str *out, struct err *err)
{
	struct str id;

	if (campaign_of_several(r->store, campaign_id, report_least(r), r->each, &id, err) < 0)
		return err->code;
	*out = report_is_id(id) ? arena_printf(r->each, "../campaign/%.*s.html", STR_ARG(id)) : (struct str){ 0 };
	return 0;
}

/* The findings that the audience sees, in time. */
static int read_findings(struct report *r, int64_t id, size_t most, struct campaign_finding **rows, size_t *n, struct err *err)
{
	size_t kept = 0;

	if (campaign_findings(r->store, id, report_least(r), most, r->each, rows, n, err) < 0)
		return err->code;
	for (size_t i = 0; i < *n; i++)
		if (report_is_id((*rows)[i].public_id))
			(*rows)[kept++] = (*rows)[i];
	*n = kept;
	return 0;
}

static int put_campaign(struct report *r, const struct campaign_stamp *s, const char *name, uint64_t stamp, struct err *err)
{
	struct campaign_page p = { .manner = report_manner(r) };
	struct campaign_contact *contacts;
	struct campaign_finding *findings;
	struct campaign_row row, *related;
	int found = campaign_get(r->store, s->id, report_least(r), r->each, &row, err);

	if (found <= 0)
		return found;
	if (read_findings(r, s->id, SHOWN, &findings, &p.n, err) < 0 ||
	    campaign_contacts(r->store, s->id, report_least(r), r->each, &contacts, &p.n_contacts, err) < 0 ||
	    campaign_related(r->store, s->id, report_least(r), r->each, &related, &p.n_related, err) < 0)
		return err->code;
	p.row = &row;
	p.findings = findings;
	p.contacts = contacts;
	p.related = related;
	buf_clear(&r->page);
	page_campaign(&r->page, &p);
	return edition_put(r->edition, name, stamp, &r->page, err);
}

static int need_campaign(struct report *r, const struct campaign_stamp *s, struct err *err)
{
	const uint64_t stamp = edition_stamp((struct str){ (const char *)s->stamp, sizeof(s->stamp) });
	char name[64];

	if (!report_is_id(s->public_id))
		return err_set(err, E_STORE, "the store holds a campaign whose id is not one; run watchdesk verify");
	snprintf(name, sizeof(name), "campaign/%.*s.html", STR_ARG(s->public_id));
	if (edition_keeps(r->edition, name, stamp))
		return 0;
	arena_clear(r->each);
	return put_campaign(r, s, name, stamp, err);
}

static int put_pages(struct report *r, const struct report_span *span, struct buf *stamps, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct campaign_stamp *rows;
	size_t n;

	if (campaign_stamps(r->store, span->first, span->last, report_least(r), a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (need_campaign(r, &rows[i], err) < 0)
			return err->code;
		buf_add(stamps, (struct str){ (const char *)rows[i].stamp, sizeof(rows[i].stamp) });
	}
	return 0;
}

static int make_list(struct report *r, const struct report_span *span, const struct list_place *place, struct err *err)
{
	struct campaign_list_page p = { .manner = report_manner(r), .place = *place };
	struct campaign_stamp *stamps;
	struct campaign_row *rows;
	size_t n;
	int found = 1;

	if (campaign_stamps(r->store, span->first, span->last, report_least(r), r->each, &stamps, &n, err) < 0)
		return err->code;
	rows = arena_alloc(r->each, (n + 1) * sizeof(*rows));
	for (size_t i = n; found >= 0 && i-- > 0;) {
		found = campaign_get(r->store, stamps[i].id, report_least(r), r->each, &rows[p.n], err);
		p.n += found > 0;
	}
	p.rows = rows;
	page_campaign_list(&r->page, &p);
	return found < 0 ? found : 0;
}

/* The dots of the first campaigns of the list. */
static int read_dots(struct report *r, struct campaigns_page *p, struct err *err)
{
	struct campaign_dot *dots = NULL;

	for (size_t i = 0; i < p->n_drawn; i++) {
		struct campaign_finding *findings;
		size_t n;

		if (read_findings(r, p->rows[i].id, DOTS, &findings, &n, err) < 0)
			return err->code;
		for (size_t k = 0; k < n; k++)
			*(struct campaign_dot *)arena_push(r->each, &dots, &p->n_dots,
							   sizeof(*dots)) = (struct campaign_dot){ i, findings[k] };
	}
	p->dots = dots;
	return 0;
}

int report_campaigns(struct report *r, struct err *err)
{
	const struct campaign_filter filter = { .least = 2, .least_severity = report_least(r), .limit = LISTED + 1 };
	struct campaigns_page p = { .manner = report_manner(r), .now = r->options->now };
	struct report_lists lists = { .folder = "campaigns", .pages = put_pages, .list = make_list };
	struct campaign_row *rows;

	if (campaign_last(r->store, &lists.last, err) < 0 || report_lists(r, &lists, &p.newest, err) < 0)
		return err->code;
	arena_clear(r->each);
	if (campaign_list(r->store, &filter, r->each, &rows, &p.n, err) < 0)
		return err->code;
	p.more = p.n > LISTED;
	p.n = p.more ? LISTED : p.n;
	p.n_drawn = p.n < DRAWN ? p.n : DRAWN;
	p.rows = rows;
	if (read_dots(r, &p, err) < 0)
		return err->code;
	buf_clear(&r->page);
	page_campaigns(&r->page, &p);
	return report_put(r, "campaigns.html", err);
}
