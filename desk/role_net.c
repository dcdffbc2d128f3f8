/* role_net.c - the one that talks to the world: jobs in, exchanges with manners, captures out to workers; no files */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/net.h"
#include "crawler/chunks.h"
#include "crawler/local.h"
#include "crawler/manners.h"
#include "crawler/route.h"
#include "crawler/url.h"
#include "desk/fetch.h"
#include "desk/files_peer.h"
#include "desk/hands.h"
#include "desk/mailer.h"
#include "desk/role.h"
#include "desk/secrets.h"

enum {
	PATIENCE_US = 10000000,	   /* a silence no longer than this is waited for; a longer one gives the job back */
	LAST_MAIL_US = 2500000,	   /* of the supervisor's STOP_MS */
	RETRIES = 2,		   /* of one job within a round, after a short Retry-After */
	CAPTURED_BYTES = 32 << 20, /* captures that wait for a worker; above this nothing new is fetched */
};

/* What goes with the name that a quiet source has: config_user_agent(). */
#define QUIET_ACCEPT "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

/* The whole of this role. */
struct fetcher {
	const struct role *role;
	struct net *net;
	struct manners *manners;
	struct secrets *secrets; /* of each source */
	struct net_jar **jars;	 /* of each source, made when it is first needed */
	struct mailer *mailer;
	struct channel writer;
	struct files_peer files;
	struct hands hands;
	struct fetch *fetches[2 * LIMIT_QUEUE]; /* new and active ones; a job has at most one robots.txt */
	size_t n;
	struct arena *a; /* of one turn */
	int64_t wake_at; /* when the first of the waiting fetches may begin */
	bool stopping;
};

static const struct source *source_of(const struct fetcher *f, const struct fetch *x)
{
	return &f->role->config->sources[x->job.source];
}

static void fetch_add(struct fetcher *f, struct fetch *x)
{
	MUST(f->n < sizeof(f->fetches) / sizeof(f->fetches[0]));
	f->fetches[f->n++] = x;
}

static void fetch_remove(struct fetcher *f, const struct fetch *x)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->fetches[i] == x) {
			f->fetches[i] = f->fetches[--f->n];
			return;
		}
}

/* Tell the writer how a job ended without a page; the fetch is over. */
static void give_up(struct fetcher *f, struct fetch *x, struct outcome o)
{
	o.id = x->job.id;
	o.url = buf_str(&x->url);
	outcome_put(message_begin(&f->writer, MESSAGE_OUTCOME), &o);
	message_end(&f->writer);
	fetch_remove(f, x);
	fetch_free(x);
}

static void refuse(struct fetcher *f, struct fetch *x, const char *class_name, const char *detail)
{
	give_up(f, x, (struct outcome){ .kind = OUTCOME_FAILED, .class_name = str_of(class_name), .detail = str_of(detail) });
}

static void ask_robots(struct fetcher *f, const struct fetch *x, const struct url *url)
{
	struct str origin = url_origin(f->a, url);
	struct fetch *robots = fetch_new(&x->job, arena_printf(f->a, "%.*s/robots.txt", STR_ARG(origin)), buf_str(&x->agent));

	robots->robots = true;
	robots->permitted = true;
	robots->strayed = x->strayed;
	robots->host = manners_hold(f->manners, origin, manners_token(buf_str(&x->agent)), clock_now_us());
	MUST(robots->host == x->host);
	manners_asking(robots->host);
	fetch_add(f, robots);
}

/* True when robots.txt lets it pass; else it waits, or is given up. */
static bool is_permitted(struct fetcher *f, struct fetch *x, const struct url *url, int64_t now)
{
	char why[200];

	if (source_of(f, x)->ignore_robots.text.n)
		return true;
	switch (manners_permit(x->host, url->href, now, why, sizeof(why))) {
	case PERMISSION_UNKNOWN:
		ask_robots(f, x, url);
		return false;
	case PERMISSION_WAIT:
		return false;
	case PERMISSION_REFUSED:
		refuse(f, x, "robots", why);
		return false;
	case PERMISSION_GIVEN:
		break;
	}
	return true;
}

/* A host that asked for more silence than is waited for: the job goes back, before its robots.txt is asked for too. */
static bool is_sent_back(struct fetcher *f, struct fetch *x, int64_t now)
{
	int64_t ready_at = manners_ready_at(x->host);

	if (x->robots || ready_at - now <= PATIENCE_US || !manners_is_silent(x->host, now))
		return false;
	give_up(f, x, (struct outcome){ .kind = OUTCOME_RELEASED, .retry_at = ready_at });
	return true;
}

/* Find its host and ask whether we may: true when only time and room are missing. */
static bool is_ready(struct fetcher *f, struct fetch *x, int64_t now)
{
	struct err err = { 0 };
	const char *why;
	struct url url;

	if (x->permitted)
		return true;
	if (url_parse(f->a, buf_str(&x->url), (struct str){ 0 }, &url, &err) < 0) {
		refuse(f, x, "HTTP", err.text);
		return false;
	}
	why = route_refuses(source_of(f, x), x->strayed, &url);
	if (why) {
		refuse(f, x, "denied", why);
		return false;
	}
	if (!x->host)
		x->host = manners_hold(f->manners, url_origin(f->a, &url), manners_token(buf_str(&x->agent)), now);
	if (!x->host) {
		refuse(f, x, "limit", "too many hosts are being visited at once");
		return false;
	}
	if (is_sent_back(f, x, now) || !is_permitted(f, x, &url, now)) /* given up, perhaps: it is no more */
		return false;
	x->permitted = true;
	return true;
}

static struct net_jar *jar_of(struct fetcher *f, int64_t source)
{
	if (!f->jars[source])
		f->jars[source] = net_jar_new(f->net);
	return f->jars[source];
}

/* What the site has set is to be there after a restart. */
static void tell_cookies(struct fetcher *f, int64_t source)
{
	struct str lines;
	struct buf *out;

	if (!net_jar_changed(jar_of(f, source), &lines))
		return;
	out = message_begin(&f->writer, MESSAGE_COOKIES);
	put_int(out, source);
	put_str(out, lines);
	message_end(&f->writer);
}

static void take_cookies(struct fetcher *f, struct message *m)
{
	int64_t source = take_int_in(m, 0, (int64_t)f->role->config->n_sources - 1);
	struct str lines = take_str(m);

	MUST(!m->bad); /* the writer is ours */
	net_jar_fill(jar_of(f, source), lines);
}

static void begin(struct fetcher *f, struct fetch *x, int64_t now)
{
	const struct source *s = source_of(f, x);
	const struct net_request request = {
		.url = buf_str(&x->url),
		.user_agent = buf_str(&x->agent),
		.etag = buf_str(&x->etag),
		.last_modified = buf_str(&x->last_modified),
		.trust = s->trust,
		.pin = s->pin.text,
		.proxy = s->proxy.text,
		.circuit = s->name.text,
		.accept = s->identity == IDENTITY_QUIET ? STR(QUIET_ACCEPT) : (struct str){ 0 },
		.language = s->identity == IDENTITY_QUIET ? STR("en-US,en;q=0.5") : (struct str){ 0 },
		.jar = x->robots ? NULL : jar_of(f, x->job.source), /* who asks for robots.txt asks for all of us */
		.coded = !x->robots,
		.allow_private = s->allow_private && !x->strayed,
		.post = buf_str(&x->post),
		.post_type = STR("application/x-www-form-urlencoded"),
		.max_bytes = x->robots ? LIMIT_ROBOTS : LIMIT_BODY,
		.owner = x,
	};
	struct err err = { 0 };

	if (net_start(f->net, &request, &err) < 0) {
		refuse(f, x, "HTTP", err.text);
		return;
	}
	manners_begin(x->host, s->pace_ms, now);
	x->state = FETCH_ACTIVE;
}

static bool host_has_room(const struct fetcher *f, const struct fetch *x)
{
	return manners_active(x->host) < (source_of(f, x)->pace_ms ? 1 : LIMIT_CONNECTIONS_HOST);
}

/* Begin one fetch if its host, its robots.txt and the time allow it. */
static void begin_if_ready(struct fetcher *f, struct fetch *x, int64_t now)
{
	int64_t ready_at;

	if (x->state != FETCH_NEW || !is_ready(f, x, now) || !host_has_room(f, x))
		return;
	ready_at = manners_ready_at(x->host);
	ready_at = x->not_before > ready_at ? x->not_before : ready_at;
	if (ready_at <= now)
		begin(f, x, now);
	else if (!is_sent_back(f, x, now) && ready_at < f->wake_at)
		f->wake_at = ready_at;
}

/* Begin what may begin, the oldest first; one that is given up leaves its place in the list to the last. */
static void begin_ready(struct fetcher *f)
{
	int64_t now = clock_now_us();

	f->wake_at = INT64_MAX;
	for (size_t i = 0; i < f->n && net_active(f->net) < LIMIT_CONNECTIONS && f->hands.waiting_bytes < CAPTURED_BYTES;) {
		struct fetch *x = f->fetches[i];

		begin_if_ready(f, x, now);
		i += i < f->n && f->fetches[i] == x;
	}
}

/* Another hop: the fetch begins anew at the address that `to` means. E_BAD when it means none. */
static int follow(struct fetcher *f, struct fetch *x, struct str to, struct err *err)
{
	struct url from, url;

	if (url_parse(f->a, buf_str(&x->url), (struct str){ 0 }, &from, err) < 0 ||
	    url_parse(f->a, to, from.href, &url, err) < 0)
		return err_at(err, "a redirect");
	if (x->robots && route_refuses(source_of(f, x), true, &url))
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
		     (c->failure == NET_DENIED || !goes_the_same_way(source_of(f, x), source_of(f, robots)))))
			continue;
		refuse(f, x, net_failure_names[c->failure], c->failure_text);
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
	fetch_remove(f, x);
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
	if (retry_at && retry_at - now <= PATIENCE_US && x->retries < RETRIES && !x->post.n) {
		x->retries++;
		fetch_restart(x);
		return;
	}
	snprintf(detail, sizeof(detail), "status %d%s", c->status, retry_at ? ", with a time to come back" : "");
	give_up(f, x,
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
		refuse(f, x, "HTTP", detail);
	} else if (retry_at - clock_now_us() > PATIENCE_US) {
		snprintf(detail, sizeof(detail), "status %d, to be followed later than is waited for", c->status);
		give_up(f, x,
			(struct outcome){ .kind = OUTCOME_FAILED,
					  .class_name = STR("HTTP"),
					  .detail = str_of(detail),
					  .retry_at = retry_at });
	} else if (follow(f, x, capture_header(c, "Location"), &err) < 0) {
		refuse(f, x, "HTTP", err.text);
	}
}

/* A challenge, a wall or an outage says what it is on its page, which a worker reads. What is gone is gone. */
static bool says_why(const struct source *s, const struct capture *c)
{
	return c->status >= 400 && c->status != 404 && c->status != 410 && c->body.n &&
	       is_text(s, capture_header(c, "Content-Type"));
}

static void failed_status(struct fetcher *f, struct fetch *x, int status)
{
	char detail[80];

	snprintf(detail, sizeof(detail), "status %d", status);
	give_up(f, x,
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
		give_up(f, x, (struct outcome){ .kind = OUTCOME_NOT_MODIFIED });
	} else if (is_redirect(c->status) && capture_header(c, "Location").n) {
		redirected(f, x, c, retry_at);
	} else if (c->status == 429 || (c->status == 503 && retry_at)) {
		too_soon(f, x, c, retry_at);
	} else if ((c->status < 200 || c->status > 299) && !says_why(source_of(f, x), c)) {
		failed_status(f, x, c->status);
	} else if (!is_text(source_of(f, x), type)) {
		snprintf(detail, sizeof(detail), "not text but %.*s", (int)(type.n < 100 ? type.n : 100), type.p);
		refuse(f, x, "content", detail);
	} else {
		fetch_remove(f, x);
		x->state = FETCH_CAPTURED;
		hands_add(&f->hands, x);
	}
}

static void finish(struct fetcher *f, struct capture *c)
{
	struct fetch *x = c->owner;

	if (c->owner == f->mailer) {
		mailer_end(f->mailer, f->net, c, &f->writer);
		capture_free(c);
		return;
	}

	manners_end(x->host, c->answered_at);
	x->capture = c;
	if (!x->robots && capture_header(c, "Set-Cookie").n)
		tell_cookies(f, x->job.source);
	if (x->robots)
		robots_came(f, x, c);
	else if (c->failure != NET_OK)
		refuse(f, x, net_failure_names[c->failure], c->failure_text);
	else
		answered(f, x, c);
}

static void take_job(struct fetcher *f, struct message *m)
{
	struct job job;

	job_take(m, f->role->config->n_sources, &job);
	MUST(!m->bad); /* the writer is ours */
	if (local_is(job.url)) {
		files_peer_ask(&f->files, fetch_new(&job, job.url, (struct str){ 0 }));
		return;
	}
	fetch_add(f, fetch_new(&job, job.url, config_user_agent(f->role->config, &f->role->config->sources[job.source], f->a)));
}

/* Fill in the form that the writer hands back, if it goes where it may. */
static int fill_in(struct fetcher *f, const struct job *job, const struct login_form *form, struct buf *out, struct err *err)
{
	const struct secrets *secrets = &f->secrets[job->source];
	struct url page, action;
	const char *why;

	if (secrets->why.code)
		return err_set(err, E_USAGE, "%s", secrets->why.text);
	if (job->step != LOGIN_SEND)
		return 0;
	if (url_parse(f->a, f->role->config->sources[job->source].login.url.text, (struct str){ 0 }, &page, err) < 0 ||
	    url_parse(f->a, form->action, (struct str){ 0 }, &action, err) < 0)
		return err->code;
	why = login_refuses(&page, &action);
	if (why)
		return err_set(err, E_BAD, "%s", why);
	return login_write(form, buf_str(&secrets->user), buf_str(&secrets->password), out, err);
}

static void take_login(struct fetcher *f, struct message *m)
{
	const struct config *config = f->role->config;
	struct login_form form;
	struct err err = { 0 };
	struct fetch *x;
	struct job job;

	job_take(m, config->n_sources, &job);
	form_take(m, f->a, &form);
	MUST(!m->bad); /* the writer is ours */
	x = fetch_new(&job, job.step == LOGIN_SEND ? form.action : job.url,
		      config_user_agent(config, &config->sources[job.source], f->a));
	fetch_add(f, x);
	if (fill_in(f, &job, &form, &x->post, &err) < 0)
		refuse(f, x, "login", err.text);
}

static void hear_writer(struct fetcher *f)
{
	struct message m;
	int more;

	while ((more = channel_fill(&f->writer)) > 0)
		while (message_next(&f->writer, &m) > 0) {
			if (m.type == MESSAGE_JOB) {
				take_job(f, &m);
			} else if (m.type == MESSAGE_LOGIN) {
				take_login(f, &m);
			} else if (m.type == MESSAGE_COOKIES) {
				take_cookies(f, &m);
			} else if (m.type == MESSAGE_MAIL) {
				mailer_take(f->mailer, &m);
			} else if (m.type == MESSAGE_SILENCE) {
				struct str origin = take_str(&m);

				manners_silence(f->manners, origin, take_int(&m), clock_now_us());
			}
		}
	if (more < 0)
		f->stopping = true;
}

/* A piece of a file came, or did not. */
static void read_came(struct fetcher *f, struct fetch *x, const struct reading_answer *answer)
{
	if (answer->status == 200)
		hands_add(&f->hands, x);
	else if (answer->status == 304)
		give_up(f, x, (struct outcome){ .kind = OUTCOME_NOT_MODIFIED });
	else
		give_up(f, x,
			(struct outcome){ .kind = answer->status == 404 ? OUTCOME_GONE : OUTCOME_FAILED,
					  .class_name = STR("content"),
					  .detail = answer->why });
}

static void hear_files(struct fetcher *f)
{
	struct reading_answer answer;
	struct fetch *x;
	int64_t source;
	int got;

	while ((got = files_peer_next(&f->files, &x, &answer, &source)) > 0) {
		if (x) {
			read_came(f, x, &answer);
			continue;
		}
		put_int(message_begin(&f->writer, MESSAGE_NEWS), source);
		message_end(&f->writer);
	}
	if (got < 0)
		f->stopping = true;
}

static void quarantine(struct fetcher *f, struct fetch *x, const char *how)
{
	struct outcome o = { .kind = OUTCOME_QUARANTINED, .class_name = STR("quarantine"), .detail = str_of(how) };

	if (local_is(buf_str(&x->url))) /* the rest of the file is read all the same */
		o.etag = local_position_behind(f->a, capture_header(x->capture, "ETag"), x->capture->body.n);
	give_up(f, x, o);
}

static void hear_supervisor(struct fetcher *f)
{
	struct control c;
	int got;

	while ((got = control_receive(f->role->control, &c)) > 0) {
		if (c.type == CONTROL_PEER && c.slot >= 0 && c.slot < LIMIT_WORKERS && c.fds[0] >= 0) {
			struct fetch *suspect = hands_replace(&f->hands, c.slot, c.fds[0]);

			if (suspect)
				quarantine(f, suspect, c.text);
		}
		if (c.type == CONTROL_STOP)
			f->stopping = true;
	}
	if (got < 0)
		f->stopping = true;
}

static void wake_at(struct fetcher *f, int64_t at)
{
	f->wake_at = at < f->wake_at ? at : f->wake_at;
}

static int patience_ms(const struct fetcher *f)
{
	int64_t now = clock_now_us();

	if (f->wake_at == INT64_MAX)
		return 1000;
	return f->wake_at > now ? (int)((f->wake_at - now) / 1000) + 1 : 1;
}

static void turn(struct fetcher *f)
{
	struct pollfd fds[LIMIT_WORKERS + 3] = {
		{ .fd = f->role->control, .events = POLLIN },
		{ .fd = f->writer.fd, .events = (short)(POLLIN | (channel_waiting(&f->writer) ? POLLOUT : 0)) },
	};
	size_t n = 2 + hands_poll(&f->hands, fds + 2);
	struct capture *c;

	n += files_peer_poll(&f->files, fds + n);
	net_wait(f->net, fds, n, patience_ms(f));
	hands_hear(&f->hands);
	if (fds[0].revents)
		hear_supervisor(f);
	if (fds[1].revents & POLLIN)
		hear_writer(f);
	while ((c = net_next(f->net)))
		finish(f, c);
	hear_files(f);
	hands_deliver(&f->hands);
	begin_ready(f);
	wake_at(f, mailer_go_on(f->mailer, f->net, &f->writer, clock_now_us()));
	files_peer_send(&f->files, f->hands.waiting_bytes < CAPTURED_BYTES);
	if (channel_flush(&f->writer) < 0)
		f->stopping = true;
	arena_clear(f->a);
}

/* The mail under way may be with the relay already, and only its answer missing: without that it would go a second time. */
static void end_mail(struct fetcher *f)
{
	int64_t until = clock_steady_us() + LAST_MAIL_US;
	struct capture *c;

	while (mailer_is_sending(f->mailer) && clock_steady_us() < until) {
		net_wait(f->net, NULL, 0, 50);
		while ((c = net_next(f->net))) {
			if (c->owner == f->mailer)
				mailer_end(f->mailer, f->net, c, &f->writer);
			capture_free(c);
		}
	}
	channel_flush(&f->writer);
}

static void release_all(struct fetcher *f)
{
	net_free(f->net); /* captures under way go with it */
	mailer_free(f->mailer);
	for (size_t i = 0; i < f->n; i++)
		fetch_free(f->fetches[i]);
	hands_release(&f->hands);
	files_peer_release(&f->files);
	channel_release(&f->writer);
	manners_free(f->manners);
	arena_free(f->a);
	for (size_t i = 0; i < f->role->config->n_sources; i++)
		secrets_release(&f->secrets[i]);
	free(f->secrets);
	free(f->jars);
	free(f);
}

/* Read what is secret while files can be read, and leave it nowhere else. */
static void read_secrets(struct fetcher *f)
{
	const struct config *config = f->role->config;

	f->secrets = must_alloc(config->n_sources + 1, sizeof(*f->secrets));
	for (size_t i = 0; i < config->n_sources; i++)
		secrets_read(&f->secrets[i], &config->sources[i]);
	f->mailer = mailer_new(&config->alerts);
	secrets_forget(config);
	prctl(PR_SET_DUMPABLE, 0); /* no core, and nobody looks into its memory */
}

int role_net(const struct role *r, int writer, int files)
{
	const int keep[] = { r->control, writer, files };
	struct fetcher *f = must_alloc(1, sizeof(*f));
	struct err err = { 0 };
	int result = 0;

	f->role = r;
	f->a = arena_new(LIMIT_ARENA);
	f->manners = manners_new();
	f->jars = must_alloc(r->config->n_sources + 1, sizeof(struct net_jar *));
	hands_init(&f->hands, r->receipt_key);
	confine_descriptors(keep, 3);
	channel_open(&f->writer, writer, false);
	read_secrets(f);
	files_peer_open(&f->files, files);
	if (confine_net(&err) < 0 || !(f->net = net_new(&err)))
		result = role_failed(r, &err);
	while (result == 0 && !f->stopping)
		turn(f);
	if (result == 0)
		end_mail(f);
	release_all(f);
	return result;
}
