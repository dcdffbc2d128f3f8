/* tally.h - of a dump: how many lines and how many different accounts each domain has */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_TALLY_H
#define WATCHDESK_CLASSIFY_TALLY_H

#include "classify/found.h"

enum {
	TALLY_DOMAINS = 1024, /* places for domains; half of them are used at most */
	TALLY_ACCOUNTS = 32768,
};

/* Its tables are made when the first line comes. */
struct tallies {
	struct domain_tally *domains; /* TALLY_DOMAINS places, empty ones without name */
	uint32_t *accounts;	      /* hashes of those seen, 0 for an empty place */
	size_t n_domains, n_accounts;
	bool full; /* more domains or accounts than there is room for: the rest is counted as new */
};

/* Count a line of this domain (perhaps empty) and account. The bytes are borrowed. */
void tallies_add(struct tallies *t, struct arena *a, struct str domain, struct str account);
/* Put the domains into the assessment, those with most lines first. */
void tallies_finish(struct tallies *t, struct found *f);
/* "example.org (3 lines, 2 accounts), example.net (1 line)": at most five domains of the assessment. */
struct str tallies_sentence(const struct tallies *t, const struct found *f);

#endif
