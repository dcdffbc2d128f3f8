/* fuzz_warc.c - items as somebody may have altered them: gzip members, records, messages and fields in them */
#include <string.h>
#include <zlib.h>

#include "base/limits.h"
#include "store/warc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_lie_within(struct str part, struct str whole)
{
	if (part.n && (part.p < whole.p || part.p + part.n > whole.p + whole.n))
		__builtin_trap();
}

static void block_check(struct str block)
{
	struct warc_message m;
	struct warc_field f;
	struct str rest = block;

	while (warc_field_next(&rest, &f)) {
		must_lie_within(f.name, block);
		must_lie_within(f.value, block);
	}
	if (!warc_message_of(block, &m))
		return;
	must_lie_within(m.headers, block);
	must_lie_within(m.body, block);
	must_lie_within(warc_header_of(&m, STR("content-type")), block);
}

static void walk(struct str bytes)
{
	AUTO(warc_reader) r = { .bytes = bytes, .record = BUF_INIT(MIB(1)) };
	struct warc_record record;
	struct err err = { 0 };

	while (warc_next(&r, &record, &err) > 0) {
		must_lie_within(record.block, buf_str(&r.record));
		must_lie_within(record.uri, buf_str(&r.record));
		must_lie_within(record.finding, buf_str(&r.record));
		if (record.length == 0 || record.start + record.length > bytes.n)
			__builtin_trap();
		block_check(record.block);
	}
}

/* As it is; then as the inside of one member, so that what lies behind gzip's checksum is reached. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf) member = BUF_INIT(MIB(4));
	z_stream z = { 0 };

	walk((struct str){ (const char *)data, size });
	if (deflateInit2(&z, 1, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	z.next_in = (unsigned char *)(uintptr_t)data;
	z.avail_in = (uInt)size;
	z.next_out = (unsigned char *)buf_room(&member, size + size / 8 + 1000);
	z.avail_out = (uInt)(size + size / 8 + 1000);
	if (z.next_out && deflate(&z, Z_FINISH) == Z_STREAM_END) {
		member.n = z.total_out;
		walk(buf_str(&member));
	}
	deflateEnd(&z);
	return 0;
}
