/* serve.c - the poll loop: read requests, send answers, keep connections */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/site/site.h"

enum {
	CONNECTIONS = 256,
	REQUEST = 16384, /* bytes of a request's head */
	BACKLOG = 256,
	MISSING = 1000, /* bytes that a truncated body lacks */
	CHUNK = 50,
	SECOND_US = 1000000,
};

struct connection {
	int fd; /* -1: free */
	struct buf in, out;
	size_t sent;
	bool closing, drips;
	int64_t drip_at;
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} rows[] = {
		{ 200, "OK" },
		{ 302, "Found" },
		{ 304, "Not Modified" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].status == status)
			return rows[i].reason;
	return "";
}

/* Reading. */

static void read_header(struct str line, struct request *q)
{
	struct str name;

	if (!str_split(&line, ':', &name))
		return;
	line = str_trim(line);
	if (str_eq_nocase(name, STR("if-none-match")))
		q->if_none_match = line;
	else if (str_eq_nocase(name, STR("if-modified-since")))
		q->if_modified_since = line;
	else if (str_eq_nocase(name, STR("user-agent")))
		q->user_agent = line;
	else if (str_eq_nocase(name, STR("cookie")))
		q->cookie = line;
	else if (str_eq_nocase(name, STR("content-type")))
		q->type = line;
	else if (str_eq_nocase(name, STR("content-length")))
		str_number(line, REQUEST, &q->length);
	else if (str_eq_nocase(name, STR("connection")))
		q->keep_alive = q->keep_alive && !str_eq_nocase(line, STR("close"));
}

/* Asked as a proxy (RFC 9112 3.2.2), it is whatever host it is asked for. */
static struct str own_part(struct str target)
{
	struct str host = { 0 }, rest = target;

	if (!str_starts(rest, STR("http://")))
		return target;
	rest = str_slice(rest, strlen("http://"), rest.n);
	str_split(&rest, '/', &host);
	return str_slice(target, strlen("http://") + host.n, target.n);
}

static void read_request(struct str head, struct request *q)
{
	struct str line = { 0 }, version;

	str_split(&head, '\n', &line);
	line = str_trim(line);
	str_split(&line, ' ', &q->method);
	str_split(&line, ' ', &q->path);
	q->path = own_part(q->path);
	version = line;
	q->keep_alive = str_eq(version, STR("HTTP/1.1"));
	while (str_split(&head, '\n', &line))
		read_header(line, q);
}

/* Writing. */

static void log_word(FILE *f, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c > '~' || c == '\\')
			fprintf(f, "\\x%02x", c);
		else
			fputc(c, f);
	}
	if (!s.n)
		fputc('-', f);
}

static void log_request(FILE *f, const struct request *q, int status)
{
	if (!f)
		return;
	fprintf(f, "%lld ", (long long)clock_now_us());
	log_word(f, q->method);
	fputc(' ', f);
	log_word(f, q->path);
	fprintf(f, " %d %s ", status,
		q->if_none_match.n	 ? "if-none-match"
		: q->if_modified_since.n ? "if-modified-since"
					 : "-");
	log_word(f, q->user_agent);
	fputc('\n', f);
}

static bool is_chunked(const struct reply *r)
{
	return r->delivery == DELIVER_CHUNKED || r->delivery == DELIVER_CUT;
}

static void write_chunks(struct buf *out, const struct reply *r)
{
	struct str rest = buf_str(&r->body);

	while (rest.n) {
		struct str chunk = str_slice(rest, 0, CHUNK);

		buf_printf(out, "%zX;of=site\r\n", chunk.n);
		buf_add(out, chunk);
		buf_add(out, STR("\r\n"));
		rest = str_slice(rest, chunk.n, rest.n);
	}
	if (r->delivery == DELIVER_CHUNKED)
		buf_add(out, STR("0\r\nX-Trailer: the end\r\n\r\n"));
}

static void write_head(struct connection *c, const struct reply *r)
{
	char now[CLOCK_TEXT];

	buf_printf(&c->out, "HTTP/1.1 %d %s\r\nDate: %s\r\nServer: site\r\n", r->status, reason_of(r->status),
		   clock_http_date(clock_now_us(), now));
	if (r->status != 304)
		buf_printf(&c->out, "Content-Type: %s\r\n", r->type);
	if (r->status != 304 && is_chunked(r))
		buf_add(&c->out, STR("Transfer-Encoding: chunked\r\n"));
	else if (r->status != 304 && r->delivery != DELIVER_DRIP)
		buf_printf(&c->out, "Content-Length: %zu\r\n", r->body.n + (r->delivery == DELIVER_TRUNCATED ? MISSING : 0));
	buf_printf(&c->out, "Connection: %s\r\n", c->closing || c->drips ? "close" : "keep-alive");
	buf_add(&c->out, buf_str(&r->headers));
	buf_add(&c->out, STR("\r\n"));
}

static void send_reply(struct connection *c, const struct request *q, const struct reply *r)
{
	c->drips = r->delivery == DELIVER_DRIP;
	c->closing = !q->keep_alive || r->delivery == DELIVER_TRUNCATED || r->delivery == DELIVER_CUT;
	c->drip_at = clock_steady_us() + SECOND_US;
	write_head(c, r);
	if (str_eq(q->method, STR("HEAD")))
		return;
	if (is_chunked(r))
		write_chunks(&c->out, r);
	else
		buf_add(&c->out, buf_str(&r->body));
}

static void reply_release(struct reply *r)
{
	buf_release(&r->headers);
	buf_release(&r->body);
}

/* Answer the request at the front of what came in: true when one was complete. */
static bool answer_one(struct site *s, struct connection *c)
{
	ssize_t end = str_find(buf_str(&c->in), STR("\r\n\r\n"));
	AUTO(reply) r = REPLY_INIT;
	struct request q = { 0 };

	if (end < 0)
		return false;
	read_request(str_slice(buf_str(&c->in), 0, (size_t)end), &q);
	end += 4;
	if (c->in.n - (size_t)end < q.length)
		return false;
	q.body = str_slice(buf_str(&c->in), (size_t)end, (size_t)end + q.length);
	site_answer(s, &q, &r);
	log_request(s->log, &q, r.status);
	send_reply(c, &q, &r);
	buf_drop(&c->in, (size_t)end + q.length);
	return true;
}

static void close_connection(struct connection *c)
{
	close(c->fd);
	buf_release(&c->in);
	buf_release(&c->out);
	*c = (struct connection){ .fd = -1 };
}

/* Send what fits; false when the connection is over. */
static bool flush(struct connection *c)
{
	while (c->sent < c->out.n) {
		ssize_t n = send(c->fd, c->out.p + c->sent, c->out.n - c->sent, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		c->sent += (size_t)n;
	}
	buf_clear(&c->out);
	c->sent = 0;
	return !c->closing;
}

/* Take what came; false when the connection is over. */
static bool take(struct site *s, struct connection *c)
{
	char piece[4096];
	ssize_t n = recv(c->fd, piece, sizeof(piece), 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0 || buf_add(&c->in, (struct str){ piece, (size_t)n }) < 0)
		return false;
	while (!c->closing && !c->drips && answer_one(s, c))
		;
	return true;
}

static void step(struct site *s, struct connection *c, short events, int64_t now)
{
	bool open = true;

	if (events & (POLLIN | POLLHUP | POLLERR))
		open = take(s, c);
	if (open && c->drips && now >= c->drip_at) {
		buf_add_char(&c->out, '.');
		c->drip_at += SECOND_US;
	}
	if (open && (c->out.n || c->closing))
		open = flush(c);
	if (!open)
		close_connection(c);
}

static void accept_all(int listener, struct connection *connections)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		int on = 1;

		if (connections[i].fd >= 0)
			continue;
		connections[i].fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (connections[i].fd < 0)
			return;
		setsockopt(connections[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		connections[i].in.max = REQUEST;
		connections[i].out.max = MIB(32);
	}
}

static int listen_on(int port, struct err *err)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &size) < 0)
		return err_set(err, E_NET, "cannot listen on 127.0.0.1:%d: %s", port, strerror(errno));
	printf("http://127.0.0.1:%d\n", ntohs(at.sin_port));
	fflush(stdout);
	return fd;
}

/* SIGTERM and SIGINT arrive only while the loop waits in ppoll(). */
static void catch_signals(sigset_t *waiting)
{
	struct sigaction action = { .sa_handler = stop };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	sigdelset(waiting, SIGTERM);
	sigdelset(waiting, SIGINT);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

/* One turn: wait for any socket, at most until the next byte of a drip is due. */
static void turn(struct site *s, int listener, struct connection *connections, const sigset_t *waiting)
{
	struct pollfd fds[CONNECTIONS + 1] = { [CONNECTIONS] = { .fd = listener, .events = POLLIN } };
	struct timespec soon = { .tv_nsec = SECOND_US * 100 };
	bool drips = false;

	for (size_t i = 0; i < CONNECTIONS; i++) {
		const struct connection *c = &connections[i];

		fds[i] = (struct pollfd){ .fd = c->fd, .events = (short)(POLLIN | (c->out.n ? POLLOUT : 0)) };
		drips = drips || c->drips;
	}
	if (ppoll(fds, CONNECTIONS + 1, drips ? &soon : NULL, waiting) < 0)
		return;
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (connections[i].fd >= 0 && (fds[i].revents || connections[i].drips))
			step(s, &connections[i], fds[i].revents, clock_steady_us());
	if (fds[CONNECTIONS].revents)
		accept_all(listener, connections);
}

int serve(struct site *s, int port, struct err *err)
{
	struct connection connections[CONNECTIONS];
	sigset_t waiting;
	int listener;

	catch_signals(&waiting);
	listener = listen_on(port, err);
	if (listener < 0)
		return listener;
	for (size_t i = 0; i < CONNECTIONS; i++)
		connections[i] = (struct connection){ .fd = -1 };
	while (!stopped)
		turn(s, listener, connections, &waiting);
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (connections[i].fd >= 0)
			close_connection(&connections[i]);
	close(listener);
	return 0;
}
