/* filled.h - each kind of page and feed with every field of its rows filled: by tables that say who may see which */
#ifndef WATCHDESK_TESTS_FILLED_H
#define WATCHDESK_TESTS_FILLED_H

#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "web/feed.h"
#include "web/page.h"

/* 2026-11-23T09:38:36Z */
#define FILLED_NOW  INT64_C(1795426716000000)
#define FILLED_DAY  INT64_C(86400000000)
#define FILLED_ID   "00112233445566778899aabbccddeeff"
#define FILLED_CASE "ffeeddccbbaa99887766554433221100"

/* What must not be seen, a canary each, in the order of the bits; none is a piece of another or of an id. */
static const char *const filled_canaries[] = { "kanaritext",   "kanarisample", "kanariauthor", "kanariplace",
					       "kanarisource", "kanaripolly",  "kanarichain",  "kanariletter" };
enum { FILLED_KINDS = sizeof(filled_canaries) / sizeof(filled_canaries[0]) };

/* ---- every field of a row, and who may see it ---- */

struct filled_field {
	const char *name;
	size_t at, size;
	unsigned sees;	  /* a text with the canary of this bit; 0 for none */
	const char *open; /* the text that everybody may see; NULL: it is no text */
};
#define FILLED(type, field, sees, open)                                                                     \
	{                                                                                                   \
#field, offsetof(struct type, field), sizeof(((const struct type *)0)->field), (sees), open \
	}
#define CANARY(type, field, sees) FILLED(type, field, sees, NULL)
#define OPEN(type, field, text)	  FILLED(type, field, 0, text)
#define OTHER(type, field)	  FILLED(type, field, 0, NULL)

static const struct filled_field finding_fields[] = {
	OTHER(finding, id),
	OTHER(finding, revision_id),
	OPEN(finding, public_id, FILLED_ID),
	OPEN(finding, category, "leak"),
	OPEN(finding, asset, "The Interlude"),
	CANARY(finding, source, SEES_SOURCES),
	CANARY(finding, title, SEES_TEXTS),
	CANARY(finding, author, SEES_AUTHORS),
	CANARY(finding, url, SEES_ADDRESSES),
	OPEN(finding, verdict, "confirmed"),
	OTHER(finding, severity),
	OTHER(finding, violence),
	OTHER(finding, extortion),
	OTHER(finding, leak),
	OTHER(finding, dox),
	OTHER(finding, found_at),
	OTHER(finding, changed_at),
	OTHER(finding, first_seen),
	OTHER(finding, last_seen),
	OTHER(finding, deleted_at),
	OPEN(finding, campaign, FILLED_CASE),
	OTHER(finding, posted_at),
	OTHER(finding, posted_precision),
	OTHER(finding, posted_zone_known),
	CANARY(finding, posted_raw, SEES_TEXTS),
	OPEN(finding, language, "en"),
	OTHER(finding, reports),
};
static const struct filled_field finding_detail_fields[] = {
	OTHER(finding_detail, finding),
	CANARY(finding_detail, key, SEES_ADDRESSES),
	CANARY(finding_detail, text, SEES_TEXTS),
	CANARY(finding_detail, author_id, SEES_AUTHORS),
	CANARY(finding_detail, edited, SEES_TEXTS),
	OTHER(finding_detail, said),
	OTHER(finding_detail, terms),
	OTHER(finding_detail, n_terms),
	OTHER(finding_detail, revisions),
	OTHER(finding_detail, assessment_id),
};
static const struct filled_field stored_assessment_fields[] = {
	OTHER(stored_assessment, classifier_id),
	OTHER(stored_assessment, violence),
	OTHER(stored_assessment, extortion),
	OTHER(stored_assessment, leak),
	OTHER(stored_assessment, dox),
	OTHER(stored_assessment, hits),
	OTHER(stored_assessment, n_hits),
	OTHER(stored_assessment, parts),
	OTHER(stored_assessment, n_parts),
	OTHER(stored_assessment, reasons),
	OTHER(stored_assessment, n_reasons),
	OTHER(stored_assessment, severity),
	OPEN(stored_assessment, verdict, "confirmed"),
	CANARY(stored_assessment, verdict_why, SEES_SAMPLES),
	OPEN(stored_assessment, category, "leak"),
	OPEN(stored_assessment, asset, "The Interlude"),
	OPEN(stored_assessment, language, "en"),
	OTHER(stored_assessment, terms),
	OTHER(stored_assessment, n_terms),
};
static const struct filled_field stored_hit_fields[] = {
	CANARY(stored_hit, rule, SEES_SOURCES), /* what is looked for is how the watch is done */
	OPEN(stored_hit, label, "a login"),
	OPEN(stored_hit, kind, "credential"),
	CANARY(stored_hit, masked, SEES_SAMPLES),
	CANARY(stored_hit, why, SEES_SAMPLES),
	OPEN(stored_hit, asset, "The Interlude"),
	OTHER(stored_hit, layer),
	OTHER(stored_hit, confidence),
	OTHER(stored_hit, gravity),
	OTHER(stored_hit, start),
	OTHER(stored_hit, end),
	CANARY(stored_hit, secret_digest, SEES_CUSTODY),
};
static const struct filled_field stored_part_fields[] = {
	OPEN(stored_part, part, "target"),
	OTHER(stored_part, layer),
	OTHER(stored_part, start),
	OTHER(stored_part, end),
};
static const struct filled_field entry_fields[] = {
	CANARY(entry, node, SEES_CUSTODY),
	OTHER(entry, sequence),
	OTHER(entry, at),
	CANARY(entry, act, SEES_CUSTODY),
	CANARY(entry, subject, SEES_CUSTODY),
	CANARY(entry, operator_name, SEES_OPERATORS),
	CANARY(entry, detail, SEES_OPERATORS),
	CANARY(entry, digest, SEES_CUSTODY),
	CANARY(entry, hash, SEES_CUSTODY),
	CANARY(entry, public_key, SEES_OPERATORS),
	CANARY(entry, signature, SEES_OPERATORS),
};
static const struct filled_field custody_row_fields[] = { OTHER(custody_row, node_id), OTHER(custody_row, entry) };
static const struct filled_field evidence_row_fields[] = {
	OTHER(evidence_row, id),
	CANARY(evidence_row, public_id, SEES_CUSTODY),
	CANARY(evidence_row, kind, SEES_CUSTODY),
	CANARY(evidence_row, digest, SEES_CUSTODY),
	CANARY(evidence_row, content_digest, SEES_CUSTODY),
	OTHER(evidence_row, segment),
	OTHER(evidence_row, start),
	OTHER(evidence_row, length),
	OTHER(evidence_row, sealed_at),
	OTHER(evidence_row, forgotten_at),
	OTHER(evidence_row, capture_id),
	OTHER(evidence_row, started_at),
	OTHER(evidence_row, ended_at),
	CANARY(evidence_row, capture, SEES_CUSTODY),
	CANARY(evidence_row, node, SEES_CUSTODY),
	CANARY(evidence_row, asked_url, SEES_ADDRESSES),
	CANARY(evidence_row, url, SEES_ADDRESSES),
	CANARY(evidence_row, address, SEES_ADDRESSES),
	CANARY(evidence_row, tls_leaf, SEES_ADDRESSES),
	CANARY(evidence_row, body_digest, SEES_CUSTODY),
	OTHER(evidence_row, hops),
	OTHER(evidence_row, status),
};
static const struct filled_field queue_state_fields[] = {
	OTHER(queue_state, assessment_id),
	OTHER(queue_state, severity),
	OPEN(queue_state, verdict, "confirmed"),
	CANARY(queue_state, judged_by, SEES_OPERATORS),
	OTHER(queue_state, verdict_id),
	OTHER(queue_state, judged_at),
	OTHER(queue_state, has_duty),
	CANARY(queue_state, holder, SEES_OPERATORS),
	OTHER(queue_state, held_since),
	OTHER(queue_state, acknowledged_at),
};
static const struct filled_field duty_standing_fields[] = {
	OTHER(duty_standing, has_duty),
	CANARY(duty_standing, holder, SEES_OPERATORS),
	CANARY(duty_standing, how, SEES_OPERATORS),
	OTHER(duty_standing, held_since),
	CANARY(duty_standing, asked, SEES_OPERATORS),
	OTHER(duty_standing, asked_at),
	OTHER(duty_standing, n_asked),
};
static const struct filled_field tick_fields[] = {
	CANARY(tick, playbook, SEES_OPERATORS),	     CANARY(tick, step, SEES_OPERATORS), OTHER(tick, done),
	CANARY(tick, operator_name, SEES_OPERATORS), CANARY(tick, note, SEES_OPERATORS), OTHER(tick, at),
};
static const struct filled_field takedown_row_fields[] = {
	OTHER(takedown_row, id),
	OTHER(takedown_row, finding_id),
	OTHER(takedown_row, first_aware_at),
	OTHER(takedown_row, opened_at),
	OTHER(takedown_row, closed_at),
	OPEN(takedown_row, public_id, FILLED_CASE),
	OPEN(takedown_row, finding, FILLED_ID),
	OPEN(takedown_row, grounds, "threat"),
	OPEN(takedown_row, state, "open"),
	CANARY(takedown_row, operator_name, SEES_OPERATORS),
	OTHER(takedown_row, campaign_id),
	OPEN(takedown_row, campaign, FILLED_CASE),
};
static const struct filled_field takedown_target_fields[] = {
	OTHER(takedown_target, id),
	OTHER(takedown_target, takedown_id),
	OTHER(takedown_target, changed_at),
	OTHER(takedown_target, recheck_at),
	CANARY(takedown_target, url, SEES_ADDRESSES),
	OPEN(takedown_target, state, "sent"),
	CANARY(takedown_target, operator_name, SEES_OPERATORS),
	CANARY(takedown_target, host, SEES_ADDRESSES),
	OTHER(takedown_target, finding_id),
	OTHER(takedown_target, sent_at),
	OTHER(takedown_target, gone_at),
	OTHER(takedown_target, returns),
};
static const struct filled_field takedown_look_fields[] = {
	OTHER(takedown_look, id),	  OTHER(takedown_look, target_id),   OTHER(takedown_look, at),
	OTHER(takedown_look, result),	  OTHER(takedown_look, status),	     CANARY(takedown_look, how, SEES_ADDRESSES),
	OTHER(takedown_look, capture_id), OTHER(takedown_look, evidence_id), OTHER(takedown_look, looks),
};
static const struct filled_field notice_row_fields[] = {
	OTHER(notice_row, id),
	OTHER(notice_row, takedown_id),
	OTHER(notice_row, outbox_id),
	OTHER(notice_row, made_at),
	OTHER(notice_row, changed_at),
	OTHER(notice_row, sent_at),
	CANARY(notice_row, public_id, SEES_LETTERS),
	CANARY(notice_row, template_name, SEES_LETTERS),
	CANARY(notice_row, language, SEES_LETTERS),
	CANARY(notice_row, recipient, SEES_LETTERS),
	CANARY(notice_row, subject, SEES_LETTERS),
	CANARY(notice_row, content, SEES_LETTERS),
	CANARY(notice_row, basis, SEES_LETTERS),
	CANARY(notice_row, operator_name, SEES_OPERATORS),
	OTHER(notice_row, way),
	OTHER(notice_row, state),
	OTHER(notice_row, digest),
};
static const struct filled_field notice_approval_fields[] = {
	CANARY(notice_approval, operator_name, SEES_OPERATORS),
	CANARY(notice_approval, public_key, SEES_OPERATORS),
	OTHER(notice_approval, at),
};
static const struct filled_field notice_answer_fields[] = {
	OPEN(notice_answer, kind, "receipt"),
	CANARY(notice_answer, sender, SEES_LETTERS),
	CANARY(notice_answer, message, SEES_LETTERS),
	CANARY(notice_answer, content, SEES_LETTERS),
	OTHER(notice_answer, at),
};
static const struct filled_field case_clock_fields[] = {
	OTHER(case_clock, kind),
	CANARY(case_clock, host, SEES_ADDRESSES),
	OTHER(case_clock, at),
	OTHER(case_clock, over),
};
static const struct filled_field takedown_number_fields[] = {
	CANARY(takedown_number, host, SEES_ADDRESSES),
	OTHER(takedown_number, targets),
	OTHER(takedown_number, asked),
	OTHER(takedown_number, removed),
	OTHER(takedown_number, returned),
	OTHER(takedown_number, gone),
	OTHER(takedown_number, away),
	OTHER(takedown_number, waiting),
	OTHER(takedown_number, median),
};
static const struct filled_field campaign_row_fields[] = {
	OTHER(campaign_row, id),
	OPEN(campaign_row, public_id, FILLED_CASE),
	CANARY(campaign_row, name, SEES_TEXTS),
	OTHER(campaign_row, first_seen),
	OTHER(campaign_row, last_seen),
	OTHER(campaign_row, findings),
	OTHER(campaign_row, texts),
	OTHER(campaign_row, sources),
	OTHER(campaign_row, severity),
	OPEN(campaign_row, category, "leak"),
	OPEN(campaign_row, asset, "The Interlude"),
	OPEN(campaign_row, merged_into, ""),
};
static const struct filled_field campaign_finding_fields[] = {
	OTHER(campaign_finding, id),
	OPEN(campaign_finding, public_id, FILLED_ID),
	CANARY(campaign_finding, source, SEES_SOURCES),
	CANARY(campaign_finding, author, SEES_AUTHORS),
	CANARY(campaign_finding, url, SEES_ADDRESSES),
	CANARY(campaign_finding, title, SEES_TEXTS),
	OPEN(campaign_finding, verdict, "none"),
	OPEN(campaign_finding, language, "en"),
	OTHER(campaign_finding, severity),
	OTHER(campaign_finding, at),
	OTHER(campaign_finding, is_posted),
	OTHER(campaign_finding, text),
};
static const struct filled_field campaign_contact_fields[] = {
	CANARY(campaign_contact, kind, SEES_SAMPLES),
	CANARY(campaign_contact, value, SEES_SAMPLES),
	OTHER(campaign_contact, findings),
};
static const struct filled_field trouble_fields[] = {
	CANARY(trouble, class_name, SEES_SOURCES),
	CANARY(trouble, url, SEES_ADDRESSES),
	CANARY(trouble, detail, SEES_SOURCES),
	OTHER(trouble, pages),
	OTHER(trouble, since),
	OTHER(trouble, last_at),
};
static const struct filled_field source_health_fields[] = {
	CANARY(source_health, source, SEES_SOURCES),
	CANARY(source_health, failure, SEES_SOURCES),
	CANARY(source_health, detail, SEES_SOURCES),
	OTHER(source_health, failing_since),
	OTHER(source_health, last_attempt_at),
	OTHER(source_health, last_success_at),
	OTHER(source_health, fetched),
	OTHER(source_health, not_modified),
	OTHER(source_health, failed),
	OTHER(source_health, posts),
	OTHER(source_health, troubles),
	OTHER(source_health, n_troubles),
	OTHER(source_health, pulse),
	OTHER(source_health, withheld),
	OTHER(source_health, canary_at),
	OTHER(source_health, canary_due_at),
	OTHER(source_health, state),
};
static const struct filled_field overview_open_fields[] = {
	OTHER(overview_open, finding),
	CANARY(overview_open, holder, SEES_OPERATORS),
};
static const struct filled_field overview_count_fields[] = {
	OPEN(overview_count, asset, "The Interlude"),
	OPEN(overview_count, category, "leak"),
	OTHER(overview_count, n),
};
static const struct filled_field overview_asset_fields[] = {
	OPEN(overview_asset, name, "The Interlude"),
	OTHER(overview_asset, n),
	OTHER(overview_asset, found_at),
};
static const struct filled_field overview_source_fields[] = {
	CANARY(overview_source, name, SEES_SOURCES),
	OTHER(overview_source, n),
};
static const struct filled_field precision_fields[] = {
	CANARY(precision, name, SEES_SOURCES),
	OTHER(precision, confirmed),
	OTHER(precision, wrong),
	OTHER(precision, others),
};
static const struct filled_field version_row_fields[] = {
	CANARY(version_row, kind, SEES_CUSTODY),
	CANARY(version_row, name, SEES_CUSTODY),
	CANARY(version_row, digest, SEES_CUSTODY),
	OTHER(version_row, first_used_at),
};
static const struct filled_field purged_row_fields[] = {
	OTHER(purged_row, day),	     CANARY(purged_row, rule, SEES_CUSTODY),
	OTHER(purged_row, findings), OTHER(purged_row, texts),
	OTHER(purged_row, evidence), OTHER(purged_row, posts),
};
/* Of the pages themselves. */
static const struct filled_field index_page_fields[] = {
	OTHER(index_page, manner),
	OTHER(index_page, now),
	OTHER(index_page, links),
	OTHER(index_page, any),
	OTHER(index_page, since),
	OTHER(index_page, day),
	OTHER(index_page, fresh),
	OTHER(index_page, n_fresh),
	OTHER(index_page, open),
	OTHER(index_page, n_open),
	OTHER(index_page, open_count),
	OTHER(index_page, held),
	OTHER(index_page, sources),
	OTHER(index_page, n_sources),
	OTHER(index_page, has_round),
	OTHER(index_page, last_round),
	OTHER(index_page, dead_letters),
	OTHER(index_page, cases),
	OTHER(index_page, n_cases),
	OTHER(index_page, open_cases),
	OTHER(index_page, late_cases),
	OTHER(index_page, days),
	OTHER(index_page, n_days),
	OTHER(index_page, hours),
	OTHER(index_page, kinds),
	OTHER(index_page, n_kinds),
	OTHER(index_page, rules),
	OTHER(index_page, n_rules),
	CANARY(index_page, anchor, SEES_CUSTODY),
};
static const struct filled_field finding_page_fields[] = {
	OTHER(finding_page, manner),
	OTHER(finding_page, home),
	OTHER(finding_page, detail),
	OTHER(finding_page, evidence),
	OTHER(finding_page, n_evidence),
	OTHER(finding_page, custody),
	OTHER(finding_page, n_custody),
	OTHER(finding_page, state),
	OTHER(finding_page, ticks),
	OTHER(finding_page, n_ticks),
	OTHER(finding_page, cases),
	OTHER(finding_page, n_cases),
	OTHER(finding_page, has_cases),
	OTHER(finding_page, has_sources),
	OPEN(finding_page, campaign_page, "../campaign/" FILLED_CASE ".html"),
	OPEN(finding_page, original, FILLED_ID),
	OTHER(finding_page, duty),
};

/* A struct, and the table of its fields. */
static const struct {
	const char *name;
	size_t size;
	const struct filled_field *fields;
	size_t n;
} filled_structs[] = {
#define FILLED_STRUCT(type)                                                                                 \
	{                                                                                                   \
#type, sizeof(struct type), type##_fields, sizeof(type##_fields) / sizeof(type##_fields[0]) \
	}
	FILLED_STRUCT(finding),
	FILLED_STRUCT(finding_detail),
	FILLED_STRUCT(stored_assessment),
	FILLED_STRUCT(stored_hit),
	FILLED_STRUCT(stored_part),
	FILLED_STRUCT(entry),
	FILLED_STRUCT(custody_row),
	FILLED_STRUCT(evidence_row),
	FILLED_STRUCT(queue_state),
	FILLED_STRUCT(duty_standing),
	FILLED_STRUCT(tick),
	FILLED_STRUCT(takedown_row),
	FILLED_STRUCT(takedown_target),
	FILLED_STRUCT(takedown_look),
	FILLED_STRUCT(notice_row),
	FILLED_STRUCT(notice_approval),
	FILLED_STRUCT(notice_answer),
	FILLED_STRUCT(case_clock),
	FILLED_STRUCT(takedown_number),
	FILLED_STRUCT(campaign_row),
	FILLED_STRUCT(campaign_finding),
	FILLED_STRUCT(campaign_contact),
	FILLED_STRUCT(trouble),
	FILLED_STRUCT(source_health),
	FILLED_STRUCT(overview_open),
	FILLED_STRUCT(overview_source),
	FILLED_STRUCT(overview_count),
	FILLED_STRUCT(overview_asset),
	FILLED_STRUCT(precision),
	FILLED_STRUCT(version_row),
	FILLED_STRUCT(purged_row),
	FILLED_STRUCT(index_page),
	FILLED_STRUCT(finding_page),
};

static inline int filled_bit(unsigned sees)
{
	int bit = 0;

	while (!(sees & 1u << bit))
		bit++;
	return bit;
}

/* "kanaritext_title": it says which field was shown. It stays as long as the test. */
static inline struct str filled_canary(unsigned sees, const char *name)
{
	static char texts[512][64];
	static size_t next;
	char *text = texts[next];

	assert_true(next < sizeof(texts) / sizeof(texts[0]));
	snprintf(text, sizeof(texts[0]), "%s_%s", filled_canaries[filled_bit(sees)], name);
	for (size_t i = 0; i < next; i++)
		if (strcmp(texts[i], text) == 0)
			return str_of(texts[i]);
	next++;
	return str_of(text);
}

/* Every text of a row: its canary, or what everybody may see. */
static inline void filled_fill(void *row, const struct filled_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str text = fields[i].open ? str_of(fields[i].open) : (struct str){ 0 };

		if (fields[i].sees)
			text = filled_canary(fields[i].sees, fields[i].name);
		else if (!fields[i].open)
			continue;
		memcpy((char *)row + fields[i].at, &text, sizeof(text));
	}
}
#define FILL(type, row) filled_fill(row, type##_fields, sizeof(type##_fields) / sizeof(type##_fields[0]))

/* A field that no row of its table names would be tried by nobody: each begins where the one before ends. */
static inline void filled_check_tables(void)
{
	for (size_t i = 0; i < sizeof(filled_structs) / sizeof(filled_structs[0]); i++) {
		size_t end = 0;

		for (size_t k = 0; k <= filled_structs[i].n; k++) {
			const struct filled_field *f = k < filled_structs[i].n ? &filled_structs[i].fields[k] : NULL;
			size_t at = f ? f->at : filled_structs[i].size;

			if (at < end || at - end >= 8)
				fail_msg("struct %s has a field before %s that its table in tests/filled.h does not name, or "
					 "not "
					 "in order: who may see it?",
					 filled_structs[i].name, f ? f->name : "its end");
			if (f)
				assert_true((f->sees == 0 && !f->open) || f->size == sizeof(struct str));
			end = f ? at + f->size : end;
		}
	}
}

/* ---- rows ---- */

struct filled {
	struct finding finding;
	struct finding_detail detail;
	struct stored_hit hits[2];
	struct stored_part parts[1];
	struct str sentences[1];
	struct custody_row entries[1];
	struct evidence_row evidence[1];
	struct tick ticks[1];
	struct takedown_row row;
	struct takedown_target target;
	struct takedown_look looks[1];
	struct case_target places[1];
	struct notice_row notice;
	struct notice_approval approvals[1];
	struct notice_answer answers[1];
	struct case_notice notices[1];
	struct case_clock clocks[3];
	struct case_line line;
	struct takedown_number hosts[2], all;
	struct campaign_row campaign;
	struct campaign_finding found[2];
	struct campaign_contact contacts[1];
	struct campaign_dot dots[2];
	struct trouble troubles[1];
	struct source_health sources[1];
	struct coverage coverage[1];
	struct overview_open open[1];
	struct overview_count kinds[1];
	struct overview_asset asset;
	struct overview_source by_source[1];
	struct overview_day day;
	int64_t hours[OVERVIEW_HOURS];
	struct precision rules[1];
	struct version_row versions[1];
	struct purged_row purged[1];
};

static inline void filled_finding_rows(struct filled *f)
{
	f->finding = (struct finding){ .id = 7,
				       .severity = 95,
				       .leak = 0.9,
				       .found_at = FILLED_NOW,
				       .changed_at = FILLED_NOW + 1000000,
				       .first_seen = FILLED_NOW,
				       .last_seen = FILLED_NOW,
				       .deleted_at = FILLED_NOW,
				       .posted_at = FILLED_NOW,
				       .posted_precision = 4,
				       .reports = true };
	FILL(finding, &f->finding);
	for (int i = 0; i < 2; i++) {
		f->hits[i] = (struct stored_hit){ .layer = i, .confidence = 2, .end = 3 };
		FILL(stored_hit, &f->hits[i]);
	}
	f->parts[0] = (struct stored_part){ .start = 4, .end = (int64_t)strlen(filled_canaries[0]) };
	FILL(stored_part, &f->parts[0]);
	f->sentences[0] = filled_canary(SEES_SAMPLES, "sentence");
	f->detail = (struct finding_detail){ .finding = f->finding, .terms = f->sentences, .n_terms = 1, .revisions = 2 };
	f->detail.said = (struct stored_assessment){
		.hits = f->hits, .n_hits = 2, .parts = f->parts, .n_parts = 1, .reasons = f->sentences, .n_reasons = 1
	};
	FILL(stored_assessment, &f->detail.said);
	FILL(finding_detail, &f->detail);
	f->entries[0] = (struct custody_row){ .entry = { .sequence = 7, .at = FILLED_NOW } };
	FILL(entry, &f->entries[0].entry);
	f->evidence[0] = (struct evidence_row){ .id = 1, .sealed_at = FILLED_NOW, .forgotten_at = FILLED_NOW };
	FILL(evidence_row, &f->evidence[0]);
	f->ticks[0] = (struct tick){ .done = true, .at = FILLED_NOW };
	FILL(tick, &f->ticks[0]);
}

static inline void filled_case_rows(struct filled *f)
{
	f->row = (struct takedown_row){ .first_aware_at = FILLED_NOW, .opened_at = FILLED_NOW, .closed_at = FILLED_NOW };
	FILL(takedown_row, &f->row);
	f->target = (struct takedown_target){ .returns = 2, .sent_at = FILLED_NOW };
	FILL(takedown_target, &f->target);
	f->looks[0] = (struct takedown_look){ .at = FILLED_NOW, .result = LOOK_THERE, .looks = 3 };
	FILL(takedown_look, &f->looks[0]);
	f->places[0] = (struct case_target){ &f->target, f->looks, 1 };
	f->notice = (struct notice_row){ .made_at = FILLED_NOW, .sent_at = FILLED_NOW };
	FILL(notice_row, &f->notice);
	f->approvals[0] = (struct notice_approval){ .at = FILLED_NOW };
	FILL(notice_approval, &f->approvals[0]);
	f->answers[0] = (struct notice_answer){ .at = FILLED_NOW };
	FILL(notice_answer, &f->answers[0]);
	f->notices[0] = (struct case_notice){
		.notice = &f->notice, .approvals = f->approvals, .n_approvals = 1, .answers = f->answers, .n_answers = 1
	};
	for (int i = 0; i < 3; i++) {
		f->clocks[i] = (struct case_clock){ .kind = (enum case_clock_kind)i, .at = FILLED_NOW, .over = i == 1 };
		FILL(case_clock, &f->clocks[i]);
	}
	f->line = (struct case_line){ .row = f->row, .finding = &f->finding, .late = CASE_REFUSED, .due = f->clocks[1] };
	for (int i = 0; i < 2; i++) {
		f->hosts[i] = (struct takedown_number){ .targets = 2, .asked = 2, .removed = 1, .gone = 1, .median = 60000000 };
		FILL(takedown_number, &f->hosts[i]);
	}
	f->all = f->hosts[0];
}

static inline void filled_campaign_rows(struct filled *f)
{
	f->campaign = (struct campaign_row){ .id = 3,
					     .first_seen = FILLED_NOW - FILLED_DAY,
					     .last_seen = FILLED_NOW,
					     .findings = 3,
					     .texts = 1,
					     .sources = 1,
					     .severity = 95 };
	FILL(campaign_row, &f->campaign);
	for (int i = 0; i < 2; i++) {
		f->found[i] = (struct campaign_finding){
			.id = 7 + i, .severity = 95, .at = FILLED_NOW - FILLED_DAY * (1 - i), .is_posted = !i, .text = 1
		};
		FILL(campaign_finding, &f->found[i]);
		f->dots[i] = (struct campaign_dot){ 0, f->found[i] };
	}
	f->contacts[0] = (struct campaign_contact){ .findings = 2 };
	FILL(campaign_contact, &f->contacts[0]);
}

static inline void filled_watch_rows(struct filled *f)
{
	f->troubles[0] = (struct trouble){ .pages = 1, .last_at = FILLED_NOW };
	FILL(trouble, &f->troubles[0]);
	f->sources[0] = (struct source_health){
		.state = "failing",
		.last_attempt_at = FILLED_NOW,
		.failing_since = FILLED_NOW,
		.fetched = 3,
		.not_modified = 1,
		.failed = 1,
		.posts = 2,
		.troubles = f->troubles,
		.n_troubles = 1,
		.pulse = { .polls = 2, .items = 3, .usual = 4, .news_at = FILLED_NOW, .gaps = 1, .missed = 2 },
		.withheld = { 1, FILLED_NOW },
		.canary_due_at = FILLED_NOW
	};
	FILL(source_health, &f->sources[0]);
	f->coverage[0] = (struct coverage){ .from = FILLED_NOW - COVERAGE_CELL * COVERAGE_CELLS };
	for (int i = 0; i < COVERAGE_CELLS; i++)
		f->coverage[0].of[f->coverage[0].cells[i] = (unsigned char)(i % COVERAGE_KINDS)]++;
	f->open[0] = (struct overview_open){ .finding = f->finding };
	f->open[0].finding.id = 8; /* another one than the new one */
	FILL(overview_open, &f->open[0]);
	f->kinds[0] = (struct overview_count){ .n = 3 };
	FILL(overview_count, &f->kinds[0]);
	f->asset = (struct overview_asset){ .n = { 1, 2, 0, 4 }, .found_at = FILLED_NOW };
	f->by_source[0] = (struct overview_source){ .n = 3 };
	FILL(overview_source, &f->by_source[0]);
	FILL(overview_asset, &f->asset);
	f->day = (struct overview_day){ FILLED_NOW / FILLED_DAY * FILLED_DAY, { 1, 2, 3, 4 } };
	f->hours[5] = 2;
	f->rules[0] = (struct precision){ .confirmed = 2, .wrong = 1 };
	FILL(precision, &f->rules[0]);
	f->versions[0] = (struct version_row){ .first_used_at = FILLED_NOW };
	FILL(version_row, &f->versions[0]);
	f->purged[0] = (struct purged_row){ FILLED_NOW / FILLED_DAY * FILLED_DAY, { 0 }, 1, 2, 3, 4 };
	FILL(purged_row, &f->purged[0]);
}

static inline const struct filled *filled_rows(void)
{
	static struct filled f;

	if (f.finding.id == 0) {
		filled_finding_rows(&f);
		filled_case_rows(&f);
		filled_campaign_rows(&f);
		filled_watch_rows(&f);
	}
	return &f;
}

/* ---- pages ---- */

static void fill_finding(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();
	struct finding_page page = { .manner = *m,
				     .home = "../index.html",
				     .detail = &f->detail,
				     .evidence = f->evidence,
				     .n_evidence = 1,
				     .custody = f->entries,
				     .n_custody = 1,
				     .state = { .judged_at = FILLED_NOW, .has_duty = true, .held_since = FILLED_NOW },
				     .ticks = f->ticks,
				     .n_ticks = 1,
				     .cases = &f->row,
				     .n_cases = 1,
				     .has_cases = true };

	page.duty = (struct duty_standing){ .has_duty = true, .held_since = FILLED_NOW };
	FILL(duty_standing, &page.duty);
	FILL(queue_state, &page.state);
	FILL(finding_page, &page);
	page_finding(out, &page);
}

static void fill_list(const struct page_manner *m, struct buf *out)
{
	page_list(out,
		  &(struct list_page){ .manner = *m, .place = { 2, 0, 3, 1 }, .findings = &filled_rows()->finding, .n = 1 });
}

static void fill_picked(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();

	page_picked(out, &(struct picked_page){ .manner = *m,
						.home = "index.html",
						.below = "",
						.title = f->asset.name,
						.asset = &f->asset,
						.findings = &f->finding,
						.n = 1 });
}

static void fill_index(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();
	struct index_page page = { .manner = *m,
				   .now = FILLED_NOW,
				   .links = { true, true, true, true, true, 3 },
				   .any = true,
				   .since = FILLED_NOW,
				   .day = &f->day,
				   .fresh = &f->finding,
				   .n_fresh = 1,
				   .open = f->open,
				   .n_open = 1,
				   .open_count = 5,
				   .held = 1,
				   .sources = f->sources,
				   .n_sources = 1,
				   .has_round = true,
				   .last_round = { FILLED_NOW, FILLED_NOW, 1, 2, 3, 4, 5, 6 },
				   .dead_letters = 2,
				   .cases = &f->line,
				   .n_cases = 1,
				   .open_cases = 1,
				   .late_cases = 1,
				   .days = &f->day,
				   .n_days = 1,
				   .hours = f->hours,
				   .kinds = f->kinds,
				   .n_kinds = 1,
				   .rules = f->rules,
				   .n_rules = 1 };

	FILL(index_page, &page);
	page_index(out, &page);
}

static inline void fill_case(const struct page_manner *m, bool exhibit, struct buf *out)
{
	const struct filled *f = filled_rows();

	page_takedown(out, &(struct takedown_page){ .manner = *m,
						    .now = FILLED_NOW,
						    .home = "../index.html",
						    .row = &f->row,
						    .late = CASE_STILL_THERE,
						    .finding_page = STR("../finding/" FILLED_ID ".html"),
						    .campaign_page = STR("../campaign/" FILLED_CASE ".html"),
						    .finding = &f->detail,
						    .clocks = f->clocks,
						    .n_clocks = 3,
						    .targets = f->places,
						    .n_targets = 1,
						    .notices = f->notices,
						    .n_notices = 1,
						    .custody = f->entries,
						    .n_custody = 1,
						    .exhibit = exhibit });
}

static void fill_takedown(const struct page_manner *m, struct buf *out)
{
	fill_case(m, false, out);
}

static void fill_exhibit(const struct page_manner *m, struct buf *out)
{
	fill_case(m, true, out);
}

static void fill_takedowns(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();

	page_takedowns(out, &(struct takedowns_page){ .manner = *m,
						      .now = FILLED_NOW,
						      .open = &f->line,
						      .n_open = 1,
						      .open_count = 300,
						      .late_count = 1,
						      .closed = &f->line,
						      .n_closed = 1,
						      .closed_count = 300,
						      .newest = 3,
						      .hosts = f->hosts,
						      .n_hosts = 2,
						      .all = &f->all });
}

static void fill_takedown_list(const struct page_manner *m, struct buf *out)
{
	page_takedown_list(out, &(struct takedown_list_page){
					.manner = *m, .place = { 2, 0, 3, 1 }, .lines = &filled_rows()->line, .n = 1 });
}

static void fill_campaign(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();

	page_campaign(out, &(struct campaign_page){ .manner = *m,
						    .row = &f->campaign,
						    .findings = f->found,
						    .n = 2,
						    .contacts = f->contacts,
						    .n_contacts = 1,
						    .related = &f->campaign,
						    .n_related = 1 });
}

static void fill_campaigns(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();

	page_campaigns(out, &(struct campaigns_page){ .manner = *m,
						      .now = FILLED_NOW,
						      .rows = &f->campaign,
						      .n = 1,
						      .more = true,
						      .newest = 3,
						      .n_drawn = 1,
						      .dots = f->dots,
						      .n_dots = 2 });
}

static void fill_campaign_list(const struct page_manner *m, struct buf *out)
{
	page_campaign_list(
		out, &(struct campaign_list_page){ *m, { .number = 2, .before = 3, .after = 1 }, &filled_rows()->campaign, 1 });
}

static const struct day_line filled_day = { .at = INT64_C(1795392000000000), .n = { 1, 2, 3, 4 }, .list = 7 };

static void fill_days(const struct page_manner *m, struct buf *out)
{
	page_days(out, &(struct days_page){ *m, &filled_day, 1, .older = 1, .newer = FILLED_NOW });
}

static void fill_ways(const struct page_manner *m, struct buf *out)
{
	struct day_line day = filled_day;
	const struct finding_sums sums = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, &day, 1 };

	page_ways(out, &(struct ways_page){ *m, &sums, 9, filled_rows()->by_source, 1 });
}

static void fill_sources(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();
	const struct source_line line = { f->sources, f->coverage, 3 };

	page_sources(out, &(struct sources_page){ .manner = *m,
						  .now = FILLED_NOW,
						  .place = page_place("sources", 2, 3),
						  .lines = &line,
						  .n = 1,
						  .all = 201,
						  .ill = 1,
						  .seen = 50 });
}

static void fill_source(const struct page_manner *m, struct buf *out)
{
	const struct filled *f = filled_rows();

	page_source(
		out,
		&(struct source_page){
			.manner = *m, .line = { f->sources, f->coverage, 3 }, .findings = &f->finding, .n = 1, .more = true });
}

static void fill_assets(const struct page_manner *m, struct buf *out)
{
	page_assets(out, &(struct assets_page){
				 .manner = *m, .place = page_place("assets", 1, 2), .assets = &filled_rows()->asset, .n = 1 });
}

static void fill_about(const struct page_manner *m, struct buf *out)
{
	page_about(out, &(struct about_page){ .manner = *m,
					      .now = FILLED_NOW,
					      .anchor = filled_canary(SEES_CUSTODY, "anchor"),
					      .versions = filled_rows()->versions,
					      .n_versions = 1 });
}

static void fill_purged(const struct page_manner *m, struct buf *out)
{
	page_purged(out, &(struct purged_page){
				 .manner = *m, .now = FILLED_NOW, .rows = filled_rows()->purged, .n = 1, .more = true });
}

static inline void fill_feed(const struct page_manner *m, int form, struct buf *out)
{
	const struct feed_facts facts = { m, STR("https://reports.example.com/"), true };
	struct feed_writer feed;

	feed_init(&feed, &feed_forms[form], &facts);
	feed_add(&feed, &filled_rows()->finding);
	feed_finish(&feed, out);
	feed_release(&feed);
}

static void fill_atom(const struct page_manner *m, struct buf *out)
{
	fill_feed(m, 0, out);
}

static void fill_json_feed(const struct page_manner *m, struct buf *out)
{
	fill_feed(m, 1, out);
}

static void fill_rows_of_json(const struct page_manner *m, struct buf *out)
{
	fill_feed(m, 2, out);
}

static void fill_table(const struct page_manner *m, struct buf *out)
{
	fill_feed(m, 3, out);
}

struct filled_page {
	const char *name;
	void (*put)(const struct page_manner *m, struct buf *out);
	unsigned shows; /* of which a canary is there for who sees all */
	unsigned needs; /* an audience without it has no such page: the report decides */
};
static const struct filled_page filled_pages[] = {
	{ "finding", fill_finding, SEES_ALL & ~(unsigned)SEES_LETTERS, 0 },
	{ "list", fill_list, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES, 0 },
	{ "picked", fill_picked, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES, 0 },
	{ "index", fill_index, SEES_TEXTS | SEES_SOURCES | SEES_OPERATORS | SEES_CUSTODY, 0 },
	{ "takedown", fill_takedown,
	  SEES_ADDRESSES | SEES_AUTHORS | SEES_SOURCES | SEES_OPERATORS | SEES_LETTERS | SEES_CUSTODY, 0 },
	{ "exhibit", fill_exhibit, SEES_ALL & ~(unsigned)SEES_SAMPLES, 0 },
	{ "takedowns", fill_takedowns, SEES_TEXTS | SEES_ADDRESSES, 0 },
	{ "list of takedowns", fill_takedown_list, SEES_TEXTS, 0 },
	{ "campaign", fill_campaign, SEES_TEXTS | SEES_SAMPLES | SEES_AUTHORS | SEES_SOURCES, 0 },
	{ "campaigns", fill_campaigns, SEES_TEXTS, 0 },
	{ "list of campaigns", fill_campaign_list, SEES_TEXTS, 0 },
	{ "days", fill_days, 0, 0 },
	{ "ways", fill_ways, SEES_SOURCES, 0 },
	{ "sources", fill_sources, SEES_SOURCES, SEES_SOURCES },
	{ "source", fill_source, SEES_SOURCES | SEES_ADDRESSES | SEES_TEXTS | SEES_AUTHORS, SEES_SOURCES },
	{ "assets", fill_assets, 0, 0 },
	{ "about", fill_about, SEES_CUSTODY, 0 },
	{ "purged", fill_purged, SEES_CUSTODY, SEES_CUSTODY },
	{ "feed.atom.xml", fill_atom, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES | SEES_ADDRESSES, 0 },
	{ "feed.json", fill_json_feed, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES | SEES_ADDRESSES, 0 },
	{ "findings.json", fill_rows_of_json, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES | SEES_ADDRESSES, 0 },
	{ "findings.csv", fill_table, SEES_TEXTS | SEES_AUTHORS | SEES_SOURCES | SEES_ADDRESSES, 0 },
};
enum { FILLED_PAGES = sizeof(filled_pages) / sizeof(filled_pages[0]) };

#endif
