/* store.c - the memory of the desk: opening, migrating, keys */
#include "store/store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/must.h"
#include "base/seal.h"
#include "store/internal.h"
#include "store/words.h"

void store_path(const struct store *s, const char *name, char *path, size_t size)
{
	MUST(snprintf(path, size, "%s/%s", s->folder, name) < (int)size);
}

struct str public_id_new(char out[PUBLIC_ID])
{
	unsigned char bytes[DIGEST_ID_BYTES];

	digest_random(bytes, sizeof(bytes));
	return str_of(digest_hex(bytes, sizeof(bytes), out));
}

static int bring_up_to_date(struct db *d, enum store_mode mode, struct err *err)
{
	const struct embed *file;
	int64_t version, newest = 0;

	if (db_version(d, &version, err) < 0)
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
	for (; (file = embed_below("store/schema/", (size_t)version)); version++) {
		AUTO(buf) sql = BUF_INIT(file->content.n + 1);

		buf_add(&sql, file->content);
		if (db_migrate(d, sql.p, version + 1, err) < 0)
			return err_at(err, "%s", file->path);
	}
	return 0;
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
	if (access(path, F_OK) < 0)
		return err_set(err, E_STORE,
			       "%s is not there: `watchdesk crawl` or `run` makes a new store; if this one is not new, restore "
			       "that file "
			       "from a copy, or name its folder",
			       path);
	if (file_read(path, &content, err) < 0)
		return err->code;
	if (content.n != DIGEST_KEY_BYTES)
		return err_set(err, E_STORE, "%s has %zu bytes, expected %d; restore it from a copy", path, content.n,
			       DIGEST_KEY_BYTES);
	memcpy(s->key, content.p, DIGEST_KEY_BYTES);
	return 0;
}

/* Who this folder says it is: made with the folder, and carried along with it. */
static int node_read(struct store *s, enum store_mode mode, struct err *err)
{
	AUTO(buf) content = BUF_INIT(PUBLIC_ID + 1);
	char path[PATH_MAX];

	store_path(s, "node.id", path, sizeof(path));
	if (access(path, F_OK) < 0 && mode == STORE_CREATE) {
		buf_printf(&content, "%.*s\n", STR_ARG(public_id_new(s->node)));
		return file_replace(path, buf_str(&content), 0600, err);
	}
	if (file_read(path, &content, err) < 0)
		return err->code;
	if (content.n != PUBLIC_ID || content.p[PUBLIC_ID - 1] != '\n')
		return err_set(err, E_STORE, "%s is not the id of a node, 32 hexadecimal digits; restore it from a copy", path);
	memcpy(s->node, content.p, PUBLIC_ID - 1);
	return 0;
}

static int node_row(struct store *s, enum store_mode mode, struct err *err)
{
	const struct db_arg id = arg_text(":id", str_of(s->node));
	struct query *q;
	char name[256] = "";
	int found = db_get(s->db, &q, "SELECT id FROM node WHERE public_id = :id", ARGS(id), NULL, err);

	if (found == 0 && mode != STORE_CREATE)
		return err_set(err, E_STORE,
			       "the database does not know the folder %s; is it the folder of another store? `watchdesk crawl` "
			       "or `run` makes it known",
			       s->folder);
	if (found == 0) {
		gethostname(name, sizeof(name) - 1);
		found = db_get(s->db, &q,
			       "INSERT INTO node (public_id, name, first_seen) VALUES (:id, :name, :now) RETURNING id",
			       ARGS(id, arg_text(":name", str_of(name)), arg_int(":now", clock_now_us())), "this node", err);
	}
	if (found < 0)
		return found;
	s->node_id = db_int(q, 0);
	db_end(q);
	return 0;
}

static int node_open(struct store *s, enum store_mode mode, struct err *err)
{
	int64_t lock;

	if (node_read(s, mode, err) < 0)
		return err->code;
	memcpy(&lock, s->node, sizeof(lock));
	db_set_lock(s->db, lock);
	if (mode == STORE_CREATE && db_begin(s->db, err) < 0)
		return err->code;
	if (node_row(s, mode, err) < 0) {
		db_rollback(s->db);
		return err->code;
	}
	return mode == STORE_CREATE ? db_commit(s->db, err) : 0;
}

/* All that can be wrong with the folder before the database is asked. */
static int folder_open(struct store *s, const struct store_place *place, enum store_mode mode, char *database, struct err *err)
{
	store_path(s, "watchdesk.db", database, PATH_MAX);
	if (mode != STORE_CREATE && !place->database && access(database, F_OK) < 0)
		return err_set(err, E_STORE, "there is no store in %s; run `watchdesk crawl` or `watchdesk run` first",
			       s->folder);
	if (mode == STORE_CREATE && file_make_folder(s->folder, 0700, err) < 0)
		return err->code;
	if (mode == STORE_CREATE && seal_make(s->folder, err) < 0)
		return err->code;
	return key_open(s, mode, err);
}

/* A copy that was cut off has a table that says so (copy.c); used as a store it would lack the rest for good. */
static int finished(struct db *d, struct err *err)
{
	static const char mark[] = "\0copying";
	AUTO(buf) names = BUF_INIT(1 << 16);

	if (db_tables(d, &names, err) < 0)
		return err->code;
	if (str_find(buf_str(&names), (struct str){ mark, sizeof(mark) }) < 0)
		return 0;
	return err_set(err, E_STORE,
		       "the store is an unfinished copy; give the same `watchdesk store copy` again, it goes on there");
}

struct store *store_open(const struct store_place *place, enum store_mode wanted, struct err *err)
{
	const enum store_mode mode = wanted == STORE_COPY ? STORE_CREATE : wanted;
	static const enum db_mode modes[] = { [STORE_READ] = DB_READ, [STORE_WRITE] = DB_WRITE, [STORE_CREATE] = DB_CREATE };
	struct store *s = must_alloc(1, sizeof(*s));
	char path[PATH_MAX];

	s->folder = strdup(place->folder);
	s->database = place->database ? strdup(place->database) : NULL;
	MUST(s->folder && strlen(place->folder) < PATH_MAX - 64);
	if (folder_open(s, place, mode, path, err) == 0 &&
	    (s->db = db_open(place->database ? place->database : path, modes[mode], err)) &&
	    bring_up_to_date(s->db, mode, err) == 0 && (wanted == STORE_COPY || finished(s->db, err) == 0) &&
	    node_open(s, mode, err) == 0)
		return s;
	store_free(s);
	return NULL;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	tally_clear(s);
	bodies_free(s->bodies);
	words_free(s->words);
	sealing_free(s->sealing);
	db_free(s->db);
	free(s->database);
	free(s->folder);
	free(s);
}

int store_begin(struct store *s, struct err *err)
{
	return db_begin(s->db, err);
}

int store_commit(struct store *s, struct err *err)
{
	int result;

	if (tally_flush(s, err) < 0 || evidence_sync(s, err) < 0) {
		store_rollback(s);
		return err->code;
	}
	result = db_commit(s->db, err);
	bodies_unchecked(s->bodies);
	evidence_settle(s);
	return result;
}

/* What is remembered of the transaction goes with it: figures, and a dictionary that may not have been kept. */
void store_rollback(struct store *s)
{
	tally_clear(s);
	bodies_free(s->bodies);
	s->bodies = NULL;
	db_rollback(s->db);
	evidence_settle(s);
}

int64_t store_node(const struct store *s)
{
	return s->node_id;
}

struct str store_node_id(const struct store *s)
{
	return str_of(s->node);
}

const char *store_folder(const struct store *s)
{
	return s->folder;
}

int store_source(struct store *s, struct str name, int64_t *id, struct err *err)
{
	const struct db_arg its_name = arg_text(":name", name);
	struct query *q;
	int found = db_get(s->db, &q, "SELECT id FROM source WHERE name = :name", ARGS(its_name), NULL, err);

	if (found == 0)
		found = db_get(s->db, &q, "INSERT INTO source (name) VALUES (:name) RETURNING id", ARGS(its_name),
			       "a new source", err);
	if (found < 0)
		return found;
	*id = db_int(q, 0);
	db_end(q);
	return 0;
}

static int version_keep(struct store *s, const struct version *v, int64_t classifier_id, int64_t now, struct err *err)
{
	const struct db_arg kind = arg_text(":kind", str_of(v->kind)), name = arg_text(":name", v->name),
			    digest = arg_bytes(":digest", v->digest, DIGEST_BYTES);

	if (db_do(s->db,
		  "INSERT INTO version (kind, name, digest, first_used_at) VALUES (:kind, :name, :digest, :now)"
		  " ON CONFLICT (kind, name, digest) DO NOTHING",
		  ARGS(kind, name, digest, arg_int(":now", now)), err) < 0)
		return err->code;
	return db_do(s->db,
		     "INSERT INTO classifier_version (classifier_id, version_id) SELECT :classifier, id FROM version"
		     " WHERE kind = :kind AND name = :name AND digest = :digest ON CONFLICT DO NOTHING",
		     ARGS(arg_int(":classifier", classifier_id), kind, name, digest), err);
}

int store_classifier(struct store *s, const struct stored_classifier *c, int64_t now, int64_t *id, struct err *err)
{
	const struct db_arg rules = arg_bytes(":rules", c->rules, DIGEST_BYTES),
			    assets = arg_bytes(":assets", c->assets, DIGEST_BYTES), program = arg_text(":program", c->program);
	struct query *q;

	if (db_do(s->db,
		  "INSERT INTO classifier (rules, assets, program, first_used_at) VALUES (:rules, :assets, :program, :now)"
		  " ON CONFLICT (rules, assets, program) DO NOTHING",
		  ARGS(rules, assets, program, arg_int(":now", now)), err) < 0 ||
	    db_get(s->db, &q, "SELECT id FROM classifier WHERE rules = :rules AND assets = :assets AND program = :program",
		   ARGS(rules, assets, program), "the classifier that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	for (size_t i = 0; i < c->n_versions; i++)
		if (version_keep(s, &c->versions[i], *id, now, err) < 0)
			return err->code;
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

int store_watch(struct store *s, struct err *err)
{
	int alone = db_watch(s->db, err);

	return alone ? alone
		     : err_set(err, E_BUSY,
			       "another monitor watches with this database; stop it first, or give this one its own");
}

int store_newest(struct store *s, int64_t *at, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT coalesce((SELECT max(last_attempt_at) FROM health), 0),"
		   " coalesce((SELECT ended_at FROM round ORDER BY id DESC LIMIT 1), 0)",
		   NULL, "an answer", err) < 0)
		return err->code;
	*at = db_int(q, 0) > db_int(q, 1) ? db_int(q, 0) : db_int(q, 1);
	db_end(q);
	return 0;
}

int store_round_add(struct store *s, const struct round *r, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO round (started_at, ended_at, fetched, not_modified, failed, posts, revisions, findings)"
		     " VALUES (:started, :ended, :fetched, :not_modified, :failed, :posts, :revisions, :findings)",
		     ARGS(arg_int(":started", r->started_at), arg_int(":ended", r->ended_at), arg_int(":fetched", r->fetched),
			  arg_int(":not_modified", r->not_modified), arg_int(":failed", r->failed), arg_int(":posts", r->posts),
			  arg_int(":revisions", r->revisions), arg_int(":findings", r->findings)),
		     err);
}

int store_round_last(struct store *s, struct round *r, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT started_at, ended_at, fetched, not_modified, failed, posts, revisions, findings FROM round"
			   " ORDER BY id DESC LIMIT 1",
			   NULL, NULL, err);

	if (found <= 0)
		return found;
	*r = (struct round){ db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3),
			     db_int(q, 4), db_int(q, 5), db_int(q, 6), db_int(q, 7) };
	db_end(q);
	return 1;
}
