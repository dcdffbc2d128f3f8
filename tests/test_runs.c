/* test_runs.c - runs of digits and letters: every one is met, once, with all that it is; and strings that look like no words */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/rarity.h"
#include "classify/runs.h"

enum { MOST = 64 };

struct met {
	struct run runs[MOST];
	size_t n;
};

static bool note(void *whose, const struct run *run)
{
	struct met *m = whose;

	if (m->n < MOST)
		m->runs[m->n++] = *run;
	return m->n < MOST;
}

static void scan(struct str text, uint32_t least, struct met *m)
{
	const struct run_listener listener = { note, m };

	*m = (struct met){ 0 };
	runs_scan(text, least, &listener);
}

static void what_a_rule_wants_is_read(void **state)
{
	static const struct {
		const char *written;
		bool good;
		struct run_wanted wanted;
	} rows[] = {
		{ "digits 13", true, { RUN_DIGITS, 13, UINT32_MAX } },
		{ "hex 32-64", true, { RUN_HEX, 32, 64 } },
		{ "iban 4", true, { RUN_IBAN, 4, 96 } },
		{ "upper 9-9", true, { RUN_UPPER, 9, 9 } },
		{ "digits", false, { 0 } },
		{ "digits ", false, { 0 } },
		{ "digits 0", false, { 0 } },
		{ "letters 3", false, { 0 } },
		{ "hex 9-3", false, { 0 } },
		{ "hex 3-", false, { 0 } },
		{ "hex 3-4-5", false, { 0 } },
		{ "", false, { 0 } },
		{ "hex 99999999999", false, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct run_wanted w = { 0 };
		bool good = run_parse(str_of(rows[i].written), &w);

		if (good != rows[i].good || (good && memcmp(&w, &rows[i].wanted, sizeof(w)) != 0)) {
			print_error("%s\n", rows[i].written);
			fail();
		}
	}
}

static void a_row_of_too_many_digits_is_no_number_and_ends_the_one_before(void **state)
{
	static const struct {
		size_t start, end;
	} digits[] = { { 0, 7 }, { 74, 80 } };
	char text[200] = "12 3456-", *long_one = text + 8;
	struct met m;
	size_t n = 0;

	(void)state;
	memset(long_one, '7', 65);
	strncpy(long_one + 65, " 890 12", 8);
	scan(str_of(text), 3, &m);
	for (size_t i = 0; i < m.n; i++)
		if (m.runs[i].kinds == 1u << RUN_DIGITS) {
			assert_true(n < 2);
			assert_int_equal(m.runs[i].start, digits[n].start);
			assert_int_equal(m.runs[i].end, digits[n++].end);
		}
	assert_int_equal(n, 2);
}

static void each_run_is_every_kind_that_it_is(void **state)
{
	static const struct {
		const char *text;
		unsigned kinds;
		uint32_t length;
	} rows[] = {
		{ "9f1c03be", 1u << RUN_WORD | 1u << RUN_HEX, 8 }, /* 0 is no digit of base58 */
		{ "9f1c13be", 1u << RUN_WORD | 1u << RUN_HEX | 1u << RUN_BASE58, 8 },
		{ "1CioZmx4", 1u << RUN_WORD | 1u << RUN_BASE58, 8 },
		{ "1CiOZmx4", 1u << RUN_WORD, 8 },
		{ "GB021203", 1u << RUN_WORD | 1u << RUN_UPPER | 1u << RUN_IBAN, 8 },
		{ "AO12CDI4", 1u << RUN_WORD | 1u << RUN_UPPER | 1u << RUN_IBAN, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct met m;

		scan(str_of(rows[i].text), 8, &m);
		if (m.n != 1 || m.runs[0].kinds != rows[i].kinds || m.runs[0].length != rows[i].length) {
			print_error("%s: %zu, %x\n", rows[i].text, m.n, m.n ? m.runs[0].kinds : 0);
			fail();
		}
	}
}

static void groups_of_digits_are_one_run(void **state)
{
	struct met m;

	(void)state;
	scan(STR("pan 4539 5787-6362.1486, 12"), 13, &m);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.runs[0].kinds, 1u << RUN_DIGITS);
	assert_int_equal(m.runs[0].length, 16);
	assert_int_equal(m.runs[0].start, 4);
	assert_int_equal(m.runs[0].end, 23);
	scan(STR("4539  5787 6362 1486"), 13, &m); /* two blanks are a gap */
	assert_int_equal(m.n, 0);
	scan(STR("a1b22c333 44"), 4, &m); /* the group behind a word's last digits belongs together */
	assert_int_equal(m.n, 2);
	assert_int_equal(m.runs[1].kinds, 1u << RUN_DIGITS);
	assert_int_equal(m.runs[1].length, 5);
}

/* By the definition, without any trick: the words with a digit, and the groups. */
static void scan_plainly(struct str t, uint32_t least, struct met *m)
{
	*m = (struct met){ 0 };
	for (size_t i = 0; i < t.n; i++) {
		size_t end = i;
		uint32_t digits = 0;
		bool digit = false;

		if (i == 0 || !ascii_is_alnum(t.p[i - 1])) {
			while (end < t.n && ascii_is_alnum(t.p[end]))
				digit |= ascii_is_digit(t.p[end++]);
			if (digit && end - i >= least)
				note(m, &(struct run){ .start = i, .end = end, .kinds = 1u << RUN_WORD });
		}
		if (!ascii_is_digit(t.p[i]) || (i > 0 && ascii_is_digit(t.p[i - 1])) ||
		    (i > 1 && memchr(" -./", t.p[i - 1], 4) && ascii_is_digit(t.p[i - 2])))
			continue;
		for (end = i; end < t.n && (ascii_is_digit(t.p[end]) ||
					    (memchr(" -./", t.p[end], 4) && end + 1 < t.n && ascii_is_digit(t.p[end + 1])));
		     end++)
			digits += ascii_is_digit(t.p[end]);
		if (digits >= least)
			note(m, &(struct run){ .start = i, .end = end, .kinds = 1u << RUN_DIGITS });
	}
}

static int by_place(const void *a, const void *b)
{
	const struct run *x = a, *y = b;
	bool xd = x->kinds & 1u << RUN_DIGITS, yd = y->kinds & 1u << RUN_DIGITS;

	return x->start != y->start ? (x->start < y->start ? -1 : 1) : xd - yd;
}

static void no_run_is_missed_or_invented_in_any_text(void **state)
{
	static const char signs[] = "0123456789 -./ab XYZ\n\xc3\xa9:";
	uint32_t random = 3;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[96];
		struct str copy;
		struct met got, wanted;
		size_t n = (size_t)round % sizeof(text);

		for (size_t i = 0; i < n; i++) {
			random = random * 1664525u + 1013904223u;
			text[i] = signs[(random >> 16) % (sizeof(signs) - 1)];
		}
		copy = exact_copy((struct str){ text, n });
		scan(copy, 3, &got);
		scan_plainly(copy, 3, &wanted);
		qsort(got.runs, got.n, sizeof(*got.runs), by_place);
		qsort(wanted.runs, wanted.n, sizeof(*wanted.runs), by_place);
		assert_int_equal(got.n, wanted.n);
		for (size_t i = 0; i < got.n; i++) {
			assert_int_equal(got.runs[i].start, wanted.runs[i].start);
			assert_int_equal(got.runs[i].end, wanted.runs[i].end);
			assert_true(got.runs[i].kinds & wanted.runs[i].kinds);
		}
		free((char *)copy.p);
	}
}

static void words_are_common_and_secrets_are_rare(void **state)
{
	static const struct {
		const char *text;
		bool rare;
	} rows[] = {
		{ "getElementByIdentifier", false },
		{ "application/configuration/settings.yaml", false },
		{ "maximum_number_of_connections", false },
		{ "RELEASE-CANDIDATE-2024", false },
		{ "Qm7vT2xLp9ZrK4nWb8YcH3sJ6dUe1fGo", true },
		{ "9f1c03be57a2d84610ecb7f395d2a684", true },
		{ "xkqzvwpjtmbrfgh", true },
		{ "", false },
		{ "\xd0\xbf\xd0\xb0\xd1\x80", true }, /* no letters that it knows */
	};
	AUTO_FREE(rarity) r = rarity_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str copy = exact_copy(str_of(rows[i].text));
		double rarity = rarity_of(r, copy);

		if ((rarity >= 0.5) != rows[i].rare || rarity < 0 || rarity > 1) {
			print_error("%s: %.3f\n", rows[i].text, rarity);
			fail();
		}
		free((char *)copy.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_rule_wants_is_read),
		cmocka_unit_test(a_row_of_too_many_digits_is_no_number_and_ends_the_one_before),
		cmocka_unit_test(each_run_is_every_kind_that_it_is),
		cmocka_unit_test(groups_of_digits_are_one_run),
		cmocka_unit_test(no_run_is_missed_or_invented_in_any_text),
		cmocka_unit_test(words_are_common_and_secrets_are_rare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
