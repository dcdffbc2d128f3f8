/* role_worker.c - reads captures: charset, HTML, feeds, classification; sees bytes from outside and nothing else */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/url.h"
#include "desk/protocol.h"
#include "desk/role.h"

struct worker {
	const struct role *role;
	struct channel net, writer;
	struct worker_state *state;
	struct classify_scratch *scratch;
	struct arena *a;
};

/* A title may be a line of the text: what is secret there is masked here, as the writer masks the text. */
static struct str masked(struct worker *w, struct str title)
{
	struct assessment found;
	struct str copy;

	if (title.n == 0)
		return title;
	classify(w->role->classifier, w->scratch, w->a, title, &found);
	if (found.n_secrets == 0)
		return title;
	copy = arena_copy(w->a, title);
	classify_mask((char *)(uintptr_t)copy.p, copy.n, &found);
	return copy;
}

static void add_links(struct worker *w, const struct page *page, struct read_page *out)
{
	out->links = arena_alloc(w->a, page->n_next * sizeof(*out->links));
	for (size_t i = 0; i < page->n_next; i++) {
		struct url url;

		if (url_parse(w->a, page->next[i].url, (struct str){ 0 }, &url, NULL) < 0)
			continue; /* not an address: nothing to visit */
		out->links[out->n_links++] = (struct read_link){ page->next[i].kind, url.href, url.key,
								 masked(w, page->next[i].title) };
	}
}

static void add_posts(struct worker *w, const struct page *page, struct str link_title, struct read_page *out)
{
	out->n_posts = page->n_posts;
	out->posts = arena_alloc(w->a, page->n_posts * sizeof(*out->posts));
	for (size_t i = 0; i < page->n_posts; i++) {
		out->posts[i].post = page->posts[i];
		out->posts[i].post.title = masked(w, page->posts[i].title.n || page->n_posts > 1 ? page->posts[i].title
												 : link_title);
		classify(w->role->classifier, w->scratch, w->a, page->posts[i].text, &out->posts[i].assessment);
	}
}

/* What a page is made of decides whether it is the same again: its bytes, and who reads them. */
static struct str digest_of(struct worker *w, const struct delivery *d)
{
	unsigned char rules[DIGEST_BYTES], assets[DIGEST_BYTES];
	char *digest = arena_alloc(w->a, DIGEST_BYTES);

	classifier_digests(w->role->classifier, rules, assets);
	{
		const struct str pieces[] = {
			d->reply.body,
			d->reply.url,
			STR(WATCHDESK_VERSION),
			{ (const char *)rules, sizeof(rules) },
			{ (const char *)assets, sizeof(assets) },
		};

		digest_pieces(pieces, sizeof(pieces) / sizeof(pieces[0]), (unsigned char *)digest);
	}
	return (struct str){ digest, DIGEST_BYTES };
}

static void read_delivery(struct worker *w, const struct delivery *d, struct read_page *out)
{
	const struct source *source = &w->role->config->sources[d->job.source];
	struct page page = { 0 };
	struct err err = { 0 };

	*out = (struct read_page){ .id = d->job.id, .url = d->reply.url, .etag = d->etag, .last_modified = d->last_modified };
	out->body_digest = digest_of(w, d);
	out->unchanged = str_eq(out->body_digest, d->job.body_digest);
	if (out->unchanged)
		return;
	if (extract_page(source, &d->reply, w->a, &page, &err) < 0) {
		out->problem = arena_copy(w->a, str_of(err.text));
		return;
	}
	out->problem = page.problem;
	add_links(w, &page, out);
	add_posts(w, &page, d->job.title, out);
}

/* Headers come as they were sent: what is not UTF-8 there is not kept. */
static struct str header_value(struct str s)
{
	return utf8_is_clean(s) ? s : (struct str){ 0 };
}

static int send_page(struct worker *w, const struct read_page *page)
{
	const struct read_page too_large = { .id = page->id,
					     .url = page->url,
					     .problem = STR("more was found on it than one message holds") };

	read_page_put(message_begin(&w->writer, MESSAGE_PAGE), page);
	if (message_end(&w->writer) < 0) {
		read_page_put(message_begin(&w->writer, MESSAGE_PAGE), &too_large);
		message_end(&w->writer);
	}
	return channel_flush(&w->writer);
}

static int deliver(struct worker *w, struct message *m)
{
	struct delivery d;
	struct read_page page;

	delivery_take(m, w->role->config->n_sources, &d);
	if (m->bad)
		return E_BAD;
	d.etag = header_value(d.etag);
	d.last_modified = header_value(d.last_modified);
	atomic_store(&w->state->job, d.job.id);
	atomic_store(&w->state->begun_at, clock_steady_us());
	read_delivery(w, &d, &page);
	atomic_store(&w->state->begun_at, 0); /* waiting for the writer is not the page's fault */
	if (send_page(w, &page) < 0)
		return E_IO;
	put_int(message_begin(&w->net, MESSAGE_DONE), d.job.id);
	message_end(&w->net);
	arena_clear(w->a);
	return channel_flush(&w->net);
}

int role_worker(const struct role *r, int net, int writer, struct worker_state *state)
{
	struct worker w = { .role = r, .state = state };
	const int keep[] = { net, writer };
	struct err err = { 0 };
	struct message m;

	w.scratch = classify_scratch_new(r->classifier, &err);
	w.a = arena_new(LIMIT_ARENA);
	confine_descriptors(keep, 2);
	if (!w.scratch || confine_worker(LIMIT_WORKER_MEMORY, &err) < 0)
		return 70;
	channel_open(&w.net, net, true);
	channel_open(&w.writer, writer, true);
	while (channel_fill(&w.net) > 0)
		while (message_next(&w.net, &m) > 0)
			if (m.type != MESSAGE_CAPTURE || deliver(&w, &m) < 0)
				return 0; /* the others are gone */
	return 0;
}
