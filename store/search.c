/* search.c - full text: the queue of revisions, the query language, rows; the index itself is the engine's (search_engine.h) */
#include "store/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "store/search_engine.h"

enum { BATCH_BYTES = 16 << 20, WORDS_BYTES = 2 * LIMIT_TEXT, QUEUED_AT_ONCE = 20000, MONTHS_HOLDING = 6 };

struct search *search_open(struct store *s, bool make, struct err *err)
{
	struct search *x = must_alloc(1, sizeof(*x));

	x->store = s;
	x->words = words_new();
	x->engine = db_engine(s->db) == DB_SQLITE ? &search_sqlite : &search_postgresql;
	if (x->engine->open(x, make, err) == 0)
		return x;
	search_free(x);
	return NULL;
}

void search_free(struct search *x)
{
	if (!x)
		return;
	query_free(x->insert);
	if (x->db != x->store->db)
		db_free(x->db);
	words_free(x->words);
	free(x);
}

/* In pieces, each a short transaction: beside a monitor nobody may hold a large store for long. */
int search_queue_all(struct store *s, struct err *err)
{
	struct query *q;
	int64_t last;

	if (db_get(s->db, &q, "SELECT coalesce((SELECT max(id) FROM revision), 0)", NULL, "an answer", err) < 0)
		return err->code;
	last = db_int(q, 0);
	db_end(q);
	for (int64_t after = 0; after < last; after += QUEUED_AT_ONCE)
		if (db_do(s->db,
			  "INSERT INTO index_queue (revision_id) SELECT id FROM revision WHERE id > :after AND id <= :to"
			  " ON CONFLICT DO NOTHING",
			  ARGS(arg_int(":after", after), arg_int(":to", after + QUEUED_AT_ONCE)), err) < 0)
			return err->code;
	return 0;
}

int search_queue_month(struct store *s, int64_t from, int64_t to, struct err *err)
{
	struct query *q;
	int64_t last;

	if (db_get(s->db, &q, "SELECT coalesce((SELECT max(id) FROM revision), 0)", NULL, "an answer", err) < 0)
		return err->code;
	last = db_int(q, 0);
	db_end(q);
	for (int64_t after = 0; after < last; after += QUEUED_AT_ONCE)
		if (db_do(s->db,
			  "INSERT INTO index_queue (revision_id) SELECT id FROM revision WHERE id > :after AND id <= :to"
			  " AND first_seen >= :begin AND first_seen < :end"
			  " AND NOT EXISTS (SELECT 1 FROM purged WHERE purged.revision_id = revision.id) ON CONFLICT DO "
			  "NOTHING",
			  ARGS(arg_int(":after", after), arg_int(":to", after + QUEUED_AT_ONCE), arg_int(":begin", from),
			       arg_int(":end", to)),
			  err) < 0)
			return err->code;
	return 0;
}

int search_forgot(struct db *d, int64_t from, int64_t to, struct err *err)
{
	return db_do(d, "DELETE FROM unindex WHERE first_seen >= :from AND first_seen < :to",
		     ARGS(arg_int(":from", from), arg_int(":to", to)), err);
}

int search_leave_queue(struct db *d, const int64_t *ids, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (db_do(d, "DELETE FROM index_queue WHERE revision_id = :id", ARGS(arg_int(":id", ids[i])), err) < 0)
			return err->code;
	return 0;
}

int search_months(struct search *x, const char *sql, struct arena *a, struct str **months, size_t *n, struct err *err)
{
	struct query *q = db_query(x->db, sql, err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		*(struct str *)arena_push(a, months, n, sizeof(**months)) = arena_copy(a, db_text(q, 0));
	return more;
}

int search_ids(struct search *x, const char *sql, struct str match, size_t limit, struct arena *a, int64_t **ids, size_t *n,
	       struct err *err)
{
	AUTO_FREE(query) q = db_prepare(x->db, sql, err);
	int more = q ? 0 : err->code;

	if (q)
		db_bind(q, ARGS(arg_text(":match", match), arg_int(":limit", (int64_t)limit)));
	while (q && (more = db_step(q, err)) > 0)
		*(int64_t *)arena_push(a, ids, n, sizeof(**ids)) = db_int(q, 0);
	return more;
}

void search_say_phrase(struct str words, const char *quote, const char *between, struct buf *out)
{
	struct str word;

	for (size_t i = 0; str_split(&words, ' ', &word); i++)
		buf_printf(out, "%s%s%.*s%s", i ? between : "", quote, STR_ARG(word), quote);
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

	while (q && bytes < BATCH_BYTES && (more = db_step(q, err)) > 0) {
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

/* From its first microsecond to that of the next one. */
static void month_span(const struct month *m, int64_t *from, int64_t *to)
{
	uint64_t number = 0;

	MUST(str_number(str_of(m->name + strlen("post_")), 999999, &number));
	*from = clock_from_civil((int64_t)(number / 100), (int)(number % 100), 1, 0, 0, 0);
	*to = number % 100 == 12 ? clock_from_civil((int64_t)(number / 100) + 1, 1, 1, 0, 0, 0)
				 : clock_from_civil((int64_t)(number / 100), (int)(number % 100) + 1, 1, 0, 0, 0);
}

static int forget_all(struct search *x, struct err *err)
{
	int64_t from, to;
	struct month month;
	struct query *q;
	int found;

	while ((found = db_get(x->store->db, &q, "SELECT first_seen FROM unindex ORDER BY first_seen LIMIT 1", NULL, NULL,
			       err)) > 0) {
		month = month_of(db_int(q, 0));
		db_end(q);
		month_span(&month, &from, &to);
		if (x->engine->forget(x, &month, from, to, err) < 0)
			return err->code;
	}
	return found;
}

int search_forget(struct store *s, bool whole, bool *left, struct err *err)
{
	AUTO_FREE(search) x = search_open(s, true, err);

	if (!x || db_forgetful(x->db, err) < 0 || forget_all(x, err) < 0)
		return err->code;
	if (db_engine(x->db) != DB_SQLITE) /* it lies in the store's own */
		return 0;
	return db_shrink(x->db, whole, left, err);
}

/* The statement that inserts into this month's table. */
static int month_need(struct search *x, int64_t at, struct err *err)
{
	const struct month month = month_of(at);

	if (strcmp(month.name, x->month.name) == 0)
		return 0;
	query_free(x->insert);
	x->insert = NULL;
	x->month.name[0] = '\0';
	if (x->engine->month_open(x, &month, err) < 0)
		return err->code;
	x->month = month;
	return 0;
}

/* What is indexed of a revision, as words: the fields apart, so that no phrase reaches over their border. */
static int insert_one(struct search *x, const struct waiting *w, struct buf words[SEARCH_FIELDS], struct err *err)
{
	const struct str fields[SEARCH_FIELDS] = { w->title, w->author, w->text };
	int known = x->engine->known(x, w->id, err);

	if (known)
		return known < 0 ? known : 0;
	if (month_need(x, w->first_seen, err) < 0)
		return err->code;
	for (int i = 0; i < SEARCH_FIELDS; i++) {
		buf_clear(&words[i]);
		words_of(x->words, fields[i], &words[i]);
	}
	return x->engine->insert(x, w->id, words, err);
}

static int insert_all(struct search *x, const struct waiting *rows, size_t n, struct err *err)
{
	struct buf words[SEARCH_FIELDS] = { BUF_INIT(WORDS_BYTES), BUF_INIT(WORDS_BYTES), BUF_INIT(WORDS_BYTES) };
	int result = 0;

	for (size_t i = 0; i < n && result >= 0; i++)
		result = insert_one(x, &rows[i], words, err);
	for (int i = 0; i < SEARCH_FIELDS; i++)
		buf_release(&words[i]);
	return result;
}

int search_index(struct search *x, size_t max, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct waiting *rows = NULL;
	struct query *q;
	int64_t *ids;
	size_t n = 0;
	int found;

	found = db_get(x->store->db, &q, "SELECT revision_id FROM index_queue LIMIT 1", NULL, NULL, err);
	if (found <= 0)
		return found;
	db_end(q);
	/* What is purged meanwhile is forgotten after this transaction (search_forget), or not read in it. */
	if (db_begin(x->db, err) < 0)
		return err->code;
	found = waiting_read(x, max, a, &rows, &n, err);
	if (found < 0 || n == 0) {
		db_rollback(x->db);
		return found;
	}
	ids = arena_alloc(a, n * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	if (insert_all(x, rows, n, err) < 0) {
		query_free(x->insert); /* its table may go with the transaction */
		x->insert = NULL;
		x->month.name[0] = '\0';
		db_rollback(x->db);
		return err->code;
	}
	return x->engine->commit(x, ids, n, err) < 0 ? err->code : (int)n;
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

/* The query as phrases of words. */
static int query_read(struct search *x, struct str query, struct arena *a, struct search_query *out, struct err *err)
{
	struct str word;
	bool minus, prefix;
	size_t wanted = 0;

	while (next_word(&query, &word, &minus, &prefix)) {
		AUTO(buf) words = BUF_INIT(LIMIT_URL);
		struct search_phrase *p;

		if (words_of(x->words, word, &words) == 0)
			continue;
		if (words.full || out->n == SEARCH_PHRASES)
			return err_set(err, E_USAGE, "the query is too long");
		p = arena_push(a, &out->phrases, &out->n, sizeof(*p));
		*p = (struct search_phrase){ arena_copy(a, buf_str(&words)), minus, prefix };
		wanted += !minus;
		if (!minus && !out->first.n)
			out->first = word;
	}
	return wanted ? 0 : err_set(err, E_USAGE, "nothing to look for: give at least one word without a minus");
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

int search_find(struct search *x, struct str query, size_t limit, struct arena *a, struct search_row **rows, size_t *n,
		struct err *err)
{
	AUTO(buf) match = BUF_INIT(8 * LIMIT_URL);
	struct search_query parsed = { 0 };
	struct str *months = NULL;
	int64_t *ids = NULL;
	size_t n_months = 0, n_ids = 0;

	*rows = NULL;
	*n = 0;
	if (query_read(x, query, a, &parsed, err) < 0)
		return err->code;
	x->engine->say(&parsed, &match);
	if (match.full)
		return err_set(err, E_USAGE, "the query is too long");
	if (x->engine->months(x, a, &months, &n_months, err) < 0)
		return err->code;
	for (size_t i = 0; i < n_months && n_ids < limit; i++)
		if (x->engine->find(x, months[i], buf_str(&match), limit - n_ids, a, &ids, &n_ids, err) < 0)
			return err->code;
	for (size_t i = 0; i < n_ids; i++) {
		struct search_row row;
		int found = row_read(x, ids[i], parsed.first, a, &row, err);

		if (found < 0)
			return found;
		if (found)
			*(struct search_row *)arena_push(a, rows, n, sizeof(row)) = row;
	}
	return 0;
}

/* A writer waits for this: what is quoted is young. */
int search_holding(struct search *x, struct str words, size_t limit, struct arena *a, int64_t **ids, size_t *n, struct err *err)
{
	AUTO(buf) match = BUF_INIT(8 * LIMIT_URL);
	struct search_phrase phrase = { .words = words };
	const struct search_query query = { .phrases = &phrase, .n = 1 };
	struct str *months = NULL;
	size_t n_months = 0;

	*ids = NULL;
	*n = 0;
	x->engine->say(&query, &match);
	if (match.full)
		return err_set(err, E_USAGE, "the words are too many");
	if (x->engine->months(x, a, &months, &n_months, err) < 0)
		return err->code;
	for (size_t i = 0; i < n_months && i < MONTHS_HOLDING && *n < limit; i++)
		if (x->engine->find(x, months[i], buf_str(&match), limit - *n, a, ids, n, err) < 0)
			return err->code;
	return 0;
}
