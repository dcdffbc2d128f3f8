/* fuzz_assets.c - whatever a text holds, what it names lies inside it; names and domains of any form are taken or refused */
#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/assets.h"
#include "classify/ranges.h"

#define T(z)                                       \
	{                                          \
		{ "" z, sizeof(z) - 1 }, "fuzz", 1 \
	}

static struct yaml_text domains[] = { T("example.com"), T("b\xc3\xbc.example"), T("mail.example.org") };
static struct yaml_text terms[] = { T("The Interlude"), T("AT&T"), T("\xe7\xb4\xa2\xe5\xb0\xbc"), T(".NET Zeta") };
static struct yaml_text packages[] = { T("com.example.vault"), T("@example/vault") };
static struct yaml_text hosts[] = { T("corp.example.internal"), T("buildbox01") };
static struct yaml_text ranges[] = { T("192.0.2.0/24"), T("2001:db8:7::/48") };
static struct yaml_text bins[] = { T("401288") };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void scan(const struct assets *a, struct fold_scratch *fold_with, struct arena *arena, struct arena *hosts_arena,
		 struct str text)
{
	const struct assets_scratch s = { fold_with, hosts_arena };
	struct assessment out = { 0 };
	struct found f = { .a = arena, .text = text, .out = &out, .miss = { 1, 1, 1, 1 } };
	struct folded folded;

	layers_begin(&f.layers, arena, text);
	fold(fold_with, arena, text, &folded);
	assets_scan(a, &s, &folded, &f);
	for (size_t i = 0; i < out.n_mentions; i++)
		MUST(out.mentions[i].span.start < out.mentions[i].span.end && out.mentions[i].span.end <= text.n);
	for (size_t i = 0; i < out.n_look_alikes; i++)
		MUST(out.look_alikes[i].span.start < out.look_alikes[i].span.end && out.look_alikes[i].span.end <= text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct fold_scratch *fold_with;
	static struct arena *arena, *hosts_arena;
	static struct assets *ours;
	const struct asset asset = { .name = T("x"),
				     .domains = { domains, 3 },
				     .terms = { terms, 4 },
				     .packages = { packages, 2 },
				     .hosts = { hosts, 2 },
				     .ranges = { ranges, 2 },
				     .bins = { bins, 1 } };
	struct str bytes = { (const char *)data, n }, text;
	struct asset theirs = { .name = T("y"), .terms_file = { T("t"), "names", bytes } };
	struct err err = { 0 };
	size_t replaced;

	if (!ours) {
		fold_with = fold_scratch_new(&err);
		arena = arena_new(LIMIT_ARENA);
		hosts_arena = arena_new(MIB(1));
		ours = assets_new(&asset, 1, fold_with, &err);
		MUST(ours);
	}
	arena_clear(arena);
	text = utf8_clean(arena, bytes, &replaced);
	scan(ours, fold_with, arena, hosts_arena, text);
	if (n < 256 && n % 4 == 0) { /* the same bytes as names, as domains, as a range */
		AUTO_FREE(assets) names = assets_new(&theirs, 1, fold_with, &err);
		AUTO_FREE(assets) hosts_of = NULL;
		AUTO_FREE(ranges) some = ranges_new();

		theirs.domains_file = theirs.terms_file;
		theirs.terms_file = (struct asset_lines){ 0 };
		hosts_of = assets_new(&theirs, 1, fold_with, &err);
		ranges_add(some, bytes, 0, &err);
		if (names)
			scan(names, fold_with, arena, hosts_arena, text);
		if (hosts_of)
			scan(hosts_of, fold_with, arena, hosts_arena, text);
	}
	return 0;
}
