/* test_match.c - libhs and PCRE2 behind their own headers */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "classify/confirm.h"
#include "classify/match.h"
#include "classify/match_cache.h"

struct seen {
	unsigned index[16];
	size_t end[16];
	size_t n, most;
};

static bool note(void *whose, unsigned index, size_t end)
{
	struct seen *s = whose;

	if (s->n < 16) {
		s->index[s->n] = index;
		s->end[s->n] = end;
	}
	return ++s->n < s->most;
}

static int scan(const struct match *m, const char *text, struct seen *seen)
{
	struct err err = { 0 };
	AUTO_FREE(match_scratch) s = match_scratch_new(&m, 1, &err);
	const struct match_listener listener = { note, seen };

	assert_non_null(s);
	return match_scan(m, s, str_of(text), &listener);
}

static void the_installed_libhs_loses_nothing(void **state)
{
	struct err err = { 0 };

	(void)state;
	if (match_self_test(NULL, &err) < 0) {
		print_error("%s\n", err.text);
		fail();
	}
}

static void literals_are_found_with_their_ends(void **state)
{
	static const struct match_pattern words[] = { { STR("kill"), MATCH_EXACT },
						      { STR("ill"), MATCH_EXACT },
						      { STR("a.b"), MATCH_EXACT } };
	size_t wrong;
	struct seen seen = { .most = 100 };
	struct err err = { 0 };
	AUTO_FREE(match) m = match_new(words, 3, &wrong, &err);

	(void)state;
	assert_non_null(m);
	assert_int_equal(scan(m, "kill a.b axb", &seen), 0);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.end[2], 8);
}

static void a_listener_can_stop_the_scan(void **state)
{
	static const struct match_pattern words[] = { { STR("a"), MATCH_EXACT } };
	size_t wrong;
	struct seen seen = { .most = 2 };
	struct err err = { 0 };
	AUTO_FREE(match) m = match_new(words, 1, &wrong, &err);

	(void)state;
	assert_int_equal(scan(m, "aaaaaaaa", &seen), 1);
	assert_int_equal(seen.n, 2);
}

static void no_pattern_finds_nothing(void **state)
{
	struct seen seen = { .most = 2 };
	struct err err = { 0 };
	size_t wrong;
	AUTO_FREE(match) m = match_new(NULL, 0, &wrong, &err);

	(void)state;
	assert_int_equal(scan(m, "anything", &seen), 0);
	assert_int_equal(seen.n, 0);
}

static void a_wrong_pattern_is_pointed_at(void **state)
{
	static const struct match_pattern patterns[] = { { STR("abc") }, { STR("a(?=b)") } };
	struct err err = { 0 };
	size_t wrong;

	(void)state;
	assert_null(match_new(patterns, 2, &wrong, &err));
	assert_int_equal(wrong, 1);
	assert_true(*err.text);
}

static void groups_say_where_they_stand(void **state)
{
	struct err err = { 0 };
	AUTO_FREE(confirm) c = confirm_new(STR("(x)?key=(\\w+)"), &err);
	AUTO_FREE(confirm_scratch) s = confirm_scratch_new();
	struct confirm_found found;

	(void)state;
	assert_int_equal(confirm_groups(c), 2);
	assert_int_equal(confirm_find(c, s, STR("a key=b1 "), 0, &found), 1);
	assert_int_equal(found.group[0].start, 2);
	assert_int_equal(found.group[1].end, 0);
	assert_int_equal(found.group[2].start, 6);
	assert_int_equal(found.group[2].end, 8);
	assert_int_equal(confirm_find(c, s, STR("a key=b1 "), 3, &found), 0);
	assert_int_equal(confirm_find(c, s, STR("a"), 9, &found), 0);
}

static void a_pattern_that_explodes_is_given_up(void **state)
{
	struct err err = { 0 };
	AUTO_FREE(confirm) c = confirm_new(STR("(?:a+)+b|(a|aa)+c"), &err);
	AUTO_FREE(confirm_scratch) s = confirm_scratch_new();
	struct confirm_found found;
	char text[4000];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(confirm_find(c, s, (struct str){ text, sizeof(text) }, 0, &found) <= 0);
}

/* The one file of the folder, into `path`. */
static void only_file(const char *folder, char *path, size_t room)
{
	AUTO(buf) names = BUF_INIT(KIB(4));
	struct err err = { 0 };

	assert_int_equal(file_names(folder, &names, &err), 0);
	snprintf(path, room, "%s/%s", folder, names.p);
	assert_int_equal(names.n, strlen(names.p) + 1);
}

static void a_compiled_database_is_kept_and_refused_when_it_is_damaged(void **state)
{
	static const struct match_pattern patterns[] = { { STR("abc[0-9]{2}"), MATCH_EXPRESSION },
							 { STR("Word"), MATCH_WORD } };
	char folder[] = "/tmp/watchdesk-cache-XXXXXX", path[300];
	AUTO(buf) whole = BUF_INIT(MIB(4));
	struct err err = { 0 };
	size_t wrong;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (int round = 0; round < 5; round++) {
		AUTO_FREE(match) m = match_cached(folder, patterns, 2, &wrong, &err);
		struct seen seen = { .most = 100 };
		struct str damaged;

		assert_non_null(m);
		assert_int_equal(scan(m, "xabc12 word WORD", &seen), 0);
		assert_int_equal(seen.n, 2); /* a word is told once */
		only_file(folder, path, sizeof(path));
		buf_clear(&whole);
		assert_int_equal(file_read(path, &whole, &err), 0);
		/* cut, empty, one byte turned over at its start, in its head, at its end */
		damaged = round == 0 ? str_slice(buf_str(&whole), 0, whole.n / 2) : round == 1 ? STR("") : buf_str(&whole);
		if (round > 1)
			whole.p[round == 2 ? 3 : round == 3 ? 40 : whole.n - 1] ^= 1;
		assert_int_equal(file_replace(path, damaged, 0600, &err), 0);
	}
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

static void other_patterns_have_another_file(void **state)
{
	static const struct match_pattern a = { STR("abc"), MATCH_EXPRESSION }, b = { STR("abc"), MATCH_WORD };
	char folder[] = "/tmp/watchdesk-cache-XXXXXX";
	AUTO(buf) names = BUF_INIT(KIB(4));
	struct err err = { 0 };
	size_t wrong;
	AUTO_FREE(match) first = match_cached(mkdtemp(folder), &a, 1, &wrong, &err);
	AUTO_FREE(match) second = match_cached(folder, &b, 1, &wrong, &err);
	struct seen seen = { .most = 100 };

	(void)state;
	assert_true(first && second);
	scan(second, "ABC abc", &seen);
	assert_int_equal(seen.n, 1);
	assert_int_equal(file_names(folder, &names, &err), 0);
	assert_true(names.n > strlen(names.p) + 1);
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_installed_libhs_loses_nothing),
		cmocka_unit_test(literals_are_found_with_their_ends),
		cmocka_unit_test(a_compiled_database_is_kept_and_refused_when_it_is_damaged),
		cmocka_unit_test(other_patterns_have_another_file),
		cmocka_unit_test(a_listener_can_stop_the_scan),
		cmocka_unit_test(no_pattern_finds_nothing),
		cmocka_unit_test(a_wrong_pattern_is_pointed_at),
		cmocka_unit_test(groups_say_where_they_stand),
		cmocka_unit_test(a_pattern_that_explodes_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
