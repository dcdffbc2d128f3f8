/* warc_read.c - WARC records taken apart (zlib): what is read may have been altered */
#include "store/warc.h"

#include <string.h>
#include <zlib.h>

#include "base/limits.h"

enum { GZIP = 16 }; /* added to the window's bits it makes zlib speak gzip */

/* Open one gzip member into the reader's buffer; its length in `bytes`, or E_BAD. */
static int open_member(struct warc_reader *r, size_t *length, struct err *err)
{
	z_stream z = { 0 };
	int result = Z_OK;

	if (inflateInit2(&z, MAX_WBITS + GZIP) != Z_OK)
		return err_set(err, E_FAULT, "zlib does not start");
	z.next_in = (unsigned char *)r->bytes.p + r->at;
	z.avail_in = (uInt)(r->bytes.n - r->at < UINT32_MAX ? r->bytes.n - r->at : UINT32_MAX);
	buf_clear(&r->record);
	while (result == Z_OK) {
		size_t left = r->record.max - r->record.n, piece = left < 65536 ? left : 65536;
		char *room = piece ? buf_room(&r->record, piece) : NULL;

		if (!room)
			break;
		z.next_out = (unsigned char *)room;
		z.avail_out = (uInt)piece;
		result = inflate(&z, Z_NO_FLUSH);
		r->record.n += piece - z.avail_out;
	}
	inflateEnd(&z);
	if (result != Z_STREAM_END)
		return err_set(err, E_BAD, "offset %zu: %s", r->at,
			       result == Z_OK ? "a record larger than is read" : "no whole gzip member");
	*length = z.total_in;
	return 0;
}

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

static bool take_header(struct str *rest, struct warc_record *out, uint64_t *length)
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
		if (sized || !str_number(f.value, LIMIT_RECORD, length))
			return false;
		sized = true;
	}
	return sized && line.n == 0 && out->type.n && out->id.n;
}

int warc_next(struct warc_reader *r, struct warc_record *out, struct err *err)
{
	struct warc_record record = { .start = r->at };
	struct str rest;
	uint64_t length = 0;

	if (r->at >= r->bytes.n)
		return 0;
	if (open_member(r, &record.length, err) < 0)
		return err->code;
	rest = buf_str(&r->record);
	if (!take_header(&rest, &record, &length))
		return err_set(err, E_BAD, "offset %zu: not the header of a WARC record", r->at);
	if (rest.n != length + 4 || !str_ends(rest, STR("\r\n\r\n")))
		return err_set(err, E_BAD, "offset %zu: the record is not as long as it says", r->at);
	record.block = str_slice(rest, 0, length);
	r->at += record.length;
	*out = record;
	return 1;
}

void warc_reader_release(struct warc_reader *r)
{
	buf_release(&r->record);
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
