/* cluster.c - texts that are the same but for case and spacing, the campaign they belong to, and what was decided of them */
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "store/actor.h"
#include "store/internal.h"
#include "store/sketch.h"

enum { NEIGHBOURS = 64 }; /* of one band that are compared, the newest: a band may be that of a phrase that everybody writes */

#define SAME 0.95 /* all but the same */

/* What is left of a text without case and spacing. */
static void text_cluster(struct str text, unsigned char out[DIGEST_BYTES])
{
	AUTO(buf) squeezed = BUF_INIT(LIMIT_TEXT + 1);
	char *room = buf_room(&squeezed, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; room && i < text.n; i++) {
		char c = text.p[i];

		if (!ascii_is_space(c))
			room[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
	}
	digest_sha256(room ? (struct str){ room, n } : text, out);
}

static int campaign_seen(struct store *s, int64_t id, int64_t now, struct err *err)
{
	return db_do(s->db, "UPDATE campaign SET last_seen = :now WHERE id = :id AND last_seen < :now",
		     ARGS(arg_int(":now", now), arg_int(":id", id)), err);
}

int campaign_new(struct store *s, struct str name, int64_t now, int64_t *id, struct err *err)
{
	char public_id[PUBLIC_ID];
	struct query *q;

	if (db_get(s->db, &q,
		   "INSERT INTO campaign (public_id, name, first_seen, last_seen) VALUES (:public, :name, :now, :now)"
		   " RETURNING id",
		   ARGS(arg_text(":public", public_id_new(public_id)), arg_text(":name", name), arg_int(":now", now)),
		   "the campaign that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	return 0;
}

/* A text that its bands share with others, and how alike it is to the most alike of them. */
struct neighbours {
	unsigned char sketch[SKETCH_BYTES];
	bool has_sketch;
	int64_t bands[SKETCH_BANDS];
	int64_t campaign_id; /* of the most alike; 0 for none that is alike enough */
	double alike;
};

static int neighbours_in(struct store *s, int64_t band, struct neighbours *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT sketch, campaign_id FROM cluster_band JOIN cluster ON cluster.id = cluster_id"
				 " WHERE band = :band ORDER BY cluster_id DESC LIMIT :most",
				 ARGS(arg_int(":band", band), arg_int(":most", NEIGHBOURS)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct str sketch = db_text(q, 0);
		double alike = sketch.n == SKETCH_BYTES ? sketch_alike(n->sketch, (const unsigned char *)sketch.p) : 0;

		if (alike >= SKETCH_ALIKE && alike > n->alike) {
			n->alike = alike;
			n->campaign_id = db_int(q, 1);
		}
	}
	return more;
}

/* The most alike of all that have a band in common with it; a text that is all but the same needs no further look. */
static int neighbours_find(struct store *s, struct str text, struct neighbours *n, struct err *err)
{
	if (!s->words)
		s->words = words_new();
	n->has_sketch = sketch_of(s->words, text, n->sketch);
	if (!n->has_sketch)
		return 0;
	sketch_bands(n->sketch, n->bands);
	for (int i = 0; i < SKETCH_BANDS && n->alike < SAME; i++)
		if (neighbours_in(s, n->bands[i], n, err) < 0)
			return err->code;
	return 0;
}

/* It will be found by its bands; but whoever is alike to what is all but the same as it finds that. */
static int bands_keep(struct store *s, int64_t cluster_id, const struct neighbours *n, struct err *err)
{
	for (int i = 0; n->has_sketch && n->alike < SAME && i < SKETCH_BANDS; i++)
		if (db_do(s->db, "INSERT INTO cluster_band (band, cluster_id) VALUES (:band, :cluster) ON CONFLICT DO NOTHING",
			  ARGS(arg_int(":band", n->bands[i]), arg_int(":cluster", cluster_id)), err) < 0)
			return err->code;
	return 0;
}

struct str contact_kind(const struct stored_assessment *said, const struct stored_hit *h)
{
	static const char *const kinds[] = { "wallet", "onion", "contact" };

	for (size_t i = 0; i < said->n_parts; i++) {
		const struct stored_part *p = &said->parts[i];

		if (h->secret_digest.n || p->layer != h->layer || p->end <= h->start || p->start >= h->end)
			continue;
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			if (str_eq(p->part, str_of(kinds[k])))
				return p->part;
	}
	return (struct str){ 0 };
}

static int contact_add(struct store *s, int64_t finding_id, struct str kind, struct str value, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO contact (kind, value, finding_id) VALUES (:kind, :value, :finding) ON CONFLICT DO NOTHING",
		     ARGS(arg_text(":kind", kind), arg_text(":value", value), arg_int(":finding", finding_id)), err);
}

int contacts_keep(struct store *s, int64_t finding_id, const struct stored_post *p, struct err *err)
{
	const struct stored_assessment *said = &p->assessment;

	if (db_do(s->db, "DELETE FROM contact WHERE finding_id = :finding", ARGS(arg_int(":finding", finding_id)), err) < 0)
		return err->code;
	if (p->author.n && contact_add(s, finding_id, STR(ACTOR_HANDLE), p->author, err) < 0)
		return err->code;
	for (size_t i = 0; i < said->n_hits; i++) {
		struct str kind = contact_kind(said, &said->hits[i]);

		if (kind.n && contact_add(s, finding_id, kind, said->hits[i].masked, err) < 0)
			return err->code;
	}
	return 0;
}

/* The campaign of the last finding that named one of the contacts: 1, 0 for none. */
static int campaign_of_contacts(struct store *s, const struct cluster_wish *w, int64_t *campaign_id, struct err *err)
{
	struct query *q;
	int found = 0;

	for (size_t i = 0; i < w->said->n_hits && !found; i++) {
		struct str kind = contact_kind(w->said, &w->said->hits[i]);

		if (!kind.n)
			continue;
		found = db_get(s->db, &q,
			       "SELECT campaign_id FROM contact JOIN finding ON finding.id = finding_id"
			       " WHERE kind = :kind AND value = :value ORDER BY finding_id DESC LIMIT 1",
			       ARGS(arg_text(":kind", kind), arg_text(":value", w->said->hits[i].masked)), NULL, err);
		if (found > 0) {
			*campaign_id = db_int(q, 0);
			db_end(q);
		}
	}
	return found;
}

/* The one that it belongs to, or a new one. */
static int campaign_for(struct store *s, const struct cluster_wish *w, const struct neighbours *n, int64_t now, int64_t *id,
			struct err *err)
{
	int found = n->campaign_id != 0;

	*id = n->campaign_id;
	if (!found)
		found = campaign_of_contacts(s, w, id, err);
	if (found < 0)
		return found;
	return found ? campaign_seen(s, *id, now, err) : campaign_new(s, w->name, now, id, err);
}

static int cluster_new(struct store *s, struct cluster *c, const struct cluster_wish *w, const unsigned char *digest,
		       int64_t now, struct err *err)
{
	struct neighbours near = { 0 };
	struct query *q;

	if (neighbours_find(s, w->text, &near, err) < 0 || campaign_for(s, w, &near, now, &c->campaign_id, err) < 0 ||
	    db_get(s->db, &q,
		   "INSERT INTO cluster (digest, campaign_id, first_seen, sketch) VALUES (:digest, :campaign, :now, :sketch)"
		   " RETURNING id",
		   ARGS(arg_bytes(":digest", digest, DIGEST_BYTES), arg_int(":campaign", c->campaign_id), arg_int(":now", now),
			arg_blob_or_null(":sketch",
					 (struct str){ (const char *)near.sketch, near.has_sketch ? SKETCH_BYTES : 0 })),
		   "the cluster that was just written", err) < 0)
		return err->code;
	c->id = db_int(q, 0);
	db_end(q);
	return bands_keep(s, c->id, &near, err);
}

int cluster_of(struct store *s, const struct cluster_wish *w, int64_t now, struct cluster *c, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct query *q;
	int found;

	text_cluster(w->text, digest);
	found = db_get(s->db, &q, "SELECT id, campaign_id FROM cluster WHERE digest = :digest",
		       ARGS(arg_bytes(":digest", digest, DIGEST_BYTES)), NULL, err);
	if (found < 0)
		return found;
	if (found == 0)
		return cluster_new(s, c, w, digest, now, err);
	*c = (struct cluster){ db_int(q, 0), db_int(q, 1) };
	db_end(q);
	return campaign_seen(s, c->campaign_id, now, err);
}

/* One that was made before there were sketches gets its own, and is found by it from now on. */
int cluster_fill(struct store *s, int64_t cluster_id, struct str text, struct err *err)
{
	struct neighbours n = { 0 };
	struct query *q;
	bool has;

	if (db_get(s->db, &q, "SELECT sketch FROM cluster WHERE id = :id", ARGS(arg_int(":id", cluster_id)), "a cluster", err) <
	    0)
		return err->code;
	has = !db_is_null(q, 0);
	db_end(q);
	if (has)
		return 0;
	if (!s->words)
		s->words = words_new();
	n.has_sketch = sketch_of(s->words, text, n.sketch);
	if (!n.has_sketch)
		return 0;
	sketch_bands(n.sketch, n.bands);
	if (db_do(s->db, "UPDATE cluster SET sketch = :sketch WHERE id = :id",
		  ARGS(arg_bytes(":sketch", n.sketch, SKETCH_BYTES), arg_int(":id", cluster_id)), err) < 0)
		return err->code;
	return bands_keep(s, cluster_id, &n, err);
}

/* A decision and who made it, out of the row that is being read; 0 when it was taken back. */
static int decision(struct query *q, struct arena *a, const char *of_what, struct str *verdict, struct str *why)
{
	struct str operator_name = arena_copy(a, db_text(q, 1)), finding = arena_copy(a, db_text(q, 2));

	*verdict = arena_copy(a, db_text(q, 0));
	db_end(q);
	*why = arena_printf(a, "%.*s said so of finding %.8s, which has %s", STR_ARG(operator_name), finding.p, of_what);
	return !str_eq(*verdict, STR("none"));
}

static int verdict_of_cluster(struct store *s, struct str text, struct arena *a, struct str *verdict, struct str *why,
			      struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct query *q;
	int found;

	text_cluster(text, digest);
	found = db_get(s->db, &q,
		       "SELECT verdict.verdict, operator, finding.public_id FROM cluster"
		       " JOIN verdict ON verdict.id = cluster.verdict_id JOIN finding ON finding.id = verdict.finding_id"
		       " WHERE digest = :digest",
		       ARGS(arg_bytes(":digest", digest, DIGEST_BYTES)), NULL, err);
	return found > 0 ? decision(q, a, "the same text", verdict, why) : found;
}

static int verdict_of_secret(struct store *s, struct str digest, struct arena *a, struct str *verdict, struct str *why,
			     struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT verdict.verdict, operator, finding.public_id FROM secret_verdict"
			   " JOIN verdict ON verdict.id = secret_verdict.verdict_id"
			   " JOIN finding ON finding.id = verdict.finding_id WHERE digest = :digest",
			   ARGS(arg_blob(":digest", digest)), NULL, err);

	return found > 0 ? decision(q, a, "the same secrets", verdict, why) : found;
}

int store_known_verdict(struct store *s, struct str text, const struct stored_hit *hits, size_t n_hits, struct arena *a,
			struct str *verdict, struct str *why, struct err *err)
{
	int found = verdict_of_cluster(s, text, a, verdict, why, err);
	struct str shared = { 0 };

	if (found)
		return found;
	for (size_t i = 0; i < n_hits; i++) {
		if (!hits[i].secret_digest.n)
			return 0; /* something that no secret explains */
		found = verdict_of_secret(s, hits[i].secret_digest, a, verdict, why, err);
		if (found <= 0 || (shared.n && !str_eq(shared, *verdict)))
			return found < 0 ? found : 0;
		shared = *verdict;
	}
	return shared.n > 0;
}

int cluster_decided(struct store *s, int64_t finding_id, int64_t verdict_id, struct err *err)
{
	const struct db_arg finding = arg_int(":finding", finding_id), verdict = arg_int(":verdict", verdict_id);

	if (db_do(s->db,
		  "UPDATE cluster SET verdict_id = :verdict WHERE id = (SELECT cluster_id FROM finding WHERE id = :finding)",
		  ARGS(verdict, finding), err) < 0)
		return err->code;
	return db_do(s->db,
		     "INSERT INTO secret_verdict (digest, verdict_id) SELECT DISTINCT secret_digest, :verdict FROM hit"
		     " JOIN finding ON finding.assessment_id = hit.assessment_id"
		     " WHERE finding.id = :finding AND secret_digest IS NOT NULL"
		     " ON CONFLICT (digest) DO UPDATE SET verdict_id = excluded.verdict_id",
		     ARGS(verdict, finding), err);
}
