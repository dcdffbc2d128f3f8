/* letter.h - a mail before it has an addressee: what outbox.content holds, as one JSON object */
/* Runs in: writer (putting), net (taking), verbs. Its strings are clean UTF-8 with "\n"; headers and MIME are made of it when
 * it goes (base/mail_header.h, base/net.h). */
#ifndef WATCHDESK_DESK_ALERT_LETTER_H
#define WATCHDESK_DESK_ALERT_LETTER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* A file that goes with it. */
struct letter_attachment {
	struct str name;    /* "finding.json" */
	struct str type;    /* "application/json" */
	struct str content; /* text; with the coding base64 (RFC 4648) of any bytes */
	struct str coding;  /* "base64"; empty for none */
};

struct letter {
	struct str subject;
	struct str text;	/* plain; never empty */
	struct str html;	/* the same content; empty for none */
	struct str references;	/* what it belongs to, without its domain: "campaign.4f..."; empty for nothing */
	struct str reply_to;	/* an address; empty for the sender's */
	struct str from_name;	/* who writes, shown before the address; empty for watchdesk */
	struct str list_id;	/* RFC 2919: "violence.watchdesk.example.com", without brackets; empty for none */
	struct str unsubscribe; /* RFC 2369: "mailto:...", "https://..." or both, with a space between; empty for none */
	struct str facts;	/* what it is about, as JSON (desk/alert/facts.h); empty for nothing but the watch itself */
	struct str sealed; /* S/MIME: lines of base64 of what stands for text, HTML and files (base/smime.h); empty for none */
	bool auto_submitted; /* RFC 3834: no person wrote it */
	struct letter_attachment *attachments;
	size_t n_attachments; /* at most LIMIT_LETTER_FILES */
};

/* Append it as JSON; wrong UTF-8 is replaced. Ask `full` of `out`, which has LIMIT_LETTER. */
void letter_put(struct buf *out, const struct letter *l);
/*
 * Take what letter_put() put; strings live in `a` or are borrowed from `content`. Members that are unknown are passed over, so
 * that an older program reads a newer one's. E_BAD for what is no letter, has no text, or has too many files.
 */
int letter_take(struct arena *a, struct str content, struct letter *out, struct err *err);

#endif
