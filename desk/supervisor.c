/* supervisor.c - forks the roles, restarts what dies, keeps each capture's deadline */
#include "desk/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/message.h"
#include "base/must.h"
#include "classify/tongue.h"
#include "desk/assess.h"
#include "desk/audiences.h"
#include "desk/protocol.h"
#include "desk/role.h"
#include "desk/rules_watch.h"
#include "desk/secrets.h"

enum {
	LOCK_MS = 10000, /* how long a second monitor waits for the first */
	STOP_MS = 3500,	 /* how long a worker may finish after the end was asked for */
	KILL_MS = 4500,	 /* when the last of them is ended by force */
	STARTS = 5, /* of the whole team without a page read in between: then something is wrong that a restart cannot mend */
};

/* The roles there is one of. */
enum single { NET, WRITER, INDEXER, FILES, COMMANDS, IDLE_JOB, SINGLES };
static const char *const single_names[SINGLES] = { "net", "writer", "indexer", "files", "commands", "report" };

struct member {
	pid_t pid; /* 0 when it does not run */
	int control;
};

struct supervisor {
	const struct config *config;
	const struct classifier *classifier;
	struct tongues *tongues;
	struct classifier *own, *fresh; /* after a change of the rules: that in use, and that which the next team is to use */
	struct rules_watch rules;
	const struct supervisor_options *options;
	struct member singles[SINGLES];
	pid_t workers[LIMIT_WORKERS];
	size_t n_workers;
	struct worker_state *states[LIMIT_WORKERS];
	unsigned char *receipt_key; /* a page of its own, there only until net and writer have it; else NULL */
	int signals;
	bool ready, stopping, over; /* the store is open; the team was asked to end; it is gone or going by itself */
	bool forced;		    /* who did not end when asked was ended */
	bool last;		    /* no team shall follow it */
	int64_t stop_at;
	int starts; /* since a page was read */
	char *summary;
	size_t size;
	int failure; /* E_* that a role reported; 0 for none */
	struct err *err;
};

static int monitor_lock(const char *folder, struct err *err)
{
	int64_t until = clock_steady_us() + LOCK_MS * INT64_C(1000);
	char path[PATH_MAX], pid[32] = { 0 };
	int fd;

	snprintf(path, sizeof(path), "%s/monitor.lock", folder);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, E_IO, "cannot open %s: %s; check the folder's permissions", path, strerror(errno));
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK || clock_steady_us() > until) {
			if (read(fd, pid, sizeof(pid) - 1) > 0)
				pid[strcspn(pid, "\n")] = '\0';
			close(fd);
			return err_set(err, E_BUSY,
				       "another monitor (process %s) is running on %s; stop it first, or let it do the work",
				       pid[0] ? pid : "unknown", folder);
		}
		poll(NULL, 0, 100);
	}
	snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) < 0 || write(fd, pid, strlen(pid)) < 0) {
		close(fd);
		return err_set(err, errno == ENOSPC ? E_FULL : E_IO, "cannot write %s: %s", path, strerror(errno));
	}
	return fd;
}

/* What a child is before it becomes its role: signals are the supervisor's business, and it goes when the supervisor goes. */
static void child_begins(struct supervisor *s, pid_t supervisor)
{
	sigset_t none;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != supervisor)
		_exit(0);
	for (int i = 0; i < SINGLES; i++)
		if (s->singles[i].pid)
			s->singles[i].control = -1; /* not ours to use; closed with all others */
}

static struct role role_of(const struct supervisor *s, int control)
{
	return (struct role){ .config = s->config,
			      .classifier = s->classifier,
			      .tongues = s->tongues,
			      .control = control,
			      .once = s->options->once,
			      .operator_name = s->options->operator_name,
			      .receipt_key = s->receipt_key };
}

/* What a child is to be. */
struct birth {
	int (*run)(const struct role *r, const struct birth *b);
	int fds[3];
	struct worker_state *state;
	const struct supervisor_options *options;
};

static int run_net(const struct role *r, const struct birth *b)
{
	return role_net(r, b->fds[0], b->fds[1], b->fds[2]);
}

static int run_commands(const struct role *r, const struct birth *b)
{
	return role_commands(r, b->fds[0]);
}

static int run_files(const struct role *r, const struct birth *b)
{
	return role_files(r, b->fds[0]);
}

static int run_writer(const struct role *r, const struct birth *b)
{
	return role_writer(r, b->fds[0]);
}

static int run_indexer(const struct role *r, const struct birth *b)
{
	(void)b;
	return role_indexer(r);
}

static int run_worker(const struct role *r, const struct birth *b)
{
	return role_worker(r, b->fds[0], b->fds[1], b->state);
}

/* Fork; in the child it does not return but ends with what `run` answers. */
static pid_t fork_role(struct supervisor *s, const struct birth *b, int control, const char *name)
{
	pid_t supervisor = getpid(), pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct role r = role_of(s, control);

		child_begins(s, supervisor);
		if (b->run != run_net)
			secrets_forget(s->config);
		prctl(PR_SET_NAME, name);
		_exit(b->run(&r, b));
	}
	return pid;
}

static int start_single(struct supervisor *s, enum single which, const struct birth *b)
{
	int ends[2];
	char name[16];

	if (control_pair(ends, s->err) < 0)
		return s->err->code;
	snprintf(name, sizeof(name), "wd-%s", single_names[which]);
	s->singles[which].pid = fork_role(s, b, ends[1], name);
	close(ends[1]);
	if (s->singles[which].pid < 0) {
		s->singles[which].pid = 0;
		close(ends[0]);
		return err_set(s->err, E_FAULT, "cannot fork: %s", strerror(errno));
	}
	s->singles[which].control = ends[0];
	return 0;
}

static int tell_peer(struct supervisor *s, enum single which, int slot, int fd, const char *how)
{
	struct control c = { .type = CONTROL_PEER, .slot = slot, .fds = { fd, -1 } };

	snprintf(c.text, sizeof(c.text), "%s", how);
	return control_send(s->singles[which].control, &c);
}

/* A worker and its two channels; `how` says how the one before it ended. */
static int start_worker(struct supervisor *s, int slot, const char *how)
{
	int to_net[2], to_writer[2];
	struct birth b = { .run = run_worker, .state = s->states[slot] };

	if (channel_pair(to_net, s->err) < 0)
		return s->err->code;
	if (channel_pair(to_writer, s->err) < 0) {
		close(to_net[0]);
		close(to_net[1]);
		return s->err->code;
	}
	atomic_store(&s->states[slot]->begun_at, 0);
	atomic_store(&s->states[slot]->job, 0);
	b.fds[0] = to_net[1];
	b.fds[1] = to_writer[1];
	s->workers[slot] = fork_role(s, &b, -1, "wd-worker");
	if (s->workers[slot] > 0) {
		tell_peer(s, WRITER, slot, to_writer[0], how); /* first: the net process must find it listening */
		tell_peer(s, NET, slot, to_net[0], how);
	}
	for (int i = 0; i < 2; i++) {
		close(to_net[i]);
		close(to_writer[i]);
	}
	return s->workers[slot] > 0 ? 0 : err_set(s->err, E_FAULT, "cannot fork: %s", strerror(errno));
}

/*
 * The key by which the writer knows what the net process says through the mouth of a worker. It is on a page of its own, which
 * no core dump holds, and is taken away before the first worker is forked.
 */
static void key_make(struct supervisor *s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *room = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	MUST(room != MAP_FAILED);
	madvise(room, page, MADV_DONTDUMP);
	s->receipt_key = room;
	digest_random(s->receipt_key, DIGEST_KEY_BYTES);
}

static void key_forget(struct supervisor *s)
{
	explicit_bzero(s->receipt_key, DIGEST_KEY_BYTES);
	munmap(s->receipt_key, (size_t)sysconf(_SC_PAGESIZE));
	s->receipt_key = NULL;
}

static bool has_local_source(const struct config *config)
{
	for (size_t i = 0; i < config->n_sources; i++)
		if (source_is_local(&config->sources[i]))
			return true;
	return false;
}

static bool has_command(const struct config *config)
{
	for (size_t i = 0; i < config->channels.n; i++)
		if (config->channels.items[i].argv)
			return true;
	return false;
}

static void close_pair(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

static int start_team(struct supervisor *s)
{
	struct birth net = { .run = run_net }, writer = { .run = run_writer }, files = { .run = run_files },
		     commands = { .run = run_commands };
	int ends[2], to_files[2] = { -1, -1 }, to_commands[2] = { -1, -1 };

	if (++s->starts > STARTS)
		return err_set(s->err, E_FAULT,
			       "the processes of the monitor ended %d times without reading a page; see the log above", STARTS);
	s->ready = s->forced = false;
	if (channel_pair(ends, s->err) < 0)
		return s->err->code;
	if (has_local_source(s->config) && channel_pair(to_files, s->err) < 0) {
		close_pair(ends);
		return s->err->code;
	}
	if (has_command(s->config) && channel_pair(to_commands, s->err) < 0) {
		close_pair(ends);
		close_pair(to_files);
		return s->err->code;
	}
	writer.fds[0] = ends[0];
	net.fds[0] = ends[1];
	net.fds[1] = to_files[0];
	net.fds[2] = to_commands[0];
	commands.fds[0] = to_commands[1];
	files.fds[0] = to_files[1];
	key_make(s);
	if (start_single(s, WRITER, &writer) == 0)
		start_single(s, NET, &net);
	key_forget(s);
	if (to_files[1] >= 0 && s->err->code == 0)
		start_single(s, FILES, &files);
	if (to_commands[1] >= 0 && s->err->code == 0)
		start_single(s, COMMANDS, &commands);
	for (size_t i = 0; i < s->n_workers && s->err->code == 0; i++)
		start_worker(s, (int)i, "");
	close_pair(ends);
	close_pair(to_files);
	close_pair(to_commands);
	return s->err->code;
}

/* The whole team ends when one of the singles does: what it held is in the store, the next team takes it up. */
static void end_team(struct supervisor *s, int signal_number)
{
	for (int i = 0; i < SINGLES; i++)
		if (s->singles[i].pid)
			kill(s->singles[i].pid, signal_number);
	for (size_t i = 0; i < s->n_workers; i++)
		if (s->workers[i] > 0)
			kill(s->workers[i], signal_number);
}

/* The team finishes what it has in hand, and ends. */
static void stop_team(struct supervisor *s)
{
	const struct control c = { .type = CONTROL_STOP, .fds = { -1, -1 } };

	if (s->stopping)
		return;
	s->stopping = true;
	s->stop_at = clock_steady_us();
	for (int i = 0; i < SINGLES; i++)
		if (s->singles[i].pid)
			control_send(s->singles[i].control, &c);
}

static void ask_to_stop(struct supervisor *s)
{
	s->last = true;
	stop_team(s);
}

/* New rules are for a new team. When they are wrong the old ones stay in force. */
static void reload_rules(struct supervisor *s)
{
	struct err err = { 0 };

	if (s->stopping || !s->ready || !rules_watch_changed(&s->rules, clock_steady_us()))
		return;
	s->fresh = classifier_of(s->config, &err);
	if (!s->fresh) {
		log_event(LOG_ERROR, "rules-refused", "why=\"%s\" action=\"the rules before this change stay in force\"",
			  err.text);
		return;
	}
	if (*classifier_model_fault(s->fresh) && !*classifier_model_fault(s->classifier)) {
		log_event(LOG_ERROR, "model-refused", "why=\"%s\" action=\"what was read before stays in force\"",
			  classifier_model_fault(s->fresh));
		classifier_free(s->fresh);
		s->fresh = NULL;
		return;
	}
	log_event(LOG_INFO, "rules-changed", "action=\"a new team reads on with them\"");
	stop_team(s);
}

static void take_fresh_rules(struct supervisor *s)
{
	classifier_free(s->own);
	s->classifier = s->own = s->fresh;
	s->fresh = NULL;
	s->stopping = false;
	s->starts = 0;
}

static void describe_end(int status, bool overdue, char *how, size_t size)
{
	if (overdue)
		snprintf(how, size, "it ended its reader: longer than %d s", LIMIT_CAPTURE_MS / 1000);
	else if (WIFSIGNALED(status))
		snprintf(how, size, "it ended its reader: signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(how, size, "it ended its reader: exit code %d%s", WEXITSTATUS(status),
			 WEXITSTATUS(status) == 70 ? " (out of memory, or a fault of ours)" : "");
}

/* A report's folder is made where there is none, so its parent is what may be written. */
static const char *parent_of(const char *folder, struct arena *a)
{
	const char *slash = strrchr(folder, '/');

	return slash == folder ? "/" : slash ? arena_copy(a, (struct str){ folder, (size_t)(slash - folder) }).p : ".";
}

static int run_idle_job(const struct role *r, const struct birth *b)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	const struct audience_reports *all = r->config->audiences;
	const char *folders[LIMIT_AUDIENCES + AUDIENCES + 2] = { r->config->store.folder };
	struct err err = { 0 };

	for (size_t i = 0, n = 1; i < all->n; i++)
		if (all->items[i].folder)
			folders[n++] = parent_of(all->items[i].folder, a);
	confine_descriptors(&r->control, 1);
	{
		AUTO_FREE(store)
		store = store_open(&r->config->store, STORE_READ, &err); /* its server cannot be reached later */

		if (store && confine_writer(folders, &err) == 0 && b->options->on_idle(r->config, store, &err) == 0)
			return 0;
	}
	log_event(LOG_WARN, "report-failed", "why=\"%s\"", err.text);
	return err_exit_code(err.code);
}

static void went_idle(struct supervisor *s)
{
	struct birth b = { .run = run_idle_job, .options = s->options };

	if (!s->options->once && !s->options->progress)
		log_event(LOG_INFO, "round", "did=\"%s\"", s->summary);
	if (s->options->once)
		ask_to_stop(s);
	else if (s->options->on_idle && !s->stopping && !s->singles[IDLE_JOB].pid)
		start_single(s, IDLE_JOB, &b);
}

static void hear_role(struct supervisor *s, enum single which)
{
	struct birth indexer = { .run = run_indexer };
	struct control c;

	while (s->singles[which].pid && control_receive(s->singles[which].control, &c) > 0) {
		if (c.type == CONTROL_PROGRESS || c.type == CONTROL_IDLE) {
			snprintf(s->summary, s->size, "%s", c.text);
			s->starts = c.number > 0 ? 0 : s->starts;
			if (s->options->progress)
				fprintf(stderr, "\r\033[K%s", s->summary);
		}
		if (c.type == CONTROL_PROGRESS && !s->ready) {
			s->ready = true;
			if (!s->stopping && !s->singles[INDEXER].pid) /* who is started now is not told to stop */
				start_single(s, INDEXER, &indexer);
		}
		if (c.type == CONTROL_IDLE)
			went_idle(s);
		if (c.type == CONTROL_FAILED && which == INDEXER)
			log_event(LOG_WARN, "indexer-failed", "why=\"%s\"", c.text);
		else if (c.type == CONTROL_FAILED && !s->failure)
			s->failure = err_set(s->err, (int)c.number, "%s", c.text);
	}
}

static void single_ended(struct supervisor *s, enum single which, int status)
{
	struct member *m = &s->singles[which];

	close(m->control);
	*m = (struct member){ .control = -1 };
	if (which == IDLE_JOB || s->stopping)
		return;
	if (which == INDEXER) { /* it can lag; the next round tries again */
		log_event(LOG_WARN, "indexer-ended", "status=%d", status);
		return;
	}
	if (s->failure) {
		ask_to_stop(s);
		return;
	}
	log_event(LOG_ERROR, "process-ended", "name=%s %s=%d action=\"starting all of them anew\"", single_names[which],
		  WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	s->over = true;
}

static void worker_ended(struct supervisor *s, int slot, int status)
{
	bool overdue = atomic_load(&s->states[slot]->job) < 0;
	char how[CONTROL_TEXT];

	s->workers[slot] = 0;
	if (s->stopping || s->failure)
		return;
	describe_end(status, overdue, how, sizeof(how));
	log_event(LOG_WARN, "worker-ended", "slot=%d how=\"%s\"", slot, how);
	if (start_worker(s, slot, how) < 0)
		s->over = true;
}

static void collect_children(struct supervisor *s)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < SINGLES; i++) /* why it ended, before that it did: another may know */
			hear_role(s, (enum single)i);
		for (int i = 0; i < SINGLES; i++)
			if (s->singles[i].pid == pid)
				single_ended(s, (enum single)i, status);
		for (size_t i = 0; i < s->n_workers; i++)
			if (s->workers[i] == pid)
				worker_ended(s, (int)i, status);
	}
}

static void hear_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			ask_to_stop(s);
	}
	collect_children(s);
}

/* A worker that has had a capture for longer than its deadline is ended; its job's sign tells why. */
static void keep_deadlines(struct supervisor *s)
{
	int64_t now = clock_steady_us();

	for (size_t i = 0; i < s->n_workers; i++) {
		int64_t begun = atomic_load(&s->states[i]->begun_at);

		if (s->workers[i] > 0 && begun && now - begun > LIMIT_CAPTURE_MS * INT64_C(1000)) {
			atomic_store(&s->states[i]->begun_at, 0);
			atomic_store(&s->states[i]->job, -1);
			kill(s->workers[i], SIGKILL);
		}
	}
	if (!s->stopping || s->over) /* or they have been ended already */
		return;
	for (size_t i = 0; i < s->n_workers; i++)
		if (s->workers[i] > 0 && now - s->stop_at > STOP_MS * INT64_C(1000))
			kill(s->workers[i], SIGKILL);
	if (now - s->stop_at > KILL_MS * INT64_C(1000)) {
		for (int i = 0; i < SINGLES && !s->forced; i++)
			if (s->singles[i].pid)
				log_event(LOG_WARN, "ended-by-force", "name=%s why=\"it had %d ms to end\"", single_names[i],
					  KILL_MS);
		s->forced = true;
		end_team(s, SIGKILL);
	}
}

static bool anybody_runs(const struct supervisor *s)
{
	for (int i = 0; i < SINGLES; i++)
		if (s->singles[i].pid)
			return true;
	for (size_t i = 0; i < s->n_workers; i++)
		if (s->workers[i] > 0)
			return true;
	return false;
}

static void turn(struct supervisor *s)
{
	struct pollfd fds[SINGLES + 1] = { { .fd = s->signals, .events = POLLIN } };

	for (int i = 0; i < SINGLES; i++)
		fds[i + 1] = (struct pollfd){ .fd = s->singles[i].pid ? s->singles[i].control : -1, .events = POLLIN };
	poll(fds, SINGLES + 1, 100);
	for (int i = 0; i < SINGLES; i++)
		if (fds[i + 1].revents)
			hear_role(s, (enum single)i);
	hear_signals(s);
	keep_deadlines(s);
	reload_rules(s);
}

static int watch(struct supervisor *s)
{
	for (;;) {
		if (start_team(s) < 0) {
			end_team(s, SIGKILL);
			ask_to_stop(s);
		}
		s->over = false;
		while (anybody_runs(s) && !s->over)
			turn(s);
		if (s->fresh && !s->over && !s->last && !s->err->code) {
			take_fresh_rules(s);
			continue;
		}
		if (!s->over || s->last)
			return s->err->code;
		s->stopping = true; /* children that end now are expected to */
		end_team(s, SIGKILL);
		while (anybody_runs(s))
			turn(s);
		s->stopping = false;
		if (s->err->code)
			return s->err->code;
	}
}

static int signals_open(struct supervisor *s, sigset_t *before)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGHUP);
	sigprocmask(SIG_BLOCK, &wanted, before);
	s->signals = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
	return s->signals < 0 ? err_set(s->err, E_FAULT, "cannot wait for signals: %s", strerror(errno)) : 0;
}

/* Shared pages, one for each worker: a worker that was taken over can only lie about itself. */
static void states_open(struct supervisor *s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < s->n_workers; i++) {
		s->states[i] = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		MUST(s->states[i] != MAP_FAILED);
	}
}

static void states_close(struct supervisor *s)
{
	for (size_t i = 0; i < s->n_workers; i++)
		munmap(s->states[i], (size_t)sysconf(_SC_PAGESIZE));
}

int supervisor_run(const struct config *config, const struct classifier *classifier, const struct supervisor_options *options,
		   char *summary, size_t size, struct err *err)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct supervisor s = {
		.config = config, .classifier = classifier, .options = options, .summary = summary, .size = size, .err = err
	};
	sigset_t before;
	int lock, result;

	s.n_workers = (size_t)(config->workers ? config->workers : cores > 0 ? cores : 1);
	s.n_workers = s.n_workers < LIMIT_WORKERS ? s.n_workers : LIMIT_WORKERS;
	snprintf(summary, size, "nothing was due");
	err->code = 0;
	if (file_make_folder(config->store.folder, 0700, err) < 0)
		return err->code;
	lock = monitor_lock(config->store.folder, err);
	if (lock < 0)
		return lock;
	if (signals_open(&s, &before) < 0) {
		close(lock);
		return err->code;
	}
	states_open(&s);
	rules_watch_begin(&s.rules, options->once ? NULL : config->rules_folder, options->once ? NULL : config->watched);
	s.tongues = tongues_new();
	result = watch(&s);
	tongues_free(s.tongues);
	classifier_free(s.own);
	classifier_free(s.fresh);
	if (options->progress)
		fprintf(stderr, "\r\033[K");
	states_close(&s);
	close(s.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(lock);
	return result;
}
