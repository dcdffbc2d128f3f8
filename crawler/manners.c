/* manners.c - how a site wants to be visited */
#include "crawler/manners.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"

enum robots_state { ROBOTS_UNKNOWN, ROBOTS_ASKED, ROBOTS_KNOWN, ROBOTS_NONE, ROBOTS_UNREACHABLE };

enum { UNREACHABLE_MS = 600000 }; /* a robots.txt that could not be had is asked for again after ten minutes */

struct host {
	struct buf name; /* origin, newline, token */
	size_t origin_n;
	size_t held, active;
	int64_t used_at, next_at, silent_until, expires_at;
	int64_t pace; /* us, of the last request */
	enum robots_state state;
	struct arena *a; /* of the robots.txt */
	struct robots *robots;
	char why[160];
};

struct manners {
	struct host *hosts[LIMIT_HOSTS];
	size_t n;
};

struct manners *manners_new(void)
{
	return must_alloc(1, sizeof(struct manners));
}

static void host_free(struct host *h)
{
	arena_free(h->a);
	buf_release(&h->name);
	free(h);
}

void manners_free(struct manners *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		host_free(m->hosts[i]);
	free(m);
}

static struct str origin_of(const struct host *h)
{
	return str_slice(buf_str(&h->name), 0, h->origin_n);
}

/* The place of a host that may be forgotten: unheld, not silent, longest unused. */
static struct host **oldest(struct manners *m, int64_t now)
{
	struct host **found = NULL;

	for (size_t i = 0; i < m->n; i++)
		if (m->hosts[i]->held == 0 && m->hosts[i]->silent_until < now && m->hosts[i]->next_at < now &&
		    (!found || m->hosts[i]->used_at < (*found)->used_at))
			found = &m->hosts[i];
	return found;
}

struct host *manners_hold(struct manners *m, struct str origin, struct str agent, int64_t now)
{
	AUTO(buf) name = BUF_INIT(2 * LIMIT_URL);
	struct host **place, *h;
	int64_t silent_until = 0;

	buf_printf(&name, "%.*s\n%.*s", STR_ARG(origin), STR_ARG(agent));
	for (size_t i = 0; i < m->n; i++) {
		h = m->hosts[i];
		if (str_eq(buf_str(&h->name), buf_str(&name))) {
			h->held++;
			h->used_at = now;
			return h;
		}
		if (str_eq(origin_of(h), origin) && h->silent_until > silent_until)
			silent_until = h->silent_until;
	}
	place = m->n < LIMIT_HOSTS ? &m->hosts[m->n++] : oldest(m, now);
	if (!place)
		return NULL;
	if (*place)
		host_free(*place);
	h = *place = must_alloc(1, sizeof(*h));
	h->name = name;
	name = (struct buf)BUF_INIT(0);
	h->origin_n = origin.n;
	h->held = 1;
	h->used_at = now;
	h->silent_until = silent_until;
	return h;
}

void manners_let_go(struct host *h)
{
	MUST(h->held > 0);
	h->held--;
}

enum permission manners_permit(struct host *h, struct str url, int64_t now, char *why, size_t size)
{
	struct robots_answer answer;

	if (h->state != ROBOTS_ASKED && now >= h->expires_at)
		h->state = ROBOTS_UNKNOWN;
	switch (h->state) {
	case ROBOTS_UNKNOWN:
		return PERMISSION_UNKNOWN;
	case ROBOTS_ASKED:
		return PERMISSION_WAIT;
	case ROBOTS_NONE:
		return PERMISSION_GIVEN;
	case ROBOTS_UNREACHABLE:
		snprintf(why, size, "%s", h->why);
		return PERMISSION_REFUSED;
	case ROBOTS_KNOWN:
		break;
	}
	if (robots_allows(h->robots, url, &answer))
		return PERMISSION_GIVEN;
	snprintf(why, size, "robots.txt line %d forbids it: %.*s", answer.line, (int)(answer.rule.n < 80 ? answer.rule.n : 80),
		 answer.rule.p);
	return PERMISSION_REFUSED;
}

void manners_asking(struct host *h)
{
	h->state = ROBOTS_ASKED;
}

void manners_robots(struct host *h, struct str text, int64_t now)
{
	struct str token = str_slice(buf_str(&h->name), h->origin_n + 1, h->name.n);

	if (!h->a)
		h->a = arena_new(16 * LIMIT_ROBOTS);
	arena_clear(h->a);
	h->robots = robots_parse(h->a, arena_copy(h->a, text), token);
	h->state = ROBOTS_KNOWN;
	h->expires_at = now + INT64_C(1000) * LIMIT_ROBOTS_AGE_MS;
}

void manners_no_robots(struct host *h, int status, struct str why, int64_t now)
{
	bool none = status >= 400 && status < 500 && status != 429; /* RFC 9309 2.3.1.3; 429 means "not now", as 5xx does */

	h->state = none ? ROBOTS_NONE : ROBOTS_UNREACHABLE;
	h->expires_at = now + INT64_C(1000) * (none ? LIMIT_ROBOTS_AGE_MS : UNREACHABLE_MS);
	snprintf(h->why, sizeof(h->why), "robots.txt cannot be had, which forbids all (RFC 9309 2.3.1.4): %.*s",
		 (int)(why.n < 70 ? why.n : 70), why.n ? why.p : "");
}

int64_t manners_ready_at(const struct host *h)
{
	return h->silent_until > h->next_at ? h->silent_until : h->next_at;
}

bool manners_is_silent(const struct host *h, int64_t now)
{
	return h->silent_until > now;
}

void manners_begin(struct host *h, int64_t pace_ms, int64_t now)
{
	int64_t delay = h->state == ROBOTS_KNOWN ? robots_delay_ms(h->robots) : 0;

	h->pace = 1000 * (delay > pace_ms ? delay : pace_ms);
	h->next_at = now + h->pace;
	h->active++;
}

void manners_end(struct host *h, int64_t answered_at)
{
	MUST(h->active > 0);
	h->active--;
	if (answered_at && answered_at + h->pace > h->next_at)
		h->next_at = answered_at + h->pace;
}

size_t manners_active(const struct host *h)
{
	return h->active;
}

void manners_silence(struct manners *m, struct str origin, int64_t until, int64_t now)
{
	bool found = false;

	for (size_t i = 0; i < m->n; i++)
		if (str_eq(origin_of(m->hosts[i]), origin)) {
			m->hosts[i]->silent_until = until;
			found = true;
		}
	if (!found) { /* before its first job: the next identity of the origin takes it over */
		struct host *h = manners_hold(m, origin, STR("*"), now);

		if (h) {
			h->silent_until = until;
			manners_let_go(h);
		}
	}
}

int64_t manners_retry_at(struct str value, int64_t now)
{
	int64_t most = now + INT64_C(1000) * LIMIT_RETRY_AFTER_MS, at;
	uint64_t seconds;

	if (str_number(value, INT32_MAX, &seconds))
		at = now + (int64_t)seconds * 1000000;
	else if (!clock_read_http(value, &at))
		return 0;
	return at < now ? now : at > most ? most : at;
}

struct str manners_token(struct str user_agent)
{
	size_t n = 0;

	while (n < user_agent.n && (ascii_is_alpha(user_agent.p[n]) || user_agent.p[n] == '_' || user_agent.p[n] == '-'))
		n++;
	return str_slice(user_agent, 0, n);
}
