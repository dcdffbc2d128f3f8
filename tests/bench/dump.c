#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/language.h"
#include "desk/rows.h"
struct w { struct classifier *c; struct classify_scratch *s; struct arena *a; };
static int each(void *whose, const struct labelled *row, struct err *err)
{
	struct w *w = whose; size_t rep; struct language_text t; (void)err;
	arena_clear(w->a);
	struct str text = utf8_clean(w->a, row->text, &rep);
	classify_features(w->c, w->s, w->a, text, &t);
	printf("%.*s\t%.*s\t%d %d %d %d %d\t", STR_ARG(row->source), STR_ARG(row->lang), row->heads[0], row->heads[1], row->heads[2], row->heads[3], row->heads[4]);
	for (size_t i = 0; i < t.tokens->n && i < 600; i++) {
		struct str s = str_slice(t.folded, t.tokens->items[i].start, t.tokens->items[i].end);
		const struct lexicon_senses *ss = lexicon_senses_of(t.lexicon, &t.tokens->items[i]);
		printf("%.*s/", STR_ARG(s));
		for (int k = 0; k < ss->n; k++) { struct str n = lexicon_sense(t.lexicon, ss->items[k]); printf("%s%.*s", k ? "," : "", STR_ARG(n)); }
		printf(" ");
	}
	printf("\t");
	for (size_t i = 0; i < t.facts->n; i++) printf("%.*s:%.*s=%.3f ", STR_ARG(t.facts->items[i].kind), STR_ARG(t.facts->items[i].name), (double)t.facts->items[i].value);
	printf("\n");
	return 0;
}
int main(int argc, char **argv)
{
	struct err err = { 0 };
	const struct classifier_options options = { 0 };
	struct w w = { classifier_new(&options, &err), NULL, arena_new(LIMIT_ARENA) };
	if (!w.c) { fprintf(stderr, "%s\n", err.text); return 2; }
	w.s = classify_scratch_new(w.c, &err);
	for (int i = 1; i < argc; i++)
		if (rows_read(argv[i], each, &w, &err) < 0) { fprintf(stderr, "%s\n", err.text); return 2; }
	return 0;
}
