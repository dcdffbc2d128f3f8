/* told.c - what each subscriber was told of each campaign */
#include "store/told.h"

#include "store/internal.h"

int told_finding(struct store *s, int64_t finding_id, struct arena *a, struct told_finding *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT finding.id, finding.campaign_id, finding.public_id, campaign.public_id, category, asset,"
			   " source.name, severity, finding.verdict, coalesce(verdict.verdict, 'none'),"
			   " violence, extortion, leak, dox, language FROM finding"
			   " JOIN assessment ON assessment.id = finding.assessment_id"
			   " JOIN post ON post.id = finding.post_id JOIN source ON source.id = post.source_id"
			   " LEFT JOIN campaign ON campaign.id = finding.campaign_id"
			   " LEFT JOIN cluster ON cluster.id = finding.cluster_id"
			   " LEFT JOIN verdict ON verdict.id = cluster.verdict_id WHERE finding.id = :id",
			   ARGS(arg_int(":id", finding_id)), NULL, err);

	if (found <= 0)
		return found;
	*out = (struct told_finding){
		.id = db_int(q, 0),
		.campaign_id = db_int(q, 1),
		.public_id = arena_copy(a, db_text(q, 2)),
		.campaign = arena_copy(a, db_text(q, 3)),
		.category = arena_copy(a, db_text(q, 4)),
		.asset = arena_copy(a, db_text(q, 5)),
		.source = arena_copy(a, db_text(q, 6)),
		.severity = (int)db_int(q, 7),
	};
	for (int i = 8; i < 10; i++)
		out->silent |= !str_eq(db_text(q, i), STR("none")) && !str_eq(db_text(q, i), STR("confirmed"));
	for (int i = 0; i < 4; i++)
		out->scores[i] = db_real(q, 10 + i);
	out->language = arena_copy(a, db_text(q, 14));
	db_end(q);
	return 1;
}

#define TOLD "SELECT subscription_id, campaign_id, finding_id, severity, step, repeats, at, held_until, held_why FROM told"

static struct told told_read(struct query *q, struct arena *a)
{
	return (struct told){
		.subscription_id = db_int(q, 0),
		.campaign_id = db_int(q, 1),
		.finding_id = db_int(q, 2),
		.severity = (int)db_int(q, 3),
		.step = db_int(q, 4),
		.repeats = db_int(q, 5),
		.at = db_int(q, 6),
		.held_until = db_int(q, 7),
		.held_why = arena_copy(a, db_text(q, 8)),
	};
}

int told_get(struct store *s, int64_t subscription_id, int64_t campaign_id, struct arena *a, struct told *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, TOLD " WHERE subscription_id = :subscription AND campaign_id = :campaign",
			   ARGS(arg_int(":subscription", subscription_id), arg_int(":campaign", campaign_id)), NULL, err);

	if (found <= 0)
		return found;
	*out = told_read(q, a);
	db_end(q);
	return 1;
}

int told_put(struct store *s, const struct told *t, struct err *err)
{
	return db_do(
		s->db,
		"INSERT INTO told (subscription_id, campaign_id, finding_id, severity, step, repeats, at, held_until, held_why)"
		" VALUES (:subscription, :campaign, :finding, :severity, :step, :repeats, :at, :until, :why)"
		" ON CONFLICT (subscription_id, campaign_id) DO UPDATE SET finding_id = excluded.finding_id,"
		" severity = excluded.severity, step = excluded.step, repeats = excluded.repeats, at = excluded.at,"
		" held_until = excluded.held_until, held_why = excluded.held_why",
		ARGS(arg_int(":subscription", t->subscription_id), arg_int(":campaign", t->campaign_id),
		     arg_int(":finding", t->finding_id), arg_int(":severity", t->severity), arg_int(":step", t->step),
		     arg_int(":repeats", t->repeats), arg_int(":at", t->at),
		     arg_int_or_null(":until", t->held_until, t->held_until != 0), arg_text(":why", t->held_why)),
		err);
}

/* The time that a statement answers with, if any. */
static int time_of(struct store *s, const char *sql, const struct db_arg *args, int64_t *at, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, sql, args, NULL, err);

	if (found <= 0)
		return found;
	*at = db_int(q, 0);
	db_end(q);
	return 1;
}

int told_next_due(struct store *s, int64_t *due_at, struct err *err)
{
	return time_of(s, "SELECT held_until FROM told WHERE held_until IS NOT NULL ORDER BY held_until LIMIT 1", NULL, due_at,
		       err);
}

static int rows_read(struct query *q, struct arena *a, struct told **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct told *t = arena_push(a, rows, n, sizeof(*t));

		*t = told_read(q, a);
	}
	return more;
}

int told_due(struct store *s, int64_t now, struct arena *a, struct told **rows, size_t *n, struct err *err)
{
	return rows_read(db_ask(s->db,
				TOLD " WHERE held_until IS NOT NULL AND held_until <= :now AND subscription_id ="
				     " (SELECT subscription_id FROM told WHERE held_until IS NOT NULL AND held_until <= :now"
				     " ORDER BY held_until LIMIT 1) ORDER BY severity DESC, at, campaign_id",
				ARGS(arg_int(":now", now)), err),
			 a, rows, n, err);
}

int told_repeats(struct store *s, int64_t subscription_id, size_t max, struct arena *a, struct told **rows, size_t *n,
		 struct err *err)
{
	return rows_read(db_ask(s->db,
				TOLD " WHERE subscription_id = :subscription AND repeats > 0 AND held_until IS NULL"
				     " ORDER BY repeats DESC, campaign_id LIMIT :max",
				ARGS(arg_int(":subscription", subscription_id), arg_int(":max", (int64_t)max)), err),
			 a, rows, n, err);
}

int told_ceiling(struct store *s, int64_t subscription_id, int64_t *until, struct err *err)
{
	return time_of(s,
		       "SELECT held_until FROM told WHERE held_until IS NOT NULL AND subscription_id = :subscription"
		       " AND held_why = 'ceiling' ORDER BY held_until LIMIT 1",
		       ARGS(arg_int(":subscription", subscription_id)), until, err);
}

int told_drop(struct store *s, int64_t subscription_id, int64_t now, struct err *err)
{
	const struct db_arg subscription = arg_int(":subscription", subscription_id);

	if (db_do(s->db,
		  "UPDATE outbox SET state = 'silenced', ended_at = :now WHERE coalesce(subscription_id, 0) = :subscription"
		  " AND topic IS NOT NULL AND state = 'waiting'",
		  ARGS(subscription, arg_int(":now", now)), err) < 0)
		return err->code;
	return db_do(s->db,
		     "UPDATE told SET held_until = NULL WHERE subscription_id = :subscription AND held_until IS NOT NULL",
		     ARGS(subscription), err);
}
