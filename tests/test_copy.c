/* test_copy.c - a store copied between engines is the same store */
#include "tests/stored.h"

#include <sys/wait.h>
#include <unistd.h>

#include "store/copy.h"
#include "store/verify.h"

#define T(n) (INT64_C(1764129600000000) + (n))

/* Posts enough for several batches of some tables, with all that hangs on them. */
static void fill(struct stored *b)
{
	char key[16], text[64];
	struct str first = { 0 };

	for (int i = 0; i < 260; i++) {
		struct str id;

		b->unsealed = i >= 5;
		snprintf(key, sizeof(key), "k%d", i);
		snprintf(text, sizeof(text), "the text of post %d, as it is", i);
		id = stored_finding(b, key, text, T(i));
		if (i == 0)
			first = id;
	}
	stored_mark(b, first, "known", NULL, T(1000));
	stored_sql(b, "INSERT INTO host (origin, silent_until) VALUES ('https://a.example', 5);"
		      "INSERT INTO contact (kind, value, finding_id) SELECT 'contact', 'x@example.com', min(id) FROM finding;"
		      "INSERT INTO frontier (source_id, kind, depth, start, key, url, title)"
		      " SELECT min(id), 1, 0, 1, 'k', 'https://a.example/', '' FROM source");
}

static void copied(void *owner, const struct verify_problem *p)
{
	(void)owner;
	print_error("%s\n", p->text);
}

static void same_store(struct stored *b, const struct store_place *place)
{
	struct verify_options o = { .found = copied };
	struct finding_filter filter = { .limit = 1000, .with_dismissed = true };
	struct verify_result r;
	struct finding *here, *there;
	size_t n, m;
	AUTO_FREE(store) s = store_open(place, STORE_WRITE, &b->err);

	if (!s)
		fail_msg("%s", b->err.text);
	OK(verify_store(s, &o, &r, &b->err));
	assert_int_equal(r.findings, 260);
	assert_int_equal(r.items, 5);
	assert_int_equal(r.entries, 261);
	OK(finding_list(b->store, &filter, b->a, &here, &n, &b->err));
	OK(finding_list(s, &filter, b->a, &there, &m, &b->err));
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++)
		assert_true(str_eq(here[i].public_id, there[i].public_id));
	/* and it goes on: keys that the engine gives out are above those that were copied */
	{
		struct store *before = b->store;

		b->store = s;
		stored_finding(b, "a new one", "a text after the copy", T(2000));
		stored_mark(b, here[0].public_id, "confirmed", NULL, T(2001));
		OK(verify_store(s, &o, &r, &b->err));
		b->store = before;
	}
}

/* Tables that copy.c names. */
static size_t tables_listed(void)
{
	size_t n = 0;

	while (copy_table(n))
		n++;
	return n;
}

static void every_table_of_the_schema_is_copied(void **state)
{
	struct stored *b = *state;
	AUTO(buf) names = BUF_INIT(65536);
	struct str rest, name;
	size_t in_schema = 0;

	OK(db_tables(b->store->db, &names, &b->err));
	rest = buf_str(&names);
	while (str_split(&rest, '\0', &name)) {
		bool found = false;

		if (name.n == 0 || str_starts(name, STR("search_")))
			continue;
		for (size_t i = 0; copy_table(i); i++)
			found |= str_eq(name, str_of(copy_table(i)));
		if (!found)
			fail_msg("the table %.*s is not in copy.c", STR_ARG(name));
		in_schema++;
	}
	assert_int_equal(tables_listed(), in_schema);
}

static void copy_to(struct stored *b, enum db_engine engine)
{
	struct test_place at;
	struct copy_options o = { .with_key = true };
	struct copy_result r;

	if (!test_has_engine(engine))
		return;
	test_place_make(&at, engine);
	o.to = at.place;
	OK(store_copy(b->store, &o, &r, &b->err));
	assert_int_equal(r.tables, tables_listed() - 2); /* but for what is to be indexed or not, which is made */
	assert_int_equal(r.files, 5);			 /* four of keys and names, a segment */
	same_store(b, &at.place);
	assert_int_equal(store_copy(b->store, &o, &r, &b->err), E_USAGE);
	assert_non_null(strstr(b->err.text, "holds a store already"));
	test_place_remove(&at);
}

static void a_copy_is_the_same_store_on_either_engine(void **state)
{
	fill(*state);
	copy_to(*state, DB_SQLITE);
	copy_to(*state, DB_POSTGRESQL);
}

static void the_place_of_another_store_is_refused(void **state)
{
	struct stored *b = *state, other;
	struct copy_options o = { 0 };
	struct copy_result r;

	stored_open(&other, DB_SQLITE);
	stored_finding(&other, "k", "a text", T(1));
	o.to = other.at.place;
	assert_int_equal(store_copy(b->store, &o, &r, &b->err), E_USAGE);
	assert_non_null(strstr(b->err.text, "is that of another store"));
	stored_close(&other);
}

struct stop {
	int after, calls;
};

static void stop_here(void *owner, const char *table, int64_t rows)
{
	struct stop *stop = owner;

	(void)table, (void)rows;
	if (stop->calls++ == stop->after)
		_exit(7);
}

/* A child that copies with a connection of its own and is gone after so many batches: what it ended with. */
static int copy_and_die(const struct stored *b, const struct store_place *to, int after)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct stop stop = { .after = after };
		struct copy_options o = { .to = *to, .went = stop_here, .owner = &stop };
		struct copy_result r;
		struct err err = { 0 };
		struct store *from = store_open(&b->at.place, STORE_READ, &err);
		int result = from ? store_copy(from, &o, &r, &err) : err.code;

		if (result < 0)
			fprintf(stderr, "%s\n", err.text);
		_exit(result < 0 ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_copy_that_was_killed_goes_on(void **state)
{
	struct stored *b = *state;
	struct test_place at;
	int after = 0, ended;

	fill(b);
	test_place_make(&at, b->at.place.database ? DB_POSTGRESQL : DB_SQLITE);
	while ((ended = copy_and_die(b, &at.place, after)) == 7)
		after += 9;
	assert_int_equal(ended, 0);
	assert_true(after > 30);
	same_store(b, &at.place);
	test_place_remove(&at);
}

static void what_was_written_in_between_is_noticed(void **state)
{
	struct stored *b = *state;
	struct test_place at;
	struct copy_options o = { 0 };
	struct copy_result r;

	fill(b);
	test_place_make(&at, DB_SQLITE);
	assert_int_equal(copy_and_die(b, &at.place, 25), 7);
	assert_null(store_open(&at.place, STORE_CREATE, &b->err)); /* nobody takes it for a store */
	assert_non_null(strstr(b->err.text, "an unfinished copy"));
	stored_sql(b, "UPDATE post SET title = 'another' WHERE key = 'k7'");
	o.to = at.place;
	assert_int_equal(store_copy(b->store, &o, &r, &b->err), E_VERIFY);
	assert_non_null(strstr(b->err.text, "table post has 260 rows here and 260 in the copy, which differ"));
	test_place_remove(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_of_the_schema_is_copied),
		cmocka_unit_test(a_copy_is_the_same_store_on_either_engine),
		cmocka_unit_test(the_place_of_another_store_is_refused),
		cmocka_unit_test(a_copy_that_was_killed_goes_on),
		cmocka_unit_test(what_was_written_in_between_is_noticed),
	};

	return stored_run("copies", tests, sizeof(tests) / sizeof(tests[0]));
}
