/* assessment.c - what was said of a revision: written once, never changed, and bound by a digest */
#include "base/limits.h"
#include "base/message.h"
#include "store/internal.h"

static int hits_insert(struct store *s, int64_t assessment_id, const struct stored_assessment *a, struct err *err)
{
	for (size_t i = 0; i < a->n_hits; i++) {
		const struct stored_hit *h = &a->hits[i];

		if (db_do(s->db,
			  "INSERT INTO hit (assessment_id, rule, label, kind, layer, start_at, end_at, masked, confidence, "
			  "why, "
			  "asset,"
			  " secret_digest, gravity) VALUES (:assessment, :rule, :label, :kind, :layer, :start, :end, :masked, "
			  ":confidence,"
			  " :why, :asset, :digest, :gravity)",
			  ARGS(arg_int(":assessment", assessment_id), arg_text(":rule", h->rule), arg_text(":label", h->label),
			       arg_text(":kind", h->kind), arg_int(":layer", h->layer), arg_int(":start", h->start),
			       arg_int(":end", h->end), arg_text(":masked", h->masked), arg_int(":confidence", h->confidence),
			       arg_text(":why", h->why), arg_text(":asset", h->asset),
			       arg_blob_or_null(":digest", h->secret_digest), arg_int(":gravity", h->gravity)),
			  err) < 0)
			return err->code;
	}
	return 0;
}

static int parts_insert(struct store *s, int64_t assessment_id, const struct stored_assessment *a, struct err *err)
{
	for (size_t i = 0; i < a->n_parts; i++) {
		const struct stored_part *p = &a->parts[i];

		if (db_do(s->db,
			  "INSERT INTO part (assessment_id, position, part, layer, start_at, end_at)"
			  " VALUES (:assessment, :position, :part, :layer, :start, :end)",
			  ARGS(arg_int(":assessment", assessment_id), arg_int(":position", (int64_t)i),
			       arg_text(":part", p->part), arg_int(":layer", p->layer), arg_int(":start", p->start),
			       arg_int(":end", p->end)),
			  err) < 0)
			return err->code;
	}
	return 0;
}

int sentences_insert(struct store *s, const char *sql, int64_t owner, const struct str *texts, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (db_do(s->db, sql,
			  ARGS(arg_int(":owner", owner), arg_int(":position", (int64_t)i), arg_text(":text", texts[i])),
			  err) < 0)
			return err->code;
	return 0;
}

/* All that an assessment says, with what it was said of, in one order. */
void assessment_digest(const struct stored_assessment *a, struct str revision_digest, unsigned char out[DIGEST_BYTES])
{
	AUTO(buf) all = BUF_INIT(LIMIT_MESSAGE);

	put_str(&all, revision_digest);
	put_real(&all, a->violence);
	put_real(&all, a->extortion);
	put_real(&all, a->leak);
	put_real(&all, a->dox);
	for (size_t i = 0; i < a->n_hits; i++) {
		const struct stored_hit *h = &a->hits[i];

		put_str(&all, h->rule);
		put_str(&all, h->label);
		put_str(&all, h->masked);
		put_str(&all, h->why);
		put_str(&all, h->asset);
		put_int(&all, h->layer);
		put_int(&all, h->confidence);
		put_int(&all, h->start);
		put_int(&all, h->end);
		put_str(&all, h->secret_digest);
	}
	for (size_t i = 0; i < a->n_parts; i++) {
		put_str(&all, a->parts[i].part);
		put_int(&all, a->parts[i].layer);
		put_int(&all, a->parts[i].start);
		put_int(&all, a->parts[i].end);
	}
	for (size_t i = 0; i < a->n_reasons; i++)
		put_str(&all, a->reasons[i]);
	digest_sha256(buf_str(&all), out);
}

int assessment_insert(struct store *s, int64_t revision_id, struct str revision_digest, const struct stored_assessment *a,
		      int64_t now, int64_t *id, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct query *q;

	assessment_digest(a, revision_digest, digest);
	if (db_get(s->db, &q,
		   "INSERT INTO assessment (revision_id, classifier_id, at, violence, extortion, leak, dox, digest)"
		   " VALUES (:revision, :classifier, :now, :violence, :extortion, :leak, :dox, :digest) RETURNING id",
		   ARGS(arg_int(":revision", revision_id), arg_int(":classifier", a->classifier_id), arg_int(":now", now),
			arg_real(":violence", a->violence), arg_real(":extortion", a->extortion), arg_real(":leak", a->leak),
			arg_real(":dox", a->dox), arg_bytes(":digest", digest, DIGEST_BYTES)),
		   "the assessment that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	if (hits_insert(s, *id, a, err) < 0 || parts_insert(s, *id, a, err) < 0)
		return err->code;
	return sentences_insert(s, "INSERT INTO reason (assessment_id, position, text) VALUES (:owner, :position, :text)", *id,
				a->reasons, a->n_reasons, err);
}

static int hits_read(struct store *s, int64_t id, struct arena *a, struct stored_assessment *out, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT rule, label, masked, why, asset, layer, confidence, start_at, end_at, secret_digest, "
				 "kind, gravity FROM hit"
				 " WHERE assessment_id = :assessment ORDER BY id",
				 ARGS(arg_int(":assessment", id)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct stored_hit *h = arena_push(a, &out->hits, &out->n_hits, sizeof(*h));

		*h = (struct stored_hit){
			.rule = arena_copy(a, db_text(q, 0)),
			.label = arena_copy(a, db_text(q, 1)),
			.masked = arena_copy(a, db_text(q, 2)),
			.why = arena_copy(a, db_text(q, 3)),
			.asset = arena_copy(a, db_text(q, 4)),
			.layer = (int)db_int(q, 5),
			.confidence = (int)db_int(q, 6),
			.start = db_int(q, 7),
			.end = db_int(q, 8),
			.secret_digest = arena_copy(a, db_text(q, 9)),
			.kind = arena_copy(a, db_text(q, 10)),
			.gravity = (int)db_int(q, 11),
		};
	}
	return more;
}

static int parts_read(struct store *s, int64_t id, struct arena *a, struct stored_assessment *out, struct err *err)
{
	struct query *q = db_ask(
		s->db, "SELECT part, layer, start_at, end_at FROM part WHERE assessment_id = :assessment ORDER BY position",
		ARGS(arg_int(":assessment", id)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct stored_part *p = arena_push(a, &out->parts, &out->n_parts, sizeof(*p));

		*p = (struct stored_part){ arena_copy(a, db_text(q, 0)), (int)db_int(q, 1), db_int(q, 2), db_int(q, 3) };
	}
	return more;
}

int sentences_read(struct store *s, const char *sql, int64_t owner, struct arena *a, struct str **texts, size_t *n,
		   struct err *err)
{
	struct query *q = db_ask(s->db, sql, ARGS(arg_int(":owner", owner)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		*(struct str *)arena_push(a, texts, n, sizeof(**texts)) = arena_copy(a, db_text(q, 0));
	return more;
}

int assessment_read(struct store *s, int64_t id, struct arena *a, struct stored_assessment *out, struct err *err)
{
	struct query *q;

	*out = (struct stored_assessment){ 0 };
	if (db_get(s->db, &q, "SELECT classifier_id, violence, extortion, leak, dox FROM assessment WHERE id = :id",
		   ARGS(arg_int(":id", id)), "an assessment", err) < 0)
		return err->code;
	out->classifier_id = db_int(q, 0);
	out->violence = db_real(q, 1);
	out->extortion = db_real(q, 2);
	out->leak = db_real(q, 3);
	out->dox = db_real(q, 4);
	db_end(q);
	if (hits_read(s, id, a, out, err) < 0 || parts_read(s, id, a, out, err) < 0)
		return err->code;
	return sentences_read(s, "SELECT text FROM reason WHERE assessment_id = :owner ORDER BY position", id, a, &out->reasons,
			      &out->n_reasons, err);
}
