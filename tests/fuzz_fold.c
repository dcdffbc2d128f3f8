/* fuzz_fold.c - any text folds, and each folded byte has a way back */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct fold_scratch *scratch;
	static struct arena *arena;
	struct folded f;
	struct err err;
	struct str text;
	size_t replaced;

	if (!scratch) {
		scratch = fold_scratch_new(&err);
		arena = arena_new(LIMIT_ARENA);
	}
	arena_clear(arena);
	text = utf8_clean(arena, (struct str){ (const char *)data, n }, &replaced);
	fold(scratch, arena, text, &f);
	MUST(utf8_is_clean(f.text));
	MUST(f.back[f.text.n] == text.n);
	for (size_t i = 0; i < f.text.n; i++) {
		size_t start = i, end = i + 1;

		MUST(f.back[i] <= f.back[i + 1]);
		fold_back(&f, &start, &end);
		MUST(start < end && end <= text.n && utf8_is_clean(str_slice(text, start, end)));
	}
	return 0;
}
