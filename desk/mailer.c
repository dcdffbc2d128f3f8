/* mailer.c - letters on their way to the relay */
#include "desk/mailer.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "desk/alert/letter.h"
#include "desk/secrets.h"

/* A mail in hand, as the writer's message had it. */
struct waiting {
	int64_t id, made_at;
	struct buf public_id, recipient, letter;
};

struct mailer {
	const struct alerts *relay;
	struct secrets secrets;
	struct waiting waiting[LIMIT_MAILS]; /* the first is the one under way, if one is */
	size_t n;
	bool sending, again; /* again: the first is sent a second time */
	int64_t ready_at;    /* when the relay's pace lets the next one go */
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

static void waiting_release(struct waiting *w)
{
	buf_release(&w->public_id);
	buf_release(&w->recipient);
	buf_release(&w->letter);
}

void mailer_free(struct mailer *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		waiting_release(&m->waiting[i]);
	secrets_release(&m->secrets);
	arena_free(m->a);
	free(m);
}

static struct mail_headers headers_of(const struct alerts *relay, const struct mail *mail, const struct letter *l)
{
	return (struct mail_headers){
		.from = relay->from.text,
		.from_name = STR("watchdesk"),
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

/* A gateway to a phone, which takes the letter as a body of JSON (desk/alert/duty_letter.h). */
static bool is_webhook(const struct mail *mail)
{
	return str_starts(mail->recipient, STR("https://")) || str_starts(mail->recipient, STR("http://"));
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

int mailer_send(struct mailer *m, struct net *n, const struct mail *mail, bool fresh, struct err *err)
{
	struct net_mail_file files[LIMIT_LETTER_FILES];
	struct net_mail mail_out;
	struct letter l;

	if (is_webhook(mail))
		return net_start(n,
				 &(struct net_request){ .url = mail->recipient,
							.user_agent = STR("watchdesk/" WATCHDESK_VERSION),
							.post = mail->letter,
							.post_type = STR("application/json"),
							.allow_private = true, /* the desk's own gateway */
							.max_bytes = LIMIT_RELAY_WORDS,
							.owner = m },
				 err);
	if (m->secrets.why.code)
		return err_set(err, E_USAGE, "%s", m->secrets.why.text);
	arena_clear(m->a);
	if (letter_take(m->a, mail->letter, &l, err) < 0)
		return err->code;
	for (size_t i = 0; i < l.n_attachments; i++)
		files[i] = (struct net_mail_file){ l.attachments[i].name, l.attachments[i].type, l.attachments[i].content };
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

/* RFC 9110 15: what may be otherwise later is tried again; what else the gateway refuses never goes. */
static struct mailed webhook_result(const struct capture *c)
{
	bool later = c->status < 400 || c->status >= 500 || c->status == 408 || c->status == 425 || c->status == 429;

	return (struct mailed){
		.end = c->status >= 200 && c->status < 300 ? MAIL_SENT
		       : later				   ? MAIL_LATER
							   : MAIL_REFUSED,
		.code = c->status,
		.words = c->status ? STR("the gateway answered") : str_of(c->failure_text),
	};
}

static struct mail first_of(const struct mailer *m)
{
	const struct waiting *w = &m->waiting[0];

	return (struct mail){ w->id, buf_str(&w->public_id), buf_str(&w->recipient), w->made_at, buf_str(&w->letter) };
}

void mailer_take(struct mailer *m, struct message *message)
{
	struct waiting *w = &m->waiting[m->n];
	struct mail mail;

	mail_take(message, &mail);
	MUST(!message->bad && m->n < LIMIT_MAILS); /* the writer is ours */
	*w = (struct waiting){ .id = mail.id,
			       .made_at = mail.made_at,
			       .public_id = BUF_INIT(LIMIT_FIELD),
			       .recipient = BUF_INIT(LIMIT_FIELD),
			       .letter = BUF_INIT(LIMIT_LETTER + 1) };
	buf_add(&w->public_id, mail.public_id);
	buf_add(&w->recipient, mail.recipient);
	buf_add(&w->letter, mail.letter);
	m->n++;
}

/* The first one is over. */
static void tell(struct mailer *m, struct mailed r, struct channel *writer)
{
	r.id = m->waiting[0].id;
	mailed_put(message_begin(writer, MESSAGE_MAILED), &r);
	message_end(writer);
	waiting_release(&m->waiting[0]);
	m->n--;
	for (size_t i = 0; i < m->n; i++)
		m->waiting[i] = m->waiting[i + 1];
	m->sending = m->again = false;
}

int64_t mailer_go_on(struct mailer *m, struct net *n, struct channel *writer, int64_t now)
{
	while (m->n && !m->sending) {
		struct mail mail = first_of(m);
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
	struct mail mail = first_of(m);

	if (is_webhook(&mail))
		tell(m, webhook_result(c), writer);
	else if (had_died(c) && !m->again && mailer_send(m, n, &mail, true, NULL) == 0)
		m->again = true;
	else
		tell(m, mailer_result(c), writer);
}

bool mailer_is_sending(const struct mailer *m)
{
	return m->sending;
}
