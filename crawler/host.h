/* host.h - the host of an address: a name, an IPv4 or an IPv6 address, written one way */
/* Runs in: worker, net, verbs. Standards: WHATWG URL 3.5 (host parser), UTS 46 through ICU. */
#ifndef WATCHDESK_CRAWLER_HOST_H
#define WATCHDESK_CRAWLER_HOST_H

#include "crawler/sheet.h"

/* Write `host`, as it stands in an address, to `s`. E_BAD for what is no host. */
int host_write(struct sheet *s, struct str host, struct err *err);
/* Does the last label look like a number? Then the host is an IPv4 address or nothing. */
bool host_is_number(struct str host);

#endif
