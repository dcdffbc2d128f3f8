/* tick.c - which steps of a playbook were done */
#include "store/tick.h"

#include "base/buf.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/finding.h"
#include "store/internal.h"

static int note(struct store *s, int64_t finding_id, const struct tick *t, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(4));
	AUTO(buf) detail = BUF_INIT(KIB(60));
	struct json_writer w = { .out = &detail };
	char finding[FINDING_ID];

	json_open(&w, NULL, '{');
	json_put_text(&w, "playbook", t->playbook);
	json_put_text(&w, "step", t->step);
	json_put_bool(&w, "done", t->done);
	json_put_text(&w, "note", t->note);
	json_close(&w, '}');
	if (detail.full)
		return err_set(err, E_LIMIT, "a note of %zu bytes is too long for custody", t->note.n);
	if (finding_name(s, finding_id, finding, err) < 0)
		return err->code;
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_PLAYBOOK,
						  .subject = arena_printf(a, "finding %s", finding),
						  .operator_name = t->operator_name,
						  .detail = buf_str(&detail) },
			   now, err);
}

int tick_set(struct store *s, int64_t finding_id, const struct tick *t, int64_t now, struct err *err)
{
	const struct db_arg finding = arg_int(":finding", finding_id), playbook = arg_text(":playbook", t->playbook),
			    step = arg_text(":step", t->step);
	struct query *q;
	int known = db_get(
		s->db, &q,
		"SELECT done FROM playbook_tick WHERE finding_id = :finding AND playbook = :playbook AND step = :step"
		" ORDER BY id DESC LIMIT 1",
		ARGS(finding, playbook, step), NULL, err);
	bool is = known > 0 && db_int(q, 0);

	if (known < 0)
		return known;
	if (known > 0)
		db_end(q);
	if (is == t->done)
		return 0;
	if (db_do(s->db,
		  "INSERT INTO playbook_tick (finding_id, playbook, step, done, operator, note, at)"
		  " VALUES (:finding, :playbook, :step, :done, :operator, :note, :now)",
		  ARGS(finding, playbook, step, arg_int(":done", t->done), arg_text(":operator", t->operator_name),
		       arg_text(":note", t->note), arg_int(":now", now)),
		  err) < 0)
		return err->code;
	return note(s, finding_id, t, now, err) < 0 ? err->code : 1;
}

static struct tick *tick_of(struct tick *rows, size_t n, struct str playbook, struct str step)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].playbook, playbook) && str_eq(rows[i].step, step))
			return &rows[i];
	return NULL;
}

int tick_list(struct store *s, int64_t finding_id, struct arena *a, struct tick **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT playbook, step, done, operator, note, at FROM playbook_tick WHERE finding_id = :finding"
		" ORDER BY id",
		ARGS(arg_int(":finding", finding_id)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct tick *t = tick_of(*rows, *n, db_text(q, 0), db_text(q, 1));

		if (!t) {
			t = arena_push(a, rows, n, sizeof(*t));
			t->playbook = arena_copy(a, db_text(q, 0));
			t->step = arena_copy(a, db_text(q, 1));
		}
		t->done = db_int(q, 2) != 0;
		t->operator_name = arena_copy(a, db_text(q, 3));
		t->note = arena_copy(a, db_text(q, 4));
		t->at = db_int(q, 5);
	}
	return more;
}
