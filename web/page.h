/* page.h - the pages of the report, each from rows to HTML */
/* Runs in: verbs (`report`). Pure: no file, no clock, no store. */
#ifndef WATCHDESK_WEB_PAGE_H
#define WATCHDESK_WEB_PAGE_H

#include "base/buf.h"
#include "store/custody.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/health.h"

/* What the first page shows. */
struct index_page {
	struct str organisation;
	int64_t now;
	struct finding_counts counts;
	bool has_round;
	struct round last_round;
	const struct finding *findings; /* the most severe first */
	size_t n_findings;
	const struct source_health *sources;
	size_t n_sources;
	int64_t dead_letters; /* that will not go */
	struct str anchor;    /* the head of the custody chain, "NODE SEQUENCE:HASH"; empty while there is none */
};

/* Append the whole page of all findings and sources. */
void page_index(struct buf *out, const struct index_page *p);

/* What the page of one finding shows. */
struct finding_page {
	struct str organisation;
	int64_t now;
	const struct finding_detail *detail;
	const struct evidence_row *evidence;
	size_t n_evidence;
	const struct custody_row *custody; /* entries about this finding */
	size_t n_custody;
	struct str original; /* public id of the finding that it quotes, which has a page; empty for none */
	struct str duty;     /* who has it, in words; empty when nobody has to answer it */
};

/* Append the whole page of one finding. */
void page_finding(struct buf *out, const struct finding_page *p);

/* Pieces of both. */

/* The severity in a word and a number. */
void page_severity(struct buf *out, int severity);
/* When it was posted, no more exactly than the site said. */
void page_posted(struct buf *out, const struct finding *f);
/* The title; of a post without one its address, as pastes are told apart by nothing else. */
void page_title(struct buf *out, const struct finding *f, size_t most);
/* "1 post", "2,000 posts". */
void page_count(struct buf *out, int64_t n, const char *one, const char *many);
/* The masked text in <pre>, hits and parts marked; of a long one what stands around them, and a note of what is left out. */
void page_text(struct buf *out, const struct finding_detail *d);

#endif
