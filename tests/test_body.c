/* test_body.c - texts are kept once, come back byte by byte, and a damaged one is said so */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "store/internal.h"
#include "tests/stores.h"

struct bench {
	struct test_place at;
	struct store *store;
	struct arena *a;
	struct err err;
};

static int set_up(void **state, enum db_engine engine)
{
	struct bench *b = calloc(1, sizeof(*b));

	test_place_make_ready(&b->at, engine);
	b->a = arena_new(64 << 20);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	if (!b->store)
		fail_msg("%s", b->err.text);
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

	store_free(b->store);
	arena_free(b->a);
	test_place_remove(&b->at);
	free(b);
	return 0;
}

static int64_t keep(struct bench *b, struct str text)
{
	unsigned char digest[DIGEST_BYTES];
	int64_t id;

	digest_sha256(text, digest);
	if (body_keep(b->store, text, digest, 5, &id, &b->err) < 0)
		fail_msg("%s", b->err.text);
	return id;
}

static int read_back(struct bench *b, int64_t id, struct str *text, int64_t *coding)
{
	struct query *q;
	int64_t size;
	struct str content;

	assert_int_equal(db_get(b->store->db, &q, "SELECT coding, size, content FROM body WHERE id = :id",
				ARGS(arg_int(":id", id)), "the body", &b->err),
			 1);
	*coding = db_int(q, 0);
	size = db_int(q, 1);
	content = arena_copy(b->a, db_text(q, 2));
	db_end(q);
	return body_decode(b->store, *coding, size, content, b->a, text, &b->err);
}

static struct str sentence(struct bench *b, int i)
{
	return arena_printf(b->a,
			    "the %dth message of the day says that the %dth train to the harbour leaves from platform %d, and "
			    "that passengers are asked to keep their tickets ready",
			    i, i * 7, i % 13);
}

static void a_text_comes_back_byte_by_byte_whatever_it_is(void **state)
{
	struct bench *b = *state;
	char *noise = arena_alloc(b->a, 100000);
	struct str texts[] = { STR(""),
			       STR("x"),
			       STR("a short text that is said once"),
			       { noise, 100000 },
			       arena_printf(b->a, "%*s", 200000, "spaces") };
	int64_t coding;

	digest_random(noise, 100000);
	store_begin(b->store, &b->err);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t id = keep(b, texts[i]);
		struct str text;

		assert_int_equal(keep(b, texts[i]), id); /* once */
		assert_int_equal(read_back(b, id, &text, &coding), 0);
		assert_true(str_eq(text, texts[i]));
	}
	assert_int_equal(coding, 1); /* two hundred thousand spaces are worth compressing */
	store_commit(b->store, &b->err);
}

static void a_dictionary_is_learnt_and_texts_from_before_and_after_it_are_read_by_another_process(void **state)
{
	struct bench *b = *state;
	int64_t ids[1200], before, after;
	struct str text;

	store_begin(b->store, &b->err);
	for (int i = 0; i < 1200; i++)
		ids[i] = keep(b, sentence(b, i));
	assert_int_equal(store_commit(b->store, &b->err), 0);
	store_free(b->store);
	b->store = store_open(&b->at.place, STORE_READ, &b->err);
	assert_int_equal(read_back(b, ids[3], &text, &before), 0);
	assert_true(str_eq(text, sentence(b, 3)));
	assert_int_equal(read_back(b, ids[1199], &text, &after), 0);
	assert_true(str_eq(text, sentence(b, 1199)));
	assert_true(before < 2 && after == 2);
}

static void a_text_is_known_again_after_a_restart_but_not_when_its_row_is_gone(void **state)
{
	struct bench *b = *state;
	int64_t first, again;

	store_begin(b->store, &b->err);
	first = keep(b, STR("a text that comes back"));
	assert_int_equal(store_commit(b->store, &b->err), 0);
	store_free(b->store);
	b->store = store_open(&b->at.place, STORE_WRITE, &b->err);
	store_begin(b->store, &b->err);
	assert_int_equal(keep(b, STR("a text that comes back")), first);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	test_place_run(&b->at, "DELETE FROM body");
	store_begin(b->store, &b->err);
	again = keep(b, STR("a text that comes back"));
	assert_int_equal(keep(b, STR("a text that comes back")), again);
	store_commit(b->store, &b->err);
}

static void a_dictionary_that_was_rolled_back_is_not_used(void **state)
{
	struct bench *b = *state;
	int64_t coding;
	struct str text;

	store_begin(b->store, &b->err);
	for (int i = 0; i < 1100; i++)
		keep(b, sentence(b, i));
	store_rollback(b->store);
	store_begin(b->store, &b->err);
	assert_int_equal(read_back(b, keep(b, sentence(b, 5000)), &text, &coding), 0);
	assert_true(coding < 2);
	store_commit(b->store, &b->err);
}

static void a_damaged_text_is_said_so_and_never_read_too_far(void **state)
{
	static const struct {
		const char *why;
		int64_t coding, size;
		const char *content;
		size_t n;
	} rows[] = {
		{ "no zstd at all", 1, 10, "garbage", 7 },
		{ "a dictionary that nobody has", 9, 10, "garbage", 7 },
		{ "plain, but shorter than it says", 0, 10, "short", 5 },
		{ "a size below nothing", 1, -1, "x", 1 },
		{ "a size beyond the ceiling", 1, (int64_t)1 << 40, "x", 1 },
		{ "an empty frame", 1, 1, "", 0 },
		{ "a coding below nothing", -5, 4, "four", 4 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str exact = exact_copy((struct str){ rows[i].content, rows[i].n }), text;

		if (body_decode(b->store, rows[i].coding, rows[i].size, exact, b->a, &text, &b->err) != E_STORE)
			fail_msg("%s: it was read", rows[i].why);
		free((char *)(uintptr_t)exact.p);
	}
}

#define TESTS(set_up)                                                                                                          \
	{                                                                                                                      \
		cmocka_unit_test_setup_teardown(a_text_comes_back_byte_by_byte_whatever_it_is, set_up, tear_down),             \
			cmocka_unit_test_setup_teardown(                                                                       \
				a_dictionary_is_learnt_and_texts_from_before_and_after_it_are_read_by_another_process, set_up, \
				tear_down),                                                                                    \
			cmocka_unit_test_setup_teardown(a_text_is_known_again_after_a_restart_but_not_when_its_row_is_gone,    \
							set_up, tear_down),                                                    \
			cmocka_unit_test_setup_teardown(a_dictionary_that_was_rolled_back_is_not_used, set_up, tear_down),     \
			cmocka_unit_test_setup_teardown(a_damaged_text_is_said_so_and_never_read_too_far, set_up, tear_down),  \
	}

int main(void)
{
	const struct CMUnitTest sqlite[] = TESTS(on_sqlite), postgresql[] = TESTS(on_postgresql);
	int failed = cmocka_run_group_tests_name("texts on SQLite", sqlite, NULL, NULL);

	if (test_has_engine(DB_POSTGRESQL))
		failed += cmocka_run_group_tests_name("texts on PostgreSQL", postgresql, NULL, NULL);
	return failed;
}
