/* test_power.c - the power goes at random writes: what was acknowledged is there, once, and nothing is half written */
#include "tests/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "store/finding.h"
#include "store/frontier.h"
#include "store/internal.h"
#include "store/search.h"
#include "tests/lossy_vfs.h"

enum { SERIES = 27, CUTS = 4, GROUPS = 30, POSTS = 4, TEXT = 12000 };

#define SECOND INT64_C(1000000)

/* One store, cut again and again. */
struct bench {
	char folder[64];
	struct store *store;
	struct arena *a;
	int64_t source, classifier;
	int acknowledged, cuts; /* groups that the child has told of */
	bool is_child;
	struct err err;
};

static void need(struct bench *b, int result)
{
	if (result >= 0)
		return;
	if (!b->is_child)
		fail_msg("%s", b->err.text);
	fprintf(stderr, "%s\n", b->err.text);
	_exit(1);
}

static void open_store(struct bench *b)
{
	const unsigned char rules[DIGEST_BYTES] = { 1 }, assets[DIGEST_BYTES] = { 2 };

	b->store = store_open(&(struct store_place){ .folder = b->folder }, STORE_CREATE, &b->err);
	need(b, b->store ? 0 : -1);
	need(b, store_begin(b->store, &b->err));
	need(b, store_source(b->store, STR("pastes"), &b->source, &b->err));
	need(b, store_classifier(b->store, &(struct stored_classifier){ rules, assets, STR("1") }, 5, &b->classifier, &b->err));
	need(b, store_commit(b->store, &b->err));
}

static void close_store(struct bench *b)
{
	store_free(b->store);
	b->store = NULL;
}

/* The text of a post of a group: its own word, and filler so that the log is checkpointed now and then. */
static struct str text_of(struct arena *a, int group, int i)
{
	char *p = arena_alloc(a, TEXT + 1);
	int n = snprintf(p, TEXT, "group%d post%d ", group, i);

	for (unsigned seed = (unsigned)(group * POSTS + i + 1); n < TEXT; n++)
		p[n] = n % 61 ? (char)('a' + rand_r(&seed) % 26) : ' ';
	return (struct str){ p, TEXT };
}

/* Every other post is a finding with its hit, reason and term. */
static void put_post(struct bench *b, int group, int i)
{
	struct str reason = STR("a reason"), term = STR("leak: +70");
	struct stored_hit hit = { .rule = STR("r"), .label = STR("l"), .masked = STR("ab**"), .why = STR("w"), .end = 3 };
	struct stored_post p = { .source_id = b->source,
				 .key = arena_printf(b->a, "%d-%d", group, i),
				 .url = STR("https://paste.example.net/1"),
				 .text = text_of(b->a, group, i),
				 .assessment = { .classifier_id = b->classifier, .category = STR("leak") } };
	struct stored_result result;

	if (i % 2) {
		p.assessment.leak = 0.9;
		p.assessment.severity = 75;
		p.assessment.hits = &hit;
		p.assessment.reasons = &reason;
		p.assessment.terms = &term;
		p.assessment.n_hits = p.assessment.n_reasons = p.assessment.n_terms = 1;
	}
	need(b, store_post(b->store, &p, group * SECOND, &result, &b->err));
}

static int64_t due_of(int group)
{
	return (1000000 + group) * SECOND;
}

/* Its address is added, leased and answered in the group's transaction. */
static void put_address(struct bench *b, int group)
{
	struct str url = arena_printf(b->a, "https://paste.example.net/list/%d", group);
	struct frontier_entry e = { .source_id = b->source, .due_at = group, .key = url, .url = url };
	struct frontier_outcome o = { .due_at = due_of(group), .etag = arena_printf(b->a, "\"%d\"", group) };
	struct frontier_wish wish = { b->source, 5 * SECOND, 9 * SECOND, 10 };
	struct frontier_job *jobs;
	int n;

	need(b, frontier_add(b->store, &e, &b->err));
	need(b, n = frontier_lease(b->store, &wish, b->a, &jobs, &b->err));
	for (int i = 0; i < n; i++)
		need(b, frontier_done(b->store, jobs[i].id, &o, &b->err));
}

static void put_group(struct bench *b, int group)
{
	arena_clear(b->a);
	need(b, store_begin(b->store, &b->err));
	for (int i = 0; i < POSTS; i++)
		put_post(b, group, i);
	put_address(b, group);
	need(b, store_commit(b->store, &b->err));
}

static void index_all(struct bench *b)
{
	AUTO_FREE(search) x = search_open(b->store, true, &b->err);

	need(b, x ? 0 : -1);
	for (int n = 1; n > 0;)
		need(b, n = search_index(x, 10, &b->err));
}

/* The child's life: groups from `first` on, each told to the parent once it is committed, the store closed now and then. */
static void work(struct bench *b, int first, int tell)
{
	for (int group = first; group < GROUPS; group++) {
		if (!b->store)
			open_store(b);
		put_group(b, group);
		if (write(tell, &group, sizeof(group)) != sizeof(group))
			_exit(1);
		if (group % 9 == 8)
			index_all(b);
		if (group % 22 == 21)
			close_store(b);
	}
	close_store(b);
}

/* The file as anybody would read it. */
static sqlite3 *database(const struct bench *b)
{
	sqlite3 *db = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/watchdesk.db", b->folder);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	return db;
}

static int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t n;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

/* Groups stored; nothing of them may be missing, doubled or half written. */
static int check_rows(struct bench *b)
{
	static const struct {
		const char *what, *sql;
	} wrong[] = {
		{ "posts without their one revision",
		  "SELECT count(*) FROM post WHERE (SELECT count(*) FROM revision WHERE post_id = post.id) != 1" },
		{ "texts cut short", "SELECT count(*) FROM revision JOIN body ON body.id = body_id WHERE size != 12000" },
		{ "texts without their body",
		  "SELECT count(*) FROM revision WHERE NOT EXISTS (SELECT 1 FROM body WHERE body.id = body_id)" },
		{ "findings without an assessment",
		  "SELECT count(*) FROM finding WHERE assessment_id NOT IN (SELECT id FROM assessment)" },
		{ "findings without hit, reason or term",
		  "SELECT count(*) FROM finding WHERE NOT EXISTS (SELECT 1 FROM hit WHERE hit.assessment_id ="
		  " finding.assessment_id) OR NOT EXISTS (SELECT 1 FROM reason WHERE reason.assessment_id ="
		  " finding.assessment_id) OR NOT EXISTS (SELECT 1 FROM term WHERE finding_id = finding.id)" },
		{ "addresses not as they were answered",
		  "SELECT count(*) FROM frontier WHERE leased OR etag IS NOT '\"' || substr(url, 32) || '\"'"
		  " OR due_at IS NOT (1000000 + substr(url, 32)) * 1000000" },
	};
	sqlite3 *db = database(b);
	int64_t posts = ask(db, "SELECT count(*) FROM post");

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (ask(db, wrong[i].sql) != 0)
			fail_msg("%s", wrong[i].what);
	assert_int_equal(posts % POSTS, 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM finding"), posts / 2);
	assert_int_equal(ask(db, "SELECT count(*) FROM frontier"), posts / POSTS);
	sqlite3_close(db);
	return (int)posts / POSTS;
}

/* What a person does when the power is back: open it and look. */
static void recover(struct bench *b)
{
	int groups;

	open_store(b);
	need(b, store_check(b->store, &b->err));
	close_store(b);
	groups = check_rows(b);
	if (groups < b->acknowledged || groups > b->acknowledged + 1)
		fail_msg("%d groups were acknowledged, %d are there", b->acknowledged, groups);
	b->acknowledged = groups;
}

static void read_acknowledged(struct bench *b, int from)
{
	int group;

	while (read(from, &group, sizeof(group)) == sizeof(group))
		b->acknowledged = group + 1;
	close(from);
}

static void child(struct bench *b, const struct lossy_plan *plan, int tell)
{
	b->is_child = true;
	lossy_begin(plan);
	work(b, b->acknowledged, tell);
	lossy_end();
	_exit(0);
}

/* Work in a process of its own under the plan, until the cut or the end; then look. */
static void live(struct bench *b, const struct lossy_plan *plan)
{
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child(b, plan, ends[1]);
	close(ends[1]);
	read_acknowledged(b, ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != LOSSY_EXIT))
		fail_msg("the child ended with status %d", status);
	b->cuts += WEXITSTATUS(status) == LOSSY_EXIT;
	recover(b);
}

/* Byte by byte, and found once under its own word. */
static void check_texts(struct bench *b)
{
	struct query *q;

	open_store(b);
	q = db_query(
		b->store->db,
		"SELECT key, coding, size, content FROM post JOIN revision ON post_id = post.id JOIN body ON body.id = body_id",
		&b->err);
	assert_non_null(q);
	while (db_step(q, &b->err) > 0) {
		char *rest = NULL;
		int group = (int)strtol(db_text(q, 0).p, &rest, 10);
		struct str wanted = text_of(b->a, group, (int)strtol(rest + 1, NULL, 10)), text;

		need(b, body_decode(b->store, db_int(q, 1), db_int(q, 2), db_text(q, 3), b->a, &text, &b->err));
		assert_true(str_eq(text, wanted));
		arena_clear(b->a);
	}
	close_store(b);
}

static void check_index(struct bench *b)
{
	open_store(b);
	index_all(b);
	{
		AUTO_FREE(search) x = search_open(b->store, false, &b->err);

		need(b, x ? 0 : -1);
		for (int group = 0; group < GROUPS; group++) {
			struct search_row *rows;
			size_t n = 0;

			need(b, search_find(x, arena_printf(b->a, "group%d", group), 100, b->a, &rows, &n, &b->err));
			if (n != POSTS)
				fail_msg("the index has %zu posts of group %d", n, group);
			arena_clear(b->a);
		}
	}
	close_store(b);
}

/* Cuts early in a first life reach the making of the schema, later ones commits, checkpoints and the closing of the store. */
static int series(unsigned seed)
{
	struct bench b = { .a = arena_new(64 << 20) };
	struct lossy_plan plan = { .seed = seed };

	snprintf(b.folder, sizeof(b.folder), "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b.folder));
	for (int i = 0; i < CUTS; i++) {
		plan.scatters = (seed + (unsigned)i) % 2;
		plan.cut_at = 1 + (uint64_t)rand_r(&seed) % (i || seed % 3 ? 1600 : 140);
		live(&b, &plan);
	}
	plan.cut_at = 0;
	live(&b, &plan);
	assert_int_equal(b.acknowledged, GROUPS);
	check_texts(&b);
	check_index(&b);
	file_remove_folder(b.folder, NULL);
	arena_free(b.a);
	return b.cuts;
}

static void a_cut_at_a_random_write_loses_nothing_acknowledged_and_leaves_nothing_half_written(void **state)
{
	int cuts = 0;

	(void)state;
	for (unsigned seed = 1; seed <= SERIES; seed++)
		cuts += series(seed * 7919);
	print_message("%d cuts\n", cuts);
	assert_true(cuts >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_at_a_random_write_loses_nothing_acknowledged_and_leaves_nothing_half_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
