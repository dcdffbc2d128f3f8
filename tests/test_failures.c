/* test_failures.c - a call to the disk or the server fails, one after the other, until none does: it is said, nothing is lost
 * or doubled */
#include "tests/support.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "store/finding.h"
#include "store/frontier.h"
#include "store/search.h"
#include "tests/lossy_vfs.h"
#include "tests/stores.h"

enum { GROUPS = 2, POSTS = 2 };

#define SECOND INT64_C(1000000)

/* A store, and how many groups of it were acknowledged. */
struct bench {
	struct test_place at;
	const char *folder, *named; /* named: what a sentence must name */
	struct store *store;
	struct arena *a;
	int64_t source, classifier;
	int acknowledged;
	struct err err;
};

static int set_up_on(void **state, enum db_engine engine)
{
	struct bench *b = calloc(1, sizeof(*b));

	test_place_make(&b->at, engine);
	b->folder = b->at.folder;
	b->named = engine == DB_SQLITE ? b->folder : "postgresql://";
	b->a = arena_new(16 << 20);
	*state = b;
	return 0;
}

static int set_up(void **state)
{
	return set_up_on(state, DB_SQLITE);
}

static int set_up_postgresql(void **state)
{
	return set_up_on(state, DB_POSTGRESQL);
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	store_free(b->store);
	arena_free(b->a);
	test_place_remove(&b->at);
	free(b);
	return 0;
}

/* The work: each piece answers 0 or the error. */

static int put_post(struct bench *b, int group, int i)
{
	struct str reason = STR("a reason"), term = STR("leak: +70");
	struct stored_hit hit = { .rule = STR("r"), .label = STR("l"), .masked = STR("ab**"), .why = STR("w"), .end = 3 };
	struct stored_post p = { .source_id = b->source,
				 .key = arena_printf(b->a, "%d-%d", group, i),
				 .url = STR("https://paste.example.net/1"),
				 .text = arena_printf(b->a, "group%d post%d", group, i),
				 .assessment = { .classifier_id = b->classifier, .category = STR("leak") } };
	struct stored_result result;

	if (i % 2) {
		p.assessment.severity = 75;
		p.assessment.hits = &hit;
		p.assessment.reasons = &reason;
		p.assessment.terms = &term;
		p.assessment.n_hits = p.assessment.n_reasons = p.assessment.n_terms = 1;
	}
	return store_post(b->store, &p, group * SECOND, &result, &b->err);
}

static int put_address(struct bench *b, int group)
{
	struct str url = arena_printf(b->a, "https://paste.example.net/list/%d", group);
	struct frontier_entry e = { .source_id = b->source, .due_at = group, .key = url, .url = url };
	struct frontier_outcome o = { .due_at = 1000 * SECOND, .etag = STR("\"e\"") };
	struct frontier_wish wish = { b->source, 5 * SECOND, 9 * SECOND, 10 };
	struct frontier_job *jobs;
	int n = frontier_add(b->store, &e, &b->err);

	if (n >= 0)
		n = frontier_lease(b->store, &wish, b->a, &jobs, &b->err);
	for (int i = 0; i < n; i++)
		if (frontier_done(b->store, jobs[i].id, &o, &b->err) < 0)
			return b->err.code;
	return n;
}

static int put_rows(struct bench *b, int group)
{
	const unsigned char rules[DIGEST_BYTES] = { 1 }, assets[DIGEST_BYTES] = { 2 };

	if (store_source(b->store, STR("pastes"), &b->source, &b->err) < 0 ||
	    store_classifier(b->store, &(struct stored_classifier){ rules, assets, STR("1") }, 5, &b->classifier, &b->err) < 0)
		return b->err.code;
	for (int i = 0; i < POSTS; i++)
		if (put_post(b, group, i) < 0)
			return b->err.code;
	return put_address(b, group);
}

static int put_group(struct bench *b, int group)
{
	if (store_begin(b->store, &b->err) < 0)
		return b->err.code;
	if (put_rows(b, group) < 0) {
		store_rollback(b->store);
		return b->err.code;
	}
	if (store_commit(b->store, &b->err) < 0)
		return b->err.code;
	if (group >= b->acknowledged)
		b->acknowledged = group + 1;
	return 0;
}

static int index_all(struct bench *b)
{
	AUTO_FREE(search) x = search_open(b->store, true, &b->err);
	int n = x ? 1 : b->err.code;

	while (n > 0)
		n = search_index(x, 3, &b->err);
	return n;
}

static int make_store(struct bench *b)
{
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	return b->store ? 0 : b->err.code;
}

static int work(struct bench *b)
{
	if (make_store(b) < 0)
		return b->err.code;
	for (int group = 0; group < GROUPS; group++)
		if (put_group(b, group) < 0 || (group % 2 == 0 && index_all(b) < 0))
			return b->err.code;
	return 0;
}

/* What was lost is only the index: it is made anew. */
static int work_on_a_lost_index(struct bench *b)
{
	b->store = store_open(&b->at.place, STORE_WRITE, &b->err);
	return b->store ? index_all(b) : b->err.code;
}

static void close_store(struct bench *b)
{
	store_free(b->store);
	b->store = NULL;
	arena_clear(b->a);
}

/* What must hold. */

static void must_do(struct bench *b, int result, const char *what)
{
	if (result < 0)
		fail_msg("%s: %s", what, b->err.text);
}

static void check_error(const struct bench *b, int result)
{
	if (result != b->err.code || (result != E_IO && result != E_FULL && result != E_STORE))
		fail_msg("%d is not the error of a disk that fails (%s)", result, b->err.text);
	if (strlen(b->err.text) < 20 || !strstr(b->err.text, b->named))
		fail_msg("\"%s\" does not say what failed", b->err.text);
}

static void check_posts(struct bench *b, int least)
{
	struct finding_counts counts;

	must_do(b, finding_count(b->store, &counts, &b->err), "counting");
	if (counts.posts < least * POSTS || counts.posts > GROUPS * POSTS || counts.posts % POSTS)
		fail_msg("%lld posts are there, %d were acknowledged", (long long)counts.posts, least * POSTS);
	assert_int_equal(counts.high, counts.posts / POSTS);
}

/* Every post is found by the words that only its group has. */
static void check_index(struct bench *b)
{
	AUTO_FREE(search) x = search_open(b->store, false, &b->err);

	must_do(b, x ? 0 : -1, "opening the index");
	for (int group = 0; group < GROUPS; group++) {
		struct search_row *rows;
		size_t n = 0;

		must_do(b, search_find(x, arena_printf(b->a, "group%d", group), 10, b->a, &rows, &n, &b->err), "searching");
		if (n != POSTS)
			fail_msg("the index has %zu posts of group %d", n, group);
	}
}

static void check_addresses(struct bench *b)
{
	int64_t known, due;

	must_do(b, frontier_count(b->store, b->source, 999 * SECOND, &known, &due, &b->err), "counting addresses");
	assert_int_equal(known, GROUPS);
	assert_int_equal(due, 0); /* each was answered */
}

static void check_survivors(struct bench *b)
{
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	must_do(b, b->store ? 0 : -1, "opening it again");
	must_do(b, store_check(b->store, &b->err), "checking it");
	check_posts(b, b->acknowledged);
	close_store(b);
}

static void check_repeated(struct bench *b)
{
	must_do(b, work(b), "doing it again");
	must_do(b, index_all(b), "indexing the rest");
	check_posts(b, GROUPS);
	check_addresses(b);
	check_index(b);
	close_store(b);
}

/* Transient faults and ones that stay, of the disk and of its space, in turn. */
static struct lossy_plan plan_of(uint64_t n)
{
	return (struct lossy_plan){
		.keeps = true, .fail_at = n, .code = n % 2 ? SQLITE_IOERR : SQLITE_FULL, .stays = n / 2 % 2
	};
}

static struct lossy_count run(struct bench *b, int (*piece)(struct bench *), const struct lossy_plan *plan)
{
	struct lossy_count count;
	int result;

	b->err = (struct err){ 0 };
	lossy_begin(plan);
	result = piece(b);
	close_store(b);
	count = lossy_end();
	if (result < 0)
		check_error(b, result);
	if (result < 0 && !count.failed)
		fail_msg("it failed by itself: %s", b->err.text);
	return count;
}

/* Which calls fail, unless EVERY is set: the first all, then each so many. */
struct stride {
	uint64_t all, step;
};

static uint64_t next_call(uint64_t n, struct stride by)
{
	return n + (n < by.all || getenv("EVERY") ? 1 : TEST_SANITIZED ? 2 * by.step : by.step);
}

static void without_failure(struct bench *b, void (*check)(struct bench *))
{
	lossy_begin(&(struct lossy_plan){ .keeps = true });
	check(b);
	lossy_end();
}

/* The store's folder for the next round: without anything, or with a store that has nothing in it yet. */
static void renew_files(struct bench *b, bool ready)
{
	char line[256];

	file_remove_folder(b->folder, NULL);
	b->acknowledged = 0;
	snprintf(line, sizeof(line), "cp -R %s.ready %s", b->folder, b->folder);
	if (ready)
		assert_int_equal(system(line), 0);
}

static void keep_ready_files(struct bench *b)
{
	char line[256];

	must_do(b, make_store(b), "making a store");
	close_store(b);
	snprintf(line, sizeof(line), "mv %s %s.ready", b->folder, b->folder);
	assert_int_equal(system(line), 0);
}

/* True if the piece came as far as the call that fails. */
static bool fail_call(struct bench *b, int (*piece)(struct bench *), uint64_t n)
{
	struct lossy_plan plan = plan_of(n);
	struct lossy_count count = run(b, piece, &plan);

	without_failure(b, check_survivors);
	without_failure(b, check_repeated);
	return count.calls >= n;
}

static void a_failing_disk_is_named_and_nothing_acknowledged_is_lost_or_doubled(void **state)
{
	static const struct {
		int (*piece)(struct bench *);
		bool ready;
		struct stride by;
	} rows[] = {
		{ make_store, false, { 30, 35 } }, /* version by version, and all alike */
		{ work, true, { 100, 3 } },
	};
	struct bench *b = *state;
	char ready[128];

	without_failure(b, keep_ready_files);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t n = 1;

		for (renew_files(b, rows[i].ready); fail_call(b, rows[i].piece, n); n = next_call(n, rows[i].by))
			renew_files(b, rows[i].ready);
		print_message("a call of %llu was made to fail\n", (unsigned long long)n);
	}
	snprintf(ready, sizeof(ready), "%s.ready", b->folder);
	file_remove_folder(ready, NULL);
}

static void remove_index(struct bench *b)
{
	static const char *const names[] = { "search.db", "search.db-wal", "search.db-shm" };
	char path[128];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", b->folder, names[i]);
		unlink(path);
	}
}

static void check_made_anew(struct bench *b)
{
	must_do(b, work_on_a_lost_index(b), "making the index");
	check_index(b);
	close_store(b);
}

static void a_lost_index_is_made_anew_although_the_disk_fails_meanwhile(void **state)
{
	struct bench *b = *state;
	bool came = true;
	uint64_t n = 1;

	without_failure(b, check_repeated);
	for (; came; n = next_call(n, (struct stride){ 100, 3 })) {
		struct lossy_plan plan = plan_of(n);

		remove_index(b);
		came = run(b, work_on_a_lost_index, &plan).calls >= n;
		without_failure(b, check_made_anew);
	}
	print_message("a call of %llu was made to fail\n", (unsigned long long)n);
}

/* The server's side: libpq's calls that talk to it are wrapped (see the Makefile), and the n-th finds its connection cut, */
/* either before the question is sent or before the answer is read. */
static struct {
	uint64_t calls, cut_at;
	bool cut;
} wire;

int __real_PQpipelineSync(PGconn *link);
int __wrap_PQpipelineSync(PGconn *link);
PGresult *__real_PQexec(PGconn *link, const char *sql);
PGresult *__wrap_PQexec(PGconn *link, const char *sql);

static void perhaps_cut(PGconn *link)
{
	if (++wire.calls != wire.cut_at)
		return;
	shutdown(PQsocket(link), wire.cut_at % 2 ? SHUT_RDWR : SHUT_RD);
	wire.cut = true;
}

int __wrap_PQpipelineSync(PGconn *link)
{
	perhaps_cut(link);
	return __real_PQpipelineSync(link);
}

PGresult *__wrap_PQexec(PGconn *link, const char *sql)
{
	perhaps_cut(link);
	return __real_PQexec(link, sql);
}

/* A database for the next round: without anything, or with the schema of a store in it. */
static void renew(struct bench *b, void (*make)(struct test_place *, enum db_engine))
{
	test_place_remove(&b->at);
	make(&b->at, DB_POSTGRESQL);
	b->acknowledged = 0;
}

/* True if the piece came as far as the call that is cut. */
static bool cut_call(struct bench *b, int (*piece)(struct bench *), uint64_t n)
{
	int result;

	wire.calls = 0;
	wire.cut = false;
	wire.cut_at = n;
	b->err = (struct err){ 0 };
	result = piece(b);
	close_store(b);
	wire.cut_at = 0;
	if (result < 0)
		check_error(b, result);
	if (result < 0 && !wire.cut)
		fail_msg("it failed by itself: %s", b->err.text);
	check_survivors(b);
	check_repeated(b);
	return wire.cut;
}

static void a_server_that_goes_away_is_named_and_nothing_acknowledged_is_lost_or_doubled(void **state)
{
	static const struct {
		void (*make)(struct test_place *, enum db_engine);
		int (*piece)(struct bench *);
		uint64_t step;
	} rows[] = {
		{ test_place_make, make_store, 3 }, /* version by version, and all alike */
		{ test_place_make_ready, work, 1 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t n = 1;

		for (renew(b, rows[i].make); cut_call(b, rows[i].piece, n); n += rows[i].step)
			renew(b, rows[i].make);
		print_message("%llu calls were cut\n", (unsigned long long)(n / rows[i].step));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failing_disk_is_named_and_nothing_acknowledged_is_lost_or_doubled),
		TEST(a_lost_index_is_made_anew_although_the_disk_fails_meanwhile),
	};

	const struct CMUnitTest postgresql[] = {
		cmocka_unit_test_setup_teardown(a_server_that_goes_away_is_named_and_nothing_acknowledged_is_lost_or_doubled,
						set_up_postgresql, tear_down),
	};
	int failed = cmocka_run_group_tests_name("a disk that fails", tests, NULL, NULL);

	if (test_has_engine(DB_POSTGRESQL))
		failed += cmocka_run_group_tests_name("a server that goes away", postgresql, NULL, NULL);
	return failed;
}
