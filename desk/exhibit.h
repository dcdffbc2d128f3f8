/* exhibit.h - a takedown as a folder for the police or a court: readable pages, the sealed captures, custody, a statement */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_EXHIBIT_H
#define WATCHDESK_DESK_EXHIBIT_H

#include "base/seal.h"
#include "desk/takedown/casefile.h"

struct exhibit_order {
	const struct casefile *file;
	struct str organisation, contact;
	const char *folder;		/* made; must be empty */
	const struct seal_private *key; /* opens the sealed captures */
	int64_t now;
};

struct exhibit_result {
	int64_t findings, items; /* pages written; sealed captures opened */
	int64_t without;	 /* findings of which nothing sealed can be opened: the README says why */
};

/*
 * Write case.html and case.json, finding/ID.html and evidence/ID/ for each finding, README.txt and SHA256SUMS. E_USAGE when the
 * folder holds something; E_VERIFY when an item was altered: what was written until then stays.
 */
int exhibit_write(struct store *s, const struct exhibit_order *o, struct exhibit_result *out, struct err *err);

#endif
