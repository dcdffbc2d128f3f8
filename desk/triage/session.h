/* session.h - a shift of one operator: the model, what it shows of the store, and the acts that can be taken back */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_TRIAGE_SESSION_H
#define WATCHDESK_DESK_TRIAGE_SESSION_H

#include "desk/triage/acts.h"

struct session;

/* One with the queue read; `w` is copied, what it points to outlives it. NULL: the store does not answer. */
struct session *session_new(const struct acting *w, struct err *err);
void session_free(struct session *s);
AUTO_FREES(session)
/* A key: what follows from it is done and shown. 1 go on, 0 it ends. What fails is said on the screen. */
int session_key(struct session *s, uint32_t key);
/* Look what others did: the queue is read anew, and what changed of the finding in front is said. */
void session_look(struct session *s);
/* The model, to be shown. */
struct triage *session_model(struct session *s);

#endif
