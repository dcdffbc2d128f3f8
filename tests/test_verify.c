/* test_verify.c - whatever is changed in a store, verify finds it and names what it was */
#include "tests/stored.h"

#include "store/verify.h"

#define T(n) (INT64_C(1764129600000000) + (n))

struct seen {
	char kinds[2000], texts[8000];
};

static void note(void *owner, const struct verify_problem *p)
{
	struct seen *seen = owner;
	size_t n = strlen(seen->kinds), m = strlen(seen->texts);

	snprintf(seen->kinds + n, sizeof(seen->kinds) - n, "%s%s", n ? ", " : "", p->kind);
	snprintf(seen->texts + m, sizeof(seen->texts) - m, "%s\n", p->text);
	assert_true(strlen(p->where) > 4);
}

static struct seen look_with(struct stored *b, struct verify_options *o, struct verify_result *r)
{
	struct seen seen = { 0 };
	int sound;

	o->found = note;
	o->owner = &seen;
	sound = verify_store(b->store, o, r, &b->err);
	assert_int_equal(sound, seen.kinds[0] ? E_VERIFY : 0);
	return seen;
}

static struct seen look(struct stored *b)
{
	struct verify_result r;

	return look_with(b, &(struct verify_options){ 0 }, &r);
}

static void fill(struct stored *b)
{
	struct str id = stored_finding(b, "k1", "the first text, which is long enough to be compressed, compressed, compressed",
				       T(1));

	stored_finding(b, "k2", "the second text", T(2));
	stored_mark(b, id, "false-positive", NULL, T(3));
	stored_act(b, CUSTODY_EXPORT, "finding 1", NULL, T(4));
}

/* Turn a bit of the value in the first row (by `order`) of a table. */
static void flip(struct stored *b, const char *table, const char *column, const char *order)
{
	char sql[512];
	struct db_arg v = { 0 };
	struct query *q;
	struct str copy = { 0 };

	snprintf(sql, sizeof(sql), "SELECT %s FROM %s ORDER BY %s LIMIT 1", column, table, order);
	q = db_prepare(b->store->db, sql, &b->err);
	assert_non_null(q);
	assert_int_equal(db_step(q, &b->err), 1);
	v = (struct db_arg){ .name = ":v", .type = db_type(q, 0), .number = db_int(q, 0) ^ 1, .real = db_real(q, 0) };
	copy = exact_copy(db_text(q, 0));
	query_free(q);
	if (v.type == DB_REAL)
		((unsigned char *)&v.real)[0] ^= 1; /* the last of the mantissa */
	if (copy.n)
		((char *)copy.p)[copy.n / 2] ^= 1;
	v.bytes = copy;
	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = :v WHERE %s = (SELECT %s FROM %s ORDER BY %s LIMIT 1)", table, column,
		 order, order, table, order);
	q = db_prepare(b->store->db, sql, &b->err);
	assert_non_null(q);
	db_bind(q, ((struct db_arg[]){ v, { 0 } }));
	OK(db_run(q, &b->err));
	query_free(q);
	free((char *)copy.p);
}

static void a_store_that_nobody_touched_is_sound(void **state)
{
	struct stored *b = *state;
	struct verify_result r;

	assert_string_equal(look(b).texts, "");
	fill(b);
	assert_string_equal(look_with(b, &(struct verify_options){ 0 }, &r).texts, "");
	assert_int_equal(r.bodies, 2);
	assert_int_equal(r.revisions, 2);
	assert_int_equal(r.assessments, 2);
	assert_int_equal(r.findings, 2);
	assert_int_equal(r.verdicts, 1);
	assert_int_equal(r.entries, 4);
	assert_int_equal(r.items, 2);
}

/* Deleted, and there again as it was: two revisions with one assessment, each with its capture in custody. */
static void a_post_that_came_back_is_sound(void **state)
{
	struct stored *b = *state;
	struct verify_result r;

	stored_finding(b, "a", "a text that comes back", 10);
	stored_sql(b, "UPDATE revision SET deleted_at = 11");
	stored_finding(b, "a", "a text that comes back", 12);
	assert_string_equal(look_with(b, &(struct verify_options){ 0 }, &r).texts, "");
	assert_int_equal(r.revisions, 2);
	stored_sql(b, "UPDATE revision SET first_seen = 11 WHERE id = (SELECT max(id) FROM revision)");
	assert_string_not_equal(look(b).texts, "");
}

static void a_bit_of_each_kind_of_row_is_found(void **state)
{
	static const struct {
		const char *table, *column, *order, *kind;
	} rows[] = {
		{ "body", "content", "id", "body" },
		{ "body", "digest", "id", "body" },
		{ "body", "digest_key", "id", "body" },
		{ "body", "coding", "id", "body" },
		{ "body", "size", "id", "body" },
		{ "revision", "digest", "id", "revision" },
		{ "revision", "first_seen", "id", "finding" },
		{ "assessment", "leak", "id", "assessment" },
		{ "assessment", "dox", "id", "assessment" },
		{ "assessment", "digest", "id", "assessment" },
		{ "hit", "rule", "id", "assessment" },
		{ "hit", "masked", "id", "assessment" },
		{ "hit", "why", "id", "assessment" },
		{ "hit", "start_at", "id", "assessment" },
		{ "hit", "layer", "id", "assessment" },
		{ "hit", "confidence", "id", "assessment" },
		{ "hit", "secret_digest", "id", "assessment" },
		{ "part", "part", "assessment_id", "assessment" },
		{ "part", "end_at", "assessment_id", "assessment" },
		{ "finding", "severity", "id", "finding" },
		{ "finding", "category", "id", "finding" },
		{ "finding", "asset", "id", "finding" },
		{ "finding", "verdict", "id", "finding" },
		{ "finding", "found_at", "id", "finding" },
		{ "finding", "public_id", "id", "finding" },
		{ "term", "text", "finding_id", "finding" },
		{ "verdict", "verdict", "id", "verdict" },
		{ "verdict", "operator", "id", "verdict" },
		{ "verdict", "note", "id", "verdict" },
		{ "verdict", "at", "id", "verdict" },
		{ "post", "url", "id", "finding" },
		{ "post", "author", "id", "finding" },
		{ "post", "title", "id", "finding" },
		{ "post", "key", "id", "finding" },
		{ "post", "first_seen", "id", "finding" },
		{ "source", "name", "id", "finding" },
		{ "classifier", "rules", "id", "finding" },
		{ "custody", "at", "sequence", "custody altered" },
		{ "custody", "act", "sequence", "custody altered" },
		{ "custody", "subject", "sequence", "custody altered" },
		{ "custody", "operator", "sequence", "custody altered" },
		{ "custody", "detail", "sequence", "custody altered" },
		{ "custody", "entry", "sequence", "custody altered" },
		{ "custody", "hash", "sequence", "custody broken" },
		{ "tally", "n", "name", "database" },
		{ "capture", "url", "id", "finding" },
		{ "capture", "address", "id", "finding" },
		{ "capture", "body_digest", "id", "finding" },
		{ "capture", "started_at", "id", "finding" },
		{ "evidence", "digest", "id", "evidence" },
		{ "evidence", "content_digest", "id", "evidence" },
		{ "evidence", "wrapped_key", "id", "evidence" },
		{ "evidence", "key_id", "id", "evidence" },
		{ "evidence", "kind", "id", "evidence" },
		{ "evidence", "sealed_at", "id", "evidence" },
		{ "evidence", "start_at", "id", "evidence" },
		{ "evidence", "length", "id", "evidence" },
	};
	struct stored *b = *state;

	fill(b);
	stored_sql(b, "DELETE FROM tally WHERE name LIKE 'category%' OR n = 0");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen;

		flip(b, rows[i].table, rows[i].column, rows[i].order);
		seen = look(b);
		if (!strstr(seen.kinds, rows[i].kind))
			fail_msg("%s.%s: found \"%s\", expected \"%s\"", rows[i].table, rows[i].column, seen.kinds,
				 rows[i].kind);
		flip(b, rows[i].table, rows[i].column, rows[i].order);
		seen = look(b);
		if (seen.kinds[0])
			fail_msg("%s.%s was put right, and still: %s", rows[i].table, rows[i].column, seen.texts);
	}
}

static void a_bit_of_a_segment_is_found(void **state)
{
	struct stored *b = *state;
	char path[128];
	AUTO(buf) whole = BUF_INIT(1 << 20);

	fill(b);
	snprintf(path, sizeof(path), "%s/segments/000001.seg", b->at.folder);
	read_fixture(path, &whole);
	for (size_t i = 0; i < whole.n; i += whole.n / 40) {
		whole.p[i] ^= 4;
		OK(file_replace(path, buf_str(&whole), 0600, &b->err));
		if (!strstr(look(b).kinds, "evidence"))
			fail_msg("a bit of byte %zu of %zu is not missed", i, whole.n);
		whole.p[i] ^= 4;
	}
	OK(file_replace(path, str_slice(buf_str(&whole), 0, whole.n - 1), 0600, &b->err));
	assert_non_null(strstr(look(b).kinds, "evidence"));
	OK(file_replace(path, buf_str(&whole), 0600, &b->err));
	assert_string_equal(look(b).texts, "");
}

static void a_key_that_was_forgotten_needs_a_purge_in_custody(void **state)
{
	struct stored *b = *state;
	struct evidence_row *rows;
	struct seen seen;
	size_t n;

	fill(b);
	OK(evidence_list(b->store, &(struct evidence_filter){ 0 }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	OK(store_begin(b->store, &b->err));
	assert_int_equal(evidence_forget(b->store, rows[0].id, T(9), &b->err), 1);
	OK(store_commit(b->store, &b->err));
	seen = look(b);
	assert_string_equal(seen.kinds, "evidence");
	assert_non_null(strstr(seen.texts, "custody knows of no purge"));
	stored_act(b, CUSTODY_PURGE, arena_printf(b->a, "evidence %.*s", STR_ARG(rows[0].public_id)).p, NULL, T(9));
	assert_string_equal(look(b).texts, "");
	stored_sql(b, "DELETE FROM evidence WHERE forgotten_at IS NULL");
	assert_non_null(strstr(look(b).texts, "names it and it is not there: removed"));
}

static void rows_removed_and_inserted_are_found(void **state)
{
	static const struct {
		const char *sql, *kind, *says;
	} rows[] = {
		{ "DELETE FROM hit WHERE id = (SELECT min(id) FROM hit)", "assessment", "altered" },
		{ "DELETE FROM part", "assessment", "altered" },
		{ "DELETE FROM reason WHERE position = 1", "assessment", "altered" },
		{ "UPDATE reason SET position = position + 10", "", "" }, /* their order is the same */
		{ "UPDATE reason SET position = 3 - position", "assessment", "altered" },
		{ "DELETE FROM term", "finding", "altered" },
		{ "UPDATE cluster SET verdict_id = NULL; DELETE FROM secret_verdict; DELETE FROM verdict", "verdict",
		  "is not there: removed" },
		{ "INSERT INTO verdict (public_id, finding_id, verdict, operator, note, at)"
		  " SELECT 'ff', id, 'known', 'nobody', '', 5 FROM finding WHERE verdict = 'none'",
		  "verdict", "custody knows nothing of: inserted" },
		{ "UPDATE finding SET verdict = 'confirmed' WHERE verdict = 'none'", "finding", "its last verdict is" },
		{ "DELETE FROM custody WHERE sequence = 2", "custody removed", "entry 2: removed" },
		{ "UPDATE revision SET body_id = (SELECT max(id) FROM body)", "revision", "is not that of its text" },
		{ "UPDATE assessment SET revision_id = (SELECT max(id) FROM revision)", "assessment", "altered" },
		{ "DELETE FROM term; DELETE FROM contact; DELETE FROM secret_verdict; UPDATE cluster SET verdict_id = NULL; "
		  "DELETE FROM verdict;"
		  "DELETE FROM finding",
		  "finding", "custody knows it and it is not there: removed" },
		{ "DELETE FROM index_queue; DELETE FROM term; DELETE FROM contact; DELETE FROM finding WHERE id = (SELECT "
		  "max(id) FROM finding);"
		  "DELETE FROM reason; DELETE FROM part; DELETE FROM hit;"
		  "DELETE FROM assessment WHERE id = (SELECT max(id) FROM assessment);"
		  "DELETE FROM revision WHERE id = (SELECT max(id) FROM revision)",
		  "database", "revisions: 2 were written and 1 are there" },
	};

	struct stored *b = *state;

	fill(b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen;

		OK(store_begin(b->store, &b->err)); /* and never committed */
		stored_sql(b, rows[i].sql);
		seen = look(b);
		if (!strstr(seen.kinds, rows[i].kind) || !strstr(seen.texts, rows[i].says))
			fail_msg("%s: found \"%s\": %s", rows[i].sql, seen.kinds, seen.texts);
		store_rollback(b->store);
	}
}

static void a_finding_that_custody_does_not_know_was_inserted(void **state)
{
	struct stored *b = *state;
	struct seen seen;

	b->untold = true;
	stored_finding(b, "k0", "from before custody was kept", T(0));
	assert_string_equal(look(b).texts, "");
	b->untold = false;
	fill(b);
	assert_string_equal(look(b).texts, "");
	b->untold = true;
	stored_finding(b, "k3", "a third text", T(9));
	seen = look(b);
	assert_string_equal(seen.kinds, "finding");
	assert_non_null(strstr(seen.texts, "custody knows nothing of how it was found: inserted"));
}

static void a_cut_tail_and_a_rewritten_chain_are_found_against_an_anchor(void **state)
{
	struct stored *b = *state;
	AUTO(buf) head = BUF_INIT(256);
	struct verify_options o = { 0 };
	struct verify_result r;
	struct anchor *anchors;
	struct seen seen;

	fill(b);
	assert_int_equal(anchor_text(b->store, &head, &b->err), 1);
	anchor_read(buf_str(&head), STR("the mail of yesterday"), b->a, &anchors, &o.n_anchors);
	o.anchors = anchors;
	assert_string_equal(look_with(b, &o, &r).texts, "");
	stored_sql(b, "DELETE FROM custody WHERE sequence = 4");
	assert_string_equal(look(b).texts, ""); /* nobody can know */
	seen = look_with(b, &o, &r);
	assert_string_equal(seen.kinds, "custody cut");
	assert_non_null(strstr(seen.texts, "the mail of yesterday knew entry 4"));
	stored_act(b, CUSTODY_PURGE, "finding 1", NULL, T(5));
	seen = look_with(b, &o, &r);
	assert_string_equal(seen.kinds, "custody rewritten");
}

/* A time-stamp of the head of the chain as `evidence timestamp` keeps it. */
static void stamp(struct stored *b)
{
	char line[512], hex[DIGEST_HEX];
	AUTO(buf) token = BUF_INIT(65536);
	unsigned char digest[DIGEST_BYTES];
	struct custody_head head;

	snprintf(line, sizeof(line), "tests/authority/make %s", b->folder);
	assert_int_equal(system(line), 0);
	assert_int_equal(custody_head(b->store, &head, &b->err), 1);
	snprintf(line, sizeof(line),
		 "openssl ts -query -digest %s -sha256 -cert -out query"
		 " && openssl ts -reply -config tsa.cnf -queryfile query -token_out -out token",
		 digest_hex(head.hash, DIGEST_BYTES, hex));
	assert_int_equal(stored_shell(b, line), 0);
	read_fixture(stored_path(b, "token"), &token);
	digest_sha256(buf_str(&token), digest);
	snprintf(line, sizeof(line), "{\"token\":\"%s\"}", digest_hex(digest, DIGEST_BYTES, hex));
	OK(store_begin(b->store, &b->err));
	OK(anchor_add(b->store,
		      &(struct anchor){ .sequence = head.sequence,
					.at = T(6),
					.hash = { (const char *)head.hash, DIGEST_BYTES },
					.kind = STR("rfc3161"),
					.place = STR("https://tsa.example.net/"),
					.token = buf_str(&token) },
		      &b->err));
	OK(custody_add(b->store, &(struct custody_act){ CUSTODY_STAMP, STR("store"), STR("analyst"), str_of(line) }, T(6),
		       &b->err));
	OK(store_commit(b->store, &b->err));
}

static void time_stamps_are_checked_under_their_ca(void **state)
{
	struct stored *b = *state;
	struct verify_options o = { 0 }, ca = { 0 }, other = { 0 };
	struct verify_result r;
	struct seen seen;

	fill(b);
	stamp(b);
	assert_string_equal(look_with(b, &o, &r).texts, "");
	assert_int_equal(r.stamps, 1);
	assert_int_equal(r.unchecked, 1);
	ca.authority_ca = stored_path(b, "ca.pem");
	assert_string_equal(look_with(b, &ca, &r).texts, "");
	assert_int_equal(r.unchecked, 0);
	other.authority_ca = stored_path(b, "other.pem");
	seen = look_with(b, &other, &r);
	assert_string_equal(seen.kinds, "time-stamp");
	assert_non_null(strstr(seen.texts, "not good under the CAs"));
	flip(b, "anchor", "token", "id");
	assert_string_equal(look(b).kinds, "time-stamp");
	flip(b, "anchor", "token", "id");
	flip(b, "anchor", "hash", "id");
	assert_non_null(strstr(look_with(b, &ca, &r).kinds, "custody rewritten, time-stamp"));
	flip(b, "anchor", "hash", "id");
	flip(b, "anchor", "sequence", "id");
	assert_non_null(strstr(look(b).kinds, "custody"));
}

static void damage_that_stops_one_part_does_not_stop_the_others(void **state)
{
	struct stored *b = *state;
	struct seen seen;

	fill(b);
	stored_sql(b, "ALTER TABLE hit RENAME COLUMN why TO why_not; DELETE FROM term");
	seen = look(b);
	assert_non_null(strstr(seen.kinds, "assessment"));
	assert_non_null(strstr(seen.kinds, "finding"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_that_nobody_touched_is_sound),
		cmocka_unit_test(a_post_that_came_back_is_sound),
		cmocka_unit_test(a_bit_of_each_kind_of_row_is_found),
		cmocka_unit_test(a_bit_of_a_segment_is_found),
		cmocka_unit_test(a_key_that_was_forgotten_needs_a_purge_in_custody),
		cmocka_unit_test(rows_removed_and_inserted_are_found),
		cmocka_unit_test(a_finding_that_custody_does_not_know_was_inserted),
		cmocka_unit_test(a_cut_tail_and_a_rewritten_chain_are_found_against_an_anchor),
		cmocka_unit_test(time_stamps_are_checked_under_their_ca),
		cmocka_unit_test(damage_that_stops_one_part_does_not_stop_the_others),
	};

	return stored_run("verify", tests, sizeof(tests) / sizeof(tests[0]));
}
