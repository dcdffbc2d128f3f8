/* decide.h - does a finding concern a subscriber, and is it told at once, later, or as one more of what is known */
/* Runs in: writer, verbs. Pure: what was told before and the time are handed in. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_ALERT_DECIDE_H
#define WATCHDESK_DESK_ALERT_DECIDE_H

#include "desk/alert/subscription.h"

/* A finding as a subscription looks at it. */
struct alert_facts {
	int severity;
	struct str category; /* the strongest */
	unsigned categories; /* a bit for each (enum category) that is decided */
	const struct str *assets;
	size_t n_assets;
	struct str source, language;  /* a name; ISO 639-1, empty when it is not known */
	struct str finding, campaign; /* public ids */
	bool silent;		      /* judged known, false-positive or duplicate */
	bool fresh;		      /* a new finding: not one that has changed */
};

/* What the subscriber knows of its campaign, and has got of late. */
struct alert_past {
	int severity;	       /* that was told, or waits to be; 0 for none */
	int64_t held_until;    /* when it is told what waits; 0 when nothing does */
	bool suspended;	       /* nothing is sent to the address */
	int64_t mails;	       /* alerts and digests to the address within an hour */
	int64_t ceiling;       /* ... of which there may be so many */
	int64_t ceiling_until; /* when it is told what the ceiling holds already; 0 when it holds nothing */
};

enum alert_way {
	ALERT_NOTHING,
	ALERT_REPEAT, /* counted; told with the next mail */
	ALERT_NOW,
	ALERT_HELD,
};

struct alert_decision {
	enum alert_way way;
	int64_t due_at;	 /* of ALERT_HELD */
	const char *why; /* of ALERT_HELD: "digest", "quiet" or "ceiling" */
};

/* 0 noise, 1 low, 2 medium, 3 high, 4 critical. */
enum { ALERT_CLASSES = 5 };
int alert_class(int severity);

/* Is it what the subscription asks for? */
bool alert_concerns(const struct subscription *s, const struct alert_facts *f);
/* What becomes of one that concerns it. */
struct alert_decision alert_decide(const struct subscription *s, const struct alert_facts *f, const struct alert_past *p,
				   int64_t now);
/*
 * Which class of severity would have nobody any more, of those that `leaving` gets, when it leaves the others: its number, or
 * -1. Somebody stands in who gets as much: no stricter severity, assets, categories, sources or audience.
 */
int alert_orphaned(const struct subscription *leaving, const struct subscription *others, size_t n);

#endif
