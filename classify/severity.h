/* severity.h - what an assessment means to this desk: 0-100, with its terms in words */
/* Runs in: writer and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_SEVERITY_H
#define WATCHDESK_CLASSIFY_SEVERITY_H

#include "classify/classify.h"

/* 0-19 noise, 20-39 low, 40-69 medium, 70-89 high, 90-100 critical. */
struct severity {
	int value;
	struct str *terms; /* "leak 0.97: +30", "names our asset Example Pictures: +40" ... in the arena */
	size_t n_terms;
};

enum verdict { VERDICT_NONE, VERDICT_CONFIRMED, VERDICT_FALSE_POSITIVE, VERDICT_KNOWN, VERDICT_DUPLICATE };
/* "none", "confirmed", "false-positive", "known", "duplicate". */
extern const char *const verdict_names[5];

/* The severity of an assessment; ownership counts for more than volume. */
void severity_of(const struct assessment *assessment, enum verdict verdict, struct arena *a, struct severity *out);
/* "noise", "low", "medium", "high" or "critical". */
const char *severity_name(int value);

#endif
