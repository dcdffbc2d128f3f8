/* decode.c - content codings off a body */
#include "crawler/extract/decode.h"

#include <string.h>
#include <zlib.h>

#include "base/limits.h"

enum {
	CODINGS = 3,	/* stacked on one body; more is a trap */
	GZIP = 15 + 16, /* zlib's window bits: largest window, gzip header */
	ZLIB = 15,
	RAW = -15,
	FIRST = 64 * 1024, /* bytes of room at first, at least */
};

/* The decoder's own memory is the page's, so nothing has to be freed when the page is given up. */
static void *page_alloc(void *a, unsigned n, unsigned size)
{
	return arena_alloc(a, (size_t)n * size);
}

static void page_free(void *a, void *p)
{
	(void)a;
	(void)p;
}

/* What has been decoded so far; moves when it grows. */
struct decoded {
	char *p;
	size_t n, cap;
};

static int make_room(struct arena *a, struct decoded *d, struct err *err)
{
	size_t cap = d->cap * 2 < LIMIT_DECODED ? d->cap * 2 : LIMIT_DECODED;
	char *larger;

	if (d->n < d->cap)
		return 0;
	if (d->n >= LIMIT_DECODED)
		return err_set(err, E_LIMIT, "the body has more than %zu bytes once decompressed", LIMIT_DECODED);
	larger = arena_alloc(a, cap);
	memcpy(larger, d->p, d->n);
	d->p = larger;
	d->cap = cap;
	return 0;
}

/* "deflate" should be zlib (RFC 9110 8.4.1.2), and some servers send the bare stream. */
static int window_of(struct str body, bool gzip)
{
	unsigned head = body.n >= 2 ? (unsigned)(unsigned char)body.p[0] << 8 | (unsigned char)body.p[1] : 0;

	if (gzip)
		return GZIP;
	return (head >> 8 & 15) == Z_DEFLATED && head % 31 == 0 ? ZLIB : RAW;
}

static int inflate_all(z_stream *z, struct arena *a, struct decoded *d, struct err *err)
{
	for (;;) {
		int result;

		if (make_room(a, d, err) < 0)
			return E_LIMIT;
		z->next_out = (unsigned char *)d->p + d->n;
		z->avail_out = (unsigned)(d->cap - d->n);
		result = inflate(z, Z_NO_FLUSH);
		d->n = d->cap - z->avail_out;
		if (result == Z_STREAM_END) {
			if (z->avail_in < 2 || z->next_in[0] != 0x1f || z->next_in[1] != 0x8b)
				return 0; /* what follows is no further gzip member */
			inflateReset(z);
		} else if (result == Z_BUF_ERROR || (result == Z_OK && z->avail_in == 0 && z->avail_out > 0)) {
			return err_set(err, E_BAD, "the compressed body ends too early, after %zu bytes decompressed", d->n);
		} else if (result != Z_OK) {
			return err_set(err, E_BAD, "the compressed body is damaged after %zu bytes decompressed", d->n);
		}
	}
}

static int decompress(struct arena *a, struct str body, bool gzip, struct str *out, struct err *err)
{
	z_stream z = { .zalloc = page_alloc, .zfree = page_free, .opaque = a };
	struct decoded d = { .cap = body.n * 4 > FIRST ? body.n * 4 : FIRST };
	int result;

	if (d.cap > LIMIT_DECODED)
		d.cap = LIMIT_DECODED;
	if (inflateInit2(&z, window_of(body, gzip)) != Z_OK)
		return err_set(err, E_FAULT, "zlib does not start");
	d.p = arena_alloc(a, d.cap);
	z.next_in = (unsigned char *)(uintptr_t)body.p; /* zlib does not write there */
	z.avail_in = (unsigned)body.n;
	result = inflate_all(&z, a, &d, err);
	if (result == 0)
		*out = (struct str){ d.p, d.n };
	return result;
}

static int undo(struct arena *a, struct str coding, struct str *body, struct err *err)
{
	bool gzip = str_eq_nocase(coding, STR("gzip")) || str_eq_nocase(coding, STR("x-gzip"));

	if (coding.n == 0 || body->n == 0 || str_eq_nocase(coding, STR("identity")))
		return 0;
	if (!gzip && !str_eq_nocase(coding, STR("deflate")))
		return err_set(err, E_BAD, "content coding \"%.*s\", expected gzip or deflate",
			       (int)(coding.n < 40 ? coding.n : 40), coding.p);
	return decompress(a, *body, gzip, body, err);
}

int decode_body(struct arena *a, struct str body, struct str coding, struct str *out, struct err *err)
{
	struct str list[CODINGS], piece;
	size_t n = 0;

	while (str_split(&coding, ',', &piece)) {
		if (n == CODINGS)
			return err_set(err, E_BAD, "more than %d content codings on one body", CODINGS);
		list[n++] = str_trim(piece);
	}
	while (n > 0) {
		int result = undo(a, list[--n], &body, err);

		if (result < 0)
			return result;
	}
	if (body.n > LIMIT_DECODED)
		return err_set(err, E_LIMIT, "the body has %zu bytes, more than %zu", body.n, LIMIT_DECODED);
	*out = body;
	return 0;
}
