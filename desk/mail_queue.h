/* mail_queue.h - letters that the writer has handed over, to one place: the first of them is the one under way */
/* Runs in: net. */
#ifndef WATCHDESK_DESK_MAIL_QUEUE_H
#define WATCHDESK_DESK_MAIL_QUEUE_H

#include "base/limits.h"
#include "desk/protocol.h"

/* A letter in hand, as the writer's message had it. */
struct waiting {
	int64_t id, made_at;
	struct buf public_id, recipient, letter;
};

struct mail_queue {
	struct waiting items[LIMIT_MAILS];
	size_t n;
};

/* Put one behind the others, of which there are fewer than LIMIT_MAILS: the writer counts too. */
void mail_queue_add(struct mail_queue *q, const struct mail *mail);
/* The first, borrowed; there has to be one. */
struct mail mail_queue_first(const struct mail_queue *q);
/* The first is over: tell the writer what came of it, and forget it. */
void mail_queue_end(struct mail_queue *q, struct mailed r, struct channel *writer);
void mail_queue_release(struct mail_queue *q);

#endif
