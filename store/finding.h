/* finding.h - posts that matter: lists, one with all its reasons, what an operator said of it */
/* Runs in: verbs and report; writer (finding_digest, finding_name). Times are microseconds UTC; strings read live in the arena.
 */
#ifndef WATCHDESK_STORE_FINDING_H
#define WATCHDESK_STORE_FINDING_H

#include "base/sign.h"
#include "store/post.h"

/* Who says what somebody said of the same text or secrets elsewhere. */
#define FINDING_CARRIER "watchdesk"

enum { FINDING_ID = 33 }; /* a public id in hexadecimal */

struct finding_filter {
	int least_severity;
	struct str category, source, asset; /* empty for all */
	int64_t found_since;		    /* 0 for all */
	bool with_dismissed;		    /* also false positives, known ones and duplicates */
	int64_t limit;			    /* 0 for LIMIT_REPORT_FINDINGS */
	int after_severity; /* the page behind this row: severity and id of the last one of the page before; id 0 for the first
			     */
	int64_t after_id;
};

/* A line of a list. */
struct finding {
	int64_t id, revision_id;
	struct str public_id, category, asset, source, title, author, url, verdict;
	int severity;
	double violence, extortion, leak, dox;
	int64_t found_at, changed_at, first_seen, last_seen;
	int64_t deleted_at;  /* when its newest text was found to be gone; 0 while it stands */
	struct str campaign; /* public id; empty for none */
	int64_t posted_at;   /* meaningful when posted_precision is not 0 */
	int posted_precision;
	bool posted_zone_known;
	struct str posted_raw;
	struct str language; /* ISO 639-1; empty when it is not known */
	bool reports;	     /* it reports or quotes a threat: a part of it says so (QUOTED_PART) */
};

/* All there is to know of one. */
struct finding_detail {
	struct finding finding;
	struct str key, text;	       /* masked */
	struct str author_id;	       /* the site's own; empty where it shows none */
	struct str edited;	       /* what the site says of its last edit; empty where it says nothing */
	struct stored_assessment said; /* without severity and terms, which are below */
	struct str *terms;
	size_t n_terms;
	int64_t revisions, assessment_id;
};

struct finding_counts {
	int64_t critical, high, medium, low;
	int64_t violence, extortion, leak, dox;
	int64_t posts; /* stored in all */
};

/* The findings that pass the filter, the most severe first, then the newest. */
int finding_list(struct store *s, const struct finding_filter *f, struct arena *a, struct finding **rows, size_t *n,
		 struct err *err);
/* Those with ids from `first` to `last`, of this severity or more, the newest first, dismissed ones too. */
int finding_between(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a, struct finding **rows,
		    size_t *n, struct err *err);
/* One finding by its public id or the beginning of it (6 digits at least): 1, 0 none, E_USAGE when several begin so. */
int finding_load(struct store *s, struct str public_id, struct arena *a, struct finding_detail *out, struct err *err);
/* When the desk knew of it first, and the SHA-256 of the text that it is judged by. */
int finding_aware(struct store *s, int64_t id, int64_t *first_aware_at, unsigned char text[DIGEST_BYTES], struct err *err);
/* The public id of a finding. */
int finding_name(struct store *s, int64_t id, char out[FINDING_ID], struct err *err);
/* Findings by severity and category, without dismissed ones. */
int finding_count(struct store *s, struct finding_counts *out, struct err *err);

/* What an operator said of a finding, with the severity that follows from it. */
struct finding_mark {
	int64_t id;
	struct str verdict, operator_name, note;
	int severity;
	struct str *terms;
	size_t n_terms;
	const struct sign_key *key; /* signs the entry in custody; NULL for no signature */
	bool carried;		    /* from another finding, which the note names: it decides nothing for others */
};
/*
 * Keep it, with its entry in custody, inside a transaction. It holds for the finding's cluster and secrets from now on:
 * post.h, store_known_verdict().
 */
int finding_mark(struct store *s, const struct finding_mark *m, int64_t now, struct err *err);
/* A finding with the text or a secret of another one. */
struct finding_kin {
	struct str public_id;
	bool own; /* somebody judged this very finding last: that stays */
};
/* Those of a finding, at most `limit`, the oldest first. */
int finding_kin(struct store *s, int64_t id, size_t limit, struct arena *a, struct finding_kin **rows, size_t *n,
		struct err *err);
/*
 * One digest over the rows that an assessment rests on: the post, the revision, the capture and the assessment itself. It goes
 * into custody when they are written; `verify` computes it again.
 */
int finding_digest(struct store *s, int64_t assessment_id, unsigned char out[DIGEST_BYTES], struct err *err);

#endif
