/* subscribers.h - the subscriptions of the file and those of the store, together: kept, confirmed, left */
/* Runs in: writer, verbs. Changes need a transaction. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_ALERT_SUBSCRIBERS_H
#define WATCHDESK_DESK_ALERT_SUBSCRIBERS_H

#include "desk/alert/subscription.h"
#include "desk/alert/token.h"
#include "store/subscription.h"

/* How long a token in a mail works. */
enum { SUBSCRIBERS_CONFIRM_DAYS = 14, SUBSCRIBERS_LEAVE_DAYS = 365 };

/*
 * The entries of the file become rows, in the order in which each recipient's stand there; rows that it has no entry for any
 * more are withdrawn. Somebody who left stays away while the entry stands.
 */
int subscribers_sync(struct store *s, const struct subscription *entries, size_t n, int64_t now, struct err *err);
/* Those that are told: active, and readable by this program. They live in `a`. */
int subscribers_load(struct store *s, struct arena *a, struct subscription **out, size_t *n, struct err *err);
/* One row's subscription. E_USAGE when this program cannot read it. */
int subscribers_read(const struct subscription_row *r, struct arena *a, struct subscription *out, struct err *err);
/*
 * Somebody leaves, which `who` did: 1, or 0 when it was over already. E_USAGE, and all stays as it is, when it is the last that
 * hears of a class of severity: the sentence names the class.
 */
int subscribers_leave(struct store *s, const struct subscription_row *r, struct str who, int64_t now, struct err *err);
/*
 * What came back by mail or by command: 1 when the token was ours, in time and unused, and what it allows was done: a
 * subscription confirmed or left. 0, and nothing is done, for all others. E_USAGE as above; roll the transaction back then, as
 * for any error. `row` is the subscription as it was, when there is one; it lives in `a`.
 */
int subscribers_answer(struct store *s, struct str token, struct str who, int64_t now, struct arena *a,
		       struct subscription_row *row, struct err *err);
/* A token for a subscription's row. Returns `out`. */
char *subscribers_token(const struct store *s, struct str public_id, enum token_act act, int64_t now, char out[TOKEN_TEXT]);

#endif
