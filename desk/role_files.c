/* role_files.c - the one that reads files of this machine: those of the local sources, and no others; no network */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/must.h"
#include "desk/folder.h"
#include "desk/protocol.h"
#include "desk/role.h"

enum {
	GATHER_US = 50000, /* what changes within this time after the first change is told as one */
};

/* A local source. */
struct spot {
	int source;
	struct folder *folder;
	int64_t tell_at; /* steady us; 0: there is nothing to tell */
	bool told;	 /* the writer knows, and has not looked since */
};

struct reader {
	const struct role *role;
	struct channel net;
	struct spot *spots;
	size_t n;
	struct arena *a;
	bool stopping;
};

static struct spot *spot_of(struct reader *r, int64_t source)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->spots[i].source == source)
			return &r->spots[i];
	return NULL;
}

static void answer(struct reader *r, struct message *m)
{
	AUTO(buf) body = BUF_INIT(LIMIT_MESSAGE / 2);
	struct reading_answer out = { .status = 403, .why = STR("no folder of this source") };
	struct reading_wish wish;
	struct spot *spot;

	reading_wish_take(m, r->role->config->n_sources, &wish);
	MUST(!m->bad); /* the net process is ours */
	spot = spot_of(r, wish.source);
	out.ticket = wish.ticket;
	if (spot && wish.kind == PAGE_FOLDER) {
		spot->told = false;
		folder_list(spot->folder, wish.etag, r->a, &body, &out);
		out.url = wish.url;
	} else if (spot) {
		folder_read(spot->folder, wish.url, wish.etag, r->a, &body, &out);
	}
	out.body = buf_str(&body);
	reading_answer_put(message_begin(&r->net, MESSAGE_FILE), &out);
	MUST(message_end(&r->net) == 0); /* a piece and a list have their ceilings */
	arena_clear(r->a);
}

static void hear_net(struct reader *r)
{
	struct message m;
	int more;

	while ((more = channel_fill(&r->net)) > 0)
		while (message_next(&r->net, &m) > 0)
			if (m.type == MESSAGE_READ)
				answer(r, &m);
	if (more < 0)
		r->stopping = true;
}

static void hear_supervisor(struct reader *r)
{
	struct control c;
	int got;

	while ((got = control_receive(r->role->control, &c)) > 0)
		if (c.type == CONTROL_STOP)
			r->stopping = true;
	if (got < 0)
		r->stopping = true;
}

/* Tell of what has changed, once until somebody looks. Returns for how long nothing is to be told, ms. */
static int tell_news(struct reader *r, int64_t now)
{
	int64_t wait = 1000000;

	for (size_t i = 0; i < r->n; i++) {
		struct spot *spot = &r->spots[i];

		if (!spot->tell_at || spot->told)
			continue;
		if (spot->tell_at > now) {
			wait = spot->tell_at - now < wait ? spot->tell_at - now : wait;
			continue;
		}
		put_int(message_begin(&r->net, MESSAGE_NEWS), spot->source);
		message_end(&r->net);
		spot->tell_at = 0;
		spot->told = true;
	}
	return (int)(wait / 1000) + 1;
}

static void turn(struct reader *r, struct pollfd *fds)
{
	int wait = tell_news(r, clock_steady_us());

	if (channel_waiting(&r->net) && channel_flush(&r->net) < 0)
		r->stopping = true;
	fds[0] = (struct pollfd){ .fd = r->role->control, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = r->net.fd, .events = (short)(POLLIN | (channel_waiting(&r->net) ? POLLOUT : 0)) };
	for (size_t i = 0; i < r->n; i++)
		fds[2 + i] = (struct pollfd){ .fd = folder_descriptor(r->spots[i].folder), .events = POLLIN };
	poll(fds, (nfds_t)(2 + r->n), wait);
	if (fds[0].revents)
		hear_supervisor(r);
	if (fds[1].revents)
		hear_net(r);
	for (size_t i = 0; i < r->n; i++)
		if (fds[2 + i].revents && folder_hear(r->spots[i].folder) && !r->spots[i].tell_at)
			r->spots[i].tell_at = clock_steady_us() + GATHER_US;
	if (channel_flush(&r->net) < 0)
		r->stopping = true;
}

/* The folders, and a descriptor for each; what was put there while nobody watched is told at once. */
static const char **spots_open(struct reader *r)
{
	const struct config *config = r->role->config;
	const char **paths = must_alloc(config->n_sources + 1, sizeof(*paths));

	r->spots = must_alloc(config->n_sources, sizeof(*r->spots));
	for (size_t i = 0; i < config->n_sources; i++) {
		const struct source *s = &config->sources[i];

		if (!source_is_local(s))
			continue;
		paths[r->n] = folder_path(s, r->a);
		r->spots[r->n++] = (struct spot){ .source = (int)i, .folder = folder_new(s), .tell_at = s->enabled };
	}
	paths[r->n] = NULL;
	return paths;
}

int role_files(const struct role *role, int net)
{
	const int keep[] = { role->control, net };
	struct reader r = { .role = role, .a = arena_new(LIMIT_ARENA) };
	struct err err = { 0 };
	struct pollfd *fds;
	const char **paths;
	int result = 0;

	confine_descriptors(keep, 2);
	channel_open(&r.net, net, false);
	paths = spots_open(&r);
	fds = must_alloc(r.n + 2, sizeof(*fds));
	if (confine_files(paths, &err) < 0)
		result = role_failed(role, &err);
	while (result == 0 && !r.stopping)
		turn(&r, fds);
	for (size_t i = 0; i < r.n; i++)
		folder_free(r.spots[i].folder);
	channel_release(&r.net);
	arena_free(r.a);
	free(fds);
	free(paths);
	free(r.spots);
	return result;
}
