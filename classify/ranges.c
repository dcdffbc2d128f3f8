/* ranges.c - the desk's address ranges */
/* Sorted by length and network; a look-up is one search for each length that occurs. */
#include "classify/ranges.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/must.h"

enum { V4_BEHIND = 96, LEAST_V6 = 3, MOST_ADDRESS = 45 };

struct ranges {
	struct range *items;
	size_t n, room;
	size_t first[130]; /* of each length, longest first: items[first[bits]] to items[first[bits] + count[bits] - 1] */
	size_t count[130];
};

struct ranges *ranges_new(void)
{
	return must_alloc(1, sizeof(struct ranges));
}

void ranges_free(struct ranges *r)
{
	if (!r)
		return;
	free(r->items);
	free(r);
}

/* An address in its 16 bytes; *v4 says whether it was an IPv4 one. */
static bool read_address(struct str s, unsigned char out[16], bool *v4)
{
	char text[MOST_ADDRESS + 1];
	struct sockaddr_storage address;

	if (s.n == 0 || s.n > MOST_ADDRESS || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (!address_read(text, &address))
		return false;
	*v4 = address.ss_family == AF_INET;
	if (*v4) {
		struct sockaddr_in a;

		memcpy(&a, &address, sizeof(a));
		memset(out, 0, 10);
		out[10] = out[11] = 0xff;
		memcpy(out + 12, &a.sin_addr, 4);
	} else {
		struct sockaddr_in6 a;

		memcpy(&a, &address, sizeof(a));
		memcpy(out, a.sin6_addr.s6_addr, 16);
	}
	return true;
}

static void cut(unsigned char bytes[16], unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		if (bits >= 8 * (i + 1))
			continue;
		bytes[i] = (unsigned char)(bits <= 8 * i ? 0 : bytes[i] & (0xff << (8 - (bits - 8 * i))));
	}
}

int ranges_add(struct ranges *r, struct str written, uint32_t owner, struct err *err)
{
	ssize_t slash = str_find(written, STR("/"));
	struct range range = { .owner = owner, .written = written };
	uint64_t bits;
	bool v4 = false;

	if (!read_address(slash < 0 ? written : str_slice(written, 0, (size_t)slash), range.bytes, &v4))
		return err_set(err, E_USAGE, "is no address range, expected such as 192.0.2.0/24 or 2001:db8::/32");
	bits = v4 ? 32 : 128;
	if (slash >= 0 && !str_number(str_slice(written, (size_t)slash + 1, written.n), bits, &bits))
		return err_set(err, E_USAGE, "has no length behind the stroke, expected a number up to %d", v4 ? 32 : 128);
	if (bits < (v4 ? 8 : 16))
		return err_set(err, E_USAGE, "is too wide to be one owner's, expected a length of at least %d", v4 ? 8 : 16);
	range.bits = (uint8_t)(v4 ? bits + V4_BEHIND : bits);
	cut(range.bytes, range.bits);
	if (r->n >= LIMIT_TERMS)
		return err_set(err, E_USAGE, "is one range too many, expected at most %d in all", LIMIT_TERMS);
	if (r->n == r->room) {
		r->room = r->room ? r->room + r->room / 2 : 16;
		r->items = realloc(r->items, r->room * sizeof(*r->items));
		MUST(r->items);
	}
	r->items[r->n++] = range;
	return 0;
}

static int by_length(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->bits != y->bits)
		return x->bits > y->bits ? -1 : 1;
	return memcmp(x->bytes, y->bytes, 16);
}

void ranges_seal(struct ranges *r)
{
	if (r->n)
		qsort(r->items, r->n, sizeof(*r->items), by_length);
	for (size_t i = r->n; i-- > 0;) {
		r->first[r->items[i].bits] = i;
		r->count[r->items[i].bits]++;
	}
}

size_t ranges_count(const struct ranges *r)
{
	return r->n;
}

const struct range *ranges_find(const struct ranges *r, struct str address)
{
	struct range key;
	bool v4;

	if (r->n == 0 || !read_address(address, key.bytes, &v4))
		return NULL;
	for (int bits = 128; bits > 0; bits--) {
		const struct range *found;

		if (r->count[bits] == 0)
			continue;
		key.bits = (uint8_t)bits;
		cut(key.bytes, key.bits);
		found = bsearch(&key, r->items + r->first[bits], r->count[bits], sizeof(*r->items), by_length);
		if (found)
			return found;
	}
	return NULL;
}

static bool in_v6(char c)
{
	return ascii_hex(c) >= 0 || c == ':' || c == '.';
}

/* What surrounds an address is no part of a word, so that "::add" in code is none. */
static bool is_apart(struct str text, size_t start, size_t end)
{
	return (start == 0 || (!ascii_is_alnum(text.p[start - 1]) && text.p[start - 1] != '_')) &&
	       (end == text.n || (!ascii_is_alnum(text.p[end]) && text.p[end] != '_'));
}

bool ranges_next_v6(struct str text, size_t *at, size_t *start)
{
	while (*at < text.n) {
		const char *colon = memchr(text.p + *at, ':', text.n - *at);
		size_t from, end, colons = 0;

		if (!colon)
			break;
		from = end = (size_t)(colon - text.p);
		while (from > *at && end - from < MOST_ADDRESS && in_v6(text.p[from - 1]))
			from--;
		while (end < text.n && in_v6(text.p[end]))
			colons += text.p[end++] == ':';
		*at = end;
		while (end > from &&
		       (text.p[end - 1] == '.' || (text.p[end - 1] == ':' && (end - from < 2 || text.p[end - 2] != ':'))))
			end--;
		if (colons >= 2 && end - from >= LEAST_V6 && end - from <= MOST_ADDRESS && is_apart(text, from, end)) {
			*start = from;
			*at = end;
			return true;
		}
	}
	*at = text.n;
	return false;
}
