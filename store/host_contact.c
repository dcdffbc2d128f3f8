/* host_contact.c - who may be written to about a host */
#include "store/host_contact.h"

#include "store/internal.h"

int host_contact_keep(struct store *s, struct str host, const struct host_contact *rows, size_t n, int64_t now, struct err *err)
{
	const struct db_arg whose = arg_text(":host", host);

	if (db_do(s->db, "DELETE FROM host_contact WHERE host = :host", ARGS(whose), err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (db_do(s->db,
			  "INSERT INTO host_contact (host, role, address, origin, why, place, found_at)"
			  " VALUES (:host, :role, :address, :origin, :why, :place, :now) ON CONFLICT DO NOTHING",
			  ARGS(whose, arg_text(":role", rows[i].role), arg_text(":address", rows[i].address),
			       arg_text(":origin", rows[i].origin), arg_text(":why", rows[i].why),
			       arg_int(":place", rows[i].place), arg_int(":now", now)),
			  err) < 0)
			return err->code;
	return 0;
}

int host_contact_list(struct store *s, struct str host, struct arena *a, struct host_contact **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT role, address, origin, why, place, found_at FROM host_contact WHERE host = :host"
				 " ORDER BY place, id",
				 ARGS(arg_text(":host", host)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct host_contact *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct host_contact){ .role = arena_copy(a, db_text(q, 0)),
					    .address = arena_copy(a, db_text(q, 1)),
					    .origin = arena_copy(a, db_text(q, 2)),
					    .why = arena_copy(a, db_text(q, 3)),
					    .place = db_int(q, 4),
					    .found_at = db_int(q, 5) };
	}
	return more;
}
