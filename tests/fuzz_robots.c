/* fuzz_robots.c - robots.txt, then an address behind the first NUL */
#include <string.h>

#include "base/limits.h"
#include "crawler/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str rest = { (const char *)data, size }, text = { 0 };
	struct robots_answer answer;
	struct robots *r;

	str_split(&rest, '\0', &text);
	r = robots_parse(a, text, STR("desk"));
	robots_allows(r, rest, &answer);
	if (robots_delay_ms(r) < 0)
		__builtin_trap();
	return 0;
}
