/* language.c - how fast the words of posts are read for threats: folding, words and model, everything; and what memory they
 * take */
/* usage: language FILE    a post a line; MB/s on one core by the time it worked for us, each the best of three. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/threats.h"

enum { ROUNDS = 3, WARM = 2000 };

enum stage { FOLD, WORDS, GATE_AND_MODEL, EVERY_MODEL, EVERYTHING, STAGES };
static const char *const stage_names[STAGES] = { "fold", "words alone", "language, from folded text",
						 "language, without its gate", "everything" };

struct bench {
	struct arena *a;
	struct fold_scratch *fold;
	struct threats *threats, *ungated;
	struct threats_scratch *scratch, *ungated_scratch;
	struct frames_scratch *words;
	struct classifier *classifier;
	struct classify_scratch *whole;
	int64_t ns[STAGES], slowest_ns[STAGES];
	size_t posts, passed;
};

/* Resident memory of this process in kB: `what` is "VmRSS" or "VmHWM". */
static long memory_of(const char *what)
{
	AUTO(buf) status = BUF_INIT(MIB(1));
	struct err err;
	struct str rest, line;

	if (file_read("/proc/self/status", &status, &err) < 0)
		return 0;
	rest = buf_str(&status);
	while (str_split(&rest, '\n', &line))
		if (str_starts(line, str_of(what)))
			return strtol(line.p + strlen(what) + 1, NULL, 10);
	return 0;
}

/* For how long a core worked for this thread. */
static int64_t worked_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void give_up(const struct err *err)
{
	fprintf(stderr, "bench: %s\n", err->text);
	exit(3);
}

static void open_words(struct bench *b)
{
	struct err err;

	b->threats = threats_new((struct str){ 0 }, NULL, false, &err);
	if (!b->threats)
		give_up(&err);
	if (*threats_fault(b->threats))
		fprintf(stderr, "bench: without a model: %s\n", threats_fault(b->threats));
	b->scratch = threats_scratch_new(b->threats);
}

static void open_rest(struct bench *b)
{
	const struct classifier_options options = { 0 };
	struct err err;

	b->ungated = threats_new((struct str){ 0 }, NULL, true, &err);
	b->classifier = b->ungated ? classifier_new(&options, &err) : NULL;
	b->whole = b->classifier ? classify_scratch_new(b->classifier, &err) : NULL;
	if (!b->whole)
		give_up(&err);
	b->ungated_scratch = threats_scratch_new(b->ungated);
	b->words = frames_scratch_new(threats_frames(b->threats));
}

static void close_all(struct bench *b)
{
	classify_scratch_free(b->whole);
	classifier_free(b->classifier);
	frames_scratch_free(b->words);
	threats_scratch_free(b->ungated_scratch);
	threats_free(b->ungated);
	threats_scratch_free(b->scratch);
	threats_free(b->threats);
	fold_scratch_free(b->fold);
	arena_free(b->a);
}

static bool read_threats(const struct bench *b, const struct threats *t, struct threats_scratch *s, struct str post,
			 const struct folded *folded)
{
	struct assessment out = { 0 };
	struct found found = { .a = b->a, .text = post, .out = &out, .miss = { 1, 1, 1, 1 } };
	const struct rule_parts none = { 0 };

	threats_read(t, s, folded, &none, &found);
	return out.learned;
}

static void run_stage(struct bench *b, enum stage stage, struct str post, struct folded *folded)
{
	struct tokens tokens;
	struct assessment x;

	switch (stage) {
	case FOLD:
		fold(b->fold, b->a, post, folded);
		break;
	case WORDS:
		frames_read(threats_frames(b->threats), b->words, b->a, folded, &tokens);
		break;
	case GATE_AND_MODEL:
		b->passed += read_threats(b, b->threats, b->scratch, post, folded);
		break;
	case EVERY_MODEL:
		read_threats(b, b->ungated, b->ungated_scratch, post, folded);
		break;
	case EVERYTHING:
		classify(b->classifier, b->whole, b->a, post, &x);
		break;
	case STAGES:
		break;
	}
}

/* One stage over all posts, alone with the caches as its rival is; what it needs of the stages before it is not counted. */
static void read_posts(struct bench *b, enum stage stage, struct str posts)
{
	struct str post;

	while (str_split(&posts, '\n', &post)) {
		struct folded folded;
		int64_t from, took;

		arena_clear(b->a);
		if (stage != FOLD)
			fold(b->fold, b->a, post, &folded);
		from = worked_ns();
		run_stage(b, stage, post, &folded);
		took = worked_ns() - from;
		b->ns[stage] += took;
		if (took > b->slowest_ns[stage])
			b->slowest_ns[stage] = took;
		b->posts += stage == FOLD;
	}
}

/* What the lexicon, the frames and the model take, after they have read some posts. */
static void tell_memory(struct bench *b, struct str text)
{
	struct str post;
	struct err err;
	long before, built, used;

	b->a = arena_new(LIMIT_ARENA);
	b->fold = fold_scratch_new(&err);
	if (!b->fold)
		give_up(&err);
	before = memory_of("VmRSS");
	open_words(b);
	built = memory_of("VmRSS");
	for (int i = 0; i < WARM && str_split(&text, '\n', &post); i++) {
		struct folded folded;

		arena_clear(b->a);
		fold(b->fold, b->a, post, &folded);
		read_threats(b, b->threats, b->scratch, post, &folded);
	}
	used = memory_of("VmRSS");
	printf("  memory of lexicon, frames and model: %.1f MB, %.1f MB once %d posts were read\n",
	       (double)(built - before) / 1000, (double)(used - before) / 1000, WARM);
}

int main(int argc, char **argv)
{
	AUTO(buf) file = BUF_INIT(MIB(256));
	struct bench b = { 0 };
	int64_t best[STAGES];
	struct err err;

	if (argc != 2 || file_read(argv[1], &file, &err) < 0)
		return 2;
	tell_memory(&b, buf_str(&file));
	open_rest(&b);
	for (int round = 0; round < ROUNDS; round++) {
		memset(b.ns, 0, sizeof(b.ns));
		b.posts = b.passed = 0;
		for (int s = 0; s < STAGES; s++) {
			read_posts(&b, (enum stage)s, buf_str(&file));
			best[s] = round == 0 || b.ns[s] < best[s] ? b.ns[s] : best[s];
		}
	}
	printf("  %zu posts of %zu bytes, of which %.1f %% pass the gate\n", b.posts, file.n / (b.posts ? b.posts : 1),
	       100.0 * (double)b.passed / (double)b.posts);
	for (int s = 0; s < STAGES; s++)
		printf("  %-38s %7.1f MB/s  %8.3f ms a post, the slowest %.3f\n", stage_names[s],
		       (double)file.n * 1000 / (double)best[s], (double)best[s] / 1e6 / (double)b.posts,
		       (double)b.slowest_ns[s] / 1e6);
	close_all(&b);
	return 0;
}
