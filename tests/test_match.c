/* test_match.c - libhs and PCRE2 behind their own headers */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/confirm.h"
#include "classify/match.h"

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
	if (match_self_test(&err) < 0) {
		print_error("%s\n", err.text);
		fail();
	}
}

static void literals_are_found_with_their_ends(void **state)
{
	static const struct str words[] = { { "kill", 4 }, { "ill", 3 }, { "a.b", 3 } };
	struct seen seen = { .most = 100 };
	struct err err = { 0 };
	AUTO_FREE(match) m = match_new_literals(words, 3, &err);

	(void)state;
	assert_non_null(m);
	assert_int_equal(scan(m, "kill a.b axb", &seen), 0);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.end[2], 8);
}

static void a_listener_can_stop_the_scan(void **state)
{
	static const struct str words[] = { { "a", 1 } };
	struct seen seen = { .most = 2 };
	struct err err = { 0 };
	AUTO_FREE(match) m = match_new_literals(words, 1, &err);

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_installed_libhs_loses_nothing),   cmocka_unit_test(literals_are_found_with_their_ends),
		cmocka_unit_test(a_listener_can_stop_the_scan),	       cmocka_unit_test(no_pattern_finds_nothing),
		cmocka_unit_test(a_wrong_pattern_is_pointed_at),       cmocka_unit_test(groups_say_where_they_stand),
		cmocka_unit_test(a_pattern_that_explodes_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
