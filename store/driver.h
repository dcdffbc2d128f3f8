/* driver.h - what db.c asks of a driver, and what drivers may use */
/* Runs in: writer, indexer, verbs. Only db.c and the drivers include it. */
#ifndef WATCHDESK_STORE_DRIVER_H
#define WATCHDESK_STORE_DRIVER_H

#include "store/db.h"

enum { DB_KEPT = 512 }; /* prepared statements; the program has fewer */

/* Each driver's own structs begin with these. */
struct query {
	struct db *db;
	const char *sql; /* as the caller wrote it; for kept ones a literal: its address is its name */
	bool kept;
};

struct db {
	const struct db_driver *driver;
	struct query *kept[DB_KEPT];
	size_t n;
};

struct db_driver {
	enum db_engine engine;
	const char *const (*words)[2]; /* a name of ours and what the engine calls it, ended by NULL */
	void (*close)(struct db *d);
	int (*exec)(struct db *d, const char *sql, struct err *err);
	int (*begin)(struct db *d, struct err *err);
	void (*set_lock)(struct db *d, int64_t lock);
	int (*watch)(struct db *d, struct err *err);
	int (*commit)(struct db *d, struct err *err);
	void (*rollback)(struct db *d);
	struct query *(*prepare)(struct db *d, const char *sql, bool keep, struct err *err); /* sql in the engine's words */
	void (*finish)(struct query *q);
	void (*bind)(struct query *q, const struct db_arg *arg);
	int (*step)(struct query *q, struct err *err);
	int (*run)(struct query *q, struct err *err);
	void (*end)(struct query *q);
	int (*columns)(struct query *q);
	const char *(*column_name)(struct query *q, int column);
	struct db_arg (*value)(struct query *q, int column);
	int (*version)(struct db *d, int64_t *version, struct err *err);
	int (*migrate)(struct db *d, const char *sql, int64_t version, struct err *err);
	const char *tables; /* a statement that names them */
	int (*keys_follow)(struct db *d, const char *table, struct err *err);
	int (*copy)(struct db *d, const char *path, struct err *err);
	int (*forgetful)(struct db *d, struct err *err);
	int (*shrink)(struct db *d, bool whole, bool *left, struct err *err);
	int (*check)(struct db *d, struct err *err);
	int (*plan)(struct query *q, struct buf *out, struct err *err);
};

/* The drivers. */
struct db *sqlite_open(const char *path, enum db_mode mode, struct err *err);
struct db *postgresql_open(const char *address, enum db_mode mode, struct err *err);

#endif
