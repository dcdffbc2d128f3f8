/* test_letter.c - a letter comes back from the outbox as it went in, and nothing else is taken for one */
#include "tests/support.h"

#include <stdlib.h>

#include "base/limits.h"
#include "desk/alert/letter.h"

static void a_letter_comes_back_as_it_went_in(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(8));
	AUTO(buf) out = BUF_INIT(LIMIT_LETTER);
	struct letter_attachment files[] = { { STR("finding.json"), STR("application/json"), STR("{\"a\": \"\xc3\xa9\"}") },
					     { STR("x.pdf"), STR("application/pdf"), STR("JVBERg=="), STR("base64") } };
	const struct letter l = {
		.subject = STR("[watchdesk] \"quoted\" \xe2\x80\xae \xf0\x9f\x98\x80"),
		.text = STR("first\nsecond\t\\ \x01\n"),
		.html = STR("<p>first</p>"),
		.references = STR("campaign.4f"),
		.reply_to = STR("answers@example.com"),
		.from_name = STR("Example Pictures"),
		.list_id = STR("all.example.com"),
		.unsubscribe = STR("mailto:answers@example.com?subject=x"),
		.auto_submitted = true,
		.attachments = files,
		.n_attachments = 2,
	};
	struct err err = { 0 };
	struct letter got;
	struct str content;

	(void)state;
	letter_put(&out, &l);
	assert_false(out.full);
	content = exact_copy(buf_str(&out));
	assert_int_equal(letter_take(a, content, &got, &err), 0);
	assert_str(got.subject, l.subject.p);
	assert_str(got.text, l.text.p);
	assert_str(got.html, l.html.p);
	assert_str(got.references, l.references.p);
	assert_str(got.reply_to, l.reply_to.p);
	assert_str(got.from_name, l.from_name.p);
	assert_str(got.list_id, l.list_id.p);
	assert_str(got.unsubscribe, l.unsubscribe.p);
	assert_true(got.auto_submitted);
	assert_int_equal(got.n_attachments, 2);
	assert_str(got.attachments[0].content, files[0].content.p);
	assert_str(got.attachments[1].name, "x.pdf");
	assert_str(got.attachments[1].coding, "base64");
	assert_int_equal(got.attachments[0].coding.n, 0);
	assert_str(got.attachments[1].type, "application/pdf");
	free((void *)(uintptr_t)content.p);
}

static void what_is_no_letter_is_refused(void **state)
{
	static const struct {
		const char *why, *content, *error;
		size_t n;
	} rows[] = {
		{ "nothing", "", "no JSON object" },
		{ "no JSON", "Dear desk", "no JSON object" },
		{ "a list", "[\"text\"]", "no JSON object" },
		{ "no text", "{\"subject\":\"s\"}", "without text" },
		{ "an empty text", "{\"text\":\"\"}", "without text" },
		{ "a number for a text", "{\"text\":1}", "text is no text" },
		{ "an object for attachments", "{\"text\":\"t\",\"attachments\":{}}", "no list" },
		{ "too many files", "{\"text\":\"t\",\"attachments\":[{},{},{},{},{}]}", "at most 4" },
		{ "a file whose name is a list", "{\"text\":\"t\",\"attachments\":[{\"name\":[]}]}", "name is no text" },
		{ "half a character", "{\"text\":\"\xc3\"}", "no text of at most" },
		{ "a NUL", "{\"text\":\"t\"}\0", "no text of at most", 13 },
		{ "something behind it", "{\"text\":\"t\"} x", "no JSON object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(8));
		struct str content = exact_copy(
			(struct str){ rows[i].content, rows[i].n ? rows[i].n : strlen(rows[i].content) });
		struct letter l = { .subject = STR("untouched") };
		struct err err = { 0 };

		if (letter_take(a, content, &l, &err) != E_BAD || !strstr(err.text, rows[i].error))
			fail_msg("%s: \"%s\"", rows[i].why, err.text);
		assert_str(l.subject, "untouched");
		free((void *)(uintptr_t)content.p);
	}
}

static void what_a_newer_program_adds_is_passed_over(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(8));
	struct err err = { 0 };
	struct letter l;

	(void)state;
	assert_int_equal(letter_take(a, STR("{\"text\":\"t\",\"later\":[1,{}],\"auto_submitted\":false}"), &l, &err), 0);
	assert_str(l.text, "t");
	assert_false(l.auto_submitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_comes_back_as_it_went_in),
		cmocka_unit_test(what_is_no_letter_is_refused),
		cmocka_unit_test(what_a_newer_program_adds_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
