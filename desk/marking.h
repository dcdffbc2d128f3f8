/* marking.h - an operator says what a finding is: the verdict, with all that follows from it */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_MARKING_H
#define WATCHDESK_DESK_MARKING_H

#include "base/sign.h"
#include "classify/severity.h"
#include "desk/alert/tell.h"
#include "store/finding.h"

struct marking {
	struct store *store;
	struct teller *teller;
	struct str operator_name, note;
	const struct sign_key *key; /* signs the entry in custody; NULL for no signature */
};

/* "confirmed" ...: the verdict of this name; E_USAGE naming those that there are. */
int marking_verdict(struct str name, enum verdict *out, struct err *err);
/*
 * Keep the verdict and the severity that follows from it, and tell those whom it concerns; inside a transaction. `d` is the
 * finding as it was loaded in it. Returns the severity.
 */
int marking_apply(const struct marking *m, const struct finding_detail *d, enum verdict verdict, int64_t now, struct arena *a,
		  struct err *err);

#endif
