/* watch.c - is the watch itself well? */
#include "store/watch.h"

#include "store/internal.h"

/* What was told and lasts, or seemed to. */
struct told_concern {
	struct concern_news news;
	int64_t told_at;
	bool lasts;
};

static int read_told(struct store *s, struct arena *a, struct told_concern **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(s->db, "SELECT name, words, since, told_at FROM concern ORDER BY name", err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct told_concern *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct told_concern){
			{ CONCERN_OVER, { arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)) }, db_int(q, 2) },
			db_int(q, 3),
			false
		};
	}
	return more;
}

static int keep(struct store *s, const struct concern *c, int64_t now, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO concern (name, words, since, told_at) VALUES (:name, :words, :now, :now)"
		     " ON CONFLICT (name) DO UPDATE SET words = :words, told_at = :now",
		     ARGS(arg_text(":name", c->name), arg_text(":words", c->words), arg_int(":now", now)), err);
}

static struct told_concern *told_of(struct told_concern *told, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(told[i].news.concern.name, name))
			return &told[i];
	return NULL;
}

int concern_settle(struct store *s, const struct concern *all, size_t n, int64_t now, struct arena *a,
		   struct concern_news **news, size_t *n_news, struct err *err)
{
	struct told_concern *told;
	size_t n_told;

	*news = NULL;
	*n_news = 0;
	if (read_told(s, a, &told, &n_told, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		struct told_concern *before = told_of(told, n_told, all[i].name);
		struct concern_news *one;

		if (before)
			before->lasts = true;
		if (before && now - before->told_at < CONCERN_AGAIN)
			continue;
		one = arena_push(a, news, n_news, sizeof(*one));
		*one = (struct concern_news){ before ? CONCERN_LASTS : CONCERN_NEW, all[i], before ? before->news.since : now };
		if (keep(s, &all[i], now, err) < 0)
			return err->code;
	}
	for (size_t i = 0; i < n_told; i++) {
		struct concern_news *one;

		if (told[i].lasts)
			continue;
		one = arena_push(a, news, n_news, sizeof(*one));
		*one = told[i].news;
		if (db_do(s->db, "DELETE FROM concern WHERE name = :name", ARGS(arg_text(":name", one->concern.name)), err) < 0)
			return err->code;
	}
	return 0;
}

int watch_figures(struct store *s, int64_t since, int64_t now, struct watch_figures *out, struct err *err)
{
	const struct db_arg from = arg_int(":since", since);
	struct watch_figures f;
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT CAST(coalesce(sum(posts), 0) AS $INT), CAST(coalesce(sum(findings), 0) AS $INT) FROM round"
		   " WHERE ended_at >= :since",
		   ARGS(from), "a count", err) < 0)
		return err->code;
	f = (struct watch_figures){ .posts = db_int(q, 0), .findings = db_int(q, 1) };
	db_end(q);
	if (db_get(s->db, &q,
		   "SELECT count(*), min(CASE WHEN due_at <= :now THEN made_at END) FROM outbox WHERE state = 'waiting'",
		   ARGS(arg_int(":now", now)), "a count", err) < 0)
		return err->code;
	f.waiting = db_int(q, 0);
	f.oldest_at = db_int(q, 1);
	db_end(q);
	if (db_get(s->db, &q, "SELECT count(*) FROM outbox WHERE state = 'dead' AND ended_at >= :since", ARGS(from), "a count",
		   err) < 0)
		return err->code;
	f.dead = db_int(q, 0);
	db_end(q);
	*out = f;
	return 0;
}

int answer_refused(struct store *s, struct str why, int64_t now, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO refused_answer (why, n, last_at) VALUES (:why, 1, :now)"
		     " ON CONFLICT (why) DO UPDATE SET n = refused_answer.n + 1, last_at = :now",
		     ARGS(arg_text(":why", why), arg_int(":now", now)), err);
}

int answers_refused(struct store *s, struct arena *a, struct answers_refused **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(s->db, "SELECT why, n, last_at FROM refused_answer ORDER BY why", err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct answers_refused *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct answers_refused){ arena_copy(a, db_text(q, 0)), db_int(q, 1), db_int(q, 2) };
	}
	return more;
}
