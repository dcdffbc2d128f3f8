/* fuzz_charset.c - a header value, a line feed, a body: compressed when the first byte says so */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str body = { (const char *)data, size }, header = { 0 };
	struct charset c;

	str_split(&body, '\n', &header);
	if (header.n && header.p[0] == 'z' && decode_body(a, body, STR("gzip"), &body, NULL) < 0)
		return 0;
	if (header.n && header.p[0] == 'd' && decode_body(a, body, STR("deflate"), &body, NULL) < 0)
		return 0;
	c = charset_of(body, header);
	if (!utf8_is_clean(charset_decode(a, body, &c)))
		__builtin_trap();
	return 0;
}
