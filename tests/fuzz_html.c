/* fuzz_html.c - a page, read whole and as a thread */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/extract.h"
#include "crawler/extract/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_thread(struct arena *a, struct str body)
{
	const struct source s = {
		.links = { .text = STR("//a/@href | //li") },
		.next = { .text = STR("//a[@rel='next']") },
		.post = { .item = { .text = STR("//div") },
			  .key = { .text = STR("@id") },
			  .date = { .text = STR(".//time") },
			  .url = { .text = STR(".//a") } },
	};
	struct reply r = { .url = STR("https://example.com/a"), .body = body, .kind = PAGE_THREAD, .at_us = 1000000 };
	struct page page;

	if (extract_page(&s, &r, a, &page, NULL) < 0)
		return;
	for (size_t i = 0; i < page.n_posts; i++)
		if (!utf8_is_clean(page.posts[i].text) || !utf8_is_clean(page.posts[i].key) || page.posts[i].key.n == 0 ||
		    page.posts[i].key.n > LIMIT_FIELD)
			__builtin_trap();
	r.kind = PAGE_LISTING;
	extract_page(&s, &r, a, &page, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct str body = { (const char *)data, size }, clean;
	struct html_text page;
	size_t replaced;

	clean = utf8_clean(a, body, &replaced);
	if (html_read(clean, STR("https://example.com/"), a, &page, NULL) == 0 &&
	    (!utf8_is_clean(page.text) || !utf8_is_clean(page.title) || page.n_links > LIMIT_LINKS))
		__builtin_trap();
	arena_clear(a);
	as_thread(a, body);
	return 0;
}
