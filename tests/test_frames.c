/* test_frames.c - words, phrases, parts and frames */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/frames.h"

static struct fold_scratch *fold_with;
static struct arena *arena;

static int make(void **state)
{
	struct err err = { 0 };

	(void)state;
	fold_with = fold_scratch_new(&err);
	arena = arena_new(MIB(64));
	return fold_with ? 0 : -1;
}

static int unmake(void **state)
{
	(void)state;
	fold_scratch_free(fold_with);
	arena_free(arena);
	return 0;
}

static void a_bad_pack_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *why, *yaml, *error;
	} rows[] = {
		{ "unknown class", "parts:\n  - id: p\n    label: P\n    phrases:\n      - '@nothing'\n",
		  "bad.yaml:5: there is no class @nothing" },
		{ "unknown part", "frames:\n  - {id: f, label: F, category: dox, slots: [nope], score: 1}\n",
		  "bad.yaml:2: there is no part nope" },
		{ "skip first", "parts:\n  - {id: p, label: P, phrases: ['~2 a']}\n", "bad.yaml:2: " },
		{ "wide skip", "parts:\n  - {id: p, label: P, phrases: ['a ~99 b']}\n", "bad.yaml:2: ~99 is no skip" },
		{ "empty phrase", "parts:\n  - {id: p, label: P, phrases: ['']}\n", "bad.yaml:2: this phrase is empty" },
		{ "no slots", "frames:\n  - {id: f, label: F, category: dox, slots: [], score: 1}\n",
		  "bad.yaml:2: f has 0 slots" },
		{ "no weight", "frames:\n  - {id: f, label: F, category: dox, slots: [asset], boosts: [asset], score: 1}\n",
		  "bad.yaml:2: \"asset\" has no weight" },
		{ "category", "frames:\n  - {id: f, label: F, category: fun, slots: [asset], score: 1}\n",
		  "bad.yaml:2: category is \"fun\", expected one of" },
		{ "class no list", "classes:\n  a: b\n", "bad.yaml:2: a class is no list" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		struct frames *f = frames_from_text(str_of(rows[i].yaml), "bad.yaml", &err);

		if (f || strncmp(err.text, rows[i].error, strlen(rows[i].error)) != 0) {
			print_error("%s: %s\n", rows[i].why, err.text);
			fail();
		}
	}
}

static const char small[] =
	"classes:\n"
	"  common: [the we will not do]\n"
	"  act: [strike+ stab++ carry+]\n"
	"  thing: [city* match* box*]\n"
	"  currency: [btc dollars]\n"
	"  scale: [thousand]\n"
	"parts:\n"
	"  - {id: act, label: an act, phrases: ['we will ~1 @act', '@act the? @thing']}\n"
	"  - {id: day, label: a day, phrases: ['<ordinal>', 'on <date>', '2001']}\n"
	"  - {id: tool, label: a tool, phrases: ['hammer !time']}\n"
	"  - {id: chess, label: chess, topic: true, phrases: [chess]}\n"
	"  - {id: serious, label: meant, masks: true, topic: true, phrases: ['no chess']}\n"
	"  - {id: sum, label: a sum, phrases: ['pay ~2 <money>']}\n"
	"  - {id: idiom, label: an idiom, masks: true, phrases: ['strike a deal']}\n"
	"frames:\n"
	"  - {id: f, label: F, category: violence, slots: [act, day], window: 6, score: 0.6, boosts: ['tool 0.2'],\n"
	"     against: ['chess 0.4']}\n"
	"  - {id: g, label: G, category: violence, slots: [sum], score: 0.5}\n";

/* The violence of a text under the small pack. */
static double violence_of(const char *text, struct assessment *out)
{
	struct err err = { 0 };
	AUTO_FREE(frames) f = frames_from_text(str_of(small), "small.yaml", &err);
	AUTO_FREE(frames_scratch) s = f ? frames_scratch_new(f) : NULL;
	struct found found = { .a = arena, .text = str_of(text), .out = out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts none = { 0 };
	struct facts facts = { .a = arena };
	struct frames_said said;
	struct tokens tokens;
	struct folded folded;

	assert_non_null(f);
	arena_clear(arena);
	*out = (struct assessment){ 0 };
	fold(fold_with, arena, str_of(text), &folded);
	frames_read(f, s, arena, &folded, &tokens);
	frames_assess(f, s, &folded, &tokens, &none, &found, &facts, &said);
	for (size_t i = 0; i < out->n_parts; i++) /* their names live in the frames */
		out->parts[i].part = arena_copy(arena, out->parts[i].part);
	return said.score[CATEGORY_VIOLENCE];
}

static void parts_near_each_other_make_a_frame(void **state)
{
	static const struct {
		const char *why, *text;
		double score;
	} rows[] = {
		{ "both parts", "We will strike on the 11th", 0.6 },
		{ "a skipped word", "We will surely strike on the 11th", 0.6 },
		{ "one part only", "We will strike", 0 },
		{ "too far apart", "We will strike one two three four five six seven eight the 11th", 0 },
		{ "a phrase ends with its sentence", "We will. Strike on the 11th", 0 },
		{ "the form of a doubled consonant", "stabbing the cities, the 2nd", 0.6 },
		{ "y becomes ies", "he carries boxes on 9/11", 0.6 },
		{ "a named year is a number too", "striking matches 2001", 0.6 },
		{ "a boost", "We will strike on the 11th with a hammer", 0.8 },
		{ "what must not follow", "We will strike on the 11th, hammer time", 0.6 },
		{ "what speaks against it", "We will strike on the 11th, at chess", 0.2 },
		{ "what is no topic", "We will strike on the 11th, no chess", 0.6 },
		{ "a currency behind a number", "pay 4 btc", 0.5 },
		{ "a number in groups", "pay 20 000 dollars", 0.5 },
		{ "a scale between", "pay 5 thousand dollars", 0.5 },
		{ "a sign before", "pay $950", 0.5 },
		{ "a sign of several bytes",
		  "pay \xe2\x82\xac"
		  "500 or \xc2\xa3"
		  "400",
		  0.5 },
		{ "an ending", "pay 30k", 0.5 },
		{ "a number of other things", "pay 4 visits", 0 },
		{ "marks behind a word are no letters", "We will strike!! It is on the 11th", 0.6 },
		{ "an idiom", "We will strike a deal on the 11th", 0 },
		{ "folded", "We w1ll s t r i k e on the 11th", 0.6 },
		{ "contractions", "We'll strike on the 11th", 0.6 },
		{ "nothing", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x;
		double score = violence_of(rows[i].text, &x);

		if (score < rows[i].score - 0.01 || score > rows[i].score + 0.01) {
			print_error("%s: %.2f\n", rows[i].why, score);
			fail();
		}
	}
}

static void parts_point_into_the_text_as_posted(void **state)
{
	static const char text[] = "We will s-t-r-i-k-e on the 11th";
	struct assessment x;
	bool seen = false;

	(void)state;
	violence_of(text, &x);
	for (size_t i = 0; i < x.n_parts; i++)
		seen |= str_eq(x.parts[i].part, STR("act")) && x.parts[i].span.start == 0 && x.parts[i].span.end == 19;
	assert_true(seen);
}

/* How many lines of a file does the shipped classifier take as violence or extortion? The head of each says how fresh it is. */
static size_t taken_of(const struct classifier *c, struct classify_scratch *s, const char *path, size_t *lines)
{
	AUTO(buf) file = BUF_INIT(MIB(1));
	struct str rest, line;
	size_t taken = 0;

	read_fixture(path, &file);
	rest = buf_str(&file);
	*lines = 0;
	while (str_split(&rest, '\n', &line)) {
		struct assessment x;

		if (line.n == 0 || line.p[0] == '#')
			continue;
		arena_clear(arena);
		classify(c, s, arena, line, &x);
		(*lines)++;
		taken += x.category[CATEGORY_VIOLENCE] >= 0.5 || x.category[CATEGORY_EXTORTION] >= 0.5;
	}
	return taken;
}

static void held_out_texts_are_told_apart_no_worse_than_before(void **state)
{
	static const struct {
		const char *path;
		size_t least, most; /* as measured; move them only towards better */
	} rows[] = {
		{ "tests/classify/heldout_violence.txt", 54, 60 },  { "tests/classify/heldout_extortion.txt", 36, 40 },
		{ "tests/classify/heldout_counter.txt", 0, 5 },	    { "tests/classify/heldout2_violence.txt", 12, 30 },
		{ "tests/classify/heldout2_extortion.txt", 9, 20 }, { "tests/classify/heldout2_counter.txt", 0, 9 },
		{ "tests/classify/heldout3_violence.txt", 11, 15 }, { "tests/classify/heldout3_extortion.txt", 8, 10 },
		{ "tests/classify/heldout3_counter.txt", 0, 9 },
	};
	const struct classifier_options options = { 0 };
	struct err err = { 0 };
	AUTO_FREE(classifier) c = classifier_new(&options, &err);
	AUTO_FREE(classify_scratch) s = c ? classify_scratch_new(c, &err) : NULL;

	(void)state;
	assert_non_null(s);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t lines, taken = taken_of(c, s, rows[i].path, &lines);

		if (lines == 0 || taken < rows[i].least || taken > rows[i].most) {
			print_error("%s: %zu of %zu\n", rows[i].path, taken, lines);
			fail();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_pack_is_refused_with_its_line),
		cmocka_unit_test(parts_near_each_other_make_a_frame),
		cmocka_unit_test(parts_point_into_the_text_as_posted),
		cmocka_unit_test(held_out_texts_are_told_apart_no_worse_than_before),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
