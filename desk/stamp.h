/* stamp.h - have the head of the custody chain stamped by the authority that the configuration names (RFC 3161) */
/* Runs in: the process that was started. */
#ifndef WATCHDESK_DESK_STAMP_H
#define WATCHDESK_DESK_STAMP_H

#include "base/timestamp.h"
#include "desk/config.h"
#include "store/store.h"

/* What was stamped. */
struct stamped {
	int64_t sequence; /* of the entry that was the head */
	struct timestamp says;
};

/*
 * Ask for a token over the head, check it under the authority's CA, and keep it with an act in custody. E_USAGE when no
 * authority is configured or the chain is empty, E_NET when it cannot be reached, E_VERIFY when what it answers does not stand.
 * `out` may be NULL.
 */
int stamp_head(const struct config *c, struct store *s, struct stamped *out, struct err *err);

#endif
