/* fuzz_recognise.c - any page of unknown kind: what is told of it is lines of keys and values, and a guess is an XPath */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/extract.h"
#include "crawler/extract/xpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena *forever;
static struct engine *engines;
static size_t n_engines;

static void load_engines(void)
{
	forever = arena_new(LIMIT_ARENA);
	extract_warm_up();
	if (engines_read(NULL, forever, &engines, &n_engines, NULL) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct str text, line = { 0 };
	const struct str asked[] = { STR("https://example.com/a?b") };
	struct probe probe = { .asked = asked, .n_asked = 1, .agent = STR("watchdesk") };
	const struct source s = { .probe = &probe };
	struct reply r = { .url = size & 1 ? STR("https://example.com/a/b.php?c") : STR("https://example.com/robots.txt"),
			   .body = { (const char *)data, size },
			   .kind = PAGE_UNKNOWN };
	struct page page;

	if (!engines)
		load_engines();
	probe.engines = engines;
	probe.n_engines = n_engines;
	if (extract_page(&s, &r, a, &page, NULL) < 0)
		return 0;
	if (page.n_posts != 1 || !utf8_is_clean(page.posts[0].text))
		__builtin_trap();
	text = page.posts[0].text;
	while (str_split(&text, '\n', &line)) {
		if (line.n && str_find(line, STR(": ")) < 1)
			__builtin_trap();
		if (str_starts(line, STR("links: ")) && xpath_check(str_slice(line, 7, line.n), NULL) < 0)
			__builtin_trap();
	}
	return 0;
}
