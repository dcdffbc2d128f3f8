/* test_robots.c - may we fetch this path? */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "crawler/robots.h"

static bool allowed(const char *text, const char *agent, const char *url, struct robots_answer *answer)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str copy = exact_copy(str_of(text));
	struct str address = exact_copy(str_of(url));
	struct robots *r = robots_parse(a, copy, str_of(agent));
	bool answered = robots_allows(r, address, answer);

	free((char *)copy.p);
	free((char *)address.p);
	if (answer)
		answer->rule = (struct str){ 0 }; /* it lived in the arena */
	return answered;
}

static void groups_and_rules_follow_the_standard(void **state)
{
	static const struct {
		const char *why, *text, *url;
		bool allowed;
		int line;
	} rows[] = {
		{ "nothing is forbidden in an empty file", "", "https://example.com/x", true, 0 },
		{ "the longest match wins over order", "User-agent: *\nDisallow: /a/\nAllow: /a/b\n", "https://example.com/a/b",
		  true, 3 },
		{ "a tie allows", "User-agent: *\nDisallow: /a\nAllow: /a\n", "https://example.com/a", true, 3 },
		{ "our own group replaces everybody's", "User-agent: *\nDisallow: /\nUser-agent: desk\nDisallow: /x\n",
		  "https://example.com/y", true, 0 },
		{ "two groups of ours are one",
		  "User-agent: desk\nDisallow: /x\nUser-agent: b\nDisallow: /\nUser-agent: DESK\nDisallow: /y\n",
		  "https://example.com/y", false, 6 },
		{ "agents above one another share a group", "User-agent: a\nUser-agent: desk\nUser-agent: b\nDisallow: /x\n",
		  "https://example.com/x", false, 4 },
		{ "a sitemap does not end a group", "User-agent: desk\nSitemap: https://example.com/s\nDisallow: /x\n",
		  "https://example.com/x", false, 3 },
		{ "a delay does not begin a new group", "User-agent: desk\nCrawl-delay: 5\nUser-agent: b\nDisallow: /x\n",
		  "https://example.com/x", false, 4 },
		{ "rules before any group are ignored", "Disallow: /\nUser-agent: desk\nDisallow: /x\n", "https://example.com/",
		  true, 0 },
		{ "an empty rule says nothing", "User-agent: desk\nDisallow:\n", "https://example.com/", true, 0 },
		{ "a version behind the token is not compared", "User-agent: desk/2.0\nDisallow: /\n", "https://example.com/",
		  false, 2 },
		{ "a longer token is somebody else", "User-agent: deskbot\nDisallow: /\n", "https://example.com/", true, 0 },
		{ "a comment is no path", "User-agent: desk # us\nDisallow: /x # why\n", "https://example.com/x", false, 2 },
		{ "a byte order mark is no agent", "\xef\xbb\xbfUser-agent: desk\nDisallow: /\n", "https://example.com/", false,
		  2 },
		{ "CR, LF and both end a line", "User-agent: desk\r\nDisallow: /x\rDisallow: /y\n\nDisallow: /z",
		  "https://example.com/z", false, 5 },
		{ "a star is any run", "User-agent: desk\nDisallow: /a*c*e\n", "https://example.com/a/b/c/d/e/f", false, 2 },
		{ "a star may be nothing", "User-agent: desk\nDisallow: /a*b\n", "https://example.com/ab", false, 2 },
		{ "a dollar is the end", "User-agent: desk\nDisallow: /*.zip$\n", "https://example.com/a.zip?x", true, 0 },
		{ "the piece before a dollar is looked for at the end", "User-agent: desk\nDisallow: /*ab$\n",
		  "https://example.com/abxab", false, 2 },
		{ "a dollar inside is a dollar", "User-agent: desk\nDisallow: /a$b\n", "https://example.com/a$b", false, 2 },
		{ "a star before a dollar", "User-agent: desk\nDisallow: /a*$\n", "https://example.com/ab", false, 2 },
		{ "the query counts", "User-agent: desk\nDisallow: /*?page=\n", "https://example.com/l?page=2", false, 2 },
		{ "the fragment does not", "User-agent: desk\nDisallow: /*b\n", "https://example.com/a#b", true, 0 },
		{ "escapes compare without case", "User-agent: desk\nDisallow: /%c3%a9\n", "https://example.com/%C3%A9", false,
		  2 },
		{ "needless escapes do not get us in", "User-agent: desk\nDisallow: /%70rivate\n",
		  "https://example.com/private", false, 2 },
		{ "an escaped slash is no slash", "User-agent: desk\nDisallow: /a%2Fb\n", "https://example.com/a/b", true, 0 },
		{ "robots.txt itself is always allowed", "User-agent: desk\nDisallow: /\n", "https://example.com/robots.txt",
		  true, 0 },
		{ "an address without a path has the path /", "User-agent: desk\nDisallow: /\n", "https://example.com", false,
		  2 },
		{ "nor has one with a query at once", "User-agent: desk\nDisallow: /?x\n", "https://example.com?xy", false, 2 },
		{ "a missing colon is forgiven", "User-agent desk\nDisallow /x\n", "https://example.com/x", false, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct robots_answer answer;

		if (allowed(rows[i].text, "desk", rows[i].url, &answer) != rows[i].allowed || answer.line != rows[i].line)
			fail_msg("%s (line %d)", rows[i].why, answer.line);
	}
}

static void the_deciding_rule_is_told_as_written(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct robots *r = robots_parse(a, STR("user-agent: desk\n  DISALLOW :  /a*z  # no\n"), STR("desk/1.0"));
	struct robots_answer answer;

	(void)state;
	assert_false(robots_allows(r, STR("https://example.com/a-z"), &answer));
	assert_str(answer.rule, "disallow: /a*z");
	assert_int_equal(answer.line, 2);
}

static void a_delay_is_read_in_milliseconds(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "User-agent: desk\nCrawl-delay: 10\n", 10000 },
		{ "User-agent: desk\nDisallow: /x\ncrawl-delay: 0.25\n", 250 },
		{ "User-agent: desk\nCrawl-delay: 1.23456\n", 1234 },
		{ "User-agent: *\nCrawl-delay: 7\n", 7000 },
		{ "User-agent: *\nCrawl-delay: 7\nUser-agent: desk\nAllow: /\n", 0 },
		{ "User-agent: desk\nCrawl-delay: soon\n", 0 },
		{ "User-agent: desk\nCrawl-delay: -4\n", 0 },
		{ "User-agent: desk\nCrawl-delay: 99999999999999999999\n", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

		assert_int_equal(robots_delay_ms(robots_parse(a, str_of(rows[i].text), STR("desk"))), rows[i].ms);
	}
}

static void hostile_patterns_cost_no_more_than_their_length(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) text = BUF_INIT(LIMIT_ROBOTS);
	AUTO(buf) url = BUF_INIT(LIMIT_URL);
	struct robots *r;

	(void)state;
	buf_add(&text, STR("User-agent: *\n"));
	for (int i = 0; i < 100; i++) {
		buf_add(&text, STR("Disallow: /"));
		for (int j = 0; j < 1000; j++)
			buf_add(&text, STR("*a"));
		buf_add(&text, STR("b$\n"));
	}
	buf_add(&url, STR("https://example.com/"));
	while (buf_add(&url, STR("a")) == 0)
		;
	r = robots_parse(a, buf_str(&text), STR("desk"));
	for (int i = 0; i < 50; i++)
		assert_true(robots_allows(r, buf_str(&url), NULL));
}

static void a_file_of_nothing_but_rules_fits_where_it_is_said_to(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(32));
	AUTO(buf) text = BUF_INIT(2 * LIMIT_ROBOTS);

	(void)state;
	buf_add(&text, STR("User-agent: *\nUser-agent: desk\n"));
	while (text.n < LIMIT_ROBOTS + 100)
		buf_add(&text, STR("allow:/\n"));
	assert_true(robots_allows(robots_parse(a, buf_str(&text), STR("desk")), STR("https://example.com/x"), NULL));
}

/* The reference suite: rows named ID_ are the standard, GoogleOnly_ are habits of one parser. */
static void the_reference_suite_passes(void **state)
{
	AUTO(buf) file = BUF_INIT(LIMIT_LINE);
	char path[256];
	struct str rest, line;
	int standard = 0, all = 0, rows = 0;

	(void)state;
	if (!shared_data("robots/google_robotstxt.jsonl", path, sizeof(path)))
		skip();
	read_fixture(path, &file);
	for (rest = buf_str(&file); str_split(&rest, '\n', &line); rows++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO_FREE(json) j = json_parse(line, NULL);
		struct str text, agent, url, test;
		bool expected, answer;

		assert_non_null(j);
		json_get_text(j, "robots_txt", &text, NULL);
		json_get_text(j, "user_agent", &agent, NULL);
		json_get_text(j, "url", &url, NULL);
		json_get_text(j, "test", &test, NULL);
		json_get_bool(j, "allowed", &expected, NULL);
		answer = robots_allows(robots_parse(a, text, agent), url, NULL);
		if (answer != expected)
			print_message("%.*s: %.*s\n", STR_ARG(test), STR_ARG(str_slice(url, 0, 80)));
		standard += answer == expected && str_starts(test, STR("ID_"));
		all += answer == expected;
	}
	print_message("robots: %d of 72 of the standard, %d of %d in all\n", standard, all, rows);
	assert_int_equal(standard, 72);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_and_rules_follow_the_standard),
		cmocka_unit_test(the_deciding_rule_is_told_as_written),
		cmocka_unit_test(a_delay_is_read_in_milliseconds),
		cmocka_unit_test(hostile_patterns_cost_no_more_than_their_length),
		cmocka_unit_test(a_file_of_nothing_but_rules_fits_where_it_is_said_to),
		cmocka_unit_test(the_reference_suite_passes),
	};

	return cmocka_run_group_tests_name("robots", tests, NULL, NULL);
}
