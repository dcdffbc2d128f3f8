/* test_decode.c - what is encoded in a text is opened, and every byte of it leads back */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "classify/decode.h"

static const char secret[] = "AKIAQ4ZR7TMW2XK5NVLB";

/* Made by base64, xxd, gzip, bzip2 and Python's urllib and zlib from a line that holds the secret. */
static const struct {
	const char *coding, *why, *text;
} rows[] = {
	{ "base64", "padded", "YXdzX2FjY2Vzc19rZXlfaWQgPSBBS0lBUTRaUjdUTVcyWEs1TlZMQgo=" },
	{ "base64", "without padding", "YXdzX2FjY2Vzc19rZXlfaWQgPSBBS0lBUTRaUjdUTVcyWEs1TlZMQgo" },
	{ "base64", "url-safe digits", "w7_Dvj8_Pj4gYXdzX2FjY2Vzc19rZXlfaWQgPSBBS0lBUTRaUjdUTVcyWEs1TlZMQiB-fn4K" },
	{ "base64", "wrapped at 20, as `base64 -w 20` does", "YXdzX2FjY2Vzc19rZXlf\naWQgPSBBS0lBUTRaUjdU\nTVcyWEs1TlZMQgo=" },
	{ "base64", "wrapped at 16 with CRLF and quoted",
	  "> YXdzX2FjY2Vzc19r\r\n> ZXlfaWQgPSBBS0lB\r\n> UTRaUjdUTVcyWEs1\r\n> TlZMQgo=" },
	{ "base64", "behind a name and an equals sign", "data=YXdzX2FjY2Vzc19rZXlfaWQgPSBBS0lBUTRaUjdUTVcyWEs1TlZMQgo=; x" },
	{ "base64", "three letters before it belong to the run",
	  "abcYXdzX2FjY2Vzc19rZXlfaWQgPSBBS0lBUTRaUjdUTVcyWEs1TlZMQgo=" },
	{ "hex", "small letters", "6177735f6163636573735f6b65795f6964203d20414b494151345a5237544d5732584b354e564c420a" },
	{ "hex", "capitals, wrapped as xxd -p does",
	  "6177735F6163636573735F6B65795F6964203D20414B494151345A523754\n4D5732584B354E564C420A" },
	{ "percent", "every sign",
	  "%61%77%73%5F%61%63%63%65%73%73%5F%6B%65%79%5F%69%64%20%3D%20%41%4B%49%41%51%34%5A%52%37%54%4D%57%32%58%4B%35%4E%56%"
	  "4C%42%0A" },
	{ "percent", "as a form sends it", "q=aws_access_key_id%20%3D%20AKIAQ4ZR7TMW2XK5NVLB%0A" },
	{ "quoted-printable", "a soft break within the key", "aws=5Faccess=5Fkey=5Fid=20=3D=20AKIA=\nQ4ZR7TMW2XK5NVLB\n" },
	{ "escapes", "JSON, every character",
	  "\\u0061\\u0077\\u0073\\u005f\\u0061\\u0063\\u0063\\u0065\\u0073\\u0073\\u005f\\u006b\\u0065\\u0079\\u005f\\u0069\\u0"
	  "064\\u0020\\u003d\\u0020\\u0041\\u004b\\u0049\\u0041\\u0051\\u0034\\u005a\\u0052\\u0037\\u0054\\u004d\\u0057\\u0032"
	  "\\u0058\\u004b\\u0035\\u004e\\u0056\\u004c\\u0042\\u000a" },
	{ "escapes", "C",
	  "\\x61\\x77\\x73\\x5f\\x61\\x63\\x63\\x65\\x73\\x73\\x5f\\x6b\\x65\\x79\\x5f\\x69\\x64\\x20\\x3d\\x20\\x41\\x4b\\x49"
	  "\\x41\\x51\\x34\\x5a\\x52\\x37\\x54\\x4d\\x57\\x32\\x58\\x4b\\x35\\x4e\\x56\\x4c\\x42\\x0a" },
	{ "base64", "UTF-16, as PowerShell's -EncodedCommand wants it",
	  "YQB3AHMAXwBhAGMAYwBlAHMAcwBfAGsAZQB5AF8AaQBkACAAPQAgAEEASwBJAEEAUQA0AFoAUgA3AFQATQBXADIAWABLADUATgBWAEwAQgAKAA==" },
	{ "base64", "UTF-16 with the other byte first",
	  "AGEAdwBzAF8AYQBjAGMAZQBzAHMAXwBrAGUAeQBfAGkAZAAgAD0AIABBAEsASQBBAFEANABaAFIANwBUAE0AVwAyAFgASwA1AE4AVgBMAEIACg==" },
	{ "base64", "gzip", "H4sIAAAAAAACA0ssL45PTE5OLS6Oz06tjM9MUbBVcPT2dAw0iQoyD/ENN4rwNvUL83HiAgA3YHoeKQAAAA==" },
	{ "base64", "zlib", "eJxLLC+OT0xOTi0ujs9OrYzPTFGwVXD09nQMNIkKMg/xDTeK8Db1C/Nx4gIAMZMNKg==" },
	{ "base64", "bzip2",
	  "QlpoOTFBWSZTWc4G0HQAAA5fgAAQQAAWgjAvNdCuKAigIAAxjAAAAAFNINqNNGTZR6R6nqCg2pOou34xKhFXA7GZGrAiX8UPsnNFoh+"
	  "LuSKcKEhnA2g6AA==" },
	{ "hex", "gzip",
	  "1f8b08000000000002034b2c2f8e4f4c4e4e2d2e8ecf4ead8ccf4c51b05570f4f6740c34890a320ff10d378af036f50bf371e2020037607a1e29"
	  "000000" },
	{ "base64", "base64 of base64 of hex",
	  "TmpFM056Y3pOV1kyTVRZek5qTTJOVGN6TnpNMVpqWmlOalUzT1RWbU5qazJOREl3TTJReU1EUXhOR0kwT1RReE5URXpORFZoTlRJek56VTBOR1ExTnpN"
	  "eU5UZzBZak0xTkdVMU5qUmpOREl3WVE9PQ==" },
	{ "base64", "a gzip stream that was cut",
	  "H4sIAAAAAAACA0ssL45PTE5OLS6Oz06tjM9MUbBVcPT2dAw0iQoyD/ENN4rwNvUL83HiSqS6Qg" },
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static void open_all(struct layers *l, struct arena *a, struct str text)
{
	layers_begin(l, a, text);
	for (size_t i = 0; i < l->n; i++)
		layers_open(l, i);
}

/* The deepest layer that holds the secret; its place in *span. */
static bool find_secret(const struct layers *l, struct span *span)
{
	for (size_t i = l->n; i-- > 0;) {
		ssize_t at = str_find(l->items[i].text, str_of(secret));

		if (at < 0)
			continue;
		*span = (struct span){ (int)i, (size_t)at, (size_t)at + strlen(secret) };
		return true;
	}
	return false;
}

static void each_coding_is_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct str copy = exact_copy(str_of(rows[i].text));
		struct layers l;
		struct span span, root;
		bool coding = false;

		open_all(&l, a, copy);
		if (!find_secret(&l, &span) || span.layer == 0) {
			print_error("%s, %s: not opened\n", rows[i].coding, rows[i].why);
			fail();
		}
		root = layers_root(&l, span);
		assert_int_equal(root.layer, 0);
		assert_true(root.end <= copy.n && root.end > root.start);
		for (size_t k = 1; k < l.n; k++)
			coding |= strcmp(l.items[k].coding, rows[i].coding) == 0;
		assert_true(coding);
		free((char *)copy.p);
	}
}

static void an_offset_leads_back_to_the_very_bytes(void **state)
{
	static const char text[] = "see q=%41KIAQ4ZR7%54MW2XK5NVL%42 and so on";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct layers l;
	struct span span, root;

	(void)state;
	open_all(&l, a, str_of(text));
	assert_true(find_secret(&l, &span));
	root = layers_root(&l, span);
	assert_int_equal(root.start, strlen("see q="));
	assert_int_equal(root.end, strlen("see q=%41KIAQ4ZR7%54MW2XK5NVL%42"));
}

static void lines_of_a_json_string_begin_where_the_string_does(void **state)
{
	static const struct {
		const char *why, *text, *inside;
	} strings[] = {
		{ "lines", "{\"id\": 7, \"content\": \"a:b\\nc:d\\n\"}", "\na:b\nc:d\n\n" },
		{ "no line ends: the marks stay", "{\"id\": 7, \"content\": \"a\\u0040b\"}", "\"content\": \"a@b\"" },
		{ "marks within", "x = \"say \\\"a\\\"\\nb\\nc\";", "\nsay \"a\"\nb\nc\n;" },
		{ "no end", "x = \"a\\nb\\nc", "x = \"a\nb\nc" },
	};
	AUTO_FREE(arena) a = arena_new(MIB(16));

	(void)state;
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		struct str copy = exact_copy(str_of(strings[i].text));
		struct layers l;
		bool found = false;

		open_all(&l, a, copy);
		for (size_t k = 1; k < l.n; k++)
			found |= str_find(l.items[k].text, str_of(strings[i].inside)) >= 0;
		if (!found) {
			print_error("%s: %.*s\n", strings[i].why, STR_ARG(l.items[l.n - 1].text));
			fail();
		}
		free((char *)copy.p);
	}
}

static void ordinary_text_has_one_layer(void **state)
{
	static const char *const texts[] = {
		"",
		"A",
		"The quick brown fox jumps over the lazy dog, 17 times.",
		"src/very/long/path/to/some/source/file/with/many/parts_and_names.c",
		"commit 9f1c03be57a2d84610ecb7f395d2a6849f1c03be",
		"sha512-vT2xLp9ZrK4nWb8YcH3sJ6dUe1fGoAa5Vt0XiQm7vT2xLp9ZrK4nWb8YcH3sJ6dUe1fGoAa5Vt0XiQm7vT2xLp==",
		"100% of 5% and =1+2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct layers l;

		open_all(&l, a, str_of(texts[i]));
		if (l.n != 1) {
			print_error("%s: %s\n", texts[i], l.items[1].coding);
			fail();
		}
	}
}

/* 30 MB of one letter, compressed and in base64. */
static struct str bomb(struct arena *a)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uLong n = 30000000;
	uLongf packed_n = 100000;
	unsigned char *letters = calloc(1, n), *packed = calloc(1, packed_n + 3);
	char *out = arena_alloc(a, 140000);
	size_t k = 0;

	memset(letters, 'A', n);
	assert_int_equal(compress(packed, &packed_n, letters, n), Z_OK);
	for (size_t i = 0; i < packed_n; i += 3) {
		uint32_t bits = (uint32_t)packed[i] << 16 | (uint32_t)packed[i + 1] << 8 | packed[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			out[k++] = digits[bits >> shift & 63];
	}
	free(letters);
	free(packed);
	return (struct str){ out, k };
}

static void ceilings_hold(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	static const char *const pieces[] = { "%41", "\\u0041", "=41", "QUJD", "4142", "\xef\xbf\xbd", "A\xef\xbf\xbd" };
	struct layers l;

	(void)state;
	open_all(&l, a, bomb(a));
	assert_true(l.n > 1 && l.decoded <= LIMIT_DECODED_TEXT);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		size_t n = strlen(pieces[i]), times = LIMIT_TEXT / n;
		char *text = malloc(n * times);

		for (size_t k = 0; k < times; k++)
			memcpy(text + k * n, pieces[i], n);
		arena_clear(a);
		open_all(&l, a, (struct str){ text, n * times });
		assert_true(l.n <= LIMIT_LAYERS + 1);
		assert_true(l.decoded <= LIMIT_DECODED_TEXT);
		for (size_t k = 0; k < l.n; k++)
			assert_true(utf8_is_clean(l.items[k].text));
		free(text);
	}
}

static void codings_around_each_other_are_opened_to_a_depth_of_three(void **state)
{
	/* base64 four times over */
	static const char four[] =
		"VlZaV01GTnNSbGRTVkVKWVlrVnJlbFpyVlhoWFJURnpZVVY0VDFaVVZsaFdSVlpLV2pGc1dFNVhkRXBUUlRVeVdXeGtWbG95U2xoUFdHeGhWVE"
		"JKZDFkc2FHOU5SV3hJWVVkNGFtSldWbTVhUldNMFdqRnNkRlpYWkdsTk1FcHpXVzB4VjJGM1BUMD0=";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct layers l;
	int deepest = 0;

	(void)state;
	open_all(&l, a, str_of(four));
	for (size_t i = 0; i < l.n; i++)
		deepest = l.items[i].depth > deepest ? l.items[i].depth : deepest;
	assert_int_equal(deepest, LIMIT_DECODE_DEPTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_coding_is_opened),
		cmocka_unit_test(an_offset_leads_back_to_the_very_bytes),
		cmocka_unit_test(lines_of_a_json_string_begin_where_the_string_does),
		cmocka_unit_test(ordinary_text_has_one_layer),
		cmocka_unit_test(ceilings_hold),
		cmocka_unit_test(codings_around_each_other_are_opened_to_a_depth_of_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
