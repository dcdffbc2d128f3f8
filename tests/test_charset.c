/* test_charset.c - which encoding, content codings, and clean UTF-8 in the end */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/decode.h"

static void the_order_is_mark_header_page_looks(void **state)
{
	static const struct {
		const char *why, *body, *content_type, *encoding, *from;
	} rows[] = {
		{ "a mark beats the header", "\xef\xbb\xbfx", "text/plain; charset=koi8-r", "utf-8", "bom" },
		{ "the header beats the page", "<meta charset=koi8-r>", "text/html; charset=windows-1251", "windows-1251",
		  "http" },
		{ "quoted in the header", "x", "text/html; Charset=\"KOI8-R\"", "koi8-r", "http" },
		{ "a label is an encoding", "x", "text/html; charset=latin1", "windows-1252", "http" },
		{ "an unknown label says nothing", "<meta charset=koi8-u>", "text/html; charset=klingon", "koi8-u", "meta" },
		{ "the old form of meta", "<meta http-equiv=Content-Type content='text/html; charset=euc-kr'>", "", "euc-kr",
		  "meta" },
		{ "an XML declaration", "<?xml version='1.0' encoding='iso-8859-2'?><a/>", "text/xml", "iso-8859-2", "meta" },
		{ "a page that claims UTF-16 in ASCII lies", "<meta charset=utf-16le>", "", "utf-8", "meta" },
		{ "a comment is no tag", "<!-- <meta charset=koi8-r> -->abc", "text/html", "ascii", "detected" },
		{ "a plain text declares nothing", "<meta charset=koi8-r>\xc3\xa9", "text/plain", "utf-8", "detected" },
		{ "UTF-8 is recognised", "\xd0\xbf\xd1\x80", "", "utf-8", "detected" },
		{ "nothing at all", "", "", "ascii", "detected" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str body = exact_copy(str_of(rows[i].body));
		struct str type = exact_copy(str_of(rows[i].content_type));
		struct charset c = charset_of(body, type);

		free((char *)body.p);
		free((char *)type.p);
		if (!str_eq(c.encoding, str_of(rows[i].encoding)) || !str_eq(c.from, str_of(rows[i].from)))
			fail_msg("%s: %.*s from %.*s", rows[i].why, STR_ARG(c.encoding), STR_ARG(c.from));
	}
}

static void a_label_beyond_the_first_kilobyte_is_not_read(void **state)
{
	AUTO(buf) b = BUF_INIT(4096);

	(void)state;
	while (b.n < 1020)
		buf_add_char(&b, ' ');
	buf_add(&b, STR("<meta charset=koi8-r>"));
	assert_str(charset_of(buf_str(&b), STR("text/html")).from, "detected");
}

static struct str decoded(struct arena *a, struct str body, const char *content_type)
{
	struct str copy = exact_copy(body), text;
	struct charset c = charset_of(copy, str_of(content_type));

	text = arena_copy(a, charset_decode(a, copy, &c));
	free((char *)copy.p);
	return text;
}

static void text_becomes_clean_utf8(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	assert_str(decoded(a, STR("\xcf\xf0\xe8\xe2\xe5\xf2"), "text/plain; charset=cp1251"),
		   "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82");
	assert_str(decoded(a, STR("\x80"), "text/plain; charset=iso-8859-1"), "\xe2\x82\xac"); /* as WHATWG has it */
	assert_str(decoded(a,
			   (struct str){ "\xff\xfe"
					 "a\0\xe9\0",
					 6 },
			   ""),
		   "a\xc3\xa9");
	assert_str(decoded(a, (struct str){ "\0a\0b\0c\0d", 8 }, ""), "abcd"); /* no mark */
	assert_str(decoded(a, STR("\xef\xbb\xbfx"), ""), "x");
	assert_str(decoded(a, (struct str){ "a\0b\xff", 4 }, "text/plain; charset=utf-8"),
		   "a" UTF8_REPLACEMENT "b" UTF8_REPLACEMENT);
	assert_str(decoded(a, STR("\x1b$B$\"\x1b(B"), ""), "\xe3\x81\x82"); /* ISO-2022-JP looks like ASCII */
}

static void clean_text_is_not_copied(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str body = STR("plain \xc3\xa9");
	struct charset c = charset_of(body, STR("text/plain; charset=utf-8"));

	(void)state;
	assert_ptr_equal(charset_decode(a, body, &c).p, body.p);
	assert_int_equal(arena_used(a), 0);
}

static void every_converter_of_the_table_exists(void **state)
{
	(void)state;
	assert_int_equal(charset_warm_up(), 0);
}

/* The file's text as the encoding in its name has it; to compare with what we made of it unasked. */
static bool reads_as(struct arena *a, struct str body, struct str encoding, struct str *name)
{
	struct charset labelled = { .encoding = encoding }, c = charset_of(body, STR("text/plain"));

	*name = c.encoding;
	return str_eq(charset_decode(a, body, &c), charset_decode(a, body, &labelled));
}

static void count_folder(const char *folder, int *right, int *files)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) body = BUF_INIT(LIMIT_BODY);
		char path[1024];
		struct str encoding = { entry->d_name, strcspn(entry->d_name, ".") }, name;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		read_fixture(path, &body);
		if (str_starts(encoding, STR("utf-16")) && str_ends(str_of(entry->d_name), STR(".be")))
			encoding = STR("utf-16be");
		++*files;
		if (reads_as(a, buf_str(&body), encoding, &name))
			++*right;
		else
			print_message("%s: %.*s\n", path, STR_ARG(name));
	}
	closedir(dir);
}

static void labelled_files_are_recognised(void **state)
{
	static const char *const languages[] = { "ar", "bg", "da", "de", "el", "en", "es", "fr", "ja", "ko", "ru", "zh" };
	int right = 0, files = 0;
	char path[256];

	(void)state;
	if (!shared_data("charset/ru", path, sizeof(path)))
		skip();
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		snprintf(path, sizeof(path), "../shared/data/charset/%s", languages[i]);
		count_folder(path, &right, &files);
	}
	print_message("charset: %d of %d files\n", right, files);
	assert_true(right * 100 >= files * 90);
}

/* `body` compressed; `bits` as for deflateInit2(). */
static void compress_to(struct buf *out, struct str body, int bits)
{
	z_stream z = { 0 };
	char *room;

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)body.p;
	z.avail_in = (unsigned)body.n;
	room = buf_room(out, deflateBound(&z, body.n));
	assert_non_null(room);
	z.next_out = (unsigned char *)room;
	z.avail_out = (unsigned)deflateBound(&z, body.n);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n += z.total_out;
	deflateEnd(&z);
}

static int decode(struct arena *a, struct str body, const char *coding, struct str *out, struct err *err)
{
	struct str copy = exact_copy(body);
	int result = decode_body(a, copy, str_of(coding), out, err);

	if (result == 0)
		*out = arena_copy(a, *out);
	free((char *)copy.p);
	return result;
}

static void codings_come_off_in_reverse(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) gzip = BUF_INIT(4096);
	AUTO(buf) zlib = BUF_INIT(4096);
	AUTO(buf) raw = BUF_INIT(4096);
	AUTO(buf) twice = BUF_INIT(4096);
	struct str out;

	(void)state;
	compress_to(&gzip, STR("hello"), 31);
	compress_to(&zlib, STR("hello"), 15);
	compress_to(&raw, STR("hello"), -15);
	compress_to(&twice, buf_str(&zlib), 31);
	assert_int_equal(decode(a, buf_str(&gzip), "gzip", &out, NULL), 0);
	assert_str(out, "hello");
	assert_int_equal(decode(a, buf_str(&gzip), " X-GZIP , identity", &out, NULL), 0);
	assert_str(out, "hello");
	assert_int_equal(decode(a, buf_str(&zlib), "deflate", &out, NULL), 0);
	assert_str(out, "hello");
	assert_int_equal(decode(a, buf_str(&raw), "deflate", &out, NULL), 0);
	assert_str(out, "hello");
	assert_int_equal(decode(a, buf_str(&twice), "deflate, gzip", &out, NULL), 0);
	assert_str(out, "hello");
	buf_add(&gzip, buf_str(&(struct buf){ .p = gzip.p, .n = gzip.n }));
	assert_int_equal(decode(a, buf_str(&gzip), "gzip", &out, NULL), 0);
	assert_str(out, "hellohello"); /* two members, RFC 1952 2.2 */
	assert_int_equal(decode(a, STR("plain"), "", &out, NULL), 0);
	assert_str(out, "plain");
	assert_int_equal(decode(a, STR(""), "gzip", &out, NULL), 0);
	assert_int_equal(out.n, 0);
}

static void damaged_codings_are_refused_with_a_reason(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) gzip = BUF_INIT(4096);
	struct err err = { 0 };
	struct str out;

	(void)state;
	compress_to(&gzip, STR("hello, hello, hello"), 31);
	for (size_t n = 1; n < gzip.n; n++)
		assert_int_equal(decode(a, str_slice(buf_str(&gzip), 0, n), "gzip", &out, &err), E_BAD);
	assert_non_null(strstr(err.text, "ends too early"));
	gzip.p[gzip.n - 6] ^= 1; /* its checksum */
	assert_int_equal(decode(a, buf_str(&gzip), "gzip", &out, &err), E_BAD);
	assert_int_equal(decode(a, STR("not gzip at all"), "gzip", &out, &err), E_BAD);
	assert_int_equal(decode(a, STR("x"), "br", &out, &err), E_BAD);
	assert_int_equal(decode(a, STR("x"), "gzip,gzip,gzip,gzip", &out, &err), E_BAD);
}

static void a_bomb_meets_the_ceiling(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) zeros = BUF_INIT(LIMIT_DECODED + 1);
	AUTO(buf) bomb = BUF_INIT(2 * LIMIT_DECODED);
	AUTO(buf) twice = BUF_INIT(2 * LIMIT_DECODED);
	struct err err = { 0 };
	struct str out;

	(void)state;
	memset(buf_room(&zeros, LIMIT_DECODED + 1), 0, LIMIT_DECODED + 1);
	zeros.n = LIMIT_DECODED + 1;
	compress_to(&bomb, buf_str(&zeros), 31);
	compress_to(&twice, buf_str(&bomb), 31);
	assert_int_equal(decode(a, buf_str(&bomb), "gzip", &out, &err), E_LIMIT);
	assert_non_null(strstr(err.text, "once decompressed"));
	assert_int_equal(decode(a, buf_str(&twice), "gzip, gzip", &out, &err), E_LIMIT);
	bomb.n = 0;
	compress_to(&bomb, str_slice(buf_str(&zeros), 0, LIMIT_DECODED), 31);
	arena_clear(a);
	assert_int_equal(decode(a, buf_str(&bomb), "gzip", &out, &err), 0); /* as much as may be */
	assert_int_equal(out.n, LIMIT_DECODED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_is_mark_header_page_looks),
		cmocka_unit_test(a_label_beyond_the_first_kilobyte_is_not_read),
		cmocka_unit_test(text_becomes_clean_utf8),
		cmocka_unit_test(clean_text_is_not_copied),
		cmocka_unit_test(every_converter_of_the_table_exists),
		cmocka_unit_test(labelled_files_are_recognised),
		cmocka_unit_test(codings_come_off_in_reverse),
		cmocka_unit_test(damaged_codings_are_refused_with_a_reason),
		cmocka_unit_test(a_bomb_meets_the_ceiling),
	};

	return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
