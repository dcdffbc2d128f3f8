/* source_test.h - one round of one source, to look at: `watchdesk source test` */
/* Runs in: the process that was started, which becomes the supervisor of that round. */
#ifndef WATCHDESK_DESK_SOURCE_TEST_H
#define WATCHDESK_DESK_SOURCE_TEST_H

#include "desk/verb.h"

/*
 * Visit the source of that name in `config` as `crawl` would, confined as it is, but few pages only and into a store of its own
 * in a temporary folder; print the posts that came, what they lack, and what failed. `config` is not to be used for anything
 * else afterwards. E_USAGE when there is no such source, E_BAD when no post came.
 */
int source_test(const struct invocation *i, struct config *config, struct str name, struct err *err);

#endif
