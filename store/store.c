/* store.c - the memory of the desk: opening, migrating, keys */
#include "store/store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/must.h"
#include "store/internal.h"

void store_path(const struct store *s, const char *name, char *path, size_t size)
{
	MUST(snprintf(path, size, "%s/%s", s->folder, name) < (int)size);
}

static int schema_version(struct db *d, int64_t *version, struct err *err)
{
	struct query *q = db_query(d, "PRAGMA user_version", err);
	int result = q ? db_step(q, err) : err->code;

	if (result < 0)
		return result;
	*version = db_int(q, 0);
	db_end(q);
	return 0;
}

/* Each migration and the number it leads to are one transaction, so a crash leaves the old schema or the new one. */
static int migrate(struct db *d, int64_t version, struct err *err)
{
	const struct embed *file;

	for (; (file = embed_below("store/schema/", (size_t)version)); version++) {
		AUTO(buf) sql = BUF_INIT(1 << 20);

		buf_printf(&sql, "%.*s;\nPRAGMA user_version=%lld;", STR_ARG(file->content), (long long)version + 1);
		if (db_begin(d, err) < 0)
			return err->code;
		if (db_exec(d, sql.p, err) < 0) {
			db_rollback(d);
			return err_at(err, "%s", file->path);
		}
		if (db_commit(d, err) < 0)
			return err->code;
	}
	return 0;
}

static int bring_up_to_date(struct db *d, enum store_mode mode, struct err *err)
{
	int64_t version, newest = 0;

	if (schema_version(d, &version, err) < 0)
		return err->code;
	while (embed_below("store/schema/", (size_t)newest))
		newest++;
	if (version > newest)
		return err_set(err, E_STORE,
			       "the store was written by a newer watchdesk (schema %lld, this one knows %lld); use that one",
			       (long long)version, (long long)newest);
	if (version < newest && mode != STORE_CREATE)
		return err_set(err, E_STORE,
			       "the store has schema %lld and this watchdesk needs %lld; run `watchdesk crawl` or `run` once",
			       (long long)version, (long long)newest);
	return migrate(d, version, err);
}

/* The key is made once, before the first row that needs it, and never replaced: with another key nothing is "seen before". */
static int key_open(struct store *s, enum store_mode mode, struct err *err)
{
	AUTO(buf) content = BUF_INIT(DIGEST_KEY_BYTES);
	char path[PATH_MAX];

	store_path(s, "digest.key", path, sizeof(path));
	if (access(path, F_OK) < 0 && mode == STORE_CREATE) {
		digest_random(s->key, sizeof(s->key));
		return file_replace(path, (struct str){ (const char *)s->key, sizeof(s->key) }, 0600, err);
	}
	if (file_read(path, &content, err) < 0)
		return err->code;
	if (content.n != DIGEST_KEY_BYTES)
		return err_set(err, E_STORE, "%s has %zu bytes, expected %d; restore it from a copy", path, content.n,
			       DIGEST_KEY_BYTES);
	memcpy(s->key, content.p, DIGEST_KEY_BYTES);
	return 0;
}

struct store *store_open(const char *folder, enum store_mode mode, struct err *err)
{
	static const enum db_mode modes[] = { [STORE_READ] = DB_READ, [STORE_WRITE] = DB_WRITE, [STORE_CREATE] = DB_CREATE };
	struct store *s = must_alloc(1, sizeof(*s));
	char path[PATH_MAX];

	s->folder = strdup(folder);
	MUST(s->folder && strlen(folder) < PATH_MAX - 64);
	store_path(s, "watchdesk.db", path, sizeof(path));
	if (mode != STORE_CREATE && access(path, F_OK) < 0)
		err_set(err, E_STORE, "there is no store in %s; run `watchdesk crawl` or `watchdesk run` first", folder);
	else if ((mode != STORE_CREATE || file_make_folder(folder, 0700, err) == 0) && key_open(s, mode, err) == 0 &&
		 (s->db = db_open(path, modes[mode], err)) && bring_up_to_date(s->db, mode, err) == 0)
		return s;
	store_free(s);
	return NULL;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	db_free(s->db);
	free(s->folder);
	free(s);
}

int store_begin(struct store *s, struct err *err)
{
	return db_begin(s->db, err);
}

int store_commit(struct store *s, struct err *err)
{
	return db_commit(s->db, err);
}

void store_rollback(struct store *s)
{
	db_rollback(s->db);
}

int store_source(struct store *s, struct str name, int64_t *id, struct err *err)
{
	struct query *q = db_query(s->db, "SELECT id FROM source WHERE name = :name", err);
	int found;

	if (!q)
		return err->code;
	db_bind_text(q, ":name", name);
	found = db_step(q, err);
	if (found < 0)
		return found;
	if (found) {
		*id = db_int(q, 0);
		db_end(q);
		return 0;
	}
	q = db_query(s->db, "INSERT INTO source (name) VALUES (:name)", err);
	if (!q)
		return err->code;
	db_bind_text(q, ":name", name);
	if (db_run(q, err) < 0)
		return err->code;
	*id = db_last_id(s->db);
	return 0;
}

int store_classifier(struct store *s, const unsigned char rules[DIGEST_BYTES], const unsigned char assets[DIGEST_BYTES],
		     struct str program, int64_t now, int64_t *id, struct err *err)
{
	static const char *const statements[] = {
		"INSERT INTO classifier (rules, assets, program, first_used_at) VALUES (:rules, :assets, :program, :now)"
		" ON CONFLICT (rules, assets, program) DO NOTHING",
		"SELECT id FROM classifier WHERE rules = :rules AND assets = :assets AND program = :program AND first_used_at "
		"<= :now",
	};
	struct query *q = NULL;
	int result = 0;

	for (int i = 0; i < 2 && result >= 0; i++) {
		q = db_query(s->db, statements[i], err);
		if (!q)
			return err->code;
		db_bind_blob(q, ":rules", (struct str){ (const char *)rules, DIGEST_BYTES });
		db_bind_blob(q, ":assets", (struct str){ (const char *)assets, DIGEST_BYTES });
		db_bind_text(q, ":program", program);
		db_bind_int(q, ":now", i ? INT64_MAX : now);
		result = db_step(q, err);
	}
	if (result <= 0)
		return result < 0 ? result : err_set(err, E_STORE, "the classifier's row is not there");
	*id = db_int(q, 0);
	db_end(q);
	return 0;
}

void store_secret_digest(const struct store *s, struct str secret, unsigned char out[DIGEST_BYTES])
{
	digest_keyed(secret, s->key, out);
}

int store_check(struct store *s, struct err *err)
{
	return db_check(s->db, err);
}

int store_round_add(struct store *s, const struct round *r, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"INSERT INTO round (started_at, ended_at, fetched, not_modified, failed, posts, revisions, findings)"
		" VALUES (:started, :ended, :fetched, :not_modified, :failed, :posts, :revisions, :findings)",
		err);

	if (!q)
		return err->code;
	db_bind_int(q, ":started", r->started_at);
	db_bind_int(q, ":ended", r->ended_at);
	db_bind_int(q, ":fetched", r->fetched);
	db_bind_int(q, ":not_modified", r->not_modified);
	db_bind_int(q, ":failed", r->failed);
	db_bind_int(q, ":posts", r->posts);
	db_bind_int(q, ":revisions", r->revisions);
	db_bind_int(q, ":findings", r->findings);
	return db_run(q, err);
}

int store_round_last(struct store *s, struct round *r, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT started_at, ended_at, fetched, not_modified, failed, posts, revisions, findings FROM round"
		" ORDER BY id DESC LIMIT 1",
		err);
	int found = q ? db_step(q, err) : err->code;

	if (found <= 0)
		return found;
	*r = (struct round){ db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3),
			     db_int(q, 4), db_int(q, 5), db_int(q, 6), db_int(q, 7) };
	db_end(q);
	return 1;
}
