/* net_internal.h - what the files of net share, and nobody else */
/* Runs in: net, verbs. */
#ifndef WATCHDESK_BASE_NET_INTERNAL_H
#define WATCHDESK_BASE_NET_INTERNAL_H

#include "base/limits.h"
#include "base/net.h"

struct mailing;
struct collecting;
struct sending;
struct curl_slist;

enum { CIRCUIT_BYTES = 16, NET_ERROR = 256 }; /* curl's CURL_ERROR_SIZE */

/* One easy handle; kept and used again, because setting one up costs more than an exchange on loopback. */
struct transfer {
	void *easy;
	struct net *net;
	struct transfer *next; /* in the list of idle ones */
	struct curl_slist *headers;
	struct capture *capture;
	struct net_jar *jar;
	struct mailing *mailing; /* it sends a mail; else NULL */
	struct sending *sending; /* it sends bytes; else NULL */
	size_t head_bytes;
	bool allow_private, trusts, pins, posts, puts, timed, proxied; /* what the next request must take back */
	char error[NET_ERROR];
};

struct net {
	void *multi;
	void *clerk; /* looks into jars; never asks anybody anything */
	struct net_jar *jars;
	struct transfer *idle;
	struct transfer *all[LIMIT_CONNECTIONS];
	struct transfer *postman;		  /* made with the first mail; NULL before */
	struct collecting *collecting;		  /* from a mailbox; the same */
	struct transfer *senders[LIMIT_CHANNELS]; /* of bytes; each for one connection */
	size_t n_all, n_senders, active;
	char *ca_folder;		      /* the system's certificates, as curl was built; NULL for none */
	char password[2 * CIRCUIT_BYTES + 1]; /* of all circuits: nobody else's are ours, and none outlives the process */
};

/* Note why it failed, unless something has been noted. */
void net_failed(struct capture *c, enum net_failure failure, const char *text);
/* A handle with the guard of addresses, the system's certificates, no environment; for what, is the caller's to set. */
struct transfer *net_transfer_new(struct net *n);
/* The cookies of this jar go with x, and come into it; NULL for none. */
void net_jar_use(struct transfer *x, struct net_jar *jar);
/* Hide their values in what was recorded. */
void net_jar_hide(struct capture *c);
/* Free all jars, when no transfer has one any more. */
void net_jars_free(struct net *n);
/* The mail of x has ended: fill in its capture. */
void net_mail_end(struct transfer *x, int result);
/* Free what x has for mails. */
void net_mail_free(struct transfer *x);
/* The connection for bytes stands, or does not (a CURLcode): true when it is over already. */
bool net_send_connected(struct transfer *x, int result);
/* Go on with it: true when it is over, and its capture filled in. */
bool net_send_step(struct transfer *x);
/* The socket of one that is connected, and what it waits for (POLLIN, POLLOUT): false for one that is not. */
bool net_send_poll(const struct transfer *x, int *fd, short *events, int64_t *until_us);
/* Close and free it. */
void net_send_free(struct net *n, struct transfer *x);
/* The capture of something that is no page. */
struct capture *net_capture_new(struct str url, void *owner, size_t most_said);
/* Give curl strings that it copies. */
void net_set_text(struct transfer *x, int option, struct str text);
void net_set_blob(struct transfer *x, int option, struct str pem);
/* Which failure it was, of a CURLcode. */
enum net_failure net_failure_of(int result);

/* A descriptor to wait for, and whether for writing too. */
struct net_poll {
	int fd;
	bool out;
};

/* Is x the one that reads the mailbox? Curl has signed in with it, or not: false when it is over, for want of that. */
bool net_collect_is(const struct net *n, const struct transfer *x);
bool net_collect_connected(struct net *n, int result);
/* What to wait for, false for nothing; then go on with it. */
bool net_collect_poll(const struct net *n, struct net_poll *out);
void net_collect_go_on(struct net *n);
/* Its capture, if it is over, the caller's to free; NULL for none. */
struct capture *net_collect_ended(struct net *n);
/* Free what it has but for its handle, which is the caller's to free; NULL for none. */
struct transfer *net_collect_release(struct net *n);

#endif
