/* writer_leases.c - which addresses are out, and which go out next */
#include "base/clock.h"
#include "base/must.h"
#include "crawler/local.h"
#include "crawler/schedule.h"
#include "crawler/url.h"
#include "desk/writer.h"
#include "store/frontier.h"
#include "store/health.h"

enum {
	PACED_IN_HAND = 16, /* jobs at once of a source with a pace: more would only wait in line */
};

#define LEASE INT64_C(3600000000) /* us; longer than any queue. A monitor that starts ends all leases itself */

const struct source *writer_source(const struct writer *w, int i)
{
	return &w->role->config->sources[i];
}

struct out *writer_out(struct writer *w, int64_t id)
{
	for (size_t i = 0; i < w->n_out; i++)
		if (w->out[i].id == id)
			return &w->out[i];
	return NULL;
}

void writer_end_out(struct writer *w, struct out *o)
{
	w->sources[o->source].n_out--;
	*o = w->out[--w->n_out];
}

void writer_look_at(struct writer *w, int source, int64_t at)
{
	if (at < w->sources[source].look_at)
		w->sources[source].look_at = at;
}

int writer_wake(struct writer *w, int source, struct str key, int64_t now, struct err *err)
{
	int64_t id;
	int woken = frontier_wake(w->store, w->sources[source].id, key, now, &id, err);
	struct out *o = woken == 0 && id ? writer_out(w, id) : NULL;

	if (o)
		o->again = true;
	if (woken > 0)
		writer_look_at(w, source, now);
	return woken;
}

int writer_take_news(struct writer *w, struct message *m, struct err *err)
{
	int source = (int)take_int_in(m, 0, (int64_t)w->role->config->n_sources - 1);
	struct source_start start;

	if (m->bad || !source_is_local(writer_source(w, source)))
		return 0;
	arena_clear(w->a);
	if (source_start(writer_source(w, source), 0, w->a, &start) <= 0)
		return 0;
	if (writer_open_group(w, err) < 0 || writer_wake(w, source, start.url, clock_now_us(), err) < 0)
		return err->code;
	return 0;
}

/* A file's address is its own key. */
static int start_read(struct writer *w, const struct source_start *start, struct url *out, struct err *err)
{
	*out = (struct url){ .href = start->url, .key = start->url };
	if (start->kind == PAGE_MAILBOX)
		return 0;
	return local_is(start->url) ? 0 : url_parse(w->a, start->url, (struct str){ 0 }, out, err);
}

static int add_sources(struct writer *w, int64_t now, struct err *err)
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

			if (start_read(w, &start, &url, err) < 0)
				return err_at(err, "source %.*s", STR_ARG(config->sources[i].name.text));
			e.url = url.href;
			e.key = url.key;
			if (frontier_add(w->store, &e, err) < 0)
				return err->code;
		}
	}
	for (size_t i = 0; i < config->n_sources; i++) {
		const struct source *s = &config->sources[i];

		if (health_canary_expect(w->store, w->sources[i].id, now, s->canary.text.n ? now + s->canary_ms * 1000 : 0,
					 err) < 0)
			return err->code;
	}
	if (frontier_release(w->store, 0, now, err) < 0)
		return err->code;
	return w->role->once ? frontier_start_round(w->store, now, err) : 0;
}

static int send_silences(struct writer *w, int64_t now, struct err *err)
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

int writer_open_sources(struct writer *w, int64_t now, struct err *err)
{
	if (add_sources(w, now, err) < 0)
		return err->code;
	return send_silences(w, now, err);
}

static size_t room_of(const struct writer *w, int i)
{
	size_t most = writer_source(w, i)->pace_ms ? PACED_IN_HAND : LIMIT_QUEUE;
	size_t left = LIMIT_QUEUE - w->n_out - w->n_sign_ins;

	most = w->sources[i].n_out < most ? most - w->sources[i].n_out : 0;
	return most < left ? most : left;
}

static int send_job(struct writer *w, int source, const struct frontier_job *j, struct err *err)
{
	struct job job = {
		.id = j->id,
		.ticket = ++w->tickets,
		.source = source,
		.kind = (enum page_kind)j->kind,
		.depth = j->depth,
		.url = j->url,
		.title = j->title,
		.etag = j->etag,
		.last_modified = j->last_modified,
		.body_digest = j->body_digest,
	};

	int route = source;

	if (writer_out(w, j->id) || j->kind < 0 || j->kind >= PAGE_KINDS)
		return 0;
	if (j->kind == PAGE_TARGET && writer_route(w, source, j, &route, err) < 0)
		return err->code;
	job.source = route;
	w->out[w->n_out++] = (struct out){ .id = j->id,
					   .ticket = job.ticket,
					   .sign_in = w->sources[source].sign_in.number,
					   .source = source,
					   .route = route,
					   .depth = j->depth,
					   .tries = j->tries,
					   .calm = j->calm,
					   .root = j->root,
					   .wait = j->wait,
					   .start = j->start,
					   .kind = (enum page_kind)j->kind };
	w->sources[source].n_out++;
	job_put(message_begin(&w->net, MESSAGE_JOB), &job);
	return message_end(&w->net) < 0 ? err_set(err, E_LIMIT, "a job that no message holds") : 0;
}

static int lease_from(struct writer *w, int i, int64_t now, struct err *err)
{
	struct frontier_wish wish = { w->sources[i].id, now, now + LEASE, room_of(w, i) };
	struct frontier_job *jobs;
	int n;

	if (writer_source(w, i)->recheck && writer_place_targets(w, i, now, err) < 0)
		return err->code;
	if (wish.max == 0 || w->sources[i].look_at > now)
		return 0;
	if (schedule_due(writer_source(w, i), now, 0, 0) > now) { /* what was found late is read when its hours begin again */
		w->sources[i].look_at = schedule_due(writer_source(w, i), now, 0, 0);
		return 0;
	}
	/* Whoever asks a mailbox for more says that what came before is kept: so it has to be. */
	if (writer_source(w, i)->mailbox.text.n && writer_close_group(w, err) < 0)
		return err->code;
	if (writer_open_group(w, err) < 0)
		return err->code;
	arena_clear(w->a);
	n = frontier_lease(w->store, &wish, w->a, &jobs, err);
	for (int k = 0; k < n; k++)
		if (send_job(w, i, &jobs[k], err) < 0)
			return err->code;
	if (n < 0 || (size_t)n == wish.max)
		return n;
	w->sources[i].look_at = INT64_MAX;
	if (frontier_next_due(w->store, w->sources[i].id, &w->sources[i].look_at, err) < 0)
		return err->code;
	return n;
}

int writer_lease(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us();
	int total = 0;

	if (w->stopping || LIMIT_QUEUE - w->n_out < LIMIT_QUEUE / 4)
		return 0;
	for (size_t i = 0; i < w->role->config->n_sources; i++) {
		int n;

		if (!writer_source(w, (int)i)->enabled)
			continue;
		n = writer_is_in(w, (int)i) ? lease_from(w, (int)i, now, err) : writer_sign_in(w, (int)i, now);
		if (n < 0)
			return n;
		total += n;
	}
	return total;
}
