/* source_feed.h - what a collector writes, put into the folder of a local source: `watchdesk source feed NAME` */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_SOURCE_FEED_H
#define WATCHDESK_DESK_SOURCE_FEED_H

#include "base/err.h"
#include "base/str.h"
#include "crawler/source.h"

/*
 * Read `in` to its end and put it into the folder of `s`, made when it is not there: lines of JSON as they come, so that a
 * collector may run for days, and everything else as one file. Each file is there as a whole or not at all, and stays when the
 * power fails. *n counts the lines, or is 1. E_USAGE when the source has no folder, E_BAD when nothing came, E_LIMIT when a
 * line, or the whole, is larger than is read, E_FULL, E_IO.
 */
int source_feed(const struct source *s, int in, int64_t *n, struct err *err);

#endif
