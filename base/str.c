/* str.c - bytes that belong to somebody else */
#include "base/str.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order)
		return order < 0 ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_ends(struct str s, struct str part)
{
	return s.n >= part.n && (part.n == 0 || memcmp(s.p + s.n - part.n, part.p, part.n) == 0);
}

ssize_t str_find(struct str s, struct str part)
{
	const char *at;

	if (part.n == 0)
		return 0;
	at = s.n ? memmem(s.p, s.n, part.p, part.n) : NULL;
	return at ? at - s.p : -1;
}

static bool is_at_nocase(struct str s, size_t i, struct str part)
{
	return ascii_lower(s.p[i]) == ascii_lower(part.p[0]) && str_eq_nocase((struct str){ s.p + i, part.n }, part);
}

ssize_t str_find_nocase(struct str s, struct str part)
{
	size_t i = 0;

	if (part.n == 0)
		return 0;
#ifdef __SSE2__
	if (part.n > 1) {
		/* Letters differ by one bit from capitals: 16 places at once where the first two could stand. */
		const __m128i bit = _mm_set1_epi8(0x20);
		const __m128i one = _mm_set1_epi8((char)(part.p[0] | 0x20)), two = _mm_set1_epi8((char)(part.p[1] | 0x20));

		for (; i + 16 + part.n <= s.n; i += 16) {
			__m128i a = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i));
			__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i + 1));
			unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(a, bit), one),
										    _mm_cmpeq_epi8(_mm_or_si128(b, bit), two)));

			for (; places; places &= places - 1)
				if (is_at_nocase(s, i + (size_t)__builtin_ctz(places), part))
					return (ssize_t)(i + (size_t)__builtin_ctz(places));
		}
	}
#endif
	for (; i + part.n <= s.n; i++)
		if (is_at_nocase(s, i, part))
			return (ssize_t)i;
	return -1;
}

struct str str_trim(struct str s)
{
	while (s.n && ascii_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_split(struct str *rest, char separator, struct str *piece)
{
	const char *at;

	if (rest->n == 0)
		return false;
	at = memchr(rest->p, separator, rest->n);
	piece->p = rest->p;
	piece->n = at ? (size_t)(at - rest->p) : rest->n;
	*rest = str_slice(*rest, piece->n + (at ? 1 : 0), rest->n);
	return true;
}

int str_number(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (s.n == 0)
		return 0;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return 0;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.p[i] - '0'), &value) || value > max)
			return 0;
	}
	*out = value;
	return 1;
}
