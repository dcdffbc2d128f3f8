/* test_chunks.c - the chunked coding as RFC 9112 7.1 has it, and everything else refused */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crawler/chunks.h"

enum { WHOLE = 1, CUT = 0 };

static void chunks_are_joined_or_refused(void **state)
{
	static const struct {
		const char *why, *wire;
		int result;
		const char *body;
	} rows[] = {
		{ "the RFC's shape", "4\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\n", WHOLE,
		  "Wikipedia in \r\nchunks." },
		{ "one chunk", "5\r\nhello\r\n0\r\n\r\n", WHOLE, "hello" },
		{ "no text at all", "0\r\n\r\n", WHOLE, "" },
		{ "sizes in both cases", "a\r\n0123456789\r\nA\r\n9876543210\r\n0\r\n\r\n", WHOLE, "01234567899876543210" },
		{ "zeros in front", "00000005\r\nhello\r\n000\r\n\r\n", WHOLE, "hello" },
		{ "extensions", "5;name=value\r\nhello\r\n0;last\r\n\r\n", WHOLE, "hello" },
		{ "white space before them", "5 ; a\r\nhello\r\n0\r\n\r\n", WHOLE, "hello" },
		{ "white space behind the size, as some servers pad it", "5  \r\nhello\r\n0  \r\n\r\n", WHOLE, "hello" },
		{ "trailers", "5\r\nhello\r\n0\r\nExpires: never\r\nX: y\r\n\r\n", WHOLE, "hello" },
		{ "what follows is another message's", "5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK", WHOLE, "hello" },
		{ "a line end within a chunk is text", "4\r\n\r\n\r\n\r\n0\r\n\r\n", WHOLE, "\r\n\r\n" },
		{ "nothing came", "", CUT, "" },
		{ "cut in a size", "5", CUT, "" },
		{ "cut in a chunk", "5\r\nhel", CUT, "hel" },
		{ "cut before the end of a chunk's line", "5\r\nhello", CUT, "hello" },
		{ "cut within the end of a chunk's line", "5\r\nhello\r", CUT, "hello" },
		{ "no last chunk", "5\r\nhello\r\n", CUT, "hello" },
		{ "no end of the trailers", "5\r\nhello\r\n0\r\n", CUT, "hello" },
		{ "cut in the second of two", "2\r\nhe\r\n5\r\nllo", CUT, "hello" },
		{ "not chunked", "<!DOCTYPE html>\r\n", E_BAD, NULL },
		{ "an empty size", "\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "a negative size", "-5\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "a prefix of C", "0x5\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "white space before the size", " 5\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "a size that no memory has", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "a size that wraps round", "100000000000000005\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "a chunk longer than it says", "4\r\nhello\r\n0\r\n\r\n", E_BAD, NULL },
		{ "lines that end with LF alone", "5\nhello\n0\n\n", CUT, "" },
	};
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str wire = exact_copy(str_of(rows[i].wire)), out = { 0 };
		struct err err = { 0 };
		int result = chunks_join(a, STR("Chunked"), wire, &out, &err);

		if (result != rows[i].result)
			fail_msg("%s: %d, expected %d: %s", rows[i].why, result, rows[i].result, err.text);
		if (result >= 0)
			assert_str(out, rows[i].body);
		else
			assert_true(strlen(err.text) > 10);
		free((char *)(uintptr_t)wire.p);
	}
}

static void a_line_between_chunks_that_never_ends_is_refused(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(buf) wire = BUF_INIT(MIB(1));
	struct err err = { 0 };
	struct str out;

	(void)state;
	buf_add(&wire, STR("5;"));
	memset(buf_room(&wire, 5000), 'x', 5000);
	wire.n += 5000;
	assert_int_equal(chunks_join(a, STR("chunked"), buf_str(&wire), &out, &err), E_BAD);
}

static void only_what_we_cannot_do_without_is_undone(void **state)
{
	static const struct {
		const char *why, *coding;
		int result;
	} rows[] = {
		{ "no transfer coding", "", 1 },
		{ "compressed on the way, which we never ask for", "gzip, chunked", E_BAD },
		{ "twice", "chunked, chunked", E_BAD },
		{ "unknown", "identity", E_BAD },
	};
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = { 0 };
		struct str out = { 0 };

		if (chunks_join(a, str_of(rows[i].coding), STR("as it came"), &out, &err) != rows[i].result)
			fail_msg("%s", rows[i].why);
		if (rows[i].result > 0)
			assert_str(out, "as it came");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_are_joined_or_refused),
		cmocka_unit_test(a_line_between_chunks_that_never_ends_is_refused),
		cmocka_unit_test(only_what_we_cannot_do_without_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
