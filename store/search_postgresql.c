/* search_postgresql.c - full text in PostgreSQL: tsvector tables in the same database, one a month, filled by the indexer */
#include <stdio.h>

#include "base/limits.h"
#include "store/search_engine.h"

enum {
	INDEX_LOCK = 20141125,	  /* who indexes; apart from those who write */
	VECTOR_BYTES = 900000,	  /* PostgreSQL takes less than a MiB */
	VECTOR_POSITIONS = 16000, /* ... and knows 16,383 positions; phrases further behind are not found as such */
};

/* Asked of the catalogue itself: what to_regclass() remembers within a transaction may be older than its lock. */
static int is_there(struct search *x, struct err *err)
{
	struct query *q;
	int found = db_get(x->db, &q,
			   "SELECT 1 FROM pg_class WHERE relname = 'search_month'"
			   " AND relnamespace = to_regnamespace(current_schema())",
			   NULL, NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

/* One at a time: the lock of whoever indexes is held. */
static int make_it(struct search *x, struct err *err)
{
	int found;

	if (db_begin(x->db, err) < 0)
		return err->code;
	found = is_there(x, err);
	if (found == 0 && (search_queue_all(x->store, err) < 0 ||
			   db_exec(x->db, "CREATE TABLE search_month (name $TEXT PRIMARY KEY)", err) < 0))
		found = err->code;
	if (found >= 0)
		return db_commit(x->db, err);
	db_rollback(x->db);
	return found;
}

/* Its own connection, so that what is indexed commits apart from what is written; who only looks has one already. */
static int open_it(struct search *x, bool make, struct err *err)
{
	int found;

	x->db = make ? db_open(x->store->database, DB_WRITE, err) : x->store->db;
	if (!x->db)
		return err->code;
	if (make)
		db_set_lock(x->db, INDEX_LOCK);
	found = is_there(x, err);
	if (found)
		return found < 0 ? found : 0;
	return make ? make_it(x, err) : err_set(err, E_STORE, "nothing was indexed yet; `watchdesk run` or `crawl` does that");
}

static int known(struct search *x, int64_t id, struct err *err)
{
	(void)x, (void)id, (void)err; /* the queue and the index are one transaction */
	return 0;
}

/* Only digits that we made enter the SQL. */
static int month_open(struct search *x, const struct month *m, struct err *err)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "CREATE TABLE IF NOT EXISTS search_%s (revision_id $INT PRIMARY KEY, words TSVECTOR NOT NULL);"
		 "CREATE INDEX IF NOT EXISTS search_%s_words ON search_%s USING gin (words);"
		 "INSERT INTO search_month (name) VALUES ('%s') ON CONFLICT DO NOTHING;",
		 m->name, m->name, m->name, m->name);
	if (db_exec(x->db, sql, err) < 0)
		return err->code;
	snprintf(sql, sizeof(sql),
		 "INSERT INTO search_%s (revision_id, words) VALUES (:id, CAST(CAST(:words AS TEXT) AS TSVECTOR))"
		 " ON CONFLICT DO NOTHING",
		 m->name);
	x->insert = db_prepare(x->db, sql, err);
	return x->insert ? 0 : err->code;
}

/* Each word with its position; one position between two fields stays free. */
static int insert(struct search *x, int64_t id, const struct buf words[SEARCH_FIELDS], struct err *err)
{
	AUTO(buf) vector = BUF_INIT(VECTOR_BYTES);
	int position = 1;

	for (int i = 0; i < SEARCH_FIELDS; i++, position++) {
		struct str rest = buf_str(&words[i]), word;

		while (rest.n && str_split(&rest, ' ', &word) &&
		       buf_printf(&vector, "'%.*s':%d ", STR_ARG(word), position) == 0)
			position += position < VECTOR_POSITIONS;
	}
	db_bind(x->insert, ARGS(arg_int(":id", id), arg_text(":words", buf_str(&vector))));
	return db_run(x->insert, err);
}

/* What was added is sorted into the index now and here, not by whoever searches next. */
static int commit(struct search *x, const int64_t *ids, size_t n, struct err *err)
{
	char sql[128];

	if (search_leave_queue(x->db, ids, n, err) < 0) {
		db_rollback(x->db);
		return err->code;
	}
	if (db_commit(x->db, err) < 0)
		return err->code;
	snprintf(sql, sizeof(sql), "SELECT gin_clean_pending_list('search_%s_words')", x->month.name);
	return x->month.name[0] ? db_exec(x->db, sql, err) : 0;
}

/* With the lock of whoever indexes, who would otherwise put in again what was read before. */
static int forget(struct search *x, const struct month *m, int64_t from, int64_t to, struct err *err)
{
	char sql[256];
	struct query *q;
	int known;

	if (db_begin(x->db, err) < 0)
		return err->code;
	snprintf(sql, sizeof(sql),
		 "DELETE FROM search_%s WHERE revision_id IN (SELECT revision_id FROM unindex WHERE first_seen >= %lld"
		 " AND first_seen < %lld)",
		 m->name, (long long)from, (long long)to);
	known = db_get(x->db, &q, "SELECT 1 FROM search_month WHERE name = :name", ARGS(arg_text(":name", str_of(m->name))),
		       NULL, err);
	if (known > 0)
		db_end(q);
	if (known < 0 || (known && db_exec(x->db, sql, err) < 0) || search_forgot(x->db, from, to, err) < 0) {
		db_rollback(x->db);
		return err->code;
	}
	return db_commit(x->db, err);
}

static void say(const struct search_query *q, struct buf *out)
{
	for (size_t i = 0; i < q->n; i++) {
		buf_printf(out, "%s%s(", i ? " & " : "", q->phrases[i].minus ? "!" : "");
		search_say_phrase(q->phrases[i].words, "'", " <-> ", out);
		buf_printf(out, "%s)", q->phrases[i].prefix ? ":*" : "");
	}
}

static int months(struct search *x, struct arena *a, struct str **names, size_t *n, struct err *err)
{
	return search_months(x, "SELECT name FROM search_month ORDER BY name DESC", a, names, n, err);
}

static int find(struct search *x, struct str month, struct str match, size_t limit, struct arena *a, int64_t **ids, size_t *n,
		struct err *err)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
		 "SELECT revision_id FROM search_%.*s WHERE words @@ CAST(CAST(:match AS TEXT) AS TSQUERY)"
		 " ORDER BY revision_id DESC LIMIT :limit",
		 STR_ARG(month));
	return search_ids(x, sql, match, limit, a, ids, n, err);
}

const struct search_engine search_postgresql = {
	.open = open_it,
	.known = known,
	.month_open = month_open,
	.insert = insert,
	.commit = commit,
	.forget = forget,
	.say = say,
	.months = months,
	.find = find,
};
