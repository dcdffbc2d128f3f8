/* test_writer.c - the writer among peers that the test plays: what it believes of a worker, and what it keeps */
#include "tests/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/protocol.h"
#include "desk/receipt.h"
#include "desk/role.h"
#include "store/custody.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/internal.h"
#include "store/takedown_check.h"
#include "tests/stores.h"

static const unsigned char key[DIGEST_KEY_BYTES] = "a key that only two processes ha";
static const unsigned char other_key[DIGEST_KEY_BYTES] = "a key that a worker has made up.";

static const char secret_text[] = "keep away, user@example.com:Sunflower#41 is ours";

/* A writer, and the ends of its channels that are ours. */
struct bench {
	struct test_place at;
	struct config *config;
	struct classifier *classifier;
	pid_t writer;
	int control;
	struct channel net, worker;
	struct err err;
	struct arena *a;
	struct job job; /* its strings are in `a` */
};

/* A configuration with one source, to which `lines` are added. */
static void load(struct bench *b, const char *lines)
{
	AUTO(buf) text = BUF_INIT(4096);
	char path[128];

	buf_printf(&text,
		   "organisation: Example Pictures\ncontact: watchdesk@example.com\n"
		   "assets:\n  - name: Example Pictures\n    domains: [example.com]\n"
		   "sources:\n  - name: board\n    files: [\"http://paste.example/raw/Ab\"]\n    every: 1h\n%s",
		   lines);
	snprintf(path, sizeof(path), "%s/watchdesk.yaml", b->at.folder);
	assert_int_equal(file_replace(path, buf_str(&text), 0600, &b->err), 0);
	b->config = config_load(path, &b->err);
	if (!b->config)
		fail_msg("%s", b->err.text);
	b->config->store = b->at.place;
	if (!b->classifier)
		b->classifier = classifier_of(b->config, &b->err);
	assert_non_null(b->classifier);
}

static void fork_writer(struct bench *b)
{
	int control[2], net[2];

	assert_int_equal(control_pair(control, &b->err), 0);
	assert_int_equal(channel_pair(net, &b->err), 0);
	fflush(NULL);
	b->writer = fork();
	if (b->writer == 0) {
		const struct role r = {
			.config = b->config,
			.classifier = b->classifier,
			.control = control[1],
			.once = true,
			.operator_name = STR("analyst"),
			.receipt_key = key,
		};

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

/* A writer with this configuration, which waits for its page. */
static void start_writer(struct bench *b, const char *lines)
{
	load(b, lines);
	fork_writer(b);
	wait_for_job(b);
	join_worker(b);
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
	close(b->control);
	config_free(b->config);
	b->config = NULL;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int set_up(void **state, enum db_engine engine)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->worker.fd = b->net.fd = -1;
	b->a = arena_new(LIMIT_ARENA);
	test_place_make_ready(&b->at, engine);
	*state = b;
	return 0;
}

static int on_sqlite(void **state)
{
	return set_up(state, DB_SQLITE);
}

static int on_postgresql(void **state)
{
	return set_up(state, DB_POSTGRESQL);
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	if (b->writer) {
		kill(b->writer, SIGKILL);
		waitpid(b->writer, NULL, 0);
	}
	channel_release(&b->net);
	channel_release(&b->worker);
	classifier_free(b->classifier);
	config_free(b->config);
	arena_free(b->a);
	test_place_remove(&b->at);
	free(b);
	return 0;
}

static struct store *open_store(struct bench *b)
{
	struct store *s = store_open(&b->at.place, STORE_READ, &b->err);

	if (!s)
		fail_msg("%s", b->err.text);
	return s;
}

/* Rows of a table. */
static int64_t rows_of(struct bench *b, const char *table)
{
	static const struct {
		const char *table, *sql;
	} rows[] = {
		{ "post", "SELECT count(*) FROM post" },	 { "capture", "SELECT count(*) FROM capture" },
		{ "evidence", "SELECT count(*) FROM evidence" }, { "custody", "SELECT count(*) FROM custody" },
		{ "finding", "SELECT count(*) FROM finding" },
	};
	static const struct db_arg none[] = { { 0 } };
	AUTO_FREE(store) s = open_store(b);
	int64_t n = -1;
	struct query *q;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].table, table) != 0)
			continue;
		assert_int_equal(db_get(s->db, &q, rows[i].sql, none, table, &b->err), 1);
		n = db_int(q, 0);
		db_end(q);
	}
	return n;
}

/* What the page of a worker is like, and how it lies. */
struct sent {
	const char *why;
	const unsigned char *key;
	double violence, leak;
	bool names_us;		       /* a mention of our asset */
	bool without_trail, unchanged; /* or without posts */
	bool empty;
	int64_t job, ticket; /* added to what is true */
	bool other_trail, cut_receipt;
};

static void put_trail(struct bench *b, struct buf *out)
{
	struct exchange x = { .url = b->job.url,
			      .request = STR("GET /raw/Ab HTTP/1.1\r\nHost: paste.example\r\n\r\n"),
			      .headers = STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
			      .body = str_of(secret_text),
			      .protocol = STR("http/1.1"),
			      .address = STR("192.0.2.7"),
			      .status = 200,
			      .started_at = INT64_C(1418752800050000),
			      .ended_at = INT64_C(1418752800090000) };

	trail_put(out, &(struct trail){ &x, 1 });
}

/* Send a page with one post as a worker does. */
static void send_page(struct bench *b, const struct sent *how)
{
	AUTO(buf) trail = BUF_INIT(LIMIT_TRAIL);
	AUTO(buf) receipt = BUF_INIT(LIMIT_RECEIPT);
	struct span secret = { 0, 28, 40 };
	struct mention mention = { STR("Example Pictures"), STR("example.com"), { 0, 16, 27 } };
	struct read_post post = { .post = { .key = STR("Ab"), .url = b->job.url, .text = str_of(secret_text) },
				  .assessment = {
					  .category = { [CATEGORY_VIOLENCE] = how->violence, [CATEGORY_LEAK] = how->leak },
					  .mentions = &mention,
					  .n_mentions = how->names_us,
					  .secrets = &secret,
					  .n_secrets = 1 } };
	const struct receipt facts = { .job = b->job.id + how->job,
				       .ticket = b->job.ticket + how->ticket,
				       .asked_url = b->job.url,
				       .url = b->job.url,
				       .address = STR("192.0.2.7"),
				       .status = 200,
				       .started_at = INT64_C(1418752800050000),
				       .ended_at = INT64_C(1418752800090000) };
	struct read_page page = { .id = b->job.id,
				  .body_digest = STR("01234567890123456789012345678901"),
				  .posts = &post,
				  .n_posts = !how->empty && !how->unchanged,
				  .unchanged = how->unchanged };

	put_trail(b, &trail);
	receipt_put(&receipt, &facts, str_of(secret_text), buf_str(&trail), how->key ? how->key : key);
	page.receipt = str_slice(buf_str(&receipt), 0, receipt.n - how->cut_receipt);
	if (how->other_trail)
		trail.p[trail.n - 1] ^= 1;
	if (!how->without_trail)
		page.trail = buf_str(&trail);
	read_page_put(message_begin(&b->worker, MESSAGE_PAGE), &page);
	assert_int_equal(message_end(&b->worker), 0);
	assert_int_equal(channel_flush(&b->worker), 1);
}

static void a_worker_that_lies_is_not_heard_again_and_one_that_does_not_is_believed(void **state)
{
	static const struct sent lies[] = {
		{ "a receipt of its own making", .key = other_key },
		{ "the receipt of another address", .job = 1 },
		{ "the receipt of an earlier visit", .ticket = -1 },
		{ "another trail", .other_trail = true },
		{ "a cut receipt", .cut_receipt = true },
	};
	struct bench *b = *state;

	start_writer(b, "");
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		send_page(b, &lies[i]);
		if (channel_fill(&b->worker) != E_IO) /* waits until it is closed */
			fail_msg("%s: the writer went on listening", lies[i].why);
		join_worker(b);
	}
	send_page(b, &(struct sent){ "the truth" });
	end_writer(b);
	assert_int_equal(rows_of(b, "post"), 1);
}

/* What a worker saw of a sign-in, with a receipt of its own making or for this ticket. */
static void send_signed(struct bench *b, const unsigned char *whose, int64_t ticket, bool in, bool has_form)
{
	AUTO(buf) receipt = BUF_INIT(LIMIT_RECEIPT);
	const struct receipt facts = { .job = b->job.id, .ticket = ticket, .url = b->job.url };
	struct login_field fields[] = { { STR("user"), { 0 } }, { STR("word"), { 0 } } };
	struct read_login l = { .id = b->job.id, .in = in };

	if (has_form)
		l.form = (struct login_form){ STR("http://127.0.0.1/do"), fields, 2, 0, 1 };
	receipt_put(&receipt, &facts, (struct str){ 0 }, (struct str){ 0 }, whose);
	l.receipt = buf_str(&receipt);
	read_login_put(message_begin(&b->worker, MESSAGE_SIGNED), &l);
	assert_int_equal(message_end(&b->worker), 0);
	assert_int_equal(channel_flush(&b->worker), 1);
}

/* Wait for the next step of the sign-in; its form is in `form`. */
static void wait_for_step(struct bench *b, enum login_step step, struct login_form *form)
{
	struct message m;

	while (message_next(&b->net, &m) <= 0)
		assert_int_equal(channel_fill(&b->net), 1);
	assert_int_equal(m.type, MESSAGE_LOGIN);
	job_take(&m, 1, &b->job);
	form_take(&m, b->a, form);
	assert_false(m.bad);
	assert_int_equal(b->job.step, step);
	assert_int_equal(b->job.id, login_id(0));
	b->job.url = arena_copy(b->a, b->job.url);
}

static void nothing_is_leased_before_the_source_is_in(void **state)
{
	struct bench *b = *state;
	struct login_form form;

	load(b, "    login: {url: 'http://127.0.0.1/in', user: me, password: 'env:WORD', signed_in: //a}\n");
	fork_writer(b);
	wait_for_step(b, LOGIN_ASK, &form);
	join_worker(b);
	send_signed(b, other_key, b->job.ticket, true, false); /* a worker that says so itself */
	assert_int_equal(channel_fill(&b->worker), E_IO);
	join_worker(b);
	send_signed(b, key, b->job.ticket - 1, true, false); /* of an earlier step: passed over */
	send_signed(b, key, b->job.ticket, false, true);
	wait_for_step(b, LOGIN_SEND, &form);
	assert_str(form.fields[form.password].name, "word");
	send_signed(b, key, b->job.ticket, false, true);
	wait_for_step(b, LOGIN_CHECK, &form);
	send_signed(b, key, b->job.ticket, true, false);
	wait_for_job(b);
	assert_int_equal(b->job.step, LOGIN_NONE);
	assert_str(b->job.url, "http://paste.example/raw/Ab");
	end_writer(b);
}

static void what_is_kept_of_a_capture_depends_on_what_it_said(void **state)
{
	static const struct {
		struct sent page;
		int captures, findings, sealed, entries;
	} rows[] = {
		{ { "an ordinary text", .violence = 0.1 }, 1, 0, 0, 0 },
		{ { "a finding that matters little", .leak = 0.6 }, 1, 1, 0, 1 },
		{ { "one that matters", .violence = 0.97, .names_us = true }, 1, 1, 1, 1 },
		{ { "one whose trail was too large", .violence = 0.97, .names_us = true, .without_trail = true }, 1, 1, 0, 1 },
		{ { "a page without a post", .empty = true }, 0, 0, 0, 0 },
		{ { "a page that is as it was", .unchanged = true }, 0, 0, 0, 0 },
	};
	struct bench *b = *state;
	enum db_engine engine = b->at.place.database ? DB_POSTGRESQL : DB_SQLITE;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_writer(b, "");
		send_page(b, &rows[i].page);
		end_writer(b);
		if (rows_of(b, "capture") != rows[i].captures || rows_of(b, "finding") != rows[i].findings ||
		    rows_of(b, "evidence") != rows[i].sealed || rows_of(b, "custody") != rows[i].entries)
			fail_msg("%s: %d captures, %d findings, %d sealed, %d entries", rows[i].page.why,
				 (int)rows_of(b, "capture"), (int)rows_of(b, "finding"), (int)rows_of(b, "evidence"),
				 (int)rows_of(b, "custody"));
		test_place_remove(&b->at);
		test_place_make_ready(&b->at, engine);
	}
}

static void a_page_that_has_nothing_new_leaves_no_capture(void **state)
{
	static const struct sent page = { "the same finding", .violence = 0.97, .names_us = true };
	struct bench *b = *state;

	for (int i = 0; i < 3; i++) {
		start_writer(b, "");
		send_page(b, &page);
		end_writer(b);
		assert_int_equal(rows_of(b, "capture"), 1);
		assert_int_equal(rows_of(b, "evidence"), 1);
		assert_int_equal(rows_of(b, "custody"), 1);
	}
}

/* Is there a record of this type that holds it? */
static bool has_record(struct str warc, const char *type, struct str part, struct err *err)
{
	AUTO(warc_reader) r = { .bytes = warc, .record = BUF_INIT(LIMIT_RECORD) };
	struct warc_record record;
	int more;

	while ((more = warc_next(&r, &record, err)) > 0)
		if (str_eq(record.type, str_of(type)) && str_find(record.block, part) >= 0)
			return true;
	assert_int_equal(more, 0);
	return false;
}

static void a_finding_is_sealed_with_all_that_was_on_the_wire(void **state)
{
	static const struct {
		const char *type, *part;
	} parts[] = {
		{ "request", "GET /raw/Ab HTTP/1.1\r\n" },
		{ "response",
		  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nkeep away, user@example.com:Sunflower#41 is ours" },
		{ "conversion", "user@example.com:Sunflower#41" }, /* unmasked */
		{ "metadata", "configuration-sha256: " },
		{ "metadata", "operator: analyst" },
		{ "metadata", "source: board" },
		{ "metadata", "program: watchdesk " },
	};
	struct bench *b = *state;
	const struct evidence_filter all = { 0 };
	AUTO(buf) warc = BUF_INIT(LIMIT_ITEM);
	AUTO(seal_private) private_key;
	struct custody_row *entries;
	struct evidence_row *items;
	size_t n = 0;

	start_writer(b, "");
	send_page(b, &(struct sent){ "it", .violence = 0.97, .names_us = true });
	end_writer(b);
	{
		AUTO_FREE(store) s = open_store(b);

		assert_int_equal(evidence_list(s, &all, b->a, &items, &n, &b->err), 0);
		assert_int_equal(n, 1);
		assert_int_equal(seal_private_read(b->at.folder, NULL, &private_key, &b->err), 0);
		assert_int_equal(evidence_open(s, items[0].id, &private_key, &warc, &b->err), 0);
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (!has_record(buf_str(&warc), parts[i].type, str_of(parts[i].part), &b->err))
				fail_msg("no %s with %s", parts[i].type, parts[i].part);
		assert_int_equal(custody_list(s, &(struct custody_filter){ 0 }, b->a, &entries, &n, &b->err), 0);
		assert_int_equal(n, 1);
		assert_true(str_find(entries[0].entry.detail, items[0].public_id) > 0);
		assert_str(entries[0].entry.operator_name, "analyst");
	}
}

static void ignoring_robots_is_in_custody_once_for_each_reason(void **state)
{
	static const struct {
		const char *why, *lines, *last;
		int entries;
	} rows[] = {
		{ "obeyed, as most are", "", "", 0 },
		{ "ignored", "    ignore_robots: the owner agreed\n    operator: J. Doe\n", "the owner agreed", 1 },
		{ "still ignored", "    ignore_robots: the owner agreed\n    operator: J. Doe\n", "the owner agreed", 1 },
		{ "for another reason", "    ignore_robots: a court ordered it\n    operator: J. Doe\n", "a court ordered it",
		  2 },
		{ "somebody else answers for it", "    ignore_robots: a court ordered it\n    operator: M. Roe\n",
		  "a court ordered it", 3 },
		{ "obeyed again", "", "\"obeyed\"", 4 },
		{ "still obeyed", "", "\"obeyed\"", 4 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct custody_row *entries;
		size_t n;

		start_writer(b, rows[i].lines);
		send_page(b, &(struct sent){ "any", .empty = true });
		end_writer(b);
		{
			AUTO_FREE(store) s = open_store(b);

			assert_int_equal(custody_list(s, &(struct custody_filter){ 0 }, b->a, &entries, &n, &b->err), 0);
		}
		if (n != (size_t)rows[i].entries)
			fail_msg("%s: %zu entries", rows[i].why, n);
		if (n && str_find(entries[n - 1].entry.detail, str_of(rows[i].last)) < 0)
			fail_msg("%s: the last says %.*s", rows[i].why, STR_ARG(entries[n - 1].entry.detail));
	}
}

/* Longer than anybody waits for a turn: the writer says so and waits on. */
static void a_store_that_is_held_for_long_does_not_end_the_watch(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(store) s = NULL;

	start_writer(b, "");
	s = store_open(&b->at.place, STORE_WRITE, &b->err);
	assert_non_null(s);
	assert_int_equal(store_begin(s, &b->err), 0);
	send_page(b, &(struct sent){ "any", .violence = 0.9 });
	usleep((DB_WAIT_MS + 700) * 1000);
	store_rollback(s);
	end_writer(b);
	assert_int_equal(rows_of(b, "post"), 1);
}

#define ON_SQLITE(name)	    cmocka_unit_test_setup_teardown(name, on_sqlite, tear_down)
#define ON_POSTGRESQL(name) cmocka_unit_test_setup_teardown(name, on_postgresql, tear_down)

/* A finding with a takedown whose target is due, and a writer that has given it out. */
static int64_t start_look(struct bench *b)
{
	struct takedown_case c = { .grounds = STR("threat"), .operator_name = STR("analyst") };
	struct finding_filter all = { .with_dismissed = true };
	int64_t id = 0, target_id = 0;
	struct finding *findings;
	struct str public_id;
	struct message m;
	size_t n;

	start_writer(b, "");
	send_page(b, &(struct sent){ "it", .violence = 0.97, .names_us = true });
	end_writer(b);
	{
		AUTO_FREE(store) s = store_open(&b->at.place, STORE_WRITE, &b->err);

		assert_int_equal(finding_list(s, &all, b->a, &findings, &n, &b->err), 0);
		c.finding_id = findings[0].id;
		assert_int_equal(store_begin(s, &b->err), 0);
		assert_int_equal(takedown_open(s, &c, 5, b->a, &id, &public_id, &b->err), 0);
		assert_int_equal(takedown_target_add(s, id, b->job.url, STR("analyst"), 5, &target_id, &b->err), 1);
		assert_int_equal(takedown_target_due(s, target_id, 5, &b->err), 0);
		assert_int_equal(store_commit(s, &b->err), 0);
	}
	load(b, "");
	assert_int_equal(config_add_recheck(b->config, &b->err), 0);
	fork_writer(b);
	do {
		while (message_next(&b->net, &m) <= 0)
			assert_int_equal(channel_fill(&b->net), 1);
		job_take(&m, 2, &b->job);
		assert_false(m.bad);
		b->job.url = arena_copy(b->a, b->job.url);
	} while (b->job.kind != PAGE_TARGET);
	assert_int_equal(b->job.source, 0); /* who reads this host */
	join_worker(b);
	return target_id;
}

/* What is seen at it. */
static void send_look(struct bench *b, int status, const char *text, const unsigned char *whose)
{
	AUTO(buf) trail = BUF_INIT(LIMIT_TRAIL);
	AUTO(buf) receipt = BUF_INIT(LIMIT_RECEIPT);
	const struct receipt facts = {
		.job = b->job.id, .ticket = b->job.ticket, .asked_url = b->job.url, .url = b->job.url, .status = status
	};
	struct read_page page = { .id = b->job.id, .text = str_of(text), .etag = STR("\"1\"") };

	put_trail(b, &trail);
	receipt_put(&receipt, &facts, str_of(secret_text), buf_str(&trail), whose);
	page.receipt = buf_str(&receipt);
	page.trail = buf_str(&trail);
	read_page_put(message_begin(&b->worker, MESSAGE_PAGE), &page);
	assert_int_equal(message_end(&b->worker), 0);
	assert_int_equal(channel_flush(&b->worker), 1);
}

static void send_outcome(struct bench *b, enum outcome_kind kind, const char *class_name, const char *detail)
{
	const struct outcome o = {
		.id = b->job.id, .kind = kind, .class_name = str_of(class_name), .url = b->job.url, .detail = str_of(detail)
	};

	outcome_put(message_begin(&b->net, MESSAGE_OUTCOME), &o);
	assert_int_equal(message_end(&b->net), 0);
	assert_int_equal(channel_flush(&b->net), 1);
}

static void what_is_seen_at_a_target_is_believed_of_who_has_a_receipt(void **state)
{
#define HOURS INT64_C(3600000000)
	static const struct {
		const char *why;
		int status; /* 0: no page, but the outcome */
		const char *text, *how;
		enum look_result result;
		enum outcome_kind outcome;
		bool lies;
		int sealed;
		int64_t least, most; /* until the next look */
	} rows[] = {
		{ "it stands there", 200, "Home. keep away, user@example.com:************ is ours. Foot", "it stands there",
		  LOOK_THERE, .sealed = 1, .least = 12 * HOURS, .most = 14 * HOURS },
		{ "it is gone", 404, "", "status 404", LOOK_GONE, .sealed = 2, .least = 12 * HOURS, .most = 14 * HOURS },
		{ "a worker says that it is gone", 404, "", "quarantine: signal 9", LOOK_UNCLEAR, OUTCOME_QUARANTINED,
		  .lies = true, .sealed = 1, .least = 24 * HOURS, .most = 27 * HOURS },
		{ "a page that ends its readers", 0, "", "quarantine: signal 9", LOOK_UNCLEAR, OUTCOME_QUARANTINED, .sealed = 1,
		  .least = 24 * HOURS, .most = 27 * HOURS },
		{ "another text, seen once", 200, "the library opens at ten and is closed on mondays",
		  "another text stands there", LOOK_UNCLEAR, .sealed = 1, .least = HOURS / 4, .most = HOURS / 3 },
	};
#undef HOURS
	struct bench *b = *state;
	enum db_engine engine = b->at.place.database ? DB_POSTGRESQL : DB_SQLITE;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t target_id = start_look(b), now = clock_now_us();
		struct takedown_target *targets;
		struct takedown_look *looks;
		size_t n = 0, n_targets = 0;

		if (rows[i].status)
			send_look(b, rows[i].status, rows[i].text, rows[i].lies ? other_key : key);
		if (rows[i].lies)
			assert_int_equal(channel_fill(&b->worker), E_IO);
		if (rows[i].lies || !rows[i].status)
			send_outcome(b, rows[i].outcome, "quarantine", "signal 9");
		end_writer(b);
		{
			AUTO_FREE(store) s = open_store(b);

			assert_int_equal(takedown_looks(s, target_id, b->a, &looks, &n, &b->err), 0);
			assert_int_equal(takedown_targets(s, 1, b->a, &targets, &n_targets, &b->err), 0);
		}
		if (n != 1 || looks[0].result != rows[i].result || !str_eq(looks[0].how, str_of(rows[i].how)))
			fail_msg("%s: %zu looks, %.*s", rows[i].why, n, n ? (int)looks[0].how.n : 0, n ? looks[0].how.p : "");
		if (targets[0].recheck_at - now < rows[i].least || targets[0].recheck_at - now > rows[i].most)
			fail_msg("%s: again in %lld s", rows[i].why, (long long)(targets[0].recheck_at - now) / 1000000);
		assert_int_equal(rows_of(b, "evidence"), rows[i].sealed);
		test_place_remove(&b->at);
		test_place_make_ready(&b->at, engine);
	}
}

int main(void)
{
	const struct CMUnitTest sqlite[] = {
		ON_SQLITE(a_worker_that_lies_is_not_heard_again_and_one_that_does_not_is_believed),
		ON_SQLITE(nothing_is_leased_before_the_source_is_in),
		ON_SQLITE(what_is_kept_of_a_capture_depends_on_what_it_said),
		ON_SQLITE(a_page_that_has_nothing_new_leaves_no_capture),
		ON_SQLITE(a_finding_is_sealed_with_all_that_was_on_the_wire),
		ON_SQLITE(what_is_seen_at_a_target_is_believed_of_who_has_a_receipt),
		ON_SQLITE(ignoring_robots_is_in_custody_once_for_each_reason),
		ON_SQLITE(a_store_that_is_held_for_long_does_not_end_the_watch),
	};
	const struct CMUnitTest postgresql[] = {
		ON_POSTGRESQL(a_worker_that_lies_is_not_heard_again_and_one_that_does_not_is_believed),
		ON_POSTGRESQL(nothing_is_leased_before_the_source_is_in),
		ON_POSTGRESQL(what_is_kept_of_a_capture_depends_on_what_it_said),
		ON_POSTGRESQL(a_page_that_has_nothing_new_leaves_no_capture),
		ON_POSTGRESQL(a_finding_is_sealed_with_all_that_was_on_the_wire),
		ON_POSTGRESQL(what_is_seen_at_a_target_is_believed_of_who_has_a_receipt),
		ON_POSTGRESQL(ignoring_robots_is_in_custody_once_for_each_reason),
		ON_POSTGRESQL(a_store_that_is_held_for_long_does_not_end_the_watch),
	};
	int failed = cmocka_run_group_tests_name("writer on SQLite", sqlite, NULL, NULL);

	if (test_has_engine(DB_POSTGRESQL))
		failed += cmocka_run_group_tests_name("writer on PostgreSQL", postgresql, NULL, NULL);
	return failed;
}
