/* test_records.c - fields, tables and labelled records of people; markings and announcements; the texts held out */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/classify.h"
#include "classify/fields.h"
#include "classify/severity.h"

struct bench {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *arena;
};

static int make_bench(void **state)
{
	static struct bench bench;
	static struct yaml_text domain = { { "example.com", 11 }, "test", 1 };
	static const struct asset asset = { .name = { { "Example Pictures", 16 }, "test", 1 }, .domains = { &domain, 1 } };
	const struct classifier_options options = { .assets = &asset, .n_assets = 1 };
	struct err err = { 0 };

	bench.arena = arena_new(LIMIT_ARENA);
	bench.classifier = classifier_new(&options, &err);
	bench.scratch = bench.classifier ? classify_scratch_new(bench.classifier, &err) : NULL;
	if (!bench.scratch)
		print_error("%s\n", err.text);
	*state = &bench;
	return bench.scratch ? 0 : -1;
}

static int free_bench(void **state)
{
	struct bench *b = *state;

	classify_scratch_free(b->scratch);
	classifier_free(b->classifier);
	arena_free(b->arena);
	return 0;
}

/* The assessment lives until the next call; nothing in it points into the copy that was read but by offsets. */
static struct assessment assess(void **state, struct str text)
{
	struct bench *b = *state;
	struct str copy = exact_copy(text);
	struct assessment x;

	arena_clear(b->arena);
	classify(b->classifier, b->scratch, b->arena, copy, &x);
	for (size_t i = 0; i < x.n_secrets; i++)
		assert_true(x.secrets[i].start <= x.secrets[i].end && x.secrets[i].end <= text.n);
	free((char *)copy.p);
	return x;
}

static bool has_hit(const struct assessment *x, const char *rule)
{
	for (size_t i = 0; i < x->n_hits; i++)
		if (str_eq(x->hits[i].rule, str_of(rule)))
			return true;
	return false;
}

static void labels_name_the_strongest_field(void **state)
{
	static const struct {
		const char *label;
		enum field field;
	} rows[] = {
		{ "E-Mail", FIELD_MAIL },
		{ "work_email", FIELD_MAIL },
		{ "Date of birth", FIELD_BIRTH },
		{ "IP address", FIELD_IP },
		{ "Mother's phone", FIELD_FAMILY },
		{ "base_salary", FIELD_PAY },
		{ "Alias(es)", FIELD_ALIAS },
		{ "emp_no", FIELD_ID },
		{ "Privat-Mail", FIELD_MAIL },
		{ "t\xc3\xa9l\xc3\xa9phone", FIELD_PHONE },
		{ "opening hours", FIELD_PUBLIC },
		{ "number of goals", FIELD_NONE },
		{ "", FIELD_NONE },
		{ "a label of so many words that it is a sentence about a phone", FIELD_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str copy = exact_copy(str_of(rows[i].label));

		if (field_of_label(copy) != rows[i].field) {
			print_error("%s: %d\n", rows[i].label, (int)field_of_label(copy));
			fail();
		}
		free((char *)copy.p);
	}
}

static void values_are_known_by_their_look(void **state)
{
	static const struct {
		const char *why, *value;
		enum field field;
	} rows[] = {
		{ "mail", "grip@example.com", FIELD_MAIL },
		{ "phone", "555-0117", FIELD_PHONE },
		{ "phone with country", "+1 202 555 0117", FIELD_PHONE },
		{ "birth date", "1979-04-11", FIELD_BIRTH },
		{ "birth date, day first", "11.04.1979", FIELD_BIRTH },
		{ "a date too young", "2026-11-03", FIELD_NONE },
		{ "address of a machine", "203.0.113.14", FIELD_IP },
		{ "no machine has 999", "999.0.113.14", FIELD_NONE },
		{ "a plain number", "9001234567", FIELD_NONE },
		{ "a price", "12345.60", FIELD_NONE },
		{ "a word", "projectionist", FIELD_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str copy = exact_copy(str_of(rows[i].value));

		if (field_of_value(copy) != rows[i].field) {
			print_error("%s: %d\n", rows[i].why, (int)field_of_value(copy));
			fail();
		}
		free((char *)copy.p);
	}
}

static void blanks_hold_nothing(void **state)
{
	(void)state;
	assert_false(field_holds(FIELD_PHONE, STR("____________")));
	assert_false(field_holds(FIELD_ADDRESS, STR("on request, 2 weeks")));
	assert_false(field_holds(FIELD_PAY, STR("proof required")));
	assert_false(field_holds(FIELD_SECRET, STR("your-password-here")));
	assert_false(field_holds(FIELD_MAIL, STR("")));
	assert_true(field_holds(FIELD_ADDRESS, STR("14 Invented Lane")));
	assert_true(field_holds(FIELD_BIRTH, STR("14.02.1979")));
}

static const char staff[] = "staff_no,phone,birth_date,salary\n"
			    "S-1,555-0131,1980-04-11,42000\n"
			    "S-2,555-0132,1976-09-30,36500\n"
			    "S-3,555-0133,1991-01-02,38250\n";

static void a_table_needs_something_private_and_a_way_to_the_person(void **state)
{
	static const struct {
		const char *why, *text;
		bool leak;
	} rows[] = {
		{ "staff", staff, true },
		{ "two rows are an example", "no,phone,birth_date\n1,555-0131,1980-04-11\n2,555-0132,1976-09-30\n", false },
		{ "public offices",
		  "office,phone,mail\na,555-0131,a@example.org\nb,555-0132,b@example.org\nc,555-0133,c@example.org\n", false },
		{ "pay of nobody", "id,name,salary\n1,Alpha,52000\n2,Beta,48000\n3,Gamma,61000\n", false },
		{ "cells that are no such thing",
		  "phone,birth_date,salary\nint,date,int\nint,date,int\nint,date,int\nint,date,int\n", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(state, str_of(rows[i].text));

		if (has_hit(&x, "personal-table") != rows[i].leak || (x.category[CATEGORY_LEAK] >= 0.5) != rows[i].leak) {
			print_error("%s: %.2f\n", rows[i].why, x.category[CATEGORY_LEAK]);
			fail();
		}
	}
}

static void private_cells_are_covered(void **state)
{
	char text[sizeof(staff)];
	struct assessment x = assess(state, str_of(staff));

	memcpy(text, staff, sizeof(staff));
	classify_mask(text, sizeof(staff) - 1, &x);
	assert_null(strstr(text, "42000"));
	assert_null(strstr(text, "1976"));
	assert_non_null(strstr(text, "staff_no,phone,birth_date,salary"));
	assert_non_null(strstr(text, "555-0133"));
}

static void a_leak_that_names_our_domain_is_high(void **state)
{
	static const char *const texts[] = {
		("no|mail|birth date|salary\n1|grip@example.com|1980-04-11|42000\n2|focus@example.com|1976-09-30|36500\n"
		 "3|clapper@example.com|1991-01-02|38250\n"),
		"STRICTLY CONFIDENTIAL - DO NOT FORWARD\nQuestions to release@example.com\nThe offer is forty million.\n",
		"Selling the full database of example.com, 2 million users, escrow ok, sample on request\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct assessment x = assess(state, str_of(texts[i]));
		struct severity severity;

		severity_of(&x, VERDICT_NONE, ((struct bench *)*state)->arena, &severity);
		if (x.category[CATEGORY_LEAK] < 0.5 || severity.value < 70) {
			print_error("%s: leak %.2f, severity %d\n", texts[i], x.category[CATEGORY_LEAK], severity.value);
			fail();
		}
	}
}

static void rows_share_no_shape_when_they_are_passwords(void **state)
{
	struct assessment parts = assess(state,
					 STR("1|a@example.net|AB-1001\n2|b@example.net|AB-1002\n3|c@example.net|AB-1003\n"
					     "4|d@example.net|AB-1004\n5|e@example.net|AB-1005\n"));
	struct assessment logins;

	assert_true(parts.category[CATEGORY_LEAK] < 0.5);
	logins = assess(state, STR("1|a@example.net|Oar2Oar!\n2|b@example.net|sourd0ugh\n3|c@example.net|cla1mjump\n"));
	assert_true(logins.category[CATEGORY_LEAK] >= 0.5);
}

/* Each text of a file, whose texts begin with a line "=== kind": how many of them, and how many are not taken as expected. */
static size_t count_wrong(void **state, const char *path, bool expected, size_t *total)
{
	AUTO(buf) file = BUF_INIT(MIB(1));
	struct str rest, line;
	size_t wrong = 0;

	read_fixture(path, &file);
	rest = buf_str(&file);
	*total = 0;
	while (str_split(&rest, '\n', &line)) {
		struct str kind = str_slice(line, 4, line.n), text;
		struct assessment x;
		ssize_t end;
		bool taken;

		if (!str_starts(line, STR("=== ")))
			continue;
		end = str_find(rest, STR("\n=== "));
		text = str_slice(rest, 0, end < 0 ? rest.n : (size_t)end + 1);
		x = assess(state, text);
		taken = x.category[str_starts(kind, STR("dox")) ? CATEGORY_DOX : CATEGORY_LEAK] >= 0.5 ||
			(!expected && x.category[CATEGORY_DOX] >= 0.5);
		(*total)++;
		if (taken != expected) {
			wrong++;
			print_message("%.*s: leak %.2f dox %.2f\n", STR_ARG(kind), x.category[CATEGORY_LEAK],
				      x.category[CATEGORY_DOX]);
		}
	}
	return wrong;
}

/* The second set was recognised to 14 of 20 when it was new: what fails here fails again. */
static void the_texts_held_out_are_recognised(void **state)
{
	size_t total;

	assert_int_equal(count_wrong(state, "tests/classify/heldout_leaks.txt", true, &total), 0);
	assert_int_equal(total, 40);
	assert_int_equal(count_wrong(state, "tests/classify/heldout_leaks2.txt", true, &total), 0);
	assert_int_equal(total, 20);
	/* Sales, forms and open data are taken by the model of language, and are to become fewer; no rule takes them. */
	assert_true(count_wrong(state, "tests/classify/heldout_ordinary.txt", false, &total) <= 5);
	assert_int_equal(total, 60);
	assert_true(count_wrong(state, "tests/classify/heldout_ordinary2.txt", false, &total) <= 5);
	assert_int_equal(total, 30);
}

static void tables_of_any_width_and_length_end(void **state)
{
	static const char *const rows[] = {
		",,,", "\"", "\",\",", "a|b|c", "mail,phone,birth", "|", "x: ", "{\"a\":", "1;2;3"
	};
	enum { ROWS = 70000 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(buf) text = BUF_INIT(MIB(4));

		for (size_t k = 0; k < ROWS; k++) {
			buf_add(&text, str_of(rows[i]));
			buf_add_char(&text, k % 1000 == 999 ? ' ' : '\n');
		}
		assess(state, buf_str(&text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_name_the_strongest_field),
		cmocka_unit_test(values_are_known_by_their_look),
		cmocka_unit_test(blanks_hold_nothing),
		cmocka_unit_test(a_table_needs_something_private_and_a_way_to_the_person),
		cmocka_unit_test(private_cells_are_covered),
		cmocka_unit_test(a_leak_that_names_our_domain_is_high),
		cmocka_unit_test(rows_share_no_shape_when_they_are_passwords),
		cmocka_unit_test(the_texts_held_out_are_recognised),
		cmocka_unit_test(tables_of_any_width_and_length_end),
	};

	return cmocka_run_group_tests(tests, make_bench, free_bench);
}
