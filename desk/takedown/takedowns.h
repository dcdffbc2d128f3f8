/* takedowns.h - the section `takedowns:` of the configuration: who asks, who signs, how many approve, where answers go */
/* Runs in: supervisor and verbs, before anything is confined; read-only in every role afterwards. */
#ifndef WATCHDESK_DESK_TAKEDOWN_TAKEDOWNS_H
#define WATCHDESK_DESK_TAKEDOWN_TAKEDOWNS_H

#include "base/yaml.h"

struct config;
struct host_card;
struct host_cards;	 /* host.h */
struct notice_templates; /* notice.h */

/* Who speaks in a notice; what is absent is empty. */
struct takedowns_party {
	struct yaml_text name, title, address, mail, phone;
};

struct takedowns {
	struct takedowns_party claimant; /* whose rights they are; its name is the organisation's when none is given */
	struct takedowns_party signatory;
	int64_t approvals;		/* by different people with different keys: 1 or more */
	struct yaml_text answers;	/* where hosts answer to; empty: to whom alerts come from */
	bool plus;			/* with its notice's token: legal-desk+TOKEN@example.com */
	const char *authorisation;	/* path of a file that goes with notices that ask for it; NULL for none */
	const char *registries;		/* folder of lists of registries (RFC 9224) instead of those that ship; NULL for none */
	int64_t recheck_us;		/* between two looks at a target, when its host's card says nothing */
	const struct host_cards *hosts; /* shipped and own */
	const struct notice_templates *notices;
	struct str organisation, contact;
	struct str police; /* the contacts of `police:`, one a line; empty for none */
};

/*
 * Read the section, once playbooks are read; NULL is a configuration without one: then there are defaults, cards and templates
 * all the same. E_USAGE: "file:line: what, expected what". All lives in c->a.
 */
int takedowns_read(struct config *c, const struct yaml *section, struct takedowns *out, struct err *err);
/* The card of the host of an address, however that is written; NULL for none. */
const struct host_card *takedowns_card(const struct takedowns *t, struct str url);
/* How long to wait between two looks at it, us. */
int64_t takedowns_recheck(const struct takedowns *t, struct str url);

#endif
