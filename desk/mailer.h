/* mailer.h - letters on their way to the relay: one after the other over one connection, at its pace */
/* Runs in: net; verbs (`alert test`). Knows the relay's name and password. */
#ifndef WATCHDESK_DESK_MAILER_H
#define WATCHDESK_DESK_MAILER_H

#include "base/arena.h"
#include "base/net.h"
#include "desk/alerts.h"
#include "desk/protocol.h"

struct mailer;

/* For this relay; reads its secrets, so before files are closed. What cannot be read is said with each mail. */
struct mailer *mailer_new(const struct alerts *relay);
void mailer_free(struct mailer *m);
AUTO_FREES(mailer)
/* Begin to send this one now; it ends as a capture owned by `m`. E_BAD: it is no letter, or its address is none. */
int mailer_send(struct mailer *m, struct net *n, const struct mail *mail, bool fresh, struct err *err);
/* Come as far as a mail would begin: does the relay let us in? It ends as a capture too. */
int mailer_greet(struct mailer *m, struct net *n, struct err *err);
/* What came of it; words are borrowed from the capture. The id is the caller's to fill in. */
struct mailed mailer_result(const struct capture *c);

/* Take a mail that the writer hands over; it holds no more than LIMIT_MAILS back. */
void mailer_take(struct mailer *m, struct message *message);
/* Begin the next one if its time has come. Answers when to ask again, us UTC; INT64_MAX: when something has ended or come. */
int64_t mailer_go_on(struct mailer *m, struct net *n, struct channel *writer, int64_t now);
/* The capture of the one under way: tell the writer, or send it once more when it was only the connection that had died. */
void mailer_end(struct mailer *m, struct net *n, const struct capture *c, struct channel *writer);
/* Is one under way? */
bool mailer_is_sending(const struct mailer *m);

#endif
