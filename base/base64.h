/* base64.h - base64 to bytes and back (RFC 4648, libsodium) */
/* Runs in: supervisor (reading a configuration), net (mail), verbs. */
#ifndef WATCHDESK_BASE_BASE64_H
#define WATCHDESK_BASE_BASE64_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Decode, padded or not, white space ignored; the bytes live in `a`. E_BAD when it is not base64. */
int base64_decode(struct arena *a, struct str text, struct str *out, struct err *err);
/* Append it in lines of 76 characters, each ended by CRLF (RFC 2045 6.8). */
void base64_encode(struct str bytes, struct buf *out);

#endif
