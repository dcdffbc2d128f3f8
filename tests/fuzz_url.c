/* fuzz_url.c - an address and its base, parted by a line feed; what was written is read back the same */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str input = { (const char *)data, size }, base = { 0 };
	struct url url, again;

	str_split(&input, '\n', &base);
	if (url_parse(a, input, base, &url, NULL) < 0)
		return 0;
	if (!utf8_is_clean(url.href) || url.port < 0 || url.path.n == 0 || url.path.p[0] != '/')
		__builtin_trap();
	if (url_parse(a, url.href, (struct str){ 0 }, &again, NULL) < 0 || !str_eq(again.href, url.href))
		__builtin_trap();
	if (url_parse(a, url.key, (struct str){ 0 }, &again, NULL) < 0 || !str_eq(again.key, url.key))
		__builtin_trap();
	return 0;
}
