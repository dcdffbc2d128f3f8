/* comparison.c - is a new model of threat language as good as the one in force? */
#include "desk/comparison.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "desk/assess.h"

const double comparison_slack = 0.005;

struct comparison {
	struct assessor readers[SIDES];
	struct judged *rows[SIDES][CATEGORIES];
	size_t n[CATEGORIES], room[CATEGORIES];
};

static int open_reader(struct assessor *x, struct str model, struct err *err)
{
	char cache[PATH_MAX];
	const struct classifier_options options = { .model = model,
						    .model_name = "a model to compare",
						    .cache = cache_folder(cache, sizeof(cache)) };

	x->a = arena_new(LIMIT_ARENA);
	x->classifier = classifier_new(&options, err);
	x->scratch = x->classifier ? classify_scratch_new(x->classifier, err) : NULL;
	if (x->scratch && *classifier_model_fault(x->classifier))
		return err_set(err, E_USAGE, "%.550s", classifier_model_fault(x->classifier));
	return x->scratch ? 0 : err->code;
}

struct comparison *comparison_new(struct str old_model, struct str new_model, struct err *err)
{
	struct comparison *c = must_alloc(1, sizeof(*c));

	if (open_reader(&c->readers[SIDE_OLD], old_model, err) == 0 && open_reader(&c->readers[SIDE_NEW], new_model, err) == 0)
		return c;
	comparison_free(c);
	return NULL;
}

void comparison_free(struct comparison *c)
{
	if (!c)
		return;
	for (int s = 0; s < SIDES; s++) {
		assessor_release(&c->readers[s]);
		for (int h = 0; h < CATEGORIES; h++)
			free(c->rows[s][h]);
	}
	free(c);
}

static void make_room(struct comparison *c, int head)
{
	if (c->n[head] < c->room[head])
		return;
	c->room[head] = c->room[head] ? 2 * c->room[head] : 1024;
	for (int s = 0; s < SIDES; s++)
		c->rows[s][head] = must_realloc(c->rows[s][head], c->room[head] * sizeof(struct judged));
}

int comparison_add(void *comparison, const struct labelled *row, struct err *err)
{
	struct comparison *c = comparison;
	struct assessment said[SIDES];
	size_t replaced;

	for (int s = 0; s < SIDES; s++) {
		struct assessor *x = &c->readers[s];

		arena_clear(x->a);
		classify(x->classifier, x->scratch, x->a, utf8_clean(x->a, row->text, &replaced), &said[s]);
	}
	for (int h = 0; h < CATEGORIES; h++) {
		if (row->heads[h] < 0)
			continue;
		if (c->n[h] >= LIMIT_EVAL_TEXTS)
			return err_set(err, E_LIMIT, "more than %d texts", LIMIT_EVAL_TEXTS);
		make_room(c, h);
		for (int s = 0; s < SIDES; s++)
			c->rows[s][h][c->n[h]] = (struct judged){ said[s].category[h], row->heads[h] == 1 };
		c->n[h]++;
	}
	return 0;
}

void comparison_of(struct comparison *c, enum category head, struct fared *out)
{
	*out = (struct fared){ .n = c->n[head] };
	for (int s = 0; s < SIDES; s++) {
		struct judged *rows = c->rows[s][head];

		metrics_sort(rows, out->n);
		out->average_precision[s] = metrics_average_precision(rows, out->n);
		out->recall[s] = metrics_recall_at(rows, out->n, metrics_threshold_for(rows, out->n, 0.01));
	}
	out->positives = metrics_reach(c->rows[SIDE_OLD][head], out->n, true, -INFINITY);
	out->fell = out->positives >= COMPARISON_ENOUGH &&
		    out->average_precision[SIDE_NEW] < out->average_precision[SIDE_OLD] - comparison_slack;
}
