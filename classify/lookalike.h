/* lookalike.h - hosts that somebody registered so that they pass for one of ours */
/* Runs in: supervisor (building), worker and verbs (use); read-only. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_LOOKALIKE_H
#define WATCHDESK_CLASSIFY_LOOKALIKE_H

#include "classify/domains.h"

struct lookalike;

enum { LOOKALIKE_LEAST = 5 }; /* letters of a name; shorter ones are one letter off from everything */

/* Index the registered domains of `d`, which must be sealed and outlive it: at most LIMIT_LOOKALIKES names, the first. */
struct lookalike *lookalike_new(const struct domains *d);
void lookalike_free(struct lookalike *l);
AUTO_FREES(lookalike)
size_t lookalike_memory(const struct lookalike *l);

struct lookalike_match {
	const struct domain *domain; /* that it passes for */
	size_t start, end;	     /* of the registered part in the name */
	const char *how;	     /* "one letter off: another letter" */
};

/*
 * Does the host `name` (small letters, not one of ours) look like a domain of ours? `surely_host`: what stands around it says
 * that it is a host; without that many endings could as well be a file's or a member's in code.
 */
bool lookalike_find(const struct lookalike *l, struct str name, bool surely_host, struct lookalike_match *out);

#endif
