/* evidence.c - captures, and those that are sealed */
#include "store/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "store/evidence_row.h"
#include "store/segment.h"

/* What is at hand for sealing; the key is read for each transaction, so that a new one needs no restart. */
struct sealing {
	const struct segment_disk *disk; /* NULL: the system's */
	int64_t max_bytes;
	struct segments *files;
	struct seal_public key;
	bool begun; /* something was kept in the transaction that is open */
};

static struct sealing *sealing_of(struct store *s)
{
	if (!s->sealing)
		s->sealing = must_alloc(1, sizeof(*s->sealing));
	return s->sealing;
}

void evidence_place(struct store *s, const struct segment_disk *disk, int64_t max_bytes)
{
	sealing_of(s)->disk = disk;
	sealing_of(s)->max_bytes = max_bytes;
}

void sealing_free(struct sealing *h)
{
	if (h)
		segments_free(h->files);
	free(h);
}

int evidence_sync(struct store *s, struct err *err)
{
	return s->sealing && s->sealing->begun ? segments_sync(s->sealing->files, err) : 0;
}

void evidence_settle(struct store *s)
{
	if (s->sealing && s->sealing->begun) {
		segments_end(s->sealing->files);
		s->sealing->begun = false;
	}
}

/* Where the last item of this node ends; all 0 when there is none. */
static int last_end(struct store *s, int64_t *segment, int64_t *end, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT segment, start_at + length FROM evidence WHERE node_id = :node"
			   " ORDER BY node_id DESC, segment DESC, start_at DESC LIMIT 1",
			   ARGS(arg_int(":node", s->node_id)), NULL, err);

	*segment = *end = 0;
	if (found <= 0)
		return found;
	*segment = db_int(q, 0);
	*end = db_int(q, 1);
	db_end(q);
	return 1;
}

/* The first item of a transaction takes the segments; one that is damaged is for evidence_ready() to tell. */
static int begin(struct store *s, struct err *err)
{
	struct sealing *h = sealing_of(s);
	int64_t segment, end;

	if (h->begun)
		return 0;
	if (!h->files)
		h->files = segments_open(s->folder, s->node, h->max_bytes, h->disk, err);
	if (!h->files || seal_public_read(s->folder, &h->key, err) < 0 || last_end(s, &segment, &end, err) < 0 ||
	    segments_begin(h->files, segment, end, err) < 0)
		return err->code;
	h->begun = true;
	return 0;
}

/* What came from outside as the database takes it. */
static struct str clean(struct arena *a, struct str s)
{
	size_t replaced;

	return utf8_is_clean(s) ? s : utf8_clean(a, s, &replaced);
}

int capture_keep_facts(struct store *s, const struct capture_facts *f, int64_t *id, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char public_id[PUBLIC_ID];
	struct query *q;

	if (db_get(s->db, &q,
		   "INSERT INTO capture (public_id, node_id, source_id, asked_url, url, hops, status, address, tls_leaf,"
		   " body_digest, started_at, ended_at) VALUES (:public, :node, :source, :asked, :url, :hops, :status, "
		   ":address,"
		   " :leaf, :body, :started, :ended) RETURNING id",
		   ARGS(arg_text(":public", public_id_new(public_id)), arg_int(":node", s->node_id),
			arg_int(":source", f->source_id), arg_text(":asked", clean(a, f->asked_url)),
			arg_text(":url", clean(a, f->url)), arg_int(":hops", f->hops), arg_int(":status", f->status),
			arg_text(":address", clean(a, f->address)), arg_blob_or_null(":leaf", f->tls_leaf),
			arg_blob(":body", f->body_digest), arg_int(":started", f->started_at), arg_int(":ended", f->ended_at)),
		   "the capture that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	return 0;
}

int capture_keep(struct store *s, int64_t source_id, const struct trail *t, int64_t *id, struct err *err)
{
	const struct exchange *first = &t->exchanges[0], *page = &t->exchanges[t->n - 1];
	unsigned char digest[DIGEST_BYTES];
	const struct capture_facts facts = {
		.source_id = source_id,
		.asked_url = first->url,
		.url = page->url,
		.address = page->address,
		.tls_leaf = page->leaf,
		.body_digest = { (const char *)digest, sizeof(digest) },
		.hops = (int)t->n - 1,
		.status = page->status,
		.started_at = first->started_at,
		.ended_at = page->ended_at,
	};

	digest_sha256(page->body, digest);
	return capture_keep_facts(s, &facts, id, err);
}

int capture_drop(struct store *s, int64_t id, struct err *err)
{
	return db_do(s->db, "DELETE FROM capture WHERE id = :id", ARGS(arg_int(":id", id)), err);
}

/* Seal the records, append them, write the row. */
static int keep(struct store *s, int64_t capture_id, const char *kind, struct str records, int64_t now, int64_t *id,
		struct err *err)
{
	AUTO(buf) sealed = BUF_INIT(LIMIT_ITEM);
	unsigned char bytes[DIGEST_ID_BYTES], wrapped[SEAL_WRAPPED], digest[DIGEST_BYTES], content[DIGEST_BYTES];
	char public_id[PUBLIC_ID];
	struct segment_place place;
	struct query *q;

	if (begin(s, err) < 0)
		return err->code;
	digest_random(bytes, sizeof(bytes));
	digest_hex(bytes, sizeof(bytes), public_id);
	digest_sha256(records, content);
	if (seal_put(records, str_of(public_id), &s->sealing->key, &sealed, wrapped, err) < 0)
		return err->code;
	digest_sha256(buf_str(&sealed), digest);
	if (segments_append(s->sealing->files, bytes, buf_str(&sealed), digest, &place, err) < 0 ||
	    db_get(s->db, &q,
		   "INSERT INTO evidence (public_id, node_id, capture_id, kind, segment, start_at, length, digest,"
		   " content_digest, key_id, wrapped_key, sealed_at) VALUES (:public, :node, :capture, :kind, :segment, :start,"
		   " :length, :digest, :content, :key, :wrapped, :now) RETURNING id",
		   ARGS(arg_text(":public", str_of(public_id)), arg_int(":node", s->node_id), arg_int(":capture", capture_id),
			arg_text(":kind", str_of(kind)), arg_int(":segment", place.segment), arg_int(":start", place.start),
			arg_int(":length", place.length), arg_bytes(":digest", digest, DIGEST_BYTES),
			arg_bytes(":content", content, DIGEST_BYTES), arg_bytes(":key", s->sealing->key.id, DIGEST_BYTES),
			arg_bytes(":wrapped", wrapped, SEAL_WRAPPED), arg_int(":now", now)),
		   "the evidence that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	return 0;
}

/* The public ids of the findings whose texts go with a capture. */
static int name_texts(struct store *s, const struct evidence_item *item, struct arena *a, struct warc_text *texts,
		      struct err *err)
{
	struct query *q;

	for (size_t i = 0; i < item->n_texts; i++) {
		if (db_get(s->db, &q, "SELECT public_id FROM finding WHERE id = :id",
			   ARGS(arg_int(":id", item->texts[i].finding_id)), "the finding whose text is to be sealed", err) < 0)
			return err->code;
		texts[i] = (struct warc_text){ arena_copy(a, db_text(q, 0)), item->texts[i].text };
		db_end(q);
	}
	return 0;
}

int evidence_keep(struct store *s, const struct evidence_item *item, int64_t now, int64_t *id, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM - SEAL_OVERHEAD);
	struct warc_item w = { item->trail, item->facts, item->n_facts, NULL, item->n_texts };
	struct warc_text *texts = arena_alloc(a, item->n_texts * sizeof(*texts));

	w.texts = texts;
	if (name_texts(s, item, a, texts, err) < 0 || warc_put(&w, &records, err) < 0)
		return err->code;
	return keep(s, item->capture_id, "capture", buf_str(&records), now, id, err);
}

int evidence_keep_exhibit(struct store *s, int64_t capture_id, const struct warc_exhibit *e, int64_t now, int64_t *id,
			  struct err *err)
{
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM - SEAL_OVERHEAD);

	if (warc_put_exhibit(e, &records, err) < 0)
		return err->code;
	return keep(s, capture_id, "exhibit", buf_str(&records), now, id, err);
}

#define ROW                                                                                                                    \
	"evidence.id, evidence.public_id, kind, evidence.digest, content_digest, segment, start_at, length, sealed_at,"        \
	" forgotten_at, capture.id, started_at, ended_at, capture.public_id, node.public_id, asked_url, capture.url, address," \
	" tls_leaf, body_digest, hops, status"

static void take_row(struct query *q, struct arena *a, struct evidence_row *r)
{
	*r = (struct evidence_row){
		.id = db_int(q, 0),
		.public_id = arena_copy(a, db_text(q, 1)),
		.kind = arena_copy(a, db_text(q, 2)),
		.digest = arena_copy(a, db_text(q, 3)),
		.content_digest = arena_copy(a, db_text(q, 4)),
		.segment = db_int(q, 5),
		.start = db_int(q, 6),
		.length = db_int(q, 7),
		.sealed_at = db_int(q, 8),
		.forgotten_at = db_int(q, 9),
		.capture_id = db_int(q, 10),
		.started_at = db_int(q, 11),
		.ended_at = db_int(q, 12),
		.capture = arena_copy(a, db_text(q, 13)),
		.node = arena_copy(a, db_text(q, 14)),
		.asked_url = arena_copy(a, db_text(q, 15)),
		.url = arena_copy(a, db_text(q, 16)),
		.address = arena_copy(a, db_text(q, 17)),
		.tls_leaf = arena_copy(a, db_text(q, 18)),
		.body_digest = arena_copy(a, db_text(q, 19)),
		.hops = (int)db_int(q, 20),
		.status = (int)db_int(q, 21),
	};
}

int evidence_list(struct store *s, const struct evidence_filter *f, struct arena *a, struct evidence_row **rows, size_t *n,
		  struct err *err)
{
	static const char of_finding[] =
		"SELECT " ROW " FROM capture JOIN node ON node.id = capture.node_id"
		" LEFT JOIN evidence ON evidence.capture_id = capture.id"
		" WHERE capture.id IN (SELECT capture_id FROM revision JOIN finding ON finding.post_id = revision.post_id"
		"  WHERE finding.id = :finding UNION SELECT capture_id FROM takedown_check WHERE target_id "
		"IN " TAKEDOWN_TARGETS_OF ") AND (:kind = '' OR kind = :kind) AND (:after = 0 OR evidence.id > :after)"
		" ORDER BY capture.id, evidence.id LIMIT :limit";
	static const char of_all[] = "SELECT " ROW " FROM evidence JOIN capture ON capture.id = evidence.capture_id"
				     " JOIN node ON node.id = evidence.node_id"
				     " WHERE evidence.id > :after AND (:kind = '' OR kind = :kind)"
				     " ORDER BY evidence.id LIMIT :limit";
	const struct db_arg kind = arg_text(":kind", f->kind), after = arg_int(":after", f->after_id),
			    limit = arg_int(":limit", f->limit ? f->limit : LIMIT_REPORT_FINDINGS);
	struct evidence_row *list = NULL;
	size_t count = 0;
	struct query *q;
	int found;

	if (f->finding_id)
		q = db_ask(s->db, of_finding, ARGS(arg_int(":finding", f->finding_id), kind, after, limit), err);
	else
		q = db_ask(s->db, of_all, ARGS(kind, after, limit), err);
	if (!q)
		return err->code;
	while ((found = db_step(q, err)) > 0)
		take_row(q, a, arena_push(a, &list, &count, sizeof(*list)));
	if (found < 0)
		return found;
	*rows = list;
	*n = count;
	return 0;
}

int evidence_row_open(struct segment_reader *r, const struct sealed_row *row, const struct seal_private *key, struct buf *out,
		      struct err *err)
{
	AUTO(buf) sealed = BUF_INIT(LIMIT_ITEM);
	unsigned char id[DIGEST_ID_BYTES], digest[DIGEST_BYTES];
	size_t before = out->n;

	public_id_bytes(row->public_id, id);
	if (segment_read(r, &row->place, id, (const unsigned char *)row->digest.p, &sealed, err) < 0 ||
	    (key && seal_open(buf_str(&sealed), row->public_id, row->wrapped, key, out, err) < 0))
		return err->code;
	if (!key)
		return 0;
	digest_sha256((struct str){ out->p + before, out->n - before }, digest);
	if (!str_eq(row->content_digest, (struct str){ (const char *)digest, DIGEST_BYTES }))
		return err_set(err, E_VERIFY, "the item opens, but not to what was sealed: its row was altered");
	return 0;
}

void public_id_bytes(struct str public_id, unsigned char out[DIGEST_ID_BYTES])
{
	memset(out, 0, DIGEST_ID_BYTES);
	for (size_t i = 0; i < 2 * DIGEST_ID_BYTES && i < public_id.n; i++)
		out[i / 2] = (unsigned char)(out[i / 2] << 4 | (ascii_hex(public_id.p[i]) & 15));
}

void sealed_row_take(struct query *q, struct arena *a, struct sealed_row *r)
{
	*r = (struct sealed_row){
		.id = db_int(q, 0),
		.public_id = arena_copy(a, db_text(q, 1)),
		.place = { db_int(q, 2), db_int(q, 3), db_int(q, 4) },
		.digest = arena_copy(a, db_text(q, 5)),
		.content_digest = arena_copy(a, db_text(q, 6)),
		.key_id = arena_copy(a, db_text(q, 7)),
		.wrapped = arena_copy(a, db_text(q, 8)),
		.forgotten_at = db_int(q, 9),
		.forgotten = !db_is_null(q, 9),
	};
}

/* Why it cannot be opened, whatever the key. */
static int is_within_reach(struct store *s, const struct sealed_row *r, struct str node, const struct seal_private *key,
			   struct err *err)
{
	char at[CLOCK_TEXT];

	if (!str_eq(node, str_of(s->node)))
		return err_set(err, E_STORE, "evidence %.*s lies in the folder of node %.*s; read it there",
			       STR_ARG(r->public_id), STR_ARG(node));
	if (r->forgotten)
		return err_set(err, E_STORE, "evidence %.*s was purged at %s: its key is forgotten and nobody can read it",
			       STR_ARG(r->public_id), clock_rfc3339(r->forgotten_at, at));
	if (!str_eq(r->key_id, (struct str){ (const char *)key->public_half.id, DIGEST_BYTES }))
		return err_set(err, E_STORE, "evidence %.*s was sealed for another evidence key; give that one with --key FILE",
			       STR_ARG(r->public_id));
	if (r->digest.n != DIGEST_BYTES)
		return err_set(err, E_VERIFY, "the digest in its row was altered");
	return 0;
}

int evidence_open(struct store *s, int64_t id, const struct seal_private *key, struct buf *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(segment_reader) reader = { .folder = s->folder, .node = s->node };
	struct sealed_row row;
	struct str node;
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT " SEALED_ROW ", node.public_id FROM evidence JOIN node ON node.id = evidence.node_id"
		   " WHERE evidence.id = :id",
		   ARGS(arg_int(":id", id)), "the evidence that was asked for", err) < 0)
		return err->code;
	sealed_row_take(q, a, &row);
	node = arena_copy(a, db_text(q, 10));
	db_end(q);
	if (is_within_reach(s, &row, node, key, err) < 0)
		return err->code;
	if (evidence_row_open(&reader, &row, key, out, err) < 0)
		return err_at(err, "evidence %.*s", STR_ARG(row.public_id));
	return 0;
}

int evidence_forget(struct store *s, int64_t id, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "UPDATE evidence SET wrapped_key = NULL, forgotten_at = :now"
			   " WHERE id = :id AND forgotten_at IS NULL RETURNING id",
			   ARGS(arg_int(":now", now), arg_int(":id", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int evidence_ready(struct store *s, struct err *err)
{
	AUTO(segment_reader) reader = { .folder = s->folder, .node = s->node };
	struct seal_public key;
	int64_t segment, end, size;
	int found = last_end(s, &segment, &end, err);

	if (found < 0 || seal_public_read(s->folder, &key, err) < 0)
		return err->code;
	if (found == 0)
		return 0;
	if (segment_size(&reader, segment, &size, err) < 0)
		return err->code;
	if (size < end)
		return err_set(err, E_VERIFY,
			       "%s/segments/%06lld.seg, offset %lld: cut, %lld bytes are missing; bring it back from a copy",
			       s->folder, (long long)segment, (long long)size, (long long)(end - size));
	return 0;
}

/* The public ids and digests of a row as lines; its wrapped key into `key`. */
static int describe(struct store *s, int64_t id, struct buf *out, unsigned char key[DIGEST_BYTES], struct err *err)
{
	static const char *const names[] = {
		"evidence", "node", "capture", "kind", "sealed-sha256", "content-sha256", "key-id"
	};
	struct query *q;
	char hex[DIGEST_HEX];

	if (db_get(s->db, &q,
		   "SELECT evidence.public_id, node.public_id, capture.public_id, kind, digest, content_digest, key_id, length,"
		   " sealed_at, wrapped_key FROM evidence JOIN node ON node.id = evidence.node_id"
		   " JOIN capture ON capture.id = evidence.capture_id WHERE evidence.id = :id",
		   ARGS(arg_int(":id", id)), "the evidence that was asked for", err) < 0)
		return err->code;
	buf_add(out, STR("watchdesk evidence 1\n"));
	for (int i = 0; i < 7; i++) {
		struct str value = db_text(q, i);

		if (i < 4)
			buf_printf(out, "%s: %.*s\n", names[i], STR_ARG(value));
		else if (value.n == DIGEST_BYTES)
			buf_printf(out, "%s: %s\n", names[i], digest_hex((const unsigned char *)value.p, DIGEST_BYTES, hex));
	}
	buf_printf(out, "length: %lld\nsealed-at: %lld\n", (long long)db_int(q, 7), (long long)db_int(q, 8));
	memset(key, 0, DIGEST_BYTES);
	if (!db_is_null(q, 9))
		digest_sha256(db_text(q, 9), key);
	db_end(q);
	return 0;
}

int evidence_text(struct store *s, int64_t id, struct buf *out, struct err *err)
{
	unsigned char key[DIGEST_BYTES];

	return describe(s, id, out, key, err);
}

int evidence_digest(struct store *s, int64_t id, unsigned char row[DIGEST_BYTES], unsigned char key[DIGEST_BYTES],
		    struct err *err)
{
	AUTO(buf) text = BUF_INIT(4096);

	if (describe(s, id, &text, key, err) < 0)
		return err->code;
	digest_sha256(buf_str(&text), row);
	return 0;
}
