/* test_host.c - the cards of hosts: what ships is sourced, the desk's own take their place, and bad ones are named */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/takedown/host.h"

static void shipped(struct arena *a, struct host_cards *all)
{
	struct err err = { 0 };

	if (host_cards_read(NULL, a, all, &err) < 0)
		fail_msg("%s", err.text);
}

static void a_host_is_known_by_its_domain_and_what_is_below_it(void **state)
{
	static const struct {
		const char *why, *host, *wanted;
	} rows[] = {
		{ "the domain", "pastebin.com", "pastebin" },
		{ "below it", "www.pastebin.com", "pastebin" },
		{ "capital letters", "PASTEBIN.com", "pastebin" },
		{ "another that ends the same", "notpastebin.com", "" },
		{ "another that begins the same", "pastebin.com.example.net", "" },
		{ "nothing", "", "" },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct host_cards all;

	(void)state;
	shipped(a, &all);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str host = exact_copy(str_of(rows[i].host));
		const struct host_card *c = host_card_of(&all, host);

		if (!str_eq(c ? c->name : STR(""), str_of(rows[i].wanted)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(c ? c->name : STR("")));
		free((char *)host.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_known_by_its_domain_and_what_is_below_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
