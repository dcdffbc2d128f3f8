/* words.c - a text as the words that full text knows it by */
#include "store/words.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/must.h"

enum {
	PIECE = 1024, /* bytes of a run without spaces that are looked at together */
	UNITS = 4096, /* UTF-16 units that a piece may grow to: NFKC makes 18 of one at most, but not of 1,024 in a row */
	WORD = 256,   /* bytes of a word that are kept; longer ones are no words */
};

struct words {
	UBreakIterator *breaks;
	const UNormalizer2 *fold, *decompose;
	UChar raw[PIECE + 1], folded[UNITS + 1];
};

struct words *words_new(void)
{
	struct words *w = must_alloc(1, sizeof(*w));
	UErrorCode code = U_ZERO_ERROR;

	w->fold = unorm2_getNFKCCasefoldInstance(&code);
	w->decompose = unorm2_getNFDInstance(&code);
	w->breaks = ubrk_open(UBRK_WORD, "", NULL, 0, &code);
	MUST(U_SUCCESS(code));
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	ubrk_close(w->breaks);
	free(w);
}

static bool ascii_is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool add_word(struct buf *out, struct str word)
{
	size_t before = out->n;

	word.n = word.n < WORD ? word.n : WORD;
	if (out->n && buf_add_char(out, ' ') < 0)
		return false;
	if (buf_add(out, word) == 0)
		return true;
	out->n = before;
	return false;
}

/* Most text: letters and digits of ASCII, cut at everything else. */
static size_t ascii_words(struct str run, struct buf *out)
{
	size_t n = 0;

	for (size_t start = 0, end; start < run.n; start = end + 1) {
		char word[WORD];
		size_t kept = 0;

		for (end = start; end < run.n && ascii_is_word((unsigned char)run.p[end]); end++)
			if (kept < WORD)
				word[kept++] = (char)(run.p[end] >= 'A' && run.p[end] <= 'Z' ? run.p[end] + 'a' - 'A'
											     : run.p[end]);
		n += kept && add_word(out, (struct str){ word, kept });
	}
	return n;
}

/* An accent, or a vowel point that is left out as often as not; not the vowels of scripts that cannot do without. */
static bool is_accent(UChar32 c)
{
	UErrorCode code = U_ZERO_ERROR;
	UScriptCode script = USCRIPT_COMMON;

	if (u_charType(c) == U_NON_SPACING_MARK)
		script = uscript_getScript(c, &code);
	return script == USCRIPT_INHERITED || script == USCRIPT_ARABIC || script == USCRIPT_HEBREW;
}

/* The letter without its accents. */
static UChar32 bare(const struct words *w, UChar32 c)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar parts[32];
	int32_t n = c < 0xac00 || c > 0xd7a3 ? unorm2_getDecomposition(w->decompose, c, parts, 32, &code) : 0; /* Hangul: no */
	int32_t at = 0;
	UChar32 first, next;

	if (n <= 0 || U_FAILURE(code))
		return c;
	U16_NEXT(parts, at, n, first);
	while (at < n) {
		U16_NEXT(parts, at, n, next);
		if (!is_accent(next))
			return c;
	}
	return first;
}

static bool is_word(UChar32 c)
{
	return u_isalnum(c) || u_charType(c) == U_COMBINING_SPACING_MARK || u_charType(c) == U_NON_SPACING_MARK;
}

/* Letters, digits and marks are a word's; accents go, and everything else cuts. */
static size_t unit_words(const struct words *w, const UChar *units, int32_t n_units, struct buf *out)
{
	char word[WORD + 4];
	int32_t kept = 0;
	size_t n = 0;

	for (int32_t at = 0; at < n_units;) {
		UChar32 c;

		U16_NEXT(units, at, n_units, c);
		if (is_accent(c))
			continue;
		if (is_word(c)) {
			c = bare(w, c);
			if (kept < WORD)
				U8_APPEND_UNSAFE(word, kept, c);
			continue;
		}
		n += kept && add_word(out, (struct str){ word, (size_t)kept });
		kept = 0;
	}
	return n + (kept && add_word(out, (struct str){ word, (size_t)kept }));
}

/* A piece that holds more than ASCII: folded first, then cut where the script's own rules or dictionary cut it. */
static size_t piece_words(struct words *w, struct str piece, struct buf *out)
{
	UErrorCode code = U_ZERO_ERROR;
	int32_t n_raw = 0, n_folded;
	size_t n = 0;

	u_strFromUTF8WithSub(w->raw, PIECE, &n_raw, piece.p, (int32_t)piece.n, 0xfffd, NULL, &code);
	n_folded = unorm2_normalize(w->fold, w->raw, n_raw, w->folded, UNITS, &code);
	if (U_FAILURE(code))
		return 0;
	ubrk_setText(w->breaks, w->folded, n_folded, &code);
	for (int32_t start = ubrk_first(w->breaks), end; (end = ubrk_next(w->breaks)) != UBRK_DONE; start = end)
		n += unit_words(w, w->folded + start, end - start, out);
	return n;
}

/* The next run without spaces, at most a piece of it, cut between characters. */
static struct str next_piece(struct str *rest, bool *ascii)
{
	size_t end = 0;
	struct str piece;

	*ascii = true;
	while (end < rest->n && end < PIECE && !ascii_is_space(rest->p[end]))
		*ascii &= (unsigned char)rest->p[end++] < 0x80;
	while (end > 1 && end < rest->n && ((unsigned char)rest->p[end] & 0xc0) == 0x80)
		end--;
	piece = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + (end < rest->n && ascii_is_space(rest->p[end])), rest->n);
	return piece;
}

size_t words_of(struct words *w, struct str text, struct buf *out)
{
	size_t n = 0;

	while (text.n && !out->full) {
		bool ascii;
		struct str piece = next_piece(&text, &ascii);

		n += ascii ? ascii_words(piece, out) : piece_words(w, piece, out);
	}
	return n;
}
