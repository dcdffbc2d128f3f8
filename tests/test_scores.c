/* test_scores.c - labelled texts in groups: which are ordinary, what belongs together, what the gate costs */
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "desk/scores.h"

enum { LABEL_UNKNOWN = -1 };

/* One text whose only head of interest is violence. */
struct line {
	const char *source, *lang, *kind;
	int label;
	double score;
	bool passed;
	double ungated;
};

/* Two everyday sources, one with positives, and texts written by hand. */
static const struct line lines[] = {
	{ "news", "en", "", 0, 0.0, true, 0.0 },	   { "news", "en", "", 0, 0.3, true, 0.3 },
	{ "chat", "en", "", 0, 0.0, false, 0.6 },	   { "chat", "de", "", LABEL_UNKNOWN, 0.9, true, 0.9 },
	{ "threats", "en", "", 1, 0.8, true, 0.8 },	   { "threats", "en", "", 0, 0.6, false, 0.7 },
	{ "own/plain", "en", "plain", 1, 0.9, true, 0.9 }, { "own/plain", "de", "plain", 1, 0.1, false, 0.8 },
	{ "own/joke", "de", "joke", 0, 0.2, true, 0.2 },
};

static int add_line(struct scores *s, const struct line *l, struct err *err)
{
	const struct labelled row = { .source = str_of(l->source),
				      .lang = str_of(l->lang),
				      .kind = str_of(l->kind),
				      .heads = { (int8_t)l->label, 0, 0, 0, -1 } };
	const struct assessment gated = { .category = { l->score }, .learned = l->passed };
	const struct assessment ungated = { .category = { l->ungated }, .learned = true };

	return scores_add(s, &row, &gated, &ungated, err);
}

static struct scores *all_lines(const char *ordinary)
{
	struct scores *s = scores_new();
	struct err err = { 0 };

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(add_line(s, &lines[i], &err), 0);
	assert_int_equal(scores_choose_ordinary(s, ordinary, &err), 0);
	return s;
}

static const struct scores_name *name_of(const struct scores *s, enum scores_by by, const char *text)
{
	for (size_t i = 0; i < s->names[by].n; i++)
		if (str_eq(s->names[by].items[i]->text, str_of(text)))
			return s->names[by].items[i];
	fail_msg("no name %s", text);
	return NULL;
}

static void sources_without_a_positive_are_ordinary_and_hand_written_ones_never(void **state)
{
	AUTO_FREE(scores) s = all_lines(NULL);

	(void)state;
	assert_int_equal(s->names[BY_SOURCE].n, 4);
	assert_true(name_of(s, BY_SOURCE, "chat")->ordinary);
	assert_true(name_of(s, BY_SOURCE, "news")->ordinary);
	assert_false(name_of(s, BY_SOURCE, "threats")->ordinary);
	assert_false(name_of(s, BY_SOURCE, "own")->ordinary);
	assert_int_equal(scores_ordinary(s), 4);
}

static void ordinary_sources_can_be_named(void **state)
{
	AUTO_FREE(scores) s = all_lines("threats, news");
	struct err err = { 0 };
	struct cuts cuts;

	(void)state;
	assert_true(name_of(s, BY_SOURCE, "threats")->ordinary);
	assert_false(name_of(s, BY_SOURCE, "chat")->ordinary);
	scores_cut(s, CATEGORY_VIOLENCE, &cuts);
	assert_int_equal(cuts.n, 3); /* the threat itself is not an ordinary text */
	assert_int_equal(scores_choose_ordinary(s, "nobody", &err), E_USAGE);
	assert_non_null(strstr(err.text, "\"nobody\""));
	assert_int_equal(scores_choose_ordinary(s, "own", &err), E_USAGE);
}

static void groups_hold_what_belongs_to_them(void **state)
{
	static const struct {
		const char *why;
		enum scores_by by;
		const char *name;
		size_t n, positives;
		double recall, false_alarms; /* at 0.5 */
	} rows[] = {
		{ "a source", BY_SOURCE, "threats", 2, 1, 1, 1 },
		{ "texts of unknown label are left out", BY_SOURCE, "chat", 1, 0, NAN, 0 },
		{ "kinds written by hand are one source", BY_SOURCE, "own", 3, 2, 0.5, 0 },
		{ "languages are of texts written by hand", BY_LANGUAGE, "en", 1, 1, 1, NAN },
		{ "both labels", BY_LANGUAGE, "de", 2, 1, 0, 0 },
		{ "a kind", BY_KIND, "plain", 2, 2, 0.5, NAN },
		{ "a kind without positives", BY_KIND, "joke", 1, 0, NAN, 0 },
		{ "all of them", BY_SOURCE, NULL, 8, 3, 2.0 / 3, 0.2 },
	};
	AUTO_FREE(scores) s = all_lines(NULL);
	struct cuts cuts;

	(void)state;
	scores_cut(s, CATEGORY_VIOLENCE, &cuts);
	assert_int_equal(cuts.n, 3);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct measure m;

		scores_measure(s, CATEGORY_VIOLENCE, rows[i].by, rows[i].name ? name_of(s, rows[i].by, rows[i].name) : NULL,
			       &cuts, &m);
		if (m.n != rows[i].n || m.positives != rows[i].positives)
			fail_msg("%s: %zu texts, %zu positives", rows[i].why, m.n, m.positives);
		if (!(isnan(rows[i].recall) ? isnan(m.recall[CUT_HALF]) : fabs(m.recall[CUT_HALF] - rows[i].recall) < 1e-9))
			fail_msg("%s: recall %g", rows[i].why, m.recall[CUT_HALF]);
		if (!(isnan(rows[i].false_alarms) ? isnan(m.false_alarms[CUT_HALF])
						  : fabs(m.false_alarms[CUT_HALF] - rows[i].false_alarms) < 1e-9))
			fail_msg("%s: false alarms %g", rows[i].why, m.false_alarms[CUT_HALF]);
	}
}

static void precision_is_among_all_ordinary_texts(void **state)
{
	AUTO_FREE(scores) s = all_lines("news,threats");
	struct measure m;
	struct cuts cuts;

	(void)state;
	scores_cut(s, CATEGORY_VIOLENCE, &cuts);
	assert_int_equal(cuts.reach[CUT_PERCENT], 0); /* 1 % of three texts is none */
	assert_int_equal(cuts.reach[CUT_HALF], 1);
	scores_measure(s, CATEGORY_VIOLENCE, BY_KIND, name_of(s, BY_KIND, "plain"), &cuts, &m);
	assert_float_equal(m.precision[CUT_HALF], 0.5, 1e-9);
	assert_float_equal(m.precision[CUT_PERCENT], 1, 1e-9);
	assert_float_equal(m.recall[CUT_PERCENT], 0.5, 1e-9);
}

static void without_ordinary_texts_thresholds_are_unknown(void **state)
{
	AUTO_FREE(scores) s = scores_new();
	struct err err = { 0 };
	struct calibration c;
	struct measure m;
	struct cuts cuts;

	(void)state;
	assert_int_equal(add_line(s, &lines[6], &err), 0);
	assert_int_equal(scores_choose_ordinary(s, NULL, &err), 0);
	scores_cut(s, CATEGORY_VIOLENCE, &cuts);
	scores_measure(s, CATEGORY_VIOLENCE, BY_SOURCE, NULL, &cuts, &m);
	assert_true(isnan(cuts.threshold[CUT_PERCENT]) && isnan(m.recall[CUT_PERCENT]) && isnan(m.precision[CUT_HALF]));
	assert_float_equal(m.recall[CUT_HALF], 1, 1e-9);
	scores_calibrate(s, CATEGORY_VIOLENCE, 300, &c);
	assert_true(isnan(c.error) && isnan(c.bin[3].truth));
}

static void reliability_counts_positives_against_ordinary_texts(void **state)
{
	static const size_t wanted[SCORES_BINS][2] = { { 1, 0 }, { 0, 1 }, { 0, 0 }, { 2, 0 }, { 0, 0 } };
	AUTO_FREE(scores) s = all_lines(NULL);
	struct calibration c;

	(void)state;
	scores_calibrate(s, CATEGORY_VIOLENCE, 300, &c);
	assert_int_equal(c.positives, 3);
	assert_int_equal(c.ordinary, 3);
	for (int b = 0; b < SCORES_BINS; b++) {
		assert_int_equal(c.bin[b].positives, wanted[b][0]);
		assert_int_equal(c.bin[b].ordinary, wanted[b][1]);
	}
	assert_float_equal(c.bin[3].truth, 1, 1e-9);
	assert_float_equal(c.bin[1].truth, 0, 1e-9);
}

static void the_gate_loses_what_it_stops_and_no_rule_flags(void **state)
{
	AUTO_FREE(scores) s = all_lines(NULL);
	struct gate_count g;

	(void)state;
	scores_gate(s, CATEGORY_VIOLENCE, &g);
	assert_int_equal(g.flagged, 6);
	assert_int_equal(g.passed, 3);
	assert_int_equal(g.ruled, 1);
	assert_int_equal(g.lost, 2);
	assert_int_equal(g.lost_so, 1);
	scores_gate(s, CATEGORIES, &g);
	assert_int_equal(g.flagged, 6);
	scores_gate(s, CATEGORY_LEAK, &g);
	assert_int_equal(g.flagged, 0);
	assert_int_equal(scores_gate_ordinary(s), 3);
}

static void too_many_names_are_refused(void **state)
{
	AUTO_FREE(scores) s = scores_new();
	struct err err = { 0 };
	char source[32];

	(void)state;
	for (int i = 0; i < LIMIT_EVAL_NAMES; i++) {
		snprintf(source, sizeof(source), "source %d", i);
		assert_int_equal(add_line(s, &(struct line){ source, "en", "", 0 }, &err), 0);
	}
	assert_int_equal(add_line(s, &(struct line){ "one more", "en", "", 0 }, &err), E_LIMIT);
	assert_int_equal(add_line(s, &(struct line){ "source 7", "en", "", 0 }, &err), 0);
	for (size_t i = 1; i < s->names[BY_SOURCE].n; i++)
		assert_true(str_cmp(s->names[BY_SOURCE].items[i - 1]->text, s->names[BY_SOURCE].items[i]->text) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources_without_a_positive_are_ordinary_and_hand_written_ones_never),
		cmocka_unit_test(ordinary_sources_can_be_named),
		cmocka_unit_test(groups_hold_what_belongs_to_them),
		cmocka_unit_test(precision_is_among_all_ordinary_texts),
		cmocka_unit_test(without_ordinary_texts_thresholds_are_unknown),
		cmocka_unit_test(reliability_counts_positives_against_ordinary_texts),
		cmocka_unit_test(the_gate_loses_what_it_stops_and_no_rule_flags),
		cmocka_unit_test(too_many_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
