/* fuzz_json_page.c - a document as a page of posts, with paths and templates of every kind */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT(s)                \
	{                      \
		.text = STR(s) \
	}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct yaml_text start = TEXT("https://example.com/list"), gone = TEXT("$.error");
	const struct source s = {
		.url = TEXT("https://example.com/"),
		.json = { &start, 1 },
		.next = TEXT("$.next || {url}/list?page={$.page+1}"),
		.links = TEXT("$.topics[*] -> {url}/t/{@.slug}/{@.id}.json\n$..link"),
		.soft_404 = { &gone, 1 },
		.post = { .item = TEXT("$..[?@.text]"),
			  .key = TEXT("{@.id}"),
			  .author = TEXT("{@.user => @.name} || @.author"),
			  .author_id = TEXT("@['author id']"),
			  .title = TEXT("{$.title} {/1}"),
			  .date = TEXT("@.date"),
			  .text = TEXT("{@.title}\n\n{@.text} || @.text"),
			  .url = TEXT("@.url"),
			  .quotes = TEXT("//blockquote"),
			  .format = size & 1 ? FORMAT_HTML : FORMAT_GUESSED },
	};
	struct reply r = { .url = STR("https://example.com/list"), .body = { (const char *)data, size }, .kind = PAGE_JSON };
	struct page page;

	if (extract_page(&s, &r, a, &page, NULL) < 0)
		return 0;
	if (page.n_posts > LIMIT_POSTS || page.n_next > LIMIT_LINKS + 1)
		__builtin_trap();
	for (size_t i = 0; i < page.n_posts; i++) {
		const struct post *p = &page.posts[i];

		if (!utf8_is_clean(p->text) || !utf8_is_clean(p->title) || !utf8_is_clean(p->author) || p->key.n == 0 ||
		    p->author_id.n > LIMIT_FIELD || p->text.n > LIMIT_TEXT || p->text.n + p->quoted.n == 0)
			__builtin_trap();
	}
	return 0;
}
