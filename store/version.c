/* version.c - what judges now */
#include "store/version.h"

#include "store/internal.h"

int version_list(struct store *s, struct arena *a, struct version_row **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(s->db,
				   "SELECT kind, name, digest, version.first_used_at FROM classifier_version"
				   " JOIN version ON version.id = version_id WHERE classifier_id ="
				   " (SELECT classifier_id FROM assessment WHERE id = (SELECT max(id) FROM assessment)) ORDER "
				   "BY kind, name, version.id",
				   err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct version_row *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct version_row){ arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)),
					   arena_copy(a, db_text(q, 2)), db_int(q, 3) };
	}
	return more;
}
