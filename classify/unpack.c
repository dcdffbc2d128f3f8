/* unpack.c - are these decoded bytes text, or something that holds text? */
#include "classify/unpack.h"

#include <bzlib.h>
#include <string.h>
#include <zlib.h>

#include "base/utf8.h"

enum {
	GZIP_OR_ZLIB = 15 + 32, /* zlib's window bits: largest window, header detected */
	RATIO = 100,		/* what a compressed text may grow by; text seldom does by more than 20 */
	FIRST = 16 * 1024,
	SURE = 12, /* bytes of which every one must fit, before all are looked at */
};

/* The libraries' memory is the post's, so nothing has to be freed when the post is given up. */
static void *zlib_alloc(void *a, unsigned n, unsigned size)
{
	return arena_alloc(a, (size_t)n * size);
}

static void *bzip2_alloc(void *a, int n, int size)
{
	return arena_alloc(a, (size_t)n * (size_t)size);
}

static void no_free(void *a, void *p)
{
	(void)a;
	(void)p;
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && !memchr("\t\n\r\f", c, 4)) || c == 0x7f;
}

/* Well-formed UTF-8 without control characters; a character that the end cuts is forgiven. */
static bool looks_like_text(struct str s)
{
	size_t n;
	uint32_t c;

	for (size_t i = 0; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &c);
		if (n == 0)
			return i > 0 && s.n - i < 4 && (s.p[i] & 0x80);
		if (n == 1 && is_control(s.p[i]))
			return false;
	}
	return s.n > 0;
}

static bool is_gzip(struct str s)
{
	return str_starts(s, STR("\x1f\x8b\x08"));
}

static bool is_zlib(struct str s)
{
	return s.n > 8 && s.p[0] == 0x78 && ((unsigned char)s.p[0] << 8 | (unsigned char)s.p[1]) % 31 == 0;
}

static bool is_bzip2(struct str s)
{
	return s.n > 14 && str_starts(s, STR("BZh")) && memcmp(s.p + 4, "1AY&SY", 6) == 0;
}

/* UTF-16 of mostly Latin text: -1 big endian, 1 little endian, 0 neither. */
static int utf16_of(struct str s)
{
	size_t n = s.n < 64 ? s.n & ~(size_t)1 : 64, even = 0, odd = 0;

	if (n < 8)
		return 0;
	for (size_t i = 0; i < n; i += 2) {
		even += s.p[i] == 0;
		odd += s.p[i + 1] == 0;
	}
	if (odd * 8 >= n * 3 && even == 0)
		return 1;
	return even * 8 >= n * 3 && odd == 0 ? -1 : 0;
}

bool unpack_promises(struct str start)
{
	return is_gzip(start) || is_zlib(start) || is_bzip2(start) || utf16_of(start) ||
	       looks_like_text(str_slice(start, 0, SURE));
}

/* What was decompressed so far; moves when it grows. */
struct grown {
	char *p;
	size_t n, cap, room;
};

static bool grow(struct arena *a, struct grown *g)
{
	size_t cap = g->cap ? g->cap * 2 : FIRST;
	char *larger;

	if (g->n < g->cap)
		return true;
	if (g->n >= g->room)
		return false;
	cap = cap < g->room ? cap : g->room;
	larger = arena_alloc(a, cap);
	if (g->n)
		memcpy(larger, g->p, g->n);
	g->p = larger;
	g->cap = cap;
	return true;
}

/* A stream that is cut or damaged still gives what came before. */
static void inflate_all(struct arena *a, struct str bytes, struct grown *g)
{
	z_stream z = { .zalloc = zlib_alloc, .zfree = no_free, .opaque = a };
	int result = inflateInit2(&z, GZIP_OR_ZLIB);

	z.next_in = (unsigned char *)(uintptr_t)bytes.p; /* zlib does not write there */
	z.avail_in = (unsigned)bytes.n;
	while (result == Z_OK && grow(a, g)) {
		size_t before = g->n;

		z.next_out = (unsigned char *)g->p + g->n;
		z.avail_out = (unsigned)(g->cap - g->n);
		result = inflate(&z, Z_NO_FLUSH);
		g->n = g->cap - z.avail_out;
		if (g->n == before && z.avail_in == 0)
			break;
	}
}

static void bunzip2_all(struct arena *a, struct str bytes, struct grown *g)
{
	bz_stream z = { .bzalloc = bzip2_alloc, .bzfree = no_free, .opaque = a };
	int result = BZ2_bzDecompressInit(&z, 0, 1);

	z.next_in = (char *)(uintptr_t)bytes.p;
	z.avail_in = (unsigned)bytes.n;
	while (result == BZ_OK && grow(a, g)) {
		size_t before = g->n;

		z.next_out = g->p + g->n;
		z.avail_out = (unsigned)(g->cap - g->n);
		result = BZ2_bzDecompress(&z);
		g->n = g->cap - z.avail_out;
		if (g->n == before && z.avail_in == 0)
			break;
	}
}

static struct str from_utf16(struct arena *a, struct str s, int endian)
{
	char *out = arena_alloc(a, s.n * 2);
	size_t n = 0;

	for (size_t i = 0; i + 1 < s.n; i += 2) {
		unsigned char low = (unsigned char)s.p[endian > 0 ? i : i + 1],
			      high = (unsigned char)s.p[endian > 0 ? i + 1 : i];
		uint32_t c = (uint32_t)high << 8 | low;
		size_t wrote = c == 0 || c == 0xfeff ? 0 : utf8_put(c, out + n);

		if (wrote == 0 && c != 0xfeff)
			out[n++] = '?'; /* surrogates: signs that no detector looks for */
		n += wrote;
	}
	return (struct str){ out, n };
}

/* Replace, one for one, what is not UTF-8, and zeros. False when that is more than one byte in 32. */
static bool clean(struct arena *a, struct str *s)
{
	char *out = arena_alloc(a, s->n);
	size_t wrong = 0, n;
	uint32_t c;

	memcpy(out, s->p, s->n);
	for (size_t i = 0; i < s->n; i += n) {
		n = utf8_next(str_slice(*s, i, s->n), &c);
		if (n == 0 || c == 0)
			out[i] = '?';
		wrong += n == 0 || c == 0 || (n == 1 && is_control(s->p[i]));
		n = n ? n : 1;
	}
	s->p = out;
	return s->n > 0 && wrong * 32 <= s->n;
}

enum unpacked unpack(struct arena *a, struct str bytes, size_t room, struct str *text)
{
	struct grown g = { .room = room / RATIO < bytes.n ? room : bytes.n * RATIO };
	int endian = utf16_of(bytes);

	if (is_gzip(bytes) || is_zlib(bytes))
		inflate_all(a, bytes, &g);
	else if (is_bzip2(bytes))
		bunzip2_all(a, bytes, &g);
	*text = g.n ? (struct str){ g.p, g.n } : bytes;
	if (g.n && (endian = utf16_of(*text)) == 0)
		return clean(a, text) ? UNPACKED_OTHER : UNPACKED_NONE;
	if (endian) {
		*text = from_utf16(a, *text, endian);
		return clean(a, text) ? UNPACKED_OTHER : UNPACKED_NONE;
	}
	return looks_like_text(str_slice(bytes, 0, SURE)) && clean(a, text) ? UNPACKED_TEXT : UNPACKED_NONE;
}
