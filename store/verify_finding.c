/* verify_finding.c - findings and verdicts against what custody says of them */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "store/finding.h"
#include "store/verify_part.h"

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

/* A revision that was given this assessment: one that was deleted and came back as it was has it twice. */
struct assessed {
	int64_t id; /* of the assessment */
	bool purged;
};

static int assessed_find(struct verify *v, const struct about *f, const unsigned char digest[DIGEST_BYTES],
			 struct assessed **out, size_t *n, struct err *err)
{
	struct query *q;
	int more;

	q = db_ask(v->store->db,
		   "SELECT assessment.id, CASE WHEN EXISTS (SELECT 1 FROM purged WHERE purged.revision_id = revision.id)"
		   " THEN 1 ELSE 0 END FROM finding JOIN revision ON revision.post_id = finding.post_id"
		   " JOIN assessment ON assessment.revision_id = revision.id"
		   " WHERE finding.id = :id AND assessment.digest = :digest ORDER BY assessment.id",
		   ARGS(arg_int(":id", f->id), arg_bytes(":digest", digest, DIGEST_BYTES)), err);
	more = q ? 0 : err->code;
	while (q && (more = db_step(q, err)) > 0)
		*(struct assessed *)arena_push(v->a, out, n, sizeof(**out)) = (struct assessed){ db_int(q, 0),
												 db_int(q, 1) != 0 };
	return more;
}

/* Do the rows of the assessment that was captured still give the digest in custody? */
static int capture_check(struct verify *v, const struct about *f, const struct entry *e, const struct json *detail,
			 struct err *err)
{
	unsigned char assessment[DIGEST_BYTES], wanted[DIGEST_BYTES], is[DIGEST_BYTES];
	struct assessed *rows = NULL;
	size_t n = 0;
	bool sound = false;

	if (!verify_digest(detail, "assessment", assessment) || !verify_digest(detail, "rows", wanted))
		return 0;
	if (assessed_find(v, f, assessment, &rows, &n, err) < 0)
		return err->code;
	if (n == 0)
		verify_wrong(v, "finding", f->where,
			     "%s: the assessment that entry %lld of custody names is not there: removed or altered", f->where,
			     (long long)e->sequence);
	for (size_t i = 0; i < n && !sound; i++) {
		if (!rows[i].purged && finding_digest(v->store, rows[i].id, is, err) < 0)
			return err->code;
		sound = rows[i].purged || memcmp(is, wanted, DIGEST_BYTES) == 0;
	}
	if (n && !sound)
		verify_wrong(v, "finding", f->where,
			     "%s: its post, revision, capture or source is not what entry %lld of custody was written about: "
			     "altered",
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
		verify_wrong(v, "verdict", f->where, "%s: the verdict \"%.*s\" of entry %lld of custody is not there: removed",
			     f->where, STR_ARG(str_slice(verdict, 0, 60)), (long long)e->sequence);
		return 0;
	}
	if (db_int(q, 0) != f->id || !str_eq(db_text(q, 1), verdict) || !str_eq(db_text(q, 2), e->operator_name) ||
	    !str_eq(db_text(q, 3), note) || db_int(q, 4) != e->at)
		verify_wrong(v, "verdict", f->where, "%s: the verdict \"%.*s\" is not what entry %lld of custody says: altered",
			     f->where, STR_ARG(str_slice(db_text(q, 1), 0, 60)), (long long)e->sequence);
	db_end(q);
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
	if (verify_item(v, e, detail, err) < 0)
		return err->code;
	if (!is_capture && !str_eq(e->act, STR("verdict")))
		return 0;
	if (verify_digest(detail, "assessment", assessment) && verify_same(f->assessment, assessment) &&
	    (!f->newest || e->at >= f->newest->at) && verify_digest(detail, "state", f->newest_state))
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
			verify_wrong(v, "verdict", f->where,
				     "%s: a verdict \"%.*s\" stands there that custody knows nothing of: inserted", f->where,
				     STR_ARG(str_slice(last, 0, 60)));
	}
	if (more == 0 && !str_eq(last, f->verdict))
		verify_wrong(v, "finding", f->where, "%s: it is marked \"%.*s\" and its last verdict is \"%.*s\": altered",
			     f->where, STR_ARG(str_slice(f->verdict, 0, 60)), STR_ARG(str_slice(last, 0, 60)));
	return more;
}

/* A text that is not there any more: custody has to know of a purge. */
static int purge_check(struct verify *v, const struct about *f, const struct custody_row *rows, size_t n, struct err *err)
{
	struct query *q;
	int found = db_get(v->store->db, &q,
			   "SELECT 1 FROM finding JOIN revision ON revision.post_id = finding.post_id"
			   " JOIN purged ON purged.revision_id = revision.id WHERE finding.id = :id LIMIT 1",
			   ARGS(arg_int(":id", f->id)), NULL, err);

	if (found <= 0)
		return found;
	db_end(q);
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].entry.act, STR("purge")))
			return 0;
	verify_wrong(v, "finding", f->where, "%s: its text is not there and custody knows of no purge: removed", f->where);
	return 0;
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
	if (purge_check(v, f, rows, n, err) < 0)
		return err->code;
	if (!f->captured && f->found_at > v->custody_since)
		verify_wrong(v, "finding", f->where, "%s: custody knows nothing of how it was found: inserted", f->where);
	if (custody_state(v->store, f->id, state, err) < 0)
		return err->code;
	if (f->newest && memcmp(state, f->newest_state, DIGEST_BYTES) != 0)
		verify_wrong(
			v, "finding", f->where,
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

int verify_findings(struct verify *v, struct err *err)
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
		if (verify_page(v, "SELECT id, public_id FROM finding WHERE id > :after ORDER BY id LIMIT " VERIFY_PAGE, "b",
				after, &rows, &n, err) < 0)
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
		verify_went(v, v->out->findings += (int64_t)n);
	} while (n);
	if (db_get(v->store->db, &q, "SELECT count(*) FROM verdict", NULL, "a count", err) < 0)
		return err->code;
	v->out->verdicts = db_int(q, 0);
	db_end(q);
	return 0;
}

/* Findings that custody knows and the store has no more. */
int verify_subjects(struct verify *v, struct err *err)
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
		verify_wrong(v, "finding", where, "%s: custody knows it and it is not there: removed", where);
	}
	return more;
}
