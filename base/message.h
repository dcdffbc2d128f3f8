/* message.h - length-prefixed messages between our processes, over socket pairs */
/* Runs in: every process. A message from a worker is read as if hostile: lengths are checked, nothing is trusted. */
#ifndef WATCHDESK_BASE_MESSAGE_H
#define WATCHDESK_BASE_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"

/* One end of a stream of messages. */
struct channel {
	int fd;	   /* -1 when closed */
	bool wait; /* true: calls block, for workers, which have nothing else to do */
	struct buf in, out;
	size_t read, sent; /* how much of `in` and `out` is used up */
	size_t begun;	   /* where the message being written starts in `out` */
};

/* Two connected ends for channel_open(), close-on-exec. E_IO when the system has none. */
int channel_pair(int ends[2], struct err *err);
/* Take `fd`. */
void channel_open(struct channel *c, int fd, bool wait);
/* Close and forget what was not sent. */
void channel_release(struct channel *c);

/*
 * Start a message of `type` in the channel's outgoing buffer; put its fields; end it. Nothing is sent before the flush. A
 * message beyond LIMIT_MESSAGE is taken back when it ends: E_LIMIT.
 */
struct buf *message_begin(struct channel *c, int type);
int message_end(struct channel *c);
void put_int(struct buf *out, int64_t value);
void put_real(struct buf *out, double value);
void put_str(struct buf *out, struct str s);

/* Send what waits: 1 all of it, 0 the peer takes no more now, E_IO the peer is gone. */
int channel_flush(struct channel *c);
/* Bytes that wait to be sent. */
size_t channel_waiting(const struct channel *c);
/* Read what has come: 1 something, 0 nothing yet, E_IO the peer is gone. With `wait` it blocks until there is something. */
int channel_fill(struct channel *c);

/* A message that has come whole; `fields` is borrowed until the next channel_fill(). */
struct message {
	int type;
	struct str fields;
	bool bad; /* a field was missing or cut: sticky */
};

/* Take the next whole message: 1, 0 none yet, E_BAD when its length cannot be. */
int message_next(struct channel *c, struct message *m);
/* Take fields in the order they were put. After a bad one all are 0 or empty and `bad` is set. */
int64_t take_int(struct message *m);
/* The same, forced into [least, most]; outside it the message is bad. */
int64_t take_int_in(struct message *m, int64_t least, int64_t most);
double take_real(struct message *m);
struct str take_str(struct message *m);

/* Descriptors for a new peer, with a few words: what the supervisor sends. */
enum { CONTROL_FDS = 2, CONTROL_TEXT = ERR_TEXT };
struct control {
	int type, slot;
	int64_t number;
	char text[CONTROL_TEXT];
	int fds[CONTROL_FDS]; /* -1 for none; received ones are the caller's to close */
};

/* A pair for controls; message boundaries are kept. */
int control_pair(int ends[2], struct err *err);
/* Send one; descriptors stay open here. E_IO when the peer is gone. */
int control_send(int fd, const struct control *c);
/* Receive one: 1, 0 none waiting, E_IO the peer is gone. Does not block. */
int control_receive(int fd, struct control *c);

#endif
