/* finding.h - posts and what was said of them: writing what a page gave, reading what matters */
/* Runs in: writer (store_post), verbs and report (the rest). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_FINDING_H
#define WATCHDESK_STORE_FINDING_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

enum { FINDING_ID = 33, FINDING_SEVERITY = 20 }; /* a public id in hexadecimal; from this severity on a post is a finding */

struct stored_hit {
	struct str rule, label, masked, why, asset;
	int layer, confidence;	  /* 0 low, 1 medium, 2 high */
	int64_t start, end;	  /* bytes of the revision's text when layer is 0 */
	struct str secret_digest; /* keyed; empty for none */
};

struct stored_part {
	struct str part;
	int layer;
	int64_t start, end;
};

/* What the classifier said, and what it means to us. */
struct stored_assessment {
	int64_t classifier_id;
	double violence, extortion, leak, dox;
	struct stored_hit *hits;
	size_t n_hits;
	struct stored_part *parts;
	size_t n_parts;
	struct str *reasons;
	size_t n_reasons;
	int severity;
	struct str category, asset; /* the strongest category; the asset most concerned, empty for none */
	struct str *terms;	    /* of the severity */
	size_t n_terms;
};

/* A post as a page gave it, its text masked. */
struct stored_post {
	int64_t source_id;
	struct str key, url, author, title, text, posted_raw;
	int64_t posted_at;
	int posted_precision; /* 0 none, 1 year, 2 day, 3 minute, 4 second */
	bool posted_zone_known;
	struct stored_assessment assessment;
};

struct stored_result {
	bool new_post, new_revision, new_finding;
};

/*
 * Store a post inside the writer's transaction. A known key with the same text only moves last_seen; another text makes a
 * revision. Idempotent: the same page twice stores nothing twice.
 */
int store_post(struct store *s, const struct stored_post *p, int64_t now, struct stored_result *out, struct err *err);

struct finding_filter {
	int least_severity;
	struct str category, source, asset; /* empty for all */
	int64_t found_since;		    /* 0 for all */
	bool with_dismissed;		    /* also false positives, known ones and duplicates */
	int64_t limit;			    /* 0 for LIMIT_REPORT_FINDINGS */
};

/* A line of a list. */
struct finding {
	int64_t id, revision_id;
	struct str public_id, category, asset, source, title, author, url, verdict;
	int severity;
	double violence, extortion, leak, dox;
	int64_t found_at, changed_at, first_seen, last_seen;
	int64_t posted_at; /* meaningful when posted_precision is not 0 */
	int posted_precision;
	bool posted_zone_known;
	struct str posted_raw;
};

/* All there is to know of one. */
struct finding_detail {
	struct finding finding;
	struct str key, text; /* masked */
	struct stored_hit *hits;
	size_t n_hits;
	struct stored_part *parts;
	size_t n_parts;
	struct str *reasons;
	size_t n_reasons;
	struct str *terms;
	size_t n_terms;
	int64_t revisions;
};

struct finding_counts {
	int64_t critical, high, medium, low;
	int64_t violence, extortion, leak, dox;
	int64_t posts; /* stored in all */
};

/* The findings that pass the filter, the most severe first, then the newest. */
int finding_list(struct store *s, const struct finding_filter *f, struct arena *a, struct finding **rows, size_t *n,
		 struct err *err);
/* One finding by its public id or the beginning of it (6 digits at least): 1, 0 none, E_USAGE when several begin so. */
int finding_load(struct store *s, struct str public_id, struct arena *a, struct finding_detail *out, struct err *err);
/* Findings by severity and category, without dismissed ones. */
int finding_count(struct store *s, struct finding_counts *out, struct err *err);

/* What an operator said of a finding, with the severity that follows from it. One transaction of its own. */
struct finding_mark {
	int64_t id;
	struct str verdict, operator_name, note;
	int severity;
	struct str *terms;
	size_t n_terms;
};
int finding_mark(struct store *s, const struct finding_mark *m, int64_t now, struct err *err);

#endif
