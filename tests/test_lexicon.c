/* test_lexicon.c - a text word by word: words, numbers, clitics, senses, scripts, sentences, quotation */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/fold.h"
#include "classify/lexicon.h"

static struct arena *arena;	/* of one text */
static struct arena *kept;	/* of the lexicon */
static struct lexicon *lexicon; /* of the small pack */
static struct fold_scratch *fold_with;
static struct lexicon_recent *recent;

static const char small[] = "classes:\n"
			    "  currency: [btc dollars euros]\n"
			    "  scale: [thousand million]\n"
			    "  hits: [strike+ stab++ carry+ city* match* box* toy* bus*]\n"
			    "senses:\n"
			    "  number: [<number>]\n"
			    "  year: [<year>]\n"
			    "  ordinal: [<ordinal>]\n"
			    "  clock: [<clock>]\n"
			    "  date: [<date>]\n"
			    "  money: [<money>]\n"
			    "  do: [do]\n"
			    "  not: [not]\n"
			    "  will: [will]\n"
			    "  we: [we i]\n"
			    "  be: [am are]\n"
			    "  have: [have]\n"
			    "  harm: [kill+ wor- worst]\n"
			    "  second: [kill knife stabbing]\n"
			    "  worse: [worded-]\n"
			    "  hit: ['@hits']\n"
			    "  we will harm: [matare]\n"
			    "  harm will we not: [nicht]\n"
			    "  nine-eleven: [9/11 2002 24/7]\n"
			    "  school: [学校 학교-]\n"
			    "  learn: [学]\n"
			    "  tower: [東京タワー]\n"
			    "  town: [東京]\n"
			    "  end: [죽이-]\n"
			    "  book: [كتاب]\n"
			    "  slay: [سأقتل- قتل-]\n";

/* The lexicon of a pack; NULL with a sentence. */
static struct lexicon *lexicon_of(struct arena *a, const char *pack, struct err *err)
{
	const struct yaml *map = yaml_parse(a, str_of(pack), "pack.yaml", err);
	struct lexicon *l = lexicon_new(a);

	for (size_t i = 0; map && i < yaml_count(map); i++) {
		bool classes = str_eq(yaml_key(map, i).text, STR("classes"));

		if ((classes ? lexicon_add_classes : lexicon_add_senses)(l, yaml_item(map, i), err) < 0)
			return NULL;
	}
	return map && lexicon_finish(l, err) == 0 ? l : NULL;
}

static int make(void **state)
{
	struct err err = { 0 };

	(void)state;
	alarm(300); /* a case that is not linear in its input would never end */
	arena = arena_new(MIB(1024));
	kept = arena_new(MIB(16));
	lexicon = lexicon_of(kept, small, &err);
	fold_with = fold_scratch_new(&err);
	recent = lexicon_recent_new();
	return lexicon && fold_with ? 0 : -1;
}

static int unmake(void **state)
{
	(void)state;
	fold_scratch_free(fold_with);
	lexicon_recent_free(recent);
	arena_free(kept);
	arena_free(arena);
	return 0;
}

/* "kill:harm you" : words with their senses; "/" for each sentence that ends, ">" before what is quoted, "?" behind what is
 * asked. */
static struct str shown(const struct lexicon *l, struct str text, const struct tokens *tokens)
{
	struct str s = { 0 };
	uint32_t sentence = tokens->n ? tokens->items[0].sentence : 0;

	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *t = &tokens->items[i];
		const struct lexicon_senses *senses = lexicon_senses_of(l, t);

		for (; sentence < t->sentence; sentence++)
			s = arena_printf(arena, "%.*s/ ", STR_ARG(s));
		s = arena_printf(arena, "%.*s%s%.*s", STR_ARG(s), t->quoted ? ">" : "",
				 STR_ARG(str_slice(text, t->start, t->end)));
		for (size_t k = 0; k < senses->n; k++)
			s = arena_printf(arena, "%.*s%s%.*s", STR_ARG(s), k ? "+" : ":",
					 STR_ARG(lexicon_sense(l, senses->items[k])));
		s = arena_printf(arena, "%.*s%s%s", STR_ARG(s), t->asked ? "?" : "", i + 1 < tokens->n ? " " : "");
	}
	return s;
}

struct reading_row {
	const char *why, *text, *words;
};

static void read_rows(const struct reading_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str text = exact_copy(str_of(rows[i].text));
		struct tokens tokens;
		struct str said;

		arena_clear(arena);
		lexicon_read(lexicon, recent, arena, text, &tokens);
		said = shown(lexicon, text, &tokens);
		if (!str_eq(said, str_of(rows[i].words)) || tokens.cut) {
			print_error("%s: %.*s\n", rows[i].why, STR_ARG(said));
			fail();
		}
		free((char *)(uintptr_t)text.p);
	}
}

#define READ_ROWS(rows) read_rows(rows, sizeof(rows) / sizeof(*(rows)))

static void words_are_what_stands_between_signs(void **state)
{
	static const struct reading_row rows[] = {
		{ "nothing", "", "" },
		{ "only signs", "... ?! -- ,,, ((", "" },
		{ "one letter", "a", "a" },
		{ "words", "kill the cat", "kill:harm the cat" },
		{ "signs within a sentence", "kill, (the) - cat", "kill:harm the cat" },
		{ "a word joined by a hyphen", "pre-kill", "pre kill:harm" },
		{ "letters and digits", "abc123 b2b", "abc123 b2b" },
		{ "letters beyond ASCII", "caf\xc3\xa9 \xd0\xb4\xd0\xbe\xd0\xbc", "caf\xc3\xa9 \xd0\xb4\xd0\xbe\xd0\xbc" },
		{ "ordinal signs are letters", "1\xc2\xba x\xc2\xaa", "1\xc2\xba:number x\xc2\xaa" },
		{ "a multiplication sign is none", "a\xc3\x97kill", "a kill:harm" },
		{ "typographic marks are none", "\xe2\x80\x9ckill\xe2\x80\x9d\xe2\x80\xa6", "kill:harm" },
		{ "pictures are none", "kill\xf0\x9f\x94\xaa\xf0\x9f\x94\xaayou", "kill:harm you" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void forms_belong_to_their_word(void **state)
{
	static const struct reading_row rows[] = {
		{ "a verb", "kill kills killing killed", "kill:harm kills:harm killing:harm killed:harm" },
		{ "not every ending", "killer killings", "killer killings" },
		{ "a verb on e", "strikes striking striked", "strikes:hit striking:hit striked:hit" },
		{ "a doubled consonant", "stab stabs stabbed", "stab:hit stabs:hit stabbed:hit" },
		{ "y becomes ies and ied", "carry carries carrying carried", "carry:hit carries:hit carrying:hit carried:hit" },
		{ "y behind a vowel stays", "toys toies", "toys:hit toies" },
		{ "plurals", "cities matches boxes buses", "cities:hit matches:hit boxes:hit buses:hit" },
		{ "a prefix", "wor word worked", "wor:harm word:harm worked:harm" },
		{ "no prefix of three letters", "wo w", "wo w" },
		{ "the whole word before a prefix", "worst", "worst:harm" },
		{ "the longest prefix", "wordedly", "wordedly:worse" },
		{ "a prefix within a word is none", "swords", "swords" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void clitics_are_words_of_their_own(void **state)
{
	static const struct reading_row rows[] = {
		{ "a contraction", "don't", "don't:do don't:not" },
		{ "without its apostrophe", "dont", "dont:do dont:not" },
		{ "two words, slurred", "ill imma", "ill:we ill:will imma:we imma:will" },
		{ "one word for another", "u r", "u r:be" },
		{ "'ll", "we'll", "we:we we'll:will" },
		{ "'m, 're, 've", "i'm we're i've", "i:we i'm:be we:we we're:be i:we i've:have" },
		{ "n't", "weren't", "were weren't:not" },
		{ "'s is left off", "kill's knife's", "kill:harm knife:second" },
		{ "no clitic", "o'clock", "o'clock" },
		{ "an apostrophe at the end", "boys' kill'", "boys kill:harm" },
		{ "at the front", "'kill'", "kill:harm" },
		{ "two of them", "we'll've", "we'll we'll've:have" },
		{ "an apostrophe and a digit", "we'1", "we:we 1:number" },
		{ "nothing but the clitic", "'ll n't", "ll n't" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void numbers_are_of_kinds(void **state)
{
	static const struct reading_row rows[] = {
		{ "a number", "7 12345 007", "7:number 12345:number 007:number" },
		{ "in groups", "1,000,000", "1,000,000:number" },
		{ "a year", "1984 2001 1884 2101", "1984:year 2001:year 1884:number 2101:number" },
		{ "an ordinal", "11th 1st 2nd 3rd", "11th:ordinal 1st:ordinal 2nd:ordinal 3rd:ordinal" },
		{ "a clock", "17:30 5pm 9am 18h", "17:30:clock 5pm:clock 9am:clock 18h:clock" },
		{ "a date", "11/9 2001-09-11 1/2/2003", "11/9:date 2001-09-11:date 1/2/2003:date" },
		{ "a range is none", "10-12", "10-12:number" },
		{ "the end of a sentence is no decimal point", "pay 5. 6", "pay 5:number / 6:number" },
		{ "money by its sign",
		  "$950 950$ \xe2\x82\xac"
		  "5 \xc2\xa3"
		  "5 5\xe2\x82\xac 5\xc2\xa3",
		  "950:money 950:money 5:money 5:money 5\xe2\x82\xac:money 5\xc2\xa3:money" },
		{ "money by its ending", "30k 4btc 2xmr 5eth 7usd 7eur",
		  "30k:money 4btc:money 2xmr:money 5eth:money 7usd:money 7eur:money" },
		{ "money by its currency", "0.8 btc, 5 dollars", "0.8:money btc 5:money dollars" },
		{ "with a scale", "2 million dollars", "2:money million dollars" },
		{ "in groups by blanks", "20 000 dollars", "20:money 000:money dollars" },
		{ "a currency in another sentence", "5. Dollars 5.\ndollars", "5:number / Dollars 5:number / / dollars" },
		{ "a currency without a number", "dollars btc", "dollars btc" },
		{ "a scale alone", "million dollars", "million dollars" },
		{ "digits first in a word", "3d 4kill", "3d:number 4kill:number" },
		{ "a number that the lexicon names", "9/11 2002 24/7", "9/11:nine-eleven 2002:nine-eleven 24/7:nine-eleven" },
		{ "the sign is of the number before it only", "$ 5", "5:number" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void a_word_has_the_senses_of_the_first_line_that_claims_it(void **state)
{
	static const struct reading_row rows[] = {
		{ "claimed twice", "kill knife", "kill:harm knife:second" },
		{ "several senses, in order", "matare nicht", "matare:we+will+harm nicht:harm+will+we+not" },
		{ "the words of a class", "boxes cities", "boxes:hit cities:hit" },
		{ "but for those that were claimed before", "stabbing stabs", "stabbing:second stabs:hit" },
		{ "an unknown word", "cat", "cat" },
	};

	(void)state;
	READ_ROWS(rows);
	assert_str(lexicon_sense(lexicon, 0), "");
	assert_str(lexicon_sense(lexicon, 1), "number");
	assert_int_equal(lexicon_n_senses(lexicon), 25);
}

static void bad_classes_and_senses_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *why, *pack, *error;
	} rows[] = {
		{ "classes are a list", "classes: [a]\n", "pack.yaml:1: classes is no mapping" },
		{ "a class is a word", "classes:\n  a: [x]\n  b: y\n", "pack.yaml:3: a class is no list" },
		{ "only a sign", "classes:\n  a: [x, '+']\n", "pack.yaml:2: \"+\" is no word" },
		{ "a word of 60 letters",
		  "classes:\n  a:\n    - x\n    - abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij\n",
		  "pack.yaml:4: \"abcdefghijabcdefghijabcdefghijabcdefghij\" is no word" },
		{ "a sense is a word", "senses:\n  a: x\n", "pack.yaml:2: the words of a sense are no list" },
		{ "five senses", "senses:\n  a: [y]\n  a b c d e: [x]\n", "pack.yaml:3: \"a b c d e\" are no senses" },
		{ "a gap between senses", "senses:\n  a  b: [x]\n", "pack.yaml:2: \"a  b\" are no senses" },
		{ "bad in a sense", "senses:\n  a: ['*']\n", "pack.yaml:2: \"*\" is no word" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(16));
		struct err err = { 0 };

		if (lexicon_of(a, rows[i].pack, &err) || !str_starts(str_of(err.text), str_of(rows[i].error))) {
			print_error("%s: %s\n", rows[i].why, err.text);
			fail();
		}
	}
}

static void senses_have_an_end(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	AUTO(buf) pack = BUF_INIT(MIB(1));
	struct err err = { 0 };

	(void)state;
	buf_printf(&pack, "senses:\n");
	for (int i = 0; i < LEXICON_MOST_SENSES + 4; i++)
		buf_printf(&pack, "  s%d: [w%d]\n", i, i);
	assert_int_equal(buf_add_char(&pack, 0), 0);
	assert_null(lexicon_of(a, pack.p, &err));
	assert_str(str_slice(str_of(err.text), 0, 40), "pack.yaml:129: \"s127\" are no senses, exp");
}

static void scripts_without_spaces_are_read_by_the_longest_word(void **state)
{
	static const struct reading_row rows[] = {
		{ "a word of two", "\xe5\xad\xa6\xe6\xa0\xa1", "\xe5\xad\xa6\xe6\xa0\xa1:school" },
		{ "a shorter one", "\xe5\xad\xa6\xe5\xad\xa6\xe6\xa0\xa1",
		  "\xe5\xad\xa6:learn \xe5\xad\xa6\xe6\xa0\xa1:school" },
		{ "unknown ones by the character", "\xe6\xa0\xa1\xe6\xa0\xa1", "\xe6\xa0\xa1 \xe6\xa0\xa1" },
		{ "across scripts", "\xe6\x9d\xb1\xe4\xba\xac\xe3\x82\xbf\xe3\x83\xaf\xe3\x83\xbc\xe3\x81\xa7",
		  "\xe6\x9d\xb1\xe4\xba\xac\xe3\x82\xbf\xe3\x83\xaf\xe3\x83\xbc:tower \xe3\x81\xa7" },
		{ "the beginning of a longer one", "\xe6\x9d\xb1\xe4\xba\xac\xe3\x82\xbf\xe3\x83\xaf",
		  "\xe6\x9d\xb1\xe4\xba\xac:town \xe3\x82\xbf \xe3\x83\xaf" },
		{ "Latin between", "abc\xe5\xad\xa6\xe6\xa0\xa1kill", "abc \xe5\xad\xa6\xe6\xa0\xa1:school kill:harm" },
		{ "a sign ends a word", "\xe5\xad\xa6\xe3\x80\x81\xe6\xa0\xa1", "\xe5\xad\xa6:learn \xe6\xa0\xa1" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void endings_and_what_is_written_on_are_taken_off(void **state)
{
	static const struct reading_row rows[] = {
		{ "Korean: an ending of the future", "\xec\xa3\xbd\xec\x9d\xb4\xea\xb2\xa0\xeb\x8b\xa4",
		  "\xec\xa3\xbd\xec\x9d\xb4\xea\xb2\xa0\xeb\x8b\xa4:end" },
		{ "Korean: a particle", "\xed\x95\x99\xea\xb5\x90\xec\x97\x90\xec\x84\x9c",
		  "\xed\x95\x99\xea\xb5\x90\xec\x97\x90\xec\x84\x9c:school" },
		{ "Arabic: the bare word", "\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8", "\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8:book" },
		{ "Arabic: the", "\xd8\xa7\xd9\x84\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8",
		  "\xd8\xa7\xd9\x84\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8:book" },
		{ "Arabic: and the", "\xd9\x88\xd8\xa7\xd9\x84\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8",
		  "\xd9\x88\xd8\xa7\xd9\x84\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8:book" },
		{ "Arabic: and with the, three of them", "\xd9\x88\xd8\xa8\xd8\xa7\xd9\x84\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8",
		  "\xd9\x88\xd8\xa8\xd8\xa7\xd9\x84\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8" },
		{ "Arabic: and I will kill you, by a prefix", "\xd9\x88\xd8\xb3\xd8\xa3\xd9\x82\xd8\xaa\xd9\x84\xd9\x83",
		  "\xd9\x88\xd8\xb3\xd8\xa3\xd9\x82\xd8\xaa\xd9\x84\xd9\x83:slay" },
		{ "Arabic: too short to take from", "\xd9\x88\xd9\x84\xd9\x88", "\xd9\x88\xd9\x84\xd9\x88" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void sentences_end_as_each_script_ends_them(void **state)
{
	static const struct reading_row rows[] = {
		{ "a full stop", "kill. you", "kill:harm / you" },
		{ "exclamation and semicolon", "a! b; c", "a / b / c" },
		{ "within a name", "example.com v1.x", "example com v1 x" },
		{ "before a closing mark", "a.) b", "a / b" },
		{ "a new line alone", "a\nb", "a b" },
		{ "an empty line", "a\n\nb", "a / b" },
		{ "a stop and a new line set further apart", "a.\nb", "a / / b" },
		{ "asked", "a b? c", "a? b? / c" },
		{ "asked, the first sentence not", "a. b?", "a / b?" },
		{ "the ideographic stop", "\xe5\xad\xa6\xe3\x80\x82\xe6\xa0\xa1", "\xe5\xad\xa6:learn / \xe6\xa0\xa1" },
		{ "the Arabic question mark", "\xd8\xa8\xd8\xa8\xd8\x9f \xd8\xa8", "\xd8\xa8\xd8\xa8? / \xd8\xa8" },
		{ "the danda", "\xe0\xa4\x95\xe0\xa5\xa4\xe0\xa4\x95", "\xe0\xa4\x95 / \xe0\xa4\x95" },
		{ "the Urdu full stop", "\xd8\xa8\xdb\x94\xd8\xa8", "\xd8\xa8 / \xd8\xa8" },
		{ "the Arabic comma ends none", "\xd8\xa8\xd8\x8c\xd8\xa8", "\xd8\xa8 \xd8\xa8" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void what_is_quoted_is_marked(void **state)
{
	static const struct reading_row rows[] = {
		{ "between marks", "he said \"kill you\" to me", "he said >kill:harm >you to me" },
		{ "never closed: to the end of the paragraph", "a \"b c\n\nd", "a >b >c / d" },
		{ "a line that answers", "> kill\nme", ">kill:harm me" },
		{ "not in the first line", "a\n> b\nc", "a >b c" },
		{ "each line alone", "> a\n> b\n\nc", ">a >b / c" },
		{ "without a blank it is a style of writing", ">kill\n>you", "kill:harm you" },
		{ "a greater than sign within a line", "a > b", "a b" },
	};

	(void)state;
	READ_ROWS(rows);
}

static void words_point_into_the_text_as_posted(void **state)
{
	const struct str posted = STR(
		"W\xc3\x89 w\xc3\xadll K\xe2\x80\x8bI\xe2\x80\x8bLL \xf0\x9d\x95\xaa\xf0\x9d\x95\xa0\xf0\x9d\x95\xa6!");
	static const char *const words[] = { "W\xc3\x89", "w\xc3\xadll", "K\xe2\x80\x8bI\xe2\x80\x8bLL",
					     "\xf0\x9d\x95\xaa\xf0\x9d\x95\xa0\xf0\x9d\x95\xa6" };
	struct folded folded;
	struct tokens tokens;

	(void)state;
	arena_clear(arena);
	fold(fold_with, arena, posted, &folded);
	lexicon_read(lexicon, recent, arena, folded.text, &tokens);
	assert_int_equal(tokens.n, 4);
	assert_str(lexicon_sense(lexicon, lexicon_senses_of(lexicon, &tokens.items[2])->items[0]), "harm");
	for (size_t i = 0; i < tokens.n; i++) {
		size_t start = tokens.items[i].start, end = tokens.items[i].end;

		fold_back(&folded, &start, &end);
		assert_str(str_slice(posted, start, end), words[i]);
	}
}

/* A text of `n` bytes: a piece again and again. */
static struct str repeated(struct str piece, size_t n)
{
	char *p = malloc(n);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = piece.p[i % piece.n];
	return (struct str){ p, n };
}

static void check_tokens(const char *why, struct str text, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *t = &tokens->items[i];

		if (t->start >= t->end || t->end > text.n || (i && t->start < t[-1].start) ||
		    (i && t->sentence < t[-1].sentence)) {
			print_error("%s: word %zu is [%u, %u)\n", why, i, t->start, t->end);
			fail();
		}
	}
	assert_true(tokens->n <= 200000 && (tokens->cut || tokens->n <= 2 * text.n));
}

static void ill_texts_end_and_take_what_their_length_allows(void **state)
{
	static const struct {
		const char *why, *piece;
		size_t n;
		bool cut;
	} rows[] = {
		{ "one word again and again", "kill ", 10000000, true },
		{ "no spaces", "a", 10000000, false },
		{ "digits", "1", 10000000, false },
		{ "digits and signs", "1,2.", 10000000, false },
		{ "apostrophes", "a'b", 10000000, false },
		{ "clitics", "a'll'll", 10000000, false },
		{ "Arabic letters that are taken off", "\xd9\x88\xd8\xa8", 10000000, false },
		{ "a script without spaces", "\xe5\xad\xa6\xe6\xa0\xa1", 10000002, true },
		{ "the beginning of a long word", "\xe6\x9d\xb1\xe4\xba\xac", 10000002, true },
		{ "questions", "? ", 10000000, false },
		{ "asked words", "a? ", 3000000, true },
		{ "money", "1 million dollars ", 3000000, true },
		{ "quotation marks", "\"", 10000000, false },
		{ "quoting lines", "\n> ", 9999999, false },
		{ "combining marks", "\xcc\x81", 200000, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str whole = repeated(str_of(rows[i].piece), rows[i].n);
		struct str half = str_slice(whole, 0, whole.n / 2 / strlen(rows[i].piece) * strlen(rows[i].piece));
		struct tokens tokens;
		size_t used;

		arena_clear(arena);
		lexicon_read(lexicon, recent, arena, half, &tokens);
		check_tokens(rows[i].why, half, &tokens);
		used = arena_used(arena);
		arena_clear(arena);
		lexicon_read(lexicon, recent, arena, whole, &tokens);
		check_tokens(rows[i].why, whole, &tokens);
		if (tokens.cut != rows[i].cut || arena_used(arena) > 3 * used + 4096) {
			print_error("%s: %s, %zu bytes of memory, %zu for half of it\n", rows[i].why,
				    tokens.cut ? "cut" : "read to its end", arena_used(arena), used);
			fail();
		}
		free((char *)(uintptr_t)whole.p);
	}
}

static void random_bytes_are_read_once_cleaned(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 200; i++) {
		size_t n = (size_t)i * 37, replaced;
		struct str text = repeated(STR("x"), n + 1);
		struct tokens tokens;
		struct folded folded;

		for (size_t k = 0; k <= n; k++) {
			seed = seed * 1664525 + 1013904223;
			((char *)(uintptr_t)text.p)[k] = (char)(seed >> 24);
		}
		arena_clear(arena);
		fold(fold_with, arena, utf8_clean(arena, text, &replaced), &folded);
		lexicon_read(lexicon, recent, arena, folded.text, &tokens);
		check_tokens("random", folded.text, &tokens);
		/* Also bytes that nobody cleaned: refused letters are signs. */
		lexicon_read(lexicon, recent, arena, text, &tokens);
		check_tokens("random, not cleaned", text, &tokens);
		free((char *)(uintptr_t)text.p);
	}
}

/* A text of words of three letters, more of them than are kept at hand, and some of the lexicon. */
static struct str many_words(uint32_t *seed)
{
	struct buf b = BUF_INIT(MIB(1));

	for (int i = 0; i < 3000; i++) {
		char word[4] = { 0 };

		*seed = *seed * 1664525 + 1013904223;
		for (int k = 0; k < 3; k++)
			word[k] = (char)('a' + (*seed >> (8 + 5 * k)) % 26);
		buf_add(&b, i % 5 == 0 ? STR("kill") : i % 7 == 0 ? STR("don't") : str_of(word));
		buf_add_char(&b, i % 11 == 0 ? '.' : ' ');
	}
	return buf_str(&b);
}

static void words_met_lately_are_read_as_if_they_were_new(void **state)
{
	uint32_t seed = 3;

	(void)state;
	for (int i = 0; i < 20; i++) {
		AUTO_FREE(lexicon_recent) fresh = lexicon_recent_new();
		struct str text = many_words(&seed);
		struct tokens met, new;

		arena_clear(arena);
		lexicon_read(lexicon, recent, arena, text, &met);
		lexicon_read(lexicon, fresh, arena, text, &new);
		assert_int_equal(met.n, new.n);
		for (size_t k = 0; k < met.n; k++) {
			met.items[k].met = new.items[k].met = 0;
			met.items[k].place = new.items[k].place = 0;
		}
		assert_memory_equal(met.items, new.items, met.n * sizeof(*met.items));
		free((char *)(uintptr_t)text.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_what_stands_between_signs),
		cmocka_unit_test(forms_belong_to_their_word),
		cmocka_unit_test(clitics_are_words_of_their_own),
		cmocka_unit_test(numbers_are_of_kinds),
		cmocka_unit_test(a_word_has_the_senses_of_the_first_line_that_claims_it),
		cmocka_unit_test(bad_classes_and_senses_are_refused_with_their_line),
		cmocka_unit_test(senses_have_an_end),
		cmocka_unit_test(scripts_without_spaces_are_read_by_the_longest_word),
		cmocka_unit_test(endings_and_what_is_written_on_are_taken_off),
		cmocka_unit_test(sentences_end_as_each_script_ends_them),
		cmocka_unit_test(what_is_quoted_is_marked),
		cmocka_unit_test(words_point_into_the_text_as_posted),
		cmocka_unit_test(ill_texts_end_and_take_what_their_length_allows),
		cmocka_unit_test(random_bytes_are_read_once_cleaned),
		cmocka_unit_test(words_met_lately_are_read_as_if_they_were_new),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
