/* mail_queue.c - letters that the writer has handed over */
#include "desk/mail_queue.h"

#include "base/must.h"

static void waiting_release(struct waiting *w)
{
	buf_release(&w->public_id);
	buf_release(&w->recipient);
	buf_release(&w->letter);
}

void mail_queue_add(struct mail_queue *q, const struct mail *mail)
{
	struct waiting *w = &q->items[q->n];

	MUST(q->n < LIMIT_MAILS); /* the writer is ours */
	*w = (struct waiting){ .id = mail->id,
			       .made_at = mail->made_at,
			       .public_id = BUF_INIT(LIMIT_FIELD),
			       .recipient = BUF_INIT(LIMIT_FIELD),
			       .letter = BUF_INIT(LIMIT_LETTER + 1) };
	buf_add(&w->public_id, mail->public_id);
	buf_add(&w->recipient, mail->recipient);
	buf_add(&w->letter, mail->letter);
	q->n++;
}

struct mail mail_queue_first(const struct mail_queue *q)
{
	const struct waiting *w = &q->items[0];

	MUST(q->n > 0);
	return (struct mail){ w->id, buf_str(&w->public_id), buf_str(&w->recipient), w->made_at, buf_str(&w->letter) };
}

void mail_queue_end(struct mail_queue *q, struct mailed r, struct channel *writer)
{
	r.id = q->items[0].id;
	mailed_put(message_begin(writer, MESSAGE_MAILED), &r);
	message_end(writer);
	waiting_release(&q->items[0]);
	q->n--;
	for (size_t i = 0; i < q->n; i++)
		q->items[i] = q->items[i + 1];
}

void mail_queue_release(struct mail_queue *q)
{
	for (size_t i = 0; i < q->n; i++)
		waiting_release(&q->items[i]);
	q->n = 0;
}
