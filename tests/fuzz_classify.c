/* fuzz_classify.c - any text is assessed within bounds, and masked without a trace of what was secret */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/decode.h"
#include "classify/severity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct classifier *classifier;
static struct classify_scratch *scratch;
static struct arena *arena;

static void make(void)
{
	static struct yaml_text domain = { { "example.com", 11 }, "fuzz", 1 };
	static struct yaml_text term = { { "The Interlude", 13 }, "fuzz", 2 };
	static const struct asset asset = { .name = { { "Example Pictures", 16 }, "fuzz", 1 },
					    .domains = { &domain, 1 },
					    .terms = { &term, 1 } };
	const struct classifier_options options = { .assets = &asset, .n_assets = 1 };
	struct err err;

	classifier = classifier_new(&options, &err);
	MUST(classifier);
	scratch = classify_scratch_new(classifier, &err);
	MUST(scratch);
	arena = arena_new(LIMIT_ARENA);
}

static void check_span(const struct assessment *x, struct span s)
{
	struct str text = x->layers[s.layer].text;

	MUST((size_t)s.layer < x->n_layers && s.start <= s.end && s.end <= text.n &&
	     utf8_is_clean(str_slice(text, s.start, s.end)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct assessment x;
	struct severity severity;
	struct str text;
	size_t replaced;
	char *copy;

	if (!classifier)
		make();
	arena_clear(arena);
	text = utf8_clean(arena, (struct str){ (const char *)data, n }, &replaced);
	classify(classifier, scratch, arena, text, &x);
	severity_of(&x, VERDICT_NONE, arena, &severity);
	MUST(severity.value >= 0 && severity.value <= 100);
	for (int i = 0; i < CATEGORIES; i++)
		MUST(x.category[i] >= 0 && x.category[i] <= 1);
	for (size_t i = 0; i < x.n_hits; i++) {
		check_span(&x, x.hits[i].span);
		check_span(&x, x.hits[i].secret);
		check_span(&x, x.hits[i].outer);
		MUST(x.hits[i].secret.layer == 0 && x.hits[i].outer.layer == 0);
		MUST(utf8_is_clean(x.hits[i].masked) && utf8_is_clean(x.hits[i].why));
	}
	for (size_t i = 0; i < x.n_parts; i++)
		check_span(&x, x.parts[i].span);
	for (size_t i = 0; i < x.n_mentions; i++)
		check_span(&x, x.mentions[i].span);
	for (size_t i = 0; i < x.n_reasons; i++)
		MUST(utf8_is_clean(x.reasons[i]));
	copy = must_alloc(text.n + 1, 1);
	memcpy(copy, text.n ? text.p : "", text.n);
	classify_mask(copy, text.n, &x);
	MUST(utf8_is_clean((struct str){ copy, text.n }));
	free(copy);
	return 0;
}
