/* domains.h - of a dump: how many lines and how many different accounts each domain has */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_DOMAINS_H
#define WATCHDESK_CLASSIFY_DOMAINS_H

#include "classify/found.h"

enum {
	DOMAINS_NAMES = 1024, /* places for domains; half of them are used at most */
	DOMAINS_ACCOUNTS = 32768,
};

/* Its tables are made when the first line comes. */
struct domains {
	struct domain_tally *domains; /* DOMAINS_NAMES places, empty ones without name */
	uint32_t *accounts;	      /* hashes of those seen, 0 for an empty place */
	size_t n_domains, n_accounts;
	bool full; /* more domains or accounts than there is room for: the rest is counted as new */
};

/* Count a line of this domain (perhaps empty) and account. The bytes are borrowed. */
void domains_add(struct domains *t, struct arena *a, struct str domain, struct str account);
/* Put the domains into the assessment, those with most lines first. */
void domains_finish(struct domains *t, struct found *f);
/* "example.org (3 lines, 2 accounts), example.net (1 line)": at most five domains of the assessment. */
struct str domains_sentence(const struct domains *t, const struct found *f);

#endif
