/* test_absence.c - a post that is not where it was: deleted, or moved */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "crawler/absence.h"

#define DAY INT64_C(86400000000)

/* Each letter of `known` is a post, dated by its letter, a capital one without a date; `there` are the ones that the page holds
 * now. */
static void what_is_missing_was_deleted_or_may_have_moved(void **state)
{
	static const struct {
		const char *why, *known, *there;
		bool whole;
		int days;	    /* since they were seen */
		const char *answer; /* s stands, d deleted, ? not known */
	} rows[] = {
		{ "nothing is missing", "abc", "abc", false, 0, "sss" },
		{ "more came", "abc", "abcde", false, 0, "sss" },
		{ "in another order", "abc", "cab", false, 0, "sss" },
		{ "known in another order", "cbad", "cad", false, 0, "sdss" },
		{ "written at the same time as the last that stands", "abbc", "abb", false, 0, "sss?" },
		{ "a thread of one page", "abc", "ac", true, 0, "sds" },
		{ "its first", "abc", "bc", true, 0, "dss" },
		{ "its last", "abc", "ab", true, 0, "ssd" },
		{ "all of them, and others came", "abc", "xyz", true, 0, "ddd" },
		{ "between two that stand", "abcd", "ad", false, 0, "sdds" },
		{ "the first may be on the page before, where one was taken out", "abcd", "bcde", false, 0, "?sss" },
		{ "the last may be on the next page, where newer ones come first", "abcd", "abc", false, 0, "sss?" },
		{ "both, and one between", "abcde", "bd", false, 0, "?sds?" },
		{ "nothing that stands to compare with", "abc", "xyz", false, 0, "???" },
		{ "one that stands", "abc", "b", false, 0, "?s?" },
		{ "a day is too early to tell", "abc", "bc", false, 1, "?ss" },
		{ "two days nowhere", "abc", "bc", false, 2, "dss" },
		{ "without a date nothing lies between", "aBc", "ac", false, 0, "s?s" },
		{ "nor beside one without", "AbC", "AC", false, 0, "s?s" },
		{ "but two days are two days", "aBc", "ac", false, 2, "sds" },
		{ "and a whole thread is whole", "aBc", "ac", true, 0, "sds" },
		{ "nothing was known", "", "abc", false, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct absence_post posts[8] = { 0 };
		struct str there[8];
		size_t n = strlen(rows[i].known), n_there = strlen(rows[i].there), unknown = 0;
		char answer[9] = "";

		for (size_t k = 0; k < n; k++)
			posts[k] = (struct absence_post){ .key = { rows[i].known + k, 1 },
							  .posted_at = rows[i].known[k],
							  .dated = rows[i].known[k] >= 'a',
							  .last_seen = 100 * DAY };
		for (size_t k = 0; k < n_there; k++)
			there[k] = (struct str){ rows[i].there + k, 1 };
		unknown = absence_judge(posts, n, there, n_there, rows[i].whole, (100 + rows[i].days) * DAY);
		for (size_t k = 0; k < n; k++) {
			answer[k] = "s?d"[posts[k].absence];
			unknown -= posts[k].absence == ABSENCE_UNKNOWN;
		}
		if (strcmp(answer, rows[i].answer) != 0 || unknown != 0)
			fail_msg("%s: %s, expected %s", rows[i].why, answer, rows[i].answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_was_deleted_or_may_have_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
