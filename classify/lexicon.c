/* lexicon.c - words, the classes and senses they belong to, and phrases made of classes */
#include "classify/lexicon_inner.h"

#include <string.h>

#include "base/limits.h"
#include "base/must.h"

enum {
	MOST_WORDS = 60000, /* a token keeps its word in 16 bits */
	TABLE = 1 << 17,
	MOST_WORD = 48, /* bytes */
	SHORT_WORD = 3, /* shorter ones say nothing alone */
	STATES = 60,	/* elements of one phrase, its skips counted one by one */
};

static const char *const number_words[] = { "", "<number>", "<year>", "<ordinal>", "<clock>", "<date>", "<money>" };

static uint16_t word_put(struct lexicon *l, struct word_table *t, struct str text)
{
	uint32_t h = lexicon_hash(text);
	uint16_t found = lexicon_word(l, t, text, h);
	size_t i = (h ^ h >> 15) & t->mask;
	struct word *w;

	if (found)
		return found;
	MUST(l->n_words < MOST_WORDS);
	w = &l->words[l->n_words++];
	w->text = arena_copy(l->a, text);
	w->hash = h;
	while (t->slots[i].word)
		i = (i + 1) & t->mask;
	t->slots[i] = (struct word_slot){ h, (uint16_t)(l->n_words - 1) };
	return t->slots[i].word;
}

static uint16_t prefix_put(struct lexicon *l, struct str text)
{
	uint8_t *reach = &l->reach[lexicon_start(lexicon_hash(str_slice(text, 0, LEAST_PREFIX)))];

	if (text.n > *reach)
		*reach = (uint8_t)text.n;
	return word_put(l, &l->prefixes, text);
}

static uint16_t word_add(struct lexicon *l, struct str text)
{
	return word_put(l, &l->whole, text);
}

static struct word_table table_new(struct arena *a)
{
	return (struct word_table){ arena_alloc(a, TABLE * sizeof(struct word_slot)), TABLE - 1 };
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
		uint16_t word = word_add(l, str_of(contractions[i].form));
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
	l->whole = table_new(a);
	l->prefixes = table_new(a);
	l->reach = arena_alloc(a, PREFIX_STARTS);
	l->words = arena_alloc(a, (MOST_WORDS + 1) * sizeof(*l->words));
	l->n_words = 1; /* 0 is no word */
	arena_push(a, &l->senses, &l->n_senses, sizeof(*l->senses));
	arena_push(a, &l->rows, &l->n_rows, sizeof(*l->rows));
	for (int i = NUMBER; i < NUMBER_WORDS; i++) {
		uint16_t word = word_add(l, str_of(number_words[i]));

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

static void class_put(struct lexicon *l, struct class *c, uint16_t word)
{
	uint16_t *kept;

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
	class_put(l, c, word_add(l, arena_printf(l->a, "%.*s%s", STR_ARG(stem), ending)));
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
		bool star = str_ends(piece, STR("*")), prefix = piece.n > 1 && str_ends(piece, STR("-"));

		if (piece.n == 0)
			continue;
		while (plus < 2 && stem.n && stem.p[stem.n - 1] == '+') {
			stem.n--;
			plus++;
		}
		stem.n -= star || prefix;
		if (stem.n == 0 || stem.n > MOST_WORD || l->n_words + 5 > MOST_WORDS)
			return yaml_wrong(err, at, "\"%.40s\" is no word, expected one of up to %d letters", at.text.p,
					  MOST_WORD);
		class_put(l, c, prefix ? prefix_put(l, stem) : word_add(l, stem));
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

/* The number of a row of senses, made when it is new. */
static int senses_row(struct lexicon *l, struct yaml_text names, uint16_t *row, struct err *err)
{
	struct str rest = names.text, name;
	struct lexicon_senses s = { 0 };

	while (str_split(&rest, ' ', &name)) {
		size_t i = 1;

		while (i < l->n_senses && !str_eq(l->senses[i], name))
			i++;
		if (name.n == 0 || i >= LEXICON_MOST_SENSES || s.n >= LEXICON_SENSES)
			return yaml_wrong(err, names, "\"%.40s\" are no senses, expected one to %d names", names.text.p,
					  LEXICON_SENSES);
		if (i == l->n_senses)
			*(struct str *)arena_push(l->a, &l->senses, &l->n_senses, sizeof(name)) = arena_copy(l->a, name);
		s.items[s.n++] = (uint8_t)i;
	}
	*row = (uint16_t)l->n_rows;
	*(struct lexicon_senses *)arena_push(l->a, &l->rows, &l->n_rows, sizeof(s)) = s;
	return 0;
}

/* The words of one line of senses, as if it were a class. */
static int senses_words(struct lexicon *l, struct class *words, struct yaml_text at, struct err *err)
{
	const struct class *named = at.text.n && at.text.p[0] == '@' ? class_find(l, str_slice(at.text, 1, at.text.n)) : NULL;

	if (!named)
		return put_words(l, words, at, err);
	for (size_t i = 0; i < named->n; i++)
		class_put(l, words, named->words[i]);
	return 0;
}

int lexicon_add_senses(struct lexicon *l, const struct yaml *map, struct err *err)
{
	for (size_t i = 0; i < yaml_count(map); i++) {
		const struct yaml *list = yaml_item(map, i);
		struct class words = { 0 };
		uint16_t row = 0;

		if (!yaml_is_list(list))
			return yaml_wrong(err, yaml_place(list), "the words of a sense are no list, expected `sense: [words]`");
		if (senses_row(l, yaml_key(map, i), &row, err) < 0)
			return E_USAGE;
		for (size_t k = 0; k < yaml_count(list); k++)
			if (senses_words(l, &words, yaml_scalar(yaml_item(list, k)), err) < 0)
				return E_USAGE;
		for (size_t k = 0; k < words.n; k++)
			if (!l->words[words.words[k]].senses)
				l->words[words.words[k]].senses = row;
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

uint16_t lexicon_number(struct str s, struct str ending)
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

/* A numeral that the lexicon names, and the kind that it is of. */
struct numeral {
	uint16_t word, kind;
};

static size_t find_numerals(struct lexicon *l, struct numeral **out)
{
	size_t n = 0;

	for (size_t i = NUMBER_WORDS; i < l->n_words; i++) {
		struct str text = l->words[i].text, digits = text;
		struct numeral *kept;

		if (!ascii_is_digit(text.p[0]))
			continue;
		while (ascii_is_alpha(digits.p[digits.n - 1]))
			digits.n--;
		kept = arena_push(l->a, out, &n, sizeof(*kept));
		*kept = (struct numeral){ (uint16_t)i, (uint16_t)lexicon_number(digits, str_slice(text, digits.n, text.n)) };
	}
	return n;
}

/* 2001, when the lexicon names it, is still a year: what takes <year> takes it too. */
static void widen_numbers(struct lexicon *l, struct atom *atom, const struct numeral *numerals, size_t n_numerals)
{
	size_t n = atom->n;

	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; atom->words[k] < NUMBER_WORDS && i < n_numerals; i++)
			if (numerals[i].kind == atom->words[k])
				atom_put(l, atom, numerals[i].word);
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

/* Phrases by the first atom that they need: most texts hold few of them. */
static void index_needs(struct lexicon *l)
{
	for (size_t i = 0; i < l->n_phrases; i++) {
		const struct phrase *p = &l->phrases[i];
		struct atom *atom = p->n_needs ? &l->atoms[p->needs[0]] : NULL;
		uint32_t *kept = atom ? arena_push(l->a, &atom->phrases, &atom->n_phrases, sizeof(*kept))
				      : arena_push(l->a, &l->needless, &l->n_needless, sizeof(*kept));

		*kept = (uint32_t)i;
	}
}

/* Most words are in no phrase: they share a set that stays empty. */
static void index_atoms(struct lexicon *l)
{
	l->atom_words = (l->n_atoms + 63) / 64;
	l->no_atoms = arena_alloc(l->a, l->atom_words * 8);
	for (size_t i = 0; i < l->n_words; i++)
		l->words[i].atoms = l->no_atoms;
	for (size_t i = 0; i < l->n_atoms; i++)
		for (size_t k = 0; k < l->atoms[i].n; k++) {
			struct word *w = &l->words[l->atoms[i].words[k]];

			if (w->atoms == l->no_atoms)
				w->atoms = arena_alloc(l->a, l->atom_words * 8);
			w->atoms[i / 64] |= 1ULL << i % 64;
		}
}

int lexicon_finish(struct lexicon *l, struct err *err)
{
	struct numeral *numerals = NULL;
	size_t n_numerals;

	if (l->n_atoms > UINT16_MAX)
		return err_set(err, E_USAGE, "the lexicon has too many different elements");
	n_numerals = find_numerals(l, &numerals);
	for (size_t i = 0; i < l->n_atoms; i++)
		widen_numbers(l, &l->atoms[i], numerals, n_numerals);
	index_atoms(l);
	index_phrases(l);
	for (size_t i = 0; i < l->n_phrases; i++)
		prepare_phrase(l, &l->phrases[i]);
	index_needs(l);
	return 0;
}

size_t lexicon_phrases(const struct lexicon *l)
{
	return l->n_phrases;
}

size_t lexicon_n_senses(const struct lexicon *l)
{
	return l->n_senses;
}

struct str lexicon_sense(const struct lexicon *l, size_t i)
{
	return l->senses[i];
}

const struct lexicon_senses *lexicon_senses_of(const struct lexicon *l, const struct token *t)
{
	return &l->rows[t->senses];
}

uint32_t lexicon_hash_of(struct str word)
{
	return lexicon_hash(word);
}
