/* warc.c - captures as WARC 1.1 records, a gzip member each (zlib); warc_read.c takes them apart */
#include "store/warc.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"

enum {
	ID_TEXT = 64,
	DATE_TEXT = 40,
	HEAD = 64 * 1024, /* of a record: its address and some words */
	GZIP = 16,	  /* added to the window's bits it makes zlib speak gzip */
};

/* Records being written: one stream of zlib for all of them. */
struct pen {
	z_stream z;
	struct buf *out;
	struct buf head;
};

static void pen_release(struct pen *p)
{
	deflateEnd(&p->z);
	buf_release(&p->head);
}

static int pen_init(struct pen *p, struct buf *out, struct err *err)
{
	*p = (struct pen){ .out = out, .head = BUF_INIT(HEAD) };
	if (deflateInit2(&p->z, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return err_set(err, E_FAULT, "zlib does not start");
	return 0;
}

static void new_id(char id[ID_TEXT])
{
	unsigned char b[16];
	char hex[33];

	digest_random(b, sizeof(b));
	b[6] = (b[6] & 0x0f) | 0x40; /* RFC 9562 5.4: version 4 ... */
	b[8] = (b[8] & 0x3f) | 0x80; /* ... of variant 10 */
	digest_hex(b, sizeof(b), hex);
	snprintf(id, ID_TEXT, "<urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s>", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* WARC 1.1 5.4 allows fractions of a second. */
static const char *date_of(int64_t at_us, char out[DATE_TEXT])
{
	char seconds[CLOCK_TEXT];
	int64_t fraction = at_us % 1000000;

	clock_rfc3339(at_us, seconds);
	snprintf(out, DATE_TEXT, "%.19s.%06dZ", seconds, (int)(fraction < 0 ? fraction + 1000000 : fraction));
	return out;
}

/* A line of a header or of fields: no byte of the value ends it or is not text. */
static void put_field(struct buf *out, struct str name, struct str value)
{
	buf_add(out, name);
	buf_add(out, STR(": "));
	for (size_t i = 0; i < value.n;) {
		uint32_t c;
		size_t n = utf8_next(str_slice(value, i, value.n), &c);

		if (n == 0)
			buf_add(out, STR(UTF8_REPLACEMENT));
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			buf_add_char(out, ' ');
		else
			buf_add(out, str_slice(value, i, i + n));
		i += n ? n : 1;
	}
	buf_add(out, STR("\r\n"));
}

/* An address is ASCII without spaces, controls and what could be taken for the end of it. */
static void put_address(struct buf *out, struct str url)
{
	buf_add(out, STR("WARC-Target-URI: "));
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c <= 0x20 || c >= 0x7f || strchr("<>\"", c))
			buf_printf(out, "%%%02X", c);
		else
			buf_add_char(out, (char)c);
	}
	buf_add(out, STR("\r\n"));
}

static void put_digest(struct buf *out, const char *name, struct str bytes)
{
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];

	digest_sha256(bytes, digest);
	buf_printf(out, "%s: sha256:%s\r\n", name, digest_hex(digest, DIGEST_BYTES, hex));
}

static void begin_record(struct pen *p, const char *type, const char *id, int64_t at)
{
	char date[DATE_TEXT];

	buf_clear(&p->head);
	buf_printf(&p->head, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: %s\r\nWARC-Date: %s\r\n", type, id,
		   date_of(at, date));
}

static int squeeze(struct pen *p, struct str s, int flush)
{
	p->z.next_in = (unsigned char *)(s.n ? s.p : "");
	p->z.avail_in = (uInt)s.n;
	for (;;) {
		size_t before = p->z.total_out;
		char *room = buf_room(p->out, s.n / 2 + 4096);
		int result;

		if (!room)
			return E_LIMIT;
		p->z.next_out = (unsigned char *)room;
		p->z.avail_out = (uInt)(s.n / 2 + 4096);
		result = deflate(&p->z, flush);
		MUST(result != Z_STREAM_ERROR);
		p->out->n += p->z.total_out - before;
		if (flush == Z_FINISH ? result == Z_STREAM_END : p->z.avail_in == 0 && p->z.avail_out > 0)
			return 0;
	}
}

/* End the header, write it with its block in two pieces. */
static int end_record(struct pen *p, struct str first, struct str second, struct err *err)
{
	buf_printf(&p->head, "Content-Length: %zu\r\n\r\n", first.n + second.n);
	if (p->head.full)
		return err_set(err, E_LIMIT, "the header of a WARC record grows beyond %d bytes", HEAD);
	deflateReset(&p->z);
	if (squeeze(p, buf_str(&p->head), Z_NO_FLUSH) < 0 || squeeze(p, first, Z_NO_FLUSH) < 0 ||
	    squeeze(p, second, Z_NO_FLUSH) < 0 || squeeze(p, STR("\r\n\r\n"), Z_FINISH) < 0)
		return err_set(err, E_LIMIT, "evidence grows beyond %zu bytes", p->out->max);
	return 0;
}

static int put_block(struct pen *p, const char *content_type, struct str block, struct err *err)
{
	put_digest(&p->head, "WARC-Block-Digest", block);
	buf_printf(&p->head, "Content-Type: %s\r\n", content_type);
	return end_record(p, block, (struct str){ 0 }, err);
}

static bool is_numeric_address(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_hex(s.p[i]) < 0 && s.p[i] != ':' && s.p[i] != '.')
			return false;
	return s.n > 0;
}

static bool is_newer_http(const struct exchange *e)
{
	return str_starts(e->protocol, STR("h2")) || str_starts(e->protocol, STR("h3"));
}

/* What the records of one exchange share. */
struct sheet {
	const struct exchange *e;
	char request_id[ID_TEXT], response_id[ID_TEXT];
	struct buf block;
};

static void sheet_release(struct sheet *s)
{
	buf_release(&s->block);
}

static void put_place(struct pen *p, const struct exchange *e)
{
	put_address(&p->head, e->url);
	if (is_numeric_address(e->address))
		put_field(&p->head, STR("WARC-IP-Address"), e->address);
	if (e->protocol.n)
		put_field(&p->head, STR("WARC-Protocol"), e->protocol);
}

/* "GET / HTTP/2" and "HTTP/2 200 " as HTTP/1.1 has them, the rest as it is. */
static void put_in_old_form(struct buf *out, struct str head)
{
	ssize_t end = str_find(head, STR("\r\n"));
	struct str line = str_slice(head, 0, end < 0 ? head.n : (size_t)end);
	size_t version = 0, after;

	if (!str_starts(line, STR("HTTP/"))) /* a request's stands last */
		for (version = line.n; version > 0 && line.p[version - 1] != ' ';)
			version--;
	if (!str_starts(str_slice(line, version, line.n), STR("HTTP/"))) {
		buf_add(out, head);
		return;
	}
	after = version;
	while (after < line.n && line.p[after] != ' ')
		after++;
	buf_add(out, str_slice(line, 0, version));
	buf_add(out, STR("HTTP/1.1"));
	buf_add(out, str_slice(head, after, head.n));
}

static int put_request(struct pen *p, struct sheet *s, struct err *err)
{
	begin_record(p, "request", s->request_id, s->e->started_at);
	put_place(p, s->e);
	buf_printf(&p->head, "WARC-Concurrent-To: %s\r\n", s->response_id);
	buf_clear(&s->block);
	if (is_newer_http(s->e))
		put_in_old_form(&s->block, s->e->request);
	else
		buf_add(&s->block, s->e->request);
	return put_block(p, "application/http; msgtype=request", buf_str(&s->block), err);
}

/* The payload is what follows the first empty line; a header that ends otherwise has no payload that all agree on. */
static bool ends_as_expected(struct str headers)
{
	return str_ends(headers, STR("\r\n\r\n")) && str_find(headers, STR("\r\n\r\n")) == (ssize_t)headers.n - 4;
}

static int put_response(struct pen *p, struct sheet *s, struct err *err)
{
	bool unchanged = s->e->status == 304;

	begin_record(p, unchanged ? "revisit" : "response", s->response_id, s->e->started_at);
	put_place(p, s->e);
	buf_printf(&p->head, "WARC-Concurrent-To: %s\r\n", s->request_id);
	if (unchanged)
		buf_add(&p->head,
			STR("WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n")); /* 6.7.3 */
	else if (ends_as_expected(s->e->headers) && !s->e->bare)
		put_digest(&p->head, "WARC-Payload-Digest", s->e->body);
	if (s->e->bare)
		buf_add(&p->head, STR("WARC-Truncated: length\r\n")); /* 5.13 */
	buf_clear(&s->block);
	if (is_newer_http(s->e))
		put_in_old_form(&s->block, s->e->headers);
	else
		buf_add(&s->block, s->e->headers);
	buf_add(&s->block, s->e->body);
	return put_block(p, "application/http; msgtype=response", buf_str(&s->block), err);
}

/* A piece of a file of this machine was read and not asked for: 6.4. */
static bool is_of_file(const struct exchange *e)
{
	return str_eq(e->protocol, STR("file"));
}

static int put_resource(struct pen *p, struct sheet *s, struct err *err)
{
	begin_record(p, "resource", s->response_id, s->e->started_at);
	put_address(&p->head, s->e->url);
	put_digest(&p->head, "WARC-Payload-Digest", s->e->body);
	return put_block(p, "application/octet-stream", s->e->body, err);
}

/* Each certificate of a PEM chain as one line of base64. */
static void put_chain(struct buf *out, struct str chain)
{
	static const struct str begin = { "-----BEGIN CERTIFICATE-----", 27 }, end = { "-----END CERTIFICATE-----", 25 };
	ssize_t at, stop;

	while ((at = str_find(chain, begin)) >= 0) {
		chain = str_slice(chain, (size_t)at + begin.n, chain.n);
		stop = str_find(chain, end);
		if (stop < 0)
			return;
		buf_add(out, STR("tls-certificate: "));
		for (ssize_t i = 0; i < stop; i++)
			if (ascii_is_alnum(chain.p[i]) || chain.p[i] == '+' || chain.p[i] == '/' || chain.p[i] == '=')
				buf_add_char(out, chain.p[i]);
		buf_add(out, STR("\r\n"));
		chain = str_slice(chain, (size_t)stop + end.n, chain.n);
	}
}

static void put_fields(struct buf *out, const struct warc_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_field(out, fields[i].name, fields[i].value);
}

static void put_exchange_facts(struct buf *out, const struct exchange *e, size_t position, size_t n)
{
	char at[DATE_TEXT], hex[2 * DIGEST_BYTES + 1] = "";

	buf_printf(out, "exchange: %zu of %zu\r\n", position + 1, n);
	buf_printf(out, "started: %s\r\n", date_of(e->started_at, at));
	buf_printf(out, "ended: %s\r\n", date_of(e->ended_at, at));
	put_field(out, STR("clock"), e->clock);
	put_field(out, STR("protocol"), e->protocol);
	put_field(out, STR("address"), e->address);
	if (e->tls.n == 0)
		return;
	put_field(out, STR("tls"), e->tls);
	if (e->leaf.n == DIGEST_BYTES) {
		digest_hex((const unsigned char *)e->leaf.p, DIGEST_BYTES, hex);
		put_field(out, STR("tls-leaf-sha256"), str_of(hex));
	}
	put_chain(out, e->chain);
}

static int put_metadata(struct pen *p, struct sheet *s, const struct warc_item *item, size_t position, struct err *err)
{
	char id[ID_TEXT];

	new_id(id);
	begin_record(p, "metadata", id, s->e->ended_at);
	put_address(&p->head, s->e->url);
	buf_printf(&p->head, "WARC-Concurrent-To: %s\r\n", s->response_id);
	buf_clear(&s->block);
	put_exchange_facts(&s->block, s->e, position, item->trail->n);
	if (position + 1 == item->trail->n)
		put_fields(&s->block, item->facts, item->n_facts);
	return put_block(p, "application/warc-fields", buf_str(&s->block), err);
}

static int put_text(struct pen *p, const struct sheet *page, const struct warc_text *t, struct err *err)
{
	char id[ID_TEXT];

	new_id(id);
	begin_record(p, "conversion", id, page->e->ended_at);
	put_address(&p->head, page->e->url);
	buf_printf(&p->head, "WARC-Refers-To: %s\r\n", page->response_id);
	put_field(&p->head, STR("Watchdesk-Finding"),
		  t->finding); /* 5.1: fields of others are ignored by who does not know them */
	return put_block(p, "text/plain; charset=utf-8", t->text, err);
}

/* All records of one exchange; the last one's texts too. */
static int put_exchange(struct pen *p, const struct warc_item *item, size_t position, struct err *err)
{
	AUTO(sheet) s = { .e = &item->trail->exchanges[position], .block = BUF_INIT(LIMIT_RECORD) };

	new_id(s.request_id);
	new_id(s.response_id);
	if (is_of_file(s.e) ? put_resource(p, &s, err) < 0 : put_request(p, &s, err) < 0 || put_response(p, &s, err) < 0)
		return err->code;
	if (put_metadata(p, &s, item, position, err) < 0)
		return err->code;
	for (size_t i = 0; position + 1 == item->trail->n && i < item->n_texts; i++)
		if (put_text(p, &s, &item->texts[i], err) < 0)
			return err->code;
	return 0;
}

int warc_put(const struct warc_item *item, struct buf *out, struct err *err)
{
	AUTO(pen) p = { 0 };

	if (pen_init(&p, out, err) < 0)
		return err->code;
	for (size_t i = 0; i < item->trail->n; i++)
		if (put_exchange(&p, item, i, err) < 0)
			return err->code;
	return 0;
}

int warc_put_exhibit(const struct warc_exhibit *e, struct buf *out, struct err *err)
{
	AUTO(pen) p = { 0 };
	AUTO(buf) block = BUF_INIT(LIMIT_RECORD);
	AUTO(buf) type = BUF_INIT(128);
	char id[ID_TEXT], about[ID_TEXT];

	if (pen_init(&p, out, err) < 0)
		return err->code;
	new_id(id);
	new_id(about);
	buf_add(&type, e->type);
	begin_record(&p, "conversion", id, e->at);
	put_address(&p.head, e->url);
	put_field(&p.head, STR("WARC-Refers-To"), e->refers_to);
	if (put_block(&p, type.p ? type.p : "application/octet-stream", e->bytes, err) < 0)
		return err->code;
	begin_record(&p, "metadata", about, e->at);
	put_address(&p.head, e->url);
	buf_printf(&p.head, "WARC-Concurrent-To: %s\r\n", id);
	put_fields(&block, e->facts, e->n_facts);
	return put_block(&p, "application/warc-fields", buf_str(&block), err);
}

int warc_put_info(const struct warc_field *fields, size_t n, struct str filename, int64_t at, struct buf *out, struct err *err)
{
	AUTO(pen) p = { 0 };
	AUTO(buf) block = BUF_INIT(LIMIT_RECORD);
	char id[ID_TEXT];

	if (pen_init(&p, out, err) < 0)
		return err->code;
	new_id(id);
	begin_record(&p, "warcinfo", id, at);
	put_field(&p.head, STR("WARC-Filename"), filename);
	put_fields(&block, fields, n);
	return put_block(&p, "application/warc-fields", buf_str(&block), err);
}
