/* fuzz_language.c - whatever passes for a model of language gives scores, whatever does not is refused with a sentence */
/* An odd first byte: the rest is the file. An even one: each 7 bytes (place, value) change the shipped model, which is given
 * the digest of what it is then. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/frames.h"
#include "classify/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { PATCH = 7, MOST_PATCHES = 16 };

static struct arena *arena;
static struct frames *frames;
static struct language_file *patched;

static void make(void)
{
	struct err err;

	frames = frames_new(&err);
	MUST(frames);
	arena = arena_new(LIMIT_ARENA);
	patched = must_alloc(1, sizeof(*patched));
}

static struct str patch(const uint8_t *data, size_t n)
{
	const struct embed *shipped = embed_find("classify/model/language.bin");

	MUST(shipped && shipped->content.n == sizeof(*patched));
	memcpy(patched, shipped->content.p, sizeof(*patched));
	for (size_t i = 0; (i + 1) * PATCH <= n && i < MOST_PATCHES; i++) {
		const uint8_t *p = data + i * PATCH;
		size_t at = ((size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2]) * 4 % sizeof(*patched);

		memcpy((char *)patched + at, p + 3, 4);
	}
	digest_sha256(
		(struct str){ (const char *)&patched->version, sizeof(*patched) - offsetof(struct language_file, version) },
		patched->digest);
	return (struct str){ (const char *)patched, sizeof(*patched) };
}

static void read_with(const struct language *m, struct str text)
{
	struct tokens tokens;
	struct facts facts = { .a = arena };
	struct language_said said;
	AUTO_FREE(lexicon_recent) words = lexicon_recent_new();
	AUTO_FREE(language_recent) recent = language_recent_new();

	facts_add(&facts, STR("shape"), STR("quoted"), 0.5);
	lexicon_read(frames_lexicon(frames), words, arena, text, &tokens);
	language_read(m, recent, arena, &(struct language_text){ frames_lexicon(frames), text, &tokens, &facts }, &said);
	language_conclude(m, &said);
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		MUST(said.score[h] >= 0 && said.score[h] <= 1 && said.window[h].end <= tokens.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct language *m;
	struct err err = { 0 };
	char *copy = NULL;
	struct str bytes;

	if (n == 0)
		return 0;
	if (!frames)
		make();
	arena_clear(arena);
	if (data[0] & 1) {
		copy = must_alloc(n, 1);
		memcpy(copy, data + 1, n - 1);
		copy = realloc(copy, n > 1 ? n - 1 : 1);
		bytes = (struct str){ copy, n - 1 };
	} else {
		bytes = patch(data + 1, n - 1);
	}
	m = language_new(bytes, "fuzz.bin", &err);
	if (m) {
		read_with(m, STR("pay us 3 btc or i will kill you tomorrow at school"));
		read_with(m, STR("tomatoes came up early"));
		read_with(m, STR("police said a man was arrested after he threatened to shoot students, the court heard"));
	} else {
		MUST(err.code == E_USAGE && str_starts(str_of(err.text), STR("fuzz.bin: ")) && utf8_is_clean(str_of(err.text)));
	}
	language_free(m);
	free(copy);
	return 0;
}
