/* campaign.c - findings that belong together */
#include "store/campaign.h"

#include <stdio.h>

#include "base/json.h"
#include "store/actor.h"
#include "store/custody.h"
#include "store/finding.h"
#include "store/internal.h"

int campaign_of(struct store *s, int64_t finding_id, int64_t *campaign_id, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT campaign_id FROM finding WHERE id = :id", ARGS(arg_int(":id", finding_id)), "a finding",
		   err) < 0)
		return err->code;
	*campaign_id = db_int(q, 0);
	db_end(q);
	return 0;
}

/* What is counted of each, and its name, is that of those that are shown: findings of `:severity` and more. */
_Static_assert(FINDING_SEVERITY == 20, "as in CAMPAIGN");
#define ITS "finding.campaign_id = c.id AND finding.severity >= :severity"
/* All that there are unless only severe ones are asked for. */
#define ALL_OR "CASE WHEN CAST(:severity AS $INT) <= 20 THEN "
#define CAMPAIGN                                                                                                      \
	"SELECT c.id, c.public_id, " ALL_OR "c.name ELSE"                                                             \
	" coalesce((SELECT title FROM finding JOIN post ON post.id = finding.post_id WHERE " ITS                      \
	" ORDER BY finding.id LIMIT 1), '') END,"                                                                     \
	" " ALL_OR "c.first_seen ELSE (SELECT min(found_at) FROM finding WHERE " ITS ") END,"                         \
	" " ALL_OR "c.last_seen ELSE (SELECT max(found_at) FROM finding WHERE " ITS ") END,"                          \
	" (SELECT count(*) FROM finding WHERE " ITS "),"                                                              \
	" (SELECT count(DISTINCT cluster_id) FROM finding WHERE " ITS "),"                                            \
	" (SELECT count(DISTINCT post.source_id) FROM finding JOIN post ON post.id = finding.post_id WHERE " ITS ")," \
	" worst.severity, worst.category, worst.asset, whole.public_id FROM campaign AS c"                            \
	" LEFT JOIN campaign AS whole ON whole.id = c.merged_into"                                                    \
	" LEFT JOIN finding AS worst ON worst.id = (SELECT id FROM finding WHERE " ITS " ORDER BY severity DESC, id LIMIT 1) "

static void row_read(struct query *q, struct arena *a, struct campaign_row *r)
{
	*r = (struct campaign_row){
		.id = db_int(q, 0),
		.public_id = arena_copy(a, db_text(q, 1)),
		.name = arena_copy(a, db_text(q, 2)),
		.first_seen = db_int(q, 3),
		.last_seen = db_int(q, 4),
		.findings = db_int(q, 5),
		.texts = db_int(q, 6),
		.sources = db_int(q, 7),
		.severity = (int)db_int(q, 8),
		.category = arena_copy(a, db_text(q, 9)),
		.asset = arena_copy(a, db_text(q, 10)),
		.merged_into = arena_copy(a, db_text(q, 11)),
	};
}

static int rows_read(struct query *q, struct arena *a, struct campaign_row **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		row_read(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

int campaign_list(struct store *s, const struct campaign_filter *f, struct arena *a, struct campaign_row **rows, size_t *n,
		  struct err *err)
{
	return rows_read(db_ask(s->db,
				CAMPAIGN "WHERE c.merged_into IS NULL AND c.last_seen >= :since AND (:least <= 1 OR"
					 " (SELECT count(*) FROM finding WHERE " ITS ") >= :least)"
					 " ORDER BY c.last_seen DESC, c.id DESC LIMIT :limit",
				ARGS(arg_int(":since", f->seen_since), arg_int(":least", f->least),
				     arg_int(":severity", f->least_severity), arg_int(":limit", f->limit ? f->limit : 100)),
				err),
			 a, rows, n, err);
}

int campaign_load(struct store *s, struct str public_id, struct arena *a, struct campaign_row *out, struct err *err)
{
	struct query *q;
	int found;

	if (public_id.n < 6 || public_id.n >= FINDING_ID)
		return err_set(err, E_USAGE, "an id has 6 to 32 hexadecimal digits; `watchdesk campaign list` shows them");
	found = db_get(s->db, &q, CAMPAIGN "WHERE c.public_id >= :first AND c.public_id < :first || 'g' LIMIT 2",
		       ARGS(arg_text(":first", public_id), arg_int(":severity", 0)), NULL, err);
	if (found <= 0)
		return found;
	row_read(q, a, out);
	found = db_step(q, err);
	if (found <= 0)
		return found < 0 ? found : 1;
	db_end(q);
	return err_set(err, E_USAGE, "several ids begin with %.*s; give more digits", STR_ARG(public_id));
}

int campaign_get(struct store *s, int64_t id, int least_severity, struct arena *a, struct campaign_row *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, CAMPAIGN "WHERE c.id = :id",
			   ARGS(arg_int(":id", id), arg_int(":severity", least_severity)), NULL, err);

	if (found <= 0)
		return found;
	row_read(q, a, out);
	db_end(q);
	return 1;
}

int campaign_of_several(struct store *s, int64_t id, int least_severity, struct arena *a, struct str *public_id,
			struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT public_id FROM campaign WHERE id = :id AND EXISTS (SELECT 1 FROM finding"
			   " WHERE campaign_id = :id AND severity >= :severity LIMIT 1 OFFSET 1)",
			   ARGS(arg_int(":id", id), arg_int(":severity", least_severity)), NULL, err);

	*public_id = (struct str){ 0 };
	if (found <= 0)
		return found;
	*public_id = arena_copy(a, db_text(q, 0));
	db_end(q);
	return 0;
}

int campaign_findings(struct store *s, int64_t id, int least_severity, size_t most, struct arena *a,
		      struct campaign_finding **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT finding.id, finding.public_id, source.name, author, url, title, verdict, language, severity,"
		" CASE WHEN posted_precision >= 3 THEN posted_at ELSE post.first_seen END AS at, posted_precision >= 3, "
		"cluster_id"
		" FROM finding JOIN post ON post.id = finding.post_id JOIN source ON source.id = post.source_id"
		" WHERE finding.campaign_id = :id AND severity >= :least ORDER BY at, finding.id LIMIT :most",
		ARGS(arg_int(":id", id), arg_int(":least", least_severity), arg_int(":most", (int64_t)most)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct campaign_finding *f = arena_push(a, rows, n, sizeof(*f));
		struct str *const texts[] = { &f->public_id, &f->source,  &f->author,  &f->url,
					      &f->title,     &f->verdict, &f->language };

		*f = (struct campaign_finding){ .id = db_int(q, 0),
						.severity = (int)db_int(q, 8),
						.at = db_int(q, 9),
						.is_posted = db_int(q, 10) != 0,
						.text = db_int(q, 11) };
		for (int i = 0; i < 7; i++)
			*texts[i] = arena_copy(a, db_text(q, 1 + i));
	}
	return more;
}

int campaign_contacts(struct store *s, int64_t id, int least_severity, struct arena *a, struct campaign_contact **rows,
		      size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT kind, value, count(*) AS findings FROM finding"
				 " JOIN contact ON contact.finding_id = finding.id WHERE campaign_id = :id AND severity >= "
				 ":severity AND kind <> '" ACTOR_HANDLE "'"
				 " GROUP BY kind, value ORDER BY findings DESC, kind, value LIMIT 100",
				 ARGS(arg_int(":id", id), arg_int(":severity", least_severity)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct campaign_contact *c = arena_push(a, rows, n, sizeof(*c));

		*c = (struct campaign_contact){ arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)), db_int(q, 2) };
	}
	return more;
}

int campaign_related(struct store *s, int64_t id, int least_severity, struct arena *a, struct campaign_row **rows, size_t *n,
		     struct err *err)
{
	return rows_read(db_ask(s->db,
				CAMPAIGN "WHERE c.id IN (SELECT other.campaign_id FROM finding AS its"
					 " JOIN contact AS mine ON mine.finding_id = its.id"
					 " JOIN contact AS theirs ON theirs.kind = mine.kind AND theirs.value = mine.value"
					 " AND mine.kind <> '" ACTOR_HANDLE "'"
					 " JOIN finding AS other ON other.id = theirs.finding_id"
					 " WHERE its.campaign_id = :id AND its.severity >= :severity"
					 " AND other.campaign_id <> :id AND other.severity >= :severity)"
					 " ORDER BY c.last_seen DESC, c.id DESC LIMIT 100",
				ARGS(arg_int(":id", id), arg_int(":severity", least_severity)), err),
			 a, rows, n, err);
}

static int note(struct store *s, const struct campaign_row *c, const char *what, struct str other, struct str who, int64_t now,
		struct err *err)
{
	AUTO(buf) detail = BUF_INIT(1024);
	struct json_writer w = { .out = &detail };
	char subject[64];

	json_open(&w, NULL, '{');
	json_put_text(&w, what, other);
	json_close(&w, '}');
	snprintf(subject, sizeof(subject), "campaign %.*s", STR_ARG(c->public_id));
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_CAMPAIGN,
						  .subject = str_of(subject),
						  .operator_name = who,
						  .detail = buf_str(&detail) },
			   now, err);
}

/* Of what both were told the more severe stays. */
static int merge_told(struct store *s, const struct db_arg *args, struct err *err)
{
	static const char *const steps[] = {
		("DELETE FROM told WHERE campaign_id = :into AND EXISTS (SELECT 1 FROM told AS other"
		 " WHERE other.campaign_id = :from AND other.subscription_id = told.subscription_id"
		 " AND other.severity > told.severity)"),
		("DELETE FROM told WHERE campaign_id = :from AND EXISTS (SELECT 1 FROM told AS other"
		 " WHERE other.campaign_id = :into AND other.subscription_id = told.subscription_id)"),
		"UPDATE told SET campaign_id = :into WHERE campaign_id = :from",
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (db_do(s->db, steps[i], args, err) < 0)
			return err->code;
	return 0;
}

int campaign_merge(struct store *s, const struct campaign_row *from, const struct campaign_row *into, struct str who,
		   int64_t now, struct err *err)
{
	static const char *const moves[] = {
		"UPDATE finding SET campaign_id = :into WHERE campaign_id = :from",
		"UPDATE cluster SET campaign_id = :into WHERE campaign_id = :from",
		("UPDATE hold SET subject_id = :into WHERE kind = 'campaign' AND subject_id = :from AND NOT EXISTS"
		 " (SELECT 1 FROM hold AS its WHERE its.kind = 'campaign' AND its.subject_id = :into)"),
		("UPDATE duty SET campaign_id = :into WHERE campaign_id = :from"
		 " AND finding_id IN (SELECT id FROM finding WHERE campaign_id = :into)"),
	};
	const struct db_arg *args = ARGS(arg_int(":from", from->id), arg_int(":into", into->id));

	if (from->id == into->id || from->merged_into.n || into->merged_into.n)
		return err_set(err, E_USAGE, "campaign %.8s is a part of %.8s already",
			       from->merged_into.n ? from->public_id.p : into->public_id.p,
			       from->merged_into.n   ? from->merged_into.p
			       : into->merged_into.n ? into->merged_into.p
						     : into->public_id.p);
	if (merge_told(s, args, err) < 0)
		return err->code;
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (db_do(s->db, moves[i], args, err) < 0)
			return err->code;
	if (db_do(s->db, "UPDATE campaign SET merged_into = :into WHERE id = :from", args, err) < 0 ||
	    db_do(s->db, "UPDATE campaign SET first_seen = :first, last_seen = :last WHERE id = :id",
		  ARGS(arg_int(":first", from->first_seen < into->first_seen ? from->first_seen : into->first_seen),
		       arg_int(":last", from->last_seen > into->last_seen ? from->last_seen : into->last_seen),
		       arg_int(":id", into->id)),
		  err) < 0)
		return err->code;
	return note(s, from, "merged_into", into->public_id, who, now, err);
}

/* A finding of it, and all that has the same text: 1, 0 when it is not in it. */
static int move_one(struct store *s, int64_t from, int64_t to, struct str finding, struct err *err)
{
	struct query *q;
	int64_t cluster;
	int found = db_get(s->db, &q,
			   "SELECT cluster_id FROM finding WHERE public_id >= :first AND public_id < :first || 'g'"
			   " AND campaign_id IN (:from, :to) LIMIT 1",
			   ARGS(arg_text(":first", finding), arg_int(":from", from), arg_int(":to", to)), NULL, err);

	if (found <= 0)
		return found;
	cluster = db_int(q, 0);
	db_end(q);
	if (db_do(s->db, "UPDATE finding SET campaign_id = :to WHERE cluster_id = :cluster",
		  ARGS(arg_int(":to", to), arg_int(":cluster", cluster)), err) < 0 ||
	    db_do(s->db, "UPDATE cluster SET campaign_id = :to WHERE id = :cluster",
		  ARGS(arg_int(":to", to), arg_int(":cluster", cluster)), err) < 0)
		return err->code;
	return 1;
}

static int count_left(struct store *s, int64_t id, int64_t *n, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT count(*) FROM finding WHERE campaign_id = :id", ARGS(arg_int(":id", id)), "a count",
		   err) < 0)
		return err->code;
	*n = db_int(q, 0);
	db_end(q);
	return 0;
}

int campaign_split(struct store *s, const struct campaign_row *from, const struct str *findings, size_t n, struct str who,
		   int64_t now, struct arena *a, struct campaign_row *out, struct err *err)
{
	int64_t id, left = 0;

	if (campaign_new(s, from->name, now, &id, err) < 0 ||
	    db_do(s->db,
		  "INSERT INTO hold (kind, subject_id, reason, operator, at) SELECT kind, :id, reason, operator, at FROM hold"
		  " WHERE kind = 'campaign' AND subject_id = :from",
		  ARGS(arg_int(":id", id), arg_int(":from", from->id)), err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		int moved = move_one(s, from->id, id, findings[i], err);

		if (moved <= 0)
			return moved < 0 ? moved
					 : err_set(err, E_USAGE, "campaign %.8s has no finding %.*s", from->public_id.p,
						   STR_ARG(findings[i]));
	}
	if (count_left(s, from->id, &left, err) < 0)
		return err->code;
	if (left == 0)
		return err_set(err, E_USAGE, "these are all findings of campaign %.8s: nothing would stay in it",
			       from->public_id.p);
	if (campaign_get(s, id, 0, a, out, err) < 0)
		return err->code;
	return note(s, from, "split_off", out->public_id, who, now, err);
}
