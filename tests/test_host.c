/* test_host.c - the cards of hosts: what ships says where it was read, the desk's own take their place, bad ones are named */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/takedown/host.h"

enum { LEAST = 40 };

static void shipped(struct arena *a, struct host_cards *all)
{
	struct err err = { 0 };

	if (host_cards_read(NULL, a, all, &err) < 0)
		fail_msg("%s", err.text);
}

static bool is_said(const struct host_card *c, const char *key)
{
	for (size_t i = 0; i < c->n_facts; i++)
		for (size_t k = 0; k < c->facts[i].of.n; k++)
			if (str_eq(c->facts[i].of.items[k].text, str_of(key)))
				return true;
	return false;
}

static void wants(const struct host_card *c, const char *key, bool there)
{
	if (there && !is_said(c, key))
		fail_msg("%.*s: nothing says where its %s was read", STR_ARG(c->name), key);
}

static void every_card_says_where_its_facts_were_read_and_when(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct host_cards all;

	(void)state;
	shipped(a, &all);
	assert_true(all.n >= LEAST);
	for (size_t i = 0; i < all.n; i++) {
		const struct host_card *c = &all.items[i];
		bool subjects = false, sentences = false;

		for (int g = 0; g < TAKEDOWN_GROUNDS; g++) {
			subjects = subjects || c->subjects[g].text.n;
			sentences = sentences || c->sentences[g].n;
		}
		wants(c, "contact", c->contact.text.n);
		wants(c, "form", c->form.text.n);
		wants(c, "agent", c->agent.text.n);
		wants(c, "copyright_form", c->copyright_form.text.n);
		wants(c, "delisting", c->delisting.text.n);
		wants(c, "grounds", c->grounds);
		wants(c, "reply", c->reply_us);
		wants(c, "gone", c->gone.n);
		wants(c, "subjects", subjects);
		wants(c, "sentences", sentences);
		for (size_t k = 0; k < c->n_facts; k++)
			assert_true(c->facts[k].says.text.n > 0 && str_starts(c->facts[k].seen.text, STR("20")));
	}
}

static void every_card_says_how_the_host_is_reached(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	bool roles[HOST_ROLES] = { false };
	struct host_cards all;

	(void)state;
	shipped(a, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct host_card *c = &all.items[i];

		roles[c->role] = true;
		assert_true(c->domains.n > 0 && c->languages.n > 0 && c->recheck_us > 0 && !c->own);
		if (!c->contact.text.n && !c->form.text.n && !c->agent.text.n && !c->copyright_form.text.n && !c->note.text.n)
			fail_msg("%.*s: neither an address nor a word about how to find it", STR_ARG(c->name));
		for (size_t k = 0; k < c->domains.n; k++) {
			const struct host_card *found = host_card_of(&all, c->domains.items[k].text);

			if (found != c)
				fail_msg("%.*s is of %.*s and of %.*s", STR_ARG(c->domains.items[k].text), STR_ARG(c->name),
					 STR_ARG(found->name));
		}
	}
	for (int r = 0; r < HOST_ROLES; r++)
		if (!roles[r])
			fail_msg("no card of a %s", host_roles[r].words);
}

static void a_host_is_known_by_its_longest_domain(void **state)
{
	static const struct {
		const char *why, *host, *wanted;
	} rows[] = {
		{ "the domain", "pastebin.com", "pastebin" },
		{ "below it", "www.pastebin.com", "pastebin" },
		{ "capital letters", "PASTEBIN.com", "pastebin" },
		{ "another that ends the same", "notpastebin.com", "" },
		{ "another that begins the same", "pastebin.com.example.net", "" },
		{ "a host", "github.com", "github" },
		{ "a longer one of another card", "gist.github.com", "github-gist" },
		{ "below the longer", "a.gist.github.com", "github-gist" },
		{ "a search engine is its search, not all of its house", "drive.google.com", "" },
		{ "nothing", "", "" },
		{ "a dot", ".", "" },
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

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[300];
	struct err err = { 0 };

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_replace(path, str_of(text), 0600, &err) < 0)
		fail_msg("%s", err.text);
}

static void an_own_card_takes_the_place_of_a_shipped_one_and_adds(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct host_card *c;
	struct host_cards ships, all;
	struct err err = { 0 };
	char folder[200];

	(void)state;
	assert_int_equal(file_temporary("cards", folder, sizeof(folder), &err), 0);
	write_file(
		folder, "pastebin.yaml",
		"title: Ours\nrole: paste\ndomains: [pastebin.com]\ncontact: people@example.com\nverified: true\n"
		"reply: 2d\nrecheck: 6h\ngrounds: [threat]\nsubjects: {threat: URGENT}\nsentences: {threat: [One., Two.]}\n");
	write_file(folder, "forum.yaml",
		   "title: A forum\nrole: forum\ndomains: [github.com, forum.example.net]\nverified: false\n");
	write_file(folder, "notes.txt", "not a card");
	shipped(a, &ships);
	if (host_cards_read(folder, a, &all, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(all.n, ships.n + 1);
	c = host_card_of(&all, STR("pastebin.com"));
	assert_str(c->contact.text, "people@example.com");
	assert_true(c->own && c->verified && c->reply_us == 2 * 86400 * 1000000LL && c->recheck_us == 6 * 3600 * 1000000LL);
	assert_true(host_card_accepts(c, STR("threat")) && !host_card_accepts(c, STR("copyright")));
	assert_str(host_card_subject(c, STR("threat")), "URGENT");
	assert_str(host_card_subject(c, STR("copyright")), "");
	assert_str(host_card_sentences(c, STR("threat"), a), "One.\nTwo.");
	assert_str(host_card_sentences(c, STR("nothing"), a), "");
	assert_str(host_card_of(&all, STR("github.com"))->name, "forum"); /* the same domain: the desk knows better */
	assert_ptr_equal(host_card_named(&all, STR("forum")), host_card_of(&all, STR("forum.example.net")));
	assert_null(host_card_named(&all, STR("notes")));
	file_remove_folder(folder, &err);
}

#define GOOD "title: T\nrole: paste\nverified: true\n"

static void a_card_that_is_wrong_is_named_with_its_line(void **state)
{
	static const struct {
		const char *why, *text, *wanted;
	} rows[] = {
		{ "no YAML", "title: [", "bad.yaml:" },
		{ "empty", "", "bad.yaml:" },
		{ "a key that is none", GOOD "mail: x\n", "bad.yaml:4: " },
		{ "no title", "role: paste\nverified: true\n", "title is missing" },
		{ "a role that is none", "title: T\nrole: bakery\nverified: true\n", "bad.yaml:2: " },
		{ "a header in the contact", GOOD "contact: \"a@example.com\\nBcc: b@example.com\"\n", "bad.yaml:4: " },
		{ "two contacts", GOOD "contact: a@example.com,b@example.com\n", "no mail address" },
		{ "a name with the contact", GOOD "contact: Abuse <a@example.com>\n", "no mail address" },
		{ "two signs in the contact", GOOD "contact: a@b@example.com\n", "no mail address" },
		{ "a contact that is none", GOOD "contact: example.com\n", "no mail address" },
		{ "a form that is a program", GOOD "form: \"javascript:alert(1)\"\n", "no address" },
		{ "a form on two lines", GOOD "form: \"https://example.com/\\nx\"\n", "no address" },
		{ "only a form, and none", GOOD "form_only: true\n", "form_only without a form" },
		{ "a domain in capital letters", GOOD "domains: [Example.com]\n", "no domain" },
		{ "a domain with a slash", GOOD "domains: [example.com/]\n", "no domain" },
		{ "an empty domain", GOOD "domains: ['']\n", "no domain" },
		{ "grounds that are none", GOOD "grounds: [spam]\n", "no grounds are called spam" },
		{ "subjects for what is none", GOOD "subjects: {spam: URGENT}\n", "no grounds are called spam" },
		{ "a subject that is a list", GOOD "subjects: {threat: [URGENT]}\n", "bad.yaml:4: " },
		{ "sentences that are none", GOOD "sentences: {threat: One.}\n", "expected a list" },
		{ "a sentence that is a list", GOOD "sentences: {threat: [[One.]]}\n", "a sentence, expected" },
		{ "a fact that no notice has", GOOD "required: [blood_group]\n", "no fact is called" },
		{ "a language that is none", GOOD "languages: [english]\n", "no language" },
		{ "words that say nothing", GOOD "gone: [gone]\n", "8 to 300 bytes" },
		{ "a fact without a source", GOOD "facts: [{of: [contact], says: x, seen: '2026-01-31'}]\n",
		  "source is missing" },
		{ "a day that is none", GOOD "facts: [{of: [contact], says: x, source: 'https://example.com/', seen: today}]\n",
		  "no date" },
		{ "a fact of nothing",
		  GOOD "facts: [{of: [colour], says: x, source: 'https://example.com/', seen: '2026-01-31'}]\n",
		  "a card has no colour" },
		{ "a time that is none", GOOD "reply: soon\n", "bad.yaml:4: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct err err = { 0 };
		struct host_cards all;
		char folder[200];

		assert_int_equal(file_temporary("cards", folder, sizeof(folder), &err), 0);
		write_file(folder, "bad.yaml", rows[i].text);
		if (host_cards_read(folder, a, &all, &err) != E_USAGE || !strstr(err.text, rows[i].wanted) ||
		    !strstr(err.text, "bad.yaml:"))
			fail_msg("%s: %s", rows[i].why, err.text);
		file_remove_folder(folder, &err);
	}
}

static void a_folder_that_is_not_there_and_a_card_too_large_are_named(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct err err = { 0 };
	struct host_cards all;
	char folder[200], *large = calloc(1, LIMIT_OWN_FILE + 2);

	(void)state;
	assert_int_equal(host_cards_read("/nowhere/at/all", a, &all, &err), E_IO);
	assert_int_equal(file_temporary("cards", folder, sizeof(folder), &err), 0);
	memset(large, '#', LIMIT_OWN_FILE + 1);
	write_file(folder, "bad.yaml", large);
	assert_int_equal(host_cards_read(folder, a, &all, &err), E_LIMIT);
	file_remove_folder(folder, &err);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_card_says_where_its_facts_were_read_and_when),
		cmocka_unit_test(every_card_says_how_the_host_is_reached),
		cmocka_unit_test(a_host_is_known_by_its_longest_domain),
		cmocka_unit_test(an_own_card_takes_the_place_of_a_shipped_one_and_adds),
		cmocka_unit_test(a_card_that_is_wrong_is_named_with_its_line),
		cmocka_unit_test(a_folder_that_is_not_there_and_a_card_too_large_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
