/* utf8.c - well-formed UTF-8, as Unicode table 3-7 has it */
#include "base/utf8.h"

#include <string.h>

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

size_t utf8_next(struct str s, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t value;

	if (s.n == 0)
		return 0;
	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf && s.n >= 2 && is_tail(p[1])) {
		*c = (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
		return 2;
	}
	if ((p[0] & 0xf0) == 0xe0 && s.n >= 3 && is_tail(p[1]) && is_tail(p[2])) {
		value = (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
		if (value < 0x800 || (value >= 0xd800 && value <= 0xdfff))
			return 0;
		*c = value;
		return 3;
	}
	if (p[0] >= 0xf0 && p[0] <= 0xf4 && s.n >= 4 && is_tail(p[1]) && is_tail(p[2]) && is_tail(p[3])) {
		value = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 | (uint32_t)(p[2] & 0x3f) << 6 |
			(p[3] & 0x3f);
		if (value < 0x10000 || value > 0x10ffff)
			return 0;
		*c = value;
		return 4;
	}
	return 0;
}

size_t utf8_put(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c >= 0xd800 && c <= 0xdfff)
		return 0;
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	if (c > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Bytes of `s` up to the first that is ill formed or U+0000. */
static size_t clean_prefix(struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		uint64_t eight;
		uint32_t c;
		size_t n;

		if (i + 8 <= s.n) { /* eight ASCII bytes at once, none of them zero */
			memcpy(&eight, s.p + i, 8);
			if (!(eight & 0x8080808080808080u) && !((eight - 0x0101010101010101u) & ~eight & 0x8080808080808080u)) {
				i += 8;
				continue;
			}
		}
		n = utf8_next(str_slice(s, i, s.n), &c);
		if (n == 0 || c == 0)
			break;
		i += n;
	}
	return i;
}

bool utf8_is_clean(struct str s)
{
	return clean_prefix(s) == s.n;
}

struct str utf8_clean(struct arena *a, struct str s, size_t *replaced)
{
	size_t clean = clean_prefix(s);
	size_t n = 0;
	char *out;

	*replaced = 0;
	if (clean == s.n)
		return s;
	out = arena_alloc(a, clean + (s.n - clean) * 3 + 1);
	for (;;) {
		memcpy(out + n, s.p, clean);
		n += clean;
		s = str_slice(s, clean, s.n);
		if (s.n == 0)
			break;
		memcpy(out + n, UTF8_REPLACEMENT, 3);
		n += 3;
		++*replaced;
		s = str_slice(s, 1, s.n);
		clean = clean_prefix(s);
	}
	out[n] = '\0';
	return (struct str){ out, n };
}
