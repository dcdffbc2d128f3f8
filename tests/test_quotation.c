/* test_quotation.c - which stretches are somebody else's words, and which post had them first */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "desk/quotation.h"
#include "store/finding.h"
#include "store/post.h"
#include "store/quoted.h"
#include "store/search.h"
#include "tests/stores.h"

#define WORDS "the places at that time are not safe"

/* The stretches of a text, a bar between them. */
static struct str stretches_of(struct arena *a, struct str text)
{
	struct str copy = exact_copy(text), all = { 0 };
	struct stretch found[QUOTATION_STRETCHES];
	size_t n = quotation_find(copy, found);

	for (size_t i = 0; i < n; i++)
		all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all), i ? "|" : "",
				   STR_ARG(str_slice(copy, found[i].start, found[i].end)));
	free((char *)(uintptr_t)copy.p);
	return all;
}

static const struct {
	const char *why, *text, *found;
} quotations[] = {
	{ "straight marks", "It says \"" WORDS "\", no more.", WORDS },
	{ "English marks", "It says \xe2\x80\x9c" WORDS "\xe2\x80\x9d, no more.", WORDS },
	{ "German marks", "Es hei\xc3\x9ft \xe2\x80\x9e" WORDS "\xe2\x80\x9c.", WORDS },
	{ "Swedish marks", "Det st\xc3\xa5r \xe2\x80\x9d" WORDS "\xe2\x80\x9d.", WORDS },
	{ "French marks", "Il dit \xc2\xab " WORDS " \xc2\xbb.", WORDS },
	{ "German guillemets", "Es hei\xc3\x9ft \xc2\xbb" WORDS "\xc2\xab.", WORDS },
	{ "single guillemets", "Il dit \xe2\x80\xb9" WORDS "\xe2\x80\xba.", WORDS },
	{ "corner brackets", "\xe3\x80\x8c" WORDS "\xe3\x80\x8d", WORDS },
	{ "single marks", "It says \xe2\x80\x98" WORDS "\xe2\x80\x99.", WORDS },
	{ "single straight marks", "It says '" WORDS "'.", WORDS },
	{ "marks of TeX", "It says `" WORDS "'.", WORDS },
	{ "the whole text", "\"" WORDS "\"", WORDS },
	{ "a line behind >", "He wrote:\n> " WORDS "\nI do not know.", "> " WORDS },
	{ "lines behind >, the last without an end", "> the places at\n> that time", "> the places at\n> that time" },
	{ "an apostrophe is no mark", "I don't go and you don't go and nobody's there", "" },
	{ "an inch opens nothing", "a 5\" disk and a 3\" disk are in the box of the old desk", "" },
	{ "nested: both", "\"He said 'you will all be sorry for it' and went\"",
	  "He said 'you will all be sorry for it' and went|you will all be sorry for it" },
	{ "an unclosed one inside another", "\xe2\x80\x9cthe \xe2\x80\x98places at that time\xe2\x80\x9d",
	  "the \xe2\x80\x98places at that time" },
	{ "unclosed", "It says \"" WORDS, "" },
	{ "only closed", "It says " WORDS "\xe2\x80\x9d", "" },
	{ "none", WORDS, "" },
	{ "nothing", "", "" },
	{ "a mark alone", "\"", "" },
	{ "half a mark", "\xe2\x80", "" },
	{ "too short", "\"no\" he said", "" },
	{ "cut where something is left out", "\"the places at that time ... are not safe for you\"",
	  "the places at that time|are not safe for you" },
	{ "cut at one sign of three dots", "\"the places at that time\xe2\x80\xa6 are not safe for you\"",
	  "the places at that time|are not safe for you" },
	{ "over paragraphs", "\"the places\n\nat that time\"", "the places\n\nat that time" },
};

static void what_is_quoted_is_found(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	for (size_t i = 0; i < sizeof(quotations) / sizeof(quotations[0]); i++) {
		struct str found = stretches_of(a, str_of(quotations[i].text));

		if (!str_eq(found, str_of(quotations[i].found)))
			fail_msg("%s: found \"%.*s\"", quotations[i].why, STR_ARG(found));
	}
}

static void the_longest_are_kept(void **state)
{
	AUTO(buf) text = BUF_INIT(KIB(64));
	struct stretch found[QUOTATION_STRETCHES];

	(void)state;
	for (int i = 0; i < 40; i++)
		buf_printf(&text, "\"%0*d\" and ", 20 + i, i);
	assert_int_equal(quotation_find(buf_str(&text), found), QUOTATION_STRETCHES);
	for (int i = 0; i < QUOTATION_STRETCHES; i++)
		assert_int_equal(found[i].end - found[i].start, 59 - i);
}

/* Seconds for `mib` MiB of a piece, over and over. */
static double seconds_for(const char *piece, size_t mib)
{
	const size_t n = strlen(piece), all = MIB(mib) / n;
	char *bytes = malloc(all * n);
	struct stretch found[QUOTATION_STRETCHES];
	int64_t start;
	double took;

	assert_non_null(bytes);
	for (size_t i = 0; i < all; i++)
		memcpy(bytes + i * n, piece, n);
	start = clock_steady_us();
	quotation_find((struct str){ bytes, all * n }, found);
	took = (double)(clock_steady_us() - start) / 1e6;
	free(bytes);
	return took;
}

static void ten_megabytes_take_bounded_time(void **state)
{
	static const char *const pieces[] = {
		"no quotation at all ",
		"\" ",
		"\"a",
		"\xe2\x80\x9c",
		"\xe2\x80\x9d",
		"\xe2\x80\x9c\xe2\x80\x98\"'x'\"\xe2\x80\x99\xe2\x80\x9d",
		"> ",
		">\n",
		"> ...\n",
		"\xc2\xab\xc2\xbb",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		double took = seconds_for(pieces[i], 10);

		if (took > 5) /* a tenth of a second without sanitizers */
			fail_msg("\"%s\" over and over: %.1f seconds", pieces[i], took);
	}
}

/* ---- the post that had the words first ---- */

struct bench {
	struct test_place at;
	struct store *store;
	struct arena *a;
	struct err err;
	int64_t source;
	int64_t now;
};

static void open_bench(struct bench *b, enum db_engine engine)
{
	*b = (struct bench){ .now = 1780000000000000 };
	test_place_make_ready(&b->at, engine);
	b->a = arena_new(MIB(64));
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	if (!b->store)
		fail_msg("%s", b->err.text);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(store_source(b->store, STR("board"), &b->source, &b->err), 0);
	assert_int_equal(store_commit(b->store, &b->err), 0);
}

static void close_bench(struct bench *b)
{
	store_free(b->store);
	arena_free(b->a);
	test_place_remove(&b->at);
}

/* Store a post; with a severity it is a finding. */
static void keep(struct bench *b, const char *key, const char *text, int severity)
{
	struct stored_classifier c = { (const unsigned char *)"0123456789abcdef0123456789abcdef",
				       (const unsigned char *)"0123456789abcdef0123456789abcdef", STR("0"), NULL, 0 };
	struct stored_part report = { STR(QUOTED_PART), 0, 0, 1 };
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .url = arena_printf(b->a, "http://board.example/%s", key),
				 .text = str_of(text) };
	struct stored_result result;

	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(store_classifier(b->store, &c, b->now, &p.assessment.classifier_id, &b->err), 0);
	p.assessment.severity = severity;
	p.assessment.violence = severity ? 0.9 : 0;
	p.assessment.category = STR("violence");
	p.assessment.parts = &report;
	p.assessment.n_parts = str_starts(p.key, STR("news"));
	if (store_post(b->store, &p, b->now++, &result, &b->err) < 0)
		fail_msg("%s", b->err.text);
	assert_int_equal(store_commit(b->store, &b->err), 0);
}

static void index_all(struct bench *b)
{
	AUTO_FREE(search) x = search_open(b->store, true, &b->err);

	if (!x)
		fail_msg("%s", b->err.text);
	while (search_index(x, 100, &b->err) > 0) {
	}
}

/* The key of the post that `key`, which quotes `stretch`, has its words from; empty for none. */
static struct str original_of(struct bench *b, const char *key, const char *stretch)
{
	const struct str stretches[] = { STR("nobody ever said these seven words"), str_of(stretch) };
	const struct quoting q = { b->source, str_of(key), STR("another text"), stretches, 2 };
	struct original out = { 0 };

	assert_int_equal(store_begin(b->store, &b->err), 0);
	if (quoted_find(b->store, &q, b->a, &out, &b->err) < 0)
		fail_msg("%s", b->err.text);
	store_rollback(b->store);
	return out.key;
}

static void look_for_originals(enum db_engine engine)
{
	struct bench b;

	if (!test_has_engine(engine))
		skip();
	open_bench(&b, engine);
	assert_str(original_of(&b, "news1", WORDS), ""); /* there is no index yet */
	keep(&b, "plain", "Look: THE places, at that time, are not safe!", 0);
	assert_str(original_of(&b, "news1", WORDS), ""); /* waits for the index, and is no finding */
	keep(&b, "first", "We say: the places at that time are not safe. Go.", 80);
	assert_str(original_of(&b, "news1", WORDS), "first"); /* a finding is seen at once */
	index_all(&b);
	assert_str(original_of(&b, "news1", WORDS), "first");
	keep(&b, "news0", "They wrote \"the places at that time are not safe\"", 30);
	keep(&b, "second", "the places at that time are not safe", 80);
	index_all(&b);
	assert_str(original_of(&b, "news1", WORDS), "first"); /* the oldest of those that do not quote */
	assert_str(original_of(&b, "first", WORDS), "plain"); /* never itself, never a later one */
	assert_str(original_of(&b, "plain", WORDS), "");
	assert_str(original_of(&b, "news1", "the places at that time are very safe"), ""); /* another word */
	assert_str(original_of(&b, "news1", "the places at that time"), "");		   /* too few */
	close_bench(&b);
}

static void the_original_is_found_on_sqlite(void **state)
{
	(void)state;
	look_for_originals(DB_SQLITE);
}

static void the_original_is_found_on_postgresql(void **state)
{
	(void)state;
	look_for_originals(DB_POSTGRESQL);
}

static void a_post_that_is_as_it_was_looks_for_nothing(void **state)
{
	const struct str stretch = STR(WORDS);
	struct original out;
	struct bench b;

	(void)state;
	open_bench(&b, DB_SQLITE);
	keep(&b, "first", WORDS, 80);
	keep(&b, "news", "they say \"" WORDS "\"", 30);
	for (int i = 0; i < 2; i++) {
		const struct quoting q = { b.source, STR("news"), i ? STR("they say \"" WORDS "\"") : STR("they said it"),
					   &stretch, 1 };

		assert_int_equal(quoted_find(b.store, &q, b.a, &out, &b.err), !i);
	}
	close_bench(&b);
}

static void the_sentence_names_post_and_finding(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct original o = { 7, STR("board"), STR("Ab"), STR("http://u.paste.example/raw/a.b"),
			      STR("0123456789abcdef0123456789abcdef") };
	struct str sentence = quoted_sentence(&o, a),
		   other = STR("quotes post x of y, finding 0123456789abcdef0123456789abcdeg");

	(void)state;
	assert_str(sentence,
		   "quotes post Ab of board (hxxp://u[.]paste[.]example/raw/a.b), finding 0123456789abcdef0123456789abcdef");
	assert_str(quoted_finding(&sentence, 1), "0123456789abcdef0123456789abcdef");
	assert_int_equal(quoted_finding(&other, 1).n, 0); /* no id */
	other = STR("quotes post");
	assert_int_equal(quoted_finding(&other, 1).n, 0);
	o.finding = (struct str){ 0 };
	o.url = o.key;
	assert_str(quoted_sentence(&o, a), "quotes post Ab of board");
}

static void what_others_said_stands_before_the_own_words_in_quoted_lines(void **state)
{
	static const struct {
		const char *why, *said, *own, *joined;
		size_t most;
	} rows[] = {
		{ "nothing quoted", "", "own", "own", 100 },
		{ "one line", "theirs", "own", "> theirs\nown", 100 },
		{ "two lines, one empty", "a\n\nb", "own", "> a\n> \n> b\nown", 100 },
		{ "nothing but a quotation", "theirs", "", "> theirs\n", 100 },
		{ "cut", "theirs", "own words", "> theirs\nown", 12 },
		{ "cut between characters", "x", "a\xc3\xa9", "> x\na", 6 },
	};
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str joined = quotation_join(a, str_of(rows[i].said), str_of(rows[i].own), rows[i].most);

		if (!str_eq(joined, str_of(rows[i].joined))) {
			print_error("%s: \"%.*s\"\n", rows[i].why, STR_ARG(joined));
			fail();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_others_said_stands_before_the_own_words_in_quoted_lines),
		cmocka_unit_test(what_is_quoted_is_found),
		cmocka_unit_test(the_longest_are_kept),
		cmocka_unit_test(ten_megabytes_take_bounded_time),
		cmocka_unit_test(the_original_is_found_on_sqlite),
		cmocka_unit_test(the_original_is_found_on_postgresql),
		cmocka_unit_test(a_post_that_is_as_it_was_looks_for_nothing),
		cmocka_unit_test(the_sentence_names_post_and_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
