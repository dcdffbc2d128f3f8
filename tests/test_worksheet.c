/* test_worksheet.c - the fields of Art. 33 from counts: people, not records; and the clock of 72 hours */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "desk/takedown/notice.h"
#include "desk/takedown/worksheet.h"

#define AWARE INT64_C(1417392000000000) /* 2014-12-01T00:00:00Z */
#define HOUR  INT64_C(3600000000)

static const char table[] =
	"name,email,phone\nAnn,ann@example.com,+49 30 1234567\nBob,bob@example.com,\nAnn,ann@example.com,\n";

static void people_are_counted_and_not_records(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str exact = exact_copy(str_of(table));
	struct worksheet_counts c;
	struct people_list list;
	struct err err = { 0 };

	(void)state;
	assert_true(people_list_read(STR("email\nann@example.com\nzoe@example.com\n"), NULL, a, &list, &err) >= 0);
	worksheet_count(exact, NULL, 0, &list, NULL, a, &c);
	assert_int_equal(c.records, 3);
	assert_int_equal(c.persons, 2);
	assert_int_equal(c.marks[PERSON_MAIL], 2);
	assert_int_equal(c.marks[PERSON_PHONE], 1);
	assert_int_equal(c.listed, 1);
	assert_true(c.has_list && !c.more);
	worksheet_count(STR(""), NULL, 0, NULL, NULL, a, &c);
	assert_true(c.persons == 0 && c.records == 0 && !c.has_list);
	free((char *)exact.p);
}

static void facts_say_it_in_the_language_and_name_nobody(void **state)
{
	static const struct {
		const char *language, *subjects, *records, *kinds;
	} rows[] = {
		{ "en", "2 people\n1 on our own list", "3 records\nmail addresses: 2 people\ntelephone numbers: 1 people",
		  "mail addresses, telephone numbers" },
		{ "de", "2 Personen\n1 davon auf unserer eigenen Liste",
		  "3 Datensätze\nE-Mail-Adressen: 2 Personen\nTelefonnummern: 1 Personen", "E-Mail-Adressen, Telefonnummern" },
		{ "it", "2 people\n1 on our own list", "3 records\nmail addresses: 2 people\ntelephone numbers: 1 people",
		  "mail addresses, telephone numbers" },
	};
	static const struct worksheet_counts counts = {
		.persons = 2, .records = 3, .marks = { [PERSON_MAIL] = 2, [PERSON_PHONE] = 1 }, .listed = 1, .has_list = true
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct notice_fact *facts = NULL;
		size_t n = 0;

		worksheet_facts(&counts, AWARE, AWARE + HOUR, str_of(rows[i].language), a, &facts, &n);
		assert_str(fact_value(facts, n, STR("subjects")), rows[i].subjects);
		assert_str(fact_value(facts, n, STR("records")), rows[i].records);
		assert_str(fact_value(facts, n, STR("kinds")), rows[i].kinds);
		assert_str(fact_value(facts, n, STR("first_aware_at")), "2014-12-01T00:00:00Z");
		assert_str(fact_value(facts, n, STR("deadline")), "2014-12-04T00:00:00Z");
	}
}

static void more_than_can_be_counted_is_said(void **state)
{
	static const struct worksheet_counts counts = { .persons = 1000000, .records = 1000000, .more = true };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_fact *facts = NULL;
	size_t n = 0;

	(void)state;
	worksheet_facts(&counts, AWARE, AWARE, STR("fr"), a, &facts, &n);
	assert_str(fact_value(facts, n, STR("subjects")), "au moins 1000000 personnes");
	assert_int_equal(fact_value(facts, n, STR("kinds")).n, 0);
}

static void after_72_hours_the_worksheet_asks_why(void **state)
{
	static const struct {
		const char *why;
		int64_t hours;
		bool late;
	} rows[] = { { "an hour", 1, false }, { "72 hours", 72, false }, { "an hour more", 73, true } };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(notice_templates_read(NULL, a, &all, &err), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct notice_template *t = notice_template_of(&all, STR("breach-worksheet"), STR("en"));
		const struct worksheet_counts counts = { .persons = 1, .records = 1 };
		AUTO(buf) subject = BUF_INIT(LIMIT_NOTICE);
		AUTO(buf) text = BUF_INIT(LIMIT_NOTICE);
		struct notice_fact *facts = NULL;
		struct missing *m;
		size_t n = 0, n_m;
		bool asks = false;

		worksheet_facts(&counts, AWARE, AWARE + rows[i].hours * HOUR, STR("en"), a, &facts, &n);
		notice_fill(t, facts, n, &subject, &text);
		notice_missing(t, facts, n, buf_str(&text), a, &m, &n_m);
		for (size_t k = 0; k < n_m; k++) {
			asks = asks || str_eq(m[k].name, STR("delay"));
			if (str_eq(m[k].name, STR("subjects")) || str_eq(m[k].name, STR("records")) ||
			    str_eq(m[k].name, STR("awareness")))
				fail_msg("%s: %.*s", rows[i].why, STR_ARG(m[k].words));
		}
		if (asks != rows[i].late)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&text)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_are_counted_and_not_records),
		cmocka_unit_test(facts_say_it_in_the_language_and_name_nobody),
		cmocka_unit_test(more_than_can_be_counted_is_said),
		cmocka_unit_test(after_72_hours_the_worksheet_asks_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
