/* custody.c - who did what with findings and evidence */
#include "store/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/message.h"
#include "base/must.h"
#include "base/utf8.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/internal.h"
#include "store/operator.h"

enum {
	PAGE = 500,	      /* entries read at once */
	LIMIT_DETAIL = 65536, /* of an act, before the signer is put in; a note is the longest part */
};

const char *const custody_acts[CUSTODY_KINDS] = { "capture",	 "unmask", "verdict",  "override",     "export",
						  "notice",	 "purge",  "restore",  "stamp",	       "withhold",
						  "acknowledge", "assign", "handover", "subscription", "campaign",
						  "mute",	 "rescan", "search",   "hold",	       "playbook" };

static struct str hash_str(const unsigned char *hash)
{
	return (struct str){ (const char *)hash, DIGEST_BYTES };
}

/* What is to stand on one line, and in a database that takes UTF-8 only. */
static struct str one_line(struct arena *a, struct str s)
{
	size_t replaced;
	struct str out = arena_copy(a, utf8_clean(a, s, &replaced));

	for (size_t i = 0; i < out.n; i++)
		if ((unsigned char)out.p[i] < ' ')
			((char *)out.p)[i] = ' ';
	return out;
}

/* The detail with the signer's key in front, as chain.h has it. */
static struct str detail_of(struct arena *a, const struct custody_act *act, struct str key)
{
	struct str detail = act->detail.n ? one_line(a, act->detail) : STR("{}");
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];

	MUST(detail.n >= 2 && detail.p[0] == '{' && detail.n <= LIMIT_DETAIL);
	if (key.n == 0)
		return detail;
	digest_sha256(key, digest);
	return arena_printf(a, CHAIN_SIGNER "%s\"%s%.*s", digest_hex(digest, DIGEST_BYTES, hex), detail.n > 2 ? "," : "",
			    STR_ARG(str_slice(detail, 1, detail.n)));
}

static int entry_insert(struct store *s, const struct entry *e, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO custody (node_id, sequence, at, act, subject, operator, detail, entry, hash, public_key, "
		     "signature)"
		     " VALUES (:node, :sequence, :at, :act, :subject, :operator, :detail, :entry, :hash, :key, :signature)",
		     ARGS(arg_int(":node", s->node_id), arg_int(":sequence", e->sequence), arg_int(":at", e->at),
			  arg_text(":act", e->act), arg_text(":subject", e->subject), arg_text(":operator", e->operator_name),
			  arg_text(":detail", e->detail), arg_blob(":entry", e->digest), arg_blob(":hash", e->hash),
			  arg_blob_or_null(":key", e->public_key), arg_blob_or_null(":signature", e->signature)),
		     err);
}

int custody_add(struct store *s, const struct custody_act *act, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(buf) text = BUF_INIT(MIB(1));
	unsigned char digest[DIGEST_BYTES], hash[DIGEST_BYTES], der[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
	struct custody_head head = { 0 };
	struct operator who;
	struct entry e = { .node = str_of(s->node), .at = now, .act = str_of(custody_acts[act->kind]) };

	if (act->key) {
		sign_public_der(act->key, der);
		e.public_key = (struct str){ (const char *)der, sizeof(der) };
	}
	e.subject = one_line(a, act->subject);
	e.operator_name = one_line(a, act->operator_name);
	e.detail = detail_of(a, act, e.public_key);
	if (custody_head(s, &head, err) < 0 || operator_id(s, e.operator_name, now, a, &who, err) < 0)
		return err->code;
	e.sequence = head.sequence + 1;
	entry_text(&e, &text);
	digest_sha256(buf_str(&text), digest);
	chain_link(head.hash, e.sequence, digest, hash);
	e.digest = hash_str(digest);
	e.hash = hash_str(hash);
	if (act->key) {
		if (sign_bytes(act->key, buf_str(&text), signature, err) < 0 ||
		    operator_key_add(s, who.id, e.public_key, now, err) < 0)
			return err->code;
		e.signature = (struct str){ (const char *)signature, sizeof(signature) };
	}
	return entry_insert(s, &e, err);
}

static void put_digest(struct json_writer *w, const char *key, struct str digest)
{
	char hex[DIGEST_HEX];

	if (digest.p && digest.n == DIGEST_BYTES)
		json_put_text(w, key, str_of(digest_hex((const unsigned char *)digest.p, DIGEST_BYTES, hex)));
}

static void put_row(struct buf *out, struct query *q)
{
	for (int i = 0; i < db_columns(q); i++) {
		put_int(out, db_int(q, i));
		put_str(out, db_text(q, i));
	}
}

int custody_state(struct store *s, int64_t finding_id, unsigned char out[DIGEST_BYTES], struct err *err)
{
	AUTO(buf) all = BUF_INIT(LIMIT_MESSAGE);
	const struct db_arg id = arg_int(":id", finding_id);
	struct query *q;
	int more;

	if (db_get(s->db, &q,
		   "SELECT public_id, severity, category, asset, verdict, found_at, first_aware_at FROM finding WHERE id = :id",
		   ARGS(id), "a finding", err) < 0)
		return err->code;
	put_row(&all, q);
	db_end(q);
	q = db_ask(s->db, "SELECT position, text FROM term WHERE finding_id = :id ORDER BY position", ARGS(id), err);
	more = q ? 0 : err->code;
	while (q && (more = db_step(q, err)) > 0)
		put_row(&all, q);
	digest_sha256(buf_str(&all), out);
	return more;
}

/* What both kinds of entries about a finding say of it as it is now: which assessment is its own, and what it is held to be. */
static int put_state(struct store *s, struct str finding, struct json_writer *w, struct err *err)
{
	unsigned char state[DIGEST_BYTES];
	struct query *q;
	int64_t id;

	if (db_get(s->db, &q,
		   "SELECT finding.id, digest FROM finding JOIN assessment ON assessment.id = assessment_id"
		   " WHERE finding.public_id = :id",
		   ARGS(arg_text(":id", finding)), "a finding", err) < 0)
		return err->code;
	id = db_int(q, 0);
	put_digest(w, "assessment", db_text(q, 1));
	db_end(q);
	if (custody_state(s, id, state, err) < 0)
		return err->code;
	put_digest(w, "state", hash_str(state));
	return 0;
}

static int add_about(struct store *s, struct str finding, struct custody_act *act, int64_t now, struct err *err)
{
	char subject[PUBLIC_ID + 16];

	snprintf(subject, sizeof(subject), "finding %.*s", STR_ARG(finding));
	act->subject = str_of(subject);
	return custody_add(s, act, now, err);
}

int custody_item(struct store *s, int64_t evidence_id, struct json_writer *detail, struct err *err)
{
	unsigned char row[DIGEST_BYTES], key[DIGEST_BYTES];
	struct query *q;

	if (evidence_digest(s, evidence_id, row, key, err) < 0 ||
	    db_get(s->db, &q, "SELECT public_id FROM evidence WHERE id = :id", ARGS(arg_int(":id", evidence_id)),
		   "an item of evidence", err) < 0)
		return err->code;
	json_put_text(detail, "evidence", db_text(q, 0));
	db_end(q);
	put_digest(detail, "evidence_row", hash_str(row));
	put_digest(detail, "evidence_key", hash_str(key));
	return 0;
}

int custody_capture(struct store *s, const struct custody_capture *c, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(LIMIT_DETAIL);
	struct json_writer w = { .out = &detail };
	unsigned char rows[DIGEST_BYTES];

	json_open(&w, NULL, '{');
	if (put_state(s, c->finding, &w, err) < 0 || finding_digest(s, c->assessment_id, rows, err) < 0)
		return err->code;
	put_digest(&w, "rows", hash_str(rows));
	if (c->evidence_id && custody_item(s, c->evidence_id, &w, err) < 0)
		return err->code;
	json_close(&w, '}');
	return add_about(
		s, c->finding,
		&(struct custody_act){ .kind = CUSTODY_CAPTURE, .operator_name = c->operator_name, .detail = buf_str(&detail) },
		now, err);
}

int custody_verdict(struct store *s, const struct custody_verdict *v, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(LIMIT_DETAIL);
	struct json_writer w = { .out = &detail };

	json_open(&w, NULL, '{');
	json_put_text(&w, "row", v->verdict_id);
	json_put_text(&w, "verdict", v->verdict);
	json_put_text(&w, "note", v->note);
	if (put_state(s, v->finding, &w, err) < 0)
		return err->code;
	json_close(&w, '}');
	if (detail.full)
		return err_set(err, E_LIMIT, "a note of %zu bytes is too long for custody; at most about 60,000 are kept",
			       v->note.n);
	return add_about(
		s, v->finding,
		&(struct custody_act){
			.kind = CUSTODY_VERDICT, .operator_name = v->operator_name, .detail = buf_str(&detail), .key = v->key },
		now, err);
}

int custody_head(struct store *s, struct custody_head *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT sequence, hash FROM custody WHERE node_id = :node ORDER BY sequence DESC LIMIT 1",
			   ARGS(arg_int(":node", s->node_id)), NULL, err);
	struct str hash;

	if (found <= 0)
		return found;
	hash = db_text(q, 1);
	if (hash.n != DIGEST_BYTES) {
		db_end(q);
		return err_set(err, E_STORE, "the head of the custody chain is damaged; `watchdesk verify` says where");
	}
	out->sequence = db_int(q, 0);
	memcpy(out->hash, hash.p, DIGEST_BYTES);
	db_end(q);
	return 1;
}

#define ROW                                                                                                      \
	"SELECT node_id, node.public_id, sequence, at, act, subject, operator, detail, entry, hash, public_key," \
	" signature FROM custody JOIN node ON node.id = node_id"

static void row_read(struct query *q, struct arena *a, struct custody_row *r)
{
	*r = (struct custody_row){ .node_id = db_int(q, 0),
				   .entry = { .node = arena_copy(a, db_text(q, 1)),
					      .sequence = db_int(q, 2),
					      .at = db_int(q, 3),
					      .act = arena_copy(a, db_text(q, 4)),
					      .subject = arena_copy(a, db_text(q, 5)),
					      .operator_name = arena_copy(a, db_text(q, 6)),
					      .detail = arena_copy(a, db_text(q, 7)),
					      .digest = arena_copy(a, db_text(q, 8)),
					      .hash = arena_copy(a, db_text(q, 9)),
					      .public_key = arena_copy(a, db_text(q, 10)),
					      .signature = arena_copy(a, db_text(q, 11)) } };
}

int custody_list(struct store *s, const struct custody_filter *f, struct arena *a, struct custody_row **rows, size_t *n,
		 struct err *err)
{
	const struct db_arg node = arg_int(":node", f->after_node), sequence = arg_int(":sequence", f->after_sequence),
			    act = arg_text(":act", f->act), limit = arg_int(":limit", f->limit ? f->limit : PAGE);
	struct query *q;
	int more;

	if (f->subject.n)
		q = db_ask(s->db,
			   ROW " WHERE subject = :subject AND (node_id, sequence) > (:node, :sequence)"
			       " AND (:act = '' OR act = :act) ORDER BY node_id, sequence LIMIT :limit",
			   ARGS(arg_text(":subject", f->subject), node, sequence, act, limit), err);
	else
		q = db_ask(s->db,
			   ROW " WHERE (node_id, sequence) > (:node, :sequence) AND (:act = '' OR act = :act)"
			       " ORDER BY node_id, sequence LIMIT :limit",
			   ARGS(node, sequence, act, limit), err);
	*rows = NULL;
	*n = 0;
	more = q ? 0 : err->code;
	while (q && (more = db_step(q, err)) > 0)
		row_read(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

int anchor_add(struct store *s, const struct anchor *n, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO anchor (node_id, sequence, hash, at, kind, place, token)"
		     " VALUES (:node, :sequence, :hash, :at, :kind, :place, :token)",
		     ARGS(arg_int(":node", s->node_id), arg_int(":sequence", n->sequence), arg_blob(":hash", n->hash),
			  arg_int(":at", n->at), arg_text(":kind", n->kind), arg_text(":place", n->place),
			  arg_blob_or_null(":token", n->token)),
		     err);
}

int anchor_list(struct store *s, struct str kind, struct arena *a, struct anchor **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT node.public_id, sequence, hash, at, kind, place, token FROM anchor"
				 " JOIN node ON node.id = node_id WHERE :kind = '' OR kind = :kind"
				 " ORDER BY node_id, sequence, anchor.id",
				 ARGS(arg_text(":kind", kind)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct anchor *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct anchor){ .node = arena_copy(a, db_text(q, 0)),
				      .sequence = db_int(q, 1),
				      .hash = arena_copy(a, db_text(q, 2)),
				      .at = db_int(q, 3),
				      .kind = arena_copy(a, db_text(q, 4)),
				      .place = arena_copy(a, db_text(q, 5)),
				      .token = arena_copy(a, db_text(q, 6)) };
	}
	return more;
}

/* `n` lower-case hexadecimal digits at `at`, and none behind them. */
static bool hex_at(struct str text, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		if (i >= text.n || ascii_hex(text.p[i]) < 0 || (text.p[i] >= 'A' && text.p[i] <= 'F'))
			return false;
	return at + n >= text.n || ascii_hex(text.p[at + n]) < 0;
}

static struct str hash_from(struct arena *a, const char *hex)
{
	unsigned char *out = arena_alloc(a, DIGEST_BYTES);

	MUST(digest_unhex((struct str){ hex, DIGEST_HEX - 1 }, out, DIGEST_BYTES)); /* hex_at() has looked at it */
	return (struct str){ (const char *)out, DIGEST_BYTES };
}

void anchor_read(struct str text, struct str place, struct arena *a, struct anchor **rows, size_t *n)
{
	const size_t id = 2 * DIGEST_ID_BYTES;

	*rows = NULL;
	*n = 0;
	for (size_t colon = 1; colon < text.n; colon++) {
		size_t digits = colon;
		struct anchor *r;
		uint64_t sequence;

		while (digits > 0 && ascii_is_digit(text.p[digits - 1]))
			digits--;
		if (text.p[colon] != ':' || (digits > 0 && ascii_is_alnum(text.p[digits - 1])) ||
		    !hex_at(text, colon + 1, 2 * DIGEST_BYTES) ||
		    !str_number(str_slice(text, digits, colon), INT64_MAX, &sequence))
			continue;
		r = arena_push(a, rows, n, sizeof(*r));
		*r = (struct anchor){ .sequence = (int64_t)sequence, .place = place, .kind = STR("outside") };
		r->hash = hash_from(a, text.p + colon + 1);
		if (digits > id && text.p[digits - 1] == ' ' && hex_at(text, digits - 1 - id, id))
			r->node = str_slice(text, digits - 1 - id, digits - 1);
	}
}

int anchor_text(struct store *s, struct buf *out, struct err *err)
{
	struct custody_head head;
	char hex[DIGEST_HEX];
	int found = custody_head(s, &head, err);

	if (found > 0)
		buf_printf(out, "%s %lld:%s", s->node, (long long)head.sequence, digest_hex(head.hash, DIGEST_BYTES, hex));
	return found;
}

/* Whom a walk tells of which node. */
struct walked {
	struct custody_check *check;
	struct str node;
};

static void found_there(void *owner, const struct chain_problem *p)
{
	struct walked *w = owner;

	w->check->found(w->check->owner, w->node, p);
}

static int by_sequence(const void *a, const void *b)
{
	const struct chain_anchor *one = a, *two = b;

	return (one->sequence > two->sequence) - (one->sequence < two->sequence);
}

/* The anchors of a node out of both lists, sorted. */
static struct chain_anchor *anchors_of(struct store *s, struct str node, const struct custody_check *c,
				       const struct anchor *kept, size_t n_kept, struct arena *a, size_t *n)
{
	struct chain_anchor *out = NULL;

	*n = 0;
	for (size_t i = 0; i < n_kept + c->n_anchors; i++) {
		const struct anchor *from = i < n_kept ? &kept[i] : &c->anchors[i - n_kept];
		struct chain_anchor *to;

		if (from->hash.n != DIGEST_BYTES || !str_eq(from->node.n ? from->node : str_of(s->node), node))
			continue;
		to = arena_push(a, &out, n, sizeof(*to));
		to->sequence = from->sequence;
		to->place = from->place;
		memcpy(to->hash, from->hash.p, DIGEST_BYTES);
	}
	if (*n)
		qsort(out, *n, sizeof(*out), by_sequence);
	return out;
}

static int node_walk(struct store *s, int64_t node_id, struct chain_walk *w, struct custody_check *c, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	int64_t after = INT64_MIN;
	size_t n = PAGE;

	while (n == PAGE) {
		struct query *q = db_ask(s->db, ROW " WHERE node_id = :node AND sequence > :after ORDER BY sequence LIMIT 500",
					 ARGS(arg_int(":node", node_id), arg_int(":after", after)), err);
		struct custody_row row;
		int more = q ? 0 : err->code;

		for (n = 0; q && (more = db_step(q, err)) > 0; n++) {
			row_read(q, a, &row);
			chain_next(w, &row.entry);
			after = row.entry.sequence;
			arena_clear(a);
		}
		if (more < 0)
			return more;
		if (c->went)
			c->went(c->owner, c->entries + w->entries);
	}
	chain_end(w);
	return 0;
}

int custody_walk(struct store *s, struct custody_check *c, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct node {
		int64_t id;
		struct str public_id;
	} *nodes = NULL;
	struct anchor *kept;
	size_t n = 0, n_kept;
	struct query *q = db_query(s->db, "SELECT id, public_id FROM node ORDER BY id", err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		*(struct node *)arena_push(a, &nodes, &n, sizeof(*nodes)) = (struct node){ db_int(q, 0),
											   arena_copy(a, db_text(q, 1)) };
	if (more < 0 || anchor_list(s, STR(""), a, &kept, &n_kept, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		struct walked walked = { c, nodes[i].public_id };
		struct chain_walk w = { .keys = c->keys, .n_keys = c->n_keys, .found = found_there, .owner = &walked };

		w.anchors = anchors_of(s, nodes[i].public_id, c, kept, n_kept, a, &w.n_anchors);
		if (node_walk(s, nodes[i].id, &w, c, err) < 0)
			return err->code;
		c->entries += w.entries;
		c->signatures += w.signatures;
	}
	return 0;
}
