/* alert_mail.h - the verbs of what is sent: `watchdesk alert test, log, resend` */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_ALERT_MAIL_H
#define WATCHDESK_DESK_ALERT_MAIL_H

#include "desk/verb.h"

/* `alert test ADDRESS|CHANNEL`: send a letter the whole way, now, and show what was said, without secrets. */
int alert_test(const struct invocation *i, const struct config *config, struct err *err);
/* `alert log`: what was sent, waits, will not go; with --state only those, with --limit so many. */
int alert_log(const struct invocation *i, const struct config *config, struct err *err);
/* `alert resend ID`: one that waits or is dead is due now; one that went is sent once more, as a letter of its own. */
int alert_resend(const struct invocation *i, const struct config *config, struct err *err);

/* Greet the relay and take leave, no letter sent: 0, or E_NET with the reason. */
int alert_relay_check(const struct config *config, struct err *err);

#endif
