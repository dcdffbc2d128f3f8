/* runs.c - shapes without a literal */
/* Hot: every byte of every post passes runs_scan(). All kinds hold a digit, so what holds none is skipped 16 bytes at a time.
 */
#include "classify/runs.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	SLACK = 64,	 /* characters that a word may have beyond eight times the least, when nobody says how many */
	GROUP_MOST = 64, /* digits without a sign between; a longer row of them is a number of nothing */
};

enum { ALNUM = 1, HEX = 2, BASE58 = 4, UPPER = 8, DIGIT = 16 };

/* What each byte may be part of. */
static const unsigned char kinds_of[256] = {
	['0'] = ALNUM | HEX | UPPER | DIGIT,
	['1' ... '9'] = ALNUM | HEX | BASE58 | UPPER | DIGIT,
	['A' ... 'F'] = ALNUM | HEX | BASE58 | UPPER,
	['G' ... 'H'] = ALNUM | BASE58 | UPPER,
	['I'] = ALNUM | UPPER,
	['J' ... 'N'] = ALNUM | BASE58 | UPPER,
	['O'] = ALNUM | UPPER,
	['P' ... 'Z'] = ALNUM | BASE58 | UPPER,
	['a' ... 'f'] = ALNUM | HEX | BASE58,
	['g' ... 'k'] = ALNUM | BASE58,
	['l'] = ALNUM,
	['m' ... 'z'] = ALNUM | BASE58,
};

static unsigned kind_of(char c)
{
	return kinds_of[(unsigned char)c];
}

bool run_parse(struct str written, struct run_wanted *out)
{
	static const char *const names[RUN_KINDS] = { "digits", "word", "hex", "base58", "upper", "iban" };
	struct run_wanted wanted = { .kind = RUN_KINDS };
	uint32_t *number = &wanted.least;
	struct str kind;

	str_split(&written, ' ', &kind);
	for (int i = 0; i < RUN_KINDS; i++)
		if (str_eq(kind, str_of(names[i])))
			wanted.kind = (enum run_kind)i;
	if (wanted.kind == RUN_KINDS || written.n == 0)
		return false;
	for (size_t i = 0; i < written.n; i++) {
		if (written.p[i] == '-' && number == &wanted.least)
			number = &wanted.most;
		else if (ascii_is_digit(written.p[i]) && *number < 1000000)
			*number = *number * 10 + (uint32_t)(written.p[i] - '0');
		else
			return false;
	}
	if (number == &wanted.least)
		wanted.most = wanted.kind == RUN_DIGITS ? UINT32_MAX : 8 * wanted.least + SLACK;
	*out = wanted;
	return wanted.least > 0 && wanted.least <= wanted.most;
}

/* The next digit at `at` or later; text.n for none. */
static size_t next_digit(struct str text, size_t at)
{
#ifdef __SSE2__
	const __m128i before = _mm_set1_epi8((char)('0' + 128)), ten = _mm_set1_epi8(10 - 128), half = _mm_set1_epi8((char)128);

	for (; at + 16 <= text.n; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.p + at));
		/* c - '0' as unsigned is below 10: compared as signed numbers, both moved by 128 */
		__m128i moved = _mm_xor_si128(_mm_sub_epi8(_mm_xor_si128(bytes, half), before), half);
		int found = _mm_movemask_epi8(_mm_cmplt_epi8(moved, ten));

		if (found)
			return at + (size_t)__builtin_ctz((unsigned)found);
	}
#endif
	while (at < text.n && !ascii_is_digit(text.p[at]))
		at++;
	return at;
}

/* The word around the digit at `at`, which does not reach back before `from`. */
static struct run word_around(struct str text, size_t from, size_t at)
{
	struct run run = { .start = at, .end = at };
	unsigned all = ~0u;

	while (run.start > from && kind_of(text.p[run.start - 1]))
		all &= kind_of(text.p[--run.start]);
	while (run.end < text.n && kind_of(text.p[run.end]))
		all &= kind_of(text.p[run.end++]);
	run.length = (uint32_t)(run.end - run.start);
	run.kinds = 1u << RUN_WORD | (all & HEX ? 1u << RUN_HEX : 0) | (all & BASE58 ? 1u << RUN_BASE58 : 0) |
		    (all & UPPER ? 1u << RUN_UPPER : 0);
	if (run.length >= 4 && ascii_is_alpha(text.p[run.start]) && ascii_is_alpha(text.p[run.start + 1]) &&
	    ascii_is_digit(text.p[run.start + 2]) && ascii_is_digit(text.p[run.start + 3]))
		run.kinds |= 1u << RUN_IBAN;
	return run;
}

static size_t digits_end(struct str text, size_t at)
{
	while (at < text.n && ascii_is_digit(text.p[at]))
		at++;
	return at;
}

/* The groups of digits that begin at `at`. A group that is too long is one of length 0. */
static struct run digits_from(struct str text, size_t at)
{
	struct run run = { .start = at, .end = at, .kinds = 1u << RUN_DIGITS };

	for (size_t from = at;;) {
		size_t end = digits_end(text, from);

		if (end - from > GROUP_MOST) {
			run.end = run.length ? run.end : end;
			return run;
		}
		run.length += (uint32_t)(end - from);
		run.end = end;
		if (end + 1 >= text.n || !memchr(" -./", text.p[end], 4) || !ascii_is_digit(text.p[end + 1]))
			return run;
		from = end + 1;
	}
}

void runs_scan(struct str text, uint32_t least, const struct run_listener *listener)
{
	size_t words = 0, groups = 0; /* where the last of them ended */

	for (size_t at = next_digit(text, 0); at < text.n; at = next_digit(text, words < groups ? words : groups)) {
		if (at >= words) {
			struct run word = word_around(text, words, at);

			words = word.end;
			if (word.length >= least && !listener->met(listener->whose, &word))
				return;
		}
		if (at >= groups) {
			struct run digits = digits_from(text, at);

			groups = digits.end;
			if (digits.length && digits.length >= least && !listener->met(listener->whose, &digits))
				return;
		}
	}
}
