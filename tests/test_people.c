/* test_people.c - whose data stands in a text, who is one person, and what nobody can make of it */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "desk/people.h"

static void records_are_found_and_joined_to_people(void **state)
{
	static const struct {
		const char *why, *text;
		size_t records, persons;
	} rows[] = {
		{ "nothing of anybody", "a text about tomatoes\nand beans", 0, 0 },
		{ "a login", "anna@example.com:Gh5pepper77", 1, 1 },
		{ "the same address again, in capitals", "anna@example.com:a\nANNA@EXAMPLE.COM:b", 2, 1 },
		{ "two addresses", "anna@example.com:a\nbob@example.com:a", 2, 2 },
		{ "two in one line are two", "anna@example.com, bob@example.com", 2, 2 },
		{ "no address", "a@b, @example.com, anna@", 0, 0 },
		{ "a table by its header",
		  "name,email,phone\nAnna Doe,anna@example.com,+49 30 1234567\nBob Doe,bob@example.com,", 2, 2 },
		{ "a cell with a comma in quotes", "name,email\n\"Doe, Anna\",anna@example.com", 1, 1 },
		{ "a telephone in two spellings joins",
		  "name;phone;email\nAnna;+49 30 1234567;anna@example.com\nAnna;0049301234567;anna@example.org", 2, 1 },
		{ "labels",
		  "Name: Anna Doe\nEmail: anna@example.com\nPhone: +49 30 1234567\n\nName: Bob Doe\nPhone: 030 7654321", 2, 2 },
		{ "a label that comes again begins another", "Name: Anna Doe\nName: Bob Doe\nName: anna  doe", 3, 2 },
		{ "two of one name and different addresses are two",
		  "name,email\nAnna Doe,anna@example.com\nAnna Doe,anna@example.org", 2, 2 },
		{ "a chain: one shares an address with the second, that a number with the third",
		  "email;phone\nanna@example.com;\nanna@example.com;+49301234567\nanna@example.org;+49301234567", 3, 1 },
		{ "a table ends where the columns do", "name,email\nAnna Doe,anna@example.com\nthe end\nbob@example.com", 2,
		  2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 22);
		struct str exact = exact_copy(str_of(rows[i].text));
		struct person_record *list;
		size_t n, persons;

		assert_int_equal(people_read(exact, NULL, 0, a, &list, &n), 0);
		persons = people_join(list, n, a);
		if (n != rows[i].records || persons != rows[i].persons)
			fail_msg("%s: %zu records, %zu persons", rows[i].why, n, persons);
		free((char *)exact.p);
	}
}

static void numbers_that_rules_found_tell_people_too(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 22);
	const struct str text = STR("first 12345678A\nagain 12345678A anna@example.com\nother 87654321B");
	const struct stored_hit hits[] = {
		{ .kind = STR("national-id"), .start = 54, .end = 63 },
		{ .kind = STR("national-id"), .start = 6, .end = 15 },
		{ .kind = STR("national-id"), .start = 22, .end = 31 },
		{ .kind = STR("national-id"), .start = 60, .end = 99 },		  /* beyond the text */
		{ .kind = STR("national-id"), .start = 0, .end = 5, .layer = 1 }, /* of what was decoded */
		{ .kind = STR("api-key"), .start = 0, .end = 5 },
	};
	struct person_record *list;
	size_t n;

	(void)state;
	assert_int_equal(people_read(text, hits, sizeof(hits) / sizeof(hits[0]), a, &list, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(people_join(list, n, a), 2);
	assert_str(list[1].marks[PERSON_NATIONAL], "12345678A");
	assert_str(list[1].marks[PERSON_MAIL], "anna@example.com");
}

static void a_list_matches_by_any_mark_however_it_is_written(void **state)
{
	static const struct {
		const char *why, *list;
		size_t values;
		bool listed;
	} rows[] = {
		{ "an address a line", "bob@example.com\nAnna@Example.com\r\n", 2, true },
		{ "a CSV, with what is no mark of a person", "room,department,e-mail\n7,law,anna@example.com\n", 1, true },
		{ "one column with its name", "email\nanna@example.com", 1, true },
		{ "a telephone", "phone\n0049 30 1234567", 1, true },
		{ "with the mark of a byte order",
		  "\xef\xbb\xbf"
		  "anna@example.com",
		  1, true },
		{ "others", "bob@example.com\nAnna\n030 1234567", 3, false },
		{ "an empty file", "", 0, false },
	};
	struct person_record r = { .marks = { STR("anna@example.com"), STR("+49301234567") } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 22);
		struct str exact = exact_copy(str_of(rows[i].list));
		struct people_list list;
		struct err err = { 0 };

		assert_int_equal(people_list_read(exact, NULL, a, &list, &err), 0);
		if (people_listed(&list, NULL, &r) != rows[i].listed || list.n < rows[i].values)
			fail_msg("%s: %zu values", rows[i].why, list.n);
		free((char *)exact.p);
	}
}

static void what_is_shown_is_masked_and_no_formula(void **state)
{
	static const struct {
		const char *why, *value, *masked;
		enum person_mark kind;
	} marks[] = {
		{ "an address", "anna.doe@example.com", "a***@example.com", PERSON_MAIL },
		{ "a telephone", "+49 30 1234567", "***67", PERSON_PHONE },
		{ "a national number", "12345678A", "***", PERSON_NATIONAL },
		{ "a name", "\xc3\x89va Doe", "\xc3\x89***", PERSON_NAME },
		{ "a control character", "\033[2J", "***", PERSON_NAME },
		{ "none", "", "", PERSON_NAME },
	};
	static const struct {
		const char *why, *cell, *written;
	} cells[] = {
		{ "plain", "a***", "a***" },
		{ "a formula", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" },
		{ "another", "@SUM(1)", "'@SUM(1)" },
		{ "a number with a sign", "-2+3", "'-2+3" },
		{ "a comma and quotes", "a,\"b\"", "\"a,\"\"b\"\"\"" },
		{ "a formula behind a line", "\n=1", "\"' =1\"" },
		{ "a formula behind a quote", "\"=1", "\"\"\"=1\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		AUTO(buf) out = BUF_INIT(1000);

		person_mark_masked(&out, marks[i].kind, str_of(marks[i].value));
		if (!str_eq(buf_str(&out), str_of(marks[i].masked)))
			fail_msg("%s: %.*s", marks[i].why, STR_ARG(buf_str(&out)));
	}
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		AUTO(buf) out = BUF_INIT(1000);

		csv_put(&out, str_of(cells[i].cell));
		if (!str_eq(buf_str(&out), str_of(cells[i].written)))
			fail_msg("%s: %.*s", cells[i].why, STR_ARG(buf_str(&out)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_found_and_joined_to_people),
		cmocka_unit_test(numbers_that_rules_found_tell_people_too),
		cmocka_unit_test(a_list_matches_by_any_mark_however_it_is_written),
		cmocka_unit_test(what_is_shown_is_masked_and_no_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
