/* command.c - a program that is given a letter on its standard input */
#include "desk/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"

enum { NOT_STARTED = 127 };

/* In the child: nothing of ours but the two pipes. It leads a group of its own, so that its children end with it. */
static void become(const struct alert_channel *channel, int input, int output)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	char *const environment[] = { path, language, NULL };
	sigset_t none;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(input, 0);
	dup2(output, 1);
	dup2(output, 2);
	close_range(3, ~0U, 0);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(channel->argv[0], channel->argv, environment);
	_exit(NOT_STARTED);
}

int command_start(struct command *c, const struct alert_channel *channel, struct str input, struct err *err)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) < 0)
		return err_set(err, E_FAULT, "no pipe for a command: %s", strerror(errno));
	if (pipe2(out, O_CLOEXEC) < 0) {
		close(in[0]);
		close(in[1]);
		return err_set(err, E_FAULT, "no pipe for a command: %s", strerror(errno));
	}
	pid = fork();
	if (pid == 0)
		become(channel, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	if (pid < 0) {
		close(in[1]);
		close(out[0]);
		return err_set(err, E_FAULT, "the command cannot be started: %s", strerror(errno));
	}
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	*c = (struct command){ .pid = pid,
			       .watch = (int)syscall(SYS_pidfd_open, pid, 0),
			       .input = in[1],
			       .output = out[0],
			       .text = BUF_INIT(LIMIT_POST + 1),
			       .words = BUF_INIT(LIMIT_COMMAND_WORDS),
			       .until = clock_steady_us() + channel->time_ms * 1000 };
	buf_add(&c->text, input);
	return 0;
}

size_t command_poll(const struct command *c, struct pollfd *fds, int *wait_ms)
{
	int64_t left = (c->until - clock_steady_us()) / 1000 + 1;
	size_t n = 0;

	if (!c->pid)
		return 0;
	if (c->watch < 0) /* a kernel before 5.3 */
		left = left < 50 ? left : 50;
	*wait_ms = left < *wait_ms ? (int)(left > 0 ? left : 0) : *wait_ms;
	fds[n++] = (struct pollfd){ .fd = c->watch, .events = POLLIN };
	fds[n++] = (struct pollfd){ .fd = c->input, .events = POLLOUT };
	fds[n++] = (struct pollfd){ .fd = c->output, .events = POLLIN };
	return n;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void give(struct command *c)
{
	while (c->input >= 0 && c->given < c->text.n) {
		ssize_t n = write(c->input, c->text.p + c->given, c->text.n - c->given);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) /* it does not want to hear more */
			break;
		c->given += (size_t)n;
	}
	close_one(&c->input);
}

static void hear(struct command *c)
{
	char room[1024];
	ssize_t n;

	while (c->output >= 0 && (n = read(c->output, room, sizeof(room))) != 0) {
		size_t left = c->words.max - c->words.n;

		if (n < 0)
			return;
		buf_add(&c->words, (struct str){ room, (size_t)n < left ? (size_t)n : left });
	}
	close_one(&c->output);
}

bool command_step(struct command *c, int *code)
{
	int status;

	give(c);
	hear(c);
	if (clock_steady_us() >= c->until && !c->late) {
		c->late = true;
		kill(-c->pid, SIGKILL);
	}
	if (waitpid(c->pid, &status, WNOHANG) != c->pid)
		return false;
	kill(-c->pid, SIGKILL); /* what it has left behind */
	hear(c);
	*code = c->late ? -1 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	c->pid = 0;
	return true;
}

void command_release(struct command *c)
{
	if (c->pid) {
		kill(-c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	if (c->text.max) {
		close_one(&c->watch);
		close_one(&c->input);
		close_one(&c->output);
	}
	buf_release(&c->text);
	buf_release(&c->words);
	*c = (struct command){ 0 };
}
