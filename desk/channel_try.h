/* channel_try.h - `watchdesk alert test CHANNEL`, and what `doctor` asks of channels */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_CHANNEL_TRY_H
#define WATCHDESK_DESK_CHANNEL_TRY_H

#include "desk/config.h"
#include "desk/protocol.h"
#include "desk/verb.h"

/* Send it the whole way, and show what was said without secrets. E_NET when it was not taken. */
int alert_test_channel(const struct invocation *i, const struct config *config, const struct mail *mail, struct err *err);
/* Is the k-th channel there? 0, with what there is to say of it in `said`; E_NET with the reason. Nothing is sent to it. */
int alert_channel_check(const struct config *config, size_t k, char *said, size_t size, struct err *err);

#endif
