/* hands.h - the workers as the net process sees them: which captures wait, which are in whose hands */
/* Runs in: net. */
#ifndef WATCHDESK_DESK_HANDS_H
#define WATCHDESK_DESK_HANDS_H

#include <poll.h>

#include "base/limits.h"
#include "desk/fetch.h"

/* A worker and the captures it has in hand, the oldest first. */
struct hand {
	struct channel channel;
	struct fetch *fetches[LIMIT_IN_HAND];
	size_t n;
};

/* All workers, and the captures that wait for one. */
struct hands {
	struct hand hands[LIMIT_WORKERS];
	struct fetch *waiting[LIMIT_QUEUE]; /* the oldest first */
	size_t n_waiting, waiting_bytes;
	const unsigned char *key; /* of receipts */
};

/* Nobody there yet. The key of the receipts is borrowed. */
void hands_init(struct hands *h, const unsigned char key[DIGEST_KEY_BYTES]);
/* Free all fetches and close all channels. */
void hands_release(struct hands *h);
/* A capture that waits from now on; takes the fetch. */
void hands_add(struct hands *h, struct fetch *x);
/* Hand out what waits to whoever has room, and send what can be sent. */
void hands_deliver(struct hands *h);
/*
 * A new worker at `slot`; the one before it has ended, and its captures go to somebody else, but for the oldest: that is
 * returned, the caller's to give up, when it has ended a worker before.
 */
struct fetch *hands_replace(struct hands *h, int slot, int fd);
/* The channels to wait for, from fds[0] on: how many (at most LIMIT_WORKERS). */
size_t hands_poll(const struct hands *h, struct pollfd *fds);
/* Hear what the workers say. */
void hands_hear(struct hands *h);

#endif
