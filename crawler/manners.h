/* manners.h - how a site wants to be visited: pace, silence, robots.txt for each host and identity */
/* Runs in: net. Times are microseconds; `now` is handed in. Standards: RFC 9309, RFC 9110 10.2.3 (Retry-After). */
#ifndef WATCHDESK_CRAWLER_MANNERS_H
#define WATCHDESK_CRAWLER_MANNERS_H

#include "base/err.h"
#include "crawler/robots.h"

/* What we know of all hosts; at most LIMIT_HOSTS, the longest unused forgotten first. */
struct manners;
/* One origin ("https://host:port") as one identity sees it. Stays valid while it is held. */
struct host;

/* Nobody known yet; the caller frees it. */
struct manners *manners_new(void);
void manners_free(struct manners *m);
AUTO_FREES(manners)
/* The host of an origin for a product token; made when new. NULL when all places are held. Held until manners_let_go(). */
struct host *manners_hold(struct manners *m, struct str origin, struct str agent, int64_t now);
void manners_let_go(struct host *h);

enum permission {
	PERMISSION_UNKNOWN, /* fetch its robots.txt first */
	PERMISSION_WAIT,    /* robots.txt is being fetched */
	PERMISSION_GIVEN,
	PERMISSION_REFUSED,
};
/* May this address be fetched? `why` (at least 160 bytes) gets the rule, or why robots.txt could not be had. */
enum permission manners_permit(struct host *h, struct str url, int64_t now, char *why, size_t size);
/* robots.txt is being fetched. */
void manners_asking(struct host *h);
/* It came: its text. It could not be had: 4xx allows all, anything else forbids all for a while, `why` says so. */
void manners_robots(struct host *h, struct str text, int64_t now);
void manners_no_robots(struct host *h, int status, struct str why, int64_t now);

/* When the next request may begin: the pace of the source or of Crawl-delay, and the silence that was asked for. */
int64_t manners_ready_at(const struct host *h);
/* Is it the silence that keeps us waiting, not the pace? */
bool manners_is_silent(const struct host *h, int64_t now);
/*
 * A request begins; it has ended, and was answered at `answered_at` (0: never). The pace counts from the answer, since only
 * that tells that the server has seen the request.
 */
void manners_begin(struct host *h, int64_t pace_ms, int64_t now);
void manners_end(struct host *h, int64_t answered_at);
/* Requests under way to it. */
size_t manners_active(const struct host *h);
/* Keep silent until then; shared by all identities of the origin. */
void manners_silence(struct manners *m, struct str origin, int64_t until, int64_t now);
/* The end of the silence asked for by a Retry-After value (seconds or a date), clamped; 0 when it is neither. */
int64_t manners_retry_at(struct str value, int64_t now);
/* The product token of a User-Agent, by which robots.txt names it. */
struct str manners_token(struct str user_agent);

#endif
