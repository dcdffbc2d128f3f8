/* hands.c - the workers as the net process sees them */
#include "desk/hands.h"

#include <string.h>

enum { DEATHS = 2 }; /* workers that a capture may end before it is given up: one may have died of something else */

_Static_assert(LIMIT_IN_HAND *(LIMIT_TRAIL + LIMIT_RECEIPT + 4 * LIMIT_URL) < 2 * LIMIT_MESSAGE,
	       "what a worker has in hand fits into its channel");

void hands_init(struct hands *h, const unsigned char key[DIGEST_KEY_BYTES])
{
	*h = (struct hands){ .key = key };
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		h->hands[i].channel.fd = -1;
}

void hands_release(struct hands *h)
{
	for (size_t i = 0; i < h->n_waiting; i++)
		fetch_free(h->waiting[i]);
	for (size_t i = 0; i < LIMIT_WORKERS; i++) {
		for (size_t k = 0; k < h->hands[i].n; k++)
			fetch_free(h->hands[i].fetches[k]);
		channel_release(&h->hands[i].channel);
	}
}

void hands_add(struct hands *h, struct fetch *x)
{
	h->waiting[h->n_waiting++] = x; /* as many as there are jobs at most */
	h->waiting_bytes += fetch_size(x);
}

static struct hand *freest(struct hands *h)
{
	struct hand *found = NULL;

	for (size_t i = 0; i < LIMIT_WORKERS; i++) {
		struct hand *one = &h->hands[i];

		if (one->channel.fd >= 0 && one->n < LIMIT_IN_HAND && (!found || one->n < found->n))
			found = one;
	}
	return found;
}

/* A capture that has ended a worker goes alone, so that the next death has one cause. */
static bool may_join(const struct hand *one, const struct fetch *x)
{
	return one->n == 0 || (x->deaths == 0 && one->fetches[one->n - 1]->deaths == 0);
}

void hands_deliver(struct hands *h)
{
	size_t i = 0;

	for (struct hand *one; i < h->n_waiting && (one = freest(h)) && may_join(one, h->waiting[i]); i++) {
		struct fetch *x = h->waiting[i];

		fetch_deliver(x, h->key, &one->channel);
		one->fetches[one->n++] = x;
		h->waiting_bytes -= fetch_size(x);
	}
	h->n_waiting -= i;
	memmove(h->waiting, h->waiting + i, h->n_waiting * sizeof(h->waiting[0]));
	for (i = 0; i < LIMIT_WORKERS; i++) /* a worker that is gone is noticed when its end is read */
		if (h->hands[i].channel.fd >= 0 && channel_waiting(&h->hands[i].channel))
			channel_flush(&h->hands[i].channel);
}

/* The worker has dealt with its oldest capture. */
static void done(struct hand *one, int64_t id)
{
	if (one->n == 0 || one->fetches[0]->job.id != id)
		return;
	fetch_free(one->fetches[0]);
	memmove(one->fetches, one->fetches + 1, --one->n * sizeof(one->fetches[0]));
}

static void hear(struct hand *one)
{
	struct message m;
	int more;

	while ((more = channel_fill(&one->channel)) > 0)
		while (message_next(&one->channel, &m) > 0)
			if (m.type == MESSAGE_DONE)
				done(one, take_int(&m));
	if (more < 0)
		channel_release(&one->channel); /* its captures wait for the supervisor's word on how it ended */
}

struct fetch *hands_replace(struct hands *h, int slot, int fd)
{
	struct hand *one = &h->hands[slot];
	struct fetch *suspect = NULL;

	if (one->channel.fd >= 0)
		hear(one); /* what it said before it ended */
	channel_release(&one->channel);
	if (one->n && ++one->fetches[0]->deaths >= DEATHS)
		suspect = one->fetches[0];
	for (size_t i = suspect ? 1 : 0; i < one->n; i++)
		hands_add(h, one->fetches[i]);
	one->n = 0;
	channel_open(&one->channel, fd, false);
	return suspect;
}

size_t hands_poll(const struct hands *h, struct pollfd *fds)
{
	size_t n = 0;

	for (size_t i = 0; i < LIMIT_WORKERS; i++) {
		const struct channel *c = &h->hands[i].channel;

		if (c->fd >= 0)
			fds[n++] = (struct pollfd){ .fd = c->fd,
						    .events = (short)(POLLIN | (channel_waiting(c) ? POLLOUT : 0)) };
	}
	return n;
}

void hands_hear(struct hands *h)
{
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		if (h->hands[i].channel.fd >= 0)
			hear(&h->hands[i]);
}
