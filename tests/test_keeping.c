/* test_keeping.c - the n-th call that reaches the disk fails while a store is marked, copied, backed up and restored */
#include "tests/stored.h"

#include <sqlite3.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/verify.h"
#include "tests/lossy_vfs.h"

#define T(n) (INT64_C(1764129600000000) + (n))

/* A store to begin with, made once and copied for each failure. */
struct bench {
	char folder[64], made[96], home[96], other[96];
	struct str finding;
	struct arena *a;
	int64_t acknowledged; /* acts */
	struct err err;
};

static void __attribute__((format(printf, 1, 2))) shell(const char *format, ...)
{
	char line[512];

	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (system(line) != 0)
		fail_msg("%s", line);
}

static int set_up(void **state)
{
	struct bench *t = calloc(1, sizeof(*t));
	struct stored stored, *b = &stored;

	snprintf(t->folder, sizeof(t->folder), "%s/watchdesk-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(t->folder));
	snprintf(t->made, sizeof(t->made), "%s/made", t->folder);
	snprintf(t->home, sizeof(t->home), "%s/home", t->folder);
	snprintf(t->other, sizeof(t->other), "%s/other", t->folder);
	t->a = arena_new(64 << 20);
	stored_open(b, DB_SQLITE);
	t->finding = arena_copy(t->a, stored_finding(b, "k", "a text", T(1)));
	stored_finding(b, "l", "another text", T(2));
	stored_mark(b, t->finding, "known", NULL, T(3));
	store_free(b->store);
	b->store = NULL;
	shell("cp -r %s %s", b->at.folder, t->made);
	stored_close(b);
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *t = *state;

	arena_free(t->a);
	file_remove_folder(t->folder, NULL);
	free(t);
	return 0;
}

static struct lossy_plan plan_of(uint64_t n)
{
	return (struct lossy_plan){
		.keeps = true, .fail_at = n, .code = n % 2 ? SQLITE_IOERR : SQLITE_FULL, .stays = n / 2 % 2
	};
}

static void tell(void *owner, const struct verify_problem *p)
{
	(void)owner;
	print_error("%s\n", p->text);
}

/* The store in `folder` verifies. Its entries of custody. */
static int64_t must_verify(struct bench *t, const char *folder)
{
	const struct store_place place = { .folder = folder };
	struct verify_options o = { .found = tell };
	struct verify_result r;
	AUTO_FREE(store) s = store_open(&place, STORE_WRITE, &t->err);

	if (!s || verify_store(s, &o, &r, &t->err) < 0)
		fail_msg("%s: %s", folder, t->err.text);
	return r.entries;
}

static int mark(struct bench *t)
{
	const struct store_place place = { .folder = t->home };
	struct finding_mark m = { .verdict = STR("confirmed"), .operator_name = STR("analyst"), .severity = 90 };
	AUTO_FREE(store) s = store_open(&place, STORE_WRITE, &t->err);
	struct finding_detail d;

	if (!s || finding_load(s, t->finding, t->a, &d, &t->err) < 0 || store_begin(s, &t->err) < 0)
		return t->err.code;
	m.id = d.finding.id;
	if (finding_mark(s, &m, T(5), &t->err) < 0) {
		store_rollback(s);
		return t->err.code;
	}
	if (store_commit(s, &t->err) < 0)
		return t->err.code;
	t->acknowledged++;
	return 0;
}

static int copy(struct bench *t)
{
	const struct store_place place = { .folder = t->home };
	const struct copy_options o = { .to = { .folder = t->other } };
	AUTO_FREE(store) s = store_open(&place, STORE_READ, &t->err);
	struct copy_result r;

	return s ? store_copy(s, &o, &r, &t->err) : t->err.code;
}

static int backup(struct bench *t)
{
	const struct store_place place = { .folder = t->home };
	const struct backup_options o = { .folder = t->other, .with_key = true };
	AUTO_FREE(store) s = store_open(&place, STORE_WRITE, &t->err);
	struct backup_result r;

	return s ? backup_write(s, &o, &r, &t->err) : t->err.code;
}

static int restore(struct bench *t)
{
	const struct store_place place = { .folder = t->other };
	struct backup_result r;

	return backup_restore(t->home, &place, STR("analyst"), T(6), &r, &t->err);
}

/* Each failure in turn, on a fresh copy of what was made; then `after` looks at what is there. */
static void fail_each(struct bench *t, const char *made, int (*work)(struct bench *t),
		      void (*after)(struct bench *t, int result))
{
	uint64_t calls = 1, step = 1;

	for (uint64_t n = 1; n <= calls; n += step) {
		struct lossy_plan plan = plan_of(n);
		struct lossy_count count;
		int result;

		shell("rm -rf %s %s", t->home, t->other);
		shell("cp -r %s %s", made, t->home);
		t->acknowledged = 0;
		t->err = (struct err){ 0 };
		lossy_begin(&plan);
		result = work(t);
		count = lossy_end();
		if (result < 0 && (!count.failed || !t->err.text[0] || result == E_FAULT || result == E_USAGE))
			fail_msg("call %llu: %d: %s", (unsigned long long)n, result, t->err.text);
		after(t, result);
		calls = count.calls >= n ? count.calls + 1 : n;
		step = 1 + calls / 35; /* enough to meet each kind of call */
	}
	print_message("%llu calls, each %llu-th made to fail\n", (unsigned long long)calls, (unsigned long long)step);
}

static void after_mark(struct bench *t, int result)
{
	int64_t entries = must_verify(t, t->home);

	(void)result;
	assert_true(entries >= 3 + t->acknowledged && entries <= 4);
}

/* What was cut off goes on, and is the same store. */
static void after_copy(struct bench *t, int result)
{
	assert_int_equal(must_verify(t, t->home), 3);
	if (result < 0 && copy(t) < 0)
		if (t->err.code != E_USAGE ||
		    !strstr(t->err.text, "holds a store already")) /* it was done but for the last word */
			fail_msg("going on: %s", t->err.text);
	assert_int_equal(must_verify(t, t->other), 3);
}

static void after_backup(struct bench *t, int result)
{
	char name[128];

	assert_int_equal(must_verify(t, t->home), 3);
	snprintf(name, sizeof(name), "%s/SHA256SUMS", t->other);
	if (result < 0)
		assert_true(access(t->other, F_OK) < 0);
	else
		assert_int_equal(access(name, F_OK), 0);
	shell("! ls -d %s.part-* >/dev/null 2>&1", t->other);
}

static void after_restore(struct bench *t, int result)
{
	if (result < 0 && access(t->other, F_OK) < 0)
		return;
	assert_true(must_verify(t, t->other) >= 3 + (result == 0));
	shell("! ls -d %s.part-* >/dev/null 2>&1", t->other);
}

static void a_verdict_is_kept_with_its_entry_or_not_at_all(void **state)
{
	struct bench *t = *state;

	fail_each(t, t->made, mark, after_mark);
}

static void a_copy_goes_on_after_the_disk_failed(void **state)
{
	struct bench *t = *state;

	fail_each(t, t->made, copy, after_copy);
}

static void a_backup_is_whole_or_not_there(void **state)
{
	struct bench *t = *state;

	fail_each(t, t->made, backup, after_backup);
}

static void a_restored_store_is_whole_or_not_there(void **state)
{
	struct bench *t = *state;
	char whole[128];

	shell("cp -r %s %s", t->made, t->home);
	if (backup(t) < 0)
		fail_msg("%s", t->err.text);
	snprintf(whole, sizeof(whole), "%s/backup", t->folder);
	shell("mv %s %s", t->other, whole);
	fail_each(t, whole, restore, after_restore);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_verdict_is_kept_with_its_entry_or_not_at_all),
		TEST(a_copy_goes_on_after_the_disk_failed),
		TEST(a_backup_is_whole_or_not_there),
		TEST(a_restored_store_is_whole_or_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
