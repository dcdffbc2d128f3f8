/* health.h - how each source fares: a dead source is an event, not a quiet day */
/* Runs in: writer (writing); verbs and report (reading). Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_HEALTH_H
#define WATCHDESK_STORE_HEALTH_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

/* What went wrong with a page. */
struct health_failure {
	int64_t source_id;
	bool start;		/* one of the source's own addresses: the source itself is failing */
	const char *class_name; /* DNS, connect, TLS, HTTP, timeout, limit, denied, robots, content, quarantine */
	struct str url, detail;
};

/* A page was read, `posts` new ones came of it; or it was as before. */
int health_success(struct store *s, int64_t source_id, bool start, bool not_modified, int64_t posts, int64_t now,
		   struct err *err);
int health_failed(struct store *s, const struct health_failure *f, int64_t now, struct err *err);
/* A capture ended its worker: failed, and not fetched again. */
int health_quarantine(struct store *s, const struct health_failure *f, int64_t frontier_id, int64_t now, struct err *err);

/* Pages that failed in one way. */
struct trouble {
	struct str class_name, url, detail; /* of the last one */
	int64_t pages, since, last_at;
};

struct source_health {
	struct str source;
	struct str failure, detail;				 /* empty while its start pages answer */
	int64_t failing_since, last_attempt_at, last_success_at; /* 0 for never */
	int64_t fetched, not_modified, failed, posts;
	struct trouble *troubles;
	size_t n_troubles;
};

/* The health of all sources that were ever tried, by name; all of it lives in `a`. */
int health_list(struct store *s, struct arena *a, struct source_health **rows, size_t *n, struct err *err);

#endif
