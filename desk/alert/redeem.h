/* redeem.h - what a token allows is done, by whichever way it came back: a mail, a link, a command */
/* Runs in: writer, verbs. Needs a transaction. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_ALERT_REDEEM_H
#define WATCHDESK_DESK_ALERT_REDEEM_H

#include "desk/alert/subscribers.h"

/* Who brings it, as far as is known. */
struct redeemer {
	struct str name;	  /* "on call" */
	struct str operator_name; /* for custody: the system user, "by mail" */
	struct str how;		  /* "mail", "link", "command" */
};

/* What a token is about. */
struct redeemable {
	enum token_act act;
	char row[2 * DIGEST_ID_BYTES + 1]; /* public id of the finding, or of the subscription */
	char token[TOKEN_TEXT];		   /* as we wrote it: mail programs change its case */
};

/*
 * Read it, and do nothing: 1; 0 when it is not ours or its time has passed, and `why` is "forged" or "expired". Whether it was
 * used is seen when it is redeemed.
 */
int redeem_look(struct store *s, struct str token, int64_t now, struct redeemable *out, const char **why);
/*
 * Do what it allows, once: 1 done; 0 and nothing is done, `why` is one of the above, "used" or "unknown". E_USAGE when a
 * subscriber may not leave, being the last: roll the transaction back then, as for any error.
 */
int redeem(struct store *s, struct str token, const struct redeemer *by, int64_t now, struct arena *a, struct redeemable *out,
	   const char **why, struct err *err);

#endif
