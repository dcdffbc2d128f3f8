/* test_manners.c - pace, silence, robots.txt and forgetting, with a clock that stands still */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/manners.h"

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)
#define NOW    (INT64_C(1416732000) * SECOND) /* 2014-11-23T08:40:00Z; any time would do */
#define ORIGIN STR("https://paste.example.net")
#define AGENT  STR("watchdesk")
#define PAGE   STR("https://paste.example.net/private/x")

static enum permission permit(struct host *h, int64_t now)
{
	char why[200] = "";

	return manners_permit(h, PAGE, now, why, sizeof(why));
}

static void the_pace_begins_with_the_request_and_holds_the_next_one(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *h = manners_hold(m, ORIGIN, AGENT, NOW);

	(void)state;
	assert_true(manners_ready_at(h) <= NOW);
	manners_begin(h, 1500, NOW);
	assert_int_equal(manners_ready_at(h), NOW + 3 * SECOND / 2);
	assert_int_equal(manners_active(h), 1);
	assert_false(manners_is_silent(h, NOW)); /* a pace is no silence */
	manners_end(h, 0);
	assert_int_equal(manners_active(h), 0);
	assert_int_equal(manners_ready_at(h), NOW + 3 * SECOND / 2); /* never answered */
	manners_begin(h, 1500, NOW);
	manners_end(h, NOW + SECOND);
	assert_int_equal(manners_ready_at(h), NOW + 5 * SECOND / 2); /* the server saw it a second later, perhaps */
}

static void the_slower_of_pace_and_crawl_delay_counts(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *h = manners_hold(m, ORIGIN, AGENT, NOW);

	(void)state;
	manners_robots(h, STR("User-agent: watchdesk\nCrawl-delay: 2\n"), NOW);
	manners_begin(h, 500, NOW);
	assert_int_equal(manners_ready_at(h), NOW + 2 * SECOND);
	manners_begin(h, 5000, NOW);
	assert_int_equal(manners_ready_at(h), NOW + 5 * SECOND);
}

static void one_origin_has_a_host_for_each_identity_and_the_same_one_again(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *h = manners_hold(m, ORIGIN, AGENT, NOW);

	(void)state;
	assert_ptr_equal(manners_hold(m, ORIGIN, AGENT, NOW), h);
	assert_ptr_not_equal(manners_hold(m, ORIGIN, STR("Mozilla"), NOW), h);
	assert_ptr_not_equal(manners_hold(m, STR("http://paste.example.net"), AGENT, NOW), h);
}

static void silence_holds_for_all_identities_of_an_origin_known_and_to_come(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *one = manners_hold(m, ORIGIN, AGENT, NOW), *two = manners_hold(m, ORIGIN, STR("Mozilla"), NOW);
	struct host *other = manners_hold(m, STR("https://other.example.net"), AGENT, NOW), *later;

	(void)state;
	manners_silence(m, ORIGIN, NOW + HOUR, NOW);
	later = manners_hold(m, ORIGIN, STR("third"), NOW + SECOND);
	assert_int_equal(manners_ready_at(one), NOW + HOUR);
	assert_int_equal(manners_ready_at(two), NOW + HOUR);
	assert_int_equal(manners_ready_at(later), NOW + HOUR);
	assert_true(manners_is_silent(later, NOW + HOUR - 1));
	assert_false(manners_is_silent(later, NOW + HOUR));
	assert_true(manners_ready_at(other) <= NOW);
}

static void silence_before_the_first_visit_is_kept(void **state)
{
	AUTO_FREE(manners) m = manners_new();

	(void)state;
	manners_silence(m, ORIGIN, NOW + HOUR, NOW);
	assert_int_equal(manners_ready_at(manners_hold(m, ORIGIN, AGENT, NOW)), NOW + HOUR);
}

static void retry_after_is_seconds_or_a_date_and_at_most_a_day(void **state)
{
	static const struct {
		const char *why, *value;
		int64_t at; /* from now; -1 for none */
	} rows[] = {
		{ "seconds", "120", 120 * SECOND },
		{ "now", "0", 0 },
		{ "a date (RFC 9110 5.6.7)", "Sun, 23 Nov 2014 08:41:00 GMT", 60 * SECOND },
		{ "a date that is over", "Sun, 23 Nov 2014 08:00:00 GMT", 0 },
		{ "the obsolete forms too", "Sunday, 23-Nov-14 08:41:00 GMT", 60 * SECOND },
		{ "asctime's", "Sun Nov 23 08:41:00 2014", 60 * SECOND },
		{ "more than a day", "999999", 24 * HOUR },
		{ "far more", "2147483647", 24 * HOUR },
		{ "a year away", "Mon, 23 Nov 2015 08:41:00 GMT", 24 * HOUR },
		{ "more than any number", "99999999999999999999", -1 },
		{ "below zero", "-5", -1 },
		{ "words", "later", -1 },
		{ "a fraction", "1.5", -1 },
		{ "nothing", "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t at = manners_retry_at(str_of(rows[i].value), NOW);

		if (at != (rows[i].at < 0 ? 0 : NOW + rows[i].at))
			fail_msg("%s: \"%s\" gives %lld", rows[i].why, rows[i].value, (long long)(at - NOW));
	}
}

static void robots_is_asked_for_once_and_its_rules_hold_for_a_day(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *h = manners_hold(m, ORIGIN, AGENT, NOW);
	char why[200] = "";

	(void)state;
	assert_int_equal(permit(h, NOW), PERMISSION_UNKNOWN);
	manners_asking(h);
	assert_int_equal(permit(h, NOW), PERMISSION_WAIT);
	manners_robots(h, STR("User-agent: *\nDisallow: /private/\n"), NOW);
	assert_int_equal(manners_permit(h, PAGE, NOW, why, sizeof(why)), PERMISSION_REFUSED);
	assert_non_null(strstr(why, "line 2"));
	assert_int_equal(manners_permit(h, STR("https://paste.example.net/x"), NOW, why, sizeof(why)), PERMISSION_GIVEN);
	assert_int_equal(permit(h, NOW + 24 * HOUR - 1), PERMISSION_REFUSED);
	assert_int_equal(permit(h, NOW + 24 * HOUR), PERMISSION_UNKNOWN); /* RFC 9309 2.4 */
	manners_robots(h, STR(""), NOW + 24 * HOUR);
	assert_int_equal(permit(h, NOW + 25 * HOUR), PERMISSION_GIVEN);
}

static void a_robots_that_cannot_be_had_allows_or_forbids_by_its_status(void **state)
{
	static const struct {
		const char *why;
		int status; /* 0: no answer */
		enum permission at_once, after_minutes, after_a_day;
	} rows[] = {
		{ "not there (RFC 9309 2.3.1.3)", 404, PERMISSION_GIVEN, PERMISSION_GIVEN, PERMISSION_UNKNOWN },
		{ "gone", 410, PERMISSION_GIVEN, PERMISSION_GIVEN, PERMISSION_UNKNOWN },
		{ "forbidden", 403, PERMISSION_GIVEN, PERMISSION_GIVEN, PERMISSION_UNKNOWN },
		{ "too many requests: not now", 429, PERMISSION_REFUSED, PERMISSION_UNKNOWN, PERMISSION_UNKNOWN },
		{ "broken (RFC 9309 2.3.1.4)", 500, PERMISSION_REFUSED, PERMISSION_UNKNOWN, PERMISSION_UNKNOWN },
		{ "unavailable", 503, PERMISSION_REFUSED, PERMISSION_UNKNOWN, PERMISSION_UNKNOWN },
		{ "no answer", 0, PERMISSION_REFUSED, PERMISSION_UNKNOWN, PERMISSION_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(manners) m = manners_new();
		struct host *h = manners_hold(m, ORIGIN, AGENT, NOW);

		manners_asking(h);
		manners_no_robots(h, rows[i].status, STR("the reason"), NOW);
		if (permit(h, NOW + SECOND) != rows[i].at_once || permit(h, NOW + 11 * 60 * SECOND) != rows[i].after_minutes ||
		    permit(h, NOW + 25 * HOUR) != rows[i].after_a_day)
			fail_msg("%s: status %d", rows[i].why, rows[i].status);
	}
}

static void the_reason_why_robots_could_not_be_had_is_given_and_fits(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *h = manners_hold(m, ORIGIN, AGENT, NOW);
	char why[160], long_reason[500];

	(void)state;
	memset(long_reason, 'x', sizeof(long_reason));
	manners_no_robots(h, 0, (struct str){ long_reason, sizeof(long_reason) }, NOW);
	assert_int_equal(manners_permit(h, PAGE, NOW, why, sizeof(why)), PERMISSION_REFUSED);
	assert_non_null(strstr(why, "xxx"));
	assert_true(strlen(why) < sizeof(why));
}

static struct host *hold_number(struct manners *m, int i, int64_t now)
{
	char origin[64];

	snprintf(origin, sizeof(origin), "https://host%d.example.net", i);
	return manners_hold(m, str_of(origin), AGENT, now);
}

static void the_longest_unused_host_is_forgotten_but_never_a_held_or_silent_one(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *held = hold_number(m, 0, NOW), *h;

	(void)state;
	manners_silence(m, STR("https://host1.example.net"), NOW + HOUR, NOW);
	for (int i = 2; i < LIMIT_HOSTS; i++) {
		h = hold_number(m, i, NOW + i);
		manners_robots(h, STR("User-agent: *\nDisallow: /\n"), NOW + i);
		manners_let_go(h);
	}
	for (int i = 0; i < 2000; i++) { /* each takes the place of one */
		h = hold_number(m, LIMIT_HOSTS + i, NOW + SECOND + i);
		assert_non_null(h);
		manners_let_go(h);
	}
	assert_ptr_equal(hold_number(m, 0, NOW + 2 * SECOND), held);
	assert_int_equal(manners_ready_at(hold_number(m, 1, NOW + 2 * SECOND)), NOW + HOUR);
	assert_int_equal(permit(hold_number(m, LIMIT_HOSTS - 1, NOW + 2 * SECOND), NOW),
			 PERMISSION_REFUSED);							/* used last: known */
	assert_int_equal(permit(hold_number(m, 2, NOW + 2 * SECOND), NOW), PERMISSION_UNKNOWN); /* used first: gone */
}

static void when_all_places_are_held_there_is_none(void **state)
{
	AUTO_FREE(manners) m = manners_new();
	struct host *one = hold_number(m, 0, NOW);

	(void)state;
	for (int i = 1; i < LIMIT_HOSTS; i++)
		assert_non_null(hold_number(m, i, NOW));
	assert_null(hold_number(m, LIMIT_HOSTS, NOW));
	manners_let_go(one);
	assert_non_null(hold_number(m, LIMIT_HOSTS, NOW + SECOND));
}

static void a_product_token_is_what_robots_names(void **state)
{
	static const struct {
		const char *agent, *token;
	} rows[] = {
		{ "watchdesk/0.1 (+mailto:a@b)", "watchdesk" },
		{ "Mozilla/5.0 (compatible)", "Mozilla" },
		{ "web_Crawler-x y", "web_Crawler-x" }, /* RFC 9309 2.2.1: letters, "_" and "-" */
		{ "bot2000", "bot" },
		{ "", "" },
		{ "/1.0", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_str(manners_token(str_of(rows[i].agent)), rows[i].token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pace_begins_with_the_request_and_holds_the_next_one),
		cmocka_unit_test(the_slower_of_pace_and_crawl_delay_counts),
		cmocka_unit_test(one_origin_has_a_host_for_each_identity_and_the_same_one_again),
		cmocka_unit_test(silence_holds_for_all_identities_of_an_origin_known_and_to_come),
		cmocka_unit_test(silence_before_the_first_visit_is_kept),
		cmocka_unit_test(retry_after_is_seconds_or_a_date_and_at_most_a_day),
		cmocka_unit_test(robots_is_asked_for_once_and_its_rules_hold_for_a_day),
		cmocka_unit_test(a_robots_that_cannot_be_had_allows_or_forbids_by_its_status),
		cmocka_unit_test(the_reason_why_robots_could_not_be_had_is_given_and_fits),
		cmocka_unit_test(the_longest_unused_host_is_forgotten_but_never_a_held_or_silent_one),
		cmocka_unit_test(when_all_places_are_held_there_is_none),
		cmocka_unit_test(a_product_token_is_what_robots_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
