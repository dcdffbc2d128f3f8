/* files_peer.c - the files process as the net process sees it */
#include "desk/files_peer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"

enum { AT_ONCE = 4 }; /* pieces that are read ahead */

void files_peer_open(struct files_peer *p, int fd)
{
	channel_open(&p->channel, fd, false);
}

void files_peer_release(struct files_peer *p)
{
	for (size_t i = 0; i < p->n; i++)
		fetch_free(p->fetches[i]);
	if (p->channel.fd >= 0)
		channel_release(&p->channel);
}

void files_peer_ask(struct files_peer *p, struct fetch *x)
{
	MUST(p->n < LIMIT_QUEUE && p->channel.fd >= 0);
	p->fetches[p->n++] = x;
}

static void ask(struct files_peer *p, const struct fetch *x)
{
	const struct reading_wish wish = { x->job.ticket, x->job.source, x->job.kind, buf_str(&x->url), buf_str(&x->etag) };

	reading_wish_put(message_begin(&p->channel, MESSAGE_READ), &wish);
	message_end(&p->channel);
}

void files_peer_send(struct files_peer *p, bool room)
{
	while (room && p->n_asked < p->n && p->n_asked < AT_ONCE)
		ask(p, p->fetches[p->n_asked++]);
	if (p->channel.fd >= 0 && channel_waiting(&p->channel))
		channel_flush(&p->channel); /* that it is gone is seen when its end is read */
}

size_t files_peer_poll(const struct files_peer *p, struct pollfd *fds)
{
	if (p->channel.fd < 0)
		return 0;
	fds[0] = (struct pollfd){ .fd = p->channel.fd,
				  .events = (short)(POLLIN | (channel_waiting(&p->channel) ? POLLOUT : 0)) };
	return 1;
}

/* What was read as an exchange: the words of HTTP, and a protocol that says that it was none. */
static struct capture *capture_of(const struct reading_answer *answer, enum page_kind kind)
{
	struct capture *c = must_alloc(1, sizeof(*c));

	*c = (struct capture){ .status = 200,
			       .url = BUF_INIT(LIMIT_URL + 64),
			       .request = BUF_INIT(LIMIT_URL + 256),
			       .headers = BUF_INIT(LIMIT_HEADERS),
			       .body = BUF_INIT(LIMIT_BODY),
			       .chain = BUF_INIT(LIMIT_CHAIN),
			       .protocol = "file" };
	buf_add(&c->url, answer->url);
	buf_printf(&c->request, "GET %.*s HTTP/1.1\r\n\r\n", STR_ARG(answer->url));
	buf_printf(&c->headers, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\nETag: %.*s\r\n\r\n",
		   kind == PAGE_FOLDER ? "text/uri-list" : "application/octet-stream", answer->body.n, STR_ARG(answer->etag));
	buf_add(&c->body, answer->body);
	c->started_at = c->ended_at = clock_now_us();
	clock_state(c->clock);
	return c;
}

/* The fetch that was asked for with this ticket; no longer ours. */
static struct fetch *take_fetch(struct files_peer *p, int64_t ticket)
{
	for (size_t i = 0; i < p->n_asked; i++) {
		struct fetch *x = p->fetches[i];

		if (x->job.ticket != ticket)
			continue;
		p->n--;
		p->n_asked--;
		memmove(p->fetches + i, p->fetches + i + 1, (p->n - i) * sizeof(p->fetches[0]));
		return x;
	}
	return NULL;
}

int files_peer_next(struct files_peer *p, struct fetch **x, struct reading_answer *answer, int64_t *source)
{
	struct message m;

	for (;;) {
		while (p->channel.fd >= 0 && message_next(&p->channel, &m) > 0) {
			*x = NULL;
			if (m.type == MESSAGE_NEWS) {
				*source = take_int(&m);
				return 1;
			}
			reading_answer_take(&m, answer);
			*x = m.type == MESSAGE_FILE && !m.bad ? take_fetch(p, answer->ticket) : NULL;
			if (!*x)
				continue;
			if (answer->status == 200) {
				(*x)->capture = capture_of(answer, (*x)->job.kind);
				(*x)->state = FETCH_CAPTURED;
			}
			return 1;
		}
		if (p->channel.fd < 0)
			return 0;
		switch (channel_fill(&p->channel)) {
		case 0:
			return 0;
		case 1:
			break;
		default:
			channel_release(&p->channel);
			return E_IO;
		}
	}
}
