/* around.c - an asset that a text does not name, but what stands around it */
#include "desk/around.h"

#include "base/limits.h"

enum { TITLE_SHOWN = 200 }; /* bytes of a title in a reason */

static const char asset_begins[] = "the asset ", inferred[] = " is inferred from ";

static bool is_decided(const struct assessment *x)
{
	for (int i = 0; i < CATEGORIES; i++)
		if (x->category[i] >= 0.5)
			return true;
	return false;
}

static bool is_ours(const struct assessment *x)
{
	for (size_t i = 0; i < x->n_hits; i++)
		if (x->hits[i].asset.n)
			return true;
	return x->n_mentions > 0;
}

/* The asset that these words name; empty for none. */
static struct str named_in(const struct around_reader *r, struct str words)
{
	struct assessment found = { 0 };

	if (words.n)
		classify(r->classifier, r->scratch, r->a, words, &found);
	return found.n_mentions ? found.mentions[0].asset : (struct str){ 0 };
}

/* A list of reasons has a ceiling: at it the last one gives way. */
static void add_reason(struct arena *a, struct assessment *x, struct str sentence)
{
	size_t n = x->n_reasons < LIMIT_REASONS ? x->n_reasons : LIMIT_REASONS - 1;
	struct str *reasons = arena_alloc(a, (n + 1) * sizeof(*reasons));

	for (size_t i = 0; i < n; i++)
		reasons[i] = x->reasons[i];
	reasons[n] = sentence;
	x->reasons = reasons;
	x->n_reasons = n + 1;
}

/* Cut between characters. */
static struct str beginning(struct str s)
{
	size_t end = s.n < TITLE_SHOWN ? s.n : TITLE_SHOWN;

	while (end > 0 && end < s.n && ((unsigned char)s.p[end] & 0xc0) == 0x80)
		end--;
	return str_slice(s, 0, end);
}

void around_infer(const struct around_reader *r, const struct around *around, struct assessment *found)
{
	const struct {
		const char *what;
		struct str words;
	} places[] = {
		{ around->is_of_thread ? "the thread's title" : "the title", around->title },
		{ "the thread's title", str_eq(around->thread, around->title) ? (struct str){ 0 } : around->thread },
		{ "the source's name", around->source },
	};

	if (!is_decided(found) || is_ours(found))
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !found->inferred.n; i++) {
		found->inferred = named_in(r, places[i].words);
		if (found->inferred.n)
			add_reason(r->a, found,
				   arena_printf(r->a, "%s%.*s%s%s \"%.*s\"", asset_begins, STR_ARG(found->inferred), inferred,
						places[i].what, STR_ARG(beginning(places[i].words))));
	}
}

bool around_was_inferred(const struct str *reasons, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(reasons[i], str_of(asset_begins)) && str_find(reasons[i], str_of(inferred)) >= 0)
			return true;
	return false;
}
