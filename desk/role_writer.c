/* role_writer.c - the one that writes: leases addresses out, takes pages in, commits in groups; no network */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/must.h"
#include "crawler/schedule.h"
#include "crawler/url.h"
#include "desk/judge.h"
#include "desk/role.h"
#include "store/frontier.h"
#include "store/health.h"

#define SECOND INT64_C(1000000)

enum {
	LEASE_S = 3600, /* longer than any queue; a monitor that starts ends all leases itself */
	DAY_S = 86400,
	PROGRESS_MS = 500,
	PACED_IN_HAND = 16, /* jobs at once of a source with a pace: more would only wait in line */
};

/* A job that is out. */
struct out {
	int64_t id;
	int source, depth, tries, calm;
	bool start;
	enum page_kind kind;
};

struct source_state {
	int64_t id;	 /* in the store */
	int64_t look_at; /* when something may be due, us UTC */
	size_t n_out;
};

struct writer {
	const struct role *role;
	struct store *store;
	struct channel net, workers[LIMIT_WORKERS];
	struct source_state *sources;
	struct out out[LIMIT_QUEUE];
	size_t n_out;
	struct arena *a; /* of one message */
	int64_t classifier_id;
	bool open;	    /* a transaction is */
	int64_t open_since; /* steady us */
	int64_t group_posts;
	bool stopping, idle;
	int64_t shown_at;
	struct round round;
};

static const struct source *source_of(const struct writer *w, int i)
{
	return &w->role->config->sources[i];
}

static int open_group(struct writer *w, struct err *err)
{
	if (w->open)
		return 0;
	if (store_begin(w->store, err) < 0)
		return err->code;
	w->open = true;
	w->open_since = clock_steady_us();
	w->group_posts = 0;
	return 0;
}

static int close_group(struct writer *w, struct err *err)
{
	if (!w->open)
		return 0;
	w->open = false;
	return store_commit(w->store, err);
}

static void tell(struct writer *w, enum control_type type)
{
	struct control c = { .type = type, .number = w->round.fetched, .fds = { -1, -1 } };

	snprintf(c.text, sizeof(c.text), "%lld fetched, %lld unchanged, %lld failed, %lld new posts, %lld new findings",
		 (long long)w->round.fetched, (long long)w->round.not_modified, (long long)w->round.failed,
		 (long long)w->round.posts, (long long)w->round.findings);
	control_send(w->role->control, &c);
}

static struct out *find_out(struct writer *w, int64_t id)
{
	for (size_t i = 0; i < w->n_out; i++)
		if (w->out[i].id == id)
			return &w->out[i];
	return NULL;
}

static void end_out(struct writer *w, struct out *o)
{
	w->sources[o->source].n_out--;
	*o = w->out[--w->n_out];
}

/* Something of this source becomes due at `at`. */
static void look_at(struct writer *w, int source, int64_t at)
{
	if (at < w->sources[source].look_at)
		w->sources[source].look_at = at;
}

static int keep_post(struct writer *w, int source, struct read_post *r, int64_t now, int64_t *fresh, struct err *err)
{
	struct stored_post p = {
		.source_id = w->sources[source].id,
		.posted_zone = r->post.precision == PRECISION_NONE ? STR("")
			       : r->post.zone_known		   ? STR("stated")
								   : STR("UTC assumed"),
		.key = r->post.key,
		.url = r->post.url,
		.author = r->post.author,
		.title = r->post.title,
		.posted_raw = r->post.posted_raw,
		.posted_at = r->post.posted_at,
		.posted_precision = (int)r->post.precision,
		.posted_zone_known = r->post.zone_known,
	};
	struct stored_result result;

	if (judge(r, w->store, w->classifier_id, w->a, &p, err) < 0 || store_post(w->store, &p, now, &result, err) < 0)
		return err->code;
	w->group_posts++;
	*fresh += result.new_revision;
	w->round.posts += result.new_post;
	w->round.revisions += result.new_revision;
	w->round.findings += result.new_finding;
	return 0;
}

static int add_link(struct writer *w, const struct out *o, const struct read_link *l, int64_t now, struct err *err)
{
	bool onwards = l->kind == o->kind && l->kind != PAGE_RAW; /* a further page of the same listing or thread */
	struct frontier_entry e = {
		.source_id = w->sources[o->source].id,
		.due_at = now,
		.kind = (int)l->kind,
		.depth = onwards ? o->depth + 1 : 0,
		.key = l->key,
		.url = l->url,
		.title = l->title,
	};

	if (l->key.n == 0 || l->url.n > LIMIT_URL)
		return 0;
	if (onwards && e.depth >= source_of(w, o->source)->pages)
		return 0;
	if (frontier_add(w->store, &e, err) < 0)
		return err->code;
	look_at(w, o->source, now);
	return 0;
}

static int page_is_bad(struct writer *w, struct out *o, const struct read_page *page, int64_t now, struct err *err)
{
	const struct health_failure f = { w->sources[o->source].id, o->start, "content", page->url, page->problem };
	struct frontier_outcome outcome = { .due_at = schedule_next_try(source_of(w, o->source), o->start, o->tries, now),
					    .tries = o->tries + 1 };

	w->round.failed++;
	look_at(w, o->source, outcome.due_at ? outcome.due_at : INT64_MAX);
	if (health_failed(w->store, &f, now, err) < 0)
		return err->code;
	return frontier_done(w->store, o->id, &outcome, err);
}

static int keep_page(struct writer *w, struct out *o, struct read_page *page, int64_t now, struct err *err)
{
	struct frontier_outcome outcome = { .etag = page->etag,
					    .last_modified = page->last_modified,
					    .body_digest = page->body_digest };
	int64_t fresh = 0;

	w->round.fetched++;
	if (page->problem.n)
		return page_is_bad(w, o, page, now, err);
	for (size_t i = 0; i < page->n_posts; i++)
		if (keep_post(w, o->source, &page->posts[i], now, &fresh, err) < 0)
			return err->code;
	for (size_t i = 0; i < page->n_links; i++)
		if (add_link(w, o, &page->links[i], now, err) < 0)
			return err->code;
	w->round.not_modified += page->unchanged;
	outcome.calm = fresh ? 0 : o->calm + 1;
	outcome.due_at = schedule_next_visit(source_of(w, o->source), o->kind, outcome.calm, now);
	if (outcome.due_at)
		look_at(w, o->source, outcome.due_at);
	if (health_success(w->store, w->sources[o->source].id, o->start, page->unchanged, fresh, now, err) < 0)
		return err->code;
	return frontier_done(w->store, o->id, &outcome, err);
}

/* E_BAD: the worker lies or is broken; its channel is closed. Other errors are the store's. */
static int take_page(struct writer *w, struct message *m, struct err *err)
{
	struct read_page page;
	struct out *o;
	int result;

	arena_clear(w->a);
	read_page_take(m, w->a, &page);
	if (m->bad || m->fields.n)
		return E_BAD;
	o = find_out(w, page.id);
	if (!o) /* delivered twice, because its worker died between answering and saying so */
		return 0;
	if (open_group(w, err) < 0)
		return err->code;
	result = keep_page(w, o, &page, clock_now_us(), err);
	end_out(w, o);
	return result;
}

static int take_failure(struct writer *w, struct out *o, const struct outcome *m, int64_t now, struct err *err)
{
	AUTO(buf) class_name = BUF_INIT(64);
	struct health_failure f = { w->sources[o->source].id, o->start, NULL, m->url, m->detail };
	struct frontier_outcome outcome = { .tries = o->tries + 1 };

	buf_add(&class_name, m->class_name);
	f.class_name = class_name.p ? class_name.p : "HTTP";
	w->round.failed++;
	if (m->kind == OUTCOME_QUARANTINED) {
		if (health_quarantine(w->store, &f, o->id, now, err) < 0)
			return err->code;
	} else {
		outcome.due_at = m->kind == OUTCOME_GONE && !o->start
					 ? 0
					 : schedule_next_try(source_of(w, o->source), o->start, o->tries, now);
		if (m->retry_at > outcome.due_at && outcome.due_at)
			outcome.due_at = m->retry_at;
		if (health_failed(w->store, &f, now, err) < 0)
			return err->code;
	}
	if (o->start && outcome.due_at == 0) /* its own address is never given up */
		outcome.due_at = now + DAY_S * SECOND;
	if (outcome.due_at)
		look_at(w, o->source, outcome.due_at);
	return frontier_done(w->store, o->id, &outcome, err);
}

static int take_outcome(struct writer *w, struct message *m, struct err *err)
{
	int64_t now = clock_now_us();
	struct outcome outcome;
	struct out *o;
	int result = 0;

	outcome_take(m, &outcome);
	o = m->bad ? NULL : find_out(w, outcome.id);
	if (!o)
		return 0;
	if (open_group(w, err) < 0)
		return err->code;
	if (outcome.silent_origin.n && frontier_silence(w->store, outcome.silent_origin, outcome.retry_at, err) < 0)
		return err->code;
	if (outcome.kind == OUTCOME_NOT_MODIFIED) {
		int64_t due = schedule_next_visit(source_of(w, o->source), o->kind, o->calm + 1, now);

		w->round.fetched++;
		w->round.not_modified++;
		look_at(w, o->source, due);
		result = health_success(w->store, w->sources[o->source].id, o->start, true, 0, now, err);
		if (result == 0)
			result = frontier_again(w->store, o->id, due ? due : now + DAY_S * SECOND, o->calm + 1, err);
	} else if (outcome.kind == OUTCOME_RELEASED) {
		int64_t due = outcome.retry_at > now ? outcome.retry_at : now;

		look_at(w, o->source, due);
		result = frontier_release(w->store, o->id, due, err);
	} else {
		result = take_failure(w, o, &outcome, now, err);
	}
	end_out(w, o);
	return result;
}

static size_t room_of(const struct writer *w, int i)
{
	size_t most = source_of(w, i)->pace_ms ? PACED_IN_HAND : LIMIT_QUEUE;
	size_t left = LIMIT_QUEUE - w->n_out;

	most = w->sources[i].n_out < most ? most - w->sources[i].n_out : 0;
	return most < left ? most : left;
}

static void send_job(struct writer *w, int source, const struct frontier_job *j)
{
	const struct job job = {
		.id = j->id,
		.source = source,
		.kind = (enum page_kind)j->kind,
		.depth = j->depth,
		.url = j->url,
		.title = j->title,
		.etag = j->etag,
		.last_modified = j->last_modified,
		.body_digest = j->body_digest,
	};

	if (find_out(w, j->id) || j->kind < 0 || j->kind >= PAGE_KINDS)
		return;
	w->out[w->n_out++] = (struct out){ j->id, source, j->depth, j->tries, j->calm, j->start, (enum page_kind)j->kind };
	w->sources[source].n_out++;
	job_put(message_begin(&w->net, MESSAGE_JOB), &job);
	message_end(&w->net);
}

static int lease_from(struct writer *w, int i, int64_t now, struct err *err)
{
	struct frontier_wish wish = { w->sources[i].id, now, now + LEASE_S * SECOND, room_of(w, i) };
	struct frontier_job *jobs;
	int n;

	if (wish.max == 0 || w->sources[i].look_at > now)
		return 0;
	if (open_group(w, err) < 0)
		return err->code;
	arena_clear(w->a);
	n = frontier_lease(w->store, &wish, w->a, &jobs, err);
	for (int k = 0; k < n; k++)
		send_job(w, i, &jobs[k]);
	if (n < 0 || (size_t)n == wish.max)
		return n;
	w->sources[i].look_at = INT64_MAX;
	if (frontier_next_due(w->store, w->sources[i].id, &w->sources[i].look_at, err) < 0)
		return err->code;
	return n;
}

/* Give out what is due. A lease that a crash rolls back is simply due again: its job died with the monitor. */
static int lease(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us();
	int total = 0;

	if (w->stopping || LIMIT_QUEUE - w->n_out < LIMIT_QUEUE / 4)
		return 0;
	for (size_t i = 0; i < w->role->config->n_sources; i++) {
		int n = source_of(w, (int)i)->enabled ? lease_from(w, (int)i, now, err) : 0;

		if (n < 0)
			return n;
		total += n;
	}
	return total;
}

static int end_round(struct writer *w, struct err *err)
{
	bool worked = w->round.fetched + w->round.failed > 0;

	w->round.ended_at = clock_now_us();
	if (worked && (open_group(w, err) < 0 || store_round_add(w->store, &w->round, err) < 0))
		return err->code;
	if (close_group(w, err) < 0)
		return err->code;
	tell(w, CONTROL_IDLE);
	w->idle = true;
	w->round = (struct round){ .started_at = clock_now_us() };
	return 0;
}

/* What follows a batch of messages: commit when the group is full or old, lease, notice the end of the round. */
static int settle(struct writer *w, struct err *err)
{
	int64_t now = clock_steady_us();
	int leased = lease(w, err);

	if (leased < 0)
		return leased;
	if (leased)
		w->idle = false;
	if (w->open && (w->group_posts >= LIMIT_GROUP_POSTS || now - w->open_since >= LIMIT_GROUP_MS * 1000 || w->n_out == 0) &&
	    close_group(w, err) < 0)
		return err->code;
	if (!w->idle && !w->stopping && w->n_out == 0 && end_round(w, err) < 0)
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
			if (m.type == MESSAGE_OUTCOME && take_outcome(w, &m, err) < 0)
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
		int result = m.type == MESSAGE_PAGE ? take_page(w, &m, err) : E_BAD;

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
		if (source_of(w, (int)i)->enabled && w->sources[i].look_at < until)
			until = w->sources[i].look_at;
	if (until - now > 500000)
		return 500;
	return until > now ? (int)((until - now) / 1000) + 1 : w->n_out ? 100 : 1;
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

/* The configuration's sources and their start addresses become rows; nothing is leased by anybody else. */
static int sources_open(struct writer *w, int64_t now, struct err *err)
{
	const struct config *config = w->role->config;

	w->sources = must_alloc(config->n_sources, sizeof(*w->sources));
	for (size_t i = 0; i < config->n_sources; i++) {
		struct source_start start;

		if (store_source(w->store, config->sources[i].name.text, &w->sources[i].id, err) < 0)
			return err->code;
		for (size_t k = 0; source_start(&config->sources[i], k, w->a, &start) > 0; k++) {
			struct frontier_entry e = {
				.source_id = w->sources[i].id, .due_at = now, .kind = (int)start.kind, .start = true
			};
			struct url url;

			if (url_parse(w->a, start.url, (struct str){ 0 }, &url, err) < 0)
				return err_at(err, "source %.*s", STR_ARG(config->sources[i].name.text));
			e.url = url.href;
			e.key = url.key;
			if (frontier_add(w->store, &e, err) < 0)
				return err->code;
		}
	}
	if (frontier_release(w->store, 0, now, err) < 0)
		return err->code;
	return w->role->once ? frontier_start_round(w->store, now, err) : 0;
}

static int silences_send(struct writer *w, int64_t now, struct err *err)
{
	struct frontier_silence *silences;
	size_t n;

	if (frontier_silences(w->store, now, w->a, &silences, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		struct buf *out = message_begin(&w->net, MESSAGE_SILENCE);

		put_str(out, silences[i].origin);
		put_int(out, silences[i].until);
		message_end(&w->net);
	}
	return 0;
}

static int set_up(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us();

	if (open_group(w, err) < 0 || sources_open(w, now, err) < 0 ||
	    judge_classifier(w->role->classifier, w->store, w->a, now, &w->classifier_id, err) < 0 ||
	    silences_send(w, now, err) < 0 || close_group(w, err) < 0)
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
	if (open_group(w, err) < 0 || frontier_release(w->store, 0, clock_now_us(), err) < 0)
		return err->code;
	w->round.ended_at = clock_now_us();
	if (w->round.fetched + w->round.failed > 0 && store_round_add(w->store, &w->round, err) < 0)
		return err->code;
	return close_group(w, err);
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
	for (int i = 0; i < LIMIT_WORKERS; i++)
		w->workers[i].fd = -1;
	confine_descriptors(keep, 2);
	channel_open(&w->net, net, false);
	w->store = store_open(&r->config->store, STORE_CREATE, &err); /* its server cannot be reached later */
	if (!w->store || confine_writer(folders, &err) < 0 || write_until_stopped(w, &err) < 0) {
		if (w->store)
			store_rollback(w->store);
		result = role_failed(r, &err);
	}
	store_free(w->store);
	for (int i = 0; i < LIMIT_WORKERS; i++)
		channel_release(&w->workers[i]);
	channel_release(&w->net);
	arena_free(w->a);
	free(w->sources);
	free(w);
	return result;
}
