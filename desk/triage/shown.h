/* shown.h - text from outside as columns of a terminal: nothing of it can move a cursor, hide or turn round */
/* Runs in: verbs. Pure but for the locale, which says what the terminal can show. */
#ifndef WATCHDESK_DESK_TRIAGE_SHOWN_H
#define WATCHDESK_DESK_TRIAGE_SHOWN_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * The next character of `s`, at *at, which moves on, as it is shown: itself; controls as ^[ and others that are no signs as
 * <U+202E>; bytes that are not UTF-8 as <9C>. What the locale's terminal does not know is shown by its number too. Line breaks
 * and tabs are controls here. `marks` counts signs that stand on the one before, of which two are let through. Returns the
 * columns it takes; *out lives in `buf`, SHOWN_CHARACTER bytes.
 */
enum { SHOWN_CHARACTER = 16 };
int shown_next(struct str s, size_t *at, int *marks, char buf[SHOWN_CHARACTER], struct str *out);
/* The beginning of `s` on one line of at most `columns`, its breaks and tabs as blanks; "..." ends it when it was longer. */
struct str shown_line(struct arena *a, struct str s, int columns);
/* The same, filled up with blanks. */
struct str shown_cell(struct arena *a, struct str s, int columns);
/* Columns of what was shown. */
int shown_columns(struct str s);

#endif
