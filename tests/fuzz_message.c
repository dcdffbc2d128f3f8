/* fuzz_message.c - what a worker that was taken over may send: messages, and the page in each */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "desk/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void span_check(const struct span *s, size_t n)
{
	if (s->start > s->end || (s->layer == 0 && s->end > n))
		__builtin_trap();
}

/* What was not refused keeps to what the header says. */
static void post_check(const struct read_post *r)
{
	const struct assessment *a = &r->assessment;

	if (!utf8_is_clean(r->post.text) || !utf8_is_clean(r->post.title))
		__builtin_trap();
	for (size_t i = 0; i < a->n_hits; i++) {
		span_check(&a->hits[i].span, r->post.text.n);
		span_check(&a->hits[i].secret, r->post.text.n);
	}
	for (size_t i = 0; i < a->n_secrets; i++)
		span_check(&a->secrets[i], r->post.text.n);
}

static void message_check(struct message m, struct arena *a)
{
	struct message copy = m;
	struct outcome outcome;
	struct delivery delivery;
	struct read_page page;

	outcome_take(&copy, &outcome);
	copy = m;
	delivery_take(&copy, 3, a, &delivery);
	if (!copy.bad && (delivery.job.source < 0 || delivery.job.source > 2))
		__builtin_trap();
	read_page_take(&m, a, &page);
	for (size_t i = 0; !m.bad && i < page.n_posts; i++)
		post_check(&page.posts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct channel c;
	struct message m;

	channel_open(&c, -1, false);
	if (size)
		buf_add(&c.in, (struct str){ (const char *)data, size });
	while (message_next(&c, &m) > 0) {
		message_check(m, a);
		arena_clear(a);
	}
	channel_release(&c);
	return 0;
}
