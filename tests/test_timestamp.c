/* test_timestamp.c - time-stamps of a real authority: `openssl ts` with certificates made for the test */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/timestamp.h"

struct bench {
	char folder[64];
	struct timestamp_query query;
	struct err err;
};

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
	char line[128];

	snprintf(b->folder, sizeof(b->folder), "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	snprintf(line, sizeof(line), "tests/authority/make %s", b->folder);
	assert_int_equal(system(line), 0);
	digest_sha256(STR("the head of a chain"), b->query.digest);
	digest_random(b->query.nonce, sizeof(b->query.nonce));
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

/* Ask the authority: the request as we write it, its answer as it gives it. */
static void answer(struct bench *b, const char *options, struct buf *reply)
{
	AUTO(buf) request = BUF_INIT(4096);
	char line[256];

	assert_int_equal(timestamp_request(&b->query, &request, &b->err), 0);
	assert_int_equal(file_replace(path(b, "query"), buf_str(&request), 0600, &b->err), 0);
	snprintf(line, sizeof(line), "openssl ts -reply -config tsa.cnf -queryfile query -out reply %s", options);
	assert_int_equal(shell(b, line), 0);
	read_fixture(path(b, "reply"), reply);
}

#define REPLY_INIT BUF_INIT(LIMIT_TIMESTAMP)

static void a_token_names_its_time_and_is_verified_by_openssl_too(void **state)
{
	struct bench *b = *state;
	AUTO(buf) reply = REPLY_INIT;
	AUTO(buf) token = REPLY_INIT;
	struct timestamp got = { 0 }, again = { 0 };
	char hex[DIGEST_HEX], line[256];

	answer(b, "", &reply);
	if (timestamp_reply(buf_str(&reply), &b->query, path(b, "ca.pem"), &token, &got, &b->err) < 0)
		fail_msg("%s", b->err.text);
	assert_true(llabs(got.at - clock_now_us()) < 60 * INT64_C(1000000));
	assert_string_equal(got.authority, "CN=Test time-stamping");
	assert_int_equal(timestamp_check(buf_str(&token), b->query.digest, path(b, "ca.pem"), &again, &b->err), 0);
	assert_int_equal(again.at, got.at);
	assert_string_equal(again.serial, got.serial);
	file_replace(path(b, "token"), buf_str(&token), 0600, &b->err);
	snprintf(line, sizeof(line), "openssl ts -verify -digest %s -token_in -in token -CAfile ca.pem",
		 digest_hex(b->query.digest, DIGEST_BYTES, hex));
	assert_int_equal(shell(b, line), 0);
}

static void the_fraction_of_a_second_is_kept(void **state)
{
	struct bench *b = *state;
	int64_t fractions = 0;

	for (int i = 0; i < 3; i++) {
		AUTO(buf) reply = REPLY_INIT;
		AUTO(buf) token = REPLY_INIT;
		struct timestamp got;
		int64_t before = clock_now_us();

		answer(b, "", &reply);
		assert_int_equal(timestamp_reply(buf_str(&reply), &b->query, path(b, "ca.pem"), &token, &got, &b->err), 0);
		assert_in_range(got.at, before, clock_now_us());
		fractions += got.at % 1000000;
	}
	assert_int_not_equal(fractions, 0);
}

static void refuse(struct bench *b, struct str reply, const struct timestamp_query *q, const char *ca, int code,
		   const char *says)
{
	AUTO(buf) token = REPLY_INIT;
	struct timestamp got = { .at = 1 };

	assert_int_equal(timestamp_reply(reply, q, path(b, ca), &token, &got, &b->err), code);
	if (!strstr(b->err.text, says))
		fail_msg("\"%s\" does not say \"%s\"", b->err.text, says);
	assert_int_equal(got.at, 1);
	assert_int_equal(token.n, 0);
}

static void an_answer_to_another_question_is_refused(void **state)
{
	struct bench *b = *state;
	AUTO(buf) reply = REPLY_INIT;
	struct timestamp_query other = b->query;
	struct timestamp got;

	answer(b, "", &reply);
	other.nonce[7] ^= 1;
	refuse(b, buf_str(&reply), &other, "ca.pem", E_VERIFY, "the nonce differs");
	other = b->query;
	other.digest[0] ^= 1;
	refuse(b, buf_str(&reply), &other, "ca.pem", E_VERIFY, "another digest");
	{
		AUTO(buf) token = REPLY_INIT;

		assert_int_equal(timestamp_reply(buf_str(&reply), &b->query, path(b, "ca.pem"), &token, &got, &b->err), 0);
		assert_int_equal(timestamp_check(buf_str(&token), other.digest, path(b, "ca.pem"), &got, &b->err), E_VERIFY);
		assert_non_null(strstr(b->err.text, "another digest"));
	}
}

static void certificates_that_do_not_stand_are_refused(void **state)
{
	struct bench *b = *state;
	AUTO(buf) good = REPLY_INIT;
	AUTO(buf) expired = REPLY_INIT;

	answer(b, "", &good);
	answer(b, "-signer expired.pem -inkey expired.key", &expired);
	refuse(b, buf_str(&good), &b->query, "other.pem", E_VERIFY, "not good under the CAs");
	refuse(b, buf_str(&expired), &b->query, "ca.pem", E_VERIFY, "certificate has expired");
	refuse(b, buf_str(&good), &b->query, "absent.pem", E_IO, "cannot be read");
	refuse(b, buf_str(&good), &b->query, "make.log", E_USAGE, "holds no certificate");
}

static void a_refusal_says_what_the_authority_said(void **state)
{
	struct bench *b = *state;
	AUTO(buf) reply = REPLY_INIT;

	assert_int_equal(shell(b, "sed -i 's/^digests = .*/digests = sha512/' tsa.cnf"), 0);
	answer(b, "", &reply);
	refuse(b, buf_str(&reply), &b->query, "ca.pem", E_VERIFY,
	       "answered \"rejected\": Message digest algorithm is not supported");
}

static void every_part_of_an_answer_is_refused(void **state)
{
	struct bench *b = *state;
	AUTO(buf) reply = REPLY_INIT;
	AUTO(buf) longer = REPLY_INIT;

	answer(b, "", &reply);
	for (size_t n = 0; n < reply.n; n++) {
		struct str cut = exact_copy(str_slice(buf_str(&reply), 0, n));

		refuse(b, cut, &b->query, "ca.pem", E_VERIFY, "no time-stamp");
		free((char *)cut.p);
	}
	buf_add(&longer, buf_str(&reply));
	buf_add_char(&longer, 'x');
	refuse(b, buf_str(&longer), &b->query, "ca.pem", E_VERIFY, "no time-stamp");
}

/* Bits outside of what is signed may turn; then what the token says must be what it said. */
static void a_flipped_bit_never_changes_what_is_said(void **state)
{
	struct bench *b = *state;
	AUTO(buf) reply = REPLY_INIT;
	AUTO(buf) token = REPLY_INIT;
	struct timestamp was;
	size_t refused = 0;

	answer(b, "", &reply);
	assert_int_equal(timestamp_reply(buf_str(&reply), &b->query, path(b, "ca.pem"), &token, &was, &b->err), 0);
	for (size_t i = 0; i < token.n; i++) {
		struct str flipped = exact_copy(buf_str(&token));
		struct timestamp got = { 0 };

		((char *)flipped.p)[i] ^= (char)(1 << i % 8);
		if (timestamp_check(flipped, b->query.digest, path(b, "ca.pem"), &got, &b->err) < 0) {
			refused++;
		} else {
			assert_int_equal(got.at, was.at);
			assert_string_equal(got.serial, was.serial);
			assert_string_equal(got.authority, was.authority);
		}
		free((char *)flipped.p);
	}
	assert_true(refused > token.n / 2); /* the rest is the root, which the CA file holds anyway */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_token_names_its_time_and_is_verified_by_openssl_too),
		TEST(the_fraction_of_a_second_is_kept),
		TEST(an_answer_to_another_question_is_refused),
		TEST(certificates_that_do_not_stand_are_refused),
		TEST(a_refusal_says_what_the_authority_said),
		TEST(every_part_of_an_answer_is_refused),
		TEST(a_flipped_bit_never_changes_what_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
