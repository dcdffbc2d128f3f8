/* test_takedown_pages.c - the stamp of a takedown changes with all that its page shows */
#include "tests/stored.h"

#include "store/takedown_pages.h"

static struct takedown_stamp the_only(struct stored *b)
{
	struct takedown_stamp *rows;
	size_t n;

	OK(takedown_stamps(b->store, 1, 10, 20, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	return rows[0];
}

static void open_case(struct stored *b)
{
	struct takedown_case c = { .finding_id = 1, .grounds = STR("threat"), .operator_name = STR("counsel") };
	int64_t id, target;
	struct str public_id;

	stored_finding(b, "k", "a text", 5);
	OK(store_begin(b->store, &b->err));
	OK(takedown_open(b->store, &c, 7, b->a, &id, &public_id, &b->err));
	OK(takedown_target_add(b->store, id, STR("https://a.example/1"), STR("counsel"), 7, &target, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void a_row_has_what_a_list_says_of_its_case(void **state)
{
	struct stored *b = *state;
	struct takedown_stamp s;
	struct takedown_stamp *rows;
	int64_t last;
	size_t n;

	OK(takedown_last(b->store, &last, &b->err));
	assert_int_equal(last, 0);
	open_case(b);
	s = the_only(b);
	OK(takedown_last(b->store, &last, &b->err));
	assert_int_equal(last, s.row.id);
	assert_str(s.row.grounds, "threat");
	assert_str(s.row.state, "open");
	assert_str(s.row.operator_name, "counsel");
	assert_str(s.finding.title, "a title");
	assert_str(s.finding.url, "https://paste.example.net/1");
	assert_str(s.finding.asset, "Example Pictures");
	assert_true(str_eq(s.finding.public_id, s.row.finding));
	assert_int_equal(s.finding.severity, 75);
	assert_int_equal(s.row.opened_at, 7);
	assert_int_equal(s.row.closed_at, 0);
	assert_int_equal(s.places, 1);
	assert_int_equal(s.gone, 0);
	stored_sql(b, "UPDATE takedown_target SET gone_at = 8, state = 'gone'");
	assert_int_equal(the_only(b).gone, 1);
	stored_sql(b, "UPDATE takedown_target SET state = 'drafted'"); /* it came back, and is asked for anew */
	assert_int_equal(the_only(b).gone, 0);
	stored_sql(b, "UPDATE takedown_target SET state = 'back'");
	assert_int_equal(the_only(b).gone, 0);
	OK(takedown_stamps(b->store, 1, 10, 76, b->a, &rows, &n, &b->err)); /* its finding is not severe enough */
	assert_int_equal(n, 0);
}

static void a_stamp_changes_with_all_that_the_page_shows(void **state)
{
	static const char *const changes[] = {
		"UPDATE takedown SET grounds = 'copyright'",
		"UPDATE takedown SET closed_at = 9, state = 'closed'",
		"INSERT INTO takedown_target (takedown_id, url, host, state, operator_id, changed_at) VALUES (1, 'u', 'h', "
		"'sent', 1, 7)",
		"UPDATE takedown_target SET gone_at = 8 WHERE id = 2",
		"UPDATE takedown_target SET sent_at = 8 WHERE id = 2",
		"UPDATE takedown_target SET recheck_at = 18 WHERE id = 2",
		"UPDATE takedown_target SET returns = 1 WHERE id = 2",
		"INSERT INTO takedown_check (target_id, at, result, how, status, looks) VALUES (1, 9, 'gone', 'h', 404, 1)",
		"UPDATE takedown_check SET looks = 2",
		"UPDATE takedown_check SET at = 10",
		("INSERT INTO notice (public_id, takedown_id, template, language, way, recipient, subject, content, state, "
		 "digest,"
		 " basis, operator_id, made_at, changed_at) VALUES ('n', 1, 't', 'en', 'mail', 'r', 's', 'c', 'draft', '', '', "
		 "1,"
		 " 11, 11)"),
		"UPDATE notice SET state = 'approved'",
		"UPDATE notice SET sent_at = 12",
		"INSERT INTO notice_approval (notice_id, operator_id, public_key, digest, at) VALUES (1, 1, '', '', 11)",
		("INSERT INTO notice_answer (notice_id, at, kind, sender, message, content)"
		 " VALUES (1, 13, 'receipt', 's', 'm', 'c')"),
		"UPDATE notice SET subject = ''",
		"UPDATE post SET title = ''",
		"UPDATE post SET author = ''",
		"UPDATE finding SET asset = 'The Interlude'",
		"UPDATE finding SET severity = 76",
		"DELETE FROM custody",
	};
	struct stored *b = *state;
	struct takedown_stamp before, now;

	open_case(b);
	before = the_only(b);
	now = the_only(b);
	assert_memory_equal(before.stamp, now.stamp, sizeof(now.stamp));
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++, before = now) {
		stored_sql(b, changes[i]);
		now = the_only(b);
		if (memcmp(before.stamp, now.stamp, sizeof(now.stamp)) == 0)
			fail_msg("%s", changes[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_has_what_a_list_says_of_its_case),
		cmocka_unit_test(a_stamp_changes_with_all_that_the_page_shows),
	};

	return stored_run("takedown pages", tests, sizeof(tests) / sizeof(tests[0]));
}
