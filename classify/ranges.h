/* ranges.h - the desk's address ranges, and the addresses that stand in a text */
/* Runs in: supervisor (building), worker and verbs (use); read-only after ranges_seal(). Standards: RFC 4632, RFC 4291.
 * Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_RANGES_H
#define WATCHDESK_CLASSIFY_RANGES_H

#include "base/arena.h"
#include "base/err.h"

struct ranges;

/* An address, an IPv4 one mapped (::ffff:192.0.2.1), with how many of its bits count. */
struct range {
	unsigned char bytes[16];
	uint8_t bits;
	uint32_t owner;
	struct str written;
};

/* An empty list of ranges; the caller frees it. */
struct ranges *ranges_new(void);
void ranges_free(struct ranges *r);
AUTO_FREES(ranges)
/* Add 192.0.2.0/24, 2001:db8::/32 or one address; `written` must outlive `r`. E_USAGE when it is none, without the text. */
int ranges_add(struct ranges *r, struct str written, uint32_t owner, struct err *err);
void ranges_seal(struct ranges *r);
size_t ranges_count(const struct ranges *r);
/* The narrowest range that holds the address, NULL for none or when it is no address. */
const struct range *ranges_find(const struct ranges *r, struct str address);
/* The next IPv6 address of a text from *at on: [*start, *at). False when there is none. */
bool ranges_next_v6(struct str text, size_t *at, size_t *start);

#endif
