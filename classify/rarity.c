/* rarity.c - how little a string looks like words */
#include "classify/rarity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/must.h"

struct rarity {
	double middle, slope; /* of the logistic curve over characters a token */
	struct str *tokens;   /* sorted, in small letters; they borrow from the model's file */
	size_t n;
};

struct rarity *rarity_new(void)
{
	const struct embed *file = embed_find("classify/model/rarity.txt");
	struct rarity *r = must_alloc(1, sizeof(*r));
	struct str rest, line;
	char head[64] = { 0 };
	char *end;

	MUST(file);
	rest = file->content;
	MUST(str_split(&rest, '\n', &line) && line.n < sizeof(head));
	memcpy(head, line.p, line.n);
	r->middle = strtod(head, &end);
	r->slope = strtod(end, NULL);
	r->tokens = must_alloc(rest.n / 3 + 1, sizeof(*r->tokens)); /* each has two letters and a line end at least */
	while (str_split(&rest, '\n', &line))
		if (line.n)
			r->tokens[r->n++] = line;
	return r;
}

void rarity_free(struct rarity *r)
{
	if (!r)
		return;
	free(r->tokens);
	free(r);
}

/* The letter at `at` of token `i`, -1 behind its end, so that shorter tokens sort first. */
static int letter(const struct rarity *r, size_t i, size_t at)
{
	return at < r->tokens[i].n ? r->tokens[i].p[at] : -1;
}

/* The first of the tokens [from, to), which begin alike, whose letter at `at` is not below `c`. */
static size_t first_not_below(const struct rarity *r, size_t from, size_t to, size_t at, int c)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (letter(r, middle, at) < c)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The length of the longest token that `s` begins with, at least 1. */
static size_t longest_at(const struct rarity *r, struct str s)
{
	size_t from = 0, to = r->n, longest = 1;

	for (size_t i = 0; i < s.n && ascii_is_alpha(s.p[i]); i++) {
		int c = ascii_lower(s.p[i]);

		from = first_not_below(r, from, to, i, c);
		to = first_not_below(r, from, to, i, c + 1);
		if (from == to)
			break;
		if (r->tokens[from].n == i + 1)
			longest = i + 1;
	}
	return longest;
}

double rarity_of(const struct rarity *r, struct str s)
{
	size_t tokens = 0;

	for (size_t at = 0; at < s.n; tokens++)
		if (ascii_is_digit(s.p[at]))
			at += at + 1 < s.n && ascii_is_digit(s.p[at + 1]) ? 2 : 1;
		else
			at += longest_at(r, str_slice(s, at, s.n));
	return tokens ? 1 / (1 + exp(r->slope * ((double)s.n / (double)tokens - r->middle))) : 0;
}
