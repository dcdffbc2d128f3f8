/* utf8.h - well-formed UTF-8, as Unicode table 3-7 has it */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_UTF8_H
#define WATCHDESK_BASE_UTF8_H

#include "base/arena.h"

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The first character of `s` into *c; its length in bytes, or 0 when there is none or it is not well formed. */
size_t utf8_next(struct str s, uint32_t *c);
/* Write `c` to `out` (4 bytes of room); its length, 0 for a surrogate or beyond U+10FFFF. */
size_t utf8_put(uint32_t c, char *out);
/* True when all of `s` is well formed and holds no U+0000. */
bool utf8_is_clean(struct str s);
/*
 * `s` with every ill-formed byte and every U+0000 replaced by U+FFFD: the canonical text of a post, in which offsets are
 * counted. Borrowed when nothing had to change; *replaced counts the replacements.
 */
struct str utf8_clean(struct arena *a, struct str s, size_t *replaced);

#endif
