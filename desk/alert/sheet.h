/* sheet.h - what a mail says, once, and its two forms: text of 80 columns, and HTML that asks nobody for anything */
/* Runs in: writer, verbs. Pure. Texts from outside become harmless as they are added: one line each, no controls, nothing that
 * a mail program makes a link of. */
#ifndef WATCHDESK_DESK_ALERT_SHEET_H
#define WATCHDESK_DESK_ALERT_SHEET_H

#include "base/arena.h"
#include "base/buf.h"

enum sheet_kind {
	SHEET_LEAD,    /* the first sentence: why somebody should read on */
	SHEET_HEADING, /* above what follows */
	SHEET_FACT,    /* a name and a value */
	SHEET_ITEM,    /* of a list */
	SHEET_QUOTE,   /* a line of somebody else's text */
	SHEET_COMMAND, /* what to type (name), and what it does (value) */
	SHEET_LINK,    /* an address of ours (name), whole whatever the width, and what a button there is called (value) */
	SHEET_WORDS,   /* a sentence of ours */
	SHEET_SMALL,   /* the same, at the end */
};

struct sheet_block {
	enum sheet_kind kind;
	struct str name, value;
};

struct sheet {
	struct arena *a;
	int severity; /* colours the HTML; below 0 for none */
	struct sheet_block *blocks;
	size_t n;
};

/* Add a block of our own words; both strings are borrowed. */
void sheet_add(struct sheet *s, enum sheet_kind kind, struct str name, struct str value);
/* Add a value from outside, of at most `most` characters; nothing when it is empty. */
void sheet_add_hostile(struct sheet *s, enum sheet_kind kind, struct str name, struct str value, size_t most);
/* Add the first lines of a text from outside as quotes. */
void sheet_quote(struct sheet *s, struct str text, size_t most_lines, size_t most_characters);
/* One line in which nothing is a link any more: hxxps://paste[.]example/x, user@mail[.]example. Lives in `a`. */
struct str sheet_defang(struct arena *a, struct str line);
/* mail_line() and sheet_defang(). */
struct str sheet_harmless(struct arena *a, struct str text, size_t most);
/* Write it. */
void sheet_text(const struct sheet *s, struct buf *out);
void sheet_html(const struct sheet *s, struct str title, struct buf *out);

#endif
