/* test_source_entry.c - an entry at the end of the list of sources, and all else byte for byte */
#include "tests/support.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/yaml.h"
#include "desk/source_entry.h"

#define URL "https://a.example.net/?b=c"

static void the_entry_stands_behind_the_last_item(void **state)
{
	static const struct {
		const char *why, *before, *after;
	} rows[] = {
		{ "a list", "a: 1\nsources:\n  - name: x\n    url: y\nz: 2\n",
		  "a: 1\nsources:\n  - name: x\n    url: y\n  - name: n\n    url: " URL "\nz: 2\n" },
		{ "no list", "a: 1\n", "a: 1\nsources:\n  - name: n\n    url: " URL "\n" },
		{ "an empty file", "", "sources:\n  - name: n\n    url: " URL "\n" },
		{ "an empty list", "sources:   # none yet\nz: 2\n",
		  "sources:   # none yet\n  - name: n\n    url: " URL "\nz: 2\n" },
		{ "items that are not indented", "sources:\n- name: x\nz: 2\n",
		  "sources:\n- name: x\n- name: n\n  url: " URL "\nz: 2\n" },
		{ "items far in", "sources:\n      - name: x\n",
		  "sources:\n      - name: x\n      - name: n\n        url: " URL "\n" },
		{ "no end of the last line", "sources:\n  - name: x",
		  "sources:\n  - name: x\n  - name: n\n    url: " URL "\n" },
		{ "lines that end as on Windows", "sources:\r\n  - name: x\r\nz: 2\r\n",
		  "sources:\r\n  - name: x\r\n  - name: n\r\n    url: " URL "\r\nz: 2\r\n" },
		{ "comments: those inside stay before it, those at the margin behind it",
		  "sources:\n  # first\n  - name: x\n\n  # - name: y\n\n# the end\nz: 2\n",
		  "sources:\n  # first\n  - name: x\n\n  # - name: y\n  - name: n\n    url: " URL "\n\n# the end\nz: 2\n" },
		{ "a comment at the margin between two", "sources:\n  - name: x\n# between\n  - name: y\n",
		  "sources:\n  - name: x\n# between\n  - name: y\n  - name: n\n    url: " URL "\n" },
		{ "a text of several lines", "sources:\n  - name: x\n    links: >-\n      //a |\n\n      //b\nz: 2\n",
		  "sources:\n  - name: x\n    links: >-\n      //a |\n\n      //b\n  - name: n\n    url: " URL "\nz: 2\n" },
		{ "a key that only begins so", "sources_folder: s\nsources:\n  - name: x\n",
		  "sources_folder: s\nsources:\n  - name: x\n  - name: n\n    url: " URL "\n" },
	};
	const struct entry_line lines[] = { { "name", STR("n") }, { "engine", { NULL, 0 } }, { "url", STR(URL) } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(LIMIT_CONFIG);
		struct str copy = exact_copy(str_of(rows[i].before));
		struct err err = { 0 };

		assert_int_equal(entry_append(copy, "w.yaml", lines, 3, &out, &err), 0);
		free((char *)copy.p);
		if (!str_eq(buf_str(&out), str_of(rows[i].after)))
			fail_msg("%s:\n%.*s", rows[i].why, STR_ARG(buf_str(&out)));
	}
}

static void a_list_in_brackets_is_left_to_a_person(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_CONFIG);
	const struct entry_line line = { "name", STR("n") };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(entry_append(STR("a: 1\nsources: [{name: x}]\n"), "w.yaml", &line, 1, &out, &err), E_USAGE);
	assert_true(str_starts(str_of(err.text), STR("w.yaml:2: the sources stand behind")));
	assert_int_equal(out.n, 0);
}

/* Whatever a value holds, YAML gives it back. */
static void values_are_quoted_where_yaml_asks(void **state)
{
	static const char *const values[] = {
		"//tbody/tr/td/a[starts-with(@href, '/p/')]/@href",
		"{href}",
		"- x",
		"a: b",
		"a:",
		"a #b",
		"# a",
		"\"quoted\" and \\ back",
		"'x'",
		"[x]",
		"*x",
		"&x",
		"!x",
		"%x",
		"@x",
		"`x`",
		"|",
		">",
		"? x",
		"\xc3\xa9",
		" a ",
		"a\tb",
		"https://a.example.net/#x",
		"https://[::1]/",
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		AUTO(buf) out = BUF_INIT(LIMIT_CONFIG);
		const struct entry_line one = { "k", str_of(values[i]) };
		struct err err = { 0 };
		const struct yaml *list;

		entry_put(&out, &one, 1, 4, "\n");
		list = yaml_parse(a, arena_copy(a, buf_str(&out)), "x", &err);
		if (!list)
			fail_msg("%s: %s", values[i], err.text);
		assert_str(yaml_scalar(yaml_item(yaml_item(list, 0), 0)).text, values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_entry_stands_behind_the_last_item),
		cmocka_unit_test(a_list_in_brackets_is_left_to_a_person),
		cmocka_unit_test(values_are_quoted_where_yaml_asks),
	};

	return cmocka_run_group_tests_name("source entry", tests, NULL, NULL);
}
