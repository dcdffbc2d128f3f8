/* channel_text.h - text of a letter as other programs may have it: no markup, no mention, no link, cut at a whole character */
/* Runs in: net, verbs. Pure. */
#ifndef WATCHDESK_DESK_ALERT_CHANNEL_TEXT_H
#define WATCHDESK_DESK_ALERT_CHANNEL_TEXT_H

#include "base/arena.h"

/* What stands for a character; a table ends with { 0 }. */
struct channel_escape {
	char c;
	const char *becomes;
};

enum channel_unit { CHANNEL_BYTES, CHANNEL_UTF16 }; /* what a service counts */

struct channel_form {
	const struct channel_escape *escapes; /* NULL for none */
	enum channel_unit unit;
	size_t most;   /* of what is written, an ellipsis too */
	bool one_line; /* line ends become blanks */
};

/* `text` in this form, in `a`. Control characters and those that turn the direction of text are left out. */
struct str channel_text(struct arena *a, struct str text, const struct channel_form *form);

#endif
