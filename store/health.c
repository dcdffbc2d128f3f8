/* health.c - how each source fares */
#include "store/health.h"

#include <string.h>

#include "store/coverage.h"
#include "store/internal.h"

#define DAY INT64_C(86400000000) /* us */

int health_success(struct store *s, int64_t source_id, bool start, bool not_modified, int64_t posts, int64_t now,
		   struct err *err)
{
	if (start && coverage_note(s, source_id, true, now, err) < 0)
		return err->code;
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
	if (count_failure(s, f, now, err) < 0 || (f->start && coverage_note(s, f->source_id, false, now, err) < 0))
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

int health_canary(struct store *s, int64_t source_id, int64_t frontier_id, int64_t now, int64_t due_at, struct err *err)
{
	return db_do(s->db,
		     "UPDATE health SET canary_frontier = :frontier, canary_at = :now, canary_due_at = :due"
		     " WHERE source_id = :source",
		     ARGS(arg_int(":frontier", frontier_id), arg_int(":now", now), arg_int(":due", due_at),
			  arg_int(":source", source_id)),
		     err);
}

int health_canary_same(struct store *s, int64_t source_id, int64_t frontier_id, int64_t now, int64_t due_at, struct err *err)
{
	return db_do(s->db,
		     "UPDATE health SET canary_at = :now, canary_due_at = :due WHERE source_id = :source"
		     " AND canary_frontier = :frontier",
		     ARGS(arg_int(":now", now), arg_int(":due", due_at), arg_int(":source", source_id),
			  arg_int(":frontier", frontier_id)),
		     err);
}

int health_canary_expect(struct store *s, int64_t source_id, int64_t now, int64_t due_at, struct err *err)
{
	if (due_at == 0)
		return db_do(s->db,
			     "UPDATE health SET canary_frontier = NULL, canary_at = NULL, canary_due_at = NULL"
			     " WHERE source_id = :source AND canary_due_at IS NOT NULL",
			     ARGS(arg_int(":source", source_id)), err);
	return db_do(s->db,
		     "INSERT INTO health (source_id, last_attempt_at, canary_due_at) VALUES (:source, :now, :due)"
		     " ON CONFLICT (source_id) DO UPDATE SET canary_due_at = coalesce(health.canary_due_at, :due)",
		     ARGS(arg_int(":source", source_id), arg_int(":now", now), arg_int(":due", due_at)), err);
}

bool health_is_well(const struct source_health *h)
{
	return strcmp(h->state, "ok") == 0;
}

static const char *state_of(const struct source_health *h, int64_t now)
{
	if (h->failure.n)
		return "failing";
	if (h->canary_due_at && now > h->canary_due_at)
		return "no canary";
	if (h->pulse.silent)
		return "silent";
	if (h->pulse.thin)
		return "thin";
	return h->pulse.gap_at && h->pulse.gap_at > now - DAY ? "gaps" : "ok";
}

int health_list(struct store *s, int64_t now, struct arena *a, struct source_health **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT name, failure, detail, failing_since, last_attempt_at, last_success_at, fetched, not_modified,"
		" failed, posts, canary_at, canary_due_at, source_id FROM health JOIN source ON source.id = source_id ORDER BY "
		"name",
		err);
	int64_t *ids = NULL;
	size_t n_ids = 0;
	int more;

	if (!q)
		return err->code;
	*rows = NULL;
	*n = 0;
	while ((more = db_step(q, err)) > 0) {
		struct source_health *h = arena_push(a, rows, n, sizeof(*h));
		int64_t *id = arena_push(a, &ids, &n_ids, sizeof(*id));

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
		h->canary_at = db_int(q, 10);
		h->canary_due_at = db_int(q, 11);
		*id = db_int(q, 12);
	}
	for (size_t i = 0; more == 0 && i < *n; i++) {
		struct source_health *h = &(*rows)[i];

		more = troubles_of(s, h->source, a, h, err);
		more = more < 0 ? more : pulse_of(s, ids[i], now, a, &h->pulse, err);
		more = more < 0 ? more : withheld_count(s, ids[i], &h->withheld, err);
		h->state = state_of(h, now);
	}
	return more;
}
