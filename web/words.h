/* words.h - the words of the report, in English unless a translation says otherwise */
/* Runs in: verbs (`report`), supervisor. Pure. English stands in words.inc; a translation is a YAML file NAME: text. */
#ifndef WATCHDESK_WEB_WORDS_H
#define WATCHDESK_WEB_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum word {
#define WORD(name, english) WORD_##name,
#include "web/words.inc"
#undef WORD
	WORDS,
};

struct words {
	struct str language; /* BCP 47, of <html lang>: "en" */
	struct str text[WORDS];
};
extern const struct words words_english;

/*
 * Read a translation: `language` and any of the names in words.inc, in small letters; what it leaves out stays English. E_USAGE
 * "file:line: what, expected what": a name that there is not, or a text without the {n} or {x} of the English one.
 */
int words_read(struct str yaml, const char *file, struct arena *a, struct words *out, struct err *err);

/* A translation that ships, by its language: "de". 1; 0 none does. */
int words_shipped(struct str language, struct arena *a, struct words *out, struct err *err);

/* The text itself, with a NUL behind it, not escaped. */
static inline const char *word_of(const struct words *w, enum word which)
{
	return w->text[which].p;
}
/* Append it, escaped as text of an element. */
void say(struct buf *out, const struct words *w, enum word which);
/* The same with a number in the place of {n}, not escaped: for a title. */
void words_put_n(struct buf *out, const struct words *w, enum word which, int64_t n);
void words_put_x(struct buf *out, const struct words *w, enum word which, struct str x);
/* ... with {n}: a number, with separators. */
void say_n(struct buf *out, const struct words *w, enum word which, int64_t n);
/* ... with {x}: HTML that was made by html.h. */
void say_x(struct buf *out, const struct words *w, enum word which, struct str html);

#endif
