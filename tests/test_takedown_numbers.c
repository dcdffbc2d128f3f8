/* test_takedown_numbers.c - what became of what was asked for, host by host; who may be written to; digests of pages */
#include "tests/stored.h"

#include "store/finding_pages.h"
#include "store/host_contact.h"
#include "store/takedown_numbers.h"

static void each_host_has_its_median_and_its_shares(void **state)
{
	/* Per place: host, asked for and gone in seconds (0 for not), how often it came back. */
	static const struct {
		const char *host;
		int sent, gone, returns;
	} places[] = {
		{ "a.example", 100, 160, 0 }, { "a.example", 100, 400, 1 }, { "a.example", 100, 0, 0 },
		{ "a.example", 0, 0, 0 },     { "b.example", 100, 110, 0 }, { "b.example", 0, 50, 2 },
		{ "b.example", 100, 60, 0 },
	};
	struct stored *b = *state;
	struct str finding = stored_finding(b, "k", "a text", 1);
	struct takedown_number *rows, all;
	size_t n;

	OK(takedown_numbers(b->store, 0, b->a, &rows, &n, &all, &b->err));
	assert_int_equal(n, 0);
	assert_int_equal(all.targets, 0);
	assert_true(all.median < 0);
	stored_sql(
		b,
		arena_printf(
			b->a,
			"INSERT INTO operator (public_id, name, first_seen) VALUES ('o', 'numbers', 1);"
			"INSERT INTO takedown (public_id, finding_id, grounds, state, operator_id, first_aware_at, opened_at)"
			" SELECT 'c', finding.id, 'threat', 'open', operator.id, 1, 1 FROM finding, operator"
			" WHERE finding.public_id = '%.*s' AND name = 'numbers'",
			STR_ARG(finding))
			.p);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		stored_sql(
			b,
			arena_printf(
				b->a,
				"INSERT INTO takedown_target (takedown_id, url, host, state, operator_id, changed_at, sent_at,"
				" gone_at, returns) SELECT takedown.id, 'u%zu', '%s', '%s', operator_id, 1,"
				" nullif(%d, 0), nullif(%d, 0), %d FROM takedown",
				i, places[i].host, places[i].gone && !places[i].returns ? "gone" : "drafted", places[i].sent,
				places[i].gone, places[i].returns)
				.p);
	OK(takedown_numbers(b->store, 0, b->a, &rows, &n, &all, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[0].host, "a.example");
	assert_int_equal(rows[0].targets, 4);
	assert_int_equal(rows[0].asked, 3);
	assert_int_equal(rows[0].removed, 2);
	assert_int_equal(rows[0].median, 180); /* between 60 and 300 */
	assert_int_equal(rows[0].returned, 1);
	assert_int_equal(rows[1].targets, 3);
	assert_int_equal(rows[1].asked, 2);
	assert_int_equal(rows[1].removed, 1); /* what was gone before it was asked for was not removed for us */
	assert_int_equal(rows[1].gone, 3);
	assert_int_equal(rows[0].away, 1);
	assert_int_equal(rows[0].waiting, 2);
	assert_int_equal(rows[1].away, 2);
	assert_int_equal(rows[1].waiting, 0);
	assert_int_equal(rows[1].median, 10);
	assert_int_equal(all.targets, 7);
	assert_int_equal(all.removed, 3);
	assert_int_equal(all.median, 60);
	OK(takedown_numbers(b->store, 101, b->a, &rows, &n, &all, &b->err)); /* the finding is not so severe */
	assert_int_equal(n, 0);
	assert_int_equal(all.targets, 0);
}

static void what_is_known_of_a_host_takes_the_place_of_what_was(void **state)
{
	const struct host_contact first[] = {
		{ STR("site"), STR("abuse@a.example"), STR("card"), STR("its card"), 2, 0 },
		{ STR("network"), STR("abuse@net.example"), STR("rdap"), STR("its network"), 1, 0 },
		{ STR("network"), STR("abuse@net.example"), STR("rdap"), STR("once more"), 3, 0 },
	};
	struct stored *b = *state;
	struct host_contact *rows;
	size_t n;

	OK(store_begin(b->store, &b->err));
	OK(host_contact_keep(b->store, STR("a.example"), first, 3, 7, &b->err));
	OK(host_contact_keep(b->store, STR("b.example"), first, 1, 7, &b->err));
	OK(store_commit(b->store, &b->err));
	OK(host_contact_list(b->store, STR("a.example"), b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_str(rows[0].address, "abuse@net.example");
	assert_str(rows[0].why, "its network");
	assert_str(rows[1].role, "site");
	assert_int_equal(rows[1].found_at, 7);
	OK(store_begin(b->store, &b->err));
	OK(host_contact_keep(b->store, STR("a.example"), first, 1, 8, &b->err));
	OK(store_commit(b->store, &b->err));
	OK(host_contact_list(b->store, STR("a.example"), b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	OK(host_contact_list(b->store, STR("b.example"), b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
}

/* Whatever changes a page of a finding changes its digest, and nothing else does. */
static void a_digest_changes_with_its_page(void **state)
{
	static const struct {
		const char *sql, *why;
	} rows[] = {
		{ "UPDATE finding SET verdict = 'known'", "a verdict" },
		{ "UPDATE finding SET severity = severity + 1", "a severity" },
		{ "UPDATE finding SET changed_at = changed_at + 1", "a change" },
		{ "UPDATE post SET last_seen = last_seen + 86400000000", "it was seen on another day" },
		{ "UPDATE revision SET deleted_at = 9", "it is gone" },
	};
	struct stored *b = *state;
	struct finding_stamp *before, *now;
	int64_t last;
	size_t n;

	stored_finding(b, "k", "a text", 1);
	OK(finding_last(b->store, &last, &b->err));
	OK(finding_stamps(b->store, 1, last, 0, b->a, &before, &n, &b->err));
	assert_int_equal(n, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		OK(finding_stamps(b->store, 1, last, 0, b->a, &now, &n, &b->err));
		assert_memory_equal(before[0].stamp, now[0].stamp, sizeof(now[0].stamp));
		stored_sql(b, rows[i].sql);
		OK(finding_stamps(b->store, 1, last, 0, b->a, &now, &n, &b->err));
		if (memcmp(before[0].stamp, now[0].stamp, sizeof(now[0].stamp)) == 0)
			fail_msg("%s", rows[i].why);
		before = now;
	}
	stored_sql(b, "UPDATE post SET last_seen = last_seen + 1"); /* the page says no more than the day */
	OK(finding_stamps(b->store, 1, last, 0, b->a, &now, &n, &b->err));
	assert_memory_equal(before[0].stamp, now[0].stamp, sizeof(now[0].stamp));
	stored_act(b, CUSTODY_UNMASK, arena_printf(b->a, "finding %.*s", STR_ARG(before[0].public_id)).p, NULL, 9);
	OK(finding_stamps(b->store, 1, last, 0, b->a, &now, &n, &b->err));
	assert_memory_not_equal(before[0].stamp, now[0].stamp, sizeof(now[0].stamp));
	OK(finding_stamps(b->store, last + 1, INT64_MAX, 0, b->a, &now, &n, &b->err));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_host_has_its_median_and_its_shares),
		cmocka_unit_test(what_is_known_of_a_host_takes_the_place_of_what_was),
		cmocka_unit_test(a_digest_changes_with_its_page),
	};

	return stored_run("numbers", tests, sizeof(tests) / sizeof(tests[0]));
}
