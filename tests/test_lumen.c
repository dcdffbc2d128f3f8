/* test_lumen.c - what is published of a notice names the host, the right and the kind, and nobody and nothing that would harm
 */
#include "tests/support.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "desk/takedown/lumen.h"

#define FACT(name, value)             \
	{                             \
		STR(name), STR(value) \
	}

static const struct notice_fact facts[] = {
	FACT("organisation", "Example Pictures"),
	FACT("claimant", "Example Pictures Ltd"),
	FACT("claimant_mail", "legal@example.com"),
	FACT("claimant_phone", "+1-555-0100"),
	FACT("claimant_address", "1 Example Street"),
	FACT("signatory", "A. Example"),
	FACT("urls", "https://paste.example.net/secret?1\nhttp://paste.example.net:8080#2"),
	FACT("sample", "bob@example.com:h*****2"),
	FACT("work", "The Interlude, a film"),
	FACT("case", "c0ffee00"),
	FACT("grounds", "copyright"),
};

enum { FACTS = sizeof(facts) / sizeof(facts[0]) };

static void put(struct buf *out, const char *notice, const char *grounds, struct arena *a)
{
	struct notice_fact copy[FACTS];
	struct notice_templates all;
	struct err err = { 0 };

	if (notice_templates_read(NULL, a, &all, &err) < 0)
		fail_msg("%s", err.text);
	memcpy(copy, facts, sizeof(facts));
	copy[FACTS - 1].value = str_of(grounds);
	lumen_put(out, &(struct lumen_notice){ .notice = notice_template_of(&all, str_of(notice), STR("en")),
					       .grounds = str_of(grounds),
					       .recipient = STR("paste.example.net"),
					       .facts = copy,
					       .n_facts = FACTS,
					       .sent_at = INT64_C(1417392000000000),
					       .action = LUMEN_YES });
	assert_false(out->full);
}

static void a_notice_has_the_fields_of_lumen(void **state)
{
	static const struct {
		const char *key, *wanted;
	} rows[] = {
		{ "notice.title", "DMCA notice to paste.example.net" },
		{ "notice.type", "DMCA" },
		{ "notice.subject", "an infringement of copyright" },
		{ "notice.date_sent", "2014-12-01" },
		{ "notice.language", "en" },
		{ "notice.action_taken", "Yes" },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) out = BUF_INIT(LIMIT_NOTICE);
	struct err err = { 0 };

	(void)state;
	put(&out, "dmca", "copyright", a);
	{
		AUTO_FREE(json) j = json_parse(buf_str(&out), &err);
		struct str value;

		assert_non_null(j);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			assert_int_equal(json_get_text(j, rows[i].key, &value, &err), 1);
			assert_str(value, rows[i].wanted);
		}
	}
	assert_true(
		str_find(buf_str(&out), STR("\"works_attributes\":[{\"description\":\"The Interlude, a film\","
					    "\"infringing_urls_attributes\":[{\"url\":\"https://paste.example.net/secret?1\"},"
					    "{\"url\":\"http://paste.example.net:8080#2\"}]}]")) >= 0);
	assert_true(str_find(buf_str(&out), STR("{\"name\":\"recipient\",\"entity_attributes\":{\"name\":\"paste.example.net\","
						"\"kind\":\"organization\"}}")) >= 0);
	assert_true(str_find(buf_str(&out),
			     STR("{\"name\":\"principal\",\"entity_attributes\":{\"name\":\"Example Pictures Ltd\"")) >= 0);
}

static void its_type_is_that_of_the_notice_or_of_the_grounds(void **state)
{
	static const struct {
		const char *notice, *grounds, *wanted;
	} rows[] = {
		{ "dmca", "copyright", "\"type\":\"DMCA\"" },
		{ "court-order", "copyright", "\"type\":\"CourtOrder\"" },
		{ "gdpr17", "personal-data", "\"type\":\"DataProtection\"" },
		{ "host-terms", "personal-data", "\"type\":\"PrivateInformation\"" },
		{ "dsa16", "credentials", "\"type\":\"PrivateInformation\"" },
		{ "threat", "threat", "\"type\":\"Other\"" },
		{ "host-terms", "copyright", "\"type\":\"Other\"" }, /* not under the DMCA */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) out = BUF_INIT(LIMIT_NOTICE);

		put(&out, rows[i].notice, rows[i].grounds, a);
		if (str_find(buf_str(&out), str_of(rows[i].wanted)) < 0)
			fail_msg("%s on %s: %.*s", rows[i].notice, rows[i].grounds, STR_ARG(buf_str(&out)));
	}
}

static void what_would_harm_is_not_published(void **state)
{
	static const char *const never[] = { "legal@",	    "555-0100", "Example Street", "A. Example",
					     "bob@example", "c0ffee00", "secret?1",	  "8080#2" };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) out = BUF_INIT(LIMIT_NOTICE);

	(void)state;
	put(&out, "host-terms", "credentials", a);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (str_find(buf_str(&out), str_of(never[i])) >= 0)
			fail_msg("%s stands in %.*s", never[i], STR_ARG(buf_str(&out)));
	assert_true(str_find(buf_str(&out),
			     STR("[{\"url\":\"https://paste.example.net\"},{\"url\":\"http://paste.example.net:8080\"}]")) >=
		    0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notice_has_the_fields_of_lumen),
		cmocka_unit_test(its_type_is_that_of_the_notice_or_of_the_grounds),
		cmocka_unit_test(what_would_harm_is_not_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
