/* verify.c - is everything in the store what was written? */
#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/internal.h"

#define PAGE "500" /* rows read at once */

struct verify {
	struct store *store;
	const struct verify_options *o;
	struct verify_result *out;
	struct arena *a, *row; /* of a page, and of a row of it */
	const char *what;
	int64_t custody_since; /* when the first finding was captured into custody; INT64_MAX for never */
	bool hold;	       /* count what is wrong instead of telling it */
	int held;
};

static void tell(struct verify *v, const char *kind, const char *where, const char *text)
{
	const struct verify_problem p = { kind, where, text };

	v->out->problems++;
	v->o->found(v->o->owner, &p);
}

static void __attribute__((format(printf, 4, 5)))
wrong(struct verify *v, const char *kind, const char *where, const char *format, ...)
{
	char text[ERR_TEXT];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (v->hold)
		v->held++;
	else
		tell(v, kind, where, text);
}

static void went(const struct verify *v, int64_t done)
{
	if (v->o->went)
		v->o->went(v->o->owner, v->what, done);
}

static bool same(struct str stored, const unsigned char *digest)
{
	return stored.n == DIGEST_BYTES && memcmp(stored.p, digest, DIGEST_BYTES) == 0;
}

static int check_database(struct verify *v, struct err *err)
{
	(void)v;
	return db_check(v->store->db, err);
}

/* The figures that are kept against a count, each in one statement, so that a monitor cannot come in between. */
static int check_tallies(struct verify *v, struct err *err)
{
	static const struct {
		const char *what, *sql;
	} rows[] = {
		{ "posts", "SELECT (SELECT n FROM tally WHERE name = 'posts'), (SELECT count(*) FROM post)" },
		{ "revisions", "SELECT (SELECT n FROM tally WHERE name = 'revisions'), (SELECT count(*) FROM revision)" },
		{ "findings", "SELECT (SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM tally WHERE name LIKE 'severity %'),"
			      " (SELECT count(*) FROM finding WHERE verdict IN ('none', 'confirmed'))" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct query *q;

		if (db_get(v->store->db, &q, rows[i].sql, NULL, "a figure", err) < 0)
			return err->code;
		if (db_int(q, 0) != db_int(q, 1))
			wrong(v, "database", rows[i].what, "%s: %lld were written and %lld are there", rows[i].what,
			      (long long)db_int(q, 0), (long long)db_int(q, 1));
		db_end(q);
	}
	return 0;
}

/* A row of a table that is gone through by its id. */
struct page_row {
	int64_t id, number[3];
	struct str bytes[4];
};

/* A page of rows behind `after` into the arena: how many. Columns are id, then what `shape` says: n number, b bytes. */
static int page_read(struct verify *v, const char *sql, const char *shape, int64_t after, struct page_row **rows, size_t *n,
		     struct err *err)
{
	struct query *q;
	int more;

	arena_clear(v->a);
	*rows = NULL;
	*n = 0;
	q = db_ask(v->store->db, sql, ARGS(arg_int(":after", after)), err);
	more = q ? 0 : err->code;
	while (q && (more = db_step(q, err)) > 0) {
		struct page_row *r = arena_push(v->a, rows, n, sizeof(*r));
		int numbers = 0, texts = 0;

		r->id = db_int(q, 0);
		for (int i = 0; shape[i]; i++) {
			if (shape[i] == 'n')
				r->number[numbers++] = db_int(q, i + 1);
			else
				r->bytes[texts++] = arena_copy(v->a, db_text(q, i + 1));
		}
	}
	return more;
}

static void body_check(struct verify *v, const struct page_row *r)
{
	unsigned char digest[DIGEST_BYTES];
	struct err err = { 0 };
	char where[64];
	struct str text;
	int64_t key;

	arena_clear(v->row);
	snprintf(where, sizeof(where), "body %lld", (long long)r->id);
	if (body_decode(v->store, r->number[1], r->number[2], r->bytes[1], v->row, &text, &err) < 0) {
		wrong(v, "body", where, "%s: it cannot be read: %.300s", where, err.text);
		return;
	}
	digest_sha256(text, digest);
	memcpy(&key, digest, sizeof(key));
	if (!same(r->bytes[0], digest))
		wrong(v, "body", where, "%s: its text does not give the digest that was written: altered", where);
	else if (r->number[0] != key && r->number[0] != 0) /* texts of the first schema have none */
		wrong(v, "body", where, "%s: its key is not that of its digest: altered", where);
}

static int check_bodies(struct verify *v, struct err *err)
{
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	do {
		if (page_read(v,
			      "SELECT id, digest_key, digest, coding, size, content FROM body WHERE id > :after ORDER BY id "
			      "LIMIT " PAGE,
			      "nbnnb", after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			body_check(v, &rows[i]);
		after = n ? rows[n - 1].id : after;
		went(v, v->out->bodies += (int64_t)n);
	} while (n);
	return 0;
}

static int check_revisions(struct verify *v, struct err *err)
{
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	do {
		if (page_read(v,
			      "SELECT revision.id, revision.digest, body.digest, post.url, first_seen, last_seen FROM"
			      " (SELECT id, digest, body_id, post_id, first_seen, last_seen FROM revision WHERE id > :after"
			      " ORDER BY id LIMIT " PAGE ") AS revision LEFT JOIN body ON body.id = body_id"
			      " LEFT JOIN (SELECT id, url FROM post) AS post ON post.id = post_id ORDER BY revision.id",
			      "bbbnn", after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++) {
			char where[64];

			snprintf(where, sizeof(where), "revision %lld", (long long)rows[i].id);
			if (!str_eq(rows[i].bytes[0], rows[i].bytes[1]))
				wrong(v, "revision", where, "%s of %.*s: its digest is not that of its text: altered", where,
				      STR_ARG(str_slice(rows[i].bytes[2], 0, 300)));
			else if (rows[i].number[0] > rows[i].number[1])
				wrong(v, "revision", where, "%s of %.*s: it was last seen before it was first seen: altered",
				      where, STR_ARG(str_slice(rows[i].bytes[2], 0, 300)));
		}
		after = n ? rows[n - 1].id : after;
		went(v, v->out->revisions += (int64_t)n);
	} while (n);
	return 0;
}

static int assessment_check(struct verify *v, const struct page_row *r, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct stored_assessment said;
	char where[64];

	if (r->bytes[0].n == 0) {
		v->out->unsealed++;
		return 0;
	}
	arena_clear(v->row);
	if (assessment_read(v->store, r->id, v->row, &said, err) < 0)
		return err->code;
	assessment_digest(&said, r->bytes[1], digest);
	snprintf(where, sizeof(where), "assessment %lld", (long long)r->id);
	if (!same(r->bytes[0], digest))
		wrong(v, "assessment", where,
		      "%s of %.*s: what is said there, its hits, parts and reasons do not give the digest that was written: "
		      "altered",
		      where, STR_ARG(str_slice(r->bytes[2], 0, 300)));
	return 0;
}

static int check_assessments(struct verify *v, struct err *err)
{
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	do {
		if (page_read(v,
			      "SELECT assessment.id, assessment.digest, revision.digest, post.url FROM"
			      " (SELECT id, digest, revision_id FROM assessment WHERE id > :after ORDER BY id LIMIT " PAGE
			      ") AS assessment LEFT JOIN revision ON revision.id = revision_id"
			      " LEFT JOIN (SELECT id, url FROM post) AS post ON post.id = revision.post_id ORDER BY "
			      "assessment.id",
			      "bbb", after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			if (assessment_check(v, &rows[i], err) < 0)
				return err->code;
		after = n ? rows[n - 1].id : after;
		went(v, v->out->assessments += (int64_t)n);
	} while (n);
	return 0;
}

/* A finding with what custody has of it. */
struct about {
	int64_t id;
	struct str public_id, verdict, assessment; /* the digest of its own */
	char where[64];
	int64_t found_at;
	bool captured;	      /* custody has an entry of that */
	struct entry *newest; /* that speaks of the assessment it has now */
	unsigned char newest_state[DIGEST_BYTES];
};

/* A digest written in the detail of an entry: 1 into `out`, 0 when there is none. */
static int detail_digest(const struct json *detail, const char *key, unsigned char out[DIGEST_BYTES])
{
	struct str hex;

	if (json_get_text(detail, key, &hex, NULL) <= 0 || hex.n != DIGEST_HEX - 1)
		return 0;
	for (int i = 0; i < DIGEST_BYTES; i++)
		out[i] = (unsigned char)(ascii_hex(hex.p[2 * i]) << 4 | ascii_hex(hex.p[2 * i + 1]));
	return 1;
}

/* Do the rows of the assessment that was captured still give the digest in custody? */
static int capture_check(struct verify *v, const struct about *f, const struct entry *e, const struct json *detail,
			 struct err *err)
{
	unsigned char assessment[DIGEST_BYTES], wanted[DIGEST_BYTES], is[DIGEST_BYTES];
	struct query *q;
	int64_t id;
	int found;

	if (!detail_digest(detail, "assessment", assessment) || !detail_digest(detail, "rows", wanted))
		return 0;
	found = db_get(v->store->db, &q,
		       "SELECT assessment.id FROM finding JOIN revision ON revision.post_id = finding.post_id"
		       " JOIN assessment ON assessment.revision_id = revision.id"
		       " WHERE finding.id = :id AND assessment.digest = :digest ORDER BY assessment.id LIMIT 1",
		       ARGS(arg_int(":id", f->id), arg_bytes(":digest", assessment, DIGEST_BYTES)), NULL, err);
	if (found < 0)
		return found;
	if (found == 0) {
		wrong(v, "finding", f->where,
		      "%s: the assessment that entry %lld of custody names is not there: removed or altered", f->where,
		      (long long)e->sequence);
		return 0;
	}
	id = db_int(q, 0);
	db_end(q);
	if (finding_digest(v->store, id, is, err) < 0)
		return err->code;
	if (memcmp(is, wanted, DIGEST_BYTES) != 0)
		wrong(v, "finding", f->where,
		      "%s: its post, revision, capture or source is not what entry %lld of custody was written about: altered",
		      f->where, (long long)e->sequence);
	return 0;
}

/* The verdict's row that an entry names, against the entry. */
static int verdict_check(struct verify *v, const struct about *f, const struct entry *e, const struct json *detail,
			 struct err *err)
{
	struct str row = { 0 }, verdict = { 0 }, note = { 0 };
	struct query *q;
	int found;

	if (json_get_text(detail, "row", &row, NULL) <= 0 || json_get_text(detail, "verdict", &verdict, NULL) <= 0)
		return 0;
	json_get_text(detail, "note", &note, NULL);
	found = db_get(v->store->db, &q, "SELECT finding_id, verdict, operator, note, at FROM verdict WHERE public_id = :row",
		       ARGS(arg_text(":row", row)), NULL, err);
	if (found < 0)
		return found;
	if (found == 0) {
		wrong(v, "verdict", f->where, "%s: the verdict \"%.*s\" of entry %lld of custody is not there: removed",
		      f->where, STR_ARG(str_slice(verdict, 0, 60)), (long long)e->sequence);
		return 0;
	}
	if (db_int(q, 0) != f->id || !str_eq(db_text(q, 1), verdict) || !str_eq(db_text(q, 2), e->operator_name) ||
	    !str_eq(db_text(q, 3), note) || db_int(q, 4) != e->at)
		wrong(v, "verdict", f->where, "%s: the verdict \"%.*s\" is not what entry %lld of custody says: altered",
		      f->where, STR_ARG(str_slice(db_text(q, 1), 0, 60)), (long long)e->sequence);
	db_end(q);
	return 0;
}

/* Was this item's key forgotten, and does custody say so? */
static int purge_check(struct verify *v, struct str item, const char *where, struct err *err)
{
	const struct custody_filter purges = { .subject = arena_printf(v->a, "evidence %.*s", STR_ARG(item)),
					       .act = STR("purge") };
	struct custody_row *rows;
	size_t n;

	if (custody_list(v->store, &purges, v->a, &rows, &n, err) < 0)
		return err->code;
	if (n == 0)
		wrong(v, "evidence", where, "%s: its key is not there and custody knows of no purge: removed", where);
	return 0;
}

/* The item of evidence that an entry names, if it names one, against the entry. */
static int item_check(struct verify *v, const struct entry *e, const struct json *detail, struct err *err)
{
	unsigned char row[DIGEST_BYTES], key[DIGEST_BYTES], row_is[DIGEST_BYTES], key_is[DIGEST_BYTES];
	static const unsigned char forgotten[DIGEST_BYTES];
	struct str item = { 0 };
	char where[64];
	struct query *q;
	int64_t id;
	int found;

	if (json_get_text(detail, "evidence", &item, NULL) <= 0 || !detail_digest(detail, "evidence_row", row))
		return 0;
	snprintf(where, sizeof(where), "evidence %.*s", STR_ARG(str_slice(item, 0, 32)));
	found = db_get(v->store->db, &q, "SELECT id FROM evidence WHERE public_id = :id", ARGS(arg_text(":id", item)), NULL,
		       err);
	if (found < 0)
		return found;
	if (found == 0) {
		wrong(v, "evidence", where, "%s: entry %lld of custody names it and it is not there: removed", where,
		      (long long)e->sequence);
		return 0;
	}
	id = db_int(q, 0);
	db_end(q);
	if (evidence_digest(v->store, id, row_is, key_is, err) < 0)
		return err->code;
	if (memcmp(row, row_is, DIGEST_BYTES) != 0)
		wrong(v, "evidence", where, "%s: its row is not what entry %lld of custody was written about: altered", where,
		      (long long)e->sequence);
	if (!detail_digest(detail, "evidence_key", key) || memcmp(key, key_is, DIGEST_BYTES) == 0)
		return 0;
	if (memcmp(key_is, forgotten, DIGEST_BYTES) == 0)
		return purge_check(v, item, where, err);
	wrong(v, "evidence", where, "%s: its wrapped key is not what entry %lld of custody was written about: altered", where,
	      (long long)e->sequence);
	return 0;
}

static int entry_check(struct verify *v, struct about *f, struct entry *e, struct err *err)
{
	AUTO_FREE(json) detail = json_parse(e->detail, NULL);
	bool is_capture = str_eq(e->act, STR("capture"));
	unsigned char assessment[DIGEST_BYTES];

	f->captured |= is_capture;
	if (!detail) /* an altered one is the chain's business */
		return 0;
	if (item_check(v, e, detail, err) < 0)
		return err->code;
	if (!is_capture && !str_eq(e->act, STR("verdict")))
		return 0;
	if (detail_digest(detail, "assessment", assessment) && same(f->assessment, assessment) &&
	    (!f->newest || e->at >= f->newest->at) && detail_digest(detail, "state", f->newest_state))
		f->newest = e;
	return is_capture ? capture_check(v, f, e, detail, err) : verdict_check(v, f, e, detail, err);
}

/* Verdicts that custody knows nothing of, and the last of them against the finding. */
static int verdicts_check(struct verify *v, const struct about *f, const struct custody_row *rows, size_t n, struct err *err)
{
	struct query *q = db_ask(v->store->db, "SELECT public_id, verdict FROM verdict WHERE finding_id = :id ORDER BY id",
				 ARGS(arg_int(":id", f->id)), err);
	struct str last = STR("none");
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct str id = db_text(q, 0);
		bool known = id.n == 0; /* from before custody */

		for (size_t i = 0; i < n && !known; i++)
			known = str_eq(rows[i].entry.act, STR("verdict")) && str_find(rows[i].entry.detail, id) >= 0;
		last = arena_copy(v->a, db_text(q, 1));
		if (!known)
			wrong(v, "verdict", f->where,
			      "%s: a verdict \"%.*s\" stands there that custody knows nothing of: inserted", f->where,
			      STR_ARG(str_slice(last, 0, 60)));
	}
	if (more == 0 && !str_eq(last, f->verdict))
		wrong(v, "finding", f->where, "%s: it is marked \"%.*s\" and its last verdict is \"%.*s\": altered", f->where,
		      STR_ARG(str_slice(f->verdict, 0, 60)), STR_ARG(str_slice(last, 0, 60)));
	return more;
}

static int finding_look(struct verify *v, struct about *f, struct err *err)
{
	const struct custody_filter filter = { .subject = arena_printf(v->a, "finding %.*s", STR_ARG(f->public_id)),
					       .limit = 100000 };
	unsigned char state[DIGEST_BYTES];
	struct custody_row *rows;
	struct query *q;
	size_t n;

	f->newest = NULL;
	f->captured = false;
	if (db_get(v->store->db, &q,
		   "SELECT verdict, digest, found_at FROM finding JOIN assessment ON assessment.id = assessment_id WHERE "
		   "finding.id = "
		   ":id",
		   ARGS(arg_int(":id", f->id)), "a finding's assessment", err) < 0)
		return err->code;
	f->verdict = arena_copy(v->a, db_text(q, 0));
	f->assessment = arena_copy(v->a, db_text(q, 1));
	f->found_at = db_int(q, 2);
	db_end(q);
	if (custody_list(v->store, &filter, v->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (entry_check(v, f, &rows[i].entry, err) < 0)
			return err->code;
	if (!f->captured && f->found_at > v->custody_since)
		wrong(v, "finding", f->where, "%s: custody knows nothing of how it was found: inserted", f->where);
	if (custody_state(v->store, f->id, state, err) < 0)
		return err->code;
	if (f->newest && memcmp(state, f->newest_state, DIGEST_BYTES) != 0)
		wrong(v, "finding", f->where,
		      "%s: its severity, category, asset, verdict or terms are not what entry %lld of custody was written "
		      "about: altered",
		      f->where, (long long)f->newest->sequence);
	return verdicts_check(v, f, rows, n, err);
}

/* A monitor or an operator may be writing: what is wrong is looked at twice, and told when it has stayed. */
static int finding_check(struct verify *v, struct about *f, struct err *err)
{
	int result;

	v->hold = true;
	v->held = 0;
	result = finding_look(v, f, err);
	v->hold = false;
	return result < 0 || v->held == 0 ? result : finding_look(v, f, err);
}

static int check_findings(struct verify *v, struct err *err)
{
	AUTO_FREE(arena) ids = arena_new(LIMIT_ARENA);
	struct arena *before = v->a;
	struct page_row *rows;
	struct query *q;
	int64_t after = INT64_MIN;
	size_t n;

	if (db_get(v->store->db, &q, "SELECT min(at) FROM custody WHERE act = 'capture'", NULL, "a figure", err) < 0)
		return err->code;
	v->custody_since = db_is_null(q, 0) ? INT64_MAX : db_int(q, 0);
	db_end(q);
	do {
		v->a = ids;
		if (page_read(v, "SELECT id, public_id FROM finding WHERE id > :after ORDER BY id LIMIT " PAGE, "b", after,
			      &rows, &n, err) < 0)
			return err->code;
		v->a = before;
		for (size_t i = 0; i < n; i++) {
			struct about f = { .id = rows[i].id, .public_id = rows[i].bytes[0] };

			arena_clear(v->a);
			snprintf(f.where, sizeof(f.where), "finding %.*s", STR_ARG(str_slice(f.public_id, 0, 32)));
			if (finding_check(v, &f, err) < 0)
				return err->code;
		}
		after = n ? rows[n - 1].id : after;
		went(v, v->out->findings += (int64_t)n);
	} while (n);
	if (db_get(v->store->db, &q, "SELECT count(*) FROM verdict", NULL, "a count", err) < 0)
		return err->code;
	v->out->verdicts = db_int(q, 0);
	db_end(q);
	return 0;
}

/* Findings that custody knows and the store has no more. */
static int check_subjects(struct verify *v, struct err *err)
{
	struct query *q = db_ask(
		v->store->db,
		"SELECT DISTINCT subject FROM custody WHERE act IN ('capture', 'verdict') AND subject LIKE 'finding %'"
		" AND NOT EXISTS (SELECT 1 FROM finding WHERE public_id = substr(subject, 9)) ORDER BY subject",
		NULL, err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		char where[80];

		snprintf(where, sizeof(where), "%.*s", STR_ARG(str_slice(db_text(q, 0), 0, 60)));
		wrong(v, "finding", where, "%s: custody knows it and it is not there: removed", where);
	}
	return more;
}

static void chain_found(void *owner, struct str node, const struct chain_problem *p)
{
	static const char *const kinds[] = { "custody altered",	  "custody broken",    "custody removed", "custody inserted",
					     "custody reordered", "custody signature", "custody cut",	  "custody rewritten" };
	struct verify *v = owner;
	char where[128];

	snprintf(where, sizeof(where), "node %.8s, entry %lld", node.p, (long long)p->first);
	wrong(v, kinds[p->fault], where, "custody of node %.8s: %s", node.p, p->text);
}

static void chain_went(void *owner, int64_t entries)
{
	went(owner, entries);
}

static int check_custody(struct verify *v, struct err *err)
{
	struct custody_check c = { .anchors = v->o->anchors,
				   .n_anchors = v->o->n_anchors,
				   .keys = v->o->keys,
				   .n_keys = v->o->n_keys,
				   .found = chain_found,
				   .went = chain_went,
				   .owner = v };
	int result = custody_walk(v->store, &c, err);

	v->out->entries = c.entries;
	v->out->signatures = c.signatures;
	return result;
}

/* Does an entry of custody speak of this token? */
static bool stamp_is_known(const struct anchor *n, const struct custody_row *rows, size_t count)
{
	unsigned char is[DIGEST_BYTES], wanted[DIGEST_BYTES];

	digest_sha256(n->token, is);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE(json) detail = str_eq(rows[i].entry.node, n->node) ? json_parse(rows[i].entry.detail, NULL) : NULL;

		if (detail && detail_digest(detail, "token", wanted) && memcmp(is, wanted, DIGEST_BYTES) == 0)
			return true;
	}
	return false;
}

static void stamp_check(struct verify *v, const struct anchor *n, const struct custody_row *rows, size_t count)
{
	struct timestamp stamp;
	struct err why = { 0 };
	char where[96];

	snprintf(where, sizeof(where), "node %.8s, time-stamp of entry %lld", n->node.p, (long long)n->sequence);
	v->out->stamps++;
	if (!stamp_is_known(n, rows, count))
		wrong(v, "time-stamp", where, "%s: custody knows nothing of these bytes: altered or inserted", where);
	if (!v->o->authority_ca)
		v->out->unchecked++;
	else if (n->hash.n != DIGEST_BYTES ||
		 timestamp_check(n->token, (const unsigned char *)n->hash.p, v->o->authority_ca, &stamp, &why) < 0)
		wrong(v, "time-stamp", where, "%s: %.400s", where, why.text);
}

static int check_stamps(struct verify *v, struct err *err)
{
	const struct custody_filter filter = { .act = STR("stamp"), .limit = 1000000 };
	struct custody_row *entries;
	struct anchor *rows;
	size_t n, n_entries;

	if (anchor_list(v->store, STR("rfc3161"), v->a, &rows, &n, err) < 0 ||
	    (n && custody_list(v->store, &filter, v->a, &entries, &n_entries, err) < 0))
		return err->code;
	for (size_t i = 0; i < n; i++)
		stamp_check(v, &rows[i], entries, n_entries);
	return 0;
}

/* What custody says of items themselves: exhibits, exports, purges. */
static int check_items(struct verify *v, struct err *err)
{
	AUTO_FREE(arena) ids = arena_new(LIMIT_ARENA);
	struct arena *before = v->a;
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	do {
		v->a = ids;
		if (page_read(v, "SELECT id, public_id FROM evidence WHERE id > :after ORDER BY id LIMIT " PAGE, "b", after,
			      &rows, &n, err) < 0)
			return err->code;
		v->a = before;
		for (size_t i = 0; i < n; i++) {
			struct custody_filter filter = { .limit = 100000 };
			struct custody_row *entries;
			size_t n_entries;

			arena_clear(v->a);
			filter.subject = arena_printf(v->a, "evidence %.*s", STR_ARG(rows[i].bytes[0]));
			if (custody_list(v->store, &filter, v->a, &entries, &n_entries, err) < 0)
				return err->code;
			for (size_t k = 0; k < n_entries; k++) {
				AUTO_FREE(json) detail = json_parse(entries[k].entry.detail, NULL);

				if (detail && item_check(v, &entries[k].entry, detail, err) < 0)
					return err->code;
			}
		}
		after = n ? rows[n - 1].id : after;
		went(v, (int64_t)n);
	} while (n);
	return 0;
}

static void evidence_found(void *owner, const char *problem)
{
	wrong(owner, "evidence", "evidence", "%s", problem);
}

static void evidence_went(void *owner, int64_t items, int64_t bytes)
{
	(void)bytes;
	went(owner, items);
}

static int check_evidence(struct verify *v, struct err *err)
{
	struct evidence_check c = { .key = v->o->evidence_key, .found = evidence_found, .went = evidence_went, .owner = v };
	int result = evidence_verify(v->store, &c, err);

	v->out->items = c.items;
	v->out->bytes = c.bytes;
	v->out->elsewhere = c.elsewhere;
	return result;
}

static const struct {
	const char *what, *kind;
	int (*check)(struct verify *v, struct err *err);
} parts[] = {
	{ "the database", "database", check_database },
	{ "figures", "database", check_tallies },
	{ "texts", "body", check_bodies },
	{ "revisions", "revision", check_revisions },
	{ "assessments", "assessment", check_assessments },
	{ "findings", "finding", check_findings },
	{ "removed findings", "finding", check_subjects },
	{ "custody", "custody", check_custody },
	{ "time-stamps", "time-stamp", check_stamps },
	{ "items of evidence", "evidence", check_items },
	{ "evidence", "evidence", check_evidence },
};

int verify_store(struct store *s, const struct verify_options *o, struct verify_result *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(arena) row = arena_new(LIMIT_ARENA);
	struct verify v = { .store = s, .o = o, .out = out, .a = a, .row = row };

	*out = (struct verify_result){ 0 };
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct err why = { 0 };

		v.what = parts[i].what;
		v.a = a;
		went(&v, 0);
		if (parts[i].check(&v, &why) < 0)
			tell(&v, parts[i].kind, parts[i].what, why.text);
		v.hold = false;
		arena_clear(a);
	}
	if (out->problems == 0)
		return 0;
	return err_set(err, E_VERIFY, "%lld problems were found; nothing was changed, what is not named is sound",
		       (long long)out->problems);
}
