/* guard.h - come back when the arena is full, so that what is not in it can be freed */
/* Runs in: worker; verbs (`stage`). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_GUARD_H
#define WATCHDESK_CRAWLER_EXTRACT_GUARD_H

#include "base/arena.h"
#include "base/err.h"

/*
 * Answer what `work(arg)` answers, or E_LIMIT when the arena met its ceiling meanwhile. Whatever `work` owns outside the
 * arena must hang on `arg`, and be freed by the caller either way.
 */
int guarded(struct arena *a, int (*work)(void *arg), void *arg, struct err *err);

#endif
