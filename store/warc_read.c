/* warc_read.c - WARC records taken apart (zlib): what is read may have been altered */
#include "store/warc.h"

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
	if (!warc_header_take(&rest, &record, &length))
		return err_set(err, E_BAD, "offset %zu: not the header of a WARC record", r->at);
	if (length > LIMIT_RECORD || rest.n != length + 4 || !str_ends(rest, STR("\r\n\r\n")))
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
