/* host.h - the names of hosts that stand in a text, also where they are written so that nobody clicks them */
/* Runs in: every process. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_HOST_H
#define WATCHDESK_CLASSIFY_HOST_H

#include "base/str.h"

enum { HOST_BYTES = 253, HOST_LABELS = 127 }; /* RFC 1035 2.3.4 */

/* Labels with dots between them; "example[.]com" reads "example.com". */
struct host {
	char name[HOST_BYTES + 3]; /* small ASCII letters, NUL behind it */
	size_t n;
	uint32_t back[HOST_BYTES + 3]; /* name[i] stands at back[i] of the text, name[n] behind its end */
	uint8_t dots[HOST_LABELS + 1]; /* where the dots stand in it */
	size_t n_dots;
	bool ascii;    /* nothing but ASCII, and no xn-- */
	bool numeric;  /* digits and dots only */
	bool defanged; /* a dot was not written as one: whoever did that meant a host */
};

/* The next one from *at on, with at least one dot; *at moves behind it. False when there is none. */
bool host_next(struct str text, size_t *at, struct host *out);
/* Read what a person wrote as a domain, without a dot in front; false when it is none. */
bool host_read(struct str written, struct host *out);

#endif
