/* db.c - a database, whichever it is: what both drivers share */
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "store/driver.h"
#include "store/place.h"

enum { LIMIT_SQL = 1 << 20 };

struct db *db_open(const char *place, enum db_mode mode, struct err *err)
{
	return store_is_address(place) ? postgresql_open(place, mode, err) : sqlite_open(place, mode, err);
}

void db_free(struct db *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++)
		d->driver->finish(d->kept[i]);
	d->driver->close(d);
}

enum db_engine db_engine(const struct db *d)
{
	return d->driver->engine;
}

/* The text in the engine's words. */
static void translate(const struct db *d, const char *sql, struct buf *out)
{
	struct str rest = str_of(sql);

	while (rest.n) {
		const char *const(*word)[2] = d->driver->words;

		while ((*word)[0] && !str_starts(rest, str_of((*word)[0])))
			word++;
		if ((*word)[0]) {
			buf_add(out, str_of((*word)[1]));
			rest = str_slice(rest, strlen((*word)[0]), rest.n);
		} else {
			buf_add_char(out, rest.p[0]);
			rest = str_slice(rest, 1, rest.n);
		}
	}
	MUST(!out->full);
}

int db_exec(struct db *d, const char *sql, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_SQL);

	translate(d, sql, &text);
	return d->driver->exec(d, text.p, err);
}

int db_begin(struct db *d, struct err *err)
{
	return d->driver->begin(d, err);
}

void db_set_lock(struct db *d, int64_t lock)
{
	d->driver->set_lock(d, lock);
}

int db_watch(struct db *d, struct err *err)
{
	return d->driver->watch(d, err);
}

int db_commit(struct db *d, struct err *err)
{
	return d->driver->commit(d, err);
}

void db_rollback(struct db *d)
{
	d->driver->rollback(d);
}

static struct query *prepare(struct db *d, const char *sql, bool keep, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_SQL);
	struct query *q;

	translate(d, sql, &text);
	q = d->driver->prepare(d, text.p, keep, err);
	if (q) {
		q->db = d;
		q->sql = sql;
		q->kept = keep;
	}
	return q;
}

struct query *db_query(struct db *d, const char *sql, struct err *err)
{
	struct query *q;

	for (size_t i = 0; i < d->n; i++)
		if (d->kept[i]->sql == sql)
			return d->kept[i];
	MUST(d->n < DB_KEPT);
	q = prepare(d, sql, true, err);
	if (q)
		d->kept[d->n++] = q;
	return q;
}

struct query *db_prepare(struct db *d, const char *sql, struct err *err)
{
	return prepare(d, sql, false, err);
}

void query_free(struct query *q)
{
	if (q)
		q->db->driver->finish(q);
}

struct db_arg arg_int(const char *name, int64_t value)
{
	return (struct db_arg){ .name = name, .type = DB_INT, .number = value };
}

struct db_arg arg_int_or_null(const char *name, int64_t value, bool is_value)
{
	return (struct db_arg){ .name = name, .type = is_value ? DB_INT : DB_NULL, .number = value };
}

struct db_arg arg_real(const char *name, double value)
{
	return (struct db_arg){ .name = name, .type = DB_REAL, .real = value };
}

struct db_arg arg_text(const char *name, struct str value)
{
	return (struct db_arg){ .name = name, .type = DB_TEXT, .bytes = value };
}

struct db_arg arg_text_or_null(const char *name, struct str value)
{
	return (struct db_arg){ .name = name, .type = value.n ? DB_TEXT : DB_NULL, .bytes = value };
}

struct db_arg arg_blob(const char *name, struct str value)
{
	return (struct db_arg){ .name = name, .type = DB_BYTES, .bytes = value };
}

struct db_arg arg_blob_or_null(const char *name, struct str value)
{
	return (struct db_arg){ .name = name, .type = value.n ? DB_BYTES : DB_NULL, .bytes = value };
}

struct db_arg arg_bytes(const char *name, const unsigned char *bytes, size_t n)
{
	return arg_blob(name, (struct str){ (const char *)bytes, n });
}

void db_bind(struct query *q, const struct db_arg *args)
{
	for (; args && args->name; args++)
		q->db->driver->bind(q, args);
}

struct query *db_ask(struct db *d, const char *sql, const struct db_arg *args, struct err *err)
{
	struct query *q = db_query(d, sql, err);

	if (q)
		db_bind(q, args);
	return q;
}

int db_do(struct db *d, const char *sql, const struct db_arg *args, struct err *err)
{
	struct query *q = db_ask(d, sql, args, err);

	return q ? db_run(q, err) : err->code;
}

int db_get(struct db *d, struct query **q, const char *sql, const struct db_arg *args, const char *what, struct err *err)
{
	int found;

	*q = db_ask(d, sql, args, err);
	found = *q ? db_step(*q, err) : err->code;
	return found || !what ? found : err_set(err, E_STORE, "the store lacks %s; `watchdesk verify` says what else", what);
}

int db_step(struct query *q, struct err *err)
{
	return q->db->driver->step(q, err);
}

int db_run(struct query *q, struct err *err)
{
	return q->db->driver->run(q, err);
}

void db_end(struct query *q)
{
	q->db->driver->end(q);
}

int64_t db_int(struct query *q, int column)
{
	return q->db->driver->value(q, column).number;
}

double db_real(struct query *q, int column)
{
	struct db_arg v = q->db->driver->value(q, column);

	return v.type == DB_INT ? (double)v.number : v.real;
}

struct str db_text(struct query *q, int column)
{
	return q->db->driver->value(q, column).bytes;
}

bool db_is_null(struct query *q, int column)
{
	return q->db->driver->value(q, column).type == DB_NULL;
}

enum db_type db_type(struct query *q, int column)
{
	return q->db->driver->value(q, column).type;
}

int db_columns(struct query *q)
{
	return q->db->driver->columns(q);
}

const char *db_column_name(struct query *q, int column)
{
	return q->db->driver->column_name(q, column);
}

int db_version(struct db *d, int64_t *version, struct err *err)
{
	return d->driver->version(d, version, err);
}

int db_migrate(struct db *d, const char *sql, int64_t version, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_SQL);

	translate(d, sql, &text);
	return d->driver->migrate(d, text.p, version, err);
}

int db_tables(struct db *d, struct buf *names, struct err *err)
{
	struct query *q = db_query(d, d->driver->tables, err);
	int more;

	if (!q)
		return err->code;
	while ((more = db_step(q, err)) > 0) {
		buf_add(names, db_text(q, 0));
		buf_add_char(names, '\0');
	}
	return more;
}

int db_keys_follow(struct db *d, const char *table, struct err *err)
{
	return d->driver->keys_follow(d, table, err);
}

int db_copy(struct db *d, const char *path, struct err *err)
{
	return d->driver->copy(d, path, err);
}

int db_forgetful(struct db *d, struct err *err)
{
	return d->driver->forgetful(d, err);
}

int db_shrink(struct db *d, bool whole, bool *left, struct err *err)
{
	*left = false;
	return d->driver->shrink(d, whole, left, err);
}

int db_check(struct db *d, struct err *err)
{
	return d->driver->check(d, err);
}

int db_plans(struct db *d, void (*each)(void *context, const char *sql, struct str plan), void *context, struct err *err)
{
	for (size_t i = 0, n = d->n; i < n; i++) {
		AUTO(buf) plan = BUF_INIT(1 << 16);

		if (d->driver->plan(d->kept[i], &plan, err) < 0)
			return err_at(err, "%s", d->kept[i]->sql);
		each(context, d->kept[i]->sql, buf_str(&plan));
	}
	return 0;
}
