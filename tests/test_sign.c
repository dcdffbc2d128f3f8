/* test_sign.c - signatures, with keys made by openssl and against it */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sign.h"

struct bench {
	char folder[64];
	struct err err;
};

/* Run a shell command in the folder of the test. */
static int shell(const struct bench *b, const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && { %s; } >out.txt 2>&1", b->folder, command);
	return system(line);
}

static const char *path(const struct bench *b, const char *name)
{
	static char text[4][128];
	static int next;

	next = (next + 1) % 4;
	snprintf(text[next], sizeof(text[next]), "%s/%s", b->folder, name);
	return text[next];
}

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	snprintf(b->folder, sizeof(b->folder), "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	assert_int_equal(
		shell(b, "openssl genpkey -algorithm ed25519 -out one.pem && openssl genpkey -algorithm ed25519 -out two.pem"
			 " && openssl pkey -in one.pem -pubout -out one.pub"
			 " && openssl pkey -in one.pem -aes256 -passout pass:x -out locked.pem"
			 " && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out curve.pem"
			 " && echo hello >text.pem && : >empty.pem"
			 " && head -c 60 one.pem >cut.pem"),
		0);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	file_remove_folder(b->folder, NULL);
	free(b);
	return 0;
}

static void what_we_sign_openssl_verifies(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(sign_key) key = sign_key_load(path(b, "one.pem"), &b->err);
	AUTO(buf) pem = BUF_INIT(1024);
	unsigned char signature[SIGN_BYTES];

	assert_non_null(key);
	assert_int_equal(sign_bytes(key, STR("a text\n"), signature, &b->err), 0);
	assert_int_equal(sign_public_pem(key, &pem), 0);
	file_replace(path(b, "made.pub"), buf_str(&pem), 0600, &b->err);
	file_replace(path(b, "text"), STR("a text\n"), 0600, &b->err);
	file_replace(path(b, "signature"), (struct str){ (const char *)signature, SIGN_BYTES }, 0600, &b->err);
	assert_int_equal(shell(b, "cmp made.pub one.pub"), 0);
	assert_int_equal(shell(b, "openssl pkeyutl -verify -pubin -inkey made.pub -rawin -in text -sigfile signature"), 0);
	assert_int_not_equal(
		shell(b, "echo x >>text; openssl pkeyutl -verify -pubin -inkey made.pub -rawin -in text -sigfile signature"),
		0);
}

static void what_openssl_signs_we_verify(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(sign_key) key = sign_public_load(path(b, "one.pub"), &b->err);
	AUTO(buf) signature = BUF_INIT(1024);

	assert_int_equal(
		shell(b, "printf 'a text' >text && openssl pkeyutl -sign -inkey one.pem -rawin -in text -out signature"), 0);
	read_fixture(path(b, "signature"), &signature);
	assert_true(sign_verifies(key, STR("a text"), buf_str(&signature)));
}

static void one_bit_less_of_key_text_or_signature_does_not_verify(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(sign_key) key = sign_key_load(path(b, "one.pem"), &b->err);
	AUTO_FREE(sign_key) other = sign_key_load(path(b, "two.pem"), &b->err);
	unsigned char signature[SIGN_BYTES];
	struct str s = { (const char *)signature, SIGN_BYTES };

	assert_int_equal(sign_bytes(key, STR("text"), signature, &b->err), 0);
	assert_true(sign_verifies(key, STR("text"), s));
	assert_false(sign_verifies(other, STR("text"), s));
	assert_false(sign_verifies(key, STR("tex"), s));
	assert_false(sign_verifies(key, STR(""), s));
	assert_false(sign_verifies(key, STR("text"), str_slice(s, 0, SIGN_BYTES - 1)));
	assert_false(sign_verifies(key, STR("text"), STR("")));
	for (int bit = 0; bit < 8 * SIGN_BYTES; bit++) {
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(sign_verifies(key, STR("text"), s));
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	assert_true(sign_verifies(key, STR("text"), s));
}

static void a_public_key_travels_as_bytes(void **state)
{
	struct bench *b = *state;
	AUTO_FREE(sign_key) key = sign_key_load(path(b, "one.pem"), &b->err);
	unsigned char der[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
	struct str bytes;

	sign_public_der(key, der);
	bytes = exact_copy((struct str){ (const char *)der, sizeof(der) });
	{
		AUTO_FREE(sign_key) read = sign_public_read(bytes, &b->err);

		assert_non_null(read);
		assert_int_equal(sign_bytes(key, STR("x"), signature, &b->err), 0);
		assert_true(sign_verifies(read, STR("x"), (struct str){ (const char *)signature, SIGN_BYTES }));
		assert_int_equal(sign_bytes(read, STR("x"), signature, &b->err), E_USAGE);
	}
	for (size_t n = 0; n < bytes.n; n++) {
		struct str cut = exact_copy(str_slice(bytes, 0, n));

		assert_null(sign_public_read(cut, &b->err));
		assert_int_equal(b->err.code, E_BAD);
		free((char *)cut.p);
	}
	free((char *)bytes.p);
}

static void a_file_that_is_no_such_key_is_said_what_it_is(void **state)
{
	static const struct {
		const char *name, *says;
		int code;
	} rows[] = {
		{ "one.pub", "holds a public key", E_USAGE }, { "locked.pem", "locked with a passphrase", E_USAGE },
		{ "curve.pem", "expected Ed25519", E_USAGE }, { "text.pem", "holds no key", E_USAGE },
		{ "empty.pem", "holds no key", E_USAGE },     { "cut.pem", "holds no key", E_USAGE },
		{ "absent.pem", "cannot open", E_IO },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(sign_key_load(path(b, rows[i].name), &b->err));
		assert_int_equal(b->err.code, rows[i].code);
		if (!strstr(b->err.text, rows[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].name, b->err.text, rows[i].says);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_we_sign_openssl_verifies),
		TEST(what_openssl_signs_we_verify),
		TEST(one_bit_less_of_key_text_or_signature_does_not_verify),
		TEST(a_public_key_travels_as_bytes),
		TEST(a_file_that_is_no_such_key_is_said_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
