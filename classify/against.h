/* against.h - what around a secret says that it may be none: digests of code, UUIDs, minified scripts, documentation */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_AGAINST_H
#define WATCHDESK_CLASSIFY_AGAINST_H

#include "base/str.h"

/*
 * A clause that names what speaks against the secret [start, end) of `text`, which stands in a match that begins at
 * `match_start`; NULL for nothing. `generic` asks also for what only a rule without a shape of its own has to fear.
 */
const char *against_secret(struct str text, size_t match_start, size_t start, size_t end, bool generic);

#endif
