/* assets.h - does a text name something that the desk protects? */
/* Runs in: supervisor (building), worker and verbs (use). */
#ifndef WATCHDESK_CLASSIFY_ASSETS_H
#define WATCHDESK_CLASSIFY_ASSETS_H

#include "classify/fold.h"
#include "classify/found.h"

struct assets;

/* Copy and fold what the desk names. NULL: `err` says "file:line: what, expected what". The caller frees it. */
struct assets *assets_new(const struct asset *assets, size_t n, struct fold_scratch *fold, struct err *err);
void assets_free(struct assets *a);
AUTO_FREES(assets)

/* What one process needs; `hosts` is memory for one host at a time. */
struct assets_scratch {
	struct fold_scratch *fold;
	struct arena *hosts;
};

/* Add what the text of `found` names, and what looks like it; `folded` is the same text folded. */
void assets_scan(const struct assets *a, const struct assets_scratch *s, const struct folded *folded, struct found *found);
/* Cards among the hits from `first` on concern the asset whose BINs they begin with. */
void assets_own_cards(const struct assets *a, struct found *found, size_t first);
/* The asset that owns this host or mail domain (example.com owns mail.example.com): its name, empty for none. */
struct str assets_owner(const struct assets *a, struct str host);
void assets_digest(const struct assets *a, unsigned char out[DIGEST_BYTES]);

/* How much there is of each kind, and the memory it takes in bytes. */
struct assets_size {
	size_t names, domains, ranges, bins;
	size_t names_bytes, domains_bytes;
};
struct assets_size assets_size(const struct assets *a);

#endif
