/* html.h - pages that say only what we meant: every text from outside is written by these calls */
/* Runs in: verbs (`report`). Pure. Output is HTML in UTF-8; ask the buffer's `full` at the end. */
#ifndef WATCHDESK_WEB_HTML_H
#define WATCHDESK_WEB_HTML_H

#include "base/buf.h"

/*
 * `s` as text of an element, never more: markup is escaped, control characters are shown as their symbols (U+2400 ...),
 * bidi controls and invisible characters as their codes, bytes that are not UTF-8 as U+FFFD. Line ends and tabs are controls.
 */
void html_text(struct buf *out, struct str s);
/* The same, keeping line ends and tabs: for <pre>. */
void html_lines(struct buf *out, struct str s);
/* The same as html_text without an element inside, so that it is good for <title> and, within double quotes, an attribute. */
void html_plain(struct buf *out, struct str s);
/* The same without escapes: for JSON and CSV, whose writers have their own. */
void html_data(struct buf *out, struct str s);
/* Text from outside within a sentence of ours: html_text of its first `most` characters in <bdi>, so that it cannot turn us. */
void html_hostile(struct buf *out, struct str s, size_t most);
/* An address that nothing makes a link of, copied neither: hxxps://paste[.]example/x, javascript[:]x, in <bdi>. */
void html_url(struct buf *out, struct str url);
/* The same without markup and escapes. */
void html_data_url(struct buf *out, struct str url);
/* "2026-11-23 09:38" as a <time>; a dash for 0. UTC. */
void html_time(struct buf *out, int64_t at_us);
/* "2026-11-23", UTC: the day of a time. */
void html_day(struct buf *out, int64_t at_us);
/* "12,345". */
void html_number(struct buf *out, int64_t n);

struct page_manner;

/* What stands around a page. */
struct html_frame {
	struct str title;		  /* of the document; may be hostile */
	const struct page_manner *manner; /* page.h */
	int64_t now;			  /* when the page was made; 0 for a page that does not say */
	const char *home;		  /* address of the index from here: "index.html" or "../index.html" */
	bool is_home;
	bool has_feeds; /* those of the report are named in its head */
};

/* Everything up to and with <main>: the first <meta> is the policy that forbids every script and every request. */
void html_open(struct buf *out, const struct html_frame *frame);
void html_close(struct buf *out, const struct page_manner *m);
/* Base64 (RFC 4648 4) of n bytes, appended. */
void html_base64(struct buf *out, const unsigned char *bytes, size_t n);

#endif
