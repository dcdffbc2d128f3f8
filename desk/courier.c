/* courier.c - letters on their way to channels */
#include "desk/courier.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "crawler/manners.h"
#include "desk/alert/channel_body.h"
#include "desk/alert/channel_text.h"
#include "desk/alert/facts.h"
#include "desk/alert/letter.h"
#include "desk/mail_queue.h"
#include "desk/secrets.h"

enum {
	LATER = 75, /* EX_TEMPFAIL of sysexits.h */
	BUSY_US = 50000,
	TELLING = 6, /* bytes of a part of an address that could be its secret */
	WORDS = 300, /* bytes of an answer that are kept */
};

struct courier {
	const struct alert_channel *channel;
	struct secrets secrets;
	struct mail_queue queue; /* the first is the one under way, if one is */
	bool sending;
	int64_t ready_at; /* when the channel wants to hear of us again, us UTC */
};

struct couriers {
	const struct config *config;
	struct courier *items;
	size_t n;
	struct channel commands;
	char host[256];
	struct arena *a; /* of one letter, or one answer */
};

struct couriers *couriers_new(const struct config *config)
{
	struct couriers *c = must_alloc(1, sizeof(*c));

	c->config = config;
	c->n = config->channels.n;
	c->items = must_alloc(c->n + 1, sizeof(*c->items));
	c->a = arena_new(16 * LIMIT_LETTER);
	c->commands.fd = -1;
	for (size_t i = 0; i < c->n; i++) {
		c->items[i].channel = &config->channels.items[i];
		secrets_read_channel(&c->items[i].secrets, c->items[i].channel);
	}
	if (gethostname(c->host, sizeof(c->host) - 1) < 0)
		c->host[0] = '\0';
	return c;
}

void couriers_free(struct couriers *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		mail_queue_release(&c->items[i].queue);
		secrets_release(&c->items[i].secrets);
	}
	if (c->commands.fd >= 0)
		channel_release(&c->commands);
	arena_free(c->a);
	free(c->items);
	free(c);
}

/* ---- one letter ---- */

/* RFC 3986 2.1, of one segment of a path. */
static struct str escaped(struct arena *a, struct str s)
{
	AUTO(buf) out = BUF_INIT(3 * s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_alnum(s.p[i]) || memchr("-._~", s.p[i], 4))
			buf_add_char(&out, s.p[i]);
		else
			buf_printf(&out, "%%%02X", (unsigned char)s.p[i]);
	return arena_copy(a, buf_str(&out));
}

/* Of a collector: curl knows TLS as https, and without a port it has the one of its own (RFC 5425 4.1). */
static struct str collector_of(struct arena *a, struct str url)
{
	bool tls = str_starts(url, STR("syslogs://"));
	struct str rest = str_slice(url, (size_t)str_find(url, STR("://")) + 3, url.n), host = { 0 };
	ssize_t bracket;
	bool has_port;

	str_split(&rest, '/', &host);
	bracket = str_find(host, STR("]"));
	has_port = str_find(str_slice(host, bracket < 0 ? 0 : (size_t)bracket, host.n), STR(":")) >= 0;
	return arena_printf(a, "%s://%.*s%s", tls ? "https" : "http", STR_ARG(host), has_port ? "" : tls ? ":6514" : ":514");
}

/* Where the request goes: what a person writes is not always that. */
static struct str url_of(struct couriers *c, const struct courier *x, const struct channel_content *content)
{
	struct str url = buf_str(&x->secrets.url);
	size_t n = url.n;

	while (n > 0 && url.p[n - 1] == '/')
		n--;
	if (x->channel->type->body == channel_matrix)
		return arena_printf(c->a, "%.*s/_matrix/client/v3/rooms/%.*s/send/m.room.message/%.*s", (int)n, url.p,
				    STR_ARG(escaped(c->a, x->channel->room.text)), STR_ARG(content->id));
	if (x->channel->type->body == channel_opsgenie && content && content->facts->answers.n)
		return arena_printf(c->a, "%.*s/%.*s/acknowledge?identifierType=alias", (int)n, url.p,
				    STR_ARG(content->facts->answers));
	if (x->channel->type->body == channel_ntfy) {
		while (n > 0 && url.p[n - 1] != '/')
			n--;
		return str_slice(url, 0, n);
	}
	return x->channel->type->way == CHANNEL_SYSLOG ? collector_of(c->a, url) : url;
}

static int begin_bytes(struct couriers *c, struct courier *x, struct net *n, struct str bytes, struct err *err)
{
	return net_send(n,
			&(struct net_bytes){ .url = url_of(c, x, NULL),
					     .trust = x->channel->trust,
					     .certificate = x->channel->own_certificate,
					     .key = buf_str(&x->secrets.key),
					     .bytes = bytes,
					     .owner = x },
			err);
}

static int begin_request(struct couriers *c, struct courier *x, struct net *n, const struct channel_content *content,
			 struct str body, struct err *err)
{
	AUTO(buf) headers = BUF_INIT(LIMIT_URL);
	const struct channel_type *type = x->channel->type;
	int result;

	if (type->authorization && x->secrets.password.n)
		buf_printf(&headers, "Authorization: %s%.*s\n", type->authorization, STR_ARG(buf_str(&x->secrets.password)));
	else if (type->body == channel_webhook && x->secrets.password.n)
		channel_sign(content, body, clock_now_us() / 1000000, &headers);
	else if (type->body == channel_webhook)
		buf_printf(&headers, "webhook-id: %.*s\n", STR_ARG(content->id));
	result = net_start(n,
			   &(struct net_request){ .url = url_of(c, x, content),
						  .user_agent = STR("watchdesk/" WATCHDESK_VERSION),
						  .accept = STR("application/json"),
						  .post = body,
						  .post_type = STR("application/json"),
						  .put = type->way == CHANNEL_PUT,
						  .headers = buf_str(&headers),
						  .trust = x->channel->trust,
						  .timeout_ms = LIMIT_CHANNEL_MS,
						  .allow_private = true, /* it stands where the desk says */
						  .max_bytes = KIB(16),
						  .owner = x },
			   err);
	if (headers.p)
		explicit_bzero(headers.p, headers.cap);
	return result;
}

static int begin_command(struct couriers *c, size_t i, struct str input, struct err *err)
{
	if (c->commands.fd < 0)
		return err_set(err, E_FAULT, "no process starts commands");
	run_put(message_begin(&c->commands, MESSAGE_RUN), &(struct run){ (int64_t)i, input });
	return message_end(&c->commands) < 0 ? err_set(err, E_BAD, "the letter is too long for a command") : 0;
}

/* The letter as the channel gets it; what it is made of lives in c->a. */
static int render(struct couriers *c, const struct courier *x, const struct mail *mail, struct channel_content *content,
		  struct buf *body, struct err *err)
{
	struct facts *facts;
	struct letter letter;

	if (x->secrets.why.code)
		return err_set(err, E_USAGE, "%s", x->secrets.why.text);
	arena_clear(c->a);
	if (letter_take(c->a, mail->letter, &letter, err) < 0)
		return err->code;
	facts = arena_alloc(c->a, sizeof(*facts));
	*facts = facts_take(c->a, letter.facts);
	*content = (struct channel_content){ .id = mail->public_id,
					     .made_at = mail->made_at,
					     .host = str_of(c->host),
					     .subject = letter.subject,
					     .text = letter.text,
					     .facts = facts,
					     .url = buf_str(&x->secrets.url),
					     .secret = buf_str(&x->secrets.password),
					     .a = c->a };
	x->channel->type->body(content, body);
	return body->full ? err_set(err, E_BAD, "the letter is too long for a %s", x->channel->type->name) : 0;
}

int courier_render(struct couriers *c, size_t i, const struct mail *mail, struct buf *shown, struct err *err)
{
	struct channel_content content;

	return render(c, &c->items[i], mail, &content, shown, err);
}

int courier_send(struct couriers *c, size_t i, struct net *n, const struct mail *mail, struct buf *shown, struct err *err)
{
	struct courier *x = &c->items[i];
	struct channel_content content;

	if (render(c, x, mail, &content, shown, err) < 0)
		return err->code;
	switch (x->channel->type->way) {
	case CHANNEL_POST:
	case CHANNEL_PUT:
		return begin_request(c, x, n, &content, buf_str(shown), err);
	case CHANNEL_SYSLOG:
		return begin_bytes(c, x, n, buf_str(shown), err);
	case CHANNEL_RUN:
		return begin_command(c, i, buf_str(shown), err);
	}
	return err_set(err, E_FAULT, "no such way");
}

/* scheme://host:port of an address. */
static struct str origin_of(struct arena *a, struct str url)
{
	ssize_t at = str_find(url, STR("://"));
	size_t end = (size_t)at + 3;

	while (end < url.n && url.p[end] != '/' && url.p[end] != '?')
		end++;
	return arena_copy(a, str_slice(url, 0, end));
}

int courier_greet(struct couriers *c, size_t i, struct net *n, struct err *err)
{
	struct courier *x = &c->items[i];

	if (x->secrets.why.code)
		return err_set(err, E_USAGE, "%s", x->secrets.why.text);
	arena_clear(c->a);
	if (x->channel->type->way == CHANNEL_SYSLOG)
		return begin_bytes(c, x, n, (struct str){ 0 }, err);
	return net_send(
		n,
		&(struct net_bytes){ .url = origin_of(c->a, buf_str(&x->secrets.url)), .trust = x->channel->trust, .owner = x },
		err);
}

/* ---- answers ---- */

/* Does it repeat a part of an address that is secret? */
static bool repeats(struct str body, const struct courier *x)
{
	struct str rest = buf_str(&x->secrets.url), part = { 0 };

	if (!x->channel->url_path && !str_starts(x->channel->url.text, STR("env:"))) /* it stands in the configuration */
		return false;
	while (str_split(&rest, '/', &part))
		if (part.n >= TELLING && str_find(body, part) >= 0)
			return true;
	return false;
}

/* What it said, in one line, unless it says a secret back to us. */
static struct str said(struct couriers *c, const struct courier *x, const struct capture *capture)
{
	const struct str body = buf_str(&capture->body), secret = buf_str(&x->secrets.password);

	if ((secret.n && str_find(body, secret) >= 0) || repeats(body, x))
		return STR("(hidden: it repeats a secret)");
	return channel_text(c->a, body, &(struct channel_form){ .most = WORDS, .one_line = true });
}

/* RFC 9110 15, RFC 6585 4: what may be otherwise later is tried again; what else is refused never goes. */
static enum mail_end end_of(int status)
{
	if (status >= 200 && status < 300)
		return MAIL_SENT;
	return status < 400 || status >= 500 || status == 408 || status == 425 || status == 429 ? MAIL_LATER : MAIL_REFUSED;
}

struct mailed courier_result(struct couriers *c, size_t i, const struct capture *capture)
{
	const struct courier *x = &c->items[i];
	struct mailed r = { .code = capture->status };
	struct str body;

	arena_clear(c->a);
	if (x->channel->type->way == CHANNEL_SYSLOG || capture->status == 0) {
		r.end = capture->sent ? MAIL_SENT : MAIL_LATER;
		r.words = capture->sent ? STR("the collector took it") : arena_copy(c->a, str_of(capture->failure_text));
		return r;
	}
	body = said(c, x, capture);
	r.end = end_of(capture->status);
	r.words = arena_printf(c->a, "it answers %d%s%.*s", capture->status, body.n ? ": " : "", STR_ARG(body));
	if (r.end == MAIL_LATER)
		r.again_at = manners_retry_at(capture_header(capture, "Retry-After"), clock_now_us());
	return r;
}

struct mailed courier_ran(const struct ran *r)
{
	return (struct mailed){ .end = r->code == 0					  ? MAIL_SENT
				       : r->code < 0 || r->code == LATER || r->code > 128 ? MAIL_LATER
											  : MAIL_REFUSED,
				.code = r->code < 0 ? 0 : r->code,
				.words = r->words };
}

/* ---- queues ---- */

bool couriers_take(struct couriers *c, struct message message)
{
	const struct alert_channel *channel;
	struct mail mail;

	mail_take(&message, &mail);
	MUST(!message.bad); /* the writer is ours */
	channel = channel_of(&c->config->channels, mail.recipient);
	if (!channel)
		return false;
	mail_queue_add(&c->items[channel - c->config->channels.items].queue, &mail);
	return true;
}

/* The first one of a channel is over. */
static void tell(struct courier *x, struct mailed r, struct channel *writer)
{
	if (r.again_at)
		x->ready_at = r.again_at;
	x->sending = false;
	mail_queue_end(&x->queue, r, writer);
}

/* A clock that was put back does not make it wait for longer than anybody may ask. */
static bool is_ready(const struct courier *x, int64_t now)
{
	return x->ready_at <= now || x->ready_at - now > INT64_C(1000) * LIMIT_RETRY_AFTER_MS;
}

static void begin_next(struct couriers *c, size_t i, struct net *n, struct channel *writer)
{
	struct courier *x = &c->items[i];
	struct mail mail = mail_queue_first(&x->queue);
	AUTO(buf) body = BUF_INIT(LIMIT_POST);
	struct err err = { 0 };

	if (courier_send(c, i, n, &mail, &body, &err) == 0)
		x->sending = true;
	else if (err.code == E_BUSY) /* all connections are taken; the next one that is free is ours */
		x->ready_at = clock_now_us() + BUSY_US;
	else
		tell(x, (struct mailed){ .end = err.code == E_BAD ? MAIL_REFUSED : MAIL_LATER, .words = str_of(err.text) },
		     writer);
	if (body.p)
		explicit_bzero(body.p, body.cap); /* a key may stand in it */
}

int64_t couriers_go_on(struct couriers *c, struct net *n, struct channel *writer, int64_t now)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < c->n; i++) {
		struct courier *x = &c->items[i];

		while (x->queue.n && !x->sending && is_ready(x, now))
			begin_next(c, i, n, writer);
		if (x->queue.n && !x->sending && x->ready_at < next)
			next = x->ready_at;
	}
	if (c->commands.fd >= 0)
		channel_flush(&c->commands);
	return next;
}

bool couriers_end(struct couriers *c, const struct capture *capture, struct channel *writer)
{
	for (size_t i = 0; i < c->n; i++)
		if (capture->owner == &c->items[i]) {
			tell(&c->items[i], courier_result(c, i, capture), writer);
			return true;
		}
	return false;
}

bool couriers_are_sending(const struct couriers *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->items[i].sending)
			return true;
	return false;
}

void couriers_open_commands(struct couriers *c, int fd)
{
	if (fd >= 0)
		channel_open(&c->commands, fd, false);
}

size_t couriers_poll(const struct couriers *c, struct pollfd *fds)
{
	if (c->commands.fd < 0)
		return 0;
	fds[0] = (struct pollfd){ .fd = c->commands.fd,
				  .events = (short)(POLLIN | (channel_waiting(&c->commands) ? POLLOUT : 0)) };
	return 1;
}

int couriers_hear(struct couriers *c, struct channel *writer)
{
	struct message m;
	struct ran r;
	int more = 0;

	if (c->commands.fd < 0)
		return 0;
	while ((more = channel_fill(&c->commands)) > 0)
		while (message_next(&c->commands, &m) > 0) {
			ran_take(&m, c->n, &r);
			MUST(!m.bad && m.type == MESSAGE_RAN); /* that process is ours */
			if (c->items[r.channel].sending)
				tell(&c->items[r.channel], courier_ran(&r), writer);
		}
	return more < 0 || channel_flush(&c->commands) < 0 ? E_IO : 0;
}
