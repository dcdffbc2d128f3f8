/* language_inner.h - features with what they are about */
/* Runs in: worker and verbs. For classify/language*.c only. */
#ifndef WATCHDESK_CLASSIFY_LANGUAGE_INNER_H
#define WATCHDESK_CLASSIFY_LANGUAGE_INNER_H

#include "classify/language.h"

enum feature_kind { FEATURE_WORD = 1, FEATURE_WORDS, FEATURE_PIECE, FEATURE_SENSE, FEATURE_SENSES };

/* The features of one word; `about` only where somebody wants to tell of them. */
struct feature_list {
	uint32_t *rows;
	uint8_t *groups;
	struct feature_about {
		uint8_t kind;
		uint32_t with; /* the other word, the piece's place, or the sense */
	} * about;
	size_t n;
};
void language_list(const struct language_text *x, size_t t, struct feature_list *out);

#endif
