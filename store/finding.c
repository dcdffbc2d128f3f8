/* finding.c - posts that matter */
#include "store/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/message.h"
#include "store/custody.h"
#include "store/duty.h"
#include "store/finding_row.h"
#include "store/internal.h"
#include "store/outbox.h"
#include "store/quoted.h"

/* What the figures count of a finding: those that were dismissed do not count. */
struct counted {
	int severity;
	struct str category, verdict;
};

/* Is it none of those that were dismissed? */
static bool matters(struct str verdict)
{
	return str_eq(verdict, STR("none")) || str_eq(verdict, STR("confirmed"));
}

static void count(struct store *s, const struct counted *c, int64_t n)
{
	char name[64];

	if (!matters(c->verdict))
		return;
	snprintf(name, sizeof(name), "severity %d", c->severity);
	tally_add(s, name, n);
	snprintf(name, sizeof(name), "category %.*s", STR_ARG(c->category));
	tally_add(s, name, n);
}

/* The finding as it is counted now, and its id: 1, or 0 when there is none yet. Take it out of the figures. */
static int uncount(struct store *s, const char *sql, int64_t key, struct arena *a, struct counted *c, int64_t *id,
		   struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, sql, ARGS(arg_int(":key", key)), NULL, err);

	if (found <= 0)
		return found;
	*id = db_int(q, 0);
	*c = (struct counted){ (int)db_int(q, 1), arena_copy(a, db_text(q, 2)), arena_copy(a, db_text(q, 3)) };
	db_end(q);
	count(s, c, -1);
	return 1;
}

static int terms_replace(struct store *s, int64_t finding_id, const struct str *terms, size_t n, struct err *err)
{
	if (db_do(s->db, "DELETE FROM term WHERE finding_id = :finding", ARGS(arg_int(":finding", finding_id)), err) < 0)
		return err->code;
	return sentences_insert(s, "INSERT INTO term (finding_id, position, text) VALUES (:owner, :position, :text)",
				finding_id, terms, n, err);
}

static int finding_insert(struct store *s, const struct stored_post *p, const struct cluster *c, int64_t now,
			  struct stored_result *out, struct err *err)
{
	const struct stored_assessment *said = &p->assessment;
	char public_id[PUBLIC_ID];
	struct query *q;

	if (db_get(s->db, &q,
		   "INSERT INTO finding (public_id, post_id, source_id, assessment_id, severity, category, asset, language, "
		   "verdict,"
		   " cluster_id, campaign_id, found_at, changed_at, first_aware_at) VALUES (:public, :post,"
		   " (SELECT source_id FROM post WHERE id = :post), :assessment, :severity, :category, :asset, :language,"
		   " 'none', :cluster, :campaign, :now, :now, :now) RETURNING id",
		   ARGS(arg_text(":public", public_id_new(public_id)), arg_int(":post", out->post_id),
			arg_int(":assessment", out->assessment_id), arg_int(":severity", said->severity),
			arg_text(":category", said->category), arg_text(":asset", said->asset),
			arg_text(":language", said->language), arg_int(":cluster", c->id), arg_int(":campaign", c->campaign_id),
			arg_int(":now", now)),
		   "the finding that was just written", err) < 0)
		return err->code;
	out->finding_id = db_int(q, 0);
	out->new_finding = true;
	db_end(q);
	return 0;
}

static int finding_update(struct store *s, const struct stored_post *p, const struct cluster *c, int64_t now,
			  const struct stored_result *out, struct err *err)
{
	const struct stored_assessment *said = &p->assessment;

	return db_do(
		s->db,
		"UPDATE finding SET assessment_id = :assessment, severity = :severity, category = :category, asset = :asset,"
		" language = :language, cluster_id = :cluster, campaign_id = :campaign, changed_at = :now WHERE id = :id",
		ARGS(arg_int(":assessment", out->assessment_id), arg_int(":severity", said->severity),
		     arg_text(":category", said->category), arg_text(":asset", said->asset),
		     arg_text(":language", said->language), arg_int(":cluster", c->id), arg_int(":campaign", c->campaign_id),
		     arg_int(":now", now), arg_int(":id", out->finding_id)),
		err);
}

/* What custody says of a verdict, when all rows of the finding are as they follow from it. */
static int verdict_entry(struct store *s, int64_t finding_id, const struct custody_verdict *v, int64_t now, struct err *err)
{
	struct custody_verdict whole = *v;
	char finding[PUBLIC_ID];
	struct query *q;

	if (db_get(s->db, &q, "SELECT public_id FROM finding WHERE id = :id", ARGS(arg_int(":id", finding_id)), "a finding",
		   err) < 0)
		return err->code;
	snprintf(finding, sizeof(finding), "%.*s", STR_ARG(db_text(q, 0)));
	db_end(q);
	whole.finding = str_of(finding);
	return custody_verdict(s, &whole, now, err);
}

/* The decision on a repeat is a verdict of this finding too, with where it comes from as its note. */
static int carry_verdict(struct store *s, const struct stored_assessment *said, int64_t finding_id, int64_t now,
			 struct err *err)
{
	static const char program[] = FINDING_CARRIER;
	char public_id[PUBLIC_ID];
	const struct db_arg verdict = arg_text(":verdict", said->verdict), finding = arg_int(":finding", finding_id);

	if (db_do(s->db,
		  "INSERT INTO verdict (public_id, finding_id, verdict, operator, note, at)"
		  " VALUES (:public, :finding, :verdict, :operator, :note, :now)",
		  ARGS(arg_text(":public", public_id_new(public_id)), finding, verdict, arg_text(":operator", str_of(program)),
		       arg_text(":note", said->verdict_why), arg_int(":now", now)),
		  err) < 0 ||
	    db_do(s->db, "UPDATE finding SET verdict = :verdict WHERE id = :finding", ARGS(verdict, finding), err) < 0)
		return err->code;
	return verdict_entry(s, finding_id,
			     &(struct custody_verdict){ .verdict_id = str_of(public_id),
							.verdict = said->verdict,
							.note = said->verdict_why,
							.operator_name = str_of(program) },
			     now, err);
}

int finding_keep(struct store *s, const struct stored_post *p, int64_t now, struct stored_result *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(1 << 16);
	const struct stored_assessment *said = &p->assessment;
	struct counted is = { .verdict = said->verdict.n ? said->verdict : STR("none") };
	const struct cluster_wish wish = { p->text, p->title, said };
	struct cluster cluster;
	int known = uncount(s, "SELECT id, severity, category, verdict FROM finding WHERE post_id = :key", out->post_id, a, &is,
			    &out->finding_id, err);

	if (known < 0 || cluster_of(s, &wish, p->seen_at ? p->seen_at : now, &cluster, err) < 0)
		return err->code;
	if ((known ? finding_update(s, p, &cluster, now, out, err) : finding_insert(s, p, &cluster, now, out, err)) < 0 ||
	    terms_replace(s, out->finding_id, said->terms, said->n_terms, err) < 0 ||
	    contacts_keep(s, out->finding_id, p, err) < 0)
		return err->code;
	is.severity = said->severity;
	is.category = said->category;
	count(s, &is, 1);
	return !known && said->verdict.n ? carry_verdict(s, said, out->finding_id, now, err) : 0;
}

void finding_read(struct query *q, struct arena *a, struct finding *f)
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
		.deleted_at = db_int(q, 23),
		.campaign = arena_copy(a, db_text(q, 24)),
		.reports = db_int(q, COLUMN_REPORTS) > 0,
		.language = arena_copy(a, db_text(q, COLUMN_LANGUAGE)),
	};
}

int finding_rows(struct query *q, struct arena *a, struct finding **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		finding_read(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

int finding_name(struct store *s, int64_t id, char out[FINDING_ID], struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT public_id FROM finding WHERE id = :id", ARGS(arg_int(":id", id)), "a finding", err) < 0)
		return err->code;
	snprintf(out, FINDING_ID, "%.*s", STR_ARG(db_text(q, 0)));
	db_end(q);
	return 0;
}

int finding_aware(struct store *s, int64_t id, int64_t *first_aware_at, unsigned char text[DIGEST_BYTES], struct err *err)
{
	struct str digest;
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT coalesce(first_aware_at, found_at), revision.digest FROM finding"
		   " JOIN assessment ON assessment.id = assessment_id JOIN revision ON revision.id = revision_id"
		   " WHERE finding.id = :id",
		   ARGS(arg_int(":id", id)), "a finding", err) < 0)
		return err->code;
	*first_aware_at = db_int(q, 0);
	digest = db_text(q, 1);
	memcpy(text, digest.p, digest.n < DIGEST_BYTES ? digest.n : DIGEST_BYTES);
	db_end(q);
	return 0;
}

/* The most severe first. A finding knows its source, so that those of others are passed over without a look at their posts. */
#define LISTED(where)                                                                            \
	FINDING_COLUMNS "WHERE severity >= :least AND (severity, finding.id) < (:severity, :id)" \
			" AND (:category = '' OR category = :category) AND " where               \
			" AND (:asset = '' OR asset = :asset) AND found_at >= :since"            \
			" AND (:dismissed = 1 OR verdict IN ('none', 'confirmed'))"              \
			" ORDER BY severity DESC, finding.id DESC LIMIT :limit"

int finding_list(struct store *s, const struct finding_filter *f, struct arena *a, struct finding **rows, size_t *n,
		 struct err *err)
{
	static const char of_all[] = LISTED(":source = ''");
	static const char of_one[] = LISTED("finding.source_id = (SELECT id FROM source WHERE name = :source)");
	const int64_t first = INT64_MAX;
	struct query *q = db_ask(
		s->db, f->source.n ? of_one : of_all,
		ARGS(arg_int(":least", f->least_severity), arg_int(":severity", f->after_id ? f->after_severity : first),
		     arg_int(":id", f->after_id ? f->after_id : first), arg_text(":category", f->category),
		     arg_text(":source", f->source), arg_text(":asset", f->asset), arg_int(":since", f->found_since),
		     arg_int(":dismissed", f->with_dismissed), arg_int(":limit", f->limit ? f->limit : LIMIT_REPORT_FINDINGS)),
		err);

	return finding_rows(q, a, rows, n, err);
}

int finding_between(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a, struct finding **rows,
		    size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 FINDING_COLUMNS "WHERE finding.id >= :first AND finding.id <= :last AND severity >= :least"
						 " ORDER BY finding.id DESC",
				 ARGS(arg_int(":first", first), arg_int(":last", last), arg_int(":least", least_severity)),
				 err);

	return finding_rows(q, a, rows, n, err);
}

static int text_read(struct store *s, int64_t post_id, struct arena *a, struct finding_detail *out, struct err *err)
{
	struct query *q;
	int64_t coding, size;
	struct str content;

	if (db_get(s->db, &q,
		   "SELECT coding, size, content, (SELECT count(*) FROM revision AS each_one WHERE each_one.post_id = :post)"
		   " FROM revision JOIN body ON body.id = body_id WHERE revision.id = :revision",
		   ARGS(arg_int(":post", post_id), arg_int(":revision", out->finding.revision_id)), "the text of a finding",
		   err) < 0)
		return err->code;
	coding = db_int(q, 0);
	size = db_int(q, 1);
	content = arena_copy(a, db_text(q, 2));
	out->revisions = db_int(q, 3);
	db_end(q);
	return body_decode(s, coding, size, content, a, &out->text, err);
}

int finding_load(struct store *s, struct str public_id, struct arena *a, struct finding_detail *out, struct err *err)
{
	struct query *q;
	int64_t post_id;
	int found;

	if (public_id.n < 6 || public_id.n >= FINDING_ID)
		return err_set(err, E_USAGE, "an id has 6 to 32 hexadecimal digits; `watchdesk list` shows them");
	found = db_get(s->db, &q,
		       FINDING_COLUMNS "WHERE finding.public_id >= :first AND finding.public_id < :first || 'g' LIMIT 2",
		       ARGS(arg_text(":first", public_id)), NULL, err);
	if (found <= 0)
		return found;
	*out = (struct finding_detail){ .assessment_id = db_int(q, COLUMN_ASSESSMENT),
					.key = arena_copy(a, db_text(q, COLUMN_KEY)),
					.author_id = arena_copy(a, db_text(q, COLUMN_AUTHOR_ID)),
					.edited = arena_copy(a, db_text(q, COLUMN_EDITED)) };
	finding_read(q, a, &out->finding);
	post_id = db_int(q, COLUMN_POST);
	found = db_step(q, err);
	if (found > 0) {
		db_end(q);
		return err_set(err, E_USAGE, "several ids begin with %.*s; give more digits", STR_ARG(public_id));
	}
	if (found < 0 || text_read(s, post_id, a, out, err) < 0 ||
	    assessment_read(s, out->assessment_id, a, &out->said, err) < 0 ||
	    sentences_read(s, "SELECT text FROM term WHERE finding_id = :owner ORDER BY position", out->finding.id, a,
			   &out->terms, &out->n_terms, err) < 0)
		return err->code;
	return 1;
}

/* Which figure of `out` a tally's name means; NULL for none of them. */
static int64_t *figure(struct finding_counts *out, struct str name)
{
	struct {
		const char *name;
		int64_t *figure;
	} rows[] = { { "posts", &out->posts },
		     { "category violence", &out->violence },
		     { "category extortion", &out->extortion },
		     { "category leak", &out->leak },
		     { "category dox", &out->dox } };
	char text[64];
	long severity;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_eq(name, str_of(rows[i].name)))
			return rows[i].figure;
	if (!str_starts(name, STR("severity ")) || name.n >= sizeof(text))
		return NULL;
	snprintf(text, sizeof(text), "%.*s", STR_ARG(name));
	severity = strtol(text + strlen("severity "), NULL, 10);
	return severity >= 90 ? &out->critical : severity >= 70 ? &out->high : severity >= 40 ? &out->medium : &out->low;
}

int finding_count(struct store *s, struct finding_counts *out, struct err *err)
{
	struct query *q = db_query(s->db, "SELECT name, n FROM tally", err);
	int more = q ? 0 : err->code;

	*out = (struct finding_counts){ 0 };
	while (q && (more = db_step(q, err)) > 0) {
		int64_t *its = figure(out, db_text(q, 0));

		if (its)
			*its += db_int(q, 1);
	}
	return more;
}

int finding_mark(struct store *s, const struct finding_mark *m, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(1 << 16);
	const struct db_arg finding = arg_int(":finding", m->id), at = arg_int(":now", now),
			    verdict = arg_text(":verdict", m->verdict);
	char public_id[PUBLIC_ID];
	struct counted before;
	struct query *q;
	int64_t id, verdict_id;

	if (uncount(s, "SELECT id, severity, category, verdict FROM finding WHERE id = :key", m->id, a, &before, &id, err) <
		    0 ||
	    db_get(s->db, &q,
		   "INSERT INTO verdict (public_id, finding_id, verdict, operator, note, at)"
		   " VALUES (:public, :finding, :verdict, :operator, :note, :now) RETURNING id",
		   ARGS(arg_text(":public", public_id_new(public_id)), finding, verdict,
			arg_text(":operator", m->operator_name), arg_text(":note", m->note), at),
		   "the verdict that was just written", err) < 0)
		return err->code;
	verdict_id = db_int(q, 0);
	db_end(q);
	count(s, &(struct counted){ m->severity, before.category, m->verdict }, 1);
	if (db_do(s->db, "UPDATE finding SET verdict = :verdict, severity = :severity, changed_at = :now WHERE id = :finding",
		  ARGS(verdict, arg_int(":severity", m->severity), at, finding), err) < 0 ||
	    (!m->carried && cluster_decided(s, m->id, verdict_id, err) < 0) ||
	    terms_replace(s, m->id, m->terms, m->n_terms, err) < 0 ||
	    (!matters(m->verdict) && outbox_silence(s, m->id, now, err) < 0) ||
	    (!str_eq(m->verdict, STR("none")) && duty_judged(s, m->id, m->operator_name, now, err) < 0))
		return err->code;
	return verdict_entry(s, m->id,
			     &(struct custody_verdict){ .verdict_id = str_of(public_id),
							.verdict = m->verdict,
							.note = m->note,
							.operator_name = m->operator_name,
							.key = m->key },
			     now, err);
}

/* The newest verdict on a finding is somebody's own, and was not taken back. */
#define IS_JUDGED                                                                                                        \
	"coalesce((SELECT CASE WHEN operator = '" FINDING_CARRIER "' OR verdict = 'none' THEN 0 ELSE 1 END FROM verdict" \
	" WHERE verdict.finding_id = finding.id ORDER BY verdict.id DESC LIMIT 1), 0)"

int finding_kin(struct store *s, int64_t id, size_t limit, struct arena *a, struct finding_kin **rows, size_t *n,
		struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT public_id, " IS_JUDGED " FROM finding WHERE id <> :id AND id IN"
		" (SELECT same.id FROM finding AS same WHERE same.cluster_id ="
		" (SELECT cluster_id FROM finding AS this WHERE this.id = :id)"
		" UNION SELECT shares.id FROM finding AS this JOIN hit ON hit.assessment_id = this.assessment_id"
		" JOIN hit AS its ON its.secret_digest = hit.secret_digest"
		" JOIN finding AS shares ON shares.assessment_id = its.assessment_id WHERE this.id = :id"
		" AND hit.secret_digest IS NOT NULL) ORDER BY id LIMIT :limit",
		ARGS(arg_int(":id", id), arg_int(":limit", (int64_t)limit)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct finding_kin *)arena_push(
			a, rows, n, sizeof(**rows)) = (struct finding_kin){ arena_copy(a, db_text(q, 0)), db_int(q, 1) != 0 };
	return more;
}

int finding_digest(struct store *s, int64_t assessment_id, unsigned char out[DIGEST_BYTES], struct err *err)
{
	AUTO(buf) all = BUF_INIT(LIMIT_MESSAGE);
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT source.name, post.key, post.url, author, title, posted_raw, posted_at, post.first_seen,"
		   " revision.digest, revision.first_seen, capture.public_id, asked_url, capture.url, address, tls_leaf,"
		   " body_digest, started_at, ended_at, classifier.rules, classifier.assets, classifier.program,"
		   " assessment.digest FROM assessment JOIN revision ON revision.id = revision_id"
		   " JOIN post ON post.id = post_id JOIN source ON source.id = post.source_id"
		   " JOIN classifier ON classifier.id = assessment.classifier_id"
		   " LEFT JOIN capture ON capture.id = capture_id WHERE assessment.id = :id",
		   ARGS(arg_int(":id", assessment_id)), "the rows that an assessment rests on", err) < 0)
		return err->code;
	for (int i = 0; i < db_columns(q); i++) {
		put_int(&all, db_type(q, i) == DB_NULL);
		put_int(&all, db_int(q, i));
		put_str(&all, db_text(q, i));
	}
	db_end(q);
	digest_sha256(buf_str(&all), out);
	return 0;
}
