/* mail_header.h - the headers of a mail, whatever its title holds: folded, in ASCII, one line of text for each value */
/* Runs in: net, writer, verbs. Standards: RFC 5322 (78 columns, one of each), 2047 (encoded words), 3834, 2919, 2369, 8058. */
#ifndef WATCHDESK_BASE_MAIL_HEADER_H
#define WATCHDESK_BASE_MAIL_HEADER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* What the headers say. Addresses are bare: "desk@example.com". */
struct mail_headers {
	struct str from, to, reply_to;
	struct str from_name;		 /* shown before the address; empty for none */
	struct str subject;		 /* any bytes */
	struct str domain;		 /* behind the "@" of both following ones */
	struct str message_id;		 /* letters, digits, dots, hyphens; so is the next */
	struct str references;		 /* empty for none */
	struct str list_id, unsubscribe; /* as letter.h has them */
	int64_t date;			 /* us UTC */
	bool auto_submitted;
};

/*
 * `value` as one line: control and bidirectional characters and line ends of Unicode become blanks or nothing, wrong bytes
 * U+FFFD, and at most `most` characters stay, the last an ellipsis when there were more. Lives in `a`.
 */
struct str mail_line(struct arena *a, struct str value, size_t most);
/* Append "Name: value", without its CRLF: as it is where that is one word after the other in ASCII, else in encoded words. */
void mail_header_put(struct buf *out, const char *name, struct str line);
/* All headers but those of MIME, lines separated by CRLF, none behind the last. E_BAD names the address that is none. */
int mail_headers_put(struct buf *out, const struct mail_headers *h, struct err *err);
/* Text with "\n" as mail has it, with CRLF. */
void mail_text_put(struct buf *out, struct str text);

#endif
