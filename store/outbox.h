/* outbox.h - what is to be sent, kept in the transaction that made it due; tried again until it went or cannot go */
/* Runs in: writer (adding), verbs. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_OUTBOX_H
#define WATCHDESK_STORE_OUTBOX_H

#include "store/store.h"

/* When a message is tried again: a minute after the first failure, twice as long after each, six hours at most. */
enum { OUTBOX_FIRST_S = 60, OUTBOX_LONGEST_S = 6 * 3600, OUTBOX_TRIES = 20, OUTBOX_BELIEVED = 3 };

/* Something to send. */
struct outbox_message {
	struct str kind;      /* "alert", "digest", "heartbeat", "notice" */
	struct str recipient; /* one: nobody sees the others */
	struct str subject, content;
	int64_t finding_id, takedown_id; /* what it is about; 0 for nothing */
	int64_t subscription_id, campaign_id;
	struct str topic; /* with subscription, recipient and step: is kept once; empty for what may repeat */
	int64_t step;
	int64_t due_at; /* 0 for now */
};

/* A message as it waits. Its public id is the stable part of its Message-ID. */
struct outbox_row {
	int64_t id, finding_id, takedown_id, subscription_id, campaign_id, step;
	struct str public_id, kind, recipient, subject, content, state, answer, topic;
	int64_t tries, made_at, due_at, ended_at; /* ended_at 0 while it waits */
};

/* Keep one, in the transaction that is open. Returns 0 with its id, which is 0 when the same was kept before. */
int outbox_add(struct store *s, const struct outbox_message *m, int64_t now, int64_t *id, struct err *err);
/* Which messages: those to one recipient; or, when `to` is empty, all but those to `others`, written "|channel a|channel b|".
 */
struct outbox_way {
	struct str to, others;
};
/* The messages of a way that are due, the longest due first, at most `max`; they live in `a`. */
int outbox_due(struct store *s, const struct outbox_way *way, int64_t now, size_t max, struct arena *a,
	       struct outbox_row **rows, size_t *n, struct err *err);
/* When the next one is due: 1 and the time, 0 when none waits. */
int outbox_next_due(struct store *s, int64_t *due_at, struct err *err);
/*
 * It went; `answer` is what the other side said. Needs a transaction. 1, or 0 when it does not wait any more. One that was
 * silenced when it was on its way has gone all the same.
 */
int outbox_sent(struct store *s, int64_t id, struct str answer, int64_t now, struct err *err);
/*
 * It did not go: with `forever` or after OUTBOX_TRIES it is dead, else it waits longer. Needs a transaction. 1 it waits, 0 it
 * is dead or did not wait any more.
 */
int outbox_failed(struct store *s, int64_t id, struct str answer, bool forever, int64_t now, struct err *err);

/*
 * The other side named the time of the next try: it is believed for OUTBOX_BELIEVED tries, then only when that is later than
 * we would try ourselves. Behind outbox_failed(), in its transaction.
 */
int outbox_asked_for(struct store *s, int64_t id, int64_t at, struct err *err);

/* How many alerts and digests were made for a recipient since then. */
int outbox_rate(struct store *s, struct str recipient, int64_t since, int64_t *n, struct err *err);
/*
 * The alerts that wait about a finding, or about one with the same text, are not sent; what their subscribers were told of the
 * campaign is forgotten, so that they hear of it when the verdict is taken back. Needs a transaction.
 */
int outbox_silence(struct store *s, int64_t finding_id, int64_t now, struct err *err);

/* One by its public id or the beginning of it (6 digits at least): 1, 0 none, E_USAGE when several begin so. */
int outbox_load(struct store *s, struct str public_id, struct arena *a, struct outbox_row *out, struct err *err);
/* One that waits or is dead is due now, as if it had never been tried. Needs a transaction. 1, or 0 when it is neither. */
int outbox_again(struct store *s, int64_t id, int64_t now, struct err *err);
/* How many are in this state. */
int outbox_count(struct store *s, const char *state, int64_t *n, struct err *err);

struct outbox_filter {
	struct str state;  /* "waiting", "sent", "dead", "silenced"; empty for all */
	int64_t before_id; /* the page behind this row; 0 for the first */
	int64_t limit;	   /* 0 for 100 */
};
/* Messages, the newest first. */
int outbox_list(struct store *s, const struct outbox_filter *f, struct arena *a, struct outbox_row **rows, size_t *n,
		struct err *err);

#endif
