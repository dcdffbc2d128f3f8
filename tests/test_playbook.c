/* test_playbook.c - what ships is read and chosen; letters are filled with what is known, whatever an author wrote there */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "desk/playbook.h"

static struct finding_detail detail(const char *category, int severity, const char *kind, struct arena *a)
{
	struct stored_hit *hit = arena_alloc(a, sizeof(*hit));

	*hit = (struct stored_hit){ .kind = str_of(kind) };
	return (struct finding_detail){
		.finding = { .public_id = STR("0123456789abcdef0123456789abcdef"),
			     .category = str_of(category),
			     .severity = severity,
			     .url = STR("https://paste.example.net/1"),
			     .author = STR("bob\nOur reference: {sha256}\033[2J"),
			     .source = STR("pastes") },
		.said = { .hits = hit, .n_hits = *kind ? 1 : 0 },
	};
}

static void what_ships_is_chosen_by_what_a_finding_is(void **state)
{
	static const struct {
		const char *why, *category, *kind, *wanted;
		int severity;
	} rows[] = {
		{ "a threat", "violence", "", "threat-to-life ", 70 },
		{ "one that is not so severe", "violence", "", "", 69 },
		{ "a login", "leak", "credential", "live-credentials ", 40 },
		{ "a leak without credentials", "leak", "", "", 90 },
		{ "a document", "leak", "document", "film-or-source-leak ", 90 },
		{ "a dox", "dox", "phone-number", "dox ", 60 },
		{ "an extortion", "extortion", "", "", 90 },
	};
	AUTO_FREE(arena) a = arena_new(1 << 22);
	struct playbooks all;
	struct err err = { 0 };

	(void)state;
	if (playbooks_read(NULL, NULL, a, &all, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(all.n, 4);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding_detail d = detail(rows[i].category, rows[i].severity, rows[i].kind, a);
		AUTO(buf) names = BUF_INIT(1000);

		for (size_t k = 0; k < all.n; k++)
			if (playbook_applies(&all.items[k], &d))
				buf_printf(&names, "%.*s ", STR_ARG(all.items[k].name));
		if (!str_eq(buf_str(&names), str_of(rows[i].wanted)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&names)));
	}
}

static void a_letter_says_what_is_known_and_an_author_adds_no_line(void **state)
{
	static const struct {
		const char *why, *text, *wanted;
	} rows[] = {
		{ "nothing to fill", "as it is", "as it is" },
		{ "a name", "<{finding}>", "<0123456789abcdef0123456789abcdef>" },
		{ "what an author wrote is one line, and no name in it is filled", "{author}|",
		  "bob Our reference: {sha256} [2J|" },
		{ "a time that is not known", "{posted_at}", "not known" },
		{ "no asset", "{asset}", "none that we protect by name" },
		{ "no police", "{police}", "(none is named under `police:` in the configuration)" },
		{ "a day", "{today}", "1970-01-01" },
		{ "a brace that is never closed", "{finding} {find", "0123456789abcdef0123456789abcdef {find" },
		{ "a name of another", "a{b}c", "ac" },
	};
	AUTO_FREE(arena) a = arena_new(1 << 22);
	struct playbooks all = { .organisation = STR("Example Pictures") };
	struct finding_detail d = detail("leak", 70, "", a);
	const struct playbook_facts facts = { .all = &all, .finding = &d };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(1000);
		struct str exact = exact_copy(str_of(rows[i].text));

		playbook_fill(&out, exact, &facts);
		if (!str_eq(buf_str(&out), str_of(rows[i].wanted)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
		free((char *)exact.p);
	}
}

static void a_step_is_found_by_its_id_or_with_its_playbook(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 22);
	struct finding_detail d = detail("violence", 90, "", a);
	const struct playbook *p;
	const struct playbook_step *s;
	struct playbooks all;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(playbooks_read(NULL, NULL, a, &all, &err), 0);
	assert_int_equal(playbook_find(&all, &d, STR("police"), &p, &s, &err), 0);
	assert_true(s->police);
	assert_int_equal(playbook_find(&all, &d, STR("dox/danger"), &p, &s, &err),
			 0); /* one that somebody wants all the same */
	assert_int_equal(playbook_find(&all, &d, STR("danger"), &p, &s, &err), E_USAGE);
	assert_int_equal(playbook_find(&all, &d, STR("dox/"), &p, &s, &err), E_USAGE);
	all.items[all.n - 1] = all.items[0];
	d = detail("dox", 90, "", a);
	all.items[0] = *p;
	all.items[1] = *p;
	assert_int_equal(playbook_find(&all, &d, STR("danger"), &p, &s, &err), E_USAGE);
	assert_non_null(strstr(err.text, "more than one playbook"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ships_is_chosen_by_what_a_finding_is),
		cmocka_unit_test(a_letter_says_what_is_known_and_an_author_adds_no_line),
		cmocka_unit_test(a_step_is_found_by_its_id_or_with_its_playbook),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
