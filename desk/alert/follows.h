/* follows.h - does a finding fit the kept search that a subscription follows */
/* Runs in: writer, verbs. */
#ifndef WATCHDESK_DESK_ALERT_FOLLOWS_H
#define WATCHDESK_DESK_ALERT_FOLLOWS_H

#include "store/finding.h"
#include "store/words.h"

/* 1 when it fits the search of this name; 0 when not, or when there is no such search any more. */
int follows(struct store *s, struct words *words, struct str name, const struct finding_detail *d, struct arena *a,
	    struct err *err);

#endif
