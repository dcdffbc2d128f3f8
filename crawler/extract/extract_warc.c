/* extract_warc.c - the responses and resources of a WARC file as posts (zlib) */
#include "crawler/extract/extract_local.h"

#include <string.h>
#include <zlib.h>

#include "base/limits.h"
#include "base/warc_record.h"
#include "crawler/chunks.h"
#include "crawler/extract/guard.h"
#include "crawler/url.h"

enum {
	GZIP = 16,	/* added to the window's bits it makes zlib speak gzip */
	FIRST = 65536,	/* bytes that a member gets before it is known how large it is */
	HEAD = 1 << 16, /* a record's header; most have 500 bytes */
};

/* A gzip member once it is open, or why it is not. */
struct member {
	struct str text;
	size_t length; /* of it in the file */
	enum { MEMBER_WHOLE, MEMBER_CUT, MEMBER_LARGE, MEMBER_BAD } state;
};

static bool is_gzip(struct str s)
{
	return s.n >= 3 && (unsigned char)s.p[0] == 0x1f && (unsigned char)s.p[1] == 0x8b && s.p[2] == 8;
}

static bool is_record(struct str s)
{
	return str_starts(s, STR("WARC/1."));
}

static void *page_alloc(void *opaque, unsigned items, unsigned size)
{
	return arena_alloc(opaque, (size_t)items * size);
}

static void page_free(void *opaque, void *p)
{
	(void)opaque;
	(void)p;
}

static int begin_member(z_stream *z, struct arena *a, struct str bytes)
{
	*z = (z_stream){ .zalloc = page_alloc, .zfree = page_free, .opaque = a };
	z->next_in = (unsigned char *)(uintptr_t)bytes.p; /* zlib does not write there */
	z->avail_in = (uInt)bytes.n;
	return inflateInit2(z, MAX_WBITS + GZIP);
}

/* Open a member, at most LIMIT_DECODED bytes of it. */
static struct member open_member(struct arena *a, struct str bytes)
{
	struct member m = { .state = MEMBER_LARGE };
	size_t room = FIRST, n = 0;
	char *out = arena_alloc(a, room);
	int result = Z_OK;
	z_stream z;

	if (begin_member(&z, a, bytes) != Z_OK)
		return (struct member){ .state = MEMBER_BAD };
	while (result == Z_OK) {
		if (n == room) {
			char *more = room < LIMIT_DECODED ? arena_alloc(a, 2 * room) : NULL;

			if (!more)
				return m;
			memcpy(more, out, n);
			out = more;
			room *= 2;
		}
		z.next_out = (unsigned char *)out + n;
		z.avail_out = (uInt)(room - n);
		result = inflate(&z, Z_NO_FLUSH);
		n = room - z.avail_out;
	}
	m.state = result == Z_STREAM_END ? MEMBER_WHOLE : result == Z_BUF_ERROR ? MEMBER_CUT : MEMBER_BAD;
	m.text = (struct str){ out, n };
	m.length = z.total_in;
	return m;
}

/* Does a member begin with a record? */
static bool opens_to_record(struct str bytes)
{
	unsigned char begin[8];
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)bytes.p,
		       .avail_in = (uInt)bytes.n,
		       .next_out = begin,
		       .avail_out = sizeof(begin) };
	bool found;

	if (!is_gzip(bytes) || inflateInit2(&z, MAX_WBITS + GZIP) != Z_OK)
		return false;
	inflate(&z, Z_SYNC_FLUSH);
	found = is_record((struct str){ (const char *)begin, sizeof(begin) - z.avail_out });
	inflateEnd(&z);
	return found;
}

bool extract_is_warc(struct str bytes)
{
	return is_record(bytes) || opens_to_record(bytes);
}

/* The next place behind `at` where a record seems to begin; the end when there is none. */
static size_t find_record(struct str s, size_t at)
{
	for (; at < s.n; at++) {
		struct str rest = str_slice(s, at, s.n);

		if ((s.p[at] == 'W' && is_record(rest)) || (s.p[at] == 0x1f && opens_to_record(rest)))
			break;
	}
	return at;
}

static bool is_text(struct str type)
{
	static const char *const texts[] = { "text/", "application/json", "application/xml", "application/xhtml" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (str_find_nocase(str_slice(type, 0, 32), str_of(texts[i])) == 0)
			return true;
	return type.n == 0;
}

/* Reading one record: what a page needs beyond its ceiling costs that record alone. */
struct job {
	struct piece *p;
	const struct warc_record *record;
	struct page page;
	struct err err;
};

/* Writers store bodies decoded although the headers say otherwise: then they are as they are. */
static void undo_codings(struct arena *a, const struct warc_message *m, struct reply *r)
{
	struct str body;

	if (chunks_join(a, warc_header_of(m, STR("Transfer-Encoding")), r->body, &body, NULL) >= 0)
		r->body = body;
	if (str_find_nocase(r->content_encoding, STR("gzip")) >= 0 && !is_gzip(r->body))
		r->content_encoding = (struct str){ 0 };
}

/* The page in a record: false when it holds none that is read. */
static bool page_of(struct arena *a, const struct warc_record *record, struct reply *out)
{
	struct warc_message m;

	*out = (struct reply){ .content_type = record->content_type, .body = record->block };
	if (!str_eq(record->type, STR("response")) && !str_eq(record->type, STR("resource")))
		return false;
	if (str_find_nocase(record->content_type, STR("application/http")) == 0) {
		if (!warc_message_of(record->block, &m) || m.status < 200 || m.status > 299)
			return false;
		out->content_type = warc_header_of(&m, STR("Content-Type"));
		out->content_encoding = warc_header_of(&m, STR("Content-Encoding"));
		out->body = m.body;
		undo_codings(a, &m, out);
	}
	return is_text(out->content_type);
}

static int read_page(void *arg)
{
	struct job *job = arg;
	struct arena *a = job->p->w->scratch;
	struct source s = *job->p->w->s;
	struct reply r;
	struct url url;

	if (!page_of(a, job->record, &r) || url_parse(a, job->record->uri, (struct str){ 0 }, &url, NULL) < 0)
		return 0;
	r.kind = s.post.item.text.n ? PAGE_THREAD : PAGE_RAW;
	r.url = url.href;
	s.raw = (struct yaml_text){ 0 };
	return extract_page(&s, &r, a, &job->page, &job->err);
}

/* Its posts; what is a page of nothing, a login or a challenge was so when it was captured, and is no trouble now. */
static void keep_record(struct piece *p, const struct warc_record *record, size_t at)
{
	struct job job = { .p = p, .record = record };
	struct str date = arena_copy(p->w->a, str_slice(record->date, 0, 64));

	if (guarded(p->w->scratch, read_page, &job, &job.err) < 0) {
		piece_trouble(p, at, job.err.text);
		return;
	}
	for (size_t i = 0; i < job.page.n_posts; i++) {
		struct post *post = &job.page.posts[i];

		if (!p->w->s->post.item.text.n)
			post->key = post->url;
		extract_date(p->w, date, 0, post);
		piece_keep(p, post, at);
	}
}

/* All records of a member that is open; most have one. */
static void keep_member(struct piece *p, struct str text, size_t at)
{
	while (text.n) {
		struct warc_record record = { 0 };
		struct str rest = text;
		uint64_t length;

		if (!warc_header_take(&rest, &record, &length) || length > rest.n) {
			piece_trouble(p, at, "not a record of WARC 1.0 or 1.1");
			return;
		}
		record.block = str_slice(rest, 0, (size_t)length);
		keep_record(p, &record, at);
		text = str_slice(rest, (size_t)length, rest.n);
		while (text.n && (text.p[0] == '\r' || text.p[0] == '\n'))
			text = str_slice(text, 1, text.n);
	}
}

/* Past what is not read, where the next record begins: false when none does in this piece. */
static bool pass_over(struct piece *p, size_t *at, const char *why)
{
	piece_trouble(p, *at, why);
	*at = find_record(p->bytes, *at + 1);
	return *at < p->bytes.n;
}

/* Read the member at *at, and go behind it; false when the piece is at its end. */
static bool read_member(struct piece *p, size_t *at)
{
	struct member m;

	arena_clear(p->w->scratch);
	m = open_member(p->w->scratch, str_slice(p->bytes, *at, p->bytes.n));
	switch (m.state) {
	case MEMBER_WHOLE:
		keep_member(p, m.text, *at);
		*at += m.length;
		return true;
	case MEMBER_CUT:
		piece_cut(p, *at, "a record is larger than is read at once, and passed over");
		return false;
	case MEMBER_LARGE:
		return pass_over(p, at, "a record is larger than is read once it is decompressed, and passed over");
	case MEMBER_BAD:
		break;
	}
	return pass_over(p, at, "a compressed record is damaged, and passed over");
}

/* The same for a record that is not compressed; one that ends behind the piece says itself where the next one is. */
static bool read_plain(struct piece *p, size_t *at)
{
	struct str rest = str_slice(p->bytes, *at, p->bytes.n);
	struct warc_record record = { 0 };
	size_t before = rest.n;
	uint64_t length;

	if (rest.n < HEAD && str_find(rest, STR("\r\n\r\n")) < 0) {
		piece_cut(p, *at, "a record has no end");
		return false;
	}
	if (!warc_header_take(&rest, &record, &length))
		return pass_over(p, at, "not a record of WARC 1.0 or 1.1");
	if (length > rest.n) {
		piece_cut(p, *at, "a record is larger than is read at once, and passed over");
		if (p->inside && length < INT64_MAX / 2) {
			piece_next(p, before - rest.n + (size_t)length);
			p->inside = false;
		}
		return false;
	}
	record.block = str_slice(rest, 0, (size_t)length);
	arena_clear(p->w->scratch);
	keep_record(p, &record, *at);
	*at += before - rest.n + (size_t)length;
	return true;
}

void extract_warc(struct piece *p)
{
	size_t at = p->at.mode == LOCAL_INSIDE ? find_record(p->bytes, 0) : 0;

	while (at < p->bytes.n) {
		struct str rest = str_slice(p->bytes, at, p->bytes.n);
		bool on;

		if (rest.p[0] == '\r' || rest.p[0] == '\n') {
			at++; /* between records */
			continue;
		}
		if (piece_is_full(p, at))
			return;
		if (is_gzip(rest))
			on = read_member(p, &at);
		else if (is_record(rest) || rest.n < 8)
			on = read_plain(p, &at);
		else
			on = pass_over(p, &at, "not a record of WARC 1.0 or 1.1");
		if (!on && at < p->bytes.n)
			return; /* piece_cut() has told where to go on */
	}
	piece_next(p, p->bytes.n);
	p->inside = !p->last && at == p->bytes.n && p->w->out->trouble.n > 0;
}
