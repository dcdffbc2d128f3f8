/* source_test.h - one round of one source, to look at: `watchdesk source test` */
/* Runs in: the process that was started, which becomes the supervisor of that round. */
#ifndef WATCHDESK_DESK_SOURCE_TEST_H
#define WATCHDESK_DESK_SOURCE_TEST_H

#include "desk/verb.h"

/*
 * Visit the source of that name in `config` as `crawl` would, but few pages only and into a store that is thrown away
 * (trial.h); print what robots.txt says of it, which pages were read, the posts that came and what they lack, and what failed.
 * E_USAGE when there is no such source; when no post came, what trial_nothing_came() says.
 */
int source_test(const struct invocation *i, const struct config *config, struct str name, struct err *err);
/* The same for a source that is in no configuration yet. Returns how many posts came. */
int source_try(const struct invocation *i, const struct config *config, const struct classifier *classifier,
	       const struct source *source, struct err *err);

#endif
