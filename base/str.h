/* str.h - bytes that belong to somebody else: a pointer and a length, handed by value */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_STR_H
#define WATCHDESK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/* Borrowed bytes, any values, not terminated. {NULL, 0} is the empty string. */
struct str {
	const char *p;
	size_t n;
};

/* A literal as a str, and a str as the two arguments of "%.*s". */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_ARG(s)   (int)(s).n, ((s).n ? (s).p : "")

/* The bytes of `z` before its NUL; NULL gives the empty string. */
static inline struct str str_of(const char *z)
{
	return z ? (struct str){ z, strlen(z) } : (struct str){ NULL, 0 };
}

/* Same bytes. */
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Same bytes but for the case of ASCII letters. */
bool str_eq_nocase(struct str a, struct str b);
/* -1, 0 or 1 in byte order, the shorter first among equals. */
int str_cmp(struct str a, struct str b);
/* Does `s` begin with `part`? */
static inline bool str_starts(struct str s, struct str part)
{
	return s.n >= part.n && str_eq((struct str){ s.p, part.n }, part);
}

/* Does it end with it? */
bool str_ends(struct str s, struct str part);
/* Where `part` first stands in `s`, or -1. The second ignores ASCII case. */
ssize_t str_find(struct str s, struct str part);
ssize_t str_find_nocase(struct str s, struct str part);
/* The bytes from `start` up to `end` (exclusive), both cut to the length of `s`. */
static inline struct str str_slice(struct str s, size_t start, size_t end)
{
	end = end < s.n ? end : s.n;
	start = start < end ? start : end;
	return (struct str){ s.p ? s.p + start : NULL, end - start };
}

/* `s` without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Take the piece before the next `separator` off the front of `rest`, and the separator. False when nothing is left. */
bool str_split(struct str *rest, char separator, struct str *piece);
/* Read a whole decimal number no greater than `max`: 1 read, 0 not such a number. */
int str_number(struct str s, uint64_t max, uint64_t *out);

/* ASCII classes that know no locale. */
static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The value of a hexadecimal digit, or -1. */
static inline int ascii_hex(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
