/* post.c - what a page gave: posts, their revisions, and the findings that follow */
#include "store/post.h"

#include <stdio.h>

#include "store/internal.h"
#include "store/quoted.h"

static int post_insert(struct store *s, const struct stored_post *p, int64_t now, int64_t *id, struct err *err)
{
	struct query *q;
	int fresh = db_get(
		s->db, &q,
		"INSERT INTO post (source_id, key, url, author, author_id, title, posted_at, posted_precision,"
		" posted_zone_known, posted_zone, posted_raw, first_seen, last_seen, page_id, edited)"
		" VALUES (:source, :key, :url, :author, :author_id, :title, :posted, :precision, :known, :zone, :raw, :now,"
		" :now, :page, :edited) ON CONFLICT (source_id, key) DO NOTHING RETURNING id",
		ARGS(arg_int(":source", p->source_id), arg_text(":key", p->key), arg_text(":url", p->url),
		     arg_text(":author", p->author), arg_text_or_null(":author_id", p->author_id), arg_text(":title", p->title),
		     arg_int_or_null(":posted", p->posted_at, p->posted_precision != 0),
		     arg_int(":precision", p->posted_precision), arg_int(":known", p->posted_zone_known),
		     arg_text(":zone", p->posted_zone), arg_text(":raw", p->posted_raw), arg_int(":now", now),
		     arg_int_or_null(":page", p->page_id, p->page_id != 0), arg_text_or_null(":edited", p->edited)),
		NULL, err);

	if (fresh <= 0)
		return fresh;
	*id = db_int(q, 0);
	db_end(q);
	return 1;
}

/* The post's id, its newest revision and whether that has this digest and still stood when it was last looked for. */
struct known {
	int64_t post_id, revision_id;
	bool same;
};

static int post_find(struct store *s, const struct stored_post *p, struct str digest, struct known *k, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT post.id, revision.id, revision.digest, deleted_at FROM post"
		   " JOIN revision ON revision.post_id = post.id"
		   " WHERE source_id = :source AND key = :key ORDER BY revision.id DESC LIMIT 1",
		   ARGS(arg_int(":source", p->source_id), arg_text(":key", p->key)), "the text of a post that it knows",
		   err) < 0)
		return err->code;
	*k = (struct known){ db_int(q, 0), db_int(q, 1), str_eq(db_text(q, 2), digest) && db_is_null(q, 3) };
	db_end(q);
	return 0;
}

static int seen_again(struct store *s, const struct stored_post *p, const struct known *k, int64_t now, struct err *err)
{
	const struct db_arg at = arg_int(":now", now);

	if (db_do(s->db,
		  "UPDATE post SET last_seen = :now, page_id = coalesce(:page, page_id), edited = coalesce(:edited, edited)"
		  " WHERE id = :id",
		  ARGS(at, arg_int_or_null(":page", p->page_id, p->page_id != 0), arg_text_or_null(":edited", p->edited),
		       arg_int(":id", k->post_id)),
		  err) < 0)
		return err->code;
	if (!k->same)
		return 0;
	return db_do(s->db, "UPDATE revision SET last_seen = :now WHERE id = :id", ARGS(at, arg_int(":id", k->revision_id)),
		     err);
}

static int revision_insert(struct store *s, int64_t post_id, const struct stored_post *p, const unsigned char *digest,
			   int64_t now, int64_t *id, struct err *err)
{
	struct query *q;
	int64_t body_id;

	if (body_keep(s, p->text, digest, now, &body_id, err) < 0 ||
	    db_get(s->db, &q,
		   "INSERT INTO revision (post_id, digest, body_id, first_seen, last_seen, classifier_id, capture_id)"
		   " VALUES (:post, :digest, :body, :now, :now, :classifier, :capture) RETURNING id",
		   ARGS(arg_int(":post", post_id), arg_bytes(":digest", digest, DIGEST_BYTES), arg_int(":body", body_id),
			arg_int(":now", now), arg_int(":classifier", p->assessment.classifier_id),
			arg_int_or_null(":capture", p->capture_id, p->capture_id != 0)),
		   "the revision that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	tally_add(s, "revisions", 1);
	return db_do(s->db, "INSERT INTO index_queue (revision_id) VALUES (:id)", ARGS(arg_int(":id", *id)), err);
}

bool stored_says_something(const struct stored_assessment *a)
{
	for (size_t i = 0; i < a->n_parts; i++)
		if (str_eq(a->parts[i].part, STR(QUOTED_PART)))
			return true;
	return a->n_hits || a->severity >= FINDING_SEVERITY || a->violence >= 0.5 || a->extortion >= 0.5 || a->leak >= 0.5 ||
	       a->dox >= 0.5;
}

int store_post(struct store *s, const struct stored_post *p, int64_t now, struct stored_result *out, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	const struct str its_digest = { (const char *)digest, DIGEST_BYTES };
	struct known known = { 0 };
	int fresh;

	*out = (struct stored_result){ 0 };
	digest_sha256(p->text, digest);
	fresh = post_insert(s, p, now, &known.post_id, err);
	if (fresh < 0)
		return fresh;
	if (fresh)
		tally_add(s, "posts", 1);
	else if (post_find(s, p, its_digest, &known, err) < 0 || seen_again(s, p, &known, now, err) < 0)
		return err->code;
	out->post_id = known.post_id;
	out->revision_id = known.revision_id;
	if (known.same)
		return 0;
	out->new_post = fresh;
	out->new_revision = true;
	if (revision_insert(s, known.post_id, p, digest, now, &out->revision_id, err) < 0)
		return err->code;
	if (!stored_says_something(&p->assessment))
		return 0;
	if (assessment_insert(s, out->revision_id, its_digest, &p->assessment, now, &out->assessment_id, err) < 0)
		return err->code;
	if (p->assessment.severity < FINDING_SEVERITY)
		return 0;
	return finding_keep(s, p, now, out, err);
}

static bool is_among(struct str key, const struct str *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(keys[i], key))
			return true;
	return false;
}

int store_posts_missing(struct store *s, int64_t page_id, const struct str *keys, size_t n, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(1 << 24);
	struct query *q = db_ask(s->db,
				 "SELECT revision.id, key FROM post JOIN revision ON revision.post_id = post.id"
				 " WHERE page_id = :page AND deleted_at IS NULL AND NOT EXISTS"
				 " (SELECT 1 FROM revision AS newer WHERE newer.post_id = post.id AND newer.id > revision.id)",
				 ARGS(arg_int(":page", page_id)), err);
	int64_t *gone = NULL;
	size_t n_gone = 0;
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		if (!is_among(db_text(q, 1), keys, n))
			*(int64_t *)arena_push(a, &gone, &n_gone, sizeof(*gone)) = db_int(q, 0);
	for (size_t i = 0; more == 0 && i < n_gone; i++)
		more = db_do(s->db, "UPDATE revision SET deleted_at = :now WHERE id = :id",
			     ARGS(arg_int(":now", now), arg_int(":id", gone[i])), err);
	return more < 0 ? more : (int)n_gone;
}

/* True of a post whose newest revision was not found to be gone. */
#define STANDS                                                                                                   \
	" EXISTS (SELECT 1 FROM revision WHERE revision.post_id = post.id AND deleted_at IS NULL AND NOT EXISTS" \
	" (SELECT 1 FROM revision AS newer WHERE newer.post_id = post.id AND newer.id > revision.id))"

int store_posts_at(struct store *s, int64_t page_id, struct arena *a, struct stored_place **posts, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db, "SELECT key, posted_at, last_seen FROM post WHERE page_id = :page AND" STANDS,
				 ARGS(arg_int(":page", page_id)), err);
	int more = q ? 0 : err->code;

	*posts = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct stored_place *)arena_push(a, posts, n, sizeof(**posts)) = (struct stored_place){
			arena_copy(a, db_text(q, 0)), db_int(q, 1), db_int(q, 2), !db_is_null(q, 1)
		};
	return more;
}

int store_posts_seen(struct store *s, int64_t page_id, int64_t now, struct err *err)
{
	const struct db_arg page = arg_int(":page", page_id), at = arg_int(":now", now);

	if (db_do(s->db,
		  "UPDATE revision SET last_seen = :now WHERE deleted_at IS NULL AND post_id IN"
		  " (SELECT id FROM post WHERE page_id = :page) AND NOT EXISTS"
		  " (SELECT 1 FROM revision AS newer WHERE newer.post_id = revision.post_id AND newer.id > revision.id)",
		  ARGS(page, at), err) < 0)
		return err->code;
	return db_do(s->db, "UPDATE post SET last_seen = :now WHERE page_id = :page AND" STANDS, ARGS(page, at), err);
}

int store_posts_newest(struct store *s, size_t limit, struct arena *a, struct stored_glance **posts, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT url, author, title, posted_raw, posted_at, posted_precision, coding, size, content, "
				 "source.name, posted_zone_known,"
				 " coalesce(edited, '')"
				 " FROM revision JOIN post ON post.id = revision.post_id JOIN body ON body.id = body_id"
				 " JOIN source ON source.id = post.source_id"
				 " ORDER BY revision.id DESC LIMIT :limit",
				 ARGS(arg_int(":limit", (int64_t)limit)), err);
	int more = q ? 0 : err->code;

	*posts = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct stored_glance *g = arena_push(a, posts, n, sizeof(*g));

		*g = (struct stored_glance){ .source = arena_copy(a, db_text(q, 9)),
					     .url = arena_copy(a, db_text(q, 0)),
					     .author = arena_copy(a, db_text(q, 1)),
					     .title = arena_copy(a, db_text(q, 2)),
					     .posted_raw = arena_copy(a, db_text(q, 3)),
					     .posted_at = db_int(q, 4),
					     .dated = db_int(q, 5) > 0,
					     .zoned = db_int(q, 10) != 0,
					     .edited = arena_copy(a, db_text(q, 11)) };
		if (body_decode(s, db_int(q, 6), db_int(q, 7), arena_copy(a, db_text(q, 8)), a, &g->text, err) < 0) {
			db_end(q);
			return err->code;
		}
	}
	return more;
}
