/* decode.h - content codings off a body (RFC 9110 8.4): gzip, deflate, identity */
/* Runs in: worker; verbs. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_DECODE_H
#define WATCHDESK_CRAWLER_EXTRACT_DECODE_H

#include "base/arena.h"
#include "base/err.h"

/*
 * Undo the codings that the header value `coding` lists, the last first; the result lives in `a`, or is `body` itself.
 * E_LIMIT beyond LIMIT_DECODED, E_BAD for damaged or truncated data and for codings that we never ask for.
 */
int decode_body(struct arena *a, struct str body, struct str coding, struct str *out, struct err *err);

#endif
