/* warc_record.c - the head of a WARC record, and the HTTP message in its block */
#include "base/warc_record.h"

#include <string.h>

/* A line of a header up to CRLF, taken off the front of `rest`. */
static bool take_line(struct str *rest, struct str *line)
{
	ssize_t end = str_find(*rest, STR("\r\n"));

	if (end < 0)
		return false;
	*line = str_slice(*rest, 0, (size_t)end);
	*rest = str_slice(*rest, (size_t)end + 2, rest->n);
	return true;
}

static bool split_field(struct str line, struct warc_field *out)
{
	struct str rest = line;

	if (!memchr(line.n ? line.p : "", ':', line.n))
		return false;
	str_split(&rest, ':', &out->name);
	out->name = str_trim(out->name);
	out->value = str_trim(rest);
	return out->name.n > 0;
}

bool warc_header_take(struct str *rest, struct warc_record *out, uint64_t *length)
{
	const struct {
		struct str name;
		struct str *value;
	} known[] = {
		{ STR("WARC-Type"), &out->type },
		{ STR("WARC-Record-ID"), &out->id },
		{ STR("WARC-Date"), &out->date },
		{ STR("WARC-Target-URI"), &out->uri },
		{ STR("WARC-Refers-To"), &out->refers_to },
		{ STR("Content-Type"), &out->content_type },
		{ STR("WARC-Payload-Digest"), &out->payload_digest },
		{ STR("Watchdesk-Finding"), &out->finding },
	};
	struct warc_field f;
	struct str line;
	bool sized = false;

	if (!take_line(rest, &line) || !(str_eq(line, STR("WARC/1.1")) || str_eq(line, STR("WARC/1.0"))))
		return false;
	while (take_line(rest, &line) && line.n) {
		if (!split_field(line, &f))
			return false;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (known[i].value->n == 0 && str_eq_nocase(f.name, known[i].name))
				*known[i].value = f.value;
		if (!str_eq_nocase(f.name, STR("Content-Length")))
			continue;
		if (sized || !str_number(f.value, INT64_MAX, length))
			return false;
		sized = true;
	}
	return sized && line.n == 0 && out->type.n && out->id.n;
}

/* Where the empty line that ends the headers begins and ends; lines may end with LF alone (RFC 9112 2.2). */
static bool find_empty_line(struct str block, size_t *begin, size_t *end)
{
	for (size_t i = 0; i < block.n; i++) {
		size_t next = i + 1;

		if (block.p[i] != '\n')
			continue;
		if (next < block.n && block.p[next] == '\r')
			next++;
		if (next < block.n && block.p[next] == '\n') {
			*begin = i + 1;
			*end = next + 1;
			return true;
		}
	}
	return false;
}

bool warc_message_of(struct str block, struct warc_message *out)
{
	struct warc_message m = { 0 };
	size_t begin = 0, end = 0;
	uint64_t status;
	struct str rest, word = { 0 };

	if (!find_empty_line(block, &begin, &end))
		return false;
	m.headers = str_slice(block, 0, begin);
	m.body = str_slice(block, end, block.n);
	rest = m.headers;
	if (str_starts(rest, STR("HTTP/")) && str_split(&rest, ' ', &word) && str_number(str_slice(rest, 0, 3), 999, &status))
		m.status = (int)status;
	*out = m;
	return true;
}

bool warc_field_next(struct str *rest, struct warc_field *out)
{
	struct str line = { 0 };

	while (str_split(rest, '\n', &line))
		if (split_field(line, out))
			return true;
	return false;
}

struct str warc_header_of(const struct warc_message *m, struct str name)
{
	struct str rest = m->headers;
	struct warc_field f;

	while (warc_field_next(&rest, &f))
		if (str_eq_nocase(f.name, name))
			return f.value;
	return (struct str){ 0 };
}
