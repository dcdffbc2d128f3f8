/* fuzz_lexicon.c - any text has words that stand in it, and the shipped model a score and reasons for it */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/frames.h"
#include "classify/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct arena *arena;
static struct frames *frames;
static struct fold_scratch *scratch;
static struct language *model;
static struct lexicon_recent *words;
static struct language_recent *recent;

static void make(void)
{
	const struct embed *shipped = embed_find("classify/model/language.bin");
	struct err err;

	frames = frames_new(&err);
	MUST(frames && shipped);
	model = language_new(shipped->content, shipped->path, &err);
	MUST(model);
	scratch = fold_scratch_new(&err);
	MUST(scratch);
	arena = arena_new(LIMIT_ARENA);
	words = lexicon_recent_new();
	recent = language_recent_new();
}

static void read_words(struct str text, struct tokens *tokens)
{
	const struct lexicon *l = frames_lexicon(frames);

	lexicon_read(l, words, arena, text, tokens);
	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *t = &tokens->items[i];

		MUST(t->start < t->end && t->end <= text.n);
		MUST(i == 0 || (t->start >= t[-1].start && t->sentence >= t[-1].sentence));
		MUST(lexicon_senses_of(l, t)->n <= LEXICON_SENSES);
	}
}

static void check_said(const struct language_text *x, const struct language_said *said)
{
	for (int h = 0; h < LANGUAGE_HEADS; h++) {
		MUST(said->score[h] >= 0 && said->score[h] <= 1 && isfinite(said->odds[h]));
		MUST(said->window[h].first <= said->window[h].end && said->window[h].end <= x->tokens->n);
		for (int against = 0; against < 2; against++) {
			struct str s = language_explain(model, arena, x, said, (enum language_head)h, against);

			MUST(s.n < 2000 && utf8_is_clean(s));
			for (size_t i = 0; i < s.n; i++)
				MUST((unsigned char)s.p[i] >= 0x20);
		}
	}
}

/* A copy in a heap block of its size. */
static struct str exact(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	MUST(p);
	memcpy(p, s.n ? s.p : "", s.n);
	return (struct str){ p, s.n };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct facts facts;
	struct language_said said;
	struct folded folded;
	struct tokens tokens;
	struct language_text x;
	struct str raw, text;
	size_t replaced;

	if (!frames)
		make();
	arena_clear(arena);
	facts = (struct facts){ .a = arena };
	raw = exact((struct str){ (const char *)data, n });
	read_words(raw, &tokens); /* also as nobody should give it: not cleaned, not folded */
	fold(scratch, arena, utf8_clean(arena, raw, &replaced), &folded);
	text = exact(folded.text);
	read_words(text, &tokens);
	facts_add(&facts, STR("shape"), STR("asked"), tokens.n ? tokens.items[0].asked : 0);
	x = (struct language_text){ frames_lexicon(frames), text, &tokens, &facts };
	language_read(model, recent, arena, &x, &said);
	language_conclude(model, &said);
	check_said(&x, &said);
	free((char *)(uintptr_t)raw.p);
	free((char *)(uintptr_t)text.p);
	return 0;
}
