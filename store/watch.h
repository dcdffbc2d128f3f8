/* watch.h - is the watch itself well? what is not, since when, and when that was told; figures of a heartbeat */
/* Runs in: writer; verbs (`doctor`). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_WATCH_H
#define WATCHDESK_STORE_WATCH_H

#include "store/store.h"

#define CONCERN_AGAIN (INT64_C(86400) * 1000000) /* what lasts is told again so often */

/* Something that is not well: a name that stays, and the words of today. */
struct concern {
	struct str name, words;
};

enum concern_news_kind { CONCERN_NEW, CONCERN_LASTS, CONCERN_OVER };
struct concern_news {
	enum concern_news_kind kind;
	struct concern concern;
	int64_t since;
};
/*
 * All that is not well at `now`: what of it is new, what lasts and was told CONCERN_AGAIN ago, and what was told and is well
 * again; each is told once by this. Needs a transaction.
 */
int concern_settle(struct store *s, const struct concern *all, size_t n, int64_t now, struct arena *a,
		   struct concern_news **news, size_t *n_news, struct err *err);

/* What came of the watch since then, and of its mail. */
struct watch_figures {
	int64_t posts, findings;
	int64_t waiting, dead; /* messages; dead ones since then */
	int64_t oldest_at;     /* when the one that waits longest past its time was made; 0 for none */
};
int watch_figures(struct store *s, int64_t since, int64_t now, struct watch_figures *out, struct err *err);

/* An answer that did nothing: one more of them. */
int answer_refused(struct store *s, struct str why, int64_t now, struct err *err);
/* How many, by why, in its order. */
struct answers_refused {
	struct str why;
	int64_t n, last_at;
};
int answers_refused(struct store *s, struct arena *a, struct answers_refused **rows, size_t *n, struct err *err);

#endif
