/* assets.c - does a text name something that the desk protects? */
#include "classify/assets.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"

enum { MOST_MENTIONS = 512, LEAST_TERM = 3 };

struct term {
	struct str asset, written; /* as configured */
	struct str folded;
	struct str literal; /* a piece of `folded` without separators, its longest */
	size_t literal_at;
	bool domain;
};

struct assets {
	struct arena *arena;
	struct term *terms;
	size_t n;
	struct str *literals;
	size_t n_literals;
	struct str *pieces; /* for the digest */
	size_t n_pieces;
};

static bool is_word_byte(char c)
{
	return ascii_is_alnum(c) || (c & 0x80);
}

static void choose_literal(struct term *t)
{
	size_t start = 0;

	for (size_t i = 0; i <= t->folded.n; i++) {
		if (i < t->folded.n && is_word_byte(t->folded.p[i]))
			continue;
		if (i - start > t->literal.n) {
			t->literal = str_slice(t->folded, start, i);
			t->literal_at = start;
		}
		start = i + 1;
	}
}

static int add_term(struct assets *a, struct fold_scratch *fold_with, struct str asset, struct yaml_text written, bool domain,
		    struct err *err)
{
	struct term t = { .asset = arena_copy(a->arena, asset),
			  .written = arena_copy(a->arena, written.text),
			  .domain = domain };
	struct folded folded;
	struct term *kept;
	struct str *literal;

	fold(fold_with, a->arena, str_trim(t.written), &folded);
	t.folded = folded.text;
	choose_literal(&t);
	if (t.literal.n < 2 || t.folded.n < LEAST_TERM)
		return yaml_wrong(err, written, "\"%.60s\" is too short to be looked for, expected at least %d letters",
				  t.written.p, LEAST_TERM);
	kept = arena_push(a->arena, &a->terms, &a->n, sizeof(t));
	*kept = t;
	literal = arena_push(a->arena, &a->literals, &a->n_literals, sizeof(*literal));
	*literal = arena_copy(a->arena, t.literal);
	literal = arena_push(a->arena, &a->pieces, &a->n_pieces, sizeof(*literal));
	*literal = t.asset;
	literal = arena_push(a->arena, &a->pieces, &a->n_pieces, sizeof(*literal));
	*literal = t.written;
	return 0;
}

static int add_asset(struct assets *a, struct fold_scratch *fold_with, const struct asset *asset, struct err *err)
{
	const struct yaml_texts *lists[] = { &asset->terms, &asset->people, &asset->domains };

	for (size_t k = 0; k < 3; k++)
		for (size_t i = 0; i < lists[k]->n; i++)
			if (add_term(a, fold_with, asset->name.text, lists[k]->items[i], k == 2, err) < 0)
				return E_USAGE;
	/* An asset without any term is looked for by its name. */
	if (asset->terms.n + asset->people.n + asset->domains.n == 0)
		return add_term(a, fold_with, asset->name.text, asset->name, false, err);
	return 0;
}

struct assets *assets_new(const struct asset *assets, size_t n, struct fold_scratch *fold_with, struct err *err)
{
	struct assets *a = must_alloc(1, sizeof(*a));

	a->arena = arena_new(MIB(64));
	for (size_t i = 0; i < n; i++)
		if (add_asset(a, fold_with, &assets[i], err) < 0) {
			assets_free(a);
			return NULL;
		}
	return a;
}

void assets_free(struct assets *a)
{
	if (!a)
		return;
	arena_free(a->arena);
	free(a);
}

size_t assets_literals(const struct assets *a, const struct str **literals)
{
	*literals = a->literals;
	return a->n_literals;
}

/* How many bytes of `text` at `at` stand for a dot of a domain: ".", "[.]", "(dot)", " dot " ...; 0 for none. */
static size_t dot_length(struct str text, size_t at)
{
	static const char *const forms[] = { ".",     "[.]",   "(.)",	"{.}",	   "[dot]", "(dot)",
					     "{dot}", " dot ", " [.] ", " [dot] ", "[.",    ".]" };
	struct str rest = str_slice(text, at, text.n);
	size_t longest = 0;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strlen(forms[i]) > longest && str_starts(rest, str_of(forms[i])))
			longest = strlen(forms[i]);
	return longest;
}

/* ... and of blanks, hyphens and underscores between the words of a term: any number, also none. */
static size_t gap_length(struct str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && n < 8 && (ascii_is_space(text.p[at + n]) || text.p[at + n] == '-' || text.p[at + n] == '_'))
		n++;
	return n;
}

static bool is_gap(char c)
{
	return ascii_is_space(c) || c == '-' || c == '_';
}

/* Walk the term from its literal's end to the right: the place behind it, or 0. */
static size_t match_right(const struct term *t, struct str text, size_t at)
{
	for (size_t i = t->literal_at + t->literal.n; i < t->folded.n; i++) {
		char c = t->folded.p[i];
		size_t n;

		if (t->domain && c == '.') {
			n = dot_length(text, at);
			if (n == 0)
				return 0;
			at += n;
		} else if (is_gap(c) && !t->domain) {
			at += gap_length(text, at);
		} else if (at < text.n && text.p[at] == c) {
			at++;
		} else {
			return 0;
		}
	}
	return at;
}

/* Where the piece of the term before the literal would begin: tried at every place not too far before. */
static bool match_left(const struct term *t, struct str text, size_t literal_start, size_t *start)
{
	struct term head = { .folded = str_slice(t->folded, 0, t->literal_at), .domain = t->domain };
	size_t reach = t->literal_at * 2 + 16;

	if (t->literal_at == 0) {
		*start = literal_start;
		return true;
	}
	for (size_t back = 1; back <= reach && back <= literal_start; back++)
		if (match_right(&head, text, literal_start - back) == literal_start) {
			*start = literal_start - back;
			return true;
		}
	return false;
}

/* foo.com ends where no further label follows: not foo.community, not foo.com.example. */
static bool domain_stands_alone(struct str text, size_t start, size_t end)
{
	size_t dot;

	if (start > 0 && (is_word_byte(text.p[start - 1]) || text.p[start - 1] == '-' || text.p[start - 1] == '_'))
		return false;
	if (end == text.n)
		return true;
	if (is_word_byte(text.p[end]) || text.p[end] == '_' ||
	    (text.p[end] == '-' && end + 1 < text.n && is_word_byte(text.p[end + 1])))
		return false;
	dot = text.p[end] == ' ' ? 0 : dot_length(text, end);
	return dot == 0 || end + dot >= text.n || !is_word_byte(text.p[end + dot]);
}

static bool word_stands_alone(struct str text, size_t start, size_t end)
{
	return (start == 0 || !is_word_byte(text.p[start - 1]) || !is_word_byte(text.p[start])) &&
	       (end == text.n || !is_word_byte(text.p[end]) || !is_word_byte(text.p[end - 1]));
}

void assets_check(const struct assets *a, size_t index, const struct folded *folded, size_t end, struct found *found)
{
	const struct term *t = &a->terms[index];
	struct str text = folded->text;
	struct mention *m;
	size_t start, stop;

	if (found->out->n_mentions >= MOST_MENTIONS || !match_left(t, text, end - t->literal.n, &start))
		return;
	stop = match_right(t, text, end);
	if (stop == 0 || !(t->domain ? domain_stands_alone(text, start, stop) : word_stands_alone(text, start, stop)))
		return;
	fold_back(folded, &start, &stop);
	m = arena_push(found->a, &found->out->mentions, &found->out->n_mentions, sizeof(*m));
	*m = (struct mention){ t->asset, t->written, found_span(found, start, stop) };
}

struct str assets_owner(const struct assets *a, struct str host)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct term *t = &a->terms[i];
		struct str tail;

		if (!t->domain || host.n < t->written.n)
			continue;
		tail = str_slice(host, host.n - t->written.n, host.n);
		if (str_eq_nocase(tail, t->written) && (tail.n == host.n || tail.p[-1] == '.'))
			return t->asset;
	}
	return (struct str){ 0 };
}

void assets_digest(const struct assets *a, unsigned char out[DIGEST_BYTES])
{
	digest_pieces(a->pieces, a->n_pieces, out);
}
