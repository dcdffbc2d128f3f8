/* assets.h - does a text name something that the desk protects? */
/* Runs in: zygote (building), worker and verbs (use). */
#ifndef WATCHDESK_CLASSIFY_ASSETS_H
#define WATCHDESK_CLASSIFY_ASSETS_H

#include "classify/fold.h"
#include "classify/found.h"

struct assets;

/* Copy and fold the terms. The caller frees it. */
struct assets *assets_new(const struct asset *assets, size_t n, struct fold_scratch *fold, struct err *err);
void assets_free(struct assets *a);
AUTO_FREES(assets)
/* The literals whose presence in a folded text calls for assets_check(): one a term, in the order of their indexes. */
size_t assets_literals(const struct assets *a, const struct str **literals);
/* The literal `index` ends at `end` of the folded text: is its whole term there, between word boundaries? Adds a mention. */
void assets_check(const struct assets *a, size_t index, const struct folded *folded, size_t end, struct found *found);
/* The asset that owns this host or mail domain (example.com owns mail.example.com): its name, empty for none. */
struct str assets_owner(const struct assets *a, struct str host);
void assets_digest(const struct assets *a, unsigned char out[DIGEST_BYTES]);

#endif
