/* test_crash.c - kill -9 of each process at random moments: nothing acknowledged is lost, nothing is stored twice */
#include "tests/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "store/finding.h"
#include "store/health.h"

enum { PASTES = TEST_SANITIZED ? 8000 : 24000, KILLS = TEST_SANITIZED ? 20 : 50 };
enum { ROUND_S = 240 }; /* beside all other tests */

static const char *const victims[] = { "wd-net", "wd-writer", "wd-worker", "wd-indexer", "supervisor" };

/* A site, a monitor and a folder for both. */
struct bench {
	char folder[64], config[128], store[128], url[128];
	pid_t site, monitor;
};

static const char *program(const char *variable, const char *otherwise)
{
	const char *path = getenv(variable);

	return path ? path : otherwise;
}

/* Start a program with its standard output in `out` and its standard error nowhere. */
static pid_t start_saying(const char *const *arguments, int out, int said)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(out >= 0 ? out : null, 1);
		dup2(said >= 0 ? said : null, 2);
		execv(arguments[0], (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	assert_true(pid > 0);
	return pid;
}

static pid_t start(const char *const *arguments, int out)
{
	return start_saying(arguments, out, -1);
}

static void start_site(struct bench *b)
{
	char bulk[16];
	const char *const arguments[] = { program("SITE", "build/gcc/site"), "--bulk", bulk, NULL };
	int ends[2];
	ssize_t n;

	snprintf(bulk, sizeof(bulk), "%d", PASTES);
	assert_int_equal(pipe(ends), 0);
	b->site = start(arguments, ends[1]);
	close(ends[1]);
	n = read(ends[0], b->url, sizeof(b->url) - 1);
	close(ends[0]);
	assert_true(n > 8);
	b->url[strcspn(b->url, "\n")] = '\0';
}

static void write_config(struct bench *b)
{
	AUTO(buf) text = BUF_INIT(4096);
	struct err err = { 0 };

	buf_printf(&text,
		   "organisation: Example Pictures\ncontact: watchdesk@example.com\nsources:\n"
		   "  - name: bulk\n    listing: %s/bulk/list/0\n    links: //td/a/@href\n    next: //a[@rel=\"next\"]/@href\n "
		   "   pages: 1000\n"
		   "    raw: %s/bulk/raw/{key}\n    pace: 0\n    every: 1h\n    allow_private: true\n",
		   b->url, b->url);
	assert_int_equal(file_replace(b->config, buf_str(&text), 0600, &err), 0);
}

static void start_monitor_saying(struct bench *b, const char *verb, int said)
{
	const char *const arguments[] = { program("WATCHDESK", "build/gcc/watchdesk"), verb, "--config", b->config, NULL };

	b->monitor = start_saying(arguments, -1, said);
}

static void start_monitor(struct bench *b, const char *verb)
{
	start_monitor_saying(b, verb, -1);
}

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	snprintf(b->folder, sizeof(b->folder), "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	snprintf(b->config, sizeof(b->config), "%s/watchdesk.yaml", b->folder);
	snprintf(b->store, sizeof(b->store), "%s/store", b->folder);
	start_site(b);
	write_config(b);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	kill(b->site, SIGTERM);
	waitpid(b->site, NULL, 0);
	file_remove_folder(b->folder, NULL);
	free(b);
	return 0;
}

/* The process of this name among the monitor's children; 0 when it has none just now. */
static pid_t child_named(pid_t monitor, const char *name, unsigned *random)
{
	char path[64], text[4096] = { 0 }, *rest;
	pid_t found[64];
	size_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)monitor, (long)monitor);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	for (rest = text; *rest && n < 64;) {
		long pid = strtol(rest, &rest, 10);
		char comm[32] = { 0 };

		while (*rest == ' ')
			rest++;
		snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && read(fd, comm, sizeof(comm) - 1) > 0 && strncmp(comm, name, strlen(name)) == 0)
			found[n++] = (pid_t)pid;
		if (fd >= 0)
			close(fd);
	}
	return n ? found[(size_t)rand_r(random) % n] : 0;
}

/* Wait until its processes are there; a monitor that ended instead fails the test. */
static void wait_until_at_work(const struct bench *b, unsigned *random)
{
	int status;

	while (!child_named(b->monitor, "wd-worker", random)) {
		if (waitpid(b->monitor, &status, WNOHANG) != 0)
			fail_msg("the monitor ended, status %d", status);
		poll(NULL, 0, 2);
	}
}

/* The end is promised within five seconds, by a clock of the supervisor's own; a busy machine may run it late. */
enum { PATIENCE_S = 30 };

/* Wait for the monitor to end by itself; its exit code, below 0 a signal. */
static int wait_for(pid_t pid, int seconds)
{
	int64_t end = clock_steady_us() + seconds * INT64_C(1000000);
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_steady_us() > end) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			fail_msg("it did not end within %d s", seconds);
		}
		poll(NULL, 0, 5);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int64_t posts_stored(const struct bench *b)
{
	struct finding_counts counts = { 0 };
	struct err err = { 0 };
	AUTO_FREE(store) store = store_open(&(struct store_place){ .folder = b->store }, STORE_READ, &err);

	if (store && finding_count(store, &counts, &err) < 0)
		fail_msg("%s", err.text);
	return counts.posts;
}

/* End one process; a monitor that lost its supervisor is started again. */
static void kill_one(struct bench *b, const char *victim, unsigned *random)
{
	if (strcmp(victim, "supervisor") != 0) {
		pid_t pid = child_named(b->monitor, victim, random);

		if (pid)
			kill(pid, SIGKILL);
		return;
	}
	kill(b->monitor, SIGKILL);
	waitpid(b->monitor, NULL, 0);
	start_monitor(b, "run");
}

static void kills_at_random_moments_lose_nothing_and_double_nothing(void **state)
{
	struct bench *b = *state;
	unsigned random = 20141216;
	int64_t before = 0;
	struct err err = { 0 };

	start_monitor(b, "run");
	for (int i = 0; i < KILLS; i++) {
		const char *victim = victims[(size_t)i % (sizeof(victims) / sizeof(victims[0]))];
		int64_t now;

		wait_until_at_work(b, &random);
		poll(NULL, 0, rand_r(&random) % 200);
		kill_one(b, victim, &random);
		now = posts_stored(b);
		if (now < before)
			fail_msg("after the end of %s %lld posts are there, %lld were", victim, (long long)now,
				 (long long)before);
		before = now;
	}
	wait_until_at_work(b, &random);
	kill(b->monitor, SIGTERM);
	assert_int_equal(wait_for(b->monitor, PATIENCE_S), 0);
	print_message("%lld of %d posts were stored between %d kills\n", (long long)before, PASTES, KILLS);
	start_monitor(b, "crawl");
	assert_int_equal(wait_for(b->monitor, ROUND_S), 0);
	assert_int_equal(posts_stored(b), PASTES); /* a post is one row for its key, so more would be doubles */
	{
		AUTO_FREE(store) store = store_open(&(struct store_place){ .folder = b->store }, STORE_READ, &err);

		assert_non_null(store);
		assert_int_equal(store_check(store, &err), 0);
	}
}

static void the_end_that_was_asked_for_comes(void **state)
{
	struct bench *b = *state;
	unsigned random = 1;
	bool forced = true;

	for (int tries = 0; tries < 5 && forced; tries++) { /* a machine that has other work may need force once */
		FILE *said = tmpfile();
		char line[512];

		start_monitor_saying(b, "run", fileno(said));
		wait_until_at_work(b, &random);
		poll(NULL, 0, 30); /* before there is an index */
		kill(b->monitor, SIGINT);
		assert_int_equal(wait_for(b->monitor, PATIENCE_S), 0);
		rewind(said);
		for (forced = false; fgets(line, sizeof(line), said);)
			forced |= strstr(line, "ended-by-force") != NULL;
		fclose(said);
		file_remove_folder(b->store, NULL);
	}
	assert_false(forced);
}

static void a_second_monitor_says_who_is_there(void **state)
{
	struct bench *b = *state;
	unsigned random = 1;
	pid_t first;

	start_monitor(b, "run");
	wait_until_at_work(b, &random);
	first = b->monitor;
	start_monitor(b, "crawl");
	assert_int_equal(wait_for(b->monitor, 30), 3);
	kill(first, SIGTERM);
	assert_int_equal(wait_for(first, PATIENCE_S), 0);
}

/* Descriptors of a process beyond the standard ones. */
static int descriptors_of(pid_t pid)
{
	struct dirent *entry;
	char path[64];
	DIR *folder;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)pid);
	folder = opendir(path);
	if (!folder)
		return -1;
	while ((entry = readdir(folder)))
		n += entry->d_name[0] != '.' && strtol(entry->d_name, NULL, 10) > 2;
	closedir(folder);
	return n;
}

static void a_running_worker_has_its_two_channels_open_and_nothing_else(void **state)
{
	struct bench *b = *state;
	unsigned random = 1;
	pid_t worker = 0;
	int n = -1;

	start_monitor(b, "run");
	for (int tries = 0; tries < 2000 && n != 2; tries++) {
		worker = child_named(b->monitor, "wd-worker", &random);
		n = worker ? descriptors_of(worker) : -1; /* a worker that has just been forked still closes what it got */
		poll(NULL, 0, 5);
	}
	assert_int_equal(n, 2);
	kill(b->monitor, SIGTERM);
	assert_int_equal(wait_for(b->monitor, PATIENCE_S), 0);
}

/* A mapping of a process that may be written. */
struct mapping {
	unsigned long from, to;
	bool undumped; /* no core dump holds it */
};

static size_t mappings_of(pid_t pid, struct mapping *out, size_t most)
{
	char path[64], line[512];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/smaps", (long)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		struct mapping m = { 0 };
		char permissions[8];

		if (sscanf(line, "%lx-%lx %7s", &m.from, &m.to, permissions) == 3 && strcmp(permissions, "rw-p") == 0 &&
		    n < most)
			out[n++] = m;
		if (n && strncmp(line, "VmFlags:", 8) == 0)
			out[n - 1].undumped |= strstr(line, " dd") && strstr(line, " wr ");
	}
	if (f)
		fclose(f);
	return n;
}

/* Bytes of another process; false when it does not show them. */
static bool peek(int memory, unsigned long at, char *out, size_t n)
{
	return pread(memory, out, n, (off_t)at) == (ssize_t)n;
}

/* The key of the receipts lies alone at the beginning of a page that no core dump holds. */
static bool find_key(pid_t pid, char key[DIGEST_KEY_BYTES])
{
	static const char zeros[4096];
	struct mapping all[2000];
	size_t n = mappings_of(pid, all, 2000);
	char path[64], page[4096];
	bool found = false;
	int memory;

	snprintf(path, sizeof(path), "/proc/%ld/mem", (long)pid);
	memory = open(path, O_RDONLY);
	for (size_t i = 0; i < n && !found; i++) {
		found = all[i].undumped && all[i].to - all[i].from == sizeof(page) &&
			peek(memory, all[i].from, page, sizeof(page)) && memcmp(page + 8, zeros, DIGEST_KEY_BYTES - 8) != 0 &&
			memcmp(page + DIGEST_KEY_BYTES, zeros, sizeof(page) - DIGEST_KEY_BYTES) == 0;
		if (found)
			memcpy(key, page, DIGEST_KEY_BYTES);
	}
	if (memory >= 0)
		close(memory);
	return found;
}

/* Is it anywhere in what a process can write? -1 when it does not show its memory. */
static int holds_key(pid_t pid, const char key[DIGEST_KEY_BYTES])
{
	enum { LARGEST = 512 << 20 }; /* beyond are the shadows of a sanitizer */
	struct mapping all[2000];
	size_t n = mappings_of(pid, all, 2000);
	char path[64];
	int memory, result = 0;

	snprintf(path, sizeof(path), "/proc/%ld/mem", (long)pid);
	memory = open(path, O_RDONLY);
	if (memory < 0)
		return -1;
	for (size_t i = 0; i < n && result == 0; i++) {
		size_t size = all[i].to - all[i].from;
		char *copy = size <= LARGEST ? malloc(size) : NULL;

		if (copy && peek(memory, all[i].from, copy, size) && memmem(copy, size, key, DIGEST_KEY_BYTES))
			result = 1;
		free(copy);
	}
	close(memory);
	return result;
}

static void only_net_and_writer_have_the_key_of_the_receipts(void **state)
{
	static const struct {
		const char *name;
		bool has_it;
	} rows[] = { { "wd-net", true }, { "wd-writer", true }, { "wd-worker", false }, { "wd-indexer", false } };
	struct bench *b = *state;
	char key[DIGEST_KEY_BYTES];
	unsigned random = 1;
	bool found = false;

	start_monitor(b, "run");
	wait_until_at_work(b, &random);
	for (int tries = 0; tries < 2000 && !found; tries++) { /* a worker may be there before it */
		found = find_key(child_named(b->monitor, "wd-net", &random), key);
		poll(NULL, 0, found ? 0 : 5);
	}
	if (!found) { /* a hardened kernel shows nothing */
		assert_true(geteuid() != 0);
		print_message("skipped: the memory of another process cannot be looked at\n");
		kill(b->monitor, SIGTERM);
		assert_int_equal(wait_for(b->monitor, PATIENCE_S), 0);
		return;
	}
	assert_int_equal(holds_key(b->monitor, key), 0); /* the supervisor has given it away */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pid_t pid = 0;

		while (!(pid = child_named(b->monitor, rows[i].name, &random)))
			poll(NULL, 0, 2);
		if (holds_key(pid, key) != rows[i].has_it)
			fail_msg("%s: %d, expected %d", rows[i].name, holds_key(pid, key), rows[i].has_it);
	}
	kill(b->monitor, SIGTERM);
	assert_int_equal(wait_for(b->monitor, PATIENCE_S), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kills_at_random_moments_lose_nothing_and_double_nothing),
		TEST(the_end_that_was_asked_for_comes),
		TEST(a_second_monitor_says_who_is_there),
		TEST(only_net_and_writer_have_the_key_of_the_receipts),
		TEST(a_running_worker_has_its_two_channels_open_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
