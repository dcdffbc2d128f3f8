/* pack.h - the evidence of a finding as plain files: WARC, index, certificates, custody, and how to check them without us */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_PACK_H
#define WATCHDESK_DESK_PACK_H

#include "base/seal.h"
#include "store/store.h"

struct pack_order {
	int64_t finding_id;
	struct str finding; /* its public id */
	const char *folder; /* made; must be empty */
	const struct seal_private *key;
	int64_t now;
};

struct pack_result {
	int64_t items, purged, elsewhere; /* opened; not to be opened any more; in the folders of other nodes */
};

/*
 * Write the pack. E_USAGE when the folder holds something, E_STORE when nothing of the finding was sealed or all of it was
 * purged, E_VERIFY when an item was altered: what was written until then stays.
 */
int pack_write(struct store *s, const struct pack_order *o, struct pack_result *out, struct err *err);

#endif
