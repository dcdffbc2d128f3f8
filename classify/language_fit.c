/* language_fit.c - logistic regression for the model of language */
/* The loss of a text is that of its best window, so that the gradient goes to the line that decided. AdaGrad, one thread. */
#include "classify/language_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum {
	MOST_TOKENS = 700, /* words of a text that are learned from */
	ROUNDS = 12,
	FACTS = 1 << LANGUAGE_FACTS_LOG,
	ROWS = 1 << LANGUAGE_ROWS_LOG,
	GROUP_SHIFT = 28, /* a feature keeps its group above its row */
	KIND_BITS = 32,
	MOST_FOLDS = 4,
};

static const double OWN = 4;	       /* how much more than their number the texts written for this weigh */
static const double POSITIVES = 0.006; /* the weight of all positives, negatives being 1 */
static const double HARD = 2;	       /* the weight of a negative that was written by hand */
static const double REPORTS = 12;      /* ... and of one that tells of what others threaten */
static const double RATE = 0.6;	       /* of learning, at first */
static const double DECAY = 1.5e-3;    /* of weights */
static const double BORROWED = 0.35;   /* what is left of a weight that one kind of text alone speaks for */
static const double REPORT_SLOPE = 2;  /* log odds that a log odd of telling of others costs */
static const double ALONE = 10;	       /* negatives that a hard one stands for when there are no ordinary ones */
static const double NEAR_START =
	0.5; /* squares that the weights of a start count as having: the greater, the smaller are steps */

struct fact_of_row {
	uint32_t row;
	float value;
};

struct row {
	uint32_t *features; /* of all words, one after the other */
	uint32_t *starts;   /* of each word in `features`; one more than words */
	size_t n;	    /* words */
	struct fact_of_row *facts;
	size_t n_facts;
	int8_t labels[LANGUAGE_HEADS];
	uint16_t source;
	uint32_t kind;
	uint8_t fold;
	bool ordinary;
	float weights[LANGUAGE_HEADS];
	double unseen[LANGUAGE_HEADS];
};

struct source {
	struct str name;
	size_t n[LANGUAGE_HEADS][2];
};

/* A model being fitted. */
struct weights {
	float rows[ROWS][LANGUAGE_STRIDE], squares[ROWS][LANGUAGE_STRIDE];
	float facts[FACTS][LANGUAGE_STRIDE], facts_squares[FACTS][LANGUAGE_STRIDE];
	double bias[LANGUAGE_HEADS];
	bool stay; /* bias and facts: from a start only words are learned, its rows are not like posts */
};

struct fit {
	struct fit_options options;
	struct arena *a;
	struct row *rows;
	size_t n;
	struct source *sources;
	size_t n_sources;
	uint32_t (*seen)[LANGUAGE_HEADS]; /* of each row of weights: the sources of its positives, hashed to bits */
	struct weights *w, *mean;	  /* of one fit, and of all so far */
	size_t fits;
	float knots[LANGUAGE_HEADS][LANGUAGE_KNOTS];
	double report_from;
};

struct fit *fit_new(const struct fit_options *options)
{
	struct fit *f = must_alloc(1, sizeof(*f));

	f->options = *options;
	f->a = arena_new((size_t)8 << 30);
	f->seen = must_alloc(ROWS, sizeof(*f->seen));
	f->w = must_alloc(1, sizeof(*f->w));
	f->mean = must_alloc(1, sizeof(*f->mean));
	return f;
}

void fit_free(struct fit *f)
{
	if (!f)
		return;
	arena_free(f->a);
	free(f->seen);
	free(f->w);
	free(f->mean);
	free(f);
}

size_t fit_rows(const struct fit *f)
{
	return f->n;
}

size_t fit_count(const struct fit *f, enum language_head head, int label)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->rows[i].labels[head] == label;
	return n;
}

static uint16_t source_of(struct fit *f, struct str name)
{
	size_t i = 0;

	while (i < f->n_sources && !str_eq(f->sources[i].name, name))
		i++;
	if (i == f->n_sources) {
		struct source *s = arena_push(f->a, &f->sources, &f->n_sources, sizeof(*s));

		s->name = arena_copy(f->a, name);
	}
	return (uint16_t)i;
}

static void add_features(struct fit *f, struct row *r, const struct language_text *text)
{
	uint32_t *all = must_alloc(MOST_TOKENS * LANGUAGE_FEATURES, sizeof(*all));
	struct language_walk walk = { .text = text };
	struct feature_list list;
	size_t n = 0;

	list.about = NULL;
	r->n = text->tokens->n < MOST_TOKENS ? text->tokens->n : MOST_TOKENS;
	r->starts = arena_alloc(f->a, (r->n + 1) * sizeof(*r->starts));
	for (size_t t = 0; t < r->n && language_next(&walk, &list); t++) {
		for (size_t i = 0; i < list.n; i++)
			if (!(f->options.without >> list.groups[i] & 1))
				all[n++] = list.rows[i] | (uint32_t)list.groups[i] << GROUP_SHIFT;
		r->starts[t + 1] = (uint32_t)n;
	}
	r->features = arena_alloc(f->a, (n + 1) * sizeof(*r->features));
	memcpy(r->features, all, n * sizeof(*all));
	free(all);
}

static void add_facts(struct fit *f, struct row *r, const struct language_text *text)
{
	if (f->options.without >> GROUP_FACTS & 1)
		return;
	r->n_facts = text->facts->n;
	r->facts = arena_alloc(f->a, (r->n_facts + 1) * sizeof(*r->facts));
	for (size_t i = 0; i < r->n_facts; i++)
		r->facts[i] = (struct fact_of_row){ language_fact_row(&text->facts->items[i]), text->facts->items[i].value };
}

void fit_add(struct fit *f, const struct language_text *text, const struct fit_label *label)
{
	struct row *r = arena_push(f->a, &f->rows, &f->n, sizeof(*r));

	memcpy(r->labels, label->heads, sizeof(r->labels));
	r->source = source_of(f, label->source);
	r->kind = lexicon_hash_of(label->kind);
	r->fold = (uint8_t)((label->ordinary ? f->n * 2654435761u >> 7 : r->kind ^ r->kind >> 13) % MOST_FOLDS);
	r->ordinary = label->ordinary;
	add_features(f, r, text);
	add_facts(f, r, text);
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		if (r->labels[h] != FIT_UNKNOWN)
			f->sources[r->source].n[h][r->labels[h]]++;
}

static bool has_ordinary(const struct fit *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->rows[i].ordinary)
			return true;
	return false;
}

static double weight_of_negative(const struct row *r)
{
	if (r->ordinary)
		return 1;
	return r->labels[LANGUAGE_REPORT] == 1 ? REPORTS : HARD;
}

/* Of each positive. */
static double weight_of_source(const struct source *s, int h)
{
	return s->n[h][1] ? (str_eq(s->name, STR("own")) ? OWN : 1) / sqrt((double)s->n[h][1]) : 0;
}

/*
 * A source with a hundred times the positives weighs ten times as much, and all positives weigh a share of the negatives.
 * Negatives count one each, those that somebody wrote because they are hard several times.
 */
static void weigh_rows(struct fit *f)
{
	for (int h = 0; h < LANGUAGE_HEADS; h++) {
		double positives = 0, negatives = 0;

		for (size_t s = 0; s < f->n_sources; s++)
			positives += weight_of_source(&f->sources[s], h) * (double)f->sources[s].n[h][1];
		for (size_t i = 0; i < f->n; i++) {
			struct row *r = &f->rows[i];

			r->weights[h] = r->labels[h] == 0 ? (float)weight_of_negative(r) : 0;
			negatives += (double)r->weights[h];
		}
		if (!has_ordinary(f) && !f->options.start)
			negatives *= ALONE;
		for (size_t i = 0; i < f->n; i++) {
			struct row *r = &f->rows[i];

			if (r->labels[h] == 1)
				r->weights[h] = (float)(POSITIVES * negatives / positives *
							weight_of_source(&f->sources[r->source], h));
		}
	}
}

static void note_sources(struct fit *f)
{
	memset(f->seen, 0, ROWS * sizeof(*f->seen));
	for (size_t i = 0; i < f->n; i++)
		for (int h = 0; h < LANGUAGE_HEADS; h++)
			for (size_t k = 0; f->rows[i].labels[h] == 1 && k < f->rows[i].starts[f->rows[i].n]; k++)
				f->seen[f->rows[i].features[k] & (ROWS - 1)][h] |= 1u << f->rows[i].kind % KIND_BITS;
}

/* One text read: what each head says of its best window. */
struct reading {
	double odds[LANGUAGE_HEADS], lengths[LANGUAGE_HEADS];
	size_t first[LANGUAGE_HEADS], end[LANGUAGE_HEADS];
};

struct sums {
	float odds[LANGUAGE_STRIDE];
	float squares;
};

static void read_row(const struct weights *w, const struct row *r, struct sums *sums, struct reading *out)
{
	size_t first, end, windows = 0;

	memset(&sums[0], 0, sizeof(sums[0]));
	for (size_t t = 0; t < r->n; t++) {
		struct sums s = sums[t];

		for (size_t i = r->starts[t]; i < r->starts[t + 1]; i++) {
			const float *row = w->rows[r->features[i] & (ROWS - 1)];
			float value = language_group_values[r->features[i] >> GROUP_SHIFT];

			for (int h = 0; h < LANGUAGE_STRIDE; h++)
				s.odds[h] += row[h];
			s.squares += value * value;
		}
		sums[t + 1] = s;
	}
	for (size_t i = 0; language_window(r->n, i, &first, &end); i++, windows++) {
		double length = language_length((double)(sums[end].squares - sums[first].squares));

		for (int h = 0; h < LANGUAGE_HEADS; h++) {
			double odds = (double)(sums[end].odds[h] - sums[first].odds[h]) / length;

			if (i > 0 && odds <= out->odds[h])
				continue;
			out->odds[h] = odds;
			out->lengths[h] = length;
			out->first[h] = first;
			out->end[h] = end;
		}
	}
	for (int h = 0; h < LANGUAGE_HEADS; h++) {
		out->odds[h] += w->bias[h] - language_crowd(windows);
		for (size_t i = 0; i < r->n_facts; i++)
			out->odds[h] += (double)(r->facts[i].value * w->facts[r->facts[i].row][h]);
	}
}

static void change(float *w, float *squares, double gradient, double rate, double decay)
{
	double g = gradient + decay * (double)*w;

	*squares += (float)(g * g);
	*w -= (float)(rate * g / sqrt((double)*squares + 1e-6));
}

static void learn(struct weights *w, const struct row *r, const struct reading *x, int h, double rate)
{
	double error = 1 / (1 + exp(-x->odds[h])) - r->labels[h], gradient = error * (double)r->weights[h];

	const double decay = w->stay ? 0 : DECAY;

	if (fabs(error) < 0.01)
		return;
	for (size_t i = r->starts[x->first[h]]; i < r->starts[x->end[h]]; i++) {
		uint32_t row = r->features[i] & (ROWS - 1);

		change(&w->rows[row][h], &w->squares[row][h], gradient / x->lengths[h],
		       rate * (double)language_group_values[r->features[i] >> GROUP_SHIFT], decay);
	}
	for (size_t i = 0; i < r->n_facts && !w->stay; i++)
		change(&w->facts[r->facts[i].row][h], &w->facts_squares[r->facts[i].row][h],
		       gradient * (double)r->facts[i].value, rate, decay);
	if (!w->stay)
		w->bias[h] -= rate * 0.02 * gradient;
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void shuffle(uint32_t *order, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = next_random(state) % i;
		uint32_t kept = order[i - 1];

		order[i - 1] = order[k];
		order[k] = kept;
	}
}

/* A weight that the fit began with. */
static float started_at(const struct fit *f, size_t row, int h)
{
	const struct language_file *start = f->options.start;

	return start ? (float)start->rows[row][h] * start->scale[h] : 0;
}

/* What the fit began with has been shrunk already. */
static void shrink_borrowed(struct fit *f)
{
	for (size_t row = 0; row < ROWS; row++)
		for (int h = 0; h < LANGUAGE_HEADS; h++)
			if (f->w->rows[row][h] > 0 && (f->seen[row][h] & (f->seen[row][h] - 1)) == 0) {
				float from = started_at(f, row, h);

				if (f->w->rows[row][h] > from)
					f->w->rows[row][h] = from + (f->w->rows[row][h] - from) * (float)BORROWED;
			}
}

static void begin(struct fit *f)
{
	const struct language_file *start = f->options.start;

	memset(f->w, 0, sizeof(*f->w));
	f->w->stay = start != NULL;
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		f->w->bias[h] = start ? (double)start->bias[h] : -2;
	for (size_t row = 0; start && row < ROWS; row++)
		for (int h = 0; h < LANGUAGE_HEADS; h++) {
			f->w->rows[row][h] = started_at(f, row, h);
			f->w->squares[row][h] = (float)NEAR_START;
		}
	for (size_t row = 0; start && row < FACTS; row++)
		memcpy(f->w->facts[row], start->facts[row], sizeof(start->facts[row]));
}

/* Fit on all rows but those of fold `left_out` (MOST_FOLDS: on all). */
static void fit_once(struct fit *f, unsigned left_out, struct sums *sums)
{
	uint32_t *order = must_alloc(f->n + 1, sizeof(*order));
	uint64_t state = f->options.seed * 2654435761u + 88172645463325252u;
	size_t n = 0;

	begin(f);
	for (size_t i = 0; i < f->n; i++)
		if (f->rows[i].fold != left_out)
			order[n++] = (uint32_t)i;
	for (int round = 0; round < ROUNDS; round++) {
		double rate = RATE / (1 + round);

		shuffle(order, n, &state);
		for (size_t i = 0; i < n; i++) {
			const struct row *r = &f->rows[order[i]];
			struct reading x;

			read_row(f->w, r, sums, &x);
			for (int h = 0; h < LANGUAGE_HEADS; h++)
				if (r->labels[h] != FIT_UNKNOWN)
					learn(f->w, r, &x, h, rate);
		}
		shrink_borrowed(f);
	}
	free(order);
}

/* What five fits agree on holds for more than what one of them learned from the order of its texts. */
static void add_to_mean(struct fit *f)
{
	double part = 1.0 / (double)++f->fits;

	for (size_t row = 0; row < ROWS; row++)
		for (int h = 0; h < LANGUAGE_HEADS; h++)
			f->mean->rows[row][h] += (float)(part * (double)(f->w->rows[row][h] - f->mean->rows[row][h]));
	for (size_t row = 0; row < FACTS; row++)
		for (int h = 0; h < LANGUAGE_HEADS; h++)
			f->mean->facts[row][h] += (float)(part * (double)(f->w->facts[row][h] - f->mean->facts[row][h]));
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		f->mean->bias[h] += part * (f->w->bias[h] - f->mean->bias[h]);
}

static void read_fold(struct fit *f, unsigned fold, struct sums *sums)
{
	for (size_t i = 0; i < f->n; i++) {
		struct reading x;

		if (f->rows[i].fold != fold)
			continue;
		read_row(f->w, &f->rows[i], sums, &x);
		memcpy(f->rows[i].unseen, x.odds, sizeof(x.odds));
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/*
 * A score is told by how many ordinary texts reach it: the share of them at each level. Those of training talk less of money
 * and data than posts elsewhere do, so there it has to be fewer.
 */
static const double shares[LANGUAGE_HEADS][LANGUAGE_KNOTS] = {
	[LANGUAGE_VIOLENCE] = { 0.06, 0.013, 0.0035, 0.0008, 0.0002 },
	[LANGUAGE_EXTORTION] = { 0.04, 0.007, 0.0016, 0.0004, 0.0001 },
	[LANGUAGE_LEAK] = { 0.06, 0.013, 0.0025, 0.0006, 0.00015 },
	[LANGUAGE_DOX] = { 0.06, 0.013, 0.0025, 0.0006, 0.00015 },
	[LANGUAGE_REPORT] = { 0.15, 0.06, 0.02, 0.005, 0.001 },
};

/* What is no report, of the texts that threaten themselves, is not to be lowered: all but one in twenty of them. */
static void lower_reports(struct fit *f)
{
	double *odds = must_alloc(f->n + 1, sizeof(*odds));
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->rows[i].labels[LANGUAGE_REPORT] == 0 &&
		    (f->rows[i].labels[LANGUAGE_VIOLENCE] == 1 || f->rows[i].labels[LANGUAGE_EXTORTION] == 1 ||
		     f->rows[i].labels[LANGUAGE_LEAK] == 1))
			odds[n++] = f->rows[i].unseen[LANGUAGE_REPORT];
	qsort(odds, n, sizeof(*odds), by_value);
	f->report_from = n ? odds[n * 19 / 20] : 0;
	if (f->options.start)
		f->report_from = (double)f->options.start->report_from;
	for (size_t i = 0; i < f->n; i++)
		language_lower(f->rows[i].unseen, f->report_from, REPORT_SLOPE);
	free(odds);
}

static void set_knots(struct fit *f, int h)
{
	double *odds = must_alloc(f->n + 1, sizeof(*odds));
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->rows[i].labels[h] != 1 && f->rows[i].ordinary)
			odds[n++] = f->rows[i].unseen[h];
	qsort(odds, n, sizeof(*odds), by_value);
	for (int k = 0; k < LANGUAGE_KNOTS; k++) {
		double at = n ? odds[(size_t)((double)(n - 1) * (1 - shares[h][k]))] : k - 2;

		if (k > 0 && at < (double)f->knots[h][k - 1] + 0.2)
			at = (double)f->knots[h][k - 1] + 0.2;
		f->knots[h][k] = (float)at;
	}
	free(odds);
}

/* The greatest weight of a head gets 127; a few greater ones than all others are cut. */
static float scale_of(const struct weights *w, int h)
{
	double sum = 0, most = 0;
	size_t n = 0;

	for (size_t row = 0; row < ROWS; row++)
		if (w->rows[row][h] != 0) {
			double x = fabs((double)w->rows[row][h]);

			sum += x * x;
			most = x > most ? x : most;
			n++;
		}
	sum = n ? 12 * sqrt(sum / (double)n) : 1;
	return (float)((most < sum ? most : sum) / 127 + 1e-9);
}

static void write_file(const struct fit *f, struct language_file *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->magic, "WDLANG2\n", 8);
	out->version = LANGUAGE_VERSION;
	out->rows_log = LANGUAGE_ROWS_LOG;
	out->facts_log = LANGUAGE_FACTS_LOG;
	out->heads = LANGUAGE_HEADS;
	out->groups = LANGUAGE_GROUPS;
	out->report_from = (float)f->report_from;
	out->report_slope = (float)REPORT_SLOPE;
	memcpy(out->knots, f->knots, sizeof(out->knots));
	memcpy(out->facts, f->mean->facts, sizeof(out->facts));
	for (int h = 0; h < LANGUAGE_HEADS; h++) {
		out->bias[h] = (float)f->mean->bias[h];
		out->scale[h] = scale_of(f->mean, h);
		for (size_t row = 0; row < ROWS; row++) {
			float x = roundf(f->mean->rows[row][h] / out->scale[h]);

			out->rows[row][h] = (int8_t)(x > 127 ? 127 : x < -127 ? -127 : x);
		}
	}
	digest_sha256((struct str){ (const char *)&out->version, sizeof(*out) - offsetof(struct language_file, version) },
		      out->digest);
}

/*
 * Without ordinary texts scores stay where those of the model are that the fit began with. Without that too they are told by
 * the texts that are not so, which are hard: many more pass than of posts as they come.
 */
static void set_knots_otherwise(struct fit *f, int h)
{
	static const double hard[LANGUAGE_KNOTS] = { 0.15, 0.05, 0.014, 0.004, 0.001 };
	double *odds = must_alloc(f->n + 1, sizeof(*odds));
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->rows[i].labels[h] == 0)
			odds[n++] = f->rows[i].unseen[h];
	qsort(odds, n, sizeof(*odds), by_value);
	for (int k = 0; k < LANGUAGE_KNOTS && n; k++) {
		float at = (float)odds[(size_t)((double)(n - 1) * (1 - hard[k]))];

		f->knots[h][k] = k > 0 && at < f->knots[h][k - 1] + 0.2f ? f->knots[h][k - 1] + 0.2f : at;
	}
	if (f->options.start)
		memcpy(f->knots[h], f->options.start->knots[h], sizeof(f->knots[h]));
	free(odds);
}

int fit_run(struct fit *f, struct language_file *out, struct err *err)
{
	struct sums *sums = must_alloc(MOST_TOKENS + 1, sizeof(*sums));

	for (int h = 0; h < LANGUAGE_REPORT; h++)
		if (!f->options.start && fit_count(f, (enum language_head)h, 1) == 0) {
			free(sums);
			return err_set(err, E_USAGE, "no text among %zu is %s, expected some of each category", f->n,
				       language_head_names[h]);
		}
	weigh_rows(f);
	note_sources(f);
	for (unsigned fold = 0; fold < MOST_FOLDS; fold++) {
		fit_once(f, fold, sums);
		read_fold(f, fold, sums);
		add_to_mean(f);
	}
	lower_reports(f);
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		has_ordinary(f) ? set_knots(f, h) : set_knots_otherwise(f, h);
	fit_once(f, MOST_FOLDS, sums);
	add_to_mean(f);
	write_file(f, out);
	free(sums);
	return 0;
}

double fit_unseen(const struct fit *f, size_t row, enum language_head head)
{
	return f->rows[row].unseen[head];
}

double fit_unseen_score(const struct fit *f, size_t row, enum language_head head)
{
	return language_score(f->knots[head], f->rows[row].unseen[head]);
}
