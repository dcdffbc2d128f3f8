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
#include "store/snippet.h"
#include "store/wanted.h"

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

int search_queue_all(struct store *s, struct err *err)
{
	return search_queue_month(s, INT64_MIN, INT64_MAX, err);
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

/* The words of a query as phrases in the engine's form; none when they are nothing but signs. */
static int phrases_of(struct search *x, const struct wanted *w, struct arena *a, struct search_query *out, struct err *err)
{
	size_t positive = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct wanted_term *t = &w->terms[i];
		AUTO(buf) words = BUF_INIT(LIMIT_URL);
		struct search_phrase *p;

		if (t->field != WANTED_WORDS || words_of(x->words, t->text, &words) == 0)
			continue;
		if (words.full)
			return err_set(err, E_USAGE, "the query is too long");
		p = arena_push(a, &out->phrases, &out->n, sizeof(*p));
		*p = (struct search_phrase){ arena_copy(a, buf_str(&words)), t->minus, t->prefix };
		positive += !t->minus;
	}
	if (!positive && !w->has_fields)
		return err_set(err, E_USAGE, "nothing to look for: give at least one word without a minus, or a field");
	return (int)positive;
}

/* Revisions that hold the words, the newest first. */
static int ids_by_words(struct search *x, const struct search_query *q, size_t most, struct arena *a, int64_t **ids, size_t *n,
			struct err *err)
{
	AUTO(buf) match = BUF_INIT(8 * LIMIT_URL);
	struct str *months = NULL;
	size_t n_months = 0;

	x->engine->say(q, &match);
	if (match.full)
		return err_set(err, E_USAGE, "the query is too long");
	if (x->engine->months(x, a, &months, &n_months, err) < 0)
		return err->code;
	for (size_t i = 0; i < n_months && *n < most; i++)
		if (x->engine->find(x, months[i], buf_str(&match), most - *n, a, ids, n, err) < 0)
			return err->code;
	return 0;
}

/* Does a query ask for what only findings have? */
static bool wants_finding(const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->terms[i].minus && w->terms[i].field != WANTED_WORDS && w->terms[i].field != WANTED_SITE &&
		    w->terms[i].field != WANTED_AUTHOR && w->terms[i].field != WANTED_AFTER &&
		    w->terms[i].field != WANTED_BEFORE)
			return true;
	return false;
}

/* Without words: the newest revision of each finding, or post, the newest first. */
static int ids_by_fields(struct search *x, const struct wanted *w, size_t most, struct arena *a, int64_t **ids, size_t *n,
			 struct err *err)
{
	struct query *q = db_ask(
		x->store->db,
		wants_finding(w) ? "SELECT (SELECT max(revision.id) FROM revision WHERE revision.post_id = finding.post_id)"
				   " FROM finding WHERE finding.id < :before ORDER BY finding.id DESC LIMIT :limit"
				 : "SELECT (SELECT max(revision.id) FROM revision WHERE revision.post_id = post.id)"
				   " FROM post WHERE post.id < :before ORDER BY post.id DESC LIMIT :limit",
		ARGS(arg_int(":before", INT64_MAX), arg_int(":limit", (int64_t)most)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		*(int64_t *)arena_push(a, ids, n, sizeof(**ids)) = db_int(q, 0);
	return more;
}

/* What fields are asked of, of a post with this revision: 1, 0 when it is gone. */
static int facts_read(struct search *x, int64_t revision_id, struct arena *a, struct search_row *row, struct err *err)
{
	struct query *q;
	int found = db_get(x->store->db, &q,
			   "SELECT source.name, title, author, url, finding.public_id, revision.first_seen, severity, category,"
			   " asset, language, verdict, campaign.public_id FROM revision"
			   " JOIN post ON post.id = revision.post_id JOIN source ON source.id = post.source_id"
			   " LEFT JOIN finding ON finding.post_id = post.id"
			   " LEFT JOIN campaign ON campaign.id = finding.campaign_id WHERE revision.id = :id",
			   ARGS(arg_int(":id", revision_id)), NULL, err);

	if (found <= 0)
		return found;
	*row = (struct search_row){
		.source = arena_copy(a, db_text(q, 0)),
		.title = arena_copy(a, db_text(q, 1)),
		.author = arena_copy(a, db_text(q, 2)),
		.url = arena_copy(a, db_text(q, 3)),
		.finding = arena_copy(a, db_text(q, 4)),
		.first_seen = db_int(q, 5),
		.severity = (int)db_int(q, 6),
		.category = arena_copy(a, db_text(q, 7)),
		.asset = arena_copy(a, db_text(q, 8)),
		.language = arena_copy(a, db_text(q, 9)),
		.verdict = arena_copy(a, db_text(q, 10)),
		.campaign = arena_copy(a, db_text(q, 11)),
	};
	db_end(q);
	return 1;
}

static int text_read(struct search *x, int64_t revision_id, struct arena *a, struct str *text, struct err *err)
{
	struct query *q;
	int64_t coding, size;
	struct str content;

	if (db_get(x->store->db, &q,
		   "SELECT coding, size, content FROM revision JOIN body ON body.id = body_id WHERE revision.id = :id",
		   ARGS(arg_int(":id", revision_id)), "the text of a post", err) < 0)
		return err->code;
	coding = db_int(q, 0);
	size = db_int(q, 1);
	content = arena_copy(a, db_text(q, 2));
	db_end(q);
	return body_decode(x->store, coding, size, content, a, text, err);
}

static bool row_fits(const struct wanted *w, const struct search_row *r)
{
	return wanted_fits(w, &(struct wanted_post){ .source = r->source,
						     .author = r->author,
						     .first_seen = r->first_seen,
						     .is_finding = r->finding.n > 0,
						     .asset = r->asset,
						     .category = r->category,
						     .language = r->language,
						     .campaign = r->campaign,
						     .verdict = r->verdict,
						     .severity = r->severity });
}

struct looking {
	struct search *x;
	struct wanted wanted;
	struct search_query phrases;
	bool by_words;
	size_t most;	       /* rows that are kept */
	struct arena *a, *one; /* one: of a post that is looked at */
	struct search_answer *out;
};

/* A row with its excerpt, when it fits. */
static int look_at(struct looking *l, int64_t revision_id, struct err *err)
{
	struct search_row row;
	struct str text, texts[SEARCH_FIELDS];
	int found = facts_read(l->x, revision_id, l->one, &row, err);

	if (found <= 0 || !row_fits(&l->wanted, &row))
		return found < 0 ? found : 0;
	if (text_read(l->x, revision_id, l->one, &text, err) < 0)
		return err->code;
	texts[0] = row.title;
	texts[1] = row.author;
	texts[2] = text;
	if (!l->by_words && !wanted_holds(&l->wanted, l->x->words, texts, SEARCH_FIELDS))
		return 0;
	if (facts_read(l->x, revision_id, l->a, &row, err) < 0)
		return err->code;
	snippet_make(l->x->words, &l->phrases, row.title, text, l->a, l->one, &row);
	*(struct search_row *)arena_push(l->a, &l->out->rows, &l->out->n, sizeof(row)) = row;
	return 0;
}

static int by_rank(const void *one, const void *other)
{
	const struct search_row *x = one, *y = other;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->relevance != y->relevance)
		return x->relevance > y->relevance ? -1 : 1;
	if (x->first_seen != y->first_seen)
		return x->first_seen > y->first_seen ? -1 : 1;
	return str_cmp(x->url, y->url);
}

static int look_at_all(struct looking *l, const int64_t *ids, size_t n, struct err *err)
{
	for (size_t i = 0; i < n && l->out->n < l->most; i++) {
		if (look_at(l, ids[i], err) < 0)
			return err->code;
		arena_clear(l->one);
	}
	return 0;
}

/* So many that the order is known to be that of all. */
static size_t rows_needed(const struct search_wish *w)
{
	if (w->newest || w->limit > SEARCH_RANKED)
		return w->limit;
	return SEARCH_RANKED + 1;
}

static void rank(const struct search_wish *w, struct search_answer *out)
{
	out->ranked = !w->newest && out->n <= SEARCH_RANKED && !out->cut;
	if (out->ranked && out->n)
		qsort(out->rows, out->n, sizeof(*out->rows), by_rank);
	out->n = out->n < w->limit ? out->n : w->limit;
}

int search_look(struct search *x, const struct search_wish *w, struct arena *a, struct search_answer *out, struct err *err)
{
	AUTO_FREE(arena) one = arena_new(LIMIT_ARENA);
	struct looking l = { .x = x, .a = a, .one = one, .out = out, .most = rows_needed(w) };
	int64_t *ids = NULL;
	size_t n = 0, most = l.most;
	int positive;

	*out = (struct search_answer){ 0 };
	if (wanted_parse(w->query, a, &l.wanted, err) < 0)
		return err->code;
	positive = phrases_of(x, &l.wanted, a, &l.phrases, err);
	if (positive < 0)
		return positive;
	l.by_words = positive > 0;
	if (l.wanted.has_fields)
		most = SEARCH_LOOKED_AT;
	if ((l.by_words ? ids_by_words(x, &l.phrases, most, a, &ids, &n, err)
			: ids_by_fields(x, &l.wanted, most, a, &ids, &n, err)) < 0 ||
	    look_at_all(&l, ids, n, err) < 0)
		return err->code;
	out->cut = l.wanted.has_fields && n == SEARCH_LOOKED_AT && out->n < l.most;
	rank(w, out);
	return 0;
}

int search_find(struct search *x, struct str query, size_t limit, struct arena *a, struct search_row **rows, size_t *n,
		struct err *err)
{
	struct search_answer answer;

	*rows = NULL;
	*n = 0;
	if (search_look(x, &(struct search_wish){ query, limit, true }, a, &answer, err) < 0)
		return err->code;
	*rows = answer.rows;
	*n = answer.n;
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
