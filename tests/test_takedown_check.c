/* test_takedown_check.c - targets of takedowns: which are looked at, what looks leave behind, what has come back */
#include "tests/stored.h"

#include "store/takedown_check.h"

#define SECOND INT64_C(1000000)
#define T(n)   (INT64_C(1764129600000000) + (n)*SECOND)
#define URL    "https://paste.example.net/1"

#define THREAT "everybody who comes to the premiere on friday night will be killed we know the cinema and all of its doors"

#define IN_ONE(call)                                 \
	do {                                         \
		OK(store_begin(b->store, &b->err));  \
		OK(call);                            \
		OK(store_commit(b->store, &b->err)); \
	} while (0)

static int64_t finding_of(struct stored *b, const char *key, const char *text)
{
	struct finding_detail d;

	assert_int_equal(finding_load(b->store, stored_finding(b, key, text, T(1)), b->a, &d, &b->err), 1);
	return d.finding.id;
}

static int64_t case_of(struct stored *b, int64_t finding_id, const char *grounds)
{
	const struct takedown_case c = { .finding_id = finding_id,
					 .grounds = str_of(grounds),
					 .operator_name = STR("analyst") };
	struct str public_id;
	int64_t id = 0;

	IN_ONE(takedown_open(b->store, &c, T(2), b->a, &id, &public_id, &b->err));
	return id;
}

static int64_t target_of(struct stored *b, int64_t id, const char *url, int64_t recheck_at)
{
	int64_t target_id = 0;

	OK(store_begin(b->store, &b->err));
	OK(takedown_target_add(b->store, id, str_of(url), STR("analyst"), T(3), &target_id, &b->err));
	OK(takedown_target_due(b->store, target_id, recheck_at, &b->err));
	OK(store_commit(b->store, &b->err));
	return target_id;
}

static int place(struct stored *b, int64_t target_id, const char *key)
{
	struct frontier_entry e = { .source_id = b->source, .due_at = T(10), .key = str_of(key), .url = str_of(key) };
	int placed;

	OK(store_begin(b->store, &b->err));
	placed = takedown_place(b->store, target_id, &e, &b->err);
	OK(placed);
	OK(store_commit(b->store, &b->err));
	return placed;
}

static size_t due(struct stored *b, int64_t now, struct takedown_place **rows)
{
	size_t n;

	OK(takedown_due(b->store, now, 10, b->a, rows, &n, &b->err));
	return n;
}

/* The one address that is due, taken. */
static struct frontier_job lease(struct stored *b)
{
	struct frontier_job *jobs = NULL;

	OK(store_begin(b->store, &b->err));
	assert_int_equal(frontier_lease(b->store, &(struct frontier_wish){ b->source, T(10), T(90), 5 }, b->a, &jobs, &b->err),
			 1);
	OK(store_commit(b->store, &b->err));
	return jobs[0];
}

static void targets_of_one_page_have_one_address_and_what_is_under_way_is_not_due(void **state)
{
	struct stored *b = *state;
	int64_t id = case_of(b, finding_of(b, "k", "a text"), "threat"), next;
	int64_t late = target_of(b, id, URL "#2", T(20)), one = target_of(b, id, URL "#1", T(5)),
		never = target_of(b, id, "https://mirror.example.net/1", 0);
	struct takedown_change gone = { .state = TAKEDOWN_GONE, .operator_name = STR("watch"), .recheck_at = T(60) };
	struct takedown_watched *watched;
	struct takedown_place *rows;
	struct frontier_job job;
	size_t n;

	(void)never;
	assert_int_equal(due(b, T(4), &rows), 0);
	OK(store_begin(b->store, &b->err));
	OK(takedown_not_later(b->store, T(0), 10 * SECOND, &b->err));
	assert_int_equal(due(b, T(4), &rows), 1); /* the late one, not that which is due soon */
	assert_int_equal(rows[0].target_id, late);
	store_rollback(b->store);
	assert_int_equal(takedown_next_due(b->store, &next, &b->err), 1);
	assert_int_equal(next, T(5));
	assert_int_equal(due(b, T(30), &rows), 2);
	assert_int_equal(rows[0].target_id, one);
	assert_str(rows[0].url, URL "#1");
	assert_int_equal(place(b, one, URL), 1);
	assert_int_equal(due(b, T(30), &rows), 1);
	job = lease(b);
	assert_int_equal(place(b, late, URL), 0); /* the answer that is on its way may be that nothing has changed */
	IN_ONE(frontier_done(b->store, job.id, &(struct frontier_outcome){ .etag = STR("\"1\"") }, &b->err));
	assert_int_equal(place(b, one, URL), 1);
	job = lease(b);
	assert_str(job.etag, "\"1\"");
	IN_ONE(frontier_done(b->store, job.id, &(struct frontier_outcome){ .etag = STR("\"1\"") }, &b->err));
	assert_int_equal(place(b, late, URL), 1);
	job = lease(b);
	assert_int_equal(job.etag.n, 0); /* it was not this one's page that was as it had been */
	OK(takedown_watched(b->store, job.id, b->a, &watched, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(watched[0].target_id, late);
	assert_str(watched[1].host, "paste.example.net");
	assert_int_equal(watched[1].state, TAKEDOWN_OPEN);
	assert_int_equal(watched[1].last.id, 0);
	/* Of a closed case what was gone is looked at still. */
	gone.target_id = one;
	IN_ONE(takedown_change(b->store, &gone, T(39), &b->err));
	IN_ONE(takedown_close(b->store, id, STR("analyst"), STR("done"), T(40), &b->err));
	OK(takedown_watched(b->store, job.id, b->a, &watched, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(watched[0].target_id, one);
	assert_int_equal(watched[0].state, TAKEDOWN_CLOSED);
}

static void look(struct stored *b, int64_t target_id, enum look_result result, const char *how, int64_t at)
{
	const struct takedown_look l = { .target_id = target_id, .result = result, .how = str_of(how), .status = 200 };

	IN_ONE(takedown_looked(b->store, &l, at, &b->err));
}

static void looks_in_a_row_that_see_the_same_are_their_first_and_their_last(void **state)
{
	struct stored *b = *state;
	int64_t one = target_of(b, case_of(b, finding_of(b, "k", "a text"), "threat"), URL, T(5));
	struct takedown_watched *watched;
	struct takedown_look *looks;
	size_t n;

	place(b, one, URL);
	for (int i = 0; i < 5; i++)
		look(b, one, LOOK_THERE, "it stands there", T(10 + i));
	OK(takedown_looks(b->store, one, b->a, &looks, &n, &b->err));
	assert_int_equal(n, 2);
	assert_int_equal(looks[0].at, T(14));
	assert_int_equal(looks[0].looks, 4);
	assert_int_equal(looks[1].at, T(10));
	OK(takedown_watched(b->store, lease(b).id, b->a, &watched, &n, &b->err));
	assert_int_equal(watched[0].last.at, T(14));
	assert_true(watched[0].seen);
	look(b, one, LOOK_UNCLEAR, "captcha", T(20));
	look(b, one, LOOK_UNCLEAR, "status 503", T(21));
	look(b, one, LOOK_THERE, "it stands there", T(22));
	OK(takedown_looks(b->store, one, b->a, &looks, &n, &b->err));
	assert_int_equal(n, 5);
	assert_int_equal(looks[1].result, LOOK_UNCLEAR);
	assert_str(looks[2].how, "captcha");
}

/* What the desk itself read at an address was there; of what somebody names that is not known. */
static void a_text_was_seen_where_the_crawl_or_a_look_read_it(void **state)
{
	struct stored *b = *state;
	int64_t finding = finding_of(b, "k", "a text"), id = case_of(b, finding, "threat"), one = target_of(b, id, URL, T(5)),
		other = target_of(b, id, "https://mirror.example.net/1", T(5));
	const struct frontier_entry read = { .source_id = b->source, .due_at = T(0), .key = STR(URL), .url = STR(URL) };
	int64_t elsewhere = 0;
	struct takedown_watched *watched;
	struct frontier_entry e = read;
	struct frontier_job job;
	struct str text;
	size_t n;

	IN_ONE(store_source(b->store, STR("takedowns"), &elsewhere, &b->err));
	IN_ONE(frontier_add(b->store, &read, &b->err));
	job = lease(b);
	IN_ONE(frontier_done(b->store, job.id, &(struct frontier_outcome){ 0 }, &b->err));
	stored_sql(b, "UPDATE post SET page_id = (SELECT id FROM frontier)");
	e.source_id = b->source = elsewhere;
	IN_ONE(takedown_place(b->store, one, &e, &b->err));
	OK(takedown_watched(b->store, lease(b).id, b->a, &watched, &n, &b->err));
	assert_int_equal(n, 1);
	assert_true(watched[0].seen);
	e.key = e.url = STR("https://mirror.example.net/1");
	IN_ONE(takedown_place(b->store, other, &e, &b->err));
	job = lease(b);
	OK(takedown_watched(b->store, job.id, b->a, &watched, &n, &b->err));
	assert_false(watched[0].seen);
	look(b, other, LOOK_THERE, "it stands there", T(10));
	OK(takedown_watched(b->store, job.id, b->a, &watched, &n, &b->err));
	assert_true(watched[0].seen);
	assert_int_equal(takedown_text(b->store, watched[0].finding_id, b->a, &text, &b->err), 1);
	assert_str(text, "a text");
	{
		struct str *names;

		OK(takedown_sources(b->store, job.id, b->a, &names, &n, &b->err));
		assert_int_equal(n, 1);
		assert_str(names[0], "pastes");
	}
}

static size_t kin(struct stored *b, int64_t finding_id, struct takedown_kin **rows)
{
	size_t n;

	OK(takedown_kin(b->store, finding_id, b->a, rows, &n, &b->err));
	return n;
}

static void a_text_that_is_nearly_that_of_a_case_is_its_kin(void **state)
{
	struct stored *b = *state;
	int64_t finding = finding_of(b, "t", THREAT), first = case_of(b, finding, "threat"), second, target_id, mirror, far;
	struct takedown_kin *rows;

	assert_int_equal(kin(b, finding, &rows), 1);
	target_id = target_of(b, first, URL, 0);
	mirror = finding_of(b, "m", THREAT " believe us");
	assert_int_equal(kin(b, mirror, &rows), 1);
	assert_int_equal(rows[0].id, first);
	assert_int_equal(rows[0].targets, 1);
	assert_true(rows[0].open);
	assert_str(rows[0].grounds, "threat");
	assert_int_equal(
		kin(b, finding_of(b, "o", "pay ten coins or all of your mails are published on monday morning"), &rows), 0);
	/* Other contacts tie them to one campaign, but it is another text. */
	far = finding_of(b, "f", "we have all of the contracts of your company and nobody will stop us from selling them");
	stored_sql(b, "UPDATE finding SET campaign_id = (SELECT min(id) FROM campaign)");
	stored_sql(b, "UPDATE cluster SET campaign_id = (SELECT min(id) FROM campaign)");
	assert_int_equal(kin(b, far, &rows), 0);
	/* Closed ones are kin too, unless another one is open on the same grounds. */
	IN_ONE(takedown_close(b->store, first, STR("analyst"), STR("done"), T(5), &b->err));
	assert_int_equal(kin(b, mirror, &rows), 1);
	assert_false(rows[0].open);
	second = case_of(b, finding, "threat");
	case_of(b, finding, "impersonation");
	assert_int_equal(kin(b, mirror, &rows), 2);
	for (int i = 0; i < 2; i++)
		assert_true(rows[i].id != first && rows[i].open);
	/* What is nearly the text of a target is kin as well, whatever it is to that of the case. */
	IN_ONE(takedown_target_finding(b->store, target_id, far, &b->err));
	IN_ONE(takedown_close(b->store, second, STR("analyst"), STR("done"), T(5), &b->err));
	assert_int_equal(
		kin(b,
		    finding_of(b, "g",
			       "We have all of the contracts of your company, and nobody will stop us from selling them!"),
		    &rows),
		1);
	assert_int_equal(rows[0].id, first);
}

static struct takedown_target target_at(struct stored *b, int64_t id)
{
	struct takedown_target *targets;
	size_t n;

	OK(takedown_targets(b->store, id, b->a, &targets, &n, &b->err));
	assert_true(n > 0);
	return targets[0]; /* that was added first */
}

static int back(struct stored *b, int64_t target_id)
{
	int result;

	OK(store_begin(b->store, &b->err));
	result = takedown_back(b->store, target_id, STR("watch"), STR("it stands there"), T(100), T(50), &b->err);
	OK(result);
	OK(store_commit(b->store, &b->err));
	return result;
}

static void what_was_gone_or_closed_can_come_back_and_custody_knows(void **state)
{
	struct stored *b = *state;
	int64_t id = case_of(b, finding_of(b, "k", "a text"), "threat"), one = target_of(b, id, URL, T(5)),
		never = target_of(b, id, "https://mirror.example.net/1", 0), found;
	const struct takedown_change gone = { one, TAKEDOWN_GONE, STR("watch"), STR("404"), T(60) };
	struct custody_row *entries;
	size_t n;

	assert_int_equal(back(b, one), 0); /* it never was away */
	assert_int_equal(takedown_target_at(b->store, id, STR(URL), &found, &b->err), 1);
	assert_int_equal(found, one);
	assert_int_equal(takedown_target_at(b->store, id, STR(URL "#"), &found, &b->err), 0);
	IN_ONE(takedown_change(b->store, &gone, T(9), &b->err));
	assert_int_equal(back(b, one), 1);
	assert_str(target_at(b, id).state, "back");
	assert_int_equal(target_at(b, id).returns, 1);
	assert_int_equal(target_at(b, id).recheck_at, T(100));
	IN_ONE(takedown_close(b->store, id, STR("analyst"), STR("done"), T(10), &b->err));
	OK(store_begin(b->store, &b->err));
	assert_int_equal(takedown_reopen(b->store, id, STR("watch"), STR("back"), T(50), &b->err), 1);
	assert_int_equal(takedown_reopen(b->store, id, STR("watch"), STR("back"), T(50), &b->err), 0);
	OK(store_commit(b->store, &b->err));
	assert_int_equal(back(b, never), 0); /* it stood there when the case was closed */
	assert_int_equal(back(b, one), 1);
	assert_str(target_at(b, id).state, "back");
	assert_int_equal(target_at(b, id).returns, 2);
	OK(custody_list(b->store, &(struct custody_filter){ .act = STR("notice") }, b->a, &entries, &n, &b->err));
	assert_true(n >= 3);
	assert_true(str_find(entries[n - 2].entry.detail, STR("\"reopen\"")) > 0);
	assert_true(str_find(entries[n - 1].entry.detail, STR("\"from\":\"closed\",\"to\":\"back\"")) > 0);
}

static void what_proves_a_look_stands_in_custody(void **state)
{
	struct stored *b = *state;
	int64_t one = target_of(b, case_of(b, finding_of(b, "k", "a text"), "threat"), URL, T(5));
	struct exchange x = { .url = STR(URL),
			      .request = STR("GET /1 HTTP/1.1\r\nHost: paste.example.net\r\n\r\n"),
			      .headers = STR("HTTP/1.1 404 Not Found\r\n\r\n"),
			      .protocol = STR("http/1.1"),
			      .address = STR("192.0.2.7"),
			      .status = 404,
			      .started_at = T(8),
			      .ended_at = T(8) };
	const struct trail trail = { &x, 1 };
	struct takedown_look l = { .target_id = one, .result = LOOK_GONE, .how = STR("status 404"), .status = 404 }, *looks;
	struct evidence_item item = { .trail = &trail };
	unsigned char row[DIGEST_BYTES], wrapped[DIGEST_BYTES];
	struct custody_row *entries;
	char hex[DIGEST_HEX];
	size_t n;

	OK(store_begin(b->store, &b->err));
	OK(capture_keep(b->store, b->source, &trail, &l.capture_id, &b->err));
	item.capture_id = l.capture_id;
	OK(evidence_keep(b->store, &item, T(8), &l.evidence_id, &b->err));
	OK(takedown_looked(b->store, &l, T(8), &b->err));
	OK(takedown_look_tell(b->store, &l, STR("watch"), T(8), &b->err));
	OK(store_commit(b->store, &b->err));
	OK(takedown_looks(b->store, one, b->a, &looks, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(looks[0].evidence_id, l.evidence_id);
	OK(evidence_digest(b->store, l.evidence_id, row, wrapped, &b->err));
	OK(custody_list(b->store, &(struct custody_filter){ .act = STR("notice") }, b->a, &entries, &n, &b->err));
	assert_true(str_find(entries[n - 1].entry.detail, str_of(digest_hex(row, DIGEST_BYTES, hex))) > 0);
	assert_true(str_starts(entries[n - 1].entry.subject, STR("finding ")));
}

static void hold_to_its_index(void *context, const char *sql, struct str plan)
{
	/* Cases and their targets are some hundreds: PostgreSQL reads them at once where it has no figures of them. */
	static const char *const large[] = { "takedown_check", "frontier", "finding", "revision",
					     "post",	       "cluster",  "body",    "assessment" };
	char sqlite[64], postgresql[64];
	struct str line, rest = plan;

	if (strstr(sql, "VALUES") || !strstr(sql, "takedown"))
		return;
	(*(int *)context)++;
	while (str_split(&rest, '\n', &line))
		for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
			snprintf(sqlite, sizeof(sqlite), "SCAN %s", large[i]);
			snprintf(postgresql, sizeof(postgresql), "Seq Scan on %s ", large[i]);
			if (str_find(line, str_of(postgresql)) >= 0 ||
			    (str_ends(line, str_of(sqlite)) && str_find(line, STR("USING")) < 0))
				fail_msg("%s\nreads all of %s:\n%.*s", sql, large[i], STR_ARG(plan));
		}
}

static void each_query_has_its_index(void **state)
{
	int plans = 0;
	struct stored *b = *state;

	targets_of_one_page_have_one_address_and_what_is_under_way_is_not_due(state);
	a_text_that_is_nearly_that_of_a_case_is_its_kin(state);
	OK(db_plans(b->store->db, hold_to_its_index, &plans, &b->err));
	assert_true(plans > 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_of_one_page_have_one_address_and_what_is_under_way_is_not_due),
		cmocka_unit_test(looks_in_a_row_that_see_the_same_are_their_first_and_their_last),
		cmocka_unit_test(a_text_was_seen_where_the_crawl_or_a_look_read_it),
		cmocka_unit_test(a_text_that_is_nearly_that_of_a_case_is_its_kin),
		cmocka_unit_test(what_was_gone_or_closed_can_come_back_and_custody_knows),
		cmocka_unit_test(what_proves_a_look_stands_in_custody),
		cmocka_unit_test(each_query_has_its_index),
	};

	return stored_run("looks at targets", tests, sizeof(tests) / sizeof(tests[0]));
}
