/* fold.c - undo what hides words from a search */
/* Hot: every post passes here, so plain ASCII takes a way of its own. */
#include "classify/fold.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include "base/must.h"
#include "base/utf8.h"

enum {
	CACHE = 2048,	/* characters remembered; a text uses a few hundred different ones */
	EXPANSION = 4,	/* code points kept of one: U+FDFA would give 18 */
	TOKEN = 128,	/* characters looked ahead to judge a word; longer runs are judged in pieces */
	LEET_WORD = 32, /* longer words of letters and digits are keys and digests, not leet */
};

enum step { INVISIBLE, BIDI, MARKS, COMPATIBILITY, LOOKALIKES, LEET, JOINED, REPEATS, STEPS };

static const char *const step_names[STEPS] = {
	[INVISIBLE] = "invisible",   [BIDI] = "bidi", [MARKS] = "marks",   [COMPATIBILITY] = "compatibility",
	[LOOKALIKES] = "lookalikes", [LEET] = "leet", [JOINED] = "joined", [REPEATS] = "repeats",
};

enum nature {
	SEPARATOR,   /* ends a word */
	LATIN,	     /* a letter of the Latin script */
	ODD_LATIN,   /* a phonetic or small-capital letter that stands for a plain one */
	IMITATOR,    /* a letter of a script that holds lookalikes of Latin ones */
	OTHER,	     /* any other letter or digit */
	MARK,	     /* a combining mark */
	UNSEEN,	     /* ignorable by default */
	UNSEEN_BIDI, /* ... and turning the direction of writing */
};

struct character {
	uint32_t c; /* 0: empty slot */
	enum nature nature;
	char lookalike; /* the ASCII letter it looks like, 0 for none */
	uint8_t n;
	bool compatible; /* NFKC did more than fold its case */
	uint32_t folded[EXPANSION];
};

struct fold_scratch {
	const UNormalizer2 *casefold, *compose;
	USpoofChecker *spoof;
	struct character cache[CACHE];
};

/* One fold under way. */
struct folding {
	struct fold_scratch *s;
	struct str in;
	char *out;
	uint32_t *back;
	size_t n;
	unsigned steps;
	int latin; /* mostly Latin letters, so words of lookalikes only are suspicious; -1 while it is not known */
	/* The last letter written and the marks seen on it. */
	size_t base_at, marks;
	uint32_t base, composed;
};

static bool is_bidi(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_odd_latin(uint32_t c)
{
	return (c >= 0x250 && c <= 0x2af) || (c >= 0x1d00 && c <= 0x1dbf) || (c >= 0xa720 && c <= 0xa7ff);
}

static enum nature letter_nature(uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;

	switch ((int)uscript_getScript((UChar32)c, &status)) {
	case USCRIPT_LATIN:
		return is_odd_latin(c) ? ODD_LATIN : LATIN;
	case USCRIPT_CYRILLIC:
	case USCRIPT_GREEK:
	case USCRIPT_ARMENIAN:
	case USCRIPT_CHEROKEE:
	case USCRIPT_COPTIC:
	case USCRIPT_LISU:
	case USCRIPT_DESERET:
	case USCRIPT_GOTHIC:
	case USCRIPT_OLD_ITALIC:
	case USCRIPT_CANADIAN_ABORIGINAL:
		return IMITATOR;
	default:
		return OTHER;
	}
}

static enum nature nature_of(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_alpha((char)c) ? LATIN : ascii_is_digit((char)c) ? OTHER : SEPARATOR;
	if (is_bidi(c))
		return UNSEEN_BIDI;
	if (u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return UNSEEN;
	if (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_ME_MASK))
		return MARK;
	return u_isalnum((UChar32)c) ? letter_nature(c) : SEPARATOR;
}

/* Small capitals, which uspoof leaves alone, and enclosed letters, which NFKC does. */
static char small_capital(uint32_t c)
{
	static const uint16_t capitals[26] = { 0x1d00, 0x299,  0x1d04, 0x1d05, 0x1d07, 0xa730, 0x262,  0x29c,  0x26a,
					       0x1d0a, 0x1d0b, 0x29f,  0x1d0d, 0x274,  0x1d0f, 0x1d18, 0xa7af, 0x280,
					       0xa731, 0x1d1b, 0x1d1c, 0x1d20, 0x1d21, 0,      0x28f,  0x1d22 };

	for (int i = 0; i < 26; i++)
		if (capitals[i] == c)
			return (char)('a' + i);
	if (c >= 0x1f150 && c <= 0x1f169)
		return (char)('a' + (c - 0x1f150));
	if (c >= 0x1f170 && c <= 0x1f189)
		return (char)('a' + (c - 0x1f170));
	return 0;
}

/* The single ASCII letter that the skeleton of `c` is; "rn" stands for m in UTS 39. */
static char skeleton_letter(const struct fold_scratch *s, UChar32 c)
{
	char in[4], out[16];
	int32_t n = (int32_t)utf8_put((uint32_t)c, in);
	UErrorCode status = U_ZERO_ERROR;

	n = uspoof_getSkeletonUTF8(s->spoof, 0, in, n, out, sizeof(out), &status);
	if (U_FAILURE(status))
		return 0;
	if (n == 2 && out[0] == 'r' && out[1] == 'n')
		return 'm';
	return n == 1 && ascii_is_alpha(out[0]) ? ascii_lower(out[0]) : 0;
}

/* Lower case first: the skeleton of a capital I is an l. */
static char lookalike_of(const struct fold_scratch *s, uint32_t c)
{
	UChar32 forms[3] = { u_tolower((UChar32)c), (UChar32)c, u_toupper((UChar32)c) };
	char letter = small_capital(c);

	for (int i = 0; i < 3 && !letter; i++)
		letter = skeleton_letter(s, forms[i]);
	return letter;
}

/* Typographic quotes and dashes, which the words of the lexicon write plainly. */
static uint32_t plain_sign(uint32_t c)
{
	if (c == 0x2018 || c == 0x2019 || c == 0x201b || c == 0x2bc || c == 0xb4)
		return '\'';
	if (c == 0x201c || c == 0x201d || c == 0x201e || c == 0xab || c == 0xbb)
		return '"';
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ? '-' : c;
}

static void expand(const struct fold_scratch *s, struct character *k)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar in[2], out[40];
	int32_t n = 0, at = 0;
	UChar32 next;
	bool bad = false;

	U16_APPEND(in, n, 2, (UChar32)k->c, bad);
	n = bad ? 0 : unorm2_normalize(s->casefold, in, n, out, 40, &status);
	if (U_FAILURE(status))
		n = 0;
	while (at < n && k->n < EXPANSION) {
		U16_NEXT(out, at, n, next);
		k->folded[k->n++] = plain_sign((uint32_t)next);
	}
	k->compatible = k->n != 1 || k->folded[0] != (uint32_t)u_foldCase((UChar32)k->c, U_FOLD_CASE_DEFAULT);
}

static const struct character *character(struct fold_scratch *s, uint32_t c)
{
	struct character *k = &s->cache[c % CACHE];

	if (k->c == c)
		return k;
	memset(k, 0, sizeof(*k));
	k->c = c;
	k->nature = nature_of(c);
	expand(s, k);
	if (k->nature == IMITATOR || k->nature == ODD_LATIN || small_capital(c))
		k->lookalike = lookalike_of(s, c);
	return k;
}

struct fold_scratch *fold_scratch_new(struct err *err)
{
	AUTO_FREE(fold_scratch) s = must_alloc(1, sizeof(*s));
	struct fold_scratch *made = s;
	UErrorCode status = U_ZERO_ERROR;

	s->casefold = unorm2_getNFKCCasefoldInstance(&status);
	s->compose = unorm2_getNFCInstance(&status);
	s->spoof = uspoof_open(&status);
	if (U_FAILURE(status)) {
		err_set(err, E_FAULT, "ICU does not give its normalisers: %s", u_errorName(status));
		return NULL;
	}
	/* Touch every table once: later there is no file access. */
	character(s, 0x430);
	character(s, 0x1d00);
	character(s, 0xfb03);
	s = NULL;
	return made;
}

void fold_scratch_free(struct fold_scratch *s)
{
	if (!s)
		return;
	if (s->spoof)
		uspoof_close(s->spoof);
	free(s);
}

static void put(struct folding *f, uint32_t c, size_t from)
{
	size_t n = utf8_put(c, f->out + f->n);

	for (size_t i = 0; i < n; i++)
		f->back[f->n + i] = (uint32_t)from;
	f->n += n;
}

static void put_base(struct folding *f, uint32_t c, size_t from)
{
	f->base_at = f->n;
	f->base = f->composed = c;
	f->marks = 0;
	put(f, c, from);
}

/* Write the last letter again, as `c`, and drop what followed it. */
static void rewrite_base(struct folding *f, uint32_t c)
{
	size_t from = f->back[f->base_at];

	f->n = f->base_at;
	put(f, c, from);
	f->composed = c;
}

/*
 * One mark that composes with its letter is an accent, two are Vietnamese; more, or one that composes with nothing on a
 * letter of an alphabet, is decoration. Other scripts keep two marks.
 */
static void put_mark(struct folding *f, uint32_t mark, size_t from)
{
	enum nature nature = f->base ? character(f->s, f->base)->nature : SEPARATOR;
	bool alphabet = nature == LATIN || nature == IMITATOR || nature == ODD_LATIN;
	UChar32 composed = f->composed ? unorm2_composePair(f->s->compose, (UChar32)f->composed, (UChar32)mark) : U_SENTINEL;

	f->marks++;
	if (f->marks <= 2 && composed >= 0) {
		rewrite_base(f, (uint32_t)composed);
	} else if (f->marks <= 2 && !alphabet && nature != SEPARATOR) {
		put(f, mark, from);
	} else {
		if (alphabet && f->marks > 2 && f->composed != f->base)
			rewrite_base(f, f->base);
		f->steps |= 1u << MARKS;
	}
}

/* An invisible character inside Latin letters hides a word; in an emoji or a Persian word it is ordinary. */
static void drop_unseen(struct folding *f, enum nature nature)
{
	char last = f->n ? f->out[f->n - 1] : 0;

	if (nature == UNSEEN_BIDI)
		f->steps |= 1u << BIDI;
	else if (ascii_is_alnum(last))
		f->steps |= 1u << INVISIBLE;
}

static void put_character(struct folding *f, const struct character *k, size_t from, bool suspicious)
{
	if (k->nature == UNSEEN || k->nature == UNSEEN_BIDI) {
		drop_unseen(f, k->nature);
		return;
	}
	if (k->nature == MARK) {
		put_mark(f, k->c, from);
		return;
	}
	if (k->lookalike && (suspicious || k->nature != IMITATOR)) {
		f->steps |= 1u << LOOKALIKES;
		put_base(f, (uint32_t)k->lookalike, from);
		return;
	}
	if (k->compatible && k->n && ascii_is_alnum((char)(k->folded[0] & 0x7f)) && k->folded[0] < 0x80)
		f->steps |= 1u << COMPATIBILITY;
	for (size_t i = 0; i < k->n; i++) {
		if (i && nature_of(k->folded[i]) == MARK)
			put_mark(f, k->folded[i], from);
		else
			put_base(f, k->folded[i], from);
	}
}

/* What a word is made of. */
struct token {
	size_t end; /* in the original */
	size_t latin, imitators, hard;
	bool ascii;
};

static struct token token_read(struct fold_scratch *s, struct str in, size_t at)
{
	struct token t = { .end = at, .ascii = true };

	for (size_t count = 0; t.end < in.n && count < TOKEN; count++) {
		const struct character *k;
		uint32_t c;
		size_t n = utf8_next(str_slice(in, t.end, in.n), &c);

		MUST(n > 0);
		if (c < 0x80 && !ascii_is_alnum((char)c))
			break;
		if (c >= 0x80) {
			k = character(s, c);
			if (k->nature == SEPARATOR && !k->lookalike)
				break;
			t.ascii = false;
			t.imitators += k->nature == IMITATOR;
			t.hard += k->nature == IMITATOR && !k->lookalike;
			t.latin += k->nature == LATIN || (k->n && k->folded[0] < 0x80);
		} else {
			t.latin += ascii_is_alpha((char)c);
		}
		t.end += n;
	}
	return t;
}

/* More Latin letters than letters that only an honest Cyrillic or Greek text uses? */
static bool mostly_latin(struct fold_scratch *s, struct str in)
{
	size_t latin = 0, hard = 0, n;
	uint32_t c;

	for (size_t at = 0; at < in.n; at += n) {
		n = utf8_next(str_slice(in, at, in.n), &c);
		MUST(n > 0);
		if (c < 0x80) {
			latin += ascii_is_alpha((char)c);
		} else {
			const struct character *k = character(s, c);

			hard += k->nature == IMITATOR && !k->lookalike;
		}
	}
	return latin >= hard;
}

static bool is_latin(struct folding *f)
{
	if (f->latin < 0)
		f->latin = mostly_latin(f->s, f->in);
	return f->latin;
}

static void put_token(struct folding *f, size_t at, const struct token *t)
{
	bool suspicious = t->imitators && (t->latin || (t->hard == 0 && is_latin(f)));

	while (at < t->end) {
		uint32_t c;
		size_t n = utf8_next(str_slice(f->in, at, t->end), &c);

		if (c < 0x80)
			put_base(f, (uint32_t)ascii_lower((char)c), at);
		else
			put_character(f, character(f->s, c), at, suspicious);
		at += n;
	}
}

/* Copy ASCII up to the last word before the next character that is not; where that word begins. */
static size_t put_plain_run(struct folding *f, size_t at)
{
	size_t end = at, stop;

	while (end < f->in.n && !(f->in.p[end] & 0x80))
		end++;
	for (stop = end; stop > at && end < f->in.n && end - stop < TOKEN && ascii_is_alnum(f->in.p[stop - 1]);)
		stop--;
	for (; at < stop; at++) {
		f->back[f->n] = (uint32_t)at;
		f->out[f->n++] = ascii_lower(f->in.p[at]);
		f->base = f->composed = 0;
	}
	return stop;
}

/* First pass: character by character, words judged as wholes. */
static void fold_characters(struct folding *f)
{
	f->latin = -1;
	for (size_t at = put_plain_run(f, 0); at < f->in.n; at = put_plain_run(f, at)) {
		struct token t = token_read(f->s, f->in, at);
		uint32_t c;

		if (t.end > at) {
			put_token(f, at, &t);
			at = t.end;
			continue;
		}
		t.end = at + utf8_next(str_slice(f->in, at, f->in.n), &c);
		put_token(f, at, &t);
		at = t.end;
	}
}

static void fold_ascii(struct folding *f)
{
	for (size_t i = 0; i < f->in.n; i++)
		f->out[i] = ascii_lower(f->in.p[i]);
	for (size_t i = 0; i < f->in.n; i++)
		f->back[i] = (uint32_t)i;
	f->n = f->in.n;
}

static size_t count_wide(struct str in)
{
	size_t wide = 0;

	for (size_t i = 0; i < in.n; i++)
		wide += (unsigned char)in.p[i] >> 7;
	return wide;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c & 0x80);
}

static bool is_plain_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* What a digit or sign stands for between letters; 0 for nothing. A 1 is an i or an l, which its neighbours decide. */
static char leet_letter(char c, char before, char after)
{
	switch (c) {
	case '0':
		return 'o';
	case '3':
		return 'e';
	case '4':
	case '@':
		return 'a';
	case '5':
	case '$':
		return 's';
	case '7':
	case '+':
		return 't';
	case '8':
		return 'b';
	case '!':
		return 'i';
	case '|':
		return 'l';
	case '1':
		if (before && strchr("aeioul", before))
			return 'l';
		return before && after && strchr("bcfgp", before) && strchr("aeou", after) ? 'l' : 'i';
	default:
		return 0;
	}
}

/* 1: a letter, 2: a digit or sign that may stand for one; 0 ends a word. A table, for it is asked of every byte. */
static const unsigned char leet_kind[256] = {
	['a' ... 'z'] = 1, ['0' ... '9'] = 2, ['@'] = 2, ['$'] = 2, ['!'] = 2, ['|'] = 2, ['+'] = 2,
};

/* Ordinals, hours and amounts are written with digits by everyone. */
static bool is_number_word(struct str w)
{
	size_t digits = 0;

	while (digits < w.n && ascii_is_digit(w.p[digits]))
		digits++;
	return digits && (digits > 1 || w.n - digits < 3);
}

/* Letters on both sides of a digit or sign, or one digit before three letters: a word written in leet. */
static bool is_leet(struct str w, char next)
{
	size_t letters = 0, inside = 0;

	for (size_t i = 0; i < w.n; i++) {
		char c = w.p[i];
		bool stands = leet_letter(c, 0, 0) != 0;

		letters += is_plain_letter(c);
		inside += stands && i > 0 && i + 1 < w.n && (is_plain_letter(w.p[i - 1]) || leet_letter(w.p[i - 1], 0, 0)) &&
			  (is_plain_letter(w.p[i + 1]) || leet_letter(w.p[i + 1], 0, 0));
		if (c == '@' && next == '.')
			return false; /* an address */
	}
	if (letters < 2 || w.n > LEET_WORD || 2 * letters < w.n || is_number_word(w))
		return false;
	return inside || (ascii_is_digit(w.p[0]) && leet_letter(w.p[0], 0, 0) && letters + 1 == w.n);
}

static void unleet(struct folding *f, size_t start, size_t end)
{
	bool changed = false;

	for (size_t i = start; i < end; i++) {
		char c = leet_letter(f->out[i], i > start ? f->out[i - 1] : 0, i + 1 < end ? f->out[i + 1] : 0);

		/* Signs at the end of a word are punctuation. */
		if (!c || (!ascii_is_digit(f->out[i]) && (i == start || i + 1 == end) && f->out[i] != '@' && f->out[i] != '$'))
			continue;
		f->out[i] = c;
		changed = true;
	}
	if (changed)
		f->steps |= 1u << LEET;
}

/* "tonight!!" ends with its t: the marks behind a word are punctuation. */
static size_t without_marks(const char *p, size_t start, size_t end)
{
	while (end > start && (p[end - 1] == '!' || p[end - 1] == '|' || p[end - 1] == '+'))
		end--;
	return end;
}

static void fold_leet(struct folding *f)
{
	size_t start = 0, end;
	bool mixed = false;

	for (size_t i = 0; i <= f->n; i++) {
		unsigned char kind = i < f->n ? leet_kind[(unsigned char)f->out[i]] : 0;

		if (kind) {
			mixed |= kind == 2;
			continue;
		}
		end = mixed ? without_marks(f->out, start, i) : i;
		if (mixed && is_leet((struct str){ f->out + start, end - start }, i < f->n ? f->out[i] : 0))
			unleet(f, start, end);
		start = i + 1;
		mixed = false;
	}
}

static bool joins(char c)
{
	return c == ' ' || c == '.' || c == '-' || c == '_' || c == '*' || c == '/' || c == '~' || c == ',';
}

/* How many single letters stand from `at` on, all apart by the same sign? */
static size_t apart(const struct folding *f, size_t at)
{
	char sign = at + 1 < f->n ? f->out[at + 1] : 0;
	size_t count = 1;

	if (!joins(sign) || (at > 0 && (is_letter(f->out[at - 1]) || ascii_is_digit(f->out[at - 1]))))
		return 0;
	while (at + 2 < f->n && f->out[at + 1] == sign && is_plain_letter(f->out[at + 2]) &&
	       (at + 3 == f->n || (!is_letter(f->out[at + 3]) && !ascii_is_digit(f->out[at + 3])))) {
		count++;
		at += 2;
	}
	return count;
}

/* How many of the same letter stand here? */
static size_t repeats(const struct folding *f, size_t at)
{
	size_t n = 1;

	while (at + n < f->n && f->out[at + n] == f->out[at])
		n++;
	return n;
}

/* Which letters English doubles: the others are shortened to one. */
static size_t shortened(char c)
{
	return strchr("bcdefglmnoprstz", c) ? 2 : 1;
}

static void keep(struct folding *f, size_t *to, size_t from)
{
	f->out[*to] = f->out[from];
	f->back[*to] = f->back[from];
	(*to)++;
}

/* Is there anything for the second pass to do? Most texts have no letter three times and no letters set apart. */
static bool has_words_to_fold(const struct folding *f)
{
	for (size_t i = 0; i + 2 < f->n; i++) {
		char c = f->out[i], next = f->out[i + 1], third = f->out[i + 2];

		if (c != third)
			continue;
		if (c == next && is_plain_letter(c))
			return true;
		if (i > 0 && i + 3 < f->n && joins(c) && is_plain_letter(next) && is_plain_letter(f->out[i - 1]) &&
		    is_plain_letter(f->out[i + 3]) && (i == 1 || !is_letter(f->out[i - 2])))
			return true;
	}
	return false;
}

/* Second pass, in place, over what the first wrote: it only ever shortens. */
static void fold_words(struct folding *f)
{
	size_t to = 0;

	for (size_t at = 0; at < f->n;) {
		size_t count;

		if (!is_plain_letter(f->out[at])) {
			keep(f, &to, at++);
			continue;
		}
		count = repeats(f, at);
		if (count >= 3) {
			f->steps |= 1u << REPEATS;
			for (size_t i = 0; i < shortened(f->out[at]); i++)
				keep(f, &to, at + i);
			at += count;
			continue;
		}
		count = apart(f, at);
		if (count >= 3) {
			f->steps |= 1u << JOINED;
			for (size_t i = 0; i < count; i++)
				keep(f, &to, at + 2 * i);
			at += 2 * count - 1;
			continue;
		}
		keep(f, &to, at++);
	}
	f->n = to;
}

static void name_steps(const struct folding *f, struct arena *a, struct folded *out)
{
	for (int i = 0; i < STEPS; i++)
		if (f->steps & 1u << i) {
			struct str *step = arena_push(a, &out->steps, &out->n_steps, sizeof(*step));

			*step = str_of(step_names[i]);
		}
}

void fold(struct fold_scratch *s, struct arena *a, struct str text, struct folded *out)
{
	size_t wide = count_wide(text), room = text.n + wide * (EXPANSION - 1) + 16;
	struct folding f = { .s = s, .in = text };

	f.out = arena_alloc(a, room);
	f.back = arena_alloc(a, (room + 1) * sizeof(*f.back));
	if (wide)
		fold_characters(&f);
	else
		fold_ascii(&f);
	fold_leet(&f);
	if (has_words_to_fold(&f))
		fold_words(&f);
	f.back[f.n] = (uint32_t)text.n;
	*out = (struct folded){ .text = { f.out, f.n }, .back = f.back };
	name_steps(&f, a, out);
}

void fold_back(const struct folded *f, size_t *start, size_t *end)
{
	size_t last = *end;

	/* Several folded bytes may come from one character: the span takes all of it. */
	while (last > *start && last < f->text.n && f->back[last] == f->back[last - 1])
		last++;
	*start = f->back[*start];
	*end = f->back[last];
}
