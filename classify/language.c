/* language.c - the model over a text: windows, their sums, and the words that decided */
/* Hot: each word costs a few dozen rows of 8 bytes, added in one register. */
#include "classify/language.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

const double language_levels[LANGUAGE_KNOTS] = { 0.05, 0.2, 0.5, 0.8, 0.95 };

struct language {
	const struct language_file *file;
};

enum { AHEAD = 8 }; /* words whose rows are fetched ahead */

typedef int8_t row8 __attribute__((vector_size(8)));
typedef int16_t sum8 __attribute__((vector_size(16)));

/* What the words before one add up to. */
struct sums {
	int32_t odds[LANGUAGE_STRIDE];
	float squares;
};

static int refuse(struct err *err, const char *name, const struct language_file *f, const char *why)
{
	char digest[DIGEST_HEX];

	digest_hex(f->digest, DIGEST_BYTES, digest);
	return err_set(err, E_USAGE,
		       "%s: a model of version %u, digest %.16s, %s; expected version %d as `watchdesk train` writes it", name,
		       f->version, digest, why, LANGUAGE_VERSION);
}

/* Numbers all through, and knots that rise. */
static bool makes_sense(const struct language_file *f)
{
	bool sense = isfinite(f->report_from) && isfinite(f->report_slope);

	for (int h = 0; h < LANGUAGE_HEADS; h++) {
		sense &= isfinite(f->scale[h]) && isfinite(f->bias[h]) && isfinite(f->knots[h][0]);
		for (int k = 1; k < LANGUAGE_KNOTS; k++)
			sense &= isfinite(f->knots[h][k]) && f->knots[h][k] > f->knots[h][k - 1];
		for (size_t row = 0; row < 1 << LANGUAGE_FACTS_LOG; row++)
			sense &= isfinite(f->facts[row][h]) != 0;
	}
	return sense;
}

static int check(const struct language_file *f, struct str bytes, const char *name, struct err *err)
{
	const struct str content = str_slice(bytes, offsetof(struct language_file, version), bytes.n);
	unsigned char digest[DIGEST_BYTES];

	if (bytes.n < offsetof(struct language_file, scale) || memcmp(f->magic, "WDLANG2\n", 8) != 0)
		return err_set(err, E_USAGE, "%s: no model of language, expected a file that `watchdesk train` wrote", name);
	if (f->version != LANGUAGE_VERSION)
		return refuse(err, name, f, "which this program does not read");
	if (f->rows_log != LANGUAGE_ROWS_LOG || f->facts_log != LANGUAGE_FACTS_LOG || f->heads != LANGUAGE_HEADS ||
	    bytes.n != sizeof(*f))
		return refuse(err, name, f, "whose size is not right");
	digest_sha256(content, digest);
	if (memcmp(digest, f->digest, DIGEST_BYTES) != 0)
		return refuse(err, name, f, "whose bytes do not have that digest: it is damaged");
	return makes_sense(f) ? 0 : refuse(err, name, f, "whose numbers make no sense");
}

struct language *language_new(struct str bytes, const char *name, struct err *err)
{
	struct language *m;

	if (check((const struct language_file *)(const void *)bytes.p, bytes, name, err) < 0)
		return NULL;
	m = must_alloc(1, sizeof(*m));
	m->file = (const struct language_file *)(const void *)bytes.p;
	return m;
}

void language_free(struct language *m)
{
	free(m);
}

const unsigned char *language_digest(const struct language *m)
{
	return m->file->digest;
}

static inline sum8 row_of(const struct language_file *f, uint32_t row)
{
	row8 bytes;

	memcpy(&bytes, f->rows[row], sizeof(bytes));
	return __builtin_convertvector(bytes, sum8);
}

/* What some features add up to. */
struct part_sum {
	sum8 odds;
	float squares;
};

static inline void add_features(const struct language_file *f, const struct feature_list *list, struct part_sum *sum)
{
	for (size_t i = 0; i < list->n; i++) {
		float value = language_group_values[list->groups[i]];

		sum->odds += row_of(f, list->rows[i]);
		sum->squares += value * value;
	}
}

struct language_recent {
	struct part_sum sums[LEXICON_RECENT];
	uint32_t met[LEXICON_RECENT];
};

struct language_recent *language_recent_new(void)
{
	return must_alloc(1, sizeof(struct language_recent));
}

void language_recent_free(struct language_recent *recent)
{
	free(recent);
}

/* A word a few places ahead of the one that is added: its rows are on their way from memory meanwhile. */
struct ahead {
	bool known; /* what it adds wherever it stands was added up lately */
	struct feature_list own, together;
};

static void fetch(const struct language_file *f, const struct feature_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		__builtin_prefetch(f->rows[list->rows[i]]);
}

static void fetch_next(const struct language_file *f, const struct language_recent *recent, struct language_walk *walk,
		       struct ahead *x)
{
	const struct token *k = &walk->text->tokens->items[walk->t];

	x->known = k->met && recent->met[k->place] == k->met;
	if (x->known) {
		__builtin_prefetch(&recent->sums[k->place]);
	} else {
		language_own(walk->text, walk->t, &x->own);
		fetch(f, &x->own);
	}
	language_next_together(walk, &x->together);
	fetch(f, &x->together);
}

static struct part_sum own_sum(const struct language_file *f, struct language_recent *recent, const struct language_text *text,
			       size_t t, struct ahead *x)
{
	const struct token *k = &text->tokens->items[t];
	struct part_sum sum = { 0 };

	if (x->known && recent->met[k->place] == k->met)
		return recent->sums[k->place];
	if (x->known) /* until another word took its place, a moment ago */
		language_own(text, t, &x->own);
	add_features(f, &x->own, &sum);
	if (k->met) {
		recent->sums[k->place] = sum;
		recent->met[k->place] = k->met;
	}
	return sum;
}

/* Sums up to each word: sums[n] is all of it. */
static struct sums *add_up(const struct language_file *f, struct language_recent *recent, struct arena *a,
			   const struct language_text *text)
{
	size_t n = text->tokens->n;
	struct sums *sums = arena_alloc(a, (n + 1) * sizeof(*sums));
	struct language_walk walk = { .text = text };
	struct ahead ring[AHEAD];

	for (size_t i = 0; i < AHEAD; i++)
		ring[i].own.about = ring[i].together.about = NULL;
	for (size_t t = 0; t < n; t++) {
		struct ahead *x = &ring[t % AHEAD];
		struct part_sum sum;

		while (walk.t < n && walk.t < t + AHEAD)
			fetch_next(f, recent, &walk, &ring[walk.t % AHEAD]);
		sum = own_sum(f, recent, text, t, x);
		add_features(f, &x->together, &sum);
		for (int h = 0; h < LANGUAGE_STRIDE; h++)
			sums[t + 1].odds[h] = sums[t].odds[h] + sum.odds[h];
		sums[t + 1].squares = sums[t].squares + sum.squares;
	}
	return sums;
}

double language_score(const float knots[LANGUAGE_KNOTS], double odds)
{
	int k = 1;
	double low, high, at;

	while (k < LANGUAGE_KNOTS - 1 && odds > knots[k])
		k++;
	low = log(language_levels[k - 1] / (1 - language_levels[k - 1]));
	high = log(language_levels[k] / (1 - language_levels[k]));
	at = low + (high - low) * (odds - knots[k - 1]) / (knots[k] - knots[k - 1]);
	return 1 / (1 + exp(-at));
}

void language_read(const struct language *m, struct language_recent *recent, struct arena *a, const struct language_text *text,
		   struct language_said *out)
{
	const struct language_file *f = m->file;
	const struct sums *sums = add_up(f, recent, a, text);
	size_t first, end, windows = 0;

	*out = (struct language_said){ 0 };
	for (size_t i = 0; language_window(text->tokens->n, i, &first, &end); i++, windows++) {
		double length = language_length((double)(sums[end].squares - sums[first].squares));

		for (int h = 0; h < LANGUAGE_HEADS; h++) {
			double odds = (double)(sums[end].odds[h] - sums[first].odds[h]) * f->scale[h] / length;

			if (i > 0 && odds <= out->odds[h])
				continue;
			out->odds[h] = odds;
			out->window[h].first = first;
			out->window[h].end = end;
		}
	}
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		out->odds[h] += (double)f->bias[h] - language_crowd(windows);
	language_add(m, text->facts, 0, out);
}

double language_hint(const struct language *m, const struct language_said *said, enum language_head head)
{
	return language_score(m->file->knots[head], said->odds[head]);
}

void language_add(const struct language *m, const struct facts *facts, size_t first, struct language_said *said)
{
	for (size_t i = first; i < facts->n; i++)
		for (int h = 0; h < LANGUAGE_HEADS; h++)
			said->odds[h] += (double)(facts->items[i].value *
						  m->file->facts[language_fact_row(&facts->items[i])][h]);
}

void language_conclude(const struct language *m, struct language_said *said)
{
	const struct language_file *f = m->file;

	for (int h = 0; h < LANGUAGE_HEADS; h++)
		said->bare[h] = language_score(f->knots[h], said->odds[h]);
	language_lower(said->odds, (double)f->report_from, (double)f->report_slope);
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		said->score[h] = language_score(f->knots[h], said->odds[h]);
}

void language_doubt(const struct language *m, struct language_said *said, enum language_head head, double odds)
{
	said->odds[head] -= odds;
	said->score[head] = language_score(m->file->knots[head], said->odds[head]);
}

/* A feature of the best window as it will be told of. */
struct telling {
	struct str words;
	double odds;
};

enum { TOLD = 4, MOST_TOLD_WORDS = 60 };

/* A byte of a control character beyond ASCII, U+0080 to U+009F. */
static bool is_c1(struct str s, size_t i)
{
	if ((unsigned char)s.p[i] == 0xc2)
		return i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0;
	return i > 0 && (unsigned char)s.p[i - 1] == 0xc2 && (unsigned char)s.p[i] < 0xa0;
}

static struct str words_between(struct arena *a, const struct language_text *x, size_t from, size_t to)
{
	const struct token *k = x->tokens->items;
	struct str s = str_slice(x->folded, k[from].start, k[to].end);
	char *copy;

	s = str_slice(s, 0, MOST_TOLD_WORDS);
	while (s.n && k[from].start + s.n < x->folded.n && (x->folded.p[k[from].start + s.n] & 0xc0) == 0x80)
		s.n--;
	copy = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		copy[i] = (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f || is_c1(s, i) ? ' ' : s.p[i];
	return (struct str){ copy, s.n };
}

static struct str first_sense(const struct language_text *x, size_t t)
{
	const struct lexicon_senses *s = lexicon_senses_of(x->lexicon, &x->tokens->items[t]);

	return lexicon_sense(x->lexicon, s->n ? s->items[0] : 0);
}

/* In words: "kill you"; for what was learned of senses "kill" (harm) and "kill all of you" (harm ... you). */
static struct str words_of(struct arena *a, const struct language_text *x, size_t t, const struct feature_about *about)
{
	bool several = about->kind == FEATURE_WORDS || about->kind == FEATURE_SENSES;
	struct str whole = words_between(a, x, several ? about->with : t, t);

	if (about->kind == FEATURE_SENSE)
		return arena_printf(a, "\"%.*s\" (%.*s)", STR_ARG(whole), STR_ARG(lexicon_sense(x->lexicon, about->with)));
	if (about->kind == FEATURE_SENSES && about->with < t)
		return arena_printf(a, "\"%.*s\" (%.*s ... %.*s)", STR_ARG(whole), STR_ARG(first_sense(x, about->with)),
				    STR_ARG(first_sense(x, t)));
	return arena_printf(a, "\"%.*s\"", STR_ARG(whole));
}

/* Keep the loudest; what names the same words is added to the one that does already. */
static void keep(struct telling best[TOLD], size_t *n, struct telling t)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (str_eq(best[i].words, t.words))
			return;
	if (*n < TOLD)
		(*n)++;
	else if (best[*n - 1].odds >= t.odds)
		return;
	for (i = *n - 1; i > 0 && best[i - 1].odds < t.odds; i--)
		best[i] = best[i - 1];
	best[i] = t;
}

struct str language_explain(const struct language *m, struct arena *a, const struct language_text *text,
			    const struct language_said *said, enum language_head head, bool against)
{
	const struct language_file *f = m->file;
	struct feature_about about[LANGUAGE_FEATURES];
	struct feature_list list = { .about = about };
	struct language_walk walk = { .text = text };
	struct telling best[TOLD] = { 0 };
	struct str s = { 0 };
	size_t n = 0;

	while (walk.t < said->window[head].end && language_next(&walk, &list)) {
		for (size_t i = 0; walk.t > said->window[head].first && i < list.n; i++) {
			double odds = (against ? -1.0 : 1.0) * f->rows[list.rows[i]][head] * (double)f->scale[head];

			if (about[i].kind != FEATURE_PIECE && odds > 0 && (n < TOLD || odds > best[n - 1].odds))
				keep(best, &n, (struct telling){ words_of(a, text, walk.t - 1, &about[i]), odds });
		}
	}
	for (size_t i = 0; i < n; i++)
		s = arena_printf(a, "%.*s%s%.*s", STR_ARG(s), i ? ", " : "", STR_ARG(best[i].words));
	return s;
}
