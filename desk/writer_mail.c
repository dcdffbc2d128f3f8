/* writer_mail.c - the outbox: what is due goes to the net process, what came of it comes back */
#include "base/clock.h"
#include "base/log.h"
#include "desk/channels.h"
#include "desk/writer.h"
#include "store/outbox.h"

enum {
	LOOK_US = 250000
}; /* between two looks into the outbox: others put mail there too, and a watch is at most two seconds late */

static bool is_out(const struct writer *w, int64_t id)
{
	for (size_t i = 0; i < w->n_mails; i++)
		if (w->mails[i].id == id)
			return true;
	return false;
}

/* How many more may go this way. A way whose other end hangs keeps its own, and nobody else's. */
static size_t room_of(const struct writer *w, size_t way)
{
	size_t out = 0;

	for (size_t i = 0; i < w->n_mails; i++)
		out += w->mails[i].way == way;
	return LIMIT_MAILS - out;
}

/* Hand it over; a row that no letter can be that large is dead at once. */
static void hand_over(struct writer *w, const struct outbox_row *row, size_t way)
{
	const struct mail mail = { row->id, row->public_id, row->recipient, row->made_at, row->content };

	mail_put(message_begin(&w->net, MESSAGE_MAIL), &mail);
	if (message_end(&w->net) == 0)
		w->mails[w->n_mails++] = (struct mail_out){ row->id, way };
}

/* Mail, and what goes to channels that are no more, is the relay's; each channel has its own. */
static int send_way(struct writer *w, size_t way, struct err *err)
{
	const struct alert_channels *channels = &w->role->config->channels;
	size_t room = room_of(w, way), n = 0;
	struct outbox_way which = { 0 };
	struct outbox_row *rows;

	arena_clear(w->a);
	if (room == 0)
		return 0;
	if (way)
		which.to = channels->items[way - 1].to;
	else
		which.others = channels_listed(w->role->config, w->a);
	if (outbox_due(w->store, &which, clock_now_us(), 2 * LIMIT_MAILS, w->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n && room > 0; i++)
		if (!is_out(w, rows[i].id)) {
			hand_over(w, &rows[i], way);
			room--;
		}
	return 0;
}

int writer_send_mail(struct writer *w, struct err *err)
{
	int64_t now = clock_steady_us();

	if (!channels_can_send(w->role->config) || w->open || w->stopping || w->net.fd < 0 || now < w->mail_at)
		return 0;
	for (size_t way = 0; way <= w->role->config->channels.n; way++)
		if (send_way(w, way, err) < 0)
			return err->code;
	w->mail_at = now + LOOK_US;
	return 0;
}

static void forget(struct writer *w, int64_t id)
{
	for (size_t i = 0; i < w->n_mails; i++)
		if (w->mails[i].id == id)
			w->mails[i] = w->mails[--w->n_mails];
}

int writer_take_mailed(struct writer *w, struct message *m, struct err *err)
{
	int64_t now = clock_now_us();
	struct mailed r;
	int result;

	mailed_take(m, &r);
	if (m->bad || !is_out(w, r.id))
		return 0;
	if (writer_open_group(w, err) < 0)
		return err->code;
	result = r.end == MAIL_SENT ? outbox_sent(w->store, r.id, r.words, now, err)
				    : outbox_failed(w->store, r.id, r.words, r.end == MAIL_REFUSED, now, err);
	if (r.end != MAIL_SENT)
		log_event(LOG_WARN, r.end == MAIL_REFUSED ? "mail-dead" : "mail-later", "outbox=%lld code=%d why=\"%.*s\"",
			  (long long)r.id, r.code, STR_ARG(r.words));
	if (result > 0 && r.end == MAIL_LATER && r.again_at && outbox_asked_for(w->store, r.id, r.again_at, err) < 0)
		return err->code;
	if (result == 0 && r.end != MAIL_SENT &&
	    (writer_duty_undelivered(w, r.id, now, err) < 0 || writer_notice_dead(w, r.id, r.words, now, err) < 0))
		return err->code;
	if (result > 0 && r.end == MAIL_SENT && writer_notice_sent(w, r.id, now, err) < 0)
		return err->code;
	forget(w, r.id);
	w->mail_at = 0;
	return result < 0 ? result : 0;
}
