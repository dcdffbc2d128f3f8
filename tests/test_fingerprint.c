/* test_fingerprint.c - a passage of a private document is found in a post, and nothing else is taken for one */
#include "classify/fingerprint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/classify.h"
#include "classify/fold.h"
#include "classify/passage.h"
#include "tests/support.h"

enum { DOCUMENTS = 60, WORDS = 900, PASSAGE = 40 };

static const unsigned char key[DIGEST_KEY_BYTES] = "a key that only tests know, 32 b";

/* English as it is spread: the first words are most of a text. */
static const char *const vocabulary[] = {
	"the",	    "of",      "and",	    "to",	"in",	    "a",	 "is",	     "that",	  "for",
	"it",	    "as",      "was",	    "with",	"be",	    "by",	 "on",	     "not",	  "we",
	"are",	    "this",    "or",	    "from",	"at",	    "which",	 "but",	     "have",	  "an",
	"had",	    "they",    "you",	    "were",	"their",    "one",	 "all",	     "there",	  "can",
	"board",    "budget",  "quarter",   "review",	"contract", "supplier",	 "price",    "margin",	  "delivery",
	"customer", "team",    "plan",	    "release",	"risk",	    "audit",	 "report",   "meeting",	  "decision",
	"proposal", "approve", "schedule",  "figure",	"revenue",  "cost",	 "forecast", "agreement", "clause",
	"partner",  "licence", "region",    "product",	"launch",   "campaign",	 "script",   "studio",	  "director",
	"scene",    "actor",   "premiere",  "finance",	"transfer", "account",	 "manager",  "employee",  "salary",
	"bonus",    "policy",  "office",    "server",	"network",  "password",	 "incident", "response",  "vendor",
	"system",   "update",  "migration", "backup",	"deadline", "milestone", "draft",    "version",	  "comment",
	"change",   "table",   "section",   "annex",	"number",   "value",	 "total",    "average",	  "growth",
	"summer",   "winter",  "monday",    "thursday", "march",    "october",	 "london",   "berlin",	  "tokyo",
	"madrid",   "north",   "south",
};

enum { VOCABULARY = sizeof(vocabulary) / sizeof(*vocabulary) };

static uint64_t state;

static uint32_t next(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

static const char *any_word(void)
{
	return vocabulary[next(3) ? next(VOCABULARY) : next(36)];
}

/* `n` words of prose: sentences with capitals, commas and figures. */
static void prose(struct buf *out, uint64_t seed, size_t n)
{
	state = seed * 7919 + 17;
	for (size_t i = 0, in_sentence = 0; i < n; i++) {
		const char *word = any_word();
		bool ends = i + 1 == n || (in_sentence > 5 && next(9) == 0);

		if (in_sentence == 0)
			buf_printf(out, "%c%s", word[0] - 32, word + 1);
		else if (next(40) == 0)
			buf_printf(out, " %u", next(9000));
		else
			buf_printf(out, "%s%s", next(12) ? " " : ", ", word);
		buf_add(out, ends ? STR(". ") : (struct str){ 0 });
		in_sentence = ends ? 0 : in_sentence + 1;
	}
}

static struct {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct fold_scratch *fold;
	struct arena *arena;
	struct buf file;
} bench;

static void add_document(struct fingerprints *f, const char *label, const char *asset, struct str text)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct folded folded;
	struct err err = { 0 };

	fold(bench.fold, a, text, &folded);
	if (fingerprints_add(f, str_of(label), str_of(asset), folded.text, 1, &err) < 0) {
		print_error("%s\n", err.text);
		fail();
	}
}

#define FOOTER                                                                                                              \
	"This message and what is attached to it are meant for the person to whom they are addressed and for nobody else. " \
	"Whoever receives them by mistake is asked to tell the sender, to delete them and to keep no copy of them in any "  \
	"form whatsoever. "

static int make_bench(void **unused)
{
	struct err err = { 0 };
	struct fingerprints *f = fingerprints_new(key);
	struct classifier_options options = { .fingerprints_key = key };

	(void)unused;
	bench.arena = arena_new(LIMIT_ARENA);
	bench.fold = fold_scratch_new(&err);
	bench.file = (struct buf)BUF_INIT(MIB(64));
	for (int i = 0; i < DOCUMENTS; i++) {
		AUTO(buf) text = BUF_INIT(MIB(1));
		char label[32];

		snprintf(label, sizeof(label), "plan-%d.txt", i);
		prose(&text, (uint64_t)i, WORDS);
		buf_add(&text, STR(FOOTER));
		add_document(f, label, i == 7 ? "Example Pictures" : "", buf_str(&text));
	}
	/* Three drafts of one text. */
	for (int i = 0; i < 5; i++) {
		AUTO(buf) text = BUF_INIT(MIB(1));
		char label[32];

		snprintf(label, sizeof(label), "draft-%d.txt", i);
		prose(&text, 1000, WORDS);
		prose(&text, (uint64_t)(2000 + i), 200);
		add_document(f, label, "", buf_str(&text));
	}
	fingerprints_settle(f);
	fingerprints_write(f, &bench.file);
	fingerprints_free(f);
	options.fingerprints = buf_str(&bench.file);
	bench.classifier = classifier_new(&options, &err);
	if (bench.classifier)
		bench.scratch = classify_scratch_new(bench.classifier, &err);
	if (!bench.scratch)
		print_error("%s\n", err.text);
	return bench.scratch ? 0 : -1;
}

static int free_bench(void **unused)
{
	(void)unused;
	classify_scratch_free(bench.scratch);
	classifier_free(bench.classifier);
	fold_scratch_free(bench.fold);
	arena_free(bench.arena);
	buf_release(&bench.file);
	return 0;
}

/* The hit on a document, NULL for none. It lives until the next call. */
static const struct hit *passage_in(struct str text)
{
	struct str copy = exact_copy(text);
	struct assessment *x;
	const struct hit *found = NULL;

	arena_clear(bench.arena);
	x = arena_alloc(bench.arena, sizeof(*x));
	classify(bench.classifier, bench.scratch, bench.arena, copy, x);
	for (size_t i = 0; i < x->n_hits; i++)
		if (str_eq(x->hits[i].rule, STR("document-passage"))) {
			assert_true(x->hits[i].span.start < x->hits[i].span.end && x->hits[i].span.end <= text.n);
			found = found ? found : &x->hits[i];
		}
	free((char *)(uintptr_t)copy.p);
	return found;
}

/* The words [from, from + n) of a document. */
static void passage(struct buf *out, uint64_t document, size_t from, size_t n)
{
	AUTO(buf) text = BUF_INIT(MIB(1));
	struct str rest, word;
	size_t i = 0;

	prose(&text, document, WORDS);
	rest = buf_str(&text);
	while (i < from + n && str_split(&rest, ' ', &word))
		if (word.n && i++ >= from)
			buf_printf(out, "%s%.*s", out->n ? " " : "", STR_ARG(word));
}

/* ---- what becomes of a passage ---- */

static void as_it_is(struct buf *out, struct str text)
{
	buf_add(out, text);
}

/* Lines of another width, each quoted. */
static void wrapped_and_quoted(struct buf *out, struct str text)
{
	size_t column = 0;

	buf_add(out, STR("somebody wrote:\n> "));
	for (size_t i = 0; i < text.n; i++, column++) {
		if (text.p[i] == ' ' && column > 40) {
			buf_add(out, STR("\r\n> "));
			column = 0;
		} else {
			buf_add_char(out, text.p[i]);
		}
	}
	buf_add(out, STR("\n\nwhat do you think of that?\n"));
}

/* Every fifth long word is cut at a line end. */
static void hyphenated(struct buf *out, struct str text)
{
	struct str rest = text, word;

	for (size_t i = 0; str_split(&rest, ' ', &word); i++) {
		if (i % 5 == 0 && word.n > 6 && ascii_is_alpha(word.p[3]) && ascii_is_alpha(word.p[4]))
			buf_printf(out, "%.*s-\n%.*s ", 4, word.p, (int)word.n - 4, word.p + 4);
		else
			buf_printf(out, "%.*s ", STR_ARG(word));
	}
}

static void in_capitals(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_add_char(out, text.p[i] >= 'a' && text.p[i] <= 'z' ? (char)(text.p[i] - 32) : text.p[i]);
}

static void without_punctuation(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '.' && text.p[i] != ',')
			buf_add_char(out, text.p[i]);
}

static void every_twelfth_word_replaced(struct buf *out, struct str text)
{
	struct str rest = text, word;

	for (size_t i = 0; str_split(&rest, ' ', &word); i++)
		buf_printf(out, "%.*s ", STR_ARG(i % 12 == 5 ? STR("something") : word));
}

static void with_a_sentence_put_in(struct buf *out, struct str text)
{
	size_t middle = text.n / 2;

	while (middle < text.n && text.p[middle] != ' ')
		middle++;
	buf_printf(out, "%.*s I added this sentence myself, mind you.%.*s", (int)middle, text.p, (int)(text.n - middle),
		   text.p + middle);
}

static void in_a_longer_post(struct buf *out, struct str text)
{
	prose(out, 90001, 300);
	buf_printf(out, "\n\n\"%.*s\"\n\n", STR_ARG(text));
	prose(out, 90002, 300);
}

static void with_lookalikes(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == 'a')
			buf_add(out, STR("\xd0\xb0"));
		else
			buf_add_char(out, text.p[i]);
	}
}

static void a_passage_of_forty_words_is_found_whatever_was_done_to_it(void **unused)
{
	static const struct {
		const char *what;
		void (*mutate)(struct buf *out, struct str text);
		int least; /* of 100 passages */
	} rows[] = {
		{ "as it is", as_it_is, 100 },
		{ "wrapped and quoted", wrapped_and_quoted, 100 },
		{ "hyphenated", hyphenated, 100 },
		{ "in capitals", in_capitals, 100 },
		{ "without punctuation", without_punctuation, 100 },
		{ "with a sentence put in", with_a_sentence_put_in, 100 },
		{ "in a longer post", in_a_longer_post, 100 },
		{ "with lookalikes", with_lookalikes, 100 },
		{ "every twelfth word replaced", every_twelfth_word_replaced, 95 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int found = 0;

		for (int k = 0; k < 100; k++) {
			AUTO(buf) plain = BUF_INIT(MIB(1));
			AUTO(buf) text = BUF_INIT(MIB(1));
			const struct hit *hit;
			char label[32];

			snprintf(label, sizeof(label), "plan-%d.txt", k % DOCUMENTS);
			passage(&plain, (uint64_t)(k % DOCUMENTS), (size_t)(k * 8), PASSAGE);
			rows[i].mutate(&text, buf_str(&plain));
			hit = passage_in(buf_str(&text));
			found += hit && str_eq(hit->masked, str_of(label));
		}
		if (found < rows[i].least) {
			print_error("%s: %d of 100 found\n", rows[i].what, found);
			fail();
		}
	}
}

static void a_hit_says_how_much_of_what_is_shared(void **unused)
{
	AUTO(buf) text = BUF_INIT(MIB(1));
	const struct hit *hit;
	size_t start;

	(void)unused;
	prose(&text, 90003, 400);
	buf_add(&text, STR("\n\n"));
	start = text.n;
	prose(&text, 7, WORDS);
	hit = passage_in(buf_str(&text));
	assert_non_null(hit);
	assert_str(hit->label, "passage of a private document");
	assert_str(hit->masked, "plan-7.txt");
	assert_str(hit->asset, "Example Pictures");
	assert_int_equal(hit->confidence, CONFIDENCE_HIGH);
	assert_true(hit->span.start >= start && hit->span.start < start + 60 && hit->span.end > text.n - 60);
	assert_true(str_find(hit->why, STR("plan-7.txt, 9")) > 0 || str_find(hit->why, STR("plan-7.txt, 100 %")) > 0);
	assert_true(str_find(hit->why, STR("% of this text")) > 0);
}

static void of_drafts_the_nearest_is_told(void **unused)
{
	AUTO(buf) text = BUF_INIT(MIB(1));
	struct assessment x;
	size_t hits = 0;

	(void)unused;
	prose(&text, 1000, 300);
	prose(&text, 2003, 200);
	arena_clear(bench.arena);
	classify(bench.classifier, bench.scratch, bench.arena, buf_str(&text), &x);
	for (size_t i = 0; i < x.n_hits; i++)
		hits += str_eq(x.hits[i].rule, STR("document-passage"));
	assert_int_equal(hits, 1);
	assert_str(passage_in(buf_str(&text))->masked, "draft-3.txt");
}

static void what_is_no_passage_is_not_taken_for_one(void **unused)
{
	(void)unused;
	assert_null(passage_in(STR(FOOTER))); /* boilerplate of sixty documents */
	for (int i = 0; i < 200; i++) {	      /* other texts of the same words */
		AUTO(buf) text = BUF_INIT(MIB(1));

		prose(&text, (uint64_t)(50000 + i), 500);
		assert_null(passage_in(buf_str(&text)));
	}
	for (int i = 0; i < 50; i++) { /* a document's own words in another order */
		AUTO(buf) text = BUF_INIT(MIB(1));
		AUTO(buf) shuffled = BUF_INIT(MIB(1));
		struct str rest, words[WORDS];
		size_t n = 0;

		prose(&text, (uint64_t)i, WORDS);
		rest = buf_str(&text);
		while (n < WORDS && str_split(&rest, ' ', &words[n]))
			n++;
		state = (uint64_t)i;
		for (size_t k = n; k > 0; k--) {
			size_t other = next((uint32_t)k);
			struct str word = words[other];

			words[other] = words[k - 1];
			buf_printf(&shuffled, "%.*s ", STR_ARG(word));
		}
		assert_null(passage_in(buf_str(&shuffled)));
	}
	for (int i = 0; i < 50; i++) { /* one phrase, and single phrases far apart */
		AUTO(buf) text = BUF_INIT(MIB(1));
		AUTO(buf) phrase = BUF_INIT(MIB(1));

		passage(&phrase, (uint64_t)i, 100, 8);
		prose(&text, (uint64_t)(60000 + i), 200);
		buf_printf(&text, " %.*s ", STR_ARG(buf_str(&phrase)));
		prose(&text, (uint64_t)(70000 + i), 200);
		assert_null(passage_in(buf_str(&text)));
	}
}

static void what_was_written_is_read_back_and_damage_is_told(void **unused)
{
	struct err err = { 0 };
	AUTO_FREE(fingerprints) f = fingerprints_new(key);
	AUTO(buf) again = BUF_INIT(MIB(64));

	(void)unused;
	assert_int_equal(fingerprints_read(f, buf_str(&bench.file), &err), 0);
	assert_int_equal(f->n_documents, DOCUMENTS + 5);
	fingerprints_write(f, &again);
	assert_true(str_eq(buf_str(&again), buf_str(&bench.file)));
	assert_null(memmem(again.p, again.n, "contract", 8)); /* no word of a text */
	for (size_t i = 0; i < again.n; i += 1 + again.n / 97) {
		AUTO_FREE(fingerprints) other = fingerprints_new(key);
		AUTO_FREE(fingerprints) cut = fingerprints_new(key);
		struct str part = exact_copy(str_slice(buf_str(&again), 0, i));

		again.p[i] ^= 1;
		assert_true(fingerprints_read(other, buf_str(&again), &err) < 0);
		again.p[i] ^= 1;
		assert_true(fingerprints_read(cut, part, &err) < 0);
		free((char *)(uintptr_t)part.p);
	}
	{
		static const unsigned char another[DIGEST_KEY_BYTES] = "another key";
		AUTO_FREE(fingerprints) other = fingerprints_new(another);

		assert_int_equal(fingerprints_read(other, buf_str(&again), &err), E_BAD);
		assert_string_equal(err.text, "is damaged, or belongs to another fingerprint.key");
	}
}

static void documents_are_replaced_and_forgotten_by_label(void **unused)
{
	AUTO_FREE(fingerprints) f = fingerprints_new(key);
	AUTO(buf) one = BUF_INIT(MIB(1));
	AUTO(buf) two = BUF_INIT(MIB(1));
	struct err err = { 0 };

	(void)unused;
	prose(&one, 1, 300);
	prose(&two, 2, 400);
	add_document(f, "x", "", buf_str(&one));
	add_document(f, "y", "", buf_str(&one));
	add_document(f, "x", "", buf_str(&two));
	fingerprints_settle(f);
	assert_int_equal(f->n_documents, 2);
	assert_str(f->documents[0].label, "y");
	assert_int_equal(f->documents[1].words, 400);
	assert_true(fingerprints_forget(f, STR("y")));
	assert_false(fingerprints_forget(f, STR("y")));
	fingerprints_settle(f);
	assert_int_equal(f->n_documents, 1);
	for (size_t i = 0; i < f->n_rows; i++)
		assert_int_equal(f->rows[i].document, 0);
	assert_int_equal(fingerprints_add(f, STR("z"), STR(""), STR("too few words to be known"), 1, &err), E_BAD);
	assert_string_equal(err.text, "has 6 words, expected at least 40: less is not recognised for sure");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_passage_of_forty_words_is_found_whatever_was_done_to_it),
		cmocka_unit_test(a_hit_says_how_much_of_what_is_shared),
		cmocka_unit_test(of_drafts_the_nearest_is_told),
		cmocka_unit_test(what_is_no_passage_is_not_taken_for_one),
		cmocka_unit_test(what_was_written_is_read_back_and_damage_is_told),
		cmocka_unit_test(documents_are_replaced_and_forgotten_by_label),
	};

	return cmocka_run_group_tests(tests, make_bench, free_bench);
}
