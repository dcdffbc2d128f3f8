/* cdxj.h - an index of WARC records: a line of key, time and JSON for each response */
/* Runs in: verbs. The form that pywb and warcio read: SURT key, 14 digits, an object. */
#ifndef WATCHDESK_STORE_CDXJ_H
#define WATCHDESK_STORE_CDXJ_H

#include "store/warc.h"

/*
 * Append the lines of all responses and revisits among the records of a WARC file called `filename`, sorted. E_BAD naming the
 * offset of what is no record.
 */
int cdxj_put(struct str warc, struct str filename, struct buf *out, struct err *err);
/* Append the sort-friendly form of an address: "http://www.example.com:81/A?b&a" is "com,example:81)/a?a&b". */
void cdxj_key(struct str url, struct buf *out);

#endif
