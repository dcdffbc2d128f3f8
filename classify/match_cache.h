/* match_cache.h - compiled databases kept in a folder, because compiling takes longer than all else at a start */
/* Runs in: supervisor and verbs, before any process is confined. */
#ifndef WATCHDESK_CLASSIFY_MATCH_CACHE_H
#define WATCHDESK_CLASSIFY_MATCH_CACHE_H

#include "classify/match.h"

/*
 * As match_new(), but a database that was compiled from the same patterns, by the same library, for the same kind of machine
 * is taken from `folder` (NULL: never), and a new one is left there. A file that is stale or damaged is not used, and one
 * that cannot be written is done without. Files that nobody used for 30 days are removed.
 */
struct match *match_cached(const char *folder, const struct match_pattern *patterns, size_t n, size_t *wrong, struct err *err);
/*
 * Was `what`, a digest, proved before by this very program on this kind of machine, and noted in the folder? Then it need not
 * be proved at each start.
 */
bool match_cache_knows(const char *folder, struct str what);
void match_cache_note(const char *folder, struct str what);

#endif
