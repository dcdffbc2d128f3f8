/* net.h - HTTP exchanges and mail: each with its ceilings, none to an address it may not reach */
/* Runs in: net; verbs (`source test`, `alert test`). The only user of curl. Standards: RFC 9110, 9111 (validators), 9112; 5321,
 * 3207, 4954; 8446. */
#ifndef WATCHDESK_BASE_NET_H
#define WATCHDESK_BASE_NET_H

#include <poll.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/exchange.h"
#include "base/mail_header.h"
#include "base/tls.h"

/* All exchanges of a process. */
struct net;

/* The cookies of one source, kept apart from all others' (RFC 6265, with libpsl): curl's own engine. The net's to free. */
struct net_jar;

struct net_request {
	struct str url; /* http or https; copied */
	struct str user_agent;
	struct str etag;	  /* of an earlier exchange, for If-None-Match; empty for none */
	struct str last_modified; /* the same, for If-Modified-Since */
	struct str post;	  /* a body to send (POST), at most LIMIT_POST; empty for GET */
	struct str post_type;	  /* its media type: "application/timestamp-query" */
	bool put;		  /* the body is PUT */
	struct str headers;	  /* further ones, "Name: value", a line each; empty for none */
	int64_t timeout_ms;	  /* of all of it; 0 for LIMIT_FETCH_MS */
	struct str trust;	  /* certificates (PEM) to trust instead of the system's; empty for the system's */
	struct str pin;		  /* of the server's key: "sha256//BASE64", several with ";" between; empty for any */
	struct str proxy;	  /* "socks5h://host:port" or "http://host:port"; empty for none */
	struct str circuit; /* a word to tell the SOCKS proxy: requests of different ones share no connection, in Tor no way */
	struct str accept, language; /* Accept, Accept-Language; empty for what curl says, and for none */
	struct net_jar *jar;	     /* cookies to send and to keep; then what is recorded has their values hidden; or NULL */
	bool coded;		     /* ask for gzip or deflate */
	bool allow_private; /* loopback and private addresses as well, a proxy's always; never link-local and reserved ones */
	size_t max_bytes;   /* of the body as coded; 0 means LIMIT_BODY */
	void *owner;	    /* comes back with the capture */
};

/* A file that goes with a mail. */
struct net_mail_file {
	struct str name, type, content;
};

/* A mail to one recipient, as its headers name it. Without `plain` it is not sent unless TLS is there. All is copied. */
struct net_mail {
	struct str relay;    /* "smtp://host:port", "smtps://host:port"; may be private or loopback */
	struct str greeting; /* the domain that says EHLO */
	bool plain;	     /* no TLS */
	bool fresh;	     /* by a new connection */
	bool greet;	     /* come as far as a mail would begin, and send none; the rest from `headers` on is not looked at */
	struct str user, password;
	struct str trust, certificate, key; /* PEM: whom to trust instead of the system's, who we are; empty for none */
	struct mail_headers headers;
	struct str text, html; /* UTF-8 with "\n"; html empty for none */
	struct str sealed;     /* instead of these and of the files: S/MIME, as base64_encode() writes it; empty for none */
	const struct net_mail_file *files;
	size_t n_files;
	int64_t timeout_ms; /* of all of it; 0 for LIMIT_MAIL_MS */
	void *owner;	    /* comes back with the capture */
};

/* At which step an exchange failed: the words of a source's health. */
enum net_failure { NET_OK, NET_DNS, NET_CONNECT, NET_TLS, NET_HTTP, NET_TIMEOUT, NET_LIMIT, NET_DENIED, NET_MAIL };
/* "ok", "DNS", "connect", "TLS", "HTTP", "timeout", "limit", "denied", "mail". */
extern const char *const net_failure_names[9];

/* Bytes for a server that answers nothing, such as a collector of syslog. All is copied. */
struct net_bytes {
	struct str url; /* "https://host:port" is TLS, "http://host:port" none; may be private or loopback */
	struct str trust, certificate, key; /* PEM: whom to trust instead of the system's, who we are; empty for none */
	struct str bytes;		    /* empty: it is only tried whether the server lets us in */
	void *owner;			    /* comes back with the capture */
};

/*
 * One exchange, as it was: nothing is decoded, so that a chunked body is still in its chunks. Of a mail the request is the
 * dialogue,
 * "> " what we said and "< " what we heard, without secrets and text, and the body the relay's last answer.
 */
struct capture {
	void *owner;
	enum net_failure failure;
	char failure_text[256]; /* a sentence; may quote the server */
	int status;		/* of HTTP or SMTP; 0 when no response came */
	struct buf url, request, headers, body;
	bool bare;	      /* the body came, and was dropped */
	bool sent, refused;   /* a mail: the relay has it; it will never take it (5yz about this mail, not about us); bytes: all
				 are out */
	bool reused;	      /* a mail: by a connection that was there */
	const char *protocol; /* "http/1.1", "h2", "smtp" */
	char address[128];    /* connected to, in numbers; the proxy, as it was given; empty when never */
	char tls[TLS_NAME];   /* version and cipher; empty without TLS, then the next two are as well */
	struct buf chain;     /* PEM, leaf first */
	unsigned char leaf[DIGEST_BYTES]; /* SHA-256 of the leaf's DER */
	char clock[CLOCK_STATE];	  /* of clock_state() when it began */
	int64_t started_at, ended_at;	  /* us UTC */
	int64_t answered_at;		  /* when its first byte came; 0 for never */
};

/* Ready for exchanges; reads the system's certificates on first use. */
struct net *net_new(struct err *err);
/* Break off all exchanges and close all connections. */
void net_free(struct net *n);
AUTO_FREES(net)
/* An empty jar, freed with the net. */
struct net_jar *net_jar_new(struct net *n);
/* Fill it with lines that net_jar_changed() gave, in place of what it held. */
void net_jar_fill(struct net_jar *j, struct str lines);
/*
 * 1 when it holds other cookies than at the last call or filling; `lines` is then all of them, a line each, borrowed until the
 * next call. 0 when it does not. More than LIMIT_COOKIES, or than LIMIT_COOKIE_BYTES in all: it is put back to what it held.
 */
int net_jar_changed(struct net_jar *j, struct str *lines);
/* Begin an exchange; at most LIMIT_CONNECTIONS at once. Redirects are not followed: the caller decides about each hop. */
int net_start(struct net *n, const struct net_request *r, struct err *err);
/*
 * Begin to send a mail; one at a time (else E_BUSY), over the connection of the one before while that stands. E_BAD when an
 * address is none. It ends as a capture.
 */
int net_mail(struct net *n, const struct net_mail *m, struct err *err);
/*
 * Begin to send bytes; at most LIMIT_CHANNELS at once (else E_BUSY). It ends as a capture: `sent` says that the server took all
 * and did not hang up for LIMIT_BYTES_QUIET_MS, which is all that there is to know of who answers nothing.
 */
int net_send(struct net *n, const struct net_bytes *b, struct err *err);
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
/* Drop the body: its bytes are not wanted any more, and the exchange says so. */
void capture_drop_body(struct capture *c);
/* The whole of it for a trail, borrowed. */
struct exchange capture_exchange(const struct capture *c);

#endif
