/* db_postgresql.c - the PostgreSQL driver of db.h */
/*
 * The connection is in pipeline mode: a statement that answers nothing is sent and asked about later, together with the next
 * one that does, or at the commit. Values travel in binary.
 */
#include "store/driver.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum {
	LIMIT_NAMES = 48,	/* different parameters of one statement */
	LIMIT_PENDING = 200,	/* statements sent and not asked about: their answers fit into a socket's buffer */
	SCHEMA_LOCK = 20141124, /* whoever migrates */
	WATCH_LOCK = 20141126,	/* whoever watches */
};

/* The types that our columns have, by PostgreSQL's own numbers (pg_type.dat; they never change). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_FLOAT8 = 701,
	OID_VARCHAR = 1043
};

struct pg_query {
	struct query query;
	char *sql; /* with $1, $2 ... */
	char *names[LIMIT_NAMES];
	int n_names;
	struct db_arg values[LIMIT_NAMES];
	char label[16]; /* prepared under this name; empty while it is not */
	PGresult *result;
	int row; /* the next; -1 while it does not run */
};

struct pg {
	struct db db;
	PGconn *link;
	char *place; /* for sentences: without a password */
	int64_t lock;
	int pending, labels;
	bool open;	   /* a transaction is */
	struct err failed; /* of a statement that was sent before */
};

static struct pg *its(struct db *d)
{
	return (struct pg *)d;
}

static struct pg_query *own(struct query *q)
{
	return (struct pg_query *)q;
}

/* Classes of SQLSTATE (PostgreSQL's appendix A), the most specific first. */
static const struct {
	const char *state;
	int code;
	const char *advice;
} classes[] = {
	{ "55P03", E_BUSY, "another process has held the store; try again, or see what it is doing" },
	{ "40", E_BUSY, "another process was in the way; try again" },
	{ "57014", E_BUSY, "it took too long; try again" },
	{ "53100", E_FULL, "the disk is full; free some space, nothing committed was lost" },
	{ "53", E_BUSY, "the server is out of resources; try again later" },
	{ "57P", E_IO, "the server is shutting down; start it again" },
	{ "08", E_IO, "the connection was lost; nothing committed was lost" },
	{ "58", E_IO, "the server's disk fails" },
	{ "XX001", E_STORE, "the database is damaged; restore a copy" },
	{ "XX002", E_STORE, "the database is damaged; restore a copy" },
	{ "42501", E_STORE, "the role may not do that; grant it the schema" },
	{ "28", E_STORE, "the server does not let us in; check user and password in the address" },
	{ "3D000", E_STORE, "there is no such database; `createdb` makes one" },
	{ "", E_STORE, "see the server's log" },
};

/* The first line of what the server says, without its end. */
static struct str first_line(const char *text)
{
	struct str rest = str_of(text ? text : "no answer"), line = rest;

	str_split(&rest, '\n', &line);
	return str_trim(line);
}

static int error_is(struct pg *d, const char *state, const char *text, const char *doing, struct err *err)
{
	struct str line = first_line(text);
	size_t i = 0;

	if (!state || !*state)
		state = PQstatus(d->link) == CONNECTION_BAD ? "08" : "XX";
	while (!str_starts(str_of(state), str_of(classes[i].state)))
		i++;
	return err_set(err, classes[i].code, "%s: %.*s while %s: %s", d->place, (int)(line.n < 200 ? line.n : 200), line.p,
		       doing, classes[i].advice);
}

static int error_of(struct pg *d, const PGresult *r, const char *doing, struct err *err)
{
	return error_is(d, r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL,
			r ? PQresultErrorMessage(r) : PQerrorMessage(d->link), doing, err);
}

/* Read the answers up to the mark that was sent last. The last statement's goes to *last when that is wanted. */
static int settle(struct pg *d, PGresult **last, struct err *err)
{
	PGresult *kept = NULL;
	int nothing = 0;

	if (!PQpipelineSync(d->link))
		return error_of(d, NULL, "talking to it", err);
	while (nothing < 2) { /* one nothing ends a statement's results, two would mean that the link is gone */
		PGresult *r = PQgetResult(d->link);
		ExecStatusType status = r ? PQresultStatus(r) : PGRES_EMPTY_QUERY;

		if (!r) {
			nothing++;
			continue;
		}
		nothing = 0;
		if (status == PGRES_PIPELINE_SYNC) {
			PQclear(r);
			break;
		}
		if (status == PGRES_FATAL_ERROR && !d->failed.code)
			error_of(d, r, "using it", &d->failed);
		PQclear(kept);
		kept = r;
	}
	d->pending = 0;
	if (nothing >= 2 && !d->failed.code)
		error_of(d, NULL, "talking to it", &d->failed);
	if (last && !d->failed.code)
		*last = kept;
	else
		PQclear(kept);
	if (!d->failed.code)
		return 0;
	*err = d->failed;
	if (!d->open)
		d->failed.code = 0;
	return err->code;
}

/* Statements without parameters, several at once: outside the pipeline. */
static int exec(struct db *db, const char *sql, struct err *err)
{
	struct pg *d = its(db);
	PGresult *r;
	int code = 0;

	if (settle(d, NULL, err) < 0)
		return err->code;
	if (!PQexitPipelineMode(d->link))
		return error_of(d, NULL, "talking to it", err);
	r = PQexec(d->link, sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		code = error_of(d, r, "preparing it", err);
	PQclear(r);
	PQenterPipelineMode(d->link);
	return code;
}

static void rollback(struct db *db)
{
	struct err ignored = { 0 };

	for (size_t i = 0; i < db->n; i++)
		db->driver->end(db->kept[i]);
	if (its(db)->open) {
		settle(its(db), NULL, &ignored);
		its(db)->open = false;
		its(db)->failed.code = 0;
		exec(db, "ROLLBACK", &ignored);
	}
	its(db)->failed.code = 0;
}

static int begin_with(struct db *db, int64_t lock, struct err *err)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "BEGIN; SELECT pg_advisory_xact_lock(%lld)", (long long)lock);
	its(db)->open = true;
	if (exec(db, sql, err) == 0)
		return 0;
	rollback(db);
	return err->code;
}

static int begin(struct db *db, struct err *err)
{
	return begin_with(db, its(db)->lock, err);
}

static void set_lock(struct db *db, int64_t lock)
{
	its(db)->lock = lock;
}

static int watch(struct db *db, struct err *err)
{
	struct query *q;
	int result = db_get(db, &q, "SELECT pg_try_advisory_lock(:lock)", ARGS(arg_int(":lock", WATCH_LOCK)), "an answer", err);

	if (result < 0)
		return result;
	result = db_int(q, 0) != 0;
	db_end(q);
	return result;
}

static int commit(struct db *db, struct err *err)
{
	if (settle(its(db), NULL, err) < 0 || exec(db, "COMMIT", err) < 0) {
		rollback(db);
		return err->code;
	}
	its(db)->open = false;
	return 0;
}

/* The parameter called `name`, with its colon: its place, made when it is new. */
static int parameter(struct pg_query *q, struct str name, bool make)
{
	for (int i = 0; i < q->n_names; i++)
		if (str_eq(str_of(q->names[i]), name))
			return i;
	MUST(make && q->n_names < LIMIT_NAMES);
	q->names[q->n_names] = strndup(name.p, name.n);
	MUST(q->names[q->n_names]);
	return q->n_names++;
}

/* :name becomes $1, but not inside '...'. */
static void number_parameters(struct pg_query *q, const char *sql, struct buf *out)
{
	bool quoted = false;

	for (const char *p = sql; *p; p++) {
		size_t n = 1;

		quoted ^= *p == '\'';
		while (p[n] == '_' || (p[n] >= 'a' && p[n] <= 'z') || (p[n] >= '0' && p[n] <= '9'))
			n++;
		if (*p == ':' && !quoted && n > 1) {
			buf_printf(out, "$%d", parameter(q, (struct str){ p, n }, true) + 1);
			p += n - 1;
		} else {
			buf_add_char(out, *p);
		}
	}
}

static void finish(struct query *query)
{
	struct pg_query *q = own(query);

	PQclear(q->result);
	for (int i = 0; i < q->n_names; i++)
		free(q->names[i]);
	free(q->sql);
	free(q);
}

static struct query *prepare(struct db *db, const char *sql, bool keep, struct err *err)
{
	AUTO(buf) numbered = BUF_INIT(1 << 20);
	struct pg_query *q = must_alloc(1, sizeof(*q));

	(void)db, (void)keep, (void)err; /* what is wrong with it shows when it first runs and its types are known */
	number_parameters(q, sql, &numbered);
	q->sql = strndup(numbered.p, numbered.n);
	MUST(q->sql);
	q->row = -1;
	return &q->query;
}

static void bind(struct query *q, const struct db_arg *arg)
{
	own(q)->values[parameter(own(q), str_of(arg->name), false)] = *arg;
}

static void end(struct query *query)
{
	struct pg_query *q = own(query);

	PQclear(q->result);
	q->result = NULL;
	q->row = -1;
	memset(q->values, 0, sizeof(q->values));
}

/* The values of one execution as libpq wants them. */
struct wire {
	Oid types[LIMIT_NAMES];
	const char *values[LIMIT_NAMES];
	int lengths[LIMIT_NAMES], formats[LIMIT_NAMES];
	uint64_t numbers[LIMIT_NAMES];
};

static void wire_fill(const struct pg_query *q, struct wire *w)
{
	static const Oid types[] = {
		[DB_NULL] = 0, [DB_INT] = OID_INT8, [DB_REAL] = OID_FLOAT8, [DB_TEXT] = OID_TEXT, [DB_BYTES] = OID_BYTEA
	};

	for (int i = 0; i < q->n_names; i++) {
		const struct db_arg *v = &q->values[i];

		w->types[i] = types[v->type];
		w->formats[i] = 1;
		w->values[i] = v->type == DB_NULL ? NULL : v->bytes.n ? v->bytes.p : "";
		w->lengths[i] = (int)v->bytes.n;
		if (v->type != DB_INT && v->type != DB_REAL)
			continue;
		memcpy(&w->numbers[i], v->type == DB_INT ? (const void *)&v->number : &v->real, sizeof(w->numbers[i]));
		w->numbers[i] = htobe64(w->numbers[i]);
		w->values[i] = (const char *)&w->numbers[i];
		w->lengths[i] = sizeof(w->numbers[i]);
	}
}

/* Send it; a kept one is prepared when it first runs, for then the types of its parameters are known. */
static int send_it(struct pg *d, struct pg_query *q, struct err *err)
{
	struct wire w;
	int sent;

	if (d->failed.code) {
		*err = d->failed;
		return err->code;
	}
	if (d->pending >= LIMIT_PENDING && settle(d, NULL, err) < 0)
		return err->code;
	wire_fill(q, &w);
	if (q->query.kept && !q->label[0]) {
		snprintf(q->label, sizeof(q->label), "s%d", d->labels++);
		if (!PQsendPrepare(d->link, q->label, q->sql, q->n_names, w.types))
			return error_of(d, NULL, "talking to it", err);
	}
	sent = q->query.kept ? PQsendQueryPrepared(d->link, q->label, q->n_names, w.values, w.lengths, w.formats, 1)
			     : PQsendQueryParams(d->link, q->sql, q->n_names, w.types, w.values, w.lengths, w.formats, 1);
	d->pending++;
	return sent ? 0 : error_of(d, NULL, "talking to it", err);
}

static int step(struct query *query, struct err *err)
{
	struct pg_query *q = own(query);
	struct pg *d = its(query->db);

	if (q->row < 0) {
		if (send_it(d, q, err) < 0 || settle(d, &q->result, err) < 0) {
			if (!d->open)
				q->label[0] = '\0'; /* it may never have been prepared */
			end(query);
			return err->code;
		}
		q->row = 0;
	}
	if (q->row < PQntuples(q->result)) {
		q->row++;
		return 1;
	}
	end(query);
	return 0;
}

static int run(struct query *query, struct err *err)
{
	struct pg *d = its(query->db);
	int code = send_it(d, own(query), err);

	if (code == 0 && !d->open)
		code = settle(d, NULL, err);
	end(query);
	return code;
}

static int columns(struct query *q)
{
	return PQnfields(own(q)->result);
}

static const char *column_name(struct query *q, int column)
{
	return PQfname(own(q)->result, column);
}

static struct db_arg value(struct query *query, int column)
{
	const struct pg_query *q = own(query);
	const char *p = PQgetvalue(q->result, q->row - 1, column);
	struct db_arg v = { .bytes = { p, (size_t)PQgetlength(q->result, q->row - 1, column) } };
	uint64_t wide = 0;
	uint32_t narrow = 0;

	if (PQgetisnull(q->result, q->row - 1, column))
		return (struct db_arg){ .type = DB_NULL };
	switch (PQftype(q->result, column)) {
	case OID_INT8:
	case OID_FLOAT8:
		memcpy(&wide, p, sizeof(wide));
		wide = be64toh(wide);
		v.type = PQftype(q->result, column) == OID_INT8 ? DB_INT : DB_REAL;
		memcpy(v.type == DB_INT ? (void *)&v.number : &v.real, &wide, sizeof(wide));
		v.bytes = (struct str){ 0 };
		break;
	case OID_INT4:
		memcpy(&narrow, p, sizeof(narrow));
		v = (struct db_arg){ .type = DB_INT, .number = (int32_t)be32toh(narrow) };
		break;
	case OID_BOOL:
		v = (struct db_arg){ .type = DB_INT, .number = *p != 0 };
		break;
	case OID_BYTEA:
		v.type = DB_BYTES;
		break;
	default:
		v.type = DB_TEXT;
	}
	return v;
}

static int version_of(struct db *db, int64_t *version, struct err *err)
{
	struct query *q;
	int found = db_get(db, &q,
			   "SELECT count(*) FROM pg_class WHERE relname = 'schema_version'"
			   " AND relnamespace = to_regnamespace(current_schema())",
			   NULL, "an answer", err);
	bool there;

	if (found < 0)
		return found;
	there = db_int(q, 0) != 0;
	db_end(q);
	*version = 0;
	if (!there)
		return 0;
	found = db_get(db, &q, "SELECT version FROM schema_version", NULL, NULL, err);
	if (found <= 0)
		return found;
	*version = db_int(q, 0);
	db_end(q);
	return 0;
}

static int migrate_locked(struct db *db, const char *sql, int64_t version, struct err *err)
{
	char number[192];
	int64_t now;

	if (version_of(db, &now, err) < 0)
		return err->code;
	if (now >= version) /* another host came first */
		return 0;
	snprintf(number, sizeof(number),
		 "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL); DELETE FROM schema_version;"
		 "INSERT INTO schema_version VALUES (%lld)",
		 (long long)version);
	return exec(db, sql, err) < 0 || exec(db, number, err) < 0 ? err->code : 0;
}

static int migrate(struct db *db, const char *sql, int64_t version, struct err *err)
{
	if (begin_with(db, SCHEMA_LOCK, err) < 0)
		return err->code;
	if (migrate_locked(db, sql, version, err) < 0) {
		rollback(db);
		return err->code;
	}
	return commit(db, err);
}

/* Only a table's own name comes here; it is quoted all the same. */
static int keys_follow(struct db *db, const char *table, struct err *err)
{
	AUTO(buf) sql = BUF_INIT(1024);
	char *name = PQescapeIdentifier(its(db)->link, table, strlen(table));

	MUST(name);
	buf_printf(&sql,
		   "SELECT setval(pg_get_serial_sequence('%s', 'id'), greatest((SELECT max(id) FROM %s), 1))"
		   " WHERE EXISTS (SELECT 1 FROM %s)",
		   name, name, name);
	PQfreemem(name);
	return exec(db, sql.p, err);
}

static int copy(struct db *db, const char *path, struct err *err)
{
	(void)path;
	return err_set(err, E_USAGE, "%s: a PostgreSQL database is not copied as a file; use `watchdesk store copy`",
		       its(db)->place);
}

/* Rows are checked by `verify`; the server checks its own pages as it reads them. Here: is each table readable, no key
 * dangling? */
static int forgetful(struct db *db, struct err *err)
{
	(void)db, (void)err;
	return 0;
}

static int shrink(struct db *db, bool whole, bool *left, struct err *err)
{
	(void)left;
	return exec(db, whole ? "VACUUM (FULL)" : "VACUUM", err);
}

static int check(struct db *db, struct err *err)
{
	AUTO(buf) names = BUF_INIT(1 << 16);
	struct str rest, name;

	if (db_tables(db, &names, err) < 0)
		return err->code;
	rest = buf_str(&names);
	while (str_split(&rest, '\0', &name)) {
		AUTO(buf) sql = BUF_INIT(256);

		if (!name.n)
			continue;
		buf_printf(&sql, "SELECT count(*) FROM (SELECT * FROM %.*s OFFSET 0) AS all_of_it", STR_ARG(name));
		if (exec(db, sql.p, err) < 0)
			return err_at(err, "table %.*s", STR_ARG(name));
	}
	return 0;
}

/* With NULL for each parameter and no plan made for those: as a kept statement is planned in the long run. */
static int plan(struct query *query, struct buf *out, struct err *err)
{
	struct pg_query *q = own(query);
	AUTO(buf) sql = BUF_INIT(1024);
	PGresult *r;

	if (!q->label[0])
		return 0;
	buf_printf(&sql, "EXPLAIN EXECUTE %s%s", q->label, q->n_names ? "(" : "");
	for (int i = 0; i < q->n_names; i++)
		buf_printf(&sql, "%sNULL", i ? ", " : "");
	buf_printf(&sql, "%s", q->n_names ? ")" : "");
	if (settle(its(query->db), NULL, err) < 0)
		return err->code;
	if (!str_starts(str_of(q->sql), STR("SELECT")) && !str_starts(str_of(q->sql), STR("INSERT")) &&
	    !str_starts(str_of(q->sql), STR("UPDATE")) && !str_starts(str_of(q->sql), STR("DELETE")))
		return 0;
	if (exec(query->db, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off", err) < 0)
		return err->code;
	PQexitPipelineMode(its(query->db)->link);
	r = PQexec(its(query->db)->link, sql.p);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		error_of(its(query->db), r, "explaining", err);
	for (int i = 0; i < PQntuples(r); i++)
		buf_printf(out, "%s\n", PQgetvalue(r, i, 0));
	PQclear(r);
	PQenterPipelineMode(its(query->db)->link);
	return out->n ? 0 : err->code;
}

static void close_it(struct db *db)
{
	PQfinish(its(db)->link);
	free(its(db)->place);
	free(db);
}

static const char *const words[][2] = {
	{ "$ID", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY" },
	{ "$INT", "BIGINT" },
	{ "$REAL", "DOUBLE PRECISION" },
	{ "$TEXT", "TEXT COLLATE \"C\"" },
	{ "$BYTES", "BYTEA" },
	{ "$SKIP_LOCKED", "FOR UPDATE SKIP LOCKED" },
	{ NULL, NULL },
};

static const struct db_driver driver = {
	.engine = DB_POSTGRESQL,
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
	.tables = "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
		  "to_regnamespace(current_schema())"
		  " AND relname <> 'schema_version' AND relname NOT LIKE 'search\\_%' ORDER BY relname COLLATE \"C\"",
	.keys_follow = keys_follow,
	.copy = copy,
	.forgetful = forgetful,
	.shrink = shrink,
	.check = check,
	.plan = plan,
};

/* The address without user, password and options: what may be shown. */
static char *place_of(PGconn *link)
{
	AUTO(buf) out = BUF_INIT(1024);
	const char *host = PQhost(link), *database = PQdb(link);

	buf_printf(&out, "postgresql://%s%s%s/%s", host && *host != '/' ? host : "", host && *host != '/' ? ":" : "",
		   host && *host != '/' ? PQport(link) : "", database ? database : "");
	return strdup(out.p ? out.p : "postgresql://");
}

static void ignore_notice(void *context, const char *text)
{
	(void)context, (void)text; /* "relation exists already", skipping: nobody needs to read it */
}

static int set_up(struct pg *d, enum db_mode mode, struct err *err)
{
	char sql[256];

	if (PQstatus(d->link) != CONNECTION_OK)
		return error_is(d, "08", PQerrorMessage(d->link), "connecting", err);
	if (PQserverVersion(d->link) < 130000)
		return err_set(err, E_STORE, "%s: the server is PostgreSQL %d, expected 13 or newer", d->place,
			       PQserverVersion(d->link) / 10000);
	PQsetNoticeProcessor(d->link, ignore_notice, NULL);
	if (!PQenterPipelineMode(d->link))
		return error_of(d, NULL, "connecting", err);
	snprintf(sql, sizeof(sql),
		 "SET client_encoding = 'UTF8'; SET lock_timeout = %d; SET synchronous_commit = on;"
		 "SET default_transaction_read_only = %s; SET bytea_output = 'hex'",
		 DB_WAIT_MS, mode == DB_READ ? "on" : "off");
	return exec(&d->db, sql, err);
}

struct db *postgresql_open(const char *address, enum db_mode mode, struct err *err)
{
	static const char *const names[] = { "dbname", "application_name", "connect_timeout", NULL };
	const char *const values[] = { address, "watchdesk", "10", NULL };
	struct pg *d = must_alloc(1, sizeof(*d));

	d->db.driver = &driver;
	d->link = PQconnectdbParams(names, values, 1);
	MUST(d->link);
	d->place = place_of(d->link);
	MUST(d->place);
	if (set_up(d, mode, err) == 0)
		return &d->db;
	db_free(&d->db);
	return NULL;
}
