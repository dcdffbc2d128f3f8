/* db_sqlite.c - the SQLite driver of db.h: WAL, synchronous=FULL, foreign keys on */
#include "store/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum { KEPT = 128 }; /* prepared statements; the program has fewer */

struct query {
	struct db *db;
	const char *sql; /* a literal: its address is its name */
	sqlite3_stmt *statement;
};

struct db {
	sqlite3 *handle;
	char *path;
	struct query queries[KEPT];
	size_t n;
};

/* The sentence and class of what SQLite says. */
static int db_error(struct db *d, const char *doing, struct err *err)
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

static int set_up(struct db *d, enum db_mode mode, struct err *err)
{
	sqlite3_busy_timeout(d->handle, DB_WAIT_MS);
	sqlite3_extended_result_codes(d->handle, 1);
	if (db_exec(d, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON",
		    err) < 0)
		return err->code;
	if (mode == DB_READ)
		return db_exec(d, "PRAGMA query_only=ON", err);
	return db_exec(d,
		       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA "
		       "cache_size=-16000",
		       err);
}

struct db *db_open(const char *path, enum db_mode mode, struct err *err)
{
	int flags = mode == DB_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
	struct db *d = must_alloc(1, sizeof(*d));

	d->path = strdup(path);
	MUST(d->path);
	if (sqlite3_open_v2(path, &d->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		db_error(d, "opening it", err);
		db_free(d);
		return NULL;
	}
	if (set_up(d, mode, err) < 0) {
		db_free(d);
		return NULL;
	}
	return d;
}

void db_free(struct db *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++)
		sqlite3_finalize(d->queries[i].statement);
	sqlite3_close(d->handle);
	free(d->path);
	free(d);
}

int db_exec(struct db *d, const char *sql, struct err *err)
{
	return sqlite3_exec(d->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_error(d, "preparing it", err);
}

int db_begin(struct db *d, struct err *err)
{
	return sqlite3_exec(d->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : db_error(d, "waiting for its turn", err);
}

int db_commit(struct db *d, struct err *err)
{
	int code;

	if (sqlite3_exec(d->handle, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	code = db_error(d, "committing", err);
	db_rollback(d);
	return code;
}

void db_rollback(struct db *d)
{
	for (size_t i = 0; i < d->n; i++)
		sqlite3_reset(d->queries[i].statement);
	if (!sqlite3_get_autocommit(d->handle))
		sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
}

struct query *db_query(struct db *d, const char *sql, struct err *err)
{
	struct query *q;

	for (size_t i = 0; i < d->n; i++)
		if (d->queries[i].sql == sql)
			return &d->queries[i];
	MUST(d->n < KEPT);
	q = &d->queries[d->n];
	*q = (struct query){ .db = d, .sql = sql };
	if (sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->statement, NULL) != SQLITE_OK) {
		db_error(d, "reading its schema", err);
		return NULL;
	}
	d->n++;
	return q;
}

struct query *db_prepare(struct db *d, const char *sql, struct err *err)
{
	struct query *q = must_alloc(1, sizeof(*q));

	q->db = d;
	if (sqlite3_prepare_v2(d->handle, sql, -1, &q->statement, NULL) == SQLITE_OK)
		return q;
	db_error(d, "reading its schema", err);
	free(q);
	return NULL;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	sqlite3_finalize(q->statement);
	free(q);
}

static int parameter(struct query *q, const char *name)
{
	int at = sqlite3_bind_parameter_index(q->statement, name);

	MUST(at > 0);
	return at;
}

void db_bind_int(struct query *q, const char *name, int64_t value)
{
	sqlite3_bind_int64(q->statement, parameter(q, name), value);
}

void db_bind_real(struct query *q, const char *name, double value)
{
	sqlite3_bind_double(q->statement, parameter(q, name), value);
}

void db_bind_text(struct query *q, const char *name, struct str value)
{
	sqlite3_bind_text64(q->statement, parameter(q, name), value.n ? value.p : "", value.n, SQLITE_STATIC, SQLITE_UTF8);
}

void db_bind_blob(struct query *q, const char *name, struct str value)
{
	sqlite3_bind_blob64(q->statement, parameter(q, name), value.n ? value.p : "", value.n, SQLITE_STATIC);
}

void db_bind_null(struct query *q, const char *name)
{
	sqlite3_bind_null(q->statement, parameter(q, name));
}

int db_step(struct query *q, struct err *err)
{
	int result = sqlite3_step(q->statement);

	if (result == SQLITE_ROW)
		return 1;
	if (result != SQLITE_DONE) {
		int code = db_error(q->db, "using it", err);

		db_end(q);
		return code;
	}
	db_end(q);
	return 0;
}

int db_run(struct query *q, struct err *err)
{
	int result;

	do
		result = db_step(q, err);
	while (result > 0);
	return result;
}

void db_end(struct query *q)
{
	sqlite3_reset(q->statement);
	sqlite3_clear_bindings(q->statement);
}

int64_t db_int(struct query *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

double db_real(struct query *q, int column)
{
	return sqlite3_column_double(q->statement, column);
}

struct str db_text(struct query *q, int column)
{
	const char *p = sqlite3_column_blob(q->statement, column);

	return (struct str){ p, (size_t)sqlite3_column_bytes(q->statement, column) };
}

bool db_is_null(struct query *q, int column)
{
	return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

int64_t db_changed(struct db *d)
{
	return sqlite3_changes64(d->handle);
}

int64_t db_last_id(struct db *d)
{
	return sqlite3_last_insert_rowid(d->handle);
}

int db_check(struct db *d, struct err *err)
{
	struct query *q = db_query(d, "PRAGMA integrity_check(1)", err);
	int result = q ? db_step(q, err) : err->code;

	if (result <= 0)
		return result < 0 ? result : err_set(err, E_STORE, "%s: the integrity check gave no answer", d->path);
	if (!str_eq(db_text(q, 0), STR("ok")))
		result = err_set(err, E_STORE, "%s: damaged: %.*s; restore a copy", d->path, STR_ARG(db_text(q, 0)));
	else
		result = 0;
	db_end(q);
	if (result < 0)
		return result;
	q = db_query(d, "PRAGMA foreign_key_check", err);
	result = q ? db_step(q, err) : err->code;
	if (result > 0) {
		result = err_set(err, E_STORE, "%s: a row of %.*s points to a row that is not there; restore a copy", d->path,
				 STR_ARG(db_text(q, 0)));
		db_end(q);
	}
	return result;
}
