/* chunks.h - the chunked transfer coding off a body (RFC 9112 7.1) */
/* Runs in: worker; net, for robots.txt; verbs. */
#ifndef WATCHDESK_CRAWLER_CHUNKS_H
#define WATCHDESK_CRAWLER_CHUNKS_H

#include "base/arena.h"
#include "base/err.h"

/*
 * Undo what the header value `coding` of Transfer-Encoding says: nothing when it is empty, else it must be "chunked", the one
 * that we cannot do without. `out` is a piece of `body` or lives in `a`, and is never larger. 1 it is whole; 0 it ends before
 * its last chunk, and `out` holds what came; E_BAD it is not chunked as it should be. What follows the trailers is nobody's
 * and is left out.
 */
int chunks_join(struct arena *a, struct str coding, struct str body, struct str *out, struct err *err);

#endif
