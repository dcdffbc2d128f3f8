/* command.h - a program that is given a letter on its standard input: no shell, nothing of our environment, and so much time */
/* Runs in: commands; verbs (`alert test`). */
#ifndef WATCHDESK_DESK_COMMAND_H
#define WATCHDESK_DESK_COMMAND_H

#include <poll.h>
#include <sys/types.h>

#include "base/buf.h"
#include "desk/alert/channel.h"

enum { COMMAND_FDS = 3 };

/* One that runs; all zero is none. */
struct command {
	pid_t pid; /* 0 for none */
	int watch; /* readable when it has ended */
	int input, output;
	struct buf text, words; /* what it is given; what it said, of stdout and stderr */
	size_t given;
	int64_t until; /* steady us */
	bool late;     /* it was ended */
};

/* Start it with `input`. E_FAULT: it cannot be started. */
int command_start(struct command *c, const struct alert_channel *channel, struct str input, struct err *err);
/* What to wait for: how many of COMMAND_FDS; `wait_ms` becomes less when its time is up sooner. */
size_t command_poll(const struct command *c, struct pollfd *fds, int *wait_ms);
/* Go on with it. True when it has ended, with its exit code: 128 and the signal, -1 when it took too long. */
bool command_step(struct command *c, int *code);
/* Kill what runs, free what it had; none runs then. */
void command_release(struct command *c);

#endif
