/* scores.c - labelled texts with what the classifier said of them */
#include "desk/scores.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"

const double scores_bins[SCORES_BINS + 1] = { 0.05, 0.2, 0.5, 0.8, 0.95, INFINITY };

struct scores *scores_new(void)
{
	struct scores *s = must_alloc(1, sizeof(*s));

	s->a = arena_new(LIMIT_ARENA);
	return s;
}

void scores_free(struct scores *s)
{
	if (!s)
		return;
	arena_free(s->a);
	free(s->rows);
	free(s->judged);
	free(s);
}

/* Where `text` is among the names, or would be: the first that is not before it. */
static size_t place_of(const struct scores_names *names, struct str text)
{
	size_t low = 0, high = names->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (str_cmp(names->items[middle]->text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct scores_name *find_name(const struct scores_names *names, struct str text)
{
	size_t at = place_of(names, text);

	return at < names->n && str_eq(names->items[at]->text, text) ? names->items[at] : NULL;
}

static struct scores_name *add_name(struct scores *s, enum scores_by by, struct str text)
{
	struct scores_names *names = &s->names[by];
	struct scores_name *made = arena_alloc(s->a, sizeof(*made));
	size_t at = place_of(names, text);

	made->text = arena_copy(s->a, text);
	arena_push(s->a, &names->items, &names->n, sizeof(struct scores_name *));
	memmove(names->items + at + 1, names->items + at, (names->n - 1 - at) * sizeof(struct scores_name *));
	names->items[at] = made;
	return made;
}

static int name_of(struct scores *s, enum scores_by by, struct str text, struct scores_name **out, struct err *err)
{
	struct scores_name *found = find_name(&s->names[by], text);

	if (!found && s->names[by].n >= LIMIT_EVAL_NAMES)
		return err_set(err, E_LIMIT, "more than %d different sources, languages or kinds", LIMIT_EVAL_NAMES);
	*out = found ? found : add_name(s, by, text);
	return 0;
}

static int name_row(struct scores *s, const struct labelled *row, struct scored *out, struct err *err)
{
	struct str own = STR("own/"), kind = row->kind;
	struct scores_name *name;

	out->by_hand = str_starts(row->source, own);
	if (!kind.n)
		kind = str_slice(row->source, own.n, row->source.n);
	if (name_of(s, BY_SOURCE, out->by_hand ? STR("own") : row->source, &name, err) < 0)
		return err->code;
	for (int h = 0; h < CATEGORIES; h++)
		name->positive |= row->heads[h] == 1;
	out->name[BY_SOURCE] = name;
	if (name_of(s, BY_LANGUAGE, row->lang.n ? row->lang : STR("-"), &name, err) < 0)
		return err->code;
	out->name[BY_LANGUAGE] = name;
	if (out->by_hand && name_of(s, BY_KIND, kind, &name, err) < 0)
		return err->code;
	out->name[BY_KIND] = out->by_hand ? name : NULL;
	return 0;
}

int scores_add(struct scores *s, const struct labelled *row, const struct assessment *gated, const struct assessment *ungated,
	       struct err *err)
{
	struct scored made = { .reports = gated->reports, .passed = gated->learned };

	if (s->n >= LIMIT_EVAL_TEXTS)
		return err_set(err, E_LIMIT, "more than %d texts", LIMIT_EVAL_TEXTS);
	if (name_row(s, row, &made, err) < 0)
		return err->code;
	memcpy(made.labels, row->heads, sizeof(made.labels));
	for (int h = 0; h < CATEGORIES; h++) {
		made.score[h] = gated->category[h] > gated->words[h] ? gated->category[h] : gated->words[h];
		made.ungated[h] = ungated->category[h] >= 0.5;
	}
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 1024;
		s->rows = must_realloc(s->rows, s->room * sizeof(*s->rows));
	}
	s->rows[s->n++] = made;
	return 0;
}

static int choose_named(struct scores *s, struct str list, struct err *err)
{
	struct str piece;

	while (str_split(&list, ',', &piece)) {
		struct scores_name *name = find_name(&s->names[BY_SOURCE], str_trim(piece));

		if (!name)
			return err_set(err, E_USAGE, "--ordinary: no text is of the source \"%.80s\"",
				       arena_copy(s->a, str_trim(piece)).p);
		if (str_eq(name->text, STR("own")))
			return err_set(err, E_USAGE,
				       "--ordinary: texts written by hand are not ordinary, expected other sources");
		name->ordinary = true;
	}
	return 0;
}

int scores_choose_ordinary(struct scores *s, const char *list, struct err *err)
{
	const struct scores_names *sources = &s->names[BY_SOURCE];

	s->judged = must_realloc(s->judged, (s->n + 1) * sizeof(*s->judged));
	if (list)
		return choose_named(s, str_of(list), err);
	for (size_t i = 0; i < sources->n; i++)
		sources->items[i]->ordinary = !sources->items[i]->positive && !str_eq(sources->items[i]->text, STR("own"));
	return 0;
}

static bool is_ordinary(const struct scored *row)
{
	return row->name[BY_SOURCE]->ordinary;
}

size_t scores_ordinary(const struct scores *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += is_ordinary(&s->rows[i]);
	return n;
}

void scores_cut(const struct scores *s, enum category head, struct cuts *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (is_ordinary(&s->rows[i]) && s->rows[i].labels[head] == 0)
			s->judged[n++] = (struct judged){ s->rows[i].score[head], false };
	metrics_sort(s->judged, n);
	*out = (struct cuts){ n };
	out->threshold[CUT_PERCENT] = metrics_threshold_for(s->judged, n, 0.01);
	out->threshold[CUT_PERMILLE] = metrics_threshold_for(s->judged, n, 0.001);
	out->threshold[CUT_HALF] = 0.5;
	for (int c = 0; c < CUTS; c++)
		out->reach[c] = metrics_reach(s->judged, n, false, out->threshold[c]);
}

static bool is_in(const struct scored *row, enum scores_by by, const struct scores_name *name)
{
	if (!name)
		return true;
	return row->name[by] == name && (by == BY_SOURCE || row->by_hand);
}

/* Precision among the positives of a group and all ordinary texts. */
static double precision(size_t hits, size_t alarms)
{
	return hits + alarms ? (double)hits / (double)(hits + alarms) : NAN;
}

void scores_measure(const struct scores *s, enum category head, enum scores_by by, const struct scores_name *name,
		    const struct cuts *cuts, struct measure *out)
{
	struct judged *group = s->judged;

	*out = (struct measure){ 0 };
	for (size_t i = 0; i < s->n; i++) {
		const struct scored *row = &s->rows[i];

		if (row->labels[head] < 0 || !is_in(row, by, name))
			continue;
		group[out->n++] = (struct judged){ row->score[head], row->labels[head] == 1 };
		out->positives += row->labels[head] == 1;
	}
	metrics_sort(group, out->n);
	out->roc_auc = metrics_roc_auc(group, out->n);
	out->average_precision = out->positives < out->n ? metrics_average_precision(group, out->n) : NAN;
	for (int c = 0; c < CUTS; c++) {
		double t = cuts->threshold[c];
		size_t hits = metrics_reach(group, out->n, true, t);

		out->recall[c] = metrics_recall_at(group, out->n, t);
		out->precision[c] = out->positives && cuts->n ? precision(hits, cuts->reach[c]) : NAN;
		out->false_alarms[c] = metrics_false_alarms_at(group, out->n, t);
	}
}

static void count_bins(const struct judged *rows, size_t n, struct calibration *out)
{
	for (int b = 0; b < SCORES_BINS; b++) {
		double low = scores_bins[b], high = scores_bins[b + 1];

		out->bin[b].positives = metrics_reach(rows, n, true, low) - metrics_reach(rows, n, true, high);
		out->bin[b].ordinary = metrics_reach(rows, n, false, low) - metrics_reach(rows, n, false, high);
	}
}

void scores_calibrate(const struct scores *s, enum category head, double prior, struct calibration *out)
{
	size_t n = 0;

	*out = (struct calibration){ 0 };
	for (size_t i = 0; i < s->n; i++) {
		int label = s->rows[i].labels[head];

		if (label == 1 || (label == 0 && is_ordinary(&s->rows[i])))
			s->judged[n++] = (struct judged){ s->rows[i].score[head], label == 1 };
	}
	metrics_sort(s->judged, n);
	out->error = metrics_calibration_error(s->judged, n, 1 / prior);
	out->positives = metrics_reach(s->judged, n, true, -INFINITY);
	out->ordinary = n - out->positives;
	count_bins(s->judged, n, out);
	for (int b = 0; b < SCORES_BINS; b++)
		out->bin[b].truth = metrics_truth_at((double)out->bin[b].positives / (double)out->positives,
						     (double)out->bin[b].ordinary / (double)out->ordinary, 1 / prior);
}

/* One text as the gate meets it, for one head. */
static void count_gate(const struct scored *row, int head, struct gate_count *sum)
{
	bool lost = !row->passed && row->score[head] < 0.5;

	if (!row->ungated[head])
		return;
	sum->flagged++;
	sum->passed += row->passed;
	sum->ruled += !row->passed && !lost;
	sum->lost += lost;
	sum->lost_so += lost && row->labels[head] == 1;
}

void scores_gate(const struct scores *s, int head, struct gate_count *out)
{
	*out = (struct gate_count){ 0 };
	for (size_t i = 0; i < s->n; i++) {
		struct gate_count one = { 0 };

		for (int h = 0; h < CATEGORIES; h++)
			if (head == h || head == CATEGORIES)
				count_gate(&s->rows[i], h, &one);
		out->flagged += one.flagged > 0;
		out->passed += one.passed > 0;
		out->lost += one.lost > 0;
		out->lost_so += one.lost_so > 0;
		out->ruled += one.ruled > 0 && one.lost == 0;
	}
}

size_t scores_gate_ordinary(const struct scores *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += is_ordinary(&s->rows[i]) && s->rows[i].passed;
	return n;
}
