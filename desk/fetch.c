/* fetch.c - a job on its way through the net process */
#include "desk/fetch.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"

void fetch_free(struct fetch *x)
{
	if (x->host)
		manners_let_go(x->host);
	capture_free(x->capture);
	buf_release(&x->url);
	buf_release(&x->title);
	buf_release(&x->etag);
	buf_release(&x->last_modified);
	buf_release(&x->body_digest);
	buf_release(&x->agent);
	free(x);
}

struct fetch *fetch_new(const struct job *job, struct str url, struct str agent)
{
	struct fetch *x = must_alloc(1, sizeof(*x));

	*x = (struct fetch){ .job = *job,
			     .url = BUF_INIT(LIMIT_URL),
			     .title = BUF_INIT(LIMIT_FIELD),
			     .etag = BUF_INIT(4096),
			     .last_modified = BUF_INIT(4096),
			     .body_digest = BUF_INIT(64),
			     .agent = BUF_INIT(1024) };
	buf_add(&x->url, url);
	buf_add(&x->title, job->title);
	buf_add(&x->etag, job->etag);
	buf_add(&x->last_modified, job->last_modified);
	buf_add(&x->body_digest, job->body_digest);
	buf_add(&x->agent, agent);
	x->job.url = x->job.title = x->job.etag = x->job.last_modified = x->job.body_digest = (struct str){
		0
	}; /* borrowed no longer */
	return x;
}

void fetch_restart(struct fetch *x)
{
	capture_free(x->capture);
	x->capture = NULL;
	x->state = FETCH_NEW;
}

void fetch_deliver(const struct fetch *x, struct channel *worker)
{
	const struct capture *c = x->capture;
	struct delivery d = {
		.job = x->job,
		.reply = {
			.url = buf_str(&x->url),
			.content_type = capture_header(c, "Content-Type"),
			.content_encoding = capture_header(c, "Content-Encoding"),
			.body = buf_str(&c->body),
			.kind = x->job.kind,
		},
		.etag = capture_header(c, "ETag"),
		.last_modified = capture_header(c, "Last-Modified"),
		.address = str_of(c->address),
		.status = c->status,
		.started_at = c->started_at,
		.ended_at = c->ended_at,
	};

	d.job.url = d.reply.url;
	d.job.title = buf_str(&x->title);
	d.job.etag = buf_str(&x->etag);
	d.job.last_modified = buf_str(&x->last_modified);
	d.job.body_digest = buf_str(&x->body_digest);
	delivery_put(message_begin(worker, MESSAGE_CAPTURE), &d);
	message_end(worker);
}
