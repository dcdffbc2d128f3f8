/* fuzz_feed.c - a feed, alone and as a page of posts */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/extract.h"
#include "crawler/extract/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	const struct source s = { .feed = { .text = STR("https://example.com/feed") } };
	struct reply r = { .url = STR("https://example.com/feed"), .body = { (const char *)data, size }, .kind = PAGE_FEED };
	struct page page;

	if (extract_page(&s, &r, a, &page, NULL) < 0)
		return 0;
	for (size_t i = 0; i < page.n_posts; i++)
		if (!utf8_is_clean(page.posts[i].text) || !utf8_is_clean(page.posts[i].title) || page.posts[i].key.n == 0)
			__builtin_trap();
	return 0;
}
