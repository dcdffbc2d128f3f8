/* verdicts.h - what analysts said of findings, as labelled texts */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_VERDICTS_H
#define WATCHDESK_DESK_VERDICTS_H

#include "desk/rows.h"
#include "store/place.h"

/*
 * Hand each text of the store that was marked to `each`, the same text once: a confirmed finding is so for the category that
 * it was found for, a false positive is so for none. Other verdicts and findings without one say nothing. The text is the
 * masked one; source is "verdict/SOURCE", kind "verdict". Returns how many there were.
 */
int verdicts_read(const struct store_place *place, rows_each *each, void *whose, struct err *err);

#endif
