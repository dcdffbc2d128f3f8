/* verify.c - is everything in the store what was written? The rows, and the order of the parts */
#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "store/verify_part.h"

static void tell(struct verify *v, const char *kind, const char *where, const char *text)
{
	const struct verify_problem p = { kind, where, text };

	v->out->problems++;
	v->o->found(v->o->owner, &p);
}

void verify_wrong(struct verify *v, const char *kind, const char *where, const char *format, ...)
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

void verify_went(const struct verify *v, int64_t done)
{
	if (v->o->went)
		v->o->went(v->o->owner, v->what, done);
}

bool verify_same(struct str stored, const unsigned char *digest)
{
	return stored.n == DIGEST_BYTES && memcmp(stored.p, digest, DIGEST_BYTES) == 0;
}

int verify_page(struct verify *v, const char *sql, const char *shape, int64_t after, struct page_row **rows, size_t *n,
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
			verify_wrong(v, "database", rows[i].what, "%s: %lld were written and %lld are there", rows[i].what,
				     (long long)db_int(q, 0), (long long)db_int(q, 1));
		db_end(q);
	}
	return 0;
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
		verify_wrong(v, "body", where, "%s: it cannot be read: %.300s", where, err.text);
		return;
	}
	digest_sha256(text, digest);
	memcpy(&key, digest, sizeof(key));
	if (!verify_same(r->bytes[0], digest))
		verify_wrong(v, "body", where, "%s: its text does not give the digest that was written: altered", where);
	else if (r->number[0] != key && r->number[0] != 0) /* texts of the first schema have none */
		verify_wrong(v, "body", where, "%s: its key is not that of its digest: altered", where);
}

static int check_bodies(struct verify *v, struct err *err)
{
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	do {
		if (verify_page(v,
				"SELECT id, digest_key, digest, coding, size, content FROM body WHERE id > :after ORDER BY id "
				"LIMIT " VERIFY_PAGE,
				"nbnnb", after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			body_check(v, &rows[i]);
		after = n ? rows[n - 1].id : after;
		verify_went(v, v->out->bodies += (int64_t)n);
	} while (n);
	return 0;
}

static int check_revisions(struct verify *v, struct err *err)
{
	unsigned char empty[DIGEST_BYTES];
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	digest_sha256(STR(""), empty);
	do {
		if (verify_page(v,
				"SELECT revision.id, revision.digest, body.digest, post.url, first_seen, last_seen,"
				" CASE WHEN EXISTS (SELECT 1 FROM purged WHERE purged.revision_id = revision.id) AND EXISTS"
				" (SELECT 1 FROM finding WHERE finding.post_id = post.id) THEN 1 ELSE 0 END FROM"
				" (SELECT id, digest, body_id, post_id, first_seen, last_seen FROM revision WHERE id > :after"
				" ORDER BY id LIMIT " VERIFY_PAGE ") AS revision LEFT JOIN body ON body.id = body_id"
				" LEFT JOIN (SELECT id, url FROM post) AS post ON post.id = post_id ORDER BY revision.id",
				"bbbnnn", after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++) {
			char where[64];

			snprintf(where, sizeof(where), "revision %lld", (long long)rows[i].id);
			if (rows[i].number[2] && verify_same(rows[i].bytes[1], empty)) /* custody: verify_finding.c */
				v->out->purged++;
			else if (!str_eq(rows[i].bytes[0], rows[i].bytes[1]))
				verify_wrong(v, "revision", where, "%s of %.*s: its digest is not that of its text: altered",
					     where, STR_ARG(str_slice(rows[i].bytes[2], 0, 300)));
			else if (rows[i].number[0] > rows[i].number[1])
				verify_wrong(v, "revision", where,
					     "%s of %.*s: it was last seen before it was first seen: altered", where,
					     STR_ARG(str_slice(rows[i].bytes[2], 0, 300)));
		}
		after = n ? rows[n - 1].id : after;
		verify_went(v, v->out->revisions += (int64_t)n);
	} while (n);
	return 0;
}

static int assessment_check(struct verify *v, const struct page_row *r, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct stored_assessment said;
	char where[64];

	if (r->number[0]) /* what it says is gone with the text, its digest is not */
		return 0;
	if (r->bytes[0].n == 0) {
		v->out->unsealed++;
		return 0;
	}
	arena_clear(v->row);
	if (assessment_read(v->store, r->id, v->row, &said, err) < 0)
		return err->code;
	assessment_digest(&said, r->bytes[1], digest);
	snprintf(where, sizeof(where), "assessment %lld", (long long)r->id);
	if (!verify_same(r->bytes[0], digest))
		verify_wrong(
			v, "assessment", where,
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
		if (verify_page(
			    v,
			    "SELECT assessment.id, assessment.digest, revision.digest, post.url, CASE WHEN EXISTS"
			    " (SELECT 1 FROM purged WHERE purged.revision_id = revision.id) THEN 1 ELSE 0 END FROM"
			    " (SELECT id, digest, revision_id FROM assessment WHERE id > :after ORDER BY id LIMIT " VERIFY_PAGE
			    ") AS assessment LEFT JOIN revision ON revision.id = revision_id"
			    " LEFT JOIN (SELECT id, url FROM post) AS post ON post.id = revision.post_id ORDER BY "
			    "assessment.id",
			    "bbbn", after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			if (assessment_check(v, &rows[i], err) < 0)
				return err->code;
		after = n ? rows[n - 1].id : after;
		verify_went(v, v->out->assessments += (int64_t)n);
	} while (n);
	return 0;
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
	{ "findings", "finding", verify_findings },
	{ "removed findings", "finding", verify_subjects },
	{ "custody", "custody", verify_custody },
	{ "time-stamps", "time-stamp", verify_stamps },
	{ "items of evidence", "evidence", verify_items },
	{ "evidence", "evidence", verify_evidence },
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
		verify_went(&v, 0);
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
