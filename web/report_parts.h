/* report_parts.h - the parts of a report: each reads its rows, makes its pages and puts them into the edition */
/* Runs in: verbs (`report`), supervisor. Shared by report.c and report_*.c. */
#ifndef WATCHDESK_WEB_REPORT_PARTS_H
#define WATCHDESK_WEB_REPORT_PARTS_H

#include "base/arena.h"
#include "store/finding_pages.h"
#include "web/edition.h"
#include "web/page.h"
#include "web/report.h"

enum { REPORT_LIST = 200 }; /* ids on one list */

/* What one report needs on its way. */
struct report {
	struct store *store;
	const struct report_options *options;
	struct edition *edition;
	struct arena *a;	       /* as long as the report */
	struct arena *each;	       /* of one page, cleared between them */
	struct buf page;	       /* the page in hand, cleared between them */
	int64_t lists;		       /* the number of the newest of all findings, once they are written */
	struct finding_sums sums;      /* of what was not dismissed, once the findings are written */
	const struct case_line *cases; /* open ones, once they are written: the first of their list */
	size_t n_cases;
	const struct overview_source *by_source; /* of those sources most was found, once they are written */
	size_t n_by_source;
	int64_t open_cases, late_cases; /* how many there are, also of those that wait too long */
};

/* How its pages are written. */
struct page_manner report_manner(const struct report *r);
/* Put the page in hand under this name, if it is another than before. */
int report_put(struct report *r, const char *name, struct err *err);
/* Ids name files, so that a damaged store must not name one elsewhere: 32 hexadecimal digits. */
bool report_is_id(struct str id);

/* Some ids in a row, of REPORT_LIST. */
struct report_span {
	int64_t first, last;
	void *context; /* that of its lists */
};
/* What has an id in the store, in lists of REPORT_LIST ids. */
struct report_lists {
	const char *folder;
	int64_t last; /* id */
	/* Put the pages of those, and append to `stamps` what a list of them depends on. */
	int (*pages)(struct report *r, const struct report_span *span, struct buf *stamps, struct err *err);
	/* Make the list of them in r->page; r->each is empty. */
	int (*list)(struct report *r, const struct report_span *span, const struct list_place *place, struct err *err);
	void *context;
};
/* Put all pages and lists; a list of ids of which nothing is shown is not there. The number of the newest list, 0 for none. */
int report_lists(struct report *r, const struct report_lists *l, int64_t *newest, struct err *err);
/* What is listed so many to a page, in an order of its own: all pages of it change with it. */
struct report_turns {
	const char *name; /* of its pages: page_place() */
	size_t n, on_page;
	/* Make the page of rows [first, first + n) in r->page; n is 0 where there is no row at all. */
	void (*page)(struct report *r, const struct list_place *place, size_t first, size_t n, const void *rows);
	const void *rows;
};
/* Put all pages of it; one at least. */
int report_turns(struct report *r, const struct report_turns *t, struct err *err);

/* A page for each finding, and lists of them in the order in which they were found: a list changes only where a finding did. */
int report_findings(struct report *r, struct err *err);
/* Count a finding of one of the lists. */
void report_sum_up(struct report *r, const struct finding_stamp *s, int64_t list);
/* Ways to the findings: by severity, by category, by day with a page for each year. */
int report_ways(struct report *r, struct err *err);
/* Feeds, and findings for programs. */
int report_feeds(struct report *r, struct err *err);
/* The least severity of findings that its audience sees, and that have a page. */
int report_least(const struct report *r);

/* A page for each campaign of two findings or more, and one of all. */
int report_campaigns(struct report *r, struct err *err);
/* The page of a campaign from a folder of the report, in r->each; empty when it has none. */
int report_campaign_page(struct report *r, int64_t campaign_id, struct str *out, struct err *err);
/* A page for each source, and pages of all: when each was seen. */
int report_sources(struct report *r, struct err *err);
/* A page for each takedown, and one of all. */
int report_takedowns(struct report *r, struct err *err);
/* What this report is, and what was purged. */
int report_about(struct report *r, struct err *err);
/* A page for each asset and one of all; the newest findings of each level and category. */
int report_assets(struct report *r, struct err *err);
/* The first page, last of all. */
int report_index(struct report *r, struct err *err);

#endif
