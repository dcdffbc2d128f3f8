/* rescan.c - new rules over what is stored */
#include "store/rescan.h"

#include <string.h>

#include "store/internal.h"

#define RESCAN_COLUMNS                                                                                            \
	"SELECT id, classifier_id, since, source, category, operator, began_at, ended_at, first_post, last_post," \
	" at_post, posts, bytes, passed_over, assessments, new_findings, changed_findings, withheld, lost FROM rescan"

int rescan_newest(struct store *s, struct arena *a, struct rescan *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, RESCAN_COLUMNS " ORDER BY id DESC LIMIT 1", NULL, NULL, err);

	if (found <= 0)
		return found;
	*out = (struct rescan){
		.id = db_int(q, 0),
		.classifier_id = db_int(q, 1),
		.wish = { db_int(q, 2), arena_copy(a, db_text(q, 3)), arena_copy(a, db_text(q, 4)) },
		.operator_name = arena_copy(a, db_text(q, 5)),
		.began_at = db_int(q, 6),
		.ended_at = db_int(q, 7),
		.first_post = db_int(q, 8),
		.last_post = db_int(q, 9),
		.at_post = db_int(q, 10),
		.posts = db_int(q, 11),
		.bytes = db_int(q, 12),
		.passed_over = db_int(q, 13),
		.assessments = db_int(q, 14),
		.new_findings = db_int(q, 15),
		.changed_findings = db_int(q, 16),
		.withheld = db_int(q, 17),
		.lost = db_int(q, 18),
	};
	db_end(q);
	return 1;
}

int rescan_begin(struct store *s, struct rescan *r, int64_t now, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "INSERT INTO rescan (classifier_id, since, source, category, operator, began_at, first_post, last_post, "
		   "at_post)"
		   " VALUES (:classifier, :since, :source, :category, :operator, :now,"
		   " (SELECT coalesce(min(id), 0) FROM post), (SELECT coalesce(max(id), 0) FROM post), 0)"
		   " RETURNING id, first_post, last_post",
		   ARGS(arg_int(":classifier", r->classifier_id), arg_int(":since", r->wish.since),
			arg_text(":source", r->wish.source), arg_text(":category", r->wish.category),
			arg_text(":operator", r->operator_name), arg_int(":now", now)),
		   "the run that was just written", err) < 0)
		return err->code;
	r->id = db_int(q, 0);
	r->first_post = db_int(q, 1);
	r->last_post = db_int(q, 2);
	r->began_at = now;
	db_end(q);
	return 0;
}

int rescan_keep(struct store *s, const struct rescan *r, struct err *err)
{
	return db_do(s->db,
		     "UPDATE rescan SET at_post = :at, ended_at = :ended, posts = :posts, bytes = :bytes, passed_over = :over,"
		     " assessments = :assessments, new_findings = :fresh, changed_findings = :changed, withheld = :withheld,"
		     " lost = :lost WHERE id = :id",
		     ARGS(arg_int(":at", r->at_post), arg_int_or_null(":ended", r->ended_at, r->ended_at != 0),
			  arg_int(":posts", r->posts), arg_int(":bytes", r->bytes), arg_int(":over", r->passed_over),
			  arg_int(":assessments", r->assessments), arg_int(":fresh", r->new_findings),
			  arg_int(":changed", r->changed_findings), arg_int(":withheld", r->withheld),
			  arg_int(":lost", r->lost), arg_int(":id", r->id)),
		     err);
}

/* The newest revision of each post, what was said of it, and the words of the link that led there. */
#define NEXT_POSTS                                                                                                      \
	"SELECT post.id, post.source_id, revision.id, finding.id, coalesce(finding.severity, 0), finding.verdict,"      \
	" finding.category, finding.asset, finding.language, post.key, post.url, post.author, post.title, source.name," \
	" frontier.title, post.last_seen, revision.digest, revision.classifier_id, body.coding, body.size,"             \
	" (SELECT max(assessment.id) FROM assessment WHERE assessment.revision_id = revision.id),"                      \
	" (SELECT classifier_id FROM assessment WHERE assessment.revision_id = revision.id ORDER BY assessment.id DESC" \
	" LIMIT 1), body.content,"                                                                                      \
	" CASE WHEN post.title <> '' AND EXISTS (SELECT 1 FROM post AS other WHERE other.page_id = post.page_id"        \
	" AND other.id <> post.id AND other.title = post.title) THEN 1 ELSE 0 END,"                                     \
	" coalesce((SELECT CASE WHEN held.revision_id = revision.id THEN 0 ELSE 1 END FROM assessment AS held"          \
	" WHERE held.id = finding.assessment_id), 0)"                                                                   \
	" FROM post JOIN revision ON revision.id ="                                                                     \
	" (SELECT max(newest.id) FROM revision AS newest WHERE newest.post_id = post.id)"                               \
	" JOIN body ON body.id = body_id JOIN source ON source.id = post.source_id"                                     \
	" LEFT JOIN finding ON finding.post_id = post.id LEFT JOIN frontier ON frontier.id = post.page_id"              \
	" WHERE post.id > :after AND post.id <= :last AND post.first_seen >= :since"                                    \
	" AND (:source = '' OR source.name = :source) AND (:category = '' OR finding.category = :category)"             \
	" ORDER BY post.id LIMIT :max"

static void post_read(struct query *q, int64_t classifier_id, struct arena *a, struct rescan_post *p)
{
	*p = (struct rescan_post){
		.id = db_int(q, 0),
		.source_id = db_int(q, 1),
		.revision_id = db_int(q, 2),
		.finding_id = db_int(q, 3),
		.severity = (int)db_int(q, 4),
		.verdict = arena_copy(a, db_text(q, 5)),
		.category = arena_copy(a, db_text(q, 6)),
		.asset = arena_copy(a, db_text(q, 7)),
		.language = arena_copy(a, db_text(q, 8)),
		.key = arena_copy(a, db_text(q, 9)),
		.url = arena_copy(a, db_text(q, 10)),
		.author = arena_copy(a, db_text(q, 11)),
		.title = arena_copy(a, db_text(q, 12)),
		.source = arena_copy(a, db_text(q, 13)),
		.thread = arena_copy(a, db_text(q, 14)),
		.last_seen = db_int(q, 15),
		.digest = arena_copy(a, db_text(q, 16)),
		.size = db_int(q, 19),
		.assessment_id = db_int(q, 20),
		.is_of_thread = db_int(q, 23) != 0,
		.was_edited = db_int(q, 24) != 0,
	};
	p->is_judged = db_int(q, 17) == classifier_id || db_int(q, 21) == classifier_id;
}

int rescan_next(struct store *s, const struct rescan *r, size_t max, size_t max_bytes, struct arena *a,
		struct rescan_post **posts, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db, NEXT_POSTS,
				 ARGS(arg_int(":after", r->at_post), arg_int(":last", r->last_post),
				      arg_int(":since", r->wish.since), arg_text(":source", r->wish.source),
				      arg_text(":category", r->wish.category), arg_int(":max", (int64_t)max)),
				 err);
	size_t bytes = 0;
	int more = q ? 0 : err->code;

	*posts = NULL;
	*n = 0;
	while (q && bytes < max_bytes && (more = db_step(q, err)) > 0) {
		struct rescan_post *p = arena_push(a, posts, n, sizeof(*p));

		post_read(q, r->classifier_id, a, p);
		if (p->is_judged && !p->finding_id)
			continue;
		bytes += (size_t)p->size;
		if (body_decode(s, db_int(q, 18), p->size, arena_copy(a, db_text(q, 22)), a, &p->text, err) < 0) {
			db_end(q);
			return err->code;
		}
	}
	if (q && more > 0)
		db_end(q);
	return more < 0 ? more : 0;
}

int rescan_stands(struct store *s, struct rescan_post *p, struct arena *a, struct err *err)
{
	struct query *q;
	bool stands;

	if (db_get(s->db, &q,
		   "SELECT (SELECT max(id) FROM revision WHERE post_id = :post), finding.id, coalesce(severity, 0), verdict,"
		   " category, asset, language, (SELECT max(id) FROM assessment WHERE revision_id = :revision)"
		   " FROM post LEFT JOIN finding ON finding.post_id = post.id WHERE post.id = :post",
		   ARGS(arg_int(":post", p->id), arg_int(":revision", p->revision_id)), "a post", err) < 0)
		return err->code;
	stands = db_int(q, 0) == p->revision_id;
	p->finding_id = db_int(q, 1);
	p->severity = (int)db_int(q, 2);
	p->verdict = arena_copy(a, db_text(q, 3));
	p->category = arena_copy(a, db_text(q, 4));
	p->asset = arena_copy(a, db_text(q, 5));
	p->language = arena_copy(a, db_text(q, 6));
	p->assessment_id = db_int(q, 7);
	db_end(q);
	return stands;
}

int rescan_said(struct store *s, const struct rescan_post *p, struct arena *a, struct stored_assessment *out, struct err *err)
{
	*out = (struct stored_assessment){ 0 };
	return p->assessment_id ? assessment_read(s, p->assessment_id, a, out, err) : 0;
}

/* The assessment before says the same: nothing is written. 1 when it does. */
static int says_the_same(struct store *s, const struct rescan_post *p, const struct stored_assessment *said, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct query *q;
	int same;

	if (!p->assessment_id)
		return 0;
	assessment_digest(said, p->digest, digest);
	if (db_get(s->db, &q, "SELECT digest FROM assessment WHERE id = :id", ARGS(arg_int(":id", p->assessment_id)),
		   "an assessment", err) < 0)
		return err->code;
	same = str_eq(db_text(q, 0), (struct str){ (const char *)digest, DIGEST_BYTES });
	db_end(q);
	return same;
}

/* The finding is held to be what it was: only what it lacked is added. */
static int fill(struct store *s, const struct rescan_post *p, const struct stored_post *now_is, struct err *err)
{
	struct query *q;
	int64_t cluster_id;

	if (db_get(s->db, &q, "SELECT cluster_id FROM finding WHERE id = :id", ARGS(arg_int(":id", p->finding_id)), "a finding",
		   err) < 0)
		return err->code;
	cluster_id = db_int(q, 0);
	db_end(q);
	if (contacts_keep(s, p->finding_id, now_is, err) < 0)
		return err->code;
	return cluster_id ? cluster_fill(s, cluster_id, p->text, err) : 0;
}

static bool is_held_the_same(const struct rescan_post *p, const struct stored_assessment *said)
{
	return p->severity == said->severity && str_eq(p->category, said->category) && str_eq(p->asset, said->asset) &&
	       str_eq(p->language, said->language);
}

int rescan_put(struct store *s, const struct rescan_post *p, const struct stored_post *now_is, int64_t now,
	       struct rescan_result *out, struct err *err)
{
	const struct stored_assessment *said = &now_is->assessment;
	struct stored_result result = { .post_id = p->id, .revision_id = p->revision_id, .assessment_id = p->assessment_id };
	struct rescan_post is = *p;
	int same;

	*out = (struct rescan_result){ .finding_id = p->finding_id, .assessment_id = p->assessment_id };
	if (!p->assessment_id && (!p->finding_id || p->was_edited) && !stored_says_something(said))
		return 0;
	same = says_the_same(s, p, said, err);
	if (same < 0)
		return same;
	if (!same && assessment_insert(s, p->revision_id, p->digest, said, now, &result.assessment_id, err) < 0)
		return err->code;
	out->new_assessment = !same;
	out->assessment_id = result.assessment_id;
	if ((!p->finding_id || p->was_edited) && said->severity < FINDING_SEVERITY)
		return 0; /* no finding; or one that stays what it was before it was edited */
	if (!p->finding_id || !same || !is_held_the_same(p, said)) {
		if (finding_keep(s, now_is, now, &result, err) < 0)
			return err->code;
		out->finding_id = is.finding_id = result.finding_id;
		out->new_finding = result.new_finding;
		out->changed = true;
	}
	return fill(s, &is, now_is, err);
}

int rescan_fill(struct store *s, const struct rescan_post *p, const struct stored_assessment *said, struct str language,
		struct err *err)
{
	const struct stored_post as_it_is = { .author = p->author, .assessment = *said };

	if (p->was_edited)
		return 0;
	if (!p->language.n && language.n &&
	    db_do(s->db, "UPDATE finding SET language = :language WHERE id = :id",
		  ARGS(arg_text(":language", language), arg_int(":id", p->finding_id)), err) < 0)
		return err->code;
	return fill(s, p, &as_it_is, err);
}

int rescan_count(struct store *s, int64_t rescan_id, struct str name, int64_t came, int64_t went, struct err *err)
{
	return db_do(
		s->db,
		"INSERT INTO rescan_change (rescan_id, name, came, went) VALUES (:rescan, :name, :came, :went)"
		" ON CONFLICT (rescan_id, name) DO UPDATE SET came = rescan_change.came + excluded.came,"
		" went = rescan_change.went + excluded.went",
		ARGS(arg_int(":rescan", rescan_id), arg_text(":name", name), arg_int(":came", came), arg_int(":went", went)),
		err);
}

int rescan_changes(struct store *s, int64_t rescan_id, struct arena *a, struct rescan_change **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db, "SELECT name, came, went FROM rescan_change WHERE rescan_id = :rescan ORDER BY name",
				 ARGS(arg_int(":rescan", rescan_id)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct rescan_change *)arena_push(a, rows, n,
						    sizeof(**rows)) = (struct rescan_change){ arena_copy(a, db_text(q, 0)),
											      db_int(q, 1), db_int(q, 2) };
	return more;
}
