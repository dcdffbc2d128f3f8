/* secrets.h - names and passwords of sign-ins, of relay, mailbox and channels: read by the one process that sends them,
 * wiped from all others */
/* Runs in: net (reading, before it is confined); verbs (`alert test`); every other role (forgetting). */
#ifndef WATCHDESK_DESK_SECRETS_H
#define WATCHDESK_DESK_SECRETS_H

#include "base/buf.h"
#include "desk/config.h"

/* Of one source, of the relay, or of a channel; without a sign-in all is empty. */
struct secrets {
	struct buf user, password;
	struct buf key; /* of our certificate (PEM): the relay's, a channel's */
	struct buf url; /* of a channel: these have their secret in the address; `password` is its token or key */
	struct err why; /* why there are none; code 0 when there are */
};

/* Read those of a source. What cannot be had is said in `why`, in words that hold nothing of it. */
void secrets_read(struct secrets *s, const struct source *source);
/* The same of the relay. */
void secrets_read_relay(struct secrets *s, const struct alerts *relay);
/* The same of the mailbox. */
void secrets_read_mailbox(struct secrets *s, const struct alerts *alerts);
/* The same of a channel: an address that may be written to, too. */
void secrets_read_channel(struct secrets *s, const struct alert_channel *channel);
/* Wipe them. */
void secrets_release(struct secrets *s);
/* Wipe from the environment of this process whatever any source of the configuration says is secret there. */
void secrets_forget(const struct config *c);

#endif
