/* mailbox.h - the mailbox on a server that answers to our mail land in */
/* Runs in: net; verbs (`doctor`). */
#ifndef WATCHDESK_DESK_MAILBOX_H
#define WATCHDESK_DESK_MAILBOX_H

#include "base/net_imap.h"
#include "desk/secrets.h"

/* Where it is and who we are; strings are borrowed. */
struct net_mailbox mailbox_of(const struct alerts *a, const struct secrets *s);
/* Does it let us in? Opens the folder and reads nothing. E_NET with the reason. */
int mailbox_check(const struct config *c, struct err *err);

#endif
