/* dump.h - what is leaked line by line: credentials, logs of stealers, records of people, databases, listings, seed phrases */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_DUMP_H
#define WATCHDESK_CLASSIFY_DUMP_H

#include "classify/assets.h"
#include "classify/found.h"

/*
 * Read the text of `found` line by line: "mail:password" with any of : ; | , tab or blank between, "url:login:password" in any
 * order, "user:hash", rows below a header that names login and password, and records of URL, login and password on lines of
 * their own (stealer logs). Each is a hit; together they weigh by their number and share, and are counted in a sentence and,
 * by domain, in the assessment. Tables and fields about people, dumps of databases and listings of files are read beside.
 */
void dump_scan(const struct assets *assets, struct found *found);

#endif
