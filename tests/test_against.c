/* test_against.c - what stands around a secret is named when it speaks against it */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/against.h"

/* The secret is what stands between the brackets of the text, which are taken away. */
static const char *against(const char *marked, bool generic)
{
	static char text[8192];
	size_t n = 0, start = 0, end = 0;
	struct str copy;
	const char *clause;

	for (const char *p = marked; *p; p++)
		if (*p == '<')
			start = n;
		else if (*p == '>')
			end = n;
		else
			text[n++] = *p;
	copy = exact_copy((struct str){ text, n });
	clause = against_secret(copy, start, start, end, generic);
	free((char *)copy.p);
	return clause;
}

static void surroundings_are_named(void **state)
{
	static const struct {
		const char *text;
		bool generic;
		const char *clause; /* a part of it; NULL for none */
	} rows[] = {
		{ "\"integrity\": \"sha512-<vT2xLp9ZrK4nWb8YcH3sJ6dU>\"", false, "digest of a file" },
		{ "postgres://app:<Tr0ub4dor>@db.example.org/x", false, "for examples" },
		{ "postgres://app:<Tr0ub4dor>@db.corp.test/x", false, NULL },
		{ "postgres://app:<Tr0ub4dor>@db.corp.test/x\nsee www.example.org", false, NULL },
		{ "token=<8a6e0804-2bd0-4672-b79d-d97027f9071a>", true, "UUID" },
		{ "token=<8a6e0804-2bd0-4672-b79d-d97027f9071a>", false, NULL },
		{ "token=<8a6e0804-2bd0-4672-b79dxd97027f9071a>", true, NULL },
		{ "token commit <9f1c03be57a2d84610ecb7f395d2a6849f1c03be>", true, "version control" },
		{ "api_token: <9f1c03be57a2d84610ecb7f395d2a6849f1c03be>", true, NULL },
		{ "Traceback (most recent call last):\n  File \"x.py\", line 3\n    token = '<vT2xLp9ZrK4nWb8YcH3sJ6dU>'", true,
		  "traceback" },
		{ "<x>", true, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *clause = against(rows[i].text, rows[i].generic);

		if (!clause != !rows[i].clause || (clause && !strstr(clause, rows[i].clause))) {
			print_error("%s: %s\n", rows[i].text, clause ? clause : "nothing");
			fail();
		}
	}
}

static void minified_code_is_known_by_its_look(void **state)
{
	static char line[4000];
	size_t n = 0;

	(void)state;
	while (n < 1500)
		n += (size_t)snprintf(line + n, sizeof(line) - n, "function(e){var t=e.length;return a(t,e)};");
	n += (size_t)snprintf(line + n, sizeof(line) - n, "token=\"<vT2xLp9ZrK4nWb8YcH3sJ6dU>\";");
	assert_non_null(against(line, true));
	assert_null(against(line, false));
	n = 0;
	while (n < 1500)
		n += (size_t)snprintf(line + n, sizeof(line) - n, "a long line of prose that goes on, ");
	snprintf(line + n, sizeof(line) - n, "token=\"<vT2xLp9ZrK4nWb8YcH3sJ6dU>\";");
	assert_null(against(line, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(surroundings_are_named),
		cmocka_unit_test(minified_code_is_known_by_its_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
