/* test_notice.c - notices: every template in every language has the elements of the law, and says which one is gone */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "desk/takedown/notice.h"

static void a_notice_is_filled_and_says_what_is_missing(void **state)
{
	static const struct notice_fact facts[] = {
		{ STR("grounds"), STR("credentials") },
		{ STR("urls"), STR("https://paste.example.net/1\nhttps://paste.example.net/12") },
		{ STR("claimant"), STR("Example Pictures") },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) subject = BUF_INIT(1000);
	AUTO(buf) text = BUF_INIT(LIMIT_NOTICE);
	const struct notice_template *t;
	struct notice_templates all;
	struct missing *rows;
	struct err err = { 0 };
	size_t n;

	(void)state;
	if (notice_templates_read(NULL, a, &all, &err) < 0)
		fail_msg("%s", err.text);
	t = notice_template_of(&all, STR("host-terms"), STR("en"));
	assert_non_null(t);
	notice_fill(t, facts, 3, &subject, &text);
	printf("%.*s\n%.*s", STR_ARG(buf_str(&subject)), STR_ARG(buf_str(&text)));
	notice_missing(t, facts, 3, buf_str(&text), a, &rows, &n);
	assert_int_equal(n, 1);
	printf("%.*s\n", STR_ARG(rows[0].words));
	assert_str(rows[0].fact, "claimant_mail");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notice_is_filled_and_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
