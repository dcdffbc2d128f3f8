/* db_sqlite.c - the SQLite driver of db.h: WAL, synchronous=FULL, foreign keys on */
#include "store/driver.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

struct sqlite_query {
	struct query query;
	sqlite3_stmt *statement;
};

struct sqlite {
	struct db db;
	sqlite3 *handle;
	char *path;
};

static struct sqlite *its(struct db *d)
{
	return (struct sqlite *)d;
}

static sqlite3_stmt *statement_of(struct query *q)
{
	return ((struct sqlite_query *)q)->statement;
}

/* The sentence and class of what SQLite says. */
static int error_of(struct sqlite *d, const char *doing, struct err *err)
{
	int code = d->handle ? sqlite3_errcode(d->handle) : SQLITE_NOMEM;
	const char *text = d->handle ? sqlite3_errmsg(d->handle) : "out of memory";

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, E_BUSY,
			       "%s: another process has held the store for %d seconds; try again, or see what it is doing",
			       d->path, DB_WAIT_MS / 1000);
	case SQLITE_FULL:
		return err_set(err, E_FULL, "%s: the disk is full while %s; free some space, nothing committed was lost",
			       d->path, doing);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return err_set(err, E_IO, "%s: %s while %s; check the folder's permissions and the disk", d->path, text, doing);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err, E_STORE, "%s: damaged (%s) while %s; restore a copy", d->path, text, doing);
	default:
		return err_set(err, E_STORE, "%s: %s while %s", d->path, text, doing);
	}
}

static int run_all(struct sqlite *d, const char *sql, const char *doing, struct err *err)
{
	return sqlite3_exec(d->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : error_of(d, doing, err);
}

static int exec(struct db *d, const char *sql, struct err *err)
{
	return run_all(its(d), sql, "preparing it", err);
}

static void rollback(struct db *d)
{
	for (size_t i = 0; i < d->n; i++)
		sqlite3_reset(statement_of(d->kept[i]));
	if (!sqlite3_get_autocommit(its(d)->handle))
		sqlite3_exec(its(d)->handle, "ROLLBACK", NULL, NULL, NULL);
}

static int begin(struct db *d, struct err *err)
{
	return run_all(its(d), "BEGIN IMMEDIATE", "waiting for its turn", err);
}

static void set_lock(struct db *d, int64_t lock)
{
	(void)d, (void)lock; /* a file has one writer, whoever it is */
}

static int watch(struct db *d, struct err *err)
{
	(void)d, (void)err; /* the folder's lock keeps monitors apart */
	return 1;
}

static int commit(struct db *d, struct err *err)
{
	if (run_all(its(d), "COMMIT", "committing", err) == 0)
		return 0;
	rollback(d);
	return err->code;
}

static struct query *prepare(struct db *d, const char *sql, bool keep, struct err *err)
{
	struct sqlite_query *q = must_alloc(1, sizeof(*q));

	if (sqlite3_prepare_v3(its(d)->handle, sql, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0, &q->statement, NULL) == SQLITE_OK)
		return &q->query;
	error_of(its(d), "reading its schema", err);
	free(q);
	return NULL;
}

static void finish(struct query *q)
{
	sqlite3_finalize(statement_of(q));
	free(q);
}

static void bind(struct query *q, const struct db_arg *v)
{
	sqlite3_stmt *s = statement_of(q);
	int at = sqlite3_bind_parameter_index(s, v->name);

	MUST(at > 0);
	switch (v->type) {
	case DB_NULL:
		sqlite3_bind_null(s, at);
		break;
	case DB_INT:
		sqlite3_bind_int64(s, at, v->number);
		break;
	case DB_REAL:
		sqlite3_bind_double(s, at, v->real);
		break;
	case DB_TEXT:
		sqlite3_bind_text64(s, at, v->bytes.n ? v->bytes.p : "", v->bytes.n, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case DB_BYTES:
		sqlite3_bind_blob64(s, at, v->bytes.n ? v->bytes.p : "", v->bytes.n, SQLITE_STATIC);
		break;
	}
}

static void end(struct query *q)
{
	sqlite3_reset(statement_of(q));
	sqlite3_clear_bindings(statement_of(q));
}

static int step(struct query *q, struct err *err)
{
	int result = sqlite3_step(statement_of(q));

	if (result == SQLITE_ROW)
		return 1;
	if (result != SQLITE_DONE) {
		int code = error_of(its(q->db), "using it", err);

		end(q);
		return code;
	}
	end(q);
	return 0;
}

static int run(struct query *q, struct err *err)
{
	int more;

	while ((more = step(q, err)) > 0)
		;
	return more;
}

static int columns(struct query *q)
{
	return sqlite3_column_count(statement_of(q));
}

static const char *column_name(struct query *q, int column)
{
	return sqlite3_column_name(statement_of(q), column);
}

static struct db_arg value(struct query *q, int column)
{
	static const enum db_type types[] = { [SQLITE_INTEGER] = DB_INT,
					      [SQLITE_FLOAT] = DB_REAL,
					      [SQLITE_TEXT] = DB_TEXT,
					      [SQLITE_BLOB] = DB_BYTES,
					      [SQLITE_NULL] = DB_NULL };
	sqlite3_stmt *s = statement_of(q);
	struct db_arg v = { .type = types[sqlite3_column_type(s, column)] };

	if (v.type == DB_INT)
		v.number = sqlite3_column_int64(s, column);
	else if (v.type == DB_REAL)
		v.real = sqlite3_column_double(s, column);
	else if (v.type != DB_NULL)
		v.bytes = (struct str){ sqlite3_column_blob(s, column), (size_t)sqlite3_column_bytes(s, column) };
	return v;
}

static int version_of(struct db *d, int64_t *version, struct err *err)
{
	struct query *q = db_query(d, "PRAGMA user_version", err);
	int result = q ? step(q, err) : err->code;

	if (result < 0)
		return result;
	*version = db_int(q, 0);
	end(q);
	return 0;
}

static int migrate(struct db *d, const char *sql, int64_t version, struct err *err)
{
	char number[64];

	snprintf(number, sizeof(number), "PRAGMA user_version=%lld", (long long)version);
	if (begin(d, err) < 0)
		return err->code;
	if (exec(d, sql, err) < 0 || exec(d, number, err) < 0) {
		rollback(d);
		return err->code;
	}
	return commit(d, err);
}

static int keys_follow(struct db *d, const char *table, struct err *err)
{
	(void)d, (void)table, (void)err; /* the next key is always above the greatest */
	return 0;
}

/* VACUUM INTO reads one snapshot and holds up nobody in WAL mode. */
static int copy(struct db *d, const char *path, struct err *err)
{
	AUTO_FREE(query) q = db_prepare(d, "VACUUM INTO :path", err);

	if (!q)
		return err->code;
	db_bind(q, ARGS(arg_text(":path", str_of(path))));
	return run(q, err) < 0 ? err_at(err, "copying it to %s", path) : 0;
}

static int forgetful(struct db *d, struct err *err)
{
	return run_all(its(d), "PRAGMA secure_delete=ON", "preparing it", err);
}

/* The first number that a pragma answers. */
static int ask_number(struct db *d, const char *sql, int64_t *number, struct err *err)
{
	AUTO_FREE(query) q = prepare(d, sql, false, err);
	int result;

	if (!q)
		return err->code;
	q->db = d;
	result = step(q, err);
	if (result > 0)
		*number = value(q, 0).number;
	return result;
}

/* Each piece is a transaction of its own. */
static int give_back(struct db *d, struct err *err)
{
	int64_t before = INT64_MAX, free_pages = 0;

	if (ask_number(d, "PRAGMA freelist_count", &free_pages, err) < 0)
		return err->code;
	while (free_pages > 0 && free_pages < before) {
		before = free_pages;
		if (run_all(its(d), "PRAGMA incremental_vacuum(2000)", "giving free space back", err) < 0 ||
		    ask_number(d, "PRAGMA freelist_count", &free_pages, err) < 0)
			return err->code;
	}
	return 0;
}

static int shrink(struct db *d, bool whole, bool *left, struct err *err)
{
	int64_t busy = 0;

	if (whole && run_all(its(d), "PRAGMA auto_vacuum=INCREMENTAL; VACUUM", "writing it anew", err) < 0)
		return err->code;
	if (give_back(d, err) < 0 || ask_number(d, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, err) < 0)
		return err->code;
	*left = busy != 0;
	return 0;
}

static int check(struct db *d, struct err *err)
{
	struct query *q = db_query(d, "PRAGMA integrity_check(1)", err);
	int result = q ? step(q, err) : err->code;

	if (result <= 0)
		return result < 0 ? result : err_set(err, E_STORE, "%s: the integrity check gave no answer", its(d)->path);
	if (!str_eq(db_text(q, 0), STR("ok")))
		result = err_set(err, E_STORE, "%s: damaged: %.*s; restore a copy", its(d)->path, STR_ARG(db_text(q, 0)));
	else
		result = 0;
	end(q);
	if (result < 0)
		return result;
	q = db_query(d, "PRAGMA foreign_key_check", err);
	result = q ? step(q, err) : err->code;
	if (result > 0) {
		result = err_set(err, E_STORE, "%s: a row of %.*s points to a row that is not there; restore a copy",
				 its(d)->path, STR_ARG(db_text(q, 0)));
		end(q);
	}
	return result;
}

static int plan(struct query *q, struct buf *out, struct err *err)
{
	AUTO(buf) sql = BUF_INIT(1 << 16);
	struct query *explain;
	int more;

	buf_printf(&sql, "EXPLAIN QUERY PLAN %s", sqlite3_sql(statement_of(q)));
	explain = db_prepare(q->db, sql.p, err);
	if (!explain)
		return err->code;
	while ((more = step(explain, err)) > 0)
		buf_printf(out, "%.*s\n", STR_ARG(db_text(explain, 3)));
	query_free(explain);
	return more;
}

static void close_it(struct db *d)
{
	sqlite3_close(its(d)->handle);
	free(its(d)->path);
	free(d);
}

static const char *const words[][2] = {
	{ "$ID", "INTEGER PRIMARY KEY" }, { "$INT", "INTEGER" }, { "$REAL", "REAL" }, { "$TEXT", "TEXT" }, { "$BYTES", "BLOB" },
	{ "$SKIP_LOCKED", "" },		  { NULL, NULL },
};

static const struct db_driver driver = {
	.engine = DB_SQLITE,
	.words = words,
	.close = close_it,
	.exec = exec,
	.begin = begin,
	.set_lock = set_lock,
	.watch = watch,
	.commit = commit,
	.rollback = rollback,
	.prepare = prepare,
	.finish = finish,
	.bind = bind,
	.step = step,
	.run = run,
	.end = end,
	.columns = columns,
	.column_name = column_name,
	.value = value,
	.version = version_of,
	.migrate = migrate,
	.tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
	.keys_follow = keys_follow,
	.copy = copy,
	.forgetful = forgetful,
	.shrink = shrink,
	.check = check,
	.plan = plan,
};

static int set_up(struct sqlite *d, enum db_mode mode, struct err *err)
{
	sqlite3_busy_timeout(d->handle, DB_WAIT_MS);
	sqlite3_extended_result_codes(d->handle, 1);
	if (run_all(d, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON",
		    "preparing it", err) < 0)
		return err->code;
	if (mode == DB_READ)
		return run_all(d, "PRAGMA query_only=ON", "preparing it", err);
	/* How a file gives space back is settled before its first page. FAST: what is deleted is overwritten where its page is
	 * written anyhow. */
	return run_all(d,
		       "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA secure_delete=FAST; PRAGMA journal_mode=WAL; PRAGMA "
		       "synchronous=FULL; PRAGMA journal_size_limit=134217728;"
		       "PRAGMA cache_size=-64000; PRAGMA wal_autocheckpoint=16000",
		       "preparing it", err);
}

struct db *sqlite_open(const char *path, enum db_mode mode, struct err *err)
{
	int flags = mode == DB_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
	struct sqlite *d = must_alloc(1, sizeof(*d));

	d->db.driver = &driver;
	d->path = strdup(path);
	MUST(d->path);
	if (sqlite3_open_v2(path, &d->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		error_of(d, "opening it", err);
	else if (set_up(d, mode, err) == 0)
		return &d->db;
	db_free(&d->db);
	return NULL;
}
