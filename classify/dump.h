/* dump.h - credential dumps: lines and records that hold a login and a password */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_DUMP_H
#define WATCHDESK_CLASSIFY_DUMP_H

#include "classify/assets.h"
#include "classify/found.h"

/*
 * Read the text of `found` line by line: "mail:password" with any of : ; | , tab or blank between, "url:login:password",
 * "user:hash", and records of URL, login and password on lines of their own (stealer logs). Each is a hit; together they
 * weigh by their number and share, and are counted in a sentence.
 */
void dump_scan(const struct assets *assets, struct found *found);

#endif
