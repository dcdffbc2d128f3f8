/* test_store.c - what is stored, once, and found again */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "store/finding.h"
#include "store/frontier.h"
#include "store/health.h"
#include "store/search.h"
#include "store/session.h"
#include "tests/stores.h"

#define SECOND INT64_C(1000000)

/* A store in a place of its own. */
struct bench {
	struct test_place at;
	enum db_engine engine;
	struct store *store;
	struct arena *a;
	int64_t source, classifier;
	struct err err;
};

static int set_up(void **state, enum db_engine engine)
{
	unsigned char rules[DIGEST_BYTES] = { 1 }, assets[DIGEST_BYTES] = { 2 };
	struct bench *b = calloc(1, sizeof(*b));

	b->engine = engine;
	test_place_make_ready(&b->at, engine);
	b->a = arena_new(64 << 20);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	if (!b->store)
		fail_msg("%s", b->err.text);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(store_source(b->store, STR("pastes"), &b->source, &b->err), 0);
	assert_int_equal(
		store_classifier(b->store, &(struct stored_classifier){ rules, assets, STR("1") }, 5, &b->classifier, &b->err),
		0);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	store_free(b->store);
	arena_free(b->a);
	test_place_remove(&b->at);
	free(b);
	return 0;
}

static int on_sqlite(void **state)
{
	return set_up(state, DB_SQLITE);
}

static int on_postgresql(void **state)
{
	return set_up(state, DB_POSTGRESQL);
}

static struct stored_post post_of(const struct bench *b, const char *key, const char *text)
{
	return (struct stored_post){ .source_id = b->source,
				     .key = str_of(key),
				     .url = STR("https://paste.example.net/1"),
				     .title = STR("t"),
				     .text = str_of(text),
				     .assessment = { .classifier_id = b->classifier, .category = STR("leak") } };
}

static struct stored_result store_one(struct bench *b, const struct stored_post *p, int64_t now)
{
	struct stored_result result;

	assert_int_equal(store_begin(b->store, &b->err), 0);
	if (store_post(b->store, p, now, &result, &b->err) < 0)
		fail_msg("%s", b->err.text);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	return result;
}

static void the_same_page_twice_stores_nothing_twice(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "k", "hello");
	struct stored_result first = store_one(b, &p, 10), second = store_one(b, &p, 20);

	assert_true(first.new_post && first.new_revision && !first.new_finding);
	assert_false(second.new_post || second.new_revision);
}

static void an_edit_makes_a_revision_and_so_does_its_undoing(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "k", "one"), q = post_of(b, "k", "two");

	store_one(b, &p, 10);
	assert_true(store_one(b, &q, 20).new_revision);
	assert_true(store_one(b, &p, 30).new_revision);
	assert_false(store_one(b, &p, 40).new_revision);
}

static void what_a_site_says_of_an_edit_is_kept_and_renewed(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	struct bench *b = *state;
	struct stored_post p = post_of(b, "k", "one");
	struct stored_glance *posts;
	size_t n;

	store_one(b, &p, 10);
	p.edited = STR("edited at noon");
	store_one(b, &p, 20);
	p.edited = (struct str){ 0 };
	store_one(b, &p, 30); /* a page that shows less takes nothing back */
	assert_int_equal(store_posts_newest(b->store, 10, a, &posts, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_str(posts[0].edited, "edited at noon");
	assert_true(posts[0].source.n > 0);
}

static void make_severe(struct stored_post *p, struct stored_hit *hit)
{
	static struct str reason[] = { { "a reason", 8 } }, term[] = { { "leak: +70", 9 } };

	*hit = (struct stored_hit){
		.rule = STR("r"), .label = STR("l"), .masked = STR("ab**"), .why = STR("w"), .start = 1, .end = 3
	};
	p->assessment.leak = 0.9;
	p->assessment.severity = 75;
	p->assessment.asset = STR("Example Pictures");
	p->assessment.hits = hit;
	p->assessment.n_hits = 1;
	p->assessment.reasons = reason;
	p->assessment.n_reasons = 1;
	p->assessment.terms = term;
	p->assessment.n_terms = 1;
}

static void a_severe_post_is_a_finding_with_its_reasons(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "k", "text");
	struct finding_filter all = { 0 };
	struct finding_detail detail;
	struct stored_hit hit;
	struct finding *rows;
	size_t n;

	make_severe(&p, &hit);
	assert_true(store_one(b, &p, 10).new_finding);
	assert_int_equal(finding_list(b->store, &all, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].severity, 75);
	assert_str(rows[0].asset, "Example Pictures");
	assert_int_equal(finding_load(b->store, str_slice(rows[0].public_id, 0, 8), b->a, &detail, &b->err), 1);
	assert_int_equal(detail.said.n_hits, 1);
	assert_str(detail.said.hits[0].masked, "ab**");
	assert_str(detail.said.reasons[0], "a reason");
	assert_str(detail.terms[0], "leak: +70");
	assert_str(detail.text, "text");
	assert_int_equal(finding_load(b->store, STR("abc"), b->a, &detail, &b->err), E_USAGE);
	assert_int_equal(finding_load(b->store, STR("000000000"), b->a, &detail, &b->err), 0);
}

static void an_edited_finding_stays_one_finding(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "k", "text"), q = post_of(b, "k", "text, edited");
	struct stored_hit hit;
	struct finding_counts counts;

	make_severe(&p, &hit);
	make_severe(&q, &hit);
	assert_true(store_one(b, &p, 10).new_finding);
	assert_false(store_one(b, &q, 20).new_finding);
	assert_int_equal(finding_count(b->store, &counts, &b->err), 0);
	assert_int_equal(counts.high, 1);
	assert_int_equal(counts.leak, 1);
	assert_int_equal(counts.posts, 1);
}

static void a_dismissed_finding_leaves_the_list(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "k", "text");
	struct finding_filter live = { 0 }, all = { .with_dismissed = true };
	struct finding_mark mark = { .verdict = STR("false-positive"), .operator_name = STR("analyst"), .severity = 5 };
	struct stored_hit hit;
	struct finding *rows;
	size_t n;

	make_severe(&p, &hit);
	store_one(b, &p, 10);
	finding_list(b->store, &live, b->a, &rows, &n, &b->err);
	mark.id = rows[0].id;
	assert_int_equal(finding_mark(b->store, &mark, 20, &b->err), 0);
	finding_list(b->store, &live, b->a, &rows, &n, &b->err);
	assert_int_equal(n, 0);
	finding_list(b->store, &all, b->a, &rows, &n, &b->err);
	assert_int_equal(n, 1);
	assert_str(rows[0].verdict, "false-positive");
	assert_int_equal(rows[0].severity, 5);
}

static void add_address(struct bench *b, const char *url, int64_t due_at, bool start)
{
	struct frontier_entry e = {
		.source_id = b->source, .due_at = due_at, .start = start, .key = str_of(url), .url = str_of(url)
	};

	assert_int_equal(frontier_add(b->store, &e, &b->err), 1);
	assert_int_equal(frontier_add(b->store, &e, &b->err), 0); /* one key, one address */
}

static int lease_at(struct bench *b, int64_t now, struct frontier_job **jobs)
{
	struct frontier_wish wish = { b->source, now, now + 100 * SECOND, 10 };

	return frontier_lease(b->store, &wish, b->a, jobs, &b->err);
}

static void an_address_is_leased_once_and_comes_back_when_it_is_due(void **state)
{
	struct bench *b = *state;
	struct frontier_job *jobs;
	struct frontier_outcome outcome = { .due_at = 500 * SECOND, .etag = STR("\"e\""), .body_digest = STR("d") };
	int64_t due;

	assert_int_equal(store_begin(b->store, &b->err), 0);
	add_address(b, "https://a.example/", 10 * SECOND, true);
	add_address(b, "https://a.example/later", 900 * SECOND, false);
	assert_int_equal(lease_at(b, 5 * SECOND, &jobs), 0);
	assert_int_equal(lease_at(b, 20 * SECOND, &jobs), 1);
	assert_true(jobs[0].start);
	assert_int_equal(lease_at(b, 20 * SECOND, &jobs), 0);
	assert_int_equal(frontier_done(b->store, 1, &outcome, &b->err), 0);
	assert_int_equal(frontier_next_due(b->store, b->source, &due, &b->err), 1);
	assert_int_equal(due, 500 * SECOND);
	assert_int_equal(lease_at(b, 501 * SECOND, &jobs), 1);
	assert_str(jobs[0].etag, "\"e\"");
	assert_str(jobs[0].body_digest, "d");
	assert_int_equal(store_commit(b->store, &b->err), 0);
}

static void a_monitor_that_starts_ends_the_leases_of_the_one_before(void **state)
{
	struct bench *b = *state;
	struct frontier_job *jobs;

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/", 10, true);
	assert_int_equal(lease_at(b, 20, &jobs), 1);
	assert_int_equal(frontier_release(b->store, 0, 30, &b->err), 0);
	assert_int_equal(lease_at(b, 40, &jobs), 1);
	store_commit(b->store, &b->err);
}

/* A thread with a further page, known from a list that says how many replies it has. */
static void add_thread(struct bench *b, int64_t *first, int64_t *last)
{
	struct frontier_entry e = { .source_id = b->source,
				    .due_at = 10,
				    .kind = 2,
				    .key = STR("t"),
				    .url = STR("https://a.example/t"),
				    .activity = STR("20 replies") };
	struct frontier_outcome calm = { .due_at = 900 * SECOND, .calm = 7 };
	struct frontier_job *jobs;

	assert_int_equal(frontier_add(b->store, &e, &b->err), 1);
	assert_int_equal(lease_at(b, 20, &jobs), 1);
	*first = jobs[0].id;
	e.key = e.url = STR("https://a.example/t?page=2");
	e.depth = 1;
	e.root = *first;
	e.activity = (struct str){ 0 };
	assert_int_equal(frontier_add(b->store, &e, &b->err), 1);
	assert_int_equal(lease_at(b, 20, &jobs), 1);
	assert_int_equal(jobs[0].root, *first);
	*last = jobs[0].id;
	frontier_done(b->store, *first, &calm, &b->err);
	frontier_done(b->store, *last, &calm, &b->err);
}

static void a_thread_that_moved_is_read_where_its_new_posts_stand(void **state)
{
	struct bench *b = *state;
	struct frontier_entry seen = {
		.source_id = b->source, .due_at = 100 * SECOND, .key = STR("t"), .activity = STR("20 replies")
	};
	struct frontier_job *jobs;
	int64_t first, last;

	store_begin(b->store, &b->err);
	add_thread(b, &first, &last);
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 0); /* as it was */
	assert_int_equal(lease_at(b, 101 * SECOND, &jobs), 0);
	seen.activity = STR("21 replies");
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 1);
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 0); /* told once */
	assert_int_equal(lease_at(b, 101 * SECOND, &jobs), 1);
	assert_int_equal(jobs[0].id, last);
	assert_int_equal(jobs[0].calm, 0);
	seen.activity = STR("22 replies");
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 0); /* it is being read: the next list tells again */
	frontier_done(b->store, last, &(struct frontier_outcome){ .due_at = 900 * SECOND }, &b->err);
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 1);
	store_commit(b->store, &b->err);
}

static void what_changed_is_due_at_once_and_keeps_how_far_it_was_read(void **state)
{
	struct bench *b = *state;
	struct frontier_outcome read = { .etag = STR("so far") }, failed = { .keeps = true, .tries = 1, .due_at = 30 * SECOND };
	struct frontier_job *jobs;
	int64_t id;

	store_begin(b->store, &b->err);
	add_address(b, "file:///x", 10 * SECOND, false);
	assert_int_equal(lease_at(b, 10 * SECOND, &jobs), 1);
	assert_int_equal(frontier_wake(b->store, b->source, STR("file:///x"), 11 * SECOND, &id, &b->err), 0); /* in hand */
	assert_int_equal(id, jobs[0].id);
	frontier_done(b->store, id, &read, &b->err);
	assert_int_equal(lease_at(b, 20 * SECOND, &jobs), 0);
	assert_int_equal(frontier_wake(b->store, b->source, STR("file:///x"), 20 * SECOND, &id, &b->err), 1);
	assert_int_equal(lease_at(b, 20 * SECOND, &jobs), 1);
	frontier_done(b->store, id, &failed, &b->err);
	assert_int_equal(lease_at(b, 30 * SECOND, &jobs), 1);
	assert_str(jobs[0].etag, "so far");
	assert_int_equal(jobs[0].tries, 1);
	assert_int_equal(frontier_wake(b->store, b->source, STR("file:///y"), 20 * SECOND, &id, &b->err), 0);
	assert_int_equal(id, 0);
	store_commit(b->store, &b->err);
}

static void an_activity_that_was_not_told_before_moves_nothing(void **state)
{
	struct bench *b = *state;
	struct frontier_entry seen = {
		.source_id = b->source, .due_at = 100, .key = STR("https://a.example/t"), .activity = STR("1 reply")
	};

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/t", 900 * SECOND, false);
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 0);
	seen.activity = STR("2 replies");
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 1);
	seen.key = STR("https://a.example/unknown");
	assert_int_equal(frontier_moved(b->store, &seen, &b->err), 0);
	store_commit(b->store, &b->err);
}

static void what_is_called_is_due_but_never_put_off(void **state)
{
	struct bench *b = *state;
	struct frontier_entry e = { .source_id = b->source, .due_at = 50 * SECOND, .key = STR("https://a.example/") };
	struct frontier_outcome never = { 0 };
	struct frontier_job *jobs;

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/", 10 * SECOND, false);
	assert_int_equal(frontier_call(b->store, &e, &b->err), 0); /* it is due before that */
	assert_int_equal(lease_at(b, 20 * SECOND, &jobs), 1);
	frontier_done(b->store, jobs[0].id, &never, &b->err);
	assert_int_equal(lease_at(b, 60 * SECOND, &jobs), 0);
	assert_int_equal(frontier_call(b->store, &e, &b->err), 0);
	assert_int_equal(lease_at(b, 60 * SECOND, &jobs), 1);
	store_commit(b->store, &b->err);
}

static void a_round_starts_with_the_start_addresses_but_not_with_those_that_failed(void **state)
{
	struct bench *b = *state;
	struct frontier_outcome fine = { .due_at = 900 * SECOND }, failed = { .due_at = 900 * SECOND, .tries = 1 };
	struct frontier_job *jobs;

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/", 10, true);
	add_address(b, "https://b.example/", 10, true);
	assert_int_equal(lease_at(b, 20, &jobs), 2);
	frontier_done(b->store, jobs[0].id, &fine, &b->err);
	frontier_done(b->store, jobs[1].id, &failed, &b->err);
	assert_int_equal(frontier_start_round(b->store, 30 * SECOND, &b->err), 0);
	assert_int_equal(lease_at(b, 31 * SECOND, &jobs), 1);
	assert_str(jobs[0].url, "https://a.example/");
	store_commit(b->store, &b->err);
}

static void what_a_clock_in_the_future_wrote_is_due_when_it_has_gone_back(void **state)
{
	struct bench *b = *state;
	struct frontier_job *jobs;
	struct frontier_silence *silences;
	int64_t newest;
	size_t n;

	assert_int_equal(store_newest(b->store, &newest, &b->err), 0);
	assert_int_equal(newest, 0);
	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/soon", 90 * SECOND, false);
	add_address(b, "https://a.example/far", 90000 * SECOND, false);
	frontier_silence(b->store, STR("https://a.example"), 90000 * SECOND, &b->err);
	frontier_silence(b->store, STR("https://b.example"), 50 * SECOND, &b->err);
	assert_int_equal(frontier_not_later(b->store, 10 * SECOND, 100 * SECOND, &b->err), 1);
	assert_int_equal(lease_at(b, 10 * SECOND, &jobs), 1);
	assert_str(jobs[0].url, "https://a.example/far");
	assert_int_equal(frontier_silences(b->store, 10, b->a, &silences, &n, &b->err), 0);
	assert_int_equal(n, 1);
	health_success(b->store, b->source, true, false, 1, 77, &b->err);
	assert_int_equal(store_newest(b->store, &newest, &b->err), 0);
	assert_int_equal(newest, 77);
	store_commit(b->store, &b->err);
}

static void one_database_has_one_monitor(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(store) other = store_open(&b->at.place, STORE_WRITE, &b->err);
	int wanted = b->engine == DB_SQLITE ? 1 : E_BUSY; /* there the folder's lock says so */

	assert_non_null(other);
	assert_int_equal(store_watch(b->store, &b->err), 1);
	assert_int_equal(store_watch(other, &b->err), wanted);
	store_free(b->store);
	b->store = NULL;
	for (int i = 0; i < 100 && store_watch(other, &b->err) < 0; i++)
		usleep(20000); /* the server notices the end of a connection in its own time */
	assert_int_equal(store_watch(other, &b->err), 1);
}

static void a_verdict_carries_to_the_same_text_and_the_same_secret_elsewhere(void **state)
{
	struct bench *b = *state;
	const struct stored_hit secret = { .secret_digest = STR("0123456789abcdef0123456789abcdef") }, none = { 0 };
	struct stored_post p = post_of(b, "k", "Pay  up\nor else");
	struct finding_mark mark = { .verdict = STR("false-positive"), .operator_name = STR("analyst"), .severity = 5 };
	struct finding_filter all = { .with_dismissed = true };
	struct stored_hit hit;
	struct finding *rows;
	struct str verdict, why;
	size_t n;

	make_severe(&p, &hit);
	hit.secret_digest = secret.secret_digest;
	store_one(b, &p, 10);
	assert_int_equal(store_known_verdict(b->store, p.text, NULL, 0, b->a, &verdict, &why, &b->err), 0);
	finding_list(b->store, &all, b->a, &rows, &n, &b->err);
	mark.id = rows[0].id;
	store_begin(b->store, &b->err);
	assert_int_equal(finding_mark(b->store, &mark, 20, &b->err), 0);
	store_commit(b->store, &b->err);
	assert_int_equal(store_known_verdict(b->store, STR("pay up or ELSE"), NULL, 0, b->a, &verdict, &why, &b->err), 1);
	assert_str(verdict, "false-positive");
	assert_int_equal(store_known_verdict(b->store, STR("another"), &secret, 1, b->a, &verdict, &why, &b->err), 1);
	assert_true(str_find(why, STR("analyst")) >= 0);
	assert_int_equal(store_known_verdict(b->store, STR("another"), &none, 1, b->a, &verdict, &why, &b->err), 0);
	assert_int_equal(store_known_verdict(b->store, STR("another"), NULL, 0, b->a, &verdict, &why, &b->err), 0);
	/* The repeat is dismissed as it comes, with the verdict and a campaign of its own finding. */
	p.key = STR("k2");
	p.text = STR("PAY up or else");
	p.assessment.verdict = STR("false-positive");
	p.assessment.severity = 30;
	assert_true(store_one(b, &p, 30).new_finding);
	finding_list(b->store, &all, b->a, &rows, &n, &b->err);
	assert_int_equal(n, 2);
	assert_str(rows[0].verdict, "false-positive");
	assert_true(str_eq(rows[0].campaign, rows[1].campaign) && rows[0].campaign.n == 32);
}

static void a_post_that_is_gone_is_dated_and_one_that_is_back_is_another_revision(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "1", "first"), q = post_of(b, "2", "second");
	struct finding_filter all = { 0 };
	struct finding *rows;
	struct stored_hit hit;
	struct str still = STR("2");
	struct stored_place *places;
	int64_t page;
	size_t n;

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/thread", 10, false);
	store_commit(b->store, &b->err);
	page = p.page_id = q.page_id = 1;
	make_severe(&p, &hit);
	store_one(b, &p, 10);
	store_one(b, &q, 10);
	store_begin(b->store, &b->err);
	assert_int_equal(store_posts_seen(b->store, page, 15, &b->err), 0);
	assert_int_equal(store_posts_at(b->store, page, b->a, &places, &n, &b->err), 0);
	assert_int_equal(n, 2);
	assert_int_equal(places[0].last_seen, 15);
	assert_int_equal(store_posts_missing(b->store, page, &still, 1, 20, &b->err), 1);
	assert_int_equal(store_posts_missing(b->store, page, &still, 1, 30, &b->err), 0); /* gone once */
	assert_int_equal(store_posts_seen(b->store, page, 35, &b->err), 0);
	assert_int_equal(store_posts_at(b->store, page, b->a, &places, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_str(places[0].key, "2");
	assert_int_equal(places[0].last_seen, 35);
	store_commit(b->store, &b->err);
	finding_list(b->store, &all, b->a, &rows, &n, &b->err);
	assert_int_equal(rows[0].deleted_at, 20);
	assert_true(store_one(b, &p, 40).new_revision);
	assert_false(store_one(b, &p, 50).new_revision);
	finding_list(b->store, &all, b->a, &rows, &n, &b->err);
	assert_int_equal(rows[0].deleted_at, 0);
	assert_int_equal(n, 1);
}

static void a_list_goes_on_behind_its_last_row(void **state)
{
	struct bench *b = *state;
	struct finding_filter f = { .limit = 3 };
	struct stored_hit hit;
	size_t n, total = 0;

	for (int i = 0; i < 10; i++) {
		struct stored_post p = post_of(b, arena_printf(b->a, "%d", i).p, arena_printf(b->a, "text %d", i).p);

		make_severe(&p, &hit);
		p.assessment.severity = 70 + i / 3;
		store_one(b, &p, 10);
	}
	for (;;) {
		struct finding *rows;

		assert_int_equal(finding_list(b->store, &f, b->a, &rows, &n, &b->err), 0);
		if (n == 0)
			break;
		for (size_t i = 1; i < n; i++)
			assert_true(rows[i - 1].severity > rows[i].severity ||
				    (rows[i - 1].severity == rows[i].severity && rows[i - 1].id > rows[i].id));
		assert_true(!f.after_id || rows[0].severity <= f.after_severity);
		total += n;
		f.after_severity = rows[n - 1].severity;
		f.after_id = rows[n - 1].id;
	}
	assert_int_equal(total, 10);
}

static void health_says_what_failed_and_since_when(void **state)
{
	struct bench *b = *state;
	struct health_failure f = { b->source, true, "DNS", STR("https://a.example/"), STR("no such host") };
	struct source_health *rows;
	size_t n;

	store_begin(b->store, &b->err);
	health_failed(b->store, &f, 10, &b->err);
	health_failed(b->store, &f, 20, &b->err);
	assert_int_equal(health_list(b->store, 0, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_str(rows[0].failure, "DNS");
	assert_int_equal(rows[0].failing_since, 10);
	assert_int_equal(rows[0].troubles[0].pages, 2);
	health_success(b->store, b->source, true, false, 3, 30, &b->err);
	health_list(b->store, 0, b->a, &rows, &n, &b->err);
	assert_int_equal(rows[0].failure.n, 0);
	assert_int_equal(rows[0].last_success_at, 30);
	store_commit(b->store, &b->err);
}

static struct pulse pulse_at(struct bench *b, int64_t now)
{
	struct pulse p;

	if (pulse_of(b->store, b->source, now, b->a, &p, &b->err) < 0)
		fail_msg("%s", b->err.text);
	return p;
}

static void poll_at(struct bench *b, int64_t at, int64_t items, int64_t fresh)
{
	const struct poll poll = { at, items, fresh };

	assert_int_equal(pulse_poll(b->store, b->source, 1, &poll, &b->err), 0);
}

static void a_list_that_moved_on_by_more_than_it_shows_is_a_gap_with_an_estimate(void **state)
{
	struct bench *b = *state;
	const struct list_gap gap = { b->source, 1, 20, false }, later = { b->source, 1, 40, true };
	struct pulse p;

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/", 10, true);
	assert_int_equal(pulse_gap(b->store, &gap, 10 * SECOND, &b->err), 0); /* nothing to compare with */
	for (int i = 0; i < 10; i++)
		poll_at(b, (10 + i) * SECOND, 20, 4);
	assert_int_equal(pulse_gap(b->store, &gap, 29 * SECOND, &b->err), 1); /* ten seconds at four a second */
	p = pulse_at(b, 30 * SECOND);
	assert_int_equal(p.gaps, 1);
	assert_int_equal(p.missed, 20);
	assert_int_equal(p.gap_at, 29 * SECOND);
	poll_at(b, 29 * SECOND, 20, 20);
	assert_int_equal(pulse_gap(b->store, &later, 29 * SECOND, &b->err), 1); /* its second page came in the same visit */
	assert_int_equal(pulse_at(b, 30 * SECOND).missed, 20);
	assert_int_equal(pulse_at(b, 8 * 24 * INT64_C(3600) * SECOND).gaps, 0); /* of last week no more is said */
	store_commit(b->store, &b->err);
}

static void visits_are_kept_up_to_a_number(void **state)
{
	struct bench *b = *state;

	store_begin(b->store, &b->err);
	add_address(b, "https://a.example/", 10, true);
	for (int i = 0; i < PULSE_POLLS + 20; i++)
		poll_at(b, i * SECOND, i, 0);
	assert_int_equal(pulse_at(b, 0).polls, PULSE_POLLS);
	assert_int_equal(pulse_at(b, 0).items, PULSE_POLLS + 19);
	assert_int_equal(pulse_same(b->store, b->source, 1, 200 * SECOND, &b->err), 0);
	assert_int_equal(pulse_at(b, 0).items, PULSE_POLLS + 19); /* as it was */
	store_commit(b->store, &b->err);
}

static const char *state_at(struct bench *b, int64_t now)
{
	struct source_health *rows;
	size_t n;

	assert_int_equal(health_list(b->store, now, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 1);
	return rows[0].state;
}

static void a_canary_has_to_be_seen_in_time(void **state)
{
	struct bench *b = *state;

	store_begin(b->store, &b->err);
	assert_int_equal(health_canary_expect(b->store, b->source, 10, 100, &b->err), 0);
	assert_string_equal(state_at(b, 100), "ok");
	assert_string_equal(state_at(b, 101), "no canary");
	health_canary(b->store, b->source, 7, 110, 210, &b->err);
	assert_string_equal(state_at(b, 200), "ok");
	health_canary_expect(b->store, b->source, 120, 900, &b->err); /* the monitor starts anew: what was seen counts */
	assert_string_equal(state_at(b, 211), "no canary");
	health_canary_same(b->store, b->source, 8, 220, 320, &b->err); /* another page */
	assert_string_equal(state_at(b, 221), "no canary");
	health_canary_same(b->store, b->source, 7, 220, 320, &b->err);
	assert_string_equal(state_at(b, 221), "ok");
	health_canary_expect(b->store, b->source, 230, 0, &b->err);
	assert_string_equal(state_at(b, 10000), "ok");
	store_commit(b->store, &b->err);
}

static size_t find(struct bench *b, struct search *x, const char *query)
{
	struct search_row *rows;
	size_t n;

	if (search_find(x, str_of(query), 10, b->a, &rows, &n, &b->err) < 0)
		fail_msg("%s: %s", query, b->err.text);
	return n;
}

static void search_takes_words_phrases_prefixes_and_exclusions_but_no_syntax(void **state)
{
	static const struct {
		const char *query;
		size_t n;
	} rows[] = {
		{ "fox", 2 },	     { "quick fox", 1 }, { "\"quick brown\"", 1 }, { "\"brown quick\"", 0 },
		{ "fox -quick", 1 }, { "qui*", 1 },	 { "fox OR", 0 },	   { "fox\") OR (\"x", 0 },
		{ "text:fox", 0 },   { "FOX", 2 },	 { "fox \"unclosed", 0 },
	};
	struct bench *b = *state;
	struct stored_post p = post_of(b, "1", "the quick brown fox"), q = post_of(b, "2", "a slow fox");
	struct search_row *none;
	size_t n;

	store_one(b, &p, 10);
	store_one(b, &q, 20);
	{
		AUTO_FREE(search) x = search_open(b->store, true, &b->err);

		assert_non_null(x);
		assert_int_equal(search_index(x, 100, &b->err), 2);
		assert_int_equal(search_index(x, 100, &b->err), 0);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (find(b, x, rows[i].query) != rows[i].n)
				fail_msg("%s does not find %zu", rows[i].query, rows[i].n);
		assert_int_equal(search_find(x, STR("-fox"), 10, b->a, &none, &n, &b->err), E_USAGE);
	}
}

static void full_text_knows_the_words_of_each_script_alike_on_each_engine(void **state)
{
	static const struct {
		const char *text, *finds, *misses;
	} rows[] = {
		{ "Caf\xc3\xa9 na\xc3\xafve", "cafe NAIVE", "caf" },
		{ "Stra\xc3\x9f\x65 in M\xc3\xbcnchen", "strasse munchen", "muenchen" },
		{ "\xd0\x91\xd0\xbe\xd0\xbc\xd0\xb1\xd0\xb0", "\xd0\xb1\xd0\xbe\xd0\xbc\xd0\xb1\xd0\xb0",
		  "\xd0\xb1\xd0\xbe\xd0\xbc" },
		{ "\xe6\x98\xa0\xe7\x94\xbb\xe9\xa4\xa8\xe3\x82\x92\xe7\x88\x86\xe7\xa0\xb4\xe3\x81\x99\xe3\x82\x8b",
		  "\xe7\x88\x86\xe7\xa0\xb4", "\xe7\xa0\xb4\xe6\x98\xa0" },
		{ "\xe0\xa4\xae\xe0\xa5\x81\xe0\xa4\x82\xe0\xa4\xac\xe0\xa4\x88 \xe0\xa4\xae\xe0\xa5\x87\xe0\xa4\x82",
		  "\xe0\xa4\xae\xe0\xa5\x81\xe0\xa4\x82\xe0\xa4\xac\xe0\xa4\x88", "\xe0\xa4\xae" },
		{ "\xeb\xb6\x88\xec\x9d\x84 \xec\xa7\x80\xeb\xa5\xb8\xeb\x8b\xa4", "\xec\xa7\x80\xeb\xa5\xb8\xeb\x8b\xa4",
		  "\xec\xa7\x80\xeb\xa5\xb8" },
		{ "mail@tickets.example.com:x1", "tickets.example.com \"example com\"", "\"com example\"" },
		{ "\xef\xbc\xa8\xef\xbd\x85\xef\xbd\x8c\xef\xbd\x8c\xef\xbd\x8f wide", "hello", "hell" },
		{ "it's O'Brien's", "o'brien's", "obrien" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stored_post p = post_of(b, rows[i].text, rows[i].text);

		store_one(b, &p, 10);
		{
			AUTO_FREE(search) x = search_open(b->store, true, &b->err);

			assert_int_equal(search_index(x, 100, &b->err), 1);
			if (find(b, x, rows[i].finds) != 1 || find(b, x, rows[i].misses) != 0)
				fail_msg("%s: %s or not %s", rows[i].text, rows[i].finds, rows[i].misses);
		}
	}
}

static void a_batch_that_was_indexed_but_did_not_leave_the_queue_is_not_indexed_twice(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "1", "the quick brown fox");

	store_one(b, &p, 10);
	search_free(search_open(b->store, true, &b->err));
	for (int i = 0; i < 2; i++) {
		AUTO_FREE(search) x = search_open(b->store, true, &b->err);

		assert_int_equal(search_index(x, 100, &b->err), 1);
		assert_int_equal(find(b, x, "fox"), 1);
		test_place_run(&b->at, "INSERT INTO index_queue (revision_id) SELECT id FROM revision");
	}
}

static void a_lost_index_is_made_anew(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "1", "the quick brown fox");
	char path[128];

	if (b->engine != DB_SQLITE) /* there it is part of the database */
		return;
	store_one(b, &p, 10);
	search_free(search_open(b->store, true, &b->err));
	snprintf(path, sizeof(path), "%s/search.db", b->at.folder);
	assert_int_equal(file_replace(path, STR("this is not a database, it only looks like a file"), 0600, &b->err), 0);
	{
		AUTO_FREE(search) x = search_open(b->store, true, &b->err);

		if (!x)
			fail_msg("%s", b->err.text);
		assert_int_equal(search_index(x, 100, &b->err), 1);
		assert_int_equal(find(b, x, "fox"), 1);
	}
}

/* Many who look at once while there is no index, or one of another format: each opens one that works. */
static void an_index_is_made_once_whoever_comes_first(void **state)
{
	struct bench *b = *state;
	struct stored_post p = post_of(b, "1", "the quick brown fox");
	int status;

	store_one(b, &p, 10);
	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			struct store *s = store_open(&b->at.place, STORE_WRITE, &b->err);
			struct search *x = s ? search_open(s, true, &b->err) : NULL;

			if (!x)
				fprintf(stderr, "%s\n", b->err.text);
			_exit(x ? 0 : 1);
		}
	for (int i = 0; i < 8; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

static void a_secret_has_one_digest_under_one_key(void **state)
{
	struct bench *b = *state;
	unsigned char one[DIGEST_BYTES], two[DIGEST_BYTES], plain[DIGEST_BYTES];

	store_secret_digest(b->store, STR("hunter2"), one);
	store_free(b->store);
	b->store = store_open(&b->at.place, STORE_WRITE, &b->err);
	store_secret_digest(b->store, STR("hunter2"), two);
	digest_sha256(STR("hunter2"), plain);
	assert_memory_equal(one, two, DIGEST_BYTES);
	assert_memory_not_equal(one, plain, DIGEST_BYTES);
}

static void a_store_that_is_not_there_or_not_ours_is_said_so(void **state)
{
	struct bench *b = *state;
	const struct store_place nowhere = { "/nonexistent", b->at.place.database };
	char path[128];

	assert_null(store_open(&nowhere, STORE_READ, &b->err));
	assert_int_equal(b->err.code, E_STORE);
	assert_true(strstr(b->err.text, "`watchdesk crawl` or") != NULL); /* what to do */
	store_free(b->store);
	snprintf(path, sizeof(path), "%s/digest.key", b->at.folder);
	file_replace(path, STR("short"), 0600, &b->err);
	b->store = store_open(&b->at.place, STORE_WRITE, &b->err);
	assert_null(b->store);
	assert_int_equal(b->err.code, E_STORE);
	unlink(path);
	snprintf(path, sizeof(path), "%s/node.id", b->at.folder);
	file_replace(path, STR("00112233445566778899aabbccddeeff\n"), 0600, &b->err);
	b->store = store_open(&b->at.place, STORE_WRITE, &b->err);
	assert_null(b->store);
	assert_true(b->err.code == E_STORE || b->err.code == E_IO);
	if (b->engine != DB_SQLITE)
		return;
	snprintf(path, sizeof(path), "%s/watchdesk.db", b->at.folder);
	file_replace(path, STR("this is not a database, it only looks like a file"), 0600, &b->err);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	assert_null(b->store);
	assert_int_equal(b->err.code, E_STORE);
}

/* What a store is expected to do, whatever the engine. */
#define TESTS(set_up)                                                                                                          \
	{                                                                                                                      \
		cmocka_unit_test_setup_teardown(the_same_page_twice_stores_nothing_twice, set_up, tear_down),                  \
			cmocka_unit_test_setup_teardown(an_edit_makes_a_revision_and_so_does_its_undoing, set_up, tear_down),  \
			cmocka_unit_test_setup_teardown(what_a_site_says_of_an_edit_is_kept_and_renewed, set_up, tear_down),   \
			cmocka_unit_test_setup_teardown(a_severe_post_is_a_finding_with_its_reasons, set_up, tear_down),       \
			cmocka_unit_test_setup_teardown(an_edited_finding_stays_one_finding, set_up, tear_down),               \
			cmocka_unit_test_setup_teardown(a_dismissed_finding_leaves_the_list, set_up, tear_down),               \
			cmocka_unit_test_setup_teardown(an_address_is_leased_once_and_comes_back_when_it_is_due, set_up,       \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(a_monitor_that_starts_ends_the_leases_of_the_one_before, set_up,       \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(                                                                       \
				a_round_starts_with_the_start_addresses_but_not_with_those_that_failed, set_up, tear_down),    \
			cmocka_unit_test_setup_teardown(what_changed_is_due_at_once_and_keeps_how_far_it_was_read, set_up,     \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(a_thread_that_moved_is_read_where_its_new_posts_stand, set_up,         \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(an_activity_that_was_not_told_before_moves_nothing, set_up,            \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(what_is_called_is_due_but_never_put_off, set_up, tear_down),           \
			cmocka_unit_test_setup_teardown(a_list_that_moved_on_by_more_than_it_shows_is_a_gap_with_an_estimate,  \
							set_up, tear_down),                                                    \
			cmocka_unit_test_setup_teardown(visits_are_kept_up_to_a_number, set_up, tear_down),                    \
			cmocka_unit_test_setup_teardown(a_canary_has_to_be_seen_in_time, set_up, tear_down),                   \
			cmocka_unit_test_setup_teardown(what_a_clock_in_the_future_wrote_is_due_when_it_has_gone_back, set_up, \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(one_database_has_one_monitor, set_up, tear_down),                      \
			cmocka_unit_test_setup_teardown(a_verdict_carries_to_the_same_text_and_the_same_secret_elsewhere,      \
							set_up, tear_down),                                                    \
			cmocka_unit_test_setup_teardown(a_post_that_is_gone_is_dated_and_one_that_is_back_is_another_revision, \
							set_up, tear_down),                                                    \
			cmocka_unit_test_setup_teardown(a_list_goes_on_behind_its_last_row, set_up, tear_down),                \
			cmocka_unit_test_setup_teardown(health_says_what_failed_and_since_when, set_up, tear_down),            \
			cmocka_unit_test_setup_teardown(search_takes_words_phrases_prefixes_and_exclusions_but_no_syntax,      \
							set_up, tear_down),                                                    \
			cmocka_unit_test_setup_teardown(full_text_knows_the_words_of_each_script_alike_on_each_engine, set_up, \
							tear_down),                                                            \
			cmocka_unit_test_setup_teardown(                                                                       \
				a_batch_that_was_indexed_but_did_not_leave_the_queue_is_not_indexed_twice, set_up, tear_down), \
			cmocka_unit_test_setup_teardown(a_session_is_kept_until_its_source_is_no_more, set_up, tear_down),     \
			cmocka_unit_test_setup_teardown(a_lost_index_is_made_anew, set_up, tear_down),                         \
			cmocka_unit_test_setup_teardown(an_index_is_made_once_whoever_comes_first, set_up, tear_down),         \
			cmocka_unit_test_setup_teardown(a_secret_has_one_digest_under_one_key, set_up, tear_down),             \
			cmocka_unit_test_setup_teardown(a_store_that_is_not_there_or_not_ours_is_said_so, set_up, tear_down),  \
	}

static void a_session_is_kept_until_its_source_is_no_more(void **state)
{
	struct bench *b = *state;
	const struct session wrong = {
		.state = SESSION_REFUSED, .refusals = 2, .login = STR("d1gest"), .detail = STR("why"), .due_at = 77
	};
	struct session s;
	int64_t other;

	assert_int_equal(session_get(b->store, b->source, b->a, &s, &b->err), 0);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(store_source(b->store, STR("other"), &other, &b->err), 0);
	assert_int_equal(session_keep_cookies(b->store, b->source, STR("a\tb\n"), 5, &b->err), 0);
	assert_int_equal(session_get(b->store, b->source, b->a, &s, &b->err), 1);
	assert_int_equal(s.state, SESSION_OUT);
	assert_str(s.cookies, "a\tb\n");
	assert_int_equal(s.due_at, 0);
	assert_int_equal(session_put(b->store, b->source, &wrong, 6, &b->err), 0);
	assert_int_equal(session_put(b->store, other, &(struct session){ .state = SESSION_IN }, 6, &b->err), 0);
	assert_int_equal(session_get(b->store, b->source, b->a, &s, &b->err), 1);
	assert_int_equal(s.state, SESSION_REFUSED);
	assert_int_equal(s.refusals, 2);
	assert_int_equal(s.due_at, 77);
	assert_str(s.login, "d1gest");
	assert_str(s.detail, "why");
	assert_str(s.cookies, "a\tb\n"); /* where a sign-in stands is no matter of these */
	assert_int_equal(session_keep_cookies(b->store, b->source, (struct str){ 0 }, 7, &b->err), 0);
	assert_int_equal(session_keep_only(b->store, &other, 1, &b->err), 0);
	assert_int_equal(session_get(b->store, b->source, b->a, &s, &b->err), 0);
	assert_int_equal(session_get(b->store, other, b->a, &s, &b->err), 1);
	assert_int_equal(s.state, SESSION_IN);
	assert_str(s.cookies, "");
	assert_int_equal(store_commit(b->store, &b->err), 0);
}

int main(void)
{
	const struct CMUnitTest sqlite[] = TESTS(on_sqlite), postgresql[] = TESTS(on_postgresql);
	int failed = cmocka_run_group_tests_name("a store on SQLite", sqlite, NULL, NULL);

	if (test_has_engine(DB_POSTGRESQL))
		failed += cmocka_run_group_tests_name("a store on PostgreSQL", postgresql, NULL, NULL);
	return failed;
}
