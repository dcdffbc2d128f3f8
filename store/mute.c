/* mute.c - rules whose hits do not count for severity */
#include "store/mute.h"

#include "base/json.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/internal.h"

/* The name of a source; empty for all. */
static int source_named(struct store *s, int64_t source_id, struct arena *a, struct str *name, struct err *err)
{
	struct query *q;

	*name = STR("");
	if (source_id == 0)
		return 0;
	if (db_get(s->db, &q, "SELECT name FROM source WHERE id = :id", ARGS(arg_int(":id", source_id)), "a source", err) < 0)
		return err->code;
	*name = arena_copy(a, db_text(q, 0));
	db_end(q);
	return 0;
}

static int note(struct store *s, const struct mute *m, const char *did, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	AUTO(buf) detail = BUF_INIT(KIB(16));
	struct json_writer w = { .out = &detail };
	struct str source;

	if (source_named(s, m->source_id, a, &source, err) < 0)
		return err->code;
	json_open(&w, NULL, '{');
	json_put_text(&w, "did", str_of(did));
	json_put_text(&w, "source", source);
	if (m->until)
		json_put_time(&w, "until", m->until);
	json_close(&w, '}');
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_MUTE,
						  .subject = arena_printf(a, "rule %.*s", STR_ARG(m->rule)),
						  .operator_name = m->operator_name,
						  .detail = buf_str(&detail) },
			   now, err);
}

/* Did the statement change a row? It returns it then. */
static int changed(struct store *s, const char *sql, const struct db_arg *args, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, sql, args, NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int mute_add(struct store *s, const struct mute *m, int64_t now, struct err *err)
{
	const struct db_arg rule = arg_text(":rule", m->rule), source = arg_int(":source", m->source_id),
			    at = arg_int(":now", now);
	int added;

	if (db_do(s->db, "DELETE FROM mute WHERE rule = :rule AND coalesce(source_id, 0) = :source AND until <= :now",
		  ARGS(rule, source, at), err) < 0)
		return err->code;
	added = changed(
		s,
		"INSERT INTO mute (rule, source_id, operator, at, until) VALUES (:rule, :source, :operator, :now, :until)"
		" ON CONFLICT DO NOTHING RETURNING id",
		ARGS(rule, arg_int_or_null(":source", m->source_id, m->source_id != 0), arg_text(":operator", m->operator_name),
		     at, arg_int_or_null(":until", m->until, m->until != 0)),
		err);
	if (added <= 0)
		return added;
	return note(s, m, "mute", now, err) < 0 ? err->code : 1;
}

int mute_remove(struct store *s, const struct mute *m, int64_t now, struct err *err)
{
	int gone = changed(s, "DELETE FROM mute WHERE rule = :rule AND coalesce(source_id, 0) = :source RETURNING id",
			   ARGS(arg_text(":rule", m->rule), arg_int(":source", m->source_id)), err);

	if (gone <= 0)
		return gone;
	return note(s, m, "unmute", now, err) < 0 ? err->code : 1;
}

int mute_list(struct store *s, int64_t now, struct arena *a, struct mute **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT rule, source.name, source_id, operator, at, until FROM mute"
				 " LEFT JOIN source ON source.id = source_id WHERE until IS NULL OR until > :now"
				 " ORDER BY rule, source.name",
				 ARGS(arg_int(":now", now)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct mute *m = arena_push(a, rows, n, sizeof(*m));

		*m = (struct mute){ .rule = arena_copy(a, db_text(q, 0)),
				    .source = arena_copy(a, db_text(q, 1)),
				    .source_id = db_int(q, 2),
				    .operator_name = arena_copy(a, db_text(q, 3)),
				    .at = db_int(q, 4),
				    .until = db_int(q, 5) };
	}
	return more;
}
