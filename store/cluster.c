/* cluster.c - texts that are the same but for case and spacing, the campaign they belong to, and what was decided of them */
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "store/internal.h"

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

static int campaign_new(struct store *s, struct str name, int64_t now, int64_t *id, struct err *err)
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

static int cluster_new(struct store *s, struct cluster *c, struct str name, const unsigned char *digest, int64_t now,
		       struct err *err)
{
	struct query *q;

	if (campaign_new(s, name, now, &c->campaign_id, err) < 0 ||
	    db_get(s->db, &q,
		   "INSERT INTO cluster (digest, campaign_id, first_seen) VALUES (:digest, :campaign, :now) RETURNING id",
		   ARGS(arg_bytes(":digest", digest, DIGEST_BYTES), arg_int(":campaign", c->campaign_id), arg_int(":now", now)),
		   "the cluster that was just written", err) < 0)
		return err->code;
	c->id = db_int(q, 0);
	db_end(q);
	return 0;
}

int cluster_of(struct store *s, struct str text, struct str name, int64_t now, struct cluster *c, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct query *q;
	int found;

	text_cluster(text, digest);
	found = db_get(s->db, &q, "SELECT id, campaign_id FROM cluster WHERE digest = :digest",
		       ARGS(arg_bytes(":digest", digest, DIGEST_BYTES)), NULL, err);
	if (found < 0)
		return found;
	if (found == 0)
		return cluster_new(s, c, name, digest, now, err);
	*c = (struct cluster){ db_int(q, 0), db_int(q, 1) };
	db_end(q);
	return db_do(s->db, "UPDATE campaign SET last_seen = :now WHERE id = :id",
		     ARGS(arg_int(":now", now), arg_int(":id", c->campaign_id)), err);
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
