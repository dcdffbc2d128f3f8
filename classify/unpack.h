/* unpack.h - are these decoded bytes text, or something that holds text? */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_UNPACK_H
#define WATCHDESK_CLASSIFY_UNPACK_H

#include "base/arena.h"

enum unpacked {
	UNPACKED_NONE, /* neither */
	UNPACKED_TEXT, /* each byte of the text is the byte at the same place */
	UNPACKED_OTHER /* decompressed or converted: no byte has a place of its own */
};

/* Could it become text? Of the first bytes only, so that what is none costs little. */
bool unpack_promises(struct str start);
/*
 * The text in `bytes`: plain, UTF-16, or compressed with gzip, zlib or bzip2 (to at most `room` bytes and 100 times their
 * size). It is clean UTF-8: what was not is replaced by '?'. In the arena, which may be `bytes` itself.
 */
enum unpacked unpack(struct arena *a, struct str bytes, size_t room, struct str *text);

#endif
