/* net.h - HTTP exchanges: many at once, each with its ceilings, none to an address it may not reach */
/* Runs in: net; verbs (`source test`). The only user of curl. Standards: RFC 9110, 9111 (validators), 9112. */
#ifndef WATCHDESK_BASE_NET_H
#define WATCHDESK_BASE_NET_H

#include <poll.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

/* All exchanges of a process. */
struct net;

struct net_request {
	struct str url; /* http or https; copied */
	struct str user_agent;
	struct str etag;	  /* of an earlier exchange, for If-None-Match; empty for none */
	struct str last_modified; /* the same, for If-Modified-Since */
	bool coded;		  /* ask for gzip or deflate; the body stays as coded on the wire */
	bool allow_private;	  /* loopback and private addresses as well; never link-local and reserved ones */
	size_t max_bytes;	  /* of the body as coded; 0 means LIMIT_BODY */
	void *owner;		  /* comes back with the capture */
};

/* At which step an exchange failed: the words of a source's health. */
enum net_failure { NET_OK, NET_DNS, NET_CONNECT, NET_TLS, NET_HTTP, NET_TIMEOUT, NET_LIMIT, NET_DENIED };
/* "ok", "DNS", "connect", "TLS", "HTTP", "timeout", "limit", "denied". */
extern const char *const net_failure_names[8];

/* One exchange, as it was. */
struct capture {
	void *owner;
	enum net_failure failure;
	char failure_text[256]; /* a sentence; may quote the server */
	int status;		/* 0 when no response came */
	struct buf url, headers, body;
	char address[64];	      /* connected to; empty when never */
	int64_t started_at, ended_at; /* us UTC */
};

/* Ready for exchanges; reads the system's certificates on first use. */
struct net *net_new(struct err *err);
/* Break off all exchanges and close all connections. */
void net_free(struct net *n);
AUTO_FREES(net)
/* Begin an exchange; at most LIMIT_CONNECTIONS at once. Redirects are not followed: the caller decides about each hop. */
int net_start(struct net *n, const struct net_request *r, struct err *err);
/* Exchanges under way. */
size_t net_active(const struct net *n);
/* Go on with all exchanges; wait at most `timeout_ms` for them or for one of `fds`, whose revents are set. */
void net_wait(struct net *n, struct pollfd *fds, size_t n_fds, int timeout_ms);
/* The next finished exchange, the caller's to free; NULL for none. */
struct capture *net_next(struct net *n);
void capture_free(struct capture *c);
AUTO_FREES(capture)
/* The value of the last header of this name, trimmed; empty when absent. Borrowed. */
struct str capture_header(const struct capture *c, const char *name);

#endif
