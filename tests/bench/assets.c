/* assets.c - a million names beside ten, and thousands of private documents beside none: the time of a scan as a ratio */
/* usage: assets [NAMES [DOCUMENTS]]; text, names and documents are made here, the same in each run. */
#include "classify/assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "classify/passage.h"

enum { TEXT = 8 << 20, PIECE = 1 << 16, ROUNDS = 5, VOCABULARY = 30000, DOMAINS_OF = 10, DOCUMENT = 2000 };

static const unsigned char key[DIGEST_KEY_BYTES] = "bench";

static uint64_t state;

static uint32_t next(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

/* A word of two to four syllables; `n` chooses it. */
static void word_put(struct buf *out, uint64_t n)
{
	static const char *const onsets[] = { "b", "br", "c", "d", "f", "g",  "gr", "h",  "k", "l",
					      "m", "n",	 "p", "r", "s", "st", "t",  "tr", "v", "w" };
	static const char *const rimes[] = { "a", "e", "i", "o", "u", "an", "el", "ir", "on", "us", "ard", "ent" };

	n = (n + 1) * 0x9e3779b97f4a7c15u;
	for (int i = 0; i < 2 + (int)(n >> 62); i++) {
		buf_printf(out, "%s%s", onsets[(n >> 8 * i) % 20], rimes[(n >> (8 * i + 5)) % 12]);
		n ^= n >> 31;
	}
}

/* Paste-like: sentences of a vocabulary in which a few words are most of the text, and a tenth of lines of credentials. */
static void text_make(struct buf *out)
{
	state = 1;
	while (out->n < TEXT) {
		if (next(10) == 0) {
			word_put(out, next(VOCABULARY));
			buf_printf(out, "%u@", next(1000));
			word_put(out, next(VOCABULARY));
			buf_printf(out, ".com:Pa%ux%u\n", next(100000), next(1000));
			continue;
		}
		for (uint32_t i = 4 + next(12); i; i--) {
			uint32_t common = next(VOCABULARY);

			word_put(out, next(2) ? common : common / (1 + next(300)));
			buf_add_char(out, i == 1 ? '\n' : ' ');
		}
	}
}

/* Names of people, products and projects: one to three words, of which one in eight begins with a word of the text. */
static void names_make(struct buf *out, size_t n)
{
	state = 2;
	for (size_t i = 0; i < n; i++) {
		word_put(out, next(8) ? VOCABULARY + next(1u << 30) : next(VOCABULARY));
		for (uint32_t more = 1 + next(2); more; more--) {
			buf_add_char(out, ' ');
			word_put(out, VOCABULARY + next(1u << 30));
		}
		buf_printf(out, "%s\n", next(4) ? "" : " project");
	}
}

static void domains_make(struct buf *out, size_t n)
{
	state = 3;
	for (size_t i = 0; i < n; i++) {
		word_put(out, VOCABULARY + next(1u << 30));
		word_put(out, next(1u << 30));
		buf_add(out, STR(".com\n"));
	}
}

/* A desk with `n` names, a tenth of them domains. */
struct desk {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct fold_scratch *fold;
	struct arena *hosts;
	double build, whole, alone, documents; /* seconds: alone: assets; documents: passages */
	struct passages *passages;
	struct buf fingerprints;
};

static double since(int64_t start)
{
	return (double)(clock_steady_us() - start) / 1e6;
}

/* Register `n` documents of the text's words. */
static void documents_make(struct desk *d, size_t n)
{
	AUTO_FREE(fingerprints) f = fingerprints_new(key);
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct err err = { 0 };
	int64_t start = clock_steady_us();

	state = 4;
	for (size_t i = 0; i < n; i++) {
		AUTO(buf) text = BUF_INIT(MIB(1));
		struct folded folded;
		char label[32];

		for (size_t k = 0; k < DOCUMENT; k++) {
			uint32_t common = next(VOCABULARY);

			word_put(&text, next(2) ? common : common / (1 + next(300)));
			buf_add_char(&text, ' ');
		}
		arena_clear(a);
		fold(d->fold, a, buf_str(&text), &folded);
		snprintf(label, sizeof(label), "document %zu", i);
		MUST(fingerprints_add(f, str_of(label), STR(""), folded.text, 1, &err) == 0);
	}
	fingerprints_settle(f);
	fingerprints_write(f, &d->fingerprints);
	printf("%zu documents of %d words registered in %.2f s: %.1f MB\n", n, DOCUMENT, since(start),
	       (double)d->fingerprints.n / 1e6);
}

static void desk_make(struct desk *d, size_t n, size_t documents)
{
	AUTO(buf) names = BUF_INIT(LIMIT_TERMS_FILE);
	AUTO(buf) domains = BUF_INIT(LIMIT_TERMS_FILE);
	struct asset asset = { .name = { STR("Example"), "bench", 1 } };
	struct classifier_options options = { .assets = &asset, .n_assets = 1, .fingerprints_key = key };
	struct err err = { 0 };
	AUTO_FREE(assets) only = NULL;
	int64_t start;

	names_make(&names, n - n / DOMAINS_OF);
	domains_make(&domains, n / DOMAINS_OF);
	asset.terms_file = (struct asset_lines){ .path = "names", .text = buf_str(&names) };
	asset.domains_file = (struct asset_lines){ .path = "domains", .text = buf_str(&domains) };
	d->fold = fold_scratch_new(&err);
	d->hosts = arena_new(MIB(1));
	d->fingerprints = (struct buf)BUF_INIT(LIMIT_FINGERPRINTS);
	if (documents)
		documents_make(d, documents);
	options.fingerprints = buf_str(&d->fingerprints);
	start = clock_steady_us();
	only = assets_new(&asset, 1, d->fold, &err);
	d->build = since(start);
	d->classifier = classifier_new(&options, &err);
	if (!d->classifier)
		fprintf(stderr, "%s\n", err.text);
	MUST(d->classifier);
	d->scratch = classify_scratch_new(d->classifier, &err);
	d->passages = passages_new(options.fingerprints, key, &err);
	d->whole = d->alone = d->documents = 1e9;
}

static void desk_free(struct desk *d)
{
	classify_scratch_free(d->scratch);
	classifier_free(d->classifier);
	fold_scratch_free(d->fold);
	arena_free(d->hosts);
	buf_release(&d->fingerprints);
	passages_free(d->passages);
}

/* One round over the text; the best of all rounds counts. */
static void scan(struct desk *d, struct arena *a, struct str text)
{
	const struct assets_scratch s = { d->fold, d->hosts };
	double whole = 0, alone = 0, documents = 0;

	for (size_t at = 0; at < text.n; at += PIECE) {
		struct assessment out = { 0 };
		struct found f = { .a = a, .text = str_slice(text, at, at + PIECE), .out = &out, .miss = { 1, 1, 1, 1 } };
		struct folded folded;
		int64_t start;

		arena_clear(a);
		layers_begin(&f.layers, a, f.text);
		fold(d->fold, a, f.text, &folded);
		start = clock_steady_us();
		assets_scan(classifier_assets(d->classifier), &s, &folded, &f);
		alone += since(start);
		start = clock_steady_us();
		passages_scan(d->passages, &folded, &f);
		documents += since(start);
		arena_clear(a);
		start = clock_steady_us();
		classify(d->classifier, d->scratch, a, f.text, &out);
		whole += since(start);
	}
	d->whole = whole < d->whole ? whole : d->whole;
	d->alone = alone < d->alone ? alone : d->alone;
	d->documents = documents < d->documents ? documents : d->documents;
}

static void report(const char *what, const struct desk *d)
{
	struct assets_size size = assets_size(classifier_assets(d->classifier));
	double n = (double)(size.names + size.domains), bytes = (double)(size.names_bytes + size.domains_bytes);

	printf("%-10s %8zu names %7zu domains  built in %.2f s  %6.1f MB, %.0f bytes each  assets alone %6.1f MB/s  all %6.1f "
	       "MB/s\n",
	       what, size.names, size.domains, d->build, bytes / 1e6, bytes / n, TEXT / 1e6 / d->alone, TEXT / 1e6 / d->whole);
}

int main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	size_t documents = argc > 2 ? strtoul(argv[2], NULL, 10) : 5000;
	AUTO(buf) text = BUF_INIT(TEXT + KIB(64));
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct desk few = { 0 }, many = { 0 }, registered = { 0 };

	text_make(&text);
	desk_make(&few, 10, 0);
	desk_make(&many, n, 0);
	desk_make(&registered, 10, documents);
	for (int i = 0; i < ROUNDS; i++) {
		scan(&few, a, buf_str(&text));
		scan(&many, a, buf_str(&text));
		scan(&registered, a, buf_str(&text));
	}
	report("few", &few);
	report("many", &many);
	printf("many beside few: assets alone %.2f, everything %.2f times the time\n", many.alone / few.alone,
	       many.whole / few.whole);
	printf("%zu documents beside none: passages alone %.1f MB/s, %.1f MB, everything %.2f times the time\n", documents,
	       TEXT / 1e6 / registered.documents, (double)passages_memory(registered.passages) / 1e6,
	       registered.whole / few.whole);
	desk_free(&few);
	desk_free(&many);
	desk_free(&registered);
	return 0;
}
