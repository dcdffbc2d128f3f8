/* decode.h - open what is encoded in a text, so that every detector sees the inside */
/* Runs in: worker and verbs. Pure. Standards: RFC 4648 (base64, base16), RFC 2045 6.7 (quoted-printable), RFC 3986 2.1
 * (percent), RFC 8259 7 (backslash escapes), RFC 1950-1952 and bzip2 below them. */
#ifndef WATCHDESK_CLASSIFY_DECODE_H
#define WATCHDESK_CLASSIFY_DECODE_H

#include "base/arena.h"
#include "classify/classify.h"

/* Bytes of the text around that one decoded byte came from. */
struct origin {
	uint32_t start, end;
};

/* Everything of one coding that a text holds, one piece a line. Layer 0 is the post's text and has no origins. */
struct layer {
	const char *coding; /* "base64", "hex", "percent", "quoted-printable", "escapes", "entities", "quoting",
			     * "utf-16"; NULL for layer 0 */
	int outer;	    /* the layer it was found in */
	int depth;
	struct str text;
	const struct origin *origins; /* of each byte of the text */
};

/* The layers of one text. All lives in the arena. */
struct layers {
	struct arena *a;
	struct layer *items;
	size_t n;
	size_t decoded; /* bytes of all layers but the first */
	bool full;	/* a ceiling was met: something stayed closed */
};

/* Begin with the text of a post, clean UTF-8 shorter than LIMIT_TEXT_READ. */
void layers_begin(struct layers *l, struct arena *a, struct str text);
/* Look for encoded text in layer `index` and put what was found behind the others. */
void layers_open(struct layers *l, size_t index);
/* The bytes of layer 0 that a span came from. */
struct span layers_root(const struct layers *l, struct span span);

#endif
