/* test_subscription_words.c - an entry of `subscriptions:` is read or refused with its line, and goes the way to the store and
 * back */
#include "tests/support.h"

#include <stdlib.h>

#include "base/limits.h"
#include "desk/alert/subscription.h"

static const struct str assets[] = { STR("The Interlude"), STR("Example Pictures") }, sources[] = { STR("smallpaste") };
static const struct subscription_names names = { assets, sources, 2, 1 };

static int read_list(struct arena *a, const char *text, struct subscription **out, size_t *n, struct err *err)
{
	struct str exact = exact_copy(str_of(text));
	const struct yaml *y = yaml_parse(a, exact, "w.yaml", err);

	free((void *)(uintptr_t)exact.p);
	return y ? subscriptions_read(y, &names, a, out, n, err) : err->code;
}

static void an_entry_is_read_with_what_it_leaves_out(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	struct subscription *s;
	struct err err = { 0 };
	size_t n;

	(void)state;
	if (read_list(a,
		      "- to: Desk@EXAMPLE.com\n"
		      "- to: x@example.org\n  severity: 70\n  assets: [The Interlude]\n  categories: [violence, extortion]\n"
		      "  sources: smallpaste\n  when: daily 07:00 Europe/Berlin\n  quiet: \"22:00-06:00 Europe/Berlin\"\n"
		      "  quiet_above: 95\n  format: text\n  audience: management\n",
		      &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(n, 2);
	assert_str(s[0].recipient, "Desk@example.com");
	assert_int_equal(s[0].severity, 40);
	assert_int_equal(s[0].quiet_above, 90);
	assert_int_equal(s[0].when.kind, WHEN_AT_ONCE);
	assert_int_equal(s[0].format, ALERT_BOTH);
	assert_int_equal(s[0].audience, ALERT_TO_DESK);
	assert_int_equal(s[0].assets.n + s[0].categories.n + s[0].sources.n, 0);
	assert_int_equal(s[1].severity, 70);
	assert_int_equal(s[1].categories.n, 2);
	assert_int_equal(s[1].sources.n, 1);
	assert_int_equal(s[1].when.kind, WHEN_DAILY);
	assert_int_equal(s[1].quiet.from, 22 * 60);
	assert_int_equal(s[1].audience, ALERT_TO_MANAGEMENT);
}

static void an_entry_goes_to_the_store_and_back_as_it_was(void **state)
{
	static const char *const rows[] = {
		"- {to: desk@example.com}\n",
		"- {to: \"a'b@example.com\", severity: 20, assets: [The Interlude, Example Pictures], categories: [dox]}\n",
		"- {to: x@example.org, languages: [de, en], finding: \"abcdef01\"}\n",
		"- {to: x@example.org, campaign: \"0123456789\", when: \"weekly mon 07:00 Europe/Berlin\", format: json}\n",
		"- {to: x@example.org, quiet: \"22:00-06:00\", quiet_above: 80, audience: management, sources: [smallpaste]}\n",
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) once = BUF_INIT(4096), twice = BUF_INIT(4096);
		struct subscription *s, again;
		struct err err = { 0 };
		const struct yaml *y;
		size_t n;

		if (read_list(a, rows[i], &s, &n, &err) < 0)
			fail_msg("%s", err.text);
		subscription_put(&once, s);
		y = yaml_parse(a, buf_str(&once), "store", &err);
		if (!y || subscription_read(y, &names, a, &again, &err) < 0)
			fail_msg("%s: %s", once.p, err.text);
		subscription_put(&twice, &again);
		assert_string_equal(once.p, twice.p);
		assert_int_equal(again.when.kind, s->when.kind);
		assert_int_equal(again.quiet.until, s->quiet.until);
		assert_int_equal(again.severity, s->severity);
	}
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
	static const struct {
		const char *why, *text, *said;
	} rows[] = {
		{ "nobody", "- severity: 40\n", "w.yaml:1: " },
		{ "a list of addresses", "- to: a@example.com, b@example.com\n",
		  "w.yaml:1: to: a@example.com, b@example.com is no mail address" },
		{ "a header", "- to: \"a@example.com\\r\\nBcc: b@example.com\"\n", "w.yaml:1: to: " },
		{ "no such asset", "- to: a@example.com\n  assets:\n    - The Interlude\n    - Other\n",
		  "w.yaml:4: no asset is called Other" },
		{ "no such category", "- to: a@example.com\n  categories: [violence, threats]\n",
		  "w.yaml:2: no category is called threats" },
		{ "no such source", "- to: a@example.com\n  sources: [largepaste]\n",
		  "w.yaml:2: no source is called largepaste" },
		{ "noise", "- to: a@example.com\n  severity: 19\n", "w.yaml:2: " },
		{ "not such words", "- to: a@example.com\n  when: monthly\n",
		  "w.yaml:2: when is \"monthly\", expected \"at once\"" },
		{ "no such zone", "- to: a@example.com\n  quiet: 22:00-06:00 Mars\n",
		  "w.yaml:2: quiet is \"22:00-06:00 Mars\", expected HH:MM" },
		{ "no such format", "- to: a@example.com\n  format: html\n", "w.yaml:2: " },
		{ "no id", "- to: a@example.com\n  campaign: x\n", "w.yaml:2: campaign is \"x\", expected 6 to 32" },
		{ "a word we do not know", "- to: a@example.com\n  language: en\n", "w.yaml:2: " },
		{ "no such language", "- to: a@example.com\n  languages: [en, klingon]\n",
		  "w.yaml:2: no language that can be told is called klingon" },
		{ "the second entry", "- to: a@example.com\n- to: b\n", "w.yaml:2: to: b is no mail address" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 20);
		struct subscription *s;
		struct err err = { 0 };
		size_t n;

		if (read_list(a, rows[i].text, &s, &n, &err) != E_USAGE ||
		    str_find(str_of(err.text), str_of(rows[i].said)) != 0)
			fail_msg("%s: %s", rows[i].why, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_read_with_what_it_leaves_out),
		cmocka_unit_test(an_entry_goes_to_the_store_and_back_as_it_was),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
