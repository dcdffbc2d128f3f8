/* takedown.h - what is asked of hosts about a finding: a case, the places where the text stands, what became of each */
/* Runs in: verbs, writer (re-checks). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_TAKEDOWN_H
#define WATCHDESK_STORE_TAKEDOWN_H

#include "store/store.h"

enum takedown_state {
	TAKEDOWN_OPEN,	   /* nothing is written yet */
	TAKEDOWN_DRAFTED,  /* a notice is written */
	TAKEDOWN_APPROVED, /* a person stands for it */
	TAKEDOWN_SENT,
	TAKEDOWN_RECEIPT, /* the host says that it has it */
	TAKEDOWN_REFUSED,
	TAKEDOWN_GONE, /* it is not there any more */
	TAKEDOWN_BACK, /* it was gone and is there again */
	TAKEDOWN_CLOSED,
};
/* "open", "drafted" ... */
extern const char *const takedown_states[9];
/* The state with this name: 1, 0 none. */
int takedown_state_named(struct str name, enum takedown_state *out);

/* Why a host is to take something down; a row is one of six that there are. */
struct takedown_grounds {
	char key;	   /* in the triage */
	const char *name;  /* "threat", "credentials" ... */
	const char *words; /* "a threat of violence" */
};
enum { TAKEDOWN_GROUNDS = 6 };
extern const struct takedown_grounds takedown_grounds[TAKEDOWN_GROUNDS];
/* The one with this name, NULL for none. */
const struct takedown_grounds *takedown_grounds_named(struct str name);

struct takedown_case {
	int64_t finding_id;
	int64_t campaign_id;	  /* when it is about all of a campaign, of which the finding is the worst; 0 otherwise */
	struct str grounds;	  /* a name of takedown_grounds */
	struct str operator_name; /* the system user */
	int64_t first_aware_at;	  /* when the desk knew: clocks of the law count from here; 0 for the finding's own */
};
/*
 * Open a case, in the transaction that is open; custody gets a notice. Returns 0 with its id and public id. E_USAGE when the
 * finding has an open one on the same grounds, or the grounds are none.
 */
int takedown_open(struct store *s, const struct takedown_case *c, int64_t now, struct arena *a, int64_t *id,
		  struct str *public_id, struct err *err);
/*
 * Close it and its targets, of which those that are gone are looked at as before; a notice that still waits for the relay is
 * not sent. `note` says why, and goes into custody with it. Needs a transaction. 1, or 0 when it was closed before.
 */
int takedown_close(struct store *s, int64_t id, struct str operator_name, struct str note, int64_t now, struct err *err);

/*
 * A place where the text stands, by its exact URL: its id. 1 added, 0 known already. Its host is the URL's. Needs a
 * transaction.
 */
int takedown_target_add(struct store *s, int64_t id, struct str url, struct str operator_name, int64_t now, int64_t *target_id,
			struct err *err);

/* A change of a target. */
struct takedown_change {
	int64_t target_id;
	enum takedown_state state;
	struct str operator_name;
	struct str note;    /* what the host said, the digest of a notice ...; goes into custody */
	int64_t recheck_at; /* when to look again; 0 for never */
};
/*
 * Move a target to another state. Needs a transaction; custody gets a notice, with both states. E_USAGE when that state does
 * not follow from the one it is in: nothing is sent that was not approved, nothing comes back that was not gone.
 */
int takedown_change(struct store *s, const struct takedown_change *c, int64_t now, struct err *err);
/*
 * The same where the state may not follow, as when a receipt comes of what is gone: 1, or 0 and nothing is changed. The time of
 * its next look stays.
 */
int takedown_advance(struct store *s, int64_t target_id, enum takedown_state state, struct str operator_name, struct str note,
		     int64_t now, struct err *err);
/* Which finding's text stands there, when it is not the case's. Needs a transaction. */
int takedown_target_finding(struct store *s, int64_t target_id, int64_t finding_id, struct err *err);
/* Look at a target at this time, or by 0 never. Needs a transaction. */
int takedown_target_due(struct store *s, int64_t target_id, int64_t recheck_at, struct err *err);

struct takedown_row {
	int64_t id, finding_id, first_aware_at, opened_at, closed_at; /* closed_at 0 while it is open */
	struct str public_id, finding, grounds, state, operator_name;
	int64_t campaign_id; /* 0 for none */
	struct str campaign; /* public id; empty for none */
};
struct takedown_target {
	int64_t id, takedown_id, changed_at, recheck_at; /* recheck_at 0 for never */
	struct str url, state, operator_name;
	struct str host;
	int64_t finding_id;	  /* whose text stands there; 0 for that of the case */
	int64_t sent_at, gone_at; /* asked for first, gone last; 0 for not yet */
	int64_t returns;	  /* how often it came back */
};

/* Is it gone, and has not come back since? The same for SQL, 1 or 0: one that is asked for anew is there again. */
bool takedown_is_away(const struct takedown_target *t);
#define TAKEDOWN_AWAY(target) \
	"CASE WHEN " target ".gone_at IS NOT NULL AND " target ".state IN ('gone', 'closed') THEN 1 ELSE 0 END"

/* One by its public id or the beginning of it (6 digits at least): 1, 0 none, E_USAGE when several begin so. */
int takedown_load(struct store *s, struct str public_id, struct arena *a, struct takedown_row *out, struct err *err);
/* The same by its id; 0 when there is none. */
int takedown_get(struct store *s, int64_t id, struct arena *a, struct takedown_row *out, struct err *err);

/* Cases of a finding (0 for all), the newest first, those before `before_id` (0 for the first page). */
int takedown_list(struct store *s, int64_t finding_id, int64_t before_id, struct arena *a, struct takedown_row **rows,
		  size_t *n, struct err *err);
/* The targets of a case, in the order in which they were added. */
int takedown_targets(struct store *s, int64_t id, struct arena *a, struct takedown_target **rows, size_t *n, struct err *err);
/* Targets to look at again by now, the longest due first, at most `max`. */
int takedown_rechecks(struct store *s, int64_t now, size_t max, struct arena *a, struct takedown_target **rows, size_t *n,
		      struct err *err);

#endif
