/* purge.h - what is old goes, by rules; digests, custody and what is held stay */
/* Runs in: verbs. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_PURGE_H
#define WATCHDESK_STORE_PURGE_H

#include "store/store.h"

enum purge_subject { PURGE_ANY, PURGE_FINDINGS, PURGE_POSTS }; /* posts: those that are no finding */

/* A rule; what a list is empty for does not matter to it. */
struct purge_rule {
	struct str name;
	enum purge_subject of;
	int64_t least_severity; /* 0 for any */
	bool personal;		/* only what holds personal data */
	const struct str *categories, *sources, *assets, *verdicts;
	size_t n_categories, n_sources, n_assets, n_verdicts;
	int64_t keep; /* so long after it was seen last, us; below 0: for good */
};

struct purge_count {
	int64_t findings, posts; /* gone, or that would go */
	int64_t held;		 /* that would go, but are held or have an open takedown */
};

struct purge_order {
	const struct purge_rule *rules; /* the first that fits decides; what none fits stays */
	size_t n;
	bool dry_run;
	bool whole; /* write the database anew, which frees all at once and keeps everybody else out meanwhile */
	struct str operator_name;
	int64_t now;
	void (*went)(void *owner, int64_t posts); /* posts looked at, now and then; NULL for nobody */
	void *owner;
};

struct purge_result {
	struct purge_count *counts; /* one for each rule, the caller's */
	int64_t looked_at, revisions, evidence, letters;
	bool log_left; /* others kept the log of the database or of the index from being cut: it may still hold what went */
};

/*
 * Purge, in short transactions; one that is stopped is taken up by the next. Of a finding there go its texts, samples, reasons,
 * contacts, title, author, letters and the keys of its evidence; what it was held to be and its digests stay. A post that is
 * no finding goes whole. The full text forgets both.
 */
int purge_run(struct store *s, const struct purge_order *o, struct purge_result *out, struct err *err);
/* When and by which rule the text of a revision was purged: 1, 0 it was not. */
int purge_of(struct store *s, int64_t revision_id, struct arena *a, int64_t *at, struct str *rule, struct err *err);

#endif
