/* fetch.c - a job on its way through the net process */
#include "desk/fetch.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"
#include "desk/receipt.h"

void fetch_forget_post(struct fetch *x)
{
	if (x->post.p)
		explicit_bzero(x->post.p, x->post.cap);
	buf_release(&x->post);
}

void fetch_free(struct fetch *x)
{
	fetch_forget_post(x);
	if (x->host)
		manners_let_go(x->host);
	for (size_t i = 0; i < x->n_redirects; i++)
		capture_free(x->redirects[i]);
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
			     .agent = BUF_INIT(1024),
			     .post = BUF_INIT(LIMIT_POST) };
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

size_t fetch_size(const struct fetch *x)
{
	size_t n = x->capture ? x->capture->body.n : 0;

	for (size_t i = 0; i < x->n_redirects; i++)
		n += x->redirects[i]->body.n;
	return n;
}

void fetch_follow(struct fetch *x, struct str url)
{
	MUST(x->capture && x->n_redirects < LIMIT_REDIRECTS);
	if (fetch_size(x) > LIMIT_REDIRECT_BODIES)
		capture_drop_body(x->capture);
	x->redirects[x->n_redirects++] = x->capture;
	x->capture = NULL;
	x->state = FETCH_NEW;
	buf_clear(&x->url);
	buf_add(&x->url, url);
}

void fetch_deliver(const struct fetch *x, const unsigned char key[DIGEST_KEY_BYTES], struct channel *worker)
{
	const struct capture *first = x->n_redirects ? x->redirects[0] : x->capture;
	AUTO(buf) receipt = BUF_INIT(LIMIT_RECEIPT);
	struct buf *out = message_begin(worker, MESSAGE_CAPTURE);
	struct exchange exchanges[LIMIT_REDIRECTS + 1], *page = &exchanges[x->n_redirects];
	const struct trail trail = { exchanges, x->n_redirects + 1 };
	struct receipt facts = { .job = x->job.id, .ticket = x->job.ticket, .hops = (int)x->n_redirects };
	struct job job = x->job;
	struct str bytes;

	for (size_t i = 0; i < x->n_redirects; i++)
		exchanges[i] = capture_exchange(x->redirects[i]);
	*page = capture_exchange(x->capture);
	job.url = buf_str(&first->url);
	job.title = buf_str(&x->title);
	job.etag = buf_str(&x->etag);
	job.last_modified = buf_str(&x->last_modified);
	job.body_digest = buf_str(&x->body_digest);
	bytes = delivery_put(out, &job, &trail);
	facts.asked_url = job.url;
	facts.url = page->url;
	facts.address = page->address;
	facts.leaf = page->leaf;
	facts.status = page->status;
	facts.started_at = first->started_at;
	facts.ended_at = page->ended_at;
	receipt_put(&receipt, &facts, page->body, bytes, key);
	put_str(out, buf_str(&receipt));
	MUST(message_end(worker) == 0); /* all that is in a trail has its ceiling */
}
