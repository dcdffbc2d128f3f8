/* route.h - the way to a source: straight, through a proxy, through Tor; and what is never asked for on it */
/* Runs in: supervisor (settling it), net (asking), writer (choosing). Standards: RFC 1928 (SOCKS5), RFC 6761 6.3 (localhost),
 * RFC 7686 (.onion). */
#ifndef WATCHDESK_CRAWLER_ROUTE_H
#define WATCHDESK_CRAWLER_ROUTE_H

#include "crawler/source.h"
#include "crawler/url.h"

/* Is this socks5h://HOST:PORT or http://HOST:PORT? `key` names it in the error, which reads "file:line: what, expected what".
 */
int route_check_proxy(struct yaml_text proxy, const char *key, struct err *err);
/*
 * Settle the proxy of a source: its own, else `tor` (which may be empty) where its identity is quiet; empty after it for none.
 * A source of .onion addresses that no socks5h proxy leads to is E_USAGE.
 */
int route_settle(struct source *s, struct yaml_text tor, struct arena *a, struct err *err);
/* Why this address is not asked for on the way to the source, as a sentence; NULL when it may be. `strayed`: on another host.
 */
const char *route_refuses(const struct source *s, bool strayed, const struct url *url);

/* Does a source read pages of this host? What it may do there it may not do elsewhere. `a` is for a moment. */
bool route_knows(struct arena *a, const struct source *s, const struct url *url);

#endif
