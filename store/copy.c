/* copy.c - a whole store, from one engine to the other or to the same */
#include "store/copy.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/message.h"
#include "base/must.h"
#include "store/files.h"
#include "store/internal.h"

enum {
	BATCH = 200,  /* rows read and committed at once: a body can have 4 MB */
	COMMIT = 10,  /* batches committed at once */
	COLUMNS = 48, /* of a table at most; ours have 16 */
	NAME = 16,    /* ":c47" */
};

/* A table and its key. `later` points to a table further down: it is filled in when that is there. */
static const struct table {
	const char *name, *key, *second, *later;
	int fresh; /* rows that an empty store has */
	bool made; /* not copied, but made from the rest: what is to be indexed */
} tables[] = {
	{ "source", "id" },
	{ "classifier", "id" },
	{ "version", "id" },
	{ "classifier_version", "classifier_id", "version_id" },
	{ "node", "id", .fresh = 1 }, /* opening the place makes this node's row */
	{ "operator", "id" },
	{ "operator_key", "id" },
	{ "dictionary", "id" },
	{ "host", "origin" },
	{ "health", "source_id" },
	{ "trouble", "source_id", "class" },
	{ "frontier", "id" },
	{ "quarantine", "id" },
	{ "session", "source_id" },
	{ "poll", "id" },
	{ "gap", "id" },
	{ "coverage", "source_id", "at" },
	{ "withheld", "id" },
	{ "capture", "id" },
	{ "evidence", "id" },
	{ "custody", "node_id", "sequence" },
	{ "anchor", "id" },
	{ "post", "id" },
	{ "body", "id" },
	{ "revision", "id" },
	{ "assessment", "id" },
	{ "hit", "id" },
	{ "part", "assessment_id", "position" },
	{ "reason", "assessment_id", "position" },
	{ "campaign", "id", .later = "merged_into" },
	{ "cluster", "id", .later = "verdict_id" },
	{ "cluster_band", "band", "cluster_id" },
	{ "finding", "id" },
	{ "contact", "id" },
	{ "term", "finding_id", "position" },
	{ "verdict", "id" },
	{ "secret_verdict", "digest" },
	{ "mute", "id" },
	{ "saved_search", "name" },
	{ "rescan", "id" },
	{ "rescan_change", "rescan_id", "name" },
	{ "takedown", "id" },
	{ "takedown_fact", "takedown_id", "name" },
	{ "takedown_note", "id" },
	{ "takedown_target", "id" },
	{ "takedown_check", "id" },
	{ "host_contact", "id" },
	{ "subscription", "id" },
	{ "told", "subscription_id", "campaign_id" },
	{ "suspended", "recipient" },
	{ "spent_token", "token" },
	{ "outbox", "id" },
	{ "notice", "id" },
	{ "notice_target", "notice_id", "target_id" },
	{ "notice_approval", "id" },
	{ "notice_answer", "id" },
	{ "duty", "finding_id" },
	{ "duty_step", "finding_id", "step" },
	{ "handover", "id" },
	{ "concern", "name" },
	{ "refused_answer", "why" },
	{ "tally", "name", .fresh = 2 }, /* the schema begins with two */
	{ "round", "id" },
	{ "hold", "id" },
	{ "purged", "revision_id" },
	{ "unindex", "revision_id", .made = true }, /* the new index never held them */
	{ "playbook_tick", "id" },
	{ "index_queue", "revision_id", .made = true },
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

struct copy {
	struct store *from, *to;
	const struct copy_options *o;
	struct copy_result *out;
};

const char *copy_table(size_t i)
{
	return i < TABLES ? tables[i].name : NULL;
}

/* How far a table was read: the key of its last row. */
struct cursor {
	const struct table *table;
	struct db *db;
	bool begun;
	struct db_arg key[2];
	struct buf bytes[2];
};

static void cursor_release(struct cursor *c)
{
	buf_release(&c->bytes[0]);
	buf_release(&c->bytes[1]);
}

#define CURSOR_INIT(its_table, its_db)                                                                \
	{                                                                                             \
		.table = (its_table), .db = (its_db), .bytes = { BUF_INIT(MIB(1)), BUF_INIT(MIB(1)) } \
	}

/* Keep the key that stands in these columns of a row. */
static void cursor_keep(struct cursor *c, struct query *q, int first, int second)
{
	static const char *const names[] = { ":first", ":second" };
	const int columns[] = { first, second };

	for (int i = 0; i < (c->table->second ? 2 : 1); i++) {
		buf_clear(&c->bytes[i]);
		buf_add(&c->bytes[i], db_text(q, columns[i]));
		MUST(!c->bytes[i].full);
		c->key[i] = (struct db_arg){ .name = names[i],
					     .type = db_type(q, columns[i]),
					     .number = db_int(q, columns[i]),
					     .bytes = buf_str(&c->bytes[i]) };
	}
	c->begun = true;
}

static int column_of(struct query *q, const char *name)
{
	int i = 0;

	while (name && i < db_columns(q) && strcmp(db_column_name(q, i), name) != 0)
		i++;
	return i;
}

/* The next rows of a table. */
static struct query *cursor_ask(struct cursor *c, struct err *err)
{
	const struct table *t = c->table;
	char sql[512];
	struct query *q;

	if (!c->begun)
		snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY %s%s%s LIMIT %d", t->name, t->key, t->second ? ", " : "",
			 t->second ? t->second : "", BATCH);
	else if (t->second)
		snprintf(sql, sizeof(sql), "SELECT * FROM %s WHERE (%s, %s) > (:first, :second) ORDER BY %s, %s LIMIT %d",
			 t->name, t->key, t->second, t->key, t->second, BATCH);
	else
		snprintf(sql, sizeof(sql), "SELECT * FROM %s WHERE %s > :first ORDER BY %s LIMIT %d", t->name, t->key, t->key,
			 BATCH);
	q = db_prepare(c->db, sql, err);
	if (q && c->begun)
		db_bind(q, (const struct db_arg[]){ c->key[0], t->second ? c->key[1] : (struct db_arg){ 0 }, { 0 } });
	return q;
}

/* Stand behind what is there already. */
static int cursor_skip(struct cursor *c, struct db *db, struct err *err)
{
	const struct table *t = c->table;
	char sql[512];
	int found;

	snprintf(sql, sizeof(sql), "SELECT %s%s%s FROM %s ORDER BY %s DESC%s%s%s LIMIT 1", t->key, t->second ? ", " : "",
		 t->second ? t->second : "", t->name, t->key, t->second ? ", " : "", t->second ? t->second : "",
		 t->second ? " DESC" : "");
	{
		AUTO_FREE(query) q = db_prepare(db, sql, err);

		found = q ? db_step(q, err) : err->code;
		if (found > 0)
			cursor_keep(c, q, 0, 1);
	}
	return found;
}

static const char *parameter(int i)
{
	static char names[COLUMNS][NAME];

	MUST(i < COLUMNS);
	snprintf(names[i], NAME, ":c%d", i);
	return names[i];
}

/* The statement that writes a row like those of `q`. */
static struct query *insert_like(struct db *db, const struct table *t, struct query *q, struct err *err)
{
	AUTO(buf) sql = BUF_INIT(KIB(8));

	buf_printf(&sql, "INSERT INTO %s (", t->name);
	for (int i = 0; i < db_columns(q); i++)
		buf_printf(&sql, "%s%s", i ? ", " : "", db_column_name(q, i));
	buf_printf(&sql, ") VALUES (");
	for (int i = 0; i < db_columns(q); i++)
		buf_printf(&sql, "%s%s", i ? ", " : "", parameter(i));
	buf_printf(&sql, ")");
	MUST(!sql.full);
	return db_prepare(db, sql.p, err);
}

static int row_write(struct query *in, struct query *out, int later, struct err *err)
{
	struct db_arg args[COLUMNS + 1] = { { 0 } };

	for (int i = 0; i < db_columns(in); i++)
		args[i] = (struct db_arg){ .name = parameter(i),
					   .type = i == later ? DB_NULL : db_type(in, i),
					   .number = db_int(in, i),
					   .real = db_real(in, i),
					   .bytes = db_text(in, i) };
	db_bind(out, args);
	return db_run(out, err);
}

/* A batch: how many rows. */
static int batch_copy(struct copy *c, struct cursor *at, struct err *err)
{
	const struct table *t = at->table;
	AUTO_FREE(query) in = cursor_ask(at, err);
	AUTO_FREE(query) out = NULL;
	int n = 0, more = 0, later = -1, first = 0, second = 0;

	while (in && (more = db_step(in, err)) > 0) {
		if (!out) {
			out = insert_like(c->to->db, t, in, err);
			later = t->later ? column_of(in, t->later) : -1;
			first = column_of(in, t->key);
			second = column_of(in, t->second);
		}
		if (!out || row_write(in, out, later, err) < 0)
			return err->code;
		cursor_keep(at, in, first, second);
		n++;
	}
	return !in || more < 0 ? err->code : n;
}

/* A few batches in one transaction of the target; *whole when that was all. How many rows. */
static int64_t batches_copy(struct copy *c, struct cursor *at, bool *whole, struct err *err)
{
	int64_t rows = 0;
	int n = BATCH;

	if (db_begin(c->to->db, err) < 0)
		return err->code;
	for (int i = 0; i < COMMIT && n == BATCH; i++) {
		n = batch_copy(c, at, err);
		if (n < 0) {
			db_rollback(c->to->db);
			return n;
		}
		rows += n;
	}
	*whole = n < BATCH;
	return db_commit(c->to->db, err) < 0 ? err->code : rows;
}

static int table_copy(struct copy *c, const struct table *t, struct err *err)
{
	AUTO(cursor) at = CURSOR_INIT(t, c->from->db);
	int64_t rows = 0;
	bool whole = false;

	if (cursor_skip(&at, c->to->db, err) < 0)
		return err->code;
	while (!whole) {
		int64_t n = batches_copy(c, &at, &whole, err);

		if (n < 0)
			return (int)n;
		rows += n;
		if (c->o->went)
			c->o->went(c->o->owner, t->name, rows);
	}
	return strcmp(t->key, "id") == 0 ? db_keys_follow(c->to->db, t->name, err) : 0;
}

/* The column that points further down, now that what it points to is there. */
static int later_copy(struct copy *c, const struct table *t, struct err *err)
{
	AUTO(cursor) at = CURSOR_INIT(t, c->from->db);
	char sql[256];
	int n = BATCH;

	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = :c0 WHERE %s = :c1", t->name, t->later, t->key);
	while (n == BATCH) {
		AUTO_FREE(query) in = cursor_ask(&at, err);
		AUTO_FREE(query) out = in ? db_prepare(c->to->db, sql, err) : NULL;
		int more;

		if (!out || db_begin(c->to->db, err) < 0)
			return err->code;
		for (n = 0; (more = db_step(in, err)) > 0; n++) {
			int key = column_of(in, t->key), column = column_of(in, t->later);

			cursor_keep(&at, in, key, key);
			if (db_is_null(in, column))
				continue;
			db_bind(out, ARGS(arg_int(":c0", db_int(in, column)), arg_int(":c1", db_int(in, key))));
			if (db_run(out, err) < 0) {
				more = err->code;
				break;
			}
		}
		if (more < 0) {
			db_rollback(c->to->db);
			return more;
		}
		if (db_commit(c->to->db, err) < 0)
			return err->code;
	}
	return 0;
}

/* One digest over all rows of a table in the order of their keys, with their number. */
static int table_digest(struct db *db, const struct table *t, int64_t *rows, unsigned char digest[DIGEST_BYTES],
			struct err *err)
{
	AUTO(cursor) at = CURSOR_INIT(t, db);
	AUTO(buf) row = BUF_INIT(LIMIT_MESSAGE);
	int n = BATCH;

	*rows = 0;
	memset(digest, 0, DIGEST_BYTES);
	while (n == BATCH) {
		AUTO_FREE(query) q = cursor_ask(&at, err);
		int more;

		if (!q)
			return err->code;
		for (n = 0; (more = db_step(q, err)) > 0; n++) {
			buf_clear(&row);
			put_str(&row, (struct str){ (const char *)digest, DIGEST_BYTES });
			for (int i = 0; i < db_columns(q); i++) {
				put_int(&row, db_type(q, i));
				put_int(&row, db_int(q, i));
				put_real(&row, db_real(q, i));
				put_str(&row, db_text(q, i));
			}
			digest_sha256(buf_str(&row), digest);
			cursor_keep(&at, q, column_of(q, t->key), column_of(q, t->second));
		}
		if (more < 0)
			return more;
		*rows += n;
	}
	return 0;
}

static int table_compare(struct copy *c, const struct table *t, struct err *err)
{
	unsigned char here[DIGEST_BYTES], there[DIGEST_BYTES];
	int64_t rows, copied;

	if (table_digest(c->from->db, t, &rows, here, err) < 0 || table_digest(c->to->db, t, &copied, there, err) < 0)
		return err->code;
	c->out->tables++;
	c->out->rows += rows;
	if (rows == copied && memcmp(here, there, DIGEST_BYTES) == 0)
		return 0;
	return err_set(
		err, E_VERIFY,
		"table %s has %lld rows here and %lld in the copy, %s; somebody wrote meanwhile: stop the monitor, empty the "
		"place and copy again",
		t->name, (long long)rows, (long long)copied, rows == copied ? "which differ" : "not the same");
}

static int64_t rows_of(struct db *db, const char *table, struct err *err)
{
	char sql[128];
	int64_t n;

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT 3) AS few", table);
	{
		AUTO_FREE(query) q = db_prepare(db, sql, err);

		if (!q || db_step(q, err) <= 0)
			return err->code;
		n = db_int(q, 0);
	}
	return n;
}

/* 1 when the target holds a part of a copy of this store, 0 when it holds nothing. */
static int target_state(struct copy *c, struct err *err)
{
	AUTO(buf) names = BUF_INIT(KIB(64));
	bool begun;

	if (db_tables(c->to->db, &names, err) < 0)
		return err->code;
	begun = names.n && str_find(buf_str(&names), (struct str){ "\0copying\0", 9 }) >= 0;
	for (size_t i = 0; i < TABLES && !begun; i++) {
		int64_t n = rows_of(c->to->db, tables[i].name, err);

		if (n < 0)
			return (int)n;
		if (n > tables[i].fresh)
			return err_set(err, E_USAGE, "the place holds a store already; give one that is empty");
	}
	return begun;
}

static const struct table *table_named(const char *name)
{
	size_t i = 0;

	while (strcmp(tables[i].name, name) != 0)
		i++;
	return &tables[i];
}

/*
 * What is half copied says so, by a table that nothing else has. The nodes come with it: opening the place again would
 * otherwise make one anew, with a key of its own.
 */
static int target_begin(struct copy *c, struct err *err)
{
	AUTO(cursor) nodes = CURSOR_INIT(table_named("node"), c->from->db);
	int begun = target_state(c, err), n = BATCH;

	if (begun)
		return begun < 0 ? begun : 0;
	if (db_begin(c->to->db, err) < 0)
		return err->code;
	if (db_exec(c->to->db, "CREATE TABLE copying (node $TEXT PRIMARY KEY)", err) < 0 ||
	    db_exec(c->to->db, "DELETE FROM node; DELETE FROM tally", err) < 0)
		n = err->code;
	while (n == BATCH)
		n = batch_copy(c, &nodes, err);
	if (n < 0) {
		db_rollback(c->to->db);
		return n;
	}
	return db_commit(c->to->db, err);
}

/* Everything is to be indexed where it is now. */
static int target_end(struct copy *c, struct err *err)
{
	if (db_begin(c->to->db, err) < 0)
		return err->code;
	if (db_exec(c->to->db, "DELETE FROM index_queue", err) < 0 ||
	    db_exec(c->to->db, "INSERT INTO index_queue (revision_id) SELECT id FROM revision", err) < 0 ||
	    db_exec(c->to->db, "DROP TABLE copying", err) < 0) {
		db_rollback(c->to->db);
		return err->code;
	}
	return db_commit(c->to->db, err);
}

static int tables_copy(struct copy *c, struct err *err)
{
	for (size_t i = 0; i < TABLES; i++)
		if (!tables[i].made && table_copy(c, &tables[i], err) < 0)
			return err_at(err, "copying the table %s", tables[i].name);
	for (size_t i = 0; i < TABLES; i++)
		if (tables[i].later && later_copy(c, &tables[i], err) < 0)
			return err_at(err, "copying the table %s", tables[i].name);
	for (size_t i = 0; i < TABLES; i++)
		if (!tables[i].made && table_compare(c, &tables[i], err) < 0)
			return err->code;
	return 0;
}

int store_copy(struct store *from, const struct copy_options *o, struct copy_result *out, struct err *err)
{
	static const char *const snapshots[] = {
		[DB_SQLITE] = "BEGIN", [DB_POSTGRESQL] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	};
	struct copy c = { .from = from, .o = o, .out = out };
	struct files_copied files = { 0 };
	bool stays = files_same_folder(from->folder, o->to.folder);
	int result;

	*out = (struct copy_result){ 0 };
	if (!stays && files_copy_keys(from->folder, o->to.folder, o->with_key, &files, err) < 0)
		return err->code;
	c.to = store_open(&o->to, STORE_COPY, err);
	if (!c.to)
		return err_at(err, "the place to copy to");
	/* What is read is one state, whoever writes meanwhile. */
	result = db_exec(from->db, snapshots[db_engine(from->db)], err);
	if (result == 0) {
		result = target_begin(&c, err);
		if (result == 0)
			result = tables_copy(&c, err);
		if (result == 0 && !stays)
			result = files_copy_segments(from, from->folder, o->to.folder, &files, err);
		db_exec(from->db, "COMMIT", NULL);
	}
	if (result == 0)
		result = target_end(&c, err);
	store_free(c.to);
	out->files = files.files;
	out->bytes = files.bytes;
	out->missing = files.missing;
	return result;
}
