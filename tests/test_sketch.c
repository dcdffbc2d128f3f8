/* test_sketch.c - nearly the same texts are found: against exact comparison with all others, and through the store */
#include "tests/stored.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/campaign.h"
#include "store/sketch.h"

enum { VOCABULARY = 20000, ROWS = 400 };

/* Texts that differ from run to run in nothing: a generator of our own (xorshift). */
static uint64_t state_of_chance = 88172645463325252u;

static uint64_t chance(uint64_t below)
{
	state_of_chance ^= state_of_chance << 13;
	state_of_chance ^= state_of_chance >> 7;
	state_of_chance ^= state_of_chance << 17;
	return state_of_chance % below;
}

/* A text as numbers of words: few words are common, as in a language. */
struct text {
	uint32_t words[ROWS];
	size_t n;
};

static uint32_t a_word(void)
{
	return (uint32_t)(chance(VOCABULARY) * chance(VOCABULARY) / VOCABULARY);
}

static struct text a_text(void)
{
	struct text t = { .n = 20 + chance(ROWS - 40) };

	for (size_t i = 0; i < t.n; i++)
		t.words[i] = a_word();
	return t;
}

/* Words changed, left out, put in: each of `edits` somewhere. */
static struct text edited(struct text t, size_t edits)
{
	for (size_t i = 0; i < edits; i++) {
		size_t at = chance(t.n);

		switch (chance(3)) {
		case 0:
			t.words[at] = a_word();
			break;
		case 1:
			memmove(t.words + at, t.words + at + 1, (--t.n - at) * sizeof(t.words[0]));
			break;
		default:
			memmove(t.words + at + 1, t.words + at, (t.n++ - at) * sizeof(t.words[0]));
			t.words[at] = a_word();
		}
	}
	return t;
}

static struct str spelled(const struct text *t, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < t->n; i++)
		buf_printf(out, "w%x%s", t->words[i], i % 9 == 8 ? ",\n" : " ");
	return buf_str(out);
}

static int by_number(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Rows of three words as a sorted set. */
static size_t rows_of(const struct text *t, uint64_t out[ROWS])
{
	size_t n = 0, kept = 0;

	for (size_t i = 2; i < t->n; i++)
		out[n++] = (uint64_t)t->words[i - 2] << 40 | (uint64_t)t->words[i - 1] << 20 | t->words[i];
	qsort(out, n, sizeof(out[0]), by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || out[kept - 1] != out[i])
			out[kept++] = out[i];
	return kept;
}

/* What two sorted sets have in common of all that either has. */
static double in_common(const uint64_t *x, size_t n, const uint64_t *y, size_t m)
{
	size_t i = 0, k = 0, both = 0;

	while (i < n && k < m)
		if (x[i] == y[k]) {
			both++, i++, k++;
		} else if (x[i] < y[k]) {
			i++;
		} else {
			k++;
		}
	return (double)both / (double)(n + m - both);
}

static double exactly(const struct text *a, const struct text *b)
{
	uint64_t x[ROWS], y[ROWS];
	size_t n = rows_of(a, x), m = rows_of(b, y);

	return in_common(x, n, y, m);
}

/* A text as its rows, and the campaign that it came into. */
struct known {
	uint64_t *rows;
	size_t n;
	int64_t campaign;
};

static struct known known_of(const struct text *t, int64_t campaign)
{
	struct known k = { malloc(ROWS * sizeof(uint64_t)), 0, campaign };

	k.n = rows_of(t, k.rows);
	k.rows = realloc(k.rows, k.n * sizeof(uint64_t));
	return k;
}

static void a_sketch_tells_how_alike_two_texts_are(void **state)
{
	AUTO_FREE(words) w = words_new();
	AUTO(buf) spelling = BUF_INIT(1 << 16);
	double worst = 0, sum = 0;
	int n = 0;

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct text t = a_text(), other = edited(t, chance(t.n / 4 + 1));
		unsigned char a[SKETCH_BYTES], b[SKETCH_BYTES];
		double off;

		assert_int_equal(sketch_of(w, spelled(&t, &spelling), a), 1);
		assert_int_equal(sketch_of(w, spelled(&other, &spelling), b), 1);
		off = sketch_alike(a, b) - exactly(&t, &other);
		worst = fabs(off) > worst ? fabs(off) : worst;
		sum += off;
		n++;
	}
	assert_true(worst < 0.25 && fabs(sum / n) < 0.01);
}

static void spelling_and_line_breaks_do_not_matter_and_few_words_have_no_sketch(void **state)
{
	static const struct {
		const char *why, *a, *b;
		double least, most;
	} rows[] = {
		{ "case, accents, punctuation, lines", "We WILL burn the Café on Monday, all of you: be ready!",
		  "we will burn -- the cafe\non monday. all of you be ready", 1, 1 },
		{ "quoted", "we will burn the place on monday all of you be ready for it",
		  "> we will burn the place\n> on monday all of you\n> be ready for it", 1, 1 },
		{ "no spaces", "我们星期一会把那个地方烧掉，你们所有人都做好准备吧，这是最后的警告",
		  "我们星期一会把那个地方烧掉!你们所有人都做好准备吧 这是最后的警告", 1, 1 },
		{ "something else", "we will burn the place on monday all of you be ready for it",
		  "the quick brown fox jumps over the lazy dog and runs away from here", 0, 0.1 },
	};
	AUTO_FREE(words) w = words_new();
	unsigned char a[SKETCH_BYTES], b[SKETCH_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(sketch_of(w, str_of(rows[i].a), a), 1);
		assert_int_equal(sketch_of(w, str_of(rows[i].b), b), 1);
		if (sketch_alike(a, b) < rows[i].least || sketch_alike(a, b) > rows[i].most)
			fail_msg("%s: %f", rows[i].why, sketch_alike(a, b));
	}
	assert_int_equal(sketch_of(w, STR("give us the money now"), a), 0);
	assert_int_equal(sketch_of(w, STR(""), a), 0);
}

static void a_page_holds_a_text_whatever_stands_around_it(void **state)
{
#define TEXT "we will burn the place on monday all of you be ready for it"
	static const struct {
		const char *why, *text, *page;
		double least, most;
	} rows[] = {
		{ "the page is the text", TEXT, TEXT, 1, 1 },
		{ "much around it", TEXT, "home news about us\n" TEXT "\nlog in to answer, 12 views, copyright of the site", 1,
		  1 },
		{ "one of fourteen words is another", TEXT,
		  "top we will burn the place on tuesday all of you be ready for it end", 0.7, 0.8 },
		{ "half of it", TEXT, "we will burn the place on monday and then we go home", 0.4, 0.5 },
		{ "its words in another order", TEXT, "it for ready be you of all monday on place the burn will we", 0, 0 },
		{ "something else", TEXT, "the quick brown fox jumps over the lazy dog and runs away", 0, 0 },
		{ "nothing", TEXT, "", 0, 0 },
		{ "a row that is said twice counts once", "pay us now pay us now pay us now or else", "pay us now pay us", 0.4,
		  0.6 },
		{ "few words side by side", "give us the money", "they said: GIVE us the money, and left", 1, 1 },
		{ "few words apart", "give us the money", "give us all of the money", 0, 0 },
		{ "not the end of another word", "us the money", "bonus the money", 0, 0 },
		{ "no words", " -- ", TEXT, -1, -1 },
	};
#undef TEXT
	AUTO_FREE(words) w = words_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str page = exact_copy(str_of(rows[i].page)), text = exact_copy(str_of(rows[i].text));
		AUTO_FREE(sketch_whole) in = sketch_whole_new(w, page);
		const double share = sketch_contained(in, w, text);

		if (share < rows[i].least || share > rows[i].most)
			fail_msg("%s: %f", rows[i].why, share);
		free((char *)(uintptr_t)page.p);
		free((char *)(uintptr_t)text.p);
	}
}

/* The campaign that a text comes into when it is posted. */
static int64_t posted(struct stored *b, struct str text, int64_t key)
{
	struct stored_post p = {
		.source_id = b->source,
		.key = arena_printf(b->a, "k%lld", (long long)key),
		.text = text,
		.assessment = { .classifier_id = b->classifier, .category = STR("leak"), .leak = 0.9, .severity = 75 }
	};
	struct stored_result r;
	int64_t campaign;

	OK(store_post(b->store, &p, key + 1, &r, &b->err));
	assert_true(r.new_finding);
	OK(campaign_of(b->store, r.finding_id, &campaign, &b->err));
	return campaign;
}

/*
 * As many texts as NEAR says, or some; then texts made of them by a few edits. Which of them are nearly the same is known by
 * comparing each with all.
 */
static void of_texts_that_are_alike_nearly_all_come_into_one_campaign(void **state)
{
	struct stored *b = *state;
	const size_t n = getenv("NEAR") ? strtoul(getenv("NEAR"), NULL, 10) : 3000, queries = 300;
	struct text *texts = calloc(n, sizeof(*texts));
	struct known *known = calloc(n, sizeof(*known));
	int64_t from;
	AUTO(buf) spelling = BUF_INIT(1 << 16);
	size_t alike = 0, found = 0, others = 0;

	OK(store_begin(b->store, &b->err));
	from = clock_steady_us();
	for (size_t i = 0; i < n; i++) {
		texts[i] = a_text();
		known[i] = known_of(&texts[i], posted(b, spelled(&texts[i], &spelling), (int64_t)i));
		arena_clear(b->a);
	}
	print_message("%zu texts kept, %.0f a second\n", n, (double)n * 1e6 / (double)(clock_steady_us() - from));
	for (size_t i = 0; i < queries; i++) {
		struct text t = edited(texts[chance(n)], 1 + chance(30));
		struct known its = known_of(&t, posted(b, spelled(&t, &spelling), (int64_t)(n + i)));
		bool any = false, right = false;

		for (size_t k = 0; k < n; k++) {
			double a = in_common(its.rows, its.n, known[k].rows, known[k].n);

			any |= a >= 0.8;
			right |= a >= 0.8 && known[k].campaign == its.campaign;
			others += a < 0.5 && known[k].campaign == its.campaign;
		}
		free(its.rows);
		alike += any;
		found += right;
	}
	OK(store_commit(b->store, &b->err));
	print_message("%zu of %zu that are 0.8 alike to one found it; %zu came to one less than 0.5 alike\n", found, alike,
		      others);
	assert_true(alike > queries / 4);
	assert_true((double)found >= 0.95 * (double)alike);
	assert_int_equal(others, 0);
	for (size_t i = 0; i < n; i++)
		free(known[i].rows);
	free(texts);
	free(known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sketch_tells_how_alike_two_texts_are),
		cmocka_unit_test(spelling_and_line_breaks_do_not_matter_and_few_words_have_no_sketch),
		cmocka_unit_test(a_page_holds_a_text_whatever_stands_around_it),
		cmocka_unit_test_setup_teardown(of_texts_that_are_alike_nearly_all_come_into_one_campaign, stored_on_sqlite,
						stored_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
