/* fetcher_answers.c - what an exchange gave: a page for a worker, another hop, or why there is none */
#include "desk/fetcher.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/chunks.h"
#include "crawler/route.h"

enum { RETRIES = 2 }; /* of one job within a round, after a short Retry-After */

/* Another hop: the fetch begins anew at the address that `to` means. E_BAD when it means none. */
static int follow(struct fetcher *f, struct fetch *x, struct str to, struct err *err)
{
	struct url from, url;

	if (url_parse(f->a, buf_str(&x->url), (struct str){ 0 }, &from, err) < 0 ||
	    url_parse(f->a, to, from.href, &url, err) < 0)
		return err_at(err, "a redirect");
	if (x->robots && route_refuses(fetcher_source(f, x), true, &url))
		return err_set(err, E_BAD, "a redirect of robots.txt to where we do not go");
	if (x->post.n && (x->capture->status == 307 || x->capture->status == 308))
		return err_set(err, E_BAD,
			       "the sign-in is to be sent again to another address, which is not done with a password");
	fetch_forget_post(x);
	x->not_before = manners_retry_at(capture_header(x->capture, "Retry-After"), clock_now_us());
	x->strayed |= !str_eq(from.host, url.host);
	fetch_follow(x, url.href);
	if (x->robots)
		return 0; /* stays with the host whose rules it is; RFC 9309 2.3.1.2 */
	manners_let_go(x->host);
	x->host = NULL;
	x->permitted = false;
	return 0;
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool goes_the_same_way(const struct source *a, const struct source *b)
{
	return str_eq(a->proxy.text, b->proxy.text) && str_eq(a->trust, b->trust) && str_eq(a->pin.text, b->pin.text);
}

/*
 * A host that cannot be reached is no matter of robots.txt: whoever waits for it fails as this did, and the next visit asks
 * again. An address that this source may not reach says nothing of the others, nor does the way that it takes alone.
 */
static void robots_unreachable(struct fetcher *f, const struct fetch *robots, const struct capture *c)
{
	manners_no_robots(robots->host, 0, str_of(c->failure_text), 0); /* out of date at once */
	for (size_t i = f->n; i-- > 0;) {				/* one that is given up leaves its place to the last */
		struct fetch *x = f->fetches[i];

		if (x->host != robots->host || x->permitted ||
		    (x->job.id != robots->job.id &&
		     (c->failure == NET_DENIED || !goes_the_same_way(fetcher_source(f, x), fetcher_source(f, robots)))))
			continue;
		fetcher_refuse(f, x, net_failure_names[c->failure], c->failure_text);
	}
}

static void robots_came(struct fetcher *f, struct fetch *x, struct capture *c)
{
	struct str location = capture_header(c, "Location"), coding = capture_header(c, "Content-Encoding"), text;
	int64_t now = clock_now_us();
	bool cut = c->failure == NET_LIMIT && c->body.n >= LIMIT_ROBOTS / 2; /* what fits of a huge one counts */
	struct err err = { 0 };
	char why[80];

	if (c->failure == NET_OK && is_redirect(c->status) && location.n && x->n_redirects < LIMIT_ROBOTS_REDIRECTS &&
	    follow(f, x, location, &err) == 0)
		return;
	snprintf(why, sizeof(why), "status %d", c->status);
	if (c->failure != NET_OK && !cut)
		robots_unreachable(f, x, c);
	else if (c->status >= 200 && c->status < 300 && coding.n && !str_eq_nocase(coding, STR("identity")))
		manners_no_robots(x->host, 0, STR("it came compressed although that was not asked for"), now);
	else if (c->status >= 200 && c->status < 300 &&
		 chunks_join(f->a, capture_header(c, "Transfer-Encoding"), buf_str(&c->body), &text, &err) < 0)
		manners_no_robots(x->host, 0, str_of(err.text), now);
	else if (c->status >= 200 && c->status < 300)
		manners_robots(x->host, text, now);
	else if (is_redirect(c->status))
		manners_no_robots(x->host, 404, STR("its redirects lead nowhere"), now); /* unavailable: RFC 9309 2.3.1.2 */
	else
		manners_no_robots(x->host, c->status, str_of(why), now);
	fetcher_remove(f, x);
	fetch_free(x);
}

static bool begins(struct str type, struct str with)
{
	return type.n >= with.n && str_eq_nocase(str_slice(type, 0, with.n), with);
}

/* Only text is read, no images and no archives, but for what the source names. RFC 6839: "+json" and "+xml" end the name of a
 * type. */
static bool is_text(const struct source *s, struct str type)
{
	static const char *const texts[] = {
		"text/",	   "application/json",	       "application/x-ndjson", "application/xml",
		"application/rss", "application/octet-stream", "application/x-httpd",  "message/"
	};
	struct str rest = type, name = { 0 };

	str_split(&rest, ';', &name);
	name = str_trim(name);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (begins(name, str_of(texts[i])))
			return true;
	for (size_t i = 0; i < s->types.n; i++)
		if (str_eq_nocase(name, s->types.items[i].text))
			return true;
	if (name.n == 0 || str_find_nocase(name, STR("+json")) >= 0)
		return true;
	return str_find_nocase(name, STR("+xml")) >= 0 && !begins(name, STR("image/"));
}

static void too_soon(struct fetcher *f, struct fetch *x, const struct capture *c, int64_t retry_at)
{
	int64_t now = clock_now_us();
	struct str origin = { 0 };
	char detail[80];
	struct url url;

	if (retry_at && url_parse(f->a, buf_str(&x->url), origin, &url, NULL) == 0) {
		origin = url_origin(f->a, &url);
		manners_silence(f->manners, origin, retry_at, now);
	}
	if (retry_at && retry_at - now <= FETCHER_PATIENCE && x->retries < RETRIES && !x->post.n) {
		x->retries++;
		fetch_restart(x);
		return;
	}
	snprintf(detail, sizeof(detail), "status %d%s", c->status, retry_at ? ", with a time to come back" : "");
	fetcher_give_up(f, x,
			(struct outcome){ .kind = OUTCOME_FAILED,
					  .class_name = STR("HTTP"),
					  .detail = str_of(detail),
					  .silent_origin = origin,
					  .retry_at = retry_at });
}

/* It leads elsewhere: at once, after a short while, or not within this visit. */
static void redirected(struct fetcher *f, struct fetch *x, const struct capture *c, int64_t retry_at)
{
	struct err err = { 0 };
	char detail[160];

	if (x->n_redirects >= LIMIT_REDIRECTS) {
		snprintf(detail, sizeof(detail), "more than %d redirects", LIMIT_REDIRECTS);
		fetcher_refuse(f, x, "HTTP", detail);
	} else if (retry_at - clock_now_us() > FETCHER_PATIENCE) {
		snprintf(detail, sizeof(detail), "status %d, to be followed later than is waited for", c->status);
		fetcher_give_up(f, x,
				(struct outcome){ .kind = OUTCOME_FAILED,
						  .class_name = STR("HTTP"),
						  .detail = str_of(detail),
						  .retry_at = retry_at });
	} else if (follow(f, x, capture_header(c, "Location"), &err) < 0) {
		fetcher_refuse(f, x, "HTTP", err.text);
	}
}

/* A challenge, a wall or an outage says what it is on its page, which a worker reads. What is gone is gone. */
static bool says_why(const struct source *s, const struct capture *c)
{
	return c->status >= 400 && c->status != 404 && c->status != 410 && c->body.n &&
	       is_text(s, capture_header(c, "Content-Type"));
}

/* That the target of a takedown is gone has to be proved: RFC 9110 15.5.5, 15.5.11; RFC 7725. */
static bool is_proof(const struct fetch *x, int status)
{
	return x->job.kind == PAGE_TARGET && (status == 404 || status == 410 || status == 451);
}

static void to_workers(struct fetcher *f, struct fetch *x)
{
	fetcher_remove(f, x);
	x->state = FETCH_CAPTURED;
	hands_add(&f->hands, x);
}

static void failed_status(struct fetcher *f, struct fetch *x, int status)
{
	char detail[80];

	snprintf(detail, sizeof(detail), "status %d", status);
	fetcher_give_up(f, x,
			(struct outcome){ .kind = status == 404 || status == 410 ? OUTCOME_GONE : OUTCOME_FAILED,
					  .class_name = STR("HTTP"),
					  .detail = str_of(detail) });
}

static void answered(struct fetcher *f, struct fetch *x, struct capture *c)
{
	struct str type = capture_header(c, "Content-Type");
	int64_t retry_at = manners_retry_at(capture_header(c, "Retry-After"), clock_now_us());
	char detail[160];

	if (c->status == 304) {
		fetcher_give_up(f, x, (struct outcome){ .kind = OUTCOME_NOT_MODIFIED });
	} else if (is_redirect(c->status) && capture_header(c, "Location").n) {
		redirected(f, x, c, retry_at);
	} else if (c->status == 429 || (c->status == 503 && retry_at)) {
		too_soon(f, x, c, retry_at);
	} else if (is_proof(x, c->status)) {
		to_workers(f, x);
	} else if ((c->status < 200 || c->status > 299) && !says_why(fetcher_source(f, x), c)) {
		failed_status(f, x, c->status);
	} else if (!is_text(fetcher_source(f, x), type)) {
		snprintf(detail, sizeof(detail), "not text but %.*s", (int)(type.n < 100 ? type.n : 100), type.p);
		fetcher_refuse(f, x, "content", detail);
	} else {
		to_workers(f, x);
	}
}

void fetcher_finish(struct fetcher *f, struct capture *c)
{
	struct fetch *x = c->owner;

	if (c->owner == f->mailer) {
		mailer_end(f->mailer, f->net, c, &f->writer);
		capture_free(c);
		return;
	}
	if (couriers_end(f->couriers, c, &f->writer)) {
		capture_free(c);
		return;
	}

	if (x->job.kind == PAGE_MAILBOX) {
		fetcher_collected(f, x, c);
		return;
	}
	manners_end(x->host, c->answered_at);
	x->capture = c;
	if (!x->robots && capture_header(c, "Set-Cookie").n)
		fetcher_tell_cookies(f, x->job.source);
	if (x->robots)
		robots_came(f, x, c);
	else if (c->failure != NET_OK)
		fetcher_refuse(f, x, net_failure_names[c->failure], c->failure_text);
	else
		answered(f, x, c);
}
