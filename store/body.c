/* body.c - the texts of revisions, compressed with a dictionary learnt from the store's own first texts */
/*
 * A text that was kept before is kept once more only when it was long ago: what is remembered is a table in memory. An index of
 * all digests would cost each text a random page, half of the writer's speed at a few million of them (`make bench-long`).
 */
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/must.h"
#include "store/internal.h"

enum {
	REMEMBERED = 1 << 17, /* 2 MiB; a site's reposts follow each other within hours */
	RECALLED = 20000,     /* of them, when the writer starts */
	CODING_PLAIN = 0,
	CODING_ZSTD = 1,
	DICTIONARY_CODINGS = 2,	     /* coding of dictionary 1 is 2, and so on */
	LEVEL = 1,		     /* zstd's 3 saves an eighth more and takes a third of the writer's speed: `make bench` */
	LEARN_FROM = 1000,	     /* texts that a dictionary is trained on ... */
	LEARN_BYTES = 4 << 20,	     /* ... or so many bytes of them, whichever comes first */
	LEARN_TEXT = 16 << 10,	     /* the beginning of a text is enough */
	RENEWED = 500,		     /* coded anew at once ... */
	RENEWED_BYTES = 8 << 20,     /* ... or so many bytes of them */
	DICTIONARY_BYTES = 32 << 10, /* larger ones gained nothing on pastes */
};

/* A text that was kept: its key and its row. */
struct remembered {
	int64_t key, id; /* id 0: nobody */
};

struct bodies {
	ZSTD_CCtx *compressor;
	ZSTD_DCtx *decompressor;
	int64_t dictionary; /* its id; 0 while there is none */
	bool checked;	    /* in this transaction: it is not stale */
	ZSTD_CDict *compressing;
	ZSTD_DDict *decompressing; /* of `decoding` */
	int64_t decoding;
	struct remembered *recent; /* REMEMBERED of them, each in the place that its key says */
	struct buf samples, coded;
	size_t sizes[LEARN_FROM], n;
};

void bodies_free(struct bodies *b)
{
	if (!b)
		return;
	ZSTD_freeCCtx(b->compressor);
	ZSTD_freeDCtx(b->decompressor);
	ZSTD_freeCDict(b->compressing);
	ZSTD_freeDDict(b->decompressing);
	buf_release(&b->samples);
	buf_release(&b->coded);
	free(b->recent);
	free(b);
}

static struct bodies *bodies_of(struct store *s)
{
	struct bodies *b = s->bodies;

	if (b)
		return b;
	b = s->bodies = must_alloc(1, sizeof(*b));
	b->compressor = ZSTD_createCCtx();
	b->decompressor = ZSTD_createDCtx();
	MUST(b->compressor && b->decompressor);
	b->samples.max = LEARN_BYTES;
	b->coded.max = ZSTD_compressBound(LIMIT_TEXT);
	return b;
}

void bodies_unchecked(struct bodies *b)
{
	if (b)
		b->checked = false;
}

/* Is the dictionary of this process still one to code with? Asked once in each transaction: a purge may have made it stale. */
static int dictionary_check(struct store *s, struct bodies *b, struct err *err)
{
	struct query *q;
	int found;

	if (!b->dictionary || b->checked)
		return b->dictionary != 0;
	found = db_get(s->db, &q, "SELECT 1 FROM dictionary WHERE id = :id AND stale = 0", ARGS(arg_int(":id", b->dictionary)),
		       NULL, err);
	if (found > 0)
		db_end(q);
	b->checked = found > 0;
	if (found != 0)
		return found;
	ZSTD_freeCDict(b->compressing);
	b->compressing = NULL;
	b->dictionary = 0;
	b->samples.max = LEARN_BYTES;
	b->n = 0;
	return 0;
}

/* The newest dictionary, when this process has none yet. 1 there is one, 0 none. */
static int dictionary_load(struct store *s, struct bodies *b, struct err *err)
{
	struct query *q;
	struct str content;
	int found = dictionary_check(s, b, err);

	if (found)
		return found;
	found = db_get(s->db, &q, "SELECT id, content FROM dictionary WHERE stale = 0 ORDER BY id DESC LIMIT 1", NULL, NULL,
		       err);
	if (found <= 0)
		return found;
	b->dictionary = db_int(q, 0);
	content = db_text(q, 1);
	b->compressing = ZSTD_createCDict(content.p, content.n, LEVEL);
	MUST(b->compressing);
	db_end(q);
	buf_release(&b->samples);
	return 1;
}

static int dictionary_train(struct store *s, struct bodies *b, int64_t now, struct err *err)
{
	AUTO(buf) dictionary = BUF_INIT(DICTIONARY_BYTES);
	char *room = buf_room(&dictionary, DICTIONARY_BYTES);
	size_t n;

	MUST(room);
	n = ZDICT_trainFromBuffer(room, DICTIONARY_BYTES, b->samples.p, b->sizes, (unsigned)b->n);
	b->n = 0;
	buf_clear(&b->samples);
	if (ZDICT_isError(n)) /* the texts have nothing in common: the next ones may */
		return 0;
	return db_do(s->db, "INSERT INTO dictionary (made_at, content) VALUES (:now, :content)",
		     ARGS(arg_int(":now", now), arg_blob(":content", (struct str){ room, n })), err);
}

/* Remember a text until there are enough of them for a dictionary. */
static int dictionary_learn(struct store *s, struct bodies *b, struct str text, int64_t now, struct err *err)
{
	struct str sample = str_slice(text, 0, text.n < LEARN_TEXT ? text.n : LEARN_TEXT);

	if (sample.n && buf_add(&b->samples, sample) == 0)
		b->sizes[b->n++] = sample.n;
	if (b->n < LEARN_FROM && !b->samples.full)
		return 0;
	return dictionary_train(s, b, now, err);
}

/* The text compressed, borrowed until the next one; or as it is, when that is shorter. */
static struct str encode(struct bodies *b, struct str text, int64_t *coding)
{
	size_t bound = ZSTD_compressBound(text.n), n;
	char *room;

	*coding = CODING_PLAIN;
	buf_clear(&b->coded);
	room = buf_room(&b->coded, bound);
	if (!room)
		return text;
	n = b->dictionary ? ZSTD_compress_usingCDict(b->compressor, room, bound, text.p, text.n, b->compressing)
			  : ZSTD_compressCCtx(b->compressor, room, bound, text.p, text.n, LEVEL);
	if (ZSTD_isError(n) || n >= text.n)
		return text;
	*coding = b->dictionary ? DICTIONARY_CODINGS - 1 + b->dictionary : CODING_ZSTD;
	return (struct str){ room, n };
}

static int64_t key_of(const unsigned char digest[DIGEST_BYTES])
{
	int64_t key;

	memcpy(&key, digest, sizeof(key));
	return key;
}

static void remember(struct bodies *b, int64_t key, int64_t id)
{
	b->recent[(uint64_t)key % REMEMBERED] = (struct remembered){ key, id };
}

/* The texts that were kept last, by whoever wrote before. */
static int recall(struct store *s, struct bodies *b, struct err *err)
{
	struct query *q;
	int more = 0;

	if (b->recent)
		return 0;
	b->recent = must_alloc(REMEMBERED, sizeof(*b->recent));
	q = db_ask(s->db, "SELECT digest_key, id FROM body WHERE id > (SELECT max(id) FROM body) - :most ORDER BY id DESC",
		   ARGS(arg_int(":most", RECALLED)), err);
	while (q && (more = db_step(q, err)) > 0)
		if (!b->recent[(uint64_t)db_int(q, 0) % REMEMBERED].id)
			remember(b, db_int(q, 0), db_int(q, 1));
	return q ? more : err->code;
}

/* The row of a text that is remembered and still there: 1 and its id, 0 none. */
static int body_find(struct store *s, struct bodies *b, const unsigned char digest[DIGEST_BYTES], int64_t *id, struct err *err)
{
	const struct remembered *r = &b->recent[(uint64_t)key_of(digest) % REMEMBERED];
	struct query *q;
	int found;

	if (r->key != key_of(digest) || !r->id)
		return 0;
	found = db_get(s->db, &q, "SELECT 1 FROM body WHERE id = :id AND digest = :digest",
		       ARGS(arg_int(":id", r->id), arg_bytes(":digest", digest, DIGEST_BYTES)), NULL, err);
	if (found > 0) {
		*id = r->id;
		db_end(q);
	}
	return found;
}

int body_keep(struct store *s, struct str text, const unsigned char digest[DIGEST_BYTES], int64_t now, int64_t *id,
	      struct err *err)
{
	struct bodies *b = bodies_of(s);
	struct query *q;
	struct str content;
	int64_t coding;
	int found = recall(s, b, err) < 0 ? err->code : body_find(s, b, digest, id, err);

	if (found)
		return found < 0 ? found : 0;
	found = dictionary_load(s, b, err);
	if (found < 0 || (found == 0 && dictionary_learn(s, b, text, now, err) < 0))
		return err->code;
	content = encode(b, text, &coding);
	if (db_get(s->db, &q,
		   "INSERT INTO body (digest_key, digest, coding, size, content)"
		   " VALUES (:key, :digest, :coding, :size, :content) RETURNING id",
		   ARGS(arg_int(":key", key_of(digest)), arg_bytes(":digest", digest, DIGEST_BYTES), arg_int(":coding", coding),
			arg_int(":size", (int64_t)text.n), arg_blob(":content", content)),
		   "the body that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	remember(b, key_of(digest), *id);
	return 0;
}

static int decoder_load(struct store *s, struct bodies *b, int64_t dictionary, struct err *err)
{
	struct query *q;
	struct str content;

	if (b->decoding == dictionary)
		return 0;
	if (db_get(s->db, &q, "SELECT content FROM dictionary WHERE id = :id", ARGS(arg_int(":id", dictionary)),
		   "a dictionary that texts were compressed with", err) < 0)
		return err->code;
	content = db_text(q, 0);
	ZSTD_freeDDict(b->decompressing);
	b->decompressing = ZSTD_createDDict(content.p, content.n);
	b->decoding = b->decompressing ? dictionary : 0;
	db_end(q);
	return b->decoding ? 0 : err_set(err, E_STORE, "dictionary %lld is damaged", (long long)dictionary);
}

int body_decode(struct store *s, int64_t coding, int64_t size, struct str content, struct arena *a, struct str *text,
		struct err *err)
{
	struct bodies *b = bodies_of(s);
	char *out;
	size_t n;

	if (size < 0 || size > (int64_t)LIMIT_TEXT || (coding == CODING_PLAIN && size != (int64_t)content.n))
		return err_set(err, E_STORE, "a text says that it has %lld bytes, which cannot be; restore a copy",
			       (long long)size);
	if (coding == CODING_PLAIN) {
		*text = arena_copy(a, content);
		return 0;
	}
	content = arena_copy(a, content); /* loading a dictionary ends the row it was borrowed from */
	if (coding != CODING_ZSTD && decoder_load(s, b, coding - DICTIONARY_CODINGS + 1, err) < 0)
		return err->code;
	out = arena_alloc(a, (size_t)size + 1);
	n = coding == CODING_ZSTD
		    ? ZSTD_decompressDCtx(b->decompressor, out, (size_t)size, content.p, content.n)
		    : ZSTD_decompress_usingDDict(b->decompressor, out, (size_t)size, content.p, content.n, b->decompressing);
	if (ZSTD_isError(n) || n != (size_t)size)
		return err_set(err, E_STORE, "a text does not decompress (%s); restore a copy",
			       ZSTD_isError(n) ? ZSTD_getErrorName(n) : "wrong size");
	*text = (struct str){ out, n };
	return 0;
}

/* A body with its text. */
struct coded {
	int64_t id, coding, size;
	struct str content, text;
};

/* The next ones that were coded with this dictionary, behind *after. */
static int coded_read(struct store *s, int64_t dictionary, int64_t *after, struct arena *a, struct coded **rows, size_t *n,
		      struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT id, coding, size, content FROM body WHERE id > :after AND coding = :coding ORDER BY id LIMIT :most",
		ARGS(arg_int(":after", *after), arg_int(":coding", DICTIONARY_CODINGS - 1 + dictionary),
		     arg_int(":most", RENEWED)),
		err);
	size_t bytes = 0;
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && bytes < RENEWED_BYTES && (more = db_step(q, err)) > 0) {
		struct coded *c = arena_push(a, rows, n, sizeof(*c));

		*c = (struct coded){ db_int(q, 0), db_int(q, 1), db_int(q, 2), arena_copy(a, db_text(q, 3)), { 0 } };
		*after = c->id;
		bytes += (size_t)c->size;
	}
	if (more > 0)
		db_end(q);
	for (size_t i = 0; more >= 0 && i < *n; i++)
		more = body_decode(s, (*rows)[i].coding, (*rows)[i].size, (*rows)[i].content, a, &(*rows)[i].text, err);
	return more < 0 ? more : 0;
}

/* A text without a dictionary. */
static int recode(struct store *s, const struct coded *c, struct err *err)
{
	struct bodies *b = bodies_of(s);
	size_t bound = ZSTD_compressBound(c->text.n), n;
	struct str content = c->text;
	char *room;

	buf_clear(&b->coded);
	room = buf_room(&b->coded, bound);
	MUST(room);
	n = ZSTD_compressCCtx(b->compressor, room, bound, c->text.p, c->text.n, LEVEL);
	if (!ZSTD_isError(n) && n < c->text.n)
		content = (struct str){ room, n };
	return db_do(s->db, "UPDATE body SET coding = :coding, content = :content WHERE id = :id",
		     ARGS(arg_int(":coding", content.p == room ? CODING_ZSTD : CODING_PLAIN), arg_blob(":content", content),
			  arg_int(":id", c->id)),
		     err);
}

/* One short transaction: how many bodies. */
static int recode_some(struct store *s, int64_t dictionary, int64_t *after, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct coded *rows;
	size_t n;

	if (store_begin(s, err) < 0)
		return err->code;
	if (coded_read(s, dictionary, after, a, &rows, &n, err) < 0) {
		store_rollback(s);
		return err->code;
	}
	for (size_t i = 0; i < n; i++)
		if (recode(s, &rows[i], err) < 0) {
			store_rollback(s);
			return err->code;
		}
	return store_commit(s, err) < 0 ? err->code : (int)n;
}

/* Whoever wrote when it became stale has committed when the lock is had; so what was coded with it is seen. */
static int dictionary_empty(struct store *s, int64_t id, struct err *err)
{
	const struct db_arg its = arg_int(":id", id);

	if (store_begin(s, err) < 0)
		return err->code;
	if ((db_engine(s->db) == DB_POSTGRESQL && db_exec(s->db, "LOCK TABLE body IN EXCLUSIVE MODE", err) < 0) ||
	    db_do(s->db,
		  "UPDATE dictionary SET content = :nothing, stale = 2 WHERE id = :id AND NOT EXISTS"
		  " (SELECT 1 FROM body WHERE coding = :coding)",
		  ARGS(its, arg_blob(":nothing", STR("")), arg_int(":coding", DICTIONARY_CODINGS - 1 + id)), err) < 0) {
		store_rollback(s);
		return err->code;
	}
	return store_commit(s, err);
}

int bodies_renew(struct store *s, struct err *err)
{
	struct query *q;
	int found;

	while ((found = db_get(s->db, &q, "SELECT id FROM dictionary WHERE stale = 1 ORDER BY id LIMIT 1", NULL, NULL, err)) >
	       0) {
		int64_t id = db_int(q, 0), after = 0;
		int n;

		db_end(q);
		while ((n = recode_some(s, id, &after, err)) > 0)
			;
		if (n < 0 || dictionary_empty(s, id, err) < 0)
			return err->code;
	}
	return found;
}
