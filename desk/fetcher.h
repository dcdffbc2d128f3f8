/* fetcher.h - the parts of the net process: what may begin, what came back, who is signed in */
/* Runs in: net. Shared by role_net.c and fetcher*.c; the other roles know role.h only. */
#ifndef WATCHDESK_DESK_FETCHER_H
#define WATCHDESK_DESK_FETCHER_H

#include "base/net.h"
#include "crawler/manners.h"
#include "crawler/url.h"
#include "desk/fetch.h"
#include "desk/courier.h"
#include "desk/files_peer.h"
#include "desk/hands.h"
#include "desk/mailer.h"
#include "desk/role.h"
#include "desk/secrets.h"

#define FETCHER_PATIENCE INT64_C(10000000) /* us; a longer silence is not waited for: the job goes back */

enum { CAPTURED_BYTES = 32 << 20 }; /* captures that wait for a worker; above this nothing new is fetched */

/* The whole of this role. */
struct fetcher {
	const struct role *role;
	struct net *net;
	struct manners *manners;
	struct secrets *secrets; /* of each source */
	struct secrets mailbox;
	struct net_jar **jars; /* of each source, made when it is first needed */
	struct mailer *mailer;
	struct couriers *couriers;
	struct channel writer;
	struct files_peer files;
	struct hands hands;
	struct fetch *fetches[2 * LIMIT_QUEUE]; /* new and active ones; a job has at most one robots.txt */
	size_t n;
	struct arena *a; /* of one turn */
	int64_t wake_at; /* when the first of the waiting fetches may begin */
	bool stopping;
};

/* fetcher.c: the source of a fetch; one more, one less on the way. */
const struct source *fetcher_source(const struct fetcher *f, const struct fetch *x);
void fetcher_add(struct fetcher *f, struct fetch *x);
void fetcher_remove(struct fetcher *f, const struct fetch *x);
/* Tell the writer how a job ended without a page, or that it failed in this way; the fetch is over and freed. */
void fetcher_give_up(struct fetcher *f, struct fetch *x, struct outcome o);
void fetcher_refuse(struct fetcher *f, struct fetch *x, const char *class_name, const char *detail);

/* fetcher_begin.c: begin what host, robots.txt and time allow, the oldest first. */
void fetcher_begin_ready(struct fetcher *f);

/* fetcher_answers.c: an exchange is over; takes the capture. */
void fetcher_finish(struct fetcher *f, struct capture *c);

/* fetcher_sign_in.c: the cookies of a source; tell the writer of new ones, take those that it kept. */
struct net_jar *fetcher_jar(struct fetcher *f, int64_t source);
void fetcher_tell_cookies(struct fetcher *f, int64_t source);
void fetcher_take_cookies(struct fetcher *f, struct message *m);
/* A step of a sign-in: name and password are put into the form here. */
void fetcher_take_login(struct fetcher *f, struct message *m);

/* fetcher_mailbox.c: the next mail of the mailbox that answers land in; takes the fetch, and then its capture. */
void fetcher_collect(struct fetcher *f, struct fetch *x);
void fetcher_collected(struct fetcher *f, struct fetch *x, struct capture *c);

#endif
