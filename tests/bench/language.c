/* language.c - how many texts of a labelled file each category takes, and how long one takes */
/* usage: zcat FILE.jsonl.gz | language [CATEGORY [SHOW]]; rows are {"id","text","labels":{...}}; prints numbers, and with SHOW
 * ids. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/classify.h"

struct tally {
	size_t rows[3], taken[3]; /* by label: 0, 1, unknown */
};

/* The label of this row: 0 or 1; 2 when it is not given. The labels are flat enough to be found by their text. */
static int label_of(struct str line, const char *category)
{
	char key[32];
	ssize_t at;
	size_t i;

	snprintf(key, sizeof(key), "\"%s\":", category);
	at = str_find(line, str_of(key));
	if (at < 0)
		return 2;
	for (i = (size_t)at + strlen(key); i < line.n && line.p[i] == ' '; i++)
		;
	return i < line.n && line.p[i] == '1' ? 1 : i < line.n && line.p[i] == '0' ? 0 : 2;
}

static void read_row(struct classifier *c, struct classify_scratch *s, struct arena *a, struct str line, const char *show,
		     struct tally tally[CATEGORIES], int64_t *spent, size_t *bytes)
{
	struct err err;
	AUTO_FREE(json) j = json_parse(line, &err);
	struct str text, id = STR("?");
	struct assessment x;
	size_t replaced;
	int64_t start;

	if (!j || json_get_text(j, "text", &text, &err) != 1)
		return;
	json_get_text(j, "id", &id, &err);
	arena_clear(a);
	text = utf8_clean(a, text, &replaced);
	start = clock_steady_us();
	classify(c, s, a, text, &x);
	*spent += clock_steady_us() - start;
	*bytes += text.n;
	for (int i = 0; i < CATEGORIES; i++) {
		int label = label_of(line, category_names[i]);

		tally[i].rows[label]++;
		tally[i].taken[label] += x.category[i] >= 0.5;
		if (show && x.category[i] >= 0.5 && label == 0 && strcmp(show, category_names[i]) == 0)
			for (size_t k = 0; k < x.n_reasons; k++)
				printf("%.*s: %.*s\n", STR_ARG(id), STR_ARG(x.reasons[k]));
	}
}

int main(int argc, char **argv)
{
	const struct classifier_options options = { 0 };
	struct err err = { 0 };
	AUTO_FREE(classifier) c = classifier_new(&options, &err);
	AUTO_FREE(classify_scratch) s = c ? classify_scratch_new(c, &err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct tally tally[CATEGORIES] = { 0 };
	char *line = NULL;
	size_t room = 0, bytes = 0;
	int64_t spent = 0;
	ssize_t n;

	if (!s) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	while ((n = getline(&line, &room, stdin)) > 0)
		read_row(c, s, a, (struct str){ line, (size_t)n }, argc > 1 ? argv[1] : NULL, tally, &spent, &bytes);
	free(line);
	for (int i = 0; i < CATEGORIES; i++)
		printf("%-10s of 0: %zu/%zu  of 1: %zu/%zu  of unknown: %zu/%zu\n", category_names[i], tally[i].taken[0],
		       tally[i].rows[0], tally[i].taken[1], tally[i].rows[1], tally[i].taken[2], tally[i].rows[2]);
	printf("%.1f MB/s\n", spent ? (double)bytes / (double)spent : 0.0);
	return 0;
}
