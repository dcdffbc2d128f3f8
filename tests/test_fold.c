/* test_fold.c - what hides words is undone, and the way back is kept */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "classify/fold.h"

static struct fold_scratch *scratch;
static struct arena *arena;

static int make(void **state)
{
	struct err err = { 0 };

	(void)state;
	scratch = fold_scratch_new(&err);
	arena = arena_new(LIMIT_ARENA);
	return scratch ? 0 : -1;
}

static int unmake(void **state)
{
	(void)state;
	fold_scratch_free(scratch);
	arena_free(arena);
	return 0;
}

/* Fold a copy of exact size and check what must hold of every folded text. */
static struct folded fold_it(struct str text)
{
	struct str copy = exact_copy(text);
	struct folded f;

	arena_clear(arena);
	fold(scratch, arena, copy, &f);
	assert_true(utf8_is_clean(f.text) || memchr(text.p, 0, text.n));
	assert_int_equal(f.back[f.text.n], text.n);
	for (size_t i = 0; i < f.text.n; i++) {
		assert_true(f.back[i] <= f.back[i + 1] && f.back[i] < text.n);
		assert_true((copy.p[f.back[i]] & 0xc0) != 0x80);
	}
	free((char *)copy.p);
	return f;
}

static void hidden_words_become_plain(void **state)
{
	static const struct {
		const char *why, *text, *folded, *steps;
	} rows[] = {
		{ "plain text stays", "Kill the lights, 9/11 and the 2nd of May", "kill the lights, 9/11 and the 2nd of may",
		  "" },
		{ "zero-width space", "ki\xe2\x80\x8bll", "kill", "invisible" },
		{ "soft hyphen", "ki\xc2\xadll", "kill", "invisible" },
		{ "direction override", "ki\xe2\x80\xaell", "kill", "bidi" },
		{ "variation selector in a word", "ki\xef\xb8\x8fll", "kill", "invisible" },
		{ "variation selector of an emoji is ordinary", "\xe2\x9d\xa4\xef\xb8\x8f x", "\xe2\x9d\xa4 x", "" },
		{ "stroke through each letter", "k\xcc\xb6i\xcc\xb6l\xcc\xb6l\xcc\xb6", "kill", "marks" },
		{ "zalgo", "k\xcc\x81\xcc\x82\xcc\x83\xcc\x84ill", "kill", "marks" },
		{ "an accent is no decoration", "caf\xc3\xa9 cafe\xcc\x81", "caf\xc3\xa9 caf\xc3\xa9", "" },
		{ "full width", "\xef\xbd\x8b\xef\xbd\x89\xef\xbd\x8c\xef\xbd\x8c", "kill", "compatibility" },
		{ "mathematical bold", "\xf0\x9d\x90\xa4\xf0\x9d\x90\xa2\xf0\x9d\x90\xa5\xf0\x9d\x90\xa5", "kill",
		  "compatibility" },
		{ "enclosed letters", "\xf0\x9f\x85\xba\xf0\x9f\x85\xb8\xf0\x9f\x85\xbb\xf0\x9f\x85\xbb", "kill",
		  "lookalikes" },
		{ "small capitals", "\xe1\xb4\x8b\xc9\xaa\xca\x9f\xca\x9f", "kill", "lookalikes" },
		{ "a Cyrillic letter in a Latin word", "k\xd1\x96ll \xd0\xb0ll", "kill all", "lookalikes" },
		{ "a Cyrillic capital", "\xd0\x9a\xd0\x86LL", "kill", "lookalikes" },
		{ "a Russian word stays", "\xd1\x81\xd0\xbe\xd0\xba \xd0\xb8 \xd0\xb2\xd0\xbe\xd0\xb4\xd0\xb0",
		  "\xd1\x81\xd0\xbe\xd0\xba \xd0\xb8 \xd0\xb2\xd0\xbe\xd0\xb4\xd0\xb0", "" },
		{ "leet between letters", "k1ll h3r and b0mb sch00l", "kill her and bomb school", "leet" },
		{ "leet with signs", "c@$h k!ll", "cash kill", "leet" },
		{ "a one behind a vowel is an l", "schoo1s kil1ed", "schools killed", "leet" },
		{ "numbers and names with digits stay", "11th 5pm mp3 1000 h264 2001 24/7 b2b",
		  "11th 5pm mp3 1000 h264 2001 24/7 b2b", "" },
		{ "a mail address stays", "a.user@example.com", "a.user@example.com", "" },
		{ "letters spaced apart", "k i l l  y o u", "kill  you", "joined" },
		{ "letters dotted apart", "k.i.l.l them", "kill them", "joined" },
		{ "an article and an initial stay", "a b test, plan b", "a b test, plan b", "" },
		{ "repeats", "kiiiiill the schoooool", "kill the school", "repeats" },
		{ "repeated digits stay", "1000000", "1000000", "" },
		{ "typographic quotes", "don\xe2\x80\x99t", "don't", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct folded f = fold_it(str_of(rows[i].text));
		struct str steps = { 0 };

		for (size_t k = 0; k < f.n_steps; k++)
			steps = arena_printf(arena, "%.*s%s%.*s", STR_ARG(steps), k ? "," : "", STR_ARG(f.steps[k]));
		if (!str_eq(f.text, str_of(rows[i].folded)) || !str_eq(steps, str_of(rows[i].steps))) {
			print_error("%s: \"%.*s\" [%.*s]\n", rows[i].why, STR_ARG(f.text), STR_ARG(steps));
			fail();
		}
	}
}

static void the_way_back_takes_whole_characters(void **state)
{
	struct folded f = fold_it(STR("\xef\xac\x83 x"));
	size_t start = 0, end = 1;

	(void)state;
	assert_str(f.text, "ffi x");
	fold_back(&f, &start, &end);
	assert_int_equal(start, 0);
	assert_int_equal(end, 3);
}

static void a_joined_word_maps_to_all_of_its_letters(void **state)
{
	struct folded f = fold_it(STR("so k i l l them"));
	ssize_t at = str_find(f.text, STR("kill"));
	size_t start = (size_t)at, end = start + 4;

	(void)state;
	assert_true(at >= 0);
	fold_back(&f, &start, &end);
	assert_int_equal(start, 3);
	assert_int_equal(end, 10);
}

/* Many times the same piece. */
static struct str many(const char *piece, size_t times)
{
	size_t n = strlen(piece);
	char *p = malloc(n * times);

	for (size_t i = 0; i < times; i++)
		memcpy(p + i * n, piece, n);
	return (struct str){ p, n * times };
}

static void hostile_texts_stay_bounded(void **state)
{
	static const char *const pieces[] = { "\xcc\x81",
					      "k\xcc\x81\xcc\x82",
					      "a",
					      "a ",
					      "a.",
					      "1a",
					      "\xef\xb7\xba",
					      "\xe2\x80\x8b",
					      "\xd0\xb0x",
					      "\xf0\x9f\x87\xba",
					      "@",
					      "\xe1\x84\x80\xe1\x85\xa1" };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct str text = many(pieces[i], 100000);
		struct folded f = fold_it(text);

		assert_true(f.text.n <= text.n * 4 + 16);
		free((char *)text.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hidden_words_become_plain),
		cmocka_unit_test(the_way_back_takes_whole_characters),
		cmocka_unit_test(a_joined_word_maps_to_all_of_its_letters),
		cmocka_unit_test(hostile_texts_stay_bounded),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
