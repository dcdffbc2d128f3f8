/* test_roster.c - who is asked, when, and who is next; gaps are found before they are needed */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/day.h"
#include "desk/alert/roster.h"

#define HOUR INT64_C(3600000000)

static int64_t utc(int year, int month, int day, int hour, int minute)
{
	return clock_from_civil(year, month, day, hour, minute, 0);
}

/* "name hours|name hours" */
static void roster_of(const char *text, struct roster_entry entries[8], struct roster *r)
{
	struct str rest = str_of(text), one;

	*r = (struct roster){ .given = true, .entries = entries };
	while (str_split(&rest, '|', &one)) {
		struct str name;

		str_split(&one, ' ', &name);
		entries[r->n] = (struct roster_entry){ .name = { .text = name } };
		if (one.n)
			assert_int_equal(day_hours_read(one, (struct str){ 0 }, &entries[r->n].hours), 1);
		r->n++;
	}
}

/* Who is asked from `at` on, each so many minutes after the one before. */
static const char *asked_in_turn(const struct roster *r, int64_t at, int minutes, size_t times)
{
	static char names[256];
	struct roster_asked asked[16];
	size_t n = 0;

	for (size_t i = 0; i < times; i++, at += minutes * HOUR / 60) {
		const struct roster_entry *e = roster_next(r, asked, i, at);

		assert_non_null(e);
		asked[i] = (struct roster_asked){ e->name.text, at };
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%.*s", i ? " " : "", STR_ARG(e->name.text));
	}
	return names;
}

static void whoever_is_on_is_asked_then_the_others_then_round_again(void **state)
{
	static const struct {
		const char *why, *roster;
		int hour, minutes;
		size_t times;
		const char *asked;
	} rows[] = {
		{ "one is asked again and again", "a", 12, 10, 3, "a a a" },
		{ "without hours by the roster's order", "a|b|c", 12, 10, 5, "a b c a b" },
		{ "by day the desk first", "desk 08:00-20:00|call", 12, 10, 4, "desk call desk call" },
		{ "by night whoever is on, then the desk is woken", "desk 08:00-20:00|call", 3, 10, 4, "call desk call desk" },
		{ "all who are on before anybody who is not", "off 08:00-09:00|a|b", 12, 10, 6, "a b off a b off" },
		{ "in a gap all are asked", "a 08:00-20:00|b 08:00-20:00", 3, 10, 4, "a b a b" },
		{ "who comes on meanwhile is next", "day 08:00-20:00|night 20:00-08:00", 19, 50, 2, "day night" },
		{ "midnight is no border", "night 22:00-06:00|day 06:00-22:00", 23, 180, 3, "night day night" },
	};
	struct roster_entry entries[8];
	struct roster r;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *asked;

		roster_of(rows[i].roster, entries, &r);
		asked = asked_in_turn(&r, utc(2026, 1, 1, rows[i].hour, 30), rows[i].minutes, rows[i].times);
		if (strcmp(asked, rows[i].asked) != 0)
			fail_msg("%s: expected %s, got %s", rows[i].why, rows[i].asked, asked);
	}
	assert_null(roster_next(&(struct roster){ 0 }, NULL, 0, 0));
}

static void somebody_who_left_the_roster_is_not_counted(void **state)
{
	struct roster_entry entries[8];
	const struct roster_asked asked[] = { { STR("gone"), 1 }, { STR("a"), 2 } };
	struct roster r;

	(void)state;
	roster_of("a|b", entries, &r);
	assert_str(roster_next(&r, asked, 2, 10)->name.text, "b");
}

static void gaps_of_a_year_are_found(void **state)
{
	static const struct {
		const char *why, *roster;
		bool found;
		int64_t from, hours;
		int days;
	} rows[] = {
		{ "somebody is always on", "a 08:00-20:00|b", false, 0, 0, 0 },
		{ "day and night", "a 08:00-20:00|b 20:00-08:00", false, 0, 0, 0 },
		{ "each night", "a 08:00-20:00", true, 20, 12, 366 },
		{ "an hour each day", "a 08:00-20:00|b 21:00-08:00", true, 20, 1, 366 },
	};
	struct roster_entry entries[8];
	struct roster_gap gap = { 0 };
	struct roster r;
	const int64_t now = utc(2026, 1, 1, 12, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		roster_of(rows[i].roster, entries, &r);
		if ((roster_gap(&r, now, &gap) != 0) != rows[i].found)
			fail_msg("%s", rows[i].why);
		if (!rows[i].found)
			continue;
		assert_int_equal(gap.from, utc(2026, 1, 1, 0, 0) + rows[i].from * HOUR);
		assert_int_equal(gap.until - gap.from, rows[i].hours * HOUR);
		assert_int_equal(gap.days, rows[i].days);
	}
	roster_of("a 08:00-20:00", entries, &r);
	assert_int_equal(roster_gap(&r, utc(2026, 1, 1, 3, 0), &gap), 1); /* in the middle of one */
	assert_int_equal(gap.from, utc(2026, 1, 1, 3, 0));
	assert_int_equal(gap.until, utc(2026, 1, 1, 8, 0));
}

static void zones_that_change_their_clocks_apart_leave_a_gap(void **state)
{
	struct roster_entry entries[8];
	struct roster_gap gap = { 0 };
	struct roster r;

	(void)state;
	/* New York's summer begins three weeks before Berlin's: its evening ends an hour before Berlin's morning begins. */
	roster_of("a 08:00-20:00 Europe/Berlin|b 14:00-02:00 America/New_York", entries, &r);
	assert_int_equal(roster_gap(&r, utc(2026, 1, 1, 12, 0), &gap), 1);
	assert_int_equal(gap.from, utc(2026, 3, 9, 6, 0) - 0);
	assert_int_equal(gap.until, utc(2026, 3, 9, 7, 0));
	assert_in_range(gap.days, 20, 30);
}

static const struct yaml *parsed(struct arena *a, const char *text, struct err *err)
{
	size_t n = strlen(text);
	char *exact = malloc(n ? n : 1);
	const struct yaml *y;

	memcpy(exact, text, n);
	y = yaml_parse(a, (struct str){ exact, n }, "x.yaml", err);
	free(exact);
	return y;
}

static void what_is_wrong_with_a_roster_is_said_with_its_line(void **state)
{
	static const struct {
		const char *yaml, *said; /* NULL: it is right */
	} rows[] = {
		{ "roster:\n  - {name: a, to: a@example.com}\n", NULL },
		{ "severity: 90\nafter: 5m\nroster:\n  - {name: a, to: channel pager}\n", NULL },
		{ "roster: []\n", "x.yaml:1: the roster has 0 entries" },
		{ "severity: 90\n", "roster" },
		{ "roster:\n  - {name: a, to: \"a@example.com, b@example.com\"}\n", "x.yaml:2: to is" },
		{ "roster:\n  - {name: a, to: a}\n", "x.yaml:2: to is" },
		{ "roster:\n  - {name: a, to: \"webhook: https://sms.example.com/x\"}\n", "which is a channel now" },
		{ "roster:\n  - {name: a, to: channel a b}\n", "x.yaml:2: to is" },
		{ "roster:\n  - {name: a, to: a@example.com}\n  - {name: a, to: b@example.com}\n",
		  "x.yaml:3: the roster has \"a\" twice" },
		{ "roster:\n  - {name: a, to: a@example.com, hours: \"8-20\"}\n", "x.yaml:2: hours is" },
		{ "roster:\n  - {name: a, to: a@example.com, phone: 1}\n", "phone" },
		{ "after: 0s\nroster:\n  - {name: a, to: a@example.com}\n", "less than a second" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 20);
		struct roster r = { 0 };
		struct err err = { 0 };
		const struct yaml *y = parsed(a, rows[i].yaml, &err);
		int got = y ? roster_read(y, a, &r, &err) : -1;

		if (rows[i].said ? got == 0 || !strstr(err.text, rows[i].said) : got < 0)
			fail_msg("%s: %s", rows[i].yaml, err.text);
		assert_int_equal(r.given, rows[i].said == NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_is_on_is_asked_then_the_others_then_round_again),
		cmocka_unit_test(somebody_who_left_the_roster_is_not_counted),
		cmocka_unit_test(gaps_of_a_year_are_found),
		cmocka_unit_test(zones_that_change_their_clocks_apart_leave_a_gap),
		cmocka_unit_test(what_is_wrong_with_a_roster_is_said_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
