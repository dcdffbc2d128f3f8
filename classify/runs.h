/* runs.h - shapes without a literal: runs of digits, hexadecimal, base58 ..., found without a pattern matcher */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_RUNS_H
#define WATCHDESK_CLASSIFY_RUNS_H

#include "base/str.h"

enum run_kind {
	RUN_DIGITS, /* groups of digits joined by a single blank, '-', '.' or '/' */
	RUN_WORD,   /* letters and digits, at least one digit */
	RUN_HEX,    /* ... hexadecimal ones only */
	RUN_BASE58, /* ... of base58 only */
	RUN_UPPER,  /* ... capitals and digits only */
	RUN_IBAN,   /* ... beginning with two letters and two digits */
	RUN_KINDS
};
#define RUN_KIND_NAMES "digits, word, hex, base58, upper, iban"

/* Runs of `kind` from `least` to `most` characters (digits are counted without what joins them). */
struct run_wanted {
	enum run_kind kind;
	uint32_t least, most;
};

/* "hex 32-64", "digits 13", "upper 9": words end at eight times the least when nobody says where. False when it is none of
 * that. */
bool run_parse(struct str written, struct run_wanted *out);

/* A run, and every kind it is: bit 1 << kind. */
struct run {
	size_t start, end;
	uint32_t length; /* characters, for RUN_DIGITS digits only */
	unsigned kinds;
};

/* Each run of at least `least` characters in the order of their ends; false stops. */
struct run_listener {
	bool (*met)(void *whose, const struct run *run);
	void *whose;
};
void runs_scan(struct str text, uint32_t least, const struct run_listener *listener);

#endif
