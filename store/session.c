/* session.c - what a source's site knows us by */
#include "store/session.h"

#include "base/limits.h"
#include "store/internal.h"

static const char *const states[] = { "out", "in", "refused" };

static enum session_state state_of(struct str word)
{
	return str_eq(word, STR("in")) ? SESSION_IN : str_eq(word, STR("refused")) ? SESSION_REFUSED : SESSION_OUT;
}

int session_get(struct store *s, int64_t source_id, struct arena *a, struct session *out, struct err *err)
{
	struct query *q = NULL;
	int found = db_get(s->db, &q,
			   "SELECT state, refusals, login, detail, due_at, cookies FROM session WHERE source_id = :source",
			   ARGS(arg_int(":source", source_id)), NULL, err);

	if (found <= 0)
		return found;
	*out = (struct session){
		.state = state_of(db_text(q, 0)),
		.refusals = (int)db_int(q, 1),
		.login = arena_copy(a, db_text(q, 2)),
		.detail = arena_copy(a, db_text(q, 3)),
		.due_at = db_int(q, 4),
		.cookies = arena_copy(a, db_text(q, 5)),
	};
	db_end(q);
	return 1;
}

int session_put(struct store *s, int64_t source_id, const struct session *session, int64_t now, struct err *err)
{
	return db_do(
		s->db,
		"INSERT INTO session (source_id, state, cookies, detail, refusals, login, changed_at, due_at)"
		" VALUES (:source, :state, '', :detail, :refusals, :login, :now, :due) ON CONFLICT (source_id) DO UPDATE SET"
		" state = excluded.state, detail = excluded.detail, refusals = excluded.refusals, login = excluded.login,"
		" changed_at = excluded.changed_at, due_at = excluded.due_at",
		ARGS(arg_int(":source", source_id), arg_text(":state", str_of(states[session->state])),
		     arg_text(":detail", session->detail), arg_int(":refusals", session->refusals),
		     arg_blob_or_null(":login", session->login), arg_int(":now", now),
		     arg_int_or_null(":due", session->due_at, session->due_at != 0)),
		err);
}

int session_keep_cookies(struct store *s, int64_t source_id, struct str cookies, int64_t now, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO session (source_id, state, cookies, detail, changed_at) VALUES (:source, 'out', :cookies, "
		     "'', :now)"
		     " ON CONFLICT (source_id) DO UPDATE SET cookies = excluded.cookies, changed_at = excluded.changed_at",
		     ARGS(arg_int(":source", source_id), arg_text(":cookies", cookies), arg_int(":now", now)), err);
}

static bool is_among(int64_t id, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

int session_keep_only(struct store *s, const int64_t *source_ids, size_t n, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct query *q = db_query(s->db, "SELECT source_id FROM session", err);
	int64_t *gone = NULL;
	size_t n_gone = 0;
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		if (!is_among(db_int(q, 0), source_ids, n))
			*(int64_t *)arena_push(a, &gone, &n_gone, sizeof(*gone)) = db_int(q, 0);
	for (size_t i = 0; more == 0 && i < n_gone; i++)
		more = db_do(s->db, "DELETE FROM session WHERE source_id = :source", ARGS(arg_int(":source", gone[i])), err);
	return more;
}
