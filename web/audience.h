/* audience.h - who reads a report, and what of it they may see */
/* Runs in: supervisor and verbs. Pure. Standard: TLP 2.0 (FIRST, August 2022). What an audience may not see is in no page,
 * name, comment, id or feed of its report. */
#ifndef WATCHDESK_WEB_AUDIENCE_H
#define WATCHDESK_WEB_AUDIENCE_H

#include "store/finding.h"

enum tlp { TLP_CLEAR, TLP_GREEN, TLP_AMBER, TLP_AMBER_STRICT, TLP_RED };

/* What may be seen, a bit each. */
enum audience_sees {
	SEES_TEXTS = 1 << 0,	 /* of posts, masked; their titles too, which are pieces of them */
	SEES_SAMPLES = 1 << 1,	 /* masked values of hits, and reasons, which quote words */
	SEES_AUTHORS = 1 << 2,	 /* of posts */
	SEES_ADDRESSES = 1 << 3, /* where a post stands */
	SEES_SOURCES = 1 << 4,	 /* by name, with their health */
	SEES_OPERATORS = 1 << 5, /* who acted; who has a finding */
	SEES_CUSTODY = 1 << 6,	 /* and digests of evidence */
	SEES_LETTERS = 1 << 7,	 /* whom notices of takedowns went to */
};
#define SEES_ALL	    0xffu
#define AUDIENCE_SEES_NAMES "texts, samples, authors, addresses, sources, operators, custody, letters"
/* The bit of one of these names; below 0 for another. */
int audience_sees_named(struct str name);

struct audience {
	struct str name; /* "desk", "legal", "management" or one of the desk's own */
	enum tlp tlp;
	unsigned sees;
	int least_severity; /* of findings that it sees */
};

enum { AUDIENCES = 3 };
/* Those that ship: desk sees all; legal all but how the watch is done; management what happened, and no word of it. */
extern const struct audience audiences[AUDIENCES];

/* "TLP:AMBER+STRICT" ... */
extern const char *const tlp_labels[5];
static inline bool audience_sees(const struct audience *a, enum audience_sees what)
{
	return (a->sees & what) != 0;
}
/* A finding without what it may not see. */
struct finding audience_finding(const struct audience *a, const struct finding *f);
/* The same of all there is to know of one; its hits keep their samples, for they are shared. */
struct finding_detail audience_detail(const struct audience *a, const struct finding_detail *d);

#endif
