/* punycode.h - the Unicode form of a label that is written xn--... */
/* Runs in: every process. Standard: RFC 3492. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_PUNYCODE_H
#define WATCHDESK_CLASSIFY_PUNYCODE_H

#include "base/str.h"

/* Decode what stands behind "xn--" into `out`, as UTF-8: its length, 0 when it is not punycode or needs more than `room`. */
size_t punycode_decode(struct str label, char *out, size_t room);

#endif
