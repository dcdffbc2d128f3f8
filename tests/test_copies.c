/* test_copies.c - where copies of a page may be, for a person to look */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crawler/url.h"
#include "desk/takedown/copies.h"
#include "desk/takedown/host.h"

static struct takedown_copy *copies(struct arena *a, const char *url, size_t *n)
{
	struct str exact = exact_copy(str_of(url));
	struct takedown_copy *rows;

	takedown_copies(exact, a, &rows, n);
	for (size_t i = 0; i < *n; i++)
		rows[i].url = arena_copy(a, rows[i].url);
	free((char *)(uintptr_t)exact.p);
	return rows;
}

static struct str at(const struct takedown_copy *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].name, str_of(name)))
			return rows[i].url;
	fail_msg("there is no %s", name);
	return (struct str){ 0 };
}

static void archives_take_an_address_as_it_is_and_search_engines_in_a_query(void **state)
{
	AUTO_FREE(arena) a = arena_new(KIB(256));
	size_t n;
	struct takedown_copy *rows = copies(a, "https://paste.example.net/x?a=1&b=2#c", &n);

	(void)state;
	assert_str(at(rows, n, "Wayback Machine"), "https://web.archive.org/web/*/https://paste.example.net/x?a=1&b=2#c");
	assert_str(at(rows, n, "Google"),
		   "https://www.google.com/search?q=%22https%3A%2F%2Fpaste.example.net%2Fx%3Fa%3D1%26b%3D2%23c%22");
	assert_false(rows[0].search);
	assert_true(rows[n - 1].search);
}

static void a_hostile_address_stays_one_address(void **state)
{
	static const struct {
		const char *why, *url;
	} rows[] = {
		{ "what would be filled in again", "https://x.example/{query}{url}" },
		{ "a header, and a quote", "https://x.example/%0d%0aBcc:\"<a>" },
		{ "no address", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(KIB(256));
		size_t n;
		struct takedown_copy *all = copies(a, rows[i].url, &n);
		struct url url;

		for (size_t k = 0; k < n; k++)
			if (url_parse(a, all[k].url, (struct str){ 0 }, &url, NULL) < 0 ||
			    (all[k].search && str_find(all[k].url, STR("{")) >= 0))
				fail_msg("%s: %.*s", rows[i].why, STR_ARG(all[k].url));
	}
}

static void whoever_keeps_one_has_a_card_by_the_name_that_is_said(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct host_cards cards;
	struct err err = { 0 };
	struct takedown_copy *rows;
	size_t n;

	(void)state;
	if (host_cards_read(NULL, a, &cards, &err) < 0)
		fail_msg("%s", err.text);
	rows = copies(a, "https://x.example/", &n);
	for (size_t i = 0; i < n; i++)
		if (rows[i].card.n && !host_card_named(&cards, rows[i].card))
			fail_msg("%.*s", STR_ARG(rows[i].card));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archives_take_an_address_as_it_is_and_search_engines_in_a_query),
		cmocka_unit_test(a_hostile_address_stays_one_address),
		cmocka_unit_test(whoever_keeps_one_has_a_card_by_the_name_that_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
