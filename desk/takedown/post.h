/* post.h - an approved notice as a letter with its files, and what follows once it has gone */
/* Runs in: verbs (sending); writer (gone). Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_TAKEDOWN_POST_H
#define WATCHDESK_DESK_TAKEDOWN_POST_H

#include "desk/config.h"
#include "desk/takedown/takedowns.h"
#include "store/notice.h"

/*
 * Put an approved notice into the outbox as a letter: its files are the XARF report where that fits, the summary of the
 * evidence and the letter of authorisation, as its template says. Needs a transaction. E_USAGE when it is not approved as it
 * stands, is not for mail, or no relay is configured.
 */
int takedown_post(struct store *s, const struct config *c, const struct notice_row *n, struct str operator_name, int64_t now,
		  struct arena *a, struct err *err);
/* It has gone: its targets are sent, and looked at again when their hosts' cards say. Needs a transaction. 1, 0 as before. */
int takedown_sent(struct store *s, const struct takedowns *t, const struct notice_row *n, struct str operator_name, int64_t now,
		  struct arena *a, struct err *err);
/* Where its host is to answer to: the configured address, with its own token where `plus` says so. Lives in `a`. */
struct str takedown_reply_to(const struct config *c, const struct notice_row *n, struct arena *a);

#endif
