/* fuzz_local.c - a file of strangers, read in pieces of any size: every format, and none is read for ever */
#include "base/limits.h"
#include "base/utf8.h"
#include "tests/local_piece.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void post_check(const struct post *p)
{
	if (!utf8_is_clean(p->text) || !utf8_is_clean(p->title) || !utf8_is_clean(p->author) || !utf8_is_clean(p->quoted) ||
	    p->key.n == 0 || p->key.n > LIMIT_FIELD || p->url.n == 0 || p->author.n > LIMIT_FIELD || p->text.n > LIMIT_TEXT ||
	    p->text.n + p->quoted.n == 0)
		__builtin_trap();
}

/* The first byte says as what it is read, the second how large a piece is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "/spool/x", "/spool/x.jsonl", "/spool/x.mbox", "/spool/x.html" };
	static const size_t sizes[] = { LIMIT_BODY, 64, 300, 5000 };
	struct source s = { .every_ms = 1 };
	struct paper p = { 0 };

	if (size < 2)
		return 0;
	s.local_format = data[0] % LOCAL_FORMATS;
	p.path = paths[data[1] & 3];
	p.piece = sizes[data[1] >> 2 & 3];
	if (data[0] & 0x40)
		s.post = (struct source_post){ .item = { .text = STR("$") }, .text = { .text = STR("@.text") } };
	if (s.local_format == LOCAL_WARC && (data[0] & 0x40))
		s.post = (struct source_post){ .item = { .text = STR("//p") }, .text = { .text = STR(".") } };
	p.bytes = (struct str){ (const char *)data + 2, size - 2 };
	for (;;) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct page page = { 0 };
		uint64_t before = p.at.offset;

		if (paper_read(&p, &s, a, &page, NULL) < 0)
			return 0;
		if (page.n_posts > LIMIT_POSTS || !utf8_is_clean(page.trouble))
			__builtin_trap();
		for (size_t i = 0; i < page.n_posts; i++)
			post_check(&page.posts[i]);
		if (!page.more)
			return 0;
		if (p.at.offset <= before && p.pieces > 1) /* it goes on, or it ends */
			__builtin_trap();
	}
}
