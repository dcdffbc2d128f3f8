/* health.c - how each source fares */
#include "store/health.h"

#include "store/internal.h"

int health_success(struct store *s, int64_t source_id, bool start, bool not_modified, int64_t posts, int64_t now,
		   struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO health (source_id, last_attempt_at, last_success_at, fetched, not_modified, posts)"
		     " VALUES (:source, :now, :now, 1, :same, :posts) ON CONFLICT (source_id) DO UPDATE SET"
		     " last_attempt_at = :now, last_success_at = :now, fetched = health.fetched + 1,"
		     " not_modified = health.not_modified + :same, posts = health.posts + :posts,"
		     " failure = CASE WHEN :start = 1 THEN NULL ELSE health.failure END,"
		     " detail = CASE WHEN :start = 1 THEN NULL ELSE health.detail END,"
		     " failing_since = CASE WHEN :start = 1 THEN NULL ELSE health.failing_since END",
		     ARGS(arg_int(":source", source_id), arg_int(":now", now), arg_int(":same", not_modified),
			  arg_int(":posts", posts), arg_int(":start", start)),
		     err);
}

static int count_failure(struct store *s, const struct health_failure *f, int64_t now, struct err *err)
{
	return db_do(
		s->db,
		"INSERT INTO health (source_id, last_attempt_at, failed, failure, detail, failing_since)"
		" VALUES (:source, :now, 1, CASE WHEN :start = 1 THEN :class END, CASE WHEN :start = 1 THEN :detail END,"
		" CASE WHEN :start = 1 THEN :now END) ON CONFLICT (source_id) DO UPDATE SET"
		" last_attempt_at = :now, failed = health.failed + 1,"
		" failing_since = CASE WHEN :start = 1 THEN coalesce(health.failing_since, :now) ELSE health.failing_since END,"
		" failure = CASE WHEN :start = 1 THEN :class ELSE health.failure END,"
		" detail = CASE WHEN :start = 1 THEN :detail ELSE health.detail END",
		ARGS(arg_int(":source", f->source_id), arg_int(":now", now), arg_int(":start", f->start),
		     arg_text(":class", str_of(f->class_name)), arg_text(":detail", f->detail)),
		err);
}

int health_failed(struct store *s, const struct health_failure *f, int64_t now, struct err *err)
{
	if (count_failure(s, f, now, err) < 0)
		return err->code;
	return db_do(s->db,
		     "INSERT INTO trouble (source_id, class, pages, since, last_at, url, detail)"
		     " VALUES (:source, :class, 1, :now, :now, :url, :detail) ON CONFLICT (source_id, class) DO UPDATE SET"
		     " pages = trouble.pages + 1, last_at = excluded.last_at, url = excluded.url, detail = excluded.detail",
		     ARGS(arg_int(":source", f->source_id), arg_text(":class", str_of(f->class_name)), arg_int(":now", now),
			  arg_text(":url", f->url), arg_text(":detail", f->detail)),
		     err);
}

int health_quarantine(struct store *s, const struct health_failure *f, int64_t frontier_id, int64_t now, struct err *err)
{
	if (health_failed(s, f, now, err) < 0)
		return err->code;
	return db_do(s->db,
		     "INSERT INTO quarantine (source_id, frontier_id, at, url, reason)"
		     " VALUES (:source, :frontier, :now, :url, :reason)",
		     ARGS(arg_int(":source", f->source_id), arg_int(":frontier", frontier_id), arg_int(":now", now),
			  arg_text(":url", f->url), arg_text(":reason", f->detail)),
		     err);
}

static int troubles_of(struct store *s, struct str source, struct arena *a, struct source_health *h, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT class, url, detail, pages, since, last_at FROM trouble JOIN source ON source.id = source_id"
		" WHERE name = :name ORDER BY last_at DESC",
		ARGS(arg_text(":name", source)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct trouble *t = arena_push(a, &h->troubles, &h->n_troubles, sizeof(*t));

		t->class_name = arena_copy(a, db_text(q, 0));
		t->url = arena_copy(a, db_text(q, 1));
		t->detail = arena_copy(a, db_text(q, 2));
		t->pages = db_int(q, 3);
		t->since = db_int(q, 4);
		t->last_at = db_int(q, 5);
	}
	return more;
}

int health_list(struct store *s, struct arena *a, struct source_health **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT name, failure, detail, failing_since, last_attempt_at, last_success_at, fetched, not_modified,"
		" failed, posts FROM health JOIN source ON source.id = source_id ORDER BY name",
		err);
	int more;

	if (!q)
		return err->code;
	*rows = NULL;
	*n = 0;
	while ((more = db_step(q, err)) > 0) {
		struct source_health *h = arena_push(a, rows, n, sizeof(*h));

		h->source = arena_copy(a, db_text(q, 0));
		h->failure = arena_copy(a, db_text(q, 1));
		h->detail = arena_copy(a, db_text(q, 2));
		h->failing_since = db_int(q, 3);
		h->last_attempt_at = db_int(q, 4);
		h->last_success_at = db_int(q, 5);
		h->fetched = db_int(q, 6);
		h->not_modified = db_int(q, 7);
		h->failed = db_int(q, 8);
		h->posts = db_int(q, 9);
	}
	for (size_t i = 0; more == 0 && i < *n; i++)
		more = troubles_of(s, (*rows)[i].source, a, &(*rows)[i], err);
	return more;
}
