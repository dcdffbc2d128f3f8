/* muted.h - an assessment without the hits of some rules: as it counts where these are muted */
/* Runs in: writer and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_MUTED_H
#define WATCHDESK_CLASSIFY_MUTED_H

#include "classify/classify.h"

/* Do hits of this rule not count? */
typedef bool muted_rule(void *whose, struct str rule);

/*
 * `x` without the hits of muted rules into `out`, which borrows from it: how many hits went. A leak or a dox is as sure as what
 * is left of it says; what the words of the text say stays.
 */
size_t muted_assessment(const struct assessment *x, muted_rule *is_muted, void *whose, struct arena *a, struct assessment *out);

#endif
