/* test_warc.c - WARC records: what is written holds the exact bytes and breaks nowhere, what is read back is the same */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/limits.h"
#include "store/warc.h"

/* An exchange as `curl -v` shows it with nginx 1.22, and a redirect before it. */
static const struct exchange page = {
	.url = { "https://paste.example.net/raw/7f", 32 },
	.request = STR("GET /raw/7f HTTP/1.1\r\nHost: paste.example.net\r\nUser-Agent: watchdesk/0.1\r\nAccept: */*\r\n\r\n"),
	.headers = STR("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Thu, 26 Nov 2026 04:03:09 GMT\r\n"
		       "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 12\r\n\r\n"),
	.body = { "a\0b\r\n\r\n\xff\xfe\x1f\x8b\n", 12 },
	.protocol = STR("http/1.1"),
	.address = STR("192.0.2.7"),
	.tls = STR("TLSv1.3 TLS_AES_256_GCM_SHA384"),
	.chain = STR("-----BEGIN CERTIFICATE-----\nTGVhZg==\nTWlk\n-----END CERTIFICATE-----\n"
		     "-----BEGIN CERTIFICATE-----\nUm9vdA==\n-----END CERTIFICATE-----\n"),
	.leaf = STR("0123456789abcdef0123456789abcdef"),
	.clock = STR("synchronised, within 1200 us"),
	.status = 200,
	.started_at = INT64_C(1795665789000042),
	.ended_at = INT64_C(1795665789250000),
};

static struct exchange hop(void)
{
	struct exchange e = page;

	e.url = STR("http://paste.example.net/7f");
	e.headers = STR("HTTP/1.1 302 Found\r\nLocation: https://paste.example.net/raw/7f\r\nContent-Length: 0\r\n\r\n");
	e.body = (struct str){ 0 };
	e.tls = e.chain = e.leaf = (struct str){ 0 };
	e.status = 302;
	e.started_at -= 500000;
	return e;
}

static void put_page(const struct exchange *e, struct buf *out)
{
	struct trail trail = { (struct exchange *)e, 1 };
	struct warc_item item = { .trail = &trail };
	struct err err = { 0 };

	assert_int_equal(warc_put(&item, out, &err), 0);
}

/* The header of the record that was read last. */
static struct str header(const struct warc_reader *r)
{
	return str_slice(buf_str(&r->record), 0, (size_t)str_find(buf_str(&r->record), STR("\r\n\r\n")) + 2);
}

static struct str field(const struct warc_reader *r, const char *name)
{
	struct str rest = header(r);
	struct warc_field f;

	while (warc_field_next(&rest, &f))
		if (str_eq(f.name, str_of(name)))
			return f.value;
	return (struct str){ 0 };
}

/* Read the n-th record of its type. */
static void read_record(struct warc_reader *r, const char *type, int n, struct warc_record *out)
{
	struct err err = { 0 };

	r->at = 0;
	while (warc_next(r, out, &err) > 0)
		if (str_eq(out->type, str_of(type)) && n-- == 0)
			return;
	fail_msg("no %s: %s", type, err.text);
}

static void a_trail_becomes_records_in_order(void **state)
{
	static const char *const types[] = {
		"request", "response", "metadata", "request", "response", "metadata", "conversion"
	};
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct exchange exchanges[] = { hop(), page };
	struct trail trail = { exchanges, 2 };
	struct warc_text text = { STR("00ff"), STR("caf\xc3\xa9\nsecond") };
	struct warc_item item = { .trail = &trail, .texts = &text, .n_texts = 1 };
	struct warc_record record;
	struct err err = { 0 };
	size_t n = 0;

	(void)state;
	assert_int_equal(warc_put(&item, &out, &err), 0);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	while (warc_next(&r, &record, &err) > 0) {
		assert_true(n < 7);
		assert_str(record.type, types[n]);
		assert_str(record.uri, n < 3 ? "http://paste.example.net/7f" : "https://paste.example.net/raw/7f");
		assert_memory_equal(out.p + record.start, "\x1f\x8b", 2); /* a member of its own */
		n++;
	}
	assert_int_equal(n, 7);
	assert_str(record.finding, "00ff");
	assert_str(record.content_type, "text/plain; charset=utf-8");
	assert_true(str_eq(record.block, text.text));
}

static void request_response_and_facts_name_each_other(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	char request[64], response[64];
	struct warc_record record;

	(void)state;
	put_page(&page, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "request", 0, &record);
	snprintf(request, sizeof(request), "%.*s", STR_ARG(record.id));
	snprintf(response, sizeof(response), "%.*s", STR_ARG(field(&r, "WARC-Concurrent-To")));
	read_record(&r, "response", 0, &record);
	assert_str(record.id, response);
	assert_str(field(&r, "WARC-Concurrent-To"), request);
	assert_string_not_equal(request, response);
	assert_int_equal(strlen(request), strlen("<urn:uuid:01234567-89ab-4def-8123-456789abcdef>"));
	assert_int_equal(request[24], '4');
	read_record(&r, "metadata", 0, &record);
	assert_str(field(&r, "WARC-Concurrent-To"), response);
}

static void the_block_holds_the_exact_bytes(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct warc_record record;
	struct warc_message m;

	(void)state;
	put_page(&page, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "response", 0, &record);
	assert_int_equal(record.block.n, page.headers.n + page.body.n);
	assert_memory_equal(record.block.p, page.headers.p, page.headers.n);
	assert_memory_equal(record.block.p + page.headers.n, page.body.p, page.body.n);
	assert_true(warc_message_of(record.block, &m));
	assert_int_equal(m.status, 200);
	assert_true(str_eq(m.body, page.body));
	assert_str(warc_header_of(&m, STR("content-type")), "text/plain; charset=utf-8");
	assert_str(warc_header_of(&m, STR("content-encoding")), "");
	read_record(&r, "request", 0, &record);
	assert_true(str_eq(record.block, page.request));
}

static void digests_are_those_of_the_bytes(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct warc_record record;
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX], wanted[80];

	(void)state;
	put_page(&page, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "response", 0, &record);
	digest_sha256(page.body, digest);
	snprintf(wanted, sizeof(wanted), "sha256:%s", digest_hex(digest, DIGEST_BYTES, hex));
	assert_str(record.payload_digest, wanted);
	digest_sha256(record.block, digest);
	snprintf(wanted, sizeof(wanted), "sha256:%s", digest_hex(digest, DIGEST_BYTES, hex));
	assert_str(field(&r, "WARC-Block-Digest"), wanted);
}

static void times_are_exact_to_the_microsecond(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct warc_record record;

	(void)state;
	put_page(&page, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "response", 0, &record);
	assert_str(record.date, "2026-11-26T04:03:09.000042Z");
	assert_str(field(&r, "WARC-IP-Address"), "192.0.2.7");
	assert_str(field(&r, "WARC-Protocol"), "http/1.1");
}

static void newer_http_is_written_in_the_form_of_1_1(void **state)
{
	static const struct {
		const char *protocol, *request, *response, *request_line, *status_line, *why;
	} rows[] = {
		{ "h2", "GET /a HTTP/2\r\nHost: h\r\n\r\n", "HTTP/2 200 \r\na: HTTP/2\r\n\r\n",
		  "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 \r\na: HTTP/2\r\n\r\n", "as curl shows it" },
		{ "h2", "GET /a HTTP/2\r\n\r\n", "HTTP/2 200\r\n\r\n", "GET /a HTTP/1.1\r\n\r\n", "HTTP/1.1 200\r\n\r\n",
		  "without the space" },
		{ "h3", "GET /HTTP/2 HTTP/3\r\n\r\n", "HTTP/3 404 \r\n\r\n", "GET /HTTP/2 HTTP/1.1\r\n\r\n",
		  "HTTP/1.1 404 \r\n\r\n", "a path that looks like a version" },
		{ "http/1.0", "GET /a HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n",
		  "HTTP/1.0 200 OK\r\n\r\n", "an old one stays" },
		{ "h2", "nonsense", "\r\n\r\n", "nonsense", "\r\n\r\n", "no line that names a version" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
		struct warc_record record;
		struct exchange e = { .url = STR("https://h/a"), .status = 200 };

		e.protocol = str_of(rows[i].protocol);
		e.request = str_of(rows[i].request);
		e.headers = str_of(rows[i].response);
		put_page(&e, &out);
		AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
		read_record(&r, "request", 0, &record);
		if (!str_eq(record.block, str_of(rows[i].request_line)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(record.block));
		read_record(&r, "response", 0, &record);
		if (!str_eq(record.block, str_of(rows[i].status_line)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(record.block));
		assert_str(field(&r, "WARC-Protocol"), rows[i].protocol);
	}
}

static void a_304_is_a_revisit(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct exchange e = page;
	struct warc_record record;

	(void)state;
	e.status = 304;
	e.headers = STR("HTTP/1.1 304 Not Modified\r\nETag: \"7f\"\r\n\r\n");
	e.body = (struct str){ 0 };
	put_page(&e, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "revisit", 0, &record);
	assert_str(field(&r, "WARC-Profile"), "http://netpreserve.org/warc/1.1/revisit/server-not-modified");
	assert_str(record.payload_digest, "");
	assert_true(str_eq(record.block, e.headers));
}

static void a_piece_of_a_file_is_a_resource_that_nobody_asked_for(void **state)
{
	const struct exchange piece = { .url = STR("file:///spool/x.jsonl#offset=7"),
					.request = STR("GET file:///spool/x.jsonl#offset=7 HTTP/1.1\r\n\r\n"),
					.headers = STR("HTTP/1.1 200 OK\r\n\r\n"),
					.body = STR("a\r\n\r\nb"),
					.protocol = STR("file"),
					.status = 200,
					.started_at = INT64_C(1795665789000042) };
	AUTO(buf) out = BUF_INIT(MIB(1));
	AUTO(warc_reader) r = { .record = BUF_INIT(LIMIT_RECORD) };
	struct warc_record record;
	struct err err = { 0 };

	(void)state;
	put_page(&piece, &out);
	r.bytes = buf_str(&out);
	assert_int_equal(warc_next(&r, &record, &err), 1);
	assert_str(record.type, "resource");
	assert_str(record.uri, "file:///spool/x.jsonl#offset=7");
	assert_str(record.content_type, "application/octet-stream");
	assert_str(record.block, "a\r\n\r\nb");
	assert_int_equal(warc_next(&r, &record, &err), 1);
	assert_str(record.type, "metadata");
	assert_true(str_find(record.block, STR("protocol: file\r\n")) >= 0);
	assert_int_equal(warc_next(&r, &record, &err), 0);
}

static void a_body_that_was_left_out_is_said(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct exchange e = page;
	struct warc_record record;

	(void)state;
	e.bare = true;
	e.body = (struct str){ 0 };
	put_page(&e, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "response", 0, &record);
	assert_str(field(&r, "WARC-Truncated"), "length");
	assert_str(record.payload_digest, "");
	assert_true(str_eq(record.block, page.headers));
}

/* Nothing that a page or a server wrote adds a line to a header or to the facts. */
static void no_value_breaks_out_of_its_line(void **state)
{
	static const struct {
		const char *bytes, *why;
		size_t n;
	} rows[] = {
		{ "x\r\nWARC-Type: forged", "CR LF", 20 },
		{ "x\nForged: 1", "LF alone", 11 },
		{ "x\rForged: 1", "CR alone", 11 },
		{ "x\0\r\n\r\nForged: 1", "NUL and an empty line", 15 },
		{ "x\xc2\x85"
		  "Forged: 1",
		  "NEL", 12 },
		{ "\xff\xfe\xe2\x80", "not UTF-8", 4 },
		{ "> <urn:uuid:forged>", "the end of an id", 19 },
		{ "", "nothing", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
		struct str evil = exact_copy((struct str){ rows[i].bytes, rows[i].n });
		struct exchange e = page;
		struct trail trail = { &e, 1 };
		struct warc_field fact = { STR("reason"), evil };
		struct warc_text text = { evil, evil };
		struct warc_item item = { &trail, &fact, 1, &text, 1 };
		struct warc_record record;
		struct err err = { 0 };
		int n = 0;

		e.url = e.address = e.protocol = e.tls = e.clock = evil;
		assert_int_equal(warc_put(&item, &out, &err), 0);
		AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
		while (warc_next(&r, &record, &err) > 0) {
			struct str rest = header(&r), line;

			while (str_split(&rest, '\n', &line))
				if (str_starts(line, STR("Forged")) || str_find(line, STR("\r")) != (ssize_t)line.n - 1 ||
				    memchr(line.p, 0, line.n) || !str_ends(line, STR("\r")))
					fail_msg("%s: %.*s", rows[i].why, STR_ARG(line));
			if (str_find(record.uri, STR("<")) >= 0 || str_find(record.uri, STR(" ")) >= 0)
				fail_msg("%s: %.*s", rows[i].why, STR_ARG(record.uri));
			rest = record.block;
			while (str_eq(record.type, STR("metadata")) && str_split(&rest, '\n', &line))
				if (str_starts(line, STR("Forged")) || str_starts(line, STR("WARC-")))
					fail_msg("%s: %.*s", rows[i].why, STR_ARG(line));
			n++;
		}
		assert_int_equal(n, 4);
		free((char *)evil.p);
	}
}

static void facts_name_address_clock_and_certificates(void **state)
{
	static const char *const lines[] = {
		"exchange: 1 of 1\r\n",
		"started: 2026-11-26T04:03:09.000042Z\r\n",
		"ended: 2026-11-26T04:03:09.250000Z\r\n",
		"clock: synchronised, within 1200 us\r\n",
		"protocol: http/1.1\r\n",
		"address: 192.0.2.7\r\n",
		"tls: TLSv1.3 TLS_AES_256_GCM_SHA384\r\n",
		"tls-leaf-sha256: 3031323334353637383961626364656630313233343536373839616263646566\r\n",
		"tls-certificate: TGVhZg==TWlk\r\ntls-certificate: Um9vdA==\r\n",
		"program: watchdesk\r\n",
	};
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct exchange e = page;
	struct trail trail = { &e, 1 };
	struct warc_field fact = { STR("program"), STR("watchdesk") };
	struct warc_item item = { .trail = &trail, .facts = &fact, .n_facts = 1 };
	struct warc_record record;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(warc_put(&item, &out, &err), 0);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "metadata", 0, &record);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (str_find(record.block, str_of(lines[i])) < 0)
			fail_msg("%s is not in %.*s", lines[i], STR_ARG(record.block));
}

static void an_exhibit_refers_to_its_page(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct warc_field fact = { STR("made-with"), STR("Chromium 1") };
	struct warc_exhibit e = {
		STR("<urn:uuid:1>"), STR("https://h/a"), STR("application/pdf"), STR("%PDF-1.4\n\0x"), 0, &fact, 1
	};
	struct warc_record record;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(warc_put_exhibit(&e, &out, &err), 0);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "conversion", 0, &record);
	assert_str(record.refers_to, "<urn:uuid:1>");
	assert_str(record.content_type, "application/pdf");
	assert_true(str_eq(record.block, e.bytes));
	assert_str(record.date, "1970-01-01T00:00:00.000000Z");
	read_record(&r, "metadata", 0, &record);
	assert_str(record.block, "made-with: Chromium 1\r\n");
}

static void a_file_begins_with_its_warcinfo(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct warc_field fields[] = { { STR("software"), STR("watchdesk/0.1") },
				       { STR("format"), STR("WARC File Format 1.1") } };
	struct warc_record record;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(warc_put_info(fields, 2, STR("7f.warc.gz"), page.started_at, &out, &err), 0);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(LIMIT_RECORD) };
	read_record(&r, "warcinfo", 0, &record);
	assert_str(record.block, "software: watchdesk/0.1\r\nformat: WARC File Format 1.1\r\n");
	assert_str(field(&r, "WARC-Filename"), "7f.warc.gz");
	assert_int_equal(warc_next(&r, &record, &err), 0);
}

/* From one byte up to all, in steps: either it fits and reads back, or E_LIMIT. */
static void a_ceiling_is_an_error_and_nothing_worse(void **state)
{
	struct exchange e = page;
	struct trail trail = { &e, 1 };
	struct warc_item item = { .trail = &trail };
	size_t fitted = 0;

	(void)state;
	for (size_t max = 1; max < 30000; max += 97) {
		AUTO(buf) out = BUF_INIT(max);
		struct err err = { 0 };
		int result = warc_put(&item, &out, &err);

		assert_true(result == 0 || (result == E_LIMIT && strstr(err.text, "evidence grows beyond")));
		fitted += result == 0;
	}
	assert_true(fitted > 100);
}

static void a_cut_or_altered_item_is_named_by_its_offset(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct warc_record record;
	struct err err = { 0 };

	(void)state;
	put_page(&page, &out);
	for (size_t n = 1; n < out.n; n++) {
		struct str cut = exact_copy(str_slice(buf_str(&out), 0, n));
		AUTO(warc_reader) r = { .bytes = cut, .record = BUF_INIT(LIMIT_RECORD) };
		int result;

		while ((result = warc_next(&r, &record, &err)) > 0)
			;
		if (result == 0 && r.at != n)
			fail_msg("cut at %zu", n);
		if (result < 0)
			assert_int_equal(strncmp(err.text, "offset ", 7), 0);
		free((char *)cut.p);
	}
	for (size_t bit = 0; bit < 8 * out.n; bit += 3) { /* gzip's CRC finds what zlib does not */
		struct str copy = exact_copy(buf_str(&out));
		AUTO(warc_reader) r = { .bytes = copy, .record = BUF_INIT(LIMIT_RECORD) };

		((char *)copy.p)[bit / 8] ^= (char)(1 << bit % 8);
		while (warc_next(&r, &record, &err) > 0)
			;
		free((char *)copy.p);
	}
}

/* A member of our own making, with a record as somebody may forge it. */
static void squeeze(struct str s, struct buf *out)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)s.p;
	z.avail_in = (uInt)s.n;
	z.next_out = (unsigned char *)buf_room(out, s.n + 1000);
	z.avail_out = (uInt)s.n + 1000;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n += z.total_out;
	deflateEnd(&z);
}

static void what_is_no_record_is_refused(void **state)
{
#define GOOD "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x>\r\n"
	static const struct {
		const char *text, *why;
		int result;
	} rows[] = {
		{ GOOD "Content-Length: 3\r\n\r\nabc\r\n\r\n", "a good one", 1 },
		{ GOOD "content-length:3\r\n\r\nabc\r\n\r\n", "names in any case", 1 },
		{ GOOD "Content-Length: 0\r\n\r\n\r\n\r\n", "an empty block", 1 },
		{ "", "nothing", E_BAD },
		{ "WARC/2.0\r\n\r\n", "a version to come", E_BAD },
		{ "HTTP/1.1 200 OK\r\n\r\n", "another protocol", E_BAD },
		{ GOOD "\r\nabc\r\n\r\n", "no length", E_BAD },
		{ GOOD "Content-Length: 4\r\n\r\nabc\r\n\r\n", "a byte too few", E_BAD },
		{ GOOD "Content-Length: 2\r\n\r\nabc\r\n\r\n", "a byte too many", E_BAD },
		{ GOOD "Content-Length: 3\r\n\r\nabc\r\n\r", "the end is cut", E_BAD },
		{ GOOD "Content-Length: -3\r\n\r\nabc\r\n\r\n", "below nothing", E_BAD },
		{ GOOD "Content-Length: 18446744073709551615\r\n\r\nabc\r\n\r\n", "a length that overflows", E_BAD },
		{ GOOD "Content-Length: 18446744073709551612\r\n\r\n\r\n\r\n", "with four it is nothing", E_BAD },
		{ GOOD "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n", "two lengths", E_BAD },
		{ GOOD "Content-Length: 3\r\nno colon\r\n\r\nabc\r\n\r\n", "a line that is no field", E_BAD },
		{ GOOD "Content-Length: 3\r\n", "no empty line", E_BAD },
		{ "WARC/1.1\r\nWARC-Record-ID: <urn:x>\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "no type", E_BAD },
		{ "WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "no id", E_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(10000);
		struct warc_record record;
		struct err err = { 0 };

		squeeze(str_of(rows[i].text), &out);
		struct str exact = exact_copy(buf_str(&out));
		AUTO(warc_reader) r = { .bytes = exact, .record = BUF_INIT(LIMIT_RECORD) };
		if (warc_next(&r, &record, &err) != rows[i].result)
			fail_msg("%s: %s", rows[i].why, err.text);
		free((char *)exact.p);
	}
}

static void a_bomb_stops_at_the_ceiling(void **state)
{
	AUTO(buf) out = BUF_INIT(2 << 20);
	struct warc_record record;
	struct err err = { 0 };
	char *zeros = calloc(1, 1 << 20);

	(void)state;
	squeeze((struct str){ zeros, 1 << 20 }, &out);
	AUTO(warc_reader) r = { .bytes = buf_str(&out), .record = BUF_INIT(100000) };
	assert_int_equal(warc_next(&r, &record, &err), E_BAD);
	assert_non_null(strstr(err.text, "larger than is read"));
	assert_true(r.record.n <= 100000);
	free(zeros);
}

static void messages_end_their_headers_in_any_way(void **state)
{
	static const struct {
		const char *block, *body, *why;
		int status;
		bool is;
	} rows[] = {
		{ "HTTP/1.1 200 OK\r\na: b\r\n\r\nbody", "body", "as it should be", 200, true },
		{ "HTTP/1.0 404 No\na: b\n\nbody", "body", "LF alone", 404, true },
		{ "HTTP/1.1 200\r\na: b\n\r\nbody", "body", "mixed", 200, true },
		{ "HTTP/1.1 200 \r\n\r\n", "", "no body", 200, true },
		{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "", "a request", 0, true },
		{ "HTTP/1.1 200 OK\r\na: b\r\n", "", "no empty line", 0, false },
		{ "HTTP/1.1 2x0 OK\r\n\r\n", "", "a status that is none", 0, true },
		{ "", "", "nothing", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str block = exact_copy(str_of(rows[i].block));
		struct warc_message m = { 0 };

		if (warc_message_of(block, &m) != rows[i].is || m.status != rows[i].status ||
		    !str_eq(m.body, str_of(rows[i].body)))
			fail_msg("%s", rows[i].why);
		free((char *)block.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trail_becomes_records_in_order),
		cmocka_unit_test(request_response_and_facts_name_each_other),
		cmocka_unit_test(the_block_holds_the_exact_bytes),
		cmocka_unit_test(digests_are_those_of_the_bytes),
		cmocka_unit_test(times_are_exact_to_the_microsecond),
		cmocka_unit_test(newer_http_is_written_in_the_form_of_1_1),
		cmocka_unit_test(a_304_is_a_revisit),
		cmocka_unit_test(a_piece_of_a_file_is_a_resource_that_nobody_asked_for),
		cmocka_unit_test(a_body_that_was_left_out_is_said),
		cmocka_unit_test(no_value_breaks_out_of_its_line),
		cmocka_unit_test(facts_name_address_clock_and_certificates),
		cmocka_unit_test(an_exhibit_refers_to_its_page),
		cmocka_unit_test(a_file_begins_with_its_warcinfo),
		cmocka_unit_test(a_ceiling_is_an_error_and_nothing_worse),
		cmocka_unit_test(a_cut_or_altered_item_is_named_by_its_offset),
		cmocka_unit_test(what_is_no_record_is_refused),
		cmocka_unit_test(a_bomb_stops_at_the_ceiling),
		cmocka_unit_test(messages_end_their_headers_in_any_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
