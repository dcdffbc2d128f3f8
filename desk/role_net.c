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
#include "crawler/local.h"
#include "crawler/route.h"
#include "desk/fetcher.h"

enum { LAST_MAIL_US = 2500000 }; /* of the supervisor's STOP_MS */

static void take_job(struct fetcher *f, struct message *m)
{
	const struct source *source;
	struct fetch *x;
	struct url url;
	struct job job;

	job_take(m, f->role->config->n_sources, &job);
	MUST(!m->bad); /* the writer is ours */
	source = &f->role->config->sources[job.source];
	if (job.kind == PAGE_MAILBOX) {
		fetcher_collect(f, fetch_new(&job, job.url, (struct str){ 0 }));
		return;
	}
	if (local_is(job.url)) {
		files_peer_ask(&f->files, fetch_new(&job, job.url, (struct str){ 0 }));
		return;
	}
	x = fetch_new(&job, job.url, config_user_agent(f->role->config, source, f->a));
	x->strayed = job.kind == PAGE_TARGET && url_parse(f->a, job.url, (struct str){ 0 }, &url, NULL) == 0 &&
		     !route_knows(f->a, source, &url);
	fetcher_add(f, x);
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
				fetcher_take_login(f, &m);
			} else if (m.type == MESSAGE_COOKIES) {
				fetcher_take_cookies(f, &m);
			} else if (m.type == MESSAGE_MAIL) {
				if (!couriers_take(f->couriers, m))
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
		fetcher_give_up(f, x, (struct outcome){ .kind = OUTCOME_NOT_MODIFIED });
	else
		fetcher_give_up(f, x,
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
	else if (x->job.kind == PAGE_MAILBOX) /* the next mail is read all the same */
		o.etag = capture_header(x->capture, "ETag");
	fetcher_give_up(f, x, o);
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
	struct pollfd fds[LIMIT_WORKERS + 4] = {
		{ .fd = f->role->control, .events = POLLIN },
		{ .fd = f->writer.fd, .events = (short)(POLLIN | (channel_waiting(&f->writer) ? POLLOUT : 0)) },
	};
	size_t n = 2 + hands_poll(&f->hands, fds + 2);
	int64_t couriers_at;
	struct capture *c;

	n += files_peer_poll(&f->files, fds + n);
	n += couriers_poll(f->couriers, fds + n);
	net_wait(f->net, fds, n, patience_ms(f));
	hands_hear(&f->hands);
	if (fds[0].revents)
		hear_supervisor(f);
	if (fds[1].revents & POLLIN)
		hear_writer(f);
	while ((c = net_next(f->net)))
		fetcher_finish(f, c);
	hear_files(f);
	if (couriers_hear(f->couriers, &f->writer) < 0)
		f->stopping = true;
	hands_deliver(&f->hands);
	couriers_at = couriers_go_on(f->couriers, f->net, &f->writer, clock_now_us()); /* before pages take the connections */
	fetcher_begin_ready(f);
	wake_at(f, couriers_at);
	wake_at(f, mailer_go_on(f->mailer, f->net, &f->writer, clock_now_us()));
	files_peer_send(&f->files, f->hands.waiting_bytes < CAPTURED_BYTES);
	if (channel_flush(&f->writer) < 0)
		f->stopping = true;
	arena_clear(f->a);
}

/* What is under way may have arrived already, and only its answer be missing: without that it would go a second time. */
static void end_mail(struct fetcher *f)
{
	int64_t until = clock_steady_us() + LAST_MAIL_US;
	struct capture *c;

	while ((mailer_is_sending(f->mailer) || couriers_are_sending(f->couriers)) && clock_steady_us() < until) {
		net_wait(f->net, NULL, 0, 50);
		couriers_hear(f->couriers, &f->writer);
		while ((c = net_next(f->net))) {
			if (c->owner == f->mailer)
				mailer_end(f->mailer, f->net, c, &f->writer);
			else
				couriers_end(f->couriers, c, &f->writer);
			capture_free(c);
		}
	}
	channel_flush(&f->writer);
}

static void release_all(struct fetcher *f)
{
	net_free(f->net); /* captures under way go with it */
	mailer_free(f->mailer);
	couriers_free(f->couriers);
	for (size_t i = 0; i < f->n; i++)
		fetch_free(f->fetches[i]);
	hands_release(&f->hands);
	files_peer_release(&f->files);
	channel_release(&f->writer);
	manners_free(f->manners);
	arena_free(f->a);
	for (size_t i = 0; i < f->role->config->n_sources; i++)
		secrets_release(&f->secrets[i]);
	secrets_release(&f->mailbox);
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
	secrets_read_mailbox(&f->mailbox, &config->alerts);
	f->couriers = couriers_new(config);
	secrets_forget(config);
	prctl(PR_SET_DUMPABLE, 0); /* no core, and nobody looks into its memory */
}

int role_net(const struct role *r, int writer, int files, int commands)
{
	const int keep[] = { r->control, writer, files, commands };
	struct fetcher *f = must_alloc(1, sizeof(*f));
	struct err err = { 0 };
	int result = 0;

	f->role = r;
	f->a = arena_new(LIMIT_ARENA);
	f->manners = manners_new();
	f->jars = must_alloc(r->config->n_sources + 1, sizeof(struct net_jar *));
	hands_init(&f->hands, r->receipt_key);
	confine_descriptors(keep, 4);
	channel_open(&f->writer, writer, false);
	read_secrets(f);
	files_peer_open(&f->files, files);
	couriers_open_commands(f->couriers, commands);
	if (confine_net(&err) < 0 || !(f->net = net_new(&err)))
		result = role_failed(r, &err);
	while (result == 0 && !f->stopping)
		turn(f);
	if (result == 0)
		end_mail(f);
	release_all(f);
	return result;
}
