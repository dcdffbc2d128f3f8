/* test_schema.c - every older store opens, and every query has its index on both engines */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "store/actor.h"
#include "store/campaign.h"
#include "store/campaign_pages.h"
#include "store/coverage.h"
#include "store/version.h"
#include "store/finding.h"
#include "store/frontier.h"
#include "store/health.h"
#include "store/internal.h"
#include "store/hold.h"
#include "store/purge.h"
#include "store/purged.h"
#include "store/mute.h"
#include "store/notice.h"
#include "store/rescan.h"
#include "store/precision.h"
#include "store/overview.h"
#include "store/queue.h"
#include "store/saved.h"
#include "store/search.h"
#include "store/takedown_fact.h"
#include "store/takedown_pages.h"
#include "store/tick.h"
#include "tests/stores.h"

/* Unpack a database that an older program wrote. */
static void unpack(const char *from, const char *to)
{
	gzFile in = gzopen(from, "rb");
	FILE *out = fopen(to, "wb");
	char bytes[8192];
	int n;

	assert_non_null(in);
	assert_non_null(out);
	while ((n = gzread(in, bytes, sizeof(bytes))) > 0)
		assert_int_equal(fwrite(bytes, 1, (size_t)n, out), n);
	assert_int_equal(gzclose(in), Z_OK);
	assert_int_equal(fclose(out), 0);
}

/* What each of them holds is known: they are kept with the tree. */
static const struct {
	const char *path;
	int64_t posts, critical, high;
} kept[] = {
	{ "tests/stores/001.db.gz", 71, 2, 14 }, { "tests/stores/002.db.gz", 72, 2, 14 },
	{ "tests/stores/003.db.gz", 72, 2, 15 }, { "tests/stores/005.db.gz", 72, 2, 15 },
	{ "tests/stores/006.db.gz", 72, 2, 15 }, { "tests/stores/007.db.gz", 72, 2, 15 },
};

static void open_kept(size_t i, struct test_place *p, struct store **s)
{
	char path[128];
	struct err err = { 0 };

	test_place_make(p, DB_SQLITE);
	snprintf(path, sizeof(path), "%s/watchdesk.db", p->folder);
	unpack(kept[i].path, path);
	assert_null(store_open(&p->place, STORE_READ, &err)); /* nothing is changed by looking */
	*s = store_open(&p->place, STORE_CREATE, &err);
	if (!*s)
		fail_msg("%s: %s", kept[i].path, err.text);
}

/* Each finding is one of its source, also those that were found before the schema said so. */
static void check_sources(struct store *s, const struct finding *rows, size_t n, struct arena *a)
{
	struct overview_source *sources;
	struct finding *newest;
	struct err err = { 0 };
	size_t n_sources, n_newest, sum = 0;

	assert_int_equal(overview_sources(s, 0, 0, a, &sources, &n_sources, &err), 0);
	for (size_t i = 0; i < n_sources; i++) {
		assert_int_equal(overview_of_source(s, sources[i].name, 0, 1000, a, &newest, &n_newest, &err), 0);
		assert_int_equal(n_newest, sources[i].n);
		for (size_t k = 0; k < n_newest; k++)
			assert_true(str_eq(newest[k].source, sources[i].name));
		sum += n_newest;
	}
	assert_int_equal(sum, n);
	assert_true(n && rows[0].source.n);
}

static void a_store_of_each_older_schema_opens_with_all_that_it_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 24);
		struct finding_counts counts;
		struct finding_filter all = { 0 };
		struct finding_detail detail;
		struct finding *rows;
		struct search_row *found;
		struct test_place p;
		struct store *s;
		struct err err = { 0 };
		size_t n;

		open_kept(i, &p, &s);
		assert_int_equal(store_check(s, &err), 0);
		assert_int_equal(finding_count(s, &counts, &err), 0);
		assert_int_equal(counts.posts, kept[i].posts);
		assert_int_equal(counts.critical, kept[i].critical);
		assert_int_equal(counts.high, kept[i].high);
		assert_int_equal(finding_list(s, &all, a, &rows, &n, &err), 0);
		check_sources(s, rows, n, a);
		for (size_t k = 0; k < n; k++) {
			unsigned char digest[DIGEST_BYTES];

			assert_int_equal(finding_load(s, rows[k].public_id, a, &detail, &err), 1);
			assert_true(detail.text.n > 0 && detail.said.n_reasons + detail.said.n_hits > 0);
			assert_int_equal(finding_digest(s, detail.assessment_id, digest, &err), 0);
		}
		{
			AUTO_FREE(search) x = search_open(s, true, &err);

			while (search_index(x, 100, &err) > 0)
				;
			assert_int_equal(search_find(x, STR("example"), 10, a, &found, &n, &err), 0);
			assert_true(n > 0);
		}
		store_free(s);
		test_place_remove(&p);
	}
}

static void need(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%s", err->text);
}

/* The life of a case and its notices. */
static void use_takedown(struct store *s, int64_t finding_id, struct arena *a)
{
	struct takedown_case c = { .finding_id = finding_id, .grounds = STR("threat"), .operator_name = STR("o") };
	struct takedown_fact fact = { .name = STR("work"), .value = STR("x") }, *said;
	struct notice_answer answer = { .kind = STR("receipt"), .message = STR("m") }, *answers;
	struct takedown_target *targets;
	struct takedown_row *cases, its;
	struct notice_row n, *notices;
	struct notice_approval *approvals;
	struct err err = { 0 };
	struct takedown_stamp *stamps;
	int64_t id, target, notice_id, known;
	struct str public_id;
	struct notice_wish w = { .template_name = STR("t"), .recipient = STR("r"), .operator_name = STR("o"), .n_targets = 1 };
	size_t count;

	need(takedown_open(s, &c, 70, a, &id, &public_id, &err), &err);
	need(takedown_load(s, public_id, a, &its, &err), &err);
	need(takedown_target_add(s, id, STR("https://a.example/"), STR("o"), 70, &target, &err), &err);
	need(takedown_target_finding(s, target, finding_id, &err), &err);
	need(takedown_target_due(s, target, 80, &err), &err);
	need(takedown_facts_set(s, id, &fact, 1, STR("o"), 71, &err), &err);
	fact.value = STR("");
	need(takedown_facts_set(s, id, &fact, 1, STR("o"), 71, &err), &err);
	need(takedown_facts(s, id, a, &said, &count, &err), &err);
	need(takedown_note_add(s, id, STR("a note"), STR("o"), 71, &err), &err);
	need(takedown_notes(s, id, a, &said, &count, &err), &err);
	w.takedown_id = id;
	w.target_ids = &target;
	need(notice_add(s, &w, 72, a, &notice_id, &public_id, &err), &err);
	need(notice_load(s, public_id, a, &n, &err), &err);
	need(notice_edit(s, &n, STR("r"), STR("s"), STR("another"), STR("o"), 72, &err), &err);
	need(notice_load(s, public_id, a, &n, &err), &err);
	need(notice_approve(s, &(struct notice_approval_wish){ &n, STR("o"), NULL, 1 }, 73, &err), &err);
	need(notice_load(s, public_id, a, &n, &err), &err);
	need(notice_approvals(s, &n, a, &approvals, &count, &err), &err);
	need(notice_send(s, &n, 1, STR("{}"), STR("o"), 74, &err), &err);
	need(notice_load(s, public_id, a, &n, &err), &err);
	need(notice_of_message(s, n.outbox_id, a, &n, &err), &err);
	need(notice_sent(s, &n, STR("o"), 75, &err), &err);
	need(notice_answer_add(s, &n, &answer, STR("o"), 76, &err), &err);
	need(notice_answers(s, n.id, a, &answers, &count, &err), &err);
	need(notice_dead(s, &n, STR("why"), STR("o"), 77, &err), &err);
	need(notice_list(s, id, a, &notices, &count, &err), &err);
	need(notice_last(s, id, target, true, a, &n, &err), &err);
	need(notice_last(s, id, target, false, a, &n, &err), &err);
	need(notice_targets(s, notice_id, a, &targets, &count, &err), &err);
	need(takedown_stamps(s, 1, 200, 20, a, &stamps, &count, &err), &err);
	need(takedown_last(s, &known, &err), &err);
	need(takedown_list(s, 0, 0, a, &cases, &count, &err), &err);
	need(takedown_list(s, finding_id, 0, a, &cases, &count, &err), &err);
	need(takedown_targets(s, id, a, &targets, &count, &err), &err);
	need(takedown_rechecks(s, 90, 10, a, &targets, &count, &err), &err);
	need(takedown_close(s, id, STR("o"), STR("done"), 78, &err), &err);
}

/* One of everything, so that every statement of the store is prepared. */
static void use_rescan(struct store *s, int64_t classifier, struct arena *a)
{
	const struct stored_assessment said = {
		.classifier_id = classifier, .leak = 0.9, .severity = 60, .category = STR("leak")
	};
	struct rescan r = { .classifier_id = classifier }, last;
	struct rescan_change *changes;
	struct rescan_result result;
	struct rescan_post *posts;
	struct stored_assessment was;
	struct err err = { 0 };
	size_t n;

	need(rescan_begin(s, &r, 5, &err), &err);
	need(rescan_next(s, &r, 10, 1000, a, &posts, &n, &err), &err);
	assert_true(n > 0);
	need(rescan_stands(s, &posts[0], a, &err), &err);
	need(rescan_said(s, &posts[0], a, &was, &err), &err);
	need(rescan_put(s, &posts[0], &(struct stored_post){ .text = posts[0].text, .assessment = said }, 6, &result, &err),
	     &err);
	posts[0].finding_id = result.finding_id;
	need(rescan_fill(s, &posts[0], &said, STR("de"), &err), &err);
	need(rescan_count(s, r.id, STR("rule r"), 1, 0, &err), &err);
	need(rescan_changes(s, r.id, a, &changes, &n, &err), &err);
	need(rescan_keep(s, &r, &err), &err);
	need(rescan_newest(s, a, &last, &err), &err);
}

static void use_everything(struct store *s, struct arena *a)
{
	const unsigned char rules[DIGEST_BYTES] = { 1 }, assets[DIGEST_BYTES] = { 2 };
	const struct version version = { "rules", STR("classify/rules/cloud.yaml"), { 3 } };
	struct str reason = STR("a reason"), term = STR("leak: +70");
	struct stored_hit hit = { .rule = STR("r"), .masked = STR("ab**"), .end = 3, .secret_digest = STR("0123456789abcdef") };
	struct stored_part part = { .part = STR("p") };
	struct stored_post p = {
		.key = STR("k"), .url = STR("u"), .author = STR("gop"), .text = STR("a text"), .posted_precision = 4
	};
	struct frontier_entry entry = { .key = STR("u"), .url = STR("u"), .due_at = 1, .start = true };
	struct frontier_outcome outcome = { .due_at = 5 };
	struct frontier_job *jobs;
	struct frontier_silence *silences;
	struct health_failure failure = { .class_name = "DNS", .start = true };
	struct poll poll = { 7, 3, 1 };
	struct list_gap gap = { .items = 3 };
	struct withheld withheld = { .url = STR("u"), .rule = STR("r") };
	struct source_health *health;
	struct coverage coverage;
	struct finding_filter filter = { .least_severity = 20, .category = STR("leak"), .source = STR("s"), .found_since = 1 };
	struct campaign_row *rows_of_campaigns;
	struct finding *rows;
	struct finding_detail detail;
	struct finding_counts counts;
	struct finding_mark mark = {
		.verdict = STR("known"), .operator_name = STR("o"), .severity = 5, .terms = &term, .n_terms = 1
	};
	struct stored_result result;
	struct stored_place *places;
	char name[FINDING_ID];
	struct round round = { .fetched = 1 };
	struct search_row *found;
	struct str verdict, why;
	unsigned char digest[DIGEST_BYTES];
	int64_t classifier, due, known;
	struct err err = { 0 };
	size_t n;

	need(store_begin(s, &err), &err);
	need(store_source(s, STR("s"), &p.source_id, &err), &err);
	need(store_classifier(s, &(struct stored_classifier){ rules, assets, STR("1"), &version, 1 }, 5, &classifier, &err),
	     &err);
	entry.source_id = failure.source_id = p.source_id;
	need(frontier_add(s, &entry, &err), &err);
	need(frontier_lease(s, &(struct frontier_wish){ p.source_id, 10, 20, 5 }, a, &jobs, &err), &err);
	p.page_id = gap.frontier_id = jobs[0].id;
	gap.source_id = withheld.source_id = p.source_id;
	p.assessment = (struct stored_assessment){ .classifier_id = classifier,
						   .leak = 0.9,
						   .severity = 75,
						   .hits = &hit,
						   .n_hits = 1,
						   .parts = &part,
						   .n_parts = 1,
						   .reasons = &reason,
						   .n_reasons = 1,
						   .terms = &term,
						   .n_terms = 1,
						   .category = STR("leak") };
	need(store_post(s, &p, 10, &result, &err), &err);
	need(store_post(s, &p, 20, &result, &err), &err);
	p.text = STR("another text");
	p.assessment.verdict = STR("known");
	need(store_post(s, &p, 30, &result, &err), &err);
	p.key = STR("k2");
	p.text = STR("a longer text of more than eight words, which has a sketch and its bands");
	need(store_post(s, &p, 30, &result, &err), &err);
	need(store_posts_at(s, p.page_id, a, &places, &n, &err), &err);
	need(store_posts_seen(s, p.page_id, 35, &err), &err);
	need(store_posts_missing(s, p.page_id, NULL, 0, 40, &err), &err);
	need(finding_name(s, result.finding_id, name, &err), &err);
	need(frontier_done(s, p.page_id, &outcome, &err), &err);
	need(frontier_again(s, p.page_id, &outcome, &err), &err);
	need(frontier_call(s, &entry, &err), &err);
	entry.activity = STR("1");
	need(frontier_moved(s, &entry, &err), &err);
	need(frontier_done(s, p.page_id, &outcome, &err), &err);
	entry.activity = STR("2");
	need(frontier_moved(s, &entry, &err), &err);
	need(pulse_poll(s, p.source_id, p.page_id, &poll, &err), &err);
	need(pulse_same(s, p.source_id, p.page_id, 8, &err), &err);
	need(pulse_gap(s, &gap, 9, &err), &err);
	need(withheld_note(s, &withheld, 9, &err), &err);
	need(withheld_note(s, &withheld, 10, &err), &err);
	need(health_canary_expect(s, p.source_id, 9, 20, &err), &err);
	need(health_canary(s, p.source_id, p.page_id, 9, 20, &err), &err);
	need(health_canary_same(s, p.source_id, p.page_id, 9, 20, &err), &err);
	need(health_canary_expect(s, p.source_id, 9, 0, &err), &err);
	need(frontier_release(s, 0, 9, &err), &err);
	need(frontier_start_round(s, 9, &err), &err);
	need(frontier_next_due(s, p.source_id, &due, &err), &err);
	need(frontier_silence(s, STR("https://a.example"), 50, &err), &err);
	need(frontier_silences(s, 10, a, &silences, &n, &err), &err);
	need(frontier_count(s, p.source_id, 10, &known, &due, &err), &err);
	need(health_success(s, p.source_id, true, false, 1, 10, &err), &err);
	need(health_quarantine(s, &failure, p.page_id, 10, &err), &err);
	need(health_list(s, 9, a, &health, &n, &err), &err);
	{
		struct version_row *versions;
		struct purged_row *purged;
		bool more;

		need(version_list(s, a, &versions, &n, &err), &err);
		assert_true(n > 0);
		need(purged_list(s, 10, a, &purged, &n, &more, &err), &err);
	}
	need(coverage_of(s, STR("s"), 9, &coverage, &err), &err);
	need(finding_list(s, &filter, a, &rows, &n, &err), &err);
	need(finding_list(s, &(struct finding_filter){ .with_dismissed = true }, a, &rows, &n, &err), &err);
	need(finding_load(s, rows[0].public_id, a, &detail, &err), &err);
	need(finding_count(s, &counts, &err), &err);
	need(finding_digest(s, detail.assessment_id, digest, &err), &err);
	mark.id = rows[0].id;
	need(finding_mark(s, &mark, 50, &err), &err);
	need(store_known_verdict(s, STR("a text"), &hit, 1, a, &verdict, &why, &err), &err);
	need(store_known_verdict(s, STR("no such text"), &hit, 1, a, &verdict, &why, &err), &err);
	{
		const struct campaign_filter campaigns = { .least = 1, .seen_since = 1 };
		struct campaign_row *all, its, apart;
		struct campaign_finding *findings;
		struct campaign_contact *contacts;
		struct campaign_stamp *stamps;
		struct actor actor;

		need(campaign_list(s, &campaigns, a, &all, &n, &err), &err);
		assert_true(n >= 2);
		need(campaign_load(s, all[0].public_id, a, &its, &err), &err);
		need(campaign_get(s, its.id, 20, a, &its, &err), &err);
		need(campaign_of_several(s, its.id, 20, a, &its.name, &err), &err);
		need(campaign_last(s, &due, &err), &err);
		need(campaign_stamps(s, 1, due, 20, a, &stamps, &n, &err), &err);
		need(campaign_findings(s, its.id, 0, 10, a, &findings, &n, &err), &err);
		need(campaign_contacts(s, its.id, 0, a, &contacts, &n, &err), &err);
		need(campaign_related(s, its.id, 0, a, &rows_of_campaigns, &n, &err), &err);
		need(campaign_merge(s, &all[1], &all[0], STR("o"), 60, &err), &err);
		need(campaign_split(s, &all[0], &rows[0].public_id, 1, STR("o"), 61, a, &apart, &err), &err);
		need(actor_load(s, STR("gop"), a, &actor, &err), &err);
		assert_int_equal(actor.findings > 0, 1);
	}
	{
		const struct mute mute = { .rule = STR("r"), .source_id = p.source_id, .operator_name = STR("o") };
		struct mute *mutes;

		need(mute_add(s, &mute, 60, &err), &err);
		need(mute_list(s, 61, a, &mutes, &n, &err), &err);
		need(mute_remove(s, &mute, 62, &err), &err);
	}
	use_rescan(s, classifier, a);
	{
		struct finding_kin *kin;
		struct precision *precision;
		struct saved_search search = { STR("s"), STR("text"), STR("o"), 60 }, *searches;

		need(finding_kin(s, rows[0].id, 10, a, &kin, &n, &err), &err);
		for (int of = 0; of < PRECISION_OF; of++)
			need(precision_list(s, (enum precision_of)of, a, &precision, &n, &err), &err);
		need(saved_put(s, &search, &err), &err);
		need(saved_get(s, search.name, a, &search, &err), &err);
		need(saved_list(s, a, &searches, &n, &err), &err);
		need(saved_forget(s, search.name, STR("o"), 61, &err), &err);
	}
	{
		struct queue_filter queue = { .limit = 10 };
		struct queue_state stands;
		struct queue_row *waiting;

		need(queue_list(s, &queue, a, &waiting, &n, &err), &err);
		queue.source = STR("s");
		need(queue_list(s, &queue, a, &waiting, &n, &err), &err);
		assert_int_equal(n, 2);
		queue.verdict = STR("none");
		need(queue_list(s, &queue, a, &waiting, &n, &err), &err);
		queue.source = STR("");
		need(queue_list(s, &queue, a, &waiting, &n, &err), &err);
		queue.unanswered = true;
		need(queue_list(s, &queue, a, &waiting, &n, &err), &err);
		need(queue_state(s, rows[0].id, a, &stands, &err), &err);
	}
	{
		const struct overview_span span = { 1, 9, 20 };
		int64_t hours[OVERVIEW_HOURS], held;
		struct overview_day *days;
		struct overview_count *kinds;
		struct overview_asset *by_asset;
		struct overview_source *by_source;
		struct overview_open *open;
		struct finding *newest;

		need(overview_days(s, &span, a, &days, &n, &err), &err);
		need(overview_hours(s, &span, hours, &err), &err);
		need(overview_kinds(s, &span, a, &kinds, &n, &err), &err);
		need(overview_assets(s, 20, a, &by_asset, &n, &err), &err);
		need(overview_of_asset(s, STR("x"), 20, 10, a, &newest, &n, &err), &err);
		need(overview_sources(s, 1, 20, a, &by_source, &n, &err), &err);
		need(overview_of_source(s, STR("s"), 20, 10, a, &newest, &n, &err), &err);
		need(overview_of_category(s, STR("x"), 20, 10, a, &newest, &n, &err), &err);
		need(overview_of_level(s, 20, 39, 10, a, &newest, &n, &err), &err);
		need(overview_of_span(s, &span, 10, a, &newest, &n, &err), &err);
		need(overview_open(s, 70, 10, a, &open, &n, &err), &err);
		need(overview_open_count(s, 70, hours, &held, &err), &err);
	}
	use_takedown(s, rows[0].id, a);
	need(store_round_add(s, &round, &err), &err);
	need(store_round_last(s, &round, &err), &err);
	need(store_commit(s, &err), &err);
	{
		AUTO_FREE(search) x = search_open(s, true, &err);

		need(search_index(x, 100, &err), &err);
		need(search_lag(x, &due, &err), &err);
		need(search_find(x, STR("text"), 10, a, &found, &n, &err), &err);
		need(search_find(x, STR("severity:>20"), 10, a, &found, &n, &err), &err);
		need(search_find(x, STR("site:s"), 10, a, &found, &n, &err), &err);
	}
	{
		const struct purge_rule old = { .name = STR("old"), .keep = 1, .personal = true }, any = { .keep = 1 };
		const struct purge_rule both[] = { old, any };
		struct hold_row held, wish = { .kind = STR("source"), .subject = STR("s"), .reason = STR("r") };
		struct purge_count gone[2] = { 0 };
		const struct purge_order order = { .rules = both, .n = 2, .operator_name = STR("o"), .now = 1000 };
		struct purge_result purged = { .counts = gone };
		struct hold_row *holds;
		struct tick *ticks;

		need(store_begin(s, &err), &err);
		need(hold_add(s, &wish, 50, a, &held, &err), &err);
		need(hold_list(s, a, &holds, &n, &err), &err);
		need(hold_remove(s, &wish, 50, a, &held, &err), &err);
		need(store_commit(s, &err), &err);
		need(store_begin(s, &err), &err);
		need(tick_set(s, detail.finding.id,
			      &(struct tick){ STR("p"), STR("s"), .done = true, .operator_name = STR("o") }, 60, &err),
		     &err);
		need(store_commit(s, &err), &err);
		need(tick_list(s, detail.finding.id, a, &ticks, &n, &err), &err);
		need(finding_aware(s, detail.finding.id, &due, digest, &err), &err);
		need(purge_run(s, &order, &purged, &err), &err);
		assert_int_equal(gone[1].findings, 2);
		need(purge_of(s, detail.finding.revision_id, a, &due, &why, &err), &err);
	}
}

/* Tables that stay small, or of which every row is wanted. */
static bool is_small(struct str name)
{
	static const char *const small[] = { "source",	 "health",	 "trouble",	   "tally",	   "host",
					     "node",	 "dictionary",	 "round",	   "version",	   "classifier",
					     "month",	 "search_month", "schema_version", "index_queue",  "sqlite_schema",
					     "pg_class", "mute",	 "rescan",	   "saved_search", "subscription",
					     "hold" };

	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (str_eq(name, str_of(small[i])))
			return true;
	return false;
}

/* "SCAN post" and "Seq Scan on post" read a whole table; "SCAN post USING INDEX" with a LIMIT does not. */
static void hold_to_its_index(void *context, const char *sql, struct str plan)
{
	static const char *const scans[] = { "SCAN ", "Seq Scan on " };
	struct str line, rest = plan;

	*(size_t *)context += plan.n > 0;
	if (str_starts(str_of(sql), STR("INSERT")) &&
	    strstr(sql, "VALUES")) /* what it shows are keys that point here: not run */
		return;
	while (str_split(&rest, '\n', &line))
		for (int i = 0; i < 2; i++) {
			ssize_t at = str_find(line, str_of(scans[i]));
			struct str table = at < 0 ? STR("") : str_slice(line, (size_t)at + strlen(scans[i]), line.n),
				   name = table;

			if (at < 0 || str_find(table, STR("USING")) >= 0 || str_find(table, STR("VIRTUAL")) >= 0)
				continue;
			for (name.n = 0; name.n < table.n && table.p[name.n] != ' '; name.n++)
				;
			if (!is_small(name) && !str_eq(name, STR("CONSTANT")))
				fail_msg("%s\nreads all of %.*s:\n%.*s", sql, STR_ARG(name), STR_ARG(plan));
		}
}

static void every_query_has_its_index_on(enum db_engine engine)
{
	AUTO_FREE(arena) a = arena_new(1 << 24);
	struct test_place p;
	struct err err = { 0 };
	struct store *s;
	size_t explained = 0;

	test_place_make(&p, engine);
	s = store_open(&p.place, STORE_CREATE, &err);
	if (!s)
		fail_msg("%s", err.text);
	use_everything(s, a);
	need(db_plans(s->db, hold_to_its_index, &explained, &err), &err);
	assert_true(explained > 40);
	store_free(s);
	test_place_remove(&p);
}

static void hosts_that_come_to_an_empty_database_at_once_make_one_schema(void **state)
{
	struct test_place p;
	int status;

	(void)state;
	if (!test_has_engine(DB_POSTGRESQL))
		return;
	test_place_make(&p, DB_POSTGRESQL);
	for (int i = 0; i < 6; i++)
		if (fork() == 0) {
			char folder[128];
			const struct store_place own = { folder, p.database };
			struct err err = { 0 };

			snprintf(folder, sizeof(folder), "%s/host%d", p.folder, i);
			if (!store_open(&own, STORE_CREATE, &err)) {
				fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
			_exit(0);
		}
	for (int i = 0; i < 6; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	test_place_remove(&p);
}

static void every_query_has_its_index_on_sqlite(void **state)
{
	(void)state;
	every_query_has_its_index_on(DB_SQLITE);
}

static void every_query_has_its_index_on_postgresql(void **state)
{
	(void)state;
	if (test_has_engine(DB_POSTGRESQL))
		every_query_has_its_index_on(DB_POSTGRESQL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_of_each_older_schema_opens_with_all_that_it_holds),
		cmocka_unit_test(hosts_that_come_to_an_empty_database_at_once_make_one_schema),
		cmocka_unit_test(every_query_has_its_index_on_sqlite),
		cmocka_unit_test(every_query_has_its_index_on_postgresql),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
