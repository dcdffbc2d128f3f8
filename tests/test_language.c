/* test_language.c - the model of threat language: its file, fitting, windows, scores, and what the shipped one decides */
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/language.h"
#include "classify/language_fit.h"
#include "desk/rows.h"

static struct arena *arena;
static struct classifier *classifier;
static struct classify_scratch *scratch;
static struct language *shipped;

static int make(void **state)
{
	const struct embed *file = embed_find("classify/model/language.bin");
	const struct classifier_options options = { 0 };
	struct err err = { 0 };

	(void)state;
	alarm(600); /* a case that is not linear in its input would never end */
	arena = arena_new(LIMIT_ARENA);
	classifier = classifier_new(&options, &err);
	scratch = classifier ? classify_scratch_new(classifier, &err) : NULL;
	shipped = file ? language_new(file->content, file->path, &err) : NULL;
	return scratch && shipped ? 0 : -1;
}

static int unmake(void **state)
{
	(void)state;
	language_free(shipped);
	classify_scratch_free(scratch);
	classifier_free(classifier);
	arena_free(arena);
	return 0;
}

/* ---- the file ---- */

/* The shipped model in a heap block of its size. */
static struct language_file *copy_of_shipped(void)
{
	struct str copy = exact_copy(embed_find("classify/model/language.bin")->content);

	assert_int_equal(copy.n, sizeof(struct language_file));
	return (struct language_file *)(uintptr_t)copy.p;
}

/* Give a model the digest of its bytes. */
static void seal(struct language_file *f)
{
	digest_sha256((struct str){ (const char *)&f->version, sizeof(*f) - offsetof(struct language_file, version) },
		      f->digest);
}

static void check_refused(const char *why, struct str bytes, const char *sentence)
{
	struct err err = { 0 };
	AUTO_FREE(language) m = language_new(bytes, "x.bin", &err);

	if (m || err.code != E_USAGE || str_find(str_of(err.text), str_of(sentence)) < 0 ||
	    !str_starts(str_of(err.text), STR("x.bin: ")) || str_find(str_of(err.text), STR("watchdesk train")) < 0) {
		print_error("%s: %s\n", why, m ? "taken" : err.text);
		fail();
	}
}

static uint32_t bits_of(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

#define AT(member) offsetof(struct language_file, member)

static void a_broken_model_is_refused_with_its_version_and_digest(void **state)
{
	const struct {
		const char *why;
		size_t offset;
		uint32_t value;
		bool sealed;
		const char *sentence;
	} rows[] = {
		{ "no magic", 0, 0x20202020, true, "no model of language" },
		{ "a later version", AT(version), LANGUAGE_VERSION + 1, true, "a model of version 3, digest " },
		{ "no version", AT(version), 0, true, "a model of version 0, digest " },
		{ "more rows", AT(rows_log), LANGUAGE_ROWS_LOG + 1, true, "version 2, digest " },
		{ "other facts", AT(facts_log), 0, true, "whose size is not right" },
		{ "a head less", AT(heads), LANGUAGE_HEADS - 1, true, "whose size is not right" },
		{ "a changed weight", AT(rows) + 4000, 0x01010101, false, "it is damaged" },
		{ "a changed digest", AT(digest), 0, false, "digest 00000000" },
		{ "a changed last byte", sizeof(struct language_file) - 4, 0x7f7f7f7f, false, "it is damaged" },
		{ "a knot below the one before", AT(knots[0][1]), bits_of(-1e9f), true, "make no sense" },
		{ "knots that do not rise", AT(knots[4][0]), bits_of(1e9f), true, "make no sense" },
		{ "a knot that is no number", AT(knots[2][4]), bits_of(NAN), true, "make no sense" },
		{ "a first knot that is no number", AT(knots[1][0]), bits_of(NAN), true, "make no sense" },
		{ "a scale that is no number", AT(scale[3]), bits_of(NAN), true, "make no sense" },
		{ "a bias without end", AT(bias[1]), bits_of(INFINITY), true, "make no sense" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct language_file *f = copy_of_shipped();

		memcpy((char *)f + rows[i].offset, &rows[i].value, sizeof(rows[i].value));
		if (rows[i].sealed)
			seal(f);
		check_refused(rows[i].why, (struct str){ (const char *)f, sizeof(*f) }, rows[i].sentence);
		free(f);
	}
}

static void the_digest_in_the_sentence_is_that_of_the_file(void **state)
{
	struct language_file *f = copy_of_shipped();
	char digest[DIGEST_HEX], expected[64];

	(void)state;
	f->version = 7;
	seal(f);
	digest_hex(f->digest, DIGEST_BYTES, digest);
	snprintf(expected, sizeof(expected), "version 7, digest %.16s", digest);
	check_refused("version 7", (struct str){ (const char *)f, sizeof(*f) }, expected);
	free(f);
}

static void a_model_of_any_other_length_is_refused(void **state)
{
	static const size_t lengths[] = { 0,
					  1,
					  7,
					  8,
					  9,
					  39,
					  40,
					  43,
					  44,
					  59,
					  60,
					  71,
					  72,
					  100,
					  4096,
					  131072,
					  1000000,
					  sizeof(struct language_file) - 4096,
					  sizeof(struct language_file) - 1 };
	struct language_file *f = copy_of_shipped();
	struct str whole = { (const char *)f, sizeof(*f) };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct str cut = exact_copy(str_slice(whole, 0, lengths[i]));

		check_refused("cut", cut, lengths[i] < offsetof(struct language_file, scale) ? "no model" : "digest ");
		free((char *)(uintptr_t)cut.p);
	}
	free(f);
	f = must_alloc(1, sizeof(*f) + 1);
	memcpy(f, embed_find("classify/model/language.bin")->content.p, sizeof(*f));
	check_refused("a byte more", (struct str){ (const char *)f, sizeof(*f) + 1 }, "whose size is not right");
	free(f);
}

static void what_is_no_model_is_refused(void **state)
{
	static const char *const rows[] = { "", "WDLANG1\n", "{\"text\": \"a model\"}\n",
					    "WDLANG2\n                          " };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str bytes = exact_copy(str_of(rows[i]));

		check_refused(rows[i], bytes, "no model of language");
		free((char *)(uintptr_t)bytes.p);
	}
}

/* ---- windows and scores ---- */

static void windows_cover_every_word_and_overlap_by_half(void **state)
{
	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		size_t first, end, i, ends[2] = { 0 }, last[2] = { 0 };

		for (i = 0; language_window(n, i, &first, &end); i++) {
			size_t wide = end - first > LANGUAGE_SHORT || (i > 0 && first == 0);
			size_t size = wide ? LANGUAGE_WIDE : LANGUAGE_SHORT;

			wide |= i > 0 && ends[1] > 0;
			size = wide ? LANGUAGE_WIDE : LANGUAGE_SHORT;
			assert_true(first <= end && end <= n && end - first <= size);
			assert_true(ends[wide] == 0 || (first == last[wide] + size / 2 && first < ends[wide]));
			last[wide] = first;
			ends[wide] = end;
		}
		assert_int_equal(ends[0], n);
		assert_int_equal(ends[1], n > LANGUAGE_SHORT ? n : 0);
		assert_true(i <= n / (LANGUAGE_SHORT / 2) + n / (LANGUAGE_WIDE / 2) + 2);
	}
}

static void scores_rise_with_the_odds_and_decide_at_the_middle_knot(void **state)
{
	static const float knots[LANGUAGE_KNOTS] = { -3, -1, 0.5f, 2, 4 };
	double before = 0;

	(void)state;
	for (int k = 0; k < LANGUAGE_KNOTS; k++)
		assert_true(fabs(language_score(knots, (double)knots[k]) - language_levels[k]) < 1e-9);
	assert_true(fabs(language_score(knots, 0.5) - 0.5) < 1e-9);
	for (double odds = -12; odds < 12; odds += 0.01) {
		double score = language_score(knots, odds);

		assert_true(score > before && score < 1);
		before = score;
	}
	assert_true(language_score(knots, -1e9) >= 0 && language_score(knots, 1e9) <= 1);
}

static void what_tells_of_others_is_lowered_only_beyond_where_that_begins(void **state)
{
	double below[LANGUAGE_HEADS] = { 1, 2, 3, 4, 0.5 }, beyond[LANGUAGE_HEADS] = { 1, 2, 3, 4, 2.5 };

	(void)state;
	language_lower(below, 1, 2);
	language_lower(beyond, 1, 2);
	for (int h = 0; h < LANGUAGE_REPORT; h++) {
		assert_true(fabs(below[h] - (h + 1)) < 1e-9);
		assert_true(fabs(beyond[h] - (h + 1 - 3)) < 1e-9);
	}
	assert_true(fabs(beyond[LANGUAGE_REPORT] - 2.5) < 1e-9);
}

/* ---- fitting ---- */

static const char pack[] = "senses:\n"
			   "  we: [i we]\n"
			   "  will: [will ll]\n"
			   "  harm: [kill+ shoot burn+ strangle+]\n"
			   "  you: [you him them her]\n"
			   "  money: [btc bitcoin dollars]\n";

static const struct {
	int head; /* LANGUAGE_HEADS for none */
	const char *text;
} invented[] = {
	{ 0, "we will kill you on monday" },
	{ 0, "i will shoot him in his car" },
	{ 0, "tonight i burn them all" },
	{ 0, "you will bleed, i will kill them" },
	{ 0, "i come to shoot you and her" },
	{ 0, "we kill everyone in that house" },
	{ 1, "send two btc or all of it goes out" },
	{ 1, "pay us in bitcoin and we stay silent" },
	{ 1, "your files are locked, pay 300 dollars" },
	{ 1, "you have two days to pay the btc" },
	{ 1, "we took your letters, pay or we print" },
	{ 1, "no payment means no key for your disks" },
	{ 2, "full dump of the shop, two million rows" },
	{ 2, "archive part three, mirror below" },
	{ 2, "selling customer rows with hashes" },
	{ 2, "their whole mail store is here to load" },
	{ 2, "fresh rows from a clinic, link inside" },
	{ 2, "the dump is free now, link in the post" },
	{ 3, "name Olaf Brenner, street Lime Row 4" },
	{ 3, "her phone and home, go say hello" },
	{ 3, "lives at Lime Row 9, drives a red van" },
	{ 3, "dox of the mod: name, phone, school" },
	{ 3, "here is his address and his mother's" },
	{ 3, "age 31, street, phone, work, all found" },
	{ LANGUAGE_HEADS, "the tomatoes came up early this year" },
	{ LANGUAGE_HEADS, "does anybody know a good plumber" },
	{ LANGUAGE_HEADS, "my train was late again on monday" },
	{ LANGUAGE_HEADS, "we will meet you at the lake" },
	{ LANGUAGE_HEADS, "i will bring him the blue lamp" },
	{ LANGUAGE_HEADS, "the film was long and rather dull" },
	{ LANGUAGE_HEADS, "new tyres for the old bike at last" },
	{ LANGUAGE_HEADS, "she sings in a choir on sundays" },
	{ LANGUAGE_HEADS, "what a match, three goals at home" },
	{ LANGUAGE_HEADS, "bread with seeds, baked in a pot" },
	{ LANGUAGE_HEADS, "how do i set the clock of this oven" },
	{ LANGUAGE_HEADS, "we painted the fence green" },
	{ LANGUAGE_HEADS, "snow until april, can you believe it" },
	{ LANGUAGE_HEADS, "the library is open till nine" },
	{ LANGUAGE_HEADS, "i lost my left glove on the bus" },
	{ LANGUAGE_HEADS, "a quiet week, we read a lot" },
};

/* The words of a text, by the small pack. */
static void words_of(const struct lexicon *l, const char *text, struct language_text *out)
{
	struct tokens *tokens = arena_alloc(arena, sizeof(*tokens));
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	AUTO_FREE(lexicon_recent) recent = lexicon_recent_new();

	lexicon_read(l, recent, arena, str_of(text), tokens);
	*out = (struct language_text){ l, str_of(text), tokens, facts };
}

static struct lexicon *small_lexicon(struct arena *a)
{
	struct err err = { 0 };
	const struct yaml *map = yaml_parse(a, str_of(pack), "pack.yaml", &err);
	struct lexicon *l = lexicon_new(a);

	assert_int_equal(lexicon_add_senses(l, yaml_item(map, 0), &err), 0);
	assert_int_equal(lexicon_finish(l, &err), 0);
	return l;
}

static void add_invented(struct fit *f, const struct lexicon *l, size_t i)
{
	static const char *const kinds[] = { "a", "b", "c" };
	struct fit_label label = { .source = str_of(kinds[i % 2]),
				   .kind = str_of(kinds[i % 3]),
				   .ordinary = invented[i].head == LANGUAGE_HEADS };
	struct language_text text;

	for (int h = 0; h < LANGUAGE_HEADS; h++)
		label.heads[h] = h == invented[i].head;
	arena_clear(arena);
	words_of(l, invented[i].text, &text);
	fit_add(f, &text, &label);
}

/* A model of the invented rows, and of two more of which one label alone is known, when that is given. */
static struct language_file *fitted(const struct lexicon *l, uint64_t seed, const char *known)
{
	const struct fit_options options = { .seed = seed };
	AUTO_FREE(fit) f = fit_new(&options);
	struct language_file *out = must_alloc(1, sizeof(*out));
	struct fit_label label = { .heads = { -1, 1, -1, -1, -1 }, .source = STR("a") };
	struct language_text text;
	struct err err = { 0 };

	for (size_t i = 0; i < sizeof(invented) / sizeof(*invented); i++)
		add_invented(f, l, i);
	for (int i = 0; known && i < 2; i++) {
		label.kind = i ? STR("e") : STR("d"); /* what one kind alone teaches is shrunk to nothing */
		arena_clear(arena);
		words_of(l, known, &text);
		fit_add(f, &text, &label);
		assert_int_equal(fit_count(f, LANGUAGE_VIOLENCE, FIT_UNKNOWN), i + 1);
		assert_int_equal(fit_count(f, LANGUAGE_EXTORTION, 1), 7 + i);
	}
	assert_int_equal(fit_run(f, out, &err), 0);
	return out;
}

static void odds_of(const struct language_file *f, const struct lexicon *l, const char *text, double odds[LANGUAGE_HEADS])
{
	struct err err = { 0 };
	AUTO_FREE(language) m = language_new((struct str){ (const char *)f, sizeof(*f) }, "fitted.bin", &err);
	struct language_said said;
	struct language_text x;
	AUTO_FREE(language_recent) recent = language_recent_new();

	if (!m) {
		print_error("%s\n", err.text);
		fail();
	}
	arena_clear(arena);
	words_of(l, text, &x);
	language_read(m, recent, arena, &x, &said);
	language_conclude(m, &said);
	memcpy(odds, said.odds, sizeof(said.odds));
	for (int h = 0; h < LANGUAGE_HEADS; h++)
		assert_true(said.score[h] >= 0 && said.score[h] <= 1);
}

static void a_few_rows_teach_two_classes_apart(void **state)
{
	static const char *const threats[] = { "we will burn you", "i shoot them on monday", "kill him, kill her" };
	static const char *const others[] = { "we will call you", "the plumber came on monday", "a lamp for the library" };
	AUTO_FREE(arena) a = arena_new(MIB(16));
	const struct lexicon *l = small_lexicon(a);
	struct language_file *f = fitted(l, 1, NULL);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++) {
			double threat[LANGUAGE_HEADS], other[LANGUAGE_HEADS];

			odds_of(f, l, threats[i], threat);
			odds_of(f, l, others[k], other);
			if (threat[LANGUAGE_VIOLENCE] <= other[LANGUAGE_VIOLENCE]) {
				print_error("\"%s\" has %.3f, \"%s\" %.3f\n", threats[i], threat[LANGUAGE_VIOLENCE], others[k],
					    other[LANGUAGE_VIOLENCE]);
				fail();
			}
		}
	free(f);
}

static void the_same_rows_and_seed_give_the_same_bytes(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	const struct lexicon *l = small_lexicon(a);
	struct language_file *first = fitted(l, 5, NULL), *again = fitted(l, 5, NULL), *other = fitted(l, 6, NULL);

	(void)state;
	assert_memory_equal(first, again, sizeof(*first));
	assert_memory_not_equal(first->rows, other->rows, sizeof(first->rows));
	free(first);
	free(again);
	free(other);
}

static void nothing_is_learned_where_a_label_is_unknown(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	const struct lexicon *l = small_lexicon(a);
	struct language_file *f = fitted(l, 1, "zzyzx");
	double seen[LANGUAGE_HEADS], unseen[LANGUAGE_HEADS];

	(void)state;
	odds_of(f, l, "zzyzx", seen);
	odds_of(f, l, "qqvxq", unseen);
	assert_true(seen[LANGUAGE_EXTORTION] > unseen[LANGUAGE_EXTORTION]);
	assert_true(fabs(seen[LANGUAGE_VIOLENCE] - unseen[LANGUAGE_VIOLENCE]) < 1e-9);
	assert_true(fabs(seen[LANGUAGE_DOX] - unseen[LANGUAGE_DOX]) < 1e-9);
	free(f);
}

static void a_category_without_texts_is_no_fit(void **state)
{
	const struct fit_options options = { .seed = 1 };
	AUTO_FREE(arena) a = arena_new(MIB(16));
	AUTO_FREE(fit) f = fit_new(&options);
	const struct lexicon *l = small_lexicon(a);
	struct language_file *out = must_alloc(1, sizeof(*out));
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(invented) / sizeof(*invented); i++)
		if (invented[i].head != LANGUAGE_LEAK)
			add_invented(f, l, i);
	assert_int_equal(fit_run(f, out, &err), E_USAGE);
	assert_true(str_starts(str_of(err.text), STR("no text among 34 is leak")));
	free(out);
}

/* ---- what the shipped one decides ---- */

static void assess(struct str text, struct assessment *out)
{
	size_t replaced;

	arena_clear(arena);
	classify(classifier, scratch, arena, utf8_clean(arena, text, &replaced), out);
}

static void plain_cases_are_decided(void **state)
{
	static const struct {
		const char *why, *text;
		enum category category;
		bool decided;
	} rows[] = {
		{ "veiled, with a date",
		  "Remember the 11th of September 2001. We recommend you keep yourself distant from the places at that time.",
		  CATEGORY_VIOLENCE, true },
		{ "a plain one", "I'll kill you tomorrow at school", CATEGORY_VIOLENCE, true },
		{ "a memorial",
		  "Remembering the 11th of September 2001. We recommend you arrive early at the memorial, as the places near "
		  "the "
		  "front fill quickly at that time.",
		  CATEGORY_VIOLENCE, false },
		{ "an idiom", "This heat is killing me, I could murder a cold beer", CATEGORY_VIOLENCE, false },
		{ "pay or publish",
		  "We have downloaded your files. Pay 3 BTC within 72 hours or everything will be published on our blog.",
		  CATEGORY_EXTORTION, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x;

		assess(str_of(rows[i].text), &x);
		if ((x.category[rows[i].category] >= 0.5) != rows[i].decided) {
			print_error("%s: %.2f\n", rows[i].why, x.category[rows[i].category]);
			fail();
		}
	}
}

static const char harmless[] =
	"The garden is quiet this week and the beans are nearly ready to pick. My neighbour lent me her ladder, so the "
	"gutters are clean again. On Saturday there is a market by the river with cheese and old books. ";

static void one_line_decides_in_a_long_post_as_it_does_alone(void **state)
{
	static const char *const lines[] = { "I'll kill you tomorrow at school",
					     "We will shoot everyone in the cinema on Friday night.",
					     "There is a bomb in the building and it goes off at noon." };

	enum { PARAGRAPHS = 11 }; /* 400 words */

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		AUTO(buf) post = BUF_INIT(MIB(1));
		struct assessment x;
		double alone;

		assess(str_of(lines[i]), &x);
		alone = x.category[CATEGORY_VIOLENCE];
		for (int k = 0; k < PARAGRAPHS; k++)
			buf_printf(&post, "%s\n%s%s", harmless, k == PARAGRAPHS / 2 ? lines[i] : "",
				   k == PARAGRAPHS / 2 ? "\n" : "");
		assess(buf_str(&post), &x);
		if (alone < 0.5 || x.category[CATEGORY_VIOLENCE] < 0.5) {
			print_error("%s: %.2f alone, %.2f among 400 words\n", lines[i], alone, x.category[CATEGORY_VIOLENCE]);
			fail();
		}
	}
}

static void a_long_harmless_post_is_no_threat(void **state)
{
	AUTO(buf) post = BUF_INIT(MIB(1));
	struct assessment x;

	(void)state;
	for (int k = 0; k < 56; k++)
		buf_printf(&post, "%s\n", harmless);
	assess(buf_str(&post), &x);
	for (int c = 0; c < CATEGORIES; c++)
		assert_true(x.category[c] < 0.5);
}

static bool has_controls(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ||
		    (i + 1 < s.n && (unsigned char)s.p[i] == 0xc2 && (unsigned char)s.p[i + 1] < 0xa0))
			return true;
	return false;
}

/* What the texts written for judging come to. */
struct counted {
	size_t positives[CATEGORIES], found[CATEGORIES];
	size_t none, alarms;
	size_t plain, plain_found, obfuscated, obfuscated_found;
	size_t silent, controls; /* decided without a reason; reasons with control characters */
	char shown[200];
};

static void count_reasons(struct counted *n, const struct assessment *x, struct str text)
{
	struct str reason = { 0 };
	bool decided = false;

	for (int c = 0; c < CATEGORIES; c++)
		decided |= x->category[c] >= 0.5;
	for (size_t i = 0; i < x->n_reasons; i++) {
		reason = x->reasons[i];
		n->controls += has_controls(reason);
	}
	if (!decided || str_trim(reason).n)
		return;
	n->silent++;
	snprintf(n->shown, sizeof(n->shown), "%.*s", (int)(text.n < 150 ? text.n : 150), text.p);
}

static int count_row(void *whose, const struct labelled *row, struct err *err)
{
	struct counted *n = whose;
	bool none = true, alarm_raised = false;
	struct assessment x;

	(void)err;
	assess(row->text, &x);
	count_reasons(n, &x, row->text);
	for (int c = 0; c < CATEGORIES; c++) {
		bool decided = x.category[c] >= 0.5;

		n->positives[c] += row->heads[c] == 1;
		n->found[c] += row->heads[c] == 1 && decided;
		none &= row->heads[c] != 1;
		alarm_raised |= decided;
	}
	n->none += none;
	n->alarms += none && alarm_raised;
	if (str_eq(row->kind, STR("violence-obfuscated"))) {
		n->obfuscated++;
		n->obfuscated_found += x.category[CATEGORY_VIOLENCE] >= 0.5;
	} else if (str_eq(row->kind, STR("violence-obfuscated-plain"))) {
		n->plain++;
		n->plain_found += x.category[CATEGORY_VIOLENCE] >= 0.5;
	}
	return 0;
}

static const struct counted *frozen(void)
{
	static struct counted counted;
	struct err err = { 0 };

	if (counted.none == 0 && rows_read("tests/language/frozen.jsonl", count_row, &counted, &err) < 0) {
		print_error("%s\n", err.text);
		fail();
	}
	return &counted;
}

static void the_texts_written_for_judging_are_told_apart_no_worse_than_before(void **state)
{
	/* As measured with the shipped model, less 0.03; move them only towards better. */
	static const double recall[CATEGORIES] = { 0.65, 0.73, 0.74, 0.85 }, alarms = 0.12;
	const struct counted *n = frozen();
	double share = (double)n->alarms / (double)n->none;
	bool worse = share > alarms;

	(void)state;
	for (int c = 0; c < CATEGORIES; c++)
		worse |= (double)n->found[c] < recall[c] * (double)n->positives[c];
	if (!worse)
		return;
	for (int c = 0; c < CATEGORIES; c++)
		print_error("%s: %zu of %zu (%.3f, at least %.3f)\n", category_names[c], n->found[c], n->positives[c],
			    (double)n->found[c] / (double)n->positives[c], recall[c]);
	print_error("false alarms: %zu of %zu (%.3f, at most %.3f)\n", n->alarms, n->none, share, alarms);
	fail();
}

static void threats_in_other_spellings_are_found_like_plain_ones(void **state)
{
	static const double least = 0.77; /* as measured, less 0.03; what is aimed at is 0.8 */
	const struct counted *n = frozen();

	(void)state;
	assert_true(n->plain >= 10 && n->plain == n->obfuscated);
	if (n->plain_found < n->plain / 2 || (double)n->obfuscated_found < least * (double)n->plain_found) {
		print_error("%zu plain, %zu obfuscated, of %zu\n", n->plain_found, n->obfuscated_found, n->plain);
		fail();
	}
}

static void what_is_decided_is_explained_without_control_characters(void **state)
{
	static const char *const rows[] = {
		"I'll kill you\ttomorrow\nat\r\nschool",
		"I'll\x01kill\x02you\x1btomorrow at\vschool",
		"I'll kill you tomorrow\x7f at school",
		"I'll \xe2\x80\xaekill you tomorrow\xe2\x80\xac at school",
	};
	struct counted n = *frozen();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x;

		assess(str_of(rows[i]), &x);
		count_reasons(&n, &x, str_of(rows[i]));
	}
	if (n.silent || n.controls) {
		print_error("%zu decided without a reason, %zu reasons with control characters; %s\n", n.silent, n.controls,
			    n.shown);
		fail();
	}
}

static void the_explanation_names_the_words_that_decided(void **state)
{
	struct str text = STR("nice weather. i'll kill you tomorrow at school");
	struct language_said said;
	struct language_text x;
	struct str words;
	AUTO_FREE(language_recent) recent = language_recent_new();

	(void)state;
	arena_clear(arena);
	classify_features(classifier, scratch, arena, text, &x);
	language_read(shipped, recent, arena, &x, &said);
	words = language_explain(shipped, arena, &x, &said, LANGUAGE_VIOLENCE, false);
	if (str_find(words, STR("kill")) < 0) {
		print_error("%.*s\n", STR_ARG(words));
		fail();
	}
}

static void without_a_model_the_parts_go_on_alone(void **state)
{
	const struct classifier_options options = { .model = STR("no model at all"), .model_name = "mine.bin" };
	struct err err = { 0 };
	AUTO_FREE(classifier) c = classifier_new(&options, &err);
	AUTO_FREE(classify_scratch) s = c ? classify_scratch_new(c, &err) : NULL;
	struct assessment x;

	(void)state;
	assert_non_null(s);
	assert_true(str_starts(str_of(classifier_model_fault(c)), STR("mine.bin: no model of language")));
	assert_string_equal(classifier_model_fault(classifier), "");
	arena_clear(arena);
	classify(c, s, arena, STR("I'll kill you tomorrow at school with my rifle"), &x);
	assert_true(x.category[CATEGORY_VIOLENCE] >= 0.5 && x.n_parts > 0 && x.n_reasons > 0 && !x.learned);
}

/* Ten million bytes of each: it ends, and what it says are numbers. */
static void ill_texts_are_read_in_bounded_time(void **state)
{
	static const struct {
		const char *why, *piece;
		size_t n;
	} rows[] = {
		{ "nothing", "", 0 },
		{ "only signs", "?! ", 10000 },
		{ "one word again and again", "kill ", 10000000 },
		{ "no spaces", "kill", 10000000 },
		{ "combining marks", "\xcc\x81", 200000 },
		{ "a letter and combining marks", "k\xcc\x81\xcc\x81\xcc\x81", 200000 },
		{ "a script without spaces", "\xe6\xae\xba\xe3\x81\x99", 6000000 },
		{ "money", "pay 5 btc or ", 5000000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *p = must_alloc(rows[i].n + 1, 1);
		struct language_said said;
		struct language_text x;
		AUTO_FREE(language_recent) recent = language_recent_new();
		size_t replaced;

		for (size_t k = 0; k < rows[i].n; k++)
			p[k] = rows[i].piece[k % strlen(rows[i].piece)];
		arena_clear(arena);
		classify_features(classifier, scratch, arena, utf8_clean(arena, (struct str){ p, rows[i].n }, &replaced), &x);
		language_read(shipped, recent, arena, &x, &said);
		language_conclude(shipped, &said);
		for (int h = 0; h < LANGUAGE_HEADS; h++) {
			assert_true(said.score[h] >= 0 && said.score[h] <= 1 && isfinite(said.odds[h]));
			assert_true(said.window[h].first <= said.window[h].end && said.window[h].end <= x.tokens->n);
		}
		free(p);
	}
}

static void a_reader_that_has_met_the_words_says_the_same(void **state)
{
	AUTO_FREE(language_recent) recent = language_recent_new();
	const struct embed *file = embed_find("classify/training/letters.jsonl");
	struct str rest, line;

	(void)state;
	assert_non_null(file);
	rest = file->content;
	for (int i = 0; i < 150 && str_split(&rest, '\n', &line); i++) {
		AUTO_FREE(language_recent) fresh = language_recent_new();
		struct language_said met, new;
		struct language_text x;

		arena_clear(arena);
		classify_features(classifier, scratch, arena, line, &x);
		language_read(shipped, recent, arena, &x, &met);
		language_read(shipped, fresh, arena, &x, &new);
		assert_memory_equal(met.odds, new.odds, sizeof(met.odds));
		assert_memory_equal(met.window, new.window, sizeof(met.window));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_broken_model_is_refused_with_its_version_and_digest),
		cmocka_unit_test(the_digest_in_the_sentence_is_that_of_the_file),
		cmocka_unit_test(a_model_of_any_other_length_is_refused),
		cmocka_unit_test(what_is_no_model_is_refused),
		cmocka_unit_test(windows_cover_every_word_and_overlap_by_half),
		cmocka_unit_test(scores_rise_with_the_odds_and_decide_at_the_middle_knot),
		cmocka_unit_test(what_tells_of_others_is_lowered_only_beyond_where_that_begins),
		cmocka_unit_test(a_few_rows_teach_two_classes_apart),
		cmocka_unit_test(a_reader_that_has_met_the_words_says_the_same),
		cmocka_unit_test(the_same_rows_and_seed_give_the_same_bytes),
		cmocka_unit_test(nothing_is_learned_where_a_label_is_unknown),
		cmocka_unit_test(a_category_without_texts_is_no_fit),
		cmocka_unit_test(plain_cases_are_decided),
		cmocka_unit_test(one_line_decides_in_a_long_post_as_it_does_alone),
		cmocka_unit_test(a_long_harmless_post_is_no_threat),
		cmocka_unit_test(the_explanation_names_the_words_that_decided),
		cmocka_unit_test(without_a_model_the_parts_go_on_alone),
		cmocka_unit_test(ill_texts_are_read_in_bounded_time),
		cmocka_unit_test(what_is_decided_is_explained_without_control_characters),
		cmocka_unit_test(threats_in_other_spellings_are_found_like_plain_ones),
		cmocka_unit_test(the_texts_written_for_judging_are_told_apart_no_worse_than_before),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
