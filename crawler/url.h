/* url.h - addresses: as found, in WHATWG form, and as the frontier's key */
/* Runs in: worker, net, writer (start addresses), verbs. Standards: WHATWG URL (http and https), RFC 3986, SURT order for keys.
 */
#ifndef WATCHDESK_CRAWLER_URL_H
#define WATCHDESK_CRAWLER_URL_H

#include "base/arena.h"
#include "base/err.h"

struct url {
	struct str href;	       /* WHATWG serialisation */
	struct str key;		       /* href without fragment and session parameters: one address, one key */
	struct str surt;	       /* "(com,example,)/path": sorts sites together */
	struct str scheme, host, path; /* slices of href; path begins with / and holds the query */
	int port;		       /* the default where none is written */
};

/* Resolve `input` against `base` (may be empty). E_BAD for what is not http or https, or not an address. Lives in `a`. */
int url_parse(struct arena *a, struct str input, struct str base, struct url *out, struct err *err);
/* "https://host:port", the unit of robots.txt and pace. */
struct str url_origin(struct arena *a, const struct url *u);
/* The domain of a host that somebody registered, by the public suffix list: "example.co.uk" of "paste.example.co.uk"; empty for
 * an address, or a public suffix itself. A piece of `host`, which is in WHATWG form. */
struct str url_registrable(struct str host);

#endif
