/* net_imap.h - mail out of a mailbox on a server: one at a time, none marked as read before the caller says so */
/* Runs in: net; verbs (`doctor`). Standards: RFC 3501 and 9051 (IMAP), 8314 (TLS for it). */
#ifndef WATCHDESK_BASE_NET_IMAP_H
#define WATCHDESK_BASE_NET_IMAP_H

#include "base/net.h"

/* A mailbox, and what is wanted of it. Without `plain` nobody signs in unless TLS is there. All is copied. */
struct net_mailbox {
	struct str server; /* "imaps://host:port", or "imap://host:port" for STARTTLS; may be private or loopback */
	struct str folder; /* "INBOX"; no control characters, quotes or backslashes */
	bool plain;	   /* no TLS */
	struct str user, password;
	struct str trust; /* certificates (PEM) to trust instead of the system's; empty for the system's */
	struct str pin;	  /* of the server's key, as net_request has it; empty for any */
	struct str read;  /* the entity tag of the mail that has been dealt with and is to be marked as read; empty for none */
	bool greet;	  /* look whether we are let in, no more */
	int64_t timeout_ms; /* of all of it; 0 for LIMIT_MAILBOX_MS */
	void *owner;	    /* comes back with the capture */
};

/*
 * Begin to fetch the oldest mail that is not marked as read, and do not mark it; one at a time (else E_BUSY), over the
 * connection of the one before while that stands. E_BAD when the folder is none. It ends as a capture: status 200 with the
 * first LIMIT_MAILBOX_MAIL bytes of the mail as its body, its entity tag (ETag) and size (Content-Range); 304 when there is
 * none.
 */
int net_collect(struct net *n, const struct net_mailbox *m, struct err *err);

#endif
