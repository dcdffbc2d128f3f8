/* operator.c - the people who act */
#include "store/operator.h"

#include "store/internal.h"

static int find(struct store *s, struct str name, struct arena *a, struct operator* out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT id, public_id, name FROM operator WHERE name = :name",
			   ARGS(arg_text(":name", name)), NULL, err);

	if (found <= 0)
		return found;
	*out = (struct operator){ db_int(q, 0), arena_copy(a, db_text(q, 1)), arena_copy(a, db_text(q, 2)) };
	db_end(q);
	return 1;
}

int operator_id(struct store *s, struct str name, int64_t now, struct arena *a, struct operator* out, struct err *err)
{
	char public_id[PUBLIC_ID];
	int found = find(s, name, a, out, err);

	if (found == 0 &&
	    db_do(s->db,
		  "INSERT INTO operator (public_id, name, first_seen) VALUES (:id, :name, :now)"
		  " ON CONFLICT (name) DO NOTHING",
		  ARGS(arg_text(":id", public_id_new(public_id)), arg_text(":name", name), arg_int(":now", now)), err) < 0)
		return err->code;
	if (found == 0)
		found = find(s, name, a, out, err);
	return found < 0 ? found : found ? 0 : err_set(err, E_STORE, "the operator that was just written is not there");
}

int operator_key_add(struct store *s, int64_t operator_id, struct str public_key, int64_t now, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO operator_key (operator_id, public_key, first_seen) VALUES (:operator, :key, :now)"
		     " ON CONFLICT (public_key) DO NOTHING",
		     ARGS(arg_int(":operator", operator_id), arg_blob(":key", public_key), arg_int(":now", now)), err);
}

int operator_of_key(struct store *s, struct str public_key, struct arena *a, struct str *name, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT name FROM operator_key JOIN operator ON operator.id = operator_id WHERE public_key = :key",
			   ARGS(arg_blob(":key", public_key)), NULL, err);

	if (found <= 0)
		return found;
	*name = arena_copy(a, db_text(q, 0));
	db_end(q);
	return 1;
}
