/* test_chain.c - what was done to a chain is found and named */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sign.h"
#include "store/chain.h"

enum { MAX = 40 };

/* A chain in memory, whose rows a test may treat as somebody with the database in hand would. */
struct bench {
	struct entry rows[MAX];
	int n;
	char details[MAX][64];
	unsigned char digests[MAX][DIGEST_BYTES], hashes[MAX][DIGEST_BYTES];
	struct chain_anchor anchors[4];
	size_t n_anchors;
	char found[2000];
};

static const unsigned char zeros[DIGEST_BYTES];

static void write_row(struct bench *b, int i, int64_t sequence, const unsigned char *before)
{
	struct entry *e = &b->rows[i];
	AUTO(buf) text = BUF_INIT(4096);

	snprintf(b->details[i], sizeof(b->details[i]), "{\"n\":%lld}", (long long)sequence);
	*e = (struct entry){ .node = STR("00112233445566778899aabbccddeeff"),
			     .sequence = sequence,
			     .at = INT64_C(1764129600000000) + sequence * 1000001,
			     .act = STR("verdict"),
			     .subject = STR("finding 0123456789abcdef0123456789abcdef"),
			     .operator_name = STR("analyst"),
			     .detail = str_of(b->details[i]) };
	entry_text(e, &text);
	digest_sha256(buf_str(&text), b->digests[i]);
	chain_link(before, sequence, b->digests[i], b->hashes[i]);
	e->digest = (struct str){ (const char *)b->digests[i], DIGEST_BYTES };
	e->hash = (struct str){ (const char *)b->hashes[i], DIGEST_BYTES };
}

static void fill(struct bench *b, int n)
{
	*b = (struct bench){ .n = n };
	for (int i = 0; i < n; i++)
		write_row(b, i, i + 1, i ? b->hashes[i - 1] : zeros);
}

/* All that hangs on row `i` anew, as somebody would who knows how: numbers, digests and hashes. */
static void rewrite_from(struct bench *b, int i)
{
	for (; i < b->n; i++) {
		AUTO(buf) text = BUF_INIT(4096);
		unsigned char digest[DIGEST_BYTES];

		b->rows[i].sequence = i + 1;
		entry_text(&b->rows[i], &text);
		digest_sha256(buf_str(&text), digest);
		memcpy((char *)b->rows[i].digest.p, digest, DIGEST_BYTES);
		chain_link(i ? (const unsigned char *)b->rows[i - 1].hash.p : zeros, i + 1, digest,
			   (unsigned char *)b->rows[i].hash.p);
	}
}

static void number_anew(struct bench *b)
{
	for (int i = 0; i < b->n; i++)
		b->rows[i].sequence = i + 1;
}

static void take_out(struct bench *b, int i, int n)
{
	memmove(&b->rows[i], &b->rows[i + n], (size_t)(b->n - i - n) * sizeof(b->rows[0]));
	b->n -= n;
}

/* A row of the forger's own before row i; the rows behind move up. */
static void put_in(struct bench *b, int i)
{
	memmove(&b->rows[i + 1], &b->rows[i], (size_t)(b->n - i) * sizeof(b->rows[0]));
	write_row(b, MAX - 1, i + 1, i ? (const unsigned char *)b->rows[i - 1].hash.p : zeros);
	b->rows[i] = b->rows[MAX - 1];
	b->rows[i].subject = STR("finding ffffffffffffffffffffffffffffffff");
	{
		AUTO(buf) text = BUF_INIT(4096);

		entry_text(&b->rows[i], &text);
		digest_sha256(buf_str(&text), b->digests[MAX - 1]);
		chain_link(i ? (const unsigned char *)b->rows[i - 1].hash.p : zeros, i + 1, b->digests[MAX - 1],
			   b->hashes[MAX - 1]);
	}
	b->n++;
}

static void anchor(struct bench *b, int i)
{
	struct chain_anchor *a = &b->anchors[b->n_anchors++];

	*a = (struct chain_anchor){ .sequence = i + 1, .place = STR("the report of yesterday") };
	memcpy(a->hash, b->rows[i].hash.p, DIGEST_BYTES);
}

static void note(void *owner, const struct chain_problem *p)
{
	struct bench *b = owner;
	size_t n = strlen(b->found);

	snprintf(b->found + n, sizeof(b->found) - n, "%s%s %lld-%lld", n ? ", " : "", chain_fault_names[p->fault],
		 (long long)p->first, (long long)p->last);
	assert_true(strlen(p->text) > 10);
}

static void walk(struct bench *b)
{
	struct chain_walk w = { .anchors = b->anchors, .n_anchors = b->n_anchors, .found = note, .owner = b };

	b->found[0] = '\0';
	for (int i = 0; i < b->n; i++)
		chain_next(&w, &b->rows[i]);
	chain_end(&w);
	assert_int_equal(w.entries, b->n);
}

static void nothing(struct bench *b)
{
	anchor(b, 3);
	anchor(b, 11);
}

static void alter_subject(struct bench *b)
{
	b->rows[4].subject = STR("finding 1123456789abcdef0123456789abcdef");
}

static void alter_time(struct bench *b)
{
	b->rows[4].at++;
}

static void alter_digest(struct bench *b)
{
	b->digests[4][7] ^= 1;
}

static void alter_hash(struct bench *b)
{
	b->hashes[4][7] ^= 1;
}

static void alter_last_hash(struct bench *b)
{
	b->hashes[11][7] ^= 1;
}

static void alter_first(struct bench *b)
{
	b->rows[0].operator_name = STR("somebody else");
}

static void alter_two(struct bench *b)
{
	b->rows[2].act = STR("export");
	b->rows[8].act = STR("export");
}

static void alter_neighbours(struct bench *b)
{
	b->rows[4].act = STR("export");
	b->rows[5].act = STR("export");
}

static void alter_and_digest(struct bench *b)
{
	AUTO(buf) text = BUF_INIT(4096);

	b->rows[4].act = STR("export");
	entry_text(&b->rows[4], &text);
	digest_sha256(buf_str(&text), b->digests[4]);
}

static void break_line(struct bench *b)
{
	b->rows[4].subject = STR("finding x\noperator: y");
}

static void remove_one(struct bench *b)
{
	take_out(b, 4, 1);
}

static void remove_first(struct bench *b)
{
	take_out(b, 0, 2);
}

static void remove_and_number(struct bench *b)
{
	take_out(b, 4, 2);
	number_anew(b);
}

static void remove_and_digest(struct bench *b)
{
	take_out(b, 4, 1);
	number_anew(b);
	for (int i = 4; i < b->n; i++) {
		AUTO(buf) text = BUF_INIT(4096);

		entry_text(&b->rows[i], &text);
		digest_sha256(buf_str(&text), (unsigned char *)b->rows[i].digest.p);
	}
}

static void insert_and_number(struct bench *b)
{
	put_in(b, 4);
	number_anew(b);
}

static void insert_nonsense(struct bench *b)
{
	put_in(b, 4);
	number_anew(b);
	b->digests[MAX - 1][0] ^= 1;
}

static void exchange(struct bench *b)
{
	struct entry e = b->rows[4];

	b->rows[4] = b->rows[5];
	b->rows[5] = e;
	number_anew(b);
}

static void carry_away(struct bench *b)
{
	struct entry e = b->rows[2];

	take_out(b, 2, 1);
	memmove(&b->rows[9], &b->rows[8], (size_t)(b->n - 8) * sizeof(b->rows[0]));
	b->rows[8] = e;
	b->n++;
	number_anew(b);
}

static void cut(struct bench *b)
{
	anchor(b, 3);
	anchor(b, 11);
	b->n = 10;
}

static void rewrite(struct bench *b)
{
	anchor(b, 3);
	anchor(b, 9);
	b->rows[6].subject = STR("finding 1123456789abcdef0123456789abcdef");
	rewrite_from(b, 6);
}

static void cut_and_go_on(struct bench *b)
{
	anchor(b, 8);
	b->n = 7;
	for (int i = 7; i < 12; i++, b->n++) {
		b->rows[i].at += 5;
		b->rows[i].operator_name = STR("later");
	}
	rewrite_from(b, 7);
}

static void each_way_to_change_a_chain_is_found_and_named(void **state)
{
	static const struct {
		const char *what;
		void (*change)(struct bench *b);
		const char *found;
	} rows[] = {
		{ "nothing", nothing, "" },
		{ "another subject", alter_subject, "altered 5-5" },
		{ "a microsecond", alter_time, "altered 5-5" },
		{ "a bit of a digest", alter_digest, "altered 5-5" },
		{ "a bit of a hash", alter_hash, "broken 5-5" },
		{ "a bit of the last hash", alter_last_hash, "broken 12-12" },
		{ "the first entry", alter_first, "altered 1-1" },
		{ "two entries", alter_two, "altered 3-3, altered 9-9" },
		{ "two beside each other", alter_neighbours, "altered 5-6" },
		{ "an entry and its digest", alter_and_digest, "broken 5-5" },
		{ "a line break", break_line, "altered 5-5" },
		{ "a row removed", remove_one, "removed 5-5" },
		{ "the first two removed", remove_first, "removed 1-2" },
		{ "two removed, numbered anew", remove_and_number, "removed 5-6" },
		{ "a row removed, numbers and digests anew", remove_and_digest, "broken 5-11" },
		{ "a row inserted", insert_and_number, "inserted 5-5" },
		{ "nonsense inserted", insert_nonsense, "inserted 5-5" },
		{ "neighbours exchanged", exchange, "reordered 5-5" },
		{ "a row carried away", carry_away, "reordered 3-3" },
		{ "the tail cut", cut, "cut 11-12" },
		{ "all written anew", rewrite, "rewritten 5-10" },
		{ "cut and continued", cut_and_go_on, "rewritten 1-9" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct bench b;

		fill(&b, 12);
		rows[i].change(&b);
		walk(&b);
		if (strcmp(b.found, rows[i].found) != 0)
			fail_msg("%s: found \"%s\", expected \"%s\"", rows[i].what, b.found, rows[i].found);
	}
}

static void the_text_and_the_hash_are_those_of_the_written_form(void **state)
{
	static struct bench b;
	AUTO(buf) text = BUF_INIT(4096);
	char one[DIGEST_HEX], two[DIGEST_HEX];
	unsigned char hash[DIGEST_BYTES];
	AUTO(buf) line = BUF_INIT(4096);

	(void)state;
	fill(&b, 2);
	entry_text(&b.rows[1], &text);
	assert_string_equal(text.p,
			    "watchdesk custody 1\nnode: 00112233445566778899aabbccddeeff\nsequence: 2\n"
			    "at: 2025-11-26T04:00:02.000002Z\nact: verdict\n"
			    "subject: finding 0123456789abcdef0123456789abcdef\noperator: analyst\ndetail: {\"n\":2}\n");
	buf_printf(&line, "%s 2 %s\n", digest_hex(b.hashes[0], DIGEST_BYTES, one), digest_hex(b.digests[1], DIGEST_BYTES, two));
	digest_sha256(buf_str(&line), hash);
	assert_memory_equal(hash, b.hashes[1], DIGEST_BYTES);
}

static void every_bit_of_a_row_counts(void **state)
{
	static struct bench b;
	struct str fields[6];

	(void)state;
	for (int f = 0; f < 6; f++) {
		size_t bits;

		fill(&b, 5);
		fields[0] = b.rows[2].act;
		fields[1] = b.rows[2].subject;
		fields[2] = b.rows[2].operator_name;
		fields[3] = b.rows[2].detail;
		fields[4] = b.rows[2].digest;
		fields[5] = b.rows[2].hash;
		bits = 8 * fields[f].n;
		for (size_t bit = 0; bit < bits; bit++) {
			struct str copy = exact_copy(fields[f]);

			((char *)copy.p)[bit / 8] ^= (char)(1 << bit % 8);
			*(struct str *[]){ &b.rows[2].act,    &b.rows[2].subject, &b.rows[2].operator_name,
					   &b.rows[2].detail, &b.rows[2].digest,  &b.rows[2].hash }[f] = copy;
			walk(&b);
			assert_string_equal(b.found, f == 5 ? "broken 3-3" : "altered 3-3");
			free((char *)copy.p);
		}
	}
}

static void a_signature_is_checked_and_so_is_who_signed(void **state)
{
	static struct bench b;
	char folder[] = "/tmp/watchdesk-test-XXXXXX", path[64], line[256];
	unsigned char der[SIGN_PUBLIC_BYTES], other[SIGN_PUBLIC_BYTES] = { 0 }, signature[SIGN_BYTES];
	struct str key = { (const char *)der, sizeof(der) }, stranger = { (const char *)other, sizeof(other) };
	struct sign_key *k;
	AUTO(buf) text = BUF_INIT(4096);
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	snprintf(line, sizeof(line), "openssl genpkey -algorithm ed25519 -out %s", path);
	assert_int_equal(system(line), 0);
	k = sign_key_load(path, &err);
	snprintf(line, sizeof(line), "rm -r %s", folder);
	assert_int_equal(system(line), 0);
	assert_non_null(k);

	fill(&b, 5);
	entry_text(&b.rows[2], &text);
	assert_int_equal(sign_bytes(k, buf_str(&text), signature, &err), 0);
	sign_public_der(k, der);
	sign_key_free(k);
	b.rows[2].public_key = key;
	b.rows[2].signature = (struct str){ (const char *)signature, SIGN_BYTES };
	for (int i = 0; i < 3; i++) {
		struct chain_walk w = {
			.keys = i ? (i == 1 ? &key : &stranger) : NULL, .n_keys = i > 0, .found = note, .owner = &b
		};

		b.found[0] = '\0';
		for (int r = 0; r < b.n; r++)
			chain_next(&w, &b.rows[r]);
		chain_end(&w);
		assert_int_equal(w.signatures, 1);
		assert_string_equal(b.found, i == 2 ? "signature 3-3" : "");
	}
	signature[10] ^= 4;
	walk(&b);
	assert_string_equal(b.found, "signature 3-3");
	signature[10] ^= 4;
	b.rows[2].signature.n--;
	walk(&b);
	assert_string_equal(b.found, "signature 3-3");
	b.rows[2].signature.n = 0;
	walk(&b);
	assert_string_equal(b.found, "signature 3-3");
}

static void a_signature_that_was_taken_away_is_missed(void **state)
{
	static struct bench b;
	unsigned char digest[DIGEST_BYTES] = { 7 };
	char hex[DIGEST_HEX], detail[128];

	(void)state;
	fill(&b, 5);
	snprintf(detail, sizeof(detail), CHAIN_SIGNER "%s\",\"n\":1}", digest_hex(digest, DIGEST_BYTES, hex));
	b.rows[2].detail = str_of(detail);
	rewrite_from(&b, 0);
	walk(&b);
	assert_string_equal(b.found, "signature 3-3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_to_change_a_chain_is_found_and_named),
		cmocka_unit_test(the_text_and_the_hash_are_those_of_the_written_form),
		cmocka_unit_test(every_bit_of_a_row_counts),
		cmocka_unit_test(a_signature_is_checked_and_so_is_who_signed),
		cmocka_unit_test(a_signature_that_was_taken_away_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
