/* test_evidence.c - evidence with its rows: kept or not kept together, opened, forgotten, and everything altered named */
#include "tests/support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/evidence.h"
#include "store/internal.h"
#include "store/post.h"
#include "store/segment.h"
#include "tests/stores.h"

/* A store in a place of its own, and what verify said of it. */
struct bench {
	struct test_place at;
	struct store *store;
	struct arena *a;
	int64_t source, classifier;
	struct seal_private key;
	struct err err;
	char said[16][ERR_TEXT];
	int n_said;
};

static struct exchange exchanges[2] = {
	{
		.url = { "http://paste.example.net/7f", 27 },
		.request = STR("GET /7f HTTP/1.1\r\nHost: paste.example.net\r\n\r\n"),
		.headers = STR("HTTP/1.1 302 Found\r\nLocation: /raw/7f\r\n\r\n"),
		.protocol = STR("http/1.1"),
		.address = STR("192.0.2.7"),
		.status = 302,
		.started_at = 1000000,
		.ended_at = 1100000,
	},
	{
		.url = { "https://paste.example.net/raw/7f", 32 },
		.request = STR("GET /raw/7f HTTP/1.1\r\nHost: paste.example.net\r\n\r\n"),
		.headers = STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
		.body = STR("user@example.com:Secret#1"),
		.protocol = STR("http/1.1"),
		.address = STR("192.0.2.7"),
		.tls = STR("TLSv1.3 TLS_AES_256_GCM_SHA384"),
		.leaf = STR("0123456789abcdef0123456789abcdef"),
		.status = 200,
		.started_at = 1200000,
		.ended_at = 1300000,
	},
};
static const struct trail trail = { exchanges, 2 };

static int keep_capture(struct bench *b, int64_t *id)
{
	unsigned char digest[DIGEST_BYTES];
	struct capture_facts facts = { .source_id = b->source,
				       .asked_url = exchanges[0].url,
				       .url = exchanges[1].url,
				       .address = exchanges[1].address,
				       .tls_leaf = exchanges[1].leaf,
				       .body_digest = { (const char *)digest, DIGEST_BYTES },
				       .hops = 1,
				       .status = 200,
				       .started_at = exchanges[0].started_at,
				       .ended_at = exchanges[1].ended_at };

	digest_sha256(exchanges[1].body, digest);
	return capture_keep_facts(b->store, &facts, id, &b->err);
}

static int set_up(void **state, enum db_engine engine)
{
	unsigned char rules[DIGEST_BYTES] = { 1 }, assets[DIGEST_BYTES] = { 2 };
	struct bench *b = calloc(1, sizeof(*b));

	test_place_make_ready(&b->at, engine);
	b->a = arena_new(64 << 20);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	if (!b->store || store_begin(b->store, &b->err) < 0 || store_source(b->store, STR("pastes"), &b->source, &b->err) < 0 ||
	    store_classifier(b->store, &(struct stored_classifier){ rules, assets, STR("1") }, 5, &b->classifier, &b->err) <
		    0 ||
	    store_commit(b->store, &b->err) < 0 || seal_private_read(b->at.folder, NULL, &b->key, &b->err) < 0)
		fail_msg("%s", b->err.text);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	store_free(b->store);
	arena_free(b->a);
	test_place_remove(&b->at);
	free(b);
	return 0;
}

static int on_sqlite(void **state)
{
	return set_up(state, DB_SQLITE);
}

static int on_postgresql(void **state)
{
	return set_up(state, DB_POSTGRESQL);
}

/* A post of this key that is a finding, given by a capture that is sealed; all in the transaction that is open. */
static int keep_finding(struct bench *b, const char *key, const char *text, int64_t *finding, int64_t *evidence)
{
	static struct str term[] = { { "leak: +70", 9 } };
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .url = STR("https://paste.example.net/raw/7f"),
				 .text = str_of(text),
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("leak"),
						 .leak = 0.9,
						 .severity = 75,
						 .terms = term,
						 .n_terms = 1 } };
	struct warc_field fact = { STR("program"), STR("watchdesk/0.1") };
	struct evidence_text unmasked = { 0, STR("user@example.com:Secret#1") };
	struct evidence_item item = { .trail = &trail, .facts = &fact, .n_facts = 1, .texts = &unmasked, .n_texts = 1 };
	struct stored_result result;

	if (keep_capture(b, &item.capture_id) < 0)
		return b->err.code;
	p.capture_id = item.capture_id;
	if (store_post(b->store, &p, 10, &result, &b->err) < 0)
		return b->err.code;
	*finding = unmasked.finding_id = result.finding_id;
	return evidence_keep(b->store, &item, 20, evidence, &b->err);
}

static int try_finding(struct bench *b, const char *key, int64_t *finding, int64_t *evidence)
{
	if (store_begin(b->store, &b->err) < 0)
		return b->err.code;
	if (keep_finding(b, key, "user@example.com:********", finding, evidence) < 0) {
		int code = b->err.code;

		store_rollback(b->store);
		return code;
	}
	return store_commit(b->store, &b->err);
}

static void must_keep(struct bench *b, const char *key, int64_t *finding, int64_t *evidence)
{
	if (try_finding(b, key, finding, evidence) < 0)
		fail_msg("%s", b->err.text);
}

static void problem_found(void *owner, const char *problem)
{
	struct bench *b = owner;

	assert_true(b->n_said < 16);
	snprintf(b->said[b->n_said++], ERR_TEXT, "%s", problem);
}

/* How many problems verify tells; with the key it opens each item too. */
static int64_t verify(struct bench *b, bool with_key)
{
	struct evidence_check c = { .key = with_key ? &b->key : NULL, .found = problem_found, .owner = b };

	b->n_said = 0;
	if (evidence_verify(b->store, &c, &b->err) < 0)
		fail_msg("%s", b->err.text);
	return c.problems;
}

static void expect_problem(struct bench *b, bool with_key, const char *why, const char *said)
{
	if (verify(b, with_key) != 1 || !strstr(b->said[0], said))
		fail_msg("%s: %d problems: %s; %s", why, b->n_said, b->said[0], b->said[1]);
}

static int open_item(struct bench *b, int64_t id, struct buf *out)
{
	return evidence_open(b->store, id, &b->key, out, &b->err);
}

static void a_finding_leads_to_its_sealed_capture(void **state)
{
	struct bench *b = *state;
	struct evidence_filter filter = { 0 };
	struct evidence_row *rows;
	int64_t evidence;
	size_t n;

	must_keep(b, "7f", &filter.finding_id, &evidence);
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, evidence);
	assert_str(rows[0].kind, "capture");
	assert_str(rows[0].asked_url, "http://paste.example.net/7f");
	assert_str(rows[0].url, "https://paste.example.net/raw/7f");
	assert_str(rows[0].address, "192.0.2.7");
	assert_int_equal(rows[0].hops, 1);
	assert_int_equal(rows[0].status, 200);
	assert_int_equal(rows[0].started_at, 1000000);
	assert_int_equal(rows[0].ended_at, 1300000);
	assert_str(rows[0].tls_leaf, "0123456789abcdef0123456789abcdef");
	assert_int_equal(rows[0].public_id.n, 32);
	assert_true(str_eq(rows[0].node, store_node_id(b->store)));
}

static void what_was_sealed_opens_to_the_exact_bytes(void **state)
{
	struct bench *b = *state;
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM);
	struct warc_record record;
	struct warc_message m;
	int64_t finding, evidence;
	int n = 0;

	must_keep(b, "7f", &finding, &evidence);
	if (open_item(b, evidence, &records) < 0)
		fail_msg("%s", b->err.text);
	AUTO(warc_reader) r = { .bytes = buf_str(&records), .record = BUF_INIT(LIMIT_RECORD) };
	while (warc_next(&r, &record, &b->err) > 0) {
		if (++n == 5) {
			assert_str(record.type, "response");
			assert_true(warc_message_of(record.block, &m));
			assert_true(str_eq(m.body, exchanges[1].body));
		} else if (n == 6) {
			assert_true(str_find(record.block, STR("program: watchdesk/0.1\r\n")) > 0);
		} else if (n == 7) {
			assert_str(record.type, "conversion");
			assert_str(record.block, "user@example.com:Secret#1");
			assert_int_equal(record.finding.n, 32);
		}
	}
	assert_int_equal(n, 7);
}

static void nothing_of_it_can_be_read_without_the_key(void **state)
{
	struct bench *b = *state;
	AUTO(buf) content = BUF_INIT(1 << 20);
	struct seal_private other = { .key = { 1 } };
	int64_t finding, evidence;
	char path[128];

	must_keep(b, "7f", &finding, &evidence);
	snprintf(path, sizeof(path), "%s/segments/000001.seg", b->at.folder);
	read_fixture(path, &content);
	assert_int_equal(str_find(buf_str(&content), STR("Secret")), -1);
	assert_int_equal(str_find(buf_str(&content), STR("example")), -1);
	assert_int_equal(evidence_open(b->store, evidence, &other, &content, &b->err), E_STORE);
	assert_non_null(strstr(b->err.text, "sealed for another evidence key"));
	memcpy(&other.public_half, &b->key.public_half, sizeof(other.public_half));
	assert_int_equal(evidence_open(b->store, evidence, &other, &content, &b->err), E_VERIFY);
}

static void a_capture_need_not_be_sealed(void **state)
{
	struct bench *b = *state;
	struct stored_post p = { .source_id = b->source,
				 .key = STR("k"),
				 .text = STR("t"),
				 .assessment = { .classifier_id = b->classifier, .category = STR("leak"), .severity = 30 } };
	struct evidence_filter filter = { 0 };
	struct evidence_row *rows;
	struct stored_result result;
	size_t n;

	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(keep_capture(b, &p.capture_id), 0);
	assert_int_equal(store_post(b->store, &p, 10, &result, &b->err), 0);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	filter.finding_id = result.finding_id;
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, 0);
	assert_int_equal(rows[0].capture_id, p.capture_id);
	filter.finding_id = 0;
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(verify(b, true), 0);
}

static void lists_go_on_behind_the_last_row(void **state)
{
	struct bench *b = *state;
	struct evidence_filter filter = { .limit = 2 };
	struct evidence_row *rows;
	int64_t finding, ids[5];
	char key[8];
	size_t n, seen = 0;

	for (int i = 0; i < 5; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		must_keep(b, key, &finding, &ids[i]);
	}
	do {
		assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(rows[i].id, ids[seen++]);
		if (n)
			filter.after_id = rows[n - 1].id;
	} while (n == 2);
	assert_int_equal(seen, 5);
}

static void an_edit_adds_a_capture_to_the_finding(void **state)
{
	struct bench *b = *state;
	struct evidence_filter filter = { 0 };
	struct evidence_row *rows;
	int64_t finding, evidence;
	size_t n;

	must_keep(b, "7f", &filter.finding_id, &evidence);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(keep_finding(b, "7f", "another text", &finding, &evidence), 0);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	assert_int_equal(finding, filter.finding_id);
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 2);
	assert_int_equal(rows[1].id, evidence);
}

static void an_exhibit_stands_beside_its_capture(void **state)
{
	struct bench *b = *state;
	struct evidence_filter filter = { .kind = STR("exhibit") };
	struct warc_exhibit e = { .refers_to = STR("<urn:uuid:1>"),
				  .url = STR("https://paste.example.net/raw/7f"),
				  .type = STR("application/pdf"),
				  .bytes = STR("%PDF") };
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM);
	struct warc_record record;
	struct evidence_row *rows;
	int64_t evidence, exhibit;
	size_t n;

	must_keep(b, "7f", &filter.finding_id, &evidence);
	filter.kind = STR("");
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(evidence_keep_exhibit(b->store, rows[0].capture_id, &e, 30, &exhibit, &b->err), 0);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	filter.kind = STR("exhibit");
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, exhibit);
	assert_int_equal(open_item(b, exhibit, &records), 0);
	AUTO(warc_reader) r = { .bytes = buf_str(&records), .record = BUF_INIT(LIMIT_RECORD) };
	assert_int_equal(warc_next(&r, &record, &b->err), 1);
	assert_str(record.block, "%PDF");
	assert_int_equal(verify(b, true), 0);
}

static void a_rollback_takes_the_evidence_with_it(void **state)
{
	struct bench *b = *state;
	struct evidence_filter filter = { 0 };
	struct evidence_row *rows;
	int64_t finding, evidence;
	size_t n;

	must_keep(b, "k1", &finding, &evidence);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(keep_finding(b, "k2", "two", &finding, &evidence), 0);
	store_rollback(b->store);
	must_keep(b, "k3", &finding, &evidence);
	assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &n, &b->err), 0);
	assert_int_equal(n, 2);
	assert_int_equal(rows[1].start, rows[0].start + rows[0].length); /* without a gap */
	assert_int_equal(verify(b, true), 0);
}

static void a_key_that_is_forgotten_opens_nothing_and_all_verifies(void **state)
{
	struct bench *b = *state;
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM);
	unsigned char before[DIGEST_BYTES], after[DIGEST_BYTES], key[DIGEST_BYTES], none[DIGEST_BYTES] = { 0 };
	int64_t finding, evidence;

	must_keep(b, "7f", &finding, &evidence);
	assert_int_equal(evidence_digest(b->store, evidence, before, key, &b->err), 0);
	assert_memory_not_equal(key, none, sizeof(key));
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(evidence_forget(b->store, evidence, 40, &b->err), 1);
	assert_int_equal(evidence_forget(b->store, evidence, 50, &b->err), 0);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	assert_int_equal(open_item(b, evidence, &records), E_STORE);
	assert_non_null(strstr(b->err.text, "was purged at 1970-01-01T00:00:00Z"));
	assert_int_equal(verify(b, true), 0);
	assert_int_equal(evidence_digest(b->store, evidence, after, key, &b->err), 0);
	assert_memory_equal(before, after, sizeof(before));
	assert_memory_equal(key, none, sizeof(key));
}

static void each_altered_row_is_named(void **state)
{
	static const struct {
		const char *sql, *why, *said;
		bool with_key;
	} rows[] = {
		{ "UPDATE evidence SET start_at = start_at + 1 WHERE id = 2", "a moved item", "", false },
		{ "UPDATE evidence SET length = length - 1 WHERE id = 2", "a shortened item", "", false },
		{ "UPDATE evidence SET segment = 7 WHERE id = 3", "another file", "000007.seg is missing", false },
		{ "UPDATE evidence SET public_id = '00112233445566778899aabbccddeeff' WHERE id = 2", "another id",
		  "the item's id is another", false },
		{ "UPDATE evidence SET digest = content_digest WHERE id = 2", "another digest", "the sealed bytes were altered",
		  false },
		{ "UPDATE evidence SET wrapped_key = NULL WHERE id = 2", "a key taken away", "was not purged", false },
		{ "UPDATE evidence SET forgotten_at = 5 WHERE id = 2", "a purge that was none", "still has its key", false },
		{ "UPDATE evidence SET content_digest = digest WHERE id = 2", "another content", "not to what was sealed",
		  true },
		{ "UPDATE evidence SET wrapped_key = (SELECT e.wrapped_key FROM evidence e WHERE e.id = 1) WHERE id = 2",
		  "the key of another item", "does not open", true },
		{ "DELETE FROM evidence WHERE id = 2", "a row taken away", "bytes that no row of the store knows", false },
	};
	struct bench *b = *state;
	int64_t finding, evidence;

	must_keep(b, "k1", &finding, &evidence);
	must_keep(b, "k2", &finding, &evidence);
	must_keep(b, "k3", &finding, &evidence);
	assert_int_equal(verify(b, true), 0);
	store_free(b->store);
	test_place_run(&b->at, "CREATE TABLE before AS SELECT * FROM evidence");
	b->store = store_open(&b->at.place, STORE_READ, &b->err);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		test_place_run(&b->at, rows[i].sql);
		if (verify(b, rows[i].with_key) < 1 || !strstr(b->said[0], rows[i].said))
			if (b->n_said < 2 || !strstr(b->said[1], rows[i].said))
				fail_msg("%s: %d problems: %s; %s", rows[i].why, b->n_said, b->said[0], b->said[1]);
		test_place_run(&b->at, "DELETE FROM evidence");
		test_place_run(&b->at, "INSERT INTO evidence SELECT * FROM before");
	}
	assert_int_equal(verify(b, true), 0);
}

static void damaged_files_are_named_and_the_rest_is_checked(void **state)
{
	struct bench *b = *state;
	int64_t finding, ids[6];
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM);
	char path[128], aside[160], key[8];
	struct stat status;

	evidence_place(b->store, NULL, 3000); /* two items a file */
	for (int i = 0; i < 6; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		must_keep(b, key, &finding, &ids[i]);
	}
	assert_int_equal(verify(b, true), 0);
	snprintf(path, sizeof(path), "%s/segments/000002.seg", b->at.folder);
	snprintf(aside, sizeof(aside), "%s.aside", path);
	assert_int_equal(stat(path, &status), 0);

	assert_int_equal(rename(path, aside), 0);
	expect_problem(b, true, "a missing file is one problem", "segments/000002.seg is missing");
	assert_int_equal(open_item(b, ids[2], &records), E_VERIFY);
	assert_int_equal(open_item(b, ids[0], &records), 0);
	assert_int_equal(open_item(b, ids[4], &records), 0);
	assert_int_equal(rename(aside, path), 0);

	FILE *f = fopen(path, "a");
	fputs("more", f);
	fclose(f);
	expect_problem(b, false, "bytes behind the last item", "4 bytes that no row of the store knows");
	assert_int_equal(truncate(path, status.st_size), 0);

	assert_int_equal(truncate(path, status.st_size - 1), 0);
	expect_problem(b, false, "a cut file", "cut, 1 bytes are missing");
	assert_int_equal(open_item(b, ids[2], &records), 0);
}

static void whole_segments_without_rows_are_named(void **state)
{
	struct bench *b = *state;
	int64_t finding, evidence;
	char key[8];

	evidence_place(b->store, NULL, 100);
	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		must_keep(b, key, &finding, &evidence);
	}
	store_free(b->store);
	b->store = NULL;
	test_place_run(&b->at, "DELETE FROM evidence WHERE segment = 2");
	b->store = store_open(&b->at.place, STORE_READ, &b->err);
	expect_problem(b, false, "a file whose rows were taken away",
		       "segments/000002.seg: no row of the store knows anything");
}

static void readiness_tells_what_is_wrong_before_anything_is_kept(void **state)
{
	struct bench *b = *state;
	int64_t finding, evidence;
	char path[128], aside[160];

	assert_int_equal(evidence_ready(b->store, &b->err), 0);
	must_keep(b, "k1", &finding, &evidence);
	assert_int_equal(evidence_ready(b->store, &b->err), 0);
	snprintf(path, sizeof(path), "%s/segments/000001.seg", b->at.folder);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_equal(evidence_ready(b->store, &b->err), E_VERIFY);
	assert_non_null(strstr(b->err.text, "000001.seg, offset 100: cut"));
	must_keep(b, "k2", &finding, &evidence); /* it goes on, in a new file */
	assert_int_equal(evidence_ready(b->store, &b->err), 0);
	expect_problem(b, true, "and verify still tells", "000001.seg, offset 100: cut");
	snprintf(path, sizeof(path), "%s/evidence.pub", b->at.folder);
	snprintf(aside, sizeof(aside), "%s.aside", path);
	assert_int_equal(rename(path, aside), 0);
	assert_int_equal(evidence_ready(b->store, &b->err), E_STORE);
	assert_int_equal(try_finding(b, "k3", &finding, &evidence), E_STORE);
	assert_non_null(strstr(b->err.text, "no evidence can be sealed"));
	assert_int_equal(rename(aside, path), 0);
	must_keep(b, "k3", &finding, &evidence);
}

static void without_the_private_half_it_is_kept_and_verified(void **state)
{
	struct bench *b = *state;
	int64_t finding, evidence;
	char path[128];

	snprintf(path, sizeof(path), "%s/evidence.key", b->at.folder);
	assert_int_equal(unlink(path), 0);
	must_keep(b, "k1", &finding, &evidence);
	assert_int_equal(verify(b, false), 0);
	store_free(b->store);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	assert_non_null(b->store);
	assert_int_equal(access(path, F_OK), -1); /* it is not made anew */
}

/* A second process, a verb, seals between the writer's transactions. */
static void two_stores_append_in_turns(void **state)
{
	struct bench *b = *state;
	struct bench other = *b;
	int64_t finding, evidence;
	char key[8];

	other.store = store_open(&b->at.place, STORE_WRITE, &b->err);
	assert_non_null(other.store);
	for (int i = 0; i < 6; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		must_keep(i % 2 ? &other : b, key, &finding, &evidence);
	}
	assert_int_equal(verify(b, true), 0);
	store_free(other.store);
}

/* A disk whose n-th call fails. */
static int calls, fail_at;

static bool fails(void)
{
	errno = ENOSPC;
	return ++calls == fail_at;
}

static int faulty_open(const char *path, int flags, unsigned mode)
{
	return fails() ? -1 : open(path, flags, mode);
}

static ssize_t faulty_write(int fd, const void *bytes, size_t n, off_t at)
{
	return fails() ? -1 : pwrite(fd, bytes, n, at);
}

static int faulty_sync(int fd)
{
	return fails() ? -1 : fdatasync(fd);
}

static int faulty_truncate(int fd, off_t size)
{
	return fails() ? -1 : ftruncate(fd, size);
}

static const struct segment_disk faulty = { faulty_open, faulty_write, faulty_sync, faulty_sync, faulty_truncate };

static void each_call_to_the_disk_may_fail_and_rows_and_items_agree(void **state)
{
	struct bench *b = *state;
	int failures = 1, round = 0;

	for (fail_at = 1; failures; fail_at++) {
		struct evidence_filter filter = { .limit = 100000 };
		struct evidence_row *rows;
		int64_t finding, evidence;
		size_t before, after;
		char key[16];

		assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &before, &b->err), 0);
		store_free(b->store);
		b->store = store_open(&b->at.place, STORE_WRITE, &b->err);
		evidence_place(b->store, &faulty, 1500);
		calls = failures = 0;
		for (int i = 0; i < 2; i++) {
			snprintf(key, sizeof(key), "k%d", round++);
			if (try_finding(b, key, &finding, &evidence) == 0)
				continue;
			assert_int_equal(b->err.code, E_FULL);
			assert_int_equal(failures++, 0);
			i--;
		}
		assert_int_equal(evidence_list(b->store, &filter, b->a, &rows, &after, &b->err), 0);
		assert_int_equal(after, before + 2);
		assert_int_equal(verify(b, true), 0);
	}
}

#define CASE(name, set_up) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What the database has a part in. */
#define ROWS(set_up)                                                                                                           \
	CASE(a_finding_leads_to_its_sealed_capture, set_up), CASE(a_capture_need_not_be_sealed, set_up),                       \
		CASE(lists_go_on_behind_the_last_row, set_up), CASE(a_rollback_takes_the_evidence_with_it, set_up),            \
		CASE(a_key_that_is_forgotten_opens_nothing_and_all_verifies, set_up), CASE(each_altered_row_is_named, set_up), \
		CASE(two_stores_append_in_turns, set_up),                                                                      \
		CASE(each_call_to_the_disk_may_fail_and_rows_and_items_agree, set_up)

int main(void)
{
	const struct CMUnitTest sqlite[] = {
		ROWS(on_sqlite),
		CASE(what_was_sealed_opens_to_the_exact_bytes, on_sqlite),
		CASE(nothing_of_it_can_be_read_without_the_key, on_sqlite),
		CASE(an_edit_adds_a_capture_to_the_finding, on_sqlite),
		CASE(an_exhibit_stands_beside_its_capture, on_sqlite),
		CASE(damaged_files_are_named_and_the_rest_is_checked, on_sqlite),
		CASE(whole_segments_without_rows_are_named, on_sqlite),
		CASE(readiness_tells_what_is_wrong_before_anything_is_kept, on_sqlite),
		CASE(without_the_private_half_it_is_kept_and_verified, on_sqlite),
	};
	const struct CMUnitTest postgresql[] = { ROWS(on_postgresql) };
	int failed = cmocka_run_group_tests_name("evidence on SQLite", sqlite, NULL, NULL);

	if (test_has_engine(DB_POSTGRESQL))
		failed += cmocka_run_group_tests_name("evidence on PostgreSQL", postgresql, NULL, NULL);
	return failed;
}
