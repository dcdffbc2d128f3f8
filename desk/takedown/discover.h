/* discover.h - find out who may be written to about a host: its card, its security.txt, the registries, and a guess */
/* Runs in: verbs; answers are read by a process of its own (desk/confined.h). Standards: RFC 9082, 9083, 9224 (RDAP), 9116
 * (security.txt), 2142 (abuse@). Only the host itself and the registries are asked, and only when a person says so. */
#ifndef WATCHDESK_DESK_TAKEDOWN_DISCOVER_H
#define WATCHDESK_DESK_TAKEDOWN_DISCOVER_H

#include "desk/takedown/host.h"
#include "store/host_contact.h"

struct discover_order {
	struct str url;	    /* where it stands; its host is asked about */
	struct str address; /* of the server, when it is known otherwise; empty: that which answers */
	struct str user_agent;
	const char
		*registries; /* folder with dns.json, ipv4.json and ipv6.json, each instead of the shipped one; NULL for none */
	bool allow_private;  /* the host may be private, as its source may */
	const struct host_cards *cards;
};

/* What was found; all lives in an arena. */
struct discovery {
	struct str host, domain, address; /* domain: the registered one; empty for a bare address */
	struct host_contact *contacts;	  /* in the order in which they are to be tried */
	size_t n;
	struct str *troubles; /* sentences: what could not be asked, or answered nothing of use */
	size_t n_troubles;
};

/* Ask. What fails is a trouble; below 0 only for what is no address, or what is ours. */
int discover(const struct discover_order *o, struct arena *a, struct discovery *out, struct err *err);
/* Take IANA's lists of registries into `folder`, or those below `from` (an address that ends with a slash). */
int discover_refresh(const char *folder, struct str from, struct str user_agent, struct err *err);

#endif
