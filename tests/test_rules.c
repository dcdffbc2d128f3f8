/* test_rules.c - rule packs: what is refused, and that libhs loses nothing that PCRE2 finds */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"
#include "classify/rule.h"
#include "classify/rules.h"

static void a_bad_pack_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *why, *yaml, *error;
	} rows[] = {
		{ "bad pattern", "rules:\n  - id: x\n    title: X\n    pattern: '(a'\n    confidence: low\n    examples: [a]\n",
		  "bad.yaml:4: the pattern of x is wrong" },
		{ "libhs cannot",
		  "rules:\n  - id: x\n    title: X\n    pattern: 'a(?=b)'\n    confidence: low\n    examples: [ab]\n",
		  "bad.yaml:4: libhs cannot take the pattern of x" },
		{ "empty", "rules:\n  - id: x\n    title: X\n    pattern: 'a*'\n    confidence: low\n    examples: [a]\n",
		  "bad.yaml:4: the pattern of x matches the empty text" },
		{ "twice",
		  "rules:\n  - &r {id: x, title: X, pattern: 'ab', confidence: low, examples: [ab]}\n  - {id: x, title: X, "
		  "pattern: 'ab', confidence: low, examples: [ab]}\n",
		  "bad.yaml:3: the rule x is there twice" },
		{ "example",
		  "rules:\n  - id: x\n    title: X\n    pattern: 'abc'\n    confidence: low\n    examples:\n      - abc\n      "
		  "- abd\n",
		  "bad.yaml:8: x does not match this example" },
		{ "counterexample",
		  "rules:\n  - id: x\n    title: X\n    pattern: 'abc'\n    confidence: low\n    examples: [abc]\n    "
		  "counter_examples: [abd, xabcx]\n",
		  "bad.yaml:7: x matches this counterexample" },
		{ "no such group",
		  "rules:\n  - id: x\n    title: X\n    pattern: 'abc'\n    secret: 1\n    confidence: low\n    examples: "
		  "[abc]\n",
		  "bad.yaml:4: the pattern of x has no group 1" },
		{ "no such validator",
		  "rules:\n  - id: x\n    title: X\n    pattern: 'abc'\n    confidence: low\n    validators: [magic]\n    "
		  "examples: [abc]\n",
		  "bad.yaml:6: there is no validator \"magic\"" },
		{ "wrong choice",
		  "rules:\n  - id: x\n    title: X\n    pattern: 'abc'\n    confidence: sure\n    examples: [abc]\n",
		  "bad.yaml:5: confidence is \"sure\", expected one of: low, medium, high" },
		{ "unknown key",
		  "rules:\n  - id: x\n    title: X\n    patern: 'abc'\n    confidence: low\n    examples: [abc]\n",
		  "bad.yaml:4: " },
		{ "no rules", "rulez: []\n", "bad.yaml:1: " },
		{ "nothing", "", "bad.yaml:1: the file is empty" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		struct rules *r = rules_from_text(str_of(rows[i].yaml), "bad.yaml", &err);

		if (r || strncmp(err.text, rows[i].error, strlen(rows[i].error)) != 0) {
			print_error("%s: %s\n", rows[i].why, err.text);
			fail();
		}
	}
}

struct setup {
	struct rules *rules;
	struct rules_scratch *scratch;
	struct arena *arena;
};

static int make(void **state)
{
	static struct setup s;
	struct err err = { 0 };

	s.rules = rules_new(NULL, NULL, &err);
	if (!s.rules)
		print_error("%s\n", err.text);
	s.scratch = s.rules ? rules_scratch_new(s.rules, &err) : NULL;
	s.arena = arena_new(LIMIT_ARENA);
	*state = &s;
	return s.scratch ? 0 : -1;
}

static int unmake(void **state)
{
	struct setup *s = *state;

	rules_scratch_free(s->scratch);
	rules_free(s->rules);
	arena_free(s->arena);
	return 0;
}

/* Is rule `id` among the hits of `text`? */
static bool scan(struct setup *s, struct str text, struct str id, struct assessment *out)
{
	struct found found = { .a = s->arena, .text = text, .out = out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };

	arena_clear(s->arena);
	*out = (struct assessment){ 0 };
	rules_scan(s->rules, s->scratch, &found, &parts);
	for (size_t i = 0; i < out->n_hits; i++)
		if (str_eq(out->hits[i].rule, id))
			return true;
	return false;
}

static void no_match_of_any_rule_is_lost_in_any_padding(void **state)
{
	struct setup *s = *state;
	struct err err = { 0 };
	size_t tried;

	if (rules_prove(s->rules, 40, &tried, &err) < 0) {
		print_error("%s\n", err.text);
		fail();
	}
	assert_true(tried >= 40 * rules_count(s->rules));
}

static void a_story_tells_why(void **state)
{
	static const struct {
		const char *why, *rule, *text, *line;
		size_t hits;
	} rows[] = {
		{ "a hit", "slack-webhook", "https://hooks.slack.com/services/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",
		  "are a hit", 1 },
		{ "nothing like it", "slack-webhook", "good morning", "nothing in the text looks like it", 0 },
		{ "a check fails", "onion-address", "http://ik2h252hugfn67r2uflxadt7667hwvmbrnbr3qlb7urfigmfunfyopid.onion/",
		  "a check digit", 0 },
	};
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct rule *rule = rules_find(s->rules, str_of(rows[i].rule));
		struct rule_story story;
		struct err err = { 0 };
		bool told = false;

		assert_non_null(rule);
		assert_int_equal(rules_explain(s->rules, rule, s->arena, str_of(rows[i].text), &story, &err), 0);
		assert_int_equal(story.hits, rows[i].hits);
		for (size_t k = 0; k < story.n; k++)
			told |= str_find(story.lines[k], str_of(rows[i].line)) >= 0;
		if (!told) {
			print_error("%s: %.*s\n", rows[i].why, story.n ? (int)story.lines[0].n : 0,
				    story.n ? story.lines[0].p : "");
			fail();
		}
	}
}

static void a_catastrophic_pattern_is_named_and_does_not_hang(void **state)
{
	static const char pack[] =
		"rules:\n  - {id: bad, title: Bad, pattern: 'zzz(?:a+)+b', confirm: 'zzz(?:a+)+b', confidence: low, "
		"examples: [zzzab]}\n  - {id: worse, title: Worse, pattern: 'zzz', confirm: 'zzz(?:a|aa)+$', "
		"confidence: low, examples: [zzza]}\n";
	struct err err = { 0 };
	AUTO_FREE(rules) r = rules_from_text(str_of(pack), "bad.yaml", &err);
	AUTO_FREE(rules_scratch) s = r ? rules_scratch_new(r, &err) : NULL;
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct assessment out = { 0 };
	struct found found = { .a = a, .out = &out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };
	char text[4000] = "zzz";

	(void)state;
	assert_non_null(s);
	memset(text + 3, 'a', sizeof(text) - 4);
	text[sizeof(text) - 1] = '!';
	found.text = (struct str){ text, sizeof(text) };
	rules_scan(r, s, &found, &parts);
	assert_true(out.n_reasons == 1 && str_find(out.reasons[0], STR("worse took too many steps")) > 0);
}

static void a_word_that_a_rule_needs_gates_it(void **state)
{
	static const char pack[] = "rules:\n  - {id: x, title: X, run: digits 9, confirm: '\\b\\d{9}\\b', keywords: [Steuer], "
				   "confidence: low, examples: ['STEUER 123456789'], counter_examples: ['x 123456789']}\n";
	struct err err = { 0 };
	AUTO_FREE(rules) r = rules_from_text(str_of(pack), "gate.yaml", &err);

	(void)state;
	if (!r)
		print_error("%s\n", err.text);
	assert_non_null(r);
}

/* Two packs of people's data are still to be filled. */
static bool is_filled(const char *file)
{
	return !strstr(file, "people.yaml") && !strstr(file, "markings.yaml") && !strstr(file, "credentials.yaml");
}

static void every_shipped_rule_has_examples_look_alikes_and_a_source(void **state)
{
	struct setup *s = *state;

	for (size_t i = 0; i < rules_count(s->rules); i++) {
		const struct rule_source *rule = &rules_at(s->rules, i)->source;

		if (is_filled(rule->id.file) && (rule->examples.n < 3 || rule->counter_examples.n < 3 ||
						 rule->references.n == 0 || !rule->family.text.n || !rule->label.text.n)) {
			print_error(
				"%s:%d: %s lacks one of: three examples, three counter_examples, references, family, label\n",
				rule->id.file, rule->id.line, rule->id.text.p);
			fail();
		}
	}
}

static void an_example_key_is_named_as_one(void **state)
{
	struct assessment x;

	assert_true(scan(*state, STR("key AKIAIOSFODNN7EXAMPLE"), STR("aws-access-key"), &x));
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_LOW);
	assert_true(str_find(x.hits[0].why, STR("looks like an example")) > 0);
}

static void the_sample_does_not_show_the_secret(void **state)
{
	struct assessment x;

	assert_true(scan(*state, STR("postgres://app:Tr0ub4dor@db.example.net/x"), STR("database-url"), &x));
	assert_true(str_find(x.hits[0].masked, STR("Tr0u")) < 0);
	assert_true(str_find(x.hits[0].masked, STR("db.example.net")) > 0);
	/* a token says whose it is, a password nothing, however long */
	assert_true(scan(*state, STR("token ghp_Zx81kQmW20aLr7TnVb53YcHs94JdUe16PfGo"), STR("github-token"), &x));
	assert_true(str_starts(x.hits[0].masked, STR("ghp_***")));
	assert_true(scan(*state, STR("db_password = \"Xk29fLm88qZ4tPw7Rb\""), STR("password-assignment"), &x));
	assert_true(str_find(x.hits[0].masked, STR("Xk")) < 0);
}

static void a_rule_of_the_desk_replaces_a_shipped_one(void **state)
{
	struct err err = { 0 };
	char folder[] = "/tmp/watchdesk-rules-XXXXXX";
	char path[64];
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/own.yaml", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("rules:\n  - {id: jwt, title: own, pattern: 'qq-[0-9]{4}', confidence: low, examples: [qq-1234]}\n", f);
	fclose(f);
	{
		AUTO_FREE(rules) r = rules_new(folder, NULL, &err);
		size_t own = 0;

		assert_non_null(r);
		for (size_t i = 0; i < rules_count(r); i++)
			own += str_eq(rules_at(r, i)->source.title.text, STR("own"));
		assert_int_equal(own, 1);
	}
	remove(path);
	remove(folder);
}

static void what_was_proved_once_is_the_same_when_read_without_its_proofs(void **state)
{
	char folder[] = "/tmp/watchdesk-rules-XXXXXX";
	struct err err = { 0 };
	AUTO_FREE(rules) whole = rules_new(NULL, mkdtemp(folder), &err);
	AUTO_FREE(rules) lean = rules_new(NULL, folder, &err);

	(void)state;
	assert_true(whole && lean);
	assert_int_equal(rules_count(whole), rules_count(lean));
	assert_memory_equal(rules_digest(whole), rules_digest(lean), DIGEST_BYTES);
	assert_int_equal(rules_at(lean, 0)->source.examples.n, 0);
	for (size_t i = 0; i < rules_count(whole); i++) {
		struct rule_source a = rules_at(whole, i)->source, b = rules_at(lean, i)->source;

		assert_true(str_eq(a.id.text, b.id.text) && a.id.line == b.id.line);
		assert_true(str_eq(a.pattern.text, b.pattern.text) && str_eq(a.confirm.text, b.confirm.text));
		assert_true(a.stop.n == b.stop.n && a.context.n == b.context.n && a.validators.n == b.validators.n);
		assert_true(a.weight == b.weight && a.rarity == b.rarity && a.entropy == b.entropy && a.generic == b.generic);
		assert_true(a.not_named.n == b.not_named.n && a.allow.n == b.allow.n && a.list == b.list &&
			    a.secret == b.secret);
	}
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

/* One pack, one text: its hits live in `a`. */
static struct assessment scan_with(const char *pack, const char *text, struct arena *a)
{
	struct err err = { 0 };
	AUTO_FREE(rules) r = rules_from_text(str_of(pack), "small.yaml", &err);
	AUTO_FREE(rules_scratch) s = r ? rules_scratch_new(r, &err) : NULL;
	struct assessment out = { 0 };
	struct found found = { .a = a, .text = str_of(text), .out = &out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };

	if (!s)
		print_error("%s\n", err.text);
	assert_non_null(s);
	rules_scan(r, s, &found, &parts);
	return out;
}

static void what_speaks_against_lowers_and_a_list_raises(void **state)
{
	static const char pack[] =
		"rules:\n"
		"  - {id: x, title: X, pattern: 'TCK-[0-9]{5}', confidence: medium, severity: low, list: 3, distance: 20,\n"
		"     anti_context: [sample], allow: [TCK-00000], examples: [TCK-12345], counter_examples: [TCK-00000]}\n";
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct assessment x = scan_with(pack, "see TCK-12345 there", a);

	(void)state;
	assert_int_equal(x.n_hits, 1);
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_MEDIUM);
	assert_int_equal(x.hits[0].gravity, GRAVITY_LOW);
	x = scan_with(pack, "a sample: TCK-12345 there", a);
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_LOW);
	assert_true(str_find(x.hits[0].why, STR("\"sample\"")) > 0);
	x = scan_with(pack, "a sample, and far behind it, in another sentence, TCK-12345", a);
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_MEDIUM);
	x = scan_with(pack, "TCK-12345\nTCK-00000\nTCK-12346\nTCK-12347\n", a);
	assert_int_equal(x.n_hits, 3);
	assert_int_equal(x.hits[0].gravity, GRAVITY_MEDIUM);
}

static void hostile_texts_end(void **state)
{
	static const char *const pieces[] = { "@",	     "1",  "(",	 "eyJ",	 "password=", "://",
					      "-----BEGIN ", "a:", "0x", "AKIA", "4111 ",     "\n" };
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		size_t n = strlen(pieces[i]), times = MIB(1) / n;
		char *text = malloc(n * times);
		struct assessment x;

		for (size_t k = 0; k < times; k++)
			memcpy(text + k * n, pieces[i], n);
		scan(s, (struct str){ text, n * times }, STR(""), &x);
		assert_true(x.n_hits <= LIMIT_HITS);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_catastrophic_pattern_is_named_and_does_not_hang),
		cmocka_unit_test(a_word_that_a_rule_needs_gates_it),
		cmocka_unit_test(a_bad_pack_is_refused_with_its_line),
		cmocka_unit_test(no_match_of_any_rule_is_lost_in_any_padding),
		cmocka_unit_test(a_story_tells_why),
		cmocka_unit_test(every_shipped_rule_has_examples_look_alikes_and_a_source),
		cmocka_unit_test(an_example_key_is_named_as_one),
		cmocka_unit_test(the_sample_does_not_show_the_secret),
		cmocka_unit_test(a_rule_of_the_desk_replaces_a_shipped_one),
		cmocka_unit_test(what_was_proved_once_is_the_same_when_read_without_its_proofs),
		cmocka_unit_test(what_speaks_against_lowers_and_a_list_raises),
		cmocka_unit_test(hostile_texts_end),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
