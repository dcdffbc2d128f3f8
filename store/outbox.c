/* outbox.c - what is to be sent */
#include "store/outbox.h"

#include "store/internal.h"

int outbox_add(struct store *s, const struct outbox_message *m, int64_t now, int64_t *id, struct err *err)
{
	char public_id[PUBLIC_ID];
	struct query *q;
	int added = db_get(
		s->db, &q,
		"INSERT INTO outbox (public_id, finding_id, takedown_id, subscription_id, campaign_id, topic, step, kind,"
		" recipient, subject, content, state, tries, made_at, due_at, answer) VALUES (:public, :finding,"
		" :takedown, :subscription, :campaign, :topic, :step, :kind, :recipient, :subject, :content,"
		" 'waiting', 0, :now, :due, '') ON CONFLICT DO NOTHING RETURNING id",
		ARGS(arg_text(":public", public_id_new(public_id)),
		     arg_int_or_null(":finding", m->finding_id, m->finding_id != 0),
		     arg_int_or_null(":takedown", m->takedown_id, m->takedown_id != 0),
		     arg_int_or_null(":subscription", m->subscription_id, m->subscription_id != 0),
		     arg_int_or_null(":campaign", m->campaign_id, m->campaign_id != 0), arg_text_or_null(":topic", m->topic),
		     arg_int(":step", m->step), arg_text(":kind", m->kind), arg_text(":recipient", m->recipient),
		     arg_text(":subject", m->subject), arg_blob(":content", m->content), arg_int(":now", now),
		     arg_int(":due", m->due_at ? m->due_at : now)),
		NULL, err);

	if (added < 0)
		return added;
	*id = added ? db_int(q, 0) : 0;
	if (added)
		db_end(q);
	return 0;
}

#define ROW                                                                                                                \
	"SELECT id, finding_id, takedown_id, public_id, kind, recipient, subject, content, state, answer, tries, made_at," \
	" due_at, ended_at, subscription_id, campaign_id, step, topic FROM outbox"

static int rows_read(struct query *q, struct arena *a, struct outbox_row **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct outbox_row *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct outbox_row){
			.id = db_int(q, 0),
			.finding_id = db_int(q, 1),
			.takedown_id = db_int(q, 2),
			.public_id = arena_copy(a, db_text(q, 3)),
			.kind = arena_copy(a, db_text(q, 4)),
			.recipient = arena_copy(a, db_text(q, 5)),
			.subject = arena_copy(a, db_text(q, 6)),
			.content = arena_copy(a, db_text(q, 7)),
			.state = arena_copy(a, db_text(q, 8)),
			.answer = arena_copy(a, db_text(q, 9)),
			.tries = db_int(q, 10),
			.made_at = db_int(q, 11),
			.due_at = db_int(q, 12),
			.ended_at = db_int(q, 13),
			.subscription_id = db_int(q, 14),
			.campaign_id = db_int(q, 15),
			.step = db_int(q, 16),
			.topic = arena_copy(a, db_text(q, 17)),
		};
	}
	return more;
}

/* The index by recipient, which holds all that was ever sent, is of no use here: "|| ''" keeps both engines from it. */
int outbox_due(struct store *s, const struct outbox_way *way, int64_t now, size_t max, struct arena *a,
	       struct outbox_row **rows, size_t *n, struct err *err)
{
	return rows_read(
		db_ask(s->db,
		       ROW " WHERE state = 'waiting' AND due_at <= :now AND (recipient || '' = :to OR (:to = '' AND :others"
			   " NOT LIKE '%|' || recipient || '|%')) ORDER BY due_at, id LIMIT :max",
		       ARGS(arg_int(":now", now), arg_text(":to", way->to), arg_text(":others", way->others),
			    arg_int(":max", (int64_t)max)),
		       err),
		a, rows, n, err);
}

int outbox_next_due(struct store *s, int64_t *due_at, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT due_at FROM outbox WHERE state = 'waiting' ORDER BY due_at LIMIT 1", NULL, NULL,
			   err);

	if (found <= 0)
		return found;
	*due_at = db_int(q, 0);
	db_end(q);
	return 1;
}

/* The end of a message that waits: 1, 0 when it does not any more. */
static int died(struct store *s, int64_t id, struct str answer, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "UPDATE outbox SET state = 'dead', tries = tries + 1, ended_at = :now, answer = :answer"
			   " WHERE id = :id AND state = 'waiting' RETURNING id",
			   ARGS(arg_int(":now", now), arg_text(":answer", answer), arg_int(":id", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int outbox_sent(struct store *s, int64_t id, struct str answer, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "UPDATE outbox SET state = 'sent', tries = tries + 1, ended_at = :now, answer = :answer"
			   " WHERE id = :id AND state IN ('waiting', 'silenced') RETURNING id",
			   ARGS(arg_int(":now", now), arg_text(":answer", answer), arg_int(":id", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int outbox_failed(struct store *s, int64_t id, struct str answer, bool forever, int64_t now, struct err *err)
{
	int64_t tries, wait_s = OUTBOX_FIRST_S;
	struct query *q;
	int found = db_get(s->db, &q, "SELECT tries FROM outbox WHERE id = :id AND state = 'waiting'", ARGS(arg_int(":id", id)),
			   NULL, err);

	if (found <= 0)
		return found;
	tries = db_int(q, 0) + 1;
	db_end(q);
	if (forever || tries >= OUTBOX_TRIES)
		return died(s, id, answer, now, err) < 0 ? err->code : 0;
	for (int64_t i = 1; i < tries && wait_s < OUTBOX_LONGEST_S; i++)
		wait_s *= 2;
	wait_s = wait_s < OUTBOX_LONGEST_S ? wait_s : OUTBOX_LONGEST_S;
	if (db_do(s->db, "UPDATE outbox SET tries = :tries, due_at = :due, answer = :answer WHERE id = :id",
		  ARGS(arg_int(":tries", tries), arg_int(":due", now + wait_s * 1000000), arg_text(":answer", answer),
		       arg_int(":id", id)),
		  err) < 0)
		return err->code;
	return 1;
}

int outbox_asked_for(struct store *s, int64_t id, int64_t at, struct err *err)
{
	return db_do(
		s->db,
		"UPDATE outbox SET due_at = :at WHERE id = :id AND state = 'waiting' AND (tries <= :believed OR due_at < :at)",
		ARGS(arg_int(":at", at), arg_int(":id", id), arg_int(":believed", OUTBOX_BELIEVED)), err);
}

int outbox_list(struct store *s, const struct outbox_filter *f, struct arena *a, struct outbox_row **rows, size_t *n,
		struct err *err)
{
	return rows_read(db_ask(s->db,
				ROW " WHERE id < :before AND (:state = '' OR state = :state) ORDER BY id DESC LIMIT :limit",
				ARGS(arg_int(":before", f->before_id ? f->before_id : INT64_MAX), arg_text(":state", f->state),
				     arg_int(":limit", f->limit ? f->limit : 100)),
				err),
			 a, rows, n, err);
}

int outbox_rate(struct store *s, struct str recipient, int64_t since, int64_t *n, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT count(*) FROM outbox WHERE recipient = :recipient AND made_at > :since AND kind IN ('alert', "
		   "'digest')",
		   ARGS(arg_text(":recipient", recipient), arg_int(":since", since)), "a count", err) < 0)
		return err->code;
	*n = db_int(q, 0);
	db_end(q);
	return 0;
}

#define SAME_TEXT                                                          \
	"(SELECT alike.id FROM finding AS alike WHERE alike.id = :finding" \
	" OR alike.cluster_id = (SELECT judged.cluster_id FROM finding AS judged WHERE judged.id = :finding))"

int outbox_silence(struct store *s, int64_t finding_id, int64_t now, struct err *err)
{
	const struct db_arg finding = arg_int(":finding", finding_id);

	if (db_do(s->db,
		  "UPDATE told SET severity = 0, held_until = NULL WHERE (subscription_id, campaign_id) IN"
		  " (SELECT subscription_id, campaign_id FROM outbox WHERE state = 'waiting' AND kind = 'alert'"
		  " AND finding_id IN " SAME_TEXT ")",
		  ARGS(finding), err) < 0)
		return err->code;
	return db_do(s->db,
		     "UPDATE outbox SET state = 'silenced', ended_at = :now WHERE state = 'waiting' AND kind = 'alert'"
		     " AND finding_id IN " SAME_TEXT,
		     ARGS(finding, arg_int(":now", now)), err);
}

int outbox_load(struct store *s, struct str public_id, struct arena *a, struct outbox_row *out, struct err *err)
{
	struct outbox_row *rows;
	size_t n;

	if (public_id.n < 6 || public_id.n >= PUBLIC_ID)
		return err_set(err, E_USAGE, "an id has 6 to 32 hexadecimal digits; `watchdesk alert log` shows them");
	if (rows_read(db_ask(s->db, ROW " WHERE public_id >= :first AND public_id < :first || 'g' LIMIT 2",
			     ARGS(arg_text(":first", public_id)), err),
		      a, &rows, &n, err) < 0)
		return err->code;
	if (n > 1)
		return err_set(err, E_USAGE, "several ids begin with %.*s; give more digits", STR_ARG(public_id));
	if (n)
		*out = rows[0];
	return (int)n;
}

int outbox_again(struct store *s, int64_t id, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "UPDATE outbox SET state = 'waiting', tries = 0, due_at = :now, ended_at = NULL, answer = ''"
			   " WHERE id = :id AND state IN ('waiting', 'dead') RETURNING id",
			   ARGS(arg_int(":now", now), arg_int(":id", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int outbox_count(struct store *s, const char *state, int64_t *n, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT count(*) FROM outbox WHERE state = :state", ARGS(arg_text(":state", str_of(state))),
		   "the letters of a state", err) < 0)
		return err->code;
	*n = db_int(q, 0);
	db_end(q);
	return 0;
}
