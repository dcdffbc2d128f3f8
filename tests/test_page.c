/* test_page.c - the pages: hostile text stays text, the policy fits the style, each audience reads what it may */
#include "tests/census.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "web/html.h"

#define DOT " \xc2\xb7 "

static void times_promise_no_more_than_the_site_said(void **state)
{
	static const struct {
		int precision;
		bool zone;
		const char *out;
	} rows[] = {
		{ 0, true, "<span class=\"quiet\">not given</span>" },
		{ 1, true, "<time datetime=\"2026\">2026</time>" },
		{ 2, false, "<time datetime=\"2026-11-23\">2026-11-23</time>" },
		{ 3, true, "<time datetime=\"2026-11-23T09:38Z\">2026-11-23&nbsp;09:38</time>" },
		{ 4, false,
		  "<time datetime=\"2026-11-23T09:38:36Z\">2026-11-23&nbsp;09:38:36</time> "
		  "<span class=\"quiet\">zone assumed</span>" },
		{ 99, true, "<span class=\"quiet\">not given</span>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding f = { .posted_at = NOW,
				     .posted_precision = rows[i].precision,
				     .posted_zone_known = rows[i].zone };
		AUTO(buf) out = BUF_INIT(1000);

		page_posted(&out, &(const struct page_manner)MANNER, &f);
		assert_str(buf_str(&out), rows[i].out);
	}
}

/* Pages, as a browser reads them. */

/* A finding with `s` in every field; spans lie within the text whatever it is. */
static void render_finding_for(const struct audience *audience, struct str s, struct buf *out)
{
	struct stored_hit hits[2] = { { .rule = s, .label = s, .masked = s, .why = s, .asset = s, .end = 1 },
				      { .rule = s, .label = s, .masked = s, .why = s, .layer = 1, .end = 1 } };
	struct stored_part parts[1] = { { .part = s, .start = 2, .end = 3 } };
	struct str sentences[2] = { s, s };
	struct finding_detail d = {
		.finding = { .public_id = STR("00112233445566778899aabbccddeeff"),
			     .category = s,
			     .asset = s,
			     .source = s,
			     .title = s,
			     .author = s,
			     .url = s,
			     .verdict = s,
			     .severity = 71,
			     .posted_raw = s,
			     .found_at = NOW },
		.key = s,
		.text = s,
		.said.hits = hits,
		.said.n_hits = 2,
		.said.parts = parts,
		.said.n_parts = 1,
		.said.reasons = sentences,
		.said.n_reasons = 2,
		.terms = sentences,
		.n_terms = 2,
		.revisions = 1,
	};
	const struct evidence_row items[2] = { { .id = 1, .kind = s, .digest = s, .sealed_at = NOW, .forgotten_at = NOW },
					       { .id = 0 } };
	const struct custody_row entries[1] = { { .entry = { .sequence = 7, .at = NOW, .act = s, .operator_name = s } } };
	const struct tick ticks[2] = { { s, s, true, s, s, NOW }, { s, s, false, s, s, NOW } };
	const struct takedown_row cases[1] = {
		{ .public_id = STR("00112233445566778899aabbccddeeff"), .grounds = s, .state = s }
	};
	struct finding_page p = { .manner = { &words_english, audience, s },
				  .home = "../index.html",
				  .state = { .verdict = s, .judged_by = s, .judged_at = NOW, .has_duty = true, .holder = s },
				  .duty = { .has_duty = true, .holder = s, .how = s, .held_since = NOW },
				  .ticks = ticks,
				  .n_ticks = 2,
				  .cases = cases,
				  .n_cases = 1,
				  .has_cases = true,
				  .campaign_page = STR("../campaign/00112233445566778899aabbccddeeff.html"),
				  .detail = &d,
				  .evidence = items,
				  .n_evidence = 2,
				  .custody = entries,
				  .n_custody = 1 };

	page_finding(out, &p);
}

static void render_finding(struct str s, struct buf *out)
{
	render_finding_for(&audiences[0], s, out);
}

static void render_asset(struct str s, struct buf *out)
{
	const struct finding f = { .public_id = STR("00112233445566778899aabbccddeeff"),
				   .category = s,
				   .asset = s,
				   .source = s,
				   .title = s,
				   .author = s,
				   .severity = 90 };
	const struct overview_asset asset = { s, { 1, 0, 2, 3 }, NOW };

	page_picked(out, &(struct picked_page){ .manner = { &words_english, &audiences[0], s },
						.home = "../index.html",
						.below = "../",
						.title = s,
						.asset = &asset,
						.findings = &f,
						.n = 1 });
}

static void render_assets(struct str s, struct buf *out)
{
	const struct overview_asset asset = { s, { 1, 0, 2, 3 }, NOW };

	page_assets(out, &(struct assets_page){ { &words_english, &audiences[0], s }, page_place("assets", 1, 1), &asset, 1 });
}

static void render_index(struct str s, struct buf *out)
{
	struct finding f = { .public_id = STR("00112233445566778899aabbccddeeff"),
			     .category = s,
			     .asset = s,
			     .source = s,
			     .title = s,
			     .author = s,
			     .url = s,
			     .verdict = s,
			     .severity = 20,
			     .found_at = NOW };
	struct trouble t = { .class_name = s, .url = s, .detail = s, .pages = 1, .last_at = NOW };
	struct source_health h[2] = {
		{ .source = s, .state = "failing", .failure = s, .detail = s, .troubles = &t, .n_troubles = 1 },
		{ .source = s, .state = "failing", .failure = s, .detail = s }
	};
	const struct overview_open open[2] = { { f, s }, { f, { 0 } } };
	const struct overview_day day = { NOW / DAY_US * DAY_US, { 1, 2, 3, 4 } };
	const struct overview_count kinds[2] = { { s, STR("leak"), 3 }, { { 0 }, s, 2 } };
	const struct precision rules = { s, 2, 1, 0 };
	struct finding fresh = f;
	const struct case_line line = { .row = { .public_id = STR("00112233445566778899aabbccddeeff"), .grounds = s },
					.finding = &f,
					.late = CASE_REFUSED,
					.due = { CASE_CLOCK_REPLY, s, NOW, true } };
	const int64_t hours[OVERVIEW_HOURS] = { 1 };
	struct index_page p = { .manner = { &words_english, &audiences[0], s },
				.now = NOW,
				.links = { true, true, true, true, true, 3 },
				.any = true,
				.since = NOW,
				.day = &day,
				.fresh = &fresh,
				.n_fresh = 1,
				.open = open,
				.n_open = 2,
				.open_count = 5,
				.held = 1,
				.sources = h,
				.n_sources = 2,
				.has_round = true,
				.dead_letters = 2,
				.cases = &line,
				.n_cases = 1,
				.open_cases = 1,
				.late_cases = 1,
				.days = &day,
				.n_days = 1,
				.hours = hours,
				.kinds = kinds,
				.n_kinds = 2,
				.rules = &rules,
				.n_rules = 1,
				.anchor = s };

	fresh.id = 7;
	page_index(out, &p);
}

static void render_takedown(struct str s, const struct audience *audience, bool exhibit, struct buf *out)
{
	struct finding_detail d = {
		.finding = { .public_id = STR("00112233445566778899aabbccddeeff"),
			     .asset = s,
			     .source = s,
			     .title = s,
			     .author = s,
			     .url = s,
			     .severity = 71 },
		.text = s,
	};
	const struct takedown_row row = { .public_id = STR("ffeeddccbbaa99887766554433221100"),
					  .grounds = STR("threat"),
					  .state = STR("open"),
					  .operator_name = s,
					  .first_aware_at = NOW,
					  .opened_at = NOW };
	const struct takedown_target target = { .url = s, .state = STR("sent"), .host = s, .returns = 2, .sent_at = NOW };
	const struct takedown_look look = { .at = NOW, .result = LOOK_THERE, .how = s, .looks = 3 };
	const struct case_target places[1] = { { &target, &look, 1 } };
	const struct notice_row notice = { .template_name = s, .recipient = s, .subject = s, .content = s, .made_at = NOW };
	const struct notice_approval approval = { .operator_name = s, .at = NOW };
	const struct notice_answer answer = { .kind = STR("receipt"), .sender = s, .content = s, .at = NOW };
	const struct case_notice notices[1] = { { &notice, &approval, 1, &answer, 1 } };
	const struct case_clock clocks[2] = { { .kind = CASE_CLOCK_REPORT, .at = NOW, .over = true },
					      { .kind = CASE_CLOCK_REPLY, .host = s, .at = NOW } };
	const struct custody_row entries[1] = { { .entry = { .sequence = 7, .at = NOW, .act = s, .operator_name = s } } };
	const struct takedown_page p = { .manner = { &words_english, audience, STR("Example Pictures") },
					 .now = NOW,
					 .home = "../index.html",
					 .row = &row,
					 .late = CASE_STILL_THERE,
					 .finding = &d,
					 .clocks = clocks,
					 .n_clocks = 2,
					 .targets = places,
					 .n_targets = 1,
					 .notices = notices,
					 .n_notices = 1,
					 .custody = entries,
					 .n_custody = 1,
					 .exhibit = exhibit };

	page_takedown(out, &p);
}

static void render_case(struct str s, struct buf *out)
{
	render_takedown(s, &audiences[0], false, out);
}

static void render_exhibit(struct str s, struct buf *out)
{
	render_takedown(s, &audiences[0], true, out);
}

/* The pages of places: sources, campaigns, takedowns, what was purged. */

static struct page_manner manner_for(const struct audience *audience)
{
	return (struct page_manner){ &words_english, audience, STR("Example Pictures") };
}

static void render_sources(struct str s, const struct audience *audience, struct buf *out)
{
	struct trouble t = { .class_name = s, .url = s, .detail = s, .pages = 2, .last_at = NOW };
	const struct source_health h[2] = {
		{ .source = s, .state = "failing", .failure = s, .detail = s, .troubles = &t, .n_troubles = 1 },
		{ .source = s, .state = "ok", .last_success_at = NOW }
	};
	const struct coverage c[2] = { { .from = NOW - NOW % COVERAGE_CELL, .cells = { 1, 2, 3, 4 } },
				       { .from = NOW - NOW % COVERAGE_CELL } };
	const struct source_line lines[2] = { { &h[0], &c[0], 3 }, { &h[1], &c[1], 0 } };
	const struct sources_page p = { .manner = manner_for(audience),
					.now = NOW,
					.place = page_place("sources", 1, 1),
					.lines = lines,
					.n = 2,
					.all = 2,
					.ill = 1 };

	page_sources(out, &p);
}

static void render_source(struct str s, const struct audience *audience, struct buf *out)
{
	struct trouble t = { .class_name = s, .url = s, .detail = s, .pages = 2, .last_at = NOW };
	const struct source_health h = {
		.source = s, .state = "failing", .failure = s, .detail = s, .troubles = &t, .n_troubles = 1
	};
	const struct coverage c = { .from = NOW - NOW % COVERAGE_CELL, .cells = { 1, 2, 3, 4 } };
	const struct finding f = { .public_id = STR("00112233445566778899aabbccddeeff"), .source = s, .title = s };
	const struct source_page p = { manner_for(audience), { &h, &c, 3 }, &f, 1, false };

	page_source(out, &p);
}

static struct campaign_row campaign_row(struct str s)
{
	return (struct campaign_row){ .public_id = STR("ffeeddccbbaa99887766554433221100"),
				      .name = s,
				      .findings = 3,
				      .texts = 2,
				      .sources = 2,
				      .severity = 71,
				      .first_seen = NOW,
				      .last_seen = NOW,
				      .category = STR("leak"),
				      .asset = s };
}

static struct campaign_finding campaign_finding(struct str s, int64_t at)
{
	return (struct campaign_finding){ .public_id = STR("00112233445566778899aabbccddeeff"),
					  .source = s,
					  .author = s,
					  .url = s,
					  .title = s,
					  .verdict = s,
					  .severity = 71,
					  .at = at };
}

static void render_campaign(struct str s, const struct audience *audience, struct buf *out)
{
	const struct campaign_row row = campaign_row(s), related[1] = { campaign_row(s) };
	const struct campaign_finding findings[2] = { campaign_finding(s, NOW), campaign_finding(s, NOW + 1) };
	const struct campaign_contact contacts[1] = { { s, s, 2 } };
	const struct campaign_page p = { manner_for(audience), &row, findings, 2, contacts, 1, related, 1 };

	page_campaign(out, &p);
}

static void render_campaigns(struct str s, const struct audience *audience, struct buf *out)
{
	const struct campaign_row rows[2] = { campaign_row(s), campaign_row(s) };
	const struct campaign_dot dots[2] = { { 0, campaign_finding(s, NOW) }, { 1, campaign_finding(s, NOW) } };
	const struct campaigns_page p = {
		.manner = manner_for(audience), .now = NOW, .rows = rows, .n = 2, .n_drawn = 2, .dots = dots, .n_dots = 2
	};

	page_campaigns(out, &p);
}

static void render_takedowns(struct str s, const struct audience *audience, struct buf *out)
{
	const struct finding f = { .public_id = STR("00112233445566778899aabbccddeeff"), .title = s, .url = s, .asset = s };
	const struct case_line line = {
		.row = { .public_id = STR("ffeeddccbbaa99887766554433221100"), .grounds = STR("threat"), .operator_name = s },
		.finding = &f,
		.due = { CASE_CLOCK_REPLY, s, NOW, true }
	};
	const struct takedown_number hosts[2] = { { .host = s, .targets = 2, .asked = 1 }, { .host = s, .targets = 1 } };
	const struct takedown_number all = { .targets = 3 };
	const struct takedowns_page p = { .manner = manner_for(audience),
					  .now = NOW,
					  .open = &line,
					  .n_open = 1,
					  .open_count = 1,
					  .late_count = 1,
					  .closed = &line,
					  .n_closed = 1,
					  .closed_count = 1,
					  .hosts = hosts,
					  .n_hosts = 2,
					  .all = &all };

	page_takedowns(out, &p);
}

static void render_about(struct str s, const struct audience *audience, struct buf *out)
{
	const struct version_row v = { s, s, s, NOW };
	const struct about_page p = { manner_for(audience), NOW, s, &v, 1 };

	page_about(out, &p);
}

static void render_purged(struct str s, const struct audience *audience, struct buf *out)
{
	const struct purged_row row = { .day = NOW, .rule = s, .findings = 1 };
	const struct purged_page p = { manner_for(audience), NOW, &row, 1, false };

	page_purged(out, &p);
}

/* Each with how often its audience that sees nothing sees a field all the same: assets, and no other. */
static const struct place_page {
	const char *name;
	void (*render)(struct str s, const struct audience *audience, struct buf *out);
	size_t assets;
	bool none; /* there is no such page for it */
} places[] = {
	{ "sources", render_sources, 0, true },	     { "source", render_source, 0, true },
	{ "campaign", render_campaign, 1, false },   { "campaigns", render_campaigns, 2, false },
	{ "takedowns", render_takedowns, 2, false }, { "about", render_about, 0, false },
	{ "purged", render_purged, 0, true },
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

static size_t occurrences(const struct buf *page, const char *what)
{
	struct str rest = buf_str(page);
	size_t n = 0;

	for (ssize_t at; (at = str_find(rest, str_of(what))) >= 0; n++)
		rest = str_slice(rest, (size_t)at + 1, rest.n);
	return n;
}

static void check_hostile(void (*render)(struct str, struct buf *))
{
	AUTO(buf) hostile = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) harmless = BUF_INIT(LIMIT_PAGE);
	struct census a, b;

	render(STR("an ordinary word"), &harmless);
	take_census(&harmless, &a);
	render(STR(HOSTILE), &hostile);
	take_census(&hostile, &b);
	assert_int_equal(a.elements, b.elements);
	assert_int_equal(a.links, b.links);
	for (int i = 0; i < GUMBO_TAG_LAST; i++)
		assert_int_equal(a.by_tag[i], b.by_tag[i]);
	assert_true(str_find(buf_str(&hostile), STR("&lt;script&gt;alert(1)&lt;/script&gt;")) > 0);
}

static void hostile_text_stays_text_on_the_page_of_a_finding(void **state)
{
	(void)state;
	check_hostile(render_finding);
}

static void hostile_text_stays_text_on_the_index(void **state)
{
	(void)state;
	check_hostile(render_index);
}

static void hostile_text_stays_text_on_the_page_of_a_takedown(void **state)
{
	(void)state;
	check_hostile(render_case);
	check_hostile(render_exhibit);
}

/* Of all that has a canary in it an audience that sees nothing sees the asset. */
static void a_takedown_tells_an_audience_no_more_than_it_may_see(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	struct str rest;
	size_t n = 0;
	ssize_t at;

	(void)state;
	render_takedown(STR("canary"), &audiences[2], false, &out);
	for (rest = buf_str(&out); (at = str_find(rest, STR("canary"))) >= 0; n++)
		rest = str_slice(rest, (size_t)at + 6, rest.n);
	assert_int_equal(n, 1);
	assert_true(str_find(buf_str(&out), STR("<dt>Asset</dt><dd><bdi>canary")) > 0);
	assert_true(str_find(buf_str(&out), STR("Takedown: Finding 00112233")) > 0);
	assert_true(str_find(buf_str(&out), STR("Place 1")) > 0);
}

static void a_case_says_when_it_was_made_only_as_an_exhibit(void **state)
{
	AUTO(buf) page = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) exhibit = BUF_INIT(LIMIT_PAGE);

	(void)state;
	render_case(STR("x"), &page);
	render_exhibit(STR("x"), &exhibit);
	assert_int_equal(str_find(buf_str(&page), STR("made <time")), -1);
	assert_true(str_find(buf_str(&exhibit), STR("made <time")) > 0);
}

static void hostile_text_stays_text_on_pages_of_assets(void **state)
{
	(void)state;
	check_hostile(render_asset);
	check_hostile(render_assets);
}

static void hostile_text_stays_text_on_the_pages_of_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < PLACES; i++) {
		AUTO(buf) hostile = BUF_INIT(LIMIT_PAGE);
		AUTO(buf) harmless = BUF_INIT(LIMIT_PAGE);
		struct census a, b;

		places[i].render(STR("an ordinary word"), &audiences[0], &harmless);
		take_census(&harmless, &a);
		places[i].render(STR(HOSTILE), &audiences[0], &hostile);
		take_census(&hostile, &b);
		if (a.elements != b.elements || a.links != b.links || occurrences(&hostile, "&lt;script&gt;alert(1)") == 0)
			fail_msg("%s", places[i].name);
	}
}

static void a_page_of_places_tells_an_audience_no_more_than_it_may_see(void **state)
{
	(void)state;
	for (size_t i = 0; i < PLACES; i++) {
		AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

		places[i].render(STR("canary"), &audiences[2], &out);
		if (!places[i].none && occurrences(&out, "canary") != places[i].assets)
			fail_msg("%s: %zu\n%.*s", places[i].name, occurrences(&out, "canary"), STR_ARG(buf_str(&out)));
	}
}

static void what_waits_too_long_stands_first_then_what_is_due_soonest(void **state)
{
	static const struct finding f = { .title = STR("t") };
	struct case_line lines[] = {
		{ .row.id = 1, .finding = &f },					    /* no clock runs */
		{ .row.id = 2, .finding = &f, .due = { .at = NOW + 2 } },	    /* later */
		{ .row.id = 3, .finding = &f, .due = { .at = NOW + 1 } },	    /* soon */
		{ .row.id = 4, .finding = &f, .late = CASE_REFUSED },		    /* waits, no clock runs */
		{ .row.id = 5, .finding = &f, .due = { .at = NOW, .over = true } }, /* its clock is over */
	};
	static const int64_t order[] = { 5, 4, 3, 2, 1 };

	(void)state;
	qsort(lines, 5, sizeof(lines[0]), page_takedowns_order);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(lines[i].row.id, order[i]);
}

static void texts_of_a_campaign_are_numbered_as_they_appear(void **state)
{
	static const int64_t texts[] = { 9, 4, 9, 7 };
	const struct campaign_row row = campaign_row(STR("x"));
	struct campaign_finding findings[4];
	const struct campaign_page p = { .manner = MANNER, .row = &row, .findings = findings, .n = 4 };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	for (int i = 0; i < 4; i++) {
		findings[i] = campaign_finding(STR("x"), NOW + i);
		findings[i].text = texts[i];
	}
	page_campaign(&out, &p);
	assert_int_equal(occurrences(&out, ">text 1<"), 2);
	assert_int_equal(occurrences(&out, ">text 2<"), 1);
	assert_int_equal(occurrences(&out, ">text 3<"), 1);
}

static void bidi_controls_reach_no_page(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	struct census c;

	(void)state;
	render_finding(STR("a\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xac\xd8\x9c"
			   "b"),
		       &out);
	take_census(&out, &c);
	assert_int_equal(str_find(buf_str(&out), STR("\xe2\x80\xae")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("\xe2\x81\xa6")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("\xd8\x9c")), -1);
}

/* What stands between the first `before` and the next `after`. */
static struct str between(struct str s, const char *before, const char *after)
{
	ssize_t start = str_find(s, str_of(before)), end;

	assert_true(start >= 0);
	s = str_slice(s, (size_t)start + strlen(before), s.n);
	end = str_find(s, str_of(after));
	assert_true(end >= 0);
	return str_slice(s, 0, (size_t)end);
}

static void words_of_one_kind_stand_together_once(void **state)
{
	struct stored_part parts[] = { { .part = STR("time"), .start = 0, .end = 7 },
				       { .part = STR("place"), .start = 8, .end = 12 },
				       { .part = STR("time"), .start = 13, .end = 20 },
				       { .part = STR("time"), .start = 21, .end = 25 },
				       { .part = STR("time"), .start = 24, .end = 999 } };
	struct finding_detail d = { .finding = { .title = STR("x") },
				    .text = STR("Tuesday hall tuesday noon"),
				    .said.parts = parts,
				    .said.n_parts = 5 };
	struct finding_page p = { .manner = MANNER, .home = "../index.html", .detail = &d };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	page_finding(&out, &p);
	assert_str(between(buf_str(&out), "<tr><th scope=\"row\"><bdi>time</bdi></th><td data-label=\"Words\"><span>", "</td>"),
		   "<bdi>Tuesday</bdi>" DOT "<bdi>noon</bdi>" DOT "<bdi>n</bdi></span>");
	assert_int_equal(str_find(buf_str(&out), STR("<bdi>tuesday</bdi>")), -1);
	assert_true(str_find(buf_str(&out), STR("<bdi>noon</bdi>")) > 0);
}

static void a_post_without_a_title_is_known_by_its_address(void **state)
{
	struct finding f = { .title = STR(" \n"), .url = STR("https://paste.example/raw/k") };
	AUTO(buf) out = BUF_INIT(1000);

	(void)state;
	page_title(&out, &(const struct page_manner)MANNER, &f, 100);
	assert_str(buf_str(&out), "<bdi class=\"url\">hxxps://paste[.]example/raw/k</bdi>");
}

/* A page with nothing in it. */
static void render_frame(const struct page_manner *m, int64_t now, struct buf *out)
{
	const struct html_frame frame = { .title = STR("x"), .manner = m, .now = now, .home = "index.html", .is_home = true };

	html_open(out, &frame);
	buf_add(out, STR("<h1>x</h1>"));
	html_close(out, m);
}

static void put_hash_between(struct buf *out, const struct buf *page, const char *before, const char *after)
{
	unsigned char digest[DIGEST_BYTES];

	digest_sha256(between(buf_str(page), before, after), digest);
	html_base64(out, digest, sizeof(digest));
	buf_add_char(out, '\0');
}

static void the_policy_is_the_first_meta_and_fits_style_and_script(void **state)
{
	const struct finding f = { .public_id = STR("00112233445566778899aabbccddeeff") };
	const struct list_page list = { .manner = MANNER, .place = { 1, 1 }, .findings = &f, .n = 1 };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) style = BUF_INIT(100);
	AUTO(buf) script = BUF_INIT(100);
	AUTO(buf) wanted = BUF_INIT(1000);

	(void)state;
	page_list(&out, &list);
	put_hash_between(&style, &out, "<style>", "</style>");
	put_hash_between(&script, &out, "<script>", "</script>");
	buf_printf(&wanted,
		   "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-%s'; style-src "
		   "'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
		   "trusted-types 'none'\"",
		   script.p, style.p);
	assert_str(between(buf_str(&out), "<meta ", ">"), wanted.p);
	assert_int_equal(str_find(between(buf_str(&out), "<style>", "</style>"), STR("url(")), -1);
	assert_int_equal(str_find(between(buf_str(&out), "<style>", "</style>"), STR("@import")), -1);
}

static void a_page_without_a_table_to_sort_has_no_script(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	const struct page_manner m = MANNER;
	struct census c;

	(void)state;
	render_frame(&m, NOW, &out);
	take_census(&out, &c);
	assert_int_equal(c.by_tag[GUMBO_TAG_SCRIPT], 0);
}

static void the_label_stands_at_the_head_and_the_foot_of_each_page(void **state)
{
	static const char *const labels[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED" };

	(void)state;
	for (int i = TLP_CLEAR; i <= TLP_RED; i++) {
		const struct audience who = { .name = STR("x"), .tlp = (enum tlp)i };
		const struct page_manner m = { &words_english, &who, STR("Example Pictures") };
		AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
		AUTO(buf) wanted = BUF_INIT(100);

		render_frame(&m, NOW, &out);
		buf_printf(&wanted, "<p class=\"tlp\">%s</p>", labels[i]);
		assert_true(str_find(between(buf_str(&out), "<header", "</header>"), buf_str(&wanted)) > 0);
		assert_true(str_find(between(buf_str(&out), "<footer", "</footer>"), buf_str(&wanted)) > 0);
	}
}

static void the_desks_zone_stands_beside_utc(void **state)
{
	static const struct {
		const char *why, *zone;
		int64_t at;
		const char *wanted;
	} rows[] = {
		{ "winter", "Europe/Berlin", NOW, "2026-11-23&nbsp;09:38</time> UTC <span class=\"wall\">(10:38)</span>" },
		{ "summer", "Europe/Berlin", NOW - INT64_C(150) * 86400 * 1000000,
		  "2026-06-26&nbsp;09:38</time> UTC <span class=\"wall\">(11:38)</span>" },
		{ "the day before", "America/Los_Angeles", NOW - INT64_C(9) * 3600 * 1000000,
		  "2026-11-23&nbsp;00:38</time> UTC <span class=\"wall\">(11-22&nbsp;16:38)</span>" },
		{ "half an hour", "Asia/Kolkata", NOW, "09:38</time> UTC <span class=\"wall\">(15:08)</span>" },
		{ "none", "", NOW, "09:38</time> UTC</p>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_manner m = MANNER;
		AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

		m.zone = str_of(rows[i].zone);
		render_frame(&m, rows[i].at, &out);
		if (str_find(buf_str(&out), str_of(rows[i].wanted)) < 0)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(between(buf_str(&out), "<header", "</header>")));
	}
}

static void an_empty_desk_says_so(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	const struct overview_day day = { 0 };
	const int64_t hours[OVERVIEW_HOURS] = { 0 };
	struct index_page p = { .manner = MANNER, .now = NOW, .day = &day, .hours = hours };
	struct census c;

	(void)state;
	page_index(&out, &p);
	take_census(&out, &c);
	assert_int_equal(c.by_tag[GUMBO_TAG_TABLE], 2); /* behind two pictures of nothing */
	assert_true(str_find(buf_str(&out), STR("Nothing has been found yet.")) > 0);
	assert_true(str_find(buf_str(&out), STR("No source has been read yet.")) > 0);
}

static void the_first_page_answers_in_one_line_each(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	struct str page;

	(void)state;
	render_index(STR("x"), &out);
	page = buf_str(&out);
	assert_true(str_find(page, STR("New in 24 hours</a><b>10</b><span>3 high or critical</span>")) > 0);
	assert_true(str_find(page, STR("High or critical, open</a><b>5</b><span>4 in nobody\xe2\x80\x99s hands</span>")) > 0);
	assert_true(str_find(page, STR("Sources not well</a><b>2</b><span>and 2 letters will not go</span>")) > 0);
	assert_true(str_find(page, STR("Takedowns open</a><b>1</b><span>1 waits too long</span>")) > 0);
	assert_true(out.n < KIB(150));
}

static void who_may_not_see_it_is_not_told_by_the_first_page(void **state)
{
	static const char canary[] = "canary";
	const struct audience nobody = { STR("management"), TLP_AMBER, 0, 20 };
	struct finding f = { .public_id = STR("00112233445566778899aabbccddeeff"),
			     .title = { canary, sizeof(canary) - 1 },
			     .url = { canary, sizeof(canary) - 1 },
			     .source = { canary, sizeof(canary) - 1 },
			     .author = { canary, sizeof(canary) - 1 },
			     .severity = 90 };
	const struct overview_open open = { f, { canary, sizeof(canary) - 1 } };
	const struct overview_day day = { 0 };
	const struct source_health h = { .source = { canary, sizeof(canary) - 1 },
					 .state = "failing",
					 .failure = { canary, sizeof(canary) - 1 },
					 .detail = { canary, sizeof(canary) - 1 } };
	const struct precision rule = { { canary, sizeof(canary) - 1 }, 2, 1, 0 };
	const int64_t hours[OVERVIEW_HOURS] = { 0 };
	const struct index_page p = { .manner = { &words_english, &nobody, STR("Example Pictures") },
				      .now = NOW,
				      .day = &day,
				      .fresh = &f,
				      .n_fresh = 1,
				      .open = &open,
				      .n_open = 1,
				      .open_count = 1,
				      .sources = &h,
				      .n_sources = 1,
				      .hours = hours,
				      .rules = &rule,
				      .n_rules = 1 };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	page_index(&out, &p);
	assert_true(str_find(buf_str(&out), STR("somebody")) > 0);
	assert_int_equal(str_find(buf_str(&out), str_of(canary)), -1);
}

static void who_may_see_nothing_of_a_finding_reads_what_it_is_and_when(void **state)
{
	const struct audience nobody = { STR("management"), TLP_AMBER, 0, 20 };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	struct census c;

	(void)state;
	render_finding_for(&nobody, STR("canary"), &out);
	take_census(&out, &c);
	assert_int_equal(str_find(buf_str(&out), STR("hxxp")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("id=\"text\"")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("id=\"why\"")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("Sample, masked")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("id=\"custody\"")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("id=\"evidence\"")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("id=\"commands\"")), -1);
	assert_int_equal(str_find(buf_str(&out), STR("Author")), -1);
	assert_true(str_find(buf_str(&out), STR("Finding 00112233")) > 0);
	assert_true(str_find(buf_str(&out), STR("somebody")) > 0);
}

static void what_was_decoded_says_where_it_stood(void **state)
{
	struct stored_hit hits[] = {
		{ .label = STR("login"), .layer = 1, .why = STR("a login; in all; in base64 of bytes 22 to 70"), .end = 3 },
		{ .label = STR("login"), .layer = 1, .why = STR("a login; in base64 of bytes 71 to 114"), .end = 9 },
		{ .label = STR("key"), .layer = 2, .why = STR("no place"), .end = 9 }
	};
	struct finding_detail d = { .finding = { .title = STR("x") }, .said.hits = hits, .said.n_hits = 3 };
	struct finding_page p = { .manner = MANNER, .home = "../index.html", .detail = &d };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

	(void)state;
	page_finding(&out, &p);
	assert_true(str_find(buf_str(&out), STR("<span><bdi>base64 of bytes 22 to 70</bdi>" DOT
						"<bdi>base64 of bytes 71 to 114</bdi></span>")) > 0);
	assert_true(str_find(buf_str(&out), STR("<tr><th scope=\"row\">decoded text, layer 2</th>")) > 0);
}

static void a_mark_has_the_colour_of_what_it_speaks_for(void **state)
{
	static const struct {
		const char *why, *part, *kind;
	} rows[] = {
		{ "a demand is extortion", "demand", "extortion" },
		{ "who sells data", "lk-sell", "leak" },
		{ "fields of a person", "dox-field", "dox" },
		{ "a sign of fiction", "fiction", "against" },
		{ "the name of an asset speaks for nothing", "asset", "asset" },
		{ "all else is of a threat", "weapon", "violence" },
		{ "whatever it is called", "\"><script>", "violence" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(page_part_kind(str_of(rows[i].part)), rows[i].kind) != 0)
			fail_msg("%s: %s", rows[i].why, page_part_kind(str_of(rows[i].part)));
}

static void the_name_of_an_assets_page_tells_nothing_of_it(void **state)
{
	const struct page_manner desk = MANNER, legal = { &words_english, &audiences[1], STR("Example Pictures") };
	char a[PAGE_NAME], b[PAGE_NAME];

	(void)state;
	page_asset_name(&desk, STR("The Interlude"), a);
	assert_int_equal(strlen(a), 16 + 5);
	assert_int_equal(strspn(a, "0123456789abcdef"), 16);
	assert_string_equal(a, page_asset_name(&desk, STR("The Interlude"), b));
	assert_string_not_equal(a, page_asset_name(&legal, STR("The Interlude"), b));
	assert_string_not_equal(a, page_asset_name(&desk, STR("The Interlude 2"), b));
}

static void what_is_sealed_is_shown_by_its_digest_and_what_was_done_by_whom(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(1));
	struct finding_detail d = {
		.finding = { .title = STR("t"), .public_id = STR("00112233445566778899aabbccddeeff"), .deleted_at = NOW }
	};
	const struct evidence_row items[2] = {
		{ .id = 1,
		  .kind = STR("capture"),
		  .digest = STR("\x01\x02\xff"
				"0123456789012345678901234567z"),
		  .sealed_at = NOW },
		{ .id = 0, .kind = STR("never sealed") },
	};
	const struct custody_row entries[1] = {
		{ .entry = { .sequence = 7, .at = NOW, .act = STR("verdict"), .operator_name = STR("analyst") } }
	};
	const struct finding_page p = { .manner = MANNER,
					.home = "../index.html",
					.detail = &d,
					.evidence = items,
					.n_evidence = 2,
					.custody = entries,
					.n_custody = 1 };

	(void)state;
	page_finding(&out, &p);
	assert_true(str_find(buf_str(&out), STR("<code>0102ff3031")) >= 0);
	assert_true(str_find(buf_str(&out), STR("never sealed")) < 0);
	assert_true(str_find(buf_str(&out), STR("Gone since")) >= 0);
	assert_true(str_find(buf_str(&out), STR("<bdi>analyst</bdi>")) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sealed_is_shown_by_its_digest_and_what_was_done_by_whom),
		cmocka_unit_test(times_promise_no_more_than_the_site_said),
		cmocka_unit_test(hostile_text_stays_text_on_the_page_of_a_finding),
		cmocka_unit_test(hostile_text_stays_text_on_the_index),
		cmocka_unit_test(hostile_text_stays_text_on_the_page_of_a_takedown),
		cmocka_unit_test(a_takedown_tells_an_audience_no_more_than_it_may_see),
		cmocka_unit_test(a_case_says_when_it_was_made_only_as_an_exhibit),
		cmocka_unit_test(hostile_text_stays_text_on_pages_of_assets),
		cmocka_unit_test(the_first_page_answers_in_one_line_each),
		cmocka_unit_test(who_may_not_see_it_is_not_told_by_the_first_page),
		cmocka_unit_test(who_may_see_nothing_of_a_finding_reads_what_it_is_and_when),
		cmocka_unit_test(what_was_decoded_says_where_it_stood),
		cmocka_unit_test(a_mark_has_the_colour_of_what_it_speaks_for),
		cmocka_unit_test(the_name_of_an_assets_page_tells_nothing_of_it),
		cmocka_unit_test(hostile_text_stays_text_on_the_pages_of_places),
		cmocka_unit_test(a_page_of_places_tells_an_audience_no_more_than_it_may_see),
		cmocka_unit_test(what_waits_too_long_stands_first_then_what_is_due_soonest),
		cmocka_unit_test(texts_of_a_campaign_are_numbered_as_they_appear),
		cmocka_unit_test(bidi_controls_reach_no_page),
		cmocka_unit_test(words_of_one_kind_stand_together_once),
		cmocka_unit_test(a_post_without_a_title_is_known_by_its_address),
		cmocka_unit_test(the_policy_is_the_first_meta_and_fits_style_and_script),
		cmocka_unit_test(a_page_without_a_table_to_sort_has_no_script),
		cmocka_unit_test(the_label_stands_at_the_head_and_the_foot_of_each_page),
		cmocka_unit_test(the_desks_zone_stands_beside_utc),
		cmocka_unit_test(an_empty_desk_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
