/* fuzz_source.c - a list of sources as a person may write it */
#include "base/limits.h"
#include "crawler/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct yaml *list = yaml_parse(a, (struct str){ (const char *)data, size }, "fuzz.yaml", NULL);
	struct source_start start;
	struct source *sources;
	size_t n;

	if (!list || sources_read(list, NULL, a, &sources, &n, NULL) < 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (source_start(&sources[i], 0, a, &start) != 1)
			__builtin_trap();
	return 0;
}
