/* db.h - a database, whichever it is: statements with named parameters, transactions, classes of errors */
/* Runs in: writer, indexer, verbs. Only store/ includes it; the driver alone knows the engine. */
#ifndef WATCHDESK_STORE_DB_H
#define WATCHDESK_STORE_DB_H

#include "base/auto.h"
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

enum { DB_WAIT_MS = 10000 }; /* a verb beside a running monitor waits its turn for so long */

/* Open a database file. E_BUSY, E_IO, E_FULL or E_STORE with a sentence. */
struct db *db_open(const char *path, enum db_mode mode, struct err *err);
void db_free(struct db *d);
AUTO_FREES(db)
/* Run statements without parameters. */
int db_exec(struct db *d, const char *sql, struct err *err);
/* A write transaction; taking its place in the queue of writers may wait DB_WAIT_MS. */
int db_begin(struct db *d, struct err *err);
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
/* Give values to parameters. Bytes are borrowed until the statement ends. */
void db_bind_int(struct query *q, const char *name, int64_t value);
void db_bind_real(struct query *q, const char *name, double value);
void db_bind_text(struct query *q, const char *name, struct str value);
void db_bind_blob(struct query *q, const char *name, struct str value);
void db_bind_null(struct query *q, const char *name);
/* The next row: 1; 0 when there are no more, or nothing to return, and the statement has ended. */
int db_step(struct query *q, struct err *err);
/* Run to the end, ignoring rows. */
int db_run(struct query *q, struct err *err);
void db_end(struct query *q);
/* Columns of the row, from 0; bytes are borrowed until the next step. */
int64_t db_int(struct query *q, int column);
double db_real(struct query *q, int column);
struct str db_text(struct query *q, int column);
bool db_is_null(struct query *q, int column);
/* Rows that the last statement changed, and the key of the last row inserted. */
int64_t db_changed(struct db *d);
int64_t db_last_id(struct db *d);
/* Check the whole file: 0 when sound, E_STORE naming the first damage. */
int db_check(struct db *d, struct err *err);

#endif
