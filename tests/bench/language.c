/* language.c - scores of labelled texts, a line each: temporary */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/language.h"
#include "desk/rows.h"
struct w { struct classifier *c; struct classify_scratch *s; struct arena *a; struct language *m; int64_t us, us2; size_t bytes; };
static int each(void *whose, const struct labelled *row, struct err *err)
{
	struct w *w = whose; size_t rep; struct language_text t; struct language_said said; struct assessment x; (void)err;
	arena_clear(w->a);
	struct str text = utf8_clean(w->a, row->text, &rep);
	classify_features(w->c, w->s, w->a, text, &t);
	int64_t u = clock_steady_us();
	language_read(w->m, w->a, &t, &said);
	w->us += clock_steady_us() - u; w->bytes += text.n;
	u = clock_steady_us();
	classify(w->c, w->s, w->a, text, &x);
	w->us2 += clock_steady_us() - u;
	printf("%.*s\t%.*s\t%d %d %d %d %d\t", STR_ARG(row->source), STR_ARG(row->lang), row->heads[0], row->heads[1], row->heads[2], row->heads[3], row->heads[4]);
	for (int h = 0; h < LANGUAGE_HEADS; h++) printf("%.4f ", said.odds[h]);
	printf("\t");
	for (int h = 0; h < 4; h++) printf("%.4f ", x.category[h]);
	printf("%.3f\n", x.reports);
	return 0;
}
int main(int argc, char **argv)
{
	struct err err = { 0 };
	extern double CROWD_; if (getenv("CROWD")) CROWD_ = atof(getenv("CROWD"));
	AUTO(buf) bytes = BUF_INIT(MIB(64));
	if (file_read(argv[1], &bytes, &err) < 0) { fprintf(stderr, "%s\n", err.text); return 2; }
	const struct classifier_options options = { .model = buf_str(&bytes), .model_name = argv[1] };
	struct w w = { classifier_new(&options, &err), NULL, arena_new(LIMIT_ARENA), NULL, 0, 0, 0 };
	if (!w.c) { fprintf(stderr, "%s\n", err.text); return 2; }
	w.s = classify_scratch_new(w.c, &err);
	w.m = language_new(buf_str(&bytes), argv[1], &err);
	if (!w.m) { fprintf(stderr, "%s\n", err.text); return 2; }
	for (int i = 2; i < argc; i++)
		if (rows_read(argv[i], each, &w, &err) < 0) { fprintf(stderr, "%s\n", err.text); return 2; }
	fprintf(stderr, "model %.1f MB/s, all %.1f MB/s\n", (double)w.bytes / (double)w.us, (double)w.bytes / (double)w.us2);
	return 0;
}
