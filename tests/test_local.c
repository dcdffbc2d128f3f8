/* test_local.c - files as addresses, and as posts: text, mbox, WARC, JSON in lines, in pieces of any size */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "tests/local_piece.h"

static void any_name_is_an_address_and_back(void **state)
{
	static const struct {
		const char *path, *url;
	} rows[] = {
		{ "/var/spool/x.jsonl", "file:///var/spool/x.jsonl" },
		{ "/a b/#1?%20", "file:///a%20b/%231%3F%2520" },
		{ "/\xff\n\x01", "file:///%FF%0A%01" },
		{ "/new/1.M2P3.host:2,S", "file:///new/1.M2P3.host%3A2,S" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct str path;

		assert_str(local_url(a, str_of(rows[i].path)), rows[i].url);
		assert_int_equal(local_path(a, str_of(rows[i].url), &path, NULL), 0);
		assert_str(path, rows[i].path);
	}
}

static void what_leads_elsewhere_is_no_address(void **state)
{
	static const struct {
		const char *why, *url;
	} rows[] = {
		{ "not absolute", "file://x" },
		{ "a host", "file://host/x" },
		{ "a web address", "http://x/y" },
		{ "up", "file:///a/../b" },
		{ "up, escaped", "file:///a/%2e%2E/b" },
		{ "a NUL", "file:///a%00b" },
		{ "nothing", "file:///" },
		{ "an empty segment", "file:///a//b" },
		{ "here", "file:///a/./b" },
		{ "empty", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct str path, copy = exact_copy(str_of(rows[i].url));

		if (local_path(a, copy, &path, NULL) != E_BAD)
			fail_msg("%s: %s", rows[i].why, rows[i].url);
		free((char *)copy.p);
	}
}

static void a_place_is_kept_and_read_back(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	const struct local_position p = { 77, 5000, INT64_C(1795600000123456789), 9, 512, LOCAL_MAIL, LOCAL_INSIDE, 4096 };
	static const char *const wrong[] = { "",
					     "\"\"",
					     "\"1-2-3-4-5-mail-offset\"",
					     "\"1-2-3-4-5-mail-offset-4-5\"",
					     "\"1-2-3-4-5-jpeg-offset-4\"",
					     "\"1-2-3-4-5-mail-beside-4\"",
					     "\"-1-2-3-4-5-mail-offset-4\"",
					     "1-2-3-4-5-mail-offset-4",
					     "\"1-2-3-mail-offset-4\"",
					     "\"" };
	struct local_position out;

	(void)state;
	assert_str(local_position_write(a, &p), "\"77-5000-1795600000123456789-9-512-mail-inside-4096\"");
	assert_int_equal(local_position_read(local_position_write(a, &p), &out), 1);
	assert_memory_equal(&out, &p, sizeof(p));
	assert_str(local_position_behind(a, local_position_write(a, &p), 904),
		   "\"77-0-1795600000123456789-9-512-mail-inside-5000\"");
	assert_int_equal(local_position_behind(a, STR("\"W/x\""), 904).n, 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct str copy = exact_copy(str_of(wrong[i]));

		if (local_position_read(copy, &out))
			fail_msg("%s", wrong[i]);
		free((char *)copy.p);
	}
}

static void add_flat(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, s.p[i] == '\n' ? '~' : s.p[i]);
}

static void add_post(struct buf *out, const struct post *p)
{
	char at[CLOCK_TEXT] = "-";

	if (p->precision != PRECISION_NONE)
		clock_rfc3339(p->posted_at, at);
	buf_printf(out, "%.*s | %.*s | %.*s | %.*s | %s | %.*s | ", STR_ARG(p->key), STR_ARG(p->author), STR_ARG(p->author_id),
		   STR_ARG(p->title), at, STR_ARG(p->url));
	add_flat(out, p->text);
	if (p->quoted.n) {
		buf_add(out, STR(" | > "));
		add_flat(out, p->quoted);
	}
	buf_add_char(out, '\n');
}

/* Read a file to its end; the posts and troubles of all pieces, a line each. */
static void read_paper(struct paper *p, const struct source *s, struct buf *out)
{
	struct str copy = exact_copy(p->bytes);
	bool more = true;

	p->bytes = copy;
	while (more) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct page page = { 0 };
		struct err err = { 0 };

		if (paper_read(p, s, a, &page, &err) < 0 || p->pieces > 10000)
			fail_msg("%s: %s after %d pieces", p->path, err.text, p->pieces);
		for (size_t i = 0; i < page.n_posts; i++)
			add_post(out, &page.posts[i]);
		if (page.trouble.n)
			buf_printf(out, "trouble: %.*s\n", STR_ARG(page.trouble));
		more = page.more;
	}
	free((char *)copy.p);
}

static void assert_paper(const char *why, struct paper p, const struct source *s, const char *expected)
{
	AUTO(buf) shown = BUF_INIT(MIB(16));

	read_paper(&p, s, &shown);
	if (!str_eq(buf_str(&shown), str_of(expected)))
		fail_msg("%s:\n%.*s\nis not\n%s", why, STR_ARG(buf_str(&shown)), expected);
}

static const struct source any = { .every_ms = 1000 };

static struct str gzipped(struct arena *a, struct str s)
{
	size_t room = s.n + s.n / 8 + 1000;
	char *out = arena_alloc(a, room);
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)s.p,
		       .avail_in = (uInt)s.n,
		       .next_out = (unsigned char *)out,
		       .avail_out = (uInt)room };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct str){ out, z.total_out };
}

/* AIL: written with pyail.core.encode_and_compress_data() in the dict of feed_json_item(); base64 of gzip of "a leak". */
#define AIL_DATA "H4sIAAAAAAAAA0tUyElNzAYAHvHBKgYAAAA="

static void what_collectors_write_in_json_is_read(void **state)
{
	static const struct {
		const char *why, *line, *expect;
	} rows[] = {
		{ "AIL's feeder of Telegram",
		  "{\"source\":\"ail_feeder_telegram\",\"source-uuid\":\"9c\",\"meta\":{\"id\":5,\"chat\":{\"id\":77,\"name\":"
		  "\"Leaks\"},"
		  "\"sender\":{\"id\":9,\"username\":\"mallory\"},\"date\":{\"timestamp\":1795600000}},\"data\":\"" AIL_DATA
		  "\",\"data-sha256\":\"ab\"}\n",
		  "ail_feeder_telegram/77/5 | mallory | 9 | Leaks | 2026-11-25T09:46:40Z | file:///spool/x | a leak\n" },
		{ "AIL's feeder of Twitter",
		  "{\"source\":\"ail_feeder_twitter\",\"source_uuid\":\"9c\",\"default_encoding\":\"UTF-8\",\"meta\":"
		  "{\"twitter:tweet_id\":123,\"twitter:id\":\"42\"},\"data\":\"" AIL_DATA "\",\"data-sha256\":\"ab\"}\n",
		  "ail_feeder_twitter/123 | 42 |  |  | - | file:///spool/x | a leak\n" },
		{ "AIL's data with no word of where it comes from",
		  "{\"meta\":{},\"data\":\"" AIL_DATA "\",\"data-sha256\":\"ab\"}\n",
		  "ab |  |  |  | - | file:///spool/x | a leak\n" },
		{ "pystemon as mongoexport writes it",
		  "{\"_id\":{\"$oid\":\"0f\"},\"hash\":\"aa\",\"timestamp\":{\"$date\":\"2026-11-25T10:00:00Z\"},\"url\":"
		  "\"https://paste.example.net/"
		  "7f\",\"site\":\"paste.example.net\",\"pastie_id\":\"7f\",\"matched\":true,\"filename\":"
		  "\"7f.gz\",\"content\":{\"$binary\":{\"base64\":\"YSBsZWFr\",\"subType\":\"00\"}}}\n",
		  "paste.example.net/7f |  |  | 7f.gz | 2026-11-25T10:00:00Z | https://paste.example.net/7f | a leak\n" },
		{ "pystemon's content as text",
		  "{\"hash\":\"aa\",\"site\":\"s\",\"pastie_id\":\"7f\",\"content\":\"a leak\"}\n",
		  "s/7f |  |  |  | - | file:///spool/x | a leak\n" },
		{ "others",
		  "{\"id\":1,\"author\":\"m\",\"title\":\"t\",\"date\":1795600000.5,\"url\":\"https://example.net/"
		  "1\",\"body\":\"b\"}\n",
		  "1 | m |  | t | 2026-11-25T09:46:40Z | https://example.net/1 | b\n" },
		{ "data that is no base64 is text", "{\"id\":1,\"meta\":{},\"data\":\"a leak!\"}\n",
		  "1 |  |  |  | - | file:///spool/x | a leak!\n" },
		{ "an address of a file is none", "{\"id\":1,\"url\":\"file:///etc/passwd\",\"text\":\"b\"}\n",
		  "1 |  |  |  | - | file:///spool/x | b\n" },
		{ "what says nothing is no post", "{\"id\":1}\n", "" },
		{ "a line that is no JSON costs itself alone",
		  "{\"id\":1,\"text\":\"a\"}\n{\"id\"\n{\"id\":2,\"text\":\"b\"}\n",
		  "1 |  |  |  | - | file:///spool/x | a\n2 |  |  |  | - | file:///spool/x#offset=26 | b\n"
		  "trouble: byte 20: a line that is not JSON is passed over\n" },
		{ "a last line that is whole but for its end", "{\"id\":1,\"text\":\"a\"}",
		  "1 |  |  |  | - | file:///spool/x | a\n" },
		{ "one that is not", "{\"id\":1,\"text\":\"a\"}\n{\"id\":2",
		  "1 |  |  |  | - | file:///spool/x | a\ntrouble: byte 20: it ends inside a record, which is read once the "
		  "rest is there\n" },
		{ "an array over several lines", "[\n{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"text\":\"b\"}\n]\n",
		  "1 |  |  |  | - | file:///spool/x | a\n2 |  |  |  | - | file:///spool/x | b\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_paper(rows[i].why, (struct paper){ "/spool/x", str_of(rows[i].line), LIMIT_BODY }, &any, rows[i].expect);
}

static void a_source_may_say_where_its_fields_are(void **state)
{
	struct source s = any;

	(void)state;
	s.local_format = LOCAL_JSONL;
	s.post = (struct source_post){ .item = { .text = STR("$.hits[*]") },
				       .key = { .text = STR("@.no") },
				       .author = { .text = STR("@.who") },
				       .text = { .text = STR("@.said") } };
	assert_paper("its own paths",
		     (struct paper){ "/x",
				     STR("{\"hits\":[{\"no\":7,\"who\":\"m\",\"said\":\"a\"},{\"no\":8,\"said\":\"b\"}]}\n"),
				     LIMIT_BODY },
		     &s, "7 | m |  |  | - | file:///x | a\n8 |  |  |  | - | file:///x | b\n");
}

static void a_growing_file_is_read_from_where_it_ended(void **state)
{
	static const char whole[] = "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}\n{\"id\":3,\"text\":\"c\"}\n";
	struct paper p = { "/x.jsonl", { whole, 30 }, LIMIT_BODY };
	AUTO(buf) shown = BUF_INIT(MIB(1));

	(void)state;
	read_paper(&p, &any, &shown);
	assert_int_equal(p.at.offset, 20); /* the second line is not whole */
	p.bytes = str_of(whole);
	buf_clear(&shown);
	read_paper(&p, &any, &shown);
	assert_str(buf_str(&shown),
		   "2 |  |  |  | - | file:///x.jsonl#offset=20 | b\n3 |  |  |  | - | file:///x.jsonl#offset=40 | c\n");
	assert_int_equal(p.at.offset, 60);
	assert_int_equal(p.at.size, 60);
}

static void a_record_larger_than_a_piece_is_named_and_passed_over(void **state)
{
	AUTO(buf) bytes = BUF_INIT(MIB(1));

	(void)state;
	buf_add(&bytes, STR("{\"id\":1,\"text\":\""));
	for (int i = 0; i < 300; i++)
		buf_add_char(&bytes, 'x');
	buf_add(&bytes, STR("\"}\n{\"id\":2,\"text\":\"b\"}\n"));
	assert_paper("a line of JSON", (struct paper){ "/x.jsonl", buf_str(&bytes), 100 }, &any,
		     "trouble: byte 0: a line is larger than is read at once, and passed over\n"
		     "2 |  |  |  | - | file:///x.jsonl#offset=319 | b\n");
}

static void more_posts_than_a_piece_may_give_are_all_read_once(void **state)
{
	static const char *const paths[] = { "/x.jsonl", "/x.jsonl.gz" };
	AUTO(buf) bytes = BUF_INIT(MIB(4));

	(void)state;
	for (int i = 0; i < 3 * LIMIT_PIECE_POSTS + 7; i++)
		buf_printf(&bytes, "{\"id\":%d,\"text\":\"a\"}\n", i);
	for (size_t i = 0; i < 2; i++) {
		AUTO_FREE(arena) a = arena_new(MIB(16));
		AUTO(buf) shown = BUF_INIT(MIB(4));
		struct paper p = { paths[i], i ? gzipped(a, buf_str(&bytes)) : buf_str(&bytes), LIMIT_BODY };
		struct str rest, line;
		int n = 0;

		read_paper(&p, &any, &shown);
		for (rest = buf_str(&shown); str_split(&rest, '\n', &line); n++) {
			char key[20];

			snprintf(key, sizeof(key), "%d | ", n);
			assert_true(str_starts(line, str_of(key)));
		}
		assert_int_equal(n, 3 * LIMIT_PIECE_POSTS + 7);
		assert_int_equal(p.pieces, 4);
	}
}

#define MAIL(n)                                                                                                  \
	"From m@example.net Thu Nov 26 10:00:00 2026\nFrom: M <m@example.net>\nSubject: s" n "\nMessage-ID: <" n \
	"@example.net>\n"                                                                                        \
	"Date: Thu, 26 Nov 2026 10:00:00 +0000\n\n> yours\nFrom here\n>From there\nend " n "\n\n"

static void an_mbox_is_read_mail_by_mail(void **state)
{
	static const char mbox[] = MAIL("1") MAIL("2") MAIL("3");
	static const char expect[] = "1@example.net | M <m@example.net> | m@example.net | s1 | 2026-11-26T10:00:00Z | "
				     "file:///x | From here~From there~end 1 | > "
				     "yours\n"
				     "2@example.net | M <m@example.net> | m@example.net | s2 | 2026-11-26T10:00:00Z | "
				     "file:///x#offset=184 | From here~From "
				     "there~end 2 | > yours\n"
				     "3@example.net | M <m@example.net> | m@example.net | s3 | 2026-11-26T10:00:00Z | "
				     "file:///x#offset=368 | From here~From "
				     "there~end 3 | > yours\n";
	struct paper p = { "/x", str_of(mbox), LIMIT_BODY };
	AUTO(buf) shown = BUF_INIT(MIB(1));

	(void)state;
	assert_paper("at once", p, &any, expect);
	p.piece = 450;
	assert_paper("in pieces", p, &any, expect);
	read_paper(&p, &any, &shown);
	assert_int_equal(p.at.offset, 368); /* the last one may grow, and is the same post then */
	assert_paper("one mail a file",
		     (struct paper){ "/m/new/1.M2", STR("Message-ID: <1@example.net>\n\nhello\n"), LIMIT_BODY }, &any,
		     "1@example.net |  |  |  | - | file:///m/new/1.M2 | hello\n");
}

static void a_mail_larger_than_a_piece_is_read_as_far_as_it_goes(void **state)
{
	AUTO(buf) bytes = BUF_INIT(MIB(1));
	AUTO(buf) shown = BUF_INIT(MIB(1));
	struct paper p = { "/x", { 0 }, 10000 };

	(void)state;
	buf_add(&bytes, STR("From m@example.net x\nMessage-ID: <1@a>\n\nhello\n"));
	for (int i = 0; i < 2000; i++)
		buf_add(&bytes, STR("a line of a large mail\n"));
	buf_add(&bytes, STR("\nFrom m@example.net x\nMessage-ID: <2@a>\n\nworld\n"));
	p.bytes = buf_str(&bytes);
	read_paper(&p, &any, &shown);
	assert_true(str_starts(buf_str(&shown), STR("1@a |  |  |  | - | file:///x | hello~")));
	assert_true(str_find(buf_str(&shown), STR("trouble: byte 0: a mail is larger")) > 0);
	assert_true(str_ends(buf_str(&shown), STR("| world\n")));
}

static void add_record(struct buf *out, const char *type, const char *content_type, const char *block)
{
	buf_printf(out,
		   "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:7>\r\nWARC-Date: 2026-11-26T10:00:00Z\r\n"
		   "WARC-Target-URI: https://example.net/%s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n",
		   type, type, content_type, strlen(block), block);
}

static void add_records(struct buf *out)
{
	add_record(out, "warcinfo", "application/warc-fields", "software: x\r\n");
	add_record(out, "request", "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n");
	add_record(out, "response", "application/http; msgtype=response",
		   "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
		   "1d\r\n<title>T</title><p>one<p>two!\r\n0\r\n\r\n");
	add_record(out, "response", "application/http; msgtype=response",
		   "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnothing");
	add_record(out, "response", "application/http; msgtype=response",
		   "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nnothing");
	add_record(out, "resource", "text/plain", "a text");
}

static const char of_records[] =
	"https://example.net/response |  |  | T | 2026-11-26T10:00:00Z | https://example.net/response | "
	"one~~two!\nhttps://example.net/resource |  |  |  | 2026-11-26T10:00:00Z | "
	"https://example.net/resource | a text\n";

static void pages_in_a_warc_file_are_posts(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	AUTO(buf) plain = BUF_INIT(MIB(1));
	AUTO(buf) members = BUF_INIT(MIB(1));
	struct source s = any;

	(void)state;
	add_records(&plain);
	for (struct str rest = buf_str(&plain); rest.n;) { /* a gzip member each */
		ssize_t next = str_find(str_slice(rest, 1, rest.n), STR("WARC/1.0"));
		size_t n = next < 0 ? rest.n : (size_t)next + 1;

		buf_add(&members, gzipped(a, str_slice(rest, 0, n)));
		rest = str_slice(rest, n, rest.n);
	}
	assert_paper("plain", (struct paper){ "/x", buf_str(&plain), LIMIT_BODY }, &any, of_records);
	assert_paper("in pieces", (struct paper){ "/x", buf_str(&plain), 500 }, &any, of_records);
	assert_paper("compressed", (struct paper){ "/x", buf_str(&members), LIMIT_BODY }, &any, of_records);
	assert_paper("compressed, in pieces", (struct paper){ "/x", buf_str(&members), 400 }, &any, of_records);
	assert_paper("one member", (struct paper){ "/x.gz", gzipped(a, buf_str(&plain)), LIMIT_BODY }, &any, of_records);
	s.post = (struct source_post){ .item = { .text = STR("//p") },
				       .key = { .text = STR(".") },
				       .text = { .text = STR(".") } };
	assert_paper("by the source's own paths", (struct paper){ "/x", buf_str(&members), LIMIT_BODY }, &s,
		     "one |  |  | T | 2026-11-26T10:00:00Z | https://example.net/response | one\n"
		     "two! |  |  | T | 2026-11-26T10:00:00Z | https://example.net/response | two!\n");
}

static void damage_in_a_warc_file_costs_a_record(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	AUTO(buf) bytes = BUF_INIT(MIB(4));
	AUTO(buf) last = BUF_INIT(MIB(1));
	char *bomb = arena_alloc(a, LIMIT_DECODED + MIB(1));

	(void)state;
	add_record(&last, "resource", "text/plain", "a text");
	buf_add(&bytes, STR("rubbish\r\n"));
	buf_add(&bytes, buf_str(&last));
	assert_paper("rubbish before it", (struct paper){ "/x.warc", buf_str(&bytes), LIMIT_BODY }, &any,
		     "https://example.net/resource |  |  |  | 2026-11-26T10:00:00Z | https://example.net/resource | a text\n"
		     "trouble: byte 0: not a record of WARC 1.0 or 1.1\n");
	buf_clear(&bytes);
	memcpy(bomb, "WARC/1.0\r\n", 10);
	buf_add(&bytes, gzipped(a, (struct str){ bomb, LIMIT_DECODED + MIB(1) }));
	buf_add(&bytes, gzipped(a, buf_str(&last)));
	assert_paper("a bomb before it", (struct paper){ "/x.warc.gz", buf_str(&bytes), LIMIT_BODY }, &any,
		     "https://example.net/resource |  |  |  | 2026-11-26T10:00:00Z | https://example.net/resource | a text\n"
		     "trouble: byte 0: a record is larger than is read once it is decompressed, and passed over\n");
}

static void a_text_is_a_post(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	char *zeros = arena_alloc(a, LIMIT_DECODED + 1);
	struct str bomb = gzipped(a, (struct str){ zeros, LIMIT_DECODED + 1 });

	(void)state;
	assert_paper("plain", (struct paper){ "/spool/a b.txt", STR("From here\n{\n"), LIMIT_BODY }, &any,
		     "file:///spool/a%20b.txt |  |  | a b.txt | - | file:///spool/a%20b.txt | From here~{~\n");
	assert_paper("compressed", (struct paper){ "/7f.gz", gzipped(a, STR("a leak")), LIMIT_BODY }, &any,
		     "file:///7f.gz |  |  | 7f.gz | - | file:///7f.gz | a leak\n");
	assert_paper("a page", (struct paper){ "/x.html", STR("<title>T</title><p>one<p>two"), LIMIT_BODY }, &any,
		     "file:///x.html |  |  | T | - | file:///x.html | one~~two\n");
	assert_paper("in pieces that end with a line", (struct paper){ "/x", STR("one\ntwo\nthree\n"), 10 }, &any,
		     "file:///x |  |  | x | - | file:///x | one~two~\n"
		     "file:///x#offset=8 |  |  | x | - | file:///x#offset=8 | three~\n");
	assert_paper("a bomb", (struct paper){ "/7f.gz", bomb, LIMIT_BODY }, &any,
		     "trouble: byte 0: the body has more than 16777216 bytes once decompressed\n");
	assert_paper("a name in no encoding", (struct paper){ "/\xff", STR("x"), LIMIT_BODY }, &any,
		     "file:///%FF |  |  | \xef\xbf\xbd | - | file:///%FF | x\n");
}

static void a_folder_lists_its_files(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct reply r = { .url = STR("file:///s/"),
			   .etag = STR("\"8\""),
			   .kind = PAGE_FOLDER,
			   .body = STR("file:///s/a\r\nfile:///s/b%20c\r\nhttps://example.com/\r\n# more\r\n# a word\r\n") };
	struct page page = { 0 };

	(void)state;
	assert_int_equal(extract_page(&any, &r, a, &page, NULL), 0);
	assert_int_equal(page.n_next, 2);
	assert_str(page.next[1].url, "file:///s/b%20c");
	assert_int_equal(page.next[1].kind, PAGE_LOCAL);
	assert_true(page.more);
	assert_str(page.trouble, "a word");
	assert_str(page.etag, "\"8\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_name_is_an_address_and_back),
		cmocka_unit_test(what_leads_elsewhere_is_no_address),
		cmocka_unit_test(a_place_is_kept_and_read_back),
		cmocka_unit_test(what_collectors_write_in_json_is_read),
		cmocka_unit_test(a_source_may_say_where_its_fields_are),
		cmocka_unit_test(a_growing_file_is_read_from_where_it_ended),
		cmocka_unit_test(a_record_larger_than_a_piece_is_named_and_passed_over),
		cmocka_unit_test(more_posts_than_a_piece_may_give_are_all_read_once),
		cmocka_unit_test(an_mbox_is_read_mail_by_mail),
		cmocka_unit_test(a_mail_larger_than_a_piece_is_read_as_far_as_it_goes),
		cmocka_unit_test(pages_in_a_warc_file_are_posts),
		cmocka_unit_test(damage_in_a_warc_file_costs_a_record),
		cmocka_unit_test(a_text_is_a_post),
		cmocka_unit_test(a_folder_lists_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
