/* chunks.c - the chunked transfer coding off a body */
#include "crawler/chunks.h"

#include <string.h>

enum {
	LINE = 4096,	 /* of a size with its extensions, or of a trailer; servers send none or a few words */
	SIZE_DIGITS = 8, /* 4 GiB: more than any body may have */
};

/* What has been joined: the first chunk where it lies, a copy as soon as there are two. */
struct joined {
	struct str first;
	char *copy;
	size_t n;
};

/* Take a line that ends with CRLF: 1, 0 it is cut, E_BAD it has no end. */
static int take_line(struct str *rest, struct str *line, struct err *err)
{
	ssize_t end = str_find(str_slice(*rest, 0, LINE), STR("\r\n"));

	if (end < 0 && rest->n >= LINE)
		return err_set(err, E_BAD, "a line between chunks has more than %d bytes", LINE);
	if (end < 0)
		return 0;
	*line = str_slice(*rest, 0, (size_t)end);
	*rest = str_slice(*rest, (size_t)end + 2, rest->n);
	return 1;
}

/* RFC 9112 7.1: hexadecimal digits, then perhaps white space and extensions, which mean nothing to us. */
static int read_size(struct str line, size_t *size, struct err *err)
{
	size_t i = 0, value = 0;

	for (; i < line.n && ascii_hex(line.p[i]) >= 0; i++) {
		if (i == SIZE_DIGITS)
			return err_set(err, E_BAD, "a chunk's size has more than %d digits", SIZE_DIGITS);
		value = value * 16 + (size_t)ascii_hex(line.p[i]);
	}
	line = str_trim(str_slice(line, i, line.n));
	if (i == 0 || (line.n && line.p[0] != ';'))
		return err_set(err, E_BAD, "a chunk begins with \"%.*s\", expected its size in hexadecimal",
			       (int)(line.n < 20 ? line.n : 20), line.p ? line.p : "");
	*size = value;
	return 0;
}

static void join(struct arena *a, struct joined *j, struct str chunk, size_t most)
{
	if (j->n == 0) {
		j->first = chunk;
	} else {
		if (!j->copy) {
			j->copy = arena_alloc(a, most);
			memcpy(j->copy, j->first.p, j->n);
		}
		memcpy(j->copy + j->n, chunk.p, chunk.n);
	}
	j->n += chunk.n;
}

/* Up to the last chunk: 1, 0 cut, E_BAD. */
static int join_all(struct arena *a, struct str *rest, struct joined *j, struct err *err)
{
	const size_t most = rest->n;
	struct str line = { 0 }, end;
	size_t size = 0;
	int got;

	while ((got = take_line(rest, &line, err)) > 0) {
		if (read_size(line, &size, err) < 0)
			return E_BAD;
		if (size == 0)
			return 1;
		join(a, j, str_slice(*rest, 0, size), most);
		if (rest->n < size + 2)
			return 0;
		end = str_slice(*rest, size, size + 2);
		*rest = str_slice(*rest, size + 2, rest->n);
		if (!str_eq(end, STR("\r\n")))
			return err_set(err, E_BAD, "a chunk of %zu bytes is not followed by the end of a line", size);
	}
	return got;
}

int chunks_join(struct arena *a, struct str coding, struct str body, struct str *out, struct err *err)
{
	struct joined j = { 0 };
	struct str line = { 0 };
	int got = 1;

	if (coding.n && !str_eq_nocase(coding, STR("chunked")))
		return err_set(err, E_BAD, "transfer coding \"%.*s\", expected chunked", (int)(coding.n < 40 ? coding.n : 40),
			       coding.p);
	if (coding.n == 0) {
		*out = body;
		return 1;
	}
	got = join_all(a, &body, &j, err);
	while (got > 0 && (got = take_line(&body, &line, err)) > 0 && line.n) /* trailers */
		;
	if (got < 0)
		return got;
	*out = j.copy ? (struct str){ j.copy, j.n } : str_slice(j.first, 0, j.n);
	return got;
}
