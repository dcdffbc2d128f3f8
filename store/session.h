/* session.h - what a source's site knows us by: cookies, and where its sign-in stands */
/* Runs in: writer. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_SESSION_H
#define WATCHDESK_STORE_SESSION_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "store/store.h"

enum session_state { SESSION_OUT, SESSION_IN, SESSION_REFUSED };

struct session {
	enum session_state state; /* of a source that signs in; else SESSION_OUT */
	int refusals;		  /* in a row */
	struct str login;	  /* digest of how it signs in; what was refused before that changed counts no more */
	struct str detail;	  /* why it is not in; empty when nothing is wrong */
	int64_t due_at;		  /* the next try; 0 for none */
	struct str cookies;	  /* lines, as net_jar_changed() gives them; session_put() leaves them alone */
};

/* The session of a source: 1 and it lives in `a`, 0 when there is none. */
int session_get(struct store *s, int64_t source_id, struct arena *a, struct session *out, struct err *err);
/* Keep where its sign-in stands. */
int session_put(struct store *s, int64_t source_id, const struct session *session, int64_t now, struct err *err);
/* Keep its cookies; empty forgets them. */
int session_keep_cookies(struct store *s, int64_t source_id, struct str cookies, int64_t now, struct err *err);
/* Forget the sessions of all sources but these. */
int session_keep_only(struct store *s, const int64_t *source_ids, size_t n, struct err *err);

#endif
