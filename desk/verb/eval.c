/* eval.c - `watchdesk eval`: how well threats and leaks are told from everyday texts, measured on labelled ones */
#include <limits.h>
#include <math.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "desk/assess.h"
#include "desk/model.h"
#include "desk/rows.h"
#include "desk/scores.h"
#include "desk/verb.h"

struct evaluation {
	const struct invocation *invocation;
	struct assessor gated, ungated;
	struct scores *scores;
	int64_t prior;
	struct model_file model;
};

static const char *const cut_names[CUTS] = { "1%", "0.1%", "0.5" };
static const char *const by_names[SCORES_BY] = { "source", "language", "kind" };

/* ---- reading ---- */

static int open_assessor(struct assessor *x, const struct classifier_options *options, struct err *err)
{
	x->classifier = classifier_new(options, err);
	x->scratch = x->classifier ? classify_scratch_new(x->classifier, err) : NULL;
	x->a = arena_new(LIMIT_ARENA);
	return x->scratch ? 0 : err->code;
}

static int open_both(struct evaluation *e, struct err *err)
{
	char cache[PATH_MAX];
	struct classifier_options options = { .cache = cache_folder(cache, sizeof(cache)) };
	const char *fault;

	model_file_choose(&e->model, &options);
	if (open_assessor(&e->gated, &options, err) < 0)
		return err->code;
	options.ungated = true;
	if (open_assessor(&e->ungated, &options, err) < 0)
		return err->code;
	fault = classifier_model_fault(e->gated.classifier);
	if (e->model.path && *fault)
		return err_set(err, E_USAGE, "%.550s", fault);
	return 0;
}

static void say(struct assessor *x, struct str text, struct assessment *out)
{
	size_t replaced;

	arena_clear(x->a);
	classify(x->classifier, x->scratch, x->a, utf8_clean(x->a, text, &replaced), out);
}

static int take_row(void *whose, const struct labelled *row, struct err *err)
{
	struct evaluation *e = whose;
	struct assessment gated, ungated;

	say(&e->gated, row->text, &gated);
	ungated = gated;
	if (!gated.learned || gated.n_layers > 1)
		say(&e->ungated, row->text, &ungated);
	return scores_add(e->scores, row, &gated, &ungated, err);
}

static int read_all(struct evaluation *e, struct err *err)
{
	const struct invocation *i = e->invocation;

	for (int k = 0; k < i->n; k++)
		if (rows_read(i->arguments[k], take_row, e, err) < 0)
			return err->code;
	if (e->scores->n == 0)
		return err_set(err, E_BAD, "%s: no labelled text in it", i->arguments[0]);
	return scores_choose_ordinary(e->scores, option_of(i, "ordinary"), err);
}

/* ---- printing ---- */

/* A number in a column; what cannot be told is a dash. */
static void column(int width, int decimals, double value)
{
	if (isnan(value))
		print("%*s", width, "-");
	else
		print("%*.*f", width, decimals, value);
}

static void put_number(struct json_writer *w, const char *key, double value)
{
	if (isnan(value))
		json_put_null(w, key);
	else
		json_put_real(w, key, value);
}

/* One value for each line that is drawn: {"1%": 0.98, ...}. */
static void put_cuts(struct json_writer *w, const char *key, const double values[CUTS])
{
	json_open(w, key, '{');
	for (int c = 0; c < CUTS; c++)
		put_number(w, cut_names[c], values[c]);
	json_close(w, '}');
}

/* A line of a table, whose members follow. */
static struct json_writer begin_line(struct buf *out, const char *table, int head)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "table", str_of(table));
	if (head >= 0)
		json_put_text(&w, "head", str_of(head < CATEGORIES ? category_names[head] : "any"));
	return w;
}

static void end_line(struct json_writer *w)
{
	json_close(w, '}');
	print_json(w->out);
}

static void measure_json(const char *table, enum category head, struct str name, const struct measure *m)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = begin_line(&out, table, (int)head);

	json_put_text(&w, "name", name);
	json_put_int(&w, "texts", (int64_t)m->n);
	json_put_int(&w, "positives", (int64_t)m->positives);
	put_number(&w, "roc_auc", m->roc_auc);
	put_number(&w, "pr_auc", m->average_precision);
	put_cuts(&w, "recall", m->recall);
	put_cuts(&w, "precision", m->precision);
	put_cuts(&w, "false_alarms", m->false_alarms);
	end_line(&w);
}

static void measure_print(struct str name, const struct measure *m)
{
	print_text(name, false, 25);
	print(" %7zu %6zu", m->n, m->positives);
	column(7, 3, m->roc_auc);
	column(6, 3, m->average_precision);
	for (int c = 0; c < CUTS; c++)
		column(6, 1, 100 * m->recall[c]);
	for (int c = 0; c < CUTS; c++)
		column(6, 1, 100 * m->precision[c]);
	column(8, 2, 100 * m->false_alarms[CUT_HALF]);
	print("\n");
}

static void measure_head(const char *by)
{
	print("\n%-25s %7s %6s  ---- AUC --- ---- recall %% ---- --- precision %% -- false %%\n", "", "", "");
	print("%s%-25s %7s %6s%7s%6s%6s%6s%6s%6s%6s%6s%8s%s\n", style("1"), by, "texts", "so", "ROC", "PR", "1%", "0.1%", "0.5",
	      "1%", "0.1%", "0.5", "at 0.5", style(""));
}

/* Nothing to tell of a group: no text in it is so, and none is taken for it. */
static bool is_quiet(const struct measure *m)
{
	return m->positives == 0 && !(m->false_alarms[CUT_HALF] > 0);
}

static void print_line(const struct evaluation *e, enum category head, enum scores_by by, struct str name,
		       const struct measure *m, bool *begun)
{
	if (e->invocation->json) {
		measure_json(by_names[by], head, name, m);
		return;
	}
	if (!*begun)
		measure_head(by == BY_SOURCE ? "source" : by == BY_LANGUAGE ? "own, by language" : "own, by kind");
	*begun = true;
	measure_print(name, m);
}

/* The table of languages or kinds, for texts written by hand, or that of sources. A terminal is spared the quiet lines. */
static void print_groups(const struct evaluation *e, enum category head, enum scores_by by, const struct cuts *cuts)
{
	const struct scores_names *names = &e->scores->names[by];
	size_t quiet = 0, quiet_texts = 0;
	bool begun = false;
	struct measure m;

	for (size_t i = 0; i < names->n; i++) {
		scores_measure(e->scores, head, by, names->items[i], cuts, &m);
		if (m.n == 0)
			continue;
		if (by == BY_SOURCE || e->invocation->json || !is_quiet(&m)) {
			print_line(e, head, by, names->items[i]->text, &m, &begun);
			continue;
		}
		quiet++;
		quiet_texts += m.n;
	}
	if (quiet)
		print("%squiet %ss: %zu, with %zu texts; none is so, none is flagged at 0.5\n", begun ? "" : "\nown, ",
		      by_names[by], quiet, quiet_texts);
}

static void print_cuts(const struct evaluation *e, enum category head, const struct cuts *cuts)
{
	double passed[CUTS];

	for (int c = 0; c < CUTS; c++)
		passed[c] = cuts->n ? (double)cuts->reach[c] / (double)cuts->n : NAN;
	if (e->invocation->json) {
		AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
		struct json_writer w = begin_line(&out, "thresholds", head);

		json_put_int(&w, "ordinary", (int64_t)cuts->n);
		put_cuts(&w, "threshold", cuts->threshold);
		put_cuts(&w, "false_alarms", passed);
		end_line(&w);
		return;
	}
	print("\n%s%s%s: %zu ordinary texts\n", style("1"), category_names[head], style(""), cuts->n);
	for (int c = 0; c < CUTS && cuts->n; c++)
		print("  %-5s is a score of %.4f: %zu of them (%.3f %%) pass\n", cut_names[c], cuts->threshold[c],
		      cuts->reach[c], 100 * passed[c]);
}

static void print_head(const struct evaluation *e, enum category head)
{
	struct measure all;
	struct cuts cuts;

	scores_cut(e->scores, head, &cuts);
	scores_measure(e->scores, head, BY_SOURCE, NULL, &cuts, &all);
	print_cuts(e, head, &cuts);
	print_groups(e, head, BY_SOURCE, &cuts);
	if (e->invocation->json)
		measure_json("all", head, STR("all"), &all);
	else
		measure_print(STR("all"), &all);
	print_groups(e, head, BY_LANGUAGE, &cuts);
	print_groups(e, head, BY_KIND, &cuts);
}

static void calibration_json(int head, const struct calibration *c)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = begin_line(&out, "calibration", head);

	json_put_int(&w, "positives", (int64_t)c->positives);
	json_put_int(&w, "ordinary", (int64_t)c->ordinary);
	put_number(&w, "error", c->error);
	end_line(&w);
	for (int b = 0; b < SCORES_BINS; b++) {
		buf_clear(&out);
		w = begin_line(&out, "reliability", head);
		json_put_real(&w, "from", scores_bins[b]);
		json_put_int(&w, "positives", (int64_t)c->bin[b].positives);
		json_put_int(&w, "ordinary", (int64_t)c->bin[b].ordinary);
		put_number(&w, "truth", c->bin[b].truth);
		end_line(&w);
	}
}

static void calibration_print(int head, const struct calibration *c)
{
	print("%-10s", category_names[head]);
	column(7, 4, c->error);
	for (int b = 0; b < SCORES_BINS; b++) {
		print(" %5zu %5zu", c->bin[b].positives, c->bin[b].ordinary);
		column(4, 0, 100 * c->bin[b].truth);
	}
	print("\n");
}

static void print_calibration(const struct evaluation *e)
{
	struct calibration c;

	if (!e->invocation->json)
		print("\n%scalibration%s, one post in %lld being so: texts that are so, ordinary ones, %% of posts that are "
		      "so\n"
		      "%-10s%7s   score 0.05-0.2         0.2-0.5         0.5-0.8        0.8-0.95          0.95-1\n",
		      style("1"), style(""), (long long)e->prior, "", "error");
	for (int h = 0; h < CATEGORIES; h++) {
		scores_calibrate(e->scores, (enum category)h, (double)e->prior, &c);
		if (e->invocation->json)
			calibration_json(h, &c);
		else
			calibration_print(h, &c);
	}
}

static void gate_line(const struct evaluation *e, int head)
{
	struct gate_count g;

	scores_gate(e->scores, head, &g);
	if (e->invocation->json) {
		AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
		struct json_writer w = begin_line(&out, "gate", head);

		json_put_int(&w, "flagged_without", (int64_t)g.flagged);
		json_put_int(&w, "passed", (int64_t)g.passed);
		json_put_int(&w, "stopped_but_ruled", (int64_t)g.ruled);
		json_put_int(&w, "lost", (int64_t)g.lost);
		json_put_int(&w, "lost_positives", (int64_t)g.lost_so);
		end_line(&w);
		return;
	}
	print("%-10s %15zu %8zu", head < CATEGORIES ? category_names[head] : "any", g.flagged, g.passed);
	column(8, 2, g.flagged ? 100 * (double)g.passed / (double)g.flagged : NAN);
	print(" %17zu %6zu %8zu\n", g.ruled, g.lost, g.lost_so);
}

static void print_gate(const struct evaluation *e)
{
	size_t ordinary = scores_ordinary(e->scores), passed = scores_gate_ordinary(e->scores);

	if (e->invocation->json) {
		AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
		struct json_writer w = begin_line(&out, "gate_ordinary", -1);

		json_put_int(&w, "ordinary", (int64_t)ordinary);
		json_put_int(&w, "passed", (int64_t)passed);
		end_line(&w);
	} else {
		print("\n%sthe gate%s: %zu of %zu ordinary texts pass", style("1"), style(""), passed, ordinary);
		if (ordinary)
			print(" (%.2f %%)", 100 * (double)passed / (double)ordinary);
		print("\n%-10s %15s %8s %7s %17s %6s %8s\n", "", "flagged without", "passed", "%", "stopped but ruled", "lost",
		      "truly so");
	}
	for (int h = 0; h <= CATEGORIES; h++)
		gate_line(e, h);
}

/* What was measured, and with what. */
static void print_texts(const struct evaluation *e)
{
	const struct scores_names *sources = &e->scores->names[BY_SOURCE];
	const char *fault = classifier_model_fault(e->gated.classifier);
	size_t ordinary = scores_ordinary(e->scores);

	if (e->invocation->json) {
		AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
		struct json_writer w = begin_line(&out, "texts", -1);

		json_put_text(&w, "model", str_of(*fault ? "" : e->model.name));
		json_put_int(&w, "texts", (int64_t)e->scores->n);
		json_put_int(&w, "ordinary", (int64_t)ordinary);
		json_open(&w, "ordinary_sources", '[');
		for (size_t i = 0; i < sources->n; i++)
			if (sources->items[i]->ordinary)
				json_put_text(&w, NULL, sources->items[i]->text);
		json_close(&w, ']');
		end_line(&w);
		return;
	}
	print("%zu texts of %zu sources, %s\n", e->scores->n, sources->n, *fault ? fault : e->model.name);
	print("%zu ordinary texts, by which thresholds are set, of:", ordinary);
	for (size_t i = 0; i < sources->n; i++)
		if (sources->items[i]->ordinary) {
			print("\n  ");
			print_text(sources->items[i]->text, false, 0);
		}
	print("%s\n", ordinary ? "" : " none");
}

static void print_all(const struct evaluation *e)
{
	print_texts(e);
	for (int h = 0; h < CATEGORIES; h++)
		print_head(e, (enum category)h);
	print_calibration(e);
	if (!*classifier_model_fault(e->gated.classifier))
		print_gate(e);
}

/* ---- scores for other tools ---- */

/* As rows name it: of texts written by hand "own/KIND". */
static void put_source(struct json_writer *w, const struct scored *row)
{
	struct str kind = row->by_hand ? row->name[BY_KIND]->text : (struct str){ 0 };
	AUTO(buf) source = BUF_INIT(LIMIT_MESSAGE);

	buf_printf(&source, "%.*s%s%.*s", STR_ARG(row->name[BY_SOURCE]->text), row->by_hand ? "/" : "", STR_ARG(kind));
	json_put_text(w, "source", buf_str(&source));
	if (row->by_hand)
		json_put_text(w, "kind", kind);
}

static void score_json(const void *scores, size_t i, struct buf *out)
{
	const struct scored *row = &((const struct scores *)scores)->rows[i];
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	put_source(&w, row);
	json_put_text(&w, "lang", row->name[BY_LANGUAGE]->text);
	json_open(&w, "labels", '{');
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		if (row->labels[h] >= 0)
			json_put_int(&w, language_head_names[h], row->labels[h]);
	json_close(&w, '}');
	json_open(&w, "scores", '{');
	for (int h = 0; h < CATEGORIES; h++)
		json_put_real(&w, category_names[h], row->score[h]);
	json_close(&w, '}');
	json_put_real(&w, "reports", row->reports);
	json_put_bool(&w, "passed", row->passed);
	json_close(&w, '}');
}

/* ---- the verb ---- */

static int evaluate(struct evaluation *e, struct err *err)
{
	AUTO_FREE(config) config = NULL;
	const char *path = option_of(e->invocation, "model");

	if (!path && load_config_if_any(e->invocation, &config, err) < 0)
		return err->code;
	if (model_file_read(path || !config ? path : config->model, &e->model, err) < 0 || open_both(e, err) < 0 ||
	    read_all(e, err) < 0)
		return err->code;
	if (print_lines(option_of(e->invocation, "scores"), score_json, e->scores, e->scores->n, err) < 0)
		return err->code;
	print_all(e);
	return 0;
}

static int eval_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(scores) scores = scores_new();
	struct evaluation e = { .invocation = i, .scores = scores, .prior = 300 };
	int answer = option_number(i, "prior", 2, 1000000, &e.prior, err);

	if (answer == 0)
		answer = evaluate(&e, err);
	assessor_release(&e.gated);
	assessor_release(&e.ungated);
	model_file_release(&e.model);
	return answer;
}

static const struct option_row options[] = {
	{ "model", "FILE",
	  "measure this model instead of the one in force: `model:` of the configuration, or the shipped one" },
	{ "ordinary", "SOURCE,...", "sources of everyday texts (those without a positive)" },
	{ "prior", "N", "one post in N is so, for calibration (300)" },
	{ "scores", "FILE", "write the scores of each text, never the text" },
	{ 0 },
};

const struct verb verb_eval = {
	.name = "eval",
	.arguments = "FILE...",
	.summary = "measure the classifier on labelled texts",
	.text = "Classifies labelled texts (JSON, one a line, plain or gzip) and says for violence, extortion, leak and dox "
		"how "
		"well that went.\n"
		"Thresholds are set by ordinary texts: the score that 1 % of them pass, that 0.1 % pass, and 0.5, where the "
		"product draws the line.\n"
		"AUC is told within a source, recall and false alarms too; precision is that of a source's positives among all "
		"ordinary texts.\n"
		"Texts written by hand are the source \"own\", by language and by kind.",
	.options = options,
	.least = 1,
	.most = -1,
	.run = eval_run,
};
