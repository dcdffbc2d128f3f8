/* files_peer.h - the files process as the net process sees it: which pieces are asked for, what came of them */
/* Runs in: net. */
#ifndef WATCHDESK_DESK_FILES_PEER_H
#define WATCHDESK_DESK_FILES_PEER_H

#include <poll.h>

#include "desk/fetch.h"

struct files_peer {
	struct channel channel;		    /* closed when no source is local */
	struct fetch *fetches[LIMIT_QUEUE]; /* the oldest first */
	size_t n, n_asked;		    /* the first of them are asked for */
};

/* Take the channel; -1 for none. */
void files_peer_open(struct files_peer *p, int fd);
/* Free all fetches and close it. */
void files_peer_release(struct files_peer *p);
/* Have the piece read that a fetch stands for; takes it. */
void files_peer_ask(struct files_peer *p, struct fetch *x);
/* Ask for more, if there is room for it, and send what can be sent. */
void files_peer_send(struct files_peer *p, bool room);
/* The channel to wait for: how many descriptors (0 or 1). */
size_t files_peer_poll(const struct files_peer *p, struct pollfd *fds);
/*
 * The next answer, borrowed until the next call, and the fetch it is for, the caller's again and with its capture when the
 * answer is 200; or news of a source, *x NULL. 1, 0 nothing yet, E_IO it is gone.
 */
int files_peer_next(struct files_peer *p, struct fetch **x, struct reading_answer *answer, int64_t *source);

#endif
