/* str.c - bytes that belong to somebody else */
#include "base/str.h"

#include <string.h>

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

ssize_t str_find_nocase(struct str s, struct str part)
{
	char first = part.n ? ascii_lower(part.p[0]) : 0;

	for (size_t i = 0; i + part.n <= s.n; i++)
		if (part.n == 0 || (ascii_lower(s.p[i]) == first && str_eq_nocase((struct str){ s.p + i, part.n }, part)))
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
