/* train.c - `watchdesk train`: fit the model of threat language */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/must.h"
#include "desk/comparison.h"
#include "desk/model.h"
#include "desk/training_tell.h"
#include "desk/verb.h"
#include "desk/verdicts.h"

/* One run. */
struct run {
	const struct invocation *invocation;
	const struct config *config; /* NULL for none */
	const char *output;
	bool own, verdicts; /* what is learned from, besides files */
	struct fit_options options;
	struct model_file start; /* the model in force: with verdicts a fit begins there */
	struct training training;
	struct language_file *model;
	int n_verdicts;
	struct err refused; /* why the new model is not kept */
};

static struct str bytes_of(const struct language_file *f)
{
	return (struct str){ (const char *)f, sizeof(*f) };
}

/* ---- what is asked for ---- */

static int read_groups(const char *list, unsigned *set, struct err *err)
{
	struct str rest = str_of(list), piece;
	int g;

	while (str_split(&rest, ',', &piece)) {
		piece = str_trim(piece);
		for (g = 0; g < LANGUAGE_GROUPS; g++)
			if (str_eq(piece, str_of(language_group_names[g])))
				break;
		if (g == LANGUAGE_GROUPS)
			return err_set(err, E_USAGE,
				       "--without %.*s: no such group of features, expected words, pieces, senses or facts",
				       (int)(piece.n < 80 ? piece.n : 80), piece.n ? piece.p : "");
		*set |= 1u << g;
	}
	return 0;
}

/* With verdicts a fit begins with the model in force, which therefore must be sound. */
static int read_start(struct run *r, struct err *err)
{
	char told[ERR_TEXT];

	if (!r->verdicts)
		return 0;
	if (model_file_read(r->config->model, &r->start, err) < 0 ||
	    model_file_describe(&r->start, told, sizeof(told), err) < 0)
		return err_at(err, "the model in force");
	r->options.start = (const struct language_file *)(const void *)model_file_bytes(&r->start).p;
	return 0;
}

static int read_options(struct run *r, struct err *err)
{
	const struct invocation *i = r->invocation;
	int64_t seed = 1;

	if (option_number(i, "seed", 0, INT32_MAX, &seed, err) < 0 ||
	    read_groups(option_of(i, "without"), &r->options.without, err) < 0)
		return err->code;
	r->options.seed = (uint64_t)seed;
	r->verdicts = option_of(i, "with-verdicts");
	r->own = !option_of(i, "no-own-texts") && !r->verdicts; /* the model in force knows them */
	r->output = option_of(i, "output");
	if (!r->output)
		r->output = r->config && r->config->model ? r->config->model : "language.bin";
	if (!r->own && !r->verdicts && i->n == 0)
		return err_set(err, E_USAGE, "--no-own-texts leaves nothing to learn from, expected a FILE of labelled texts");
	if (option_of(i, "reference") && !r->verdicts)
		return err_set(err, E_USAGE, "--reference is for --with-verdicts; `watchdesk eval` measures any model");
	return read_start(r, err);
}

/* ---- learning ---- */

static int read_texts(struct run *r, struct err *err)
{
	if (r->own && own_texts_read(training_add, &r->training, err) < 0)
		return err->code;
	for (int k = 0; k < r->invocation->n; k++)
		if (rows_read(r->invocation->arguments[k], training_add, &r->training, err) < 0)
			return err->code;
	if (!r->verdicts)
		return 0;
	r->n_verdicts = verdicts_read(&r->config->store, training_add, &r->training, err);
	if (r->n_verdicts == 0)
		return err_set(err, E_USAGE,
			       "no finding is marked confirmed or false-positive, expected some; see `watchdesk mark`");
	return r->n_verdicts;
}

static int learn(struct run *r, struct err *err)
{
	if (training_init(&r->training, &r->options, err) < 0 || read_texts(r, err) < 0 ||
	    fit_run(r->training.fit, r->model, err) < 0)
		return err->code;
	return 0;
}

/* ---- is it as good as the one before? ---- */

static int add_put_aside(void *comparison, const struct labelled *row, struct err *err)
{
	return is_put_aside(row) ? comparison_add(comparison, row, err) : 0;
}

static void put_number(struct json_writer *w, const char *key, double value)
{
	if (isnan(value))
		json_put_null(w, key);
	else
		json_put_real(w, key, value);
}

static void fared_json(const char *texts, enum category head, const struct fared *f)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "table", STR("reference"));
	json_put_text(&w, "texts", str_of(texts));
	json_put_text(&w, "head", str_of(category_names[head]));
	json_put_int(&w, "positives", (int64_t)f->positives);
	put_number(&w, "pr_auc_before", f->average_precision[SIDE_OLD]);
	put_number(&w, "pr_auc", f->average_precision[SIDE_NEW]);
	put_number(&w, "recall_before", f->recall[SIDE_OLD]);
	put_number(&w, "recall", f->recall[SIDE_NEW]);
	json_put_bool(&w, "fell", f->fell);
	json_close(&w, '}');
	print_json(&out);
}

static void fared_print(enum category head, const struct fared *f)
{
	print("  %-10s %6zu are so  average precision %.4f -> %.4f  recall at 1 %% %.3f -> %.3f%s\n", category_names[head],
	      f->positives, f->average_precision[SIDE_OLD], f->average_precision[SIDE_NEW], f->recall[SIDE_OLD],
	      f->recall[SIDE_NEW], f->fell ? "  FELL" : "");
}

static void judge_heads(struct run *r, struct comparison *c, const char *texts)
{
	struct fared f;

	if (!r->invocation->json)
		print("\n%s:\n", texts);
	for (int h = 0; h < CATEGORIES; h++) {
		comparison_of(c, (enum category)h, &f);
		if (r->invocation->json)
			fared_json(texts, (enum category)h, &f);
		else if (f.positives)
			fared_print((enum category)h, &f);
		if (f.fell && r->refused.code == 0)
			err_set(&r->refused, E_BAD,
				"the new model is not kept: for %s its average precision on %.200s is %.4f, that of the model "
				"in force %.4f; %.200s is as it was",
				category_names[h], texts, f.average_precision[SIDE_NEW], f.average_precision[SIDE_OLD],
				r->output);
	}
}

static int judge_own(struct run *r, struct err *err)
{
	AUTO_FREE(comparison) c = comparison_new(model_file_bytes(&r->start), bytes_of(r->model), err);

	if (!c || own_texts_read(add_put_aside, c, err) < 0)
		return err->code;
	judge_heads(r, c, "the own texts that were put aside");
	return 0;
}

static int judge_file(struct run *r, const char *path, struct err *err)
{
	AUTO_FREE(comparison) c = comparison_new(model_file_bytes(&r->start), bytes_of(r->model), err);

	if (!c || rows_read(path, comparison_add, c, err) < 0)
		return err->code;
	judge_heads(r, c, path);
	return 0;
}

static int judge(struct run *r, struct err *err)
{
	struct str rest = str_of(option_of(r->invocation, "reference")), path;

	if (!r->verdicts)
		return 0;
	if (judge_own(r, err) < 0)
		return err->code;
	while (str_split(&rest, ',', &path))
		if (judge_file(r, arena_copy(r->training.a, str_trim(path)).p, err) < 0)
			return err->code;
	if (r->refused.code)
		*err = r->refused;
	return r->refused.code;
}

/* ---- what is told ---- */

static void tell_model(const struct run *r)
{
	char digest[DIGEST_HEX];

	digest_hex(r->model->digest, DIGEST_BYTES, digest);
	if (r->invocation->json) {
		AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
		struct json_writer w = { .out = &out };

		json_open(&w, NULL, '{');
		json_put_text(&w, "table", STR("model"));
		json_put_text(&w, "path", str_of(r->output));
		json_put_text(&w, "digest", str_of(digest));
		json_close(&w, '}');
		print_json(&out);
		return;
	}
	print("\n");
	print_text(str_of(r->output), false, 0);
	print(" has the model with digest %.16s\n", digest);
}

/* ---- the verb ---- */

static int train(struct run *r, struct err *err)
{
	if (read_options(r, err) < 0 || learn(r, err) < 0)
		return err->code;
	if (training_write_unseen(&r->training, option_of(r->invocation, "unseen"), err) < 0)
		return err->code;
	training_tell_heads(&r->training, r->invocation->json, r->options.start);
	training_tell_sources(&r->training, r->invocation->json);
	if (judge(r, err) < 0 || file_replace(r->output, bytes_of(r->model), 0644, err) < 0)
		return err->code;
	tell_model(r);
	return 0;
}

static int train_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = NULL;
	struct run r = { .invocation = i };
	int answer = 0;

	if (option_of(i, "with-verdicts") && !(config = load_config(i, err)))
		return err->code;
	if (!config && load_config_if_any(i, &config, err) < 0)
		return err->code;
	r.config = config;
	r.model = must_alloc(1, sizeof(*r.model));
	answer = train(&r, err);
	training_release(&r.training);
	model_file_release(&r.start);
	free(r.model);
	return answer;
}

static const struct option_row options[] = {
	{ "output", "FILE", "where the model is written (`model:` of the configuration, else language.bin)" },
	{ "seed", "N", "the order of texts; the same texts and seed give the same bytes (1)" },
	{ "without", "GROUPS", "leave out words, pieces, senses or facts, several with commas: for ablations" },
	{ "no-own-texts", NULL, "leave out the texts that ship inside the program" },
	{ "unseen", "FILE", "write what models say of each text that did not see it, never the text" },
	{ "with-verdicts", NULL, "learn from findings marked confirmed or false-positive too" },
	{ "reference", "FILE,...", "with verdicts: labelled texts on which the new model must not be worse" },
	{ 0 },
};

const struct verb verb_train = {
	.name = "train",
	.arguments = "[FILE...]",
	.summary = "fit the model of threat language",
	.text = "Fits the model of threat language on the texts that ship inside the program and on labelled texts in FILE,\n"
		"JSON, one a line, plain or gzip. Texts of a source that are 0 for all heads are everyday ones: they decide "
		"what\n"
		"score stands for what. When anything is wrong the file that is there stays as it is.\n"
		"\n"
		"--with-verdicts reads the store: a confirmed finding is an example of its category, a false positive of "
		"none.\n"
		"The fit begins with the model in force, which knows the own texts, and stays near it. Nothing leaves\n"
		"this machine, and the model holds no text. It is kept only if no head with 20 positives loses more than "
		"0.005\n"
		"of average precision, end to end: on a quarter of the own texts, and on\n"
		"each file of --reference, which is not learned from. When it is refused the exit code is 1.",
	.options = options,
	.least = 0,
	.most = -1,
	.run = train_run,
};
