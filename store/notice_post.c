/* notice_post.c - a notice on its way: into the outbox, gone or not, and what the other side said of it */
#include "base/limits.h"
#include "store/internal.h"
#include "store/notice.h"
#include "store/operator.h"

int notice_targets(struct store *s, int64_t id, struct arena *a, struct takedown_target **rows, size_t *n, struct err *err)
{
	return takedown_targets_read(db_ask(s->db,
					    TAKEDOWN_TARGET
					    "JOIN notice_target ON target_id = takedown_target.id WHERE notice_id = :notice"
					    " ORDER BY takedown_target.id",
					    ARGS(arg_int(":notice", id)), err),
				     a, rows, n, err);
}

int notice_move_targets(struct store *s, const struct notice_row *n, int state, struct str operator_name, int64_t now,
			struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct takedown_target *rows;
	size_t count;

	if (notice_targets(s, n->id, a, &rows, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++)
		if (takedown_advance(s, rows[i].id, (enum takedown_state)state, operator_name, n->public_id, now, err) < 0)
			return err->code;
	return 0;
}

int notice_send(struct store *s, const struct notice_row *n, int64_t needed, struct str letter, struct str operator_name,
		int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct outbox_message m = { .kind = STR("notice"),
				    .recipient = n->recipient,
				    .subject = n->subject,
				    .content = letter,
				    .takedown_id = n->takedown_id };
	struct takedown_row its;
	struct query *q;
	int64_t outbox_id;
	int found;

	if (takedown_check_open(s, n->takedown_id, err) < 0 || notice_check_approved(s, n, needed, err) < 0 ||
	    takedown_get(s, n->takedown_id, a, &its, err) < 0)
		return err->code;
	m.finding_id = its.finding_id;
	if (outbox_add(s, &m, now, &outbox_id, err) < 0)
		return err->code;
	found = db_get(
		s->db, &q,
		"UPDATE notice SET outbox_id = :outbox WHERE id = :id AND state = 'approved' AND outbox_id IS NULL"
		" AND digest = :digest RETURNING id",
		ARGS(arg_int(":outbox", outbox_id), arg_int(":id", n->id), arg_bytes(":digest", n->digest, DIGEST_BYTES)), NULL,
		err);
	if (found < 0)
		return found;
	if (found == 0)
		return err_set(err, E_USAGE, "somebody else sent or changed notice %.8s just now", n->public_id.p);
	db_end(q);
	return notice_tell(s, n, &(struct notice_told){ "send", operator_name, STR(""), NULL }, now, err);
}

/* From there on nothing but answers comes: 1, or 0 when it was so before. */
static int end(struct store *s, const struct notice_row *n, enum notice_state state, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "UPDATE notice SET state = :state, sent_at = CASE WHEN :state = 'sent' THEN :now ELSE sent_at END"
			   " WHERE id = :id AND state <> :state RETURNING id",
			   ARGS(arg_text(":state", str_of(notice_states[state])), arg_int(":now", now), arg_int(":id", n->id)),
			   NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int notice_sent(struct store *s, const struct notice_row *n, struct str operator_name, int64_t now, struct err *err)
{
	int fresh = end(s, n, NOTICE_SENT, now, err);

	/* Where another draft about the same target was begun meanwhile, that it was sent goes through approved. */
	if (fresh > 0 && (notice_move_targets(s, n, TAKEDOWN_APPROVED, operator_name, now, err) < 0 ||
			  notice_move_targets(s, n, TAKEDOWN_SENT, operator_name, now, err) < 0 ||
			  notice_tell(s, n, &(struct notice_told){ "sent", operator_name, STR(""), NULL }, now, err) < 0))
		return err->code;
	return fresh;
}

int notice_dead(struct store *s, const struct notice_row *n, struct str why, struct str operator_name, int64_t now,
		struct err *err)
{
	const struct notice_answer x = { .kind = STR("failed"), .sender = n->recipient, .message = why, .content = why };
	int fresh = end(s, n, NOTICE_DEAD, now, err);

	if (fresh > 0 && (notice_answer_add(s, n, &x, operator_name, now, err) < 0 ||
			  notice_move_targets(s, n, TAKEDOWN_DRAFTED, operator_name, now, err) < 0))
		return err->code;
	return fresh;
}

/* What an answer of each kind makes of the targets; drafted: as they are. */
static const struct {
	const char *name;
	bool moves;
	enum takedown_state to;
} kinds[] = {
	{ "receipt", true, TAKEDOWN_RECEIPT },
	{ "answer", true, TAKEDOWN_RECEIPT }, /* who answers has it; what it says a person reads */
	{ "refused", true, TAKEDOWN_REFUSED },
	{ "failed", false, TAKEDOWN_DRAFTED },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* Programs that answer each other end here. */
static int answer_room(struct store *s, int64_t id, struct err *err)
{
	struct query *q;
	bool is_room;

	if (db_get(s->db, &q, "SELECT count(*) FROM notice_answer WHERE notice_id = :notice", ARGS(arg_int(":notice", id)),
		   "a count", err) < 0)
		return err->code;
	is_room = db_int(q, 0) < LIMIT_ANSWERS;
	db_end(q);
	return is_room;
}

int notice_answer_add(struct store *s, const struct notice_row *n, const struct notice_answer *x, struct str operator_name,
		      int64_t now, struct err *err)
{
	struct query *q;
	size_t k = 0;
	int fresh;

	while (k < KINDS && !str_eq(x->kind, str_of(kinds[k].name)))
		k++;
	if (k == KINDS)
		return err_set(err, E_USAGE, "no answer is %.*s, expected receipt, answer, refused or failed",
			       STR_ARG(str_slice(x->kind, 0, 40)));
	fresh = answer_room(s, n->id, err);
	if (fresh <= 0)
		return fresh;
	fresh = db_get(s->db, &q,
		       "INSERT INTO notice_answer (notice_id, at, kind, sender, message, content) VALUES (:notice, :now, :kind,"
		       " :sender, :message, :content) ON CONFLICT DO NOTHING RETURNING id",
		       ARGS(arg_int(":notice", n->id), arg_int(":now", now), arg_text(":kind", x->kind),
			    arg_text(":sender", x->sender), arg_text(":message", x->message), arg_text(":content", x->content)),
		       NULL, err);
	if (fresh <= 0)
		return fresh;
	db_end(q);
	if ((kinds[k].moves && notice_move_targets(s, n, kinds[k].to, operator_name, now, err) < 0) ||
	    notice_tell(s, n, &(struct notice_told){ kinds[k].name, operator_name, x->sender, NULL }, now, err) < 0)
		return err->code;
	return 1;
}

int notice_answers(struct store *s, int64_t id, struct arena *a, struct notice_answer **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT kind, sender, message, content, at FROM notice_answer WHERE notice_id = :notice ORDER BY"
		" id",
		ARGS(arg_int(":notice", id)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct notice_answer *)arena_push(a, rows, n, sizeof(**rows)) = (struct notice_answer){
			arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)), arena_copy(a, db_text(q, 2)),
			arena_copy(a, db_text(q, 3)), db_int(q, 4)
		};
	return more;
}
