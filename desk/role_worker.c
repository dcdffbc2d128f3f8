/* role_worker.c - reads captures: charset, HTML, feeds, classification; sees bytes from outside and nothing else */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/tongue.h"
#include "crawler/chunks.h"
#include "crawler/extract/form.h"
#include "crawler/local.h"
#include "crawler/url.h"
#include "desk/alert/token.h"
#include "desk/around.h"
#include "desk/protocol.h"
#include "desk/quotation.h"
#include "desk/role.h"

struct worker {
	const struct role *role;
	struct channel net, writer;
	struct worker_state *state;
	struct classify_scratch *scratch;
	struct str reading; /* the address in hand */
	struct arena *a;
};

/*
 * A title may be a line of the text: what is secret there is masked here, as the writer masks the text, and of one that a rule
 * withholds nothing is left but that rule (`withheld` may be NULL).
 */
static struct str masked(struct worker *w, struct str title, struct str *withheld)
{
	struct assessment found;
	struct str copy;

	if (title.n == 0)
		return title;
	classify(w->role->classifier, w->scratch, w->a, title, &found);
	if (found.withheld.n) {
		if (withheld)
			*withheld = found.withheld;
		return (struct str){ 0 };
	}
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
		struct url url = { .href = page->next[i].url, .key = page->next[i].url };

		if (page->next[i].kind != PAGE_LOCAL && url_parse(w->a, page->next[i].url, (struct str){ 0 }, &url, NULL) < 0)
			continue; /* not an address: nothing to visit */
		out->links[out->n_links++] = (struct read_link){ page->next[i].kind, url.href, url.key,
								 masked(w, page->next[i].title, NULL),
								 masked(w, page->next[i].activity, NULL) };
	}
}

/* Several posts have one title: that is their thread's. */
static bool is_title_of_thread(const struct page *page, size_t i)
{
	return page->n_posts > 1 && str_eq(page->posts[i].title, page->posts[i ? i - 1 : 1].title);
}

/* Is there anything in it that somebody may want to be proved? */
static bool says_something(const struct assessment *found)
{
	if (found->n_hits || found->n_mentions || found->n_look_alikes)
		return true;
	for (int k = 0; k < CATEGORIES; k++)
		if (found->category[k] >= 0.5)
			return true;
	return false;
}

static bool any_says_something(const struct read_page *page)
{
	for (size_t i = 0; i < page->n_posts; i++)
		if (says_something(&page->posts[i].assessment))
			return true;
	return false;
}

/* A post with what is said of it. Empty, or the rule that withholds it. */
static struct str assess_post(struct worker *w, const struct page *page, size_t i, struct around *around, struct str link_title,
			      struct read_post *out)
{
	const struct around_reader reader = { w->role->classifier, w->scratch, w->a };
	struct str withheld = { 0 };

	out->post = page->posts[i];
	out->post.title = masked(w, out->post.title.n || page->n_posts > 1 ? out->post.title : link_title, &withheld);
	out->post.text = quotation_join(w->a, page->posts[i].quoted, page->posts[i].text, LIMIT_TEXT);
	classify(w->role->classifier, w->scratch, w->a, out->post.text, &out->assessment);
	around->title = out->post.title;
	around->is_of_thread = is_title_of_thread(page, i);
	around_infer(&reader, around, &out->assessment);
	return out->assessment.withheld.n ? out->assessment.withheld : withheld;
}

/* Was this text found by a link in a finding? What it links to is not followed again. */
static bool is_followed(const struct job *job)
{
	return job->kind == PAGE_RAW && job->depth > 0;
}

static void add_followed(struct worker *w, struct read_post *post)
{
	const struct config *config = w->role->config;

	post->followed = arena_alloc(w->a, LIMIT_FOLLOWED * sizeof(*post->followed));
	post->n_followed = follow_links(config->sources, config->n_sources, post->post.text, w->a, post->followed,
					LIMIT_FOLLOWED);
}

/* What is worth knowing of a post that says something. */
static void add_more(struct worker *w, const struct job *job, struct read_post *post)
{
	post->language = tongue_of(w->role->tongues, post->post.text, w->a);
	if (!is_followed(job))
		add_followed(w, post);
}

/* What a rule withholds goes no further than here: of it only its address and the rule are told. */
static void add_posts(struct worker *w, const struct page *page, const struct job *job, struct read_page *out)
{
	const struct source *source = &w->role->config->sources[job->source];
	struct around around = { .thread = masked(w, job->title, NULL), .source = source->name.text };

	out->posts = arena_alloc(w->a, page->n_posts * sizeof(*out->posts));
	out->withheld = arena_alloc(w->a, page->n_posts * sizeof(*out->withheld));
	for (size_t i = 0; i < page->n_posts; i++) {
		struct str rule = assess_post(w, page, i, &around, job->title, &out->posts[out->n_posts]);

		if (says_something(&out->posts[out->n_posts].assessment))
			add_more(w, job, &out->posts[out->n_posts]);
		if (rule.n)
			out->withheld[out->n_withheld++] = (struct read_withheld){ page->posts[i].url, rule };
		else
			out->n_posts++;
	}
}

/* Of an answer nothing goes further but who wrote it, the token that it holds, and what it may be about. */
static struct str token_in(const struct answer *x)
{
	const struct str places[] = { x->subject, x->text, x->quoted };
	struct str token = { 0 };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct str rest = places[i];

		if (token_find(&rest, &token))
			return token;
	}
	return (struct str){ 0 };
}

/* At most so many bytes, and no character cut. */
static struct str beginning(struct str s, size_t most)
{
	while (most < s.n && most > 0 && ((unsigned char)s.p[most] & 0xc0) == 0x80)
		most--;
	return str_slice(s, 0, most);
}

/* What it says, masked as a post is: more is looked at than is kept, so that no secret is cut before it is seen. */
static struct str excerpt(struct worker *w, struct str text)
{
	return beginning(masked(w, beginning(text, 2 * LIMIT_ANSWER), NULL), LIMIT_ANSWER);
}

static void add_answers(struct worker *w, const struct page *page, struct read_page *out)
{
	out->answers = arena_alloc(w->a, page->n_answers * sizeof(*out->answers));
	out->n_answers = page->n_answers;
	for (size_t i = 0; i < page->n_answers; i++) {
		const struct answer *x = &page->answers[i];

		out->answers[i] = (struct read_answer){ .kind = x->kind,
							.token = x->kind == ANSWER_REPLY ? token_in(x) : (struct str){ 0 },
							.address = x->address,
							.message = x->message,
							.status = x->status,
							.about = x->about,
							.id = x->id,
							.text = x->about.n ? excerpt(w, x->text) : (struct str){ 0 } };
	}
}

/* What a page is made of decides whether it is the same again: its bytes, and who reads them. */
static struct str digest_of(struct worker *w, const struct reply *r)
{
	unsigned char rules[DIGEST_BYTES], assets[DIGEST_BYTES];
	char *digest = arena_alloc(w->a, DIGEST_BYTES);

	classifier_digests(w->role->classifier, rules, assets);
	{
		const struct str pieces[] = {
			r->body,
			r->url,
			STR(WATCHDESK_VERSION),
			{ (const char *)rules, sizeof(rules) },
			{ (const char *)assets, sizeof(assets) },
		};

		digest_pieces(pieces, sizeof(pieces) / sizeof(pieces[0]), (unsigned char *)digest);
	}
	return (struct str){ digest, DIGEST_BYTES };
}

/* Headers come as they were sent: what is not UTF-8 there is not kept. */
static struct str clean_header(const struct exchange *x, const char *name)
{
	struct str s = exchange_header(x->headers, name);

	return utf8_is_clean(s) ? s : (struct str){ 0 };
}

/* The page at the end of the trail; its chunks are joined here. HTTP/2 has none. */
static int read_reply(struct worker *w, const struct delivery *d, struct reply *out, struct err *err)
{
	const struct exchange *x = &d->trail.exchanges[d->trail.n - 1];
	struct str coding = str_eq(x->protocol, STR("h2")) ? (struct str){ 0 }
							   : exchange_header(x->headers, "Transfer-Encoding");
	int whole;

	*out = (struct reply){ .url = x->url,
			       .content_type = exchange_header(x->headers, "Content-Type"),
			       .etag = exchange_header(x->headers, "ETag"),
			       .content_encoding = exchange_header(x->headers, "Content-Encoding"),
			       .kind = d->job.kind,
			       .status = x->status,
			       .at_us = x->ended_at };
	whole = chunks_join(w->a, coding, x->body, &out->body, err);
	return whole == 0 ? err_set(err, E_BAD, "the chunks of the body have no end") : whole;
}

/* The post that the source names to be seen: by its address, or by words in it. */
static bool has_canary(const struct source *s, const struct page *page)
{
	struct str canary = s->canary.text;

	for (size_t i = 0; canary.n && i < page->n_posts; i++)
		if (str_eq(page->posts[i].url, canary) || str_find(page->posts[i].text, canary) >= 0)
			return true;
	return false;
}

/* What stands at the target of a takedown. Nothing of it is kept, unless that is proof that something is gone. */
static void add_target(struct worker *w, const struct delivery *d, const struct page *page, struct read_page *out)
{
	struct str withheld = { 0 };

	out->text = masked(w, page->n_posts ? page->posts[0].text : (struct str){ 0 }, &withheld);
	if (withheld.n) {
		out->problem = arena_printf(w->a, "the rule %.*s keeps it from being read", STR_ARG(withheld));
		out->problem_class = PROBLEM_CONTENT;
		return;
	}
	out->trail = d->trail_bytes;
}

static void read_delivery(struct worker *w, const struct delivery *d, struct read_page *out)
{
	const struct source *source = &w->role->config->sources[d->job.source];
	const struct exchange *x = &d->trail.exchanges[d->trail.n - 1];
	struct page page = { 0 };
	struct err err = { 0 };
	struct reply reply;

	*out = (struct read_page){ .id = d->job.id,
				   .receipt = d->receipt,
				   .etag = clean_header(x, "ETag"),
				   .last_modified = clean_header(x, "Last-Modified") };
	if (read_reply(w, d, &reply, &err) < 0) {
		out->problem = arena_copy(w->a, str_of(err.text));
		return;
	}
	if (!local_is(reply.url) && reply.kind != PAGE_MAILBOX) { /* of a file its place tells, of a mail its number */
		out->body_digest = digest_of(w, &reply);
		out->unchanged = str_eq(out->body_digest, d->job.body_digest);
	}
	if (out->unchanged)
		return;
	if (extract_page(source, &reply, w->a, &page, &err) < 0) {
		out->problem = arena_copy(w->a, str_of(err.text));
		return;
	}
	out->problem = page.problem;
	out->trouble = page.trouble;
	out->more = page.more;
	out->etag = page.etag.n ? page.etag : out->etag;
	out->problem_class = page.problem_class;
	out->cut = page.cut;
	if (d->job.kind == PAGE_TARGET) {
		add_target(w, d, &page, out);
		return;
	}
	out->canary = has_canary(source, &page);
	add_links(w, &page, out);
	add_answers(w, &page, out);
	add_posts(w, &page, &d->job, out);
	if (any_says_something(out) && out->n_withheld == 0)
		out->trail = d->trail_bytes;
}

/* Sends what the page of a sign-in shows; nothing of such a page is kept. */
static int read_sign_in(struct worker *w, const struct delivery *d)
{
	const struct source *source = &w->role->config->sources[d->job.source];
	struct read_login out = { .id = d->job.id, .receipt = d->receipt };
	struct login_page page = { 0 };
	struct err err = { 0 };
	struct reply reply;

	if (read_reply(w, d, &reply, &err) < 0 || form_page_read(source, &reply, w->a, &page, &err) < 0)
		out.problem = arena_copy(w->a, str_of(err.text));
	else
		out.problem = page.problem;
	out.in = page.in;
	out.form = page.form;
	atomic_store(&w->state->begun_at, 0);
	read_login_put(message_begin(&w->writer, MESSAGE_SIGNED), &out);
	message_end(&w->writer);
	return channel_flush(&w->writer);
}

static int put_page(struct worker *w, const struct read_page *page)
{
	read_page_put(message_begin(&w->writer, MESSAGE_PAGE), page);
	return message_end(&w->writer);
}

/* What is too large for one message goes without its trail, and if that is not enough it is a problem of the page. */
static int send_page(struct worker *w, const struct read_page *page)
{
	const struct read_page too_large = { .id = page->id,
					     .receipt = page->receipt,
					     .problem = STR("more was found on it than one message holds") };
	struct read_page bare = *page, passed_over = too_large;

	bare.trail = (struct str){ 0 };
	passed_over.trouble = too_large.problem; /* of a file only this piece is lost */
	passed_over.problem = (struct str){ 0 };
	passed_over.etag = page->etag;
	passed_over.more = page->more;
	if (put_page(w, page) < 0 && put_page(w, &bare) < 0)
		put_page(w, local_is(w->reading) ? &passed_over : &too_large);
	return channel_flush(&w->writer);
}

static int read_and_send(struct worker *w, const struct delivery *d)
{
	struct read_page page;

	w->reading = d->job.url;
	if (d->job.step != LOGIN_NONE)
		return read_sign_in(w, d);
	read_delivery(w, d, &page);
	atomic_store(&w->state->begun_at, 0); /* waiting for the writer is not the page's fault */
	return send_page(w, &page);
}

static int deliver(struct worker *w, struct message *m)
{
	struct delivery d;

	delivery_take(m, w->role->config->n_sources, w->a, &d);
	if (m->bad)
		return E_BAD;
	atomic_store(&w->state->job, d.job.id);
	atomic_store(&w->state->begun_at, clock_steady_us());
	if (read_and_send(w, &d) < 0)
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
