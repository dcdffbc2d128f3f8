/* withheld.c - what a rule keeps out of the store */
#include "store/withheld.h"

#include "store/internal.h"

int withheld_note(struct store *s, const struct withheld *w, int64_t now, struct err *err)
{
	const struct db_arg source = arg_int(":source", w->source_id), url = arg_text(":url", w->url),
			    rule = arg_text(":rule", w->rule), at = arg_int(":now", now);
	struct query *q;
	int fresh = db_get(
		s->db, &q,
		"INSERT INTO withheld (source_id, url, rule, first_at, last_at) VALUES (:source, :url, :rule, :now, :now)"
		" ON CONFLICT (source_id, url, rule) DO NOTHING RETURNING id",
		ARGS(source, url, rule, at), NULL, err);

	if (fresh < 0)
		return fresh;
	if (fresh > 0) {
		db_end(q);
		return 1;
	}
	return db_do(s->db, "UPDATE withheld SET last_at = :now WHERE source_id = :source AND url = :url AND rule = :rule",
		     ARGS(at, source, url, rule), err);
}

int withheld_count(struct store *s, int64_t source_id, struct withheld_count *out, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT count(*), coalesce(max(last_at), 0) FROM withheld WHERE source_id = :source",
		   ARGS(arg_int(":source", source_id)), "a count", err) < 0)
		return err->code;
	*out = (struct withheld_count){ db_int(q, 0), db_int(q, 1) };
	db_end(q);
	return 0;
}
