/* lexicon.c - words, the classes they belong to, and phrases made of classes */
/* Hot where a post holds words of threats: phrases run as bit sets, a word costs a few operations for each that may begin. */
#include "classify/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"

enum {
	MOST_WORDS = 16000,
	MOST_TOKENS = 200000, /* words of one text that are read for threats */
	MOST_WORD = 32,	      /* bytes */
	SHORT_WORD = 3,	      /* shorter ones stand inside too many others to be searched for */
	STATES = 60,	      /* elements of one phrase, its skips counted one by one */
};

/* Words that stand for numbers as people write them. */
enum number_word { NUMBER = 1, YEAR, ORDINAL, CLOCK, DATE, MONEY, NUMBER_WORDS };
static const char *const number_words[] = { "", "<number>", "<year>", "<ordinal>", "<clock>", "<date>", "<money>" };

struct word {
	struct str text;
	bool common;
	bool currency;		/* makes money of a number before it */
	bool scale;		/* "thousand": may stand between the two */
	uint16_t stands_for[2]; /* of a contraction */
	uint64_t *atoms;	/* those that this word fulfils */
	uint32_t *phrases;	/* that may begin with it */
	size_t n_phrases;
};

struct class
{
	struct str name;
	uint16_t *words;
	size_t n;
};

/* One way to say an element: a set of words. */
struct atom {
	struct str text;
	uint16_t *words;
	size_t n;
	bool common; /* holds a common word, so it counts as seen */
};

enum element_kind { ONE, OPTIONAL, SKIP, NOT };

struct element {
	enum element_kind kind;
	uint16_t atom;
};

struct phrase {
	struct element *elements;
	size_t n;
	uint64_t empty; /* states that may be left without reading a word: skips and options */
	uint64_t skips, nots;
	uint16_t *needs; /* atoms without which it cannot occur, but for those of common words */
	size_t n_needs;
};

struct lexicon {
	struct arena *a;
	struct word *words;
	size_t n_words;
	struct class *classes;
	size_t n_classes;
	struct atom *atoms;
	size_t n_atoms;
	struct phrase *phrases;
	size_t n_phrases;
	uint16_t *table; /* hash to word, open addressing */
	size_t mask;
	struct str *literals;
	uint16_t *literal_words;
	size_t n_literals;
	size_t atom_words; /* 64-bit words of a set of atoms */
};

static uint32_t hash_of(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h ^ h >> 15;
}

static uint16_t word_find(const struct lexicon *l, struct str text)
{
	size_t i = hash_of(text) & l->mask;

	while (l->table[i] && !str_eq(l->words[l->table[i]].text, text))
		i = (i + 1) & l->mask;
	return l->table[i];
}

static uint16_t word_add(struct lexicon *l, struct str text)
{
	uint16_t found = word_find(l, text);
	size_t i = hash_of(text) & l->mask;
	struct word *w;

	if (found)
		return found;
	MUST(l->n_words < MOST_WORDS);
	w = arena_push(l->a, &l->words, &l->n_words, sizeof(*w));
	w->text = arena_copy(l->a, text);
	while (l->table[i])
		i = (i + 1) & l->mask;
	l->table[i] = (uint16_t)(l->n_words - 1);
	return l->table[i];
}

/* Clitics and slurred forms, as the words they stand for. */
static const struct {
	const char *form, *first, *second;
} contractions[] = {
	{ "dont", "do", "not" },       { "don't", "do", "not" },     { "wont", "will", "not" },
	{ "won't", "will", "not" },    { "cant", "can", "not" },     { "can't", "can", "not" },
	{ "cannot", "can", "not" },    { "didnt", "did", "not" },    { "doesnt", "does", "not" },
	{ "isnt", "is", "not" },       { "arent", "are", "not" },    { "shouldnt", "should", "not" },
	{ "wouldnt", "would", "not" }, { "wasnt", "was", "not" },    { "aint", "is", "not" },
	{ "im", "i", "am" },	       { "ive", "i", "have" },	     { "ill", "i", "will" },
	{ "imma", "i", "will" },       { "ima", "i", "will" },	     { "youre", "you", "are" },
	{ "youll", "you", "will" },    { "youve", "you", "have" },   { "youd", "you", "would" },
	{ "theyre", "they", "are" },   { "theyll", "they", "will" }, { "weve", "we", "have" },
	{ "gonna", "going", "to" },    { "wanna", "want", "to" },    { "gotta", "got", "to" },
	{ "gunna", "going", "to" },    { "lemme", "let", "me" },     { "u", "you", "" },
	{ "ur", "your", "" },	       { "ya", "you", "" },	     { "r", "are", "" },
	{ "yall", "you", "all" },      { "tmrw", "tomorrow", "" },   { "tmr", "tomorrow", "" },
	{ "2nite", "tonight", "" },    { "pls", "please", "" },	     { "plz", "please", "" },
	{ "ppl", "people", "" },       { "urself", "yourself", "" },
};
static void add_contractions(struct lexicon *l)
{
	for (size_t i = 0; i < sizeof(contractions) / sizeof(*contractions); i++) {
		uint16_t word = word_add(l, str_of(contractions[i].form)); /* each may move l->words */
		uint16_t first = word_add(l, str_of(contractions[i].first));
		uint16_t second = *contractions[i].second ? word_add(l, str_of(contractions[i].second)) : 0;

		l->words[word].stands_for[0] = first;
		l->words[word].stands_for[1] = second;
	}
}

struct lexicon *lexicon_new(struct arena *a)
{
	struct lexicon *l = arena_alloc(a, sizeof(*l));

	l->a = a;
	l->mask = 65535;
	l->table = arena_alloc(a, (l->mask + 1) * sizeof(*l->table));
	arena_push(a, &l->words, &l->n_words, sizeof(*l->words)); /* 0 is no word */
	for (int i = NUMBER; i < NUMBER_WORDS; i++) {
		uint16_t word = word_add(l, str_of(number_words[i])); /* may move l->words */

		l->words[word].common = i != MONEY;
	}
	add_contractions(l);
	return l;
}

static struct class *class_find(struct lexicon *l, struct str name)
{
	for (size_t i = 0; i < l->n_classes; i++)
		if (str_eq(l->classes[i].name, name))
			return &l->classes[i];
	return NULL;
}

static struct class *class_add(struct lexicon *l, struct str name)
{
	struct class *c = class_find(l, name);

	if (!c) {
		c = arena_push(l->a, &l->classes, &l->n_classes, sizeof(*c));
		c->name = arena_copy(l->a, name);
	}
	return c;
}

static void class_put(struct lexicon *l, struct class *c, struct str text)
{
	uint16_t word = word_add(l, text), *kept;

	for (size_t i = 0; i < c->n; i++)
		if (c->words[i] == word)
			return;
	kept = arena_push(l->a, &c->words, &c->n, sizeof(*kept));
	*kept = word;
	l->words[word].common |= str_eq(c->name, STR("common"));
	l->words[word].currency |= str_eq(c->name, STR("currency"));
	l->words[word].scale |= str_eq(c->name, STR("scale"));
}

static void put_form(struct lexicon *l, struct class *c, struct str stem, const char *ending)
{
	class_put(l, c, arena_printf(l->a, "%.*s%s", STR_ARG(stem), ending));
}

static bool is_vowel(char c)
{
	return c && strchr("aeiou", c);
}

/* kill-s, watch-es, cit-y cit-ies */
static void put_plural(struct lexicon *l, struct class *c, struct str stem)
{
	char last = stem.p[stem.n - 1], before = stem.n > 1 ? stem.p[stem.n - 2] : 0;

	if (last == 'y' && !is_vowel(before))
		put_form(l, c, str_slice(stem, 0, stem.n - 1), "ies");
	else if (last == 's' || last == 'x' || last == 'z' || (last == 'h' && (before == 's' || before == 'c')))
		put_form(l, c, stem, "es");
	else
		put_form(l, c, stem, "s");
}

static void put_verb(struct lexicon *l, struct class *c, struct str stem, bool doubled)
{
	char last = stem.p[stem.n - 1];
	struct str root = stem;

	put_plural(l, c, stem);
	if (doubled)
		root = arena_printf(l->a, "%.*s%c", STR_ARG(stem), last);
	else if (last == 'e')
		root = str_slice(stem, 0, stem.n - 1);
	put_form(l, c, root, "ing");
	if (last == 'y' && stem.n > 1 && !is_vowel(stem.p[stem.n - 2]))
		put_form(l, c, str_slice(stem, 0, stem.n - 1), "ied");
	else
		put_form(l, c, root, "ed");
}

static int put_words(struct lexicon *l, struct class *c, struct yaml_text at, struct err *err)
{
	struct str rest = at.text, piece;

	while (str_split(&rest, ' ', &piece)) {
		struct str stem = piece;
		size_t plus = 0;
		bool star = str_ends(piece, STR("*"));

		if (piece.n == 0)
			continue;
		while (plus < 2 && stem.n && stem.p[stem.n - 1] == '+') {
			stem.n--;
			plus++;
		}
		stem.n -= star;
		if (stem.n == 0 || stem.n > MOST_WORD || l->n_words + 5 > MOST_WORDS)
			return yaml_wrong(err, at, "\"%.40s\" is no word, expected one of up to %d letters", at.text.p,
					  MOST_WORD);
		class_put(l, c, stem);
		if (star)
			put_plural(l, c, stem);
		if (plus)
			put_verb(l, c, stem, plus == 2);
	}
	return 0;
}

int lexicon_add_classes(struct lexicon *l, const struct yaml *map, struct err *err)
{
	if (!yaml_is_map(map))
		return yaml_wrong(err, yaml_place(map), "classes is no mapping, expected `name: [words]` lines");
	for (size_t i = 0; i < yaml_count(map); i++) {
		const struct yaml *list = yaml_item(map, i);
		struct class *c = class_add(l, yaml_key(map, i).text);

		if (!yaml_is_list(list))
			return yaml_wrong(err, yaml_place(list), "a class is no list, expected `name: [words]`");
		for (size_t k = 0; k < yaml_count(list); k++)
			if (put_words(l, c, yaml_scalar(yaml_item(list, k)), err) < 0)
				return E_USAGE;
	}
	return 0;
}

static bool is_common(const struct word *w)
{
	return w->common || w->text.n < SHORT_WORD;
}

static void atom_put(struct lexicon *l, struct atom *atom, uint16_t word)
{
	uint16_t *kept = arena_push(l->a, &atom->words, &atom->n, sizeof(*kept));

	*kept = word;
	atom->common |= is_common(&l->words[word]);
}

static int atom_read(struct lexicon *l, struct yaml_text at, struct str text, uint16_t *out, struct err *err)
{
	struct str rest = text, piece;
	struct atom *atom;

	for (size_t i = 0; i < l->n_atoms; i++)
		if (str_eq(l->atoms[i].text, text)) {
			*out = (uint16_t)i;
			return 0;
		}
	atom = arena_push(l->a, &l->atoms, &l->n_atoms, sizeof(*atom));
	atom->text = arena_copy(l->a, text);
	*out = (uint16_t)(l->n_atoms - 1);
	while (str_split(&rest, '|', &piece)) {
		const struct class *c;

		if (piece.n == 0 || piece.p[0] != '@') {
			atom_put(l, atom, word_add(l, piece));
			continue;
		}
		c = class_find(l, str_slice(piece, 1, piece.n));
		if (!c)
			return yaml_wrong(err, at, "there is no class %.*s, expected one given under `classes`",
					  STR_ARG(piece));
		for (size_t i = 0; i < c->n; i++)
			atom_put(l, atom, c->words[i]);
	}
	return 0;
}

static int put_element(struct lexicon *l, struct phrase *p, struct yaml_text at, struct element e, struct err *err)
{
	struct element *kept;

	if (p->n >= STATES)
		return yaml_wrong(err, at, "this phrase is too long, expected at most %d elements", STATES);
	kept = arena_push(l->a, &p->elements, &p->n, sizeof(*kept));
	*kept = e;
	return 0;
}

static int read_element(struct lexicon *l, struct phrase *p, struct yaml_text at, struct str text, struct err *err)
{
	struct element e = { .kind = ONE };
	uint64_t skips;

	if (text.p[0] == '~') {
		if (!str_number(str_slice(text, 1, text.n), 20, &skips) || p->n == 0)
			return yaml_wrong(err, at, "%.*s is no skip, expected ~1 to ~20 behind a word", STR_ARG(text));
		for (e.kind = SKIP; skips > 0; skips--)
			if (put_element(l, p, at, e, err) < 0)
				return E_USAGE;
		return 0;
	}
	if (text.p[0] == '!') {
		e.kind = NOT;
		text = str_slice(text, 1, text.n);
	} else if (str_ends(text, STR("?"))) {
		e.kind = OPTIONAL;
		text.n--;
	}
	if (p->n == 0 && e.kind != ONE)
		return yaml_wrong(err, at, "this phrase begins with a skip or an option, expected a word or a class");
	if (atom_read(l, at, text, &e.atom, err) < 0)
		return E_USAGE;
	return put_element(l, p, at, e, err);
}

int lexicon_add_phrase(struct lexicon *l, struct yaml_text phrase, size_t *number, struct err *err)
{
	struct phrase *p = arena_push(l->a, &l->phrases, &l->n_phrases, sizeof(*p));
	struct str rest = phrase.text, piece;

	*number = l->n_phrases - 1;
	while (str_split(&rest, ' ', &piece))
		if (piece.n && read_element(l, p, phrase, piece, err) < 0)
			return E_USAGE;
	if (p->n == 0)
		return yaml_wrong(err, phrase, "this phrase is empty, expected words or classes");
	return 0;
}

static bool is_year(struct str s)
{
	return s.n == 4 && ((s.p[0] == '1' && s.p[1] == '9') || (s.p[0] == '2' && s.p[1] == '0'));
}

/* 10k, 4btc, 500€, 500£ */
static const char *const money_endings[] = {
	"k", "btc", "xmr", "eth", "usd", "usdt", "eur", "gbp", "\xe2\x82\xac", "\xc2\xa3"
};

static uint16_t number_word(struct str s, struct str ending)
{
	bool plain = s.n > 0, date = false, clock = false;

	for (size_t i = 0; i < s.n; i++) {
		plain &= ascii_is_digit(s.p[i]);
		date |= s.p[i] == '/' || (s.p[i] == '-' && s.n >= 8);
		clock |= s.p[i] == ':';
	}
	if (str_eq(ending, STR("st")) || str_eq(ending, STR("nd")) || str_eq(ending, STR("rd")) || str_eq(ending, STR("th")))
		return ORDINAL;
	if (clock || str_eq(ending, STR("pm")) || str_eq(ending, STR("am")) || str_eq(ending, STR("h")))
		return CLOCK;
	for (size_t i = 0; i < sizeof(money_endings) / sizeof(*money_endings); i++)
		if (str_eq(ending, str_of(money_endings[i])))
			return MONEY;
	return date ? DATE : plain && is_year(s) ? YEAR : NUMBER;
}

/* 2001, when the lexicon names it, is still a year: what takes <year> takes it too. */
static void widen_numbers(struct lexicon *l, struct atom *atom)
{
	size_t n = atom->n;

	for (size_t k = 0; k < n; k++) {
		uint16_t kind = atom->words[k];

		for (size_t i = NUMBER_WORDS; kind < NUMBER_WORDS && i < l->n_words; i++) {
			struct str text = l->words[i].text, digits = text;

			while (digits.n && ascii_is_alpha(digits.p[digits.n - 1]))
				digits.n--;
			if (ascii_is_digit(text.p[0]) && number_word(digits, str_slice(text, digits.n, text.n)) == kind)
				atom_put(l, atom, (uint16_t)i);
		}
	}
}

static void index_phrases(struct lexicon *l)
{
	for (size_t i = 0; i < l->n_phrases; i++) {
		const struct atom *first = &l->atoms[l->phrases[i].elements[0].atom];

		for (size_t k = 0; k < first->n; k++) {
			struct word *w = &l->words[first->words[k]];
			uint32_t *kept = arena_push(l->a, &w->phrases, &w->n_phrases, sizeof(*kept));

			*kept = (uint32_t)i;
		}
	}
}

static void prepare_phrase(struct lexicon *l, struct phrase *p)
{
	for (size_t i = 0; i < p->n; i++) {
		uint16_t atom = p->elements[i].atom, *kept;

		p->skips |= (uint64_t)(p->elements[i].kind == SKIP) << i;
		p->nots |= (uint64_t)(p->elements[i].kind == NOT) << i;
		p->empty |= (uint64_t)(p->elements[i].kind == SKIP || p->elements[i].kind == OPTIONAL) << i;
		if (p->elements[i].kind != ONE || l->atoms[atom].common)
			continue;
		kept = arena_push(l->a, &p->needs, &p->n_needs, sizeof(*kept));
		*kept = atom;
	}
}

static bool is_empty_set(const uint64_t *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (set[i])
			return false;
	return true;
}

int lexicon_finish(struct lexicon *l, struct err *err)
{
	if (l->n_atoms > UINT16_MAX)
		return err_set(err, E_USAGE, "the lexicon has too many different elements");
	for (size_t i = 0; i < l->n_atoms; i++)
		widen_numbers(l, &l->atoms[i]);
	l->atom_words = (l->n_atoms + 63) / 64;
	for (size_t i = 0; i < l->n_words; i++)
		l->words[i].atoms = arena_alloc(l->a, l->atom_words * 8);
	for (size_t i = 0; i < l->n_atoms; i++)
		for (size_t k = 0; k < l->atoms[i].n; k++)
			l->words[l->atoms[i].words[k]].atoms[i / 64] |= 1ULL << i % 64;
	index_phrases(l);
	for (size_t i = 0; i < l->n_phrases; i++)
		prepare_phrase(l, &l->phrases[i]);
	for (size_t i = NUMBER_WORDS; i < l->n_words; i++) {
		struct str *literal;
		uint16_t *word;
		size_t same = l->n_literals;

		if (is_common(&l->words[i]) || (is_empty_set(l->words[i].atoms, l->atom_words) && !l->words[i].currency))
			continue;
		literal = arena_push(l->a, &l->literals, &l->n_literals, sizeof(*literal));
		*literal = l->words[i].text;
		word = arena_push(l->a, &l->literal_words, &same, sizeof(*word));
		*word = (uint16_t)i;
	}
	return 0;
}

size_t lexicon_phrases(const struct lexicon *l)
{
	return l->n_phrases;
}

size_t lexicon_literals(const struct lexicon *l, const struct str **literals)
{
	*literals = l->literals;
	return l->n_literals;
}

struct lexicon_seen lexicon_seen_new(const struct lexicon *l)
{
	struct lexicon_seen seen = { 0 };
	size_t begins = 0;

	for (size_t i = 0; i < l->n_words; i++)
		begins += l->words[i].n_phrases;
	seen.atoms = must_alloc(l->atom_words + 1, 8);
	seen.phrases = must_alloc(l->n_phrases / 64 + 1, 8);
	seen.words = must_alloc(l->n_literals / 64 + 1, 8);
	seen.staged = must_alloc(l->n_phrases / 64 + 1, 8);
	seen.begins = must_alloc(l->n_words, sizeof(*seen.begins));
	seen.pool = must_alloc(begins + 1, sizeof(*seen.pool));
	return seen;
}

void lexicon_seen_release(struct lexicon_seen *seen)
{
	free(seen->atoms);
	free(seen->phrases);
	free(seen->words);
	free(seen->staged);
	free(seen->begins);
	free(seen->pool);
	*seen = (struct lexicon_seen){ 0 };
}

void lexicon_seen_clear(const struct lexicon *l, struct lexicon_seen *seen)
{
	memset(seen->atoms, 0, l->atom_words * 8);
	memset(seen->words, 0, (l->n_literals / 64 + 1) * 8);
}

static bool in_word(char c)
{
	return ascii_is_alnum(c) || (c & 0x80);
}

void lexicon_see(const struct lexicon *l, struct lexicon_seen *seen, size_t index, struct str text, size_t end)
{
	const struct word *w = &l->words[l->literal_words[index]];
	size_t start = end - w->text.n;

	if (seen->words[index / 64] >> index % 64 & 1 || (start > 0 && in_word(text.p[start - 1])) ||
	    (end < text.n && in_word(text.p[end])))
		return;
	seen->words[index / 64] |= 1ULL << index % 64;
	for (size_t i = 0; i < l->atom_words; i++)
		seen->atoms[i] |= w->atoms[i] | (w->currency ? l->words[MONEY].atoms[i] : 0);
}

static bool is_possible(const struct lexicon_seen *seen, const struct phrase *p)
{
	for (size_t i = 0; i < p->n_needs; i++)
		if (!(seen->atoms[p->needs[i] / 64] >> p->needs[i] % 64 & 1))
			return false;
	return true;
}

/* A digit next to a sign or an ending of money? Currency words were seen as literals. */
static bool has_money_sign(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char next = i + 1 < text.n ? text.p[i + 1] : 0;

		if (text.p[i] == '$' || (ascii_is_digit(text.p[i]) && next && (next & 0x80 || strchr("kbxeug", next))) ||
		    (text.p[i] & 0x80 && ascii_is_digit(next)))
			return true;
	}
	return false;
}

static void see_word(const struct lexicon *l, struct lexicon_seen *seen, uint16_t word)
{
	for (size_t i = 0; i < l->atom_words; i++)
		seen->atoms[i] |= l->words[word].atoms[i];
}

void lexicon_see_signs(const struct lexicon *l, struct lexicon_seen *seen, struct str text)
{
	if (has_money_sign(text))
		see_word(l, seen, MONEY);
}

void lexicon_conclude(const struct lexicon *l, struct lexicon_seen *seen)
{
	memset(seen->phrases, 0, (l->n_phrases / 64 + 1) * 8);
	for (size_t i = 0; i < l->n_phrases; i++)
		if (is_possible(seen, &l->phrases[i]))
			seen->phrases[i / 64] |= 1ULL << i % 64;
}

/* A reading of a text under way. */
struct reading {
	const struct lexicon *l;
	struct arena *a;
	struct str text;
	struct tokens *out;
	uint32_t sentence;
	size_t first; /* token of the sentence at hand */
	bool quoted;
};

static void push(struct reading *r, size_t start, size_t end, uint16_t word)
{
	struct token *t;

	if (r->out->n >= MOST_TOKENS) {
		r->out->cut = true;
		return;
	}
	t = arena_push(r->a, &r->out->items, &r->out->n, sizeof(*t));
	*t = (struct token){ (uint32_t)start, (uint32_t)end, r->sentence, word, r->quoted, false };
}

static void end_sentence(struct reading *r, bool asked)
{
	for (size_t i = r->first; asked && i < r->out->n; i++)
		r->out->items[i].asked = true;
	r->first = r->out->n;
	r->sentence++;
}

/* The end of a number as written: 2001, 1,000, 9/11, 17:30, 2001-09-11. */
static size_t number_end(struct str text, size_t at)
{
	while (at < text.n && (ascii_is_digit(text.p[at]) ||
			       (strchr(",./:-", text.p[at]) && at + 1 < text.n && ascii_is_digit(text.p[at + 1]))))
		at++;
	return at;
}

/* Does the text end with $, € or £? */
static bool is_currency_sign(struct str before)
{
	return str_ends(before, STR("$")) || str_ends(before, STR("\xe2\x82\xac")) || str_ends(before, STR("\xc2\xa3"));
}

/* How many bytes of a sign that stands for a currency, and is no letter of a word, begin here: € or £. */
static size_t currency_sign(struct str text, size_t at)
{
	if ((unsigned char)text.p[at] == 0xe2 && str_starts(str_slice(text, at, text.n), STR("\xe2\x82\xac")))
		return 3;
	return (unsigned char)text.p[at] == 0xc2 && str_starts(str_slice(text, at, text.n), STR("\xc2\xa3")) ? 2 : 0;
}

static size_t read_number(struct reading *r, size_t at)
{
	bool money = is_currency_sign(str_slice(r->text, 0, at));
	size_t end = number_end(r->text, at), tail = end;
	struct str number = str_slice(r->text, at, end);
	uint16_t word;

	while (tail < r->text.n && in_word(r->text.p[tail]))
		tail++;
	word = word_find(r->l, str_slice(r->text, at, tail));
	if (!word)
		word = number_word(number, str_slice(r->text, end, tail));
	money |= tail < r->text.n && r->text.p[tail] == '$';
	push(r, at, tail, money ? MONEY : word);
	return tail;
}

static const struct {
	const char *ending, *word;
} clitics[] = { { "n't", "not" }, { "'ll", "will" }, { "'re", "are" }, { "'ve", "have" },
		{ "'m", "am" },	  { "'d", "would" }, { "'s", "" } };

/* What a word stands for when it is a contraction; NULL for none. */
static const uint16_t *contraction_of(const struct lexicon *l, uint16_t word)
{
	return word && l->words[word].stands_for[0] ? l->words[word].stands_for : NULL;
}

static bool push_contraction(struct reading *r, size_t start, size_t end, uint16_t word)
{
	const uint16_t *two = contraction_of(r->l, word);

	if (!two)
		return false;
	push(r, start, end, two[0]);
	if (two[1])
		push(r, start, end, two[1]);
	return true;
}

/* "we'll" is "we" and "will"; false for a word without such an ending. */
static bool push_clitic(struct reading *r, size_t start, size_t end)
{
	struct str w = str_slice(r->text, start, end);

	for (size_t i = 0; i < sizeof(clitics) / sizeof(*clitics); i++) {
		struct str ending = str_of(clitics[i].ending);

		if (w.n <= ending.n || !str_ends(w, ending))
			continue;
		push(r, start, end - ending.n, word_find(r->l, str_slice(w, 0, w.n - ending.n)));
		if (*clitics[i].word)
			push(r, start, end, word_find(r->l, str_of(clitics[i].word)));
		return true;
	}
	return false;
}

/* "20 000 dollars", "0.8 btc", "2 million in monero": the number before a currency is money. */
static void mark_money(struct reading *r, uint16_t word)
{
	struct token *t = r->out->items;
	size_t i = r->out->n, least = i > 4 ? i - 4 : 0;

	if (!r->l->words[word].currency)
		return;
	while (i > least && t[i - 1].sentence == r->sentence &&
	       (r->l->words[t[i - 1].word].scale || ascii_is_digit(r->text.p[t[i - 1].start]))) {
		i--;
		if (ascii_is_digit(r->text.p[t[i].start]))
			t[i].word = MONEY;
	}
}

static void push_word(struct reading *r, size_t start, size_t end, bool apostrophe)
{
	uint16_t word = word_find(r->l, str_slice(r->text, start, end));

	mark_money(r, word);
	if (push_contraction(r, start, end, word) || (apostrophe && push_clitic(r, start, end)))
		return;
	push(r, start, end, word);
}

static size_t read_word(struct reading *r, size_t at)
{
	bool apostrophe = false;
	size_t end = at;

	while (end < r->text.n) {
		bool sign = r->text.p[end] == '\'' && end + 1 < r->text.n && ascii_is_alpha(r->text.p[end + 1]);

		if (!sign && !in_word(r->text.p[end]))
			break;
		apostrophe |= sign;
		end++;
	}
	push_word(r, at, end, apostrophe);
	return end;
}

/* Signs between words: ends of sentences, quotation marks, blank lines. */
static size_t read_sign(struct reading *r, size_t at)
{
	char c = r->text.p[at], next = at + 1 < r->text.n ? r->text.p[at + 1] : '\n';

	if (c == '"')
		r->quoted = !r->quoted;
	if ((c == '.' || c == '!' || c == '?' || c == ';') &&
	    (ascii_is_space(next) || next == '"' || next == '\'' || next == ')' || next == c)) {
		end_sentence(r, c == '?');
		r->sentence += next == '\n'; /* a new line sets texts further apart */
	} else if (c == '\n' && next == '\n') {
		end_sentence(r, false);
		r->quoted = false;
	}
	return at + 1;
}

void lexicon_read(const struct lexicon *l, struct arena *a, struct str text, struct tokens *out)
{
	struct reading r = { .l = l, .a = a, .text = text, .out = out };

	*out = (struct tokens){ 0 };
	for (size_t at = 0; at < text.n && !out->cut;) {
		if (ascii_is_digit(text.p[at]))
			at = read_number(&r, at);
		else if (text.p[at] & 0x80 && currency_sign(text, at))
			at += currency_sign(text, at);
		else if (in_word(text.p[at]))
			at = read_word(&r, at);
		else
			at = read_sign(&r, at);
	}
}

static bool fulfils(const struct lexicon *l, const struct token *t, uint16_t atom)
{
	return l->words[t->word].atoms[atom / 64] >> atom % 64 & 1;
}

/* States reachable without reading a word; `t` is the next one, NULL at the end of the sentence. */
static uint64_t closure(const struct lexicon *l, const struct phrase *p, uint64_t states, const struct token *t)
{
	uint64_t empty = p->empty;

	for (uint64_t left = p->nots; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		if (!t || !fulfils(l, t, p->elements[i].atom))
			empty |= 1ULL << i;
	}
	/* The sum carries each state through the run of empty ones above it. */
	return states | (((states & empty) + empty) ^ empty);
}

static uint64_t step(const struct lexicon *l, const struct phrase *p, uint64_t states, const struct token *t)
{
	uint64_t next = states & p->skips, reads = ((1ULL << p->n) - 1) & ~p->skips & ~p->nots;

	for (uint64_t left = states & reads; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		if (fulfils(l, t, p->elements[i].atom))
			next |= 1ULL << i;
	}
	return next << 1;
}

/* The longest end of the phrase when it begins at `at`; `at` itself when it does not. */
static size_t phrase_end(const struct lexicon *l, const struct phrase *p, const struct tokens *tokens, size_t at)
{
	uint32_t sentence = tokens->items[at].sentence;
	uint64_t states = 1;
	size_t longest = at;

	for (size_t i = at; states; i++) {
		const struct token *t = i < tokens->n && tokens->items[i].sentence == sentence ? &tokens->items[i] : NULL;

		states = closure(l, p, states, t);
		if (states >> p->n & 1)
			longest = i;
		if (!t)
			break;
		states = step(l, p, states, t);
	}
	return longest;
}

void lexicon_stage_clear(const struct lexicon *l, struct lexicon_seen *seen)
{
	memset(seen->staged, 0, (l->n_phrases / 64 + 1) * 8);
	seen->pool_n = 0;
	if (++seen->stage == 0) { /* after 4 thousand million texts: no old entry may look new */
		memset(seen->begins, 0, l->n_words * sizeof(*seen->begins));
		seen->stage = 1;
	}
}

/* The staged phrases that may begin with a word: listed once a stage, for words come again and again. */
static const struct lexicon_begins *begins_with(const struct lexicon *l, struct lexicon_seen *seen, uint16_t word)
{
	struct lexicon_begins *b = &seen->begins[word];
	const struct word *w = &l->words[word];

	if (b->stage == seen->stage)
		return b;
	*b = (struct lexicon_begins){ seen->stage, seen->pool_n, 0 };
	for (size_t i = 0; i < w->n_phrases; i++)
		if (seen->staged[w->phrases[i] / 64] >> w->phrases[i] % 64 & 1)
			seen->pool[b->first + b->n++] = w->phrases[i];
	seen->pool_n += b->n;
	return b;
}

void lexicon_phrases_at(const struct lexicon *l, struct lexicon_seen *seen, const struct tokens *tokens, size_t at,
			const struct lexicon_listener *listener)
{
	const struct token *t = &tokens->items[at];
	const struct token *next = at + 1 < tokens->n && t[1].sentence == t->sentence ? t + 1 : NULL;
	const struct lexicon_begins *b = begins_with(l, seen, t->word);

	for (size_t i = 0; i < b->n; i++) {
		size_t phrase = seen->pool[b->first + i], end;
		const struct phrase *p = &l->phrases[phrase];

		if (p->n > 1 && p->elements[1].kind == ONE && !(next && fulfils(l, next, p->elements[1].atom)))
			continue;
		end = p->n > 1 ? phrase_end(l, p, tokens, at) : at + 1;
		if (end > at)
			listener->found(listener->whose, phrase, at, end);
	}
}
