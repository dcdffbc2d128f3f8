/* test_receipt.c - what the net process vouches for cannot be changed, made or used again by a worker */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "desk/receipt.h"

static const unsigned char key[DIGEST_KEY_BYTES] = "a key that only two processes ha";
static const unsigned char other_key[DIGEST_KEY_BYTES] = "a key that a worker has made up.";
static const char trail[] = "the bytes of a trail";

static void make(struct buf *out)
{
	const struct receipt r = {
		.job = 7,
		.ticket = 9,
		.asked_url = STR("http://paste.example/old"),
		.url = STR("https://paste.example/raw/Ab"),
		.address = STR("192.0.2.7"),
		.leaf = STR("0123456789abcdef0123456789abcdef"),
		.hops = 1,
		.status = 200,
		.started_at = INT64_C(1418752800050000),
		.ended_at = INT64_C(1418752800090000),
	};

	receipt_put(out, &r, STR("the body"), str_of(trail), key);
}

static void the_facts_come_out_as_they_went_in(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_RECEIPT);
	unsigned char digest[DIGEST_BYTES];
	struct receipt r;

	(void)state;
	make(&out);
	assert_true(receipt_take(buf_str(&out), key, &r));
	assert_int_equal(r.job, 7);
	assert_int_equal(r.ticket, 9);
	assert_str(r.asked_url, "http://paste.example/old");
	assert_str(r.url, "https://paste.example/raw/Ab");
	assert_str(r.address, "192.0.2.7");
	assert_str(r.leaf, "0123456789abcdef0123456789abcdef");
	assert_int_equal(r.hops, 1);
	assert_int_equal(r.status, 200);
	assert_true(r.started_at == INT64_C(1418752800050000) && r.ended_at == INT64_C(1418752800090000));
	digest_sha256(STR("the body"), digest);
	assert_true(str_eq(r.body_digest, (struct str){ (const char *)digest, sizeof(digest) }));
}

static void no_byte_of_a_receipt_can_be_changed(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_RECEIPT);
	struct receipt r;

	(void)state;
	make(&out);
	for (size_t i = 0; i < out.n; i++) {
		out.p[i] ^= 1;
		if (receipt_take(buf_str(&out), key, &r))
			fail_msg("byte %zu was changed, and nobody saw it", i);
		out.p[i] ^= 1;
	}
	assert_true(receipt_take(buf_str(&out), key, &r));
}

static void no_part_of_a_receipt_is_one(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_RECEIPT);
	struct receipt r;

	(void)state;
	make(&out);
	for (size_t n = 0; n < out.n; n++) {
		struct str copy = exact_copy(str_slice(buf_str(&out), 0, n));

		if (receipt_take(copy, key, &r))
			fail_msg("the first %zu bytes were taken for a receipt", n);
		free((char *)(uintptr_t)copy.p);
	}
	buf_add_char(&out, 'x');
	assert_false(receipt_take(buf_str(&out), key, &r));
}

static void without_the_key_none_can_be_made(void **state)
{
	AUTO(buf) out = BUF_INIT(LIMIT_RECEIPT);
	struct receipt r;

	(void)state;
	receipt_put(&out, &(struct receipt){ .job = 7 }, STR("body"), str_of(trail), other_key);
	assert_false(receipt_take(buf_str(&out), key, &r));
	assert_true(receipt_take(buf_str(&out), other_key, &r));
}

static void a_receipt_is_for_one_trail(void **state)
{
	static const struct {
		const char *why, *trail;
		bool is_of;
	} rows[] = {
		{ "its own", "the bytes of a trail", true },
		{ "another", "the bytes of a trial", false },
		{ "a piece of it", "the bytes of a", false },
		{ "none", "", false },
	};
	AUTO(buf) out = BUF_INIT(LIMIT_RECEIPT);
	struct receipt r;

	(void)state;
	make(&out);
	assert_true(receipt_take(buf_str(&out), key, &r));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (receipt_is_of(&r, str_of(rows[i].trail)) != rows[i].is_of)
			fail_msg("%s", rows[i].why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_facts_come_out_as_they_went_in), cmocka_unit_test(no_byte_of_a_receipt_can_be_changed),
		cmocka_unit_test(no_part_of_a_receipt_is_one),	      cmocka_unit_test(without_the_key_none_can_be_made),
		cmocka_unit_test(a_receipt_is_for_one_trail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
