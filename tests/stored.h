/* stored.h - a store in a folder of its own with a few findings in it, for tests of custody, copies and verification */
#ifndef WATCHDESK_TESTS_STORED_H
#define WATCHDESK_TESTS_STORED_H

#include "tests/support.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "store/custody.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/internal.h"
#include "store/operator.h"
#include "tests/stores.h"

struct stored {
	struct test_place at; /* the store is in its folder */
	char folder[64];      /* the rest of the test is here */
	struct store *store;
	struct arena *a;
	int64_t source, classifier;
	bool untold;   /* findings get no entry in custody */
	bool unsealed; /* findings get no evidence: that takes an fdatasync each */
	struct err err;
};

#define OK(x)                                                \
	do {                                                 \
		if ((x) < 0)                                 \
			fail_msg("%s: %s", #x, b->err.text); \
	} while (0)

static inline const char *stored_path(const struct stored *b, const char *name)
{
	static char text[8][160];
	static int next;

	next = (next + 1) % 8;
	snprintf(text[next], sizeof(text[next]), "%s/%s", b->folder, name);
	return text[next];
}

/* Run shell commands in the test's folder; what they say is in out.txt there. */
static inline int stored_shell(const struct stored *b, const char *command)
{
	char line[2048];

	snprintf(line, sizeof(line), "cd %s && { %s\n} >out.txt 2>&1", b->folder, command);
	return system(line);
}

static inline void stored_open(struct stored *b, enum db_engine engine)
{
	unsigned char rules[DIGEST_BYTES] = { 1 }, assets[DIGEST_BYTES] = { 2 };

	*b = (struct stored){ 0 };
	test_place_make_ready(&b->at, engine);
	snprintf(b->folder, sizeof(b->folder), "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	b->a = arena_new(64 << 20);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	if (!b->store)
		fail_msg("%s", b->err.text);
	OK(store_begin(b->store, &b->err));
	OK(store_source(b->store, STR("pastes"), &b->source, &b->err));
	OK(store_classifier(b->store, &(struct stored_classifier){ rules, assets, STR("1") }, 5, &b->classifier, &b->err));
	OK(store_commit(b->store, &b->err));
}

static inline void stored_close(struct stored *b)
{
	store_free(b->store);
	arena_free(b->a);
	test_place_remove(&b->at);
	file_remove_folder(b->folder, NULL);
}

/* The capture that gives a post, and what is sealed of it; 0 when that is not wished for. */
static inline int64_t stored_evidence(struct stored *b, int64_t capture_id, const struct trail *trail, int64_t finding_id,
				      struct str text, int64_t now)
{
	struct warc_field fact = { STR("program"), STR("watchdesk/0.1") };
	struct evidence_text unmasked = { finding_id, text };
	struct evidence_item item = {
		.capture_id = capture_id, .trail = trail, .facts = &fact, .n_facts = 1, .texts = &unmasked, .n_texts = 1
	};
	int64_t id = 0;

	if (!b->unsealed)
		OK(evidence_keep(b->store, &item, now, &id, &b->err));
	return id;
}

/* A post that is a finding, with all kinds of rows below it, its evidence and its entry in custody. Its public id. */
static inline struct str stored_finding(struct stored *b, const char *key, const char *text, int64_t now)
{
	struct str reasons[] = { STR("a reason"), STR("another") }, terms[] = { STR("leak: +70") };
	struct stored_part parts[] = { { STR("target"), 0, 1, 2 } };
	unsigned char secret[DIGEST_BYTES];
	struct stored_hit hit = {
		.rule = STR("r"), .label = STR("l"), .masked = STR("ab**"), .why = STR("w"), .start = 1, .end = 3
	};
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(key),
				 .url = STR("https://paste.example.net/1"),
				 .title = STR("a title"),
				 .author = STR("\xc3\xa9ric"),
				 .text = str_of(text),
				 .assessment = { .classifier_id = b->classifier,
						 .category = STR("leak"),
						 .asset = STR("Example Pictures"),
						 .leak = 0.9,
						 .dox = 0.1 + 0.2,
						 .severity = 75,
						 .hits = &hit,
						 .n_hits = 1,
						 .parts = parts,
						 .n_parts = 1,
						 .reasons = reasons,
						 .n_reasons = 2,
						 .terms = terms,
						 .n_terms = 1 } };
	struct exchange exchange = { .url = p.url,
				     .request = STR("GET /1 HTTP/1.1\r\nHost: paste.example.net\r\n\r\n"),
				     .headers = STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
				     .body = p.text,
				     .protocol = STR("http/1.1"),
				     .address = STR("192.0.2.7"),
				     .status = 200,
				     .started_at = now,
				     .ended_at = now };
	const struct trail trail = { &exchange, 1 };
	struct stored_result result;
	struct query *q;
	int64_t evidence;
	struct str id;

	store_secret_digest(b->store, p.text, secret);
	hit.secret_digest = (struct str){ (const char *)secret, sizeof(secret) };
	OK(store_begin(b->store, &b->err));
	OK(capture_keep(b->store, b->source, &trail, &p.capture_id, &b->err));
	OK(store_post(b->store, &p, now, &result, &b->err));
	evidence = stored_evidence(b, p.capture_id, &trail, result.finding_id, p.text, now);
	OK(db_get(b->store->db, &q, "SELECT public_id FROM finding WHERE id = :id", ARGS(arg_int(":id", result.finding_id)),
		  "the finding", &b->err));
	id = arena_copy(b->a, db_text(q, 0));
	db_end(q);
	if (!b->untold)
		OK(custody_capture(b->store,
				   &(struct custody_capture){ .finding = id,
							      .assessment_id = result.assessment_id,
							      .evidence_id = evidence,
							      .operator_name = STR("watch") },
				   now, &b->err));
	OK(store_commit(b->store, &b->err));
	return id;
}

/* An operator's verdict on a finding, by its public id. */
static inline void stored_mark(struct stored *b, struct str finding, const char *verdict, const struct sign_key *key,
			       int64_t now)
{
	struct str terms[] = { STR("a verdict: -70") };
	struct finding_detail detail;
	struct finding_mark mark = { .verdict = str_of(verdict),
				     .operator_name = STR("analyst"),
				     .note = STR("a \"note\"\nof two lines"),
				     .severity = 5,
				     .terms = terms,
				     .n_terms = 1,
				     .key = key };

	assert_int_equal(finding_load(b->store, finding, b->a, &detail, &b->err), 1);
	mark.id = detail.finding.id;
	OK(store_begin(b->store, &b->err));
	OK(finding_mark(b->store, &mark, now, &b->err));
	OK(store_commit(b->store, &b->err));
}

static inline void stored_act(struct stored *b, enum custody_kind kind, const char *subject, const struct sign_key *key,
			      int64_t now)
{
	const struct custody_act act = { kind, str_of(subject), STR("analyst"), STR("{\"why\":\"a test\"}"), key };

	OK(store_begin(b->store, &b->err));
	OK(custody_add(b->store, &act, now, &b->err));
	OK(store_commit(b->store, &b->err));
}

/* What somebody with the database in hand can do. */
static inline void stored_sql(struct stored *b, const char *sql)
{
	OK(db_exec(b->store->db, sql, &b->err));
}

static inline struct sign_key *stored_key(struct stored *b, const char *name)
{
	char line[128];
	struct sign_key *key;

	snprintf(line, sizeof(line), "openssl genpkey -algorithm ed25519 -out %s", name);
	assert_int_equal(stored_shell(b, line), 0);
	key = sign_key_load(stored_path(b, name), &b->err);
	assert_non_null(key);
	return key;
}

static inline int stored_on(enum db_engine engine, void **state)
{
	struct stored *b = calloc(1, sizeof(*b));

	stored_open(b, engine);
	*state = b;
	return 0;
}

static inline int stored_on_sqlite(void **state)
{
	return stored_on(DB_SQLITE, state);
}

static inline int stored_on_postgresql(void **state)
{
	return stored_on(DB_POSTGRESQL, state);
}

static inline int stored_gone(void **state)
{
	stored_close(*state);
	free(*state);
	return 0;
}

/* Run tests with a store of their own, on each engine that is here. */
static inline int stored_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest rows[64];
	char group[2][128];
	int failed = 0;

	assert(n <= sizeof(rows) / sizeof(rows[0]));
	for (int engine = DB_SQLITE; engine <= DB_POSTGRESQL; engine++) {
		if (engine == DB_POSTGRESQL && !test_has_engine(DB_POSTGRESQL))
			continue;
		for (size_t i = 0; i < n; i++) {
			rows[i] = tests[i];
			rows[i].setup_func = engine == DB_SQLITE ? stored_on_sqlite : stored_on_postgresql;
			rows[i].teardown_func = stored_gone;
		}
		snprintf(group[engine], sizeof(group[engine]), "%s on %s", name, engine == DB_SQLITE ? "SQLite" : "PostgreSQL");
		failed += _cmocka_run_group_tests(group[engine], rows, n, NULL, NULL);
	}
	return failed;
}

#endif
