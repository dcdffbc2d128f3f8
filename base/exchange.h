/* exchange.h - one HTTP exchange as it was on the wire, with what proves it; and the trail of redirects that led to a page */
/* Runs in: net (writing), worker, writer, verbs; its types are every role's. Times are microseconds UTC, strings borrowed. */
#ifndef WATCHDESK_BASE_EXCHANGE_H
#define WATCHDESK_BASE_EXCHANGE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/message.h"

struct exchange {
	struct str url;
	struct str request;  /* request line and headers as sent, CRLF, with the empty line that ends them */
	struct str headers;  /* status line and headers as received, with the empty line that ends them */
	struct str body;     /* the bytes that followed, transfer and content coding as on the wire */
	struct str protocol; /* "http/1.0", "http/1.1", "h2" */
	struct str address;  /* numeric, connected to; "socks5h://..." or "http://...", the proxy that was */
	struct str tls;	     /* "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty without TLS */
	struct str chain;    /* the certificates shown by the server, PEM, leaf first; empty without TLS */
	struct str leaf;     /* SHA-256 of the leaf's DER; empty without TLS */
	struct str clock;    /* how far the machine's clock was to be trusted: "synchronised, within 1200 us" */
	int status;
	bool bare; /* the body was left out: with it the trail would have been too large */
	int64_t started_at, ended_at;
};

/* The value of the last header of this name among `headers`, trimmed; empty when absent. */
struct str exchange_header(struct str headers, const char *name);

/* The redirects in order, then the page. */
struct trail {
	struct exchange *exchanges;
	size_t n;
};

/*
 * Put all of it, take it; strings taken are borrowed from the message, the list lives in `a`. A bad one sets m->bad: a trail
 * has one exchange at least, and LIMIT_REDIRECTS more at most.
 */
void trail_put(struct buf *out, const struct trail *t);
void trail_take(struct message *m, struct arena *a, struct trail *t);

#endif
