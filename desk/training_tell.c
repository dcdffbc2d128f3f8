/* training_tell.c - what a fit was made of, and what it says of texts that it did not see */
#include "desk/training_tell.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/must.h"
#include "desk/metrics.h"
#include "desk/print.h"

static void put_number(struct json_writer *w, const char *key, double value)
{
	if (isnan(value))
		json_put_null(w, key);
	else
		json_put_real(w, key, value);
}

/* Recall of a head, from models that did not see the row's fold. */
struct recall {
	size_t others; /* by which the thresholds are set */
	bool ordinary; /* those are ordinary texts; else all that are not so */
	double percent, permille;
};

static size_t collect(const struct training *t, int head, bool ordinary, struct judged *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].heads[head] == 1 || (t->rows[i].heads[head] == 0 && (!ordinary || t->rows[i].ordinary)))
			rows[n++] = (struct judged){ fit_unseen_score(t->fit, i, (enum language_head)head),
						     t->rows[i].heads[head] == 1 };
	metrics_sort(rows, n);
	return n;
}

static void recall_of(const struct training *t, int head, struct recall *out)
{
	struct judged *rows = must_alloc(t->n + 1, sizeof(*rows));
	size_t n = collect(t, head, true, rows);

	out->others = metrics_reach(rows, n, false, -INFINITY);
	out->ordinary = out->others > 0;
	if (!out->ordinary) {
		n = collect(t, head, false, rows);
		out->others = metrics_reach(rows, n, false, -INFINITY);
	}
	out->percent = metrics_recall_at(rows, n, metrics_threshold_for(rows, n, 0.01));
	out->permille = metrics_recall_at(rows, n, metrics_threshold_for(rows, n, 0.001));
	free(rows);
}

static void head_json(const struct training *t, int head, const struct recall *r)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "table", STR("head"));
	json_put_text(&w, "head", str_of(language_head_names[head]));
	json_put_int(&w, "positives", (int64_t)fit_count(t->fit, (enum language_head)head, 1));
	json_put_int(&w, "negatives", (int64_t)fit_count(t->fit, (enum language_head)head, 0));
	json_put_bool(&w, "by_ordinary", r->ordinary);
	put_number(&w, "recall_1%", r->percent);
	put_number(&w, "recall_0.1%", r->permille);
	json_close(&w, '}');
	print_json(&out);
}

void training_tell_heads(const struct training *t, bool json, bool started)
{
	struct recall x;

	if (!json)
		print("%-10s %8s %8s   recall where 1 %% and 0.1 %% of others pass, of texts that were left out%s\n", "", "so",
		      "not so", started ? "\n(which the model that the fit began with may have seen)" : "");
	for (int h = 0; h < LANGUAGE_HEADS; h++) {
		recall_of(t, h, &x);
		if (json) {
			head_json(t, h, &x);
			continue;
		}
		print("%-10s %8zu %8zu   ", language_head_names[h], fit_count(t->fit, (enum language_head)h, 1),
		      fit_count(t->fit, (enum language_head)h, 0));
		if (isnan(x.percent))
			print("-\n");
		else
			print("%.3f  %.3f  of %zu %s\n", x.percent, x.permille, x.others,
			      x.ordinary ? "ordinary texts" : "texts of all kinds");
	}
}

struct source_count {
	struct str name;
	size_t n, positives;
};

static struct str source_name(const struct trained *row)
{
	struct str rest = row->source, first;

	return row->kind.n && str_split(&rest, '/', &first) ? first : row->source;
}

static struct source_count *count_sources(struct training *t, size_t *n)
{
	struct source_count *all = NULL;
	size_t k;

	*n = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct str name = source_name(&t->rows[i]);
		bool positive = false;

		for (k = 0; k < *n && !str_eq(all[k].name, name); k++)
			continue;
		if (k == *n && *n < LIMIT_EVAL_NAMES)
			*(struct source_count *)arena_push(t->a, &all, n, sizeof(*all)) = (struct source_count){ name, 0, 0 };
		for (int h = 0; h < LANGUAGE_REPORT; h++)
			positive |= t->rows[i].heads[h] == 1;
		if (k < *n) {
			all[k].n++;
			all[k].positives += positive;
		}
	}
	return all;
}

static void source_json(const struct source_count *s)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "table", STR("source"));
	json_put_text(&w, "source", s->name);
	json_put_int(&w, "texts", (int64_t)s->n);
	json_put_int(&w, "positives", (int64_t)s->positives);
	json_close(&w, '}');
	print_json(&out);
}

void training_tell_sources(struct training *t, bool json)
{
	size_t n;
	const struct source_count *all = count_sources(t, &n);

	for (size_t i = 0; i < n; i++) {
		if (json) {
			source_json(&all[i]);
			continue;
		}
		if (i == 0)
			print("\n  %-40s %8s %8s\n", "source", "texts", "so");
		print("  ");
		print_text(all[i].name, false, 40);
		print(" %8zu %8zu\n", all[i].n, all[i].positives);
	}
}

static void unseen_json(const void *training, size_t i, struct buf *out)
{
	const struct training *t = training;
	const struct trained *row = &t->rows[i];
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "source", row->source);
	json_put_text(&w, "kind", row->kind);
	json_put_text(&w, "lang", row->lang);
	json_open(&w, "labels", '{');
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		if (row->heads[h] >= 0)
			json_put_int(&w, language_head_names[h], row->heads[h]);
	json_close(&w, '}');
	json_open(&w, "odds", '[');
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		json_put_real(&w, NULL, fit_unseen(t->fit, i, (enum language_head)h));
	json_close(&w, ']');
	json_open(&w, "scores", '[');
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		json_put_real(&w, NULL, fit_unseen_score(t->fit, i, (enum language_head)h));
	json_close(&w, ']');
	json_close(&w, '}');
}

int training_write_unseen(const struct training *t, const char *path, struct err *err)
{
	return print_lines(path, unseen_json, t, t->n, err);
}
