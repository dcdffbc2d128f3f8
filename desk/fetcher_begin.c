/* fetcher_begin.c - what may begin: host, robots.txt, pace and room */
#include "desk/fetcher.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "crawler/route.h"

/* What goes with the name that a quiet source has: config_user_agent(). */
#define QUIET_ACCEPT "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

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
	fetcher_add(f, robots);
}

/* True when robots.txt lets it pass; else it waits, or is given up. */
static bool is_permitted(struct fetcher *f, struct fetch *x, const struct url *url, int64_t now)
{
	char why[200];

	/* Who asks for something to be taken down obeys the host's rules meanwhile, whatever is allowed otherwise. */
	if (fetcher_source(f, x)->ignore_robots.text.n && x->job.kind != PAGE_TARGET)
		return true;
	switch (manners_permit(x->host, url->href, now, why, sizeof(why))) {
	case PERMISSION_UNKNOWN:
		ask_robots(f, x, url);
		return false;
	case PERMISSION_WAIT:
		return false;
	case PERMISSION_REFUSED:
		fetcher_refuse(f, x, "robots", why);
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

	if (x->robots || ready_at - now <= FETCHER_PATIENCE || !manners_is_silent(x->host, now))
		return false;
	fetcher_give_up(f, x, (struct outcome){ .kind = OUTCOME_RELEASED, .retry_at = ready_at });
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
		fetcher_refuse(f, x, "HTTP", err.text);
		return false;
	}
	why = route_refuses(fetcher_source(f, x), x->strayed, &url);
	if (why) {
		fetcher_refuse(f, x, "denied", why);
		return false;
	}
	if (!x->host)
		x->host = manners_hold(f->manners, url_origin(f->a, &url), manners_token(buf_str(&x->agent)), now);
	if (!x->host) {
		fetcher_refuse(f, x, "limit", "too many hosts are being visited at once");
		return false;
	}
	if (is_sent_back(f, x, now) || !is_permitted(f, x, &url, now)) /* given up, perhaps: it is no more */
		return false;
	x->permitted = true;
	return true;
}

static void begin(struct fetcher *f, struct fetch *x, int64_t now)
{
	const struct source *s = fetcher_source(f, x);
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
		.jar = x->robots ? NULL : fetcher_jar(f, x->job.source), /* who asks for robots.txt asks for all of us */
		.coded = !x->robots,
		.allow_private = s->allow_private && !x->strayed,
		.post = buf_str(&x->post),
		.post_type = STR("application/x-www-form-urlencoded"),
		.max_bytes = x->robots ? LIMIT_ROBOTS : LIMIT_BODY,
		.owner = x,
	};
	struct err err = { 0 };

	if (net_start(f->net, &request, &err) < 0) {
		fetcher_refuse(f, x, "HTTP", err.text);
		return;
	}
	manners_begin(x->host, s->pace_ms, now);
	x->state = FETCH_ACTIVE;
}

static bool host_has_room(const struct fetcher *f, const struct fetch *x)
{
	return manners_active(x->host) < (fetcher_source(f, x)->pace_ms ? 1 : LIMIT_CONNECTIONS_HOST);
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
void fetcher_begin_ready(struct fetcher *f)
{
	int64_t now = clock_now_us();

	f->wake_at = INT64_MAX;
	for (size_t i = 0; i < f->n && net_active(f->net) < LIMIT_CONNECTIONS && f->hands.waiting_bytes < CAPTURED_BYTES;) {
		struct fetch *x = f->fetches[i];

		begin_if_ready(f, x, now);
		i += i < f->n && f->fetches[i] == x;
	}
}
