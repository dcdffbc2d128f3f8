/* alert_duty.h - the verbs of whoever answers: `watchdesk alert ack, assign, handover, clocks` */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_ALERT_DUTY_H
#define WATCHDESK_DESK_ALERT_DUTY_H

#include "desk/verb.h"

/* `alert ack ID...`: it is whose name --as says, or the operator's. */
int alert_ack(const struct invocation *i, const struct config *config, struct err *err);
/* `alert assign ID... NAME`, and `assign ID... NAME`: it is theirs now, all of these or none. */
int alert_assign(const struct invocation *i, const struct config *config, struct err *err);
int assign_run(const struct invocation *i, struct err *err);
/* `alert handover`: what the next shift has to know; with --look nothing is noted. */
int alert_handover(const struct invocation *i, const struct config *config, struct err *err);
/* `alert clocks`: how long posted, seen, sent, acknowledged took, of the last 30 days, or --days. */
int alert_clocks(const struct invocation *i, const struct config *config, struct err *err);

#endif
