/* search_sqlite.c - full text in search.db: contentless FTS5, a table a month, beside the store so that it can lag and be
 * rebuilt */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "store/search_engine.h"

enum { FORMAT = 2 }; /* of the index; one of another format is made anew */

/* The queue is filled while there is no file: one that is there, if only begun, stands for what has left the queue. */
static int make_anew(struct search *x, const char *path, struct err *err)
{
	char side[PATH_MAX + 8];

	for (int i = 0; i < 3; i++) {
		static const char *const endings[] = { "", "-wal", "-shm" };

		snprintf(side, sizeof(side), "%s%s", path, endings[i]);
		unlink(side);
	}
	if (search_queue_all(x->store, err) < 0)
		return err->code;
	x->db = db_open(path, DB_CREATE, err);
	if (!x->db)
		return err->code;
	return db_migrate(x->db,
			  "CREATE TABLE month (name TEXT PRIMARY KEY);"
			  "CREATE TABLE last_batch (revision_id INTEGER PRIMARY KEY)",
			  FORMAT, err);
}

static int open_as_it_is(struct search *x, const char *path, bool make, struct err *err)
{
	int64_t format;

	x->db = db_open(path, make ? DB_WRITE : DB_READ, err);
	if (!x->db || db_version(x->db, &format, err) < 0)
		return err->code;
	return format == FORMAT ? 0
				: err_set(err, E_STORE,
					  "%s is an index of another format; `watchdesk run` or `crawl` makes it anew", path);
}

static int open_or_make(struct search *x, const char *path, bool make, struct err *err)
{
	bool fresh = access(path, F_OK) < 0;
	int result = fresh && make ? make_anew(x, path, err) : open_as_it_is(x, path, make, err);

	if (result == E_STORE && make && !fresh) { /* damaged or of another format: it holds nothing that the store does not */
		db_free(x->db);
		x->db = NULL;
		result = make_anew(x, path, err);
	}
	return result;
}

/* One at a time: nobody takes an index that is being made for one that is damaged. */
static int open_it(struct search *x, bool make, struct err *err)
{
	char path[PATH_MAX], lock[PATH_MAX];
	int held = -1, result;

	store_path(x->store, "search.db", path, sizeof(path));
	store_path(x->store, "search.lock", lock, sizeof(lock));
	if (make && (held = file_lock(lock, DB_WAIT_MS, err)) < 0)
		return held;
	result = open_or_make(x, path, make, err);
	if (held >= 0)
		close(held);
	return result;
}

/* The batch before was perhaps committed here but, because of a crash, did not leave the queue. */
static int known(struct search *x, int64_t id, struct err *err)
{
	struct query *q;
	int found = db_get(x->db, &q, "SELECT 1 FROM last_batch WHERE revision_id = :id", ARGS(arg_int(":id", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

/* Only digits that we made enter the SQL. The words come ready, so the tokenizer takes every character but the space. */
static int month_open(struct search *x, const struct month *m, struct err *err)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "CREATE VIRTUAL TABLE IF NOT EXISTS %s USING fts5 (title, author, text, content='',"
		 " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\");"
		 "INSERT INTO %s (%s, rank) VALUES ('hashsize', 67108864);"
		 "INSERT INTO month (name) VALUES ('%s') ON CONFLICT DO NOTHING;",
		 m->name, m->name, m->name, m->name);
	if (db_exec(x->db, sql, err) < 0)
		return err->code;
	snprintf(sql, sizeof(sql), "INSERT INTO %s (rowid, title, author, text) VALUES (:id, :title, :author, :text)", m->name);
	x->insert = db_prepare(x->db, sql, err);
	return x->insert ? 0 : err->code;
}

static int insert(struct search *x, int64_t id, const struct buf words[SEARCH_FIELDS], struct err *err)
{
	db_bind(x->insert, ARGS(arg_int(":id", id), arg_text(":title", buf_str(&words[0])),
				arg_text(":author", buf_str(&words[1])), arg_text(":text", buf_str(&words[2]))));
	return db_run(x->insert, err);
}

static int remember_batch(struct search *x, const int64_t *ids, size_t n, struct err *err)
{
	if (db_exec(x->db, "DELETE FROM last_batch", err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (db_do(x->db, "INSERT INTO last_batch (revision_id) VALUES (:id)", ARGS(arg_int(":id", ids[i])), err) < 0)
			return err->code;
	return 0;
}

/* Two files: the index first, then the queue; what a crash leaves between them is known by the batch. */
static int commit(struct search *x, const int64_t *ids, size_t n, struct err *err)
{
	struct db *store = x->store->db;

	if (remember_batch(x, ids, n, err) < 0) {
		db_rollback(x->db);
		return err->code;
	}
	if (db_commit(x->db, err) < 0 || db_begin(store, err) < 0)
		return err->code;
	if (search_leave_queue(store, ids, n, err) < 0) {
		db_rollback(store);
		return err->code;
	}
	return db_commit(store, err);
}

/* An index without its texts forgets all or nothing: the month's table is emptied, and what is left of the month queued. */
static int forget(struct search *x, const struct month *m, int64_t from, int64_t to, struct err *err)
{
	char sql[128];
	struct query *q;
	int known;

	if (db_begin(x->db, err) < 0)
		return err->code;
	snprintf(sql, sizeof(sql), "INSERT INTO %s (%s) VALUES ('delete-all')", m->name, m->name);
	known = db_get(x->db, &q, "SELECT 1 FROM month WHERE name = :name", ARGS(arg_text(":name", str_of(m->name))), NULL,
		       err);
	if (known > 0)
		db_end(q);
	if (known < 0 || (known && db_exec(x->db, sql, err) < 0) || db_exec(x->db, "DELETE FROM last_batch", err) < 0) {
		db_rollback(x->db);
		return err->code;
	}
	if (db_commit(x->db, err) < 0 || search_queue_month(x->store, from, to, err) < 0)
		return err->code;
	return search_forgot(x->store->db, from, to, err);
}

/* A phrase is one string, so nothing in it is an operator. */
static void say_side(const struct search_query *q, bool minus, struct buf *out)
{
	for (size_t i = 0, n = 0; i < q->n; i++)
		if (q->phrases[i].minus == minus)
			buf_printf(out, "%s\"%.*s\"%s", n++ ? (minus ? " OR " : " AND ") : "", STR_ARG(q->phrases[i].words),
				   q->phrases[i].prefix ? " *" : "");
}

static void say(const struct search_query *q, struct buf *out)
{
	AUTO(buf) not_these = BUF_INIT(out->max);

	say_side(q, false, out);
	say_side(q, true, &not_these);
	if (not_these.n)
		buf_printf(out, " NOT (%s)", not_these.p);
}

static int months(struct search *x, struct arena *a, struct str **names, size_t *n, struct err *err)
{
	return search_months(x, "SELECT name FROM month ORDER BY name DESC", a, names, n, err);
}

static int find(struct search *x, struct str month, struct str match, size_t limit, struct arena *a, int64_t **ids, size_t *n,
		struct err *err)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT rowid FROM %.*s WHERE %.*s MATCH :match ORDER BY rowid DESC LIMIT :limit",
		 STR_ARG(month), STR_ARG(month));
	return search_ids(x, sql, match, limit, a, ids, n, err);
}

const struct search_engine search_sqlite = {
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
