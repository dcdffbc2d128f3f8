/* verify_custody.c - the chain, its time-stamps, and evidence against both */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/timestamp.h"
#include "store/evidence.h"
#include "store/verify_part.h"

int verify_digest(const struct json *detail, const char *key, unsigned char out[DIGEST_BYTES])
{
	struct str hex;

	return json_get_text(detail, key, &hex, NULL) > 0 && digest_unhex(hex, out, DIGEST_BYTES);
}

static void chain_found(void *owner, struct str node, const struct chain_problem *p)
{
	static const char *const kinds[] = { "custody altered",	  "custody broken",    "custody removed", "custody inserted",
					     "custody reordered", "custody signature", "custody cut",	  "custody rewritten" };
	struct verify *v = owner;
	char where[128];

	snprintf(where, sizeof(where), "node %.8s, entry %lld", node.p, (long long)p->first);
	verify_wrong(v, kinds[p->fault], where, "custody of node %.8s: %s", node.p, p->text);
}

static void chain_went(void *owner, int64_t entries)
{
	verify_went(owner, entries);
}

int verify_custody(struct verify *v, struct err *err)
{
	struct custody_check c = { .anchors = v->o->anchors,
				   .n_anchors = v->o->n_anchors,
				   .keys = v->o->keys,
				   .n_keys = v->o->n_keys,
				   .found = chain_found,
				   .went = chain_went,
				   .owner = v };
	int result = custody_walk(v->store, &c, err);

	v->out->entries = c.entries;
	v->out->signatures = c.signatures;
	return result;
}

/* Does an entry of custody speak of this token? */
static bool stamp_is_known(const struct anchor *n, const struct custody_row *rows, size_t count)
{
	unsigned char is[DIGEST_BYTES], wanted[DIGEST_BYTES];

	digest_sha256(n->token, is);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE(json) detail = str_eq(rows[i].entry.node, n->node) ? json_parse(rows[i].entry.detail, NULL) : NULL;

		if (detail && verify_digest(detail, "token", wanted) && memcmp(is, wanted, DIGEST_BYTES) == 0)
			return true;
	}
	return false;
}

static void stamp_check(struct verify *v, const struct anchor *n, const struct custody_row *rows, size_t count)
{
	struct timestamp stamp;
	struct err why = { 0 };
	char where[96];

	snprintf(where, sizeof(where), "node %.8s, time-stamp of entry %lld", n->node.p, (long long)n->sequence);
	v->out->stamps++;
	if (!stamp_is_known(n, rows, count))
		verify_wrong(v, "time-stamp", where, "%s: custody knows nothing of these bytes: altered or inserted", where);
	if (!v->o->authority_ca)
		v->out->unchecked++;
	else if (n->hash.n != DIGEST_BYTES ||
		 timestamp_check(n->token, (const unsigned char *)n->hash.p, v->o->authority_ca, &stamp, &why) < 0)
		verify_wrong(v, "time-stamp", where, "%s: %.400s", where, why.text);
}

int verify_stamps(struct verify *v, struct err *err)
{
	const struct custody_filter filter = { .act = STR("stamp"), .limit = 1000000 };
	struct custody_row *entries;
	struct anchor *rows;
	size_t n, n_entries;

	if (anchor_list(v->store, STR("rfc3161"), v->a, &rows, &n, err) < 0 ||
	    (n && custody_list(v->store, &filter, v->a, &entries, &n_entries, err) < 0))
		return err->code;
	for (size_t i = 0; i < n; i++)
		stamp_check(v, &rows[i], entries, n_entries);
	return 0;
}

/* Was this item's key forgotten, and does custody say so? */
static int purge_check(struct verify *v, struct str item, const char *where, struct err *err)
{
	const struct custody_filter purges = { .subject = arena_printf(v->a, "evidence %.*s", STR_ARG(item)),
					       .act = STR("purge") };
	struct custody_row *rows;
	size_t n;

	if (custody_list(v->store, &purges, v->a, &rows, &n, err) < 0)
		return err->code;
	if (n == 0)
		verify_wrong(v, "evidence", where, "%s: its key is not there and custody knows of no purge: removed", where);
	return 0;
}

int verify_item(struct verify *v, const struct entry *e, const struct json *detail, struct err *err)
{
	unsigned char row[DIGEST_BYTES], key[DIGEST_BYTES], row_is[DIGEST_BYTES], key_is[DIGEST_BYTES];
	static const unsigned char forgotten[DIGEST_BYTES];
	struct str item = { 0 };
	char where[64];
	struct query *q;
	int64_t id;
	int found;

	if (json_get_text(detail, "evidence", &item, NULL) <= 0 || !verify_digest(detail, "evidence_row", row))
		return 0;
	snprintf(where, sizeof(where), "evidence %.*s", STR_ARG(str_slice(item, 0, 32)));
	found = db_get(v->store->db, &q, "SELECT id FROM evidence WHERE public_id = :id", ARGS(arg_text(":id", item)), NULL,
		       err);
	if (found < 0)
		return found;
	if (found == 0) {
		verify_wrong(v, "evidence", where, "%s: entry %lld of custody names it and it is not there: removed", where,
			     (long long)e->sequence);
		return 0;
	}
	id = db_int(q, 0);
	db_end(q);
	if (evidence_digest(v->store, id, row_is, key_is, err) < 0)
		return err->code;
	if (memcmp(row, row_is, DIGEST_BYTES) != 0)
		verify_wrong(v, "evidence", where, "%s: its row is not what entry %lld of custody was written about: altered",
			     where, (long long)e->sequence);
	if (!verify_digest(detail, "evidence_key", key) || memcmp(key, key_is, DIGEST_BYTES) == 0)
		return 0;
	if (memcmp(key_is, forgotten, DIGEST_BYTES) == 0)
		return purge_check(v, item, where, err);
	verify_wrong(v, "evidence", where, "%s: its wrapped key is not what entry %lld of custody was written about: altered",
		     where, (long long)e->sequence);
	return 0;
}

/* What custody says of items themselves: exhibits, exports, purges. */
int verify_items(struct verify *v, struct err *err)
{
	AUTO_FREE(arena) ids = arena_new(LIMIT_ARENA);
	struct arena *before = v->a;
	struct page_row *rows;
	int64_t after = INT64_MIN;
	size_t n;

	do {
		v->a = ids;
		if (verify_page(v, "SELECT id, public_id FROM evidence WHERE id > :after ORDER BY id LIMIT " VERIFY_PAGE, "b",
				after, &rows, &n, err) < 0)
			return err->code;
		v->a = before;
		for (size_t i = 0; i < n; i++) {
			struct custody_filter filter = { .limit = 100000 };
			struct custody_row *entries;
			size_t n_entries;

			arena_clear(v->a);
			filter.subject = arena_printf(v->a, "evidence %.*s", STR_ARG(rows[i].bytes[0]));
			if (custody_list(v->store, &filter, v->a, &entries, &n_entries, err) < 0)
				return err->code;
			for (size_t k = 0; k < n_entries; k++) {
				AUTO_FREE(json) detail = json_parse(entries[k].entry.detail, NULL);

				if (detail && verify_item(v, &entries[k].entry, detail, err) < 0)
					return err->code;
			}
		}
		after = n ? rows[n - 1].id : after;
		verify_went(v, (int64_t)n);
	} while (n);
	return 0;
}

static void evidence_found(void *owner, const char *problem)
{
	verify_wrong(owner, "evidence", "evidence", "%s", problem);
}

static void evidence_went(void *owner, int64_t items, int64_t bytes)
{
	(void)bytes;
	verify_went(owner, items);
}

int verify_evidence(struct verify *v, struct err *err)
{
	struct evidence_check c = { .key = v->o->evidence_key, .found = evidence_found, .went = evidence_went, .owner = v };
	int result = evidence_verify(v->store, &c, err);

	v->out->items = c.items;
	v->out->bytes = c.bytes;
	v->out->elsewhere = c.elsewhere;
	return result;
}
