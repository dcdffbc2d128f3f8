/* page.h - the pages of the report, each from rows to HTML */
/* Runs in: verbs (`report`). Pure: no file, no clock, no store. */
#ifndef WATCHDESK_WEB_PAGE_H
#define WATCHDESK_WEB_PAGE_H

#include "base/buf.h"
#include "classify/classify.h"
#include "store/campaign.h"
#include "store/coverage.h"
#include "store/custody.h"
#include "store/duty.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/health.h"
#include "store/notice.h"
#include "store/purged.h"
#include "store/overview.h"
#include "store/precision.h"
#include "store/queue.h"
#include "store/takedown_check.h"
#include "store/takedown_numbers.h"
#include "store/tick.h"
#include "store/version.h"
#include "web/audience.h"
#include "web/words.h"

/* How every page of a report is written. */
struct page_manner {
	const struct words *words;
	const struct audience *audience;
	struct str organisation;
	struct str zone; /* of the desk, shown beside UTC: a name of the IANA database; empty for none */
};

/*
 * The name of a page about what has an outside name, without folder: "0123456789abcdef.html", from which nothing is told of it.
 * `kind` keeps pages of one name apart. Returns `out`.
 */
enum { PAGE_NAME = 32 };
const char *page_file(const struct page_manner *m, const char *kind, struct str name, char out[PAGE_NAME]);

struct case_line;

/* Which pages of all the report has beside the first. */
struct page_links {
	bool findings, assets, campaigns, sources, takedowns, about;
	int64_t lists; /* of all findings; 0 for none */
};

/* What the first page shows. */
struct index_page {
	struct page_manner manner;
	int64_t now;
	struct page_links links;
	bool any;			/* something was ever found */
	int64_t since;			/* what was found later is new */
	const struct overview_day *day; /* ... as one day; the worst of it are `fresh` */
	const struct finding *fresh;
	size_t n_fresh;
	const struct overview_open *open; /* severe, and nobody has judged them */
	size_t n_open;
	int64_t open_count, held;
	const struct source_health *sources;
	size_t n_sources;
	bool has_round;
	struct round last_round;
	int64_t dead_letters;	       /* that will not go */
	const struct case_line *cases; /* open ones, the first of their list */
	size_t n_cases;
	int64_t open_cases, late_cases;	 /* how many are open, and wait too long */
	const struct overview_day *days; /* of the last PAGE_DAYS */
	size_t n_days;
	const int64_t *hours; /* OVERVIEW_HOURS */
	const struct overview_count *kinds;
	size_t n_kinds;
	const struct precision *rules;
	size_t n_rules;
	struct str anchor; /* the head of the custody chain, "NODE SEQUENCE:HASH"; empty while there is none */
};
enum { PAGE_DAYS = 30 };

/* Append the whole first page. */
void page_index(struct buf *out, const struct index_page *p);
/* Its pictures; that of the assets by itself. */
void page_pictures(struct buf *out, const struct index_page *p);
void page_pictures_assets(struct buf *out, const struct index_page *p);
/*
 * Does the picture of how often rules were right stand on it? What is looked for is how the watch is done; and what was judged
 * to be nothing is not severe any more, so that whoever sees only what is would be told that all rules are always right.
 */
bool page_shows_precision(const struct page_manner *m);

/* Which page a page is of a list that is too long for one; pages are numbered from 1. */
struct list_place {
	int64_t number;
	int64_t of;	       /* how many there are; 0 for a list by ids, whose pages do not say: an old one stays as it is */
	int64_t before, after; /* the pages beside it, as a reader goes; 0 for none */
	const char *name;      /* "sources": the first page is sources.html, the others are in the folder of that name; NULL for
				  a list by ids: all are in one folder, the newest has the greatest number */
};
/* The place of a page in a list whose pages are counted. */
struct list_place page_place(const char *name, int64_t number, int64_t of);
/* From such a page to the index, and to the folder of the report: "index.html" and "", or "../index.html" and "../". */
const char *page_place_home(const struct list_place *p);
const char *page_place_below(const struct list_place *p);
/* The title of a page that is not the first of several: "Sources, page 2". */
void page_place_title(struct buf *out, const struct page_manner *m, const struct list_place *p, enum word title);
/* "Page 2 of 7", and the way to the pages beside it; nothing where there is one page. */
void page_turn(struct buf *out, const struct page_manner *m, const struct list_place *p);

/* The newest findings of a kind: of an asset, a level, a category. */
struct picked_page {
	struct page_manner manner;
	const char *home, *below;	    /* "../index.html" and "../", or "index.html" and "" */
	struct str title;		    /* may be hostile: the name of an asset */
	const struct overview_asset *asset; /* its counts; NULL for no asset */
	const struct finding *findings;
	size_t n;
	bool more; /* than these */
};
void page_picked(struct buf *out, const struct picked_page *p);

struct assets_page {
	struct page_manner manner;
	struct list_place place;
	const struct overview_asset *assets; /* those on this page */
	size_t n;
};
/* Append a page of the assets. */
void page_assets(struct buf *out, const struct assets_page *p);
/* The name of an asset's page, in the folder `asset`. */
const char *page_asset_name(const struct page_manner *m, struct str asset, char out[PAGE_NAME]);

struct list_page {
	struct page_manner manner;
	struct list_place place;
	const struct finding *findings; /* the newest first */
	size_t n;
};

/* Append a page of the list of all findings, in the folder `findings`. */
void page_list(struct buf *out, const struct list_page *p);
/* A table of findings with its caption; `below` leads to the folder of their pages: "", "../". */
void page_findings(struct buf *out, const struct page_manner *m, enum word caption, const struct finding *findings, size_t n,
		   const char *below);

/* A day, by its midnight: how many findings of each level it brought, and the list of the last of them. */
struct day_line {
	int64_t at, n[OVERVIEW_LEVELS], list;
};
/* Findings that nobody has dismissed, counted. */
struct finding_sums {
	int64_t levels[OVERVIEW_LEVELS], categories[CATEGORIES]; /* of categories those that decide */
	struct day_line *days;					 /* in order; a day without a finding is not there */
	size_t n_days;
};
struct ways_page {
	struct page_manner manner;
	const struct finding_sums *sums;
	int64_t lists;				 /* the newest of all findings; 0 for none */
	const struct overview_source *by_source; /* those with most findings of late */
	size_t n_by_source;
};
/* Append the page of all ways to the findings. */
void page_ways(struct buf *out, const struct ways_page *p);
struct days_page {
	struct page_manner manner;
	const struct day_line *days; /* of one year, in order; at least one */
	size_t n;
	int64_t older, newer; /* a day of the year before and after that has a page; 0 for none */
};
/* Append the page of a year. */
void page_days(struct buf *out, const struct days_page *p);
/* The name of the page that has this day: "by-day-2026.html". Returns `out`. */
enum { PAGE_DAYS_NAME = 32 };
const char *page_days_name(int64_t day, char out[PAGE_DAYS_NAME]);

/* What the page of one finding shows. */
struct finding_page {
	struct page_manner manner;
	const char *home; /* address of the index from here */
	const struct finding_detail *detail;
	const struct evidence_row *evidence;
	size_t n_evidence;
	const struct custody_row *custody; /* entries about this finding */
	size_t n_custody;
	struct queue_state state; /* who judged it and when */
	const struct tick *ticks; /* steps of playbooks */
	size_t n_ticks;
	const struct takedown_row *cases; /* takedowns of it, the newest first */
	size_t n_cases;
	bool has_cases;		  /* takedowns have pages */
	bool has_sources;	  /* sources have, for an audience that may see them */
	struct str campaign_page; /* address of its campaign's page from here; empty when it has none */
	struct str original;	  /* public id of the finding that it quotes, which has a page; empty for none */
	struct duty_standing duty;
};

/* Append the whole page of one finding. */
void page_finding(struct buf *out, const struct finding_page *p);

/* A notice of a case, with what was answered. */
struct case_notice {
	const struct notice_row *notice;
	const struct notice_approval *approvals;
	size_t n_approvals;
	const struct notice_answer *answers;
	size_t n_answers;
	const struct takedown_target *targets; /* that it is about */
	size_t n_targets;
};
/* A place of a case, with the looks at it, the last first. */
struct case_target {
	const struct takedown_target *target;
	const struct takedown_look *looks;
	size_t n_looks;
};
/* What runs: until when what has to be done, or is done usually; and whether that is over. */
enum case_clock_kind { CASE_CLOCK_REPORT, CASE_CLOCK_REPLY, CASE_CLOCK_LOOK };
struct case_clock {
	enum case_clock_kind kind;
	struct str host; /* whose reply is waited for */
	int64_t at;
	bool over;
};
/* Why a case waits too long. */
enum case_late { CASE_IN_TIME, CASE_STILL_THERE, CASE_REFUSED, CASE_NOT_BEGUN };

/* What the page of one takedown shows. */
struct takedown_page {
	struct page_manner manner;
	int64_t now;
	const char *home; /* address of the index from here */
	const struct takedown_row *row;
	enum case_late late;
	struct str finding_page;  /* address of the finding's page from here; empty when it has none */
	struct str campaign_page; /* the same of its campaign's */
	const struct finding_detail *finding;
	const struct case_clock *clocks;
	size_t n_clocks;
	const struct case_target *targets;
	size_t n_targets;
	const struct case_notice *notices;
	size_t n_notices;
	const struct custody_row *custody; /* entries about its finding */
	size_t n_custody;
	bool exhibit; /* for a court or the police: addresses as they were found, what was written in full, and a statement to
			 sign */
};

/* Append the whole page of one takedown. */
void page_takedown(struct buf *out, const struct takedown_page *p);

/* A case in the list of all. */
struct case_line {
	struct takedown_row row;
	const struct finding *finding;
	size_t places, gone;
	enum case_late late;
	struct case_clock due; /* the first that runs; at 0 for none */
};
struct takedowns_page {
	struct page_manner manner;
	int64_t now;
	const struct case_line *open; /* in the order of their list, the first */
	size_t n_open;
	int64_t open_count, late_count; /* of all open ones */
	const struct case_line *closed; /* those that were closed last */
	size_t n_closed;
	int64_t closed_count;
	int64_t newest; /* of the lists of all cases; 0 for none */
	const struct takedown_number *hosts;
	size_t n_hosts;
	const struct takedown_number *all;
};

/* Append the page of what is due, and of what was closed last. */
void page_takedowns(struct buf *out, const struct takedowns_page *p);
/* Append a page of the list of all cases, in the folder `takedowns`. */
struct takedown_list_page {
	struct page_manner manner;
	struct list_place place;
	const struct case_line *lines; /* the newest first */
	size_t n;
};
void page_takedown_list(struct buf *out, const struct takedown_list_page *p);
/* The order of open cases: what waits too long first, then what is due soonest. For qsort(). */
int page_takedowns_order(const void *one, const void *two);

/* A source, when it was seen, and how many findings that matter it had in that time. */
struct source_line {
	const struct source_health *health;
	const struct coverage *coverage;
	int64_t found;
};
/* The order of sources: those that are not well first, then by name. For qsort(). */
int page_sources_order(const void *one, const void *two);

/* What a page of sources shows. */
struct sources_page {
	struct page_manner manner;
	int64_t now;
	struct list_place place;
	const struct source_line *lines; /* those on this page */
	size_t n;
	size_t all, ill; /* how many there are, and are not well */
	int64_t seen;	 /* how much of the time, of all of them, in percent */
};
/* How much was seen, in percent. */
int64_t page_share_seen(const struct source_line *lines, size_t n);
/* Append a page of the sources; as the others only for an audience that may see them. */
void page_sources(struct buf *out, const struct sources_page *p);

/* What the page of one source shows. */
struct source_page {
	struct page_manner manner;
	struct source_line line;
	const struct finding *findings; /* the newest first */
	size_t n;
	bool more; /* than these */
};
/* Append the page of one source, in the folder `source`. */
void page_source(struct buf *out, const struct source_page *p);
/* The name of a source, which leads to its page; `below` leads to the folder of the report. */
void page_source_link(struct buf *out, const struct page_manner *m, struct str source, const char *below);

/* What the page of one campaign shows; only findings that its audience sees. */
struct campaign_page {
	struct page_manner manner;
	const struct campaign_row *row;
	const struct campaign_finding *findings; /* in time, the first first; not all when row->findings are more */
	size_t n;
	const struct campaign_contact *contacts;
	size_t n_contacts;
	const struct campaign_row *related;
	size_t n_related;
};

/* Append the page of one campaign, in the folder `campaign`. */
void page_campaign(struct buf *out, const struct campaign_page *p);

/* Findings of the campaigns that were seen last, each with its place in their list. */
struct campaign_dot {
	size_t row;
	struct campaign_finding finding;
};
struct campaigns_page {
	struct page_manner manner;
	int64_t now;
	const struct campaign_row *rows; /* the last seen first */
	size_t n;
	bool more;	/* than these */
	int64_t newest; /* of the lists of all; 0 for none */
	size_t n_drawn; /* of them, the first */
	const struct campaign_dot *dots;
	size_t n_dots;
};

/* Append the page of the campaigns that were seen last. */
void page_campaigns(struct buf *out, const struct campaigns_page *p);

struct campaign_list_page {
	struct page_manner manner;
	struct list_place place;
	const struct campaign_row *rows; /* the newest first */
	size_t n;
};
/* Append a page of the list of all campaigns, in the folder `campaigns`. */
void page_campaign_list(struct buf *out, const struct campaign_list_page *p);

/* What the page about the report shows. */
struct about_page {
	struct page_manner manner;
	int64_t now;
	struct str anchor; /* "NODE SEQUENCE:HASH"; empty while the chain is */
	const struct version_row *versions;
	size_t n_versions;
};

/* Append the page about the report: who it is for, what judges, how to read it. */
void page_about(struct buf *out, const struct about_page *p);

struct purged_page {
	struct page_manner manner;
	int64_t now;
	const struct purged_row *rows; /* the newest first */
	size_t n;
	bool more; /* than these */
};

/* Append the page of what was purged; only for an audience that may see custody. */
void page_purged(struct buf *out, const struct purged_page *p);

/* Pieces of all. Names and captions are ours: words of the report (word_of), which are escaped here. */

/* A section with its heading, and how many it stands over; 0 for no number. */
void page_section(struct buf *out, const char *id, const char *text, size_t n);
/* Nothing is there, and why; where there is more. */
void page_empty(struct buf *out, const struct page_manner *m, enum word word);
void page_more(struct buf *out, const struct page_manner *m, const char *href, enum word word);
/* How a source fares, as a chip. */
void page_source_state(struct buf *out, const struct page_manner *m, const struct source_health *s);
/* A fact of a list: "<dt>name</dt><dd>" and its end. */
void page_fact_open(struct buf *out, const char *name);
void page_fact_close(struct buf *out);
/* A text from outside, and a time, as a fact. */
void page_fact_text(struct buf *out, const char *name, struct str value);
void page_fact_time(struct buf *out, const char *name, int64_t at);
/* The same of one that may not be: "never". */
void page_fact_last(struct buf *out, const struct page_manner *m, enum word name, int64_t at);
/*
 * A table with its caption, up to the first row; `columns` ends with WORDS. Narrow, its rows are cards and its cells have the
 * names of their columns. Its first column is that of page_row(), which closes nothing: end it with "</th>".
 */
void page_table(struct buf *out, const struct page_manner *m, const char *class_name, enum word caption,
		const enum word *columns);
void page_row(struct buf *out);
void page_cell(struct buf *out, const struct page_manner *m, enum word column, const char *class_name);
void page_cell_end(struct buf *out);
void page_row_end(struct buf *out);
void page_table_end(struct buf *out);
/* A cell of a number; of a time, or "not yet" for 0. */
void page_cell_number(struct buf *out, const struct page_manner *m, enum word column, int64_t n);
void page_cell_time(struct buf *out, const struct page_manner *m, enum word column, int64_t at);
/* Where the same findings stand for programs. */
void page_feeds(struct buf *out, const struct page_manner *m);
/* A page has a size: so many are not on it; nothing for 0. */
void page_further(struct buf *out, const struct page_manner *m, size_t n);
/* Entries of the custody chain as a table, for an audience that may see them: the last `most`. */
void page_custody(struct buf *out, const struct page_manner *m, const struct custody_row *rows, size_t n, size_t most);

/* Of what the store has names for things of ours: they are said in words of the report. */
enum page_names {
	NAMES_CATEGORY,
	NAMES_VERDICT,
	NAMES_ACT,	/* of the custody chain */
	NAMES_EVIDENCE, /* what is sealed */
	NAMES_ANSWER,	/* to a notice */
	NAMES_HOW,	/* somebody answered for a finding */
	NAMES_CONTACT,	/* of a campaign */
	NAMES_FAILURE,	/* of a source */
	NAMES_JUDGE,	/* a part of what judges */
};
/* The word for a name; one that is none of ours as a text from outside. */
void page_name(struct buf *out, const struct page_manner *m, enum page_names of, struct str stored);
/* The same, not escaped; empty for one that is none of ours. */
struct str page_name_text(const struct page_manner *m, enum page_names of, struct str stored);

/* The severity in a word and a number; only the word. */
enum word page_severity_word(int severity);
void page_severity(struct buf *out, const struct page_manner *m, int severity);
/* A level of overview_levels: what it is called, and its class in style.css. */
enum word page_level_word(int level);
extern const char *const page_levels[OVERVIEW_LEVELS];
/* The title of a finding that leads to its page, behind its severity; `below` as in page_findings(). */
void page_finding_link(struct buf *out, const struct page_manner *m, const struct finding *f, const char *below);
/* When it was posted, no more exactly than the site said. */
void page_posted(struct buf *out, const struct page_manner *m, const struct finding *f);
/* What a post is called: by its title; without one by its address, as pastes are told apart by nothing else; by its id for an
 * audience that may see neither. */
void page_title(struct buf *out, const struct page_manner *m, const struct finding *f, size_t most);
/* How long something took, in the unit that says it in few digits. */
void page_duration(struct buf *out, const struct page_manner *m, int64_t us);
/* "1 post", "2,000 posts": one word of the report, or the other. */
void page_count_say(struct buf *out, const struct page_manner *m, int64_t n, enum word one, enum word many);
/* The masked text in <pre>, hits and parts marked; of a long one what stands around them, and a note of what is left out. */
void page_text(struct buf *out, const struct page_manner *m, const struct finding_detail *d);
/* The category that a part of a text or a hit speaks for, as a class of style.css; "against" for what speaks against one,
 * "asset" for the name of an asset, which speaks for none. */
const char *page_part_kind(struct str part);
const char *page_hit_kind(const struct stored_hit *h);
/* What was recognised: the data, the words that were weighed, and what was decoded. */
void page_recognised(struct buf *out, const struct page_manner *m, const struct finding_detail *d);

#endif
