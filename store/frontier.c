/* frontier.c - every address we know: which comes next, who holds it */
#include "store/frontier.h"

#include "store/internal.h"

int frontier_add(struct store *s, const struct frontier_entry *e, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"INSERT INTO frontier (source_id, kind, depth, start, key, url, title, due_at)"
		" VALUES (:source, :kind, :depth, :start, :key, :url, :title, :due) ON CONFLICT (source_id, key) DO NOTHING",
		err);

	if (!q)
		return err->code;
	db_bind_int(q, ":source", e->source_id);
	db_bind_int(q, ":kind", e->kind);
	db_bind_int(q, ":depth", e->depth);
	db_bind_int(q, ":start", e->start);
	db_bind_text(q, ":key", e->key);
	db_bind_text(q, ":url", e->url);
	db_bind_text(q, ":title", e->title);
	db_bind_int(q, ":due", e->due_at);
	if (db_run(q, err) < 0)
		return err->code;
	return db_changed(s->db) > 0;
}

int frontier_start_round(struct store *s, int64_t now, struct err *err)
{
	struct query *q = db_query(
		s->db, "UPDATE frontier SET due_at = :now WHERE start = 1 AND tries = 0 AND leased = 0 AND due_at > :now", err);

	if (!q)
		return err->code;
	db_bind_int(q, ":now", now);
	return db_run(q, err);
}

static int mark_leased(struct store *s, const struct frontier_job *jobs, size_t n, int64_t until, struct err *err)
{
	struct query *q = db_query(s->db, "UPDATE frontier SET leased = 1, due_at = :until WHERE id = :id", err);

	for (size_t i = 0; q && i < n; i++) {
		db_bind_int(q, ":until", until);
		db_bind_int(q, ":id", jobs[i].id);
		if (db_run(q, err) < 0)
			return err->code;
	}
	return q ? 0 : err->code;
}

int frontier_lease(struct store *s, const struct frontier_wish *wish, struct arena *a, struct frontier_job **jobs,
		   struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT id, source_id, kind, depth, tries, calm, start, url, etag, last_modified, body_digest, title"
		" FROM frontier WHERE source_id = :source AND due_at <= :now ORDER BY due_at LIMIT :max",
		err);
	size_t n = 0;
	int more;

	if (!q)
		return err->code;
	db_bind_int(q, ":source", wish->source_id);
	db_bind_int(q, ":now", wish->now);
	db_bind_int(q, ":max", (int64_t)wish->max);
	*jobs = NULL;
	while ((more = db_step(q, err)) > 0) {
		struct frontier_job *j = arena_push(a, jobs, &n, sizeof(*j));

		*j = (struct frontier_job){
			.id = db_int(q, 0),
			.source_id = db_int(q, 1),
			.kind = (int)db_int(q, 2),
			.depth = (int)db_int(q, 3),
			.tries = (int)db_int(q, 4),
			.calm = (int)db_int(q, 5),
			.start = db_int(q, 6) != 0,
			.url = arena_copy(a, db_text(q, 7)),
			.etag = arena_copy(a, db_text(q, 8)),
			.last_modified = arena_copy(a, db_text(q, 9)),
			.body_digest = arena_copy(a, db_text(q, 10)),
			.title = arena_copy(a, db_text(q, 11)),
		};
	}
	if (more < 0 || mark_leased(s, *jobs, n, wish->lease_until, err) < 0)
		return err->code;
	return (int)n;
}

static void bind_or_null(struct query *q, const char *name, struct str value,
			 void (*bind)(struct query *, const char *, struct str))
{
	if (value.n)
		bind(q, name, value);
	else
		db_bind_null(q, name);
}

int frontier_done(struct store *s, int64_t id, const struct frontier_outcome *o, struct err *err)
{
	struct query *q = db_query(s->db,
				   "UPDATE frontier SET leased = 0, due_at = :due, tries = :tries, calm = :calm, etag = :etag,"
				   " last_modified = :last_modified, body_digest = :digest WHERE id = :id",
				   err);

	if (!q)
		return err->code;
	if (o->due_at)
		db_bind_int(q, ":due", o->due_at);
	else
		db_bind_null(q, ":due");
	db_bind_int(q, ":tries", o->tries);
	db_bind_int(q, ":calm", o->calm);
	bind_or_null(q, ":etag", o->etag, db_bind_text);
	bind_or_null(q, ":last_modified", o->last_modified, db_bind_text);
	bind_or_null(q, ":digest", o->body_digest, db_bind_blob);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

int frontier_again(struct store *s, int64_t id, int64_t due_at, int calm, struct err *err)
{
	struct query *q = db_query(
		s->db, "UPDATE frontier SET leased = 0, due_at = :due, tries = 0, calm = :calm WHERE id = :id", err);

	if (!q)
		return err->code;
	db_bind_int(q, ":due", due_at);
	db_bind_int(q, ":calm", calm);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

int frontier_release(struct store *s, int64_t id, int64_t now, struct err *err)
{
	struct query *q = db_query(
		s->db, "UPDATE frontier SET leased = 0, due_at = :now WHERE leased = 1 AND (:id = 0 OR id = :id)", err);

	if (!q)
		return err->code;
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

int frontier_next_due(struct store *s, int64_t source_id, int64_t *due_at, struct err *err)
{
	struct query *q = db_query(
		s->db, "SELECT due_at FROM frontier WHERE source_id = :source AND due_at IS NOT NULL ORDER BY due_at LIMIT 1",
		err);
	int found;

	if (!q)
		return err->code;
	db_bind_int(q, ":source", source_id);
	found = db_step(q, err);
	if (found <= 0)
		return found;
	*due_at = db_int(q, 0);
	db_end(q);
	return 1;
}

int frontier_silence(struct store *s, struct str origin, int64_t until, struct err *err)
{
	struct query *q = db_query(s->db,
				   "INSERT INTO host (origin, silent_until) VALUES (:origin, :until)"
				   " ON CONFLICT (origin) DO UPDATE SET silent_until = excluded.silent_until",
				   err);

	if (!q)
		return err->code;
	db_bind_text(q, ":origin", origin);
	db_bind_int(q, ":until", until);
	return db_run(q, err);
}

int frontier_silences(struct store *s, int64_t now, struct arena *a, struct frontier_silence **silences, size_t *n,
		      struct err *err)
{
	struct query *q = db_query(s->db, "SELECT origin, silent_until FROM host WHERE silent_until > :now", err);
	int more;

	if (!q)
		return err->code;
	db_bind_int(q, ":now", now);
	*silences = NULL;
	*n = 0;
	while ((more = db_step(q, err)) > 0) {
		struct frontier_silence *one = arena_push(a, silences, n, sizeof(*one));

		one->origin = arena_copy(a, db_text(q, 0));
		one->until = db_int(q, 1);
	}
	return more;
}

int frontier_count(struct store *s, int64_t source_id, int64_t now, int64_t *known, int64_t *due, struct err *err)
{
	struct query *q = db_query(
		s->db, "SELECT count(*), coalesce(sum(due_at <= :now), 0) FROM frontier WHERE source_id = :source", err);
	int found;

	if (!q)
		return err->code;
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":source", source_id);
	found = db_step(q, err);
	if (found <= 0)
		return found;
	*known = db_int(q, 0);
	*due = db_int(q, 1);
	db_end(q);
	return 0;
}
