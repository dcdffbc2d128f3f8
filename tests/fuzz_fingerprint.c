/* fuzz_fingerprint.c - a file of fingerprints is read or refused, whatever it holds; a text is registered and found again */
#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/passage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const unsigned char key[DIGEST_KEY_BYTES] = "fuzz";

/* The bytes under a seal that is right, so that what stands behind it is read. */
static void read_sealed(struct str bytes)
{
	AUTO_FREE(fingerprints) f = fingerprints_new(key);
	AUTO(buf) sealed = BUF_INIT(MIB(16));
	unsigned char seal[DIGEST_BYTES];
	struct err err = { 0 };

	digest_keyed(bytes, key, seal);
	buf_add(&sealed, bytes);
	buf_add(&sealed, (struct str){ (const char *)seal, DIGEST_BYTES });
	if (fingerprints_read(f, buf_str(&sealed), &err) == 0)
		passages_free(passages_new(buf_str(&sealed), key, &err));
}

static void find(struct str file, const struct folded *folded, struct str text, struct arena *a)
{
	struct err err = { 0 };
	AUTO_FREE(passages) p = passages_new(file, key, &err);
	struct assessment out = { 0 };
	struct found f = { .a = a, .text = text, .out = &out, .miss = { 1, 1, 1, 1 } };

	MUST(p);
	layers_begin(&f.layers, a, text);
	passages_scan(p, folded, &f);
	for (size_t i = 0; i < out.n_hits; i++)
		MUST(out.hits[i].span.start < out.hits[i].span.end && out.hits[i].span.end <= text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct fold_scratch *fold_with;
	static struct arena *a;
	AUTO_FREE(fingerprints) f = fingerprints_new(key);
	AUTO(buf) file = BUF_INIT(MIB(16));
	struct folded folded;
	struct err err = { 0 };
	struct str text;
	size_t replaced;

	if (!fold_with) {
		fold_with = fold_scratch_new(&err);
		a = arena_new(LIMIT_ARENA);
	}
	arena_clear(a);
	read_sealed((struct str){ (const char *)data, n });
	text = utf8_clean(a, (struct str){ (const char *)data, n }, &replaced);
	fold(fold_with, a, text, &folded);
	if (fingerprints_add(f, STR("x"), STR(""), folded.text, 1, &err) < 0)
		return 0;
	fingerprints_settle(f);
	fingerprints_write(f, &file);
	find(buf_str(&file), &folded, text, a);
	return 0;
}
