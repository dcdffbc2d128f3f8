/* mailer.c - letters on their way to the relay */
#include "desk/mailer.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/mailbox.h"
#include "desk/alert/letter.h"
#include "desk/mail_queue.h"
#include "desk/secrets.h"

struct mailer {
	const struct alerts *relay;
	struct secrets secrets;
	struct mail_queue queue; /* the first is the one under way, if one is */
	bool sending, again;	 /* again: the first is sent a second time */
	int64_t ready_at;	 /* when the relay's pace lets the next one go */
	struct arena *a;
};

struct mailer *mailer_new(const struct alerts *relay)
{
	struct mailer *m = must_alloc(1, sizeof(*m));

	m->relay = relay;
	m->a = arena_new(8 * LIMIT_LETTER);
	secrets_read_relay(&m->secrets, relay);
	return m;
}

void mailer_free(struct mailer *m)
{
	if (!m)
		return;
	mail_queue_release(&m->queue);
	secrets_release(&m->secrets);
	arena_free(m->a);
	free(m);
}

static struct mail_headers headers_of(const struct alerts *relay, const struct mail *mail, const struct letter *l)
{
	return (struct mail_headers){
		.from = relay->from.text,
		.from_name = l->from_name.n ? l->from_name : STR("watchdesk"),
		.to = mail->recipient,
		.reply_to = l->reply_to,
		.subject = l->subject,
		.domain = relay->domain,
		.message_id = mail->public_id,
		.references = l->references,
		.list_id = l->list_id,
		.unsubscribe = l->unsubscribe,
		.date = mail->made_at,
		.auto_submitted = l->auto_submitted,
	};
}

/* Where it goes and who we are. */
static struct net_mail mail_to(struct mailer *m)
{
	return (struct net_mail){
		.relay = m->relay->smtp.text,
		.greeting = m->relay->domain,
		.plain = m->relay->tls == ALERTS_TLS_NONE,
		.user = buf_str(&m->secrets.user),
		.password = buf_str(&m->secrets.password),
		.trust = m->relay->trust,
		.certificate = m->relay->own_certificate,
		.key = buf_str(&m->secrets.key),
		.owner = m,
	};
}

/* Its files as bytes; one whose coding is wrong is no file. */
static int files_of(struct mailer *m, const struct letter *l, struct net_mail_file *files, struct err *err)
{
	for (size_t i = 0; i < l->n_attachments; i++) {
		const struct letter_attachment *x = &l->attachments[i];

		files[i] = (struct net_mail_file){ x->name, x->type, x->content };
		if (str_eq(x->coding, STR("base64")) && base64_decode(m->a, x->content, &files[i].content, err) < 0)
			return err->code;
	}
	return 0;
}

int mailer_send(struct mailer *m, struct net *n, const struct mail *mail, bool fresh, struct err *err)
{
	struct net_mail_file files[LIMIT_LETTER_FILES];
	struct net_mail mail_out;
	struct letter l;

	if (!mailbox_is_one(mail->recipient))
		return err_set(
			err, E_BAD,
			"%.*s is no mail address, and no channel that the configuration names; name it under `channels:`, "
			"then `watchdesk alert resend`",
			(int)(mail->recipient.n < 80 ? mail->recipient.n : 80), mail->recipient.p);
	if (!alerts_can_send(m->relay))
		return err_set(err, E_USAGE, "the configuration names no relay: `alerts: {smtp: ..., from: ...}`");
	if (m->secrets.why.code)
		return err_set(err, E_USAGE, "%s", m->secrets.why.text);
	arena_clear(m->a);
	if (letter_take(m->a, mail->letter, &l, err) < 0 || files_of(m, &l, files, err) < 0)
		return err->code;
	mail_out = mail_to(m);
	mail_out.fresh = fresh;
	mail_out.headers = headers_of(m->relay, mail, &l);
	mail_out.text = l.text;
	mail_out.html = l.html;
	mail_out.sealed = l.sealed;
	mail_out.files = files;
	mail_out.n_files = l.n_attachments;
	return net_mail(n, &mail_out, err);
}

int mailer_greet(struct mailer *m, struct net *n, struct err *err)
{
	struct net_mail greeting = mail_to(m);

	if (m->secrets.why.code)
		return err_set(err, E_USAGE, "%s", m->secrets.why.text);
	greeting.greet = true;
	return net_mail(n, &greeting, err);
}

struct mailed mailer_result(const struct capture *c)
{
	return (struct mailed){
		.end = c->sent	    ? MAIL_SENT
		       : c->refused ? MAIL_REFUSED
				    : MAIL_LATER,
		.code = c->status,
		.words = c->sent ? buf_str(&c->body) : str_of(c->failure_text),
	};
}

void mailer_take(struct mailer *m, struct message *message)
{
	struct mail mail;

	mail_take(message, &mail);
	MUST(!message->bad); /* the writer is ours */
	mail_queue_add(&m->queue, &mail);
}

/* The first one is over. */
static void tell(struct mailer *m, struct mailed r, struct channel *writer)
{
	mail_queue_end(&m->queue, r, writer);
	m->sending = m->again = false;
}

int64_t mailer_go_on(struct mailer *m, struct net *n, struct channel *writer, int64_t now)
{
	while (m->queue.n && !m->sending) {
		struct mail mail = mail_queue_first(&m->queue);
		struct err err = { 0 };

		if (m->ready_at > now && m->ready_at - now <= m->relay->pace_ms * 1000) /* not after a clock was put back */
			return m->ready_at;
		if (mailer_send(m, n, &mail, m->again, &err) == 0) {
			m->sending = true;
			m->ready_at = now + m->relay->pace_ms * 1000;
		} else {
			tell(m,
			     (struct mailed){ .end = err.code == E_BAD ? MAIL_REFUSED : MAIL_LATER, .words = str_of(err.text) },
			     writer);
		}
	}
	return INT64_MAX;
}

/* A relay closes a connection on which nothing was said for a while, and says 421, or nothing. */
static bool had_died(const struct capture *c)
{
	return !c->sent && c->reused && (c->status == 0 || c->status == 421);
}

void mailer_end(struct mailer *m, struct net *n, const struct capture *c, struct channel *writer)
{
	struct mail mail = mail_queue_first(&m->queue);

	if (had_died(c) && !m->again && mailer_send(m, n, &mail, true, NULL) == 0)
		m->again = true;
	else
		tell(m, mailer_result(c), writer);
}

bool mailer_is_sending(const struct mailer *m)
{
	return m->sending;
}
