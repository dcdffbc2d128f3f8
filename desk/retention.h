/* retention.h - the section `retention:`: what is kept how long */
/* Runs in: supervisor and verbs, before anything is confined. */
#ifndef WATCHDESK_DESK_RETENTION_H
#define WATCHDESK_DESK_RETENTION_H

#include "base/yaml.h"
#include "desk/alert/subscription.h"
#include "store/purge.h"

enum { RETENTION_POSTS_DAYS = 180 }; /* posts that are no finding and that no rule names, when there are rules at all */

struct retention {
	struct purge_rule *rules; /* the last one is that default; none at all: nothing is ever purged */
	size_t n;
};

/* Read the list; names of assets are checked. Errors read "file:line: what, expected what". All lives in `a`. */
int retention_read(const struct yaml *list, const struct subscription_names *names, struct arena *a, struct retention *out,
		   struct err *err);

#endif
