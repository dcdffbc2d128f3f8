/* message.c - length-prefixed messages between our processes */
#include "base/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/must.h"

enum { HEADER = 8, PIECE = 256 * 1024 };

static int pair_of(int type, int ends[2], struct err *err)
{
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
		return err_set(err, E_IO, "cannot make a socket pair: %s", strerror(errno));
	for (int i = 0; i < 2; i++) { /* more room means fewer switches between processes; the default still works */
		int room = 1024 * 1024;

		setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	}
	return 0;
}

int channel_pair(int ends[2], struct err *err)
{
	return pair_of(SOCK_STREAM, ends, err);
}

void channel_open(struct channel *c, int fd, bool wait)
{
	*c = (struct channel){
		.fd = fd, .wait = wait, .in = BUF_INIT(LIMIT_MESSAGE + HEADER + PIECE), .out = BUF_INIT(2 * LIMIT_MESSAGE)
	};
}

void channel_release(struct channel *c)
{
	if (c->fd >= 0)
		close(c->fd);
	buf_release(&c->in);
	buf_release(&c->out);
	c->fd = -1;
	c->read = c->sent = 0;
}

struct buf *message_begin(struct channel *c, int type)
{
	char header[HEADER] = { 0 };
	uint32_t kind = (uint32_t)type;

	memcpy(header + 4, &kind, 4);
	if (c->sent == c->out.n) {
		buf_clear(&c->out);
		c->sent = 0;
	}
	c->begun = c->out.n;
	buf_add(&c->out, (struct str){ header, HEADER });
	return &c->out;
}

int message_end(struct channel *c)
{
	size_t n = c->out.n - c->begun - HEADER;
	uint32_t length = (uint32_t)n;

	if (c->out.full || n > LIMIT_MESSAGE) {
		c->out.n = c->begun;
		c->out.full = false;
		return E_LIMIT;
	}
	memcpy(c->out.p + c->begun, &length, 4);
	return 0;
}

void put_int(struct buf *out, int64_t value)
{
	buf_add(out, (struct str){ (const char *)&value, sizeof(value) });
}

void put_real(struct buf *out, double value)
{
	buf_add(out, (struct str){ (const char *)&value, sizeof(value) });
}

void put_str(struct buf *out, struct str s)
{
	put_int(out, (int64_t)s.n);
	buf_add(out, s);
}

int channel_flush(struct channel *c)
{
	while (c->sent < c->out.n) {
		ssize_t n = send(c->fd, c->out.p + c->sent, c->out.n - c->sent, MSG_NOSIGNAL | (c->wait ? 0 : MSG_DONTWAIT));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (n < 0)
			return E_IO;
		c->sent += (size_t)n;
	}
	buf_clear(&c->out);
	c->sent = 0;
	if (c->out.cap > 4 * PIECE) /* one large page must not keep its memory */
		buf_release(&c->out);
	return 1;
}

size_t channel_waiting(const struct channel *c)
{
	return c->out.n - c->sent;
}

int channel_fill(struct channel *c)
{
	char *room;
	ssize_t n;

	buf_drop(&c->in, c->read);
	c->read = 0;
	if (c->in.n == 0 && c->in.cap > 4 * PIECE)
		buf_release(&c->in);
	room = buf_room(&c->in, PIECE);
	MUST(room);
	do
		n = recv(c->fd, room, PIECE, c->wait ? 0 : MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n <= 0)
		return E_IO;
	c->in.n += (size_t)n;
	return 1;
}

int message_next(struct channel *c, struct message *m)
{
	struct str rest = str_slice(buf_str(&c->in), c->read, c->in.n);
	uint32_t length, type;

	if (rest.n < HEADER)
		return 0;
	memcpy(&length, rest.p, 4);
	memcpy(&type, rest.p + 4, 4);
	if (length > LIMIT_MESSAGE || type > 1000)
		return E_BAD;
	if (rest.n - HEADER < length)
		return 0;
	*m = (struct message){ .type = (int)type, .fields = str_slice(rest, HEADER, HEADER + length) };
	c->read += HEADER + length;
	return 1;
}

static bool take(struct message *m, void *out, size_t n)
{
	if (m->bad || m->fields.n < n) {
		m->bad = true;
		m->fields = (struct str){ 0 };
		return false;
	}
	memcpy(out, m->fields.p, n);
	m->fields = str_slice(m->fields, n, m->fields.n);
	return true;
}

int64_t take_int(struct message *m)
{
	int64_t value = 0;

	return take(m, &value, sizeof(value)) ? value : 0;
}

int64_t take_int_in(struct message *m, int64_t least, int64_t most)
{
	int64_t value = take_int(m);

	if (value >= least && value <= most)
		return value;
	m->bad = true;
	return least;
}

double take_real(struct message *m)
{
	double value = 0;

	return take(m, &value, sizeof(value)) ? value : 0;
}

struct str take_str(struct message *m)
{
	int64_t n = take_int(m);
	struct str s;

	if (m->bad || n < 0 || (uint64_t)n > m->fields.n) {
		m->bad = true;
		m->fields = (struct str){ 0 };
		return (struct str){ 0 };
	}
	s = str_slice(m->fields, 0, (size_t)n);
	m->fields = str_slice(m->fields, (size_t)n, m->fields.n);
	return s;
}

int control_pair(int ends[2], struct err *err)
{
	return pair_of(SOCK_SEQPACKET, ends, err);
}

int control_send(int fd, const struct control *c)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
	} ancillary = { 0 };
	struct iovec piece = { (void *)(uintptr_t)c, sizeof(*c) };
	struct msghdr m = { .msg_iov = &piece, .msg_iovlen = 1 };
	size_t n = 0;

	while (n < CONTROL_FDS && c->fds[n] >= 0)
		n++;
	if (n) {
		struct cmsghdr *header;

		m.msg_control = ancillary.room;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		header = CMSG_FIRSTHDR(&m);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(header), c->fds, n * sizeof(int));
	}
	return sendmsg(fd, &m, MSG_NOSIGNAL) < 0 ? E_IO : 0;
}

int control_receive(int fd, struct control *c)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
	} ancillary;
	struct iovec piece = { c, sizeof(*c) };
	struct msghdr m = {
		.msg_iov = &piece, .msg_iovlen = 1, .msg_control = ancillary.room, .msg_controllen = sizeof(ancillary.room)
	};
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return 0;
	if (n != (ssize_t)sizeof(*c))
		return E_IO;
	c->text[CONTROL_TEXT - 1] = '\0';
	c->fds[0] = c->fds[1] = -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&m); header; header = CMSG_NXTHDR(&m, header))
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
			memcpy(c->fds, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	return 1;
}
