/* test_custody.c - entries as they are added, walked, and handed to somebody who has sha256sum and openssl only */
#include "tests/stored.h"

#include "base/clock.h"

#define T(n) (INT64_C(1764129600000000) + (n))

/* What a walk finds, as "removed 5-5, ...". */
static char found_text[2000];

static void note(void *owner, struct str node, const struct chain_problem *p)
{
	size_t n = strlen(found_text);

	(void)owner;
	assert_int_equal(node.n, 32);
	snprintf(found_text + n, sizeof(found_text) - n, "%s%s %lld-%lld", n ? ", " : "", chain_fault_names[p->fault],
		 (long long)p->first, (long long)p->last);
}

static const char *walk_with(struct stored *b, struct custody_check *c)
{
	found_text[0] = '\0';
	c->found = note;
	OK(custody_walk(b->store, c, &b->err));
	return found_text;
}

static const char *walk(struct stored *b)
{
	return walk_with(b, &(struct custody_check){ 0 });
}

static void acts_follow_each_other_in_one_chain(void **state)
{
	struct stored *b = *state;
	struct custody_check check = { 0 };
	struct custody_head head;
	struct custody_row *rows;
	size_t n;

	assert_int_equal(custody_head(b->store, &head, &b->err), 0);
	assert_string_equal(walk(b), "");
	for (int i = 0; i < 9; i++)
		stored_act(b, (enum custody_kind)i, "finding 0123", NULL, T(i));
	assert_int_equal(custody_head(b->store, &head, &b->err), 1);
	assert_int_equal(head.sequence, 9);
	assert_string_equal(walk_with(b, &check), "");
	assert_int_equal(check.entries, 9);
	OK(custody_list(b->store, &(struct custody_filter){ 0 }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 9);
	assert_str(rows[0].entry.act, "capture");
	assert_str(rows[8].entry.act, "stamp");
	assert_memory_equal(rows[8].entry.hash.p, head.hash, DIGEST_BYTES);
}

static void an_act_that_is_rolled_back_leaves_nothing(void **state)
{
	struct stored *b = *state;
	const struct custody_act act = { CUSTODY_EXPORT, STR("finding 1"), STR("analyst") };
	struct custody_head head;

	stored_act(b, CUSTODY_UNMASK, "finding 1", NULL, T(1));
	OK(store_begin(b->store, &b->err));
	OK(custody_add(b->store, &act, T(2), &b->err));
	store_rollback(b->store);
	stored_act(b, CUSTODY_PURGE, "finding 1", NULL, T(3));
	assert_int_equal(custody_head(b->store, &head, &b->err), 1);
	assert_int_equal(head.sequence, 2);
	assert_string_equal(walk(b), "");
}

static void what_comes_from_outside_stays_on_its_line(void **state)
{
	struct stored *b = *state;
	const struct custody_act act = { CUSTODY_NOTICE, STR("finding 1\nact: purge"),
					 STR("an\x01"
					     "alyst\xff"),
					 STR("{\"a\":\n1}") };
	struct custody_row *rows;
	size_t n;

	OK(store_begin(b->store, &b->err));
	OK(custody_add(b->store, &act, T(2), &b->err));
	OK(store_commit(b->store, &b->err));
	assert_string_equal(walk(b), "");
	OK(custody_list(b->store, &(struct custody_filter){ 0 }, b->a, &rows, &n, &b->err));
	assert_str(rows[0].entry.subject, "finding 1 act: purge");
	assert_str(rows[0].entry.operator_name, "an alyst\xef\xbf\xbd");
	assert_str(rows[0].entry.detail, "{\"a\": 1}");
}

static void a_list_is_read_page_by_page(void **state)
{
	struct stored *b = *state;
	struct custody_filter filter = { .limit = 3 };
	struct custody_row *rows;
	int64_t next = 1;
	size_t n;

	for (int i = 0; i < 8; i++)
		stored_act(b, i % 2 ? CUSTODY_EXPORT : CUSTODY_UNMASK, i < 6 ? "finding 1" : "finding 2", NULL, T(i));
	do {
		OK(custody_list(b->store, &filter, b->a, &rows, &n, &b->err));
		for (size_t i = 0; i < n; i++)
			assert_int_equal(rows[i].entry.sequence, next++);
		if (n) {
			filter.after_node = rows[n - 1].node_id;
			filter.after_sequence = rows[n - 1].entry.sequence;
		}
	} while (n);
	assert_int_equal(next, 9);
	OK(custody_list(b->store, &(struct custody_filter){ .subject = STR("finding 1"), .act = STR("export") }, b->a, &rows,
			&n, &b->err));
	assert_int_equal(n, 3);
	assert_int_equal(rows[2].entry.sequence, 6);
}

static void a_signed_act_remembers_whose_key_it_was(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(sign_key) key = stored_key(b, "one.pem");
	AUTO_FREE(sign_key) other = stored_key(b, "two.pem");
	unsigned char der[2][SIGN_PUBLIC_BYTES];
	struct str keys[2] = { { (const char *)der[0], SIGN_PUBLIC_BYTES }, { (const char *)der[1], SIGN_PUBLIC_BYTES } };
	struct custody_check check = { .keys = keys, .n_keys = 1 };
	struct str name;

	sign_public_der(key, der[0]);
	sign_public_der(other, der[1]);
	stored_act(b, CUSTODY_EXPORT, "finding 1", key, T(1));
	stored_act(b, CUSTODY_EXPORT, "finding 1", NULL, T(2));
	assert_string_equal(walk_with(b, &check), "");
	assert_int_equal(check.signatures, 1);
	assert_int_equal(operator_of_key(b->store, keys[0], b->a, &name, &b->err), 1);
	assert_str(name, "analyst");
	assert_int_equal(operator_of_key(b->store, keys[1], b->a, &name, &b->err), 0);
	check = (struct custody_check){ .keys = keys + 1, .n_keys = 1 };
	assert_string_equal(walk_with(b, &check), "signature 1-1");
	stored_sql(b, "UPDATE custody SET public_key = NULL, signature = NULL WHERE sequence = 1");
	assert_string_equal(walk(b), "signature 1-1");
}

static void what_somebody_does_to_the_table_is_found(void **state)
{
	static const struct {
		const char *sql, *found;
	} rows[] = {
		{ "UPDATE custody SET operator = 'nobody' WHERE sequence = 4", "altered 4-4" },
		{ "DELETE FROM custody WHERE sequence = 4", "removed 4-4" },
		{ "DELETE FROM custody WHERE sequence = 4; UPDATE custody SET sequence = -sequence WHERE sequence > 4;"
		  "UPDATE custody SET sequence = -sequence - 1 WHERE sequence < 0",
		  "removed 4-4" },
		{ "UPDATE custody SET sequence = 100 WHERE sequence = 4; UPDATE custody SET sequence = 4 WHERE sequence = 5;"
		  "UPDATE custody SET sequence = 5 WHERE sequence = 100",
		  "reordered 4-4" },
		{ "DELETE FROM custody WHERE sequence > 5", "cut 6-8" },
		{ "UPDATE custody SET sequence = -1 WHERE sequence = 2", "reordered 1-1" },
	};
	struct stored *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct custody_head head;
		struct anchor anchor = { .kind = STR("report"), .place = STR("the report of yesterday"), .at = T(9) };

		for (int k = 0; k < 8; k++)
			stored_act(b, CUSTODY_EXPORT, "finding 1", NULL, T(k));
		assert_int_equal(custody_head(b->store, &head, &b->err), 1);
		anchor.sequence = head.sequence;
		anchor.hash = (struct str){ (const char *)head.hash, DIGEST_BYTES };
		OK(store_begin(b->store, &b->err));
		OK(anchor_add(b->store, &anchor, &b->err));
		OK(store_commit(b->store, &b->err));
		assert_string_equal(walk(b), "");
		stored_sql(b, rows[i].sql);
		if (strcmp(walk(b), rows[i].found) != 0)
			fail_msg("%s: found \"%s\", expected \"%s\"", rows[i].sql, found_text, rows[i].found);
		stored_sql(b, "DELETE FROM custody; DELETE FROM anchor");
	}
}

static void heads_are_read_out_of_mails_and_reports(void **state)
{
	static const char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const struct {
		const char *before, *after;
		int64_t sequence;
		bool node;
	} rows[] = {
		{ "", "", 17, false },	   { "custody 00112233445566778899aabbccddeeff ", "</code>\n", 17, true },
		{ "<p>", " ", 17, false }, { "00112233445566778899aabbccddeeff", "", -1, false },
		{ "", "0", -1, false },	   { "99999999999999999999", "", -1, false },
	};
	struct stored *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];
		struct anchor *anchors;
		struct str copy;
		size_t n;

		snprintf(text, sizeof(text), "%s17:%s%s", rows[i].before, hash, rows[i].after);
		copy = exact_copy(str_of(text));
		anchor_read(copy, STR("a mail"), b->a, &anchors, &n);
		if (rows[i].sequence < 0) {
			/* too long a number or hash, or one that hangs on something else */
			if (n && anchors[0].sequence == 17)
				fail_msg("%s is taken for a head", text);
		} else {
			assert_int_equal(n, 1);
			assert_int_equal(anchors[0].sequence, 17);
			assert_int_equal(anchors[0].node.n, rows[i].node ? 32 : 0);
			assert_int_equal((unsigned char)anchors[0].hash.p[1], 0x23);
		}
		free((char *)copy.p);
	}
}

static void the_head_is_written_as_it_is_read(void **state)
{
	struct stored *b = *state;
	AUTO(buf) text = BUF_INIT(256);
	struct custody_head head;
	struct anchor *anchors;
	size_t n;

	assert_int_equal(anchor_text(b->store, &text, &b->err), 0);
	stored_act(b, CUSTODY_EXPORT, "finding 1", NULL, T(1));
	assert_int_equal(anchor_text(b->store, &text, &b->err), 1);
	assert_int_equal(custody_head(b->store, &head, &b->err), 1);
	anchor_read(buf_str(&text), STR("here"), b->a, &anchors, &n);
	assert_int_equal(n, 1);
	assert_true(str_eq(anchors[0].node, store_node_id(b->store)));
	assert_memory_equal(anchors[0].hash.p, head.hash, DIGEST_BYTES);
	assert_string_equal(walk_with(b, &(struct custody_check){ .anchors = anchors, .n_anchors = n }), "");
	((char *)anchors[0].hash.p)[0] ^= 1;
	assert_string_equal(walk_with(b, &(struct custody_check){ .anchors = anchors, .n_anchors = n }), "rewritten 1-1");
	anchors[0].sequence = 2;
	assert_string_equal(walk_with(b, &(struct custody_check){ .anchors = anchors, .n_anchors = n }), "cut 2-2");
}

static void a_verdict_and_its_entry_are_one(void **state)
{
	struct stored *b = *state;
	struct str id = stored_finding(b, "k", "a text", T(1));
	struct custody_row *rows;
	size_t n;

	stored_mark(b, id, "confirmed", NULL, T(2));
	OK(custody_list(b->store, &(struct custody_filter){ .act = STR("verdict") }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_true(str_ends(rows[0].entry.subject, id));
	assert_true(str_find(rows[0].entry.detail,
			     STR("\"verdict\":\"confirmed\",\"note\":\"a \\\"note\\\"\\nof two lines\"")) > 0);
}

/* A time-stamp as the authority of the test gives it, kept as an anchor. */
static void stamp_head(struct stored *b)
{
	char line[512], hex[DIGEST_HEX];
	AUTO(buf) token = BUF_INIT(65536);
	struct custody_head head;

	assert_int_equal(custody_head(b->store, &head, &b->err), 1);
	snprintf(line, sizeof(line), "tests/authority/make %s", b->folder);
	assert_int_equal(system(line), 0);
	snprintf(line, sizeof(line),
		 "openssl ts -query -digest %s -sha256 -cert -out query"
		 " && openssl ts -reply -config tsa.cnf -queryfile query -token_out -out token",
		 digest_hex(head.hash, DIGEST_BYTES, hex));
	assert_int_equal(stored_shell(b, line), 0);
	read_fixture(stored_path(b, "token"), &token);
	OK(store_begin(b->store, &b->err));
	OK(anchor_add(b->store,
		      &(struct anchor){ .sequence = head.sequence,
					.at = T(5),
					.hash = { (const char *)head.hash, DIGEST_BYTES },
					.kind = STR("rfc3161"),
					.place = STR("https://tsa.example.net/"),
					.token = buf_str(&token) },
		      &b->err));
	OK(store_commit(b->store, &b->err));
}

static void a_pack_verifies_with_sha256sum_and_openssl_alone(void **state)
{
	static const struct {
		const char *what, *change, *says;
	} rows[] = {
		{ "a word of an entry", "sed -i 's/analyst/another/' 000004.txt", "WRONG: 000004.txt is not what was written" },
		{ "an entry taken away", "rm 000004.txt", "WRONG: 000004.txt is not" },
		{ "an entry and its digest",
		  "sed -i 's/analyst/another/' 000004.txt; set -- $(sha256sum 000004.txt);"
		  " sed -i \"s/^4 [0-9a-f]*/4 $1/\" chain.txt",
		  "the hash of entry 4 does not follow" },
		{ "a digit of the hash before", "sed -i 's/^./x/' before.txt", "entry 2 does not follow" },
		{ "a line of the chain", "sed -i 2d chain.txt", "does not follow" },
		{ "two lines exchanged", "sed -i '2{h;d};3G' chain.txt", "does not follow" },
		{ "a signature", "cp key-*.pem 000005.sig", "the signature of 000005.txt does not verify" },
		{ "a time-stamp of another hash",
		  "openssl ts -query -data chain.txt -sha256 -cert -out q &&"
		  " openssl ts -reply -config ../../tsa.cnf -queryfile q -token_out -out stamp-000006-1.tst",
		  "stamp-000006-1.tst does not verify" },
		{ "a byte of the time-stamp", "printf x | dd of=stamp-000006-1.tst bs=1 seek=400 conv=notrunc",
		  "stamp-000006-1.tst does not verify" },
	};
	struct stored *b = *state;
	AUTO_FREE(sign_key) key = stored_key(b, "one.pem");
	struct str other = stored_finding(b, "0", "another text", T(0)), id = stored_finding(b, "k", "a text", T(1));

	(void)other;
	stored_mark(b, other, "known", NULL, T(2));
	stored_mark(b, id, "confirmed", NULL, T(3));
	stored_mark(b, id, "none", key, T(4));
	stored_act(b, CUSTODY_EXPORT, "finding 1", NULL, T(5));
	stamp_head(b);
	stored_act(b, CUSTODY_EXPORT, "finding 1", NULL, T(6));
	assert_int_equal(
		custody_export(b->store, arena_printf(b->a, "finding %.*s", STR_ARG(id)), stored_path(b, "pack"), &b->err), 3);
	if (stored_shell(b, "cd pack/custody && CA=../../ca.pem sh VERIFY.txt") != 0)
		fail_msg("the pack does not verify; see %s", b->folder);
	assert_int_equal(
		stored_shell(
			b,
			"cd pack/custody && CA=../../ca.pem sh VERIFY.txt | grep 'all verifies; the head of the chain is 7:'"),
		0);
	assert_int_equal(stored_shell(b, "cd pack/custody && sh VERIFY.txt | grep 'NOT CHECKED: stamp-000006-1.tst'"), 0);
	assert_int_not_equal(stored_shell(b, "cd pack/custody && CA=../../other.pem sh VERIFY.txt"), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[1024];

		snprintf(line, sizeof(line), "rm -rf copy && cp -r pack copy && cd copy/custody && { %s\n}", rows[i].change);
		if (stored_shell(b, line) != 0)
			fail_msg("%s", line);
		assert_int_not_equal(stored_shell(b, "cd copy/custody && CA=../../ca.pem sh VERIFY.txt"), 0);
		snprintf(line, sizeof(line), "cd copy/custody && CA=../../ca.pem sh VERIFY.txt | grep '%s'", rows[i].says);
		if (stored_shell(b, line) != 0)
			fail_msg("%s: the pack does not say \"%s\"", rows[i].what, rows[i].says);
	}
}

static void nothing_to_export_is_no_pack(void **state)
{
	struct stored *b = *state;

	assert_int_equal(custody_export(b->store, STR("finding 00"), stored_path(b, "pack"), &b->err), 0);
	assert_int_not_equal(stored_shell(b, "test -e pack"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acts_follow_each_other_in_one_chain),
		cmocka_unit_test(an_act_that_is_rolled_back_leaves_nothing),
		cmocka_unit_test(what_comes_from_outside_stays_on_its_line),
		cmocka_unit_test(a_list_is_read_page_by_page),
		cmocka_unit_test(a_signed_act_remembers_whose_key_it_was),
		cmocka_unit_test(what_somebody_does_to_the_table_is_found),
		cmocka_unit_test(heads_are_read_out_of_mails_and_reports),
		cmocka_unit_test(the_head_is_written_as_it_is_read),
		cmocka_unit_test(a_verdict_and_its_entry_are_one),
		cmocka_unit_test(a_pack_verifies_with_sha256sum_and_openssl_alone),
		cmocka_unit_test(nothing_to_export_is_no_pack),
	};

	return stored_run("custody", tests, sizeof(tests) / sizeof(tests[0]));
}
