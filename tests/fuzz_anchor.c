/* fuzz_anchor.c - a mail or a report in which heads of the custody chain may stand */
#include <string.h>

#include "base/limits.h"
#include "store/custody.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct anchor *rows;
	size_t n;

	anchor_read((struct str){ (const char *)data, size }, STR("a mail"), a, &rows, &n);
	for (size_t i = 0; i < n; i++)
		if (rows[i].sequence < 0 || rows[i].hash.n != DIGEST_BYTES || (rows[i].node.n != 0 && rows[i].node.n != 32))
			__builtin_trap();
	return 0;
}
