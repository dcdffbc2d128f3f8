/* relay.h - tests/mail_sink for unit tests: a relay on loopback that keeps what it gets; or tests/mailbox, which has mail */
#ifndef WATCHDESK_TESTS_RELAY_H
#define WATCHDESK_TESTS_RELAY_H

#include <sys/types.h>

#include "base/buf.h"

struct relay {
	const char *program; /* NULL for mail_sink */
	char folder[64];     /* of its mails, and of what it is told to do wrong */
	char url[64];	     /* once it runs */
	pid_t pid;
};

/* A folder for it. */
void relay_init(struct relay *r);
/* Make certificates there, as tests/certificates names them. */
void relay_certificates(const struct relay *r);
/* Start it, or another in its place: "none", "starttls", "smtps" or "imaps", with this certificate (NULL for none), and one
 * more option.
 */
void relay_start(struct relay *r, const char *tls, const char *certificate, const char *more, const char *value);
/* The n-th mail that came. */
void relay_mail(const struct relay *r, int n, struct buf *out);
/* End it, and remove the folder. */
void relay_release(struct relay *r);

#endif
