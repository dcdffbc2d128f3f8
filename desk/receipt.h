/* receipt.h - what the net process vouches for of a capture: a worker carries it on, and cannot make one */
/* Runs in: net (writing), worker (passing on), writer (reading). */
#ifndef WATCHDESK_DESK_RECEIPT_H
#define WATCHDESK_DESK_RECEIPT_H

#include "base/buf.h"
#include "base/digest.h"

/* The facts. Strings of a receipt that was read are borrowed. */
struct receipt {
	int64_t job, ticket;	      /* the address, and which lease of it: an old receipt is worth nothing */
	struct str asked_url, url;    /* what was leased, where the redirects led */
	struct str address;	      /* numeric, connected to */
	struct str leaf;	      /* SHA-256 of the TLS leaf's DER; empty without TLS */
	struct str body_digest;	      /* SHA-256 of the body as on the wire */
	struct str trail_digest;      /* SHA-256 of the trail's bytes (exchange.h) */
	int hops, status;	      /* redirects before it; of the last answer */
	int64_t started_at, ended_at; /* from the first request to the end of the page, us UTC */
};

/*
 * Append the facts and their MAC (keyed BLAKE2b). body_digest and trail_digest are taken from `body` and `trail`, whatever the
 * struct holds.
 */
void receipt_put(struct buf *out, const struct receipt *r, struct str body, struct str trail,
		 const unsigned char key[DIGEST_KEY_BYTES]);
/* Read one: false when it was not made with this key. */
bool receipt_take(struct str bytes, const unsigned char key[DIGEST_KEY_BYTES], struct receipt *out);
/* Is this the trail that the receipt is for? */
bool receipt_is_of(const struct receipt *r, struct str trail);

#endif
