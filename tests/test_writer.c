/* test_writer.c - the writer among peers that the test plays: what it believes of a worker, and what it keeps */
#include "tests/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/protocol.h"
#include "desk/receipt.h"
#include "desk/role.h"
#include "store/finding.h"

static const unsigned char key[DIGEST_KEY_BYTES] = "a key that only two processes ha";
static const unsigned char other_key[DIGEST_KEY_BYTES] = "a key that a worker has made up.";

/* A writer, and the ends of its channels that are ours. */
struct bench {
	char folder[64];
	struct config *config;
	struct classifier *classifier;
	pid_t writer;
	int control;
	struct channel net, worker;
	struct err err;
	struct arena *a;
	struct job job; /* its strings are in `a` */
};

static void write_config(struct bench *b, char *path, size_t size)
{
	static const char text[] = "organisation: Example Pictures\ncontact: watchdesk@example.com\n"
				   "assets:\n  - name: Example Pictures\n    domains: [example.com]\n"
				   "sources:\n  - name: board\n    files: [\"http://paste.example/raw/Ab\"]\n    every: 1h\n";

	snprintf(path, size, "%s/watchdesk.yaml", b->folder);
	assert_int_equal(file_replace(path, str_of(text), 0600, &b->err), 0);
}

static void start_writer(struct bench *b)
{
	int control[2], net[2];

	assert_int_equal(control_pair(control, &b->err), 0);
	assert_int_equal(channel_pair(net, &b->err), 0);
	fflush(NULL);
	b->writer = fork();
	if (b->writer == 0) {
		const struct role r = { .config = b->config,
					.classifier = b->classifier,
					.control = control[1],
					.once = true,
					.receipt_key = key };

		_exit(role_writer(&r, net[1]));
	}
	close(control[1]);
	close(net[1]);
	b->control = control[0];
	channel_open(&b->net, net[0], true);
}

/* The supervisor's word of a new worker, whose end is ours. */
static void join_worker(struct bench *b)
{
	struct control c = { .type = CONTROL_PEER, .fds = { -1, -1 } };
	int ends[2];

	channel_release(&b->worker);
	assert_int_equal(channel_pair(ends, &b->err), 0);
	c.fds[0] = ends[0];
	assert_int_equal(control_send(b->control, &c), 0);
	close(ends[0]);
	channel_open(&b->worker, ends[1], true);
}

/* Wait for the one job there is. */
static void wait_for_job(struct bench *b)
{
	struct message m;

	while (message_next(&b->net, &m) <= 0)
		assert_int_equal(channel_fill(&b->net), 1);
	assert_int_equal(m.type, MESSAGE_JOB);
	job_take(&m, 1, &b->job);
	assert_false(m.bad);
	b->job.url = arena_copy(b->a, b->job.url);
}

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	char path[128];

	b->worker.fd = -1;
	b->a = arena_new(LIMIT_ARENA);
	strcpy(b->folder, "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	write_config(b, path, sizeof(path));
	b->config = config_load(path, &b->err);
	b->classifier = b->config ? classifier_of(b->config, &b->err) : NULL;
	if (!b->classifier)
		fail_msg("%s", b->err.text);
	start_writer(b);
	wait_for_job(b);
	join_worker(b);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	if (b->writer)
		kill(b->writer, SIGKILL);
	waitpid(b->writer, NULL, 0);
	channel_release(&b->net);
	channel_release(&b->worker);
	close(b->control);
	classifier_free(b->classifier);
	config_free(b->config);
	arena_free(b->a);
	file_remove_folder(b->folder, NULL);
	free(b);
	return 0;
}

/* Tell the writer to stop, and wait until it has. */
static void end_writer(struct bench *b)
{
	const struct control stop = { .type = CONTROL_STOP, .fds = { -1, -1 } };
	int status;

	assert_int_equal(control_send(b->control, &stop), 0);
	channel_release(&b->net);
	channel_release(&b->worker);
	assert_int_equal(waitpid(b->writer, &status, 0), b->writer);
	b->writer = 0;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int64_t posts_stored(struct bench *b)
{
	struct finding_counts counts = { 0 };
	AUTO_FREE(store) store = store_open(&b->config->store, STORE_READ, &b->err);

	if (!store || finding_count(store, &counts, &b->err) < 0)
		fail_msg("%s", b->err.text);
	return counts.posts;
}

/* How a page is to lie. */
struct lie {
	const char *why;
	const unsigned char *key;
	int64_t job, ticket; /* added to what is true */
	bool other_trail, cut_receipt;
};

static void put_trail(struct bench *b, struct buf *out)
{
	struct exchange x = { .url = b->job.url,
			      .request = STR("GET /raw/Ab HTTP/1.1\r\nHost: paste.example\r\n\r\n"),
			      .headers = STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
			      .body = STR("an ordinary text"),
			      .protocol = STR("http/1.1"),
			      .address = STR("192.0.2.7"),
			      .status = 200,
			      .started_at = 1,
			      .ended_at = 2 };

	trail_put(out, &(struct trail){ &x, 1 });
}

/* Send a page with one post as a worker does. */
static void send_page(struct bench *b, const struct lie *lie)
{
	AUTO(buf) trail = BUF_INIT(LIMIT_TRAIL);
	AUTO(buf) receipt = BUF_INIT(LIMIT_RECEIPT);
	struct read_post post = { .post = { .key = STR("Ab"), .url = b->job.url, .text = STR("an ordinary text") } };
	const struct receipt facts = { .job = b->job.id + lie->job,
				       .ticket = b->job.ticket + lie->ticket,
				       .asked_url = b->job.url,
				       .url = b->job.url,
				       .address = STR("192.0.2.7"),
				       .status = 200,
				       .started_at = 1,
				       .ended_at = 2 };
	struct read_page page = {
		.id = b->job.id, .body_digest = STR("01234567890123456789012345678901"), .posts = &post, .n_posts = 1
	};

	put_trail(b, &trail);
	receipt_put(&receipt, &facts, STR("an ordinary text"), buf_str(&trail), lie->key);
	page.receipt = str_slice(buf_str(&receipt), 0, receipt.n - lie->cut_receipt);
	if (lie->other_trail)
		trail.p[trail.n - 1] ^= 1;
	page.trail = buf_str(&trail);
	read_page_put(message_begin(&b->worker, MESSAGE_PAGE), &page);
	assert_int_equal(message_end(&b->worker), 0);
	assert_int_equal(channel_flush(&b->worker), 1);
}

static void a_worker_that_lies_is_not_heard_again_and_one_that_does_not_is_believed(void **state)
{
	static const struct lie lies[] = {
		{ "a receipt of its own making", other_key, 0, 0, false, false },
		{ "the receipt of another address", key, 1, 0, false, false },
		{ "the receipt of an earlier visit", key, 0, -1, false, false },
		{ "another trail", key, 0, 0, true, false },
		{ "a cut receipt", key, 0, 0, false, true },
	};
	static const struct lie truth = { "the truth", key, 0, 0, false, false };
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		send_page(b, &lies[i]);
		if (channel_fill(&b->worker) != E_IO) /* waits until it is closed */
			fail_msg("%s: the writer went on listening", lies[i].why);
		join_worker(b);
	}
	send_page(b, &truth);
	end_writer(b);
	assert_int_equal(posts_stored(b), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_worker_that_lies_is_not_heard_again_and_one_that_does_not_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
