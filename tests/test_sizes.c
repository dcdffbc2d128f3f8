/* test_sizes.c - a page has a size, however much there is to say */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "store/quoted.h"
#include "tests/filled.h"

#define KB 1000

static const struct audience sees_all = { STR("desk"), TLP_AMBER_STRICT, SEES_ALL, FINDING_SEVERITY };

static struct page_manner manner(void)
{
	return (struct page_manner){ &words_english, &sees_all, STR("Example Pictures"), STR("Europe/Berlin") };
}

/* A text of so many characters, as people write. */
static struct str text_of(struct arena *a, size_t n)
{
	static const char words[] = "the projection room & its \"doors\" are open ";
	char *text = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = words[i % (sizeof(words) - 1)];
	return (struct str){ text, n };
}

enum { MANY = 100 };

/* All that can be known of one finding, as long as it usually is. */
static struct finding_page full_page(struct arena *a)
{
	struct finding_detail *d = arena_alloc(a, sizeof(*d));
	struct stored_hit *hits = arena_alloc(a, LIMIT_HITS * sizeof(*hits));
	struct stored_part *parts = arena_alloc(a, LIMIT_PARTS * sizeof(*parts));
	struct str *sentences = arena_alloc(a, LIMIT_REASONS * sizeof(*sentences));
	struct custody_row *custody = arena_alloc(a, MANY * sizeof(*custody));
	struct evidence_row *evidence = arena_alloc(a, MANY * sizeof(*evidence));
	struct tick *ticks = arena_alloc(a, MANY * sizeof(*ticks));
	struct takedown_row *cases = arena_alloc(a, MANY * sizeof(*cases));

	for (size_t i = 0; i < LIMIT_HITS; i++)
		hits[i] = (struct stored_hit){ .rule = text_of(a, 24),
					       .label = text_of(a, 30),
					       .masked = text_of(a, 60),
					       .why = text_of(a, 180),
					       .asset = text_of(a, 20),
					       .start = (int64_t)i * 20,
					       .end = (int64_t)i * 20 + 8 };
	for (size_t i = 0; i < LIMIT_PARTS; i++)
		parts[i] = (struct stored_part){ .part = arena_printf(a, "part-%zu", i % 30),
						 .start = (int64_t)i * 20 + 10,
						 .end = (int64_t)i * 20 + 20 };
	for (size_t i = 0; i < LIMIT_REASONS; i++)
		sentences[i] = text_of(a, 120);
	for (size_t i = 0; i < MANY; i++) {
		custody[i] = (struct custody_row){ .entry = { .sequence = 1000 + (int64_t)i,
							      .at = FILLED_NOW,
							      .act = STR("capture"),
							      .operator_name = text_of(a, 12) } };
		evidence[i] = (struct evidence_row){
			.id = 1, .kind = STR("capture"), .sealed_at = FILLED_NOW, .forgotten_at = FILLED_NOW
		};
		evidence[i].digest = text_of(a, DIGEST_BYTES);
		ticks[i] = (struct tick){ .playbook = text_of(a, 20),
					  .step = text_of(a, 100),
					  .done = true,
					  .operator_name = text_of(a, 12),
					  .at = FILLED_NOW };
		cases[i] = filled_rows()->row;
	}
	*d = filled_rows()->detail;
	d->text = text_of(a, 12000);
	d->said = (struct stored_assessment){ .hits = hits,
					      .n_hits = LIMIT_HITS,
					      .parts = parts,
					      .n_parts = LIMIT_PARTS,
					      .reasons = sentences,
					      .n_reasons = LIMIT_REASONS };
	d->terms = sentences;
	d->n_terms = MANY;
	return (struct finding_page){ .manner = manner(),
				      .home = "../index.html",
				      .detail = d,
				      .evidence = evidence,
				      .n_evidence = MANY,
				      .custody = custody,
				      .n_custody = MANY,
				      .state = { .verdict = STR("confirmed"), .judged_at = FILLED_NOW, .has_duty = true },
				      .ticks = ticks,
				      .n_ticks = MANY,
				      .cases = cases,
				      .n_cases = MANY,
				      .has_cases = true };
}

static void a_finding_takes_60_kb_beside_its_text(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	const struct finding_page p = full_page(a);
	AUTO(buf) whole = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) text = BUF_INIT(LIMIT_PAGE);
	const struct page_manner m = manner();

	(void)state;
	page_finding(&whole, &p);
	page_text(&text, &m, p.detail);
	assert_true(text.n > 50 * KB); /* so much is marked */
	if (whole.n - text.n >= 60 * KB)
		fail_msg("%zu bytes beside its text", whole.n - text.n);
	assert_true(str_find(buf_str(&whole), STR("498 more are not shown here.")) > 0);    /* of 512 hits */
	assert_true(str_find(buf_str(&whole), STR("88 more are not shown here.")) > 0);	    /* of 100 entries */
	assert_true(str_find(buf_str(&whole), STR("<tr><th scope=\"row\">1099</th>")) > 0); /* the last of them is */
}

static void the_first_page_takes_150_kb(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	struct finding *fresh = arena_alloc(a, MANY * sizeof(*fresh));
	struct overview_open *open = arena_alloc(a, 12 * sizeof(*open));
	struct source_health *sources = arena_alloc(a, 250 * sizeof(*sources));
	struct case_line *cases = arena_alloc(a, 500 * sizeof(*cases));
	struct overview_day *days = arena_alloc(a, PAGE_DAYS * sizeof(*days));
	struct overview_count *kinds = arena_alloc(a, 4000 * sizeof(*kinds));
	struct precision *rules = arena_alloc(a, 500 * sizeof(*rules));
	int64_t hours[OVERVIEW_HOURS];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		fresh[i] = filled_rows()->finding;
		fresh[i].title = text_of(a, 300);
		fresh[i].asset = fresh[i].source = text_of(a, 80);
		fresh[i].id = 1000 + (int64_t)i;
	}
	for (size_t i = 0; i < 12; i++)
		open[i] = (struct overview_open){ fresh[i + 50], text_of(a, 80) };
	for (size_t i = 0; i < 250; i++)
		sources[i] = (struct source_health){
			.source = text_of(a, 80), .state = "failing", .failure = STR("timeout"), .detail = text_of(a, 300)
		};
	for (size_t i = 0; i < 500; i++)
		cases[i] = (struct case_line){ .row = filled_rows()->row, .finding = &fresh[0], .late = CASE_REFUSED };
	for (int i = 0; i < PAGE_DAYS; i++)
		days[i] = (struct overview_day){ (FILLED_NOW / FILLED_DAY - i) * FILLED_DAY, { 1000, 20000, 300000, 4000000 } };
	for (size_t i = 0; i < 4000; i++)
		kinds[i] = (struct overview_count){ arena_printf(a, "asset %04zu %.*s", i / 4, STR_ARG(text_of(a, 80))),
						    str_of(category_names[i % 4]), 1000 };
	for (size_t i = 0; i < 500; i++)
		rules[i] = (struct precision){ arena_printf(a, "rule %04zu %.*s", i, STR_ARG(text_of(a, 80))), 1000, 1000, 0 };
	for (int i = 0; i < OVERVIEW_HOURS; i++)
		hours[i] = 1000000 + i;
	page_index(&out, &(struct index_page){ .manner = manner(),
					       .now = FILLED_NOW,
					       .links = { true, true, true, true, true, true, 99 },
					       .any = true,
					       .day = days,
					       .fresh = fresh,
					       .n_fresh = MANY,
					       .open = open,
					       .n_open = 12,
					       .open_count = 400,
					       .sources = sources,
					       .n_sources = 250,
					       .has_round = true,
					       .cases = cases,
					       .n_cases = 500,
					       .open_cases = 500,
					       .days = days,
					       .n_days = PAGE_DAYS,
					       .hours = hours,
					       .kinds = kinds,
					       .n_kinds = 4000,
					       .rules = rules,
					       .n_rules = 500,
					       .anchor = text_of(a, 120) });
	if (out.n >= 150 * KB)
		fail_msg("%zu bytes", out.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_takes_60_kb_beside_its_text),
		cmocka_unit_test(the_first_page_takes_150_kb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
