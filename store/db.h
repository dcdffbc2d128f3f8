/* db.h - a database, whichever it is: statements with named parameters, transactions, classes of errors */
/* Runs in: writer, indexer, verbs. Only store/ includes it; a driver alone knows its engine (driver.h). */
/*
 * SQL is written once, for SQLite 3.40 and PostgreSQL 15. What they do not share has a name of ours:
 *   $ID            a table's integer key, given out by the engine
 *   $INT $REAL $TEXT $BYTES    64 bits, double, UTF-8 compared by its bytes, bytes
 *   $SKIP_LOCKED   behind a SELECT: leave out rows that another host is taking
 * Truth values are 0 and 1. An old value in ON CONFLICT DO UPDATE is written table.column. New keys come by RETURNING.
 */
#ifndef WATCHDESK_STORE_DB_H
#define WATCHDESK_STORE_DB_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct db;
/* A statement being used. It belongs to the database, which keeps it prepared. */
struct query;

enum db_mode {
	DB_READ,   /* must exist; never written */
	DB_WRITE,  /* must exist */
	DB_CREATE, /* made when absent */
};

enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BYTES };

/* A parameter and its value. Lists of them end with a row without a name. */
struct db_arg {
	const char *name; /* ":post" */
	enum db_type type;
	int64_t number;
	double real;
	struct str bytes;
};

enum db_engine { DB_SQLITE, DB_POSTGRESQL };

enum { DB_WAIT_MS = 10000 }; /* a verb beside a running monitor waits its turn for so long */

/* Open a file (SQLite) or postgresql://... E_BUSY, E_IO, E_FULL, E_NET or E_STORE with a sentence that names no password. */
struct db *db_open(const char *place, enum db_mode mode, struct err *err);
void db_free(struct db *d);
AUTO_FREES(db)
enum db_engine db_engine(const struct db *d);
/* Run statements without parameters. */
int db_exec(struct db *d, const char *sql, struct err *err);
/*
 * A write transaction. One at a time for each lock: SQLite has one for the file, PostgreSQL one for each number given to
 * db_set_lock(). Taking its place in the queue of writers may wait DB_WAIT_MS.
 */
int db_begin(struct db *d, struct err *err);
void db_set_lock(struct db *d, int64_t lock);
/* Be the only one that watches with this database until it is closed: 1, 0 when somebody does already. A file has its folder.
 */
int db_watch(struct db *d, struct err *err);
/* Durable when it returns 0. On an error nothing was committed and the transaction is over. */
int db_commit(struct db *d, struct err *err);
void db_rollback(struct db *d);

/*
 * Ready `sql` for use; parameters are written :name. Prepared once for each text: pass literals. A statement in use must be
 * ended by db_end() or by stepping until 0. NULL and `err` when it does not compile or the database is not sound.
 */
struct query *db_query(struct db *d, const char *sql, struct err *err);
/* The same for a text made at run time: prepared anew each time, the caller's to free. */
struct query *db_prepare(struct db *d, const char *sql, struct err *err);
void query_free(struct query *q);
AUTO_FREES(query)
/* Values for parameters. Bytes are borrowed until the statement ends. An empty blob of arg_blob_or_null() is NULL. */
struct db_arg arg_int(const char *name, int64_t value);
struct db_arg arg_int_or_null(const char *name, int64_t value, bool is_value);
struct db_arg arg_real(const char *name, double value);
struct db_arg arg_text(const char *name, struct str value);
struct db_arg arg_text_or_null(const char *name, struct str value);
struct db_arg arg_blob(const char *name, struct str value);
struct db_arg arg_blob_or_null(const char *name, struct str value);
struct db_arg arg_bytes(const char *name, const unsigned char *bytes, size_t n);
#define ARGS(...) ((const struct db_arg[]){ __VA_ARGS__, { 0 } })
void db_bind(struct query *q, const struct db_arg *args);
/* db_query() and db_bind() in one: a statement ready to be stepped. */
struct query *db_ask(struct db *d, const char *sql, const struct db_arg *args, struct err *err);
/* db_ask() and db_run() in one, for statements that answer nothing. */
int db_do(struct db *d, const char *sql, const struct db_arg *args, struct err *err);
/*
 * db_ask() and one step: 1 with *q holding the row, to be ended by db_end(); 0 when there is none. When `what` is not NULL
 * there must be one: E_STORE saying that it is missing.
 */
int db_get(struct db *d, struct query **q, const char *sql, const struct db_arg *args, const char *what, struct err *err);
/* The next row: 1; 0 when there are no more, or nothing to return, and the statement has ended. */
int db_step(struct query *q, struct err *err);
/*
 * Run to the end, ignoring rows. PostgreSQL is told at once and asked later: an error may be reported by a later call of the
 * same transaction, at the latest by its commit.
 */
int db_run(struct query *q, struct err *err);
void db_end(struct query *q);

/* Columns of the row, from 0; bytes are borrowed until the next step. NULL reads as 0 or empty. */
int64_t db_int(struct query *q, int column);
double db_real(struct query *q, int column);
struct str db_text(struct query *q, int column);
bool db_is_null(struct query *q, int column);
/* What the row holds, for copying rows that nobody interprets. Names are borrowed until the statement ends. */
int db_columns(struct query *q);
enum db_type db_type(struct query *q, int column);
const char *db_column_name(struct query *q, int column);

/* Which migration was the last: 0 for an empty database. Apply the next; it and its number are one transaction. */
int db_version(struct db *d, int64_t *version, struct err *err);
int db_migrate(struct db *d, const char *sql, int64_t version, struct err *err);
/* Names of the tables, sorted, each ended by NUL. */
int db_tables(struct db *d, struct buf *names, struct err *err);
/* After rows were inserted with keys of their own: the next key that the engine gives out is above them. */
int db_keys_follow(struct db *d, const char *table, struct err *err);
/* A consistent copy of an SQLite database into the new file `path`, beside whoever writes. E_USAGE for PostgreSQL. */
int db_copy(struct db *d, const char *path, struct err *err);
/* From here on what this connection deletes is overwritten. PostgreSQL overwrites a row's place when it is used again. */
int db_forgetful(struct db *d, struct err *err);
/*
 * Give free space back, in short steps beside whoever writes, and cut the log: *left is true when others kept the log from
 * being cut. `whole` writes the database anew (nobody else gets at it meanwhile): an SQLite file that was made without
 * auto_vacuum gets it so. Outside a transaction.
 */
int db_shrink(struct db *d, bool whole, bool *left, struct err *err);
/* Check the whole database: 0 when sound, E_STORE naming the first damage. */
int db_check(struct db *d, struct err *err);
/* How the engine means to run each statement prepared so far: for tests that hold each query to its index. */
int db_plans(struct db *d, void (*each)(void *context, const char *sql, struct str plan), void *context, struct err *err);

#endif
