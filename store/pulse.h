/* pulse.h - what a source usually shows, and whether it still does: a page that answers may yet have gone blind */
/* Runs in: writer (writing); verbs and report (reading). Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_PULSE_H
#define WATCHDESK_STORE_PULSE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

/* A visit to one of a source's own addresses: what it listed, and how much of that was new. */
struct poll {
	int64_t at, items, fresh;
};

enum { PULSE_POLLS = 100 }; /* kept of each address */

/* Note a visit. One that found the page as it was lists what the one before did. */
int pulse_poll(struct store *s, int64_t source_id, int64_t frontier_id, const struct poll *p, struct err *err);
int pulse_same(struct store *s, int64_t source_id, int64_t frontier_id, int64_t now, struct err *err);
/*
 * A list that has nothing on it that was there at the visit before has moved on by more than it shows. Note the gap with an
 * estimate of what went by unseen, at the median rate of the visits that missed nothing. 1 noted, 0 when there was no visit
 * before to compare with.
 */
struct list_gap {
	int64_t source_id, frontier_id;
	int64_t items; /* all that were seen now, on its further pages too */
	bool noted;    /* this visit is by pulse_poll() already */
};
int pulse_gap(struct store *s, const struct list_gap *g, int64_t now, struct err *err);

/* What the visits say of a source. */
struct pulse {
	size_t polls;	       /* that are known */
	int64_t items, usual;  /* at the last visit of each of its addresses; the median before that */
	int64_t spread;	       /* the median distance from that median */
	int64_t news_at;       /* when something new was seen last; 0 for never */
	int64_t longest_quiet; /* between two visits with something new, us */
	int64_t gaps, missed;  /* in the last seven days; items, 0 when there is no telling */
	int64_t gap_at;	       /* the last one ended; 0 for none */
	bool thin;	       /* it lists far less than usual */
	bool silent;	       /* nothing new for far longer than ever in what is known */
};

/* Reckon one address's visits, the newest first. Pure. */
void pulse_reckon(const struct poll *polls, size_t n, int64_t now, struct pulse *out);
/* The pulse of a source: its addresses together. Thin when one of them is, silent when all are. */
int pulse_of(struct store *s, int64_t source_id, int64_t now, struct arena *a, struct pulse *out, struct err *err);

#endif
