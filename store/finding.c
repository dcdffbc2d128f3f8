/* finding.c - posts and what was said of them */
#include "store/finding.h"

#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "store/internal.h"

static int post_insert(struct store *s, const struct stored_post *p, int64_t now, int64_t *id, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"INSERT INTO post (source_id, key, url, author, title, posted_at, posted_precision, posted_zone_known,"
		" posted_raw, first_seen, last_seen) VALUES (:source, :key, :url, :author, :title, :posted, :precision,"
		" :zone, :raw, :now, :now) ON CONFLICT (source_id, key) DO NOTHING",
		err);

	if (!q)
		return err->code;
	db_bind_int(q, ":source", p->source_id);
	db_bind_text(q, ":key", p->key);
	db_bind_text(q, ":url", p->url);
	db_bind_text(q, ":author", p->author);
	db_bind_text(q, ":title", p->title);
	if (p->posted_precision)
		db_bind_int(q, ":posted", p->posted_at);
	else
		db_bind_null(q, ":posted");
	db_bind_int(q, ":precision", p->posted_precision);
	db_bind_int(q, ":zone", p->posted_zone_known);
	db_bind_text(q, ":raw", p->posted_raw);
	db_bind_int(q, ":now", now);
	if (db_run(q, err) < 0)
		return err->code;
	if (db_changed(s->db) == 0)
		return 0;
	*id = db_last_id(s->db);
	return 1;
}

/* The post's id, its newest revision and whether that has this digest. */
struct known {
	int64_t post_id, revision_id;
	bool same;
};

static int post_find(struct store *s, const struct stored_post *p, const unsigned char *digest, struct known *k,
		     struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT post.id, revision.id, revision.digest FROM post JOIN revision ON revision.post_id = post.id"
		" WHERE source_id = :source AND key = :key ORDER BY revision.id DESC LIMIT 1",
		err);
	int found;

	if (!q)
		return err->code;
	db_bind_int(q, ":source", p->source_id);
	db_bind_text(q, ":key", p->key);
	found = db_step(q, err);
	if (found <= 0)
		return found < 0 ? found : err_set(err, E_STORE, "a post without a revision");
	*k = (struct known){ db_int(q, 0), db_int(q, 1),
			     str_eq(db_text(q, 2), (struct str){ (const char *)digest, DIGEST_BYTES }) };
	db_end(q);
	return 0;
}

static int seen_again(struct store *s, const struct known *k, int64_t now, struct err *err)
{
	static const char *const statements[] = {
		"UPDATE post SET last_seen = :now WHERE id = :id",
		"UPDATE revision SET last_seen = :now WHERE id = :id",
	};
	const int64_t ids[] = { k->post_id, k->revision_id };

	for (int i = 0; i < (k->same ? 2 : 1); i++) {
		struct query *q = db_query(s->db, statements[i], err);

		if (!q)
			return err->code;
		db_bind_int(q, ":now", now);
		db_bind_int(q, ":id", ids[i]);
		if (db_run(q, err) < 0)
			return err->code;
	}
	return 0;
}

static int revision_insert(struct store *s, int64_t post_id, const struct stored_post *p, const unsigned char *digest,
			   int64_t now, int64_t *id, struct err *err)
{
	struct query *q = db_query(s->db,
				   "INSERT INTO revision (post_id, digest, text, first_seen, last_seen, classifier_id)"
				   " VALUES (:post, :digest, :text, :now, :now, :classifier)",
				   err);

	if (!q)
		return err->code;
	db_bind_int(q, ":post", post_id);
	db_bind_blob(q, ":digest", (struct str){ (const char *)digest, DIGEST_BYTES });
	db_bind_text(q, ":text", p->text);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":classifier", p->assessment.classifier_id);
	if (db_run(q, err) < 0)
		return err->code;
	*id = db_last_id(s->db);
	q = db_query(s->db, "INSERT INTO index_queue (revision_id) VALUES (:id)", err);
	if (!q)
		return err->code;
	db_bind_int(q, ":id", *id);
	return db_run(q, err);
}

static int hits_insert(struct store *s, int64_t assessment_id, const struct stored_assessment *a, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"INSERT INTO hit (assessment_id, rule, label, layer, start_at, end_at, masked, confidence, why, asset,"
		" secret_digest) VALUES (:assessment, :rule, :label, :layer, :start, :end, :masked, :confidence, :why,"
		" :asset, :digest)",
		err);

	for (size_t i = 0; q && i < a->n_hits; i++) {
		const struct stored_hit *h = &a->hits[i];

		db_bind_int(q, ":assessment", assessment_id);
		db_bind_text(q, ":rule", h->rule);
		db_bind_text(q, ":label", h->label);
		db_bind_int(q, ":layer", h->layer);
		db_bind_int(q, ":start", h->start);
		db_bind_int(q, ":end", h->end);
		db_bind_text(q, ":masked", h->masked);
		db_bind_int(q, ":confidence", h->confidence);
		db_bind_text(q, ":why", h->why);
		db_bind_text(q, ":asset", h->asset);
		if (h->secret_digest.n)
			db_bind_blob(q, ":digest", h->secret_digest);
		else
			db_bind_null(q, ":digest");
		if (db_run(q, err) < 0)
			return err->code;
	}
	return q ? 0 : err->code;
}

static int parts_insert(struct store *s, int64_t assessment_id, const struct stored_assessment *a, struct err *err)
{
	struct query *q = db_query(s->db,
				   "INSERT INTO part (assessment_id, position, part, layer, start_at, end_at)"
				   " VALUES (:assessment, :position, :part, :layer, :start, :end)",
				   err);

	for (size_t i = 0; q && i < a->n_parts; i++) {
		db_bind_int(q, ":assessment", assessment_id);
		db_bind_int(q, ":position", (int64_t)i);
		db_bind_text(q, ":part", a->parts[i].part);
		db_bind_int(q, ":layer", a->parts[i].layer);
		db_bind_int(q, ":start", a->parts[i].start);
		db_bind_int(q, ":end", a->parts[i].end);
		if (db_run(q, err) < 0)
			return err->code;
	}
	return q ? 0 : err->code;
}

/* Sentences of an owner, in their order: reasons of an assessment, terms of a finding's severity. */
static int sentences_insert(struct store *s, const char *sql, int64_t owner, const struct str *texts, size_t n, struct err *err)
{
	struct query *q = db_query(s->db, sql, err);

	for (size_t i = 0; q && i < n; i++) {
		db_bind_int(q, ":owner", owner);
		db_bind_int(q, ":position", (int64_t)i);
		db_bind_text(q, ":text", texts[i]);
		if (db_run(q, err) < 0)
			return err->code;
	}
	return q ? 0 : err->code;
}

static int assessment_insert(struct store *s, int64_t revision_id, const struct stored_assessment *a, int64_t now, int64_t *id,
			     struct err *err)
{
	struct query *q = db_query(s->db,
				   "INSERT INTO assessment (revision_id, classifier_id, at, violence, extortion, leak, dox)"
				   " VALUES (:revision, :classifier, :now, :violence, :extortion, :leak, :dox)",
				   err);

	if (!q)
		return err->code;
	db_bind_int(q, ":revision", revision_id);
	db_bind_int(q, ":classifier", a->classifier_id);
	db_bind_int(q, ":now", now);
	db_bind_real(q, ":violence", a->violence);
	db_bind_real(q, ":extortion", a->extortion);
	db_bind_real(q, ":leak", a->leak);
	db_bind_real(q, ":dox", a->dox);
	if (db_run(q, err) < 0)
		return err->code;
	*id = db_last_id(s->db);
	if (hits_insert(s, *id, a, err) < 0 || parts_insert(s, *id, a, err) < 0)
		return err->code;
	return sentences_insert(s, "INSERT INTO reason (assessment_id, position, text) VALUES (:owner, :position, :text)", *id,
				a->reasons, a->n_reasons, err);
}

static int terms_replace(struct store *s, int64_t finding_id, const struct str *terms, size_t n, struct err *err)
{
	struct query *q = db_query(s->db, "DELETE FROM term WHERE finding_id = :finding", err);

	if (!q)
		return err->code;
	db_bind_int(q, ":finding", finding_id);
	if (db_run(q, err) < 0)
		return err->code;
	return sentences_insert(s, "INSERT INTO term (finding_id, position, text) VALUES (:owner, :position, :text)",
				finding_id, terms, n, err);
}

static int finding_upsert(struct store *s, int64_t post_id, int64_t assessment_id, const struct stored_assessment *a,
			  int64_t now, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"INSERT INTO finding (public_id, post_id, assessment_id, severity, category, asset, found_at, changed_at)"
		" VALUES (:public, :post, :assessment, :severity, :category, :asset, :now, :now)"
		" ON CONFLICT (post_id) DO UPDATE SET assessment_id = :assessment, severity = :severity,"
		" category = :category, asset = :asset, changed_at = :now RETURNING id, found_at = changed_at",
		err);
	unsigned char bytes[DIGEST_ID_BYTES];
	char public_id[FINDING_ID];
	int64_t id;
	bool fresh;

	if (!q)
		return err->code;
	digest_random(bytes, sizeof(bytes));
	db_bind_text(q, ":public", str_of(digest_hex(bytes, sizeof(bytes), public_id)));
	db_bind_int(q, ":post", post_id);
	db_bind_int(q, ":assessment", assessment_id);
	db_bind_int(q, ":severity", a->severity);
	db_bind_text(q, ":category", a->category);
	db_bind_text(q, ":asset", a->asset);
	db_bind_int(q, ":now", now);
	if (db_step(q, err) <= 0)
		return err->code;
	id = db_int(q, 0);
	fresh = db_int(q, 1) != 0;
	if (db_run(q, err) < 0 || terms_replace(s, id, a->terms, a->n_terms, err) < 0)
		return err->code;
	return fresh;
}

static bool says_something(const struct stored_assessment *a)
{
	return a->n_hits || a->severity >= FINDING_SEVERITY || a->violence >= 0.5 || a->extortion >= 0.5 || a->leak >= 0.5 ||
	       a->dox >= 0.5;
}

int store_post(struct store *s, const struct stored_post *p, int64_t now, struct stored_result *out, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct known known = { 0 };
	int64_t revision_id = 0, assessment_id = 0;
	int fresh;

	*out = (struct stored_result){ 0 };
	digest_sha256(p->text, digest);
	fresh = post_insert(s, p, now, &known.post_id, err);
	if (fresh < 0)
		return fresh;
	if (!fresh && (post_find(s, p, digest, &known, err) < 0 || seen_again(s, &known, now, err) < 0))
		return err->code;
	if (known.same)
		return 0;
	out->new_post = fresh;
	out->new_revision = true;
	if (revision_insert(s, known.post_id, p, digest, now, &revision_id, err) < 0)
		return err->code;
	if (!says_something(&p->assessment))
		return 0;
	if (assessment_insert(s, revision_id, &p->assessment, now, &assessment_id, err) < 0)
		return err->code;
	if (p->assessment.severity < FINDING_SEVERITY)
		return 0;
	fresh = finding_upsert(s, known.post_id, assessment_id, &p->assessment, now, err);
	out->new_finding = fresh > 0;
	return fresh < 0 ? fresh : 0;
}

#define FINDING_COLUMNS                                                                                                        \
	"SELECT finding.id, assessment.revision_id, public_id, category, asset, source.name, title, author, url, verdict, "    \
	"severity,"                                                                                                            \
	" violence, extortion, leak, dox, found_at, changed_at, post.first_seen, post.last_seen, posted_at, posted_precision," \
	" posted_zone_known, posted_raw, finding.assessment_id, post.id, key FROM finding"                                     \
	" JOIN assessment ON assessment.id = finding.assessment_id JOIN post ON post.id = finding.post_id"                     \
	" JOIN source ON source.id = post.source_id "

static void finding_read(struct query *q, struct arena *a, struct finding *f)
{
	*f = (struct finding){
		.id = db_int(q, 0),
		.revision_id = db_int(q, 1),
		.public_id = arena_copy(a, db_text(q, 2)),
		.category = arena_copy(a, db_text(q, 3)),
		.asset = arena_copy(a, db_text(q, 4)),
		.source = arena_copy(a, db_text(q, 5)),
		.title = arena_copy(a, db_text(q, 6)),
		.author = arena_copy(a, db_text(q, 7)),
		.url = arena_copy(a, db_text(q, 8)),
		.verdict = arena_copy(a, db_text(q, 9)),
		.severity = (int)db_int(q, 10),
		.violence = db_real(q, 11),
		.extortion = db_real(q, 12),
		.leak = db_real(q, 13),
		.dox = db_real(q, 14),
		.found_at = db_int(q, 15),
		.changed_at = db_int(q, 16),
		.first_seen = db_int(q, 17),
		.last_seen = db_int(q, 18),
		.posted_at = db_int(q, 19),
		.posted_precision = (int)db_int(q, 20),
		.posted_zone_known = db_int(q, 21) != 0,
		.posted_raw = arena_copy(a, db_text(q, 22)),
	};
}

int finding_list(struct store *s, const struct finding_filter *f, struct arena *a, struct finding **rows, size_t *n,
		 struct err *err)
{
	struct query *q = db_query(s->db,
				   FINDING_COLUMNS
				   "WHERE severity >= :least AND (:category = '' OR category = :category)"
				   " AND (:source = '' OR source.name = :source) AND (:asset = '' OR asset = :asset)"
				   " AND found_at >= :since AND (:dismissed OR verdict IN ('none', 'confirmed'))"
				   " ORDER BY severity DESC, finding.id DESC LIMIT :limit",
				   err);
	int more;

	if (!q)
		return err->code;
	db_bind_int(q, ":least", f->least_severity);
	db_bind_text(q, ":category", f->category);
	db_bind_text(q, ":source", f->source);
	db_bind_text(q, ":asset", f->asset);
	db_bind_int(q, ":since", f->found_since);
	db_bind_int(q, ":dismissed", f->with_dismissed);
	db_bind_int(q, ":limit", f->limit ? f->limit : LIMIT_REPORT_FINDINGS);
	*rows = NULL;
	*n = 0;
	while ((more = db_step(q, err)) > 0)
		finding_read(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

static int hits_read(struct store *s, int64_t assessment_id, struct arena *a, struct finding_detail *out, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT rule, label, masked, why, asset, layer, confidence, start_at, end_at, secret_digest FROM hit"
		" WHERE assessment_id = :assessment ORDER BY layer, start_at, id",
		err);
	int more;

	if (!q)
		return err->code;
	db_bind_int(q, ":assessment", assessment_id);
	while ((more = db_step(q, err)) > 0) {
		struct stored_hit *h = arena_push(a, &out->hits, &out->n_hits, sizeof(*h));

		h->rule = arena_copy(a, db_text(q, 0));
		h->label = arena_copy(a, db_text(q, 1));
		h->masked = arena_copy(a, db_text(q, 2));
		h->why = arena_copy(a, db_text(q, 3));
		h->asset = arena_copy(a, db_text(q, 4));
		h->layer = (int)db_int(q, 5);
		h->confidence = (int)db_int(q, 6);
		h->start = db_int(q, 7);
		h->end = db_int(q, 8);
		h->secret_digest = arena_copy(a, db_text(q, 9));
	}
	return more;
}

static int parts_read(struct store *s, int64_t assessment_id, struct arena *a, struct finding_detail *out, struct err *err)
{
	struct query *q = db_query(
		s->db, "SELECT part, layer, start_at, end_at FROM part WHERE assessment_id = :assessment ORDER BY position",
		err);
	int more;

	if (!q)
		return err->code;
	db_bind_int(q, ":assessment", assessment_id);
	while ((more = db_step(q, err)) > 0) {
		struct stored_part *p = arena_push(a, &out->parts, &out->n_parts, sizeof(*p));

		p->part = arena_copy(a, db_text(q, 0));
		p->layer = (int)db_int(q, 1);
		p->start = db_int(q, 2);
		p->end = db_int(q, 3);
	}
	return more;
}

static int sentences_read(struct store *s, const char *sql, int64_t owner, struct arena *a, struct str **texts, size_t *n,
			  struct err *err)
{
	struct query *q = db_query(s->db, sql, err);
	int more;

	if (!q)
		return err->code;
	db_bind_int(q, ":owner", owner);
	while ((more = db_step(q, err)) > 0)
		*(struct str *)arena_push(a, texts, n, sizeof(**texts)) = arena_copy(a, db_text(q, 0));
	return more;
}

static int text_read(struct store *s, int64_t revision_id, int64_t post_id, struct arena *a, struct finding_detail *out,
		     struct err *err)
{
	struct query *q = db_query(
		s->db, "SELECT text, (SELECT count(*) FROM revision WHERE post_id = :post) FROM revision WHERE id = :revision",
		err);
	int found;

	if (!q)
		return err->code;
	db_bind_int(q, ":post", post_id);
	db_bind_int(q, ":revision", revision_id);
	found = db_step(q, err);
	if (found <= 0)
		return found < 0 ? found : err_set(err, E_STORE, "a finding without its text");
	out->text = arena_copy(a, db_text(q, 0));
	out->revisions = db_int(q, 1);
	db_end(q);
	return 0;
}

int finding_load(struct store *s, struct str public_id, struct arena *a, struct finding_detail *out, struct err *err)
{
	struct query *q = db_query(s->db, FINDING_COLUMNS "WHERE public_id >= :first AND public_id < :first || 'g' LIMIT 2",
				   err);
	int64_t assessment_id, post_id;
	int found;

	if (!q)
		return err->code;
	if (public_id.n < 6 || public_id.n >= FINDING_ID)
		return err_set(err, E_USAGE, "an id has 6 to 32 hexadecimal digits; `watchdesk list` shows them");
	db_bind_text(q, ":first", public_id);
	found = db_step(q, err);
	if (found <= 0)
		return found;
	*out = (struct finding_detail){ 0 };
	finding_read(q, a, &out->finding);
	assessment_id = db_int(q, 23);
	post_id = db_int(q, 24);
	out->key = arena_copy(a, db_text(q, 25));
	found = db_step(q, err);
	if (found > 0) {
		db_end(q);
		return err_set(err, E_USAGE, "several ids begin with %.*s; give more digits", STR_ARG(public_id));
	}
	if (found < 0 || text_read(s, out->finding.revision_id, post_id, a, out, err) < 0 ||
	    hits_read(s, assessment_id, a, out, err) < 0 || parts_read(s, assessment_id, a, out, err) < 0 ||
	    sentences_read(s, "SELECT text FROM reason WHERE assessment_id = :owner ORDER BY position", assessment_id, a,
			   &out->reasons, &out->n_reasons, err) < 0 ||
	    sentences_read(s, "SELECT text FROM term WHERE finding_id = :owner ORDER BY position", out->finding.id, a,
			   &out->terms, &out->n_terms, err) < 0)
		return err->code;
	return 1;
}

int finding_count(struct store *s, struct finding_counts *out, struct err *err)
{
	struct query *q = db_query(s->db,
				   "SELECT coalesce(sum(severity >= 90), 0), coalesce(sum(severity BETWEEN 70 AND 89), 0),"
				   " coalesce(sum(severity BETWEEN 40 AND 69), 0), coalesce(sum(severity < 40), 0),"
				   " coalesce(sum(category = 'violence'), 0), coalesce(sum(category = 'extortion'), 0),"
				   " coalesce(sum(category = 'leak'), 0), coalesce(sum(category = 'dox'), 0),"
				   " (SELECT count(*) FROM post) FROM finding WHERE verdict IN ('none', 'confirmed')",
				   err);
	int found = q ? db_step(q, err) : err->code;

	if (found <= 0)
		return found;
	*out = (struct finding_counts){ db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3), db_int(q, 4),
					db_int(q, 5), db_int(q, 6), db_int(q, 7), db_int(q, 8) };
	db_end(q);
	return 0;
}

static int mark_rows(struct store *s, const struct finding_mark *m, int64_t now, struct err *err)
{
	struct query *q = db_query(s->db,
				   "INSERT INTO verdict (finding_id, verdict, operator, note, at)"
				   " VALUES (:finding, :verdict, :operator, :note, :now)",
				   err);

	if (!q)
		return err->code;
	db_bind_int(q, ":finding", m->id);
	db_bind_text(q, ":verdict", m->verdict);
	db_bind_text(q, ":operator", m->operator_name);
	db_bind_text(q, ":note", m->note);
	db_bind_int(q, ":now", now);
	if (db_run(q, err) < 0)
		return err->code;
	q = db_query(s->db,
		     "UPDATE finding SET verdict = :verdict, severity = :severity, changed_at = :now WHERE id = :finding", err);
	if (!q)
		return err->code;
	db_bind_text(q, ":verdict", m->verdict);
	db_bind_int(q, ":severity", m->severity);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":finding", m->id);
	if (db_run(q, err) < 0)
		return err->code;
	return terms_replace(s, m->id, m->terms, m->n_terms, err);
}

int finding_mark(struct store *s, const struct finding_mark *m, int64_t now, struct err *err)
{
	if (db_begin(s->db, err) < 0)
		return err->code;
	if (mark_rows(s, m, now, err) < 0) {
		db_rollback(s->db);
		return err->code;
	}
	return db_commit(s->db, err);
}
