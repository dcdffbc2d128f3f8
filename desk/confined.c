/* confined.c - bytes from outside read for a verb by a process that has memory and one pipe, nothing else */
#include "desk/confined.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"

enum { MESSAGE_ANSWER = 1, MESSAGE_ERROR = 2 };

static void run(confined_fn *read, const void *whose, int fd)
{
	struct arena *a = arena_new(LIMIT_ARENA);
	struct buf answer = BUF_INIT(LIMIT_MESSAGE);
	struct err err = { 0 };
	struct channel c;
	int code;

	prctl(PR_SET_NAME, "wd-reader");
	confine_descriptors(&fd, 1);
	if (confine_worker(LIMIT_WORKER_MEMORY, &err) < 0)
		_exit(70);
	channel_open(&c, fd, true);
	code = read(whose, a, &answer, &err);
	if (code < 0) {
		struct buf *out = message_begin(&c, MESSAGE_ERROR);

		put_int(out, code);
		put_str(out, str_of(err.text));
	} else {
		put_str(message_begin(&c, MESSAGE_ANSWER), buf_str(&answer));
	}
	if (message_end(&c) == 0)
		channel_flush(&c);
	_exit(0);
}

/* Its one message: 1, or 0 when it ended or took too long. */
static int wait_for(struct channel *c, struct message *m)
{
	int64_t end = clock_steady_us() + INT64_C(1000) * LIMIT_CAPTURE_MS;

	for (;;) {
		struct pollfd fd = { .fd = c->fd, .events = POLLIN };
		int64_t left = (end - clock_steady_us()) / 1000;
		int got;

		if (left <= 0 || (poll(&fd, 1, (int)left) < 0 && errno != EINTR))
			return 0;
		if (channel_fill(c) < 0)
			return 0;
		if ((got = message_next(c, m)) != 0)
			return got > 0;
	}
}

static int take(struct message *m, struct arena *a, struct message *out, struct err *err)
{
	if (m->type == MESSAGE_ERROR) {
		int code = (int)take_int_in(m, E_FAULT, E_USAGE);
		struct str text = take_str(m);

		return err_set(err, m->bad ? E_BAD : code, "%.*s", STR_ARG(text));
	}
	*out = (struct message){ .type = m->type, .fields = arena_copy(a, take_str(m)) };
	return m->bad ? err_set(err, E_BAD, "the process that read it talked nonsense") : 0;
}

int confined_read(confined_fn *read, const void *whose, struct arena *a, struct message *out, struct err *err)
{
	struct channel c;
	struct message m;
	int ends[2], result;
	pid_t pid;

	if (channel_pair(ends, err) < 0)
		return err->code;
	pid = fork();
	if (pid == 0)
		run(read, whose, ends[1]);
	close(ends[1]);
	channel_open(&c, ends[0], false);
	if (pid < 0)
		result = err_set(err, E_FAULT, "cannot fork: %s", strerror(errno));
	else if (!wait_for(&c, &m))
		result = err_set(err, E_BAD, "reading it ended the process that did");
	else
		result = take(&m, a, out, err);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	channel_release(&c);
	return result;
}
