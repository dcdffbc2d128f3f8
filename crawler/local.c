/* local.c - files as addresses, and how far each was read */
#include "crawler/local.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const modes[] = { "offset", "inside", "decoded" };

enum { MODES = sizeof(modes) / sizeof(modes[0]) };

static const struct str scheme = { "file://", 7 };

bool local_is(struct str url)
{
	return str_starts(url, scheme) && url.n > scheme.n && url.p[scheme.n] == '/';
}

struct str local_url(struct arena *a, struct str path)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, scheme.n + 3 * path.n + 1);
	size_t n = scheme.n;

	memcpy(out, scheme.p, scheme.n);
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (ascii_is_alnum((char)c) || (c && strchr("/-._~,=+@", c))) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = digits[c >> 4];
		out[n++] = digits[c & 15];
	}
	return (struct str){ out, n };
}

/* No segment of it leads elsewhere. */
static bool is_plain(struct str path)
{
	struct str segment;

	if (path.n < 2 || path.p[0] != '/' || memchr(path.p, '\0', path.n))
		return false;
	path = str_slice(path, 1, path.n);
	while (str_split(&path, '/', &segment))
		if (segment.n == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
			return false;
	return true;
}

int local_path(struct arena *a, struct str url, struct str *path, struct err *err)
{
	ssize_t fragment = str_find(url, STR("#"));
	char *out = arena_alloc(a, url.n + 1);
	size_t n = 0;

	url = fragment >= 0 ? str_slice(url, 0, (size_t)fragment) : url;
	for (size_t i = local_is(url) ? scheme.n : url.n; i < url.n; i++) {
		bool escaped = url.p[i] == '%' && i + 2 < url.n && ascii_hex(url.p[i + 1]) >= 0 && ascii_hex(url.p[i + 2]) >= 0;

		out[n++] = escaped ? (char)(ascii_hex(url.p[i + 1]) << 4 | ascii_hex(url.p[i + 2])) : url.p[i];
		i += escaped ? 2 : 0;
	}
	if (!is_plain((struct str){ out, n }))
		return err_set(err, E_BAD, "%.*s is no file's address", (int)(url.n < 200 ? url.n : 200), url.n ? url.p : "");
	*path = (struct str){ out, n };
	return 0;
}

struct str local_position_write(struct arena *a, const struct local_position *p)
{
	return arena_printf(a, "\"%" PRIu64 "-%" PRIu64 "-%" PRId64 "-%" PRIu64 "-%" PRIu64 "-%s-%s-%" PRIu64 "\"", p->inode,
			    p->size, p->changed_ns, p->head, p->head_bytes, local_format_names[p->format], modes[p->mode],
			    p->offset);
}

uint64_t local_head(struct str bytes)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < bytes.n; i++)
		hash = (hash ^ (unsigned char)bytes.p[i]) * UINT64_C(1099511628211);
	return hash >> 1; /* numbers of a tag end at INT64_MAX */
}

/* The next word of a tag as a number. */
static bool take_number(struct str *rest, uint64_t *out)
{
	struct str word = { 0 };

	return str_split(rest, '-', &word) && str_number(word, INT64_MAX, out);
}

/* ... as one of `n` names. */
static bool take_name(struct str *rest, const char *const *names, int n, int *out)
{
	struct str word = { 0 };

	str_split(rest, '-', &word);
	for (int i = 0; i < n; i++)
		if (str_eq(word, str_of(names[i]))) {
			*out = i;
			return true;
		}
	return false;
}

int local_position_read(struct str tag, struct local_position *out)
{
	struct local_position p = { 0 };
	uint64_t changed = 0;
	int format = 0, mode = 0;
	struct str rest = tag.n >= 2 ? str_slice(tag, 1, tag.n - 1) : (struct str){ 0 };

	if (rest.n == 0 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"')
		return 0;
	if (!take_number(&rest, &p.inode) || !take_number(&rest, &p.size) || !take_number(&rest, &changed) ||
	    !take_number(&rest, &p.head) || !take_number(&rest, &p.head_bytes) ||
	    !take_name(&rest, local_format_names, LOCAL_FORMATS, &format) || !take_name(&rest, modes, MODES, &mode) ||
	    !take_number(&rest, &p.offset) || rest.n)
		return 0;
	p.changed_ns = (int64_t)changed;
	p.format = (enum local_format)format;
	p.mode = (enum local_mode)mode;
	*out = p;
	return 1;
}

struct str local_position_behind(struct arena *a, struct str tag, size_t bytes)
{
	struct local_position at;

	if (!local_position_read(tag, &at))
		return (struct str){ 0 };
	at.offset = (at.mode == LOCAL_DECODED ? 0 : at.offset) + bytes; /* what is compressed was read whole */
	at.mode = LOCAL_INSIDE;
	at.size = 0; /* there is more to read */
	return local_position_write(a, &at);
}

struct str local_piece_url(struct arena *a, struct str url, enum local_mode mode, uint64_t offset)
{
	if (offset == 0)
		return url;
	return arena_printf(a, "%.*s#%s=%" PRIu64, STR_ARG(url), modes[mode], offset);
}
