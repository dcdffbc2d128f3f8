/* test_campaign.c - findings that belong together: by text, by a contact, by an operator's word; who may be behind them */
#include "tests/stored.h"

#include "store/actor.h"
#include "store/campaign.h"
#include "store/campaign_pages.h"
#include "store/told.h"

/* A post that is a finding; `contact` (NULL for none) stands in its first bytes. */
static struct str posted(struct stored *b, const char *author, const char *text, const char *contact, int64_t at)
{
	struct stored_hit hit = { .rule = STR("r"), .label = STR("Bitcoin address"), .start = 0, .end = 10, .confidence = 2 };
	struct stored_part part = { .part = STR("wallet"), .start = 0, .end = 10 };
	struct stored_post p = { .source_id = b->source,
				 .key = arena_printf(b->a, "k%lld", (long long)at),
				 .url = STR("https://paste.example.net/1"),
				 .author = str_of(author),
				 .title = STR("a title"),
				 .text = str_of(text),
				 .posted_at = at * 1000000,
				 .posted_precision = 4,
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("extortion"),
						 .extortion = 0.9,
						 .severity = 75,
						 .language = STR("en") } };
	struct stored_result result;
	char id[FINDING_ID];

	if (contact) {
		hit.masked = str_of(contact);
		p.assessment.hits = &hit;
		p.assessment.n_hits = 1;
		p.assessment.parts = &part;
		p.assessment.n_parts = 1;
	}
	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &p, at * 1000000, &result, &b->err));
	OK(finding_name(b->store, result.finding_id, id, &b->err));
	OK(store_commit(b->store, &b->err));
	return arena_copy(b->a, str_of(id));
}

static struct str campaign(struct stored *b, struct str finding)
{
	struct finding_detail d;

	assert_int_equal(finding_load(b->store, finding, b->a, &d, &b->err), 1);
	return d.finding.campaign;
}

static struct campaign_row row(struct stored *b, struct str public_id)
{
	struct campaign_row r;

	assert_int_equal(campaign_load(b->store, public_id, b->a, &r, &b->err), 1);
	return r;
}

#define THREAT "everybody who comes to the premiere on friday night will be killed we know the cinema and all of its doors"

static void text_and_contact_tie_and_who_was_first_stands_first(void **state)
{
	struct stored *b = *state;
	struct str late = posted(b, "bob", THREAT, NULL, 200), first = posted(b, "ann", THREAT " believe us", NULL, 100),
		   other = posted(b, "ann", "pay ten coins or all of your mails are published on monday morning", "1Wallet",
				  300),
		   paid = posted(b, "eve", "we have the contracts of your company and the wallet stands above", "1Wallet", 400);
	struct campaign_finding *findings;
	struct campaign_contact *contacts;
	struct campaign_row *related;
	size_t n;

	assert_true(str_eq(campaign(b, late), campaign(b, first)));
	assert_true(str_eq(campaign(b, other), campaign(b, paid)));
	assert_false(str_eq(campaign(b, first), campaign(b, other)));
	OK(campaign_findings(b->store, row(b, campaign(b, late)).id, 0, 10, b->a, &findings, &n, &b->err));
	assert_int_equal(n, 2);
	assert_true(str_eq(findings[0].public_id, first)); /* as the site says, though we saw it later */
	assert_true(findings[0].text != findings[1].text);
	OK(campaign_contacts(b->store, row(b, campaign(b, paid)).id, 0, b->a, &contacts, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(contacts[0].value, "1Wallet");
	assert_int_equal(contacts[0].findings, 2);
	OK(campaign_related(b->store, row(b, campaign(b, paid)).id, 0, b->a, &related, &n, &b->err));
	assert_int_equal(n, 0);
}

static void an_operator_joins_with_all_that_was_told_and_takes_apart(void **state)
{
	struct stored *b = *state;
	struct str one = posted(b, "a", THREAT, NULL, 100),
		   two = posted(b, "b", "we will shoot the director at his house and nobody at all can stop us", NULL, 200);
	struct campaign_row from = row(b, campaign(b, two)), into = row(b, campaign(b, one)), apart;
	struct told told = { 0 };
	int64_t subscription;
	struct query *q;

	stored_sql(b,
		   "INSERT INTO subscription (public_id, origin, recipient, position, terms, state, operator, changes, made_at,"
		   " changed_at) VALUES ('s', 'store', 'x@example.com', 0, '{}', 'active', 'o', 1, 1, 1)");
	OK(db_get(b->store->db, &q, "SELECT id FROM subscription", NULL, "it", &b->err));
	subscription = db_int(q, 0);
	db_end(q);
	OK(store_begin(b->store, &b->err));
	OK(told_put(b->store, &(struct told){ subscription, into.id, 1, 75, 1, 3, 100 }, &b->err));
	OK(told_put(b->store, &(struct told){ subscription, from.id, 2, 95, 1, 0, 200 }, &b->err));
	OK(campaign_merge(b->store, &from, &into, STR("analyst"), 300, &b->err));
	OK(store_commit(b->store, &b->err));
	assert_true(str_eq(campaign(b, one), campaign(b, two)));
	assert_int_equal(row(b, into.public_id).findings, 2);
	assert_true(str_eq(row(b, from.public_id).merged_into, into.public_id));
	assert_int_equal(told_get(b->store, subscription, into.id, b->a, &told, &b->err), 1);
	assert_int_equal(told.severity, 95); /* what is known of the worse of them */
	assert_int_equal(told_get(b->store, subscription, from.id, b->a, &told, &b->err), 0);
	from = row(b, from.public_id);
	into = row(b, into.public_id);
	assert_int_equal(campaign_merge(b->store, &from, &into, STR("analyst"), 300, &b->err), E_USAGE);
	b->err.code = 0;
	OK(store_begin(b->store, &b->err));
	OK(campaign_split(b->store, &into, &two, 1, STR("analyst"), 400, b->a, &apart, &b->err));
	OK(store_commit(b->store, &b->err));
	assert_true(str_eq(campaign(b, two), apart.public_id));
	assert_int_equal(apart.findings, 1);
	OK(store_begin(b->store, &b->err));
	assert_int_equal(campaign_split(b->store, &apart, &two, 1, STR("analyst"), 400, b->a, &into, &b->err), E_USAGE);
	store_rollback(b->store);
	assert_int_equal(row(b, apart.public_id).findings, 1);
}

static const struct actor_name *name_in(const struct actor *x, const char *value)
{
	for (size_t i = 0; i < x->n_names; i++)
		if (str_eq(x->names[i].value, str_of(value)))
			return &x->names[i];
	fail_msg("no %s", value);
	return NULL;
}

static void an_actor_is_what_goes_together_and_how_sure_that_is(void **state)
{
	struct stored *b = *state;
	struct actor x;

	posted(b, "ann", "pay ten coins or all of your mails are published on monday morning", "1Wallet", 3 * 3600);
	posted(b, "eve", "we have the contracts of your company and the wallet stands above", "1Wallet", 27 * 3600);
	posted(b, "ann", THREAT, NULL, 51 * 3600);
	posted(b, "copycat", THREAT " he said", NULL, 60 * 3600);
	posted(b, "stranger", "an entirely different text about the weather in the mountains this week", NULL, 61 * 3600);
	assert_int_equal(actor_load(b->store, STR("nobody"), b->a, &x, &b->err), 0);
	assert_int_equal(actor_load(b->store, STR("ann"), b->a, &x, &b->err), 1);
	assert_str(x.names[0].value, "ann");
	assert_int_equal(x.names[0].sure, ACTOR_ASKED);
	assert_int_equal(name_in(&x, "1Wallet")->sure, ACTOR_CONTACT);
	assert_int_equal(name_in(&x, "eve")->sure, ACTOR_CONTACT);
	assert_str(name_in(&x, "eve")->through, "1Wallet");
	assert_int_equal(name_in(&x, "copycat")->sure, ACTOR_SAME_TEXT);
	assert_int_equal(x.n_names, 4);
	assert_int_equal(x.findings, 4);
	assert_int_equal(x.hours[3], 3);
	assert_int_equal(x.hours[12], 1);
	assert_int_equal(x.dated, 4);
	assert_int_equal(x.n_campaigns, 2);
	assert_int_equal(x.languages[0].n, 4);
}

/* Whatever changes a page of a campaign changes its digest, and nothing else does. */
static void a_digest_changes_with_its_page(void **state)
{
	static const struct {
		const char *sql, *why;
	} rows[] = {
		{ "UPDATE finding SET verdict = 'known', changed_at = changed_at + 1", "a verdict" },
		{ "UPDATE finding SET severity = severity + 1", "a severity" },
		{ "UPDATE post SET title = ''", "it was purged" },
		{ "UPDATE campaign SET name = 'another'", "another name" },
	};
	struct stored *b = *state;
	struct campaign_stamp *before, *now;
	int64_t last;
	size_t n;

	posted(b, "ann", THREAT, NULL, 100);
	posted(b, "bob", THREAT " believe us", NULL, 200);
	posted(b, "eve", "pay ten coins or all of your mails are published on monday morning", "1Wallet", 300);
	OK(campaign_last(b->store, &last, &b->err));
	OK(campaign_stamps(b->store, 1, last, 20, b->a, &before, &n, &b->err));
	assert_int_equal(n, 1); /* one finding alone is no campaign to show */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		OK(campaign_stamps(b->store, 1, last, 20, b->a, &now, &n, &b->err));
		assert_memory_equal(before[0].stamp, now[0].stamp, sizeof(now[0].stamp));
		stored_sql(b, rows[i].sql);
		OK(campaign_stamps(b->store, 1, last, 20, b->a, &now, &n, &b->err));
		if (memcmp(before[0].stamp, now[0].stamp, sizeof(now[0].stamp)) == 0)
			fail_msg("%s", rows[i].why);
		before = now;
	}
	OK(campaign_stamps(b->store, 1, last, 99, b->a, &now, &n, &b->err));
	assert_int_equal(n, 0);
}

static void only_findings_of_a_severity_are_counted(void **state)
{
	struct stored *b = *state;
	struct str id = posted(b, "ann", THREAT, NULL, 100);
	const struct campaign_filter high = { .least = 2, .least_severity = 70 };
	struct campaign_row *rows, its;
	struct str several;
	size_t n;

	posted(b, "bob", THREAT " believe us", NULL, 200);
	OK(campaign_list(b->store, &high, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	stored_sql(b, "UPDATE finding SET severity = 30 WHERE id = (SELECT min(id) FROM finding)");
	OK(campaign_list(b->store, &high, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 0);
	OK(campaign_get(b->store, row(b, campaign(b, id)).id, 70, b->a, &its, &b->err));
	assert_int_equal(its.findings, 1);
	assert_int_equal(its.severity, 75);
	OK(campaign_get(b->store, row(b, campaign(b, id)).id, 0, b->a, &its, &b->err));
	assert_int_equal(its.findings, 2);
	assert_int_equal(campaign_get(b->store, 999999, 0, b->a, &its, &b->err), 0);
	OK(campaign_of_several(b->store, its.id, 70, b->a, &several, &b->err)); /* the other one is of 30 */
	assert_int_equal(several.n, 0);
	OK(campaign_of_several(b->store, its.id, 30, b->a, &several, &b->err));
	assert_true(str_eq(several, its.public_id));
	OK(campaign_of_several(b->store, 999999, 0, b->a, &several, &b->err));
	assert_int_equal(several.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_contact_tie_and_who_was_first_stands_first),
		cmocka_unit_test(an_operator_joins_with_all_that_was_told_and_takes_apart),
		cmocka_unit_test(an_actor_is_what_goes_together_and_how_sure_that_is),
		cmocka_unit_test(a_digest_changes_with_its_page),
		cmocka_unit_test(only_findings_of_a_severity_are_counted),
	};

	return stored_run("campaigns", tests, sizeof(tests) / sizeof(tests[0]));
}
