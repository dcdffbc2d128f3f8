/* subscription.h - who wants which findings how; what may not be sent or used again */
/* Runs in: writer, verbs. Times are microseconds UTC; strings read live in the arena. Changes need a transaction. What the
 * terms of a subscription mean is known above (desk/alert/subscriptions.h). */
#ifndef WATCHDESK_STORE_SUBSCRIPTION_H
#define WATCHDESK_STORE_SUBSCRIPTION_H

#include "store/store.h"

/*
 * asked: made by command, until the subscriber confirms it. active. left: by the subscriber's or an operator's wish. withdrawn:
 * of the file, which does not name it any more.
 */
enum subscription_state { SUBSCRIPTION_ASKED, SUBSCRIPTION_ACTIVE, SUBSCRIPTION_LEFT, SUBSCRIPTION_WITHDRAWN };
/* "asked", "active" ... up to a NULL. */
extern const char *const subscription_states[];

struct subscription_row {
	int64_t id;
	struct str public_id;
	struct str recipient, terms; /* terms: JSON, with the keys that an entry of the file has */
	struct str operator_name;
	bool of_file;
	int64_t position; /* of the file's: its place among those for the same recipient */
	enum subscription_state state;
	int64_t made_at, changed_at;
};

/*
 * Each change is an entry in custody: who made it, into which state, and a digest of address and terms (SHA-256 of the one, a
 * NUL and the other), which may be gone one day.
 */

/* Keep one, its state as it says: fills its id and public id. */
int subscription_add(struct store *s, struct subscription_row *r, int64_t now, struct arena *a, struct err *err);
/* All of them in the order in which they were made. */
int subscription_rows(struct store *s, struct arena *a, struct subscription_row **rows, size_t *n, struct err *err);
/* How often any of them was changed: when it is as it was, so are they. */
int subscription_changes(struct store *s, int64_t *n, struct err *err);
/* From one state into another, by whoever it was: 1, or 0 when it was not in the first. */
int subscription_move(struct store *s, int64_t id, enum subscription_state from, enum subscription_state to, struct str who,
		      int64_t now, struct err *err);
/* Other terms. */
int subscription_reword(struct store *s, int64_t id, struct str terms, struct str who, int64_t now, struct err *err);

/* Nothing is sent to an address any more, and why: what waits for it is dead; again. 1, or 0 when it was so. */
int recipient_suspend(struct store *s, struct str recipient, struct str reason, int64_t now, struct err *err);
int recipient_resume(struct store *s, struct str recipient, struct err *err);
/* 1 suspended, with the reason; 0 not. */
int recipient_is_suspended(struct store *s, struct str recipient, struct arena *a, struct str *reason, struct err *err);

/* Use a token up: 1, or 0 when it was used before. */
int token_spend(struct store *s, struct str token, int64_t now, struct err *err);

#endif
