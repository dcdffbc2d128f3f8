/* fuzz_dump.c - any text is read line by line within bounds, and what is said of it shows nothing of a password */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/assets.h"
#include "classify/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct assets *assets;
static struct arena *arena;

static void make(void)
{
	static struct yaml_text domain = { { "acme.example.com", 16 }, "fuzz", 1 };
	static const struct asset asset = { .name = { { "Acme", 4 }, "fuzz", 1 }, .domains = { &domain, 1 } };
	struct err err;
	struct fold_scratch *fold = fold_scratch_new(&err);

	MUST(fold);
	assets = assets_new(&asset, 1, fold, &err);
	MUST(assets);
	arena = arena_new(LIMIT_ARENA);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct assessment out = { 0 };
	struct found found = { .out = &out, .miss = { 1, 1, 1, 1 } };
	size_t replaced, lines = 0;

	if (!assets)
		make();
	arena_clear(arena);
	found.a = arena;
	found.text = utf8_clean(arena, (struct str){ (const char *)data, n }, &replaced);
	layers_begin(&found.layers, arena, found.text);
	dump_scan(assets, &found);
	for (int i = 0; i < CATEGORIES; i++)
		MUST(found.miss[i] >= 0 && found.miss[i] <= 1);
	for (size_t i = 0; i < out.n_hits; i++)
		MUST(out.hits[i].span.start <= out.hits[i].span.end && out.hits[i].span.end <= found.text.n);
	for (size_t i = 0; i < out.n_secrets; i++)
		MUST(out.secrets[i].start < out.secrets[i].end && out.secrets[i].end <= found.text.n);
	for (size_t i = 0; i < out.n_domains; i++) {
		MUST(out.domains[i].accounts <= out.domains[i].lines && out.domains[i].domain.n);
		lines += out.domains[i].lines;
	}
	MUST(lines <= n);
	return 0;
}
