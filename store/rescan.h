/* rescan.h - new rules over what is stored: which posts, how far it came, what it changed */
/* Runs in: verbs. Masked text only. Times are microseconds UTC; strings live in the arena. Changes need a transaction. */
#ifndef WATCHDESK_STORE_RESCAN_H
#define WATCHDESK_STORE_RESCAN_H

#include "store/post.h"

/* Which posts: stored since, of a source, whose finding has a category; 0 and empty for all. */
struct rescan_wish {
	int64_t since;
	struct str source, category;
};

/* A run; it is over when ended_at is set. */
struct rescan {
	int64_t id, classifier_id, began_at, ended_at;
	struct rescan_wish wish;
	struct str operator_name;
	int64_t first_post, last_post, at_post; /* ids: those up to at_post are done */
	int64_t posts, bytes, passed_over, assessments, new_findings, changed_findings, withheld, lost;
};

/* The newest run: 1, 0 when there was none. */
int rescan_newest(struct store *s, struct arena *a, struct rescan *out, struct err *err);
/* Begin one over all that is stored now: fills the id and the posts' bounds. */
int rescan_begin(struct store *s, struct rescan *r, int64_t now, struct err *err);
/* Keep how far it came, and that it is over once ended_at is set. */
int rescan_keep(struct store *s, const struct rescan *r, struct err *err);

/* A stored post, as it is to be read again. */
struct rescan_post {
	int64_t id, source_id, revision_id, finding_id, assessment_id; /* the last two 0 for none */
	int64_t last_seen, size;
	struct str key, url, author, title, source, thread, text;
	struct str digest; /* of the text */
	struct str verdict, category, asset, language;
	int severity;	   /* of the finding; 0 without one */
	bool is_of_thread; /* others at its address have its title */
	bool was_edited;   /* its finding is of a text that it had before */
	bool is_judged;	   /* this classifier has judged it, before its secrets were masked: that holds */
};
/*
 * The next of a run, at most `max` and about `max_bytes` of text, by id. One that is
 * judged, and is no finding, has no text. */
int rescan_next(struct store *s, const struct rescan *r, size_t max, size_t max_bytes, struct arena *a,
		struct rescan_post **posts, size_t *n, struct err *err);
/*
 * In the transaction that stores it: is its text still the newest, and what is its finding now? 1 and the finding's fields are
 * as they are; 0 when the monitor has stored another text since, and judged that.
 */
int rescan_stands(struct store *s, struct rescan_post *p, struct arena *a, struct err *err);
/* What the assessment said that holds of a post. */
int rescan_said(struct store *s, const struct rescan_post *p, struct arena *a, struct stored_assessment *out, struct err *err);

struct rescan_result {
	int64_t finding_id; /* 0 for none */
	int64_t assessment_id;
	bool new_assessment, new_finding, changed; /* changed: custody has to be told of the finding */
};
/*
 * What is said of the post now: a new assessment beside the old one unless it says the same, and the finding that follows. The
 * finding's language, sketch and contacts are filled in.
 */
int rescan_put(struct store *s, const struct rescan_post *p, const struct stored_post *now_is, int64_t now,
	       struct rescan_result *out, struct err *err);
/* A finding that was judged gets what it lacks: language, sketch, contacts. */
int rescan_fill(struct store *s, const struct rescan_post *p, const struct stored_assessment *said, struct str language,
		struct err *err);
/* Count a change: "rule aws-key", "severity high". */
int rescan_count(struct store *s, int64_t rescan_id, struct str name, int64_t came, int64_t went, struct err *err);

struct rescan_change {
	struct str name;
	int64_t came, went;
};
/* By name. */
int rescan_changes(struct store *s, int64_t rescan_id, struct arena *a, struct rescan_change **rows, size_t *n,
		   struct err *err);

#endif
