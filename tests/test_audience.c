/* test_audience.c - what an audience may not see is in no page of its report: a canary in every field of every row
 */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/filled.h"
#include "tests/stored.h"
#include "web/report.h"

static bool holds(const struct buf *page, int kind)
{
	return str_find(buf_str(page), str_of(filled_canaries[kind])) >= 0;
}

static void check_page(const struct filled_page *page, const struct audience *who)
{
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	const struct page_manner m = { &words_english, who, STR("Example Pictures"), STR("Europe/Berlin") };
	const char *label = tlp_labels[who->tlp];

	if ((who->sees & page->needs) != page->needs)
		return;
	page->put(&m, &out);
	assert_false(out.full);
	for (int k = 0; k < FILLED_KINDS; k++) {
		struct str all = buf_str(&out), canary = str_of(filled_canaries[k]);
		ssize_t at = str_find(all, canary);

		if (!audience_sees(who, (enum audience_sees)(1 << k)) && at >= 0)
			fail_msg("%s shows to who sees %x: ...%.*s", page->name, who->sees,
				 STR_ARG(str_slice(all, at > 200 ? (size_t)at - 200 : 0, (size_t)at + 60)));
		if (who->sees == SEES_ALL && (page->shows & 1u << k) && at < 0)
			fail_msg("%s does not show %s to who sees all, so nothing was proved", page->name, filled_canaries[k]);
	}
	assert_true(str_find(buf_str(&out), str_of(label)) >= 0);
}

static void every_field_of_a_row_has_somebody_who_may_see_it(void **state)
{
	(void)state;
	filled_check_tables();
}

static void what_an_audience_may_not_see_is_on_no_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILLED_PAGES; i++) {
		for (int a = 0; a < AUDIENCES; a++)
			check_page(&filled_pages[i], &audiences[a]);
		for (int k = 0; k < FILLED_KINDS; k++) {
			const unsigned bit = 1u << k;
			struct audience all_but = { STR("x"), TLP_RED, SEES_ALL & ~bit, FINDING_SEVERITY };
			struct audience only = { STR("x"), TLP_GREEN, bit, FINDING_SEVERITY };

			check_page(&filled_pages[i], &all_but);
			check_page(&filled_pages[i], &only);
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
		for (int k = 0; k < FILLED_KINDS; k++)
			if (strstr(entry->d_name, filled_canaries[k]))
				fail_msg("a file is called %s", name);
		if (entry->d_type == DT_DIR) {
			look_for(folder, name, who, seen);
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		assert_true(file_read(path, &content, &err) >= 0);
		for (int k = 0; k < FILLED_KINDS; k++) {
			*seen |= holds(&content, k) ? 1u << k : 0;
			if (!audience_sees(who, (enum audience_sees)(1 << k)) && holds(&content, k))
				fail_msg("%s shows %s to %.*s", name, filled_canaries[k], STR_ARG(who->name));
		}
		if (!audience_sees(who, SEES_CUSTODY) && strcmp(name, "anchor.txt") == 0)
			fail_msg("the head of the chain is in the report of %.*s", STR_ARG(who->name));
	}
	closedir(d);
}

static void store_canaries(struct stored *b)
{
	const struct finding_detail *d = &filled_rows()->detail;
	struct stored_post p = { .key = d->key,
				 .url = d->finding.url,
				 .title = d->finding.title,
				 .author = d->finding.author,
				 .text = d->text,
				 .assessment = d->said };
	struct stored_result result;

	for (size_t i = 0; i < d->said.n_hits; i++) /* a digest has a length */
		d->said.hits[i].secret_digest = (struct str){ 0 };
	p.assessment.severity = 95;
	p.assessment.verdict = p.assessment.verdict_why = (struct str){ 0 };
	p.assessment.terms = d->terms;
	p.assessment.n_terms = d->n_terms;
	OK(store_begin(b->store, &b->err));
	OK(store_source(b->store, d->finding.source, &p.source_id, &b->err));
	p.assessment.classifier_id = b->classifier;
	OK(store_post(b->store, &p, FILLED_NOW, &result, &b->err));
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
	for (int i = 0; i < AUDIENCES + (int)FILLED_KINDS; i++) {
		struct audience who = audiences[0];
		struct report_options o = { .folder = stored_path(b, "report"),
					    .organisation = STR("Example Pictures"),
					    .now = FILLED_NOW,
					    .audience = &who };
		unsigned seen = 0;

		if (i < AUDIENCES)
			who = audiences[i];
		else
			who.sees &= ~(1u << (i - AUDIENCES));
		OK(report_write(b->store, &o, &b->err)); /* over that of the audience before */
		look_for(o.folder, "", &who, &seen);
		assert_int_equal(seen, who.sees & stored_kinds);
	}
	stored_close(b);
}

/* ---- by severity ---- */

#define UNSEEN "kanariunseen"

/* A post that somebody is paid by the wallets of, each of 10 bytes at the beginning of its text. */
static void store_post_of(struct stored *b, const char *key, int severity, const char *say, const char *wallets, int64_t at)
{
	struct stored_hit paid[2] = { { .rule = STR("btc"), .label = STR("a wallet"), .end = 10, .confidence = 2 } };
	struct stored_part part = { .part = STR("wallet"), .start = 0, .end = 10 };
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .url = arena_printf(b->a, "https://paste.example.net/%s", say),
				 .title = str_of(say),
				 .author = str_of(say),
				 .text = arena_printf(b->a, "%s %s %s", wallets, say, key),
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("extortion"),
						 .asset = str_of(say),
						 .extortion = 0.9,
						 .severity = severity } };
	struct stored_result result;

	paid[0].masked = str_slice(str_of(wallets), 0, 10);
	paid[0].kind = STR("wallet");
	paid[1] = paid[0];
	paid[1].masked = str_slice(str_of(wallets), 11, 40);
	p.assessment.hits = paid;
	p.assessment.n_hits = paid[1].masked.n ? 2 : 1;
	p.assessment.parts = &part;
	p.assessment.n_parts = 1;
	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &p, at, &result, &b->err));
	OK(store_commit(b->store, &b->err));
}

/* How many files of the report say it. */
static int files_saying(const struct stored *b, const char *folder, const char *text)
{
	char command[512];

	snprintf(command, sizeof(command), "grep -rl %s %s | tee said.txt | wc -l >count.txt; exit $(cat count.txt)", text,
		 folder);
	return stored_shell(b, command) >> 8;
}

static void what_is_not_severe_enough_is_told_in_nothing_else(void **state)
{
	static struct stored stored;
	struct stored *b = &stored;
	struct audience who = audiences[0];
	struct report_options o = { .organisation = STR("Example Pictures"), .now = FILLED_NOW, .audience = &who };

	(void)state;
	stored_open(b, DB_SQLITE);
	store_post_of(b, "1", 45, UNSEEN, "1SharedOne 1" UNSEEN, FILLED_NOW - 30 * FILLED_DAY);
	store_post_of(b, "2", 95, "seen", "1SharedOne", FILLED_NOW);
	store_post_of(b, "3", 95, "seen", "1SharedOne", FILLED_NOW);
	o.folder = stored_path(b, "report");
	for (int least = FINDING_SEVERITY; least <= 70; least += 50) {
		who.least_severity = least;
		OK(report_write(b->store, &o, &b->err));
		if (least == FINDING_SEVERITY) {
			assert_true(files_saying(b, o.folder, UNSEEN) > 6);
			assert_true(files_saying(b, o.folder, "2026-10-24") > 2); /* when it was found */
		} else {
			assert_int_equal(files_saying(b, o.folder, UNSEEN), 0);
			assert_int_equal(files_saying(b, o.folder, "2026-10-24"), 0);
		}
		assert_true(files_saying(b, o.folder, "1SharedOne") > 1); /* findings, and their campaign */
	}
	stored_close(b);
}

static void rules_are_not_judged_before_who_sees_only_what_is_severe(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		const struct audience who = { STR("x"), TLP_RED, SEES_ALL, k ? 70 : FINDING_SEVERITY };
		const struct page_manner m = { &words_english, &who, STR("Example Pictures"), { 0 } };
		AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

		fill_index(&m, &out);
		assert_int_equal(str_find(buf_str(&out), STR("rules-picture")) < 0, k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_a_row_has_somebody_who_may_see_it),
		cmocka_unit_test(what_an_audience_may_not_see_is_on_no_page),
		cmocka_unit_test(what_an_audience_may_not_see_is_in_no_file_of_its_report),
		cmocka_unit_test(what_is_not_severe_enough_is_told_in_nothing_else),
		cmocka_unit_test(rules_are_not_judged_before_who_sees_only_what_is_severe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
