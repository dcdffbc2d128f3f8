/* script.h - what kind of letter is this: does its script set words apart with blanks? */
/* Runs in: every process. Standard: the blocks of Unicode 15. */
#ifndef WATCHDESK_CLASSIFY_SCRIPT_H
#define WATCHDESK_CLASSIFY_SCRIPT_H

#include "base/str.h"

enum script {
	SCRIPT_NONE,   /* no letter or digit: it ends a word */
	SCRIPT_SPACED, /* Latin, Cyrillic, Arabic, digits ...: a word ends where such letters end */
	SCRIPT_JOINED, /* Han, Kana, Thai, Lao, Khmer, Myanmar: words stand without anything between them */
	SCRIPT_HANGUL, /* words begin behind a blank, but particles are written onto their end */
	SCRIPT_UNSEEN, /* ignorable: soft hyphen, joiners, marks of direction */
};

/* The kind of a character. */
enum script script_of(uint32_t c);
/* The kind of the character that begins at `at` < s.n of clean UTF-8, and its length in bytes. */
enum script script_at(struct str s, size_t at, size_t *length);
/* Where the word of SCRIPT_SPACED letters that begins at `at` ends. */
size_t script_word_end(struct str s, size_t at);

#endif
