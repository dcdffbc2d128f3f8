/* tongue.h - which language a text is written in, told by its letters and its most frequent rows of them */
/* Runs in: supervisor (reading what is known of each language), worker, writer (the codes), verbs. Library: libexttextcat. */
#ifndef WATCHDESK_CLASSIFY_TONGUE_H
#define WATCHDESK_CLASSIFY_TONGUE_H

#include "base/arena.h"

/* What is known of the languages, read once, before a process is confined. */
struct tongues;

/* NULL where the library's folder of languages is not installed: only languages with letters of their own are told then. */
struct tongues *tongues_new(void);
void tongues_free(struct tongues *t);
AUTO_FREES(tongues)

/*
 * The language of a text (clean UTF-8) as its ISO 639-1 code: "de". Empty when there are too few words, or several languages
 * are as likely. It lives in `a`, or for ever; `t` may be NULL.
 */
struct str tongue_of(const struct tongues *t, struct str text, struct arena *a);
/* Is it the code of a language that tongue_of() knows? */
bool tongue_is_known(struct str code);
/* All codes, in the order of the alphabet, up to a NULL. */
extern const char *const tongue_codes[];

#endif
