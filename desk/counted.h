/* counted.h - what of an assessment counts for severity: hits of rules that are muted for its source do not */
/* Runs in: writer, verbs. */
#ifndef WATCHDESK_DESK_COUNTED_H
#define WATCHDESK_DESK_COUNTED_H

#include "classify/severity.h"
#include "store/store.h"

/*
 * The severity of an assessment of a post of this source. For each rule that is muted, and hit, the first terms say so:
 * "rule X is muted for source S by OPERATOR: does not count". Lives in `a` or is borrowed from `x`.
 */
int counted_severity(struct store *s, const struct assessment *x, int64_t source_id, enum verdict verdict, struct arena *a,
		     struct severity *out, struct err *err);

#endif
