/* fuzz_decode.c - whatever a text holds, its layers are clean, bounded, and lead back into it */
#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *a;
	struct layers l;
	struct str text;
	size_t replaced;

	if (!a)
		a = arena_new(LIMIT_ARENA);
	arena_clear(a);
	text = utf8_clean(a, (struct str){ (const char *)data, n }, &replaced);
	layers_begin(&l, a, text);
	for (size_t i = 0; i < l.n; i++)
		layers_open(&l, i);
	MUST(l.n <= LIMIT_LAYERS + 1 && l.decoded <= LIMIT_DECODED_TEXT);
	for (size_t i = 1; i < l.n; i++) {
		const struct layer *layer = &l.items[i];

		MUST(utf8_is_clean(layer->text) && layer->outer < (int)i && layer->depth <= LIMIT_DECODE_DEPTH);
		for (size_t k = 0; k < layer->text.n; k++) {
			struct span root = layers_root(&l, (struct span){ (int)i, k, k + 1 });

			MUST(root.layer == 0 && root.start <= root.end && root.end <= text.n);
		}
	}
	return 0;
}
