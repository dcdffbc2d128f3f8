/* test_decide.c - whom a finding concerns, whether it is told now, later or as one more, and who may leave */
#include "tests/support.h"

#include "base/clock.h"
#include "base/limits.h"
#include "desk/alert/decide.h"

static int64_t at(const char *text)
{
	int64_t us = 0;

	assert_int_equal(clock_read_rfc3339(str_of(text), &us), 1);
	return us;
}

static const struct subscription_names any = { 0 };

/* A subscription in the words of the file. */
static struct subscription subscription(struct arena *a, const char *words)
{
	struct err err = { 0 };
	struct str text = arena_printf(a, "{to: desk@example.com%s%s}", words[0] ? ", " : "", words);
	const struct yaml *y = yaml_parse(a, text, "test.yaml", &err);
	struct subscription s = { 0 };

	if (!y || subscription_read(y, &any, a, &s, &err) < 0)
		fail_msg("%s: %s", words, err.text);
	return s;
}

static void a_finding_concerns_whoever_asked_for_all_that_it_is(void **state)
{
	static const struct str assets[] = { STR("The Interlude"), STR("Example Pictures") };
	static const struct alert_facts found = { .severity = 72,
						  .category = STR("violence"),
						  .categories = 1 << 0 | 1 << 1,
						  .assets = assets,
						  .n_assets = 2,
						  .source = STR("smallpaste"),
						  .language = STR("de"),
						  .finding = STR("4f3c2b1a00112233445566778899aabb"),
						  .campaign = STR("00112233445566778899aabbccddeeff") };
	static const struct {
		const char *why, *words;
		bool concerned;
	} rows[] = {
		{ "nothing said: all from medium on", "", true },
		{ "as severe as this", "severity: 72", true },
		{ "more severe", "severity: 73", false },
		{ "its asset", "assets: [The Interlude]", true },
		{ "another of its assets, beside one that it is not", "assets: [Other, Example Pictures]", true },
		{ "no asset of its", "assets: [Other]", false },
		{ "its strongest category", "categories: [violence]", true },
		{ "another that is decided", "categories: [extortion]", true },
		{ "one that is not", "categories: [leak, dox]", false },
		{ "its source", "sources: [other, smallpaste]", true },
		{ "another source", "sources: [other]", false },
		{ "its language", "languages: [en, de]", true },
		{ "another language", "languages: [en, fr]", false },
		{ "this one, by the beginning of its id", "finding: \"4f3c2b\"", true },
		{ "another one", "finding: \"4f3c2c\"", false },
		{ "its campaign, by the beginning of its id", "campaign: \"001122\"", true },
		{ "another campaign", "campaign: \"001123\"", false },
		{ "all of it", "severity: 40, assets: [The Interlude], categories: [violence], sources: [smallpaste]", true },
		{ "all but one", "severity: 40, assets: [The Interlude], categories: [leak], sources: [smallpaste]", false },
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct subscription s = subscription(a, rows[i].words);
		struct alert_facts judged = found;

		if (alert_concerns(&s, &found) != rows[i].concerned)
			fail_msg("%s: %s", rows[i].why, rows[i].words);
		judged.silent = true;
		assert_false(alert_concerns(&s, &judged));
	}
}

static void a_campaign_is_told_once_and_again_when_it_is_worse(void **state)
{
	static const char evening[] = "2026-01-10T21:30:00Z", day[] = "2026-01-10T12:10:00Z";
	static const char quiet[] = "quiet: \"22:00-06:00 Europe/Berlin\"";
	static const struct {
		const char *why, *words;
		int severity;
		bool fresh;
		struct alert_past past;
		const char *now;
		enum alert_way way;
		const char *due, *held_why;
	} rows[] = {
		{ "the first", "", 50, true, { .ceiling = 30 }, day, ALERT_NOW },
		{ "the same again", "", 50, true, { .severity = 50, .ceiling = 30 }, day, ALERT_REPEAT },
		{ "a milder one", "", 41, true, { .severity = 95, .ceiling = 30 }, day, ALERT_REPEAT },
		{ "worse, but of its class", "", 69, true, { .severity = 40, .ceiling = 30 }, day, ALERT_REPEAT },
		{ "worse by a class", "", 70, true, { .severity = 69, .ceiling = 30 }, day, ALERT_NOW },
		{ "one that has changed to worse", "", 95, false, { .severity = 80, .ceiling = 30 }, day, ALERT_NOW },
		{ "one that has changed to no worse", "", 60, false, { .severity = 60, .ceiling = 30 }, day, ALERT_NOTHING },
		{ "nothing goes to a dead address", "", 95, true, { .suspended = true, .ceiling = 30 }, day, ALERT_NOTHING },
		{ "hourly", "when: hourly", 95, true, { .ceiling = 30 }, day, ALERT_HELD, "2026-01-10T13:00:00Z", "digest" },
		{ "daily",
		  "when: \"daily 07:00 Europe/Berlin\"",
		  50,
		  true,
		  { .ceiling = 30 },
		  day,
		  ALERT_HELD,
		  "2026-01-11T06:00:00Z",
		  "digest" },
		{ "again, for the digest to come",
		  "when: hourly",
		  50,
		  true,
		  { .severity = 50, .held_until = 1, .ceiling = 30 },
		  day,
		  ALERT_REPEAT },
		{ "a digest is no flood",
		  "when: hourly",
		  50,
		  true,
		  { .ceiling = 30, .mails = 99 },
		  day,
		  ALERT_HELD,
		  "2026-01-10T13:00:00Z",
		  "digest" },
		{ "in quiet hours", quiet, 89, true, { .ceiling = 30 }, evening, ALERT_HELD, "2026-01-11T05:00:00Z", "quiet" },
		{ "in quiet hours, but critical", quiet, 90, true, { .ceiling = 30 }, evening, ALERT_NOW },
		{ "outside of them", quiet, 50, true, { .ceiling = 30 }, day, ALERT_NOW },
		{ "with another severity that breaks them",
		  "quiet: \"22:00-06:00 Europe/Berlin\", quiet_above: 50",
		  50,
		  true,
		  { .ceiling = 30 },
		  evening,
		  ALERT_NOW },
		{ "worse than what waits, by a class, and still not critical",
		  quiet,
		  75,
		  true,
		  { .severity = 50, .held_until = 1, .ceiling = 30 },
		  evening,
		  ALERT_HELD,
		  "2026-01-11T05:00:00Z",
		  "quiet" },
		{ "of the class of what waits, but it breaks them",
		  "quiet: \"22:00-06:00 Europe/Berlin\", quiet_above: 95",
		  96,
		  true,
		  { .severity = 91, .held_until = 1, .ceiling = 30 },
		  evening,
		  ALERT_NOW },
		{ "the same when nothing waits",
		  "quiet: \"22:00-06:00 Europe/Berlin\", quiet_above: 95",
		  96,
		  true,
		  { .severity = 91, .ceiling = 30 },
		  evening,
		  ALERT_REPEAT },
		{ "a digest that would come in quiet hours",
		  "when: hourly, quiet: \"22:00-06:00 Europe/Berlin\"",
		  50,
		  true,
		  { .ceiling = 30 },
		  evening,
		  ALERT_HELD,
		  "2026-01-11T05:00:00Z",
		  "digest" },
		{ "under the ceiling by one", "", 50, true, { .mails = 29, .ceiling = 30 }, day, ALERT_NOW },
		{ "at the ceiling",
		  "",
		  50,
		  true,
		  { .mails = 30, .ceiling = 30 },
		  day,
		  ALERT_HELD,
		  "2026-01-10T13:10:00Z",
		  "ceiling" },
		{ "at the ceiling, with the summary under way",
		  "",
		  50,
		  true,
		  { .mails = 30, .ceiling = 30, .ceiling_until = INT64_C(1768048800000000) },
		  day,
		  ALERT_HELD,
		  "2026-01-10T12:40:00Z",
		  "ceiling" },
		{ "critical, at the ceiling", "", 95, true, { .mails = 30, .ceiling = 30 }, day, ALERT_NOW },
		{ "critical, at the double",
		  "",
		  95,
		  true,
		  { .mails = 60, .ceiling = 30 },
		  day,
		  ALERT_HELD,
		  "2026-01-10T13:10:00Z",
		  "ceiling" },
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct subscription s = subscription(a, rows[i].words);
		const struct alert_facts f = { .severity = rows[i].severity, .fresh = rows[i].fresh };
		struct alert_past past = rows[i].past;
		struct alert_decision d;
		char text[CLOCK_TEXT];

		if (past.held_until == 1)
			past.held_until = at(rows[i].now) + 60000000;
		d = alert_decide(&s, &f, &past, at(rows[i].now));
		if (d.way != rows[i].way)
			fail_msg("%s: way %d, expected %d", rows[i].why, d.way, rows[i].way);
		if (rows[i].due && (d.due_at != at(rows[i].due) || strcmp(d.why, rows[i].held_why)))
			fail_msg("%s: held by %s until %s", rows[i].why, d.why, clock_rfc3339(d.due_at, text));
	}
}

static void nobody_leaves_who_is_the_last(void **state)
{
	static const struct {
		const char *why, *leaving, *others[2];
		int class; /* of which nobody would hear; -1 for none */
	} rows[] = {
		{ "the only one", "", { 0 }, 4 },
		{ "another gets as much", "", { "" }, -1 },
		{ "another gets more", "severity: 70", { "" }, -1 },
		{ "another gets less: from high on", "", { "severity: 70" }, 2 },
		{ "another gets critical ones only", "severity: 70", { "severity: 90" }, 3 },
		{ "a stricter one in the same class", "severity: 40", { "severity: 55" }, 2 },
		{ "low ones too", "severity: 20", { "" }, 1 },
		{ "another has one asset of all", "", { "assets: [A]" }, 4 },
		{ "another has that asset too", "assets: [A]", { "assets: [B, A]" }, -1 },
		{ "another has all", "assets: [A]", { "" }, -1 },
		{ "two that have half each are not one who has all",
		  "categories: [violence, leak]",
		  { "categories: [violence]", "categories: [leak]" },
		  4 },
		{ "another source", "sources: [a]", { "sources: [b]" }, 4 },
		{ "two together: one of critical, one of the rest", "", { "severity: 90", "severity: 40" }, -1 },
		{ "management does not see the text", "", { "audience: management" }, 4 },
		{ "management may leave while the desk is there", "audience: management", { "" }, -1 },
		{ "one campaign is not all", "", { "campaign: \"001122\"" }, 4 },
		{ "all is one campaign too", "campaign: \"001122\"", { "" }, -1 },
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct subscription leaving = subscription(a, rows[i].leaving);
		struct subscription others[2];
		size_t n = 0;
		int got;

		for (; n < 2 && rows[i].others[n]; n++)
			others[n] = subscription(a, rows[i].others[n]);
		got = alert_orphaned(&leaving, others, n);
		if (got != rows[i].class)
			fail_msg("%s: class %d", rows[i].why, got);
	}
}

static void severities_have_classes(void **state)
{
	static const int rows[][2] = { { 0, 0 },  { 19, 0 }, { 20, 1 }, { 39, 1 }, { 40, 2 },
				       { 69, 2 }, { 70, 3 }, { 89, 3 }, { 90, 4 }, { 100, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(alert_class(rows[i][0]), rows[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_concerns_whoever_asked_for_all_that_it_is),
		cmocka_unit_test(a_campaign_is_told_once_and_again_when_it_is_worse),
		cmocka_unit_test(nobody_leaves_who_is_the_last),
		cmocka_unit_test(severities_have_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
