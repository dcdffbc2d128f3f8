/* duty.h - findings that somebody has to answer: who was asked, who has it, and how long everything took */
/* Runs in: writer, verbs. Times are microseconds UTC; strings read live in the arena. Changes need a transaction. */
#ifndef WATCHDESK_STORE_DUTY_H
#define WATCHDESK_STORE_DUTY_H

#include "base/sign.h"
#include "store/store.h"

#define DUTY_HOLDS (INT64_C(7) * 86400 * 1000000) /* a text that comes back after a week is looked at again */

struct duty_row {
	int64_t finding_id, lead_id;
	struct str public_id; /* of the finding */
	struct str title, source, asset, category, verdict;
	int severity;						/* as it is now */
	int64_t opened_at, due_at, held_since, acknowledged_at; /* 0 for not (yet) */
	struct str holder, acknowledged_by, how;		/* empty for nobody */
	int64_t steps;						/* how many were asked */
};

/*
 * A finding has to be answered. 1: it is new, and is due at once. 0: it is known, or its campaign is: then it has the same
 * answer, and nobody is asked anew unless it is severe by another word than what was asked about, or that is DUTY_HOLDS ago.
 */
int duty_open(struct store *s, int64_t finding_id, int severity, int64_t now, struct err *err);
/* Those of which somebody is to be asked now, the longest due first. */
int duty_due(struct store *s, int64_t now, size_t max, struct arena *a, struct duty_row **rows, size_t *n, struct err *err);
/* When the next is due: 1 and the time, 0 when none is. */
int duty_next(struct store *s, int64_t *due_at, struct err *err);

/* After the clock went back: what would be due later than `most` from now is due now. */
int duty_not_later(struct store *s, int64_t now, int64_t most, struct err *err);

/* Who was asked. */
struct duty_asked {
	struct str name;
	int64_t at, outbox_id; /* 0: no message was made, its address is suspended */
};
int duty_asked(struct store *s, int64_t finding_id, struct arena *a, struct duty_asked **rows, size_t *n, struct err *err);
/* Somebody is asked; the next one at `due_at`. */
int duty_ask(struct store *s, int64_t finding_id, const struct duty_asked *asked, int64_t due_at, struct err *err);
/*
 * A message that asked did not arrive: the next one is asked now. 1; 0 when it asked nobody, somebody has answered, or `most`
 * were asked: then all of them are asked again in their time.
 */
int duty_undelivered(struct store *s, int64_t outbox_id, int64_t most, int64_t now, struct err *err);
/* A message that asked, went, and whose recipient has not heard yet that somebody has it. */
struct duty_unheard {
	struct str message, recipient; /* its public id */
	struct str finding, name;      /* name: who has it */
};
/*
 * Those of findings that were opened since, to recipients that want to hear it ("|channel a|channel b|"). Who is told is so by
 * a message of the topic "answered MESSAGE" to that recipient.
 */
int duty_unheard(struct store *s, struct str recipients, int64_t since, size_t max, struct arena *a, struct duty_unheard **rows,
		 size_t *n, struct err *err);
/* There is nothing to answer any more: nobody is asked further. */
int duty_rest(struct store *s, int64_t finding_id, struct err *err);

/* An answer. */
struct duty_answer {
	int64_t finding_id;
	struct str name;	  /* who has it now */
	struct str operator_name; /* who says so, for custody */
	struct str how;		  /* "command", "mail", "verdict" */
	const struct sign_key *key;
};
/*
 * Somebody has it, and all of its campaign that waits: in custody. 1; 0 somebody had it already, which stays; E_USAGE when
 * nobody has to answer this finding and it was not asked about.
 */
int duty_acknowledge(struct store *s, const struct duty_answer *d, int64_t now, struct err *err);
/* Somebody has judged it, which is an answer too; nothing when it was answered, or has not to be. */
int duty_judged(struct store *s, int64_t finding_id, struct str operator_name, int64_t now, struct err *err);
/* It is somebody's now, whoever had it: in custody. It counts as answered. Any finding can be assigned. */
int duty_assign(struct store *s, const struct duty_answer *d, int64_t now, struct err *err);

/*
 * Who has it gives it back, with all of its campaign that was answered by the same act: in custody. Somebody is asked again at
 * once when `waited`: it had to be answered before; else it was only given to somebody, and has no duty any more.
 */
int duty_return(struct store *s, const struct duty_answer *d, bool waited, int64_t now, struct err *err);

/* The duty of a finding: 1, 0 it has none. */
int duty_of(struct store *s, int64_t finding_id, struct arena *a, struct duty_row *out, struct err *err);
/* How a duty stands. */
struct duty_standing {
	bool has_duty;	   /* somebody has to answer it */
	struct str holder; /* who has it; empty for nobody */
	struct str how;	   /* "command", "mail", "link", "verdict", "campaign" */
	int64_t held_since;
	struct str asked; /* while nobody has it: who was asked last, when, and how many were */
	int64_t asked_at;
	size_t n_asked;
};
/* 1; 0 it has none. */
int duty_standing(struct store *s, int64_t finding_id, struct arena *a, struct duty_standing *out, struct err *err);
/*
 * The same in words: "day desk has it since 2026-11-26 03:14 UTC (by command)"; 0 and empty when nobody has to answer it.
 */
int duty_words(struct store *s, int64_t finding_id, struct arena *a, struct str *out, struct err *err);
/* The finding that a message asked about: 1, 0 it asked about none. `name`: of the roster, whom it asked. */
int duty_of_message(struct store *s, struct str public_id, struct arena *a, int64_t *finding_id, struct str *name,
		    struct err *err);
struct duty_filter {
	bool waiting;  /* only what nobody has answered */
	int64_t since; /* only what was opened since */
	int64_t limit; /* 0 for 500 */
};
/* The most severe first. */
int duty_list(struct store *s, const struct duty_filter *f, struct arena *a, struct duty_row **rows, size_t *n,
	      struct err *err);

/* Spans of one finding's way, us; below 0 where an end of it is not known. */
enum duty_clock { CLOCK_POSTED_SEEN, CLOCK_SEEN_SENT, CLOCK_SENT_ACKNOWLEDGED, CLOCK_POSTED_ACKNOWLEDGED, DUTY_CLOCKS };
/* "posted to seen" ... */
extern const char *const duty_clock_names[DUTY_CLOCKS];
struct duty_clocks {
	size_t n[DUTY_CLOCKS]; /* findings that have both ends */
	int64_t median[DUTY_CLOCKS], longest[DUTY_CLOCKS];
};
/* The clocks of a finding; of all that were opened since, their medians. */
struct duty_times {
	int64_t posted_at, seen_at, sent_at, acknowledged_at; /* 0 for not known */
};
int duty_times(struct store *s, int64_t finding_id, struct duty_times *out, struct err *err);
int duty_clocks(struct store *s, int64_t since, struct duty_clocks *out, struct err *err);

/* A shift ends: in custody. */
int handover_add(struct store *s, struct str operator_name, int64_t now, struct err *err);
/* The last one: 1, 0 there was none. */
int handover_last(struct store *s, struct arena *a, int64_t *at, struct str *operator_name, struct err *err);

#endif
