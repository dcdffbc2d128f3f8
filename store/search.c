/* search.c - full text in a file of its own: contentless FTS5, a table a month, the newest month first */
#include "store/search.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "store/internal.h"

struct search {
	struct store *store;
	struct db *db;
};

/* "post_202611" */
struct month {
	char name[16];
};

static int queue_everything(struct store *s, struct err *err)
{
	return db_exec(s->db, "INSERT INTO index_queue (revision_id) SELECT id FROM revision WHERE true ON CONFLICT DO NOTHING",
		       err);
}

/* The queue is filled while there is no file: one that is there, if only begun, stands for what has left the queue. */
static int make_anew(struct search *x, const char *path, struct err *err)
{
	char side[PATH_MAX + 8];

	for (int i = 0; i < 3; i++) {
		static const char *const endings[] = { "", "-wal", "-shm" };

		snprintf(side, sizeof(side), "%s%s", path, endings[i]);
		unlink(side);
	}
	if (queue_everything(x->store, err) < 0)
		return err->code;
	x->db = db_open(path, DB_CREATE, err);
	return x->db ? 0 : err->code;
}

struct search *search_open(struct store *s, bool make, struct err *err)
{
	struct search *x = must_alloc(1, sizeof(*x));
	char path[PATH_MAX];
	bool fresh;
	int result;

	x->store = s;
	store_path(s, "search.db", path, sizeof(path));
	fresh = access(path, F_OK) < 0;
	if (fresh && make)
		result = make_anew(x, path, err);
	else
		result = (x->db = db_open(path, make ? DB_WRITE : DB_READ, err)) ? 0 : err->code;
	if (result == E_STORE && make && !fresh) { /* damaged: it holds nothing that the store does not */
		db_free(x->db);
		x->db = NULL;
		result = make_anew(x, path, err);
	}
	if (result == 0 && make)
		result = db_exec(x->db,
				 "CREATE TABLE IF NOT EXISTS month (name TEXT PRIMARY KEY);"
				 "CREATE TABLE IF NOT EXISTS last_batch (revision_id INTEGER PRIMARY KEY)",
				 err);
	if (result == 0)
		return x;
	search_free(x);
	return NULL;
}

void search_free(struct search *x)
{
	if (!x)
		return;
	db_free(x->db);
	free(x);
}

struct waiting {
	int64_t id, first_seen, coding, size;
	struct str title, author, text; /* text: as it is stored, then decoded */
};

static int waiting_read(struct search *x, size_t max, struct arena *a, struct waiting **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		x->store->db,
		"SELECT revision_id, revision.first_seen, title, author, coding, size, content FROM index_queue"
		" JOIN revision ON revision.id = revision_id JOIN post ON post.id = revision.post_id"
		" JOIN body ON body.id = body_id ORDER BY revision_id LIMIT :max",
		ARGS(arg_int(":max", (int64_t)max)), err);
	size_t bytes = 0;
	int more = q ? 0 : err->code;

	while (q && bytes < 16 << 20 && (more = db_step(q, err)) > 0) {
		struct waiting *w = arena_push(a, rows, n, sizeof(*w));

		w->id = db_int(q, 0);
		w->first_seen = db_int(q, 1);
		w->title = arena_copy(a, db_text(q, 2));
		w->author = arena_copy(a, db_text(q, 3));
		w->coding = db_int(q, 4);
		w->size = db_int(q, 5);
		w->text = arena_copy(a, db_text(q, 6));
		bytes += (size_t)w->size;
	}
	if (more > 0)
		db_end(q);
	for (size_t i = 0; more >= 0 && i < *n; i++)
		more = body_decode(x->store, (*rows)[i].coding, (*rows)[i].size, (*rows)[i].text, a, &(*rows)[i].text, err);
	return more < 0 ? more : 0;
}

static struct month month_of(int64_t at)
{
	char text[CLOCK_TEXT];
	struct month m;

	clock_rfc3339(at, text);
	snprintf(m.name, sizeof(m.name), "post_%.4s%.2s", text, text + 5);
	return m;
}

/* A statement that inserts into a month's table, which is made when it is not there. Only digits that we made enter the SQL. */
static struct query *month_insert(struct search *x, const struct month *m, struct err *err)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "CREATE VIRTUAL TABLE IF NOT EXISTS %s USING fts5 (title, author, text, content='', tokenize='unicode61');"
		 "INSERT INTO month (name) VALUES ('%s') ON CONFLICT DO NOTHING;",
		 m->name, m->name);
	if (db_exec(x->db, sql, err) < 0)
		return NULL;
	snprintf(sql, sizeof(sql), "INSERT INTO %s (rowid, title, author, text) VALUES (:id, :title, :author, :text)", m->name);
	return db_prepare(x->db, sql, err);
}

/* Was it in the batch before, which was committed here but, because of a crash, did not leave the queue? */
static int is_indexed(struct search *x, int64_t id, struct err *err)
{
	struct query *q;
	int found = db_get(x->db, &q, "SELECT 1 FROM last_batch WHERE revision_id = :id", ARGS(arg_int(":id", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

static int insert_one(struct query *insert, const struct waiting *w, struct err *err)
{
	db_bind(insert, ARGS(arg_int(":id", w->id), arg_text(":title", w->title), arg_text(":author", w->author),
			     arg_text(":text", w->text)));
	return db_run(insert, err);
}

/* Rows that wait, of one month from `first` on: how many were dealt with. */
static int insert_month(struct search *x, const struct waiting *rows, size_t n, struct err *err)
{
	struct month month = month_of(rows[0].first_seen);
	AUTO_FREE(query) insert = month_insert(x, &month, err);
	size_t i;

	for (i = 0; insert && i < n; i++) {
		struct month its = month_of(rows[i].first_seen);
		int indexed;

		if (strcmp(its.name, month.name) != 0)
			break;
		indexed = is_indexed(x, rows[i].id, err);
		if (indexed < 0 || (!indexed && insert_one(insert, &rows[i], err) < 0))
			return err->code;
	}
	return insert ? (int)i : err->code;
}

static int remember_batch(struct search *x, const struct waiting *rows, size_t n, struct err *err)
{
	if (db_exec(x->db, "DELETE FROM last_batch", err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (db_do(x->db, "INSERT INTO last_batch (revision_id) VALUES (:id)", ARGS(arg_int(":id", rows[i].id)), err) <
		    0)
			return err->code;
	return 0;
}

static int insert_batch(struct search *x, const struct waiting *rows, size_t n, struct err *err)
{
	if (db_begin(x->db, err) < 0)
		return err->code;
	for (size_t i = 0; i < n;) {
		int done = insert_month(x, rows + i, n - i, err);

		if (done < 0) {
			db_rollback(x->db);
			return done;
		}
		i += (size_t)done;
	}
	if (remember_batch(x, rows, n, err) < 0) {
		db_rollback(x->db);
		return err->code;
	}
	return db_commit(x->db, err);
}

static int leave_queue(struct store *s, const struct waiting *rows, size_t n, struct err *err)
{
	if (db_begin(s->db, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (db_do(s->db, "DELETE FROM index_queue WHERE revision_id = :id", ARGS(arg_int(":id", rows[i].id)), err) <
		    0) {
			db_rollback(s->db);
			return err->code;
		}
	return db_commit(s->db, err);
}

int search_index(struct search *x, size_t max, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct waiting *rows = NULL;
	size_t n = 0;

	if (waiting_read(x, max, a, &rows, &n, err) < 0)
		return err->code;
	if (n == 0)
		return 0;
	if (insert_batch(x, rows, n, err) < 0 || leave_queue(x->store, rows, n, err) < 0)
		return err->code;
	return (int)n;
}

int search_lag(struct search *x, int64_t *waiting, struct err *err)
{
	struct query *q;

	if (db_get(x->store->db, &q, "SELECT count(*) FROM index_queue", NULL, "a count", err) < 0)
		return err->code;
	*waiting = db_int(q, 0);
	db_end(q);
	return 0;
}

/* A word or phrase of the user's query as an FTS5 string: quotes doubled, so nothing in it is an operator. */
static void add_quoted(struct buf *out, struct str word)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, word.p[i]);
	}
	buf_add_char(out, '"');
}

/* Take the next word or "phrase" off the front of the query; quotes are left out. */
static bool next_word(struct str *rest, struct str *word, bool *minus, bool *prefix)
{
	size_t end = 0;

	*rest = str_trim(*rest);
	*minus = rest->n > 1 && rest->p[0] == '-';
	*rest = str_slice(*rest, *minus ? 1 : 0, rest->n);
	if (rest->n == 0)
		return false;
	if (rest->p[0] == '"') {
		ssize_t quote = str_find(str_slice(*rest, 1, rest->n), STR("\""));

		end = quote < 0 ? rest->n : (size_t)quote + 1;
		*word = str_slice(*rest, 1, end);
		end++;
	} else {
		while (end < rest->n && !ascii_is_space(rest->p[end]))
			end++;
		*word = str_slice(*rest, 0, end);
	}
	*rest = str_slice(*rest, end, rest->n);
	*prefix = rest->n && rest->p[0] == '*';
	if (word->n && str_ends(*word, STR("*"))) {
		*prefix = true;
		*word = str_slice(*word, 0, word->n - 1);
	}
	return true;
}

static int fts_query(struct str query, struct buf *out, struct str *first, struct err *err)
{
	AUTO(buf) not_these = BUF_INIT(LIMIT_URL);
	struct str word;
	bool minus, prefix;

	while (next_word(&query, &word, &minus, &prefix)) {
		struct buf *side = minus ? &not_these : out;

		if (word.n == 0)
			continue;
		if (!minus && !first->n)
			*first = word;
		buf_printf(side, "%s", side->n ? (minus ? " OR " : " AND ") : "");
		add_quoted(side, word);
		buf_printf(side, "%s", prefix ? " *" : "");
	}
	if (out->n == 0 || out->full || not_these.full)
		return err_set(err, E_USAGE,
			       out->n ? "the query is too long"
				      : "nothing to look for: give at least one word without a minus");
	if (not_these.n)
		buf_printf(out, " NOT (%s)", not_these.p);
	return 0;
}

/* About 200 bytes of the text around the first word, on character boundaries. */
static struct str excerpt(struct arena *a, struct str text, struct str word)
{
	ssize_t at = word.n ? str_find_nocase(text, word) : 0;
	size_t start = at > 60 ? (size_t)at - 60 : 0;
	size_t end = start + 200 < text.n ? start + 200 : text.n;

	while (start > 0 && ((unsigned char)text.p[start] & 0xc0) == 0x80)
		start--;
	while (end < text.n && end > start && ((unsigned char)text.p[end] & 0xc0) == 0x80)
		end--;
	return arena_copy(a, str_slice(text, start, end));
}

static int row_read(struct search *x, int64_t revision_id, struct str word, struct arena *a, struct search_row *row,
		    struct err *err)
{
	struct query *q;
	struct str content, text;
	int64_t coding, size;
	int found = db_get(x->store->db, &q,
			   "SELECT source.name, title, author, url, coding, size, content, finding.public_id,"
			   " revision.first_seen FROM revision JOIN body ON body.id = body_id"
			   " JOIN post ON post.id = revision.post_id JOIN source ON source.id = post.source_id"
			   " LEFT JOIN finding ON finding.post_id = post.id WHERE revision.id = :id",
			   ARGS(arg_int(":id", revision_id)), NULL, err);

	if (found <= 0)
		return found;
	row->source = arena_copy(a, db_text(q, 0));
	row->title = arena_copy(a, db_text(q, 1));
	row->author = arena_copy(a, db_text(q, 2));
	row->url = arena_copy(a, db_text(q, 3));
	coding = db_int(q, 4);
	size = db_int(q, 5);
	content = arena_copy(a, db_text(q, 6));
	row->finding = arena_copy(a, db_text(q, 7));
	row->first_seen = db_int(q, 8);
	db_end(q);
	if (body_decode(x->store, coding, size, content, a, &text, err) < 0)
		return err->code;
	row->excerpt = excerpt(a, text, word);
	return 1;
}

static int find_in_month(struct search *x, struct str month, struct str match, size_t limit, struct arena *a, int64_t **ids,
			 size_t *n, struct err *err)
{
	char sql[256];
	struct query *q;
	int more;

	snprintf(sql, sizeof(sql), "SELECT rowid FROM %.*s WHERE %.*s MATCH :match ORDER BY rowid DESC LIMIT :limit",
		 STR_ARG(month), STR_ARG(month));
	q = db_prepare(x->db, sql, err);
	if (!q)
		return err->code;
	db_bind(q, ARGS(arg_text(":match", match), arg_int(":limit", (int64_t)(limit - *n))));
	while ((more = db_step(q, err)) > 0)
		*(int64_t *)arena_push(a, ids, n, sizeof(**ids)) = db_int(q, 0);
	query_free(q);
	return more;
}

static int months_read(struct search *x, struct arena *a, struct str **months, size_t *n, struct err *err)
{
	struct query *q = db_query(x->db, "SELECT name FROM month ORDER BY name DESC", err);
	int more;

	if (!q)
		return err->code;
	while ((more = db_step(q, err)) > 0)
		*(struct str *)arena_push(a, months, n, sizeof(**months)) = arena_copy(a, db_text(q, 0));
	return more;
}

int search_find(struct search *x, struct str query, size_t limit, struct arena *a, struct search_row **rows, size_t *n,
		struct err *err)
{
	AUTO(buf) match = BUF_INIT(4 * LIMIT_URL);
	struct str *months = NULL, first = { 0 };
	int64_t *ids = NULL;
	size_t n_months = 0, n_ids = 0;

	*rows = NULL;
	*n = 0;
	if (fts_query(query, &match, &first, err) < 0 || months_read(x, a, &months, &n_months, err) < 0)
		return err->code;
	for (size_t i = 0; i < n_months && n_ids < limit; i++)
		if (find_in_month(x, months[i], buf_str(&match), limit, a, &ids, &n_ids, err) < 0)
			return err->code;
	for (size_t i = 0; i < n_ids; i++) {
		struct search_row row;
		int found = row_read(x, ids[i], first, a, &row, err);

		if (found < 0)
			return found;
		if (found)
			*(struct search_row *)arena_push(a, rows, n, sizeof(row)) = row;
	}
	return 0;
}
