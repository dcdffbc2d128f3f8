/* role_commands.c - the one that starts the desk's own programs: those of its channels, and no others; it reads nothing itself
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/confine.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/must.h"
#include "desk/command.h"
#include "desk/protocol.h"
#include "desk/role.h"

struct starter {
	const struct role *role;
	struct channel net;
	struct command running[LIMIT_CHANNELS]; /* one of each channel */
	bool stopping;
};

static void answer(struct starter *s, size_t i, int code, struct str words)
{
	ran_put(message_begin(&s->net, MESSAGE_RAN), &(struct ran){ (int64_t)i, code, words });
	MUST(message_end(&s->net) == 0); /* words have their ceiling */
}

static void start(struct starter *s, struct message *m)
{
	const struct alert_channels *channels = &s->role->config->channels;
	struct err err = { 0 };
	struct run r;

	run_take(m, channels->n, &r);
	MUST(!m->bad && channels->items[r.channel].argv && !s->running[r.channel].pid); /* the net process is ours */
	if (command_start(&s->running[r.channel], &channels->items[r.channel], r.input, &err) < 0)
		answer(s, (size_t)r.channel, -1, str_of(err.text));
}

static void hear_net(struct starter *s)
{
	struct message m;
	int more;

	while ((more = channel_fill(&s->net)) > 0)
		while (message_next(&s->net, &m) > 0)
			if (m.type == MESSAGE_RUN)
				start(s, &m);
	if (more < 0)
		s->stopping = true;
}

/* When it is told to stop, what runs may end first: the net process closes our channel once it has waited for that. */
static void hear_supervisor(struct starter *s)
{
	struct control c;
	int got;

	while ((got = control_receive(s->role->control, &c)) > 0)
		;
	if (got < 0)
		s->stopping = true;
}

static void step(struct starter *s, size_t i)
{
	struct command *c = &s->running[i];
	struct str words;
	int code;

	if (!c->pid || !command_step(c, &code))
		return;
	words = str_trim(buf_str(&c->words));
	log_event(code ? LOG_WARN : LOG_INFO, "command", "channel=\"%.*s\" code=%d said=\"%.*s\"",
		  STR_ARG(s->role->config->channels.items[i].name.text), code, STR_ARG(words));
	if (code < 0 && words.n == 0)
		words = STR("the command took too long and was ended");
	answer(s, i, code, words);
	command_release(c);
}

static void turn(struct starter *s)
{
	struct pollfd fds[2 + COMMAND_FDS * LIMIT_CHANNELS] = {
		{ .fd = s->role->control, .events = POLLIN },
		{ .fd = s->net.fd, .events = (short)(POLLIN | (channel_waiting(&s->net) ? POLLOUT : 0)) },
	};
	size_t n = 2;
	int wait_ms = 1000;

	for (size_t i = 0; i < LIMIT_CHANNELS; i++)
		n += command_poll(&s->running[i], fds + n, &wait_ms);
	poll(fds, (nfds_t)n, wait_ms);
	if (fds[0].revents)
		hear_supervisor(s);
	if (fds[1].revents & (POLLIN | POLLHUP))
		hear_net(s);
	for (size_t i = 0; i < LIMIT_CHANNELS; i++)
		step(s, i);
	if (channel_flush(&s->net) < 0)
		s->stopping = true;
}

/* What runs when the watch ends is ended, and its letter goes again: the program gets the same id then. */
int role_commands(const struct role *r, int net)
{
	const int keep[] = { r->control, net };
	struct starter *s = must_alloc(1, sizeof(*s));

	s->role = r;
	confine_descriptors(keep, 2);
	channel_open(&s->net, net, false);
	while (!s->stopping)
		turn(s);
	for (size_t i = 0; i < LIMIT_CHANNELS; i++)
		command_release(&s->running[i]);
	channel_release(&s->net);
	free(s);
	return 0;
}
