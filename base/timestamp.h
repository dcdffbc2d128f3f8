/* timestamp.h - proof by a third party that a digest existed at a time: time-stamp protocol (RFC 3161, libcrypto) */
/* Runs in: verbs. Times are microseconds UTC. */
#ifndef WATCHDESK_BASE_TIMESTAMP_H
#define WATCHDESK_BASE_TIMESTAMP_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

enum { TIMESTAMP_NONCE = 8, LIMIT_TIMESTAMP = 65536 }; /* a token with its certificates takes 2 to 8 kB */

/* A question to an authority. */
struct timestamp_query {
	unsigned char digest[DIGEST_BYTES];   /* SHA-256 */
	unsigned char nonce[TIMESTAMP_NONCE]; /* random: an old answer is none to this question */
};

/* What a token says. */
struct timestamp {
	int64_t at;
	char authority[200]; /* the subject of the certificate that signed; may quote it */
	char serial[48];     /* hexadecimal, of the token */
};

/* Append the request (TimeStampReq, DER), to be posted as application/timestamp-query; it asks for the certificate too. */
int timestamp_request(const struct timestamp_query *q, struct buf *out, struct err *err);
/*
 * Check an answer (TimeStampResp, DER): granted, to this very question, signed by a certificate for time-stamping under one of
 * the CAs in the PEM file `ca`, which held at the time the token names. Appends the token (DER), which is what to keep.
 * E_VERIFY with the reason; E_IO when the CA file cannot be read.
 */
int timestamp_reply(struct str reply, const struct timestamp_query *q, const char *ca, struct buf *token, struct timestamp *out,
		    struct err *err);
/* Check a kept token against the digest it is to be about; as above, but for the nonce. */
int timestamp_check(struct str token, const unsigned char digest[DIGEST_BYTES], const char *ca, struct timestamp *out,
		    struct err *err);

#endif
