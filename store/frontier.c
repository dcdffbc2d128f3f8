/* frontier.c - every address we know: which comes next, who holds it */
#include "store/frontier.h"

#include "store/internal.h"

int frontier_add(struct store *s, const struct frontier_entry *e, struct err *err)
{
	struct query *q;
	int fresh = db_get(s->db, &q,
			   "INSERT INTO frontier (source_id, kind, depth, start, key, url, title, due_at, root, activity)"
			   " VALUES (:source, :kind, :depth, :start, :key, :url, :title, :due, :root, :activity) ON CONFLICT "
			   "(source_id, key) DO NOTHING RETURNING id",
			   ARGS(arg_int(":source", e->source_id), arg_int(":kind", e->kind), arg_int(":depth", e->depth),
				arg_int(":start", e->start), arg_text(":key", e->key), arg_text(":url", e->url),
				arg_text(":title", e->title), arg_int(":due", e->due_at),
				arg_int_or_null(":root", e->root, e->root != 0), arg_text_or_null(":activity", e->activity)),
			   NULL, err);

	if (fresh > 0)
		db_end(q);
	return fresh;
}

int frontier_wake(struct store *s, int64_t source_id, struct str key, int64_t now, int64_t *id, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT id, leased FROM frontier WHERE source_id = :source AND key = :key",
			   ARGS(arg_int(":source", source_id), arg_text(":key", key)), NULL, err);
	bool leased;

	*id = 0;
	if (found <= 0)
		return found;
	*id = db_int(q, 0);
	leased = db_int(q, 1) != 0;
	db_end(q);
	if (leased)
		return 0;
	if (db_do(s->db, "UPDATE frontier SET due_at = :now, tries = 0 WHERE id = :id",
		  ARGS(arg_int(":now", now), arg_int(":id", *id)), err) < 0)
		return err->code;
	return 1;
}

int frontier_call(struct store *s, const struct frontier_entry *e, struct err *err)
{
	return db_do(s->db,
		     "UPDATE frontier SET due_at = :due WHERE source_id = :source AND key = :key AND leased = 0"
		     " AND depth = :depth AND (due_at IS NULL OR due_at > :due)",
		     ARGS(arg_int(":due", e->due_at), arg_int(":source", e->source_id), arg_text(":key", e->key),
			  arg_int(":depth", e->depth)),
		     err);
}

/* The page of a thread on which new posts appear, as far as it is known. */
static int thread_end(struct store *s, int64_t thread, int64_t *id, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT id FROM frontier WHERE root = :thread ORDER BY depth DESC, id DESC LIMIT 1",
			   ARGS(arg_int(":thread", thread)), NULL, err);

	*id = thread;
	if (found <= 0)
		return found;
	*id = db_int(q, 0);
	db_end(q);
	return 1;
}

/* A thread in a list whose activity is another than last time: 1 and its id; `told` whether there was one before. */
static int thread_moved(struct store *s, const struct frontier_entry *e, int64_t *thread, bool *told, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT id, activity IS NOT NULL FROM frontier WHERE source_id = :source AND key = :key"
			   " AND (activity IS NULL OR activity <> :activity)",
			   ARGS(arg_int(":source", e->source_id), arg_text(":key", e->key), arg_text(":activity", e->activity)),
			   NULL, err);

	if (found <= 0)
		return found;
	*thread = db_int(q, 0);
	*told = db_int(q, 1) != 0;
	db_end(q);
	return 1;
}

int frontier_moved(struct store *s, const struct frontier_entry *e, struct err *err)
{
	int64_t thread, end;
	struct query *q;
	bool told;
	int moved = thread_moved(s, e, &thread, &told, err);

	if (moved <= 0)
		return moved;
	if (told) {
		if (thread_end(s, thread, &end, err) < 0)
			return err->code;
		moved = db_get(
			s->db, &q,
			"UPDATE frontier SET due_at = :due, calm = 0, tries = 0 WHERE id = :id AND leased = 0 RETURNING id",
			ARGS(arg_int(":due", e->due_at), arg_int(":id", end)), NULL, err);
		if (moved <= 0) /* it is being read just now: the next list tells again */
			return moved;
		db_end(q);
	}
	if (db_do(s->db, "UPDATE frontier SET activity = :activity WHERE id = :id",
		  ARGS(arg_text(":activity", e->activity), arg_int(":id", thread)), err) < 0)
		return err->code;
	return told;
}

int frontier_start_round(struct store *s, int64_t now, struct err *err)
{
	return db_do(s->db, "UPDATE frontier SET due_at = :now WHERE start = 1 AND tries = 0 AND leased = 0 AND due_at > :now",
		     ARGS(arg_int(":now", now)), err);
}

static int mark_leased(struct store *s, const struct frontier_job *jobs, size_t n, int64_t until, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (db_do(s->db, "UPDATE frontier SET leased = 1, due_at = :until WHERE id = :id",
			  ARGS(arg_int(":until", until), arg_int(":id", jobs[i].id)), err) < 0)
			return err->code;
	return 0;
}

int frontier_lease(struct store *s, const struct frontier_wish *wish, struct arena *a, struct frontier_job **jobs,
		   struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT id, source_id, kind, depth, tries, calm, start, url, etag, last_modified, body_digest, title,"
		" root, wait FROM frontier WHERE source_id = :source AND due_at <= :now ORDER BY due_at LIMIT :max "
		"$SKIP_LOCKED",
		ARGS(arg_int(":source", wish->source_id), arg_int(":now", wish->now), arg_int(":max", (int64_t)wish->max)),
		err);
	size_t n = 0;
	int more = q ? 0 : err->code;

	*jobs = NULL;
	while (q && (more = db_step(q, err)) > 0) {
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
			.root = db_int(q, 12),
			.wait = db_int(q, 13),
		};
	}
	if (more < 0 || mark_leased(s, *jobs, n, wish->lease_until, err) < 0)
		return err->code;
	return (int)n;
}

int frontier_done(struct store *s, int64_t id, const struct frontier_outcome *o, struct err *err)
{
	if (o->keeps)
		return db_do(s->db,
			     "UPDATE frontier SET leased = 0, due_at = :due, tries = :tries, calm = :calm WHERE id = :id",
			     ARGS(arg_int_or_null(":due", o->due_at, o->due_at != 0), arg_int(":tries", o->tries),
				  arg_int(":calm", o->calm), arg_int(":id", id)),
			     err);
	return db_do(s->db,
		     "UPDATE frontier SET leased = 0, due_at = :due, tries = :tries, calm = :calm, etag = :etag,"
		     " last_modified = :last_modified, body_digest = :digest, wait = coalesce(:wait, wait) WHERE id = :id",
		     ARGS(arg_int_or_null(":due", o->due_at, o->due_at != 0), arg_int(":tries", o->tries),
			  arg_int(":calm", o->calm), arg_text_or_null(":etag", o->etag),
			  arg_text_or_null(":last_modified", o->last_modified), arg_blob_or_null(":digest", o->body_digest),
			  arg_int_or_null(":wait", o->wait, o->wait != 0), arg_int(":id", id)),
		     err);
}

int frontier_again(struct store *s, int64_t id, const struct frontier_outcome *o, struct err *err)
{
	return db_do(s->db,
		     "UPDATE frontier SET leased = 0, due_at = :due, tries = 0, calm = :calm, wait = coalesce(:wait, wait)"
		     " WHERE id = :id",
		     ARGS(arg_int_or_null(":due", o->due_at, o->due_at != 0), arg_int(":calm", o->calm),
			  arg_int_or_null(":wait", o->wait, o->wait != 0), arg_int(":id", id)),
		     err);
}

int frontier_release(struct store *s, int64_t id, int64_t now, struct err *err)
{
	return db_do(s->db, "UPDATE frontier SET leased = 0, due_at = :now WHERE leased = 1 AND (:id = 0 OR id = :id)",
		     ARGS(arg_int(":now", now), arg_int(":id", id)), err);
}

int frontier_not_later(struct store *s, int64_t now, int64_t at_most, struct err *err)
{
	const struct db_arg latest = arg_int(":latest", now + at_most), at = arg_int(":now", now);
	int n = 0, more;
	struct query *q = db_ask(
		s->db,
		"UPDATE frontier SET due_at = :now WHERE source_id IN (SELECT id FROM source) AND due_at > :latest"
		" AND leased = 0 RETURNING id",
		ARGS(at, latest), err);

	if (!q)
		return err->code;
	while ((more = db_step(q, err)) > 0)
		n++;
	if (more < 0 || db_do(s->db, "DELETE FROM host WHERE silent_until > :latest", ARGS(latest), err) < 0)
		return err->code;
	return n;
}

int frontier_next_due(struct store *s, int64_t source_id, int64_t *due_at, struct err *err)
{
	struct query *q;
	int found = db_get(
		s->db, &q,
		"SELECT due_at FROM frontier WHERE source_id = :source AND due_at IS NOT NULL ORDER BY due_at LIMIT 1",
		ARGS(arg_int(":source", source_id)), NULL, err);

	if (found <= 0)
		return found;
	*due_at = db_int(q, 0);
	db_end(q);
	return 1;
}

int frontier_silence(struct store *s, struct str origin, int64_t until, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO host (origin, silent_until) VALUES (:origin, :until)"
		     " ON CONFLICT (origin) DO UPDATE SET silent_until = excluded.silent_until",
		     ARGS(arg_text(":origin", origin), arg_int(":until", until)), err);
}

int frontier_silences(struct store *s, int64_t now, struct arena *a, struct frontier_silence **silences, size_t *n,
		      struct err *err)
{
	struct query *q = db_ask(s->db, "SELECT origin, silent_until FROM host WHERE silent_until > :now",
				 ARGS(arg_int(":now", now)), err);
	int more = q ? 0 : err->code;

	*silences = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct frontier_silence *one = arena_push(a, silences, n, sizeof(*one));

		one->origin = arena_copy(a, db_text(q, 0));
		one->until = db_int(q, 1);
	}
	return more;
}

int frontier_glances(struct store *s, size_t limit, struct arena *a, struct frontier_glance **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT source.name, url, frontier.kind, depth, start, tries,"
		" CASE WHEN body_digest IS NULL THEN 0 ELSE 1 END, CASE WHEN due_at IS NULL THEN 1 ELSE 0 END"
		" FROM frontier JOIN source ON source.id = frontier.source_id ORDER BY frontier.id LIMIT :limit",
		ARGS(arg_int(":limit", (int64_t)limit)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct frontier_glance *)arena_push(a, rows, n, sizeof(**rows)) = (struct frontier_glance){
			.source = arena_copy(a, db_text(q, 0)),
			.url = arena_copy(a, db_text(q, 1)),
			.kind = (int)db_int(q, 2),
			.depth = (int)db_int(q, 3),
			.start = db_int(q, 4) != 0,
			.read = db_int(q, 6) != 0,
			.failed = db_int(q, 5) > 0 || (db_int(q, 6) == 0 && db_int(q, 7) != 0)
		};
	return more;
}

int frontier_count(struct store *s, int64_t source_id, int64_t now, int64_t *known, int64_t *due, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT count(*), count(*) FILTER (WHERE due_at <= :now) FROM frontier WHERE source_id = :source",
		   ARGS(arg_int(":now", now), arg_int(":source", source_id)), "a count", err) < 0)
		return err->code;
	*known = db_int(q, 0);
	*due = db_int(q, 1);
	db_end(q);
	return 0;
}
