/* takedown_fact.c - what people say of a case */
#include "store/takedown_fact.h"

#include "base/limits.h"
#include "store/internal.h"
#include "store/operator.h"

static int fact_set(struct store *s, int64_t takedown_id, const struct takedown_fact *f, const struct operator* who,
		    int64_t now, struct err *err)
{
	const struct db_arg of = arg_int(":takedown", takedown_id), name = arg_text(":name", f->name);

	if (f->value.n == 0)
		return db_do(s->db, "DELETE FROM takedown_fact WHERE takedown_id = :takedown AND name = :name", ARGS(of, name),
			     err);
	return db_do(s->db,
		     "INSERT INTO takedown_fact (takedown_id, name, value, operator_id, at) VALUES (:takedown, :name, :value,"
		     " :operator, :now) ON CONFLICT (takedown_id, name) DO UPDATE SET value = excluded.value,"
		     " operator_id = excluded.operator_id, at = excluded.at",
		     ARGS(of, name, arg_text(":value", f->value), arg_int(":operator", who->id), arg_int(":now", now)), err);
}

int takedown_facts_set(struct store *s, int64_t takedown_id, const struct takedown_fact *facts, size_t n,
		       struct str operator_name, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct operator who;

	if (takedown_check_open(s, takedown_id, err) < 0 || operator_id(s, operator_name, now, a, &who, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		const struct str fields[] = {
			STR("did"), STR("set"), STR("name"), facts[i].name, STR("value"), facts[i].value
		};

		if (fact_set(s, takedown_id, &facts[i], &who, now, err) < 0 ||
		    takedown_tell(s, takedown_id, &(struct takedown_act){ operator_name, fields, 6, NULL }, now, err) < 0)
			return err->code;
	}
	return 0;
}

static int rows_read(struct query *q, struct arena *a, struct takedown_fact **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct takedown_fact *)arena_push(a, rows, n, sizeof(**rows)) = (struct takedown_fact){
			arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)), arena_copy(a, db_text(q, 2)), db_int(q, 3)
		};
	return more;
}

int takedown_facts(struct store *s, int64_t takedown_id, struct arena *a, struct takedown_fact **rows, size_t *n,
		   struct err *err)
{
	return rows_read(db_ask(s->db,
				"SELECT takedown_fact.name, value, operator.name, at FROM takedown_fact"
				" JOIN operator ON operator.id = operator_id WHERE takedown_id = :takedown"
				" ORDER BY takedown_fact.name",
				ARGS(arg_int(":takedown", takedown_id)), err),
			 a, rows, n, err);
}

int takedown_note_add(struct store *s, int64_t takedown_id, struct str note, struct str operator_name, int64_t now,
		      struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	const struct str fields[] = { STR("did"), STR("note"), STR("note"), note };
	struct operator who;

	if (operator_id(s, operator_name, now, a, &who, err) < 0 ||
	    db_do(s->db,
		  "INSERT INTO takedown_note (takedown_id, operator_id, at, note) VALUES (:takedown, :operator, :now, :note)",
		  ARGS(arg_int(":takedown", takedown_id), arg_int(":operator", who.id), arg_int(":now", now),
		       arg_text(":note", note)),
		  err) < 0)
		return err->code;
	return takedown_tell(s, takedown_id, &(struct takedown_act){ operator_name, fields, 4, NULL }, now, err);
}

int takedown_notes(struct store *s, int64_t takedown_id, struct arena *a, struct takedown_fact **rows, size_t *n,
		   struct err *err)
{
	return rows_read(
		db_ask(s->db,
		       "SELECT '', note, operator.name, at FROM takedown_note JOIN operator ON operator.id = operator_id"
		       " WHERE takedown_id = :takedown ORDER BY takedown_note.id",
		       ARGS(arg_int(":takedown", takedown_id)), err),
		a, rows, n, err);
}
