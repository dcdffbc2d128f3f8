/* test_audience.c - what an audience may not see is in no page of its report: a canary of each kind in every field of its kind
 */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/stored.h"
#include "web/page.h"
#include "web/report.h"

/* 2026-11-23T09:38:36Z */
#define NOW INT64_C(1795426716000000)
#define DAY INT64_C(86400000000)

/* What must not be seen, a canary each; none is a piece of another or of an id. */
#define TEXT	 "kanaritext"
#define SAMPLE	 "kanarisample"
#define AUTHOR	 "kanariauthor"
#define ADDRESS	 "kanariplace"
#define SOURCE	 "kanarisource"
#define OPERATOR "kanaripolly"
#define CUSTODY	 "kanarichain"
#define LETTER	 "kanariletter"

#define ID   "00112233445566778899aabbccddeeff"
#define CASE "ffeeddccbbaa99887766554433221100"

static const struct {
	enum audience_sees what;
	const char *canary;
} kinds[] = {
	{ SEES_TEXTS, TEXT },	  { SEES_SAMPLES, SAMPLE },	{ SEES_AUTHORS, AUTHOR },  { SEES_ADDRESSES, ADDRESS },
	{ SEES_SOURCES, SOURCE }, { SEES_OPERATORS, OPERATOR }, { SEES_CUSTODY, CUSTODY }, { SEES_LETTERS, LETTER },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const struct finding one = {
	.id = 7,
	.public_id = STR(ID),
	.category = STR("leak"),
	.asset = STR("The Interlude"),
	.source = STR(SOURCE),
	.title = STR(TEXT " title"),
	.author = STR(AUTHOR),
	.url = STR("https://paste.example/" ADDRESS),
	.verdict = STR("confirmed"),
	.severity = 95,
	.found_at = NOW,
	.changed_at = NOW,
	.first_seen = NOW,
	.last_seen = NOW,
	.posted_at = NOW,
	.posted_precision = 4,
	.posted_raw = STR(TEXT " yesterday"),
	.campaign = STR(CASE),
	.language = STR("en"),
};

static struct stored_hit hits[] = {
	{ .rule = STR("login"),
	  .label = STR("login"),
	  .masked = STR(SAMPLE),
	  .why = STR(SAMPLE " why"),
	  .asset = STR("The Interlude"),
	  .end = 3 },
	{ .rule = STR("login"), .label = STR("login"), .masked = STR(SAMPLE), .why = STR(SAMPLE " why"), .layer = 1, .end = 3 },
};
static struct stored_part parts[] = { { .part = STR("target"), .start = 0, .end = sizeof(TEXT) - 1 } };
static struct str sentences[] = { STR(SAMPLE " sentence") };
static const struct custody_row entries[] = { { .entry = { .sequence = 7,
							   .at = NOW,
							   .act = STR(CUSTODY),
							   .operator_name = STR(OPERATOR),
							   .subject = STR("finding " ID) } } };

static struct finding_detail detail(void)
{
	return (struct finding_detail){
		.finding = one,
		.key = STR(ADDRESS "-key"),
		.text = STR(TEXT " of a post"),
		.author_id = STR(AUTHOR "-17"),
		.edited = STR(TEXT " edited"),
		.said = { .hits = hits, .n_hits = 2, .parts = parts, .n_parts = 1, .reasons = sentences, .n_reasons = 1 },
		.terms = sentences,
		.n_terms = 1,
		.revisions = 2
	};
}

static const struct case_line line = { .row = { .public_id = STR(CASE),
						.grounds = STR("threat"),
						.state = STR("open"),
						.operator_name = STR(OPERATOR),
						.first_aware_at = NOW,
						.opened_at = NOW },
				       .finding = &one,
				       .late = CASE_REFUSED,
				       .due = { CASE_CLOCK_REPLY, STR(ADDRESS ".example"), NOW, true } };

/* ---- the pages ---- */

static void put_finding(const struct page_manner *m, struct buf *out)
{
	const struct finding_detail d = detail();
	const struct evidence_row evidence = { .id = 1, .kind = STR(CUSTODY " capture"), .sealed_at = NOW };
	const struct tick tick = { .playbook = STR("leak"),
				   .step = STR("call"),
				   .done = true,
				   .operator_name = STR(OPERATOR),
				   .note = STR(OPERATOR " note"),
				   .at = NOW };

	page_finding(out, &(struct finding_page){ .manner = *m,
						  .home = "../index.html",
						  .detail = &d,
						  .evidence = &evidence,
						  .n_evidence = 1,
						  .custody = entries,
						  .n_custody = 1,
						  .state = { .verdict = STR("confirmed"),
							     .judged_by = STR(OPERATOR),
							     .judged_at = NOW,
							     .has_duty = true,
							     .holder = STR(OPERATOR),
							     .held_since = NOW },
						  .ticks = &tick,
						  .n_ticks = 1,
						  .cases = &line.row,
						  .n_cases = 1,
						  .has_cases = true,
						  .original = STR(ID),
						  .duty = STR(OPERATOR " has it") });
}

static void put_list(const struct page_manner *m, struct buf *out)
{
	page_list(out, &(struct list_page){ .manner = *m, .place = { 1, 1 }, .findings = &one, .n = 1 });
}

static void put_picked(const struct page_manner *m, struct buf *out)
{
	page_picked(out,
		    &(struct picked_page){
			    .manner = *m, .home = "index.html", .below = "", .title = STR("high"), .findings = &one, .n = 1 });
}

static void put_index(const struct page_manner *m, struct buf *out)
{
	struct trouble t = { .class_name = STR(SOURCE),
			     .url = STR("https://x.example/" ADDRESS),
			     .detail = STR(SOURCE),
			     .pages = 1,
			     .last_at = NOW };
	const struct source_health h = { .source = STR(SOURCE),
					 .state = "failing",
					 .failure = STR(SOURCE),
					 .detail = STR(SOURCE),
					 .troubles = &t,
					 .n_troubles = 1 };
	const struct overview_open open[1] = { { one, STR(OPERATOR) } };
	const struct overview_day day = { NOW / DAY * DAY, { 1, 2, 3, 4 } };
	const struct overview_count kind = { STR("The Interlude"), STR("leak"), 3 };
	const struct precision rule = { STR("login"), 2, 1, 0 };
	const int64_t hours[OVERVIEW_HOURS] = { 1 };

	page_index(out, &(struct index_page){ .manner = *m,
					      .now = NOW,
					      .links = { true, true, true, true, true, 3 },
					      .total = 10,
					      .since = NOW,
					      .day = &day,
					      .fresh = &one,
					      .n_fresh = 1,
					      .open = open,
					      .n_open = 1,
					      .open_count = 5,
					      .held = 1,
					      .sources = &h,
					      .n_sources = 1,
					      .has_round = true,
					      .dead_letters = 2,
					      .cases = &line,
					      .n_cases = 1,
					      .days = &day,
					      .n_days = 1,
					      .hours = hours,
					      .kinds = &kind,
					      .n_kinds = 1,
					      .rules = &rule,
					      .n_rules = 1,
					      .anchor = STR(CUSTODY) });
}

static void put_case(const struct page_manner *m, bool exhibit, struct buf *out)
{
	const struct finding_detail d = detail();
	const struct takedown_target target = { .url = STR("https://x.example/" ADDRESS),
						.state = STR("sent"),
						.host = STR(ADDRESS ".example"),
						.returns = 2,
						.sent_at = NOW };
	const struct takedown_look look = { .at = NOW, .result = LOOK_THERE, .how = STR(ADDRESS " how"), .looks = 3 };
	const struct case_target place = { &target, &look, 1 };
	const struct notice_row notice = { .template_name = STR("host"),
					   .recipient = STR(LETTER "@example.net"),
					   .subject = STR(LETTER " subject"),
					   .content = STR(LETTER " content"),
					   .made_at = NOW };
	const struct notice_approval approval = { .operator_name = STR(OPERATOR), .at = NOW };
	const struct notice_answer answer = {
		.kind = STR("receipt"), .sender = STR(LETTER "@example.org"), .content = STR(LETTER " answer"), .at = NOW
	};
	const struct case_notice written = { &notice, &approval, 1, &answer, 1 };
	const struct case_clock clocks[2] = { { .kind = CASE_CLOCK_REPORT, .at = NOW, .over = true },
					      { .kind = CASE_CLOCK_REPLY, .host = STR(ADDRESS ".example"), .at = NOW } };

	page_takedown(out, &(struct takedown_page){ .manner = *m,
						    .now = NOW,
						    .home = "../index.html",
						    .row = &line.row,
						    .late = CASE_STILL_THERE,
						    .finding = &d,
						    .clocks = clocks,
						    .n_clocks = 2,
						    .targets = &place,
						    .n_targets = 1,
						    .notices = &written,
						    .n_notices = 1,
						    .custody = entries,
						    .n_custody = 1,
						    .exhibit = exhibit });
}

static void put_takedown(const struct page_manner *m, struct buf *out)
{
	put_case(m, false, out);
}

static void put_exhibit(const struct page_manner *m, struct buf *out)
{
	put_case(m, true, out);
}

static void put_takedowns(const struct page_manner *m, struct buf *out)
{
	const struct takedown_number host = { .host = STR(ADDRESS ".example"), .targets = 2, .asked = 2 };

	page_takedowns(out, &(struct takedowns_page){ .manner = *m,
						      .now = NOW,
						      .open = &line,
						      .n_open = 1,
						      .closed = &line,
						      .n_closed = 1,
						      .hosts = &host,
						      .n_hosts = 1,
						      .all = &host });
}

static const struct campaign_row campaign = { .id = 3,
					      .public_id = STR(CASE),
					      .name = STR(TEXT " of a campaign"),
					      .first_seen = NOW - DAY,
					      .last_seen = NOW,
					      .findings = 2,
					      .texts = 1,
					      .sources = 1,
					      .severity = 95,
					      .category = STR("leak"),
					      .asset = STR("The Interlude") };

static void put_campaign(const struct page_manner *m, struct buf *out)
{
	const struct campaign_finding found[2] = {
		{ .id = 7,
		  .public_id = STR(ID),
		  .source = STR(SOURCE),
		  .author = STR(AUTHOR),
		  .url = STR("https://x.example/" ADDRESS),
		  .title = STR(TEXT),
		  .verdict = STR("none"),
		  .severity = 95,
		  .at = NOW - DAY,
		  .is_posted = true,
		  .text = 1 },
		{ .id = 8,
		  .public_id = STR(ID),
		  .source = STR(SOURCE "2"),
		  .author = STR(AUTHOR),
		  .url = STR("https://x.example/" ADDRESS),
		  .verdict = STR("none"),
		  .severity = 95,
		  .at = NOW,
		  .text = 1 },
	};
	const struct campaign_contact contact = { STR("mail"), STR(SAMPLE "@example.net"), 2 };

	page_campaign(out, &(struct campaign_page){ .manner = *m,
						    .row = &campaign,
						    .findings = found,
						    .n = 2,
						    .contacts = &contact,
						    .n_contacts = 1,
						    .related = &campaign,
						    .n_related = 1 });
}

static void put_campaigns(const struct page_manner *m, struct buf *out)
{
	page_campaigns(out, &(struct campaigns_page){ .manner = *m, .now = NOW, .rows = &campaign, .n = 1 });
}

static void put_about(const struct page_manner *m, struct buf *out)
{
	page_about(out, &(struct about_page){ .manner = *m, .now = NOW, .anchor = STR(CUSTODY) });
}

/* Pages of all audiences; that of sources, and what was purged, are pages of some only: the report decides (below). */
static const struct {
	const char *name;
	void (*put)(const struct page_manner *m, struct buf *out);
	unsigned shows; /* of which a canary is there for who sees all */
} pages[] = {
	{ "finding", put_finding, SEES_ALL & ~(unsigned)SEES_LETTERS },
	{ "list", put_list, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES },
	{ "picked", put_picked, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES },
	{ "index", put_index, SEES_TEXTS | SEES_SOURCES | SEES_OPERATORS | SEES_CUSTODY },
	{ "takedown", put_takedown,
	  SEES_ADDRESSES | SEES_AUTHORS | SEES_SOURCES | SEES_OPERATORS | SEES_LETTERS | SEES_CUSTODY },
	{ "exhibit", put_exhibit, SEES_ALL & ~(unsigned)SEES_SAMPLES },
	{ "takedowns", put_takedowns, SEES_TEXTS | SEES_ADDRESSES },
	{ "campaign", put_campaign, SEES_TEXTS | SEES_SAMPLES | SEES_AUTHORS | SEES_SOURCES },
	{ "campaigns", put_campaigns, SEES_TEXTS },
	{ "about", put_about, SEES_CUSTODY },
};

static bool holds(const struct buf *page, int kind)
{
	return str_find(buf_str(page), str_of(kinds[kind].canary)) >= 0;
}

static void check_page(size_t i, const struct audience *who)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	const struct page_manner m = { &words_english, who, STR("Example Pictures"), STR("Europe/Berlin") };
	const char *label = tlp_labels[who->tlp];

	pages[i].put(&m, &out);
	assert_false(out.full);
	for (int k = 0; k < KINDS; k++) {
		if (!audience_sees(who, kinds[k].what) && holds(&out, k))
			fail_msg(
				"%s shows %s to who sees %x: ...%.*s", pages[i].name, kinds[k].canary, who->sees,
				STR_ARG(str_slice(buf_str(&out), (size_t)str_find(buf_str(&out), str_of(kinds[k].canary)) - 200,
						  (size_t)str_find(buf_str(&out), str_of(kinds[k].canary)) + 40)));
		if (who->sees == SEES_ALL && (pages[i].shows & (unsigned)kinds[k].what) && !holds(&out, k))
			fail_msg("%s does not show %s to who sees all, so nothing was proved", pages[i].name, kinds[k].canary);
	}
	assert_true(str_find(buf_str(&out), str_of(label)) > 0);
}

static void what_an_audience_may_not_see_is_on_no_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		for (int a = 0; a < AUDIENCES; a++)
			check_page(i, &audiences[a]);
		for (int k = 0; k < KINDS; k++) {
			struct audience all_but = { STR("x"), TLP_RED, SEES_ALL & ~(unsigned)kinds[k].what, FINDING_SEVERITY };
			struct audience only = { STR("x"), TLP_GREEN, (unsigned)kinds[k].what, FINDING_SEVERITY };

			check_page(i, &all_but);
			check_page(i, &only);
		}
	}
}

/* ---- a whole report ---- */

static void look_for(const char *folder, const char *below, const struct audience *who, unsigned *seen)
{
	char path[1024], name[512];
	DIR *d;
	struct dirent *entry;

	snprintf(path, sizeof(path), "%s/%s", folder, below);
	d = opendir(path);
	assert_non_null(d);
	while ((entry = readdir(d))) {
		AUTO(buf) content = BUF_INIT(MIB(64));
		struct err err = { 0 };

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		assert_true(strlen(below) < 200);
		snprintf(name, sizeof(name), "%.200s%s%s", below, *below ? "/" : "", entry->d_name);
		for (int k = 0; k < KINDS; k++)
			if (strstr(entry->d_name, kinds[k].canary))
				fail_msg("a file is called %s", name);
		if (entry->d_type == DT_DIR) {
			look_for(folder, name, who, seen);
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		assert_true(file_read(path, &content, &err) >= 0);
		for (int k = 0; k < KINDS; k++) {
			*seen |= holds(&content, k) ? (unsigned)kinds[k].what : 0;
			if (!audience_sees(who, kinds[k].what) && holds(&content, k))
				fail_msg("%s shows %s to %.*s", name, kinds[k].canary, STR_ARG(who->name));
		}
		if (!audience_sees(who, SEES_CUSTODY) && strcmp(name, "anchor.txt") == 0)
			fail_msg("the head of the chain is in the report of %.*s", STR_ARG(who->name));
	}
	closedir(d);
}

static void store_canaries(struct stored *b)
{
	struct stored_post p = { .key = STR(ADDRESS "-1"),
				 .url = STR("https://paste.example/" ADDRESS),
				 .title = STR(TEXT " title"),
				 .author = STR(AUTHOR),
				 .text = STR(TEXT " of a post") };
	struct stored_result result;

	p.assessment = (struct stored_assessment){ .leak = 0.9,
						   .severity = 95,
						   .category = STR("leak"),
						   .hits = hits,
						   .n_hits = 2,
						   .parts = parts,
						   .n_parts = 1,
						   .reasons = sentences,
						   .n_reasons = 1 };
	p.assessment.terms = sentences;
	p.assessment.n_terms = 1;
	OK(store_begin(b->store, &b->err));
	OK(store_source(b->store, STR(SOURCE), &p.source_id, &b->err));
	p.assessment.classifier_id = b->classifier;
	OK(store_post(b->store, &p, NOW, &result, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void what_an_audience_may_not_see_is_in_no_file_of_its_report(void **state)
{
	const unsigned stored_kinds = SEES_TEXTS | SEES_SAMPLES | SEES_AUTHORS | SEES_ADDRESSES | SEES_SOURCES;
	static struct stored stored;
	struct stored *b = &stored;

	(void)state;
	stored_open(b, DB_SQLITE);
	store_canaries(b);
	for (int i = 0; i < AUDIENCES + KINDS; i++) {
		struct audience who = audiences[0];
		struct report_options o = { .folder = stored_path(b, "report"),
					    .organisation = STR("Example Pictures"),
					    .now = NOW,
					    .audience = &who };
		unsigned seen = 0;

		if (i < AUDIENCES)
			who = audiences[i];
		else
			who.sees &= ~(unsigned)kinds[i - AUDIENCES].what;
		OK(report_write(b->store, &o, &b->err)); /* over that of the audience before */
		look_for(o.folder, "", &who, &seen);
		assert_int_equal(seen, who.sees & stored_kinds);
	}
	stored_close(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_audience_may_not_see_is_on_no_page),
		cmocka_unit_test(what_an_audience_may_not_see_is_in_no_file_of_its_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
