/* train.c - `watchdesk train`: fit the model of threat language */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/language_fit.h"
#include "desk/rows.h"
#include "desk/verb.h"

enum { SHORT_TEXT = 200, JOINED = 10 };

/* Texts on their way into a fit. */
struct training {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *a;
	struct fit *fit;
	struct buf joined; /* short texts of nobody's concern on their way into a longer one */
	size_t n_ordinary, in_joined, n_joined;
	FILE *un;
};

static void add_text(struct training *t, const struct labelled *row, struct str content, bool ordinary)
{
	struct fit_label label = { .source = row->kind.n ? STR("own") : row->source, .kind = row->source, .ordinary = ordinary };
	struct language_text text;
	size_t replaced;

	arena_clear(t->a);
	classify_features(t->classifier, t->scratch, t->a, utf8_clean(t->a, content, &replaced), &text);
	memcpy(label.heads, row->heads, sizeof(label.heads));
	fit_add(t->fit, &text, &label);
	if(t->un) fprintf(t->un, "%.*s\t%.*s\t%d %d %d %d %d\n", STR_ARG(row->source), STR_ARG(row->lang), row->heads[0], row->heads[1], row->heads[2], row->heads[3], row->heads[4]);
}

/* Every other short comment becomes a part of a longer post: length must not tell what is harmless. */
static bool join(struct training *t, const struct labelled *row)
{
	if (row->text.n > SHORT_TEXT || (t->n_ordinary++ & 1) == 0)
		return false;
	buf_add(&t->joined, row->text);
	buf_add_char(&t->joined, '\n');
	if (++t->in_joined < 2 + t->n_joined % JOINED)
		return true;
	add_text(t, row, buf_str(&t->joined), true);
	buf_clear(&t->joined);
	t->in_joined = 0;
	t->n_joined++;
	return true;
}

static int take_row(void *whose, const struct labelled *row, struct err *err)
{
	struct training *t = whose;
	bool ordinary = row->kind.n == 0;

	(void)err;
	for (int h = 0; h < LANGUAGE_REPORT; h++)
		ordinary &= row->heads[h] == 0;
	if (!ordinary || !join(t, row))
		add_text(t, row, row->text, ordinary);
	return 0;
}

static int read_all(const struct invocation *i, struct training *t, struct err *err)
{
	for (int k = 0; k < i->n; k++)
		if (rows_read(i->arguments[k], take_row, t, err) < 0)
			return err->code;
	return 0;
}

static unsigned groups_of(const char *list)
{
	unsigned set = 0;

	for (int g = 0; list && g < LANGUAGE_GROUPS; g++)
		if (strstr(list, language_group_names[g]))
			set |= 1u << g;
	return set;
}

static FILE *fopen_(const char *e) { char n[300]; snprintf(n, 300, "%s%s", getenv("UN"), e); return fopen(n, "w"); }
static int train_run(const struct invocation *i, struct err *err)
{
	const struct classifier_options plain = { 0 };
	AUTO_FREE(classifier) c = classifier_new(&plain, err);
	AUTO_FREE(classify_scratch) s = c ? classify_scratch_new(c, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct fit_options options = { .seed = 1, .without = groups_of(option_of(i, "without")) };
	AUTO_FREE(fit) fit = fit_new(&options);
	struct training t = { c, s, a, fit, BUF_INIT(MIB(1)), 0, 0, 0, option_of(i, "unseen") ? fopen_(".labels") : NULL };
	struct language_file *file = must_alloc(1, sizeof(*file));
	const char *output = option_of(i, "output");
	int answer;

	answer = s ? read_all(i, &t, err) : err->code;
	if (answer == 0)
		answer = fit_run(fit, file, err);
	if (answer == 0)
		answer = file_replace(output ? output : "language.bin", (struct str){ (const char *)file, sizeof(*file) }, 0644, err);
	for (int h = 0; answer == 0 && h < LANGUAGE_HEADS; h++)
		print("%-10s %zu texts are, %zu are not\n", language_head_names[h], fit_count(fit, (enum language_head)h, 1),
		      fit_count(fit, (enum language_head)h, 0));
	if (t.un && answer == 0) { fclose(t.un); FILE *o = fopen_(".odds"); for (size_t r = 0; r < fit_rows(fit); r++) { for (int h = 0; h < LANGUAGE_HEADS; h++) fprintf(o, "%.4f ", fit_unseen(fit, r, h)); fprintf(o, "\t"); for (int h = 0; h < LANGUAGE_HEADS; h++) fprintf(o, "%.4f ", fit_unseen_score(fit, r, h)); fprintf(o, "\n"); } fclose(o); }
	free(file);
	return answer;
}

static const struct option_row options[] = {
	{ "output", "FILE", "where the model is written (language.bin)" },
	{ "unseen", NULL, "" },
	{ "without", "GROUPS", "leave out words, pieces, senses or facts: for ablations" },
	{ 0 },
};

const struct verb verb_train = {
	.name = "train",
	.arguments = "FILE...",
	.summary = "fit the model of threat language",
	.text = "Fits the model of threat language on labelled texts (JSON, one a line, plain or gzip).\n",
	.options = options,
	.least = 1,
	.most = -1,
	.run = train_run,
};
