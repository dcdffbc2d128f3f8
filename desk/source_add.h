/* source_add.h - what there is at an address, as an entry of watchdesk.yaml: `watchdesk source add` and `source test URL` */
/* Runs in: the process that was started, which becomes the supervisor of two rounds. */
#ifndef WATCHDESK_DESK_SOURCE_ADD_H
#define WATCHDESK_DESK_SOURCE_ADD_H

#include "desk/verb.h"

enum source_add {
	SOURCE_ADD,  /* recognise, test, and write the entry when posts came, or with --anyway; with --dry-run only print it */
	SOURCE_LOOK, /* recognise and test */
};

/*
 * Visit `url` as `crawl` would; a worker tells what it is (recognise.h), which is checked and written as an entry, which is
 * tried as source_test() does it. An address that a source has already is E_USAGE to add, and tests that source. Nothing
 * recognised: E_BAD, or why the page did not come.
 */
int source_add(const struct invocation *i, struct config *config, struct str url, enum source_add what, struct err *err);

#endif
