/* script.c - what kind of letter is this */
/* Hot: the index of names asks it of every character that is not ASCII. */
#include "classify/script.h"

#include "base/utf8.h"

/* Sorted; what stands in no row from U+0080 on is a letter of a script with blanks. */
static const struct {
	uint32_t first, last;
	enum script script;
} blocks[] = {
	{ 0x80, 0xa9, SCRIPT_NONE },	     { 0xab, 0xac, SCRIPT_NONE },	  { 0xad, 0xad, SCRIPT_UNSEEN },
	{ 0xae, 0xb4, SCRIPT_NONE },	     { 0xb6, 0xb9, SCRIPT_NONE },	  { 0xbb, 0xbf, SCRIPT_NONE },
	{ 0xd7, 0xd7, SCRIPT_NONE },	     { 0xf7, 0xf7, SCRIPT_NONE },	  { 0x34f, 0x34f, SCRIPT_UNSEEN },
	{ 0x37e, 0x37e, SCRIPT_NONE },	     { 0x387, 0x387, SCRIPT_NONE },	  { 0x55a, 0x55f, SCRIPT_NONE },
	{ 0x589, 0x58a, SCRIPT_NONE },	     { 0x5be, 0x5be, SCRIPT_NONE },	  { 0x5f3, 0x5f4, SCRIPT_NONE },
	{ 0x600, 0x60f, SCRIPT_NONE },	     { 0x61b, 0x61b, SCRIPT_NONE },	  { 0x61c, 0x61c, SCRIPT_UNSEEN },
	{ 0x61d, 0x61f, SCRIPT_NONE },	     { 0x66a, 0x66d, SCRIPT_NONE },	  { 0x6d4, 0x6d4, SCRIPT_NONE },
	{ 0x964, 0x965, SCRIPT_NONE },	     { 0xe01, 0xe3a, SCRIPT_JOINED },	  { 0xe3f, 0xe3f, SCRIPT_NONE },
	{ 0xe40, 0xe4e, SCRIPT_JOINED },     { 0xe4f, 0xe4f, SCRIPT_NONE },	  { 0xe50, 0xe59, SCRIPT_JOINED },
	{ 0xe5a, 0xe5b, SCRIPT_NONE },	     { 0xe80, 0xeff, SCRIPT_JOINED },	  { 0x1000, 0x1049, SCRIPT_JOINED },
	{ 0x104a, 0x104f, SCRIPT_NONE },     { 0x1050, 0x109f, SCRIPT_JOINED },	  { 0x1100, 0x11ff, SCRIPT_HANGUL },
	{ 0x1361, 0x1368, SCRIPT_NONE },     { 0x1680, 0x1680, SCRIPT_NONE },	  { 0x1780, 0x17d3, SCRIPT_JOINED },
	{ 0x17d4, 0x17db, SCRIPT_NONE },     { 0x17dc, 0x17ff, SCRIPT_JOINED },	  { 0x180e, 0x180e, SCRIPT_UNSEEN },
	{ 0x2000, 0x200a, SCRIPT_NONE },     { 0x200b, 0x200f, SCRIPT_UNSEEN },	  { 0x2010, 0x2029, SCRIPT_NONE },
	{ 0x202a, 0x202e, SCRIPT_UNSEEN },   { 0x202f, 0x205f, SCRIPT_NONE },	  { 0x2060, 0x206f, SCRIPT_UNSEEN },
	{ 0x2070, 0x2bff, SCRIPT_NONE },     { 0x2e00, 0x2e7f, SCRIPT_NONE },	  { 0x2e80, 0x2fff, SCRIPT_JOINED },
	{ 0x3000, 0x3004, SCRIPT_NONE },     { 0x3005, 0x3007, SCRIPT_JOINED },	  { 0x3008, 0x3030, SCRIPT_NONE },
	{ 0x3031, 0x3035, SCRIPT_JOINED },   { 0x3036, 0x303f, SCRIPT_NONE },	  { 0x3040, 0x309f, SCRIPT_JOINED },
	{ 0x30a0, 0x30a0, SCRIPT_NONE },     { 0x30a1, 0x30fa, SCRIPT_JOINED },	  { 0x30fb, 0x30fb, SCRIPT_NONE },
	{ 0x30fc, 0x312f, SCRIPT_JOINED },   { 0x3130, 0x318f, SCRIPT_HANGUL },	  { 0x3190, 0x31bf, SCRIPT_JOINED },
	{ 0x31c0, 0x31ef, SCRIPT_NONE },     { 0x31f0, 0x31ff, SCRIPT_JOINED },	  { 0x3200, 0x33ff, SCRIPT_NONE },
	{ 0x3400, 0x9fff, SCRIPT_JOINED },   { 0xa960, 0xa97f, SCRIPT_HANGUL },	  { 0xac00, 0xd7ff, SCRIPT_HANGUL },
	{ 0xe000, 0xf8ff, SCRIPT_NONE },     { 0xf900, 0xfaff, SCRIPT_JOINED },	  { 0xfd3e, 0xfd3f, SCRIPT_NONE },
	{ 0xfe00, 0xfe0f, SCRIPT_UNSEEN },   { 0xfe10, 0xfe6f, SCRIPT_NONE },	  { 0xfeff, 0xfeff, SCRIPT_UNSEEN },
	{ 0xff01, 0xff0f, SCRIPT_NONE },     { 0xff1a, 0xff20, SCRIPT_NONE },	  { 0xff3b, 0xff40, SCRIPT_NONE },
	{ 0xff5b, 0xff65, SCRIPT_NONE },     { 0xff66, 0xff9f, SCRIPT_JOINED },	  { 0xffe0, 0xffff, SCRIPT_NONE },
	{ 0x1b000, 0x1b16f, SCRIPT_JOINED }, { 0x1d000, 0x1d3ff, SCRIPT_NONE },	  { 0x1f000, 0x1faff, SCRIPT_NONE },
	{ 0x20000, 0x3ffff, SCRIPT_JOINED }, { 0xe0000, 0xe0fff, SCRIPT_UNSEEN }, { 0xf0000, 0x10ffff, SCRIPT_NONE },
};

enum script script_of(uint32_t c)
{
	size_t low = 0, high = sizeof(blocks) / sizeof(*blocks);

	if (c < 0x80)
		return ascii_is_alnum((char)c) ? SCRIPT_SPACED : SCRIPT_NONE;
	if (c >= 0xc0 && c <= 0x24f) /* Latin, the most common */
		return c == 0xd7 || c == 0xf7 ? SCRIPT_NONE : SCRIPT_SPACED;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (c > blocks[middle].last)
			low = middle + 1;
		else if (c < blocks[middle].first)
			high = middle;
		else
			return blocks[middle].script;
	}
	return SCRIPT_SPACED;
}

enum script script_at(struct str s, size_t at, size_t *length)
{
	uint32_t c;

	*length = 1;
	if (!(s.p[at] & 0x80))
		return ascii_is_alnum(s.p[at]) ? SCRIPT_SPACED : SCRIPT_NONE;
	*length = utf8_next(str_slice(s, at, s.n), &c);
	if (*length == 0) {
		*length = 1;
		return SCRIPT_NONE;
	}
	return script_of(c);
}

size_t script_word_end(struct str s, size_t at)
{
	while (at < s.n) {
		size_t length;

		if (ascii_is_alnum(s.p[at])) {
			at++;
			continue;
		}
		if (!(s.p[at] & 0x80) || script_at(s, at, &length) != SCRIPT_SPACED)
			break;
		at += length;
	}
	return at;
}
