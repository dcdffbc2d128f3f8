/* mail.h - a mail taken apart: its headers, its parts, what its author wrote and what he quoted */
/* Runs in: worker; verbs. Standards: RFC 5322, 2045-2047, 2231 (values without continuations), 3676 4.5 (quoted lines). */
#ifndef WATCHDESK_CRAWLER_EXTRACT_MAIL_H
#define WATCHDESK_CRAWLER_EXTRACT_MAIL_H

#include "base/arena.h"
#include "base/err.h"

/*
 * GMime and its like convert characters with iconv while they parse, which loads a file for each charset that a mail names: a
 * confined worker may not, and would end of an attachment's name. So this is ours, on the charsets of charset.h; nothing in it
 * recurses, all of it lives in arenas.
 */

/* A part without parts of its own. What is not said is empty; names are lower case. */
struct mail_part {
	struct str type;	/* "text/plain", which is what a part without a word is */
	struct str content;	/* the whole value of Content-Type, for its parameters: mail_parameter() */
	struct str coding;	/* "base64", "quoted-printable" ... */
	struct str disposition; /* "inline", "attachment" */
	struct str body;	/* as coded; a piece of the message */
	bool nested;		/* it stands in a mail that this one carries */
	size_t alternative;	/* of the same multipart/alternative: the same number; 0 outside */
};

struct mail {
	struct str headers; /* up to the empty line: mail_header() */
	struct mail_part *parts;
	size_t n_parts;
	bool cut;	   /* it had more parts than LIMIT_MAIL_PARTS, or deeper ones than LIMIT_MAIL_DEPTH */
	struct str text;   /* what the author wrote: clean UTF-8, at most LIMIT_TEXT bytes */
	struct str quoted; /* the lines that began with ">", without it */
};

/*
 * Take a message apart. Any bytes are one; what breaks off is read as far as it goes. `scratch` is for the HTML of a mail, is
 * cleared for each of its parts and may be used for the next mail; HTML that needs more than it has is left out, and the mail
 * is `cut`. The rest lives in `a` or is a piece of `message`.
 */
void mail_read(struct arena *a, struct arena *scratch, struct str message, struct mail *out);
/* The value of the first header of this name, unfolded, encoded words as they are; empty when absent. Lives in `a`. */
struct str mail_header(struct arena *a, struct str headers, const char *name);
/* The same as text: encoded words decoded, on one line, clean UTF-8, at most LIMIT_FIELD bytes. */
struct str mail_header_text(struct arena *a, struct str headers, const char *name);
/* The parameter of a value such as `text/plain; charset="utf-8"`, unquoted; empty when absent. Lives in `a`. */
struct str mail_parameter(struct arena *a, struct str value, const char *name);
/* The bytes of a part without its transfer coding; what is no code is passed over. */
struct str mail_part_bytes(struct arena *a, const struct mail_part *part);
/* The address in a header such as From: what stands in <>, else the whole. */
struct str mail_address(struct str value);

#endif
