/* charset.h - which encoding are these bytes in, and the same as clean UTF-8 */
/* Runs in: worker; verbs (`stage charset`). Standard: WHATWG Encoding for labels; ICU converts, uchardet guesses. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_CHARSET_H
#define WATCHDESK_CRAWLER_EXTRACT_CHARSET_H

#include "base/arena.h"
#include "base/err.h"

struct charset {
	struct str encoding; /* lower case: "windows-1251" */
	struct str from;     /* "bom", "http", "meta", "detected" */
};

/*
 * Tell the encoding: byte order mark, then the header value `content_type`, then <meta> or the XML declaration in the first
 * 1024 bytes (not for text/plain), then the look of the bytes. Always answers; the texts are static.
 */
struct charset charset_of(struct str body, struct str content_type);
/* `body` in clean UTF-8 without its mark; borrowed when it was that already. */
struct str charset_decode(struct arena *a, struct str body, const struct charset *c);
/* Load every converter; none is loaded later. Returns how many of the table could not be. */
int charset_warm_up(void);

#endif
