/* lexicon_read.c - a folded text, word by word */
/* Hot: every post is read so. */
#include "classify/lexicon_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/utf8.h"

enum {
	MOST_TOKENS = 200000, /* words of one text that are read for threats */
	UNSPACED = 24,	      /* bytes looked ahead for a word in a script that sets no spaces */
	PROCLITICS = 2,	      /* taken off one word at most */
	RECENT_BYTES = 20,    /* of the longest word that is kept at hand */
};

struct lexicon_recent {
	struct recent_word {
		uint32_t hash, met;
		uint16_t word, senses;
		uint8_t n; /* 0: none yet */
		char text[RECENT_BYTES];
	} words[LEXICON_RECENT];
	uint32_t met;
};

struct lexicon_recent *lexicon_recent_new(void)
{
	return must_alloc(1, sizeof(struct lexicon_recent));
}

void lexicon_recent_free(struct lexicon_recent *recent)
{
	free(recent);
}

/* A reading of a text under way. */
struct reading {
	const struct lexicon *l;
	struct lexicon_recent *recent;
	struct arena *a;
	struct str text;
	struct tokens *out;
	uint32_t sentence;
	size_t first; /* token of the sentence at hand */
	bool marks;   /* between quotation marks */
	bool reply;   /* in a line that quotes what it answers */
};

/* What a character is to somebody who looks for words. */
enum nature { LETTER, UNSPACED_LETTER, SIGN, FULL_STOP, QUESTION };

/* Beyond ASCII; those that ICU would call letters and a few that it would not, by blocks. */
static enum nature nature_of(uint32_t c)
{
	if (c == 0x3002 || c == 0x964 || c == 0x6d4)
		return FULL_STOP;
	if (c == 0x61f)
		return QUESTION;
	if (c < 0xc0 ? c != 0xaa && c != 0xb5 && c != 0xba : c == 0x60c || c == 0x61b || c == 0xd7 || c == 0xf7)
		return SIGN;
	if ((c >= 0x2000 && c < 0x2c00) || (c >= 0x3000 && c < 0x3040 && c != 0x3005) || c >= 0x1f000)
		return c >= 0x20000 ? UNSPACED_LETTER : SIGN;
	return (c >= 0x3040 && c < 0x3100) || (c >= 0x3400 && c < 0xa000) || (c >= 0xf900 && c < 0xfb00) ? UNSPACED_LETTER
													 : LETTER;
}

/* The character at `at` and its length. */
static enum nature look(struct str text, size_t at, size_t *n)
{
	uint32_t c = 0;

	*n = 1;
	if (!(text.p[at] & 0x80))
		return ascii_is_alnum(text.p[at]) ? LETTER : SIGN;
	*n = utf8_next(str_slice(text, at, text.n), &c);
	if (*n)
		return nature_of(c);
	*n = 1;
	return SIGN;
}

static struct token *push(struct reading *r, size_t start, size_t end, uint16_t word, uint32_t hash)
{
	struct token *t;

	if (r->out->n >= MOST_TOKENS) {
		r->out->cut = true;
		return NULL;
	}
	t = arena_push(r->a, &r->out->items, &r->out->n, sizeof(*t));
	*t = (struct token){ .start = (uint32_t)start,
			     .end = (uint32_t)end,
			     .sentence = r->sentence,
			     .hash = hash,
			     .word = word,
			     .senses = r->l->words[word].senses,
			     .quoted = r->marks || r->reply };
	return t;
}

static void push_known(struct reading *r, size_t start, size_t end, uint16_t word)
{
	push(r, start, end, word, r->l->words[word].hash);
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

static size_t letters_end(struct str text, size_t at)
{
	size_t n;

	while (at < text.n && look(text, at, &n) == LETTER)
		at += n;
	return at;
}

/* Does one of € and £ follow? They end a number and are no letters. */
static size_t currency_end(struct str text, size_t at)
{
	struct str rest = str_slice(text, at, text.n);

	return at + (str_starts(rest, STR("\xe2\x82\xac")) ? 3 : str_starts(rest, STR("\xc2\xa3")) ? 2 : 0);
}

static size_t read_number(struct reading *r, size_t at)
{
	bool money = is_currency_sign(str_slice(r->text, 0, at));
	size_t end = number_end(r->text, at), tail = letters_end(r->text, end);
	struct str written = str_slice(r->text, at, tail);
	uint16_t word = lexicon_word(r->l, &r->l->whole, written, lexicon_hash(written));

	if (tail == end)
		tail = currency_end(r->text, end);
	if (!word)
		word = lexicon_number(str_slice(r->text, at, end), str_slice(r->text, end, tail));
	money |= tail < r->text.n && r->text.p[tail] == '$';
	push_known(r, at, tail, money ? MONEY : word);
	return tail;
}

static const struct {
	const char *ending, *word;
} clitics[] = { { "n't", "not" }, { "'ll", "will" }, { "'re", "are" }, { "'ve", "have" },
		{ "'m", "am" },	  { "'d", "would" }, { "'s", "" } };

/* Letters that Arabic writes onto the word behind them: and, so, with, to, will, as, the. */
static const char *const proclitics[] = { "\xd8\xa7\xd9\x84", "\xd9\x88", "\xd9\x81", "\xd8\xa8",
					  "\xd9\x84",	      "\xd8\xb3", "\xd9\x83" };

/* The longest prefix of the lexicon that a word begins with; 0 for none. */
static uint16_t prefix_of(const struct lexicon *l, struct str word)
{
	struct str start = str_slice(word, 0, LEAST_PREFIX);
	uint32_t h = lexicon_hash(start);
	size_t reach = l->reach[lexicon_start(h)];
	uint16_t best = 0;

	for (size_t n = start.n; n >= LEAST_PREFIX && n <= reach && n <= word.n; n++) {
		uint16_t found = lexicon_word(l, &l->prefixes, str_slice(word, 0, n), h);

		best = found ? found : best;
		if (n < word.n)
			h = lexicon_hash_step(h, word.p[n]);
	}
	return best;
}

/* Without what is written onto it; itself when there is nothing of the kind. */
static struct str without_proclitic(struct str word)
{
	for (size_t i = 0; (unsigned char)word.p[0] >= 0xd8 && i < sizeof(proclitics) / sizeof(*proclitics); i++) {
		struct str p = str_of(proclitics[i]);

		if (word.n > p.n + 4 && str_starts(word, p))
			return str_slice(word, p.n, word.n);
	}
	return word;
}

/* The word of the lexicon that this is a form of; 0 for none. */
static uint16_t form_of(const struct lexicon *l, struct str word)
{
	uint16_t found = prefix_of(l, word);

	for (int i = 0; !found && i < PROCLITICS; i++) {
		struct str bare = without_proclitic(word);

		if (bare.n == word.n)
			break;
		word = bare;
		found = lexicon_word(l, &l->whole, word, lexicon_hash(word));
		if (!found)
			found = prefix_of(l, word);
	}
	return found;
}

/* "we'll" is "we" and "will"; false for a word without such an ending. */
static bool push_clitic(struct reading *r, size_t start, size_t end)
{
	struct str w = str_slice(r->text, start, end);

	for (size_t i = 0; i < sizeof(clitics) / sizeof(*clitics); i++) {
		struct str ending = str_of(clitics[i].ending), stem, second = str_of(clitics[i].word);
		uint32_t h;

		if (w.n <= ending.n || !str_ends(w, ending))
			continue;
		stem = str_slice(w, 0, w.n - ending.n);
		h = lexicon_hash(stem);
		push(r, start, end - ending.n, lexicon_word(r->l, &r->l->whole, stem, h), h);
		h = lexicon_hash(second);
		if (second.n)
			push(r, start, end, lexicon_word(r->l, &r->l->whole, second, h), h);
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
		if (ascii_is_digit(r->text.p[t[i].start])) {
			t[i].word = MONEY;
			t[i].senses = r->l->words[MONEY].senses;
			t[i].hash = r->l->words[MONEY].hash;
		}
	}
}

/* The next word that falls on this place takes it: those that come again and again are soon back. */
static void remember(struct lexicon_recent *recent, size_t place, struct str text, struct token *t)
{
	struct recent_word *w = &recent->words[place];

	if (text.n > RECENT_BYTES)
		return;
	recent->met += recent->met == UINT32_MAX ? 2 : 1;
	*w = (struct recent_word){
		.hash = t->hash, .met = recent->met, .word = t->word, .senses = t->senses, .n = (uint8_t)text.n
	};
	memcpy(w->text, text.p, text.n);
	t->place = (uint16_t)place;
	t->met = w->met;
}

static void push_new_word(struct reading *r, size_t start, size_t end, uint32_t hash, bool apostrophe, size_t place)
{
	struct str text = str_slice(r->text, start, end);
	uint16_t word = lexicon_word(r->l, &r->l->whole, text, hash);
	const uint16_t *two = r->l->words[word].stands_for;

	mark_money(r, word);
	if (word && two[0]) {
		push_known(r, start, end, two[0]);
		if (two[1])
			push_known(r, start, end, two[1]);
	} else if (!apostrophe || !push_clitic(r, start, end)) {
		struct token *t = push(r, start, end, word ? word : form_of(r->l, text), hash);

		if (t && !r->l->words[word].currency)
			remember(r->recent, place, text, t);
	}
}

static void push_word(struct reading *r, size_t start, size_t end, uint32_t hash, bool apostrophe)
{
	size_t place = (hash ^ hash >> 15) % LEXICON_RECENT;
	const struct recent_word *w = &r->recent->words[place];
	struct token *t;

	if (w->hash != hash || !str_eq((struct str){ w->text, w->n }, str_slice(r->text, start, end))) {
		push_new_word(r, start, end, hash, apostrophe, place);
		return;
	}
	t = push(r, start, end, 0, hash);
	if (!t)
		return;
	t->word = w->word;
	t->senses = w->senses;
	t->place = (uint16_t)place;
	t->met = w->met;
}

/* Letters up to the next sign; an apostrophe between letters belongs to the word. */
static size_t read_word(struct reading *r, size_t at)
{
	uint32_t h = LEXICON_HASH;
	bool apostrophe = false;
	size_t end = at, n = 1;

	while (end < r->text.n) {
		char c = r->text.p[end];
		bool sign = c == '\'' && end > at && end + 1 < r->text.n && ascii_is_alpha(r->text.p[end + 1]);

		n = 1;
		if (!sign && !ascii_is_alnum(c) && (!(c & 0x80) || look(r->text, end, &n) != LETTER))
			break;
		apostrophe |= sign;
		for (size_t i = 0; i < n; i++)
			h = lexicon_hash_step(h, r->text.p[end + i]);
		end += n;
	}
	push_word(r, at, end, h, apostrophe);
	return end;
}

/* The longest word of the lexicon that begins here, in a script that sets no spaces; else one character. */
static size_t read_unspaced(struct reading *r, size_t at)
{
	uint32_t h = LEXICON_HASH, first = 0, best_hash = 0;
	uint16_t best = 0;
	size_t end = at, n, best_end = at;

	while (end < r->text.n && end - at < UNSPACED && look(r->text, end, &n) == UNSPACED_LETTER) {
		uint16_t word;

		for (size_t i = 0; i < n; i++)
			h = lexicon_hash_step(h, r->text.p[end + i]);
		end += n;
		first = best_end == at ? h : first;
		best_end = best_end == at ? end : best_end;
		word = lexicon_word(r->l, &r->l->whole, str_slice(r->text, at, end), h);
		if (word) {
			best = word;
			best_hash = h;
			best_end = end;
		}
	}
	mark_money(r, best);
	push(r, at, best_end, best, best ? best_hash : first);
	return best_end;
}

/* Signs between words: ends of sentences, quotation marks, lines. */
static void read_sign(struct reading *r, size_t at)
{
	char c = r->text.p[at], next = at + 1 < r->text.n ? r->text.p[at + 1] : '\n';

	if (c == '"')
		r->marks = !r->marks;
	if ((c == '.' || c == '!' || c == '?' || c == ';') &&
	    (ascii_is_space(next) || next == '"' || next == '\'' || next == ')' || next == c)) {
		end_sentence(r, c == '?');
		r->sentence += next == '\n'; /* a new line sets texts further apart */
	} else if (c == '\n' && next == '\n') {
		end_sentence(r, false);
		r->marks = false;
	}
	if (c == '\n')
		r->reply = str_starts(str_slice(r->text, at + 1, r->text.n), STR("> "));
}

void lexicon_read(const struct lexicon *l, struct lexicon_recent *recent, struct arena *a, struct str text, struct tokens *out)
{
	struct reading r = { .l = l, .recent = recent, .a = a, .text = text, .out = out, .reply = str_starts(text, STR("> ")) };

	*out = (struct tokens){ 0 };
	for (size_t at = 0, n; at < text.n && !out->cut;) {
		enum nature nature = ascii_is_digit(text.p[at]) ? LETTER : look(text, at, &n);

		if (ascii_is_digit(text.p[at])) {
			at = read_number(&r, at);
		} else if (nature == LETTER) {
			at = read_word(&r, at);
		} else if (nature == UNSPACED_LETTER) {
			at = read_unspaced(&r, at);
		} else {
			if (n == 1)
				read_sign(&r, at);
			else if (nature != SIGN)
				end_sentence(&r, nature == QUESTION);
			at += n;
		}
	}
}
