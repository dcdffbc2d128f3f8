/* role_writer.c - the one that writes: leases addresses out, takes pages in, commits in groups; no network */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/must.h"
#include "desk/alert/tell.h"
#include "desk/judge.h"
#include "desk/writer.h"
#include "store/frontier.h"

enum { PROGRESS_MS = 500 };

static void tell(struct writer *w, enum control_type type)
{
	struct control c = { .type = type, .number = w->round.fetched, .fds = { -1, -1 } };

	snprintf(c.text, sizeof(c.text), "%lld fetched, %lld unchanged, %lld failed, %lld new posts, %lld new findings",
		 (long long)w->round.fetched, (long long)w->round.not_modified, (long long)w->round.failed,
		 (long long)w->round.posts, (long long)w->round.findings);
	control_send(w->role->control, &c);
}

static int end_round(struct writer *w, struct err *err)
{
	bool worked = w->round.fetched + w->round.failed > 0;

	w->round.ended_at = clock_now_us();
	if (worked && (writer_open_group(w, err) < 0 || store_round_add(w->store, &w->round, err) < 0))
		return err->code;
	if (writer_close_group(w, err) < 0)
		return err->code;
	tell(w, CONTROL_IDLE);
	w->idle = true;
	w->round = (struct round){ .started_at = clock_now_us() };
	return 0;
}

/* Is something out that will be answered? */
static bool is_waiting(const struct writer *w)
{
	return w->n_out || w->n_sign_ins;
}

/* What follows a batch of messages: commit when the group is full or old, lease, notice the end of the round. */
static int settle(struct writer *w, struct err *err)
{
	int64_t now = clock_steady_us();
	int leased = writer_mind_clock(w, err);

	if (leased == 0)
		leased = writer_duty_turn(w, err);
	if (leased >= 0)
		leased = writer_watch_turn(w, err);
	if (leased >= 0)
		leased = writer_lease(w, err);
	if (leased < 0)
		return leased;
	if (leased)
		w->idle = false;
	if (writer_tell_due(w, err) < 0)
		return err->code;
	if (w->open &&
	    (w->group_posts >= LIMIT_GROUP_POSTS || now - w->open_since >= LIMIT_GROUP_MS * 1000 || !is_waiting(w))) {
		if (writer_close_group(w, err) < 0)
			return err->code;
		w->mail_at = 0; /* it may have made some */
	}
	if (writer_send_mail(w, err) < 0)
		return err->code;
	if (!w->idle && !w->stopping && !is_waiting(w) && !w->n_mails && end_round(w, err) < 0)
		return err->code;
	if (now - w->shown_at >= PROGRESS_MS * 1000 && !w->idle) {
		tell(w, CONTROL_PROGRESS);
		w->shown_at = now;
	}
	return 0;
}

static int drain_net(struct writer *w, struct err *err)
{
	struct message m;
	int more;

	while ((more = channel_fill(&w->net)) > 0)
		while (message_next(&w->net, &m) > 0)
			if ((m.type == MESSAGE_OUTCOME && writer_take_outcome(w, &m, err) < 0) ||
			    (m.type == MESSAGE_NEWS && writer_take_news(w, &m, err) < 0) ||
			    (m.type == MESSAGE_COOKIES && writer_take_cookies(w, &m, err) < 0) ||
			    (m.type == MESSAGE_MAILED && writer_take_mailed(w, &m, err) < 0))
				return err->code;
	if (more < 0)
		channel_release(&w->net);
	return 0;
}

static int drain_worker(struct writer *w, struct channel *c, struct err *err)
{
	struct message m;
	int more = channel_fill(c);

	while (more > 0 && message_next(c, &m) > 0) {
		int result = m.type == MESSAGE_PAGE	? writer_take_page(w, &m, err)
			     : m.type == MESSAGE_SIGNED ? writer_take_signed(w, &m, err)
							: E_BAD;

		if (result == E_BAD) { /* not believed any more; the supervisor sees it die of the closed channel */
			channel_release(c);
			return 0;
		}
		if (result < 0)
			return result;
	}
	if (more < 0)
		channel_release(c);
	return 0;
}

static void hear_supervisor(struct writer *w)
{
	struct control c;
	int got;

	while ((got = control_receive(w->role->control, &c)) > 0) {
		if (c.type == CONTROL_PEER && c.slot >= 0 && c.slot < LIMIT_WORKERS && c.fds[0] >= 0) {
			if (w->workers[c.slot].fd >= 0)
				channel_release(&w->workers[c.slot]);
			channel_open(&w->workers[c.slot], c.fds[0], false);
		}
		if (c.type == CONTROL_STOP)
			w->stopping = true;
	}
	if (got < 0)
		w->stopping = true;
}

/* How long nothing may happen: until the group is due, or the next address is. */
static int patience_ms(const struct writer *w)
{
	int64_t now = clock_now_us(), until = INT64_MAX;

	if (w->open)
		return 20;
	for (size_t i = 0; i < w->role->config->n_sources; i++)
		if (writer_source(w, (int)i)->enabled && writer_wakes_at(w, (int)i) < until)
			until = writer_wakes_at(w, (int)i);
	if (until - now > 500000)
		return 500;
	return until > now ? (int)((until - now) / 1000) + 1 : is_waiting(w) ? 100 : 1;
}

/* All channels and the control socket; a worker's messages are read out before its end is seen. */
static int turn(struct writer *w, struct err *err)
{
	struct pollfd fds[LIMIT_WORKERS + 2];
	struct channel *channels[LIMIT_WORKERS + 2];
	nfds_t n = 0;

	fds[n++] = (struct pollfd){ .fd = w->role->control, .events = POLLIN };
	if (w->net.fd >= 0) {
		channels[n] = &w->net;
		fds[n++] = (struct pollfd){ .fd = w->net.fd,
					    .events = (short)(POLLIN | (channel_waiting(&w->net) ? POLLOUT : 0)) };
	}
	for (int i = 0; i < LIMIT_WORKERS; i++)
		if (w->workers[i].fd >= 0) {
			channels[n] = &w->workers[i];
			fds[n++] = (struct pollfd){ .fd = w->workers[i].fd, .events = POLLIN };
		}
	poll(fds, n, patience_ms(w));
	if (fds[0].revents)
		hear_supervisor(w);
	for (nfds_t i = 1; i < n; i++) {
		int result = 0;

		if (channels[i]->fd != fds[i].fd || !(fds[i].revents & (POLLIN | POLLHUP | POLLERR)))
			continue; /* replaced meanwhile, or nothing new */
		result = channels[i] == &w->net ? drain_net(w, err) : drain_worker(w, channels[i], err);
		if (result < 0)
			return result;
	}
	if (settle(w, err) < 0)
		return err->code;
	if (w->net.fd >= 0 && channel_flush(&w->net) < 0)
		channel_release(&w->net);
	return 0;
}

static bool has_peers(const struct writer *w)
{
	for (int i = 0; i < LIMIT_WORKERS; i++)
		if (w->workers[i].fd >= 0)
			return true;
	return w->net.fd >= 0;
}

static int set_up(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us();

	if (writer_open_group(w, err) < 0 || writer_mind_clock(w, err) < 0 || writer_open_sources(w, now, err) < 0 ||
	    writer_open_sessions(w, err) < 0 || writer_open_evidence(w, now, err) < 0 || writer_open_alerts(w, now, err) < 0 ||
	    judge_classifier(w->role->classifier, w->store, w->a, now, &w->classifier_id, err) < 0 ||
	    writer_close_group(w, err) < 0)
		return err->code;
	w->round.started_at = now;
	return 0;
}

static int write_until_stopped(struct writer *w, struct err *err)
{
	if (set_up(w, err) < 0)
		return err->code;
	tell(w, CONTROL_PROGRESS); /* the store is there: the indexer may begin */
	while (!w->stopping || has_peers(w))
		if (turn(w, err) < 0)
			return err->code;
	if (writer_open_group(w, err) < 0 || frontier_release(w->store, 0, clock_now_us(), err) < 0)
		return err->code;
	w->round.ended_at = clock_now_us();
	if (w->round.fetched + w->round.failed > 0 && store_round_add(w->store, &w->round, err) < 0)
		return err->code;
	return writer_close_group(w, err);
}

int role_failed(const struct role *r, const struct err *err)
{
	struct control c = { .type = CONTROL_FAILED, .number = err->code, .fds = { -1, -1 } };

	snprintf(c.text, sizeof(c.text), "%s", err->text);
	control_send(r->control, &c);
	return err_exit_code(err->code);
}

int role_writer(const struct role *r, int net)
{
	const char *const folders[] = { r->config->store.folder, NULL };
	const int keep[] = { r->control, net };
	struct writer *w = must_alloc(1, sizeof(*w));
	struct err err = { 0 };
	int result = 0;

	w->role = r;
	w->a = arena_new(2 * LIMIT_ARENA);
	w->kept = arena_new(MIB(1));
	for (int i = 0; i < LIMIT_WORKERS; i++)
		w->workers[i].fd = -1;
	confine_descriptors(keep, 2);
	channel_open(&w->net, net, false);
	w->store = store_open(&r->config->store, STORE_CREATE, &err); /* its server cannot be reached later */
	if (!w->store || store_watch(w->store, &err) < 0 || confine_writer(folders, &err) < 0 ||
	    write_until_stopped(w, &err) < 0) {
		if (w->store)
			store_rollback(w->store);
		result = role_failed(r, &err);
	}
	teller_free(w->teller);
	store_free(w->store);
	for (int i = 0; i < LIMIT_WORKERS; i++)
		channel_release(&w->workers[i]);
	channel_release(&w->net);
	arena_free(w->a);
	arena_free(w->kept);
	free(w->sources);
	free(w);
	return result;
}
