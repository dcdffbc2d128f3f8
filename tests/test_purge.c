/* test_purge.c - what is old goes by the first rule that fits, what is held stays, and it verifies; on both engines */
#include "tests/stored.h"

#include "store/campaign.h"
#include "store/hold.h"
#include "store/outbox.h"
#include "store/purge.h"
#include "store/search.h"
#include "store/verify.h"

#define DAY INT64_C(86400000000)
#define NOW (1000 * DAY)

static struct purge_result purge(struct stored *b, const struct purge_rule *rules, size_t n, bool dry,
				 struct purge_count *counts)
{
	const struct purge_order o = { .rules = rules, .n = n, .dry_run = dry, .operator_name = STR("operator"), .now = NOW };
	struct purge_result r = { .counts = counts };

	memset(counts, 0, n * sizeof(*counts));
	OK(purge_run(b->store, &o, &r, &b->err));
	return r;
}

/* A post that is no finding. */
static void plain_post(struct stored *b, const char *key, const char *text, int64_t now)
{
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .url = STR("https://paste.example.net/2"),
				 .title = STR("plain"),
				 .text = str_of(text),
				 .assessment = { .classifier_id = b->classifier } };
	struct stored_result result;

	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &p, now, &result, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void hold(struct stored *b, const char *kind, struct str subject, bool add)
{
	const struct hold_row wish = {
		.kind = str_of(kind), .subject = subject, .reason = STR("a case"), .operator_name = STR("o")
	};
	struct hold_row out;

	OK(store_begin(b->store, &b->err));
	assert_int_equal((add ? hold_add : hold_remove)(b->store, &wish, NOW, b->a, &out, &b->err), 1);
	OK(store_commit(b->store, &b->err));
}

static int64_t number(struct stored *b, const char *sql)
{
	struct query *q;
	int64_t n;

	assert_int_equal(db_get(b->store->db, &q, sql, NULL, "a number", &b->err), 1);
	n = db_int(q, 0);
	db_end(q);
	return n;
}

static void found(void *owner, const struct verify_problem *p)
{
	(void)owner;
	print_error("%s\n", p->text);
}

static int verifies(struct stored *b)
{
	const struct verify_options o = { .found = found };
	struct verify_result r;

	return verify_store(b->store, &o, &r, &b->err);
}

static void index_all(struct stored *b)
{
	AUTO_FREE(search) x = search_open(b->store, true, &b->err);

	assert_non_null(x);
	OK(search_index(x, 1000, &b->err));
}

static size_t hits(struct stored *b, const char *word)
{
	AUTO_FREE(search) x = search_open(b->store, true, &b->err);
	struct search_row *rows;
	size_t n;

	assert_non_null(x);
	while (search_index(x, 1000, &b->err) > 0)
		;
	OK(search_find(x, str_of(word), 10, b->a, &rows, &n, &b->err));
	return n;
}

static void the_first_rule_that_fits_decides(void **state)
{
	struct stored *b = *state;
	const struct str leak = STR("leak"), dox = STR("dox"), none = STR("none");
	static const struct {
		const char *why;
		bool takes_finding, takes_post;
	} cases[] = {
		{ "any rule", true, true },
		{ "findings only", true, false },
		{ "posts only", false, true },
		{ "a severity that it has", true, false },
		{ "one that it has not", false, false },
		{ "its category", true, false },
		{ "another category", false, false },
		{ "its verdict", true, false },
		{ "kept for good", false, false },
		{ "not that old", false, false },
		{ "no personal data", false, false },
	};
	const struct purge_rule rules[] = {
		{ .keep = DAY },
		{ .keep = DAY, .of = PURGE_FINDINGS },
		{ .keep = DAY, .of = PURGE_POSTS },
		{ .keep = DAY, .least_severity = 75 },
		{ .keep = DAY, .least_severity = 76 },
		{ .keep = DAY, .categories = &leak, .n_categories = 1 },
		{ .keep = DAY, .categories = &dox, .n_categories = 1 },
		{ .keep = DAY, .verdicts = &none, .n_verdicts = 1 },
		{ .keep = -1 },
		{ .keep = NOW },
		{ .keep = DAY, .personal = true },
	};
	struct purge_count counts[2];

	stored_finding(b, "k", "a text of a finding", 10 * DAY);
	plain_post(b, "p", "a plain text", 10 * DAY);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct purge_rule both[] = { rules[i], { .keep = -1 } };

		purge(b, both, 2, true, counts);
		if (counts[0].findings != cases[i].takes_finding || counts[0].posts != cases[i].takes_post)
			fail_msg("%s: %d findings, %d posts", cases[i].why, (int)counts[0].findings, (int)counts[0].posts);
		assert_int_equal(counts[1].findings + counts[1].posts, 0);
	}
	assert_int_equal(number(b, "SELECT count(*) FROM post"), 2); /* all of that was dry */
}

static void text_goes_and_digests_stay(void **state)
{
	struct stored *b = *state;
	const struct purge_rule rule = { .name = STR("old"), .keep = 300 * DAY };
	struct str gone = stored_finding(b, "gone", "the first of them speaks of zebras", 10 * DAY);
	struct str held = stored_finding(b, "held", "the second of them speaks of lions", 11 * DAY), campaign, kept;
	struct finding_detail d;
	struct purge_count count;
	struct purge_result r;

	kept = stored_finding(b, "kept", "the third is about quite other animals, tigers", 12 * DAY);
	stored_finding(b, "young", "the fourth has been seen today with bears", NOW - DAY);
	plain_post(b, "plain", "gardens and crocodiles", 10 * DAY);
	assert_int_equal(hits(b, "zebras") + hits(b, "crocodiles"), 2);
	assert_int_equal(finding_load(b->store, kept, b->a, &d, &b->err), 1);
	campaign = d.finding.campaign;
	hold(b, "finding", held, true);
	hold(b, "campaign", campaign, true);
	r = purge(b, &rule, 1, false, &count);
	assert_int_equal(count.findings, 1);
	assert_int_equal(count.posts, 1);
	assert_int_equal(count.held, 2);
	assert_int_equal(r.evidence, 1);
	assert_int_equal(verifies(b), 0);
	assert_int_equal(finding_load(b->store, gone, b->a, &d, &b->err), 1);
	assert_int_equal(d.text.n + d.finding.title.n + d.finding.author.n + d.said.n_reasons + d.said.hits[0].masked.n, 0);
	assert_int_equal(d.finding.severity, 75);
	assert_int_equal(hits(b, "zebras") + hits(b, "crocodiles"), 0);
	assert_int_equal(hits(b, "lions"), 1);
	assert_int_equal(hits(b, "bears"), 1);
	assert_int_equal(number(b, "SELECT count(*) FROM post"), 4);
	assert_int_equal(number(b, "SELECT count(*) FROM unindex"), 0);
	r = purge(b, &rule, 1, false, &count); /* nothing is left to do */
	assert_int_equal(r.revisions + r.evidence + count.findings, 0);
	hold(b, "campaign", campaign, false);
	purge(b, &rule, 1, false, &count);
	assert_int_equal(count.findings, 1);
	assert_int_equal(verifies(b), 0);
}

/* A letter that is about several findings names each by its id. */
static void letter(struct stored *b, int64_t finding, struct str content)
{
	const struct outbox_message m = { .kind = STR("digest"),
					  .recipient = STR("desk@example.com"),
					  .subject = STR("a subject"),
					  .content = content,
					  .finding_id = finding };
	int64_t id;

	OK(store_begin(b->store, &b->err));
	OK(outbox_add(b->store, &m, NOW, &id, &b->err));
	if (!finding)
		OK(outbox_sent(b->store, id, STR("250"), NOW, &b->err));
	OK(store_commit(b->store, &b->err));
}

static void letters_go_with_what_they_speak_of(void **state)
{
	struct stored *b = *state;
	const struct purge_rule rule = { .name = STR("old"), .keep = 300 * DAY };
	struct str gone = stored_finding(b, "gone", "the first of them speaks of zebras", 10 * DAY);
	struct str stays = stored_finding(b, "stays", "another text that is young", NOW);
	struct finding_detail d;
	struct purge_count count;

	assert_int_equal(finding_load(b->store, gone, b->a, &d, &b->err), 1);
	letter(b, d.finding.id, STR("{\"text\":\"zebras\"}"));
	letter(b, 0, arena_printf(b->a, "{\"text\":\"zebras, watchdesk show %.8s\"}", gone.p));
	letter(b, 0, arena_printf(b->a, "{\"text\":\"young, watchdesk show %.8s\"}", stays.p));
	assert_int_equal(purge(b, &rule, 1, false, &count).letters, 1);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox WHERE length(content) = 0"), 2);
	assert_int_equal(number(b, "SELECT count(*) FROM outbox WHERE state = 'waiting'"), 0);
}

/* A closed case of a finding, with a look at its place that `proof` proves: that of the capture of another finding here. */
static void closed_case(struct stored *b, const char *name, struct str finding, struct str proof)
{
	stored_sql(b, "INSERT INTO operator (public_id, name, first_seen) SELECT 'o', 'closer', 1"
		      " WHERE NOT EXISTS (SELECT 1 FROM operator WHERE name = 'closer')");
	stored_sql(
		b,
		arena_printf(
			b->a,
			"INSERT INTO takedown (public_id, finding_id, grounds, state, operator_id, first_aware_at, opened_at)"
			" SELECT '%s', finding.id, 'threat', 'closed', operator.id, 1, 1 FROM finding, operator"
			" WHERE finding.public_id = '%.*s' AND name = 'closer';"
			"INSERT INTO takedown_target (takedown_id, url, host, state, operator_id, changed_at)"
			" SELECT id, 'u', 'h', 'closed', operator_id, 1 FROM takedown WHERE public_id = '%s';"
			"INSERT INTO takedown_check (target_id, at, result, how, status, capture_id, evidence_id, looks)"
			" SELECT takedown_target.id, 1, 'gone', 'status 404', 404, evidence.capture_id, evidence.id, 1"
			" FROM takedown, takedown_target, finding, revision, evidence"
			" WHERE takedown.public_id = '%s' AND takedown_id = takedown.id AND finding.public_id = '%.*s'"
			" AND revision.post_id = finding.post_id AND evidence.capture_id = revision.capture_id",
			name, STR_ARG(finding), name, name, STR_ARG(proof))
			.p);
}

static void what_proves_that_a_text_is_gone_goes_with_it(void **state)
{
	struct stored *b = *state;
	const struct purge_rule rule = { .name = STR("old"), .keep = 300 * DAY };
	struct str gone = stored_finding(b, "gone", "the first of them speaks of zebras", 10 * DAY);
	struct str young = stored_finding(b, "young", "another text that is young", NOW);
	struct str own = stored_finding(b, "own", "the page of its proof", NOW);
	struct str shared = stored_finding(b, "shared", "the page of a proof of both", NOW);
	struct purge_count count;

	closed_case(b, "a", gone, own);
	closed_case(b, "b", gone, shared);
	closed_case(b, "c", young, shared);
	assert_int_equal(number(b, "SELECT count(*) FROM takedown_check"), 3);
	assert_int_equal(purge(b, &rule, 1, false, &count).evidence, 2); /* its own capture, and the proof that is its alone */
	assert_int_equal(number(b, "SELECT count(*) FROM evidence WHERE forgotten_at IS NOT NULL AND id IN"
				   " (SELECT evidence_id FROM takedown_check)"),
			 1);
	assert_int_equal(verifies(b), 0);
}

static void a_dictionary_goes_with_the_texts_it_was_learnt_from(void **state)
{
	struct stored *b = *state;
	const struct purge_rule rule = { .name = STR("old"), .keep = 300 * DAY };
	struct purge_count count;
	char text[400], key[32];

	for (int i = 0; i < 1100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		snprintf(text, sizeof(text),
			 "notes of the garden club, number %d: %d tomatoes, %d beans and the words of the chair", i, i * 7,
			 i * 13);
		plain_post(b, key, text, i < 1050 ? 10 * DAY : NOW);
	}
	assert_int_equal(number(b, "SELECT count(*) FROM dictionary WHERE length(content) > 0"), 1);
	assert_true(number(b, "SELECT count(*) FROM body WHERE coding > 1") > 50);
	purge(b, &rule, 1, false, &count);
	assert_int_equal(count.posts, 1050);
	assert_int_equal(number(b, "SELECT count(*) FROM dictionary WHERE length(content) > 0"), 0);
	assert_int_equal(number(b, "SELECT count(*) FROM body WHERE coding > 1"), 0);
	plain_post(b, "after", "one that is written afterwards by the same process", NOW);
	assert_int_equal(verifies(b), 0);
	index_all(b);
	assert_int_equal(hits(b, "tomatoes"), 10); /* of the fifty that are left, as many as were asked for */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_fits_decides),
		cmocka_unit_test(text_goes_and_digests_stay),
		cmocka_unit_test(letters_go_with_what_they_speak_of),
		cmocka_unit_test(what_proves_that_a_text_is_gone_goes_with_it),
		cmocka_unit_test(a_dictionary_goes_with_the_texts_it_was_learnt_from),
	};

	return stored_run("purge", tests, sizeof(tests) / sizeof(tests[0]));
}
