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

/* The newest dictionary, when this process has none yet. 1 there is one, 0 none. */
static int dictionary_load(struct store *s, struct bodies *b, struct err *err)
{
	struct query *q;
	struct str content;
	int found;

	if (b->dictionary)
		return 1;
	found = db_get(s->db, &q, "SELECT id, content FROM dictionary ORDER BY id DESC LIMIT 1", NULL, NULL, err);
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
