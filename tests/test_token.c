/* test_token.c - a token says what we wrote into it, and nobody else can write or change one */
#include "tests/support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "desk/alert/token.h"

#define HOUR INT64_C(3600000000)
#define NOW  (490000 * HOUR)

static const unsigned char key[DIGEST_KEY_BYTES] = { 7 }, other_key[DIGEST_KEY_BYTES] = { 8 };

static struct token token(void)
{
	struct token t = { .act = TOKEN_CONFIRM, .until = NOW + 5 * HOUR };

	assert_true(token_of_row(STR("00112233445566778899aabbccddeeff"), &t));
	return t;
}

static int take(const char *text, int64_t now, struct token *out)
{
	struct str exact = exact_copy(str_of(text));
	int result = token_take(exact, key, now, out);

	free((void *)(uintptr_t)exact.p);
	return result;
}

static void a_token_comes_back_as_it_was_made(void **state)
{
	const struct token t = token();
	char text[TOKEN_TEXT], row[33];
	struct token got;

	(void)state;
	token_make(&t, key, text);
	assert_int_equal(strlen(text), 59);
	assert_int_equal(take(text, NOW, &got), 1);
	assert_int_equal(got.act, TOKEN_CONFIRM);
	assert_int_equal(got.until, t.until);
	token_row(&got, row);
	assert_string_equal(row, "00112233445566778899aabbccddeeff");
	for (int i = 0; text[i]; i++) /* mail has lost the case of it */
		text[i] = (char)toupper((unsigned char)text[i]);
	assert_int_equal(take(text, NOW, &got), 1);
}

static void its_time_ends(void **state)
{
	const struct token t = token();
	char text[TOKEN_TEXT];
	struct token got;

	(void)state;
	token_make(&t, key, text);
	assert_int_equal(take(text, t.until + HOUR - 1, &got), 1);
	assert_int_equal(take(text, t.until + HOUR, &got), 0);
}

static void a_token_with_any_letter_changed_is_nobodys(void **state)
{
	const struct token t = token();
	char text[TOKEN_TEXT];
	struct token got;

	(void)state;
	token_make(&t, key, text);
	for (int i = 3; text[i]; i++) {
		char was = text[i];

		text[i] = was == 'a' ? 'b' : 'a';
		if (take(text, NOW, &got))
			fail_msg("letter %d", i);
		text[i] = was;
	}
	assert_int_equal(take(text, NOW, &got), 1);
}

static void what_is_no_token_of_ours_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"wd-",
		"wd-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"wd-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"wd-1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"xd-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	const struct token t = token();
	char text[TOKEN_TEXT];
	struct token got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(take(rows[i], NOW, &got), 0);
	token_make(&t, other_key, text);
	assert_int_equal(take(text, NOW, &got), 0);
}

static void tokens_are_bound_to_what_they_allow_to_the_row_and_to_the_time(void **state)
{
	struct token rows[] = { token(), token(), token(), token() };
	char text[4][TOKEN_TEXT];

	(void)state;
	rows[1].act = TOKEN_LEAVE;
	rows[2].row[15] ^= 1;
	rows[3].until += HOUR;
	for (int i = 0; i < 4; i++)
		token_make(&rows[i], key, text[i]);
	for (int i = 1; i < 4; i++)
		assert_string_not_equal(text[0] + TOKEN_TEXT - 25, text[i] + TOKEN_TEXT - 25); /* the digest alone */
}

static void tokens_are_found_in_the_text_of_an_answer(void **state)
{
	const struct token t = token();
	char text[TOKEN_TEXT], answer[512];
	struct str rest, found, exact;
	struct token got;

	(void)state;
	token_make(&t, key, text);
	snprintf(answer, sizeof(answer), "Yes.\r\n> wd-40 is an oil\r\n> answer with (%s) in it; wd-%.20s\r\n> [%s]", text,
		 text + 3, text);
	rest = exact = exact_copy(str_of(answer));
	for (int i = 0; i < 2; i++) {
		assert_true(token_find(&rest, &found));
		assert_int_equal(token_take(found, key, NOW, &got), 1);
	}
	assert_false(token_find(&rest, &found));
	free((void *)(uintptr_t)exact.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_comes_back_as_it_was_made),
		cmocka_unit_test(its_time_ends),
		cmocka_unit_test(a_token_with_any_letter_changed_is_nobodys),
		cmocka_unit_test(what_is_no_token_of_ours_is_refused),
		cmocka_unit_test(tokens_are_bound_to_what_they_allow_to_the_row_and_to_the_time),
		cmocka_unit_test(tokens_are_found_in_the_text_of_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
