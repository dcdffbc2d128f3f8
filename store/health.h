/* health.h - how each source fares: a dead source is an event, not a quiet day */
/* Runs in: writer (writing); verbs and report (reading). Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_HEALTH_H
#define WATCHDESK_STORE_HEALTH_H

#include "base/arena.h"
#include "base/err.h"
#include "store/pulse.h"
#include "store/withheld.h"

/* What went wrong with a page. */
struct health_failure {
	int64_t source_id;
	bool start; /* one of the source's own addresses: the source itself is failing */
	/*
	 * On the way: DNS, connect, TLS, HTTP, timeout, limit, denied, robots. What came: content (cannot be read), blocked,
	 * captcha, login, empty, layout (there used to be something), quarantine (it ended its reader).
	 */
	const char *class_name;
	struct str url, detail;
};

/* A page was read, `posts` new ones came of it; or it was as before. */
int health_success(struct store *s, int64_t source_id, bool start, bool not_modified, int64_t posts, int64_t now,
		   struct err *err);
int health_failed(struct store *s, const struct health_failure *f, int64_t now, struct err *err);
/* A capture ended its worker: failed, and not fetched again. */
int health_quarantine(struct store *s, const struct health_failure *f, int64_t frontier_id, int64_t now, struct err *err);

/* The post that has to be seen was seen on this page, and has to be seen again until `due_at`. */
int health_canary(struct store *s, int64_t source_id, int64_t frontier_id, int64_t now, int64_t due_at, struct err *err);
/* The same page came again as it was: is it the canary's? Then it was seen. */
int health_canary_same(struct store *s, int64_t source_id, int64_t frontier_id, int64_t now, int64_t due_at, struct err *err);
/* A source has a canary that was never seen, to be seen until `due_at`; or has none, 0. What is known stays. */
int health_canary_expect(struct store *s, int64_t source_id, int64_t now, int64_t due_at, struct err *err);

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
	struct pulse pulse;
	struct withheld_count withheld;
	int64_t canary_at, canary_due_at; /* seen last, 0 for never; has to be seen until then, 0 for no canary */
	/*
	 * "ok"; "failing": its own addresses do not answer, or answer with what is no page; "silent", "thin" (pulse.h);
	 * "no canary": it was not seen in time; "gaps": items went by unseen in the last day.
	 */
	const char *state;
};

/* Is its state "ok"? */
bool health_is_well(const struct source_health *h);
/* The health of all sources that were ever tried, by name, as of `now`; all of it lives in `a`. */
int health_list(struct store *s, int64_t now, struct arena *a, struct source_health **rows, size_t *n, struct err *err);

#endif
