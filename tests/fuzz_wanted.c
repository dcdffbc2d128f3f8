/* fuzz_wanted.c - whatever is asked, what is read of it is bounded, and asked again of a post it is answered alike */
#include "base/must.h"
#include "store/wanted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(1 << 24);
	AUTO_FREE(words) words = words_new();
	const struct str query = { (const char *)data, size }, texts[] = { STR("a title"), query };
	const struct wanted_post p = { .source = STR("pastes"), .first_seen = 1, .is_finding = true, .severity = 50 };
	struct wanted w;
	struct err err = { 0 };

	if (size > 4096 || wanted_parse(query, a, &w, &err) < 0)
		return 0;
	MUST(w.n > 0 && w.n <= WANTED_TERMS && (w.has_words || w.has_fields));
	for (size_t i = 0; i < w.n; i++)
		MUST(w.terms[i].text.n <= size && w.terms[i].field < WANTED_FIELDS);
	MUST(wanted_fits(&w, &p) == wanted_fits(&w, &p));
	MUST(wanted_holds(&w, words, texts, 2) == wanted_holds(&w, words, texts, 2));
	return 0;
}
