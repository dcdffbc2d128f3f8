/* fuzz_chunks.c - bodies as servers chunk them, and as they should not */
#include <string.h>

#include "base/limits.h"
#include "crawler/chunks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct str out = { 0 };
	volatile char last;

	if (chunks_join(a, STR("chunked"), (struct str){ (const char *)data, size }, &out, NULL) < 0)
		return 0;
	if (out.n > size)
		__builtin_trap();
	for (size_t i = 0; i < out.n; i++) /* each byte is there to be read */
		last = out.p[i];
	(void)last;
	return 0;
}
