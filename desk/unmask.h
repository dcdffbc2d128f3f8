/* unmask.h - the text of a finding as it was before masking, out of its sealed capture; and who looked */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_UNMASK_H
#define WATCHDESK_DESK_UNMASK_H

#include "base/seal.h"
#include "store/finding.h"

/* Without evidence there is none. Strings live in the arena. */
struct unmasked {
	struct str text, evidence;
	int64_t at;
};

struct unmask_act {
	struct str operator_name;
	const char *purpose; /* a word for custody; NULL for a look */
	int64_t now;
};

/*
 * From the newest sealed capture that has it. Custody says who looked, in a transaction of its own, before it returns 0.
 * E_STORE when nothing was sealed, or it was purged.
 */
int unmask(struct store *s, const struct seal_private *key, const struct finding *f, const struct unmask_act *act,
	   struct arena *a, struct unmasked *out, struct err *err);

#endif
